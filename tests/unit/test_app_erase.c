/* Personal data leaves the store and does not come back, on both engines. */
#include "desk_fixture.h"

#include <stdio.h>
#include <unistd.h>

#include "madoguchi/app/erase.h"
#include "madoguchi/app/health.h"
#include "madoguchi/store/st_folder.h"

/* Once more the raw bytes that take_in() brings, under a new UID. */
static int64_t
fetched_again(struct desk *k)
{
	unsigned char digest[MDG_DIGEST_BYTES] = {1}; /* of the first */
	struct mdg_delivery row = {
		.account_id = k->account,
		.folder_id = k->folder,
		.uidvalidity = 2,
		.uid = 1,
		.bytes = 10,
	};
	const struct mdg_intake_chunk c = {
		.account_id = k->account,
		.folder_id = k->folder,
		.uidvalidity = 2,
		.uid = 1,
		.last = true,
		.raw_bytes = 10,
		.digest = digest,
		.zstd = mdg_span("zstd bytes", 10),
	};
	struct mdg_err err;
	int64_t raw = 0, delivery = -1;
	bool wanted;

	if (!mdg_desk_begin(k->d, &err) ||
	    !mdg_intake_listed(k->d, &row, &wanted, &err) || !wanted ||
	    !mdg_intake_raw(k->d, &c, &raw, &delivery, &err) ||
	    !mdg_desk_commit(k->d, &err))
		fail_msg("%s", why(&err));
	return delivery;
}

static void
erase_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_audit audit;
	struct mdg_err err;
	bool done;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");
	json_t *r = act(&k, &mdg_actor_system, "customer.find",
			json_pack("{s:s}", "text", "taro@c.example"));
	json_int_t id = json_integer_value(json_object_get(
		json_array_get(json_object_get(r, "customers"), 0),
		"customer"));

	assert_true(id > 0);
	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.sv, "approve", draft_arg(d));
	/* a reply on its way must be settled first */
	refused(&k, &mdg_actor_system, MDG_ESTATE, "customer.erase",
		json_pack("{s:I}", "customer", id));
	act(&k, &k.op, "outbox.cancel", json_pack("{s:i}", "outbox", 1));
	refused(&k, &k.sv, MDG_EPERM, "customer.erase",
		json_pack("{s:I}", "customer", id));
	act(&k, &k.op, "ticket.spam",
	    json_pack("{s:I}", "ticket", number_of(&k, t)));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM spam_sender"), 1);
	act(&k, &mdg_actor_system, "customer.erase",
	    json_pack("{s:I}", "customer", id));
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *mark;
	assert_true(mdg_erase_wanted(k.d, &a, &mark, &err) && *mark);
	/* another erasure while the files are cleaned: they are not clean */
	act(&k, &mdg_actor_system, "customer.erase",
	    json_pack("{s:I}", "customer", id));
	assert_true(mdg_erase_cleaned(k.d, mark, &err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM setting"
				   " WHERE key = 'scrub'"),
			 1);
	assert_true(mdg_erase_finish(k.d, &done, &err) && done);
	assert_true(mdg_erase_wanted(k.d, &a, &mark, &err) && !*mark);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM spam_sender"), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message WHERE"
				   " from_address <> '' OR text <> ''"),
			 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer_address"), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM draft"
				   " WHERE body <> ''"),
			 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM raw"), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM delivery"
				   " WHERE state = 'erased' AND uid = 1"),
			 1);
	assert_string_equal(state_of(&k, number_of(&k, t)), "closed");
	assert_true(mdg_event_verify(k.d->db, &audit, &err));
	assert_string_equal(audit.bad, "");
	/* the same bytes under a new UID stay outside; once more is no harm */
	assert_int_equal(fetched_again(&k), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM raw"), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM delivery"
				   " WHERE state = 'erased'"),
			 2);
	act(&k, &mdg_actor_system, "customer.erase",
	    json_pack("{s:I}", "customer", id));
	close_desk(&k);
}

/* Nobody is warned of a deadline of what is gone. */
static void
deadline_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	static const char running[] = "SELECT COUNT(*) FROM clock"
				      " WHERE state IN ('running', 'breached')";

	assert_int_equal(count(&k, running), 1);
	act(&k, &mdg_actor_system, "customer.erase",
	    json_pack("{s:I}", "customer",
		      (json_int_t)count(&k, "SELECT customer_id FROM ticket")));
	assert_string_equal(state_of(&k, number_of(&k, t)), "closed");
	assert_int_equal(count(&k, running), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"
				   " WHERE due_s IS NOT NULL"),
			 0);
	close_desk(&k);
}

