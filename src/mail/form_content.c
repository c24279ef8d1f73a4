/* What the customer has to say, among what the form adds to it. */
#include <string.h>

#include "form_priv.h"
#include "line.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

size_t
form_find_content(const struct form_pick *k)
{
	static const enum mdg_field_kind kinds[] = {MDG_FIELD_CONTENT,
						    MDG_FIELD_REMARK};
	size_t n = k->m->fields_n;
	bool declared = form_declared(k, MDG_FIELD_CONTENT);

	for (size_t j = 0; j < MDG_LEN(kinds); j++) {
		/* 問い合わせ may be what it is about, and the text below */
		size_t first = n;
		for (size_t i = 0; i < n; i++) {
			const struct mdg_field *f = form_field(k, i);
			if (!form_is_for(k, i, kinds[j], declared))
				continue;
			if (declared || mdg_str_ends(f->label, "内容") ||
			    mdg_str_ends(f->label, "本文"))
				return i;
			first = first == n ? i : first;
		}
		if (first < n)
			return first;
	}
	return n;
}

/* A line that form programs put below everything. */
static bool
is_footer(const char *s, size_t n)
{
	static const char *const begins[] = {"このメールは",
					     "本メールは",
					     "このeメールは",
					     "※このメール",
					     "※本メール",
					     "この電子メールは",
					     "このメッセージは",
					     "this e-mail was sent",
					     "this email was sent",
					     "this message was sent",
					     "sent from (ip",
					     "送信者のip",
					     "--- このメール",
					     "date/time:",
					     "(c)",
					     "©",
					     "copyright",
					     NULL};
	/* what the program knows of who filled it in */
	static const char *const facts[] = {"送信日時",
					    "送信時刻",
					    "受付日時",
					    "投稿日時",
					    "送信元ip",
					    "送信元ホスト",
					    "ipアドレス",
					    "ip address",
					    "リモートホスト",
					    "remote host",
					    "remote_host",
					    "ホスト名",
					    "ユーザーエージェント",
					    "user agent",
					    "user-agent",
					    "送信元url",
					    "送信ページ",
					    "リファラ",
					    "referer",
					    NULL};
	struct mdg_line l;

	mdg_line_fold(&l, s, n);
	if (mdg_line_starts_any(l.s, begins))
		return true;
	size_t w = mdg_line_starts_any(l.s, facts);
	return w > 0 && l.s[w + strspn(l.s + w, " ")] == ':';
}

bool
form_is_rule(const char *s, size_t n)
{
	static const uint32_t drawn[] = {U'-', U'=',  U'_',  U'*',  U'~', U'─',
					 U'━', U'－', U'＝', U'―',  U'—', U'■',
					 U'◆', U'＊', U'…',  U'ー', U'+', U'#',
					 U'□', U'◇',  U'－', U'‥',  U'･', 0};
	size_t seen = 0;
	uint32_t c;

	for (size_t i = 0; i < n;) {
		i += mdg_utf8_next(s + i, n - i, &c);
		if (form_is_space(c))
			continue;
		size_t d = 0;
		while (drawn[d] && drawn[d] != c)
			d++;
		if (!drawn[d])
			return false;
		seen++;
	}
	return seen >= 2;
}

/* "お問い合わせ内容 -": the sign between a label and its text. */
static bool
is_lone_dash(const char *s, size_t n)
{
	struct mdg_line l;

	if (n > 8)
		return false;
	mdg_line_fold(&l, s, n);
	return mdg_streq(l.s, "-") || mdg_streq(l.s, ">");
}

/* "【必須】" behind a label whose text stands below. */
static bool
is_lone_note(const char *s, size_t n)
{
	static const char *const marks[] = {"【", "】", "※", NULL};
	static const char *const notes[] = {"必須", "任意", "required",
					    "optional", NULL};
	struct mdg_line l;
	size_t w;

	if (n > 40)
		return false;
	mdg_line_fold(&l, s, n);
	mdg_line_strip(&l, "()[]* ");
	const char *p = l.s;
	while ((w = mdg_line_starts_any(p, marks)))
		p += w;
	w = mdg_line_starts_any(p, notes);
	p += w;
	return w && (!*p || mdg_streq(p, "】"));
}

/* The field whose label begins the line [from, to); fields_n if none. */
static size_t
field_in(const struct form_pick *k, size_t from, size_t to)
{
	size_t i = 0;

	while (i < k->m->fields_n && (form_field(k, i)->at < from ||
				      form_field(k, i)->kind == MDG_FIELD_NONE))
		i++;
	return i < k->m->fields_n && form_field(k, i)->at < to ? i
							       : k->m->fields_n;
}

