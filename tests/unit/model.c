/*
 * What can happen to one reply to two recipients while a newer mail of the
 * customer comes in: every step of the sender and its server, of people and
 * of intake, and the core or the sender killed between any two. What the
 * machines do not say themselves is done as src/app/outbox*.c does it.
 */
#include "model.h"

void (*visit)(const struct state *from, const struct state *to);
static const struct state *current;

static void
to(struct state s)
{
	visit(current, &s);
}

/* ---- steps of the machines; one that is missing is a fault ---- */

static unsigned
next(const struct mdg_machine *m, unsigned state, int event)
{
	int n = mdg_machine_next(m, (int)state, event);

	if (n < 0)
		fail_msg("no step %s out of %s", m->events[event],
			 m->states[state]);
	return (unsigned)n;
}

static void
outbox(struct state *s, int event)
{
	s->outbox = next(&mdg_outbox_machine, s->outbox, event) & 7;
}

static void
draft(struct state *s, int event)
{
	if (!s->sent)
		s->draft = next(&mdg_draft_machine, s->draft, event) & 15;
}

static void
rcpt(struct state *s, int i, int event)
{
	int n = mdg_machine_next(&mdg_rcpt_machine, s->r[i].state, event);

	if (n >= 0)
		s->r[i].state = (unsigned)n & 7;
}

static void
rcpts(struct state *s, unsigned in, int event)
{
	for (int i = 0; i < RCPTS; i++)
		if (s->r[i].state == in)
			rcpt(s, i, event);
}

struct mdg_rcpt_tally
tally(const struct state *s)
{
	struct mdg_rcpt_tally t = {{0}};

	for (int i = 0; i < RCPTS; i++)
		t.n[s->r[i].state]++;
	return t;
}

static bool
is_open(const struct state *s, int i)
{
	return s->r[i].state == MDG_RCPT_QUEUED ||
	       s->r[i].state == MDG_RCPT_TEMPFAIL;
}

static void
no_sender(struct state *s)
{
	s->sender = FREE;
	s->committed = 0;
	for (int i = 0; i < RCPTS; i++)
		s->r[i].job = s->r[i].open = 0, s->r[i].verdict = 0;
}

/* ---- the core, as src/app does it ---- */

static void
settle(struct state s, bool too_old)
{
	struct mdg_rcpt_tally t = tally(&s);
	int verdict = (int)mdg_rcpt_verdict(&t);

	if (verdict == MDG_OUTBOX_EV_TEMPFAIL && too_old) {
		rcpts(&s, MDG_RCPT_QUEUED, MDG_RCPT_EV_REFUSE);
		rcpts(&s, MDG_RCPT_TEMPFAIL, MDG_RCPT_EV_REFUSE);
		t = tally(&s);
		verdict = (int)mdg_rcpt_verdict(&t);
	}
	if (!s.sent && mdg_rcpt_any_has(&t)) {
		draft(&s, MDG_DRAFT_EV_ACCEPTED);
		s.sent = 1;
	}
	if (verdict == MDG_OUTBOX_EV_ACCEPTED &&
	    (s.outbox == MDG_OUTBOX_UNKNOWN || s.outbox == MDG_OUTBOX_FAILED))
		verdict = MDG_OUTBOX_EV_FOUND;
	outbox(&s, verdict);
	if (verdict == MDG_OUTBOX_EV_TEMPFAIL)
		draft(&s, MDG_DRAFT_EV_RETRY);
	else if (verdict == MDG_OUTBOX_EV_LOST)
		draft(&s, MDG_DRAFT_EV_LOST);
	else if (verdict == MDG_OUTBOX_EV_REFUSED)
		draft(&s, MDG_DRAFT_EV_REFUSED);
	to(s);
}

static void
as_it_was(struct state s, int event)
{
	outbox(&s, event);
	draft(&s, MDG_DRAFT_EV_RETRY);
	to(s);
}

/* The sender is gone. */
static void
lost(struct state s)
{
	no_sender(&s);
	if (s.outbox == MDG_OUTBOX_SENDING) {
		as_it_was(s, MDG_OUTBOX_EV_CRASH);
	} else if (s.outbox == MDG_OUTBOX_COMMITTING) {
		rcpts(&s, MDG_RCPT_QUEUED, MDG_RCPT_EV_DOUBT);
		rcpts(&s, MDG_RCPT_TEMPFAIL, MDG_RCPT_EV_DOUBT);
		settle(s, false);
	} else {
		to(s);
	}
}

