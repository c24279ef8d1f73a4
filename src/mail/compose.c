/* Outgoing mail, RFC 5322 and RFC 2045–2049. */
#include "madoguchi/mail/compose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/msgid.h"
#include "madoguchi/mail/param.h"
#include "madoguchi/mail/words.h"

enum {
	TEXT_COLUMNS = 78,      /* longer lines go as base64 */
	BASE64_LINE_BYTES = 57, /* 76 columns */
	ID_BYTES_MAX = 900,     /* a line holds 998, RFC 5322 §2.1.1 */
	REFERENCES_LAST = 20,   /* kept besides the first one */
	REFERENCES_BYTES_MAX = 8000,
	BOUNDARY_MAX = 64,
};

void
mdg_outgoing_init(struct mdg_outgoing *o)
{
	*o = (struct mdg_outgoing){
		.subject = "",
		.text = "",
		.zone_min = 540,
	};
}

/* The one gate of header values: no controls, no line separators. */
static bool
check_value(const char *what, const char *v, struct mdg_err *err)
{
	size_t n = strlen(v);
	uint32_t cp;

	if (!mdg_utf8_valid(v, n))
		return mdg_fail(err, MDG_EINVAL, "%s is not UTF-8", what);
	for (size_t i = 0; i < n;) {
		i += mdg_utf8_next(v + i, n - i, &cp);
		if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 ||
		    cp == 0x2029)
			return mdg_fail(err, MDG_EINVAL,
					"%s holds a control character", what);
	}
	return true;
}

static bool
check_addresses(const char *what, const struct mdg_addresses *l,
		struct mdg_err *err)
{
	for (size_t i = 0; i < l->n; i++) {
		if (!mdg_addr_valid(l->v[i].address))
			return mdg_fail(err, MDG_EINVAL,
					"%s holds no usable address", what);
		if (l->v[i].name && !check_value(what, l->v[i].name, err))
			return false;
	}
	return true;
}

static bool
check(const struct mdg_outgoing *o, struct mdg_err *err)
{
	const char *automatic = o->auto_submitted;

	if (o->from.n == 0)
		return mdg_fail(err, MDG_EINVAL, "no sender");
	if (o->to.n + o->cc.n == 0)
		return mdg_fail(err, MDG_EINVAL, "no recipient");
	if (!mdg_msgid_valid(o->message_id) ||
	    strlen(o->message_id) > ID_BYTES_MAX)
		return mdg_fail(err, MDG_EINVAL, "no usable message id");
	if (!mdg_utf8_valid(o->text, strlen(o->text)) ||
	    (o->html && !mdg_utf8_valid(o->html, strlen(o->html))))
		return mdg_fail(err, MDG_EINVAL, "text is not UTF-8");
	/* 7bit: what mdg_compose() writes (RFC 2046 §5.2.1) */
	for (size_t i = 0; i < o->mail.n; i++)
		if (o->mail.p[i] >= 0x80 || !o->mail.p[i])
			return mdg_fail(err, MDG_EINVAL,
					"the attached mail is not 7bit");
	if (o->zone_min <= -1440 || o->zone_min >= 1440)
		return mdg_fail(err, MDG_EINVAL, "no such zone offset");
	if (automatic && !mdg_streq(automatic, "auto-replied") &&
	    !mdg_streq(automatic, "auto-generated"))
		return mdg_fail(err, MDG_EINVAL, "no such kind of mail");
	return check_addresses("From", &o->from, err) &&
	       check_addresses("To", &o->to, err) &&
	       check_addresses("Cc", &o->cc, err) &&
	       check_addresses("Reply-To", &o->reply_to, err) &&
	       check_value("Subject", o->subject, err) &&
	       (!o->loop_mark ||
		(check_value("loop mark", o->loop_mark, err) &&
		 (strlen(o->loop_mark) <= ID_BYTES_MAX ||
		  mdg_fail(err, MDG_ETOOBIG, "loop mark is too long"))));
}

