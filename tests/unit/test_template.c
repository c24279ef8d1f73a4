#include "t.h"

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/lint.h"
#include "madoguchi/reply/suggest.h"
#include "madoguchi/reply/template_import.h"

static const char *
templates_dir(struct mdg_arena *a)
{
	const char *top = getenv("top_srcdir");

	return mdg_arena_printf(a, "%s/templates", top ? top : ".");
}

static const char good[] = "---\n"
			   "id: t-1\n"
			   "title: 題\n"
			   "category: 受付\n"
			   "version: 3\n"
			   "apology_level: 2\n"
			   "approval: yes\n"
			   "slots: customer.name:name due.at:date\n"
			   "examples:\n"
			   "  - 例一\n"
			   "  - 例二: コロン\n"
			   "---\n"
			   "{{customer.name}} 様\n"
			   "\n"
			   "{{ due.at }}まで\n";

static void
a_template_is_read_with_its_front_matter(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_template t;
	struct mdg_err err;

	(void)state;
	assert_true(mdg_template_parse("x.txt", good, &a, &t, &err));
	assert_string_equal(t.id, "t-1");
	assert_int_equal(t.version, 3);
	assert_int_equal(t.apology_level, 2);
	assert_true(t.needs_approval);
	assert_int_equal(t.examples.n, 2);
	assert_string_equal(t.examples.v[1], "例二: コロン");
	assert_int_equal(t.slots.n, 2);
	assert_string_equal(t.slots.v[1], "due.at");
	assert_string_equal(t.slot_types.v[1], "date");
	assert_string_equal(t.body,
			    "{{customer.name}} 様\n\n{{ due.at }}まで\n");
}

static void
assert_refused(const char *text, const char *at)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_template t;
	struct mdg_err err;
	char out[1000];

	assert_false(mdg_template_parse("x.txt", text, &a, &t, &err));
	mdg_err_text(&err, MDG_LANG_EN, out, sizeof(out));
	if (!strstr(out, at))
		fail_msg("%s not in: %s", at, out);
}

static void
errors_name_file_and_line(void **state)
{
	(void)state;
	assert_refused("hello\n", "x.txt: line 1");
	assert_refused("---\nid: a\nnonsense: b\n---\n", "line 3");
	assert_refused("---\nid: a\nversion: many\n---\n", "line 3");
	assert_refused("---\nid: a\n", "---");
	assert_refused("---\nid: a\ntitle: b\ncategory: c\n---\nx", "version");
	assert_refused("---\nid: a\ntitle: b\ncategory: c\nversion: 1\n---\n"
		       "x\n{{y}}\n",
		       "{{y}}");
	assert_refused("---\nslots: a:nonsense\n---\n", "line 2");
	assert_refused("\xFF", "UTF-8");
}

static void
unfilled_slots_stay_and_are_reported_once(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	struct mdg_slot_values v = {0};
	struct mdg_strings open = {0};
	struct mdg_template t = {.body = "{{a}} {{ b }} {{b}} {{e}} {{"};

	(void)state;
	mdg_slot_values_put(&v, &a, "a", "<1>");
	mdg_slot_values_put(&v, &a, "e", "");
	mdg_template_render(&t, &v, &out, &open, &a);
	assert_string_equal(mdg_buf_str(&out), "<1> {{b}} {{b}} {{e}} {{");
	assert_int_equal(open.n, 2);
	assert_string_equal(open.v[0], "b");
	assert_string_equal(open.v[1], "e");
}

/* Values as an operator would put them. */
static const char *
sample_value(const char *type, bool english)
{
	static const struct {
		const char *type, *value, *english;
	} values[] = {
		{"text", "ご質問の内容", "your question"},
		{"lines", "・一つ目\n・二つ目", "- The first\n- The second"},
		{"steps", "1. 電源を入れます。\n2. 設定を押します。",
		 "1. Turn it on.\n2. Press Settings."},
		{"name", "田中 一郎", "Mary Brown"},
		{"date", "11月24日（火）", "November 24"},
		{"datetime", "11月24日（火）17時", "5 p.m. on November 24"},
		{"money", "3,850円", "3,850 yen"},
		{"phone", "03-0000-0000", NULL},
		{"url", "https://example.jp/a", NULL},
		{"order_no", "12345678", NULL},
		{"model", "MD-512X", NULL},
		{"error_code", "E-21", NULL},
	};
	for (size_t i = 0; i < MDG_LEN(values); i++)
		if (mdg_streq(values[i].type, type))
			return english && values[i].english ? values[i].english
							    : values[i].value;
	return "";
}

