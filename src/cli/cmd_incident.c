/* madoguchi incident: surges, and one answer to all their tickets. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

#include "desk.h"

static const struct mdg_col head_cols[] = {
	{MDG_MSG_col_incident, "incident", 'i', NULL},
	{MDG_MSG_col_state, "state", 'w', "incident"},
	{MDG_MSG_col_kind, "kind", 'w', "sign"},
	{MDG_MSG_col_term, "term", 's', NULL},
	{MDG_MSG_col_began, "began_s", 't', NULL},
	{MDG_MSG_col_last, "last_s", 't', NULL},
	{MDG_MSG_col_window_h, "window_h", 'i', NULL},
	{MDG_MSG_col_customers, "customers", 'i', NULL},
	{MDG_MSG_col_expected, "expected", 's', NULL},
	{MDG_MSG_col_verdict, "verdict", 'w', "verdict"},
	{MDG_MSG_col_decided_by, "verdict_by", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col list_cols[] = {
	{MDG_MSG_col_incident, "incident", 'i', NULL},
	{MDG_MSG_col_state, "state", 'w', "incident"},
	{MDG_MSG_col_kind, "kind", 'w', "sign"},
	{MDG_MSG_col_term, "term", 's', NULL},
	{MDG_MSG_col_began, "began_s", 't', NULL},
	{MDG_MSG_col_customers, "customers", 'i', NULL},
	{MDG_MSG_col_expected, "expected", 's', NULL},
	{MDG_MSG_col_tickets_n, "tickets_n", 'i', NULL},
	{MDG_MSG_col_verdict, "verdict", 'w', "verdict"},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col word_cols[] = {
	{MDG_MSG_col_kind, "kind", 'w', "sign"},
	{MDG_MSG_col_term, "term", 's', NULL},
	{MDG_MSG_col_tickets_n, "tickets", 'i', NULL},
	{MDG_MSG_col_expected, "expected", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col ticket_cols[] = {
	{MDG_MSG_col_ticket, "ticket", 'i', NULL},
	{MDG_MSG_col_state, "state", 'w', "ticket"},
	{MDG_MSG_col_came, "created_s", 't', NULL},
	{MDG_MSG_col_draft, "draft", 'i', NULL},
	{MDG_MSG_col_reply, "draft_state", 'w', "draft"},
	{MDG_MSG_col_subject, "subject", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col unusual_cols[] = {
	{MDG_MSG_col_kind, "kind", 'w', "sign"},
	{MDG_MSG_col_term, "term", 's', NULL},
	{MDG_MSG_col_window_h, "window_h", 'i', NULL},
	{MDG_MSG_col_customers, "customers", 'i', NULL},
	{MDG_MSG_col_expected, "expected", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col watched_cols[] = {
	{MDG_MSG_col_term, "term", 's', NULL},
	{MDG_MSG_col_added_by, "by", 's', NULL},
	{MDG_MSG_col_since, "added_s", 't', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col done_cols[] = {
	{MDG_MSG_col_ticket, "ticket", 'i', NULL},
	{MDG_MSG_col_draft, "draft", 'i', NULL},
	{MDG_MSG_col_state, "draft_state", 'w', "draft"},
	{MDG_MSG_col_why_not, "why_not", 'w', "why_not"},
	{MDG_MSG_col_message, "error", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

/* Thousandths as people write them: "0.4". */
static void
put_expected(json_t *o)
{
	char text[32];

	snprintf(text, sizeof(text), "%.1f",
		 (double)mdg_json_int(o, "expected_milli") / 1000);
	json_object_set_new(o, "expected", json_string(text));
}

static void
put_all_expected(const json_t *list)
{
	json_t *o;
	size_t i;

	json_array_foreach((json_t *)list, i, o) put_expected(o);
}

static void
print_list(struct mdg_cli *cli, const json_t *result)
{
	const json_t *list = json_object_get(result, "incidents");

	if (json_array_size(list) == 0) {
		mdg_cli_say(cli, MDG_MSG_cli_no_incidents, NULL);
		return;
	}
	put_all_expected(list);
	mdg_cli_table(cli, list, list_cols, mdg_now_s());
}

static void
print_incident(struct mdg_cli *cli, const json_t *result)
{
	put_expected((json_t *)result);
	put_all_expected(json_object_get(result, "words"));
	mdg_cli_fields(cli, result, head_cols, mdg_now_s());
	mdg_cli_part(cli, result, "words", word_cols);
	mdg_cli_part(cli, result, "tickets", ticket_cols);
}

static void
print_watch(struct mdg_cli *cli, const json_t *result)
{
	const json_t *terms = json_object_get(result, "terms");
	const json_t *unusual = json_object_get(result, "unusual");

	if (json_array_size(terms) == 0)
		mdg_cli_say(cli, MDG_MSG_cli_no_watched, NULL);
	else
		mdg_cli_table(cli, terms, watched_cols, mdg_now_s());
	if (json_array_size(unusual) == 0)
		return;
	putchar('\n');
	mdg_cli_say(cli, MDG_MSG_cli_unusual, NULL);
	put_all_expected(unusual);
	mdg_cli_table(cli, unusual, unusual_cols, mdg_now_s());
}

/* ---- まとめ対応 ---- */

/* The lines of `body` that are not the same in the first reply. */
static void
print_difference(const char *first, const char *body)
{
	while (*body) {
		size_t n = strcspn(body, "\n");
		bool same = false;
		for (const char *f = first; !same && *f;) {
			size_t m = strcspn(f, "\n");
			same = m == n && memcmp(f, body, n) == 0;
			f += m + (f[m] == '\n');
		}
		if (!same) {
			char *line = mdg_asprintf("%.*s", (int)n, body);
			mdg_cli_text(line, "  | ");
			mdg_freep(&line);
		}
		body += n + (body[n] == '\n');
	}
}

