/* Mails as they were laid out, files in and out. */
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "web.h"

/* ---- a mail's HTML, in a frame of its own ---- */

/* Where an inline picture of the mail is served, NULL if it is none of it. */
static char *
picture(const json_t *result, const char *cid, size_t n)
{
	const json_t *a;
	size_t i;

	json_array_foreach (json_object_get(result, "inline"), i, a) {
		const char *id =
			json_string_value(json_object_get(a, "content_id"));
		if (id && strlen(id) == n && strncmp(id, cid, n) == 0)
			return mdg_asprintf(
				"/api/v1/messages/%lld/attachments/%lld?show=1",
				(long long)json_integer_value(
					json_object_get(result, "message")),
				(long long)json_integer_value(
					json_object_get(a, "n")));
	}
	return NULL;
}

/* src="cid:…" becomes the picture; everything else stays as it is. */
static void
put_html(struct mdg_buf *out, const json_t *result, const char *html)
{
	static const char mark[] = "src=\"cid:";
	const char *at;

	while ((at = strstr(html, mark))) {
		const char *cid = at + strlen(mark);
		size_t n = strcspn(cid, "\"");
		MDG_AUTO(mdg_freep) char *url = picture(result, cid, n);
		mdg_buf_put(out, html, (size_t)(at - html));
		mdg_buf_printf(out, "src=\"%s", url ? url : "data:,");
		html = cid + n;
	}
	mdg_buf_puts(out, html);
}

void
view_mail(struct req *q, json_t *result)
{
	struct mdg_buf out = {0};
	const char *html = mdg_buf_str(&q->file);

	if (!mdg_utf8_valid(html, q->file.len)) {
		respond_msg(q, 502, "protocol", MDG_MSG_web_no_core);
		return;
	}
	mdg_buf_puts(&out, "<!doctype html><html lang=\"ja\"><head>"
			   "<meta charset=\"utf-8\"><title>mail</title>"
			   "<style>body{font:14px/1.7 sans-serif;margin:8px;"
			   "color:#1d2530;background:#fff;overflow-wrap:"
			   "anywhere}img{max-width:100%}table{max-width:100%}"
			   "</style></head><body>");
	put_html(&out, result, html);
	mdg_buf_puts(&out, "</body></html>");
	size_t n = out.len;
	struct MHD_Response *r = MHD_create_response_from_buffer(
		n, mdg_buf_steal(&out), MHD_RESPMEM_MUST_FREE);
	MHD_add_response_header(r, "Content-Type", "text/html; charset=utf-8");
	/* styles are the mail's own, checked at intake; nothing is loaded but
	 * its own pictures, nothing runs, nothing is sent */
	MHD_add_response_header(
		r, "Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' "
		"data:; base-uri 'none'; form-action 'none'; frame-ancestors "
		"'self'; sandbox allow-same-origin allow-popups "
		"allow-popups-to-escape-sandbox");
	respond(q, 200, r);
}

/* ---- figures ---- */

void
view_metrics(struct req *q, json_t *result)
{
	const char *text = json_string_value(json_object_get(result, "text"));

	respond_text(q, 200, "text/plain; version=0.0.4; charset=utf-8",
		     text ? text : "");
}

/* ---- files out ---- */

