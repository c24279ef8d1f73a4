/* Parameters, RFC 2045 §5.1 and RFC 2231, reading. */
#include "madoguchi/mail/param.h"

#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/charset.h"
#include "token.h"

enum { NAME_MAX_BYTES = 64 };

/* One "name*0*=value" as it stands. */
struct segment {
	char name[NAME_MAX_BYTES + 1]; /* lower case, without marks */
	long index;                    /* -1: not a continuation */
	bool extended;                 /* percent-encoded */
	bool used;
	size_t order;
	const char *value; /* quotes taken off */
};

struct reader {
	struct mdg_span t;
	size_t at;
	struct mdg_arena *a;
};

static bool
more(const struct reader *r)
{
	return r->at < r->t.n;
}

static unsigned char
here(const struct reader *r)
{
	return r->t.p[r->at];
}

static void
skip_blank(struct reader *r)
{
	while (more(r) && mdg_is_wsp(here(r)))
		r->at++;
}

/* A comment may hold comments; one without end is no comment. */
static bool
skip_comment(struct reader *r)
{
	struct mdg_span near = mdg_span_near(r->t, r->at);
	size_t depth = 0;

	for (size_t i = r->at; i < near.n; i++) {
		unsigned char c = r->t.p[i];
		if (c == '\\')
			i++;
		else if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0) {
			r->at = i + 1;
			return true;
		}
	}
	return false;
}

/* Does a "; name=" begin at i? What else follows a ';' belongs to a value. */
static bool
is_next_param(struct mdg_span t, size_t i)
{
	size_t n = 0;

	t = mdg_span_near(t, i);
	for (i++; i < t.n && (mdg_is_wsp(t.p[i]) || t.p[i] == ';'); i++)
		;
	if (i == t.n)
		return true;
	for (; i < t.n && t.p[i] > 0x20 && t.p[i] < 0x7F &&
	       !strchr("=;\"()<>@,/?", t.p[i]);
	     i++)
		n++;
	for (; i < t.n && mdg_is_wsp(t.p[i]); i++)
		;
	return n && n <= NAME_MAX_BYTES && i < t.n && t.p[i] == '=';
}

/* The end of a quoted string that begins at r->at; 0 if it has none. */
static size_t
quote_end(const struct reader *r)
{
	for (size_t i = r->at + 1; i < r->t.n; i++) {
		if (r->t.p[i] == '\\' && i + 1 < r->t.n &&
		    (r->t.p[i + 1] == '"' || r->t.p[i + 1] == '\\'))
			i++;
		else if (r->t.p[i] == '"')
			return i;
	}
	return 0;
}

/* Backslashes of Windows paths stay: only \" and \\ are escapes. */
static const char *
unquote(struct mdg_arena *a, const unsigned char *p, size_t n)
{
	char *s = mdg_arena_alloc(a, n + 1), *to = s;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\\' && i + 1 < n &&
		    (p[i + 1] == '"' || p[i + 1] == '\\'))
			i++;
		*to++ = (char)p[i];
	}
	return s;
}

static const char *
read_quoted(struct reader *r)
{
	size_t end = quote_end(r), from = r->at + 1;
	const char *value;

	if (!end) { /* no closing quote: up to the next parameter */
		for (end = from; end < r->t.n; end++)
			if (r->t.p[end] == ';' && is_next_param(r->t, end))
				break;
		r->at = end;
		struct mdg_span s =
			mdg_span_trim(mdg_span(r->t.p + from, end - from));
		return unquote(r->a, s.p, s.n);
	}
	value = unquote(r->a, r->t.p + from, end - from);
	r->at = end + 1;
	return value;
}

static const char *
read_bare(struct reader *r, bool is_filename)
{
	size_t from = r->at, end = r->at;
	struct mdg_word w;

	while (end < r->t.n) {
		size_t len =
			r->t.p[end] == '='
				? mdg_word_match(mdg_span_from(r->t, end), &w)
				: 0;
		if (r->t.p[end] == ';' && is_next_param(r->t, end))
			break;
		if (!is_filename && mdg_is_wsp(r->t.p[end]) &&
		    is_next_param(r->t, end))
			break; /* the semicolon was forgotten */
		if (!is_filename &&
		    (r->t.p[end] == ';' || (r->t.p[end] == '(' && end > from)))
			break;
		end += len ? len : 1;
	}
	r->at = end;
	struct mdg_span s = mdg_span_trim(mdg_span(r->t.p + from, end - from));
	while (s.n && s.p[s.n - 1] == ';')
		s = mdg_span_trim(mdg_span(s.p, s.n - 1));
	return mdg_arena_strndup(r->a, (const char *)s.p, s.n);
}

