/* From the words of a command line to an action, and its result shown. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

#include "desk.h"

static const struct mdg_desk_arg *
find_option(const struct mdg_desk_cmd *c, const char *name, size_t n)
{
	for (size_t i = 0; i < MDG_DESK_ARGS_MAX && c->args[i].opt; i++)
		if (n > 0 && strlen(c->args[i].opt) == n &&
		    strncmp(c->args[i].opt, name, n) == 0)
			return &c->args[i];
	return NULL;
}

/* What the k-th positional word belongs to. */
static const struct mdg_desk_arg *
find_word(const struct mdg_desk_cmd *c, size_t k)
{
	for (size_t i = 0; i < MDG_DESK_ARGS_MAX && c->args[i].opt; i++)
		if (!*c->args[i].opt && (c->args[i].type == 'w' || k-- == 0))
			return &c->args[i];
	return NULL;
}

static bool
need_text(const char *v, struct mdg_err *err)
{
	return mdg_utf8_valid(v, strlen(v)) ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_no_utf8, NULL);
}

static bool
put_integer(const struct mdg_desk_arg *a, const char *v, json_t *args,
	    struct mdg_err *err)
{
	int64_t n;

	if (!mdg_str_i64(v, 0, INT64_MAX, &n))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_no_number,
				    *a->opt ? a->opt : a->arg, v, NULL);
	json_object_set_new(args, a->arg, json_integer(n));
	return true;
}

static bool
put_pair(const struct mdg_desk_arg *a, const char *v, json_t *args,
	 struct mdg_err *err)
{
	size_t n = strcspn(v, "=");
	json_t *o = json_object_get(args, a->arg);

	if (!n || !v[n])
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_no_pair,
				    a->opt, v, NULL);
	if (!o) {
		o = json_object();
		json_object_set_new(args, a->arg, o);
	}
	MDG_AUTO(mdg_freep) char *name = mdg_strndup(v, n);
	json_object_set_new(o, name, json_string(v + n + 1));
	return true;
}

static bool
put_file(const struct mdg_desk_arg *a, const char *v, json_t *args,
	 struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};

	if (!mdg_cli_read_text(v, MDG_DRAFT_BYTES_MAX, &text, err))
		return false;
	json_object_set_new(args, a->arg, json_string(mdg_buf_str(&text)));
	return true;
}

/* One word more of a text that is typed without quotes. */
static void
put_word(const struct mdg_desk_arg *a, const char *v, json_t *args)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};

	if (json_object_get(args, a->arg))
		mdg_buf_printf(&text, "%s ", mdg_json_text(args, a->arg));
	mdg_buf_puts(&text, v);
	json_object_set_new(args, a->arg, json_string(mdg_buf_str(&text)));
}

static bool
put_value(const struct mdg_desk_arg *a, const char *v, json_t *args,
	  struct mdg_err *err)
{
	json_t *list = json_object_get(args, a->arg);

	if (!need_text(v, err))
		return false;
	switch (a->type) {
	case 'i':
		return put_integer(a, v, args, err);
	case 'o':
		return put_pair(a, v, args, err);
	case 'f':
		return put_file(a, v, args, err);
	case 'w':
		put_word(a, v, args);
		return true;
	case 'a':
		if (!list) {
			list = json_array();
			json_object_set_new(args, a->arg, list);
		}
		json_array_append_new(list, json_string(v));
		return true;
	default:
		json_object_set_new(args, a->arg, json_string(v));
		return true;
	}
}

/* argv[*i] is an option; takes its value too. 64 for wrong usage. */
static int
take_option(struct mdg_cli *cli, const struct mdg_desk_cmd *c, int argc,
	    char **argv, int *i, json_t *args)
{
	const char *name = argv[*i] + 2;
	size_t n = strcspn(name, "=");
	const char *value = name[n] ? name + n + 1 : NULL;
	const struct mdg_desk_arg *a = find_option(c, name, n);
	struct mdg_err err;

	if (!a)
		return mdg_cli_bad_option(cli, argv[*i]);
	if (a->type == 'b' || a->type == 'c') {
		if (value)
			return mdg_cli_bad_option(cli, argv[*i]);
		json_object_set_new(args, a->arg,
				    a->type == 'b' ? json_true()
						   : json_string(a->value));
		return EX_OK;
	}
	if (!value && *i + 1 >= argc)
		return mdg_cli_bad_option(cli, argv[*i]);
	if (!value)
		value = argv[++*i];
	return put_value(a, value, args, &err) ? EX_OK
					       : mdg_cli_fail(cli, &err);
}

