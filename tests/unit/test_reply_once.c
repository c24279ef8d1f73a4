/* A letter says its greeting and its closing once, whoever wrote them. */
#include <dirent.h>

#include "t.h"

#include "madoguchi/app/reply.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/template.h"

static const char *
joined(const char *body, const char *greeting, const char *closing,
       struct mdg_arena *a)
{
	const struct mdg_draft draft = {.body = body};
	const struct mdg_letter l = {.greeting = greeting,
				     .closing = closing,
				     .signature = "",
				     .columns = 70,
				     .operator_name = "田中"};
	struct mdg_reply_text t;

	mdg_reply_join(&draft, &l, a, &t);
	/* the body is where it is said to be */
	assert_true(t.rest_at + t.rest_n <=
		    mdg_utf8_len(t.text, strlen(t.text)));
	const char *in_text =
		t.text + mdg_utf8_offset(t.text, strlen(t.text), t.rest_at);
	const char *in_body =
		body + mdg_utf8_offset(body, strlen(body), t.rest_from);
	size_t n = mdg_utf8_offset(in_text, strlen(in_text), t.rest_n);
	assert_memory_equal(in_text, in_body, n);
	return t.text;
}

#define HELLO                                                                        \
	"お問い合わせいただき、誠にありがとうございます。\n" \
	"みどり電機 お客様窓口の田中でございます。"
#define BYE                                                                                         \
	"ご不明な点がございましたら、お気軽にお問い合わせください。\n" \
	"何卒よろしくお願い申し上げます。"

static void
what_the_body_says_is_not_said_again(void **state)
{
	static const struct {
		const char *body, *greeting, *closing, *want;
	} cases[] = {
		/* both stand around a body that does neither */
		{"鈴木 様\n\n本日発送いたしました。", HELLO, BYE,
		 "鈴木 様\n\n" HELLO "\n\n本日発送いたしました。\n\n" BYE "\n"},
		/* a bare 結び of a template */
		{"鈴木 様\n\n本日発送いたしました。\n何卒よろしくお願い申し"
		 "上げます。\n",
		 HELLO, BYE,
		 "鈴木 様\n\n" HELLO "\n\n本日発送いたしました。\n\n" BYE "\n"},
		{"鈴木 様\n\n本日発送いたしました。\n\n今後ともどうぞよろしく"
		 "お願いいたします。",
		 "", "よろしくお願いいたします。",
		 "鈴木 様\n\n本日発送いたしました。\n\nよろしくお願いいたします"
		 "。\n"},
		/* … that says more */
		{"鈴木 様\n\nご確認のほど、よろしくお願いいたします。", "", BYE,
		 "鈴木 様\n\nご確認のほど、よろしくお願いいたします。\n\n"
		 "ご不明な点がございましたら、お気軽にお問い合わせください。"
		 "\n"},
		{"鈴木 様\n\nお待たせいたしますが、何卒よろしくお願いいたします"
		 "。",
		 "", "今後ともみどり電機をよろしくお願いいたします。",
		 "鈴木 様\n\nお待たせいたしますが、何卒よろしくお願いいたします"
		 "。\n"},
		/* the offer to write again */
		{"鈴木 様\n\n以上でございます。ほかにもご不明な点がございまし"
		 "たら、いつでもお知らせください。",
		 "", BYE,
		 "鈴木 様\n\n以上でございます。ほかにもご不明な点がございまし"
		 "たら、いつでもお知らせください。\n\n何卒よろしくお願い申し上"
		 "げます。\n"},
		/* the greeting */
		{"鈴木 様\n\nこのたびは加湿器についてお問い合わせいただき、あり"
		 "がとうございます。\n在庫がございます。",
		 HELLO, "",
		 "鈴木 様\n\nみどり電機 お客様窓口の田中でございます。\n\nこの"
		 "たびは加湿器についてお問い合わせいただき、ありがとうございま"
		 "す。\n在庫がございます。\n"},
		{"鈴木 様\n\nいつもお世話になっております。\nみどり電機の田中で"
		 "す。\n\n在庫がございます。",
		 "お世話になっております。みどり電機の田中と申します。", "",
		 "鈴木 様\n\nいつもお世話になっております。\nみどり電機の田中で"
		 "す。\n\n在庫がございます。\n"},
		/* a request is no 結び, a mail in the middle no greeting */
		{"鈴木 様\n\n12月3日までにご返信くださいますようお願いいたし"
		 "ます。",
		 "", "よろしくお願いいたします。",
		 "鈴木 様\n\n12月3日までにご返信くださいますようお願いいたし"
		 "ます。\n\nよろしくお願いいたします。\n"},
		/* English */
		{"Dear Ms. Brown,\n\nThank you for contacting us about your "
		 "order. It was shipped today.\n\nKind regards,",
		 "Thank you for your message.\nMy name is 田中.",
		 "Please let us know if you have any questions.\n\nBest "
		 "regards,",
		 "Dear Ms. Brown,\n\nMy name is 田中.\n\nThank you for "
		 "contacting us about your order. It was shipped today.\n\n"
		 "Please let us know if you have any questions.\n\nBest "
		 "regards,\n"},
		{"Dear Ms. Brown,\n\nIt was shipped today. Please feel free to "
		 "contact us if you have any further questions.",
		 "",
		 "Please let us know if you have any questions.\n\nBest "
		 "regards,",
		 "Dear Ms. Brown,\n\nIt was shipped today. Please feel free to "
		 "contact us if you have any further questions.\n\nBest "
		 "regards,\n"},
	};
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(joined(cases[i].body, cases[i].greeting,
					   cases[i].closing, &a),
				    cases[i].want);
}

