/* Files of a person's mail: into the draft that it wrote. */
#include <string.h>

#include <sodium.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_upload.h"
#include "maildesk-int.h"

/* What mail programs add to every mail is no file of the letter. */
static bool
is_trimming(const struct mdg_attachment *f)
{
	static const char *const types[] = {
		"application/pgp-signature",
		"application/pkcs7-signature",
		"application/x-pkcs7-signature",
		"application/pgp-keys",
		"application/ms-tnef",
		"text/calendar",
		"text/vcard",
		"text/x-vcard",
		"message/delivery-status",
	};

	for (size_t i = 0; i < MDG_LEN(types); i++)
		if (mdg_streq(types[i], f->media_type))
			return true;
	return f->is_inline;
}

json_t *
mdg_order_files_said(const struct mdg_mail *m)
{
	json_t *list = json_array();
	char hex[2 * MDG_DIGEST_BYTES + 1];

	for (size_t i = 0; i < m->attachments_n; i++) {
		const struct mdg_attachment *f = &m->attachments[i];
		if (is_trimming(f))
			continue;
		mdg_hex(f->digest, sizeof(f->digest), hex);
		json_array_append_new(
			list, json_pack("{s:I,s:s,s:s,s:I,s:s,s:b}", "part",
					(json_int_t)f->part, "name",
					f->filename ? f->filename : "file",
					"type", f->media_type, "bytes",
					(json_int_t)f->bytes, "digest", hex,
					"danger", f->danger != MDG_DANGER_NO));
	}
	return list;
}

bool
mdg_order_has_files(const struct mdg_order *o)
{
	return !o->took_files &&
	       json_array_size(json_object_get(o->said, "files")) > 0;
}

bool
mdg_order_files_first(struct mdg_order *o)
{
	if (!mdg_order_has_files(o))
		return false;
	o->wants_files = o->over = true;
	return true;
}

const char *
mdg_order_file_names(struct mdg_order *o)
{
	const json_t *f;
	const char *names = "";
	size_t i;

	json_array_foreach (json_object_get(o->said, "files"), i, f) {
		const char *name =
			json_string_value(json_object_get(f, "name"));
		names = mdg_arena_printf(&o->a, "%s%s%s", names, i ? "、" : "",
					 name ? name : "");
	}
	return names;
}

static const json_t *
file_at(const struct mdg_order *o)
{
	return json_array_get(json_object_get(o->said, "files"), o->file);
}

static const char *
text_of(const json_t *f, const char *key)
{
	const char *v = json_string_value(json_object_get(f, key));

	return v ? v : "";
}

/* Says why it is not in the draft; the next one then. */
static void
lose(struct mdg_order *o, const char *why)
{
	mdg_md_say(&o->say, MDG_MSG_md_file_lost, text_of(file_at(o), "name"),
		   why, NULL);
	o->files_lost++;
	o->file++;
}

/* The same file under the same name, by an answer that came before. */
static bool
is_there(struct mdg_order *o, const json_t *f)
{
	char hex[2 * MDG_DIGEST_BYTES + 1];
	struct mdg_upload *v;
	size_t n;

	if (!mdg_upload_list(o->d->db, o->draft.id, &o->a, &v, &n, NULL))
		return false;
	for (size_t i = 0; i < n; i++) {
		mdg_hex(v[i].digest, sizeof(v[i].digest), hex);
		if (mdg_streq(v[i].filename, text_of(f, "name")) &&
		    mdg_streq(hex, text_of(f, "digest")))
			return true;
	}
	return false;
}

static const char *
words(struct mdg_order *o, const struct mdg_err *why)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	return mdg_arena_strdup(
		&o->a, mdg_err_text(why, o->say.lang, text, sizeof(text)));
}

static bool
begin_upload(struct mdg_order *o, const json_t *f)
{
	struct mdg_err why;
	json_t *result = NULL;

	json_t *args = json_pack(
		"{s:I,s:s,s:s,s:O}", "draft", (json_int_t)o->draft.id,
		"filename", text_of(f, "name"), "media_type",
		text_of(f, "type"), "bytes", json_object_get(f, "bytes"));
	if (!mdg_order_act(o, "upload.begin", args, &result, &why)) {
		lose(o, words(o, &why));
		return false;
	}
	o->upload = json_integer_value(json_object_get(result, "upload"));
	json_decref(result);
	o->piece_n = 0;
	o->file_err = (struct mdg_err){0};
	mdg_buf_reset(&o->piece);
	return true;
}

bool
mdg_order_next_file(struct mdg_order *o, struct mdg_order_wants *ret,
		    struct mdg_err *err)
{
	const json_t *f;
	int64_t raw = 0;

	if (mdg_db_i64(o->d->db, &raw, err,
		       "SELECT COALESCE(raw_id, 0) FROM delivery WHERE id = ?1",
		       "i", o->row.delivery_id) == MDG_FAILED)
		return false;
	for (; (f = file_at(o));) {
		if (json_is_true(json_object_get(f, "danger")))
			lose(o,
			     mdg_msg_text(o->say.lang, MDG_MSG_md_file_danger));
		else if (mdg_streq(text_of(f, "type"), "message/rfc822"))
			lose(o,
			     mdg_msg_text(o->say.lang, MDG_MSG_md_file_mail));
		else if (is_there(o, f))
			o->file++;
		else if (begin_upload(o, f))
			break;
	}
	*ret = (struct mdg_order_wants){
		.raw = f ? raw : 0,
		.part = json_integer_value(json_object_get(f, "part"))};
	return f != NULL && raw != 0;
}

/* What has gathered, as one piece of the upload. */
static bool
put_piece(struct mdg_order *o, size_t n)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct mdg_err why;

	mdg_base64(&text, (const unsigned char *)mdg_buf_str(&o->piece), n);
	json_t *args = json_pack(
		"{s:I,s:I,s:I,s:s}", "draft", (json_int_t)o->draft.id, "upload",
		o->upload, "n", o->piece_n++, "base64", mdg_buf_str(&text));
	if (!mdg_order_act(o, "upload.put", args, NULL, &why)) {
		o->file_err = why;
		return false;
	}
	memmove(o->piece.ptr, o->piece.ptr + n, o->piece.len - n);
	o->piece.len -= n;
	return true;
}

bool
mdg_order_piece(struct mdg_order *o, struct mdg_span piece)
{
	mdg_buf_put(&o->piece, piece.p, piece.n);
	while (o->piece.len >= MDG_UPLOAD_CHUNK_BYTES)
		if (!put_piece(o, MDG_UPLOAD_CHUNK_BYTES))
			return false;
	return true;
}

void
mdg_order_file(struct mdg_order *o, const struct mdg_err *why)
{
	struct mdg_err failed = {0};
	json_t *args = json_pack("{s:I,s:I}", "draft", (json_int_t)o->draft.id,
				 "upload", o->upload);
	bool ok = !o->file_err.code && !why &&
		  (!o->piece.len || put_piece(o, o->piece.len));

	if (ok &&
	    mdg_order_act(o, "upload.end", json_incref(args), NULL, &failed)) {
		o->file++;
	} else {
		const struct mdg_err *said = o->file_err.code ? &o->file_err
					     : why            ? why
							      : &failed;
		lose(o, words(o, said));
	}
	json_decref(args);
}
