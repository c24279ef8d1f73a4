/* madoguchi queue, shift, handover, comment, thanks and the like: who does
 * what next. */
#include <inttypes.h>
#include <stdio.h>

#include "madoguchi/base/str.h"

#include "desk.h"

static void
print_ticket(struct mdg_cli *cli, const json_t *result)
{
	char number[24];

	snprintf(number, sizeof(number), "%" PRId64,
		 mdg_json_int(result, "ticket"));
	mdg_cli_say(cli, MDG_MSG_cli_ticket_now, number,
		    mdg_cli_word(cli, "ticket", mdg_json_text(result, "state")),
		    NULL);
	if (*mdg_json_text(result, "subject"))
		mdg_cli_text(mdg_json_text(result, "subject"), "");
}

static const struct mdg_col card_cols[] = {
	{MDG_MSG_col_number, "customer", 'i', NULL},
	{MDG_MSG_col_name, "name", 's', NULL},
	{MDG_MSG_col_kana, "kana", 's', NULL},
	{MDG_MSG_col_company, "company", 's', NULL},
	{MDG_MSG_col_note, "note", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col address_cols[] = {
	{MDG_MSG_col_address, "address", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col phone_cols[] = {
	{MDG_MSG_col_phone, "phone", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col history_cols[] = {
	{MDG_MSG_col_ticket, "ticket", 'i', NULL},
	{MDG_MSG_col_state, "state", 'w', "ticket"},
	{MDG_MSG_col_created, "created_s", 't', NULL},
	{MDG_MSG_col_subject, "subject", 's', NULL},
	{MDG_MSG_col_window, "window", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

static void
print_customer(struct mdg_cli *cli, const json_t *result)
{
	mdg_cli_fields(cli, result, card_cols, 0);
	mdg_cli_part(cli, result, "addresses", address_cols);
	mdg_cli_part(cli, result, "phones", phone_cols);
	mdg_cli_part(cli, result, "tickets", history_cols);
}

static void
print_inquiry(struct mdg_cli *cli, const json_t *result)
{
	char side[24], about[24], draft[24];

	snprintf(side, sizeof(side), "%" PRId64,
		 mdg_json_int(result, "ticket"));
	snprintf(about, sizeof(about), "%" PRId64,
		 mdg_json_int(result, "about"));
	snprintf(draft, sizeof(draft), "%" PRId64,
		 mdg_json_int(result, "draft"));
	mdg_cli_say(cli, MDG_MSG_cli_inquiry_new, about, side, draft, NULL);
}

static const struct mdg_col comment_cols[] = {
	{MDG_MSG_col_when, "created_s", 't', NULL},
	{MDG_MSG_col_author, "author", 's', NULL},
	{MDG_MSG_col_comment, "text", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col label_cols[] = {
	{MDG_MSG_col_labels, "label", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col lock_cols[] = {
	{MDG_MSG_col_writes, "name", 's', NULL},
	{MDG_MSG_col_since, "taken_s", 't', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col side_cols[] = {
	{MDG_MSG_col_side, "ticket", 'i', NULL},
	{MDG_MSG_col_state, "state", 'w', "ticket"},
	{MDG_MSG_col_to, "to", 's', NULL},
	{MDG_MSG_col_subject, "subject", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col parent_cols[] = {
	{MDG_MSG_col_side_of, "ticket", 'i', NULL},
	{MDG_MSG_col_state, "state", 'w', "ticket"},
	{MDG_MSG_col_subject, "subject", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

void
mdg_cli_print_notes(struct mdg_cli *cli, const json_t *result)
{
	mdg_cli_part(cli, result, "parent", parent_cols);
	mdg_cli_part(cli, result, "side_threads", side_cols);
	mdg_cli_part(cli, result, "labels", label_cols);
	mdg_cli_part(cli, result, "lock", lock_cols);
	mdg_cli_part(cli, result, "comments", comment_cols);
}

void
mdg_desk_print_moved(struct mdg_cli *cli, const json_t *result)
{
	static const struct {
		const char *key;
		enum mdg_msg says;
		bool even_none;
	} ways[] = {{"released", MDG_MSG_cli_released, true},
		    {"handed", MDG_MSG_cli_handed, true},
		    {"given", MDG_MSG_cli_given, true},
		    {"left", MDG_MSG_cli_unassigned, false}};
	bool said = false;
	char n[24];

	for (size_t i = 0; i < MDG_LEN(ways); i++) {
		int64_t moved = mdg_json_int(result, ways[i].key);
		if (!json_object_get(result, ways[i].key) ||
		    (!moved && !ways[i].even_none))
			continue;
		snprintf(n, sizeof(n), "%" PRId64, moved);
		mdg_cli_say(cli, ways[i].says, n, NULL);
		said = true;
	}
	if (!said)
		mdg_cli_say(cli, MDG_MSG_cli_done, NULL);
}

// clang-format off
static void
print_rescued(struct mdg_cli *cli, const json_t *result)
{
	char number[24];

	snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
		 json_integer_value(json_object_get(result, "junk")));
	mdg_cli_say(cli, MDG_MSG_cli_junk_rescued, number, NULL);
}

const struct mdg_desk_cmd mdg_desk_work[] = {
	{.cmd = {"queue", "[--all] [--window CODE] [--limit N]",
		 MDG_MSG_cli_help_queue, mdg_desk_run},
	 .act = "queue", .list = "queue", .empty = MDG_MSG_cli_queue_empty,
	 .args = {MDG_OPT("all", "all", 'b'), MDG_OPT("window", "window", 's'),
		  MDG_OPT("limit", "limit", 'i')},
	 .cols = {{MDG_MSG_col_ticket, "ticket", 'i', NULL},
		  {MDG_MSG_col_state, "state", 'w', "ticket"},
		  {MDG_MSG_col_due, "due_s", 'd', NULL},
		  {MDG_MSG_col_clock, "clock", 'w', "clock"},
		  {MDG_MSG_col_temperature, "temperature", 'i', NULL},
		  {MDG_MSG_col_assignee, "assignee", 's', NULL},
		  {MDG_MSG_col_customer, "customer", 's', NULL},
		  {MDG_MSG_col_subject, "subject", 's', NULL},
		  {MDG_MSG_col_received, "inbound_s", 't', NULL},
		  {MDG_MSG_col_window, "window", 's', NULL}}},
	{.cmd = {"ticket next", "[--window CODE]", MDG_MSG_cli_help_ticket_next,
		 mdg_desk_run},
	 .act = "ticket.next", .print = print_ticket,
	 .args = {MDG_OPT("window", "window", 's')}},
	{.cmd = {"ticket new",
		 "WINDOW --subject TEXT [--kind phone|visit|mail] [--name NAME] "
		 "[--address ADDRESS] [--phone NUMBER] [--text TEXT] "
		 "[--text-file FILE|-] [--due TIME] [--answered]",
		 MDG_MSG_cli_help_ticket_new, mdg_desk_run},
	 .act = "ticket.new", .print = print_ticket,
	 .args = {MDG_WORD("window", 's'), MDG_NEED("subject", "subject", 's'),
		  MDG_OPT("kind", "kind", 's'), MDG_OPT("name", "name", 's'),
		  MDG_OPT("address", "address", 's'),
		  MDG_OPT("phone", "phone", 's'), MDG_OPT("text", "text", 's'),
		  MDG_OPT("text-file", "text", 'f'), MDG_OPT("due", "due", 's'),
		  MDG_OPT("answered", "answered", 'b')}},
	{.cmd = {"inquiry new",
		 "TICKET --to ADDRESS --subject TEXT [--body TEXT] "
		 "[--body-file FILE|-]",
		 MDG_MSG_cli_help_inquiry_new, mdg_desk_run},
	 .act = "inquiry.new", .print = print_inquiry,
	 .args = {MDG_WORD("ticket", 'i'), MDG_NEED("to", "to", 's'),
		  MDG_NEED("subject", "subject", 's'),
		  MDG_OPT("body", "body", 's'),
		  MDG_OPT("body-file", "body", 'f')}},
	{.cmd = {"ticket print", "TICKET [--format text|html]",
		 MDG_MSG_cli_help_ticket_print, mdg_cli_ticket_print},
	 .act = "ticket.print"},
	{.cmd = {"ticket take", "TICKET [--force]", MDG_MSG_cli_help_ticket_take,
		 mdg_desk_run},
	 .act = "ticket.take", .print = print_ticket,
	 .args = {MDG_WORD("ticket", 'i'), MDG_OPT("force", "force", 'b')}},
	{.cmd = {"ticket turn", "TICKET", MDG_MSG_cli_help_ticket_turn,
		 mdg_desk_run},
	 .act = "ticket.turn", .print = print_ticket,
	 .args = {MDG_WORD("ticket", 'i')}},
	{.cmd = {"ticket distribute", "WINDOW",
		 MDG_MSG_cli_help_ticket_distribute, mdg_desk_run},
	 .act = "ticket.distribute", .print = mdg_desk_print_moved,
	 .args = {MDG_WORD("window", 's')}},
	{.cmd = {"ticket label", "TICKET [--add LABEL]... [--remove LABEL]...",
		 MDG_MSG_cli_help_ticket_label, mdg_desk_run},
	 .act = "ticket.label",
	 .args = {MDG_WORD("ticket", 'i'), MDG_OPT("add", "add", 'a'),
		  MDG_OPT("remove", "remove", 'a')}},
	{.cmd = {"ticket priority", "TICKET high|normal",
		 MDG_MSG_cli_help_ticket_priority, mdg_desk_run},
	 .act = "ticket.priority", .print = print_ticket,
	 .args = {MDG_WORD("ticket", 'i'), MDG_WORD("level", 's')}},
	{.cmd = {"ticket category", "TICKET CATEGORY",
		 MDG_MSG_cli_help_ticket_category, mdg_desk_run},
	 .act = "ticket.category", .print = print_ticket,
	 .args = {MDG_WORD("ticket", 'i'), MDG_WORD("category", 's')}},
	{.cmd = {"ticket move", "TICKET --to WINDOW",
		 MDG_MSG_cli_help_ticket_move, mdg_desk_run},
	 .act = "ticket.move", .print = print_ticket,
	 .args = {MDG_WORD("ticket", 'i'), MDG_NEED("to", "to", 's')}},
	{.cmd = {"ticket spam", "TICKET [--domain]",
		 MDG_MSG_cli_help_ticket_spam, mdg_desk_run},
	 .act = "ticket.spam", .print = print_ticket,
	 .args = {MDG_WORD("ticket", 'i'), MDG_OPT("domain", "domain", 'b')}},
	{.cmd = {"spam list", "WINDOW", MDG_MSG_cli_help_spam_list,
		 mdg_desk_run},
	 .act = "spam.list", .list = "senders", .empty = MDG_MSG_cli_spam_empty,
	 .args = {MDG_WORD("window", 's')},
	 .cols = {{MDG_MSG_col_address, "sender", 's', NULL},
		  {MDG_MSG_col_user, "user", 's', NULL},
		  {MDG_MSG_col_when, "made_s", 't', NULL}}},
	{.cmd = {"spam forget", "SENDER --window CODE",
		 MDG_MSG_cli_help_spam_forget, mdg_desk_run},
	 .act = "spam.forget",
	 .args = {MDG_WORD("sender", 's'), MDG_NEED("window", "window", 's')}},
	{.cmd = {"junk list", "WINDOW [--all] [--days N]",
		 MDG_MSG_cli_help_junk_list, mdg_desk_run},
	 .act = "junk.list", .list = "junk", .empty = MDG_MSG_cli_junk_empty,
	 .args = {MDG_WORD("window", 's'), MDG_OPT("all", "all", 'b'),
		  MDG_OPT("days", "days", 'i')},
	 .cols = {{MDG_MSG_col_number, "junk", 'i', NULL},
		  {MDG_MSG_col_received, "received_s", 't', NULL},
		  {MDG_MSG_col_name, "name", 's', NULL},
		  {MDG_MSG_col_address, "address", 's', NULL},
		  {MDG_MSG_col_subject, "subject", 's', NULL},
		  {MDG_MSG_col_answers, "about", 'i', NULL},
		  {MDG_MSG_col_ticket, "ticket", 'i', NULL}}},
	{.cmd = {"junk rescue", "NUMBER --window CODE",
		 MDG_MSG_cli_help_junk_rescue, mdg_desk_run},
	 .act = "junk.rescue", .print = print_rescued,
	 .args = {MDG_WORD("junk", 'i'), MDG_NEED("window", "window", 's')}},
	{.cmd = {"customer show", "CUSTOMER", MDG_MSG_cli_help_customer_show,
		 mdg_desk_run},
	 .act = "customer.show", .print = print_customer,
	 .args = {MDG_WORD("customer", 'i')}},
	{.cmd = {"customer set",
		 "CUSTOMER [--name NAME] [--kana KANA] [--company NAME] "
		 "[--note TEXT] [--address ADDRESS]... [--phone NUMBER]...",
		 MDG_MSG_cli_help_customer_set, mdg_desk_run},
	 .act = "customer.set",
	 .args = {MDG_WORD("customer", 'i'), MDG_OPT("name", "name", 's'),
		  MDG_OPT("kana", "kana", 's'),
		  MDG_OPT("company", "company", 's'),
		  MDG_OPT("note", "note", 's'),
		  MDG_OPT("address", "addresses", 'a'),
		  MDG_OPT("phone", "phones", 'a')}},
	{.cmd = {"customer merge", "CUSTOMER --into CUSTOMER",
		 MDG_MSG_cli_help_customer_merge, mdg_desk_run},
	 .act = "customer.merge",
	 .args = {MDG_WORD("customer", 'i'), MDG_NEED("into", "into", 'i')}},
	{.cmd = {"thanks list", "[--all] [--days N]", MDG_MSG_cli_help_thanks,
		 mdg_desk_run},
	 .act = "thanks.list", .list = "thanks", .empty = MDG_MSG_cli_no_thanks,
	 .args = {MDG_OPT("all", "all", 'b'), MDG_OPT("days", "days", 'i')},
	 .cols = {{MDG_MSG_col_ticket, "ticket", 'i', NULL},
		  {MDG_MSG_col_received, "received_s", 't', NULL},
		  {MDG_MSG_col_customer, "customer", 's', NULL},
		  {MDG_MSG_col_assignee, "assignee", 's', NULL},
		  {MDG_MSG_col_content, "text", 's', NULL}}},
	{.cmd = {"comment add", "TICKET TEXT", MDG_MSG_cli_help_comment_add,
		 mdg_desk_run},
	 .act = "comment.add",
	 .args = {MDG_WORD("ticket", 'i'), MDG_WORD("text", 's')}},
	{.cmd = {"comment mentions", "", MDG_MSG_cli_help_comment_mentions,
		 mdg_desk_run},
	 .act = "comment.mentions", .list = "mentions",
	 .empty = MDG_MSG_cli_no_mentions,
	 .cols = {{MDG_MSG_col_ticket, "ticket", 'i', NULL},
		  {MDG_MSG_col_when, "created_s", 't', NULL},
		  {MDG_MSG_col_author, "author", 's', NULL},
		  {MDG_MSG_col_comment, "comment", 's', NULL},
		  {MDG_MSG_col_subject, "subject", 's', NULL}}},
	{.cmd = {"comment seen", "TICKET", MDG_MSG_cli_help_comment_seen,
		 mdg_desk_run},
	 .act = "comment.seen",
	 .args = {MDG_WORD("ticket", 'i')}},
	{.cmd = {"draft lock", "DRAFT", MDG_MSG_cli_help_draft_lock,
		 mdg_desk_run},
	 .act = "draft.lock", .print = mdg_cli_draft_changed,
	 .args = {MDG_WORD("draft", 'i')}},
	{.cmd = {"draft unlock", "DRAFT", MDG_MSG_cli_help_draft_unlock,
		 mdg_desk_run},
	 .act = "draft.unlock", .print = mdg_cli_draft_changed,
	 .args = {MDG_WORD("draft", 'i')}},
	{.cmd = {"draft takeover", "DRAFT", MDG_MSG_cli_help_draft_takeover,
		 mdg_desk_run},
	 .act = "draft.takeover", .print = mdg_cli_draft_changed,
	 .args = {MDG_WORD("draft", 'i')}},
	{.cmd = {"user enable", "LOGIN", MDG_MSG_cli_help_user_enable,
		 mdg_desk_run},
	 .act = "user.enable",
	 .args = {MDG_WORD("login", 's')}},
	{.cmd = {"user reset", "LOGIN [--uid UID]", MDG_MSG_cli_help_user_reset,
		 mdg_desk_run},
	 .act = "user.reset",
	 .args = {MDG_WORD("login", 's'), MDG_OPT("uid", "uid", 'i')}},
	{.cmd = {"user absent", "LOGIN [--until TIME]",
		 MDG_MSG_cli_help_user_absent, mdg_desk_run},
	 .act = "user.absent", .print = mdg_desk_print_moved,
	 .args = {MDG_WORD("login", 's'), MDG_OPT("until", "until", 's')}},
	{.cmd = {"user present", "LOGIN", MDG_MSG_cli_help_user_present,
		 mdg_desk_run},
	 .act = "user.present",
	 .args = {MDG_WORD("login", 's')}},
	{.cmd = {"user work", "LOGIN [--capacity N] [--skill CATEGORY]...",
		 MDG_MSG_cli_help_user_work, mdg_desk_run},
	 .act = "user.work",
	 .args = {MDG_WORD("login", 's'), MDG_OPT("capacity", "capacity", 'i'),
		  MDG_OPT("skill", "skills", 'a')}},
	{.cmd = {"handover", "--from LOGIN [--to LOGIN] [--note TEXT] [--ticket TICKET]...",
		 MDG_MSG_cli_help_handover, mdg_desk_run},
	 .act = "handover", .print = mdg_desk_print_moved,
	 .args = {MDG_NEED("from", "from", 's'), MDG_OPT("to", "to", 's'),
		  MDG_OPT("note", "note", 's'),
		  MDG_OPT("ticket", "tickets", 'a')}},
	{.cmd = {"shift", "[LOGIN]", MDG_MSG_cli_help_shift, mdg_desk_run},
	 .act = "shift", .list = "shift", .empty = MDG_MSG_cli_shift_empty,
	 .args = {MDG_MAYBE("login", 's')},
	 .cols = {{MDG_MSG_col_ticket, "ticket", 'i', NULL},
		  {MDG_MSG_col_state, "state", 'w', "ticket"},
		  {MDG_MSG_col_hold, "hold_reason", 's', NULL},
		  {MDG_MSG_col_due, "due_s", 'd', NULL},
		  {MDG_MSG_col_promise, "promise_s", 't', NULL},
		  {MDG_MSG_col_follow_up, "follow_up_s", 't', NULL},
		  {MDG_MSG_col_draft, "draft", 'w', "draft"},
		  {MDG_MSG_col_customer, "customer", 's', NULL},
		  {MDG_MSG_col_subject, "subject", 's', NULL},
		  {MDG_MSG_col_comment, "comment", 's', NULL}}},
	{.cmd = {.name = NULL}},
};
// clang-format on
