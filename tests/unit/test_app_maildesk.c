/* The desk by mail without its processes, on both engines. */
#include "desk_fixture.h"

#include "madoguchi/app/check.h"
#include "madoguchi/app/erase.h"
#include "madoguchi/app/maildesk.h"
#include "madoguchi/mail/addr.h"

static const char letter[] =
	"田中 様\n\nお問い合わせありがとうございます。\n返品の手順をご案内いたします。\n\n"
	"ご不明な点がございましたら、お知らせください。";

static void
works_by_mail(struct desk *k, const char *login, const char *role)
{
	char email[64];

	snprintf(email, sizeof(email), "%s@people.example", login);
	act(k, &mdg_actor_system, "user.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s}", "login", login, "name", login,
		      "email", email, "window", "shop", "role", role));
	act(k, &mdg_actor_system, "user.mail",
	    json_pack("{s:s,s:s}", "login", login, "how", "on"));
}

static void
tick(struct desk *k)
{
	struct mdg_err err;

	/* past what is waited for suggestions */
	if (!mdg_maildesk_tick(k->d, mdg_now_s() + 20, &err))
		fail_msg("%s", why(&err));
}

/* Message-ID of the newest mail to that person. */
static const char *
newest_to(struct desk *k, const char *address, struct mdg_arena *a)
{
	struct mdg_rows *r;
	struct mdg_err err;
	const char *id = NULL;

	if (!mdg_db_query(k->d->db, &r, &err,
			  "SELECT o.message_id FROM outbox o JOIN outbox_rcpt x"
			  " ON x.outbox_id = o.id WHERE o.kind = 'notice'"
			  " AND x.address = ?1 ORDER BY o.id DESC LIMIT 1",
			  "s", address))
		fail_msg("%s", why(&err));
	if (mdg_rows_next(r))
		id = mdg_arena_strdup(a, mdg_rows_text(r, 0));
	mdg_rows_close(&r, &err);
	assert_non_null(id);
	return id;
}

/* What that person answers to the newest mail; carried out at once. */
static void
says(struct desk *k, const char *id, const char *who, const char *text,
     bool is_signed)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_mail *m = new_mail(id, who, "Re: x", text);
	struct mdg_order *o = NULL;
	struct mdg_draft draft;
	struct mdg_err err;
	const char *body;
	int64_t check;

	mdg_strings_add(&m->in_reply_to, &m->arena, newest_to(k, who, &a), 1);
	if (is_signed)
		mdg_strings_add(&m->auth_results, &m->arena,
				"mx.example; dkim=pass header.d=people.example",
				1);
	assert_int_equal(take_in(k, m).ticket_id, 0);
	while (mdg_order_next(k->d, &o, &err) == MDG_FOUND) {
		do {
			json_t *findings = NULL;
			if (!mdg_order_step(o, &check, &body, &err))
				fail_msg("%s", why(&err));
			if (!check)
				break;
			if (mdg_draft_by_id(k->d->db, check, &a, &draft,
					    &err) != MDG_FOUND)
				fail_msg("%s", why(&err));
			if (body)
				draft.body = body;
			if (!mdg_check_keep(k->d, &draft, NULL, MDG_LANG_JA,
					    &findings, &err))
				fail_msg("%s", why(&err));
			json_decref(findings);
		} while (check);
		mdg_order_free(&o);
	}
	tick(k);
}

/* Both work by mail, and sato has a customer's ticket. */
static int64_t
begin(struct desk *k)
{
	works_by_mail(k, "sato", "operator");
	works_by_mail(k, "suzuki", "sv");
	act(k, &mdg_actor_system, "maildesk.set",
	    json_pack("{s:s,s:s}", "server", "mx.example", "at_night", "on"));
	tick(k);
	int64_t ticket = take_in(k, new_mail("c1@c.example", "taro@c.example",
					     "返品", "返品したいです。"))
				 .ticket_id;
	act(k, &k->sv, "ticket.assign",
	    json_pack("{s:I,s:s}", "ticket", number_of(k, ticket), "to",
		      "sato"));
	tick(k);
	return ticket;
}

static void
circle(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_erased sum;
	struct mdg_err err;
	static const char replies[] =
		"SELECT COUNT(*) FROM outbox WHERE kind = 'reply'";
	static const char waiting[] =
		"SELECT COUNT(*) FROM revision WHERE state = 'waiting'";

	int64_t ticket = begin(&k);
	says(&k, "a1@p", "sato@people.example", letter, false);
	assert_int_equal(count(&k, waiting), 1);
	/* nothing but token and From: a code is asked for */
	says(&k, "a2@p", "suzuki@people.example", "承認します。", false);
	assert_int_equal(count(&k, replies), 0);
	says(&k, "a3@p", "suzuki@people.example", "000000 です", false);
	assert_int_equal(count(&k, replies), 0);
	assert_int_equal(count(&k, waiting), 1);
	/* the answer to a code's mail approves nothing, signed or not */
	says(&k, "a4@p", "suzuki@people.example", "承認", true);
	says(&k, "a5@p", "sato@people.example", "承認", true);
	assert_int_equal(count(&k, replies), 0);
	/* what was said is not kept once it is over */
	assert_int_equal(
		count(&k, "SELECT COUNT(*) FROM mail_order WHERE said <> ''"),
		0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM mail_order"
				   " WHERE state IN ('new', 'acting')"),
			 0);
	/* and erasing a ticket takes along what people were told of it */
	if (!mdg_desk_begin(k.d, &err) ||
	    !mdg_erase_ticket(k.d, &mdg_actor_system, ticket, false, &sum,
			      &err) ||
	    !mdg_desk_commit(k.d, &err))
		fail_msg("%s", why(&err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM mail_token"
				   " WHERE ticket_id <> 0"),
			 0);
	close_desk(&k);
}

EACH(an_answer_asks_and_only_a_proved_one_approves, circle);

/* A lead whose mail is signed approves with one word. */
static void
signed_word(const char *url)
{
	struct desk k = open_desk(url, "all");
	static const char replies[] =
		"SELECT COUNT(*) FROM outbox WHERE kind = 'reply'";

	begin(&k);
	says(&k, "a1@p", "sato@people.example", letter, false);
	says(&k, "a2@p", "suzuki@people.example", "承認します。", true);
	assert_int_equal(count(&k, replies), 1);
	/* the very same mail once more, and another one */
	says(&k, "a2@p", "suzuki@people.example", "承認します。", true);
	says(&k, "a3@p", "suzuki@people.example", "承認", true);
	assert_int_equal(count(&k, replies), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM mail_order"
				   " WHERE reason = 'replay'"),
			 1);
	close_desk(&k);
}

EACH(a_signed_word_approves_once, signed_word);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(an_answer_asks_and_only_a_proved_one_approves),
	cmocka_unit_test(a_signed_word_approves_once),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