static void
retention_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	size_t n;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t number = number_of(&k, t), now_s = mdg_now_s();

	take_in(&k, new_mail("b@c", "jiro@c.example", "別件", "2"));
	act(&k, &mdg_actor_system, "ticket.close",
	    json_pack("{s:I}", "ticket", number));
	act(&k, &mdg_actor_system, "retention.set",
	    json_pack("{s:s,s:i}", "window", "shop", "days", 30));
	assert_true(mdg_retention_step(k.d, now_s + 29 * 86400, 10, &n, &err));
	assert_int_equal(n, 0);
	assert_true(mdg_retention_step(k.d, now_s + 31 * 86400, 10, &n, &err));
	assert_int_equal(n, 1);
	assert_true(mdg_retention_step(k.d, now_s + 31 * 86400, 10, &n, &err));
	assert_int_equal(n, 0);
	act(&k, &mdg_actor_system, "retention.set",
	    json_pack("{s:s,s:i,s:s}", "window", "shop", "days", 30, "how",
		      "delete"));
	assert_true(mdg_retention_step(k.d, now_s + 31 * 86400, 10, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"), 1);
	refused(&k, &k.op, MDG_ENOENT, "ticket.show",
		json_pack("{s:I}", "ticket", number));
	close_desk(&k);
}

/* The copy of a reply is read after its ticket was erased, words or all. */
static void
late_copy(const char *url, bool whole)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_folder sent = {
		.account_id = k.account, .name = "Sent", .role = "sent"};
	struct mdg_outbox_job job;
	struct mdg_erased sum = {0};
	struct mdg_err err;
	int64_t inbox = k.folder;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &mdg_actor_system, "golive", json_object());
	act(&k, &k.op, "draft.submit", draft_arg(d));
	assert_true(claim(&k, &a, &job));
	answer(&k, job.outbox_id, "accepted");
	if (!mdg_desk_begin(k.d, &err) ||
	    !mdg_erase_ticket(k.d, &mdg_actor_system, t, whole, &sum, &err) ||
	    !mdg_desk_commit(k.d, &err) ||
	    !mdg_folder_add(k.d->db, &sent, &k.folder, &err))
		fail_msg("%s", why(&err));
	int64_t messages = count(&k, "SELECT COUNT(*) FROM message");
	take_in(&k, new_mail(job.message_id, "support@shop.example",
			     "Re: 返品", "太郎 様"));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message"), messages);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM raw_chunk"), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"), !whole);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM delivery"
				   " WHERE state = 'erased'"),
			 2);
	/* an answer to it is work, and what is new takes no id of the old */
	k.folder = inbox;
	struct mdg_mail *m = new_mail("z@c", "taro@c.example", "Re: 返品", "?");
	mdg_strings_add(&m->in_reply_to, &m->arena, job.message_id, 5);
	struct mdg_intake_result res = take_in(&k, m);
	assert_true(res.message_id > messages);
	assert_true(whole ? res.ticket_id > t : res.ticket_id >= t);
	close_desk(&k);
}

static void
late_copy_body(const char *url)
{
	late_copy(url, false);
}

static void
late_copy_whole_body(const char *url)
{
	late_copy(url, true);
}

static const char *
kept_copy(struct desk *k, struct mdg_arena *a)
{
	struct mdg_err err;

	if (mdg_streq(mdg_db_engine(k->d->db), "sqlite")) {
		char *name = mdg_arena_printf(a, "%s.schema-0001",
					      k->url + strlen("sqlite:"));
		FILE *f = fopen(name, "w");
		assert_non_null(f);
		assert_int_equal(fclose(f), 0);
		return name;
	}
	assert_true(mdg_db_script(k->d->db, "CREATE SCHEMA madoguchi_0001",
				  &err));
	return "SCHEMA madoguchi_0001";
}

static void
drop_copy(struct desk *k, const char *name)
{
	struct mdg_err err;

	assert_true(*name == '/' ? unlink(name) == 0
				 : mdg_db_script(k->d->db,
						 "DROP SCHEMA madoguchi_0001",
						 &err));
}

/* Is that the one condition of its kind at that time? */
static bool
reminded(struct desk *k, const char *copy, int64_t now_s)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct mdg_condition *v;
	struct mdg_err err;
	size_t n, is = 0;

	assert_true(mdg_health_check(k->d, now_s, &a, &v, &n, &err));
	for (size_t i = 0; i < n; i++) {
		if (v[i].kind != MDG_COND_COPY)
			continue;
		is++;
		assert_true(mdg_condition_text(k->d, "copy", v[i].subject,
					       v[i].value, MDG_LANG_EN, &text,
					       &err));
		assert_non_null(strstr(mdg_buf_str(&text), copy));
	}
	assert_in_range(is, 0, 1);
	return is;
}

static void
copies_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	int64_t now_s = mdg_now_s();
	const char *copy = kept_copy(&k, &a);

	take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"));
	assert_false(reminded(&k, copy, now_s));
	assert_true(reminded(&k, copy, now_s + MDG_COPY_OLD_S + 60));
	json_t *r = act(&k, &mdg_actor_system, "customer.erase",
			json_pack("{s:i}", "customer", 1));
	r = json_object_get(r, "copies");
	assert_int_equal(json_array_size(r), 1);
	assert_string_equal(json_string_value(json_array_get(r, 0)), copy);
	assert_true(reminded(&k, copy, now_s));
	drop_copy(&k, copy);
	assert_false(reminded(&k, copy, now_s + MDG_COPY_OLD_S + 60));
	close_desk(&k);
}

EACH(copies_of_the_store_are_named_until_they_are_gone, copies_body);
EACH(a_copy_that_comes_after_the_erasure_is_erased_too, late_copy_body);
EACH(a_copy_of_a_deleted_ticket_stays_outside, late_copy_whole_body);
EACH(what_is_erased_is_gone_and_stays_gone, erase_body);
EACH(what_is_erased_has_no_deadline, deadline_body);
EACH(closed_tickets_go_when_their_time_is_over, retention_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(what_is_erased_is_gone_and_stays_gone),
	cmocka_unit_test(a_copy_that_comes_after_the_erasure_is_erased_too),
	cmocka_unit_test(a_copy_of_a_deleted_ticket_stays_outside),
	cmocka_unit_test(copies_of_the_store_are_named_until_they_are_gone),
	cmocka_unit_test(what_is_erased_has_no_deadline),
	cmocka_unit_test(closed_tickets_go_when_their_time_is_over),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
