/*
 * What is done on the server once a mail is stored, and only when asked for:
 * a keyword, a move, a delete; and how full the mailbox is.
 *
 * EXPUNGE alone would take away whatever anybody marked \\Deleted: a delete
 * needs UID EXPUNGE (RFC 4315), a move MOVE (RFC 6851) or both of COPY and
 * that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imap_private.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

enum { SET_UIDS = 500, LINE_BYTES = 200 };

/* "UID <verb> 1,5,9<rest>" in commands that no server finds too long. */
static bool
by_sets(struct mdg_imap *im, const char *verb, const uint32_t *uids, size_t n,
	const char *rest, struct mdg_err *err)
{
	for (size_t at = 0; at < n; at += SET_UIDS) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		size_t k = n - at < SET_UIDS ? n - at : SET_UIDS;
		mdg_buf_printf(&b, "UID %s ", verb);
		for (size_t i = 0; i < k; i++)
			mdg_buf_printf(&b, "%s%u", i > 0 ? "," : "",
				       uids[at + i]);
		mdg_buf_printf(&b, "%s\r\n", rest);
		/* Each of them may be answered by a line of its own. */
		if (!imap_begin(im, err) ||
		    !imap_begin_bytes(im, k * LINE_BYTES, 0, err) ||
		    !imap_text(im, mdg_buf_str(&b), err) ||
		    !imap_answer(im, err))
			return false;
	}
	return true;
}

bool
mdg_imap_keyword(struct mdg_imap *im, const uint32_t *uids, size_t n,
		 const char *keyword, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	mdg_buf_printf(&b, " +FLAGS.SILENT (%s)", keyword);
	return by_sets(im, "STORE", uids, n, mdg_buf_str(&b), err);
}

static bool
cannot(struct mdg_imap *im, const char *extension, struct mdg_err *err)
{
	return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_net_extension_missing,
			    im->peer->host, extension, NULL);
}

bool
mdg_imap_delete(struct mdg_imap *im, const uint32_t *uids, size_t n,
		struct mdg_err *err)
{
	if (!mdg_imap_has(im, "UIDPLUS"))
		return cannot(im, "UIDPLUS", err);
	return by_sets(im, "STORE", uids, n, " +FLAGS.SILENT (\\Deleted)",
		       err) &&
	       by_sets(im, "EXPUNGE", uids, n, "", err);
}

bool
mdg_imap_move(struct mdg_imap *im, const uint32_t *uids, size_t n,
	      const char *target, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf rest = {0};
	if (!imap_wire_name(im, target, &raw, err))
		return false;
	mdg_buf_puts(&rest, " \"");
	for (const char *p = mdg_buf_str(&raw); *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			mdg_buf_putc(&rest, '\\');
		mdg_buf_putc(&rest, *p);
	}
	mdg_buf_putc(&rest, '"');
	if (mdg_imap_has(im, "MOVE"))
		return by_sets(im, "MOVE", uids, n, mdg_buf_str(&rest), err);
	if (!mdg_imap_has(im, "UIDPLUS"))
		return cannot(im, "MOVE", err);
	/* One by one: what a crash leaves half done is one mail in both. */
	for (size_t i = 0; i < n; i++)
		if (!by_sets(im, "COPY", uids + i, 1, mdg_buf_str(&rest),
			     err) ||
		    !mdg_imap_delete(im, uids + i, 1, err))
			return false;
	return true;
}

/* -- quota -- */

/* false: no number, or one that is as good as no limit. */
static bool
read_kib(const char *s, uint64_t *ret, const char **ret_end)
{
	uint64_t n = 0;
	size_t digits = strspn(s, "0123456789");
	enum { DIGITS_MAX = 15 };
	if (digits == 0 || digits > DIGITS_MAX)
		return false;
	for (size_t i = 0; i < digits; i++)
		n = n * 10 + (uint64_t)(s[i] - '0');
	*ret = n;
	*ret_end = s + digits;
	return true;
}

/* "* QUOTA "root" (STORAGE 10 512 MESSAGE 5 100)", counted in KiB. The root
 * of several that is fullest counts. */
static void
read_quota(const char *line, uint64_t *used, uint64_t *limit)
{
	const char *p = strrchr(line, '(');
	uint64_t u, l;
	if (strncasecmp(line, "* QUOTA ", 8) != 0 || p == NULL)
		return;
	p = mdg_strcasestr(p, "STORAGE ");
	if (p == NULL)
		return;
	if (!read_kib(p + 8, &u, &p) || !read_kib(p + 1, &l, &p) ||
	    (*p != ')' && *p != ' '))
		return;
	if (l == 0 ||
	    (*limit != 0 && (double)u / (double)l <
				    (double)*used / (double)(*limit)))
		return;
	*used = u * 1024;
	*limit = l * 1024;
}

/* libetpan knows the answer, but counts in 32 bits and ends the session at
 * more: read by hand. */
bool
mdg_imap_quota(struct mdg_imap *im, uint64_t *ret_used, uint64_t *ret_limit,
	       struct mdg_err *err)
{
	uint64_t used = 0, limit = 0;
	const char *line;
	char tag[32];
	if (!imap_begin(im, err) ||
	    !imap_text(im, "GETQUOTAROOT INBOX\r\n", err))
		return false;
	if (mailstream_flush(im->et->imap_stream) != 0)
		return imap_check(im, MAILIMAP_ERROR_STREAM, err);
	/* The root's name may be a literal: lines that begin anyhow. */
	snprintf(tag, sizeof(tag), "%d ", im->et->imap_tag);
	do {
		line = mailimap_read_line(im->et);
		if (line == NULL)
			return imap_check(im, MAILIMAP_ERROR_STREAM, err);
		read_quota(line, &used, &limit);
	} while (!mdg_str_starts(line, tag));
	if (!imap_finish(im, err))
		return false;
	*ret_used = used;
	*ret_limit = limit;
	return true;
}
