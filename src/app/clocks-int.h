/* A ticket's clocks as they are computed; clocks.c and clocks_explain.c. */
#ifndef MDG_APP_CLOCKS_INT_H
#define MDG_APP_CLOCKS_INT_H

#include "madoguchi/app/desk.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/desk/sla.h"
#include "story.h"

struct mdg_clocks {
	int64_t policy_id, calendar_id; /* versions */
	const struct mdg_calendar *cal; /* NULL: there is none */
	struct mdg_story *stories;
	size_t stories_n;
	struct mdg_sla_result *results; /* one a story */
	const struct mdg_sla_clock **v; /* of all of them, in order */
	size_t n;
	struct mdg_clock *rows; /* as they stand in the store */
	size_t rows_n;
};

/* On the arena, but for the results: clear them. */
bool mdg_clocks_compute(struct mdg_desk *d, const struct mdg_ticket *t,
			int64_t now_s, struct mdg_arena *a,
			struct mdg_clocks *ret, struct mdg_err *err);
/* The same as it were with another policy or calendar; NULL: its own. */
bool mdg_clocks_compute_by(struct mdg_desk *d, const struct mdg_ticket *t,
			   const struct mdg_policy *policy,
			   const struct mdg_calendar *cal, int64_t now_s,
			   struct mdg_arena *a, struct mdg_clocks *ret,
			   struct mdg_err *err);
void mdg_clocks_clear(struct mdg_clocks *c);
/* The row of the n-th clock as it should stand. */
struct mdg_clock mdg_clocks_row(const struct mdg_clocks *p, size_t n,
				const struct mdg_ticket *t, int64_t now_s);
bool mdg_clock_equals(const struct mdg_clock *a, const struct mdg_clock *b);

#endif
