/* What a reply looks like when it leaves: the window's texts, its language,
 * lines, quote and subject, on both engines. */
#include "desk_fixture.h"

#include "madoguchi/text/width.h"

static void
letter(struct desk *k, json_t *args)
{
	json_object_set_new(args, "window", json_string("shop"));
	act(k, &mdg_actor_system, "window.letter", args);
}

/* Asks for approval of a draft; what would be sent, borrowed. */
static const char *
sent(struct desk *k, int64_t draft, const char *field)
{
	act(k, &k->op, "draft.submit", draft_arg(draft));
	const json_t *r = act(k, &k->op, "draft.show", draft_arg(draft));
	const char *s = json_string_value(
		json_object_get(json_object_get(r, "mail"), field));

	assert_non_null(s);
	return s;
}

static int64_t
draft_of(struct desk *k, int64_t ticket, json_t *args)
{
	json_object_set_new(args, "ticket", json_integer(number_of(k, ticket)));
	return json_integer_value(
		json_object_get(act(k, &k->op, "draft.new", args), "draft"));
}

/* A letter of any reply, of a template, and with texts that are being written:
 * what is shown is what is sent. */
static void
preview_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	const struct mdg_template_row tpl = {
		.id = "t-a",
		.version = 1,
		.title = "題",
		.category = "受付",
		.source = "---\nid: t-a\ntitle: 題\ncategory: 受付\n"
			  "version: 1\nslots: customer.name:name\n---\n"
			  "{{customer.name}} 様\n\n承りました。\nご不明な点が"
			  "ございましたら、お気軽にお知らせください。\n"};
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;

	assert_true(mdg_template_put(k.d->db, &tpl, 1, &err));
	act(&k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:s,s:s,s:s}", "window", "shop", "greeting",
		      "お問い合わせありがとうございます。", "closing",
		      "ご不明な点がございましたら、お気軽にご連絡ください。\n"
		      "よろしくお願いいたします。",
		      "signature", "-- \n窓口"));
	const char *bare = json_string_value(
		json_object_get(act(&k, &mdg_actor_system, "window.preview",
				    json_pack("{s:s}", "window", "shop")),
				"text"));
	assert_non_null(strstr(bare, "本文"));
	assert_non_null(strstr(bare, "お気軽にご連絡ください。"));
	MDG_AUTO(mdg_freep)
	char *shown = mdg_strdup(json_string_value(
		json_object_get(act(&k, &mdg_actor_system, "window.preview",
				    json_pack("{s:s,s:s}", "window", "shop",
					      "template", "t-a")),
				"text")));
	assert_null(strstr(shown, "お気軽にご連絡ください。"));
	int64_t d =
		draft_for(&k, t,
			  "{{customer.name}} 様\n\n承りました。\nご不明な点が"
			  "ございましたら、お気軽にお知らせください。\n");
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d, "body",
		      "太郎 様\n\n承りました。\nご不明な点がございましたら、"
		      "お気軽にお知らせください。\n"));
	const char *text = sent(&k, d, "text");
	assert_string_equal(strchr(text, '\n'), strchr(shown, '\n'));
	/* not set yet, and in no way kept */
	bare = json_string_value(json_object_get(
		act(&k, &mdg_actor_system, "window.preview",
		    json_pack("{s:s,s:s,s:s,s:s}", "window", "shop", "lang",
			      "en", "greeting_en", "Hello from {{window}}.",
			      "closing_en", "")),
		"text"));
	assert_non_null(strstr(bare, "Hello from shop."));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM win WHERE"
				   " greeting_en LIKE 'Hello%'"),
			 0);
	refused(&k, &mdg_actor_system, MDG_EINVAL, "window.preview",
		json_pack("{s:s,s:s}", "window", "shop", "closing",
			  "{{customer.name}}"));
	refused(&k, &mdg_actor_system, MDG_EINVAL, "window.preview",
		json_pack("{s:s,s:i}", "window", "shop", "columns", 201));
	refused(&k, &mdg_actor_system, MDG_ENOENT, "window.preview",
		json_pack("{s:s,s:s}", "window", "shop", "template", "none"));
	close_desk(&k);
}

