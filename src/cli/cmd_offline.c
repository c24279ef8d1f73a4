/* Commands on a stopped store: no daemon, the same code. */
#include <stdio.h>
#include <sysexits.h>

#include "madoguchi/app/act.h"
#include "madoguchi/app/desk.h"

#include "offline.h"

int
mdg_cli_audit_offline(struct mdg_cli *cli, const json_t *args)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_config conf;
	struct mdg_desk *d;
	struct mdg_err err;
	json_t *result;

	if (!mdg_cli_config(cli, &a, &conf, &err))
		return mdg_cli_fail(cli, &err);
	/* reading only; the lock still says whether a daemon is at work */
	const struct mdg_desk_config dc = {.store = conf.store,
					   .key_file = conf.key_file};
	if (!mdg_desk_open(&dc, &d, &err))
		return mdg_cli_fail(cli, &err);
	bool ok = mdg_act_call(d, &mdg_actor_system, "audit.verify", args,
			       &result, &err);
	mdg_desk_close(&d);
	if (!ok)
		return mdg_cli_fail(cli, &err);
	int status = mdg_desk_show(cli, result);
	json_decref(result);
	return status;
}

/* Beside the daemon or without it: reading only. */
static int
run_store_check(struct mdg_cli *cli, int argc, char **argv)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_config conf;
	struct mdg_db *db;
	struct mdg_err err;

	(void)argv;
	if (argc > 0)
		return mdg_cli_usage(cli);
	if (!mdg_cli_config(cli, &a, &conf, &err) ||
	    !mdg_db_open(conf.store, MDG_DB_READONLY, &db, &err))
		return mdg_cli_fail(cli, &err);
	bool ok = mdg_db_check(db, &err);
	mdg_db_close(&db);
	if (!ok)
		return mdg_cli_fail(cli, &err);
	if (cli->json)
		puts("{\"ok\": true}");
	else
		mdg_cli_say(cli, MDG_MSG_cli_store_ok, conf.store, NULL);
	return EX_OK;
}

const struct mdg_cmd mdg_cmds_offline[] = {
	{"key rotate", "", MDG_MSG_cli_help_key_rotate, mdg_cli_key_rotate},
	{"store check", "", MDG_MSG_cli_help_store_check, run_store_check},
	{"init",
	 "[--window CODE] [--window-name NAME] [--address ADDRESS] "
	 "[--admin LOGIN] [--admin-name NAME] [--admin-email ADDRESS] "
	 "[--admin-uid UID] [--approval all|novice|none] [--zone ZONE] [--yes]",
	 MDG_MSG_cli_help_init, mdg_cli_init},
	{"import", "[--dry-run [--own ADDRESS]...] MBOX|MAILDIR|EML...",
	 MDG_MSG_cli_help_import, mdg_cli_import},
	{"restore", "FILE [--passphrase-file FILE|-] [--key FILE]",
	 MDG_MSG_cli_help_restore, mdg_cli_restore},
	{NULL, NULL, MDG_MSG_NONE, NULL},
};
