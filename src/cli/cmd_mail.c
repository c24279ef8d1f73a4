/* madoguchi mail html|raw|reparse, attachment list|save|release, draft file */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/param.h"
#include "madoguchi/model/mail.h"

#include "desk.h"

static void
print_reparsing(struct mdg_cli *cli, const json_t *result)
{
	char n[24];

	snprintf(n, sizeof(n), "%" PRId64, mdg_json_int(result, "mails"));
	mdg_cli_say(cli, MDG_MSG_cli_reparsing, n, NULL);
}

/* ---- attachment save, mail html ---- */

/* What can be saved. */
struct kind {
	const char *act;
	const char *word; /* a mail: in messages; NULL: an attachment */
	const char *own;  /* the end of the name that we give; NULL: its own */
	bool checked;     /* the answer has a digest */
};
static const struct kind kind_file = {"attachment.save", NULL, NULL, true};
static const struct kind kind_page = {"message.html", "MAIL", ".html", false};
static const struct kind kind_raw = {"message.raw", "MAIL", ".eml", false};
static const struct kind kind_draft = {"draft.file", NULL, NULL, true};

/*
 * What comes goes into a file beside the wanted one, which gets its name once
 * all of it is known to be right.
 */
struct saving {
	const struct kind *kind;
	FILE *to;
	char path[4200], part[4100];
	bool is_stdout;
	uint64_t bytes;
	crypto_generichash_state hash;
};

static bool
cannot_write(const struct saving *s, struct mdg_err *err)
{
	return mdg_fail_msg(err, MDG_EIO, MDG_MSG_attachment_write,
			    s->is_stdout ? "stdout" : s->path, strerror(errno),
			    NULL);
}

static bool
take_piece(void *arg, struct mdg_span piece, struct mdg_err *err)
{
	struct saving *s = arg;

	crypto_generichash_update(&s->hash, piece.p, piece.n);
	s->bytes += piece.n;
	return fwrite(piece.p, 1, piece.n, s->to) == piece.n ||
	       cannot_write(s, err);
}

static bool
open_file(struct saving *s, const char *output, struct mdg_err *err)
{
	int n;

	crypto_generichash_init(&s->hash, NULL, 0, MDG_DIGEST_BYTES);
	s->is_stdout = output && mdg_streq(output, "-");
	if (s->is_stdout) {
		s->to = stdout;
		return true;
	}
	/* the name is known when the answer comes; until then one of ours */
	if (output)
		n = snprintf(s->part, sizeof(s->part), "%s.part-%ld", output,
			     (long)getpid());
	else
		n = snprintf(s->part, sizeof(s->part),
			     ".madoguchi-attachment-%ld", (long)getpid());
	n = n < (int)sizeof(s->part)
		    ? snprintf(s->path, sizeof(s->path), "%s",
			       output ? output : "")
		    : (int)sizeof(s->path);
	if (n >= (int)sizeof(s->path)) {
		errno = ENAMETOOLONG;
		return cannot_write(s, err);
	}
	int fd = open(s->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0) {
		if (!output)
			snprintf(s->path, sizeof(s->path), "%s", s->part);
		return cannot_write(s, err);
	}
	s->to = fdopen(fd, "w");
	MDG_BUG_ON(!s->to);
	return true;
}

/* Is it what was in the mail when it came? */
static bool
check(struct saving *s, const json_t *result, struct mdg_err *err)
{
	unsigned char digest[MDG_DIGEST_BYTES];
	char hex[2 * MDG_DIGEST_BYTES + 1], got[24], wanted[24];
	int64_t bytes = mdg_json_int(result, "bytes");

	if (!s->kind->checked) /* there is none of it to compare with */
		return true;
	crypto_generichash_final(&s->hash, digest, sizeof(digest));
	mdg_hex(digest, sizeof(digest), hex);
	if (s->bytes == (uint64_t)bytes &&
	    mdg_streq(hex, mdg_json_text(result, "digest")))
		return true;
	snprintf(got, sizeof(got), "%" PRIu64, s->bytes);
	snprintf(wanted, sizeof(wanted), "%" PRId64, bytes);
	return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_attachment_other, got,
			    wanted, NULL);
}

