#include "madoguchi/mail/forward.h"

#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "quote_priv.h"

/* Lines of a head around its From; blank ones between them, at most. */
enum { HEAD_LINES = 8, HEAD_BLANKS = 4, VALUE_BYTES = 1000 };

bool
mdg_forward_subject(const char *subject)
{
	static const char *const words[] = {
		"fw",   "fwd",  "転送",    "転",        "wg",
		"tr",   "rv",   "enc",     "doorst",    "转发",
		"轉寄", "전달", "forward", "forwarded", NULL};
	struct mdg_line l;
	const char *p;

	mdg_line_fold(&l, subject, strlen(subject));
	p = l.s;
	while (*p == '[' || *p == '(') { /* "[Fwd: …]" is one, "[ml 1]" none */
		const char *close = strpbrk(p, "])");
		size_t inner = mdg_line_starts_any(p + 1, words);
		if (inner && p[1 + inner] == ':')
			return true;
		if (!close)
			return false;
		p = close + 1 + strspn(close + 1, " ");
	}
	for (const char *const *w = words; *w; w++) {
		size_t n = strlen(*w);
		if (strncmp(p, *w, n) != 0)
			continue;
		n += strspn(p + n, " ^*0123456789[]()");
		if (p[n] == ':')
			return true;
	}
	return mdg_str_starts(p, "【転送】") || mdg_str_starts(p, "<転送>");
}

/* A line without the signs that quote it. */
static struct mdg_span
bare_line(const char *s, size_t n)
{
	static const char *const wide[] = {"＞", "》", "｜", "│", "　"};

	for (bool again = true; again && n > 0;) {
		again = strchr("> |\t", *s) != NULL;
		size_t w = again;
		for (size_t i = 0; i < MDG_LEN(wide); i++)
			if (n >= 3 && memcmp(s, wide[i], 3) == 0) {
				again = true;
				w = 3;
			}
		s += w;
		n -= w;
	}
	return mdg_span(s, n);
}

/* "---------- Forwarded message ---------", "転送されたメッセージ:" */
static bool
says_forwarded(const struct mdg_line *l)
{
	static const char *const words[] = {
		"forwarded", "転送", "weitergeleitet", "transféré", "reenviado",
		"inoltrato", "轉寄", "转发",           "전달",      NULL};
	static const char *const whole[] = {"begin forwarded message:",
					    "転送されたメッセージ:",
					    "転送メッセージ:",
					    "以下は転送されたメッセージです:",
					    "以下、転送です。",
					    "以下転送",
					    "以下、転送",
					    "【転送】",
					    "forwarded by ",
					    "*** forwarded ",
					    NULL};

	if (l->n == 0 || l->n > 200)
		return false;
	if (mdg_line_starts_any(l->s, whole))
		return true;
	bool drawn = strchr("-=_~+#<[", l->s[0]) || mdg_str_starts(l->s, "─") ||
		     mdg_str_starts(l->s, "━") || mdg_str_starts(l->s, "―") ||
		     mdg_str_starts(l->s, "－");
	return drawn && mdg_line_holds(l, words);
}

struct reader {
	struct mdg_arena *a;
	struct mdg_addresses *out;
	bool forwarded; /* the mail, or a line of it, says so */
	/* the head being read */
	char from[VALUE_BYTES + 1];
	bool wanted; /* the value is on the next line */
	size_t labels, lines, blanks;
};

static void
add_sender(struct reader *r, const char *value)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_addresses l = {0};

	/* Outlook: 山田 [mailto:taro@…]; HTML: a@… <mailto:a@…> */
	for (const char *p = value; *p;) {
		bool link = mdg_str_case_starts(p + 1, "mailto:") &&
			    (*p == '[' || *p == '<');
		if (link && !strchr(mdg_buf_str(&b), '@')) {
			p += strlen("[mailto:");
			size_t n = strcspn(p, "]>");
			mdg_buf_puts(&b, "<");
			mdg_buf_put(&b, p, n);
			mdg_buf_puts(&b, ">");
			p += n + (p[n] != '\0');
		} else if (link) {
			p += strcspn(p, "]>");
			p += *p != '\0';
		} else {
			mdg_buf_putc(&b, *p++);
		}
	}
	mdg_addr_parse(mdg_buf_span(&b), r->a, &l, NULL);
	for (size_t i = 0; i < l.n && r->out->n < MDG_FORWARDED_MAX; i++)
		if (mdg_addr_valid(l.v[i].address)) {
			mdg_addresses_add(r->out, r->a, l.v[i].name,
					  l.v[i].address, l.v[i].key);
			break;
		}
}

