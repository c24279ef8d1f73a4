/*
 * Walks every state that one reply and one incoming mail can reach (model.c)
 * over the real tables of desk/machine.h and desk/outbox.h.
 */
#include "model.h"

#include <stdlib.h>

enum { SLOTS = 1 << 22 };

static uint64_t
pack(const struct state *s)
{
	uint64_t v = 0;
#define PUT(f, bits) v = v << (bits) | (s->f)
	PUT(outbox, 3);
	PUT(draft, 4);
	PUT(sender, 3);
	PUT(delivery, 3);
	PUT(sent, 1);
	PUT(again, 1);
	PUT(person_said, 1);
	PUT(committed, 1);
	PUT(stale, 1);
	PUT(messages, 2);
	PUT(passed, 1);
	PUT(ghost, 2);
	for (int i = 0; i < RCPTS; i++) {
		PUT(r[i].state, 3);
		PUT(r[i].copies, 2);
		PUT(r[i].job, 1);
		PUT(r[i].open, 1);
		PUT(r[i].verdict, 3);
	}
#undef PUT
	return v + 1; /* 0: an empty slot */
}

static struct state *states; /* in the order they were found */
static size_t states_n;
static uint64_t *slots;
static uint32_t *slot_state;
static bool *good; /* by state: it can still end well */

static size_t
slot_of(uint64_t key)
{
	size_t i = (size_t)(key * 0x9e3779b97f4a7c15u >> 42);

	while (slots[i] && slots[i] != key)
		i = (i + 1) % SLOTS;
	return i;
}

/* ---- what must hold ---- */

static void
check_rcpt(const struct state *s, int i)
{
	unsigned copies = s->r[i].copies, state = s->r[i].state;

	/* I6: twice only when a person had it sent again */
	assert_true(copies <= 1u + s->again);
	/* who counts as having it has it, unless a person only thought so */
	if (state == MDG_RCPT_ACCEPTED && !s->person_said)
		/* or others who had it in the same transaction vouched */
		assert_true(copies >= 1 || s->r[!i].copies >= 1);
	if (s->again || s->person_said || s->ghost)
		return;
	/* who counts as not having it does not have it */
	if ((state == MDG_RCPT_QUEUED || state == MDG_RCPT_TEMPFAIL) &&
	    s->sender == FREE)
		assert_int_equal(copies, 0);
	if (state == MDG_RCPT_PERMFAIL)
		assert_int_equal(copies, 0);
	if (s->outbox == MDG_OUTBOX_CANCELLED)
		assert_int_equal(copies, 0);
}

static void
check(const struct state *s)
{
	struct mdg_rcpt_tally t = tally(s);
	size_t undecided = t.n[MDG_RCPT_QUEUED] + t.n[MDG_RCPT_TEMPFAIL] +
			   t.n[MDG_RCPT_UNKNOWN];

	for (int i = 0; i < RCPTS; i++)
		check_rcpt(s, i);
	if (s->outbox == MDG_OUTBOX_SENT || s->outbox == MDG_OUTBOX_FAILED)
		assert_int_equal(undecided, 0);
	if (s->outbox == MDG_OUTBOX_SENT) {
		assert_true(mdg_rcpt_any_has(&t));
		assert_int_equal(s->draft, MDG_DRAFT_SENT);
	}
	if (s->outbox == MDG_OUTBOX_FAILED)
		assert_false(mdg_rcpt_any_has(&t));
	if (s->outbox == MDG_OUTBOX_UNKNOWN)
		assert_true(t.n[MDG_RCPT_UNKNOWN] > 0);
	/* I1, I2: above the watermark or in a row; in one message or none */
	assert_true(!s->passed || s->delivery != MDG_DELIVERY_LISTED);
	assert_int_equal(s->messages, s->delivery == MDG_DELIVERY_DONE);
}

/* I5, on the way of a claim. */
static void
check_step(const struct state *from, const struct state *s)
{
	struct mdg_rcpt_tally t = tally(from);

	if (from->outbox == MDG_OUTBOX_QUEUED &&
	    s->outbox == MDG_OUTBOX_SENDING)
		assert_true(!from->stale || mdg_rcpt_any_has(&t));
	/* the reply that some have is never taken back */
	if (mdg_rcpt_any_has(&t))
		assert_int_not_equal(s->outbox, MDG_OUTBOX_CANCELLED);
}

static void
found(const struct state *from, const struct state *s)
{
	size_t i = slot_of(pack(s));

	check_step(from, s);
	if (slots[i])
		return;
	check(s);
	assert_true(states_n < SLOTS / 2);
	slots[i] = pack(s);
	slot_state[i] = (uint32_t)states_n;
	states[states_n++] = *s;
}

static bool
is_end(const struct state *s)
{
	return (s->outbox == MDG_OUTBOX_SENT ||
		s->outbox == MDG_OUTBOX_FAILED ||
		s->outbox == MDG_OUTBOX_CANCELLED) &&
	       (s->delivery == MDG_DELIVERY_DONE ||
		s->delivery == MDG_DELIVERY_VANISHED);
}

static bool *good_now;

static void
if_good(const struct state *from, const struct state *s)
{
	(void)from;
	if (good[slot_state[slot_of(pack(s))]])
		*good_now = true;
}

static void
no_reachable_state_loses_or_doubles(void **state)
{
	(void)state;
	struct state first = {.draft = MDG_DRAFT_QUEUED};

	states = calloc(SLOTS / 2, sizeof(*states));
	slots = calloc(SLOTS, sizeof(*slots));
	slot_state = calloc(SLOTS, sizeof(*slot_state));
	assert_true(states && slots && slot_state);
	visit = found;
	found(&first, &first);
	for (size_t i = 0; i < states_n; i++) {
		struct state s = states[i];
		successors(&s);
	}
	/* and out of each of them it can still end */
	good = calloc(states_n, sizeof(*good));
	assert_non_null(good);
	visit = if_good;
	for (bool more = true; more;) {
		more = false;
		for (size_t i = states_n; i-- > 0;) {
			bool now = is_end(&states[i]);
			struct state s = states[i];
			if (good[i])
				continue;
			good_now = &now;
			if (!now)
				successors(&s);
			good[i] = now;
			more |= now;
		}
	}
	for (size_t i = 0; i < states_n; i++)
		if (!good[i])
			fail_msg("stuck: outbox %s, recipients %s and %s,"
				 " delivery %s",
				 mdg_outbox_machine.states[states[i].outbox],
				 mdg_rcpt_machine.states[states[i].r[0].state],
				 mdg_rcpt_machine.states[states[i].r[1].state],
				 mdg_delivery_machine
					 .states[states[i].delivery]);
	print_message("%zu states\n", states_n);
	free(good);
	free(states);
	free(slots);
	free(slot_state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_reachable_state_loses_or_doubles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