static void
blocks_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品",
					 "返品したいです。"))
			    .ticket_id;

	act(&k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:s,s:s,s:s}", "window", "shop", "greeting",
		      "お問い合わせありがとうございます。\n{{window}}の"
		      "{{operator}}でございます。\n",
		      "closing", "よろしくお願いいたします。", "signature",
		      "-- \n窓口 受付番号{{ticket}}\n\n"));
	refused(&k, &mdg_actor_system, MDG_EINVAL, "window.set",
		json_pack("{s:s,s:s}", "window", "shop", "closing",
			  "{{customer.name}} 様"));
	refused(&k, &k.sv, MDG_EPERM, "window.letter",
		json_pack("{s:s,s:s}", "window", "shop", "quote", "part"));
	refused(&k, &mdg_actor_system, MDG_EINVAL, "window.letter",
		json_pack("{s:s,s:i}", "window", "shop", "columns", 39));
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");
	const char *text = sent(&k, d, "text");
	assert_non_null(strstr(text, "太郎 様\n\nお問い合わせありがとう"
				     "ございます。\nshopのopでございます。"
				     "\n\n承りました。\n\nよろしくお願い"
				     "いたします。\n\n-- \n窓口 受付番号"));
	assert_null(strstr(text, "{{"));
	close_desk(&k);
}

static void
english_body(const char *url)
{
	struct desk k = open_desk(url, "all");
#define FRONT(id)                                                              \
	"---\nid: " id "\ntitle: 一次回答\ncategory: 受付\nversion: 1\n"
	act(&k, &mdg_actor_system, "template.put",
	    json_pack("{s:s,s:s}", "id", "hold", "source",
		      FRONT("hold") "slots:\n---\n承りました。\n"));
	act(&k, &mdg_actor_system, "template.put",
	    json_pack("{s:s,s:s}", "id", "hold.en", "source",
		      FRONT("hold.en") "slots:\nlanguage: en\n---\n"
				       "Dear customer,\n\nWe are looking "
				       "into it.\n"));
	act(&k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:s}", "window", "shop", "greeting",
		      "お世話になります。"));
	letter(&k, json_pack("{s:s,s:s}", "greeting_en",
			     "Thank you for writing to us.", "closing_en",
			     "Kind regards,"));
	int64_t t = take_in(&k, new_mail("a@c", "john@c.example", "My order",
					 "Where is my order? It is late."))
			    .ticket_id;
	int64_t d = draft_of(&k, t, json_pack("{s:s}", "template", "hold"));
	const char *text = sent(&k, d, "text");
	assert_string_equal(text, "Dear customer,\n\nThank you for writing to "
				  "us.\n\nWe are looking into it.\n\nKind "
				  "regards,\n\nショップ窓口\n");
	/* what it was chosen for is learned of what it is a variant of */
	act(&k, &k.sv, "approve", draft_arg(d));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM learned WHERE"
				   " template_id = 'hold' AND weight > 0"),
			 1);
	/* as asked, whatever the customer writes */
	t = take_in(&k, new_mail("b@c", "anna@c.example", "Help",
				 "Please help me with my printer."))
		    .ticket_id;
	d = draft_of(&k, t,
		     json_pack("{s:s,s:s}", "template", "hold", "lang", "ja"));
	assert_non_null(strstr(sent(&k, d, "text"), "お世話になります。"));
	/* and Japanese as ever */
	t = take_in(&k, new_mail("c@c", "taro@c.example", "返品",
				 "返品したいです。"))
		    .ticket_id;
	d = draft_of(&k, t, json_pack("{s:s}", "template", "hold"));
	assert_non_null(strstr(sent(&k, d, "text"), "承りました。"));
	close_desk(&k);
}

static const char *
quoted(struct desk *k, int64_t ticket, const char *choice)
{
	static int n;
	MDG_AUTO(mdg_freep) char *body = mdg_asprintf("承りました。%d", n++);
	json_t *args = json_pack("{s:s}", "body", body);

	if (choice)
		json_object_set_new(args, "quote", json_string(choice));
	int64_t d = draft_of(k, ticket, args);
	const char *s = sent(k, d, "text");
	const char *at = strstr(s, "\n\n2023年11月15日(水) 07:13 ");
	static char kept[2000];
	snprintf(kept, sizeof(kept), "%s", at ? strchr(at + 2, '\n') + 1 : "");
	act(k, &k->op, "draft.withdraw", draft_arg(d));
	act(k, &k->op, "draft.discard", draft_arg(d));
	return kept;
}