static void
put_date(const struct mdg_outgoing *o, struct mdg_buf *out)
{
	static const char days[7][4] = {"Thu", "Fri", "Sat", "Sun",
					"Mon", "Tue", "Wed"};
	static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr",
					   "May", "Jun", "Jul", "Aug",
					   "Sep", "Oct", "Nov", "Dec"};
	int64_t t = o->date_s + (int64_t)o->zone_min * 60;
	int64_t day = t / 86400 - (t % 86400 < 0);
	int s = (int)(t - day * 86400), y, m, d;
	int zone = abs(o->zone_min);

	mdg_civil_from_days(day, &y, &m, &d);
	mdg_buf_printf(out,
		       "Date: %s, %d %s %04d %02d:%02d:%02d %c%02d%02d\r\n",
		       days[(day % 7 + 7) % 7], d, months[m - 1], y, s / 3600,
		       s / 60 % 60, s % 60, o->zone_min < 0 ? '-' : '+',
		       zone / 60, zone % 60);
}

static void
put_addresses(const char *name, const struct mdg_addresses *l,
	      struct mdg_buf *out)
{
	size_t column = strlen(name) + 2;

	if (l->n == 0)
		return;
	mdg_buf_printf(out, "%s: ", name);
	mdg_addrs_format(l, out, &column);
	mdg_buf_puts(out, "\r\n");
}

static bool
is_writable_id(const char *id)
{
	return mdg_msgid_valid(id) && strlen(id) <= ID_BYTES_MAX;
}

/*
 * The first id and the newest ones. Ids that other programs made and that
 * cannot be written are left out: they must not stop a reply.
 */
static void
put_references(const struct mdg_strings *l, struct mdg_buf *out)
{
	size_t from = l->n > REFERENCES_LAST ? l->n - REFERENCES_LAST : 0;
	size_t first = 0, bytes = 0;

	while (first < l->n && !is_writable_id(l->v[first]))
		first++;
	if (first == l->n)
		return;
	from = from > first + 1 ? from : first + 1;
	bytes = strlen(l->v[first]) + 5;
	for (size_t i = l->n; i-- > from;) {
		size_t n = is_writable_id(l->v[i]) ? strlen(l->v[i]) + 5 : 0;
		if (bytes + n > REFERENCES_BYTES_MAX) {
			from = i + 1;
			break;
		}
		bytes += n;
	}
	mdg_buf_printf(out, "References: <%s>\r\n", l->v[first]);
	for (size_t i = from; i < l->n; i++)
		if (is_writable_id(l->v[i]))
			mdg_buf_printf(out, " <%s>\r\n", l->v[i]);
}

static void
put_head(const struct mdg_outgoing *o, struct mdg_buf *out)
{
	put_date(o, out);
	put_addresses("From", &o->from, out);
	put_addresses("Reply-To", &o->reply_to, out);
	put_addresses("To", &o->to, out);
	put_addresses("Cc", &o->cc, out);
	mdg_buf_puts(out, "Subject: ");
	mdg_words_encode(o->subject, 9, out);
	mdg_buf_printf(out, "\r\nMessage-ID: <%s>\r\n", o->message_id);
	if (o->in_reply_to && is_writable_id(o->in_reply_to))
		mdg_buf_printf(out, "In-Reply-To: <%s>\r\n", o->in_reply_to);
	put_references(&o->references, out);
	if (o->auto_submitted) /* RFC 3834 §5; the other is Exchange's */
		mdg_buf_printf(out,
			       "Auto-Submitted: %s\r\n"
			       "X-Auto-Response-Suppress: All\r\n",
			       o->auto_submitted);
	if (o->loop_mark) {
		mdg_buf_puts(out, "X-Madoguchi-Loop: ");
		mdg_words_encode(o->loop_mark, 18, out);
		mdg_buf_puts(out, "\r\n");
	}
	mdg_buf_puts(out, "MIME-Version: 1.0\r\n");
}

/* What is composed leaves in pieces. */
struct writer {
	struct mdg_buf b;
	bool (*sink)(void *arg, struct mdg_span piece, struct mdg_err *err);
	void *arg;
};

static bool
flush(struct writer *w, struct mdg_err *err)
{
	if (!mdg_buf_ok(&w->b))
		return mdg_fail(err, MDG_ETOOBIG, "the mail is too big");
	bool ok = w->b.len == 0 || w->sink(w->arg, mdg_buf_span(&w->b), err);
	mdg_buf_reset(&w->b);
	return ok;
}

