/*
 * Commands that the daemon carries out: const tables that say how the words
 * of a command line become the arguments of an action, and how its result is
 * shown. One file per family (cmd_*.c); command.c runs them, call.c talks to
 * the daemon, table.c prints.
 */
#ifndef MDG_CLI_DESK_H
#define MDG_CLI_DESK_H

#include <jansson.h>

#include "madoguchi/app/config.h"
#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"

#include "cli.h"

/* A word of the command line and the argument that it becomes. */
struct mdg_desk_arg {
	const char *opt; /* option without "--"; "" for a positional one */
	const char *arg;
	/* s text, i integer, b flag, a list (may be repeated), o NAME=VALUE
	 * (may be repeated), f the text of a file, c flag that stands for
	 * `value`, w (positional, last) all words that follow as one text */
	char type;
	bool required;
	const char *value;
};
#define MDG_OPT(opt, arg, type)                                                \
	{                                                                      \
		opt, arg, type, false, NULL                                    \
	}
#define MDG_NEED(opt, arg, type)                                               \
	{                                                                      \
		opt, arg, type, true, NULL                                     \
	}
#define MDG_WORD(arg, type)                                                    \
	{                                                                      \
		"", arg, type, true, NULL                                      \
	}
#define MDG_MAYBE(arg, type)                                                   \
	{                                                                      \
		"", arg, type, false, NULL                                     \
	}
#define MDG_FLAG(opt, arg, value)                                              \
	{                                                                      \
		opt, arg, 'c', false, value                                    \
	}

/* A column of a list. */
struct mdg_col {
	enum mdg_msg title;
	const char *key;
	/* s text, i number, t time, d due time and what is left, b flag,
	 * B bytes, w a code (or a list of them) in the words of `group`,
	 * m a folder's name as the server spells it */
	char type;
	const char *group;
};

enum { MDG_DESK_ARGS_MAX = 20, MDG_DESK_COLS_MAX = 14 };

struct mdg_desk_cmd {
	struct mdg_cmd cmd; /* first: cli->cmd points here */
	const char *act;
	struct mdg_desk_arg args[MDG_DESK_ARGS_MAX];
	/* completes the arguments (a password, an absolute path) */
	bool (*prepare)(struct mdg_cli *cli, json_t *args, struct mdg_err *err);
	/* either a list in the result … */
	const char *list;
	enum mdg_msg empty; /* said when it is empty: what to do next */
	enum mdg_msg none_fit; /* … if options were given; NONE: the same */
	struct mdg_col cols[MDG_DESK_COLS_MAX];
	/* … or a printer of its own; neither: "done" */
	void (*print)(struct mdg_cli *cli, const json_t *result);
	/* exit status of a result; NULL: 0 */
	int (*status)(const json_t *result);
	/* … or, instead of all that, goes on with further calls */
	int (*then)(struct mdg_cli *cli, const json_t *result,
		    const json_t *args);
};

/* The families; each ends with cmd.name = NULL. */
extern const struct mdg_desk_cmd mdg_desk_mailbox[];
extern const struct mdg_desk_cmd mdg_desk_maildesk[];
extern const struct mdg_desk_cmd mdg_desk_people[];
extern const struct mdg_desk_cmd mdg_desk_ticket[];
extern const struct mdg_desk_cmd mdg_desk_form[];
extern const struct mdg_desk_cmd mdg_desk_judged[];
extern const struct mdg_desk_cmd mdg_desk_clock[];
extern const struct mdg_desk_cmd mdg_desk_report[];
extern const struct mdg_desk_cmd mdg_desk_incident[];
extern const struct mdg_desk_cmd mdg_desk_draft[];
extern const struct mdg_desk_cmd mdg_desk_review[];
extern const struct mdg_desk_cmd mdg_desk_template[];
extern const struct mdg_desk_cmd mdg_desk_ops[];
extern const struct mdg_desk_cmd mdg_desk_audit[];
extern const struct mdg_desk_cmd mdg_desk_regroup[];
extern const struct mdg_desk_cmd mdg_desk_search[];
extern const struct mdg_desk_cmd mdg_desk_alarm[];
extern const struct mdg_desk_cmd mdg_desk_backup[];
extern const struct mdg_desk_cmd mdg_desk_mail[];
extern const struct mdg_desk_cmd mdg_desk_attach[];
extern const struct mdg_desk_cmd mdg_desk_customer[];
extern const struct mdg_desk_cmd mdg_desk_work[];
extern const struct mdg_desk_cmd mdg_desk_auto[];
extern const struct mdg_desk_cmd mdg_desk_token[];

/* "released", "handed", "given", "left": how many tickets went another way. */
void mdg_desk_print_moved(struct mdg_cli *cli, const json_t *result);
/* What a draft has become, and what the person may do next. */
void mdg_cli_draft_changed(struct mdg_cli *cli, const json_t *result);
/* The run of every struct mdg_desk_cmd. */
int mdg_desk_run(struct mdg_cli *cli, int argc, char **argv);
/* Carries `act` out, prints the result as c says. */
int mdg_desk_do(struct mdg_cli *cli, const struct mdg_desk_cmd *c,
		json_t *args);
