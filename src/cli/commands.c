/* All commands of madoguchi(1), and the one that some words name. */
#include <string.h>

#include "madoguchi/base/str.h"

#include "desk.h"

static const struct mdg_cmd *const families[] = {
	mdg_cmds_sla,
	mdg_cmds_lint,
	mdg_cmds_suggest,
	mdg_cmds_offline,
};
/* what a day is made of first */
// clang-format off
static const struct mdg_desk_cmd *const desk_families[] = {
	mdg_desk_work,
	mdg_desk_ticket,
	mdg_desk_search,
	mdg_desk_draft,
	mdg_desk_review,
	mdg_desk_template,
	mdg_desk_attach,
	mdg_desk_mail,
	mdg_desk_judged,
	mdg_desk_customer,
	mdg_desk_regroup,
	mdg_desk_form,
	mdg_desk_incident,
	mdg_desk_auto,
	mdg_desk_token,
	mdg_desk_clock,
	mdg_desk_report,
	mdg_desk_ops,
	mdg_desk_mailbox,
	mdg_desk_maildesk,
	mdg_desk_people,
	mdg_desk_alarm,
	mdg_desk_audit,
	mdg_desk_backup,
};
// clang-format on

const struct mdg_cmd *
mdg_cli_next(size_t *at)
{
	size_t n = *at;

	for (size_t i = 0; i < MDG_LEN(desk_families); i++)
		for (const struct mdg_desk_cmd *c = desk_families[i];
		     c->cmd.name; c++)
			if (n-- == 0) {
				(*at)++;
				return &c->cmd;
			}
	for (size_t i = 0; i < MDG_LEN(families); i++)
		for (const struct mdg_cmd *c = families[i]; c->name; c++)
			if (n-- == 0) {
				(*at)++;
				return c;
			}
	return NULL;
}

/* Words of name that argv starts with: 0 if it does not match. */
static int
match(const char *name, int argc, char **argv)
{
	size_t n = strcspn(name, " ");

	if (argc < 1 || strlen(argv[0]) != n || strncmp(argv[0], name, n) != 0)
		return 0;
	if (!name[n])
		return 1;
	return argc >= 2 && strcmp(argv[1], name + n + 1) == 0 ? 2 : 0;
}

const struct mdg_cmd *
mdg_cli_find(int argc, char **argv, int *ret_words)
{
	const struct mdg_cmd *c, *found = NULL;

	*ret_words = 0;
	for (size_t at = 0; (c = mdg_cli_next(&at));) {
		int n = match(c->name, argc, argv);
		if (n > *ret_words) {
			*ret_words = n;
			found = c;
		}
	}
	return found;
}
