/* madoguchi(1): finds the command and runs it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <jansson.h>

#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"

#include "desk.h"

static const struct mdg_cmd *const families[] = {
	mdg_cmds_sla,
	mdg_cmds_lint,
	mdg_cmds_suggest,
	mdg_cmds_offline,
};
// clang-format off
static const struct mdg_desk_cmd *const desk_families[] = {
	mdg_desk_ops,
	mdg_desk_ticket,
	mdg_desk_search,
	mdg_desk_form,
	mdg_desk_draft,
	mdg_desk_judged,
	mdg_desk_mailbox,
	mdg_desk_maildesk,
	mdg_desk_people,
	mdg_desk_audit,
	mdg_desk_clock,
	mdg_desk_report,
	mdg_desk_incident,
	mdg_desk_regroup,
	mdg_desk_alarm,
	mdg_desk_backup,
	mdg_desk_mail,
	mdg_desk_attach,
	mdg_desk_customer,
	mdg_desk_work,
	mdg_desk_auto,
	mdg_desk_review,
};
// clang-format on

int
mdg_cli_fail(const struct mdg_cli *cli, const struct mdg_err *err)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	mdg_err_text(err, cli->lang, text, sizeof(text));
	if (cli->json) {
		json_t *o =
			json_pack("{s:{s:s,s:s}}", "error", "code",
				  mdg_code_name(err->code), "message", text);
		json_dumpf(o, stderr, JSON_ENSURE_ASCII * 0);
		fputc('\n', stderr);
		json_decref(o);
	} else {
		fprintf(stderr, "madoguchi: %s\n", text);
	}
	return mdg_code_exit(err->code);
}

int
mdg_cli_usage(const struct mdg_cli *cli)
{
	fprintf(stderr, "%s madoguchi %s %s\n",
		mdg_msg_text(cli->lang, MDG_MSG_cli_usage), cli->cmd->name,
		cli->cmd->usage);
	return EX_USAGE;
}

void
mdg_cli_say(const struct mdg_cli *cli, enum mdg_msg id, ...)
{
	va_list ap;
	const char *args[9];
	size_t argc = 0;
	char text[MDG_ERR_TEXT_MAX * 2];

	va_start(ap, id);
	while (argc < MDG_LEN(args) && (args[argc] = va_arg(ap, const char *)))
		argc++;
	va_end(ap);
	puts(mdg_msg_format(cli->lang, id, argc, args, text, sizeof(text)));
}

/* The option that arg names ("--name" or "--name=VALUE"), or NULL. */
static const struct mdg_opt *
find_option(const struct mdg_opt *opts, const char *arg, const char **value)
{
	size_t n = strcspn(arg, "=");

	*value = arg[n] ? arg + n + 1 : NULL;
	for (; opts->name; opts++)
		if (strlen(opts->name) == n - 2 &&
		    strncmp(opts->name, arg + 2, n - 2) == 0)
			return opts;
	return NULL;
}

/*
 * Takes known options out of argv. Unknown ones stay (and are counted by the
 * return value) so that a command can have its own.
 */
static int
take_options(const struct mdg_opt *opts, int *argc, char **argv)
{
	int kept = 0, unknown = 0, i = 0;

	for (; i < *argc; i++) {
		const char *value;
		if (mdg_streq(argv[i], "--"))
			break;
		if (!mdg_str_starts(argv[i], "--")) {
			argv[kept++] = argv[i];
			continue;
		}
		const struct mdg_opt *o = find_option(opts, argv[i], &value);
		if (!o || (o->flag && value) ||
		    (o->value && !value && i + 1 >= *argc)) {
			unknown++;
			argv[kept++] = argv[i];
		} else if (o->flag) {
			*o->flag = true;
		} else {
			*o->value = value ? value : argv[++i];
		}
	}
	for (; i < *argc; i++)
		argv[kept++] = argv[i];
	*argc = kept;
	return unknown;
}