static void
put_base64_lines(struct mdg_buf *out, struct mdg_span in)
{
	for (size_t i = 0; i < in.n; i += BASE64_LINE_BYTES) {
		size_t n = in.n - i;
		n = n < BASE64_LINE_BYTES ? n : BASE64_LINE_BYTES;
		mdg_base64(out, in.p + i, n);
		mdg_buf_puts(out, "\r\n");
	}
}

/* CRLF line ends, and one at the end. */
static void
put_crlf(struct mdg_buf *out, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n"), keep = n;
		while (keep && text[keep - 1] == '\r')
			keep--;
		mdg_buf_put(out, text, keep);
		mdg_buf_puts(out, "\r\n");
		text += n + (text[n] == '\n');
	}
}

/* May it travel as it is: ASCII, short lines, nothing that relays change. */
static bool
is_7bit(const char *text)
{
	size_t column = 0;

	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;
		bool end = p[1] == '\n' || !p[1];
		if (c == '\n') {
			column = 0;
			continue;
		}
		if (c >= 0x7F || (c < 0x20 && c != '\t') ||
		    ++column > TEXT_COLUMNS || (c == ' ' && end) ||
		    (column == 1 && mdg_str_starts(p, "From ")))
			return false;
	}
	return true;
}

static void
put_text_part(const char *text, const char *subtype, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf crlf = {0};

	mdg_buf_printf(out, "Content-Type: text/%s; charset=UTF-8\r\n",
		       subtype);
	put_crlf(&crlf, text);
	if (is_7bit(text)) {
		mdg_buf_puts(out, "Content-Transfer-Encoding: 7bit\r\n\r\n");
		mdg_buf_put(out, mdg_buf_str(&crlf), crlf.len);
	} else {
		mdg_buf_puts(out, "Content-Transfer-Encoding: base64\r\n\r\n");
		put_base64_lines(out, mdg_buf_span(&crlf));
	}
}

