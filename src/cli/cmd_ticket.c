/* madoguchi ticket, trace, sla explain */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

#include "desk.h"

/* ---- ticket show ---- */

static const struct mdg_col head_cols[] = {
	{MDG_MSG_col_ticket, "ticket", 'i', NULL},
	{MDG_MSG_col_subject, "subject", 's', NULL},
	{MDG_MSG_col_state, "state", 'w', "ticket"},
	{MDG_MSG_col_closing, "closing", 'w', "closing"},
	{MDG_MSG_col_hold, "hold_reason", 's', NULL},
	{MDG_MSG_col_window, "window", 's', NULL},
	{MDG_MSG_col_customer, "customer", 's', NULL},
	{MDG_MSG_col_assignee, "assignee", 's', NULL},
	{MDG_MSG_col_category, "category", 's', NULL},
	{MDG_MSG_col_temperature, "temperature", 'i', NULL},
	{MDG_MSG_col_harassment, "harassment", 'b', NULL},
	{MDG_MSG_col_created, "created_s", 't', NULL},
	{MDG_MSG_col_due, "due_s", 'd', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col draft_cols[] = {
	{MDG_MSG_col_draft, "draft", 'i', NULL},
	{MDG_MSG_col_state, "state", 'w', "draft"},
	{MDG_MSG_col_author, "author", 's', NULL},
	{MDG_MSG_col_template, "template", 's', NULL},
	{MDG_MSG_col_subject, "subject", 's', NULL},
	{MDG_MSG_col_changed, "changed_s", 't', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col clock_cols[] = {
	{MDG_MSG_col_clock, "clock", 'w', "clock"},
	{MDG_MSG_col_state, "state", 'w', "clock_state"},
	{MDG_MSG_col_started, "started_s", 't', NULL},
	{MDG_MSG_col_due, "due_s", 'd', NULL},
	{MDG_MSG_col_stopped, "stopped_s", 't', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col undelivered_cols[] = {
	{MDG_MSG_col_outbox, "outbox", 'i', NULL},
	{MDG_MSG_col_undelivered, "kind", 'w', "undelivered"},
	{MDG_MSG_col_address, "address", 's', NULL},
	{MDG_MSG_col_answer, "text", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col file_cols[] = {
	{MDG_MSG_col_attachment, "id", 's', NULL},
	{MDG_MSG_col_file, "filename", 's', NULL},
	{MDG_MSG_col_type, "media_type", 's', NULL},
	{MDG_MSG_col_bytes, "bytes", 'B', NULL},
	{MDG_MSG_col_badges, "locked", 'w', "badge"},
	{MDG_MSG_col_danger, "danger", 'w', "danger"},
	{MDG_MSG_col_scan, "scan", 'w', "scan"},
	{MDG_MSG_col_virus, "scan_name", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

void
mdg_cli_print_message(struct mdg_cli *cli, const json_t *m)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf head = {0};
	const char *name = mdg_json_text(m, "from_name");
	const char *address = mdg_json_text(m, "from_address");

	mdg_buf_printf(&head, "-- %s  ",
		       mdg_cli_word(cli, "direction",
				    mdg_json_text(m, "direction")));
	mdg_cli_time(cli, mdg_json_int(m, "received_s"), &head);
	mdg_buf_puts(&head, "  ");
	mdg_utf8_clean(&head, name, strlen(name), true);
	mdg_buf_puts(&head, *name ? " <" : "<");
	mdg_utf8_clean(&head, address, strlen(address), true);
	mdg_buf_printf(&head, ">  (%" PRId64 ")", mdg_json_int(m, "id"));
	mdg_cli_badges(cli, m, &head);
	printf("\n%s\n", mdg_buf_str(&head));
	mdg_cli_print_speaker(cli, m);
	mdg_cli_text(mdg_json_text(m, "text"), "   ");
}

static void
print_ticket(struct mdg_cli *cli, const json_t *result)
{
	json_t *m;
	size_t i;

	mdg_cli_fields(cli, result, head_cols, mdg_json_int(result, "now_s"));
	mdg_cli_part(cli, result, "clocks", clock_cols);
	json_array_foreach (json_object_get(result, "messages"), i, m)
		mdg_cli_print_message(cli, m);
	mdg_cli_part(cli, result, "attachments", file_cols);
	mdg_desk_print_judged(cli, result);
	mdg_cli_part(cli, result, "drafts", draft_cols);
	mdg_cli_part(cli, result, "undelivered", undelivered_cols);
	mdg_cli_print_notes(cli, result);
	mdg_cli_print_ties(cli, result);
}

static void
print_changed(struct mdg_cli *cli, const json_t *result)
{
	char number[24];

	snprintf(number, sizeof(number), "%" PRId64,
		 mdg_json_int(result, "ticket"));
	mdg_cli_say(cli, MDG_MSG_cli_ticket_now, number,
		    mdg_cli_word(cli, "ticket", mdg_json_text(result, "state")),
		    NULL);
}

/* ---- trace ---- */

static const struct mdg_col delivery_cols[] = {
	{MDG_MSG_col_delivery, "delivery", 'i', NULL},
	{MDG_MSG_col_mailbox, "mailbox", 's', NULL},
	{MDG_MSG_col_folder, "folder", 'm', NULL},
	{MDG_MSG_col_uid, "uid", 'i', NULL},
	{MDG_MSG_col_state, "state", 'w', "delivery"},
	{MDG_MSG_col_bytes, "bytes", 'B', NULL},
	{MDG_MSG_col_received, "internaldate_s", 't', NULL},
	{MDG_MSG_col_listed, "listed_s", 't', NULL},
	{MDG_MSG_col_reason, "reason", 's', NULL},
	{MDG_MSG_col_message_id, "message_id", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col outgoing_cols[] = {
	{MDG_MSG_col_outbox, "outbox", 'i', NULL},
	{MDG_MSG_col_state, "state", 'w', "outbox"},
	{MDG_MSG_col_to, "to", 's', NULL},
	{MDG_MSG_col_result, "result", 's', NULL},
	{MDG_MSG_col_answer, "answer", 's', NULL},
	{MDG_MSG_col_sent, "sent_s", 't', NULL},
	{MDG_MSG_col_message_id, "message_id", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

static void
print_event(struct mdg_cli *cli, const json_t *e)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};
	MDG_AUTO(mdg_freep) char *codes =
		json_dumps(json_object_get(e, "codes"), JSON_COMPACT);

	mdg_cli_time(cli, mdg_json_int(e, "time_s"), &line);
	mdg_buf_printf(&line, "  %s  %s  %s", mdg_json_text(e, "kind"),
		       mdg_json_text(e, "actor"), codes ? codes : "");
	mdg_cli_text(mdg_buf_str(&line), "");
}

static void
print_trace(struct mdg_cli *cli, const json_t *result)
{
	json_t *e;
	size_t i;
	char number[24];

	snprintf(number, sizeof(number), "%" PRId64,
		 mdg_json_int(result, "ticket"));
	mdg_cli_say(cli, MDG_MSG_cli_trace_of, number, NULL);
	mdg_cli_part(cli, result, "deliveries", delivery_cols);
	putchar('\n');
	json_array_foreach (json_object_get(result, "events"), i, e)
		print_event(cli, e);
	mdg_cli_part(cli, result, "outgoing", outgoing_cols);
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_ticket[] = {
	{.cmd = {"ticket list",
		 "[--state STATE|all] [--assignee LOGIN] [--window CODE] "
		 "[--limit N]",
		 MDG_MSG_cli_help_ticket_list, mdg_desk_run},
	 .act = "ticket.list",
	 .list = "tickets", .empty = MDG_MSG_cli_no_tickets,
	 .none_fit = MDG_MSG_cli_no_such_tickets,
	 .args = {MDG_OPT("state", "state", 's'),
		  MDG_OPT("assignee", "assignee", 's'),
		  MDG_OPT("window", "window", 's'), MDG_OPT("limit", "limit", 'i')},
	 .cols = {{MDG_MSG_col_ticket, "ticket", 'i', NULL},
		  {MDG_MSG_col_state, "state", 'w', "ticket"},
		  {MDG_MSG_col_due, "due_s", 'd', NULL},
		  {MDG_MSG_col_assignee, "assignee", 's', NULL},
		  {MDG_MSG_col_temperature, "temperature", 'i', NULL},
		  {MDG_MSG_col_customer, "customer", 's', NULL},
		  {MDG_MSG_col_subject, "subject", 's', NULL},
		  {MDG_MSG_col_badges, "badges", 'w', "badge"},
		  {MDG_MSG_col_mails, "messages", 'i', NULL},
		  {MDG_MSG_col_received, "inbound_s", 't', NULL},
		  {MDG_MSG_col_window, "window", 's', NULL}}},
	{.cmd = {"ticket show", "TICKET", MDG_MSG_cli_help_ticket_show,
		 mdg_desk_run},
	 .act = "ticket.show",
	 .print = print_ticket,
	 .args = {MDG_WORD("ticket", 'i')}},
	{.cmd = {"ticket assign", "TICKET [--to LOGIN]",
		 MDG_MSG_cli_help_ticket_assign, mdg_desk_run},
	 .act = "ticket.assign",
	 .print = print_changed,
	 .args = {MDG_WORD("ticket", 'i'), MDG_OPT("to", "to", 's')}},
	{.cmd = {"ticket close",
		 "TICKET [--kind replied|no_reply|thanks|sales|duplicate|spam]",
		 MDG_MSG_cli_help_ticket_close, mdg_desk_run},
	 .act = "ticket.close",
	 .print = print_changed,
	 .args = {MDG_WORD("ticket", 'i'), MDG_OPT("kind", "kind", 's')}},
	{.cmd = {"ticket reopen", "TICKET", MDG_MSG_cli_help_ticket_reopen,
		 mdg_desk_run},
	 .act = "ticket.reopen",
	 .print = print_changed,
	 .args = {MDG_WORD("ticket", 'i')}},
	{.cmd = {"ticket hold", "TICKET --reason TEXT [--customer]",
		 MDG_MSG_cli_help_ticket_hold, mdg_desk_run},
	 .act = "ticket.hold",
	 .print = print_changed,
	 .args = {MDG_WORD("ticket", 'i'), MDG_NEED("reason", "reason", 's'),
		  MDG_OPT("customer", "customer", 'b')}},
	{.cmd = {"ticket promise", "TICKET [--due TIME]",
		 MDG_MSG_cli_help_ticket_promise, mdg_desk_run},
	 .act = "ticket.promise",
	 .print = print_changed,
	 .args = {MDG_WORD("ticket", 'i'), MDG_OPT("due", "due", 's')}},
	{.cmd = {"trace", "MESSAGE-ID|TICKET", MDG_MSG_cli_help_trace,
		 mdg_desk_run},
	 .act = "trace",
	 .print = print_trace,
	 .args = {MDG_WORD("what", 's')}},
	{.cmd = {.name = NULL}},
};
// clang-format on
