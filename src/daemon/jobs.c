#include "jobs.h"

#include "madoguchi/ipc/proto.h"

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