/* May this label below the content be one of the form's own? */
static bool
ends_content(const struct form_pick *k, size_t i)
{
	enum mdg_field_kind kind = form_kind_at(k, i);
	enum mdg_field_style style = form_field(k, i)->style;
	enum mdg_field_style ours = form_field(k, k->content)->style;

	if (kind == MDG_FIELD_NONE || kind == MDG_FIELD_CONTENT ||
	    kind == MDG_FIELD_REMARK || style == MDG_FIELD_INLINE)
		return false;
	bool loose = style == MDG_FIELD_BARE || style == MDG_FIELD_GAP;
	if (style != ours && (loose || kind != MDG_FIELD_OTHER))
		return false;
	/* a form asks once, so the second time it is the customer */
	for (size_t n = 0; n < k->content; n++)
		if (form_kind_at(k, n) == kind && kind != MDG_FIELD_OTHER)
			return false;
	return true;
}

/* What stands below the customer's text, read from the end upwards. */
struct below {
	size_t end;   /* the text ends here */
	size_t plain; /* lines since then that are nothing we know */
	bool footer;
};

/* False: the customer speaks here. */
static bool
read_below(const struct form_pick *k, size_t from, size_t to, struct below *b)
{
	enum { FOOTER_LINES = 12, WRAPPED_LINES = 2 };
	const char *s = k->m->text + from;
	size_t n = to - from, i = field_in(k, from, to);

	if (mdg_line_is_blank(s, n))
		return true;
	if (i < k->m->fields_n && ends_content(k, i)) {
		bool empty =
			form_field(k, i)->value >= to ||
			mdg_line_is_blank(k->m->text + form_field(k, i)->value,
					  to - form_field(k, i)->value);
		if (b->plain > (empty ? WRAPPED_LINES : 0))
			return false;
	} else if (form_is_rule(s, n)) {
		if (b->plain > 0 && !b->footer)
			return b->plain <= FOOTER_LINES;
	} else {
		bool footer = is_footer(s, n);
		b->footer = b->footer || footer;
		if (!footer || b->plain > 0)
			return ++b->plain <= FOOTER_LINES;
	}
	*b = (struct below){.end = from};
	return true;
}

static size_t
content_end(const struct form_pick *k, size_t from)
{
	size_t first = form_line_end(k, from), to = k->len;
	struct below b = {.end = k->len};

	while (to > first) {
		const char *nl = memrchr(k->m->text + first, '\n', to - first);
		if (!nl)
			break;
		size_t at = (size_t)(nl - k->m->text) + 1;
		if (!read_below(k, at, to, &b))
			break;
		to = at - 1;
	}
	return b.end;
}

/* Blanks that all lines of it begin with, as the form has set them in; the
 * first one counts only where it is a line of its own. */
static size_t
shared_indent(const char *s, bool first)
{
	size_t shared = SIZE_MAX;

	for (; *s; s += *s == '\n') {
		size_t n = strcspn(s, "\n"), in = strspn(s, " \t");
		if (first && in < n)
			shared = in < shared ? in : shared;
		first = true;
		s += n;
	}
	return shared == SIZE_MAX ? 0 : shared;
}

static void
outdent(char *s, bool first)
{
	size_t n = shared_indent(s, first);
	char *to = s;

	for (const char *p = s; n && *p;) {
		size_t in = strspn(p, " \t");
		bool blank = p[in] == '\n' || !p[in];
		if (first)
			p += blank || in < n ? in : n;
		first = true;
		while (*p && *p != '\n')
			*to++ = *p++;
		if (*p)
			*to++ = *p++;
	}
	if (n)
		*to = '\0';
}

/* Blank lines and drawn lines around it are not what the customer wrote. */
const char *
form_content_of(const struct form_pick *k)
{
	const char *s = k->m->text;
	size_t from = form_field(k, k->content)->value,
	       end = content_end(k, from);

	while (from < end) {
		size_t to = form_line_end(k, from);
		to = to < end ? to : end;
		if (!mdg_line_is_blank(s + from, to - from) &&
		    !form_is_rule(s + from, to - from) &&
		    !is_lone_dash(s + from, to - from) &&
		    !is_lone_note(s + from, to - from))
			break;
		from = to < end ? to + 1 : end;
	}
	while (end > from) {
		const char *nl = memrchr(s + from, '\n', end - from);
		size_t at = nl ? (size_t)(nl - s) + 1 : from;
		if (!mdg_line_is_blank(s + at, end - at) &&
		    !form_is_rule(s + at, end - at))
			break;
		end = nl ? at - 1 : from;
	}
	if (end > from && !memchr(s + from, '\n', end - from) &&
	    s[end - 1] == '|') /* the frame of a table */
		end--;
	while (end > from && s[end - 1] == ' ')
		end--;
	char *text = mdg_arena_strndup(k->a, s + from, end - from);
	outdent(text, from == 0 || s[from - 1] == '\n');
	return form_unquote(text);
}