/* "name", "name*", "name*1", "name*1*" */
static bool
parse_name(struct mdg_span n, struct segment *s)
{
	size_t i = 0;

	*s = (struct segment){.index = -1};
	for (; i < n.n && i < NAME_MAX_BYTES && n.p[i] != '*' &&
	       n.p[i] > 0x20 && n.p[i] < 0x7F;
	     i++)
		s->name[i] = (char)mdg_ascii_lower(n.p[i]);
	if (i == 0 || (i < n.n && n.p[i] != '*'))
		return false;
	if (i < n.n)
		i++;
	else
		return true;
	if (i == n.n) {
		s->extended = true;
		return true;
	}
	s->index = 0;
	for (; i < n.n && n.p[i] >= '0' && n.p[i] <= '9'; i++)
		if (s->index < 100000)
			s->index = s->index * 10 + (n.p[i] - '0');
	s->extended = i < n.n && n.p[i] == '*';
	return true;
}

/* The next "name=value"; false at the end. */
static bool
read_segment(struct reader *r, struct segment *s)
{
	for (;;) {
		while (more(r) && (mdg_is_wsp(here(r)) || here(r) == ';'))
			r->at++;
		if (!more(r))
			return false;
		if (here(r) == '(' && skip_comment(r))
			continue;
		size_t from = r->at;
		while (more(r) && here(r) != '=' && here(r) != ';')
			r->at++;
		if (!more(r) || here(r) == ';')
			continue; /* a word without a value */
		struct mdg_span name =
			mdg_span_trim(mdg_span(r->t.p + from, r->at - from));
		r->at++;
		skip_blank(r);
		if (more(r) && here(r) == '(' && skip_comment(r))
			skip_blank(r);
		bool ok = parse_name(name, s);
		bool file = mdg_streq(s->name, "name") ||
			    mdg_streq(s->name, "filename");
		s->value = more(r) && here(r) == '"' ? read_quoted(r)
						     : read_bare(r, file);
		if (ok)
			return true;
	}
}

static bool
has_high_percent(const char *v)
{
	for (; (v = strchr(v, '%')); v++)
		if (mdg_hex_value((unsigned char)v[1]) >= 8 &&
		    mdg_hex_value((unsigned char)v[2]) >= 0)
			return true;
	return false;
}

static void
put_percent(const char *v, struct mdg_buf *out)
{
	for (; *v; v++) {
		int hi = -1, lo = -1;
		if (*v == '%') {
			hi = mdg_hex_value((unsigned char)v[1]);
			lo = hi < 0 ? -1 : mdg_hex_value((unsigned char)v[2]);
		}
		if (lo >= 0) {
			mdg_buf_putc(out, (char)(hi << 4 | lo));
			v += 2;
		} else {
			mdg_buf_putc(out, *v);
		}
	}
}

static const char *
line_of(struct mdg_arena *a, const struct mdg_buf *b)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};

	mdg_line_clean(mdg_buf_span(b), &line);
	return mdg_arena_strndup(a, mdg_buf_str(&line), line.len);
}

/* A value not in RFC 2231 form: encoded words, or a bare URL-encoded name. */
static const char *
decode_plain(struct mdg_arena *a, const char *v, unsigned *flags)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};

	if (strstr(v, "=?")) {
		mdg_words_decode_text(mdg_span_str(v), &out, flags);
		return line_of(a, &out);
	}
	if (has_high_percent(v)) {
		put_percent(v, &out);
		if (mdg_utf8_valid(mdg_buf_str(&out), out.len))
			return line_of(a, &out);
		mdg_buf_reset(&out);
	}
	mdg_buf_puts(&out, v);
	return line_of(a, &out);
}

/* The head charset'language' of an extended value: what follows it. */
static const char *
split_charset(const char *v, char *charset)
{
	const char *one = strchr(v, '\'');
	const char *two = one ? strchr(one + 1, '\'') : NULL;

	charset[0] = '\0';
	if (!two || one - v > NAME_MAX_BYTES)
		return v;
	for (const char *p = v; p < one; p++)
		if ((unsigned char)*p <= ' ' || *p == '%' ||
		    (unsigned char)*p >= 0x7F)
			return v;
	memcpy(charset, v, (size_t)(one - v));
	charset[one - v] = '\0';
	return two + 1;
}

static int
by_index(const void *x, const void *y)
{
	const struct segment *a = *(struct segment *const *)x;
	const struct segment *b = *(struct segment *const *)y;

	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

/*
 * All segments are joined before the percent signs are read, so that a cut
 * may stand inside "%E3" or inside an escape sequence; a literal '%' of a
 * segment that is not extended is kept by encoding it.
 */
static const char *
join(struct mdg_arena *a, struct segment **seg, size_t n, unsigned *flags)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf bytes = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	char charset[NAME_MAX_BYTES + 1] = "", again[NAME_MAX_BYTES + 1];
	struct mdg_charset_used used;
	bool extended = false, labelled = false;

	for (size_t i = 0; i < n; i++) {
		const char *v = seg[i]->value;
		if (i && seg[i]->index == seg[i - 1]->index)
			continue; /* said twice: the first one holds */
		if (seg[i]->extended && !extended) {
			extended = true;
			v = split_charset(v, charset);
			labelled = v != seg[i]->value;
		} else if (seg[i]->extended) {
			const char *rest = split_charset(v, again);
			v = mdg_strcaseeq(again, charset) ? rest : v;
		}
		bool coded =
			seg[i]->extended || (extended && has_high_percent(v));
		for (; *v; v++)
			if (*v == '%' && !coded)
				mdg_buf_puts(&raw, "%25");
			else
				mdg_buf_putc(&raw, *v);
	}
	if (!extended) {
		put_percent(mdg_buf_str(&raw), &bytes);
		return decode_plain(a, mdg_buf_str(&bytes), flags);
	}
	put_percent(mdg_buf_str(&raw), &bytes);
	if (!labelled && strstr(mdg_buf_str(&bytes), "=?"))
		mdg_words_decode_text(mdg_buf_span(&bytes), &text, flags);
	else
		mdg_charset_decode(charset[0] ? charset : NULL,
				   mdg_buf_span(&bytes), &text, &used),
			*flags |= used.flags & ~(unsigned)MDG_CHARSET_DETECTED;
	return line_of(a, &text);
}

