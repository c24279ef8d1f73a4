/* The parsed mail on the wire. Unpacking trusts nothing: limits.h again. */
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/ipc/proto.h"
#include "madoguchi/ipc/wire.h"

enum { CODE_MAX = 255, AUTH_RESULTS_MAX = 20 };

static void
strings_put(struct mdg_buf *b, const struct mdg_strings *l)
{
	mdg_wr_u32(b, (uint32_t)l->n);
	for (size_t i = 0; i < l->n; i++)
		mdg_wr_str(b, l->v[i]);
}

static void
strings_get(struct mdg_rd *r, struct mdg_arena *a, struct mdg_strings *l,
	    size_t max_n, size_t max_bytes)
{
	l->n = mdg_rd_count(r, max_n);
	l->v = mdg_arena_array(a, l->n, sizeof(*l->v));
	for (size_t i = 0; i < l->n; i++)
		l->v[i] = mdg_rd_text(r, a, max_bytes);
}

static void
addresses_put(struct mdg_buf *b, const struct mdg_addresses *l)
{
	mdg_wr_u32(b, (uint32_t)l->n);
	for (size_t i = 0; i < l->n; i++) {
		mdg_wr_str(b, l->v[i].name);
		mdg_wr_str(b, l->v[i].address);
		mdg_wr_str(b, l->v[i].key);
	}
}

static void
addresses_get(struct mdg_rd *r, struct mdg_arena *a, struct mdg_addresses *l)
{
	l->n = mdg_rd_count(r, MDG_ADDRESSES_MAX);
	l->v = mdg_arena_array(a, l->n, sizeof(*l->v));
	for (size_t i = 0; i < l->n; i++) {
		l->v[i].name = mdg_rd_text(r, a, MDG_NAME_BYTES_MAX);
		l->v[i].address = mdg_rd_text(r, a, MDG_ADDRESS_BYTES_MAX);
		l->v[i].key = mdg_rd_text(r, a, MDG_ADDRESS_BYTES_MAX);
	}
}

static void
digest_get(struct mdg_rd *r, unsigned char *out)
{
	for (size_t i = 0; i < MDG_DIGEST_BYTES; i++)
		out[i] = mdg_rd_u8(r);
}

static void
attachments_put(struct mdg_buf *b, const struct mdg_mail *m)
{
	mdg_wr_u32(b, (uint32_t)m->attachments_n);
	for (size_t i = 0; i < m->attachments_n; i++) {
		const struct mdg_attachment *t = &m->attachments[i];
		mdg_wr_str(b, t->filename);
		mdg_wr_str(b, t->media_type);
		mdg_wr_str(b, t->content_id);
		mdg_wr_u64(b, t->bytes);
		mdg_buf_put(b, t->digest, sizeof(t->digest));
		mdg_wr_u8(b, t->is_inline);
		mdg_wr_u8(b, (uint8_t)t->sealed);
		mdg_wr_u8(b, (uint8_t)t->danger);
		mdg_wr_u32(b, t->part);
	}
}

static void
attachments_get(struct mdg_rd *r, struct mdg_mail *m)
{
	struct mdg_arena *a = &m->arena;

	m->attachments_n = mdg_rd_count(r, MDG_ATTACHMENTS_MAX);
	m->attachments = mdg_arena_array(a, m->attachments_n,
					 sizeof(*m->attachments));
	for (size_t i = 0; i < m->attachments_n; i++) {
		struct mdg_attachment *t = &m->attachments[i];
		t->filename = mdg_rd_str(r, a, MDG_FILENAME_BYTES_MAX);
		t->media_type = mdg_rd_text(r, a, CODE_MAX);
		t->content_id = mdg_rd_str(r, a, MDG_MSGID_BYTES_MAX);
		t->bytes = mdg_rd_u64(r);
		digest_get(r, t->digest);
		t->is_inline = mdg_rd_u8(r) != 0;
		unsigned sealed = mdg_rd_u8(r);
		unsigned danger = mdg_rd_u8(r);
		if (sealed >= MDG_SEALED_N || danger >= MDG_DANGER_N)
			r->bad = true;
		t->danger = (enum mdg_danger)danger;
		t->sealed = (enum mdg_sealed)sealed;
		t->part = mdg_rd_u32(r);
		if (t->bytes > MDG_RAW_BYTES_MAX)
			r->bad = true;
	}
}

