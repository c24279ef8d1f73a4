#include "t.h"

#include "madoguchi/desk/alarm_machine.h"
#include "madoguchi/desk/outbox.h"
#include "madoguchi/desk/revision.h"

static const struct mdg_machine *const machines[] = {
	&mdg_delivery_machine, &mdg_ticket_machine, &mdg_draft_machine,
	&mdg_outbox_machine, &mdg_rcpt_machine, &mdg_alarm_machine};
enum { MACHINES = 6 };

static void
every_step_names_known_states_and_events_once(void **state)
{
	(void)state;
	for (int k = 0; k < MACHINES; k++) {
		const struct mdg_machine *m = machines[k];
		for (size_t i = 0; i < m->steps_n; i++) {
			const struct mdg_step *s = &m->steps[i];
			assert_true(s->state < m->states_n);
			assert_true(s->event < m->events_n);
			assert_true(s->next < m->states_n);
			for (size_t j = 0; j < i; j++)
				assert_false(m->steps[j].state == s->state &&
					     m->steps[j].event == s->event);
		}
	}
}

static void
every_state_can_be_reached_from_the_first(void **state)
{
	(void)state;
	for (int k = 0; k < MACHINES; k++) {
		const struct mdg_machine *m = machines[k];
		bool seen[32] = {true};
		/* tickets also begin as "error" */
		if (m == &mdg_ticket_machine)
			seen[MDG_TICKET_ERROR] = true;
		for (size_t round = 0; round < m->states_n; round++)
			for (size_t i = 0; i < m->steps_n; i++)
				if (seen[m->steps[i].state])
					seen[m->steps[i].next] = true;
		for (size_t s = 0; s < m->states_n; s++)
			if (!seen[s])
				fail_msg("machine %d never gets to %s", k,
					 m->states[s]);
	}
}

static void
names_lead_back_to_their_numbers(void **state)
{
	(void)state;
	for (int k = 0; k < MACHINES; k++)
		for (size_t s = 0; s < machines[k]->states_n; s++)
			assert_int_equal(
				mdg_machine_state(machines[k],
						  machines[k]->states[s]),
				s);
	assert_int_equal(mdg_machine_state(&mdg_ticket_machine, "?"), -1);
}

static void
a_mail_is_never_sent_again_without_a_person(void **state)
{
	(void)state;
	const struct mdg_machine *m = &mdg_outbox_machine;
	/* out of committing and unknown, only a person leads to the queue, or
	 * a server that said it did not take the mail */
	for (size_t i = 0; i < m->steps_n; i++) {
		const struct mdg_step *s = &m->steps[i];
		if (s->state == MDG_OUTBOX_UNKNOWN &&
		    s->next == MDG_OUTBOX_QUEUED)
			/* tempfail: who was told to wait, once the others
			 * are known to have it */
			assert_true(s->event == MDG_OUTBOX_EV_AGAIN ||
				    s->event == MDG_OUTBOX_EV_TEMPFAIL);
		if (s->state == MDG_OUTBOX_COMMITTING &&
		    s->next == MDG_OUTBOX_QUEUED)
			assert_int_equal(s->event, MDG_OUTBOX_EV_TEMPFAIL);
		if (s->state == MDG_OUTBOX_SENT)
			fail_msg("sent is final");
	}
	assert_int_equal(mdg_machine_next(m, MDG_OUTBOX_COMMITTING,
					  MDG_OUTBOX_EV_CRASH),
			 MDG_OUTBOX_UNKNOWN);
	assert_int_equal(mdg_machine_next(m, MDG_OUTBOX_SENDING,
					  MDG_OUTBOX_EV_CRASH),
			 MDG_OUTBOX_QUEUED);
}

static void
a_draft_reaches_the_queue_only_through_approval(void **state)
{
	(void)state;
	const struct mdg_machine *m = &mdg_draft_machine;
	for (size_t i = 0; i < m->steps_n; i++) {
		const struct mdg_step *s = &m->steps[i];
		if (s->next == MDG_DRAFT_QUEUED &&
		    s->state != MDG_DRAFT_QUEUED)
			assert_true(s->state == MDG_DRAFT_APPROVED ||
				    s->event == MDG_DRAFT_EV_RETRY ||
				    s->event == MDG_DRAFT_EV_AGAIN);
		if (s->next == MDG_DRAFT_APPROVED)
			assert_int_equal(s->event, MDG_DRAFT_EV_APPROVE);
	}
}