static void
quote_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_mail *m = new_mail("a@c", "taro@c.example", "返品",
				      "一行目\n二行目\n三行目\n\n> 前のメール");
	m->reply = "一行目\n二行目\n三行目\n";
	m->has_date = true;
	m->date_s = 1700000000;
	int64_t t = take_in(&k, m).ticket_id;

	assert_string_equal(quoted(&k, t, NULL), "");
	assert_string_equal(quoted(&k, t, "part"),
			    "> 一行目\n> 二行目\n> 三行目\n");
	assert_string_equal(quoted(&k, t, "2-3"), "> 二行目\n> 三行目\n");
	assert_string_equal(quoted(&k, t, "2"), "> 二行目\n");
	assert_string_equal(quoted(&k, t, "8-9"), "");
	assert_string_equal(quoted(&k, t, "whole"),
			    "> 一行目\n> 二行目\n> 三行目\n>\n>> 前のメール\n");
	refused(&k, &k.op, MDG_EINVAL, "draft.new",
		json_pack("{s:I,s:s,s:s}", "ticket", number_of(&k, t), "body",
			  "x", "quote", "3-2"));
	letter(&k, json_pack("{s:s}", "quote", "part"));
	assert_string_equal(quoted(&k, t, NULL),
			    "> 一行目\n> 二行目\n> 三行目\n");
	assert_string_equal(quoted(&k, t, "none"), "");
	close_desk(&k);
}

static void
lines_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	static const char link[] =
		"https://shop.example/very/long/path/that/is/not/broken/"
		"anywhere/at/all?id=1234567890&lang=ja";
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	MDG_AUTO(mdg_freep)
	char *body = mdg_asprintf(
		"ご注文の商品は、明日の午前中に「発送センター」より、お届け先の"
		"ご住所へお送りいたします。詳しくは %s をご覧ください。",
		link);

	letter(&k, json_pack("{s:i}", "columns", 40));
	int64_t d = draft_for(&k, t, body);
	const char *text = sent(&k, d, "text");
	assert_non_null(strstr(text, link));
	for (const char *p = text; *p; p += strspn(p, "\n")) {
		size_t n = strcspn(p, "\n");
		if (mdg_text_width(p, n) > 40 && !memmem(p, n, "https", 5))
			fail_msg("too wide: %.*s", (int)n, p);
		assert_int_not_equal(strncmp(p, "、", 3), 0);
		assert_int_not_equal(strncmp(p, "」", 3), 0);
		p += n;
	}
	/* what the operator wrote stays unwrapped */
	assert_int_equal(
		count(&k, "SELECT COUNT(*) FROM draft WHERE body LIKE '%\n%'"),
		0);
	close_desk(&k);
}

static void
subject_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example",
					 "ＲＥ：返信: RE[2]: ㈱山の件", "1"))
			    .ticket_id;

	int64_t d = draft_for(&k, t, "承りました。");
	assert_string_equal(sent(&k, d, "subject"), "Re: ㈱山の件");
	letter(&k, json_pack("{s:s}", "tag", "end"));
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d, "body", "改めました。"));
	const char *tagged = sent(&k, d, "subject");
	assert_true(mdg_str_starts(tagged, "Re: ㈱山の件 [#"));
	assert_null(strstr(strchr(tagged, '#') + 1, "#"));
	/* the customer answers under it: still one */
	MDG_AUTO(mdg_freep) char *again = mdg_asprintf("Re: %s", tagged);
	act(&k, &k.op, "draft.withdraw", draft_arg(d));
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d, "subject", again));
	const char *twice = sent(&k, d, "subject");
	assert_string_equal(twice, again + strlen("Re: "));
	close_desk(&k);
}

EACH(a_letter_is_shown_as_it_will_be_sent, preview_body);
EACH(a_reply_stands_among_the_windows_own_words, blocks_body);
EACH(who_writes_in_english_is_answered_in_english, english_body);
EACH(the_part_that_is_answered_is_quoted, quote_body);
EACH(lines_are_wrapped_where_the_window_says, lines_body);
EACH(a_subject_has_one_mark_and_one_tag, subject_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_letter_is_shown_as_it_will_be_sent),
	cmocka_unit_test(a_reply_stands_among_the_windows_own_words),
	cmocka_unit_test(who_writes_in_english_is_answered_in_english),
	cmocka_unit_test(the_part_that_is_answered_is_quoted),
	cmocka_unit_test(lines_are_wrapped_where_the_window_says),
	cmocka_unit_test(a_subject_has_one_mark_and_one_tag),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
