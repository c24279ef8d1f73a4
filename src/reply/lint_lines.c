/* A draft cut into lines, and what each line is. */
#include "lint_text.h"

#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

static size_t
count_lines(const char *s, size_t n)
{
	size_t lines = 1;

	for (size_t i = 0; i < n; i++)
		lines += s[i] == '\n';
	return lines;
}

static void
cut_lines(struct draft *d, struct mdg_arena *a)
{
	size_t at = 0, i = 0;

	d->lines = mdg_arena_array(a, count_lines(d->text, d->n),
				   sizeof(*d->lines));
	while (i < d->n) {
		const char *s = d->text + i;
		const char *lf = memchr(s, '\n', d->n - i);
		size_t n = lf ? (size_t)(lf - s) : d->n - i;
		struct line *l = &d->lines[d->lines_n++];
		*l = (struct line){.s = s, .n = n, .at = at};
		l->chars = mdg_utf8_len(s, n);
		at += l->chars + 1;
		i += n + 1;
		if (l->n > 0 && s[l->n - 1] == '\r') {
			l->n--;
			l->chars--;
		}
	}
	d->chars = mdg_utf8_len(d->text, d->n);
}

bool
text_starts(const char *s, size_t n, const char *with)
{
	size_t len = strlen(with);

	return n >= len && memcmp(s, with, len) == 0;
}

bool
text_ends(const char *s, size_t n, const char *with)
{
	size_t len = strlen(with);

	return n >= len && memcmp(s + n - len, with, len) == 0;
}

static bool
has(const char *s, size_t n, const char *what)
{
	return memmem(s, n, what, strlen(what)) != NULL;
}

void
text_trim(const char **s, size_t *n)
{
	while (*n > 0) {
		if (**s == ' ' || **s == '\t') {
			++*s;
			--*n;
		} else if (text_starts(*s, *n, "　")) {
			*s += 3;
			*n -= 3;
		} else {
			break;
		}
	}
	while (*n > 0) {
		if ((*s)[*n - 1] == ' ' || (*s)[*n - 1] == '\t')
			--*n;
		else if (text_ends(*s, *n, "　"))
			*n -= 3;
		else
			break;
	}
}

/* A line of signs only: "----", "━━━", "＊＊＊"; or "-- ". */
static bool
is_rule(const char *s, size_t n)
{
	size_t signs = 0;

	if (n == 2 && memcmp(s, "--", 2) == 0)
		return true;
	for (size_t i = 0; i < n;) {
		uint32_t c;
		i += mdg_utf8_next(s + i, n - i, &c);
		bool sign = (c < 0x80 && strchr("-=_*+~#/:.", (int)c) && c) ||
			    (c >= 0x2010 && c <= 0x2015) || c == 0x2212 ||
			    (c >= 0x2500 && c <= 0x257F) || c == 0x30FC ||
			    c == 0xFF0D || c == 0xFF1D || c == 0xFF0A ||
			    c == 0x203B || c == 0x301C || c == 0xFF5E ||
			    c == 0xFF3F || c == 0x25C6 || c == 0x25C7 ||
			    c == 0x25A0 || c == 0x25A1 || c == 0x2605 ||
			    c == 0x2606 || c == 0x30FB;
		if (sign)
			signs++;
		else if (c != ' ' && c != 0x3000)
			return false;
	}
	return signs >= 4;
}

static bool
is_list_item(const char *s, size_t n)
{
	static const char *const marks[] = {"・", "●", "○", "◎",  "◆", "◇",
					    "■",  "□", "▼", "▽",  "★", "☆",
					    "※",  "→", "⇒", "＊", "•", "－"};
	uint32_t c;
	size_t i = 0;

	if (n == 0)
		return false;
	for (size_t k = 0; k < MDG_LEN(marks); k++)
		if (text_starts(s, n, marks[k]))
			return !text_starts(s, n, "○○") &&
			       !text_starts(s, n, "●●");
	if ((*s == '-' || *s == '*') && n > 1 && s[1] == ' ')
		return true;
	size_t len = mdg_utf8_next(s, n, &c);
	if (c >= 0x2460 && c <= 0x24FF) /* ①, ⑴ */
		return true;
	if (c == '(' || c == 0xFF08)
		i = len;
	size_t digits = 0;
	while (i < n) {
		len = mdg_utf8_next(s + i, n - i, &c);
		if (!(c >= '0' && c <= '9') && !(c >= 0xFF10 && c <= 0xFF19))
			break;
		digits++;
		i += len;
	}
	if (digits == 0 || digits > 2)
		return text_starts(s, n, "手順") && n > 6 && n < 24;
	return c == '.' || c == ')' || c == 0xFF0E || c == 0xFF09 ||
	       c == 0x3001;
}