static void
result(struct state s)
{
	if (s.sender == NO_ACCOUNT && s.outbox == MDG_OUTBOX_SENDING) {
		no_sender(&s);
		as_it_was(s, MDG_OUTBOX_EV_TEMPFAIL);
		return;
	}
	for (int i = 0; i < RCPTS; i++)
		if (is_open(&s, i)) {
			int event = s.r[i].job ? (int)s.r[i].verdict
					       : MDG_RCPT_EV_DOUBT;
			assert_true(s.r[i].job);
			assert_true(mdg_rcpt_credible((int)s.outbox, event));
			rcpt(&s, i, event);
		}
	no_sender(&s);
	settle(s, false);
	settle(s, true);
}

static void
claim(struct state s)
{
	struct mdg_rcpt_tally t = tally(&s);

	/* I5: nothing goes out that a newer mail made old, but for the rest
	 * of what others have already */
	if (s.stale && !mdg_rcpt_any_has(&t)) {
		outbox(&s, MDG_OUTBOX_EV_CANCEL);
		draft(&s, MDG_DRAFT_EV_VOID);
		to(s);
		return;
	}
	outbox(&s, MDG_OUTBOX_EV_CLAIM);
	draft(&s, MDG_DRAFT_EV_CLAIM);
	s.sender = HAS_JOB;
	for (int i = 0; i < RCPTS; i++)
		s.r[i].job = is_open(&s, i);
	to(s);
}

/* ---- the sender and its server ---- */

static void
each_rcpt_answer(struct state s, int i)
{
	static const unsigned answers[] = {MDG_RCPT_EV_LATER,
					   MDG_RCPT_EV_REFUSE};
	bool any = false;

	if (i < RCPTS && !s.r[i].job) {
		each_rcpt_answer(s, i + 1);
	} else if (i < RCPTS) {
		s.r[i].open = 1;
		each_rcpt_answer(s, i + 1);
		s.r[i].open = 0;
		for (int k = 0; k < 2; k++) {
			s.r[i].verdict = answers[k] & 7;
			each_rcpt_answer(s, i + 1);
		}
	} else {
		for (int k = 0; k < RCPTS; k++)
			any |= s.r[k].open;
		s.sender = any ? ASKED : ANSWERED;
		to(s);
	}
}

static void
all_open(struct state s, unsigned verdict)
{
	for (int i = 0; i < RCPTS; i++)
		if (s.r[i].open) {
			s.r[i].open = 0;
			s.r[i].verdict = verdict & 7;
		}
	s.sender = ANSWERED;
	to(s);
}

static struct state
with_copies(struct state s, unsigned who)
{
	for (unsigned i = 0; i < RCPTS; i++)
		if (who >> i & 1 && s.r[i].copies < COPIES_MAX)
			s.r[i].copies++;
	return s;
}

static unsigned
open_bits(const struct state *s)
{
	unsigned bits = 0;

	for (unsigned i = 0; i < RCPTS; i++)
		bits |= (unsigned)s->r[i].open << i;
	return bits;
}

static void
send_step(struct state s)
{
	switch ((enum sender)s.sender) {
	case FREE:
		if (s.outbox == MDG_OUTBOX_QUEUED)
			claim(s);
		break;
	case HAS_JOB:
		each_rcpt_answer(s, 0);
		s.sender = NO_ACCOUNT;
		to(s);
		break;
	case ASKED:
		/* the server may speak before the dot, or the core be slow */
		all_open(s, MDG_RCPT_EV_LATER);
		all_open(s, MDG_RCPT_EV_REFUSE);
		outbox(&s, MDG_OUTBOX_EV_COMMITTING);
		s.sender = ALLOWED;
		s.committed = 1;
		to(s);
		break;
	case ALLOWED:
		/* waited too long for the word; refused; taken and said so;
		 * taken, and not heard; not taken, and not heard */
		all_open(s, MDG_RCPT_EV_LATER);
		all_open(s, MDG_RCPT_EV_REFUSE);
		all_open(with_copies(s, open_bits(&s)), MDG_RCPT_EV_ACCEPT);
		all_open(with_copies(s, open_bits(&s)), MDG_RCPT_EV_DOUBT);
		all_open(s, MDG_RCPT_EV_DOUBT);
		break;
	case ANSWERED:
	case NO_ACCOUNT:
		result(s);
		break;
	}
}

/* ---- what kills, who decides, what comes in ---- */

