/*
 * The clocks of a ticket the slow way: every clock is walked from minute to
 * minute, and what was promised is told anew from desk/sla.h's rules. Nothing
 * is shared with src/desk but the types of what is asked and answered.
 */
#ifndef MDG_TESTS_SLOW_SLA_H
#define MDG_TESTS_SLOW_SLA_H

#include "madoguchi/desk/sla.h"

#include "slow_hours.h"

enum { SLOW_CLOCKS_MAX = 40 };
#define SLOW_NONE MDG_SLA_NONE

struct slow_clock {
	enum mdg_clock_kind kind;
	int64_t promise_id;
	int64_t started_s, ended_s; /* SLOW_NONE: goes on */
	int64_t allowed_s, used_s;
	int64_t due_s; /* SLOW_NONE, SLOW_BEYOND */
	int64_t warn_s[MDG_SLA_WARN_MAX];
	bool paused, late, not_needed;
	/* on the way */
	int64_t at_s;
	const struct slow_hours *hours;      /* NULL: clock time */
	const struct mdg_sla_policy *policy; /* for its warnings */
};

struct slow_desk {
	const struct slow_hours *hours;
	const struct mdg_sla_policy *policy; /* of now */
	struct slow_clock v[SLOW_CLOCKS_MAX];
	size_t n;
	int64_t now_s, received_s;
	bool untouched;
};

void slow_begin(struct slow_desk *d, const struct slow_hours *h,
		const struct mdg_sla_policy *policy);
/* In the order in which they are written. */
void slow_event(struct slow_desk *d, const struct mdg_sla_event *e);
/* Up to then; the clocks that go on are told their due time and warnings. */
void slow_until(struct slow_desk *d, int64_t now_s);
enum mdg_clock_state slow_state(const struct slow_clock *c);

#endif
