/*
 * The machine of one SLA clock: which state follows which event.
 *
 *                 ┌──────── pause ────────┐
 *                 │                       ▼
 *   start ──▶ running ◀── resume ─── paused
 *              │  │ │                  │ │
 *              │  │ └──── answer ──────┼─┴──▶ met ── reopen ──▶ running
 *              │  └─── cancel, drop ───┴────▶ not_applicable
 *              │ due_passed                        ▲
 *              └─────────▶ breached ── cancel ─────┘
 *
 *   breached is never left by other events: answer and drop end it, pause and
 *   resume halt its count and let it go on, reopen takes up an ended one.
 *   What was not applicable is left so: a reopened ticket gets a new clock.
 *
 * First response, next response and promise are never paused: the events of a
 * ticket (sla.h) give them no such event.
 */
#ifndef MDG_DESK_CLOCK_MACHINE_H
#define MDG_DESK_CLOCK_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/msg.h"

enum mdg_clock_kind {
	MDG_CLOCK_FIRST_RESPONSE, /* 一次回答 */
	MDG_CLOCK_NEXT_RESPONSE,  /* 次回回答 */
	MDG_CLOCK_RESOLUTION,     /* 解決 */
	MDG_CLOCK_PROMISE,        /* お約束 */
	MDG_CLOCK_KIND_N
};

enum mdg_clock_state {
	MDG_CLOCK_RUNNING,
	MDG_CLOCK_PAUSED,
	MDG_CLOCK_MET,
	MDG_CLOCK_BREACHED,
	MDG_CLOCK_NOT_APPLICABLE,
	MDG_CLOCK_STATE_N
};

enum mdg_clock_event {
	MDG_CLOCK_START, /* makes a clock; no state knows it */
	MDG_CLOCK_PAUSE,
	MDG_CLOCK_RESUME,
	MDG_CLOCK_ANSWER,     /* what was promised has been done */
	MDG_CLOCK_DUE_PASSED, /* time went by */
	MDG_CLOCK_CANCEL,     /* no answer was ever needed */
	MDG_CLOCK_DROP,       /* the ticket is done without one */
	MDG_CLOCK_REOPEN,
	MDG_CLOCK_EVENT_N
};

/* What happens to the count of time. */
enum mdg_clock_effect {
	MDG_CLOCK_KEEP, /* as it was */
	MDG_CLOCK_GO,
	MDG_CLOCK_HALT,
	MDG_CLOCK_END, /* halts, and the clock is ended until reopened */
};

struct mdg_clock_step {
	enum mdg_clock_state state;
	bool ended; /* the guard: applies to clocks that are ended, or are not
		     */
	enum mdg_clock_event event;
	enum mdg_clock_state next;
	enum mdg_clock_effect effect;
};

/* The table, for tests and documents. */
const struct mdg_clock_step *mdg_clock_steps(size_t *n);

/* The step for an event, or NULL: nothing happens then. */
const struct mdg_clock_step *mdg_clock_step(enum mdg_clock_state state,
					    bool ended,
					    enum mdg_clock_event event);

/* "first_response", "running", "answer": stable, for the store and --json. */
const char *mdg_clock_kind_name(enum mdg_clock_kind kind);
const char *mdg_clock_state_name(enum mdg_clock_state state);
const char *mdg_clock_event_name(enum mdg_clock_event event);
/* The same for people: "一次回答期限", "期限超過". */
enum mdg_msg mdg_clock_kind_msg(enum mdg_clock_kind kind);
enum mdg_msg mdg_clock_state_msg(enum mdg_clock_state state);

#endif
