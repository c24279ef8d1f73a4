#include "text.h"

#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/charset.h"
#include "madoguchi/mime/html.h"

#include "attach.h"
#include "flowed.h"
#include "stub.h"

struct reader {
	struct mime_tree *t;
	struct mdg_buf *out;     /* text so far */
	struct mdg_buf *display; /* the HTML of it; NULL: not wanted */
	bool saw_plain, saw_html;
	size_t html_min; /* HTML that says less is for display only */
};

enum kind { KIND_OTHER, KIND_PLAIN, KIND_HTML };

/* -- what a part is ------------------------------------------------------ */

static enum kind
leaf_kind(const struct mime_part *p)
{
	/* clang-format off */
	static const char *const not_shown[] = {
		"text/calendar", "text/vcard", "text/x-vcard", "text/directory",
		"text/csv", "text/rtf", "text/x-amp-html", "text/rfc822-headers",
		"text/xml", "text/css", "text/javascript", "text/x-vcalendar",
		"text/tab-separated-values", "text/watch-html",
	};
	/* clang-format on */

	if (mdg_streq(p->media, "text/html") ||
	    mdg_streq(p->media, "application/xhtml+xml"))
		return KIND_HTML;
	if (!mdg_str_starts(p->media, "text/"))
		return KIND_OTHER;
	for (size_t i = 0; i < MDG_LEN(not_shown); i++)
		if (mdg_streq(p->media, not_shown[i]))
			return KIND_OTHER;
	return KIND_PLAIN; /* RFC 2046 §4.1.4: unknown ones too */
}

static bool
is_first_leaf(const struct mime_tree *t, const struct mime_part *p)
{
	const struct mime_part *first = t->parts;

	while (first < p && first->multi)
		first++;
	return first == p;
}

static bool
is_text(const struct mime_tree *t, const struct mime_part *p)
{
	if (p->multi || leaf_kind(p) == KIND_OTHER ||
	    p->disp == DISP_ATTACHMENT)
		return false;
	const struct mime_part *up = &t->parts[p->parent];
	/* A file name makes an attachment of it, unless the part is there in
	 * place of another, is all there is, or comes first and the name is
	 * only that of its type: some senders name the body. */
	return !p->filename || up == p ||
	       mdg_streq(up->media, "multipart/alternative") ||
	       (p->disp == DISP_NONE && is_first_leaf(t, p));
}

/* What a reader finds in a part and below it: HTML wins. */
static enum kind
subtree_kind(const struct mime_tree *t, uint32_t i)
{
	enum kind best = KIND_OTHER;

	for (uint32_t k = i; k < t->parts[i].end; k++) {
		const struct mime_part *p = &t->parts[k];

		if (!is_text(t, p))
			continue;
		enum kind kind = leaf_kind(p);
		if (kind == KIND_HTML)
			return kind;
		best = kind;
	}
	return best;
}

/* -- one part ------------------------------------------------------------ */

static void
lf_line_ends(struct mdg_buf *b)
{
	if (!b->len)
		return;
	const char *p = b->ptr, *end = p + b->len;
	char *to = b->ptr;

	for (const char *cr; (cr = memchr(p, '\r', (size_t)(end - p)));) {
		size_t n = (size_t)(cr - p);

		memmove(to, p, n);
		to += n;
		p = cr + 1;
		if (p == end || *p != '\n')
			*to++ = '\n';
	}
	memmove(to, p, (size_t)(end - p));
	to += end - p;
	b->len = (size_t)(to - b->ptr);
	*to = '\0';
}

static void
note_charset(struct mdg_mail *m, const char *label,
	     const struct mdg_charset_used *u)
{
	static const struct {
		unsigned flag;
		const char *code;
	} codes[] = {
		{MDG_CHARSET_MISLABELLED, "charset:mislabelled"},
		{MDG_CHARSET_REPLACED, "charset:replaced"},
		{MDG_CHARSET_REFUSED, "charset:refused"},
		{MDG_CHARSET_UNKNOWN, "charset:unknown"},
	};

	for (size_t i = 0; i < MDG_LEN(codes); i++)
		if (u->flags & codes[i].flag)
			mdg_mail_warn(m, codes[i].code);
	mdg_mail_explain(m, "charset:%s label:%s", u->name,
			 label ? label : "none");
}

/* The bytes of a text part, at most MDG_TEXT_BYTES_MAX of them. */
static void
part_bytes(struct mime_tree *t, const struct mime_part *p, struct mdg_buf *out)
{
	struct mime_part cut = *p;
	bool over = false;

	out->max = MDG_TEXT_BYTES_MAX;
	if (p->encoding != GMIME_CONTENT_ENCODING_BASE64 &&
	    p->encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE &&
	    p->encoding != GMIME_CONTENT_ENCODING_UUENCODE &&
	    p->body.n > out->max) {
		cut.body.n = out->max;
		over = true;
	}
	mime_part_decode(&cut, out);
	if (mime_undo_coding(out))
		mdg_mail_warn(t->mail, "encoding:undeclared");
	if (out->full || over)
		mdg_mail_warn(t->mail, "limit:text");
}