static void
every_template_of_ours_is_whole_and_impeccable(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_template *v;
	struct mdg_words *words = NULL;
	struct mdg_lint *lint;
	struct mdg_err err = {0};
	size_t n, wrong = 0;

	(void)state;
	if (!mdg_template_load_dir(templates_dir(&a), &a, &v, &n, &err))
		fail_msg("%s", mdg_err_text(&err, MDG_LANG_EN, (char[1000]){0},
					    1000));
	assert_true(n >= 42);
	mdg_words_open(&words, NULL);
	assert_true(mdg_lint_open(&lint, words, NULL));
	for (size_t i = 0; i < n; i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
		struct mdg_slot_values values = {0};
		struct mdg_strings missing = {0};
		struct mdg_findings f;
		assert_true(v[i].examples.n >= 5);
		assert_true(mdg_str_starts(
			v[i].body, *v[i].language ? "Dear {{customer.name}},\n"
						  : "{{customer.name}} 様\n"));
		for (size_t k = 0; k < v[i].slots.n; k++)
			mdg_slot_values_put(&values, &a, v[i].slots.v[k],
					    sample_value(v[i].slot_types.v[k],
							 *v[i].language));
		mdg_template_render(&v[i], &values, &out, &missing, &a);
		assert_int_equal(missing.n, 0);
		struct mdg_lint_input in = {.text = mdg_buf_str(&out),
					    .n = out.len,
					    .now_s = 1795230000};
		mdg_lint_run(lint, &in, &a, &f);
		/* greeting, closing and signature come from the window */
		for (size_t k = 0; k < f.n; k++)
			if (f.v[k].severity >= MDG_LINT_WARN &&
			    !mdg_str_starts(f.v[k].rule, "letter.no-")) {
				print_message("%s: %s\n", v[i].id, f.v[k].rule);
				wrong++;
			}
	}
	mdg_lint_close(&lint);
	mdg_words_close(&words);
	assert_int_equal(wrong, 0);
}

static const struct mdg_template *
find_template(const struct mdg_template *v, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (mdg_streq(v[i].id, id))
			return &v[i];
	return NULL;
}

/* The same is filled in, promised and allowed, whatever the language. */
static void
an_english_variant_asks_for_what_its_base_asks_for(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_template *v;
	size_t n, variants = 0;

	(void)state;
	assert_true(mdg_template_load_dir(templates_dir(&a), &a, &v, &n, NULL));
	for (size_t i = 0; i < n; i++) {
		if (!*v[i].language)
			continue;
		const struct mdg_template *base =
			find_template(v, n, mdg_template_base_id(&v[i], &a));
		assert_non_null(base);
		assert_ptr_not_equal(base, &v[i]);
		assert_string_equal(v[i].category, base->category);
		assert_string_equal(v[i].roles, base->roles);
		assert_string_equal(v[i].due_slot, base->due_slot);
		assert_int_equal(v[i].apology_level, base->apology_level);
		assert_int_equal(v[i].needs_approval, base->needs_approval);
		assert_int_equal(v[i].slots.n, base->slots.n);
		for (size_t k = 0; k < base->slots.n; k++) {
			assert_string_equal(v[i].slots.v[k], base->slots.v[k]);
			assert_string_equal(v[i].slot_types.v[k],
					    base->slot_types.v[k]);
		}
		for (const char *p = v[i].body; *p; p++)
			assert_true((unsigned char)*p < 0x80);
		assert_non_null(strstr(mdg_template_known_by(base, v, n, &a),
				       v[i].examples.v[4]));
		variants++;
	}
	assert_true(variants >= 16);
}

static void
a_template_is_for_the_windows_it_names(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_suggest *s = mdg_suggest_new(NULL);
	const struct mdg_suggest_doc docs[] = {
		{.id = "a", .title = "返品のご案内", .body = "",
		 .windows = "shop, outlet"},
		{.id = "b", .title = "返品の手順", .body = ""},
	};
	struct mdg_suggestion *v;

	(void)state;
	assert_true(mdg_template_is_for("", "shop"));
	assert_true(mdg_template_is_for("shop, outlet", "outlet"));
	assert_true(mdg_template_is_for(" outlet", "outlet"));
	assert_false(mdg_template_is_for("shop, outlet", "out"));
	assert_false(mdg_template_is_for("outlets", "outlet"));
	assert_false(mdg_template_is_for(" , ", "shop"));
	for (size_t i = 0; i < MDG_LEN(docs); i++)
		assert_true(mdg_suggest_add(s, &docs[i], NULL));
	assert_int_equal(mdg_suggest_rank(s, "返品", NULL, 3, &a, &v), 2);
	assert_int_equal(mdg_suggest_rank(s, "返品", "shop", 3, &a, &v), 2);
	assert_int_equal(mdg_suggest_rank(s, "返品", "main", 3, &a, &v), 1);
	assert_string_equal(v[0].id, "b");
	assert_true(v[0].confidence > 0);
	mdg_suggest_free(&s);
}

