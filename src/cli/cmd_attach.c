/* madoguchi draft attach|detach */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

#include "desk.h"

/* What mail programs open by a double click; the rest is octets. */
static const char *
media_type(const char *name)
{
	static const char *const types[][2] = {
		{".pdf", "application/pdf"},
		{".png", "image/png"},
		{".jpg", "image/jpeg"},
		{".jpeg", "image/jpeg"},
		{".gif", "image/gif"},
		{".webp", "image/webp"},
		{".txt", "text/plain"},
		{".csv", "text/csv"},
		{".zip", "application/zip"},
		{".doc", "application/msword"},
		{".xls", "application/vnd.ms-excel"},
		{".ppt", "application/vnd.ms-powerpoint"},
		{".docx", "application/vnd.openxmlformats-officedocument."
			  "wordprocessingml.document"},
		{".xlsx", "application/vnd.openxmlformats-officedocument."
			  "spreadsheetml.sheet"},
		{".pptx", "application/vnd.openxmlformats-officedocument."
			  "presentationml.presentation"},
	};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < MDG_LEN(types); i++)
		if (mdg_strcaseeq(dot, types[i][0]))
			return types[i][1];
	return "application/octet-stream";
}

static void
file_closep(FILE **f)
{
	if (*f)
		fclose(*f);
}

/* One call; *ret may be NULL. Steals args. */
static bool
call(struct mdg_cli *cli, const char *act, json_t *args, json_t **ret,
     struct mdg_err *err)
{
	json_t *result = NULL;
	bool ok = args ? mdg_cli_call(cli, act, args, &result, err)
		       : mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_no_utf8,
				      NULL);

	json_decref(args);
	if (ret)
		*ret = result;
	else
		json_decref(result);
	return ok;
}

static bool
send_pieces(struct mdg_cli *cli, FILE *f, const char *path, int64_t draft,
	    int64_t upload, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	MDG_AUTO(mdg_freep) char *piece = mdg_malloc(MDG_UPLOAD_CHUNK_BYTES);
	size_t n;

	for (int64_t i = 0;
	     (n = fread(piece, 1, MDG_UPLOAD_CHUNK_BYTES, f)) > 0; i++) {
		mdg_buf_reset(&text);
		mdg_base64(&text, (unsigned char *)piece, n);
		if (!call(cli, "upload.put",
			  json_pack("{s:I,s:I,s:I,s:s}", "draft", draft,
				    "upload", upload, "n", i, "base64",
				    mdg_buf_str(&text)),
			  NULL, err))
			return false;
	}
	return !ferror(f) ||
	       mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_cli_file_read, path,
			    strerror(errno), NULL);
}

static bool
attach_one(struct mdg_cli *cli, int64_t draft, const char *path, json_t **ret,
	   struct mdg_err *err)
{
	MDG_AUTO(file_closep) FILE *f = fopen(path, "re");
	const char *slash = strrchr(path, '/');
	json_t *begun;
	struct stat st;

	if (!f || fstat(fileno(f), &st) != 0 ||
	    (!S_ISREG(st.st_mode) && (errno = EINVAL)))
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_cli_file_read,
				    path, strerror(errno), NULL);
	if (!call(cli, "upload.begin",
		  json_pack("{s:I,s:s,s:s,s:I}", "draft", draft, "filename",
			    slash ? slash + 1 : path, "media_type",
			    media_type(path), "bytes", (json_int_t)st.st_size),
		  &begun, err))
		return false;
	int64_t upload = mdg_json_int(begun, "upload");
	json_decref(begun);
	return send_pieces(cli, f, path, draft, upload, err) &&
	       call(cli, "upload.end",
		    json_pack("{s:I,s:I}", "draft", draft, "upload", upload),
		    ret, err);
}

static void
say(struct mdg_cli *cli, const json_t *result)
{
	char id[24], bytes[24], upload[24];

	if (cli->json) {
		mdg_cli_json(result);
		return;
	}
	snprintf(id, sizeof(id), "%" PRId64, mdg_json_int(result, "draft"));
	snprintf(bytes, sizeof(bytes), "%" PRId64,
		 mdg_json_int(result, "bytes"));
	snprintf(upload, sizeof(upload), "%" PRId64,
		 mdg_json_int(result, "upload"));
	mdg_cli_say(cli, MDG_MSG_cli_attached, mdg_json_text(result, "filename"),
		    bytes, id, upload, NULL);
}

static int
attach(struct mdg_cli *cli, int argc, char **argv)
{
	struct mdg_err err;
	int64_t draft;
	json_t *result = NULL;

	if (argc < 2 || mdg_str_starts(argv[0], "--"))
		return mdg_cli_usage(cli);
	if (!mdg_str_i64(argv[0], 1, INT64_MAX, &draft)) {
		mdg_fail_msg(&err, MDG_EINVAL, MDG_MSG_cli_no_number, "DRAFT",
			     argv[0], NULL);
		return mdg_cli_fail(cli, &err);
	}
	for (int i = 1; i < argc; i++) {
		if (mdg_streq(argv[i], "--") && i == 1)
			continue;
		if (!attach_one(cli, draft, argv[i], &result, &err))
			return mdg_cli_fail(cli, &err);
		say(cli, result);
		json_decref(result);
	}
	return EX_OK;
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_attach[] = {
	{.cmd = {"draft attach", "DRAFT FILE...",
		 MDG_MSG_cli_help_draft_attach, attach}},
	{.cmd = {"draft detach", "DRAFT UPLOAD",
		 MDG_MSG_cli_help_draft_detach, mdg_desk_run},
	 .act = "draft.detach",
	 .args = {MDG_WORD("draft", 'i'), MDG_WORD("upload", 'i')}},
	{.cmd = {.name = NULL}},
};
// clang-format on