/* type/subtype of tokens; composite types may not be base64 (RFC 2045 §6.4) */
static bool
is_plain_type(const char *t)
{
	static const char token[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789!#$&-^_.+";
	size_t n = t ? strspn(t, token) : 0;
	size_t m = n && t[n] == '/' ? strspn(t + n + 1, token) : 0;

	return m && !t[n + 1 + m] && n + m < 127 &&
	       !mdg_str_case_starts(t, "multipart/") &&
	       !mdg_str_case_starts(t, "message/");
}

/* The content piece by piece; lines go over their ends. */
static bool
put_pieces(const struct mdg_outgoing_file *f, struct writer *w,
	   struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf piece = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf rest = {0};

	for (int64_t n = 0;; n++) {
		if (!f->read(f->ctx, n, &piece, err))
			return false;
		if (piece.len == 0)
			break;
		mdg_buf_put(&rest, mdg_buf_str(&piece), piece.len);
		size_t whole = rest.len - rest.len % BASE64_LINE_BYTES;
		put_base64_lines(&w->b, mdg_span(rest.ptr, whole));
		mdg_buf_shift(&rest, whole);
		if (!flush(w, err))
			return false;
	}
	put_base64_lines(&w->b, mdg_buf_span(&rest));
	return flush(w, err);
}

static bool
put_file_part(const struct mdg_outgoing_file *f, size_t i, struct writer *w,
	      struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_buf *out = &w->b;
	const char *name =
		f->filename ? mdg_filename_safe(&a, f->filename) : NULL;

	if (!name)
		name = mdg_arena_printf(&a, "attachment-%zu", i + 1);
	mdg_buf_printf(out, "Content-Type: %s",
		       is_plain_type(f->media_type)
			       ? f->media_type
			       : "application/octet-stream");
	mdg_param_put_words(out, "name", name);
	mdg_buf_puts(out, "\r\nContent-Transfer-Encoding: base64\r\n"
			  "Content-Disposition: attachment");
	mdg_param_put(out, "filename", name);
	mdg_buf_puts(out, "\r\n\r\n");
	if (f->read)
		return put_pieces(f, w, err);
	put_base64_lines(out, f->content);
	return flush(w, err);
}

/* FNV-1a, two lanes: no secret, only the same for the same Message-ID. */
static void
make_boundary(const struct mdg_outgoing *o, unsigned salt, char *to)
{
	uint64_t h[2] = {0xCBF29CE484222325u, 0x84222325CBF29CE4u};

	/* two boundaries of one mail begin with salts apart */
	for (;; salt += 2) {
		for (int k = 0; k < 2; k++) {
			for (const char *p = o->message_id; *p; p++)
				h[k] = (h[k] ^ (unsigned char)*p) *
				       0x100000001B3u;
			h[k] = (h[k] ^ salt) * 0x100000001B3u;
		}
		snprintf(to, BOUNDARY_MAX, "=_mdg_%016llx%016llx",
			 (unsigned long long)h[0], (unsigned long long)h[1]);
		if (!strstr(o->text, to) && !(o->html && strstr(o->html, to)) &&
		    (!o->mail.n || !memmem(o->mail.p, o->mail.n, to, strlen(to))))
			return;
	}
}

/* The text, and beside it the same for display. */
static void
put_body(const struct mdg_outgoing *o, struct mdg_buf *out)
{
	char boundary[BOUNDARY_MAX];

	if (!o->html) {
		put_text_part(o->text, "plain", out);
		return;
	}
	make_boundary(o, 1, boundary);
	mdg_buf_printf(out,
		       "Content-Type: multipart/alternative;\r\n"
		       " boundary=\"%s\"\r\n\r\n--%s\r\n",
		       boundary, boundary);
	put_text_part(o->text, "plain", out);
	mdg_buf_printf(out, "--%s\r\n", boundary);
	put_text_part(o->html, "html", out);
	mdg_buf_printf(out, "--%s--\r\n", boundary);
}

static bool
put_mixed(const struct mdg_outgoing *o, struct writer *w, struct mdg_err *err)
{
	char boundary[BOUNDARY_MAX];

	make_boundary(o, 0, boundary);
	mdg_buf_printf(&w->b,
		       "Content-Type: multipart/mixed;\r\n"
		       " boundary=\"%s\"\r\n\r\n--%s\r\n",
		       boundary, boundary);
	put_body(o, &w->b);
	if (o->mail.n) {
		mdg_buf_printf(&w->b,
			       "--%s\r\n"
			       "Content-Type: message/rfc822\r\n"
			       "Content-Transfer-Encoding: 7bit\r\n"
			       "Content-Disposition: attachment;\r\n"
			       " filename=\"reply.eml\"\r\n\r\n",
			       boundary);
		mdg_buf_put(&w->b, o->mail.p, o->mail.n);
		mdg_buf_puts(&w->b, "\r\n");
	}
	for (size_t i = 0; i < o->files_n; i++) {
		mdg_buf_printf(&w->b, "--%s\r\n", boundary);
		if (!put_file_part(&o->files[i], i, w, err))
			return false;
	}
	mdg_buf_printf(&w->b, "--%s--\r\n", boundary);
	return true;
}

bool
mdg_compose_to(const struct mdg_outgoing *o,
	       bool (*sink)(void *arg, struct mdg_span piece,
			    struct mdg_err *err),
	       void *arg, struct mdg_err *err)
{
	struct writer w = {.sink = sink, .arg = arg};
	bool ok = check(o, err);

	if (ok) {
		put_head(o, &w.b);
		if (o->files_n || o->mail.n)
			ok = put_mixed(o, &w, err);
		else
			put_body(o, &w.b);
		ok = ok && flush(&w, err);
	}
	mdg_buf_clear(&w.b);
	return ok;
}

static bool
into_buf(void *arg, struct mdg_span piece, struct mdg_err *err)
{
	return mdg_buf_put(arg, piece.p, piece.n) ||
	       mdg_fail(err, MDG_ETOOBIG, "the mail is too big");
}

bool
mdg_compose(const struct mdg_outgoing *o, struct mdg_buf *out,
	    struct mdg_err *err)
{
	size_t before = out->len;

	if (mdg_compose_to(o, into_buf, out, err))
		return true;
	out->full = false;
	out->len = before;
	if (out->ptr)
		out->ptr[before] = '\0';
	return false;
}
