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

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

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
	 .list = "retention", .empty = MDG_MSG_cli_customer_none,
	 .cols = {{MDG_MSG_col_window, "window", 's', NULL},
		  {MDG_MSG_col_days, "days", 'i', NULL},
		  {MDG_MSG_col_how, "how", 's', NULL}}},
	{.cmd = {.name = NULL}},
};
// clang-format on