static void
crashes(struct state s)
{
	bool may_dot = s.sender == ALLOWED;

	if (s.sender != FREE) {
		/* the sender dies, before the dot or after it */
		lost(s);
		if (may_dot)
			lost(with_copies(s, open_bits(&s)));
		/* the core dies; who was allowed goes on alone */
		struct state alone = s;
		alone.ghost = may_dot ? open_bits(&s) & 3 : s.ghost;
		lost(alone);
	}
	if (s.ghost) {
		struct state dot = with_copies(s, s.ghost);
		dot.ghost = 0;
		to(dot);
		s.ghost = 0;
		to(s);
	}
}

static void
people(struct state s)
{
	struct mdg_rcpt_tally t = tally(&s);
	unsigned was = s.outbox == MDG_OUTBOX_UNKNOWN ? MDG_RCPT_UNKNOWN
						      : MDG_RCPT_PERMFAIL;

	if (s.outbox == MDG_OUTBOX_QUEUED && mdg_rcpt_any_has(&t)) {
		rcpts(&s, MDG_RCPT_QUEUED, MDG_RCPT_EV_REFUSE);
		rcpts(&s, MDG_RCPT_TEMPFAIL, MDG_RCPT_EV_REFUSE);
		outbox(&s, MDG_OUTBOX_EV_STOP);
		to(s);
	} else if (s.outbox == MDG_OUTBOX_QUEUED) {
		outbox(&s, MDG_OUTBOX_EV_CANCEL);
		draft(&s, MDG_DRAFT_EV_CANCEL);
		to(s);
	} else if (s.outbox == MDG_OUTBOX_UNKNOWN ||
		   s.outbox == MDG_OUTBOX_FAILED) {
		struct state said = s;
		said.person_said = 1;
		rcpts(&said, was, MDG_RCPT_EV_PROOF);
		settle(said, false);
		if (s.again)
			return;
		s.again = 1;
		s.stale = 0; /* whoever says so has read what came */
		rcpts(&s, was, MDG_RCPT_EV_AGAIN);
		outbox(&s, MDG_OUTBOX_EV_AGAIN);
		draft(&s, MDG_DRAFT_EV_AGAIN);
		to(s);
	}
}

/* The customer answers, or a report comes: only who has it can. */
static void
proofs(struct state s)
{
	for (int i = 0; i < RCPTS; i++) {
		struct state p = s;
		if (!s.r[i].copies)
			continue;
		if (s.outbox == MDG_OUTBOX_UNKNOWN) {
			bool any = false;
			for (int k = 0; k < RCPTS; k++)
				if (p.r[k].state == MDG_RCPT_UNKNOWN &&
				    (!s.sent || k == i)) {
					any = true;
					rcpt(&p, k, MDG_RCPT_EV_PROOF);
				}
			struct mdg_rcpt_tally t = tally(&p);
			if (any && t.n[MDG_RCPT_UNKNOWN])
				to(p);
			else if (any)
				settle(p, false);
		}
		p = s;
		rcpt(&p, i, MDG_RCPT_EV_BOUNCE);
		if (p.r[i].state != s.r[i].state)
			to(p);
	}
}

static void
intake(struct state s)
{
	static const int events[] = {MDG_DELIVERY_RAW,	  MDG_DELIVERY_PARSED,
				     MDG_DELIVERY_POISON, MDG_DELIVERY_RETRY,
				     MDG_DELIVERY_CANNOT, MDG_DELIVERY_GONE};

	for (size_t i = 0; i < MDG_LEN(events); i++) {
		struct state n = s;
		int d = mdg_machine_next(&mdg_delivery_machine, s.delivery,
					 events[i]);
		if (d < 0)
			continue;
		n.delivery = (unsigned)d & 7;
		/* one transaction with the row */
		if (n.delivery != MDG_DELIVERY_LISTED)
			n.passed = 1;
		if (n.delivery == MDG_DELIVERY_DONE) {
			struct mdg_rcpt_tally t = tally(&n);
			n.messages = (n.messages + 1) & 3;
			n.stale = 1;
			if (n.outbox == MDG_OUTBOX_QUEUED &&
			    !mdg_rcpt_any_has(&t)) {
				outbox(&n, MDG_OUTBOX_EV_CANCEL);
				draft(&n, MDG_DRAFT_EV_VOID);
			}
		}
		to(n);
	}
}

void
successors(const struct state *s)
{
	current = s;
	send_step(*s);
	crashes(*s);
	people(*s);
	proofs(*s);
	intake(*s);
}