/* Without --output: the attachment's own bare name or one of ours, never over
 * another file. */
static bool
own_name(struct saving *s, const json_t *result, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *name = mdg_filename_safe(
		&a, mdg_json_text(result, "filename"));

	if (s->kind->own)
		snprintf(s->path, sizeof(s->path), "mail-%" PRId64 "%s",
			 mdg_json_int(result, "message"), s->kind->own);
	else if (name)
		snprintf(s->path, sizeof(s->path), "%s", name);
	else
		snprintf(s->path, sizeof(s->path),
			 "attachment-%" PRId64 ".%" PRId64,
			 mdg_json_int(result, "message"),
			 mdg_json_int(result, "n"));
	if (link(s->part, s->path) == 0)
		return unlink(s->part) == 0 || cannot_write(s, err);
	return errno == EEXIST
		       ? mdg_fail_msg(err, MDG_EEXIST,
				      MDG_MSG_attachment_exists, s->path, NULL)
		       : cannot_write(s, err);
}

static bool
close_file(struct saving *s, bool ok, const char *output, const json_t *result,
	   struct mdg_err *err)
{
	if (s->is_stdout)
		return (fflush(stdout) == 0 || cannot_write(s, err)) && ok;
	if (!s->to)
		return false;
	if (fclose(s->to) != 0 && ok)
		ok = cannot_write(s, err);
	if (ok && !output)
		ok = own_name(s, result, err);
	else if (ok && rename(s->part, s->path) != 0)
		ok = cannot_write(s, err);
	if (!ok)
		unlink(s->part);
	return ok;
}

static bool
read_id(const struct saving *s, const char *id, json_t *args,
	struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *head = mdg_strndup(id, strcspn(id, "."));
	const char *tail = id + strcspn(id, ".");
	int64_t message, n;

	if (s->kind->word) {
		if (!mdg_str_i64(id, 1, INT64_MAX, &message))
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_cli_no_number,
					    s->kind->word, id, NULL);
		json_object_set_new(args, "message", json_integer(message));
		return true;
	}
	if (!*tail || !mdg_str_i64(head, 1, INT64_MAX, &message) ||
	    !mdg_str_i64(tail + 1, 1, INT64_MAX, &n))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_attachment_id, id,
				    NULL);
	bool draft = s->kind == &kind_draft;
	json_object_set_new(args, draft ? "draft" : "message",
			    json_integer(message));
	json_object_set_new(args, draft ? "upload" : "n", json_integer(n));
	return true;
}

static void
say_saved(struct mdg_cli *cli, const struct saving *s, json_t *result)
{
	char bytes[24];

	if (s->is_stdout)
		return;
	json_object_set_new(result, "saved", json_string(s->path));
	if (cli->json) {
		mdg_cli_json(result);
		return;
	}
	snprintf(bytes, sizeof(bytes), "%" PRIu64, s->bytes);
	mdg_cli_say(cli, MDG_MSG_cli_saved, s->path, bytes, NULL);
}

