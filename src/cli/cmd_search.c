/* madoguchi search */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "madoguchi/base/str.h"

#include "desk.h"

/* The excerpt on one line, what was searched for in bold on a terminal. */
static void
put_excerpt(const json_t *hit, struct mdg_buf *out)
{
	const char *s = mdg_json_text(hit, "excerpt");
	const json_t *marks = json_object_get(hit, "marks");
	bool bold = isatty(STDOUT_FILENO);
	size_t n = strlen(s), i = 0, k = 0, at = 0;

	for (;; k++) {
		const json_t *m = json_array_get(marks, at);
		if (m && (size_t)json_integer_value(json_array_get(m, 0)) == k)
			mdg_buf_puts(out, bold ? "\033[1m" : "");
		if (m &&
		    (size_t)json_integer_value(json_array_get(m, 1)) == k) {
			mdg_buf_puts(out, bold ? "\033[0m" : "");
			m = json_array_get(marks, ++at);
			if (m && (size_t)json_integer_value(
					 json_array_get(m, 0)) == k)
				mdg_buf_puts(out, bold ? "\033[1m" : "");
		}
		if (i >= n)
			break;
		uint32_t cp;
		size_t len = mdg_utf8_next(s + i, n - i, &cp);
		mdg_utf8_clean(out, s + i, len, true);
		i += len;
	}
}

static void
print_hit(struct mdg_cli *cli, const json_t *hit)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};
	const char *subject = mdg_json_text(hit, "subject");
	const char *from = mdg_json_text(hit, "from_name");

	if (!*from)
		from = mdg_json_text(hit, "from_address");
	mdg_buf_printf(
		&line, "%8" PRId64 "  %s  ", mdg_json_int(hit, "ticket"),
		mdg_cli_word(cli, "ticket", mdg_json_text(hit, "state")));
	mdg_cli_time(cli, mdg_json_int(hit, "received_s"), &line);
	mdg_buf_puts(&line, "  ");
	mdg_utf8_clean(&line, from, strlen(from), true);
	mdg_buf_puts(&line, "  ");
	mdg_utf8_clean(&line, subject, strlen(subject), true);
	printf("%s\n", mdg_buf_str(&line));
	mdg_buf_clear(&line);
	put_excerpt(hit, &line);
	if (line.len)
		printf("          %s\n", mdg_buf_str(&line));
}

static void
print_found(struct mdg_cli *cli, const json_t *result)
{
	const json_t *list = json_object_get(result, "tickets");
	int64_t number = mdg_json_int(result, "number");
	int64_t before = mdg_json_int(result, "before");
	char text[24];
	json_t *hit;
	size_t i;

	if (number) {
		snprintf(text, sizeof(text), "%" PRId64, number);
		mdg_cli_say(cli, MDG_MSG_cli_search_number, text, NULL);
	}
	json_array_foreach(list, i, hit) print_hit(cli, hit);
	if (before) {
		snprintf(text, sizeof(text), "%" PRId64, before);
		mdg_cli_say(cli, MDG_MSG_cli_search_more, text, NULL);
	} else if (i == 0 && !number) {
		mdg_cli_say(cli, MDG_MSG_cli_search_none, NULL);
	}
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_search[] = {
	{.cmd = {"search",
		 "WORDS [--state STATE] [--window CODE] [--assignee LOGIN] "
		 "[--from DATE] [--to DATE] [--limit N] [--before ID]",
		 MDG_MSG_cli_help_search, mdg_desk_run},
	 .act = "search",
	 .print = print_found,
	 .args = {{"", "words", 'w', true, NULL},
		  MDG_OPT("state", "state", 's'), MDG_OPT("window", "window", 's'),
		  MDG_OPT("assignee", "assignee", 's'), MDG_OPT("from", "from", 's'),
		  MDG_OPT("to", "to", 's'), MDG_OPT("limit", "limit", 'i'),
		  MDG_OPT("before", "before", 'i')}},
	{.cmd = {.name = NULL}},
};
