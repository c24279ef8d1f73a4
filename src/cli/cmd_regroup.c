/* madoguchi ticket merge|split|link|unlink|undo, offer */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/str.h"

#include "desk.h"

static const char *
number(const json_t *o, const char *key, char out[24])
{
	snprintf(out, 24, "%" PRId64, mdg_json_int(o, key));
	return out;
}

/* ---- in ticket show ---- */

static const struct mdg_col link_cols[] = {
	{MDG_MSG_col_linked, "ticket", 'i', NULL},
	{MDG_MSG_col_kind, "kind", 'w', "link"},
	{MDG_MSG_col_state, "state", 'w', "ticket"},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col merged_cols[] = {
	{MDG_MSG_col_merged, "ticket", 'i', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col step_cols[] = {
	{MDG_MSG_col_step, "step", 'i', NULL},
	{MDG_MSG_col_kind, "kind", 'w', "regroup"},
	{MDG_MSG_col_ticket, "ticket", 'i', NULL},
	{MDG_MSG_col_other, "other", 'i', NULL},
	{MDG_MSG_col_changed, "done_s", 't', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

/* An offer says what it would do, why, and how to say yes or no. */
static void
print_offer(struct mdg_cli *cli, const json_t *o)
{
	char id[24], other[24], message[24];
	const char *reason =
		mdg_cli_word(cli, "offer", mdg_json_text(o, "reason"));

	number(o, "offer", id);
	number(o, "ticket", other);
	number(o, "message", message);
	if (mdg_streq(mdg_json_text(o, "kind"), "customer"))
		mdg_cli_say(cli, MDG_MSG_cli_offer_customer,
			    mdg_json_text(o, "address"), reason, id, NULL);
	else
		mdg_cli_say(cli,
			    mdg_streq(mdg_json_text(o, "kind"), "merge")
				    ? MDG_MSG_cli_offer_merge
				    : MDG_MSG_cli_offer_split,
			    mdg_json_int(o, "ticket") ? other : message, reason,
			    id, NULL);
}

void
mdg_cli_print_ties(struct mdg_cli *cli, const json_t *result)
{
	const json_t *offers = json_object_get(result, "offers");
	json_t *o;
	size_t i;

	mdg_cli_part(cli, result, "merged", merged_cols);
	mdg_cli_part(cli, result, "links", link_cols);
	mdg_cli_part(cli, result, "steps", step_cols);
	if (json_array_size(offers))
		putchar('\n');
	json_array_foreach (offers, i, o)
		print_offer(cli, o);
}

/* ---- results ---- */

static void
print_merged(struct mdg_cli *cli, const json_t *result)
{
	char ticket[24], merged[24];

	mdg_cli_say(cli, MDG_MSG_cli_merged, number(result, "merged", merged),
		    number(result, "ticket", ticket), NULL);
	if (json_is_true(json_object_get(result, "customers_differ")))
		mdg_cli_say(cli, MDG_MSG_cli_merged_differ, NULL);
}

static void
print_split(struct mdg_cli *cli, const json_t *result)
{
	char ticket[24], from[24], n[24];

	mdg_cli_say(cli, MDG_MSG_cli_split, number(result, "from", from),
		    number(result, "messages", n),
		    number(result, "ticket", ticket), NULL);
}

static void
print_accepted(struct mdg_cli *cli, const json_t *result)
{
	if (json_object_get(result, "merged"))
		print_merged(cli, result);
	else if (json_object_get(result, "from"))
		print_split(cli, result);
	else
		mdg_cli_say(cli, MDG_MSG_cli_done, NULL);
}

static void
print_undone(struct mdg_cli *cli, const json_t *result)
{
	char step[24], ticket[24], other[24];

	mdg_cli_say(cli, MDG_MSG_cli_undone, number(result, "step", step),
		    mdg_cli_word(cli, "regroup", mdg_json_text(result, "kind")),
		    number(result, "ticket", ticket),
		    number(result, "other", other), NULL);
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_regroup[] = {
	{.cmd = {"ticket merge", "TICKET --into TICKET",
		 MDG_MSG_cli_help_ticket_merge, mdg_desk_run},
	 .act = "ticket.merge",
	 .print = print_merged,
	 .args = {MDG_WORD("ticket", 'i'), MDG_NEED("into", "into", 'i')}},
	{.cmd = {"ticket split",
		 "TICKET --message ID [--with-answers] [--subject TEXT]",
		 MDG_MSG_cli_help_ticket_split, mdg_desk_run},
	 .act = "ticket.split",
	 .print = print_split,
	 .args = {MDG_WORD("ticket", 'i'),
		  MDG_NEED("message", "message", 'i'),
		  MDG_OPT("with-answers", "answers", 'b'),
		  MDG_OPT("subject", "subject", 's')}},
	{.cmd = {"ticket link", "TICKET TICKET", MDG_MSG_cli_help_ticket_link,
		 mdg_desk_run},
	 .act = "ticket.link",
	 .args = {MDG_WORD("ticket", 'i'), MDG_WORD("other", 'i')}},
	{.cmd = {"ticket unlink", "TICKET TICKET",
		 MDG_MSG_cli_help_ticket_unlink, mdg_desk_run},
	 .act = "ticket.unlink",
	 .args = {MDG_WORD("ticket", 'i'), MDG_WORD("other", 'i')}},
	{.cmd = {"ticket undo", "TICKET [--step N]",
		 MDG_MSG_cli_help_ticket_undo, mdg_desk_run},
	 .act = "ticket.undo",
	 .print = print_undone,
	 .args = {MDG_WORD("ticket", 'i'), MDG_OPT("step", "step", 'i')}},
	{.cmd = {"offer accept", "OFFER", MDG_MSG_cli_help_offer_accept,
		 mdg_desk_run},
	 .act = "offer.accept",
	 .print = print_accepted,
	 .args = {MDG_WORD("offer", 'i')}},
	{.cmd = {"offer dismiss", "OFFER", MDG_MSG_cli_help_offer_dismiss,
		 mdg_desk_run},
	 .act = "offer.dismiss",
	 .args = {MDG_WORD("offer", 'i')}},
	{.cmd = {.name = NULL}},
};
// clang-format on
