/* A ticket's clocks as they are computed; clocks.c and clocks_explain.c. */
#ifndef MDG_APP_CLOCKS_INT_H
#define MDG_APP_CLOCKS_INT_H

#include "madoguchi/app/desk.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/desk/sla.h"
#include "story.h"

/*
 * A clock keeps the policy and the calendar that it was started with, which
 * its row tells; one without a row is of the newest. So the stories are told
 * once by each version that has a clock, and of each telling only its clocks
 * are taken.
 */
struct mdg_clock_version {
	int64_t policy_id, calendar_id;
	const struct mdg_calendar *cal; /* NULL: there is none */
	struct mdg_story *stories;
	struct mdg_sla_result *results; /* one a story */
};

struct mdg_clock_told {
	const struct mdg_sla_clock *clock;
	const struct mdg_clock_version *by;
	size_t story;
};

enum { MDG_CLOCK_VERSIONS_MAX = 20 }; /* of one ticket */

struct mdg_clocks {
	struct mdg_clock_version by[MDG_CLOCK_VERSIONS_MAX]; /* newest last */
	size_t by_n;
	size_t stories_n;
	struct mdg_clock_told *v; /* of all stories, in order */
	size_t n;
	struct mdg_clock *rows; /* as they stand in the store */
	size_t rows_n;
	struct mdg_clock **absorbed; /* of the ticket of each story */
	size_t *absorbed_n;
};

/* On the arena, but for the results: clear them. */
bool mdg_clocks_compute(struct mdg_desk *d, const struct mdg_ticket *t,
			int64_t now_s, struct mdg_arena *a,
			struct mdg_clocks *ret, struct mdg_err *err);
/* The same as it were with another policy or calendar, or out of what a round
 * has read; NULL: its own, out of the store. */
struct mdg_clocks_wish {
	const struct mdg_policy *policy;
	const struct mdg_calendar *cal;
	struct mdg_round *round;
};
bool mdg_clocks_compute_by(struct mdg_desk *d, const struct mdg_ticket *t,
			   const struct mdg_clocks_wish *w, int64_t now_s,
			   struct mdg_arena *a, struct mdg_clocks *ret,
			   struct mdg_err *err);
void mdg_clocks_clear(struct mdg_clocks *c);
/* The row of the n-th clock as it should stand. */
struct mdg_clock mdg_clocks_row(const struct mdg_clocks *p, size_t n,
				const struct mdg_ticket *t, int64_t now_s);
bool mdg_clock_equals(const struct mdg_clock *a, const struct mdg_clock *b);

#endif
