/* The desk by mail without its processes, on both engines. */
#include "desk_fixture.h"

#include "madoguchi/app/erase.h"
#include "maildesk_fixture.h"

static const char letter[] =
	"田中 様\n\nお問い合わせありがとうございます。\n返品の手順をご案内いたします。\n\n"
	"ご不明な点がございましたら、お知らせください。";

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

	int64_t ticket = md_begin(&k);
	md_says(&k, "a1@p", "sato@people.example", letter, false);
	assert_int_equal(count(&k, waiting), 1);
	/* nothing but token and From: a code is asked for */
	md_says(&k, "a2@p", "suzuki@people.example", "承認します。", false);
	assert_int_equal(count(&k, replies), 0);
	md_says(&k, "a3@p", "suzuki@people.example", "000000 です", false);
	assert_int_equal(count(&k, replies), 0);
	assert_int_equal(count(&k, waiting), 1);
	/* the answer to a code's mail approves nothing, signed or not */
	md_says(&k, "a4@p", "suzuki@people.example", "承認", true);
	md_says(&k, "a5@p", "sato@people.example", "承認", true);
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

	md_begin(&k);
	md_says(&k, "a1@p", "sato@people.example", letter, false);
	md_says(&k, "a2@p", "suzuki@people.example", "承認します。", true);
	assert_int_equal(count(&k, replies), 1);
	/* the very same mail once more, and another one */
	md_says(&k, "a2@p", "suzuki@people.example", "承認します。", true);
	md_says(&k, "a3@p", "suzuki@people.example", "承認", true);
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