static void
fields_put(struct mdg_buf *b, const struct mdg_mail *m)
{
	mdg_wr_u32(b, (uint32_t)m->fields_n);
	for (size_t i = 0; i < m->fields_n; i++) {
		const struct mdg_field *f = &m->fields[i];
		mdg_wr_str(b, f->label);
		mdg_wr_u8(b, (uint8_t)f->kind);
		mdg_wr_u8(b, (uint8_t)f->style);
		mdg_wr_u32(b, f->at);
		mdg_wr_u32(b, f->value);
	}
}

/* Does a character begin there, or the text end? */
static bool
is_place(const char *text, size_t n, uint32_t at)
{
	return at <= n && ((unsigned char)text[at] & 0xC0) != 0x80;
}

/* Offsets point into the text, in order: the core cuts it there. */
static void
fields_get(struct mdg_rd *r, struct mdg_mail *m)
{
	size_t n = strlen(m->text);
	uint32_t last = 0;

	m->fields_n = mdg_rd_count(r, MDG_FIELDS_MAX);
	m->fields = mdg_arena_array(&m->arena, m->fields_n,
				    sizeof(*m->fields));
	for (size_t i = 0; i < m->fields_n; i++) {
		struct mdg_field *f = &m->fields[i];
		f->label = mdg_rd_text(r, &m->arena, MDG_LABEL_BYTES_MAX);
		unsigned kind = mdg_rd_u8(r), style = mdg_rd_u8(r);
		f->at = mdg_rd_u32(r);
		f->value = mdg_rd_u32(r);
		if (kind >= MDG_FIELD_N || style >= MDG_FIELD_STYLE_N ||
		    f->at < last || f->value < f->at ||
		    !is_place(m->text, n, f->at) ||
		    !is_place(m->text, n, f->value))
			r->bad = true;
		f->kind = (enum mdg_field_kind)kind;
		f->style = (enum mdg_field_style)style;
		last = f->at;
	}
}

static void
bounce_put(struct mdg_buf *b, const struct mdg_bounce *v)
{
	mdg_wr_u8(b, v != NULL);
	if (!v)
		return;
	mdg_wr_u32(b, (uint32_t)v->n);
	for (size_t i = 0; i < v->n; i++) {
		const struct mdg_bounce_recipient *t = &v->recipients[i];
		mdg_wr_str(b, t->address);
		mdg_wr_str(b, t->action);
		mdg_wr_str(b, t->status);
		mdg_wr_u8(b, t->hard);
		mdg_wr_str(b, t->reason);
		mdg_wr_str(b, t->diagnostic);
	}
	mdg_wr_str(b, v->original_message_id);
	strings_put(b, &v->original_references);
}

static struct mdg_bounce *
bounce_get(struct mdg_rd *r, struct mdg_arena *a)
{
	if (!mdg_rd_u8(r))
		return NULL;
	struct mdg_bounce *v = mdg_arena_alloc(a, sizeof(*v));
	v->n = mdg_rd_count(r, MDG_BOUNCE_RECIPIENTS_MAX);
	v->recipients = mdg_arena_array(a, v->n, sizeof(*v->recipients));
	for (size_t i = 0; i < v->n; i++) {
		struct mdg_bounce_recipient *t = &v->recipients[i];
		t->address = mdg_rd_text(r, a, MDG_ADDRESS_BYTES_MAX);
		t->action = mdg_rd_text(r, a, CODE_MAX);
		t->status = mdg_rd_str(r, a, CODE_MAX);
		t->hard = mdg_rd_u8(r) != 0;
		t->reason = mdg_rd_text(r, a, CODE_MAX);
		t->diagnostic = mdg_rd_str(r, a, MDG_TRACE_BYTES_MAX);
	}
	v->original_message_id = mdg_rd_str(r, a, MDG_MSGID_BYTES_MAX);
	strings_get(r, a, &v->original_references, MDG_REFERENCES_MAX,
		    MDG_MSGID_BYTES_MAX);
	return v;
}