static int
take_words(struct mdg_cli *cli, const struct mdg_desk_cmd *c, int argc,
	   char **argv, json_t *args)
{
	size_t words = 0;
	bool options = true;
	struct mdg_err err;
	int status = EX_OK;

	for (int i = 0; i < argc && status == EX_OK; i++) {
		if (options && mdg_streq(argv[i], "--")) {
			options = false;
		} else if (options && mdg_str_starts(argv[i], "--")) {
			status = take_option(cli, c, argc, argv, &i, args);
		} else {
			const struct mdg_desk_arg *a = find_word(c, words++);
			if (!a)
				return mdg_cli_usage(cli);
			if (!put_value(a, argv[i], args, &err))
				status = mdg_cli_fail(cli, &err);
		}
	}
	return status;
}

static int
check_needed(struct mdg_cli *cli, const struct mdg_desk_cmd *c,
	     const json_t *args)
{
	struct mdg_err err;
	char name[64];

	for (size_t i = 0; i < MDG_DESK_ARGS_MAX && c->args[i].opt; i++) {
		const struct mdg_desk_arg *a = &c->args[i];
		if (!a->required || json_object_get(args, a->arg))
			continue;
		if (*a->opt) {
			snprintf(name, sizeof(name), "--%s", a->opt);
			mdg_fail_msg(&err, MDG_EINVAL,
				     MDG_MSG_cli_option_missing, name, NULL);
			mdg_cli_fail(cli, &err);
		}
		return mdg_cli_usage(cli);
	}
	return EX_OK;
}

static void
show(struct mdg_cli *cli, const struct mdg_desk_cmd *c, const json_t *result,
     bool chosen)
{
	const json_t *rows = json_object_get(result, c->list ? c->list : "");
	int64_t now_s = mdg_json_int(result, "now_s");

	if (cli->json)
		mdg_cli_json(result);
	else if (c->print)
		c->print(cli, result);
	else if (!c->list)
		mdg_cli_say(cli, MDG_MSG_cli_done, NULL);
	else if (json_array_size(rows) == 0)
		mdg_cli_say(cli, chosen && c->none_fit ? c->none_fit : c->empty,
			    NULL);
	else
		mdg_cli_table(cli, rows, c->cols, now_s ? now_s : mdg_now_s());
}

static int
show_status(struct mdg_cli *cli, const struct mdg_desk_cmd *c,
	    const json_t *result, bool chosen)
{
	show(cli, c, result, chosen);
	return c->status ? c->status(result) : EX_OK;
}

int
mdg_desk_show(struct mdg_cli *cli, const json_t *result)
{
	return show_status(cli, (const struct mdg_desk_cmd *)cli->cmd, result,
			   false);
}

int
mdg_desk_do(struct mdg_cli *cli, const struct mdg_desk_cmd *c, json_t *args)
{
	struct mdg_err err;
	json_t *result;

	if (!mdg_cli_call(cli, c->act, args, &result, &err))
		return mdg_cli_fail(cli, &err);
	int status = c->then ? c->then(cli, result, args)
			     : show_status(cli, c, result,
					   json_object_size(args) > 0);
	json_decref(result);
	return status;
}

int
mdg_desk_run(struct mdg_cli *cli, int argc, char **argv)
{
	/* cmd is the first member: the tables are all of this kind */
	const struct mdg_desk_cmd *c = (const struct mdg_desk_cmd *)cli->cmd;
	json_t *args = json_object();
	struct mdg_err err;

	int status = take_words(cli, c, argc, argv, args);
	if (status == EX_OK)
		status = check_needed(cli, c, args);
	if (status == EX_OK && c->prepare && !c->prepare(cli, args, &err))
		status = mdg_cli_fail(cli, &err);
	else if (status == EX_OK)
		status = mdg_desk_do(cli, c, args);
	json_decref(args);
	return status;
}