/* Make parameters of the segments, in order of first appearance. */
static void
gather(struct segment *seg, size_t n, struct mdg_arena *a,
       struct mdg_params *out)
{
	struct segment *run[MDG_PARAMS_MAX];

	out->v = mdg_arena_array(a, n ? n : 1, sizeof(*out->v));
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		bool split = seg[i].index >= 0 || seg[i].extended;
		if (seg[i].used)
			continue;
		if (!split) {
			out->v[out->n++] = (struct mdg_param){
				.name = mdg_arena_strdup(a, seg[i].name),
				.value = decode_plain(a, seg[i].value,
						      &out->flags),
			};
			continue;
		}
		for (size_t j = i; j < n; j++)
			if ((seg[j].index >= 0 || seg[j].extended) &&
			    (seg[j].index >= 0) == (seg[i].index >= 0) &&
			    mdg_streq(seg[j].name, seg[i].name)) {
				seg[j].used = true;
				run[k++] = &seg[j];
			}
		qsort(run, k, sizeof(run[0]), by_index);
		out->v[out->n++] = (struct mdg_param){
			.name = mdg_arena_strdup(a, seg[i].name),
			.value = join(a, run, k, &out->flags),
			.extended = true,
		};
	}
}

/*
 * What stands before the parameters, lower case. None if the field begins with
 * "name="; a blank ends it if a parameter follows without its semicolon.
 */
static const char *
read_value(struct reader *r)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf value = {0};
	size_t end = r->at, from = r->at;

	while (end < r->t.n && r->t.p[end] != ';' && r->t.p[end] != '(') {
		if (mdg_is_wsp(r->t.p[end]) && is_next_param(r->t, end))
			break;
		end++;
	}
	if (memchr(r->t.p + from, '=', end - from))
		return "";
	r->at = end;
	for (size_t i = from; i < end; i++)
		if (!mdg_is_wsp(r->t.p[i]) && r->t.p[i] != '"')
			mdg_buf_putc(&value, (char)mdg_ascii_lower(r->t.p[i]));
	return line_of(r->a, &value);
}

void
mdg_params_parse(struct mdg_span raw, struct mdg_arena *a,
		 struct mdg_params *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct segment seg[MDG_PARAMS_MAX];
	size_t n = 0;

	*out = (struct mdg_params){.value = ""};
	if (raw.n > MDG_HEADER_BYTES_MAX)
		raw.n = MDG_HEADER_BYTES_MAX;
	mdg_field_text(raw, &text, &out->flags);
	struct reader r = {.t = mdg_buf_span(&text), .a = a};
	skip_blank(&r);
	if (!more(&r))
		return;
	if (here(&r) == '(' && skip_comment(&r))
		skip_blank(&r);
	out->value = read_value(&r);
	while (n < MDG_PARAMS_MAX && read_segment(&r, &seg[n])) {
		seg[n].order = n;
		n++;
	}
	gather(seg, n, a, out);
}

static const struct mdg_param *
find(const struct mdg_params *p, const char *name, bool extended)
{
	for (size_t i = 0; p && i < p->n; i++)
		if (p->v[i].extended == extended &&
		    mdg_strcaseeq(p->v[i].name, name))
			return &p->v[i];
	return NULL;
}

const char *
mdg_params_get(const struct mdg_params *p, const char *name)
{
	const struct mdg_param *f = find(p, name, true);

	f = f ? f : find(p, name, false);
	return f ? f->value : NULL;
}

const char *
mdg_filename_pick(const struct mdg_params *disposition,
		  const struct mdg_params *type, struct mdg_arena *a)
{
	const struct mdg_param *tries[] = {
		find(disposition, "filename", true),
		find(disposition, "filename", false),
		find(disposition, "name", true),
		find(disposition, "name", false),
		find(type, "name", true),
		find(type, "name", false),
		find(type, "filename", true),
		find(type, "filename", false),
	};

	for (size_t i = 0; i < MDG_LEN(tries); i++) {
		const char *safe =
			tries[i] ? mdg_filename_safe(a, tries[i]->value) : NULL;
		if (safe)
			return safe;
	}
	return NULL;
}
