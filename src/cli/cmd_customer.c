/* madoguchi customer, retention: personal data given out and erased. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <zstd.h>

#include "madoguchi/base/csv.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/csv.h"

#include "desk.h"

/* ---- export ---- */

static bool
file_fail(const char *path, struct mdg_err *err)
{
	return mdg_fail_msg(err, MDG_EIO, MDG_MSG_cli_file_write, path,
			    strerror(errno), NULL);
}

static FILE *
new_file(const char *dir, const char *name, char *path, size_t n)
{
	snprintf(path, n, "%s/%s", dir, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return fd < 0 ? NULL : fdopen(fd, "w");
}

/* One chunk of a mail to f; false without an error behind the last. */
static bool
write_chunk(struct mdg_cli *cli, int64_t customer, int64_t raw, int64_t n,
	    FILE *f, bool *ret_more, struct mdg_err *err)
{
	json_t *result = NULL,
	       *args = json_pack("{s:I,s:I,s:I}", "customer", customer, "raw",
				 raw, "chunk", n);
	bool ok = mdg_cli_call(cli, "customer.mail", args, &result, err);
	const char *hex = ok ? mdg_json_text(result, "zstd") : "";
	size_t len = strlen(hex) / 2;

	json_decref(args);
	*ret_more = *hex != '\0';
	if (ok && *hex) {
		MDG_AUTO(mdg_freep) unsigned char *in = mdg_malloc(len + 1);
		MDG_AUTO(mdg_freep) char *out = mdg_malloc(MDG_RAW_CHUNK_BYTES);
		size_t got = mdg_unhex(hex, in, len)
				     ? ZSTD_decompress(out, MDG_RAW_CHUNK_BYTES,
						       in, len)
				     : (size_t)-1;
		ok = !ZSTD_isError(got) ? fwrite(out, 1, got, f) == got ||
						  file_fail("raw", err)
					: mdg_fail(err, MDG_EFORMAT,
						   "raw mail %" PRId64
						   " is damaged",
						   raw);
	}
	json_decref(result);
	return ok;
}

static bool
write_mail(struct mdg_cli *cli, int64_t customer, int64_t raw, const char *dir,
	   struct mdg_err *err)
{
	char name[40], path[4200];
	bool more = true, ok = true;

	snprintf(name, sizeof(name), "mail-%" PRId64 ".eml", raw);
	FILE *f = new_file(dir, name, path, sizeof(path));
	if (!f)
		return file_fail(path, err);
	for (int64_t n = 0; ok && more; n++)
		ok = write_chunk(cli, customer, raw, n, f, &more, err);
	return (fclose(f) == 0 || file_fail(path, err)) && ok;
}

static bool
write_all(struct mdg_cli *cli, int64_t customer, const json_t *result,
	  const char *dir, size_t *ret_mails, struct mdg_err *err)
{
	const json_t *raws = json_object_get(result, "raw");
	char path[4200];
	json_t *v;
	size_t i;

	if (mkdir(dir, 0700) != 0)
		return file_fail(dir, err);
	FILE *f = new_file(dir, "customer.json", path, sizeof(path));
	if (!f)
		return file_fail(path, err);
	bool ok = json_dumpf(result, f, JSON_INDENT(2)) == 0;
	if (fclose(f) != 0 || !ok)
		return file_fail(path, err);
	json_array_foreach (raws, i, v)
		if (!write_mail(cli, customer, mdg_json_int(v, "raw"), dir,
				err))
			return false;
	*ret_mails = json_array_size(raws);
	return true;
}

static int
run_export(struct mdg_cli *cli, int argc, char **argv)
{
	const char *dir = NULL;
	const struct mdg_opt opts[] = {
		{"output", &dir, NULL},
		{NULL, NULL, NULL},
	};
	json_t *args, *result;
	struct mdg_err err;
	int64_t customer;
	size_t mails = 0;
	char n[24];

	if (!mdg_cli_options(cli, opts, &argc, argv))
		return EX_USAGE;
	if (argc != 1 || !mdg_str_i64(argv[0], 1, INT64_MAX, &customer))
		return mdg_cli_usage(cli);
	args = json_pack("{s:I}", "customer", customer);
	bool ok = mdg_cli_call(cli, "customer.export", args, &result, &err);
	json_decref(args);
	if (!ok)
		return mdg_cli_fail(cli, &err);
	if (!dir) {
		mdg_cli_json(result);
	} else if (!write_all(cli, customer, result, dir, &mails, &err)) {
		json_decref(result);
		return mdg_cli_fail(cli, &err);
	} else {
		snprintf(n, sizeof(n), "%zu", mails);
		mdg_cli_say(cli, MDG_MSG_cli_customer_exported, dir, n, NULL);
	}
	json_decref(result);
	return EX_OK;
}

/* ---- all of them as a table ---- */

enum { TABLE_BYTES_MAX = 64 << 20 };

/* Every page of the list. */
static bool
read_customers(struct mdg_cli *cli, json_t *list, struct mdg_err *err)
{
	json_t *result = NULL;

	for (int64_t after = 0, more = 1; more; after = more) {
		json_t *args = json_pack("{s:I}", "after", after);
		bool ok = mdg_cli_call(cli, "customer.csv_out", args, &result,
				       err);
		json_decref(args);
		if (!ok)
			return false;
		json_array_extend(list, json_object_get(result, "customers"));
		more = mdg_json_int(result, "next");
		json_decref(result);
	}
	return true;
}

static int
run_csv_out(struct mdg_cli *cli, int argc, char **argv)
{
	const char *path = "-", *encoding = NULL;
	const struct mdg_opt opts[] = {
		{"output", &path, NULL},
		{"encoding", &encoding, NULL},
		{NULL, NULL, NULL},
	};
	json_t *list = json_array();
	struct mdg_err err;
	bool cp932;
	char n[24];

	if (!mdg_cli_options(cli, opts, &argc, argv))
		return EX_USAGE;
	if (argc != 0)
		return mdg_cli_usage(cli);
	bool ok = mdg_csv_encoding(encoding, &cp932, &err) &&
		  read_customers(cli, list, &err) &&
		  mdg_cli_write_sheet(list, path, cp932, &err);
	snprintf(n, sizeof(n), "%zu", json_array_size(list));
	json_decref(list);
	if (!ok)
		return mdg_cli_fail(cli, &err);
	if (!mdg_streq(path, "-"))
		mdg_cli_say(cli, MDG_MSG_cli_customers_written, n, path, NULL);
	return EX_OK;
}

/* Behind as many rows as one call takes; *ret_rows: how many these are. */
static bool
skip_rows(const char **p, int64_t max, int64_t first, int64_t *ret_rows,
	  struct mdg_err *err)
{
	char n[24];

	for (*ret_rows = 0; **p && *ret_rows < max; ++*ret_rows) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		for (bool end = false; !end;)
			if (!mdg_csv_cell(p, &a, &end)) {
				snprintf(n, sizeof(n), "%" PRId64,
					 first + *ret_rows);
				return mdg_fail_msg(err, MDG_EFORMAT,
						    MDG_MSG_csv_open_quote, n,
						    NULL);
			}
	}
	return true;
}

