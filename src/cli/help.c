/* --help, and what is said to words that are no command. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "madoguchi/base/str.h"

#include "cli.h"

enum {
	NAME_MAX_BYTES = 64, /* of a command's name, and of words compared */
	NEAREST_MAX = 3,
	COLUMN = 14,
	WIDTH = 78,
};

static void
say(const struct mdg_cli *cli, FILE *out, enum mdg_msg id, const char *arg)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	fprintf(out, "%s\n",
		mdg_msg_format(cli->lang, id, 1, &arg, text, sizeof(text)));
}

static void
print_command(const struct mdg_cli *cli, const struct mdg_cmd *c, FILE *out)
{
	fprintf(out, "  madoguchi %s %s\n      %s\n", c->name, c->usage,
		mdg_msg_text(cli->lang, c->help));
}

static bool
is_of(const struct mdg_cmd *c, const char *family)
{
	size_t n = strlen(family);

	return strncmp(c->name, family, n) == 0 &&
	       (c->name[n] == ' ' || c->name[n] == '\0');
}

/* All commands, or those of one family; how many there are. */
static size_t
print_commands(const struct mdg_cli *cli, const char *family, FILE *out)
{
	const struct mdg_cmd *c;
	size_t n = 0;

	for (size_t at = 0; (c = mdg_cli_next(&at));)
		if (!family || is_of(c, family)) {
			print_command(cli, c, out);
			n++;
		}
	return n;
}

/* ---- the overview: a line for each first word ---- */

static bool
is_first_of_family(const struct mdg_cmd *c)
{
	char family[NAME_MAX_BYTES];
	const struct mdg_cmd *o;

	snprintf(family, sizeof(family), "%.*s", (int)strcspn(c->name, " "),
		 c->name);
	for (size_t at = 0; (o = mdg_cli_next(&at)) && o != c;)
		if (is_of(o, family))
			return false;
	return true;
}

/* What may follow the word; or what it does, if nothing may. */
static size_t
print_family(const struct mdg_cli *cli, const char *family, FILE *out)
{
	const struct mdg_cmd *c, *alone = NULL;
	size_t n = 0;
	int column = COLUMN;

	for (size_t at = 0; (c = mdg_cli_next(&at));) {
		const char *verb = c->name + strlen(family);
		if (!is_of(c, family))
			continue;
		if (n++ == 0)
			fprintf(out, "  %-*s", COLUMN - 3, family);
		if (!*verb) {
			alone = c;
			continue;
		}
		if (column + (int)strlen(verb) > WIDTH)
			column = fprintf(out, "\n%*s", COLUMN - 1, "");
		column += fprintf(out, "%s", verb);
	}
	if (alone)
		fprintf(out, " (%s)", mdg_msg_text(cli->lang, alone->help));
	if (n > 0)
		fputc('\n', out);
	return n;
}

static void
print_overview(const struct mdg_cli *cli, FILE *out)
{
	const struct mdg_cmd *c;

	fprintf(out, "%s\n\n", mdg_msg_text(cli->lang, MDG_MSG_cli_about));
	for (size_t at = 0; (c = mdg_cli_next(&at));) {
		char family[NAME_MAX_BYTES];
		if (!is_first_of_family(c))
			continue;
		snprintf(family, sizeof(family), "%.*s",
			 (int)strcspn(c->name, " "), c->name);
		print_family(cli, family, out);
	}
	fputc('\n', out);
	say(cli, out, MDG_MSG_cli_more, NULL);
}

/* ---- what was meant ---- */

/* Steps from a to b: a letter put in, taken out, replaced, or two swapped. */
static size_t
steps(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	size_t d[3][NAME_MAX_BYTES + 1];
	size_t *before = d[0], *last = d[1], *now = d[2];

	if (n > NAME_MAX_BYTES || m > NAME_MAX_BYTES)
		return NAME_MAX_BYTES;
	for (size_t k = 0; k <= m; k++)
		last[k] = k;
	for (size_t i = 1; i <= n; i++) {
		now[0] = i;
		for (size_t k = 1; k <= m; k++) {
			size_t best = last[k - 1] + (a[i - 1] != b[k - 1]);
			if (last[k] + 1 < best)
				best = last[k] + 1;
			if (now[k - 1] + 1 < best)
				best = now[k - 1] + 1;
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] &&
			    a[i - 2] == b[k - 1] && before[k - 2] + 1 < best)
				best = before[k - 2] + 1;
			now[k] = best;
		}
		size_t *spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[m];
}

/* How far words are from a command: by its whole name, or as its verb. */
static size_t
distance(const char *words, const char *name)
{
	const char *verb = strchr(name, ' ');
	size_t d = steps(words, name);

	if (verb && mdg_streq(verb + 1, words))
		return 1;
	return d;
}

static void
print_nearest(const struct mdg_cli *cli, const char *words)
{
	const struct mdg_cmd *c, *near[NEAREST_MAX] = {NULL};
	size_t nearest = strlen(words) < 6 ? 1 : 2, n = 0;

	for (size_t at = 0; (c = mdg_cli_next(&at));) {
		size_t d = distance(words, c->name);
		if (d < nearest) {
			nearest = d;
			n = 0;
		}
		if (d == nearest && n < NEAREST_MAX)
			near[n++] = c;
	}
	if (n == 0)
		return;
	say(cli, stderr, MDG_MSG_cli_nearest, NULL);
	for (size_t i = 0; i < n; i++)
		print_command(cli, near[i], stderr);
}

static void
print_unknown(const struct mdg_cli *cli, int argc, char **argv)
{
	char words[NAME_MAX_BYTES];

	snprintf(words, sizeof(words), "%s%s%s", argv[0],
		 argc > 1 && argv[1][0] != '-' ? " " : "",
		 argc > 1 && argv[1][0] != '-' ? argv[1] : "");
	say(cli, stderr, MDG_MSG_cli_no_command, words);
	print_nearest(cli, words);
	print_family(cli, argv[0], stderr);
	say(cli, stderr, MDG_MSG_cli_more, NULL);
}

int
mdg_cli_help(const struct mdg_cli *cli, bool asked, int argc, char **argv)
{
	if (asked && cli->cmd) {
		printf("%s madoguchi %s %s\n%s\n",
		       mdg_msg_text(cli->lang, MDG_MSG_cli_usage),
		       cli->cmd->name, cli->cmd->usage,
		       mdg_msg_text(cli->lang, cli->cmd->help));
		return EX_OK;
	}
	if (asked && argc == 0) {
		fprintf(stdout, "%s\n\n",
			mdg_msg_text(cli->lang, MDG_MSG_cli_about));
		print_commands(cli, NULL, stdout);
		printf("\n%s\n",
		       mdg_msg_text(cli->lang, MDG_MSG_cli_common_options));
		return EX_OK;
	}
	if (argc == 0)
		print_overview(cli, stderr);
	else if (asked && argc == 1 && print_commands(cli, argv[0], stdout))
		return EX_OK;
	else
		print_unknown(cli, argc, argv);
	return EX_USAGE;
}
