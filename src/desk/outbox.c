#include "madoguchi/desk/outbox.h"

#include "machine_table.h"

static const char *const outbox_states[] = {
	"queued", "sending", "committing", "sent",
	"failed", "unknown", "cancelled"};
static const char *const outbox_events[] = {
	"claim", "committing", "accepted", "tempfail", "refused", "lost",
	"crash", "cancel",     "stop",	   "again",    "found"};
#define O(s, e, n)                                                             \
	{MDG_OUTBOX_##s, MDG_OUTBOX_EV_##e, MDG_OUTBOX_##n}
static const struct mdg_step outbox_steps[] = {
	O(QUEUED, CLAIM, SENDING),	   O(QUEUED, CANCEL, CANCELLED),
	O(QUEUED, STOP, SENT),		   O(QUEUED, REFUSED, FAILED),
	O(SENDING, COMMITTING, COMMITTING), O(SENDING, TEMPFAIL, QUEUED),
	O(SENDING, REFUSED, FAILED),	   O(SENDING, ACCEPTED, SENT),
	O(SENDING, CRASH, QUEUED),	   O(COMMITTING, ACCEPTED, SENT),
	O(COMMITTING, TEMPFAIL, QUEUED),   O(COMMITTING, REFUSED, FAILED),
	O(COMMITTING, LOST, UNKNOWN),	   O(COMMITTING, CRASH, UNKNOWN),
	O(UNKNOWN, FOUND, SENT),	   O(UNKNOWN, TEMPFAIL, QUEUED),
	O(UNKNOWN, AGAIN, QUEUED),	   O(FAILED, AGAIN, QUEUED),
	O(FAILED, FOUND, SENT),
};
#undef O
MACHINE(outbox);

static const char *const rcpt_states[] = {"queued",   "accepted", "tempfail",
					  "permfail", "unknown",  "bounced"};
static const char *const rcpt_events[] = {"accept", "later", "refuse", "doubt",
					  "proof",  "again", "bounce"};
#define R(s, e, n)                                                             \
	{MDG_RCPT_##s, MDG_RCPT_EV_##e, MDG_RCPT_##n}
static const struct mdg_step rcpt_steps[] = {
	R(QUEUED, ACCEPT, ACCEPTED),   R(QUEUED, LATER, TEMPFAIL),
	R(QUEUED, REFUSE, PERMFAIL),   R(QUEUED, DOUBT, UNKNOWN),
	R(TEMPFAIL, ACCEPT, ACCEPTED), R(TEMPFAIL, LATER, TEMPFAIL),
	R(TEMPFAIL, REFUSE, PERMFAIL), R(TEMPFAIL, DOUBT, UNKNOWN),
	R(UNKNOWN, PROOF, ACCEPTED),   R(UNKNOWN, AGAIN, QUEUED),
	R(PERMFAIL, AGAIN, QUEUED),    R(PERMFAIL, PROOF, ACCEPTED),
	R(ACCEPTED, BOUNCE, BOUNCED),
};
#undef R
MACHINE(rcpt);

bool
mdg_rcpt_any_has(const struct mdg_rcpt_tally *t)
{
	return t->n[MDG_RCPT_ACCEPTED] + t->n[MDG_RCPT_BOUNCED] > 0;
}

enum mdg_outbox_event
mdg_rcpt_verdict(const struct mdg_rcpt_tally *t)
{
	if (t->n[MDG_RCPT_UNKNOWN])
		return MDG_OUTBOX_EV_LOST;
	if (t->n[MDG_RCPT_QUEUED] + t->n[MDG_RCPT_TEMPFAIL])
		return MDG_OUTBOX_EV_TEMPFAIL;
	return mdg_rcpt_any_has(t) ? MDG_OUTBOX_EV_ACCEPTED
				   : MDG_OUTBOX_EV_REFUSED;
}

bool
mdg_rcpt_credible(int outbox_state, int rcpt_event)
{
	return outbox_state == MDG_OUTBOX_COMMITTING ||
	       rcpt_event == MDG_RCPT_EV_LATER ||
	       rcpt_event == MDG_RCPT_EV_REFUSE;
}
