/* madoguchi approve, return, approval, draft fix, rule, deputy */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

#include "desk.h"

enum { WORDS_MAX = 60 };

static const struct mdg_col finding_cols[] = {
	{MDG_MSG_col_severity, "severity", 'w', "severity"},
	{MDG_MSG_col_line, "line", 'i', NULL},
	{MDG_MSG_col_spot, "words", 's', NULL},
	{MDG_MSG_col_message, "message", 's', NULL},
	{MDG_MSG_col_better, "suggestion", 's', NULL},
	{MDG_MSG_col_rule, "rule", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col clock_cols[] = {
	{MDG_MSG_col_clock, "clock", 'w', "clock"},
	{MDG_MSG_col_due, "due_s", 'd', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col request_cols[] = {
	{MDG_MSG_col_revision, "revision", 'i', NULL},
	{MDG_MSG_col_state, "state", 'w', "revision"},
	{MDG_MSG_col_care, "care", 'c', "care"},
	{MDG_MSG_col_return_code, "code", 's', NULL},
	{MDG_MSG_col_overridden, "overridden", 's', NULL},
	{MDG_MSG_col_reason, "reason", 's', NULL},
	{MDG_MSG_col_comment, "comment", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

static void
title(const struct mdg_cli *cli, enum mdg_msg id)
{
	printf("\n== %s\n", mdg_msg_text(cli->lang, id));
}

static void
print_diff(const struct mdg_cli *cli, enum mdg_msg id, const json_t *parts)
{
	json_t *p;
	size_t i;

	bool differs = false;

	json_array_foreach (parts, i, p)
		differs |= strchr("+-", *mdg_json_text(p, "op")) != NULL;
	if (!differs)
		return;
	title(cli, id);
	json_array_foreach (parts, i, p) {
		const char *op = mdg_json_text(p, "op");
		mdg_cli_text(mdg_json_text(p, "text"), *op == '-'   ? "- "
						       : *op == '+' ? "+ "
								    : "  ");
	}
}

static void
print_people(const struct mdg_cli *cli, enum mdg_msg id, const json_t *list)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	json_t *p;
	size_t i;

	json_array_foreach (list, i, p) {
		bool known = json_is_true(json_object_get(p, "known")) ||
			     json_is_true(json_object_get(p, "ours"));
		mdg_buf_printf(&b, "%s%s <%s>%s", i ? ", " : "",
			       mdg_json_text(p, "name"),
			       mdg_json_text(p, "address"),
			       known ? ""
				     : mdg_msg_text(cli->lang,
						    MDG_MSG_cli_new_here));
	}
	if (!b.len)
		return;
	printf("%s: ", mdg_msg_text(cli->lang, id));
	mdg_cli_text(mdg_buf_str(&b), "");
}

static void
print_confirm(const struct mdg_cli *cli, const json_t *c)
{
	const json_t *files = json_object_get(c, "files");
	json_t *f;
	size_t i;

	title(cli, MDG_MSG_cli_confirm);
	print_people(cli, MDG_MSG_col_to, json_object_get(c, "to"));
	print_people(cli, MDG_MSG_col_cc, json_object_get(c, "cc"));
	json_array_foreach (files, i, f)
		mdg_cli_text(mdg_json_text(f, "filename"), "+ ");
}

static const struct mdg_col head_cols[] = {
	{MDG_MSG_col_draft, "draft", 'i', NULL},
	{MDG_MSG_col_ticket, "ticket", 'i', NULL},
	{MDG_MSG_col_state, "state", 'w', "draft"},
	{MDG_MSG_col_template, "template", 's', NULL},
	{MDG_MSG_col_next, "next", 'w', "ticket"},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

/* What a lead types to decide. */
static void
print_ways(const struct mdg_cli *cli, const json_t *result)
{
	const json_t *c = json_object_get(result, "confirm");
	const json_t *asked = json_object_get(result, "requests");
	const json_t *last =
		json_array_get(asked, json_array_size(asked) - 1);
	const json_t *mail =
		json_array_get(json_object_get(result, "customer_mail"), 0);
	const char *state = mdg_json_text(result, "state");
	char id[24], read[24];

	snprintf(id, sizeof(id), "%" PRId64, mdg_json_int(result, "draft"));
	if (mdg_streq(state, "editing") &&
	    mdg_streq(mdg_json_text(last, "state"), "void")) {
		snprintf(read, sizeof(read), "%" PRId64,
			 mdg_json_int(mail, "id"));
		putchar('\n');
		mdg_cli_say(cli, MDG_MSG_cli_review_again, id, read,
			    mdg_json_text(c, "code"), NULL);
	}
	if (!mdg_streq(state, "waiting"))
		return;
	putchar('\n');
	mdg_cli_say(cli, MDG_MSG_cli_review_ways, id, mdg_json_text(c, "code"),
		    NULL);
}

void
mdg_cli_print_findings(struct mdg_cli *cli, const json_t *result)
{
	const char *body = mdg_json_text(result, "body");
	json_t *rows = json_deep_copy(json_object_get(result, "findings")), *f;
	size_t i, n = strlen(body);

	json_array_foreach (rows, i, f) {
		size_t from = mdg_utf8_offset(
			body, n, (size_t)mdg_json_int(f, "start"));
		size_t to = mdg_utf8_offset(body, n,
					    (size_t)mdg_json_int(f, "end"));
		json_int_t line = 1;
		if (to <= from || json_is_true(json_object_get(f, "window_text")))
			continue;
		for (size_t k = 0; k < from; k++)
			line += body[k] == '\n';
		json_object_set_new(f, "line", json_integer(line));
		json_object_set_new(
			f, "words",
			json_stringn(body + from,
				     mdg_utf8_cut(body + from, to - from,
						  WORDS_MAX)));
	}
	if (json_array_size(rows) == 0)
		mdg_cli_say(cli, MDG_MSG_cli_no_findings, NULL);
	else
		mdg_cli_table(cli, rows, finding_cols, mdg_now_s());
	json_decref(rows);
}

void
mdg_cli_print_check(struct mdg_cli *cli, const json_t *result)
{
	const char *code = mdg_json_text(result, "code");
	char id[24];

	mdg_cli_print_findings(cli, result);
	snprintf(id, sizeof(id), "%" PRId64, mdg_json_int(result, "draft"));
	if (*code)
		mdg_cli_say(cli, MDG_MSG_cli_check_seen, id, code, NULL);
}

static void
print_review(struct mdg_cli *cli, const json_t *result)
{
	const json_t *mails = json_object_get(result, "customer_mail");
	const json_t *findings = json_object_get(result, "findings");
	int64_t now_s = mdg_json_int(result, "now_s");

	mdg_cli_fields(cli, result, head_cols, now_s);
	title(cli, MDG_MSG_cli_customer_mail);
	mdg_cli_text(mdg_json_text(json_array_get(mails, 0), "subject"), "");
	/* the newest stands above the reply */
	for (size_t i = json_array_size(mails); i-- > 0;)
		mdg_cli_print_message(cli, json_array_get(mails, i));
	title(cli, MDG_MSG_cli_our_reply);
	mdg_cli_text(mdg_json_text(result, "subject"), "");
	mdg_cli_text(mdg_json_text(result, "body"), "  ");
	print_diff(cli, MDG_MSG_cli_diff_template,
		   json_object_get(result, "diff_template"));
	print_diff(cli, MDG_MSG_cli_diff_operator,
		   json_object_get(result, "diff_operator"));
	if (json_array_size(findings)) {
		title(cli, MDG_MSG_cli_findings);
		mdg_cli_print_findings(cli, result);
	}
	print_confirm(cli, json_object_get(result, "confirm"));
	mdg_cli_part(cli, result, "requests", request_cols);
	mdg_cli_part(cli, result, "clocks", clock_cols);
	print_ways(cli, result);
}

static void
print_fixed(struct mdg_cli *cli, const json_t *result)
{
	char n[24];

	snprintf(n, sizeof(n), "%" PRId64, mdg_json_int(result, "fixed"));
	mdg_cli_say(cli, MDG_MSG_cli_fixed, n, NULL);
	putchar('\n');
	mdg_cli_text(mdg_json_text(result, "body"), "");
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_review[] = {
	{.cmd = {"draft fix", "DRAFT [--rule RULE]", MDG_MSG_cli_help_draft_fix,
		 mdg_desk_run},
	 .act = "draft.fix", .print = print_fixed,
	 .args = {MDG_WORD("draft", 'i'), MDG_OPT("rule", "rule", 's')}},
	{.cmd = {"approval list", "", MDG_MSG_cli_help_approval_list,
		 mdg_desk_run},
	 .act = "approval.list",
	 .list = "approvals", .empty = MDG_MSG_cli_no_approvals,
	 .cols = {{MDG_MSG_col_draft, "draft", 'i', NULL},
		  {MDG_MSG_col_ticket, "ticket", 'i', NULL},
		  {MDG_MSG_col_window, "window", 's', NULL},
		  {MDG_MSG_col_asked_by, "requested_by", 's', NULL},
		  {MDG_MSG_col_asked, "asked_s", 't', NULL},
		  {MDG_MSG_col_due, "due_s", 'd', NULL},
		  {MDG_MSG_col_care, "care", 'c', "care"},
		  {MDG_MSG_col_escalated, "escalated_s", 't', NULL},
		  {MDG_MSG_col_subject, "subject", 's', NULL}}},
	{.cmd = {"approval show", "DRAFT", MDG_MSG_cli_help_approval_show,
		 mdg_desk_run},
	 .act = "approval.show", .print = print_review,
	 .args = {MDG_WORD("draft", 'i')}},
	{.cmd = {"approval takeover", "DRAFT", MDG_MSG_cli_help_approval_takeover,
		 mdg_desk_run},
	 .act = "approval.takeover", .print = mdg_cli_draft_changed,
	 .args = {MDG_WORD("draft", 'i')}},
	{.cmd = {"approval reasons", "", MDG_MSG_cli_help_approval_reasons,
		 mdg_desk_run},
	 .act = "approval.reasons", .list = "reasons",
	 .empty = MDG_MSG_cli_no_findings,
	 .cols = {{MDG_MSG_col_return_code, "code", 's', NULL},
		  {MDG_MSG_col_severity, "weight", 'w', "weight"},
		  {MDG_MSG_col_reason, "text", 's', NULL}}},
	{.cmd = {"approve", "DRAFT [--at TIME] [--revision N] [--confirm CODE] [--again MAIL] "
			    "[--with FILE|- [--seen CODE] [--code CODE] "
			    "[--note TEXT]] [--override REASON]",
		 MDG_MSG_cli_help_approve, mdg_desk_run},
	 .act = "approve",
	 .print = mdg_cli_draft_changed,
	 .args = {MDG_WORD("draft", 'i'), MDG_OPT("revision", "revision", 'i'),
		  MDG_OPT("at", "at", 's'), MDG_OPT("confirm", "confirm", 's'),
		  MDG_OPT("seen", "seen", 's'),
		  MDG_OPT("again", "again", 'i'), MDG_OPT("with", "body", 'f'),
		  MDG_OPT("code", "code", 's'), MDG_OPT("note", "note", 's'),
		  MDG_OPT("override", "override", 's')}},
	{.cmd = {"return", "DRAFT --code CODE --note TEXT",
		 MDG_MSG_cli_help_return, mdg_desk_run},
	 .act = "return",
	 .print = mdg_cli_draft_changed,
	 .args = {MDG_WORD("draft", 'i'), MDG_NEED("note", "note", 's'),
		  MDG_NEED("code", "code", 's')}},
	{.cmd = {"rule list", "WINDOW", MDG_MSG_cli_help_rule_list, mdg_desk_run},
	 .act = "rule.list", .list = "rules", .empty = MDG_MSG_cli_no_rules,
	 .args = {MDG_WORD("window", 's')},
	 .cols = {{MDG_MSG_col_rule, "rule", 'i', NULL},
		  {MDG_MSG_col_state, "kind", 'w', "rule"},
		  {MDG_MSG_col_subject, "subject", 's', NULL},
		  {MDG_MSG_col_severity, "severity", 'w', "severity"},
		  {MDG_MSG_col_message, "message", 's', NULL},
		  {MDG_MSG_col_better, "suggestion", 's', NULL}}},
	{.cmd = {"rule add", "WINDOW --pattern PATTERN --message TEXT "
			     "[--suggestion TEXT] [--severity error|warn|info]",
		 MDG_MSG_cli_help_rule_add, mdg_desk_run},
	 .act = "rule.add",
	 .args = {MDG_WORD("window", 's'), MDG_NEED("pattern", "pattern", 's'),
		  MDG_NEED("message", "message", 's'),
		  MDG_OPT("suggestion", "suggestion", 's'),
		  MDG_OPT("severity", "severity", 's')}},
	{.cmd = {"rule disable", "WINDOW RULE", MDG_MSG_cli_help_rule_disable,
		 mdg_desk_run},
	 .act = "rule.disable",
	 .args = {MDG_WORD("window", 's'), MDG_WORD("subject", 's')}},
	{.cmd = {"rule allow", "WINDOW PHRASE", MDG_MSG_cli_help_rule_allow,
		 mdg_desk_run},
	 .act = "rule.allow",
	 .args = {MDG_WORD("window", 's'), MDG_WORD("subject", 's')}},
	{.cmd = {"rule block", "WINDOW RULE", MDG_MSG_cli_help_rule_block,
		 mdg_desk_run},
	 .act = "rule.block",
	 .args = {MDG_WORD("window", 's'), MDG_WORD("subject", 's')}},
	{.cmd = {"rule remove", "WINDOW N", MDG_MSG_cli_help_rule_remove,
		 mdg_desk_run},
	 .act = "rule.remove",
	 .args = {MDG_WORD("window", 's'), MDG_WORD("rule", 'i')}},
	{.cmd = {"deputy set", "WINDOW LOGIN [--days N]",
		 MDG_MSG_cli_help_deputy_set, mdg_desk_run},
	 .act = "deputy.set",
	 .args = {MDG_WORD("window", 's'), MDG_WORD("person", 's'),
		  MDG_OPT("days", "days", 'i')}},
	{.cmd = {.name = NULL}},
};
// clang-format on
