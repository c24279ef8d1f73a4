#include "t.h"

#include "madoguchi/base/err.h"
#include "madoguchi/desk/thread.h"

static void
subjects_lose_marks_tags_and_width(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"返品について", "返品について"},
		{"Re: 返品について", "返品について"},
		{"Re: Re[2]: ＲＥ：返品について", "返品について"},
		{"RE: [お客様窓口 #10042-k7q2] 返品について", "返品について"},
		{"返信: 転送：返品について", "返品について"},
		{"Fwd: AW: SV: hello World", "helloworld"},
		{"[ml:00123] Re: 連絡", "連絡"},
		{"Re：返品について [#10042-k7q2]", "返品について"},
		{"Re^2: 注文", "注文"},
		{"Resort のご案内", "resortのご案内"},
		{"【重要】返品", "【重要】返品"},
		{"", ""},
		{"Re:", ""},
	};
	for (size_t i = 0; i < MDG_LEN(cases); i++) {
		struct mdg_buf b = {0};
		mdg_subject_normalise(cases[i].in, &b);
		assert_string_equal(mdg_buf_str(&b), cases[i].out);
		mdg_buf_clear(&b);
	}
}

static void
what_a_subject_says_is_what_its_writer_wrote(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"返品について", "返品について"},
		{"Re: 返品 について", "返品 について"},
		{"Re: FW: Re[2]: ＲＥ：返品について", "返品について"},
		{"返信: 転送：【至急】返品について", "【至急】返品について"},
		{"RE: [お客様窓口 #10042-k7q2] HM-300 の件", "HM-300 の件"},
		{"[ml:00123] Re: 連絡 [#10042-k7q2]", "連絡"},
		{"SV: AW: WG: Fwd: hello World", "hello World"},
		{"Resort のご案内", "Resort のご案内"},
		{"[緊急] 停止", "[緊急] 停止"},
		{"納期: 確認", "納期: 確認"},
		{"Re:", ""},
		{"", ""},
	};
	for (size_t i = 0; i < MDG_LEN(cases); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		mdg_subject_words(cases[i].in, &b);
		assert_string_equal(mdg_buf_str(&b), cases[i].out);
	}
}

static void
a_tag_is_found_in_any_width(void **state)
{
	(void)state;
	struct mdg_subject_tag t;

	assert_true(mdg_subject_tag_find("Re: [窓口 #10042-k7q2] x", &t));
	assert_int_equal(t.number, 10042);
	assert_string_equal(t.check, "k7q2");
	assert_true(mdg_subject_tag_find("［＃１００４２］返品", &t));
	assert_int_equal(t.number, 10042);
	assert_string_equal(t.check, "");
	assert_false(mdg_subject_tag_find("注文 #10042 について", &t));
	assert_false(mdg_subject_tag_find("[#]", &t));
	assert_false(mdg_subject_tag_find("[#99999999999999999999]", &t));
}

static const char *const a_keys[] = {"a@x", "desk@x"};
static const char *const b_keys[] = {"b@x", "desk@x"};
static const char *const b_with_a[] = {"b@x", "desk@x", "a@x"};

static struct mdg_thread_mail
mail(const char *from, const char *const *keys, size_t n, const char *subject)
{
	return (struct mdg_thread_mail){
		.from_key = from,
		.keys = keys,
		.keys_n = n,
		.subject = subject,
		.mail_class = MDG_CLASS_ORDINARY,
	};
}

static struct mdg_thread_candidate
candidate(bool is_exact, struct mdg_thread_mail m)
{
	return (struct mdg_thread_candidate){
		.ticket_id = 1, .is_exact = is_exact, .mail = m};
}

static void
strangers_who_name_the_same_unknown_mail_stay_apart(void **state)
{
	(void)state;
	struct mdg_thread_mail a = mail("a@x", a_keys, 2, "お知らせ");
	struct mdg_thread_candidate c =
		candidate(false, mail("b@x", b_keys, 2, "お知らせ"));
	assert_int_equal(mdg_thread_judge(&a, &c), MDG_EV_NEW);
	c.mail = mail("b@x", b_with_a, 3, "お知らせ");
	assert_int_equal(mdg_thread_judge(&a, &c), MDG_EV_ANCESTOR);
	c.mail = mail("a@x", a_keys, 2, "別の件");
	assert_int_equal(mdg_thread_judge(&a, &c), MDG_EV_ANCESTOR);
}

