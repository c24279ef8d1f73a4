/* Who looks at a reply before it leaves, and how often, on both engines. */
#include <inttypes.h>

#include "desk_fixture.h"

#include "madoguchi/app/check.h"

static void
found_clean(struct desk *k, int64_t id)
{
	checked(k, id, NULL, json_array());
}

static json_t *
finding(const char *severity)
{
	return json_pack("[{s:s,s:s,s:i,s:i,s:{s:s,s:s},s:s}]", "rule",
			 "test.rule", "severity", severity, "start", 0, "end",
			 0, "message", "ja", "試し", "en", "A trial",
			 "suggestion", "");
}

/* A reply of the operator's, asked for; is somebody to look at it? */
static bool
waits(struct desk *k, int n, int64_t *ret_draft)
{
	char id[40], from[40], body[200];

	snprintf(id, sizeof(id), "m%d@c", n);
	snprintf(from, sizeof(from), "c%d@c.example", n);
	snprintf(body, sizeof(body), "お客様\n\n%d 件目のご案内です。", n);
	int64_t t = take_in(k, new_mail(id, from, "使い方", "教えてください"))
			    .ticket_id;
	*ret_draft = draft_for(k, t, body);
	found_clean(k, *ret_draft);
	const char *state = json_string_value(json_object_get(
		act(k, &k->op, "draft.submit", draft_arg(*ret_draft)),
		"state"));
	return mdg_streq(state, "waiting");
}

static void
record_body(const char *url)
{
	enum { CLEAN = 31, LATER = 40, AFTER = 5 };
	struct desk k = open_desk(url, "novice");
	int64_t d, sampled = 0;
	int n = 0, released = 0;

	act(&k, &mdg_actor_system, "user.role",
	    json_pack("{s:s,s:s,s:s,s:b}", "login", "op", "window", "shop",
		      "role", "operator", "novice", 1));
	/* everything, until 31 came through clean */
	for (; n < CLEAN; n++) {
		assert_true(waits(&k, n, &d));
		act(&k, &k.sv, "approve", draft_arg(d));
	}
	/* then some, chosen by what is written */
	for (; n < CLEAN + LATER; n++) {
		if (waits(&k, n, &d))
			sampled = d;
		else
			released++;
	}
	assert_true(released > LATER / 2);
	assert_true(released < LATER);
	/* one critical mistake, and it is everything again */
	act(&k, &k.sv, "return",
	    json_pack("{s:I,s:s,s:s}", "draft", sampled, "code", "F1", "note",
		      "金額が違います"));
	for (int i = 0; i < AFTER; i++)
		assert_true(waits(&k, n++, &d));
	close_desk(&k);
}

static void
slots_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	/* not in the text, not in the subject, and no reason helps */
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d, "subject", "{{topic}}の件"));
	refused(&k, &k.op, MDG_ESTATE, "draft.submit",
		json_pack("{s:I,s:s}", "draft", d, "override", "急ぎのため"));
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d, "subject", "返品の件"));
	act(&k, &k.op, "draft.submit", draft_arg(d));
	refused(&k, &k.sv, MDG_ESTATE, "approve",
		json_pack("{s:I,s:s,s:s}", "draft", d, "body",
			  "太郎 様\n\n{{due.at}}までに。", "override",
			  "急ぎのため"));
	checked(&k, d, "太郎 様\n\n本日中に。", json_array());
	act(&k, &k.sv, "approve",
	    json_pack("{s:I,s:s,s:s}", "draft", d, "body",
		      "太郎 様\n\n本日中に。", "note", "期限を入れました"));
	/* the operator sees what was changed, and why */
	const json_t *r = act(&k, &k.op, "approval.show", draft_arg(d));
	assert_int_not_equal(
		json_array_size(json_object_get(r, "diff_operator")), 0);
	r = act(&k, &k.op, "draft.show", draft_arg(d));
	assert_string_equal(
		json_string_value(json_object_get(r, "return_note")),
		"期限を入れました");
	close_desk(&k);
}