static void
an_approved_reply_teaches_at_once(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_suggest *s = mdg_suggest_new(NULL);
	const struct mdg_suggest_doc docs[] = {
		{.id = "a", .title = "返品のご案内", .body = ""},
		{.id = "b", .title = "配送のご案内", .body = ""},
	};
	struct mdg_suggestion *v;
	struct mdg_err err;

	(void)state;
	assert_true(mdg_suggest_add(s, &docs[0], &err));
	assert_true(mdg_suggest_add(s, &docs[1], &err));
	assert_false(mdg_suggest_add(s, &docs[1], &err));
	assert_int_equal(err.code, MDG_EEXIST);
	assert_int_equal(mdg_suggest_rank(s, "荷物が迷子", NULL, 3, &a, &v), 0);
	assert_true(mdg_suggest_learn(
		s, &(struct mdg_suggest_past){"b", "荷物が迷子です", "A1-7", 1},
		&err));
	assert_false(mdg_suggest_learn(
		s, &(struct mdg_suggest_past){"zz", "x", NULL, 1}, &err));
	assert_int_equal(mdg_suggest_rank(s, "荷物が迷子", NULL, 3, &a, &v), 1);
	assert_string_equal(v[0].id, "b");
	assert_true(v[0].why_n >= 2);
	assert_string_equal(v[0].why[v[0].why_n - 1], "past: A1-7");
	assert_int_equal(mdg_suggest_rank(s, "", NULL, 3, &a, &v), 0);
	mdg_suggest_free(&s);
}

static void
placeholders_of_other_desks_become_slots(void **state)
{
	static const struct {
		const char *in, *out, *note;
	} cases[] = {
		{"{{name}}様", "{{customer.name}} 様", NULL},
		{"{{ due.at }}まで", "{{due.at}}まで", NULL},
		{"%name% 様", "{{customer.name}} 様", NULL},
		{"{name} 様", "{{customer.name}} 様", NULL},
		{"{%customer.fullName,fallback=x%}", "{{customer.name}}", NULL},
		{"%{recipient.name} #%{ticket.number}",
		 "{{customer.name}} #{{ticket}}", NULL},
		{"${order_id}", "{{order.no}}", NULL},
		{"[お客様名]様", "{{customer.name}} 様", NULL},
		{"【氏名】様", "{{customer.name}} 様", NULL},
		{"【重要】お知らせ", "【重要】お知らせ", NULL},
		{"＜注文番号＞", "{{order.no}}", NULL},
		{"○○様", "{{customer.name}} 様", NULL},
		{"〇〇　様", "{{customer.name}} 様", NULL},
		{"◯◯◯円", "{{amount}}", NULL},
		{"追跡番号は○○○○です", "追跡番号は{{tracking.no}}です", NULL},
		{"○月○日と○○月○○日（○）", "{{date}}と{{date2}}", NULL},
		{"○ 一つ目\n○ 二つ目", "○ 一つ目\n○ 二つ目", NULL},
		{"送料は50%です。100%保証", "送料は50%です。100%保証", NULL},
		{"{{ほか}}と{{ほか}}", "{{x1}}と{{x1}}", "{{ほか}} = {{x1}}"},
		{"a < b > c", "a < b > c", NULL},
		{"＿＿＿＿＿＿＿＿＿＿＿＿＿＿", "＿＿＿＿＿＿＿＿＿＿＿＿＿＿",
		 NULL},
	};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(cases); i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
		struct mdg_strings notes = {0};
		mdg_template_map_slots(cases[i].in, &a, &out, &notes);
		assert_string_equal(mdg_buf_str(&out), cases[i].out);
		assert_int_equal(notes.n, cases[i].note ? 1 : 0);
		if (notes.n)
			assert_string_equal(notes.v[0], cases[i].note);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_template_is_read_with_its_front_matter),
		cmocka_unit_test(errors_name_file_and_line),
		cmocka_unit_test(placeholders_of_other_desks_become_slots),
		cmocka_unit_test(unfilled_slots_stay_and_are_reported_once),
		cmocka_unit_test(
			every_template_of_ours_is_whole_and_impeccable),
		cmocka_unit_test(
			an_english_variant_asks_for_what_its_base_asks_for),
		cmocka_unit_test(a_template_is_for_the_windows_it_names),
		cmocka_unit_test(an_approved_reply_teaches_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
