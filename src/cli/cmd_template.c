/* madoguchi template */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/csv.h"

#include "desk.h"

enum { IMPORT_BYTES_MAX = 3 << 20 };

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* templates/delay.txt -> "delay" */
static bool
prepare_put(struct mdg_cli *cli, json_t *args, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	MDG_AUTO(mdg_freep) char *path = NULL;

	(void)cli;
	path = mdg_strdup(mdg_json_text(args, "source"));
	if (!mdg_cli_read_text(path, MDG_TEMPLATE_BYTES_MAX, &text, err))
		return false;
	json_object_set_new(args, "source", json_string(mdg_buf_str(&text)));
	const char *name = base_name(path);
	if (!json_object_get(args, "id"))
		json_object_set_new(args, "id",
				    json_stringn(name, strcspn(name, ".")));
	return true;
}

/* ---- import ---- */

static bool
prepare_import(struct mdg_cli *cli, json_t *args, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	MDG_AUTO(mdg_freep) char *path = NULL;

	(void)cli;
	path = mdg_strdup(mdg_json_text(args, "file"));
	if (!mdg_cli_read_sheet(path, IMPORT_BYTES_MAX, &text, err))
		return false;
	json_object_set_new(args, "file", json_string(base_name(path)));
	json_object_set_new(args, "text", json_string(mdg_buf_str(&text)));
	return true;
}

static void
print_import(struct mdg_cli *cli, const json_t *result)
{
	static const struct mdg_col cols[] = {
		{MDG_MSG_col_template, "id", 's', NULL},
		{MDG_MSG_col_title, "title", 's', NULL},
		{MDG_MSG_col_outcome, "outcome", 'w', "row"},
		{MDG_MSG_col_open_slots, "notes", 's', NULL},
		{MDG_MSG_NONE, NULL, 0, NULL},
	};
	const json_t *ignored = json_object_get(result, "ignored"), *one;
	size_t i;

	mdg_cli_table(cli, json_object_get(result, "templates"), cols, 0);
	json_array_foreach (ignored, i, one)
		mdg_cli_say(cli, MDG_MSG_cli_column_ignored,
			    json_string_value(one), NULL);
}

/* ---- export ---- */

static bool
write_table(const json_t *list, const char *path, bool cp932,
	    struct mdg_err *err)
{
	json_t *rows = json_deep_copy(list), *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		json_object_del(row, "source");
		json_object_del(row, "version"); /* the desk's that takes it in */
	}
	bool ok = mdg_cli_write_sheet(rows, path, cp932, err);
	json_decref(rows);
	return ok;
}

static bool
write_files(const json_t *list, const char *dir, struct mdg_err *err)
{
	const json_t *one;
	size_t i;

	if (mkdir(dir, 0755) != 0 && errno != EEXIST)
		return mdg_fail_msg(err, MDG_EIO, MDG_MSG_cli_file_write, dir,
				    strerror(errno), NULL);
	json_array_foreach (list, i, one) {
		const char *id = mdg_json_text(one, "id");
		MDG_AUTO(mdg_freep)
		char *path = mdg_asprintf("%s/%s.txt", dir, id);
		if (strchr(id, '/') || *id == '.')
			continue;
		if (!mdg_cli_write_file(
			    path, mdg_span_str(mdg_json_text(one, "source")),
			    err))
			return false;
	}
	return true;
}

/* One command runs in a process: where it writes to. */
static struct {
	char *dir, *csv;
	bool cp932;
} target;

static char *
take(json_t *args, const char *name)
{
	const char *s = mdg_json_text(args, name);
	char *kept = *s ? mdg_strdup(s) : NULL;

	json_object_del(args, name);
	return kept;
}

static bool
prepare_export(struct mdg_cli *cli, json_t *args, struct mdg_err *err)
{
	(void)cli;
	target.dir = take(args, "dir");
	target.csv = take(args, "csv");
	MDG_AUTO(mdg_freep) char *encoding = take(args, "encoding");
	if (!mdg_csv_encoding(encoding, &target.cp932, err))
		return false;
	return !target.dir != !target.csv ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_export_where, NULL);
}

static int export(struct mdg_cli *cli, const json_t *result, const json_t *args)
{
	const json_t *list = json_object_get(result, "templates");
	const char *path = target.dir ? target.dir : target.csv;
	struct mdg_err err;
	char n[24];

	(void)args;
	if (target.dir ? !write_files(list, path, &err)
		       : !write_table(list, path, target.cp932, &err))
		return mdg_cli_fail(cli, &err);
	snprintf(n, sizeof(n), "%zu", json_array_size(list));
	if (!mdg_streq(path, "-"))
		mdg_cli_say(cli, MDG_MSG_cli_exported, n, path, NULL);
	mdg_freep(&target.dir);
	mdg_freep(&target.csv);
	return EX_OK;
}

/* ---- edit ---- */

static bool
run_editor(const char *path, struct mdg_err *err)
{
	const char *editor = getenv("VISUAL");
	int status = -1;

	if (!editor || !*editor)
		editor = getenv("EDITOR");
	if (!editor || !*editor)
		editor = "vi";
	pid_t pid = fork();
	if (pid == 0) {
		/* an editor may be a command with options */
		execl("/bin/sh", "sh", "-c", "exec $0 \"$1\"", editor, path,
		      (char *)NULL);
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	return (pid > 0 && status == 0) ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_editor, editor, NULL);
}