/* What the reply answers: every mail since our last one, which comes last. */
static void
answered_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	struct mdg_outbox_job job;
	struct mdg_arena a = {0};

	act(&k, &mdg_actor_system, "golive", json_object());
	int64_t first = draft_for(&k, t, "太郎 様\n\n承りました。");
	act(&k, &k.op, "draft.submit", draft_arg(first));
	act(&k, &k.sv, "approve", draft_arg(first));
	assert_true(claim(&k, &a, &job));
	answer(&k, job.outbox_id, "accepted");
	mdg_arena_clear(&a);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message"
				   " WHERE direction = 'out'"),
			 1);
	for (int i = 2; i < 4; i++) {
		struct mdg_mail *m =
			new_mail(i == 2 ? "b@c" : "c@c", "taro@c.example",
				 "Re: 返品", i == 2 ? "2" : "3");
		mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 3);
		assert_int_equal(take_in(&k, m).ticket_id, t);
	}
	json_t *mails = json_object_get(
		act(&k, &k.op, "approval.show",
		    draft_arg(draft_for(&k, t, "太郎 様\n\n三通とも。"))),
		"customer_mail");
	assert_int_equal(json_array_size(mails), 3);
	for (size_t i = 0; i < 3; i++) {
		json_t *m = json_array_get(mails, i);
		assert_string_equal(
			json_string_value(json_object_get(m, "direction")),
			i == 2 ? "out" : "in");
		if (i < 2)
			assert_string_equal(
				json_string_value(json_object_get(m, "text")),
				i ? "2" : "3");
	}
	close_desk(&k);
}

/* 修正して承認: what is found in the lead's own text is read before it goes,
 * and what must be fixed stops a lead as it stops an operator. */
static void
own_text_body(const char *url)
{
	static const char text[] = "太郎 様\n\n本日中に参ります。";
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");
	char seen[MDG_CHECK_CODE_BYTES];
	struct mdg_err err;

	act(&k, &k.op, "draft.submit", draft_arg(d));
	/* a hint asks for nothing; the others for the code of what was read */
	assert_string_equal(checked(&k, d, text, finding("info")), "");
	snprintf(seen, sizeof(seen), "%s",
		 checked(&k, d, text, finding("warn")));
	assert_string_not_equal(seen, "");
	err = refused(&k, &k.sv, MDG_ESTATE, "approve",
		      json_pack("{s:I,s:s}", "draft", d, "body", text));
	assert_int_equal(err.id, MDG_MSG_approve_unseen);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox"), 0);
	/* it is the code of that text and of these findings alone */
	snprintf(seen, sizeof(seen), "%s",
		 checked(&k, d, text, finding("error")));
	checked(&k, d, "太郎 様\n\n翌日に。", finding("error"));
	err = refused(&k, &k.sv, MDG_ESTATE, "approve",
		      json_pack("{s:I,s:s,s:s,s:s}", "draft", d, "body",
				"太郎 様\n\n翌日に。", "seen", seen, "override",
				"急ぎ"));
	assert_int_equal(err.id, MDG_MSG_approve_unseen);
	/* what must be fixed needs a reason beside */
	checked(&k, d, text, finding("error"));
	err = refused(&k, &k.sv, MDG_ESTATE, "approve",
		      json_pack("{s:I,s:s,s:s}", "draft", d, "body", text,
				"seen", seen));
	assert_int_equal(err.id, MDG_MSG_draft_blocked);
	act(&k, &k.sv, "approve",
	    json_pack("{s:I,s:s,s:s,s:s}", "draft", d, "body", text, "seen",
		      seen, "override", "急ぎのため"));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM review"
				   " WHERE overridden = 'test.rule'"),
			 1);
	close_desk(&k);
}

/* Names of rules are known to the core, whoever comes to it. */
static void
names_body(const char *url)
{
	static const struct {
		const char *act, *name;
		enum mdg_msg refused; /* MDG_MSG_NONE: taken */
	} v[] = {
		{"rule.block", "mixup.orareru", MDG_MSG_NONE},
		{"rule.disable", "mixup.", MDG_MSG_NONE},
		{"rule.block", "mixup.orareu", MDG_MSG_rule_unknown},
		{"rule.disable", "mixup", MDG_MSG_rule_unknown},
		{"rule.disable", ".", MDG_MSG_rule_unknown},
		{"rule.disable", "team.99", MDG_MSG_rule_unknown},
		{"rule.block", "guard.other-number", MDG_MSG_rule_guard_blocks},
		{"rule.block", "guard.slot", MDG_MSG_rule_guard_blocks},
		{"rule.disable", "guard.stale", MDG_MSG_rule_guard_off},
		{"rule.disable", "guard.", MDG_MSG_rule_guard_off},
		{"rule.disable", "guard.new-recipient", MDG_MSG_rule_guard_off},
		{"rule.block", "guard.new-recipient", MDG_MSG_NONE},
	};
	struct desk k = open_desk(url, "all");

	for (size_t i = 0; i < MDG_LEN(v); i++) {
		json_t *args = json_pack("{s:s,s:s}", "window", "shop",
					 "subject", v[i].name);
		if (v[i].refused == MDG_MSG_NONE)
			act(&k, &k.sv, v[i].act, args);
		else
			assert_int_equal(
				refused(&k, &k.sv, MDG_EINVAL, v[i].act, args)
					.id,
				v[i].refused);
	}
	/* and what the window wants to block does, whoever finds it */
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:[s]}", "draft", d, "cc", "new@else.example"));
	found_clean(&k, d);
	assert_int_equal(
		refused(&k, &k.op, MDG_ESTATE, "draft.submit", draft_arg(d)).id,
		MDG_MSG_draft_blocked);
	close_desk(&k);
}