static void
stored_mail_is_never_dropped(void **state)
{
	(void)state;
	const struct mdg_machine *m = &mdg_delivery_machine;
	for (size_t i = 0; i < m->steps_n; i++) {
		const struct mdg_step *s = &m->steps[i];
		if (s->state == MDG_DELIVERY_STORED)
			assert_true(s->next == MDG_DELIVERY_DONE ||
				    s->next == MDG_DELIVERY_QUARANTINED);
		if (s->next == MDG_DELIVERY_ERASED)
			assert_int_equal(s->event, MDG_DELIVERY_ERASE);
	}
}

/* ---- revisions ---- */

static struct mdg_revision
sample(struct mdg_arena *a)
{
	struct mdg_revision r = {
		.account_id = 3,
		.mail_from = "support@shop.example",
		.from = {"ショップ", "support@shop.example", ""},
		.subject = "Re: 注文\nについて",
		.text = "太郎 様\n\n本文です。\n",
		.message_id = "mdg.x@shop.example",
		.newest_message_id = 9,
	};
	mdg_addresses_add(&r.to, a, "太郎", "taro@customer.example", "");
	mdg_addresses_add(&r.cc, a, "", "hanako@customer.example", "");
	mdg_strings_add(&r.references, a, "a@customer.example", 10);
	r.files_n = 1;
	r.files = mdg_arena_alloc(a, sizeof(*r.files));
	r.files[0] = (struct mdg_revision_file){"見積.pdf", "application/pdf",
						4, 77, {1, 2, 3}};
	return r;
}

static void
a_revision_comes_back_as_it_was_approved(void **state)
{
	(void)state;
	struct mdg_arena a = {0};
	struct mdg_buf b = {0}, again = {0};
	struct mdg_revision r = sample(&a), s;

	mdg_revision_encode(&r, &b);
	assert_true(mdg_revision_decode(mdg_buf_span(&b), &a, &s));
	assert_string_equal(s.text, r.text);
	assert_string_equal(s.files[0].filename, "見積.pdf");
	assert_null(s.in_reply_to);
	mdg_revision_encode(&s, &again);
	assert_true(mdg_span_eq(mdg_buf_span(&b), mdg_buf_span(&again)));
	mdg_buf_clear(&b);
	mdg_buf_clear(&again);
	mdg_arena_clear(&a);
}

static void
every_byte_of_a_revision_counts(void **state)
{
	(void)state;
	struct mdg_arena a = {0};
	struct mdg_buf b = {0};
	struct mdg_revision r = sample(&a), s;

	mdg_revision_encode(&r, &b);
	for (size_t n = 0; n < b.len; n++)
		assert_false(mdg_revision_decode(mdg_span(b.ptr, n), &a, &s));
	mdg_buf_putc(&b, 'x');
	assert_false(mdg_revision_decode(mdg_buf_span(&b), &a, &s));
	mdg_buf_clear(&b);
	mdg_arena_clear(&a);
}

static void
texts_cannot_be_shifted_between_fields(void **state)
{
	(void)state;
	struct mdg_arena a = {0};
	struct mdg_buf b = {0}, c = {0};
	struct mdg_revision r = sample(&a), q = r;

	r.subject = "a";
	r.text = "b\ntext 1\nc";
	q.subject = "a\ntext 1\nb";
	q.text = "c";
	mdg_revision_encode(&r, &b);
	mdg_revision_encode(&q, &c);
	assert_false(mdg_span_eq(mdg_buf_span(&b), mdg_buf_span(&c)));
	mdg_buf_clear(&b);
	mdg_buf_clear(&c);
	mdg_arena_clear(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_step_names_known_states_and_events_once),
		cmocka_unit_test(every_state_can_be_reached_from_the_first),
		cmocka_unit_test(names_lead_back_to_their_numbers),
		cmocka_unit_test(a_mail_is_never_sent_again_without_a_person),
		cmocka_unit_test(
			a_draft_reaches_the_queue_only_through_approval),
		cmocka_unit_test(stored_mail_is_never_dropped),
		cmocka_unit_test(a_revision_comes_back_as_it_was_approved),
		cmocka_unit_test(every_byte_of_a_revision_counts),
		cmocka_unit_test(texts_cannot_be_shifted_between_fields),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