static bool
edit_text(const char *source, struct mdg_buf *ret, struct mdg_err *err)
{
	char path[] = "/tmp/madoguchi-template-XXXXXX";
	int fd = mkstemp(path);
	size_t n = strlen(source);
	bool ok = fd >= 0 && write(fd, source, n) == (ssize_t)n;

	if (fd >= 0)
		close(fd);
	if (!ok)
		return mdg_fail_msg(err, MDG_EIO, MDG_MSG_cli_file_write, path,
				    strerror(errno), NULL);
	ok = run_editor(path, err) &&
	     mdg_cli_read_text(path, MDG_TEMPLATE_BYTES_MAX, ret, err);
	unlink(path);
	return ok;
}

static int
edit(struct mdg_cli *cli, const json_t *result, const json_t *args)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	const char *source = mdg_json_text(result, "source");
	const char *id = mdg_json_text(args, "id");
	json_t *put = NULL;
	struct mdg_err err;

	if (!edit_text(source, &text, &err))
		return mdg_cli_fail(cli, &err);
	if (mdg_streq(mdg_buf_str(&text), source)) {
		mdg_cli_say(cli, MDG_MSG_cli_unchanged, id, NULL);
		return EX_OK;
	}
	json_t *asked = json_pack("{s:s,s:s,s:I}", "id", id, "source",
				  mdg_buf_str(&text), "version",
				  mdg_json_int(result, "version"));
	bool ok = mdg_cli_call(cli, "template.put", asked, &put, &err);
	json_decref(asked);
	json_decref(put);
	if (!ok)
		return mdg_cli_fail(cli, &err);
	mdg_cli_say(cli, MDG_MSG_cli_done, NULL);
	return EX_OK;
}

static void
print_preview(struct mdg_cli *cli, const json_t *result)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf open = {0};

	mdg_cli_text(mdg_json_text(result, "body"), "");
	mdg_cli_names(json_object_get(result, "open"), &open);
	if (open.len) {
		putchar('\n');
		mdg_cli_say(cli, MDG_MSG_cli_preview_open, mdg_buf_str(&open),
			    NULL);
	}
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_template[] = {
	{.cmd = {"template list", "[--all]", MDG_MSG_cli_help_template_list,
		 mdg_desk_run},
	 .act = "template.list",
	 .list = "templates", .empty = MDG_MSG_cli_no_templates,
	 .args = {MDG_OPT("all", "all", 'b')},
	 .cols = {{MDG_MSG_col_template, "id", 's', NULL},
		  {MDG_MSG_col_title, "title", 's', NULL},
		  {MDG_MSG_col_category, "category", 's', NULL},
		  {MDG_MSG_col_version, "version", 'i', NULL},
		  {MDG_MSG_col_owner, "owner", 's', NULL},
		  {MDG_MSG_col_expires, "expires_s", 't', NULL},
		  {MDG_MSG_col_expired, "expired", 'b', NULL}}},
	{.cmd = {"template put", "FILE [--id ID]", MDG_MSG_cli_help_template_put,
		 mdg_desk_run},
	 .act = "template.put",
	 .prepare = prepare_put,
	 .args = {MDG_WORD("source", 's'), MDG_OPT("id", "id", 's')}},
	{.cmd = {"template edit", "ID", MDG_MSG_cli_help_template_edit,
		 mdg_desk_run},
	 .act = "template.show", .then = edit,
	 .args = {MDG_WORD("id", 's')}},
	{.cmd = {"template import", "FILE.csv|FILE.txt",
		 MDG_MSG_cli_help_template_import, mdg_desk_run},
	 .act = "template.import",
	 .prepare = prepare_import, .print = print_import,
	 .args = {MDG_WORD("file", 's')}},
	{.cmd = {"template export", "--dir DIR | --csv FILE|- [--encoding utf-8|cp932]",
		 MDG_MSG_cli_help_template_export, mdg_desk_run},
	 .act = "template.export", .prepare = prepare_export, .then = export,
	 .args = {MDG_OPT("dir", "dir", 's'), MDG_OPT("csv", "csv", 's'),
		  MDG_OPT("encoding", "encoding", 's')}},
	{.cmd = {"template preview", "ID [--slot NAME=VALUE]...",
		 MDG_MSG_cli_help_template_preview, mdg_desk_run},
	 .act = "template.preview", .print = print_preview,
	 .args = {MDG_WORD("id", 's'), MDG_OPT("slot", "slots", 'o')}},
	{.cmd = {"template history", "ID", MDG_MSG_cli_help_template_history,
		 mdg_desk_run},
	 .act = "template.history",
	 .list = "versions", .empty = MDG_MSG_cli_no_templates,
	 .args = {MDG_WORD("id", 's')},
	 .cols = {{MDG_MSG_col_version, "version", 'i', NULL},
		  {MDG_MSG_col_title, "title", 's', NULL},
		  {MDG_MSG_col_changed, "created_s", 't', NULL}}},
	{.cmd = {"template retire", "ID", MDG_MSG_cli_help_template_retire,
		 mdg_desk_run},
	 .act = "template.retire", .args = {MDG_WORD("id", 's')}},
	{.cmd = {"template keep", "ID [--owner LOGIN] [--days N]",
		 MDG_MSG_cli_help_template_keep, mdg_desk_run},
	 .act = "template.keep",
	 .args = {MDG_WORD("id", 's'), MDG_OPT("owner", "owner", 's'),
		  MDG_OPT("days", "days", 'i')}},
	{.cmd = {.name = NULL}},
};
// clang-format on