/* A mail that was fetched late: older than the draft, and unread all the same.
 * To be returned is not to have read it. */
static void
late_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	k.ahead_s = -7200;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");
	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.sv, "return",
	    json_pack("{s:I,s:s,s:s}", "draft", d, "code", "F1", "note",
		      "もう少し丁寧に"));
	k.ahead_s = -3600;
	struct mdg_mail *m = new_mail("b@c", "taro@c.example", "Re: 返品", "2");
	mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 1);
	assert_int_equal(take_in(&k, m).ticket_id, t);
	found_clean(&k, d);
	assert_int_equal(
		refused(&k, &k.op, MDG_ESTATE, "draft.submit", draft_arg(d)).id,
		MDG_MSG_draft_blocked);
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d, "body",
		      "太郎 様\n\n2 通とも承りました。"));
	found_clean(&k, d);
	act(&k, &k.op, "draft.submit", draft_arg(d));
	close_desk(&k);
}

static int64_t
newest_of(struct desk *k, int64_t ticket)
{
	char sql[80];

	snprintf(sql, sizeof(sql),
		 "SELECT newest_message_id FROM ticket WHERE id = %" PRId64,
		 ticket);
	return count(k, sql);
}

static json_t *
again_under(int64_t draft, int64_t mail, const char *body)
{
	return json_pack("{s:I,s:I,s:s*,s:s}", "draft", draft, "again", mail,
			 "body", body, "note", "新しいメールに合わせました");
}

/* The customer writes again while it waits: one step, as it is or changed. */
static void
again_body(const char *url)
{
	static const char text[] = "太郎 様\n\n改めて承りました。";
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit", draft_arg(d));
	struct mdg_mail *m = new_mail("b@c", "taro@c.example", "Re: 返品", "2");
	mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 1);
	assert_int_equal(take_in(&k, m).ticket_id, t);
	assert_int_equal(
		refused(&k, &k.sv, MDG_ESTATE, "approve", draft_arg(d)).id,
		MDG_MSG_approve_void);
	int64_t read = newest_of(&k, t);
	m = new_mail("c@c", "taro@c.example", "Re: 返品", "3");
	mdg_strings_add(&m->in_reply_to, &m->arena, "b@c", 1);
	assert_int_equal(take_in(&k, m).ticket_id, t);
	/* and once more between reading and approving: that one is not read */
	const char *seen = checked(&k, d, text, json_array());
	assert_int_equal(refused(&k, &k.sv, MDG_ECONFLICT, "approve",
				 again_under(d, read, text))
				 .id,
			 MDG_MSG_approve_stale);
	assert_int_equal(refused(&k, &k.sv, MDG_ECONFLICT, "approve",
				 again_under(d, 0, NULL))
				 .id,
			 MDG_MSG_approve_stale);
	/* the lead's own text goes out, not the one that was asked for */
	json_t *again = again_under(d, newest_of(&k, t), text);
	json_object_set_new(again, "seen", json_string(seen));
	act(&k, &k.sv, "approve", again);
	assert_string_equal(
		json_string_value(json_object_get(
			act(&k, &k.op, "draft.show", draft_arg(d)), "body")),
		text);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox"
				   " WHERE kind = 'reply'"),
			 1);
	close_desk(&k);
}

/* A rule that cannot work is refused whoever brings it, with the place. */
static void
pattern_body(const char *url)
{
	static const struct {
		const char *pattern, *says;
	} v[] = {
		{"旧プラン(です",
		 "先頭から 7 文字（「旧プラン(です」）のところで、「(」"},
		{"旧プラン)です",
		 "先頭から 4 文字（「旧プラン」）のところで、「)」"},
		{"[あ-んです", "「[」に対応する「]」がありません"},
		{"[ん-あ]", "範囲の順序が逆です"},
		{"*です", "先頭から 0 文字"},
		{"です\\", "「\\」のあとの文字"},
		{"(?<n>a)(?<n>b)", "PCRE2 の書式"},
		{"お世話になっておりますこんにちは(",
		 "（「っておりますこんにちは(」）"},
	};
	struct desk k = open_desk(url, "all");
	char text[MDG_ERR_TEXT_MAX * 2];

	for (size_t i = 0; i < MDG_LEN(v); i++) {
		struct mdg_err err = refused(
			&k, &k.sv, MDG_EINVAL, "rule.add",
			json_pack("{s:s,s:s,s:s}", "window", "shop", "pattern",
				  v[i].pattern, "message", "直してください"));
		assert_int_equal(err.id, MDG_MSG_rule_bad);
		if (!strstr(mdg_err_text(&err, MDG_LANG_JA, text, sizeof(text)),
			    v[i].says))
			fail_msg("%s", text);
	}
	assert_int_equal(refused(&k, &k.sv, MDG_EINVAL, "rule.add",
				 json_pack("{s:s,s:s,s:s}", "window", "shop",
					   "pattern", "", "message", "x"))
				 .id,
			 MDG_MSG_rule_length);
	act(&k, &k.sv, "rule.add",
	    json_pack("{s:s,s:s,s:s}", "window", "shop", "pattern",
		      "旧プラン(です)?", "message", "直してください"));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM lint_rule"), 1);
	close_desk(&k);
}

