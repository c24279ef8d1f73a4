/*
 * Cases live in tests/data/class_cases.txt: "== class name", with "!" behind
 * the class if automatic mail must not answer; then the mail.
 */
#include "t.h"

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/class.h"
#include "madoguchi/mail/headers.h"
#include "madoguchi/mail/param.h"

static const char *OWN[] = {"support@example.co.jp", "info@example.co.jp"};

static enum mdg_mail_class
decide(const char *mail, struct mdg_class_why *why)
{
	struct mdg_arena a = {0};
	struct mdg_headers h;
	struct mdg_params type = {.value = ""};
	struct mdg_addresses from = {0};
	struct mdg_class_input in = {.headers = &h, .own = {OWN, MDG_LEN(OWN)}};

	mdg_headers_scan(mdg_span_str(mail), &a, &h);
	const struct mdg_header *ct = mdg_headers_find(&h, "Content-Type", 0);
	if (ct)
		mdg_params_parse(ct->raw, &a, &type);
	const struct mdg_header *f = mdg_headers_find(&h, "From", 0);
	if (f)
		mdg_addr_parse(f->raw, &a, &from, NULL);
	in.subject = mdg_headers_text(&h, "Subject", 0, &a);
	in.content_type = type.value;
	in.report_type = ct ? mdg_params_get(&type, "report-type") : NULL;
	in.from = from.n ? from.v[0].address : NULL;
	in.from_name = from.n ? from.v[0].name : NULL;
	in.reply = in.text = mail + h.end;
	in.has_delivery_status = mdg_headers_find(&h, "X-T-Status", 0);
	in.has_feedback_report = mdg_headers_find(&h, "X-T-Feedback", 0);
	in.has_own_token = mdg_headers_find(&h, "X-T-Token", 0);
	enum mdg_mail_class c = mdg_class_decide(&in, why);
	mdg_arena_clear(&a);
	return c;
}

static bool
case_holds(const char *head, const char *mail)
{
	char want[40];
	struct mdg_class_why why;
	size_t n = strcspn(head, " ");
	bool no_auto = n > 0 && head[n - 1] == '!';

	snprintf(want, sizeof(want), "%.*s", (int)(n - no_auto), head);
	assert_int_not_equal(mdg_mail_class_from_name(want), MDG_CLASS_N);
	enum mdg_mail_class c = decide(mail, &why);
	bool ok = mdg_streq(mdg_mail_class_name(c), want) &&
		  why.no_auto_reply == no_auto;
	if (!ok)
		print_message("--- %s: got %s%s by %s\n", head,
			      mdg_mail_class_name(c),
			      why.no_auto_reply ? "!" : "", why.rule);
	return ok;
}

static void
mails_of_known_kinds_get_their_class(void **state)
{
	(void)state;
	char path[500], line[4000], head[300] = "";
	const char *top = getenv("top_srcdir");
	MDG_AUTO(mdg_buf_clear) struct mdg_buf mail = {0};
	size_t n = 0, failed = 0;

	snprintf(path, sizeof(path), "%s/tests/data/class_cases.txt",
		 top ? top : "..");
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (line[0] == '#' && n == 0)
			continue;
		if (strncmp(line, "== ", 3) != 0) {
			mdg_buf_puts(&mail, line);
			continue;
		}
		if (n++ > 0)
			failed += !case_holds(head, mdg_buf_str(&mail));
		mdg_buf_reset(&mail);
		line[strcspn(line, "\n")] = '\0';
		snprintf(head, sizeof(head), "%.250s", line + 3);
	}
	fclose(f);
	failed += !case_holds(head, mdg_buf_str(&mail));
	print_message("%zu cases, %zu failed\n", n, failed);
	assert_int_equal(failed, 0);
	assert_true(n >= 50);
}

static void
nothing_at_all_is_ordinary_and_gets_no_answer(void **state)
{
	(void)state;
	struct mdg_class_input in = {0};
	struct mdg_class_why why;

	assert_int_equal(mdg_class_decide(&in, &why), MDG_CLASS_ORDINARY);
	assert_true(why.no_auto_reply);
	assert_int_equal(mdg_class_decide(&in, NULL), MDG_CLASS_ORDINARY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mails_of_known_kinds_get_their_class),
		cmocka_unit_test(nothing_at_all_is_ordinary_and_gets_no_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
