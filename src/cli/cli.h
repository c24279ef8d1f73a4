/*
 * madoguchi(1): one const table per command family, one file per table.
 *
 * main.c takes the options that every command has (--json, --lang, --as,
 * --config, --socket, --help) out of argv, finds the command by its one or two
 * words, and runs it with what is left. A command prints its result on stdout,
 * reports a failure with mdg_cli_fail(), and returns an exit status of
 * sysexits(3): 0 done, 64 wrong usage, else by the error's code.
 */
#ifndef MDG_CLI_CLI_H
#define MDG_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/msg.h"

struct mdg_cli {
	bool json;          /* --json: machine output */
	enum mdg_lang lang; /* --lang, else LC_ALL, LC_MESSAGES, LANG */
	const char *as_user;     /* --as: for root and the service user */
	const char *config_path; /* --config */
	const char *socket_path; /* --socket */
	const struct mdg_cmd *cmd; /* the one that runs */
};

struct mdg_cmd {
	const char *name;   /* "holidays", "sla due" */
	const char *usage;  /* "--from DATE --to DATE" */
	enum mdg_msg help;  /* one line: what it does */
	/* argv[0] is the first word after the command's name */
	int (*run)(struct mdg_cli *cli, int argc, char **argv);
};

/* The families; each array ends with name = NULL. */
extern const struct mdg_cmd mdg_cmds_sla[];    /* cmd_sla.c */
extern const struct mdg_cmd mdg_cmds_lint[];   /* cmd_lint.c */
extern const struct mdg_cmd mdg_cmds_suggest[]; /* cmd_suggest.c */
extern const struct mdg_cmd mdg_cmds_offline[]; /* cmd_offline.c */

/* All commands in turn, from *at = 0 on; NULL at the end. */
const struct mdg_cmd *mdg_cli_next(size_t *at);
/* The command that argv begins with, and of how many words its name is; NULL:
 * none, or only the first word of some. */
const struct mdg_cmd *mdg_cli_find(int argc, char **argv, int *ret_words);
/*
 * For --help (on stdout, status 0): the command, the family ("ticket"), or all
 * of them. Without it, for words that are no command (on stderr, status 64):
 * what they may have meant, the family's commands, or an overview.
 */
int mdg_cli_help(const struct mdg_cli *cli, bool asked, int argc, char **argv);

/* Prints err on stderr in the person's language (JSON with --json:
 * {"error":{"code","message"}}); returns the exit status for its code. */
int mdg_cli_fail(const struct mdg_cli *cli, const struct mdg_err *err);
/* Prints the usage of the running command on stderr; returns 64. */
int mdg_cli_usage(const struct mdg_cli *cli);
/* The same, after naming the option that is none of it or lacks its value. */
int mdg_cli_bad_option(const struct mdg_cli *cli, const char *option);
/* Prints a filled-in message and a newline on stdout. Arguments as in
 * mdg_fail_msg(), closed by NULL. */
void mdg_cli_say(const struct mdg_cli *cli, enum mdg_msg id, ...)
	__attribute__((sentinel));

/*
 * A command's own options. Takes "--name VALUE", "--name=VALUE" and flags out
 * of argv; what is left in order is the positional arguments. "--" ends
 * options. On an unknown or incomplete option prints the usage and returns
 * false (the command then returns 64).
 */
struct mdg_opt {
	const char *name;   /* without "--"; NULL ends the array */
	const char **value; /* set to the argument; NULL for a flag */
	bool *flag;
};
bool mdg_cli_options(struct mdg_cli *cli, const struct mdg_opt *opts,
		     int *argc, char **argv);

#endif