static void
deputy_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit", draft_arg(d));
	refused(&k, &k.op2, MDG_EPERM, "approve", draft_arg(d));
	act(&k, &k.sv, "deputy.set",
	    json_pack("{s:s,s:s,s:i}", "window", "shop", "person", "op2",
		      "days", 1));
	/* nobody waits for ever: after half an hour of work it is told */
	struct mdg_err err;
	assert_false(mdg_approval_due(k.d, mdg_now_s()));
	assert_true(mdg_approval_due(k.d, mdg_now_s() + 31 * 60));
	assert_true(mdg_desk_begin(k.d, &err));
	assert_true(mdg_approval_tick(k.d, mdg_now_s() + 31 * 60, &err));
	assert_true(mdg_desk_commit(k.d, &err));
	assert_false(mdg_approval_due(k.d, mdg_now_s() + 31 * 60));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE"
				   " kind = 'approval.escalated'"),
			 1);
	act(&k, &k.op2, "approve", draft_arg(d));
	close_desk(&k);
}

/* Twenty that have waited too long are one mail to the lead. */
static void
waiting_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	int64_t now_s = mdg_now_s() + 31 * 60;

	act(&k, &mdg_actor_system, "mailbox.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "window", "shop", "address",
		      "out@shop.example", "imap_host", "127.0.0.1", "smtp_host",
		      "127.0.0.1", "password", "x", "since", "all"));
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 20; i++) {
			char id[32], from[32];
			snprintf(id, sizeof(id), "q%d.%d@c", round, i);
			snprintf(from, sizeof(from), "q%d.%d@c.example", round,
				 i);
			int64_t t = take_in(&k, new_mail(id, from, "返品", "1"))
					    .ticket_id;
			act(&k, &k.op, "draft.submit",
			    draft_arg(draft_for(&k, t, "様\n\n承りました。")));
		}
		/* within the pause of the first they wait for its end */
		assert_int_equal(mdg_approval_due(k.d, now_s + 60), round == 0);
		now_s += 900 * round;
		assert_true(mdg_approval_due(k.d, now_s));
		assert_true(mdg_desk_begin(k.d, &err));
		assert_true(mdg_approval_tick(k.d, now_s, &err));
		assert_true(mdg_desk_commit(k.d, &err));
		assert_int_equal(count(&k, "SELECT COUNT(*) FROM notice"
					   " WHERE subject LIKE '%20 件%'"),
				 round + 1);
		assert_int_equal(count(&k, "SELECT COUNT(*) FROM notice"),
				 round + 1);
		assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE"
					   " kind = 'approval.escalated'"),
				 20 * (round + 1));
	}
	close_desk(&k);
}

EACH(requests_that_wait_too_long_are_one_mail, waiting_body);
EACH(a_clean_record_is_looked_at_less_often, record_body);
EACH(no_open_slot_gets_through_by_any_way, slots_body);
EACH(a_lead_reads_every_mail_that_a_reply_answers, answered_body);
EACH(a_lead_reads_what_is_found_in_their_own_text, own_text_body);
EACH(a_lead_changes_a_reply_under_a_newer_mail, again_body);
EACH(a_mail_that_came_late_is_unread_too, late_body);
EACH(rules_are_named_as_they_are_called, names_body);
EACH(a_deputy_approves_what_waits, deputy_body);
EACH(a_broken_rule_is_refused_at_its_place, pattern_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(requests_that_wait_too_long_are_one_mail),
	cmocka_unit_test(a_clean_record_is_looked_at_less_often),
	cmocka_unit_test(no_open_slot_gets_through_by_any_way),
	cmocka_unit_test(a_lead_reads_every_mail_that_a_reply_answers),
	cmocka_unit_test(a_lead_reads_what_is_found_in_their_own_text),
	cmocka_unit_test(a_lead_changes_a_reply_under_a_newer_mail),
	cmocka_unit_test(a_mail_that_came_late_is_unread_too),
	cmocka_unit_test(rules_are_named_as_they_are_called),
	cmocka_unit_test(a_deputy_approves_what_waits),
	cmocka_unit_test(a_broken_rule_is_refused_at_its_place),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