static void
an_answer_to_a_mail_we_hold_joins_if_subject_or_person_agree(void **state)
{
	(void)state;
	struct mdg_thread_mail b = mail("b@x", b_keys, 2, "Re: 返品");
	struct mdg_thread_candidate c =
		candidate(true, mail("a@x", a_keys, 2, "返品"));
	assert_int_equal(mdg_thread_judge(&b, &c), MDG_EV_REF);
	b.subject = "まったく別の話";
	assert_int_equal(mdg_thread_judge(&b, &c), MDG_EV_NEW);
	b = mail("b@x", b_with_a, 3, "まったく別の話");
	assert_int_equal(mdg_thread_judge(&b, &c), MDG_EV_REF);
}

static void
answers_to_a_newsletter_join_nobody(void **state)
{
	(void)state;
	struct mdg_thread_mail b = mail("b@x", b_keys, 2, "Re: 新着情報");
	struct mdg_thread_candidate c =
		candidate(true, mail("news@x", a_keys, 1, "新着情報"));
	c.mail.mail_class = MDG_CLASS_BULK;
	assert_int_equal(mdg_thread_judge(&b, &c), MDG_EV_NEW);
	/* to write to its sender is what everybody does */
	c.mail.from_key = "desk@x";
	assert_int_equal(mdg_thread_judge(&b, &c), MDG_EV_NEW);
	/* but it may have been written to this very person */
	c.mail.keys = b_keys;
	c.mail.keys_n = 2;
	assert_int_equal(mdg_thread_judge(&b, &c), MDG_EV_REF);
}

static void
that_a_mail_is_ours_joins_nobody(void **state)
{
	(void)state;
	/* our answer to a, and b's answer to the same unknown mail */
	struct mdg_thread_mail u = mail("desk@x", a_keys, 1, "Re: お知らせ");
	struct mdg_thread_candidate c =
		candidate(false, mail("b@x", b_keys, 1, "お知らせ"));
	u.is_ours = true;
	assert_int_equal(mdg_thread_judge(&u, &c), MDG_EV_NEW);
	c.mail = mail("desk@x", b_keys, 1, "お知らせ");
	c.mail.is_ours = true;
	assert_int_equal(mdg_thread_judge(&u, &c), MDG_EV_NEW);
	c.mail.keys = a_keys;
	assert_int_equal(mdg_thread_judge(&u, &c), MDG_EV_ANCESTOR);
	c.mail = mail("a@x", a_keys, 1, "お知らせ");
	assert_int_equal(mdg_thread_judge(&u, &c), MDG_EV_ANCESTOR);
}

static void
what_we_sent_by_bcc_joins_none_of_its_readers(void **state)
{
	(void)state;
	struct mdg_thread_mail u = mail("desk@x", NULL, 0, "お知らせ");
	struct mdg_thread_candidate c =
		candidate(true, mail("b@x", b_keys, 1, "Re: お知らせ"));
	u.is_ours = true;
	/* an answer that came before it */
	c.is_answer = true;
	assert_int_equal(mdg_thread_judge(&u, &c), MDG_EV_NEW);
	/* a note among ourselves about a customer's mail stays with it */
	c.is_answer = false;
	assert_int_equal(mdg_thread_judge(&u, &c), MDG_EV_REF);
	c.mail = u;
	u = mail("b@x", b_keys, 1, "Re: お知らせ");
	assert_int_equal(mdg_thread_judge(&u, &c), MDG_EV_NEW);
}

static void
only_who_had_part_in_the_older_mail_is_admitted(void **state)
{
	(void)state;
	struct mdg_thread_mail old = mail("a@x", a_keys, 2, "返品");
	struct mdg_thread_mail cc = mail("b@x", b_with_a, 3, "Re: 返品");

	/* to put its writer in Cc is no proof */
	assert_true(mdg_thread_knows(&old, &cc));
	assert_false(mdg_thread_admits(&old, &cc));
	assert_true(mdg_thread_admits(&cc, &old));
	cc.from_key = "";
	assert_false(mdg_thread_admits(&old, &cc));
	/* our own answer to its writer is */
	cc.is_ours = true;
	assert_true(mdg_thread_admits(&old, &cc));
}

static void
judging_is_the_same_both_ways_round(void **state)
{
	(void)state;
	const struct mdg_thread_mail m[] = {
		mail("a@x", a_keys, 2, "返品"),
		mail("b@x", b_keys, 2, "Re: 返品"),
		mail("b@x", b_with_a, 3, "別件"),
		mail("", a_keys, 1, ""),
	};
	for (size_t i = 0; i < MDG_LEN(m); i++)
		for (size_t k = 0; k < MDG_LEN(m); k++)
			for (int exact = 0; exact < 2; exact++) {
				struct mdg_thread_candidate p =
					candidate(exact, m[k]);
				struct mdg_thread_candidate q =
					candidate(exact, m[i]);
				assert_int_equal(mdg_thread_judge(&m[i], &p),
						 mdg_thread_judge(&m[k], &q));
			}
}

