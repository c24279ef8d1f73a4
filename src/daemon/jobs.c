#include "jobs.h"

#include "madoguchi/base/log.h"
#include "madoguchi/ipc/proto.h"
#include "madoguchi/store/st_mail.h"

void
queue_put(struct queue *q, struct job *j)
{
	if (!q->head)
		q->tail = &q->head;
	j->next = NULL;
	*q->tail = j;
	q->tail = &j->next;
	q->n++;
}

struct job *
queue_take(struct queue *q)
{
	struct job *j = q->head;

	if (j) {
		q->head = j->next;
		q->n--;
	}
	return j;
}

void
queue_drop(struct queue *q, const struct job *j)
{
	struct queue rest = {0};

	for (struct job *k; (k = queue_take(q));)
		if (k != j)
			queue_put(&rest, k);
	queue_move(&rest, q);
}

void
queue_move(struct queue *from, struct queue *to)
{
	struct job *j;

	while ((j = queue_take(from)))
		queue_put(to, j);
}

bool
job_keep_head(struct job *j, struct mdg_span head)
{
	if (head.n > MDG_HEAD_BYTES_MAX)
		return false;
	mdg_buf_reset(&j->head);
	return mdg_buf_put(&j->head, head.p, head.n);
}

void
jobs_load_stored(struct mdg_desk *d, struct queue *waiting,
		 struct queue *alone, int tries_max)
{
	enum { PAGE = 1000, ATTEMPTS_MAX = 6 };
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	int64_t ids[PAGE], after = 0;
	struct mdg_delivery row;
	struct mdg_err err;
	size_t n;

	do {
		if (!mdg_delivery_in_state(d->db, "stored", after, ids, PAGE,
					   &n, &err)) {
			mdg_error("stored mails: %s", mdg_err_en(&err));
			return;
		}
		for (size_t i = 0; i < n; i++) {
			struct job *j = mdg_calloc(1, sizeof(*j));
			j->delivery = after = ids[i];
			if (mdg_delivery_by_id(d->db, ids[i], &row, &a, &err) ==
				    MDG_FOUND &&
			    row.attempts > 0) {
				j->alone = true;
				/* the core itself died with it, again and again
				 */
				if (row.attempts >= ATTEMPTS_MAX)
					j->deaths = tries_max - 1;
			}
			queue_put(j->alone ? alone : waiting, j);
		}
	} while (n == PAGE);
}
