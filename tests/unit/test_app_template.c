/* Templates as actions: taken in, changed, listed, written out, on both
 * engines. */
#include "desk_fixture.h"

static const char table[] =
	"\xEF\xBB\xBFテンプレート名,フォルダ,本文,最終更新\r\n"
	"\"お届け日のご案内\",配送,\"[お客様名]様\r\n\r\n"
	"ご注文番号：○○○○ の商品は、○月○日（○）にお届けします。\r\n"
	"代金は○○円でございます。\r\n【重要】%unknown_word% をご覧ください。\r\n"
	"担当：%agent.name%\",2026/01/02\r\n"
	"\"二つめ, 引用符 \"\"付き\"\"\",受付,{{customer.name}} 様 本文,\r\n";

static const json_t *
template_of(struct desk *k, const char *id)
{
	return json_array_get(json_object_get(act(k, &k->op, "template.export",
						  json_pack("{s:s}", "id", id)),
					      "templates"),
			      0);
}

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void
import_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	const struct mdg_actor *admin = &mdg_actor_system;
	json_t *r =
		act(&k, admin, "template.import",
		    json_pack("{s:s,s:s}", "file", "old.csv", "text", table));
	const json_t *list = json_object_get(r, "templates");

	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_string_value(json_array_get(
				    json_object_get(r, "ignored"), 0)),
			    "最終更新");
	const json_t *first = json_array_get(list, 0);
	assert_string_equal(text_of(first, "notes"), "%unknown_word% = {{x1}}");
	assert_string_equal(text_of(first, "outcome"), "new");
	assert_string_equal(text_of(json_array_get(list, 1), "title"),
			    "二つめ, 引用符 \"付き\"");
	MDG_AUTO(mdg_freep) char *id = mdg_strdup(text_of(first, "id"));
	const json_t *t = template_of(&k, id);
	assert_string_equal(text_of(t, "category"), "配送");
	assert_string_equal(
		text_of(t, "body"),
		"{{customer.name}} 様\n\nご注文番号：{{order.no}} の商品は、"
		"{{date}}にお届けします。\n代金は{{amount}}でございます。\n"
		"【重要】{{x1}} をご覧ください。\n担当：{{operator}}\n");
	/* the same again is no new version, another text is one */
	r = act(&k, admin, "template.import",
		json_pack("{s:s,s:s}", "file", "old.csv", "text", table));
	first = json_array_get(json_object_get(r, "templates"), 0);
	assert_string_equal(text_of(first, "outcome"), "same");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM template"), 2);
	act(&k, admin, "template.import",
	    json_pack("{s:s,s:s}", "file", "メモ.txt", "text",
		      "＜お客様名＞様\n承知いたしました。"));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM template"
				   " WHERE title = 'メモ'"),
			 1);
	refused(&k, admin, MDG_EFORMAT, "template.import",
		json_pack("{s:s,s:s}", "file", "x.csv", "text", "a,b\n1,2\n"));
	refused(&k, &k.sv, MDG_EPERM, "template.import",
		json_pack("{s:s,s:s}", "file", "x.csv", "text", table));
	close_desk(&k);
}

static const char hold[] =
	"---\nid: hold\ntitle: 一次回答\ncategory: 受付\nversion: 1\n"
	"apology_level: 1\nroles: operator, sv\napproval: yes\n"
	"keywords: 確認, 調査\nslots: customer.name:name due.at:datetime\n"
	"next_state: working\ndue_slot: due.at\nexamples:\n"
	"  - まだですか\n  - \"急いで\" います, 至急\n---\n"
	"{{customer.name}} 様\n\n{{due.at}}までにご連絡いたします。\n";

/* A field of a table (RFC 4180). */
static void
put_cell(struct mdg_buf *b, const char *s)
{
	mdg_buf_putc(b, '"');
	for (; *s; s++)
		mdg_buf_printf(b, *s == '"' ? "\"\"" : "%c", *s);
	mdg_buf_putc(b, '"');
}

static void
round_body(const char *url)
{
	static const char *const keys[] = {
		"id",           "title",    "category", "body",
		"slots",        "examples", "keywords", "roles",
		"next_state",   "due_slot", "language", "approval",
		"apology_level"};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf csv = {0};
	struct desk k = open_desk(url, "all");
	const struct mdg_actor *admin = &mdg_actor_system;

	act(&k, admin, "template.import",
	    json_pack("{s:s,s:s}", "file", "hold.txt", "text", hold));
	const json_t *t = template_of(&k, "hold");
	assert_string_equal(text_of(t, "source"), hold);
	for (size_t i = 0; i < MDG_LEN(keys); i++)
		mdg_buf_printf(&csv, "%s%s", i ? "," : "", keys[i]);
	mdg_buf_putc(&csv, '\n');
	for (size_t i = 0; i < MDG_LEN(keys); i++) {
		mdg_buf_puts(&csv, i ? "," : "");
		put_cell(&csv, text_of(t, keys[i]));
	}
	act(&k, admin, "template.import",
	    json_pack("{s:s,s:s}", "file", "all.csv", "text",
		      mdg_buf_str(&csv)));
	/* what was written out comes back as it was */
	assert_string_equal(text_of(template_of(&k, "hold"), "source"), hold);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM template"), 1);
	close_desk(&k);
}

