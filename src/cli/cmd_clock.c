/* madoguchi sla explain, recompute, notify: the clocks of a running desk. */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "madoguchi/base/str.h"

#include "desk.h"

/* ---- explain ---- */

static void
print_stretch(struct mdg_cli *cli, const json_t *s)
{
	bool counts = json_is_true(json_object_get(s, "counts"));
	const char *name = mdg_json_text(s, "name");

	printf("  %c %s - %s  %" PRId64 " s  %s%s%s\n", counts ? '+' : '.',
	       mdg_json_text(s, "from"), mdg_json_text(s, "to"),
	       mdg_json_int(s, "seconds"),
	       mdg_cli_word(cli, "why", mdg_json_text(s, "why")),
	       *name ? ": " : "", name);
}

static void
print_explain(struct mdg_cli *cli, const json_t *result)
{
	const json_t *clocks = json_object_get(result, "clocks");
	json_t *c, *s;
	size_t i, k;

	if (json_array_size(clocks) == 0)
		mdg_cli_say(cli, MDG_MSG_cli_no_clocks, NULL);
	json_array_foreach (clocks, i, c) {
		char counted[24], allowed[24];
		snprintf(counted, sizeof(counted), "%" PRId64,
			 mdg_json_int(c, "counted_s") / 60);
		snprintf(allowed, sizeof(allowed), "%" PRId64,
			 mdg_json_int(c, "allowed_s") / 60);
		mdg_cli_say(cli, MDG_MSG_cli_clock_line,
			    mdg_cli_word(cli, "clock",
					 mdg_json_text(c, "clock")),
			    mdg_cli_word(cli, "clock_state",
					 mdg_json_text(c, "state")),
			    mdg_json_text(c, "due"), counted, allowed, NULL);
		json_array_foreach (json_object_get(c, "intervals"), k, s)
			print_stretch(cli, s);
	}
}

/* ---- recompute ---- */

/* Checking is all there is: the word only says that nothing is written. */
static bool
drop_check(struct mdg_cli *cli, json_t *args, struct mdg_err *err)
{
	(void)cli;
	(void)err;
	return json_object_del(args, "check") == 0;
}

static int
recompute_status(const json_t *result)
{
	return json_is_true(json_object_get(result, "ok")) ? EX_OK : EX_DATAERR;
}

static void
print_side(const char *title, const json_t *clock)
{
	MDG_AUTO(mdg_freep) char *text = json_dumps(
		clock, JSON_COMPACT | JSON_ENCODE_ANY);

	printf("    %s %s\n", title, text);
}

static void
print_recomputed(struct mdg_cli *cli, const json_t *result)
{
	const json_t *list = json_object_get(result, "differences"), *d;
	char tickets[32], clocks[32];
	size_t i;

	snprintf(tickets, sizeof(tickets), "%" PRId64,
		 mdg_json_int(result, "tickets"));
	snprintf(clocks, sizeof(clocks), "%" PRId64,
		 mdg_json_int(result, "clocks"));
	json_array_foreach(list, i, d) {
		printf("%" PRId64 "\n", mdg_json_int(d, "ticket"));
		print_side("log", json_object_get(d, "log"));
		print_side("row", json_object_get(d, "row"));
	}
	mdg_cli_say(cli,
		    json_array_size(list) ? MDG_MSG_cli_recompute_bad
					  : MDG_MSG_cli_recompute_ok,
		    tickets, clocks, NULL);
}

/* ---- notify ---- */

static const struct mdg_col notify_cols[] = {
	{MDG_MSG_col_warn_mail, "mail", 's', NULL},
	{MDG_MSG_col_warn_at_night, "at_night", 's', NULL},
	{MDG_MSG_col_digest, "digest", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

static void
print_notify(struct mdg_cli *cli, const json_t *result)
{
	mdg_cli_fields(cli, result, notify_cols, 0);
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_clock[] = {
	{.cmd = {"sla explain", "TICKET", MDG_MSG_cli_help_sla_explain,
		 mdg_desk_run},
	 .act = "sla.explain",
	 .print = print_explain,
	 .args = {MDG_WORD("ticket", 'i')}},
	{.cmd = {"sla recompute", "--check", MDG_MSG_cli_help_sla_recompute,
		 mdg_desk_run},
	 .act = "sla.check",
	 .prepare = drop_check,
	 .print = print_recomputed,
	 .status = recompute_status,
	 .args = {MDG_NEED("check", "check", 'b')}},
	{.cmd = {"sla notify", "[--mail on|off] [--at-night on|off] "
		 "[--digest on|off]",
		 MDG_MSG_cli_help_sla_notify, mdg_desk_run},
	 .act = "sla.notify",
	 .print = print_notify,
	 .args = {MDG_OPT("mail", "mail", 's'),
		  MDG_OPT("at-night", "at_night", 's'),
		  MDG_OPT("digest", "digest", 's')}},
	{.cmd = {.name = NULL}},
};
// clang-format on
