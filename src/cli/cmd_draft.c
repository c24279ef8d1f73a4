/* madoguchi draft, outbox */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

#include "desk.h"

static const struct mdg_col revision_cols[] = {
	{MDG_MSG_col_revision, "revision", 'i', NULL},
	{MDG_MSG_col_state, "state", 'w', "revision"},
	{MDG_MSG_col_asked_by, "requested_by", 's', NULL},
	{MDG_MSG_col_asked, "requested_s", 't', NULL},
	{MDG_MSG_col_decided_by, "decided_by", 's', NULL},
	{MDG_MSG_col_decided, "decided_s", 't', NULL},
	{MDG_MSG_col_comment, "comment", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col head_cols[] = {
	{MDG_MSG_col_draft, "draft", 'i', NULL},
	{MDG_MSG_col_ticket, "ticket", 'i', NULL},
	{MDG_MSG_col_state, "state", 'w', "draft"},
	{MDG_MSG_col_subject, "subject", 's', NULL},
	{MDG_MSG_col_template, "template", 's', NULL},
	{MDG_MSG_col_next, "next", 'w', "ticket"},
	{MDG_MSG_col_due, "next_due_s", 't', NULL},
	{MDG_MSG_col_return_code, "return_code", 's', NULL},
	{MDG_MSG_col_reason, "return_reason", 's', NULL},
	{MDG_MSG_col_return_note, "return_note", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

static const struct mdg_col file_cols[] = {
	{MDG_MSG_col_attachment, "upload", 'i', NULL},
	{MDG_MSG_col_file, "filename", 's', NULL},
	{MDG_MSG_col_type, "media_type", 's', NULL},
	{MDG_MSG_col_bytes, "bytes", 'B', NULL},
	{MDG_MSG_col_scan, "scan", 'w', "scan"},
	{MDG_MSG_col_virus, "scan_name", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

static void
print_people(struct mdg_cli *cli, enum mdg_msg title, const json_t *list)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};
	json_t *p;
	size_t i;

	json_array_foreach (list, i, p) {
		mdg_buf_puts(&line, i ? ", " : "");
		if (*mdg_json_text(p, "name"))
			mdg_buf_printf(&line, "%s ", mdg_json_text(p, "name"));
		mdg_buf_printf(&line, "<%s>", mdg_json_text(p, "address"));
	}
	if (!line.len)
		return;
	printf("%s: ", mdg_msg_text(cli->lang, title));
	mdg_cli_text(mdg_buf_str(&line), "");
}

/* Somebody has answered already, with another tool. */
static void
print_elsewhere(struct mdg_cli *cli, const json_t *e)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf when = {0};

	if (!e)
		return;
	putchar('\n');
	mdg_cli_time(cli, mdg_json_int(e, "sent_s"), &when);
	mdg_cli_say(cli, MDG_MSG_cli_draft_elsewhere, mdg_buf_str(&when), NULL);
}

/* A lead has changed the words before sending: where the writer sees how. */
static void
say_corrected(struct mdg_cli *cli, const json_t *result)
{
	const json_t *revisions = json_object_get(result, "revisions");
	char id[24];
	json_t *r;
	size_t i;

	snprintf(id, sizeof(id), "%" PRId64, mdg_json_int(result, "draft"));
	json_array_foreach (revisions, i, r)
		if (mdg_streq(mdg_json_text(r, "state"), "corrected")) {
			putchar('\n');
			mdg_cli_say(cli, MDG_MSG_cli_draft_corrected, id, NULL);
			return;
		}
}

static void
print_draft(struct mdg_cli *cli, const json_t *result)
{
	const json_t *revisions = json_object_get(result, "revisions");
	const json_t *mail = json_object_get(result, "mail");
	const char *state = mdg_json_text(result, "state");

	mdg_cli_fields(cli, result, head_cols, mdg_now_s());
	print_people(cli, MDG_MSG_col_to, json_object_get(result, "to"));
	print_people(cli, MDG_MSG_col_cc, json_object_get(result, "cc"));
	print_elsewhere(cli, json_object_get(result, "answered_elsewhere"));
	putchar('\n');
	/* once asked for, the very mail stands for approval, not its draft */
	if (mail && !mdg_streq(state, "editing") &&
	    !mdg_streq(state, "returned"))
		mdg_cli_text(mdg_json_text(mail, "text"), "");
	else
		mdg_cli_text(mdg_json_text(result, "body"), "");
	const json_t *files = json_object_get(result, "files");
	if (json_array_size(files)) {
		putchar('\n');
		mdg_cli_table(cli, files, file_cols, mdg_now_s());
	}
	if (json_array_size(revisions) == 0)
		return;
	putchar('\n');
	mdg_cli_table(cli, revisions, revision_cols, mdg_now_s());
	say_corrected(cli, result);
}

/* What a draft has become, and what the person may do next. */
void
mdg_cli_draft_changed(struct mdg_cli *cli, const json_t *result)
{
	const char *state = mdg_json_text(result, "state");
	const char *held = mdg_json_text(result, "sending");
	char id[24], more[24];

	snprintf(id, sizeof(id), "%" PRId64, mdg_json_int(result, "draft"));
	snprintf(more, sizeof(more), "%" PRId64,
		 mdg_json_int(result, "ticket"));
	mdg_cli_say(cli, MDG_MSG_cli_draft_now, id,
		    mdg_cli_word(cli, "draft", state), more, NULL);
	if (json_is_true(json_object_get(result, "withdrawn")))
		mdg_cli_say(cli, MDG_MSG_cli_draft_withdrawn, id, NULL);
	else if (mdg_streq(state, "waiting"))
		mdg_cli_say(cli, MDG_MSG_cli_draft_asked, id, NULL);
	if (mdg_json_int(result, "outbox") && *held) {
		snprintf(id, sizeof(id), "%" PRId64,
			 mdg_json_int(result, "outbox"));
		mdg_cli_say(cli, MDG_MSG_cli_draft_held, id,
			    mdg_cli_word(cli, "sending", held), NULL);
	} else if (mdg_json_int(result, "outbox")) {
		int64_t left =
			mdg_json_int(result, "not_before_s") - mdg_now_s();
		snprintf(id, sizeof(id), "%" PRId64,
			 mdg_json_int(result, "outbox"));
		snprintf(more, sizeof(more), "%" PRId64, left > 0 ? left : 0);
		mdg_cli_say(cli, MDG_MSG_cli_draft_queued, id, more, NULL);
	}
}

static void
print_new(struct mdg_cli *cli, const json_t *result)
{
	mdg_cli_draft_changed(cli, result);
	putchar('\n');
	mdg_cli_text(mdg_json_text(result, "body"), "");
	mdg_desk_print_filled(cli, result);
}

static void
print_outbox(struct mdg_cli *cli, const json_t *result)
{
	char id[24];

	snprintf(id, sizeof(id), "%" PRId64, mdg_json_int(result, "outbox"));
	mdg_cli_say(cli, MDG_MSG_cli_outbox_now, id,
		    mdg_cli_word(cli, "outbox", mdg_json_text(result, "state")),
		    NULL);
}

#define TEXT_ARGS                                                              \
	MDG_OPT("subject", "subject", 's'), MDG_OPT("body", "body", 's'),      \
		MDG_OPT("body-file", "body", 'f'), MDG_OPT("to", "to", 'a'),   \
		MDG_OPT("cc", "cc", 'a'), MDG_OPT("next", "next", 's'),        \
		MDG_OPT("quote", "quote", 's')
#define TEXT_USAGE                                                             \
	"[--subject TEXT] [--body-file FILE|-] [--to ADDRESS]... "             \
	"[--cc ADDRESS]... [--next closed|waiting|working] "                   \
	"[--quote none|part|whole|window|LINES]"

// clang-format off
const struct mdg_desk_cmd mdg_desk_draft[] = {
	{.cmd = {"draft new",
		 "TICKET [--template ID] [--slot NAME=VALUE]... [--language ja|en] "
		 "[--due TIME] " TEXT_USAGE,
		 MDG_MSG_cli_help_draft_new, mdg_desk_run},
	 .act = "draft.new",
	 .print = print_new,
	 .args = {MDG_WORD("ticket", 'i'), MDG_OPT("template", "template", 's'),
		  MDG_OPT("slot", "slots", 'o'),
		  MDG_OPT("language", "lang", 's'),
		  MDG_OPT("due", "due", 's'), TEXT_ARGS}},
	{.cmd = {"draft edit", "DRAFT [--rev N] [--due TIME] " TEXT_USAGE,
		 MDG_MSG_cli_help_draft_edit, mdg_desk_run},
	 .act = "draft.edit",
	 .print = mdg_cli_draft_changed,
	 .args = {MDG_WORD("draft", 'i'), MDG_OPT("rev", "rev", 'i'),
		  MDG_OPT("due", "due", 's'), TEXT_ARGS}},
	{.cmd = {"draft submit", "DRAFT [--at TIME] [--comment TEXT] "
		 "[--despite-reply] [--override REASON]",
		 MDG_MSG_cli_help_draft_submit, mdg_desk_run},
	 .act = "draft.submit",
	 .print = mdg_cli_draft_changed,
	 .args = {MDG_WORD("draft", 'i'), MDG_OPT("at", "at", 's'),
		  MDG_OPT("comment", "comment", 's'),
		  MDG_OPT("despite-reply", "despite_reply", 'b'),
		  MDG_OPT("override", "override", 's')}},
	{.cmd = {"draft show", "DRAFT", MDG_MSG_cli_help_draft_show,
		 mdg_desk_run},
	 .act = "draft.show",
	 .print = print_draft,
	 .args = {MDG_WORD("draft", 'i')}},
	{.cmd = {"draft check", "DRAFT [--with FILE|-]",
		 MDG_MSG_cli_help_draft_check, mdg_desk_run},
	 .act = "draft.check",
	 .print = mdg_cli_print_check,
	 .args = {MDG_WORD("draft", 'i'), MDG_OPT("with", "body", 'f')}},
	{.cmd = {"draft withdraw", "DRAFT", MDG_MSG_cli_help_draft_withdraw,
		 mdg_desk_run},
	 .act = "draft.withdraw",
	 .print = mdg_cli_draft_changed,
	 .args = {MDG_WORD("draft", 'i')}},
	{.cmd = {"draft discard", "DRAFT", MDG_MSG_cli_help_draft_discard,
		 mdg_desk_run},
	 .act = "draft.discard",
	 .print = mdg_cli_draft_changed,
	 .args = {MDG_WORD("draft", 'i')}},
	{.cmd = {"outbox list", "[--all] [--before N] [--limit N]", MDG_MSG_cli_help_outbox_list,
		 mdg_desk_run},
	 .act = "outbox.list",
	 .list = "outbox", .empty = MDG_MSG_cli_no_outbox,
	 .none_fit = MDG_MSG_cli_none_sent,
	 .args = {MDG_OPT("all", "all", 'b'), MDG_OPT("before", "before", 'i'),
		  MDG_OPT("limit", "limit", 'i')},
	 .cols = {{MDG_MSG_col_outbox, "outbox", 'i', NULL},
		  {MDG_MSG_col_state, "state", 'w', "outbox"},
		  {MDG_MSG_col_ticket, "ticket", 'i', NULL},
		  {MDG_MSG_col_draft, "draft", 'i', NULL},
		  {MDG_MSG_col_not_before, "not_before_s", 't', NULL},
		  {MDG_MSG_col_attempts, "attempts", 'i', NULL},
		  {MDG_MSG_col_sent, "sent_s", 't', NULL},
		  {MDG_MSG_col_reason, "reason", 's', NULL},
		  {MDG_MSG_col_answer, "answer", 's', NULL}}},
	{.cmd = {"outbox cancel", "OUTBOX", MDG_MSG_cli_help_outbox_cancel,
		 mdg_desk_run},
	 .act = "outbox.cancel",
	 .print = print_outbox,
	 .args = {MDG_WORD("outbox", 'i')}},
	{.cmd = {"outbox resolve", "OUTBOX --sent|--again",
		 MDG_MSG_cli_help_outbox_resolve, mdg_desk_run},
	 .act = "outbox.resolve",
	 .print = print_outbox,
	 .args = {MDG_WORD("outbox", 'i'), MDG_FLAG("sent", "as", "sent"),
		  MDG_FLAG("again", "as", "again")}},
	{.cmd = {.name = NULL}},
};
// clang-format on