/* "注文番号：123", a line of a form: no sentence. */
static bool
is_field(const char *s, size_t n)
{
	const char *colon = memmem(s, n, "：", 3);

	if (!colon)
		colon = memchr(s, ':', n);
	if (!colon || has(s, n, "。") || has(s, n, "、") || has(s, n, "://"))
		return false;
	return mdg_utf8_len(s, (size_t)(colon - s)) <= 14;
}

static bool
is_heading(const char *s, size_t n)
{
	return (text_starts(s, n, "【") && text_ends(s, n, "】")) ||
	       (text_starts(s, n, "＜") && text_ends(s, n, "＞")) ||
	       (text_starts(s, n, "《") && text_ends(s, n, "》")) ||
	       (text_starts(s, n, "〔") && text_ends(s, n, "〕"));
}

static bool
is_quote(const char *s, size_t n)
{
	return text_starts(s, n, ">") || text_starts(s, n, "＞") ||
	       text_starts(s, n, "| ");
}

/* The line above a quoted mail that is not marked line by line. */
static bool
is_quote_head(const char *s, size_t n)
{
	static const char *const heads[] = {
		"Original Message", "元のメッセージ",       "Forwarded message",
		"転送メッセージ",   "オリジナルメッセージ", "Original message",
	};

	for (size_t i = 0; i < MDG_LEN(heads); i++)
		if (n < 80 && (*s == '-' || text_starts(s, n, "＿")) &&
		    has(s, n, heads[i]))
			return true;
	if (text_starts(s, n, "差出人:") || text_starts(s, n, "差出人：") ||
	    text_starts(s, n, "From: "))
		return true;
	/* 2026年11月20日(金) 10:12 佐藤 <a@example.jp>: */
	return n < 200 && (text_ends(s, n, ">:") || text_ends(s, n, "wrote:") ||
			   text_ends(s, n, "のメッセージ:") ||
			   text_ends(s, n, "のメール:"));
}

/* Does the rest, from line i, look like a signature and not like text? */
static bool
looks_signed(const struct draft *d, size_t i)
{
	size_t lines = 0, sentences = 0;

	for (; i < d->lines_n; i++) {
		const struct line *l = &d->lines[i];
		if (l->kind == LINE_QUOTE)
			break;
		if (l->kind == LINE_BLANK)
			continue;
		if (++lines > 16)
			return false;
		if (has(l->s, l->n, "。") || has(l->s, l->n, "ください"))
			sentences++;
	}
	return lines <= 16 && sentences <= 2;
}

static bool
is_contact(const char *s, size_t n)
{
	static const char *const marks[] = {
		"TEL",        "Tel",      "ＴＥＬ", "FAX",      "電話：",
		"電話:",      "〒",       "E-mail", "Email",    "Mail:",
		"MAIL",       "URL",      "http",   "受付時間", "営業時間",
		"電話番号：", "Ｅメール", "TEL：",
	};

	if (has(s, n, "。"))
		return false;
	for (size_t i = 0; i < MDG_LEN(marks); i++)
		if (has(s, n, marks[i]))
			return true;
	return false;
}

static void
mark_rest(struct draft *d, size_t i, enum line_kind kind)
{
	for (; i < d->lines_n; i++)
		if (d->lines[i].kind != LINE_BLANK &&
		    d->lines[i].kind != LINE_QUOTE)
			d->lines[i].kind = kind;
}