static void
care_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	const struct mdg_actor *admin = &mdg_actor_system;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;

	act(&k, admin, "template.put",
	    json_pack("{s:s,s:s}", "id", "hold", "source", hold));
	MDG_AUTO(mdg_freep) char *newer = mdg_asprintf("%s改\n", hold);
	act(&k, admin, "template.put",
	    json_pack("{s:s,s:s,s:i}", "id", "hold", "source", newer, "version",
		      1));
	/* who edited the older one is told */
	refused(&k, admin, MDG_ECONFLICT, "template.put",
		json_pack("{s:s,s:s,s:i}", "id", "hold", "source", hold,
			  "version", 1));
	json_t *r = act(&k, &k.op, "template.history",
			json_pack("{s:s}", "id", "hold"));
	assert_int_equal(json_array_size(json_object_get(r, "versions")), 2);
	r = act(&k, &k.op, "template.preview",
		json_pack("{s:s,s:{s:s}}", "id", "hold", "slots",
			  "customer.name", "山田"));
	assert_true(mdg_str_starts(text_of(r, "body"), "山田 様\n"));
	assert_string_equal(json_string_value(json_array_get(
				    json_object_get(r, "open"), 0)),
			    "due.at");
	act(&k, admin, "template.keep",
	    json_pack("{s:s,s:s,s:i}", "id", "hold", "owner", "sv", "days", 2));
	const json_t *o = json_array_get(
		json_object_get(act(&k, &k.op, "template.list", json_object()),
				"templates"),
		0);
	assert_string_equal(text_of(o, "owner"), "sv");
	assert_int_equal(json_integer_value(json_object_get(o, "version")), 2);
	assert_true(json_integer_value(json_object_get(o, "expires_s")) >
		    mdg_now_s());
	if (!mdg_clock_advance(3 * 86400)) { /* without --enable-faults */
		close_desk(&k);
		return;
	}

	r = act(&k, &k.op, "template.list", json_object());
	assert_int_equal(json_array_size(json_object_get(r, "templates")), 0);
	r = act(&k, &k.op, "template.list", json_pack("{s:b}", "all", 1));
	o = json_array_get(json_object_get(r, "templates"), 0);
	assert_true(json_is_true(json_object_get(o, "expired")));
	refused(&k, &k.op, MDG_ESTATE, "draft.new",
		json_pack("{s:I,s:s}", "ticket", number_of(&k, t), "template",
			  "hold"));
	close_desk(&k);
}

/* What is offered no more can be found, and offered again. */
static void
retired_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	const struct mdg_actor *admin = &mdg_actor_system;
	json_t *put = json_pack("{s:s,s:s}", "id", "hold", "source", hold);
	json_t *of = json_pack("{s:b}", "retired", 1);

	act(&k, admin, "template.put", json_incref(put));
	const json_t *list = json_object_get(
		act(&k, &k.op, "template.list", json_incref(of)), "templates");
	assert_int_equal(json_array_size(list), 0);
	act(&k, admin, "template.retire", json_pack("{s:s}", "id", "hold"));
	list = json_object_get(act(&k, &k.op, "template.list", json_incref(of)),
			       "templates");
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(text_of(json_array_get(list, 0), "id"), "hold");
	act(&k, admin, "template.put", put);
	list = json_object_get(act(&k, &k.op, "template.list", of),
			       "templates");
	assert_int_equal(json_array_size(list), 0);
	assert_int_equal(count(&k, "SELECT MAX(version) FROM template"), 2);
	close_desk(&k);
}

EACH(what_is_retired_can_be_offered_again, retired_body);
EACH(templates_of_other_desks_become_ours, import_body);
EACH(what_is_written_out_comes_back, round_body);
EACH(a_template_has_versions_an_owner_and_an_end, care_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(templates_of_other_desks_become_ours),
	cmocka_unit_test(what_is_retired_can_be_offered_again),
	cmocka_unit_test(what_is_written_out_comes_back),
	cmocka_unit_test(a_template_has_versions_an_owner_and_an_end),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