/* A head has a sender and something else: a date, a subject, an addressee. */
static void
end_head(struct reader *r)
{
	if (r->forwarded && r->labels >= 2 && *r->from)
		add_sender(r, r->from);
	r->from[0] = '\0';
	r->labels = r->lines = r->blanks = 0;
	r->wanted = false;
}

static void
keep_from(struct reader *r, struct mdg_span v)
{
	while (v.n > 0 && (*v.p == ' ' || *v.p == '\t' || *v.p == '*')) {
		v.p++;
		v.n--;
	}
	size_t n = mdg_utf8_cut((const char *)v.p, v.n, VALUE_BYTES);
	memcpy(r->from, v.p, n);
	r->from[n] = '\0';
	r->wanted = n == 0;
}

/* What is behind the first colon of either width. */
static struct mdg_span
behind_colon(struct mdg_span line)
{
	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] == ':')
			return mdg_span(line.p + i + 1, line.n - i - 1);
		if (line.n - i >= 3 && memcmp(line.p + i, "：", 3) == 0)
			return mdg_span(line.p + i + 3, line.n - i - 3);
	}
	return mdg_span(line.p, 0);
}

static void
read_line(struct reader *r, const char *s, size_t n)
{
	struct mdg_span line = bare_line(s, n);
	const char *value;
	struct mdg_line l;
	bool is_from;

	if (mdg_line_is_blank((const char *)line.p, line.n)) {
		r->blanks++;
		if (r->blanks > HEAD_BLANKS)
			end_head(r);
		return;
	}
	mdg_line_fold(&l, (const char *)line.p, line.n);
	r->forwarded = r->forwarded || says_forwarded(&l);
	if (mdg_q_label(&l, &is_from, &value)) {
		if (is_from && *r->from)
			end_head(r); /* the next one */
		r->labels++;
		r->lines = 0;
		if (is_from)
			keep_from(r, behind_colon(line));
		else
			r->wanted = false;
	} else if (r->wanted) {
		keep_from(r, line);
	} else if (r->labels && ++r->lines > HEAD_LINES) {
		end_head(r);
	} else if (r->labels >= 2 && r->blanks) {
		end_head(r); /* the text below */
	}
	r->blanks = 0;
}

/* May a line say so? Most mails have none of these words. */
static bool
may_say_forwarded(const char *text)
{
	static const char *const words[] = {
		"転送", "weitergeleitet", "transféré", "reenviado",
		"inoltrato", "轉寄", "转发", "전달", "ｆｏｒｗａｒｄ",
		"Ｆｏｒｗａｒｄ", "orward", "ORWARD", NULL};

	for (const char *const *w = words; *w; w++)
		if (strstr(text, *w))
			return true;
	return false;
}

void
mdg_forward_read(const char *text, bool by_subject, struct mdg_arena *a,
		 struct mdg_addresses *out)
{
	struct reader r = {.a = a, .out = out, .forwarded = by_subject};
	size_t len = strnlen(text, MDG_FIELDS_TEXT_BYTES_MAX);

	if (!by_subject && !may_say_forwarded(text))
		return;
	for (size_t at = 0; at < len && out->n < MDG_FORWARDED_MAX;) {
		const char *nl = memchr(text + at, '\n', len - at);
		if (!nl && text[len])
			break;
		size_t n = nl ? (size_t)(nl - text) - at : len - at;
		read_line(&r, text + at, n);
		at += n + 1;
	}
	if (out->n < MDG_FORWARDED_MAX)
		end_head(&r);
}