/* What a call said, to what those before it said. */
static void
add_result(json_t *sum, json_t *result)
{
	const char *key;
	json_t *v;

	json_object_foreach (result, key, v) {
		json_t *now = json_object_get(sum, key);
		if (!now)
			json_object_set(sum, key, v);
		else if (json_is_integer(v))
			json_integer_set(now, json_integer_value(now) +
						      json_integer_value(v));
		else if (mdg_streq(key, "told"))
			json_array_extend(now, v);
	}
}

/* In pieces that nobody has to wait for, each below the same head. */
static bool
send_table(struct mdg_cli *cli, const char *text, bool dry, bool replace,
	   json_t *sum, struct mdg_err *err)
{
	const char *p = text, *from;
	int64_t row = 1, rows;

	if (!skip_rows(&p, 1, row, &rows, err))
		return false;
	size_t head = (size_t)(p - text);
	from = p;
	row = 2;
	if (!skip_rows(&p, INT64_MAX, row, &rows, err)) /* nothing by half */
		return false;
	p = from;
	do {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf piece = {0};
		json_t *result = NULL;
		from = p;
		if (!skip_rows(&p, MDG_LIST_MAX, row, &rows, err))
			return false;
		mdg_buf_put(&piece, text, head);
		mdg_buf_put(&piece, from, (size_t)(p - from));
		json_t *args = json_pack("{s:s,s:I,s:b,s:b}", "text",
					 mdg_buf_str(&piece), "row", row, "dry",
					 dry, "replace", replace);
		bool ok = mdg_cli_call(cli, "customer.csv_in", args, &result,
				       err);
		json_decref(args);
		if (ok)
			add_result(sum, result);
		json_decref(result);
		if (!ok)
			return false;
		row += rows;
	} while (*p);
	return true;
}