bool
mdg_cli_options(struct mdg_cli *cli, const struct mdg_opt *opts, int *argc,
		char **argv)
{
	if (take_options(opts, argc, argv) > 0) {
		mdg_cli_usage(cli);
		return false;
	}
	/* the "--" has done its work */
	for (int i = 0; i < *argc; i++)
		if (mdg_streq(argv[i], "--")) {
			memmove(argv + i, argv + i + 1,
				(size_t)(*argc - i - 1) * sizeof(*argv));
			(*argc)--;
			break;
		}
	return true;
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

static const struct mdg_cmd *
find_command(int argc, char **argv, int *words)
{
	const struct mdg_cmd *found = NULL;

	*words = 0;
	for (size_t i = 0; i < MDG_LEN(families); i++)
		for (const struct mdg_cmd *c = families[i]; c->name; c++) {
			int n = match(c->name, argc, argv);
			if (n > *words) {
				*words = n;
				found = c;
			}
		}
	for (size_t i = 0; i < MDG_LEN(desk_families); i++)
		for (const struct mdg_desk_cmd *c = desk_families[i];
		     c->cmd.name; c++) {
			int n = match(c->cmd.name, argc, argv);
			if (n > *words) {
				*words = n;
				found = &c->cmd;
			}
		}
	return found;
}

static void
print_command(const struct mdg_cli *cli, const struct mdg_cmd *c, FILE *out)
{
	fprintf(out, "  madoguchi %s %s\n      %s\n", c->name, c->usage,
		mdg_msg_text(cli->lang, c->help));
}

static void
print_commands(const struct mdg_cli *cli, FILE *out)
{
	fprintf(out, "%s\n\n", mdg_msg_text(cli->lang, MDG_MSG_cli_about));
	for (size_t i = 0; i < MDG_LEN(families); i++)
		for (const struct mdg_cmd *c = families[i]; c->name; c++)
			print_command(cli, c, out);
	for (size_t i = 0; i < MDG_LEN(desk_families); i++)
		for (const struct mdg_desk_cmd *c = desk_families[i];
		     c->cmd.name; c++)
			print_command(cli, &c->cmd, out);
	fprintf(out, "\n%s\n",
		mdg_msg_text(cli->lang, MDG_MSG_cli_common_options));
}

static enum mdg_lang
lang_from_environment(void)
{
	static const char *const vars[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < MDG_LEN(vars); i++) {
		const char *v = getenv(vars[i]);
		if (v && *v)
			return mdg_lang_from_locale(v);
	}
	return MDG_LANG_JA;
}

int
main(int argc, char **argv)
{
	struct mdg_cli cli = {.lang = lang_from_environment()};
	const char *lang = NULL;
	bool help = false, version = false;
	const struct mdg_opt common[] = {
		{"json", NULL, &cli.json},
		{"lang", &lang, NULL},
		{"as", &cli.as_user, NULL},
		{"config", &cli.config_path, NULL},
		{"socket", &cli.socket_path, NULL},
		{"help", NULL, &help},
		{"version", NULL, &version},
		{NULL, NULL, NULL},
	};

	mdg_log_init("madoguchi", MDG_WARN);
	argc--;
	argv++;
	take_options(common, &argc, argv);
	if (lang)
		cli.lang = mdg_lang_from_locale(lang);
	if (version) {
		puts("madoguchi " PACKAGE_VERSION);
		return EX_OK;
	}

	int words;
	cli.cmd = find_command(argc, argv, &words);
	if (!cli.cmd) {
		print_commands(&cli, help ? stdout : stderr);
		return help ? EX_OK : EX_USAGE;
	}
	if (help) {
		printf("%s madoguchi %s %s\n%s\n",
		       mdg_msg_text(cli.lang, MDG_MSG_cli_usage), cli.cmd->name,
		       cli.cmd->usage, mdg_msg_text(cli.lang, cli.cmd->help));
		return EX_OK;
	}
	int status = cli.cmd->run(&cli, argc - words, argv + words);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("madoguchi: stdout");
		return EX_IOERR;
	}
	return status;
}