/* RFC 8187: the name in UTF-8, escaped. */
static void
put_filename(struct mdg_buf *b, const char *name)
{
	mdg_buf_puts(b, "attachment; filename*=UTF-8''");
	for (const char *p = name; *p; p++)
		if (strchr("-._", *p) || (*p >= '0' && *p <= '9') ||
		    (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'))
			mdg_buf_putc(b, *p);
		else
			mdg_buf_printf(b, "%%%02X", (unsigned char)*p);
}

/* ?show is for us, not for the action. */
bool
view_file_how(struct req *q)
{
	q->state = json_boolean(json_object_get(q->args, "show") != NULL);
	json_object_del(q->args, "show");
	return false;
}

/* What a browser may do with it. */
static void
add_heads(struct req *q, struct MHD_Response *r, const json_t *what)
{
	/* what a browser shows without interpreting anything */
	static const char *const shown[] = {"image/png", "image/jpeg",
					    "image/gif", "image/webp"};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf as = {0};
	const char *name = json_string_value(json_object_get(what, "filename"));
	const char *type =
		json_string_value(json_object_get(what, "media_type"));
	const char *sent = "application/octet-stream";

	for (size_t i = 0; type && i < MDG_LEN(shown); i++)
		if (mdg_strcaseeq(type, shown[i]))
			sent = shown[i];
	if (!mdg_str_starts(sent, "image/") || !json_is_true(q->state)) {
		put_filename(&as, name && *name ? name : "file");
		MHD_add_response_header(r, "Content-Disposition",
					mdg_buf_str(&as));
	}
	MHD_add_response_header(r, "Content-Type", sent);
	MHD_add_response_header(r, "Content-Security-Policy",
				"default-src 'none'; sandbox");
	MHD_add_response_header(r, "Cache-Control", "private, max-age=600");
}

/* One that has nothing in it: nothing of it came before its answer. */
void
view_file(struct req *q, json_t *result)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(
		0, NULL, MHD_RESPMEM_PERSISTENT);

	add_heads(q, r, result);
	respond(q, 200, r);
}

enum { TAKEN_TOLD = 256 << 10, BLOCK_BYTES = 256 << 10 };

static ssize_t
read_file(void *cls, uint64_t at, char *to, size_t max)
{
	struct req *q = cls;
	size_t n = q->file.len < max ? q->file.len : max;

	(void)at;
	if (n == 0) {
		if (q->broken)
			return MHD_CONTENT_READER_END_WITH_ERROR;
		if (q->ended)
			return MHD_CONTENT_READER_END_OF_STREAM;
		q->sleeps = true;
		MHD_suspend_connection(q->conn);
		return 0;
	}
	memcpy(to, q->file.ptr, n);
	mdg_buf_shift(&q->file, n);
	q->web->queued_bytes -= n;
	q->taken += (int64_t)n;
	/* the core sends on only what is taken: memory stays the same */
	if (q->taken >= TAKEN_TOLD)
		core_taken(q);
	return (ssize_t)n;
}

void
view_file_begin(struct req *q, const json_t *what)
{
	struct MHD_Response *r = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_file, q, NULL);

	add_heads(q, r, what);
	q->streams = true;
	respond(q, 200, r);
}

void
view_file_wake(struct req *q)
{
	if (!q->sleeps)
		return;
	q->sleeps = false;
	MHD_resume_connection(q->conn);
}

/* ---- a file in: begin, pieces, end ---- */

static void next_piece(struct req *q);

static void
uploaded(struct req *q, json_t *result, json_t *error)
{
	if (error)
		respond_error(q, error);
	else
		respond_json(q, 201, json_incref(result));
}

static void
piece_put(struct req *q, json_t *result, json_t *error)
{
	(void)result;
	if (error)
		respond_error(q, error);
	else
		next_piece(q);
}

static void
next_piece(struct req *q)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	json_int_t n = json_integer_value(json_object_get(q->state, "n"));
	size_t at = (size_t)n * MDG_UPLOAD_CHUNK_BYTES;
	json_t *args = json_pack("{s:O,s:O}", "draft",
				 json_object_get(q->args, "draft"), "upload",
				 json_object_get(q->state, "upload"));

	if (at >= q->body.len) {
		core_call(q, "upload.end", args, uploaded);
		return;
	}
	size_t len = q->body.len - at;
	if (len > MDG_UPLOAD_CHUNK_BYTES)
		len = MDG_UPLOAD_CHUNK_BYTES;
	mdg_base64(&text, (unsigned char *)q->body.ptr + at, len);
	json_object_set_new(args, "n", json_integer(n));
	json_object_set_new(args, "base64", json_string(mdg_buf_str(&text)));
	json_object_set_new(q->state, "n", json_integer(n + 1));
	core_call(q, "upload.put", args, piece_put);
}

static void
upload_begun(struct req *q, json_t *result, json_t *error)
{
	if (error) {
		respond_error(q, error);
		return;
	}
	q->state = json_pack("{s:O,s:i}", "upload",
			     json_object_get(result, "upload"), "n", 0);
	next_piece(q);
}

bool
view_upload(struct req *q)
{
	const char *name =
		json_string_value(json_object_get(q->args, "filename"));
	const char *type = header(q, "Content-Type");
	const char *draft =
		json_string_value(json_object_get(q->args, "draft"));
	int64_t id;

	if (!name || !*name || !q->body.len ||
	    !mdg_str_i64(draft ? draft : "", 1, INT64_MAX, &id)) {
		respond_msg(q, 422, "invalid", MDG_MSG_web_upload_what);
		return true;
	}
	json_object_set_new(q->args, "draft", json_integer(id));
	core_call(q, "upload.begin",
		  json_pack("{s:I,s:s,s:s,s:I}", "draft", id, "filename", name,
			    "media_type",
			    type && *type ? type : "application/octet-stream",
			    "bytes", (json_int_t)q->body.len),
		  upload_begun);
	return true;
}
