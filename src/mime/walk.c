#include "walk.h"

#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/msgid.h"

#include "layout.h"

enum { STACK_MAX = MDG_DEPTH_MAX + 1 };

struct level {
	GMimeMultipart *multi;
	int next, n;
	uint32_t part;
};

/* -- one part's header -------------------------------------------------- */

/* Out of gmime's object, or out of the header that we read. */
static struct mdg_span
raw_header(GMimeObject *o, const struct mdg_headers *own, const char *name)
{
	if (!o) {
		const struct mdg_header *h = mdg_headers_find(own, name, 0);
		return h ? h->raw : mdg_span(NULL, 0);
	}
	GMimeHeaderList *l = g_mime_object_get_header_list(o);

	/* The last one counts, as for gmime's own idea of the structure. */
	for (int i = g_mime_header_list_get_count(l) - 1; i >= 0; i--) {
		GMimeHeader *h = g_mime_header_list_get_header_at(l, i);

		if (mdg_strcaseeq(g_mime_header_get_name(h), name))
			return mdg_span_str(g_mime_header_get_raw_value(h));
	}
	return mdg_span(NULL, 0);
}

static bool
is_media(const char *s)
{
	const char *slash = strchr(s, '/');

	if (!slash || slash == s || !slash[1] || strchr(slash + 1, '/'))
		return false;
	for (; *s; s++)
		if (*s <= ' ' || strchr("()<>@,;:\\\"[]?=", *s))
			return false;
	return true;
}

/* "text", "text/", "plain", "" (RFC 2045 §5.2): what the sender must mean. */
static const char *
mend_media(const struct mime_part *p, const char *fallback)
{
	const char *v = p->type.value;

	if (!p->typed)
		return fallback;
	if (mdg_str_starts(v, "text") || mdg_streq(v, "plain") ||
	    mdg_streq(v, "html"))
		return strstr(v, "html") ? "text/html" : "text/plain";
	if (mdg_str_starts(v, "multipart"))
		return "multipart/mixed";
	return *v && p->filename ? "application/octet-stream" : fallback;
}

static void
read_header(struct mime_tree *t, GMimeObject *o, const struct mdg_headers *own,
	    struct mime_part *p)
{
	struct mdg_arena *a = &t->mail->arena;
	struct mdg_span type = raw_header(o, own, "Content-Type");
	struct mdg_span disp = raw_header(o, own, "Content-Disposition");
	struct mdg_span id = raw_header(o, own, "Content-ID");

	mdg_params_parse(type, a, &p->type);
	mdg_params_parse(disp, a, &p->disposition);
	p->typed = type.n > 0 && p->type.value[0];
	if (p->typed) {
		char *v = mdg_arena_strdup(a, p->type.value);
		mime_scan_unmask(v);
		p->type.value = v;
	}
	const char *d = p->disposition.value;
	/* RFC 2183 §2.8: unknown ones are attachments. */
	p->disp = !*d                      ? DISP_NONE
		  : mdg_streq(d, "inline") ? DISP_INLINE
					   : DISP_ATTACHMENT;
	p->filename = mdg_filename_pick(&p->disposition, &p->type, a);
	if (id.n)
		p->content_id = mdg_msgid_parse(id, a);
	const struct mime_part *up = &t->parts[p->parent];
	const char *fallback =
		up != p && mdg_streq(up->media, "multipart/digest")
			? "message/rfc822"
			: "text/plain";
	p->media = p->typed && is_media(p->type.value)
			   ? p->type.value
			   : mend_media(p, fallback);
}

/* The encoding, where gmime reads none: "\"base64\"", "base64;". */
static GMimeContentEncoding
mend_encoding(GMimePart *o)
{
	const char *v = g_mime_object_get_header(GMIME_OBJECT(o),
						 "Content-Transfer-Encoding");
	char word[32];
	size_t n = 0;

	while (v && *v && !g_ascii_isalnum(*v))
		v++;
	for (; v && n + 1 < sizeof(word) && (g_ascii_isalnum(*v) || *v == '-');)
		word[n++] = *v++;
	word[n] = '\0';
	return n ? g_mime_content_encoding_from_string(word)
		 : GMIME_CONTENT_ENCODING_DEFAULT;
}

