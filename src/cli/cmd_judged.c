/* madoguchi suggest, ticket similar, ticket fact: what mdg-text says */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/str.h"

#include "desk.h"

/* ---- in ticket show ---- */

static const struct mdg_col fact_cols[] = {
	{MDG_MSG_col_fact, "fact", 'i', NULL},
	{MDG_MSG_col_slot, "slot", 's', NULL},
	{MDG_MSG_col_value, "value", 's', NULL},
	{MDG_MSG_col_words, "words", 's', NULL},
	{MDG_MSG_col_source, "source", 'w', "source"},
	{MDG_MSG_col_percent, "confidence", 'i', NULL},
	{MDG_MSG_col_conflict, "conflict", 'b', NULL},
	{MDG_MSG_col_state, "state", 'w', "fact"},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col mood_cols[] = {
	{MDG_MSG_col_sign, "sign", 'w', "mood"},
	{MDG_MSG_col_points, "points", 'i', NULL},
	{MDG_MSG_col_words, "words", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

void
mdg_desk_print_judged(struct mdg_cli *cli, const json_t *result)
{
	mdg_cli_part(cli, result, "facts", fact_cols);
	mdg_cli_part(cli, result, "mood", mood_cols);
}

/* ---- in draft new ---- */

static const struct mdg_col filled_cols[] = {
	{MDG_MSG_col_slot, "slot", 's', NULL},
	{MDG_MSG_col_value, "value", 's', NULL},
	{MDG_MSG_col_words, "words", 's', NULL},
	{MDG_MSG_col_source, "source", 'w', "source"},
	{MDG_MSG_col_percent, "confidence", 'i', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

static void
print_list(struct mdg_cli *cli, enum mdg_msg title, const json_t *rows)
{
	if (json_array_size(rows) == 0)
		return;
	printf("\n%s\n", mdg_msg_text(cli->lang, title));
	mdg_cli_table(cli, rows, filled_cols, 0);
}

void
mdg_cli_names(const json_t *list, struct mdg_buf *out)
{
	json_t *o;
	size_t i;

	json_array_foreach (list, i, o)
		mdg_buf_printf(out, "%s%s", i ? ", " : "",
			       json_string_value(o));
}

void
mdg_desk_print_filled(struct mdg_cli *cli, const json_t *result)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf open = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf unused = {0};

	print_list(cli, MDG_MSG_cli_filled, json_object_get(result, "filled"));
	print_list(cli, MDG_MSG_cli_unclear,
		   json_object_get(result, "unclear"));
	mdg_cli_names(json_object_get(result, "open"), &open);
	mdg_cli_names(json_object_get(result, "unused"), &unused);
	if (open.len)
		mdg_cli_say(cli, MDG_MSG_cli_open_slots, mdg_buf_str(&open),
			    NULL);
	if (unused.len)
		mdg_cli_say(cli, MDG_MSG_cli_unused_slots, mdg_buf_str(&unused),
			    NULL);
}

/* ---- suggest ---- */

/* "example: …" is a mail that the template was written for, "past: …" a ticket
 * that was answered with it, the rest are words of the mail. */
static void
put_reason(const struct mdg_cli *cli, const char *why, struct mdg_buf *out)
{
	static const struct {
		const char *head;
		enum mdg_msg text;
	} kinds[] = {{"example: ", MDG_MSG_cli_why_example},
		     {"past: ", MDG_MSG_cli_why_past}};
	char text[400];

	mdg_buf_puts(out, out->len ? ", " : "");
	for (size_t i = 0; i < MDG_LEN(kinds); i++) {
		size_t n = strlen(kinds[i].head);
		if (strncmp(why, kinds[i].head, n) != 0)
			continue;
		why += n;
		mdg_buf_puts(out, mdg_msg_format(cli->lang, kinds[i].text, 1,
						 &why, text, sizeof(text)));
		return;
	}
	mdg_buf_puts(out, why);
}

static void
print_suggestions(struct mdg_cli *cli, const json_t *result)
{
	const json_t *list = json_object_get(result, "ranked");
	json_t *s, *w;
	size_t i, k;

	if (json_array_size(list) == 0)
		mdg_cli_say(cli, MDG_MSG_cli_no_suggestions, NULL);
	json_array_foreach(list, i, s)
	{
		MDG_AUTO(mdg_buf_clear) struct mdg_buf why = {0};
		bool strong = json_is_true(json_object_get(s, "strong"));
		printf("%zu. %s  %s%s%s\n", i + 1, mdg_json_text(s, "id"),
		       mdg_json_text(s, "title"), strong ? "  " : "",
		       strong ? mdg_msg_text(cli->lang, MDG_MSG_cli_strong)
			      : "");
		json_array_foreach(json_object_get(s, "why"), k, w)
			put_reason(cli, json_string_value(w), &why);
		mdg_cli_text(mdg_buf_str(&why), "   ");
	}
}

static const struct mdg_desk_cmd suggest = {
	.act = "suggest",
	.print = print_suggestions,
};

int
mdg_desk_suggest(struct mdg_cli *cli, const char *ticket)
{
	struct mdg_err err;
	int64_t number;

	if (!mdg_str_i64(ticket, 1, INT64_MAX, &number)) {
		mdg_fail_msg(&err, MDG_EINVAL, MDG_MSG_cli_no_number, "TICKET",
			     ticket, NULL);
		return mdg_cli_fail(cli, &err);
	}
	json_t *args = json_pack("{s:I}", "ticket", number);
	int status = mdg_desk_do(cli, &suggest, args);
	json_decref(args);
	return status;
}

/* ---- ticket similar, ticket fact ---- */

static void
print_similar(struct mdg_cli *cli, const json_t *result)
{
	const json_t *list = json_object_get(result, "similar");
	json_t *t;
	size_t i;

	if (json_array_size(list) == 0)
		mdg_cli_say(cli, MDG_MSG_cli_no_similar, NULL);
	json_array_foreach(list, i, t)
	{
		printf("%s%" PRId64 "  %" PRId64 "%%  ", i ? "\n" : "",
		       mdg_json_int(t, "ticket"), mdg_json_int(t, "percent"));
		mdg_cli_text(mdg_json_text(t, "subject"), "");
		mdg_cli_text(mdg_json_text(t, "answer"), "   ");
	}
}

static void
print_fact(struct mdg_cli *cli, const json_t *result)
{
	mdg_cli_say(cli, MDG_MSG_cli_fact_now, mdg_json_text(result, "slot"),
		    mdg_json_text(result, "value"),
		    mdg_cli_word(cli, "fact", mdg_json_text(result, "state")),
		    NULL);
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_judged[] = {
	{.cmd = {"ticket similar", "TICKET [--limit N]",
		 MDG_MSG_cli_help_ticket_similar, mdg_desk_run},
	 .act = "ticket.similar",
	 .print = print_similar,
	 .args = {MDG_WORD("ticket", 'i'), MDG_OPT("limit", "limit", 'i')}},
	{.cmd = {"ticket fact", "TICKET FACT [--refuse]",
		 MDG_MSG_cli_help_ticket_fact, mdg_desk_run},
	 .act = "ticket.fact",
	 .print = print_fact,
	 .args = {MDG_WORD("ticket", 'i'), MDG_WORD("fact", 'i'),
		  MDG_OPT("refuse", "refuse", 'b')}},
	{.cmd = {.name = NULL}},
};
// clang-format on