void
mdg_mail_pack(struct mdg_buf *b, const struct mdg_mail *m)
{
	mdg_wr_str(b, m->message_id);
	strings_put(b, &m->in_reply_to);
	strings_put(b, &m->references);
	mdg_wr_u8(b, m->has_date);
	mdg_wr_i64(b, m->date_s);
	addresses_put(b, &m->from);
	addresses_put(b, &m->sender);
	addresses_put(b, &m->reply_to);
	addresses_put(b, &m->to);
	addresses_put(b, &m->cc);
	strings_put(b, &m->delivered_to);
	mdg_wr_str(b, m->subject);
	mdg_wr_str(b, m->text);
	mdg_wr_u8(b, (uint8_t)m->text_source);
	mdg_wr_str(b, m->reply);
	mdg_wr_str(b, m->quoted);
	mdg_wr_str(b, m->signature);
	mdg_wr_u8(b, m->has_html);
	attachments_put(b, m);
	mdg_wr_u8(b, (uint8_t)m->mail_class);
	mdg_wr_u8(b, m->no_auto_reply);
	mdg_wr_u8(b, m->from_spoofed);
	mdg_wr_u8(b, m->tells_password);
	bounce_put(b, m->bounce);
	mdg_wr_str(b, m->thread_index);
	mdg_wr_str(b, m->loop_mark);
	strings_put(b, &m->auth_results);
	strings_put(b, &m->received);
	strings_put(b, &m->verdicts);
	fields_put(b, m);
	addresses_put(b, &m->forwarded);
	mdg_buf_put(b, m->content_hash, sizeof(m->content_hash));
	strings_put(b, &m->explain);
	strings_put(b, &m->warnings);
}

static void
texts_get(struct mdg_rd *r, struct mdg_mail *m)
{
	struct mdg_arena *a = &m->arena;
	unsigned source;

	m->subject = mdg_rd_text(r, a, MDG_SUBJECT_BYTES_MAX);
	m->text = mdg_rd_text(r, a, MDG_TEXT_BYTES_MAX);
	source = mdg_rd_u8(r);
	if (source >= MDG_TEXT_SOURCE_N)
		r->bad = true;
	m->text_source = (enum mdg_text_source)source;
	m->reply = mdg_rd_text(r, a, MDG_TEXT_BYTES_MAX);
	m->quoted = mdg_rd_text(r, a, MDG_TEXT_BYTES_MAX);
	m->signature = mdg_rd_text(r, a, MDG_TEXT_BYTES_MAX);
	m->has_html = mdg_rd_u8(r) == 1;
}

bool
mdg_mail_unpack(struct mdg_span p, struct mdg_mail *m)
{
	struct mdg_arena *a = &m->arena;
	struct mdg_rd rd, *r = &rd;
	unsigned mail_class;

	mdg_rd_init(r, p);
	m->message_id = mdg_rd_str(r, a, MDG_MSGID_BYTES_MAX);
	strings_get(r, a, &m->in_reply_to, MDG_REFERENCES_MAX,
		    MDG_MSGID_BYTES_MAX);
	strings_get(r, a, &m->references, MDG_REFERENCES_MAX,
		    MDG_MSGID_BYTES_MAX);
	m->has_date = mdg_rd_u8(r) != 0;
	m->date_s = mdg_rd_i64(r);
	addresses_get(r, a, &m->from);
	addresses_get(r, a, &m->sender);
	addresses_get(r, a, &m->reply_to);
	addresses_get(r, a, &m->to);
	addresses_get(r, a, &m->cc);
	strings_get(r, a, &m->delivered_to, MDG_REFERENCES_MAX,
		    MDG_ADDRESS_BYTES_MAX);
	texts_get(r, m);
	attachments_get(r, m);
	mail_class = mdg_rd_u8(r);
	if (mail_class >= MDG_CLASS_N)
		r->bad = true;
	m->mail_class = (enum mdg_mail_class)mail_class;
	m->no_auto_reply = mdg_rd_u8(r) != 0;
	m->from_spoofed = mdg_rd_u8(r) != 0;
	m->tells_password = mdg_rd_u8(r) != 0;
	m->bounce = bounce_get(r, a);
	m->thread_index = mdg_rd_str(r, a, CODE_MAX);
	m->loop_mark = mdg_rd_str(r, a, CODE_MAX);
	strings_get(r, a, &m->auth_results, AUTH_RESULTS_MAX,
		    MDG_TRACE_BYTES_MAX);
	strings_get(r, a, &m->received, MDG_RECEIVED_MAX, MDG_TRACE_BYTES_MAX);
	strings_get(r, a, &m->verdicts, MDG_VERDICTS_MAX, MDG_TRACE_BYTES_MAX);
	fields_get(r, m);
	addresses_get(r, a, &m->forwarded);
	if (m->forwarded.n > MDG_FORWARDED_MAX)
		r->bad = true;
	digest_get(r, m->content_hash);
	strings_get(r, a, &m->explain, MDG_WARNINGS_MAX, CODE_MAX);
	strings_get(r, a, &m->warnings, MDG_WARNINGS_MAX, CODE_MAX);
	return mdg_rd_done(r);
}