static size_t
times(const char *s, const char *word)
{
	size_t n = 0;

	for (; (s = strstr(s, word)); s += strlen(word))
		n++;
	return n;
}

/* How often the letter says what is to be said once. */
static void
check_letter(const char *id, const char *text, bool greets, bool closes)
{
	static const char *const once[] = {"よろしくお願い",
					   "お問い合わせいただき、誠に",
					   "ありがとうございます。\nみどり電機",
					   "田中でございます",
					   "お気軽に",
					   "regards",
					   "Thank you for contacting",
					   "My name is",
					   "let us know if you have any"};

	for (size_t i = 0; i < sizeof(once) / sizeof(*once); i++)
		if (times(text, once[i]) > 1)
			fail_msg("%s: %s twice in\n%s", id, once[i], text);
	if (greets && !strstr(text, "田中でございます") &&
	    !strstr(text, "My name is"))
		fail_msg("%s: no greeting in\n%s", id, text);
	if (closes && !strstr(text, "よろしくお願い") &&
	    !strstr(text, "regards"))
		fail_msg("%s: no closing in\n%s", id, text);
	if (strstr(text, "\n\n\n"))
		fail_msg("%s: an empty stretch in\n%s", id, text);
}

static void
check_template(const char *path, struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf source = {0};
	struct mdg_template t;
	struct mdg_err err;
	char part[4096];
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		mdg_buf_put(&source, part, n);
	fclose(f);
	if (!mdg_template_parse("x", mdg_buf_str(&source), a, &t, &err))
		fail_msg("%s", err.text);
	const bool en = mdg_str_ends(path, ".en.txt");
	for (int k = 0; k < 4; k++) {
		const bool greets = k & 1, closes = k & 2;
		const char *hello = en ? "Thank you for contacting us.\nMy "
					 "name is 田中."
				       : HELLO;
		const char *bye = en ? "Please let us know if you have any "
				       "questions.\n\nKind regards,"
				     : BYE;
		check_letter(path,
			     joined(t.body, greets ? hello : "",
				    closes ? bye : "", a),
			     greets, closes);
	}
}

static void
every_template_greets_and_closes_once_under_every_window(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *top = getenv("top_srcdir");
	MDG_AUTO(mdg_freep)
	char *dir = mdg_asprintf("%s/templates", top ? top : ".");
	DIR *d = opendir(dir);
	const struct dirent *e;
	size_t n = 0;

	(void)state;
	assert_non_null(d);
	while ((e = readdir(d))) {
		if (!mdg_str_ends(e->d_name, ".txt"))
			continue;
		check_template(mdg_arena_printf(&a, "%s/%s", dir, e->d_name),
			       &a);
		n++;
	}
	closedir(d);
	assert_true(n >= 58);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_body_says_is_not_said_again),
		cmocka_unit_test(
			every_template_greets_and_closes_once_under_every_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