static void
thanks_are_told_from_questions(void **state)
{
	(void)state;
	static const char *const thanks[] = {
		"無事に届きました。ありがとうございました。",
		"早速のご対応に感謝いたします。",
		"解決しました！助かりました。",
		"Thank you very much!",
	};
	static const char *const not_thanks[] = {
		"ありがとうございます。もう一点教えてください。",
		"ありがとうございます。でもまだ届きません。",
		"ありがとうございます。ところで返品は可能ですか？",
		"届きました。",
		"",
		"Thanks, but it does not work.",
	};
	for (size_t i = 0; i < MDG_LEN(thanks); i++)
		if (!mdg_text_is_thanks(thanks[i]))
			fail_msg("%s", thanks[i]);
	for (size_t i = 0; i < MDG_LEN(not_thanks); i++)
		if (mdg_text_is_thanks(not_thanks[i]))
			fail_msg("%s", not_thanks[i]);
}

static void
a_reply_has_one_mark_and_one_tag(void **state)
{
	static const struct {
		const char *in;
		enum mdg_subject_tag_place tag;
		bool is_reply;
		const char *out;
	} cases[] = {
		{"返品について", MDG_SUBJECT_TAG_NONE, true,
		 "Re: 返品について"},
		{"返品について", MDG_SUBJECT_TAG_NONE, false, "返品について"},
		{"ＲＥ：RE[2]: AW: Fw: 返信：　返品　について", 0, false,
		 "Re: 返品　について"},
		{"Re:Re^3:Re(2): x", 0, false, "Re: x"},
		{"Re: [ml:123] Re: 会合", 0, false, "Re: [ml:123] 会合"},
		{"回答：アンケート", 0, true, "Re: 回答：アンケート"},
		{"Re: [#10042-k7q2] a [#10042-k7q2]", 0, false,
		 "Re: [#10042-k7q2] a"},
		{"Re: a [#10042-k7q2] b [#10042]", MDG_SUBJECT_TAG_END, false,
		 "Re: a b [#10042-k7q2]"},
		{"［＃１００４２］ a", MDG_SUBJECT_TAG_HEAD, true,
		 "Re: [#10042-k7q2] a"},
		{"Re: a [#10043-k7q2]", MDG_SUBJECT_TAG_HEAD, false,
		 "Re: [#10042-k7q2] a [#10043-k7q2]"},
		{"【重要】㈱山①ｶﾅ", MDG_SUBJECT_TAG_END, true,
		 "Re: 【重要】㈱山①ｶﾅ [#10042-k7q2]"},
		{"", MDG_SUBJECT_TAG_END, true, "Re: [#10042-k7q2]"},
		{"Re: ", 0, false, "Re: "},
	};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(cases); i++) {
		const struct mdg_subject_form f = {cases[i].tag, 10042, "k7q2"};
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		MDG_AUTO(mdg_buf_clear) struct mdg_buf again = {0};
		mdg_subject_of_reply(cases[i].in, cases[i].is_reply, &f, &b);
		assert_string_equal(mdg_buf_str(&b), cases[i].out);
		mdg_subject_of_reply(mdg_buf_str(&b), cases[i].is_reply, &f,
				     &again);
		assert_string_equal(mdg_buf_str(&again), cases[i].out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(subjects_lose_marks_tags_and_width),
		cmocka_unit_test(what_a_subject_says_is_what_its_writer_wrote),
		cmocka_unit_test(a_tag_is_found_in_any_width),
		cmocka_unit_test(a_reply_has_one_mark_and_one_tag),
		cmocka_unit_test(
			strangers_who_name_the_same_unknown_mail_stay_apart),
		cmocka_unit_test(
			an_answer_to_a_mail_we_hold_joins_if_subject_or_person_agree),
		cmocka_unit_test(answers_to_a_newsletter_join_nobody),
		cmocka_unit_test(that_a_mail_is_ours_joins_nobody),
		cmocka_unit_test(what_we_sent_by_bcc_joins_none_of_its_readers),
		cmocka_unit_test(
			only_who_had_part_in_the_older_mail_is_admitted),
		cmocka_unit_test(judging_is_the_same_both_ways_round),
		cmocka_unit_test(thanks_are_told_from_questions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
