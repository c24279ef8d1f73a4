/*
 * Cases live in tests/data/bounce_cases.txt: "== name"; what is expected as
 * "! address action status kind reason" and "! id …"; then the parts of the
 * report behind "@headers", "@status", "@human", "@returned".
 */
#include "t.h"

#include <time.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/bounce.h"
#include "madoguchi/mail/headers.h"

enum { HEADERS, STATUS, HUMAN, RETURNED, PART_N };

static const char *const PART_NAMES[PART_N] = {"@headers", "@status", "@human",
					       "@returned"};

struct one_case {
	char name[200];
	struct mdg_buf want, part[PART_N];
	int now;
};

static void
case_clear(struct one_case *c)
{
	mdg_buf_clear(&c->want);
	for (int i = 0; i < PART_N; i++)
		mdg_buf_clear(&c->part[i]);
	memset(c, 0, sizeof(*c));
	c->now = -1;
}

static const char *
part(const struct one_case *c, int i)
{
	return c->part[i].len ? mdg_buf_str(&c->part[i]) : NULL;
}

static bool
case_holds(const struct one_case *c)
{
	struct mdg_arena a = {0};
	struct mdg_headers h = {0};
	struct mdg_bounce_input in = {.headers = &h};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf got = {0};

	mdg_headers_scan(mdg_buf_span(&c->part[HEADERS]), &a, &h);
	in.subject = mdg_headers_text(&h, "Subject", 0, &a);
	in.status_text = part(c, STATUS);
	in.human_text = part(c, HUMAN);
	in.returned = part(c, RETURNED);
	struct mdg_bounce *b = mdg_bounce_parse(&in, &a);
	for (size_t i = 0; i < b->n; i++) {
		const struct mdg_bounce_recipient *r = &b->recipients[i];
		mdg_buf_printf(&got, "! %s %s %s %s %s\n", r->address,
			       r->action, r->status ? r->status : "-",
			       r->hard ? "hard" : "soft", r->reason);
	}
	if (b->original_message_id)
		mdg_buf_printf(&got, "! id %s\n", b->original_message_id);
	bool ok = mdg_streq(mdg_buf_str(&got), mdg_buf_str(&c->want));
	if (!ok) {
		print_message("--- %s: wanted\n%s--- got\n%s", c->name,
			      mdg_buf_str(&c->want), mdg_buf_str(&got));
		for (size_t i = 0; i < b->n; i++)
			print_message("    %s\n",
				      b->recipients[i].diagnostic
					      ? b->recipients[i].diagnostic
					      : "(none)");
	}
	mdg_arena_clear(&a);
	return ok;
}

static void
case_line(struct one_case *c, const char *line)
{
	if (c->now < 0 && line[0] == '!') {
		mdg_buf_puts(&c->want, line);
		return;
	}
	for (int i = 0; i < PART_N; i++)
		if (mdg_str_starts(line, PART_NAMES[i])) {
			c->now = i;
			return;
		}
	assert_true(c->now >= 0);
	mdg_buf_puts(&c->part[c->now], line);
}

static void
reports_of_known_servers_are_read(void **state)
{
	(void)state;
	char path[500], line[4000];
	const char *top = getenv("top_srcdir");
	struct one_case c = {.now = -1};
	size_t n = 0, failed = 0;

	snprintf(path, sizeof(path), "%s/tests/data/bounce_cases.txt",
		 top ? top : "..");
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (line[0] == '#' && n == 0)
			continue;
		if (strncmp(line, "== ", 3) != 0) {
			case_line(&c, line);
			continue;
		}
		if (n++ > 0)
			failed += !case_holds(&c);
		case_clear(&c);
		line[strcspn(line, "\n")] = '\0';
		snprintf(c.name, sizeof(c.name), "%.150s", line + 3);
	}
	fclose(f);
	failed += !case_holds(&c);
	case_clear(&c);
	print_message("%zu cases, %zu failed\n", n, failed);
	assert_int_equal(failed, 0);
	assert_true(n >= 40);
}

