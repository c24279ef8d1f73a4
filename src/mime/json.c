#include "madoguchi/mime/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

/*
 * Written straight into the line, not built as a tree first: the texts are
 * long and their escapes few. All text of a record is valid UTF-8.
 */

/* RFC 8259 §7. */
static void
put_string(struct mdg_buf *b, const char *s)
{
	static const char plain[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";

	mdg_buf_putc(b, '"');
	while (*s) {
		size_t n = 0;

		while ((unsigned char)s[n] >= ' ' && s[n] != '"' &&
		       s[n] != '\\')
			n++;
		mdg_buf_put(b, s, n);
		s += n;
		if (!*s)
			break;
		const char *known = strchr(plain, *s);
		if (known)
			mdg_buf_printf(b, "\\%c", letter[known - plain]);
		else
			mdg_buf_printf(b, "\\u%04X", (unsigned)*s);
		s++;
	}
	mdg_buf_putc(b, '"');
}

/* The comma before a value, unless it is the first. */
static void
next(struct mdg_buf *b)
{
	if (b->len && !strchr("{[:", b->ptr[b->len - 1]))
		mdg_buf_putc(b, ',');
}

static void
put_key(struct mdg_buf *b, const char *key)
{
	next(b);
	put_string(b, key);
	mdg_buf_putc(b, ':');
}

/* s: NULL for null. */
static void
put_text(struct mdg_buf *b, const char *key, const char *s)
{
	put_key(b, key);
	if (s)
		put_string(b, s);
	else
		mdg_buf_puts(b, "null");
}

static void
put_int(struct mdg_buf *b, const char *key, int64_t v)
{
	put_key(b, key);
	mdg_buf_printf(b, "%" PRId64, v);
}

static void
put_strings(struct mdg_buf *b, const char *key, const struct mdg_strings *l)
{
	put_key(b, key);
	mdg_buf_putc(b, '[');
	for (size_t i = 0; i < l->n; i++) {
		next(b);
		put_string(b, l->v[i]);
	}
	mdg_buf_putc(b, ']');
}

static void
put_addresses(struct mdg_buf *b, const char *key, const struct mdg_addresses *l)
{
	put_key(b, key);
	mdg_buf_putc(b, '[');
	for (size_t i = 0; i < l->n; i++) {
		next(b);
		mdg_buf_putc(b, '{');
		put_text(b, "name", l->v[i].name);
		put_text(b, "address", l->v[i].address);
		mdg_buf_putc(b, '}');
	}
	mdg_buf_putc(b, ']');
}

static void
put_attachments(struct mdg_buf *b, const struct mdg_mail *m)
{
	put_key(b, "attachments");
	mdg_buf_putc(b, '[');
	for (size_t i = 0; i < m->attachments_n; i++) {
		const struct mdg_attachment *f = &m->attachments[i];
		char hex[2 * MDG_DIGEST_BYTES + 1];

		mdg_hex(f->digest, MDG_DIGEST_BYTES, hex);
		next(b);
		mdg_buf_putc(b, '{');
		put_text(b, "filename", f->filename);
		put_text(b, "media_type", f->media_type);
		put_int(b, "bytes", (int64_t)f->bytes);
		put_text(b, "digest", hex);
		put_key(b, "inline");
		mdg_buf_puts(b, f->is_inline ? "true" : "false");
		put_text(b, "content_id", f->content_id);
		mdg_buf_putc(b, '}');
	}
	mdg_buf_putc(b, ']');
}

static void
put_bounce(struct mdg_buf *b, const struct mdg_bounce *v)
{
	if (!v) {
		put_text(b, "bounce", NULL);
		return;
	}
	put_key(b, "bounce");
	mdg_buf_putc(b, '{');
	put_key(b, "recipients");
	mdg_buf_putc(b, '[');
	for (size_t i = 0; i < v->n; i++) {
		const struct mdg_bounce_recipient *r = &v->recipients[i];

		next(b);
		mdg_buf_putc(b, '{');
		put_text(b, "address", r->address);
		put_text(b, "action", r->action);
		put_text(b, "status", r->status);
		put_text(b, "kind", r->hard ? "hard" : "soft");
		put_text(b, "reason", r->reason);
		put_text(b, "diagnostic", r->diagnostic);
		mdg_buf_putc(b, '}');
	}
	mdg_buf_putc(b, ']');
	put_text(b, "original_message_id", v->original_message_id);
	mdg_buf_putc(b, '}');
}

static void
put_mail(struct mdg_buf *b, const struct mdg_mail *m)
{
	put_text(b, "message_id", m->message_id);
	put_strings(b, "in_reply_to", &m->in_reply_to);
	put_strings(b, "references", &m->references);
	if (m->has_date)
		put_int(b, "date", m->date_s);
	else
		put_text(b, "date", NULL);
	put_addresses(b, "from", &m->from);
	put_addresses(b, "sender", &m->sender);
	put_addresses(b, "reply_to", &m->reply_to);
	put_addresses(b, "to", &m->to);
	put_addresses(b, "cc", &m->cc);
	put_text(b, "subject", m->subject);
	put_text(b, "text", m->text);
	put_text(b, "text_source", mdg_text_source_name(m->text_source));
	put_text(b, "reply", m->reply);
	put_text(b, "quoted", m->quoted);
	put_text(b, "signature", m->signature);
	put_attachments(b, m);
	put_text(b, "class", mdg_mail_class_name(m->mail_class));
	put_bounce(b, m->bounce);
	put_strings(b, "warnings", &m->warnings);
}

void
mdg_mail_json(const struct mdg_mail *m, bool explain, struct mdg_buf *out)
{
	mdg_buf_putc(out, '{');
	put_mail(out, m);
	if (explain)
		put_strings(out, "explain", &m->explain);
	mdg_buf_putc(out, '}');
}

void
mdg_mail_json_failed(const char *file, const char *warning, struct mdg_buf *out)
{
	MDG_AUTO(mdg_mail_clear) struct mdg_mail m;

	mdg_mail_init(&m);
	mdg_mail_warn(&m, warning);
	mdg_buf_putc(out, '{');
	put_mail(out, &m);
	put_text(out, "file", file);
	mdg_buf_putc(out, '}');
}
