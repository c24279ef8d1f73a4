/* Codes in the words of people; --json shows the codes. */
#include "madoguchi/base/str.h"

#include "desk.h"

// clang-format off
static const struct {
	const char *group, *code;
	enum mdg_msg word;
} words[] = {
	{"ticket", "new", MDG_MSG_word_ticket_new},
	{"ticket", "working", MDG_MSG_word_ticket_working},
	{"ticket", "waiting", MDG_MSG_word_ticket_waiting},
	{"ticket", "hold", MDG_MSG_word_ticket_hold},
	{"ticket", "closed", MDG_MSG_word_ticket_closed},
	{"ticket", "error", MDG_MSG_word_ticket_error},
	{"ticket", "merged", MDG_MSG_word_ticket_merged},
	{"closing", "replied", MDG_MSG_word_closing_replied},
	{"closing", "no_reply", MDG_MSG_word_closing_no_reply},
	{"closing", "thanks", MDG_MSG_word_closing_thanks},
	{"closing", "sales", MDG_MSG_word_closing_sales},
	{"closing", "duplicate", MDG_MSG_word_closing_duplicate},
	{"closing", "spam", MDG_MSG_word_closing_spam},
	{"closing", "auto", MDG_MSG_word_closing_auto},
	{"closing", "history", MDG_MSG_word_closing_history},
	{"draft", "editing", MDG_MSG_word_draft_editing},
	{"draft", "waiting", MDG_MSG_word_draft_waiting},
	{"draft", "approved", MDG_MSG_word_draft_approved},
	{"draft", "queued", MDG_MSG_word_draft_queued},
	{"draft", "sending", MDG_MSG_word_draft_sending},
	{"draft", "sent", MDG_MSG_word_draft_sent},
	{"draft", "failed", MDG_MSG_word_draft_failed},
	{"draft", "unknown", MDG_MSG_word_draft_unknown},
	{"draft", "returned", MDG_MSG_word_draft_returned},
	{"draft", "cancelled", MDG_MSG_word_draft_cancelled},
	{"outbox", "queued", MDG_MSG_word_draft_queued},
	{"outbox", "sending", MDG_MSG_word_draft_sending},
	{"outbox", "committing", MDG_MSG_word_draft_sending},
	{"outbox", "sent", MDG_MSG_word_draft_sent},
	{"outbox", "failed", MDG_MSG_word_draft_failed},
	{"outbox", "unknown", MDG_MSG_word_draft_unknown},
	{"outbox", "cancelled", MDG_MSG_word_draft_cancelled},
	{"severity", "error", MDG_MSG_severity_error},
	{"severity", "warn", MDG_MSG_severity_warn},
	{"severity", "info", MDG_MSG_severity_info},
	{"revision", "waiting", MDG_MSG_word_draft_waiting},
	{"revision", "approved", MDG_MSG_word_draft_approved},
	{"revision", "returned", MDG_MSG_word_draft_returned},
	{"revision", "withdrawn", MDG_MSG_word_draft_cancelled},
	{"revision", "void", MDG_MSG_word_revision_void},
	{"clock", "first_response", MDG_MSG_clock_first_response},
	{"clock", "next_response", MDG_MSG_clock_next_response},
	{"clock", "resolution", MDG_MSG_clock_resolution},
	{"clock", "promise", MDG_MSG_clock_promise},
	{"clock_state", "running", MDG_MSG_clock_running},
	{"clock_state", "paused", MDG_MSG_clock_paused},
	{"clock_state", "met", MDG_MSG_clock_met},
	{"clock_state", "breached", MDG_MSG_clock_breached},
	{"clock_state", "not_applicable", MDG_MSG_clock_not_applicable},
	{"role", "viewer", MDG_MSG_word_role_viewer},
	{"role", "operator", MDG_MSG_word_role_operator},
	{"role", "sv", MDG_MSG_word_role_sv},
	{"role", "admin", MDG_MSG_word_role_admin},
	{"approval", "all", MDG_MSG_word_approval_all},
	{"approval", "novice", MDG_MSG_word_approval_novice},
	{"approval", "none", MDG_MSG_word_approval_none},
	{"sending", "off", MDG_MSG_word_sending_off},
	{"sending", "internal", MDG_MSG_word_sending_internal},
	{"sending", "live", MDG_MSG_word_sending_live},
	{"delivery", "listed", MDG_MSG_word_delivery_listed},
	{"delivery", "stored", MDG_MSG_word_delivery_stored},
	{"delivery", "done", MDG_MSG_word_delivery_done},
	{"delivery", "quarantined", MDG_MSG_word_ticket_error},
	{"delivery", "fetch_failed", MDG_MSG_word_delivery_fetch_failed},
	{"delivery", "vanished", MDG_MSG_word_delivery_vanished},
	{"delivery", "erased", MDG_MSG_word_delivery_erased},
	{"step", "dns", MDG_MSG_word_step_dns},
	{"step", "connect", MDG_MSG_word_step_connect},
	{"step", "tls", MDG_MSG_word_step_tls},
	{"step", "capability", MDG_MSG_word_step_capability},
	{"step", "login", MDG_MSG_word_step_login},
	{"step", "folder", MDG_MSG_word_step_folder},
	{"step", "start", MDG_MSG_word_step_start},
	{"difference", "only on the server", MDG_MSG_word_diff_only_server},
	{"difference", "on the server, not stored", MDG_MSG_word_diff_not_stored},
	{"difference", "not yet fetched", MDG_MSG_word_diff_not_yet},
	{"problem", "not connected", MDG_MSG_word_problem_connection},
	{"direction", "in", MDG_MSG_word_direction_in},
	{"direction", "out", MDG_MSG_word_direction_out},
	{"why", "open", MDG_MSG_why_open},
	{"why", "special-open", MDG_MSG_why_special_open},
	{"why", "clock-time", MDG_MSG_why_clock},
	{"why", "before-hours", MDG_MSG_why_before_hours},
	{"why", "after-hours", MDG_MSG_why_after_hours},
	{"why", "break", MDG_MSG_why_break},
	{"why", "day-off", MDG_MSG_why_day_off},
	{"why", "holiday", MDG_MSG_why_holiday},
	{"why", "closed-date", MDG_MSG_why_closed_date},
	{"why", "waiting-customer", MDG_MSG_why_waiting},
	{"why", "hold-customer", MDG_MSG_why_hold},
	{"why", "ticket-closed", MDG_MSG_why_closed},
};
// clang-format on

const char *
mdg_cli_word(const struct mdg_cli *cli, const char *group, const char *code)
{
	for (size_t i = 0; i < MDG_LEN(words); i++)
		if (mdg_streq(words[i].group, group) &&
		    mdg_streq(words[i].code, code))
			return mdg_msg_text(cli->lang, words[i].word);
	return code;
}
