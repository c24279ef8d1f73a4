/*
 * Response-time promises: every figure is a pure function of the ticket's
 * events, a policy, a calendar and the time of asking.
 *
 * A calendar of NULL means clock time: every second counts.
 */
#ifndef MDG_DESK_SLA_H
#define MDG_DESK_SLA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "madoguchi/base/err.h"
#include "madoguchi/desk/calendar.h"
#include "madoguchi/desk/clock_machine.h"

/* -- counting -- */

/*
 * When `count_s` seconds of working time after start are over. A time that
 * ends at closing time ends there; 0: start if open, else the next opening.
 */
bool mdg_sla_add(const struct mdg_calendar *cal, int64_t start_s,
		 int64_t count_s, int64_t *ret_s, struct mdg_err *err);
/* The same for a target in minutes, checked. */
bool mdg_sla_due(const struct mdg_calendar *cal, int64_t start_s,
		 int64_t minutes, int64_t *ret_s, struct mdg_err *err);
/* Working seconds between; 0 if to <= from. */
bool mdg_sla_elapsed(const struct mdg_calendar *cal, int64_t from_s,
		     int64_t to_s, int64_t *ret_s, struct mdg_err *err);
/* The stretches of [from, to) with the reason why each counts or not. */
bool mdg_sla_stretches(const struct mdg_calendar *cal, int64_t from_s,
		       int64_t to_s,
		       bool (*each)(void *arg, const struct mdg_stretch *s),
		       void *arg, struct mdg_err *err);

/* -- a ticket's clocks -- */

enum { MDG_SLA_WARN_MAX = 4 };
#define MDG_SLA_NONE INT64_MIN /* no such time */

struct mdg_sla_policy {
	int64_t first_response_min; /* 0: no such target */
	int64_t next_response_min;
	int64_t resolution_min;
	bool clock_time; /* the calendar has no say */
	/* percent of the time after which to warn, ascending; 0 ends */
	int warn_percent[MDG_SLA_WARN_MAX];
};

/* What happened to a ticket, as far as clocks care. */
enum mdg_sla_event_kind {
	MDG_SLA_RECEIVED,         /* the mail that opened it */
	MDG_SLA_CUSTOMER_REPLIED, /* a later ordinary mail; reopens */
	MDG_SLA_REPLY_SENT,       /* by a person: also a holding reply */
	MDG_SLA_WAITING_CUSTOMER, /* 返信待ち */
	MDG_SLA_HOLD_CUSTOMER,    /* 保留, for a reason on their side */
	MDG_SLA_HOLD_OURS,        /* 保留, for one on ours: time goes on */
	MDG_SLA_RESUMED,          /* 対応中 again */
	MDG_SLA_CLOSED,           /* 対応済み, answered or done */
	MDG_SLA_NOT_NEEDED,       /* 対応済み, no answer was called for */
	MDG_SLA_REOPENED,         /* by a person */
	MDG_SLA_PROMISE_MADE,     /* with promise_id and due_s */
	MDG_SLA_PROMISE_KEPT,     /* promise_id; 0: all that are open */
	MDG_SLA_PROMISE_DROPPED,  /* taken back; promise_id likewise */
	MDG_SLA_RETARGETED,       /* other targets hold from here: policy */
	MDG_SLA_EVENT_KIND_N
};

struct mdg_sla_event {
	int64_t time_s;
	enum mdg_sla_event_kind kind;
	int64_t promise_id;
	int64_t due_s;
	const struct mdg_sla_policy *policy; /* borrowed */
};

/* A part of a clock's life: counting (MDG_WHY_OPEN), or paused and why. */
struct mdg_sla_run {
	int64_t from_s, to_s;
	enum mdg_why why;
	bool clock_time; /* every second of it counts */
};

struct mdg_sla_clock {
	enum mdg_clock_kind kind;
	int64_t promise_id;
	enum mdg_clock_state state;
	int64_t started_s;
	int64_t budget_s; /* working time allowed */
	/* MDG_SLA_NONE while paused, and if the calendar never gets there */
	int64_t due_s;
	int64_t stopped_s; /* answered, dropped or cancelled, else NONE */
	int64_t counted_s; /* working time used, up to now or stopped_s */
	int64_t warn_s[MDG_SLA_WARN_MAX]; /* NONE: not yet known, or unused */
	struct mdg_sla_run *runs;         /* from started_s on, without gaps */
	size_t runs_n;
};

struct mdg_sla_result {
	struct mdg_sla_clock *clocks; /* in the order they were started */
	size_t n;
};

/*
 * The clocks of a ticket at `now`. Events are in the order in which they were
 * written; one that is earlier than the one before counts at that one's time
 * (clocks step back), one later than `now` has not happened. The rules:
 *
 *  - the first reply answers the first response, which nothing pauses;
 *  - once that is answered, a customer's mail starts a next response unless
 *    one is open: the oldest unanswered mail counts;
 *  - the resolution pauses while the customer has the ball; a reopened ticket
 *    counts on from where it was, the closed time left out, by the targets
 *    that hold then (where no answer was needed before, it starts afresh);
 *  - closing ends what is open, and nothing runs on a closed ticket;
 *  - new targets (another category, priority …) hold for what is open from
 *    then on, the time that was used stays used; what is breached stays so
 *    and open, even where nothing is promised any more;
 *    as long as nothing was done they hold from the beginning.
 *
 * Answered at due_s is met; one second later is breached, even if no working
 * time lies between.
 */
bool mdg_sla_evaluate(const struct mdg_sla_policy *policy,
		      const struct mdg_calendar *cal,
		      const struct mdg_sla_event *events, size_t n,
		      int64_t now_s, struct mdg_sla_result *ret,
		      struct mdg_err *err);
void mdg_sla_result_clear(struct mdg_sla_result *r);

/* Every stretch of a clock's life with its reason: sums to counted_s. */
bool mdg_sla_explain(const struct mdg_calendar *cal,
		     const struct mdg_sla_clock *clock,
		     bool (*each)(void *arg, const struct mdg_stretch *s),
		     void *arg, struct mdg_err *err);

/* "received", "reply_sent"…: stable, for the event log. */
const char *mdg_sla_event_name(enum mdg_sla_event_kind kind);

#endif