/* The bytes of a leaf, found in the mail itself: the contents gmime holds
 * are those of the masked copy. */
static void
find_body(struct mime_tree *t, GMimePart *o, struct mime_part *p)
{
	GMimeDataWrapper *w = g_mime_part_get_content(o);
	GMimeStream *s = w ? g_mime_data_wrapper_get_stream(w) : NULL;

	p->encoding = g_mime_part_get_content_encoding(o);
	if (p->encoding == GMIME_CONTENT_ENCODING_DEFAULT)
		p->encoding = mend_encoding(o);
	if (!s || !GMIME_IS_STREAM_MEM(s))
		return;
	GByteArray *b = GMIME_STREAM_MEM(s)->buffer;
	gint64 from = s->bound_start;
	gint64 to = s->bound_end < 0 ? (gint64)b->len : s->bound_end;
	if (from < 0 || from > to || to > (gint64)b->len)
		return;
	const unsigned char *base =
		b->data == t->scan.shape.p ? t->scan.raw.p : b->data;
	p->body = mdg_span(base + from, (size_t)(to - from));
}

/* -- multiparts whose boundary is missing or wrong ----------------------- */

/* The first line "--x" that comes again, as itself or closed by "--". */
static bool
guess_boundary(const char *s, const char **ret, size_t *ret_n)
{
	enum { TRIES = 20, BOUNDARY_MAX = 200 };
	int tries = 0;

	for (const char *p = s; p && tries < TRIES; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (p[0] != '-' || p[1] != '-')
			continue;
		size_t n = strcspn(p, "\r\n");
		while (n && (p[n - 1] == ' ' || p[n - 1] == '\t'))
			n--;
		if (n < 3 || n > BOUNDARY_MAX || memchr(p, '"', n))
			continue;
		tries++;
		for (const char *q = strchr(p, '\n'); q; q = strchr(q, '\n')) {
			q++;
			if (strncmp(q, p, n) == 0 &&
			    (q[n] == '\r' || q[n] == '\n' || !q[n] ||
			     q[n] == ' ' || (q[n] == '-' && q[n + 1] == '-'))) {
				*ret = p + 2;
				*ret_n = n - 2;
				return true;
			}
		}
	}
	return false;
}