static void
decode_text(struct mime_tree *t, const char *label, struct mdg_span bytes,
	    struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf utf8 = {0};
	struct mdg_charset_used used = {0};

	mdg_charset_decode(label, bytes, &utf8, &used);
	note_charset(t->mail, label, &used);
	lf_line_ends(&utf8);
	mdg_utf8_clean(out, mdg_buf_str(&utf8), utf8.len, false);
}

void
mime_part_text(struct mime_tree *t, const struct mime_part *p,
	       struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf bytes = {0};

	part_bytes(t, p, &bytes);
	decode_text(t, mdg_params_get(&p->type, "charset"),
		    mdg_buf_span(&bytes), out);
}

static void
read_plain(struct reader *r, const struct mime_part *p, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf bytes = {0}, rest = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	const char *format = mdg_params_get(&p->type, "format");
	const char *delsp = mdg_params_get(&p->type, "delsp");

	part_bytes(r->t, p, &bytes);
	bool had_files = mime_uu_take(r->t, mdg_buf_span(&bytes), &rest);
	decode_text(r->t, mdg_params_get(&p->type, "charset"),
		    mdg_buf_span(had_files ? &rest : &bytes), &text);
	if (mdg_streq(p->media, "text/enriched") ||
	    mdg_streq(p->media, "text/richtext"))
		mime_enriched_text(&text, out);
	else if (mdg_strcaseeq(format, "flowed"))
		mime_unflow(mdg_buf_span(&text), mdg_strcaseeq(delsp, "yes"),
			    out);
	else
		mdg_buf_put(out, mdg_buf_str(&text), text.len);
}

static void
read_html(struct reader *r, const struct mime_part *p, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf bytes = {0}, text = {0};
	MDG_AUTO(mdg_html_free) struct mdg_html *h = NULL;
	const char *label = mdg_params_get(&p->type, "charset");
	char own[64];

	part_bytes(r->t, p, &bytes);
	r->t->mail->has_html |= bytes.len > 0;
	if (!label && mdg_html_charset(mdg_buf_span(&bytes), own, sizeof(own)))
		label = own;
	decode_text(r->t, label, mdg_buf_span(&bytes), &text);
	h = mdg_html_new(mdg_buf_str(&text), text.len);
	if (mdg_html_weight_max(h) >= r->html_min)
		mdg_html_text(h, out);
	else if (!r->display)
		return;
	if (mdg_html_is_partial(h))
		mdg_mail_warn(r->t->mail, "limit:html");
	if (r->display)
		mdg_html_clean(h, r->display);
}

/* -- the body, part by part ---------------------------------------------- */

static void show(struct reader *r, uint32_t i);

/* Nothing in it that can be seen: wide and zero-width spaces, too. */
static bool
is_blank(const struct mdg_buf *text)
{
	for (size_t i = 0; i < text->len;) {
		uint32_t c;

		i += mdg_utf8_next(text->ptr + i, text->len - i, &c);
		if (c > ' ' && c != 0xA0 && c != 0x3000 && c != 0xFEFF &&
		    (c < 0x2000 || c > 0x200F))
			return false;
	}
	return true;
}

static void
append(struct reader *r, const struct mdg_buf *text)
{
	struct mdg_buf *o = r->out;
	const char *s = mdg_buf_str(text);
	size_t n = text->len;

	if (is_blank(text))
		return;
	if (o->len) {
		while (o->len && o->ptr[o->len - 1] == '\n')
			o->ptr[--o->len] = '\0';
		mdg_buf_putc(o, '\n');
	}
	size_t room =
		o->len < MDG_TEXT_BYTES_MAX ? MDG_TEXT_BYTES_MAX - o->len : 0;
	if (n > room) {
		n = mdg_utf8_cut(s, n, room);
		mdg_mail_warn(r->t->mail, "limit:text");
	}
	mdg_buf_put(o, s, n);
}

static void
show_leaf(struct reader *r, struct mime_part *p)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};

	if (p->shown || !is_text(r->t, p))
		return;
	p->shown = true;
	if (leaf_kind(p) == KIND_HTML) {
		read_html(r, p, &text);
		r->saw_html |= text.len > 0;
	} else {
		read_plain(r, p, &text);
		r->saw_plain |= text.len > 0;
	}
	append(r, &text);
}

/* text/x-amp-html, text/watch-html: the same for one reader's eyes. */
static bool
is_other_html(const char *media)
{
	size_t n = strlen(media);

	return mdg_str_starts(media, "text/") && n > 9 &&
	       mdg_streq(media + n - 5, "-html");
}

/* The texts of an alternative that was not taken are no attachments. */
static void
pass_over(struct reader *r, uint32_t i)
{
	for (uint32_t k = i; k < r->t->parts[i].end; k++)
		if (is_text(r->t, &r->t->parts[k]) ||
		    is_other_html(r->t->parts[k].media))
			r->t->parts[k].shown = true;
}

/* Everything of a subtree into a buffer of its own. */
static void
show_apart(struct reader *r, uint32_t i, struct mdg_buf *out)
{
	struct mdg_buf *was = r->out;

	r->out = out;
	show(r, i);
	r->out = was;
}

