/*
 * Cases live in tests/data/quote_cases.txt: each line of a mail with the part
 * it belongs to in front ("r|", "q|", "s|"), so that a case is its own answer.
 */
#include "t.h"

#include <time.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/mail/quote.h"

struct one_case {
	char name[200];
	bool is_reply;
	struct mdg_buf text, part[3];
};

static const char PARTS[] = "rqs";

static void
case_clear(struct one_case *c)
{
	mdg_buf_clear(&c->text);
	for (int i = 0; i < 3; i++)
		mdg_buf_clear(&c->part[i]);
	memset(c, 0, sizeof(*c));
}

/* Only lines that hold something: blank ones may go either way. */
static void
put_lines(struct mdg_buf *b, const char *s)
{
	while (*s) {
		size_t n = strcspn(s, "\n");
		size_t k = n;
		while (k > 0 && s[k - 1] == ' ')
			k--;
		if (k > 0) {
			mdg_buf_put(b, s, k);
			mdg_buf_putc(b, '\n');
		}
		s += n + (s[n] == '\n');
	}
}

static bool
same(const struct one_case *c, int part, const char *got)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf a = {0}, b = {0};

	put_lines(&a, mdg_buf_str(&c->part[part]));
	put_lines(&b, got);
	if (!strcmp(mdg_buf_str(&a), mdg_buf_str(&b)))
		return true;
	print_message("--- %s, part %c: wanted\n%s--- got\n%s", c->name,
		      PARTS[part], mdg_buf_str(&a), mdg_buf_str(&b));
	return false;
}

static bool
case_holds(const struct one_case *c)
{
	struct mdg_arena a = {0};
	struct mdg_quote_parts p;

	mdg_quote_split(mdg_buf_str(&c->text), c->is_reply, &a, &p);
	bool ok = same(c, 0, p.reply) & same(c, 1, p.quoted) &
		  same(c, 2, p.signature);
	if (!ok)
		print_message("    by %s\n", p.rule);
	mdg_arena_clear(&a);
	return ok;
}

static void
case_line(struct one_case *c, char *line)
{
	const char *at = strchr(PARTS, line[0]);
	char *mark;

	if (line[0] == '\0') {
		mdg_buf_putc(&c->text, '\n');
		return;
	}
	assert_non_null(at);
	assert_int_equal(line[1], '|');
	while ((mark = strstr(line, "␠"))) {
		*mark = ' ';
		memmove(mark + 1, mark + 3, strlen(mark + 3) + 1);
	}
	struct mdg_buf *part = &c->part[at - PARTS];
	mdg_buf_puts(&c->text, line + 2);
	mdg_buf_putc(&c->text, '\n');
	mdg_buf_puts(part, line + 2);
	mdg_buf_putc(part, '\n');
}

static void
run_file(const char *name, size_t want_n)
{
	char path[500], line[4000];
	const char *top = getenv("top_srcdir");
	struct one_case c = {0};
	size_t n = 0, failed = 0;

	snprintf(path, sizeof(path), "%s/tests/data/%s", top ? top : "..",
		 name);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' && n == 0)
			continue;
		if (strncmp(line, "== ", 3) != 0) {
			case_line(&c, line);
			continue;
		}
		if (n > 0)
			failed += !case_holds(&c);
		case_clear(&c);
		n++;
		c.is_reply = line[3] == '+';
		snprintf(c.name, sizeof(c.name), "%.150s", line + 5);
	}
	fclose(f);
	failed += !case_holds(&c);
	case_clear(&c);
	print_message("%zu cases, %zu failed\n", n, failed);
	assert_int_equal(failed, 0);
	assert_true(n >= want_n);
}

static void
each_line_of_known_styles_lands_where_it_belongs(void **state)
{
	(void)state;
	run_file("quote_cases.txt", 100);
}

static void
empty_text_gives_three_empty_parts(void **state)
{
	(void)state;
	struct mdg_arena a = {0};
	struct mdg_quote_parts p;

	mdg_quote_split("", true, &a, &p);
	assert_string_equal(p.reply, "");
	assert_string_equal(p.quoted, "");
	assert_string_equal(p.signature, "");
	assert_string_equal(p.rule, "");
	mdg_arena_clear(&a);
}

static void
blank_lines_inside_the_reply_stay_as_they_are(void **state)
{
	(void)state;
	struct mdg_arena a = {0};
	struct mdg_quote_parts p;

	mdg_quote_split("\n一行目\n\n\n二行目\n> 引用\n三行目\n\n", true, &a,
			&p);
	assert_string_equal(p.reply, "一行目\n\n\n二行目\n\n三行目");
	assert_string_equal(p.quoted, "> 引用");
	mdg_arena_clear(&a);
}

static void
a_subject_tells_an_answer_in_many_languages(void **state)
{
	(void)state;
	static const char *const yes[] = {"Re: x",   "RE：x",   "Re[2]: x",
					  "Re^3: x", "返信: x", "[ml 12] Re: x",
					  "AW: x",   "回复：x", "re :x"};
	static const char *const no[] = {
		"",         "Report: x", "返信ください",
		"Reのこと", "[Re: x",    "Fwd: x"};

	for (size_t i = 0; i < MDG_LEN(yes); i++)
		assert_true(mdg_quote_subject_is_reply(yes[i]));
	for (size_t i = 0; i < MDG_LEN(no); i++)
		assert_false(mdg_quote_subject_is_reply(no[i]));
}

static double
seconds_for(const char *unit, size_t bytes)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_arena a = {0};
	struct mdg_quote_parts p;
	struct timespec t0, t1;

	while (b.len < bytes)
		assert_true(mdg_buf_puts(&b, unit));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t0);
	mdg_quote_split(mdg_buf_str(&b), true, &a, &p);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t1);
	mdg_arena_clear(&a);
	return (double)(t1.tv_sec - t0.tv_sec) +
	       (double)(t1.tv_nsec - t0.tv_nsec) / 1e9;
}

static void
hostile_text_costs_time_in_proportion_to_its_length(void **state)
{
	(void)state;
	static const char *const units[] = {
		">\n",
		"> \n\n",
		"\n",
		">",
		"a",
		"From: a\n",
		"From: a@example.com\n\n",
		"On 2026/11/20 10:12, a@example.com\n",
		"-----\n",
		"-- \n",
		"-----Original Message-----\n",
		"2026年11月20日 10:12\n\n\n",
		"To: a@example.com;\n",
		"> x\na\n",
		"a> b\n",
		"iPhoneから送信\n",
		"03-1111-2222\n\n",
		"0-",
		"@",
		"令和",
		"<http",
	};
	for (size_t i = 0; i < MDG_LEN(units); i++) {
		double s = seconds_for(units[i], (size_t)5 << 20);
		if (s > 8.0)
			print_message("%s: %.1f s\n", units[i], s);
		/* far above what it takes, far below anything quadratic */
		assert_true(s < 60.0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			each_line_of_known_styles_lands_where_it_belongs),
		cmocka_unit_test(empty_text_gives_three_empty_parts),
		cmocka_unit_test(blank_lines_inside_the_reply_stay_as_they_are),
		cmocka_unit_test(a_subject_tells_an_answer_in_many_languages),
		cmocka_unit_test(
			hostile_text_costs_time_in_proportion_to_its_length),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
