/* The tables behind the diagrams of desk/machine.h. */
#include "madoguchi/desk/machine.h"

#include "machine_table.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

int
mdg_machine_next(const struct mdg_machine *m, int state, int event)
{
	for (size_t i = 0; i < m->steps_n; i++)
		if (m->steps[i].state == state && m->steps[i].event == event)
			return m->steps[i].next;
	return -1;
}

int
mdg_machine_state(const struct mdg_machine *m, const char *name)
{
	for (size_t i = 0; i < m->states_n; i++)
		if (mdg_streq(m->states[i], name))
			return (int)i;
	return -1;
}

const char *
mdg_machine_state_name(const struct mdg_machine *m, int state)
{
	MDG_BUG_ON(state < 0 || (size_t)state >= m->states_n);
	return m->states[state];
}

static const char *const delivery_states[] = {
	"listed",	"stored",   "done",  "quarantined",
	"fetch_failed", "vanished", "erased"};
static const char *const delivery_events[] = {
	"raw", "parsed", "poison", "retry", "cannot", "gone", "erase", "rescue"};
static const struct mdg_step delivery_steps[] = {
	{MDG_DELIVERY_LISTED, MDG_DELIVERY_RAW, MDG_DELIVERY_STORED},
	{MDG_DELIVERY_LISTED, MDG_DELIVERY_GONE, MDG_DELIVERY_VANISHED},
	{MDG_DELIVERY_LISTED, MDG_DELIVERY_CANNOT, MDG_DELIVERY_FETCH_FAILED},
	{MDG_DELIVERY_FETCH_FAILED, MDG_DELIVERY_RAW, MDG_DELIVERY_STORED},
	{MDG_DELIVERY_FETCH_FAILED, MDG_DELIVERY_GONE, MDG_DELIVERY_VANISHED},
	{MDG_DELIVERY_VANISHED, MDG_DELIVERY_RAW, MDG_DELIVERY_STORED},
	{MDG_DELIVERY_STORED, MDG_DELIVERY_PARSED, MDG_DELIVERY_DONE},
	{MDG_DELIVERY_STORED, MDG_DELIVERY_POISON, MDG_DELIVERY_QUARANTINED},
	{MDG_DELIVERY_QUARANTINED, MDG_DELIVERY_RETRY, MDG_DELIVERY_STORED},
	{MDG_DELIVERY_DONE, MDG_DELIVERY_RESCUE, MDG_DELIVERY_STORED},
	/* it was erased once and came again */
	{MDG_DELIVERY_LISTED, MDG_DELIVERY_ERASE, MDG_DELIVERY_ERASED},
	{MDG_DELIVERY_FETCH_FAILED, MDG_DELIVERY_ERASE, MDG_DELIVERY_ERASED},
	{MDG_DELIVERY_DONE, MDG_DELIVERY_ERASE, MDG_DELIVERY_ERASED},
	{MDG_DELIVERY_QUARANTINED, MDG_DELIVERY_ERASE, MDG_DELIVERY_ERASED},
};
MACHINE(delivery);

static const char *const ticket_states[] = {
	"new", "working", "waiting", "hold", "closed", "error", "merged"};
static const char *const ticket_events[] = {
	"work",	     "release", "wait",	   "hold",  "close",  "customer",
	"follow_up", "reopen",	"recover", "merge", "unmerge", "undelivered",
	"answered"};