static void
print_to(const json_t *row)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	const json_t *to = json_object_get(row, "to");
	json_t *v;
	size_t i;

	json_array_foreach((json_t *)to, i, v)
		mdg_buf_printf(&b, "%s%s", i ? ", " : "", json_string_value(v));
	mdg_cli_text(mdg_buf_str(&b), "  -> ");
}

/* One screen: the first reply whole, of the others what differs. */
static void
print_replies(struct mdg_cli *cli, const json_t *result)
{
	const json_t *list = json_object_get(result, "replies");
	const char *first = NULL, *code = mdg_json_text(result, "code");
	json_t *row;
	size_t i;

	json_array_foreach((json_t *)list, i, row)
	{
		const char *body = mdg_json_text(row, "body");
		printf("%" PRId64 "  ", mdg_json_int(row, "ticket"));
		mdg_cli_text(mdg_json_text(row, "subject"), "");
		if (json_object_get(row, "why_not")) {
			const char *why = mdg_json_text(row, "why_not");
			printf("  %s\n", mdg_cli_word(cli, "why_not",
						      *why ? why : "none"));
			continue;
		}
		printf("  %s\n",
		       mdg_cli_word(cli, "draft",
				    mdg_json_text(row, "draft_state")));
		print_to(row);
		if (mdg_json_int(row, "findings"))
			printf("  %s: %" PRId64 "\n",
			       mdg_msg_text(cli->lang, MDG_MSG_cli_findings),
			       mdg_json_int(row, "findings"));
		if (!first)
			mdg_cli_text(body, "  | ");
		else
			print_difference(first, body);
		first = first ? first : body;
	}
	if (*code) {
		char id[24];
		snprintf(id, sizeof(id), "%" PRId64,
			 mdg_json_int(result, "incident"));
		putchar('\n');
		mdg_cli_say(cli, MDG_MSG_cli_incident_approve, id, code, NULL);
	}
}

static void
print_done(struct mdg_cli *cli, const json_t *result)
{
	const json_t *list = json_object_get(result, "replies");
	char id[24];

	if (json_array_size(list) == 0) {
		mdg_cli_say(cli, MDG_MSG_cli_no_replies, NULL);
		return;
	}
	mdg_cli_table(cli, list, done_cols, mdg_now_s());
	snprintf(id, sizeof(id), "%" PRId64, mdg_json_int(result, "incident"));
	mdg_cli_say(cli, MDG_MSG_cli_incident_next, id, NULL);
}

static int
done_status(const json_t *result)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(result, "replies"), i,
			   row) if (json_object_get(row, "error")) return 1;
	return 0;
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_incident[] = {
	{.cmd = {"incident list", "[--all]", MDG_MSG_cli_help_incident_list,
		 mdg_desk_run},
	 .act = "incident.list", .print = print_list,
	 .args = {MDG_OPT("all", "all", 'b')}},
	{.cmd = {"incident show", "INCIDENT", MDG_MSG_cli_help_incident_show,
		 mdg_desk_run},
	 .act = "incident.show", .print = print_incident,
	 .args = {MDG_WORD("incident", 'i')}},
	{.cmd = {"incident verdict", "INCIDENT --real|--noise",
		 MDG_MSG_cli_help_incident_verdict, mdg_desk_run},
	 .act = "incident.verdict", .print = print_incident,
	 .args = {MDG_WORD("incident", 'i'),
		  MDG_FLAG("real", "verdict", "real"),
		  MDG_FLAG("noise", "verdict", "noise")}},
	{.cmd = {"incident watched", "", MDG_MSG_cli_help_incident_watched,
		 mdg_desk_run},
	 .act = "incident.watched", .print = print_watch},
	{.cmd = {"incident watch", "TERM", MDG_MSG_cli_help_incident_watch,
		 mdg_desk_run},
	 .act = "incident.watch", .print = print_watch,
	 .args = {MDG_WORD("term", 's')}},
	{.cmd = {"incident unwatch", "TERM", MDG_MSG_cli_help_incident_unwatch,
		 mdg_desk_run},
	 .act = "incident.unwatch", .print = print_watch,
	 .args = {MDG_WORD("term", 's')}},
	{.cmd = {"incident draft", "INCIDENT --template ID "
		 "[--slot NAME=VALUE]... [--next closed|waiting|working]",
		 MDG_MSG_cli_help_incident_draft, mdg_desk_run},
	 .act = "incident.draft", .print = print_done, .status = done_status,
	 .args = {MDG_WORD("incident", 'i'),
		  MDG_NEED("template", "template", 's'),
		  MDG_OPT("slot", "slots", 'o'), MDG_OPT("next", "next", 's')}},
	{.cmd = {"incident replies", "INCIDENT",
		 MDG_MSG_cli_help_incident_replies, mdg_desk_run},
	 .act = "incident.replies", .print = print_replies,
	 .args = {MDG_WORD("incident", 'i')}},
	{.cmd = {"incident approve", "INCIDENT --code CODE",
		 MDG_MSG_cli_help_incident_approve, mdg_desk_run},
	 .act = "incident.approve", .print = print_done, .status = done_status,
	 .args = {MDG_WORD("incident", 'i'), MDG_NEED("code", "code", 's')}},
	{.cmd = {.name = NULL}},
};
// clang-format on
