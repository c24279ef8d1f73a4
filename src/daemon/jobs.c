#include "jobs.h"

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