#define T(s, e, n)                                                             \
	{MDG_TICKET_##s, MDG_TICKET_EV_##e, MDG_TICKET_##n}
static const struct mdg_step ticket_steps[] = {
	T(NEW, WORK, WORKING),	     T(WORKING, WORK, WORKING),
	T(WAITING, WORK, WORKING),   T(HOLD, WORK, WORKING),
	T(WORKING, RELEASE, NEW),    T(NEW, RELEASE, NEW),
	T(WAITING, RELEASE, WAITING), T(HOLD, RELEASE, HOLD),
	T(NEW, WAIT, WAITING),	     T(WORKING, WAIT, WAITING),
	T(HOLD, WAIT, WAITING),	     T(WAITING, WAIT, WAITING),
	T(NEW, HOLD, HOLD),	     T(WORKING, HOLD, HOLD),
	T(WAITING, HOLD, HOLD),	     T(HOLD, HOLD, HOLD),
	T(NEW, CLOSE, CLOSED),	     T(WORKING, CLOSE, CLOSED),
	T(WAITING, CLOSE, CLOSED),   T(HOLD, CLOSE, CLOSED),
	T(ERROR, CLOSE, CLOSED),     T(NEW, CUSTOMER, NEW),
	T(WORKING, CUSTOMER, WORKING), T(WAITING, CUSTOMER, NEW),
	T(HOLD, CUSTOMER, NEW),	     T(CLOSED, CUSTOMER, NEW),
	T(ERROR, CUSTOMER, ERROR),   T(WAITING, FOLLOW_UP, NEW),
	T(CLOSED, REOPEN, NEW),	     T(ERROR, RECOVER, NEW),
	T(NEW, MERGE, MERGED),	     T(WORKING, MERGE, MERGED),
	T(WAITING, MERGE, MERGED),   T(HOLD, MERGE, MERGED),
	T(CLOSED, MERGE, MERGED),    T(ERROR, MERGE, MERGED),
	T(MERGED, UNMERGE, NEW),     T(NEW, UNDELIVERED, NEW),
	T(WORKING, UNDELIVERED, WORKING), T(WAITING, UNDELIVERED, NEW),
	T(HOLD, UNDELIVERED, NEW),   T(CLOSED, UNDELIVERED, NEW),
	T(ERROR, UNDELIVERED, ERROR), T(NEW, ANSWERED, NEW),
	T(WORKING, ANSWERED, NEW),   T(WAITING, ANSWERED, NEW),
	T(HOLD, ANSWERED, NEW),	     T(CLOSED, ANSWERED, NEW),
	T(ERROR, ANSWERED, ERROR),
};
#undef T
MACHINE(ticket);

static const char *const draft_states[] = {
	"editing", "waiting", "approved", "queued",   "sending",
	"sent",	   "failed",  "unknown",  "returned", "cancelled"};
static const char *const draft_events[] = {
	"edit",	  "submit", "withdraw", "approve", "return",
	"void",	  "queue",  "cancel",	"claim",   "retry",
	"accepted", "refused", "lost",	"again",   "discard"};
#define D(s, e, n)                                                             \
	{MDG_DRAFT_##s, MDG_DRAFT_EV_##e, MDG_DRAFT_##n}
static const struct mdg_step draft_steps[] = {
	D(EDITING, EDIT, EDITING),	D(RETURNED, EDIT, EDITING),
	D(EDITING, SUBMIT, WAITING),	D(RETURNED, SUBMIT, WAITING),
	D(WAITING, WITHDRAW, EDITING),	D(WAITING, EDIT, EDITING),
	D(WAITING, APPROVE, APPROVED),	D(WAITING, RETURN, RETURNED),
	D(WAITING, VOID, EDITING),	D(APPROVED, VOID, EDITING),
	D(QUEUED, VOID, EDITING),	D(APPROVED, QUEUE, QUEUED),
	D(QUEUED, CANCEL, EDITING),	D(QUEUED, CLAIM, SENDING),
	D(SENDING, RETRY, QUEUED),	D(SENDING, ACCEPTED, SENT),
	D(SENDING, REFUSED, FAILED),	D(SENDING, LOST, UNKNOWN),
	D(UNKNOWN, ACCEPTED, SENT),	D(UNKNOWN, AGAIN, QUEUED),
	D(FAILED, AGAIN, QUEUED),	D(FAILED, EDIT, EDITING),
	D(EDITING, DISCARD, CANCELLED), D(RETURNED, DISCARD, CANCELLED),
	D(FAILED, DISCARD, CANCELLED),	D(FAILED, ACCEPTED, SENT),
};
#undef D
MACHINE(draft);