static size_t
html_bytes(const struct mime_tree *t, uint32_t i, size_t *parts)
{
	size_t n = 0;

	*parts = 0;
	for (uint32_t k = i; k < t->parts[i].end; k++) {
		const struct mime_part *p = &t->parts[k];

		if (!is_text(t, p) || leaf_kind(p) != KIND_HTML)
			continue;
		n += p->body.n;
		++*parts;
	}
	return n;
}

/* RFC 2046 §5.1.4: plain text, if it says what the HTML says. */
static void
show_both(struct reader *r, uint32_t plain, uint32_t html)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf a = {0}, b = {0};

	show_apart(r, plain, &a);
	bool was_plain = r->saw_plain, was_html = r->saw_html;
	size_t parts, size = html_bytes(r->t, html, &parts);
	bool doubt = mime_stub_doubt(mdg_buf_str(&a), size);
	if (!doubt)
		r->html_min = SIZE_MAX;
	else if (parts == 1)
		r->html_min = mime_stub_needs(mdg_buf_str(&a));
	if (doubt || r->display) {
		show_apart(r, html, &b);
	} else {
		pass_over(r, html);
		r->t->mail->has_html |= size > 0;
	}
	r->html_min = 0;
	if (doubt && mime_stub_is(mdg_buf_str(&a), mdg_buf_str(&b))) {
		mdg_mail_explain(r->t->mail, "text:plain part is a stub");
		r->saw_plain = false;
		append(r, &b);
		return;
	}
	r->saw_plain = was_plain;
	r->saw_html = was_html;
	append(r, &a);
}

static void
show_alternative(struct reader *r, uint32_t i)
{
	const struct mime_part *v = r->t->parts;
	uint32_t plain = 0, html = 0; /* 0 is the root: never a child */

	for (uint32_t k = i + 1; k < v[i].end; k = v[k].end) {
		enum kind kind = subtree_kind(r->t, k);

		if (kind == KIND_PLAIN && !plain)
			plain = k;
		if (kind == KIND_HTML)
			html = k;
	}
	if (plain && html)
		show_both(r, plain, html);
	else if (plain || html)
		show(r, plain ? plain : html);
	for (uint32_t k = i + 1; k < v[i].end; k = v[k].end)
		pass_over(r, k);
}

/* RFC 2387: the root is named by `start`, else the first. */
static void
show_related(struct reader *r, uint32_t i)
{
	const struct mime_part *v = r->t->parts;
	const char *start = mdg_params_get(&v[i].type, "start");
	uint32_t root = i + 1;

	if (start && *start == '<')
		start++;
	size_t n = start ? strcspn(start, ">") : 0;
	for (uint32_t k = i + 1; n && k < v[i].end; k = v[k].end)
		if (v[k].content_id && strlen(v[k].content_id) == n &&
		    memcmp(v[k].content_id, start, n) == 0)
			root = k;
	if (root < v[i].end && subtree_kind(r->t, root) == KIND_OTHER)
		for (uint32_t k = i + 1; k < v[i].end; k = v[k].end)
			if (subtree_kind(r->t, k) != KIND_OTHER) {
				root = k;
				break;
			}
	if (root < v[i].end)
		show(r, root);
}

static void
show(struct reader *r, uint32_t i)
{
	const struct mime_part *v = r->t->parts;

	if (!v[i].multi) {
		show_leaf(r, &r->t->parts[i]);
	} else if (mdg_streq(v[i].media, "multipart/alternative")) {
		show_alternative(r, i);
	} else if (mdg_streq(v[i].media, "multipart/related")) {
		show_related(r, i);
	} else if (mdg_streq(v[i].media, "multipart/report")) {
		if (i + 1 < v[i].end)
			show(r, i + 1);
	} else if (!mdg_streq(v[i].media, "multipart/encrypted")) {
		for (uint32_t k = i + 1; k < v[i].end; k = v[k].end)
			show(r, k);
	}
}

static void
show_calendar(struct reader *r)
{
	for (uint32_t i = 0; i < r->t->parts_n; i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf in = {0}, out = {0};

		if (!mdg_streq(r->t->parts[i].media, "text/calendar"))
			continue;
		mime_part_text(r->t, &r->t->parts[i], &in);
		mime_calendar_text(mdg_buf_str(&in), &out);
		r->saw_plain |= out.len > 0;
		append(r, &out);
		return;
	}
}

void
mime_text_read(struct mime_tree *t, struct mdg_buf *display)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	struct reader r = {
		.t = t,
		.out = &out,
		.display = display,
	};
	struct mdg_mail *m = t->mail;

	if (t->parts_n)
		show(&r, 0);
	if (!out.len)
		show_calendar(&r);
	while (out.len && strchr(" \t\n", out.ptr[out.len - 1]))
		out.ptr[--out.len] = '\0';
	m->text = mdg_arena_strndup(&m->arena, mdg_buf_str(&out), out.len);
	m->text_source = !out.len      ? MDG_TEXT_NONE
			 : r.saw_plain ? MDG_TEXT_PLAIN
				       : MDG_TEXT_HTML;
}
