#include "madoguchi/mime/json.h"

#include <jansson.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

/* Memory end aborts everywhere else; here too. */
static json_t *
sure(json_t *j)
{
	MDG_BUG_ON(!j);
	return j;
}

static void
set(json_t *o, const char *key, json_t *v)
{
	MDG_BUG_ON(json_object_set_new_nocheck(o, key, sure(v)) != 0);
}

/* All text of a record is valid UTF-8: it is not checked again. */
static json_t *
text_or_null(const char *s)
{
	return s ? json_string_nocheck(s) : json_null();
}

static json_t *
strings(const struct mdg_strings *l)
{
	json_t *a = sure(json_array());

	for (size_t i = 0; i < l->n; i++)
		json_array_append_new(a, sure(json_string_nocheck(l->v[i])));
	return a;
}

static json_t *
addresses(const struct mdg_addresses *l)
{
	json_t *a = sure(json_array());

	for (size_t i = 0; i < l->n; i++) {
		json_t *o = sure(json_object());

		set(o, "name", json_string_nocheck(l->v[i].name));
		set(o, "address", json_string_nocheck(l->v[i].address));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *
attachments(const struct mdg_mail *m)
{
	json_t *a = sure(json_array());

	for (size_t i = 0; i < m->attachments_n; i++) {
		const struct mdg_attachment *f = &m->attachments[i];
		char hex[2 * MDG_DIGEST_BYTES + 1];
		json_t *o = sure(json_object());

		mdg_hex(f->digest, MDG_DIGEST_BYTES, hex);
		set(o, "filename", text_or_null(f->filename));
		set(o, "media_type", json_string_nocheck(f->media_type));
		set(o, "bytes", json_integer((json_int_t)f->bytes));
		set(o, "digest", json_string_nocheck(hex));
		set(o, "inline", json_boolean(f->is_inline));
		set(o, "content_id", text_or_null(f->content_id));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *
bounce(const struct mdg_bounce *b)
{
	if (!b)
		return json_null();
	json_t *o = sure(json_object()), *a = sure(json_array());

	for (size_t i = 0; i < b->n; i++) {
		const struct mdg_bounce_recipient *r = &b->recipients[i];
		json_t *e = sure(json_object());

		set(e, "address", text_or_null(r->address));
		set(e, "action", text_or_null(r->action));
		set(e, "status", text_or_null(r->status));
		set(e, "kind", json_string_nocheck(r->hard ? "hard" : "soft"));
		set(e, "reason", text_or_null(r->reason));
		set(e, "diagnostic", text_or_null(r->diagnostic));
		json_array_append_new(a, e);
	}
	set(o, "recipients", a);
	set(o, "original_message_id", text_or_null(b->original_message_id));
	return o;
}

static json_t *
object(const struct mdg_mail *m)
{
	json_t *o = sure(json_object());

	set(o, "message_id", text_or_null(m->message_id));
	set(o, "in_reply_to", strings(&m->in_reply_to));
	set(o, "references", strings(&m->references));
	set(o, "date", m->has_date ? json_integer(m->date_s) : json_null());
	set(o, "from", addresses(&m->from));
	set(o, "sender", addresses(&m->sender));
	set(o, "reply_to", addresses(&m->reply_to));
	set(o, "to", addresses(&m->to));
	set(o, "cc", addresses(&m->cc));
	set(o, "subject", json_string_nocheck(m->subject));
	set(o, "text", json_string_nocheck(m->text));
	set(o, "text_source",
	    json_string_nocheck(mdg_text_source_name(m->text_source)));
	set(o, "reply", json_string_nocheck(m->reply));
	set(o, "quoted", json_string_nocheck(m->quoted));
	set(o, "signature", json_string_nocheck(m->signature));
	set(o, "attachments", attachments(m));
	set(o, "class",
	    json_string_nocheck(mdg_mail_class_name(m->mail_class)));
	set(o, "bounce", bounce(m->bounce));
	set(o, "warnings", strings(&m->warnings));
	return o;
}

static int
to_buf(const char *s, size_t n, void *out)
{
	return mdg_buf_put(out, s, n) ? 0 : -1;
}

static void
dump(json_t *o, struct mdg_buf *out)
{
	json_dump_callback(o, to_buf, out, JSON_COMPACT);
	json_decref(o);
}

void
mdg_mail_json(const struct mdg_mail *m, bool explain, struct mdg_buf *out)
{
	json_t *o = object(m);

	if (explain)
		set(o, "explain", strings(&m->explain));
	dump(o, out);
}

void
mdg_mail_json_failed(const char *file, const char *warning, struct mdg_buf *out)
{
	MDG_AUTO(mdg_mail_clear) struct mdg_mail m;

	mdg_mail_init(&m);
	mdg_mail_warn(&m, warning);
	json_t *o = object(&m);
	set(o, "file", json_string_nocheck(file));
	dump(o, out);
}