/* Prints a result of the running command; its exit status. */
int mdg_desk_show(struct mdg_cli *cli, const json_t *result);
/* madoguchi suggest TICKET; the command word is shared with --catalogue. */
/* Facts and mood of a ticket; what a draft's slots were filled with. */
void mdg_desk_print_judged(struct mdg_cli *cli, const json_t *result);
void mdg_desk_print_filled(struct mdg_cli *cli, const json_t *result);
int mdg_desk_suggest(struct mdg_cli *cli, const char *ticket);
/*
 * Calendar, policy, 冒頭文, 結び and 署名 of a new window, where args (of
 * window.add) do not say otherwise. zone NULL: Asia/Tokyo.
 */
bool mdg_cli_window_defaults(json_t *args, const char *zone,
			     struct mdg_err *err);
/* mailbox authorize: reads the client secret; then a person grants access. */
bool mdg_cli_authorize_prepare(struct mdg_cli *cli, json_t *args,
			       struct mdg_err *err);
int mdg_cli_authorize(struct mdg_cli *cli, const json_t *started,
		      const json_t *args);
/* audit verify --offline: on a stopped store. */
int mdg_cli_audit_offline(struct mdg_cli *cli, const json_t *args);

/* One action by the daemon. *ret is new. */
bool mdg_cli_call(struct mdg_cli *cli, const char *act, json_t *args,
		  json_t **ret, struct mdg_err *err);
/* The same of one that gives a file: each piece to data(), before *ret. */
bool mdg_cli_call_file(struct mdg_cli *cli, const char *act, json_t *args,
		       bool (*data)(void *arg, struct mdg_span piece,
				    struct mdg_err *err),
		       void *arg, json_t **ret, struct mdg_err *err);
bool mdg_cli_config(struct mdg_cli *cli, struct mdg_arena *a,
		    struct mdg_config *ret, struct mdg_err *err);

/* ---- showing ---- */

void mdg_cli_table(const struct mdg_cli *cli, const json_t *rows,
		   const struct mdg_col *cols, int64_t now_s);
/* The rows of one member of a result, behind an empty line; none, nothing. */
void mdg_cli_part(const struct mdg_cli *cli, const json_t *result,
		  const char *key, const struct mdg_col *cols);
/* "key  value" of one object, a line each; empty values are left out. */
void mdg_cli_fields(const struct mdg_cli *cli, const json_t *o,
		    const struct mdg_col *cols, int64_t now_s);
/* One value of o as text, safe for a terminal. */
void mdg_cli_cell(const struct mdg_cli *cli, const json_t *o,
		  const struct mdg_col *col, int64_t now_s,
		  struct mdg_buf *out);
/* Local time as people say it: "today 14:05", "11/21（土） 14:05". */
void mdg_cli_time(const struct mdg_cli *cli, int64_t t_s, struct mdg_buf *out);
/* The word of a code, the code itself when it has none. */
const char *mdg_cli_word(const struct mdg_cli *cli, const char *group,
			 const char *code);
/* Text from outside: cleaned, every line behind `indent`. */
void mdg_cli_text(const char *text, const char *indent);
void mdg_cli_json(const json_t *o);
/* The strings of a list, "a, b". */
void mdg_cli_names(const json_t *list, struct mdg_buf *out);
/* The findings of a result, each with its line and words of the result's
 * "body". */
void mdg_cli_print_findings(struct mdg_cli *cli, const json_t *result);
void mdg_cli_print_check(struct mdg_cli *cli, const json_t *result);
/* "  [badge]" for each flag of a message that people should notice. */
void mdg_cli_badges(const struct mdg_cli *cli, const json_t *message,
		    struct mdg_buf *out);
/* A mail: way, time, writer, number, and its text. */
void mdg_cli_print_message(struct mdg_cli *cli, const json_t *message);
/* For whom a message speaks, and what a form said about him. */
void mdg_cli_print_speaker(struct mdg_cli *cli, const json_t *message);
/* Of ticket.show: merged tickets, links, steps to undo, offers. */
void mdg_cli_print_ties(struct mdg_cli *cli, const json_t *result);

/* ticket print (cmd_print.c) */
int mdg_cli_ticket_print(struct mdg_cli *cli, int argc, char **argv);
/* Of ticket.show: comments, labels, who writes, side threads. */
void mdg_cli_print_notes(struct mdg_cli *cli, const json_t *result);

/* ---- reading ---- */

/* A whole UTF-8 text ("-": stdin). */
bool mdg_cli_read_text(const char *path, size_t max, struct mdg_buf *out,
		       struct mdg_err *err);
/* A text that a spreadsheet may have written, at most `max` bytes of it: UTF-8,
 * or what Japanese ones write. Into UTF-8. */
bool mdg_cli_read_sheet(const char *path, size_t max, struct mdg_buf *out,
			struct mdg_err *err);
/* "-": the standard output. */
bool mdg_cli_write_file(const char *path, struct mdg_span bytes,
			struct mdg_err *err);
/* An array of objects as a table (query/csv.h). */
bool mdg_cli_write_sheet(const json_t *rows, const char *path, bool cp932,
			 struct mdg_err *err);
/* Splits HOST:PORT of an account, reads its password (cmd_mailbox.c). */
bool mdg_cli_prepare_account(struct mdg_cli *cli, json_t *args,
			     struct mdg_err *err);
/* From a file, "-" or, on a terminal, typed without echo. */
bool mdg_cli_read_password(const struct mdg_cli *cli, const char *file,
			   struct mdg_buf *out, struct mdg_err *err);

static inline const char *
mdg_json_text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}
static inline int64_t
mdg_json_int(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

#endif