static void
classify_lines(struct draft *d)
{
	for (size_t i = 0; i < d->lines_n; i++) {
		struct line *l = &d->lines[i];
		const char *s = l->s;
		size_t n = l->n;
		text_trim(&s, &n);
		if (n == 0)
			l->kind = LINE_BLANK;
		else if (is_quote(s, n))
			l->kind = LINE_QUOTE;
		else if (is_heading(s, n))
			l->kind = LINE_HEADING;
		else if (is_list_item(s, n) || is_field(s, n))
			l->kind = LINE_LIST;
		else
			l->kind = LINE_BODY;
	}
	for (size_t i = 1; i < d->lines_n; i++) {
		const char *s = d->lines[i].s;
		size_t n = d->lines[i].n;
		text_trim(&s, &n);
		if (n > 0 && is_quote_head(s, n)) {
			mark_rest(d, i, LINE_QUOTE);
			break;
		}
	}
}

/* The signature: below a rule, or a last block with a phone number or URL. */
static void
find_signature(struct draft *d)
{
	for (size_t i = 2; i < d->lines_n; i++) {
		const char *s = d->lines[i].s;
		size_t n = d->lines[i].n;
		text_trim(&s, &n);
		if (d->lines[i].kind == LINE_QUOTE || n == 0 ||
		    !is_rule(s, n) || !looks_signed(d, i + 1))
			continue;
		mark_rest(d, i, LINE_SIGNATURE);
		d->has_signature = true;
		return;
	}
	size_t block = 0;
	for (size_t i = 1; i < d->lines_n; i++)
		if (d->lines[i].kind == LINE_QUOTE)
			break;
		else if (d->lines[i].kind != LINE_BLANK &&
			 d->lines[i - 1].kind == LINE_BLANK)
			block = i;
	if (block < 3 || !looks_signed(d, block))
		return;
	for (size_t i = block; i < d->lines_n; i++)
		if (d->lines[i].kind != LINE_QUOTE &&
		    is_contact(d->lines[i].s, d->lines[i].n)) {
			mark_rest(d, block, LINE_SIGNATURE);
			d->has_signature = true;
			return;
		}
}

static bool
is_addressee(const char *s, size_t n)
{
	static const char *const titles[] = {"様",   "御中", "殿",   "さま",
					     "各位", "さん", "先生", "サマ"};

	if (has(s, n, "。") || has(s, n, "、") || has(s, n, "です") ||
	    mdg_utf8_len(s, n) > 40)
		return false;
	for (size_t i = 0; i < MDG_LEN(titles); i++)
		if (text_ends(s, n, titles[i]))
			return !text_ends(s, n, "お疲れ様") &&
			       !text_ends(s, n, "お世話様") &&
			       !text_ends(s, n, "ご苦労様");
	return false;
}

/* A line above the name: company, department. */
static bool
is_affiliation(const char *s, size_t n)
{
	return !has(s, n, "。") && !has(s, n, "、") && !has(s, n, "です") &&
	       !has(s, n, "ます") && mdg_utf8_len(s, n) <= 30;
}

static void
find_addressee(struct draft *d)
{
	size_t first = 0, seen = 0;

	while (first < d->lines_n && d->lines[first].kind == LINE_BLANK)
		first++;
	for (size_t i = first; i < d->lines_n && seen < 4; i++, seen++) {
		const char *s = d->lines[i].s;
		size_t n = d->lines[i].n;
		text_trim(&s, &n);
		if (n == 0 || d->lines[i].kind == LINE_QUOTE)
			break;
		if (is_addressee(s, n)) {
			for (size_t k = first; k <= i; k++)
				d->lines[k].kind = LINE_ADDRESSEE;
			d->addressee_n = i - first + 1;
			/* 株式会社青葉商会 御中 / 田中 様 */
			continue;
		}
		if (!is_affiliation(s, n))
			break;
	}
}

void
draft_read_lines(struct draft *d, struct mdg_arena *arena)
{
	cut_lines(d, arena);
	classify_lines(d);
	find_signature(d);
	find_addressee(d);
}
