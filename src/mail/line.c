#include "line.h"

#include <endian.h>
#include <string.h>

#include "madoguchi/base/str.h"

static bool
is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == 0xA0 || c == 0x3000 ||
	       (c >= 0x2000 && c <= 0x200A) || c == 0x202F;
}

static bool
is_invisible(uint32_t c)
{
	return (c >= 0x200B && c <= 0x200F) || c == 0xFEFF || c == 0x2060 ||
	       c == 0xAD || (c >= 0xFE00 && c <= 0xFE0F);
}

size_t
mdg_line_encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* Kana and kanji of three bytes, but for the wide space: U+3001 to U+9FFF. */
static inline bool
is_japanese(uint32_t v)
{
	return (v & 0xC0C0F0) == 0x8080E0 && (v & 0xF) - 3 <= 6 &&
	       (v & 0xFFFFFF) != 0x8080E3;
}

/* Most characters stay as they are but for their case: printable ASCII, kana
 * and kanji, as far as they go. */
static inline const char *
plain_run(const char *p, const char *end, char **to, const char *full)
{
	char *o = *to;

	for (; p < end && o <= full; p++) {
		uint32_t v;

		while (end - p >= 4 && o <= full &&
		       (memcpy(&v, p, 4), is_japanese(le32toh(v)))) {
			memcpy(o, &v, 4); /* the fourth is written over */
			o += 3;
			p += 3;
		}
		if (p == end || o > full)
			break;
		/* above ASCII it is negative */
		if ((signed char)*p <= ' ' || *p == '*')
			break;
		*o++ = (char)(*p + (*p >= 'A' && *p <= 'Z' ? 'a' - 'A' : 0));
	}
	*to = o;
	return p;
}

static void
append(struct mdg_line *l, const char *s, size_t n)
{
	const char *p = s, *end = s + n, *full = l->s + MDG_LINE_MAX - 5;
	size_t before = l->n < 5 ? 0 : l->n - 5;
	char *to = l->s + l->n;
	bool gap = l->n > 0;

	while (p < end) {
		const char *from = p;
		uint32_t c;
		size_t len = mdg_utf8_next(p, (size_t)(end - p), &c);
		bool space = is_space(c) || c == '\n';

		if (space || is_invisible(c) || c == '*') {
			gap = gap || (space && to > l->s);
			p += len;
			continue;
		}
		if (to > full) {
			l->cut = true;
			break;
		}
		if (gap)
			*to++ = ' ';
		gap = false;
		p = plain_run(p, end, &to, full);
		if (p > from)
			continue;
		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0;
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		to += mdg_line_encode(c, to);
		p += len;
	}
	l->n = (size_t)(to - l->s);
	/* with the last bytes before: they begin new words too */
	mdg_line_note(l, before);
}

void
mdg_line_fold(struct mdg_line *l, const char *s, size_t n)
{
	l->n = 0;
	l->cut = false;
	memset(l->seen, 0, sizeof(l->seen));
	append(l, s, n);
}

void
mdg_line_copy(struct mdg_line *to, const struct mdg_line *l)
{
	memcpy(to->s, l->s, l->n + 1);
	to->n = l->n;
	memcpy(to->seen, l->seen, sizeof(l->seen));
	to->cut = l->cut;
}

void
mdg_line_join(struct mdg_line *l, const char *s, size_t n)
{
	append(l, s, n);
}

size_t
mdg_line_strip(struct mdg_line *l, const char *set)
{
	size_t from = strspn(l->s, set);
	size_t to = l->n;

	while (to > from && strchr(set, l->s[to - 1]))
		to--;
	size_t gone = l->n - (to - from);
	memmove(l->s, l->s + from, to - from);
	l->n = to - from;
	l->s[l->n] = '\0';
	return gone;
}