static void
print_taken(struct mdg_cli *cli, const json_t *sum, bool dry)
{
	static const struct mdg_col cols[] = {
		{MDG_MSG_col_row, "row", 'i', NULL},
		{MDG_MSG_col_outcome, "outcome", 'w', "row"},
		{MDG_MSG_col_reason, "why", 's', NULL},
		{MDG_MSG_NONE, NULL, 0, NULL},
	};
	static const char *const keys[] = {"rows", "new",      "changed",
					   "same", "conflict", "refused"};
	char n[MDG_LEN(keys)][24];
	json_t *one;
	size_t i;

	if (json_array_size(json_object_get(sum, "told")))
		mdg_cli_table(cli, json_object_get(sum, "told"), cols, 0);
	json_array_foreach (json_object_get(sum, "ignored"), i, one)
		mdg_cli_say(cli, MDG_MSG_cli_column_ignored,
			    json_string_value(one), NULL);
	for (i = 0; i < MDG_LEN(keys); i++)
		snprintf(n[i], sizeof(n[i]), "%" PRId64,
			 mdg_json_int(sum, keys[i]));
	mdg_cli_say(cli, MDG_MSG_cli_customers_taken, n[0], n[1], n[2], n[3],
		    n[4], n[5], NULL);
	if (dry)
		mdg_cli_say(cli, MDG_MSG_cli_customers_dry, NULL);
}

static int
run_csv_in(struct mdg_cli *cli, int argc, char **argv)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	bool dry = false, replace = false;
	const struct mdg_opt opts[] = {
		{"dry-run", NULL, &dry},
		{"replace", NULL, &replace},
		{NULL, NULL, NULL},
	};
	struct mdg_err err;

	if (!mdg_cli_options(cli, opts, &argc, argv))
		return EX_USAGE;
	if (argc != 1)
		return mdg_cli_usage(cli);
	json_t *sum = json_object();
	bool ok = mdg_cli_read_sheet(argv[0], TABLE_BYTES_MAX, &text, &err) &&
		  send_table(cli, mdg_buf_str(&text), dry, replace, sum, &err);
	bool refused = mdg_json_int(sum, "refused") > 0;
	/* a later piece may fail: what went before it was taken */
	if (cli->json && ok)
		mdg_cli_json(sum);
	else if (json_object_size(sum))
		print_taken(cli, sum, dry);
	json_decref(sum);
	return !ok ? mdg_cli_fail(cli, &err) : refused ? EX_DATAERR : EX_OK;
}

/* ---- erase, retention ---- */

static void
print_erased(struct mdg_cli *cli, const json_t *result)
{
	char tickets[24], mails[24];
	size_t i;
	json_t *v;

	snprintf(tickets, sizeof(tickets), "%" PRId64,
		 mdg_json_int(result, "tickets"));
	snprintf(mails, sizeof(mails), "%" PRId64,
		 mdg_json_int(result, "mails"));
	mdg_cli_say(cli, MDG_MSG_cli_customer_erased, tickets, mails, NULL);
	json_array_foreach (json_object_get(result, "copies"), i, v)
		mdg_cli_say(cli, MDG_MSG_cli_customer_copy,
			    json_string_value(v), NULL);
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_customer[] = {
	{.cmd = {"customer find", "TEXT", MDG_MSG_cli_help_customer_find,
		 mdg_desk_run},
	 .act = "customer.find",
	 .list = "customers", .empty = MDG_MSG_cli_customer_none,
	 .cols = {{MDG_MSG_col_number, "customer", 'i', NULL},
		  {MDG_MSG_col_name, "name", 's', NULL},
		  {MDG_MSG_col_address, "address", 's', NULL},
		  {MDG_MSG_col_tickets, "tickets", 'i', NULL}},
	 .args = {MDG_WORD("text", 's')}},
	{.cmd = {"customer export", "CUSTOMER [--output DIRECTORY]",
		 MDG_MSG_cli_help_customer_export, run_export},
	 .act = "customer.export"},
	{.cmd = {"customer csv-out", "[--output FILE] [--encoding utf-8|cp932]",
		 MDG_MSG_cli_help_customer_csv_out, run_csv_out},
	 .act = "customer.csv_out"},
	{.cmd = {"customer csv-in", "FILE [--dry-run] [--replace]",
		 MDG_MSG_cli_help_customer_csv_in, run_csv_in},
	 .act = "customer.csv_in"},
	{.cmd = {"customer erase", "CUSTOMER", MDG_MSG_cli_help_customer_erase,
		 mdg_desk_run},
	 .act = "customer.erase", .print = print_erased,
	 .args = {MDG_WORD("customer", 'i')}},
	{.cmd = {"retention set",
		 "--window CODE [--days N] [--how erase|delete|off]",
		 MDG_MSG_cli_help_retention_set, mdg_desk_run},
	 .act = "retention.set",
	 .args = {MDG_NEED("window", "window", 's'),
		  MDG_OPT("days", "days", 'i'), MDG_OPT("how", "how", 's')}},
	{.cmd = {"retention list", "", MDG_MSG_cli_help_retention_list,
		 mdg_desk_run},
	 .act = "retention.list",
	 .list = "retention", .empty = MDG_MSG_cli_no_retention,
	 .cols = {{MDG_MSG_col_window, "window", 's', NULL},
		  {MDG_MSG_col_days, "days", 'i', NULL},
		  {MDG_MSG_col_how, "how", 's', NULL}}},
	{.cmd = {.name = NULL}},
};
// clang-format on
