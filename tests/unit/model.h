/* One reply and one incoming mail, as test_model walks them. */
#ifndef MDG_TESTS_MODEL_H
#define MDG_TESTS_MODEL_H

#include "t.h"

#include "madoguchi/base/err.h"
#include "madoguchi/desk/outbox.h"

enum { RCPTS = 2, COPIES_MAX = 3 };

/* Where the sender stands. A verdict is an mdg_rcpt_event. */
enum sender {
	FREE,
	HAS_JOB,
	ASKED,     /* body is out, COMMITTING said */
	ALLOWED,   /* the core has committed and said so */
	ANSWERED,  /* its RESULT is under way */
	NO_ACCOUNT /* RESULT: login or connection failed */
};

struct state {
	unsigned outbox : 3, draft : 4, sender : 3, delivery : 3;
	unsigned sent : 1;        /* the reply counts as said */
	unsigned again : 1;       /* a person had it sent once more */
	unsigned person_said : 1; /* a person said that it had arrived */
	unsigned committed : 1;   /* this transaction's dot was allowed */
	unsigned stale : 1;       /* the customer wrote after the approval */
	unsigned messages : 2;    /* of the customer's mail */
	unsigned passed : 1;      /* the watermark is above that mail */
	unsigned ghost : 2;       /* bits: jobs of a sender without its core */
	struct {
		unsigned state : 3, copies : 2, job : 1, open : 1, verdict : 3;
	} r[RCPTS];
};

/* Calls visit(from, to) for everything that can happen next. */
extern void (*visit)(const struct state *from, const struct state *to);
void successors(const struct state *s);
struct mdg_rcpt_tally tally(const struct state *s);

#endif