size_t
mdg_line_starts_any(const char *s, const char *const *words)
{
	for (; *words; words++) {
		const char *w = *words;
		size_t n = 0;

		while (w[n] && w[n] == s[n])
			n++;
		if (!w[n])
			return n;
	}
	return 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Skip up to max digits; how many there were. */
static size_t
digits(const char **p, size_t max)
{
	size_t k = 0;

	while (k < max && is_digit(**p)) {
		(*p)++;
		k++;
	}
	return k;
}

static bool
skip_word(const char **p, const char *const *words)
{
	while (**p == ' ')
		(*p)++;
	size_t w = mdg_line_starts_any(*p, words);
	*p += w;
	while (w && **p == ' ')
		(*p)++;
	return w > 0;
}

/* "2026/11/20", "20.11.2026", "2026年11月20日", "11月20日"; p at a digit. */
static bool
date_at(const char *p)
{
	static const char *const year[] = {"-", "/", ".", "年", "년", NULL};
	static const char *const month[] = {"-", "/", ".", "月", "월", NULL};
	static const char *const day[] = {"日", "일", NULL};
	const char *q = p;
	size_t a = digits(&q, 5);
	const char *sep = q;

	if (a == 0 || a > 4)
		return false;
	if (a <= 2 && skip_word(&q, (const char *const[]){"月", "월", NULL}))
		return digits(&q, 3) && skip_word(&q, day);
	q = sep;
	if (!skip_word(&q, year))
		return false;
	size_t b = digits(&q, 3);
	if (b == 0 || b > 2 || !skip_word(&q, month))
		return false;
	size_t c = digits(&q, 5);
	return a == 4 ? c >= 1 && c <= 2 : a <= 2 && (c == 4 || c == 2);
}

static const char *const MONTHS[] = {
	"jan",  "feb", "mar", "apr",  "may", "jun", "jul",  "aug",
	"sep",  "oct", "nov", "dec",  "ene", "abr", "ago",  "dic",
	"mai",  "okt", "dez", "janv", "fév", "avr", "juin", "juil",
	"août", "déc", "gen", "mag",  "giu", "lug", "set",  "ott",
	"mär",  "out", "fev", "maj",  NULL};

bool
mdg_line_has_year(const char *s)
{
	if (strstr(s, "令和") || strstr(s, "平成"))
		return true;
	for (const char *p = s; *p; p++) {
		if (!is_digit(*p))
			continue;
		const char *q = p;
		size_t k = digits(&q, 20);
		if (k == 4 && (!strncmp(p, "20", 2) || !strncmp(p, "19", 2)))
			return true;
		p = q - 1;
	}
	return false;
}

static bool
has_month_word(const char *s)
{
	bool start = true;

	for (const char *p = s; *p; p++) {
		bool letter = *p >= 'a' && *p <= 'z';
		if (letter && start && mdg_line_starts_any(p, MONTHS))
			return true;
		start = !letter && !((unsigned char)*p & 0x80);
	}
	return false;
}

bool
mdg_line_has_date(const char *s)
{
	bool start = true;

	for (const char *p = s; *p; p++) {
		if (start && is_digit(*p) && date_at(p))
			return true;
		start = !is_digit(*p) && *p != '-' && *p != '.';
	}
	const char *era = strstr(s, "令和");
	if (!era)
		era = strstr(s, "平成");
	if (era && strstr(era, "年") && strstr(era, "月"))
		return true;
	return mdg_line_has_year(s) && has_month_word(s);
}

bool
mdg_line_has_time(const char *s)
{
	bool start = true;

	for (const char *p = s; *p; p++) {
		if (!is_digit(*p) || !start) {
			start = !is_digit(*p);
			continue;
		}
		const char *q = p;
		size_t k = digits(&q, 3);
		start = false;
		if (k > 2)
			continue;
		if ((*q == ':' || *q == 'h') && is_digit(q[1]) &&
		    is_digit(q[2]) && !is_digit(q[3]))
			return true;
		if (!strncmp(q, "時", 3) || !strncmp(q, " 時", 4) ||
		    !strncmp(q, "시", 3))
			return true;
	}
	return false;
}

static bool
is_addr_char(char c)
{
	return (c >= 'a' && c <= 'z') || is_digit(c) ||
	       (c && strchr(".!#$%&'+-/=?^_`{|}~", c));
}

bool
mdg_line_find_addr(const char *s, const char **start, const char **end)
{
	for (const char *at = strchr(s, '@'); at; at = strchr(at + 1, '@')) {
		const char *a = at, *e = at + 1;
		while (a > s && is_addr_char(a[-1]))
			a--;
		while ((*e >= 'a' && *e <= 'z') || is_digit(*e) || *e == '.' ||
		       *e == '-')
			e++;
		while (e > at + 1 && (e[-1] == '.' || e[-1] == '-'))
			e--;
		if (a == at || !memchr(at + 1, '.', (size_t)(e - at - 1)))
			continue;
		*start = a;
		*end = e;
		return true;
	}
	return false;
}

bool
mdg_line_has_url(const char *s)
{
	return strstr(s, "http://") || strstr(s, "https://") ||
	       strstr(s, "www.");
}

/*
 * 9 to 15 digits in groups joined by one '-', '(', ')', '.', '/' or space,
 * beginning with 0 or +; dates and order numbers begin otherwise.
 */
bool
mdg_line_has_phone(const char *s)
{
	char before = ' ';

	for (const char *p = s; *p; before = *p++) {
		if (*p != '0' && *p != '+' && *p != '(')
			continue;
		if (is_digit(before) || before == '-' || before == '.' ||
		    before == '/' || (before >= 'a' && before <= 'z'))
			continue;
		const char *q = p + (*p != '0');
		size_t n = 0, groups = 1, gap = 0;
		if (*p == '(' && *q != '0')
			continue;
		for (; *q && n <= 15; q++) {
			if (is_digit(*q)) {
				groups += gap > 0;
				gap = 0;
				n++;
			} else if (strchr("-() .", *q) && gap < 2) {
				gap++;
			} else {
				break;
			}
		}
		if (n >= 9 && n <= 15 &&
		    (groups > 1 || n == 10 || n == 11 || *p == '+'))
			return true;
	}
	return false;
}

bool
mdg_line_has_postcode(const char *s)
{
	const char *p = strstr(s, "〒");

	if (p)
		return true;
	const char *q = s;
	return digits(&q, 4) == 3 && *q++ == '-' && digits(&q, 5) == 4 &&
	       (*q == '\0' || *q == ' ' || (unsigned char)*q >= 0x80);
}

size_t
mdg_line_width(const char *s, size_t n, size_t max)
{
	size_t w = 0;

	for (size_t i = 0; i < n && w < max;) {
		uint32_t c;

		if (n - i >= 4 &&
		    (memcpy(&c, s + i, 4), is_japanese(le32toh(c)))) {
			i += 3;
			w += 2;
			continue;
		}
		i += mdg_utf8_next(s + i, n - i, &c);
		w += c < 0x1100 || (c >= 0xFF61 && c <= 0xFF9F) ? 1 : 2;
	}
	return w;
}

bool
mdg_line_is_blank(const char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		uint32_t c;
		i += mdg_utf8_next(s + i, n - i, &c);
		if (!is_space(c) && !is_invisible(c))
			return false;
	}
	return true;
}
