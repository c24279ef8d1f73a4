/*
 * machine: a state machine is a const table of steps. What is not in the table
 * cannot happen.
 *
 * Names of states and events are stored and shown to scripts: never renamed.
 */
#ifndef MDG_DESK_MACHINE_H
#define MDG_DESK_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

struct mdg_step {
	unsigned char state, event, next;
};

struct mdg_machine {
	const char *const *states; /* by number */
	size_t states_n;
	const char *const *events;
	size_t events_n;
	const struct mdg_step *steps;
	size_t steps_n;
};

/* The next state; -1 when the event is not possible in that state. */
int mdg_machine_next(const struct mdg_machine *m, int state, int event);
/* Number of a state by its name; -1 for none. */
int mdg_machine_state(const struct mdg_machine *m, const char *name);
const char *mdg_machine_state_name(const struct mdg_machine *m, int state);

extern const struct mdg_machine mdg_delivery_machine;
extern const struct mdg_machine mdg_ticket_machine;
extern const struct mdg_machine mdg_draft_machine;

/*
 * delivery: one mail in one folder of one account
 *
 *                 raw committed          parsed, threaded
 *      listed ───────────────► stored ─────────────────► done
 *        │ │                     │  ▲                      │
 *        │ └─ gone ► vanished    │  └─ retry ──┐           │ erase
 *        ├─ erased before ────────────────────────────► erased
 *        └─ cannot ► fetch_failed└─ poison ► quarantined   ▼
 *             │  ▲ raw committed later         │ erase   erased
 *             └──┘                             └────────►
 *      vanished ─ it is there again, raw committed ► stored
 *      done ─ kept as junk, a person says it is none: rescue ► stored
 */
enum mdg_delivery_state {
	MDG_DELIVERY_LISTED,
	MDG_DELIVERY_STORED,
	MDG_DELIVERY_DONE,
	MDG_DELIVERY_QUARANTINED,
	MDG_DELIVERY_FETCH_FAILED,
	MDG_DELIVERY_VANISHED,
	MDG_DELIVERY_ERASED,
	MDG_DELIVERY_N
};
enum mdg_delivery_event {
	MDG_DELIVERY_RAW,
	MDG_DELIVERY_PARSED,
	MDG_DELIVERY_POISON,
	MDG_DELIVERY_RETRY,
	MDG_DELIVERY_CANNOT,
	MDG_DELIVERY_GONE,
	MDG_DELIVERY_ERASE,
	MDG_DELIVERY_RESCUE,
};

/*
 * ticket (words for people: 未対応, 対応中, 返信待ち, 保留, 対応済み, 取込エラー)
 *
 *   new ──work──► working ──wait──► waiting ──follow_up──► new
 *    │ ▲            │ ▲ │               │
 *    │ └──release───┘ │ └─hold─► hold ──┴── customer ──► new (assignee kept)
 *    └──close──► closed ──reopen/customer──► new
 *   waiting, hold, closed ──undelivered──► new
 *   working, waiting, hold, closed ──answered──► new (assignee kept)
 *   error ──recover──► new          any but merged ──merge──► merged ──unmerge──► new
 *
 * `customer` is an ordinary mail of the customer; automatic mail and thanks on
 * a closed ticket are no event of this machine: they attach silently.
 */
enum mdg_ticket_state {
	MDG_TICKET_NEW,
	MDG_TICKET_WORKING,
	MDG_TICKET_WAITING,
	MDG_TICKET_HOLD,
	MDG_TICKET_CLOSED,
	MDG_TICKET_ERROR,
	MDG_TICKET_MERGED,
	MDG_TICKET_N
};
enum mdg_ticket_event {
	MDG_TICKET_EV_WORK,     /* someone takes it or writes a draft */
	MDG_TICKET_EV_RELEASE,  /* nobody is on it any more */
	MDG_TICKET_EV_WAIT,     /* the ball is with the customer */
	MDG_TICKET_EV_HOLD,     /* we have it, with a reason */
	MDG_TICKET_EV_CLOSE,
	MDG_TICKET_EV_CUSTOMER,
	MDG_TICKET_EV_FOLLOW_UP, /* the date to ask again has come */
	MDG_TICKET_EV_REOPEN,
	MDG_TICKET_EV_RECOVER,  /* an unreadable mail could be read now */
	MDG_TICKET_EV_MERGE,
	MDG_TICKET_EV_UNMERGE,
	MDG_TICKET_EV_UNDELIVERED, /* our reply did not arrive (不達) */
	MDG_TICKET_EV_ANSWERED, /* a side thread (照会) was answered */
};

/*
 * draft (下書き, 承認待ち, 承認済み, 送信待ち, 送信中, 送信済み, 送信失敗,
 * 送信結果不明, 差し戻し, 取消)
 *
 *   editing ──submit──► waiting ──approve──► approved ──queue──► queued
 *      ▲ ▲ │               │ │                  │ void             │ cancel
 *      │ │ └─discard►cancelled│ return/withdraw/void               ▼
 *      │ └───────────────────┴─► returned/editing ◄───────────── editing
 *      └── edit ── returned      queued ──claim──► sending ──► sent
 *   sending ──retry──► queued     sending ──► failed | unknown
 *   unknown, failed ──accepted──► sent     unknown, failed ──again──► queued
 */
enum mdg_draft_state {
	MDG_DRAFT_EDITING,
	MDG_DRAFT_WAITING,
	MDG_DRAFT_APPROVED,
	MDG_DRAFT_QUEUED,
	MDG_DRAFT_SENDING,
	MDG_DRAFT_SENT,
	MDG_DRAFT_FAILED,
	MDG_DRAFT_UNKNOWN,
	MDG_DRAFT_RETURNED,
	MDG_DRAFT_CANCELLED,
	MDG_DRAFT_N
};
enum mdg_draft_event {
	MDG_DRAFT_EV_EDIT,
	MDG_DRAFT_EV_SUBMIT,
	MDG_DRAFT_EV_WITHDRAW,
	MDG_DRAFT_EV_APPROVE,
	MDG_DRAFT_EV_RETURN,
	MDG_DRAFT_EV_VOID,      /* the customer wrote again */
	MDG_DRAFT_EV_QUEUE,
	MDG_DRAFT_EV_CANCEL,    /* within the cancel window, or scheduled */
	MDG_DRAFT_EV_CLAIM,
	MDG_DRAFT_EV_RETRY,
	MDG_DRAFT_EV_ACCEPTED,
	MDG_DRAFT_EV_REFUSED,
	MDG_DRAFT_EV_LOST,      /* no answer to the end of DATA */
	MDG_DRAFT_EV_AGAIN,     /* a person: send it again */
	MDG_DRAFT_EV_DISCARD,
};

#endif