static void
nothing_to_read_gives_an_empty_report(void **state)
{
	(void)state;
	struct mdg_arena a = {0};
	struct mdg_bounce_input in = {0};
	struct mdg_bounce *b = mdg_bounce_parse(&in, &a);

	assert_non_null(b);
	assert_int_equal(b->n, 0);
	assert_null(b->original_message_id);
	mdg_arena_clear(&a);
}

static void
recipients_are_limited(void **state)
{
	(void)state;
	struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf s = {0};

	mdg_buf_puts(&s, "Reporting-MTA: dns; mx.example.jp\n\n");
	for (int i = 0; i < 300; i++)
		mdg_buf_printf(&s,
			       "Final-Recipient: rfc822; u%d@example.com\n"
			       "Action: failed\nStatus: 5.1.1\n\n",
			       i);
	struct mdg_bounce_input in = {.status_text = mdg_buf_str(&s)};
	struct mdg_bounce *b = mdg_bounce_parse(&in, &a);
	assert_int_equal(b->n, MDG_BOUNCE_RECIPIENTS_MAX);
	mdg_arena_clear(&a);
}

static void
hostile_text_costs_time_in_proportion_to_its_length(void **state)
{
	(void)state;
	static const char *const units[] = {
		"@",
		"a@",
		"\"@",
		"@\n",
		"a@b.example\n",
		"message-id\n",
		"Message-ID: <\n",
		"\n",
		"Final-Recipient: rfc822; a@b.example\n",
		" a",
		"Status: 5.1.1\n\n",
		"2.0.",
		"<a@b.example>: 550\n\n"};

	for (size_t i = 0; i < MDG_LEN(units); i++) {
		struct mdg_arena a = {0};
		MDG_AUTO(mdg_buf_clear) struct mdg_buf s = {0};
		while (s.len < (2u << 20))
			mdg_buf_puts(&s, units[i]);
		const char *t = mdg_buf_str(&s);
		struct mdg_bounce_input in = {
			.status_text = t, .human_text = t, .returned = t};
		clock_t t0 = clock();
		mdg_bounce_parse(&in, &a);
		/* far above what it takes, far below anything quadratic */
		assert_true(clock() - t0 < 30 * CLOCKS_PER_SEC);
		assert_true(a.used_bytes < 40 * s.len);
		mdg_arena_clear(&a);
	}
}

static void
reasons_have_names(void **state)
{
	(void)state;
	size_t n = 0;

	while (mdg_bounce_reason_name((unsigned)n))
		n++;
	assert_int_equal(n, 14);
	assert_string_equal(mdg_bounce_reason_name(0), "user_unknown");
}

static void
what_the_bounced_mail_answered_is_told(void **state)
{
	(void)state;
	struct mdg_arena a = {0};
	struct mdg_bounce_input in = {
		.subject = "Undelivered Mail Returned to Sender",
		.human_text = "The mail could not be delivered.",
		.returned = "Message-ID: <out1@shop.example>\n"
			    "References: <root@c.example>\n <mid@c.example>\n"
			    "In-Reply-To: <mid@c.example>\n"
			    "Subject: Re: x\n\nbody\n",
	};
	struct mdg_bounce *b = mdg_bounce_parse(&in, &a);

	assert_string_equal(b->original_message_id, "out1@shop.example");
	assert_int_equal(b->original_references.n, 2);
	assert_string_equal(b->original_references.v[0], "root@c.example");
	in.returned = NULL;
	in.human_text = "失敗しました。\n\n--- 元のメール ---\n"
			"In-Reply-To: <mid@c.example>\nMessage-ID: "
			"<out1@shop.example>\n";
	b = mdg_bounce_parse(&in, &a);
	assert_int_equal(b->original_references.n, 1);
	mdg_arena_clear(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_bounced_mail_answered_is_told),
		cmocka_unit_test(reports_of_known_servers_are_read),
		cmocka_unit_test(nothing_to_read_gives_an_empty_report),
		cmocka_unit_test(recipients_are_limited),
		cmocka_unit_test(reasons_have_names),
		cmocka_unit_test(
			hostile_text_costs_time_in_proportion_to_its_length),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
