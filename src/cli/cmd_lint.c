/* madoguchi lint: the checks of a reply, without a daemon. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <jansson.h>

#include "cli.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/lint.h"

static bool
read_all(const char *path, struct mdg_buf *out, struct mdg_err *err)
{
	bool in = mdg_streq(path, "-");
	FILE *f = in ? stdin : fopen(path, "re");
	char chunk[8192];
	size_t n;

	if (!f)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_cli_cannot_read,
				    path, strerror(errno), NULL);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0 &&
	       mdg_buf_put(out, chunk, n))
		;
	bool bad = ferror(f) != 0;
	int why = errno;
	if (!in)
		fclose(f);
	if (bad)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_cli_cannot_read,
				    path, strerror(why), NULL);
	if (!mdg_buf_ok(out))
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_cli_cannot_read,
				    path, strerror(EFBIG), NULL);
	if (!mdg_utf8_valid(mdg_buf_str(out), out->len))
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_cli_not_utf8,
				    path, NULL);
	return true;
}

static void
print_json(const struct mdg_cli *cli, const struct mdg_findings *f)
{
	json_t *all = json_array();

	for (size_t i = 0; i < f->n; i++) {
		const struct mdg_finding *x = &f->v[i];
		json_array_append_new(
			all, json_pack("{s:s,s:s,s:I,s:I,s:s,s:s}", "rule",
				       x->rule, "severity",
				       mdg_lint_severity_name(x->severity),
				       "start", (json_int_t)x->start, "end",
				       (json_int_t)x->end, "message",
				       x->message[cli->lang], "suggestion",
				       x->suggestion));
	}
	json_dumpf(all, stdout, JSON_INDENT(0));
	putchar('\n');
	json_decref(all);
}

static void
print_text(const struct mdg_cli *cli, const char *text, size_t n,
	   const struct mdg_findings *f)
{
	static const enum mdg_msg words[] = {MDG_MSG_severity_info,
					     MDG_MSG_severity_warn,
					     MDG_MSG_severity_error};

	for (size_t i = 0; i < f->n; i++) {
		const struct mdg_finding *x = &f->v[i];
		size_t from = mdg_utf8_offset(text, n, x->start);
		size_t to = mdg_utf8_offset(text, n, x->end);
		size_t line = 1;
		for (size_t k = 0; k < from; k++)
			line += text[k] == '\n';
		printf("%zu: %s [%s] %s", line,
		       mdg_msg_text(cli->lang, words[x->severity]), x->rule,
		       x->message[cli->lang]);
		if (to > from)
			printf(" \"%.*s\"",
			       (int)mdg_utf8_cut(text + from, to - from, 90),
			       text + from);
		if (*x->suggestion)
			printf(" -> %s", x->suggestion);
		putchar('\n');
	}
	if (f->n == 0)
		puts(mdg_msg_text(cli->lang, MDG_MSG_cli_lint_clean));
}

static int
lint_text(const struct mdg_cli *cli, const struct mdg_buf *text,
	  const char *customer)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena arena = {0};
	struct mdg_lint_input in = {.text = mdg_buf_str(text),
				    .n = text->len,
				    .customer = customer};
	struct mdg_words *words = NULL;
	struct mdg_lint *lint = NULL;
	struct mdg_findings f;
	struct mdg_err err;
	bool blocked = false;

	if (!mdg_words_open(&words, NULL))
		fprintf(stderr, "%s\n",
			mdg_msg_text(cli->lang, MDG_MSG_cli_no_dictionary));
	if (!mdg_lint_open(&lint, words, &err)) {
		mdg_words_close(&words);
		return mdg_cli_fail(cli, &err);
	}
	mdg_lint_run(lint, &in, &arena, &f);
	if (cli->json)
		print_json(cli, &f);
	else
		print_text(cli, in.text, in.n, &f);
	for (size_t i = 0; i < f.n; i++)
		blocked |= f.v[i].severity == MDG_LINT_ERROR;
	mdg_lint_close(&lint);
	mdg_words_close(&words);
	return blocked ? 1 : EX_OK;
}

static int
run_lint(struct mdg_cli *cli, int argc, char **argv)
{
	MDG_AUTO(mdg_buf_clear)
	struct mdg_buf text = MDG_BUF_LIMIT(MDG_DRAFT_BYTES_MAX);
	const char *customer = NULL;
	const struct mdg_opt opts[] = {
		{"customer", &customer, NULL},
		{NULL, NULL, NULL},
	};
	struct mdg_err err;

	if (!mdg_cli_options(cli, opts, &argc, argv))
		return EX_USAGE;
	if (argc != 1)
		return mdg_cli_usage(cli);
	if (!read_all(argv[0], &text, &err))
		return mdg_cli_fail(cli, &err);
	return lint_text(cli, &text, customer);
}

const struct mdg_cmd mdg_cmds_lint[] = {
	{"lint", "[--json] [--customer NAME] FILE|-", MDG_MSG_cli_help_lint,
	 run_lint},
	{NULL, NULL, MDG_MSG_NONE, NULL},
};