static int
save_as(struct mdg_cli *cli, int argc, char **argv, const struct kind *kind)
{
	const char *id = NULL, *output = NULL;
	struct saving s = {.kind = kind};
	json_t *args = json_object(), *result = NULL;
	struct mdg_err err;

	for (int i = 0; i < argc; i++) {
		if (mdg_streq(argv[i], "--output") && i + 1 < argc)
			output = argv[++i];
		else if (mdg_str_starts(argv[i], "--output="))
			output = argv[i] + strlen("--output=");
		else if (!id && argv[i][0] != '-')
			id = argv[i];
		else
			id = NULL, i = argc;
	}
	if (!id || (output && !*output)) {
		json_decref(args);
		return mdg_cli_usage(cli);
	}
	bool ok = read_id(&s, id, args, &err) && open_file(&s, output, &err);
	if (ok) {
		ok = mdg_cli_call_file(cli, kind->act, args, take_piece, &s,
				       &result, &err) &&
		     check(&s, result, &err);
		ok = close_file(&s, ok, output, result, &err);
	}
	if (ok)
		say_saved(cli, &s, result);
	json_decref(args);
	json_decref(result);
	return ok ? EX_OK : mdg_cli_fail(cli, &err);
}

static int
save(struct mdg_cli *cli, int argc, char **argv)
{
	return save_as(cli, argc, argv, &kind_file);
}

static int
save_page(struct mdg_cli *cli, int argc, char **argv)
{
	return save_as(cli, argc, argv, &kind_page);
}

static int
save_raw(struct mdg_cli *cli, int argc, char **argv)
{
	return save_as(cli, argc, argv, &kind_raw);
}

static int
save_of_draft(struct mdg_cli *cli, int argc, char **argv)
{
	return save_as(cli, argc, argv, &kind_draft);
}

static void
print_released(struct mdg_cli *cli, const json_t *result)
{
	char message[24], ticket[24];

	snprintf(message, sizeof(message), "%" PRId64,
		 mdg_json_int(result, "message"));
	snprintf(ticket, sizeof(ticket), "%" PRId64,
		 mdg_json_int(result, "ticket"));
	mdg_cli_say(cli, MDG_MSG_cli_virus_released, message, ticket,
		    mdg_json_text(result, "signature"), NULL);
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_mail[] = {
	{.cmd = {"mail html", "MAIL [--output FILE|-]",
		 MDG_MSG_cli_help_mail_html, save_page}},
	{.cmd = {"mail raw", "MAIL [--output FILE|-]",
		 MDG_MSG_cli_help_mail_raw, save_raw}},
	{.cmd = {"draft file", "DRAFT.UPLOAD [--output FILE|-]",
		 MDG_MSG_cli_help_draft_file, save_of_draft}},
	{.cmd = {"mail reparse", "[TICKET] [--quarantined]",
		 MDG_MSG_cli_help_mail_reparse, mdg_desk_run},
	 .act = "mail.reparse",
	 .print = print_reparsing,
	 .args = {MDG_MAYBE("ticket", 'i'),
		  MDG_OPT("quarantined", "quarantined", 'b')}},
	{.cmd = {"attachment list", "TICKET",
		 MDG_MSG_cli_help_attachment_list, mdg_desk_run},
	 .act = "attachment.list",
	 .list = "attachments", .empty = MDG_MSG_cli_no_attachments,
	 .args = {MDG_WORD("ticket", 'i')},
	 .cols = {{MDG_MSG_col_attachment, "id", 's', NULL},
		  {MDG_MSG_col_file, "filename", 's', NULL},
		  {MDG_MSG_col_type, "media_type", 's', NULL},
		  {MDG_MSG_col_bytes, "bytes", 'B', NULL},
		  {MDG_MSG_col_kind, "direction", 'w', "direction"},
		  {MDG_MSG_col_scan, "scan", 'w', "scan"},
		  {MDG_MSG_col_virus, "scan_name", 's', NULL}}},
	{.cmd = {"attachment release", "MAIL --reason REASON",
		 MDG_MSG_cli_help_attachment_release, mdg_desk_run},
	 .act = "scan.release", .print = print_released,
	 .args = {MDG_WORD("message", 'i'),
		  MDG_NEED("reason", "reason", 's')}},
	{.cmd = {"attachment save", "ATTACHMENT [--output FILE|-]",
		 MDG_MSG_cli_help_attachment_save, save}},
	{.cmd = {.name = NULL}},
};
// clang-format on
