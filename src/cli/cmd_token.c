/* madoguchi token: how programs come in. */
#include "madoguchi/base/str.h"

#include "desk.h"

static void
print_token(struct mdg_cli *cli, const json_t *result)
{
	mdg_cli_say(cli, MDG_MSG_cli_token_made, mdg_json_text(result, "token"),
		    NULL);
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_token[] = {
	{.cmd = {"token add", "NAME --scope SCOPE... [--days N]",
		 MDG_MSG_cli_help_token_add, mdg_desk_run},
	 .act = "token.add", .print = print_token,
	 .args = {MDG_WORD("name", 's'), MDG_NEED("scope", "scopes", 'a'),
		  MDG_OPT("days", "days", 'i')}},
	{.cmd = {"token list", "[--all]", MDG_MSG_cli_help_token_list,
		 mdg_desk_run},
	 .act = "token.list", .list = "tokens",
	 .empty = MDG_MSG_cli_token_empty,
	 .args = {MDG_OPT("all", "all", 'b')},
	 .cols = {{MDG_MSG_col_token, "token", 'i', NULL},
		  {MDG_MSG_col_login, "login", 's', NULL},
		  {MDG_MSG_col_name, "name", 's', NULL},
		  {MDG_MSG_col_scopes, "scopes", 'w', "scope"},
		  {MDG_MSG_col_used, "used_s", 't', NULL},
		  {MDG_MSG_col_expires, "expires_s", 't', NULL}}},
	{.cmd = {"token revoke", "TOKEN", MDG_MSG_cli_help_token_revoke,
		 mdg_desk_run},
	 .act = "token.revoke", .args = {MDG_WORD("token", 'i')}},
	{.cmd = {.name = NULL}},
};
// clang-format on
