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

int
mdg_cli_bad_option(const struct mdg_cli *cli, const char *option)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	fprintf(stderr, "madoguchi: %s\n",
		mdg_msg_format(cli->lang, MDG_MSG_cli_no_option, 1, &option,
			       text, sizeof(text)));
	return mdg_cli_usage(cli);
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
 * Takes known options out of argv. Others stay, so that a command can have its
 * own; the first of them is returned, else NULL.
 */
static const char *
take_options(const struct mdg_opt *opts, int *argc, char **argv)
{
	const char *other = NULL;
	int kept = 0, i = 0;

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
			other = other ? other : argv[i];
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
	return other;
}

bool
mdg_cli_options(struct mdg_cli *cli, const struct mdg_opt *opts, int *argc,
		char **argv)
{
	const char *other = take_options(opts, argc, argv);

	if (other) {
		mdg_cli_bad_option(cli, other);
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
	if (argc > 0 && mdg_streq(argv[0], "help")) {
		help = true;
		argc--;
		argv++;
	}
	if (version) {
		puts("madoguchi " PACKAGE_VERSION);
		return EX_OK;
	}

	int words;
	cli.cmd = mdg_cli_find(argc, argv, &words);
	if (help || !cli.cmd)
		return mdg_cli_help(&cli, help, argc, argv);
	int status = cli.cmd->run(&cli, argc - words, argv + words);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("madoguchi: stdout");
		return EX_IOERR;
	}
	return status;
}