static GMimeObject *
gmime_parse(struct mime_tree *t, struct mdg_span s)
{
	GByteArray *b = g_new0(GByteArray, 1);
	b->data = (guint8 *)(uintptr_t)s.p; /* read only */
	b->len = (guint)s.n;
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(b);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_persist_stream(parser, TRUE);
	g_mime_parser_set_respect_content_length(parser, FALSE);
	GMimeObject *o = g_mime_parser_construct_part(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	if (o)
		g_ptr_array_add(t->objects, o);
	g_ptr_array_add(t->arrays, b);
	return o;
}

/* Parse a multipart without parts again, with the boundary that is in it. */
static GMimeMultipart *
mend_multipart(struct mime_tree *t, GMimeMultipart *m, struct mime_part *p)
{
	const char *pre = g_mime_multipart_get_prologue(m), *b;
	size_t n;

	mdg_mail_warn(t->mail, "mime:boundary");
	if (!pre) /* all of it behind a last boundary? */
		pre = g_mime_multipart_get_epilogue(m);
	if (!pre)
		return m;
	if (!guess_boundary(pre, &b, &n)) {
		p->body = mdg_span_str(pre);
		p->media = "text/plain";
		return NULL;
	}
	char *again = mdg_arena_printf(
		&t->mail->arena,
		"Content-Type: multipart/mixed; boundary=\"%.*s\"\n\n%s",
		(int)n, b, pre);
	GMimeObject *o = gmime_parse(t, mdg_span_str(again));
	return o && GMIME_IS_MULTIPART(o) ? GMIME_MULTIPART(o) : m;
}

/* -- the walk ------------------------------------------------------------ */

static struct mime_part *
add_part(struct mime_tree *t, GMimeObject *o, const struct mdg_headers *own,
	 uint32_t parent)
{
	size_t n = t->parts_n;

	if (n >= MDG_PARTS_MAX) {
		mdg_mail_warn(t->mail, "limit:parts");
		return NULL;
	}
	if ((n & (n - 1)) == 0) {
		struct mime_part *v = mdg_arena_array(
			&t->mail->arena, n ? n * 2 : 1, sizeof(*v));
		if (n)
			memcpy(v, t->parts, n * sizeof(*v));
		t->parts = v;
	}
	struct mime_part *p = &t->parts[t->parts_n++];
	p->body = mdg_span("", 0);
	p->parent = parent;
	p->end = (uint32_t)t->parts_n;
	read_header(t, o, own, p);
	if (o && GMIME_IS_PART(o))
		find_body(t, GMIME_PART(o), p);
	return p;
}

static void
enter(struct mime_tree *t, GMimeObject *o, struct mime_part *p,
      struct level *stack, size_t *depth)
{
	GMimeMultipart *m = GMIME_IS_MULTIPART(o) ? GMIME_MULTIPART(o) : NULL;

	if (m && g_mime_multipart_get_count(m) == 0)
		m = mend_multipart(t, m, p);
	p->multi = m != NULL;
	if (!m)
		return;
	if (!mdg_str_starts(p->media, "multipart/"))
		p->media = "multipart/mixed";
	if (*depth == MDG_DEPTH_MAX) {
		mdg_mail_warn(t->mail, "limit:depth");
		return;
	}
	stack[(*depth)++] = (struct level){
		.multi = m,
		.n = g_mime_multipart_get_count(m),
		.part = (uint32_t)(p - t->parts),
	};
}

static void
walk(struct mime_tree *t, GMimeObject *root)
{
	struct level stack[STACK_MAX];
	size_t depth = 0;

	enter(t, root, add_part(t, root, NULL, 0), stack, &depth);
	while (depth) {
		struct level *l = &stack[depth - 1];

		if (l->next == l->n || t->parts_n == MDG_PARTS_MAX) {
			if (l->next < l->n)
				mdg_mail_warn(t->mail, "limit:parts");
			t->parts[l->part].end = (uint32_t)t->parts_n;
			depth--;
			continue;
		}
		GMimeObject *o = g_mime_multipart_get_part(l->multi, l->next++);
		enter(t, o, add_part(t, o, NULL, l->part), stack, &depth);
	}
}

/* -- mails whose parts need no gmime --------------------------------------- */

static void
take_layout(struct mime_tree *t, const struct mime_layout *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct mime_place *from = &l->v[i];
		struct mime_part *p =
			add_part(t, NULL, &from->headers, from->parent);

		p->multi = from->multi;
		p->end = from->end;
		p->encoding = from->encoding;
		p->body = from->body;
	}
}

void
mime_tree_read(struct mdg_span raw, struct mdg_mail *m, struct mime_tree *ret)
{
	*ret = (struct mime_tree){.mail = m};
	mime_scan(raw, &ret->scan);
	for (unsigned bit = 1; mime_scan_cut_name(bit); bit <<= 1)
		if (ret->scan.cut & bit)
			mdg_mail_warn(m, mime_scan_cut_name(bit));
	mdg_headers_scan(ret->scan.raw, &m->arena, &ret->headers);
	struct mime_layout layout;
	if (mime_layout_read(&ret->scan, &ret->headers, &m->arena, &layout)) {
		take_layout(ret, &layout);
		return;
	}
	ret->objects = g_ptr_array_new_with_free_func(g_object_unref);
	ret->arrays = g_ptr_array_new_with_free_func(g_free);
	GMimeObject *root = gmime_parse(ret, ret->scan.shape);
	if (root)
		walk(ret, root);
	else
		mdg_mail_warn(m, "mime:structure");
}

void
mime_tree_clear(struct mime_tree *t)
{
	if (t->objects)
		g_ptr_array_unref(t->objects);
	if (t->arrays)
		g_ptr_array_unref(t->arrays);
	mime_scan_clear(&t->scan);
}
