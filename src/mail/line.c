#include "line.h"

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

/* Three bytes, a character of Japanese, as one of 512 bits. */
static unsigned
three(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	return (p[0] ^ (unsigned)p[1] << 3 ^ p[2] * 5u) & 511;
}

/* Six bytes, two characters of Japanese, as one of 2048 bits. */
static unsigned
six(const char *s)
{
	uint32_t a;
	uint16_t b;

	memcpy(&a, s, sizeof(a));
	memcpy(&b, s + sizeof(a), sizeof(b));
	return ((a ^ (uint32_t)b * 0x9E3779B1u) * 0x85EBCA6Bu) >> 21;
}

/* Which beginnings of words s holds; words begin where characters do. From
 * inside a character the loop finds the next one. */
static void
note(struct mdg_line *l, const char *s, size_t n)
{
	for (size_t i = 0; i + 2 < n;) {
		unsigned char lead = (unsigned char)s[i];
		unsigned bit = three(s + i);

		l->seen[bit / 64] |= (uint64_t)1 << bit % 64;
		if (i + 5 < n) {
			bit = six(s + i);
			l->pairs[bit / 64] |= (uint64_t)1 << bit % 64;
		}
		i += lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : 3;
	}
}

/* Most characters: those that stay as they are but for their case. Their
 * length, 0 for all others. */
static inline size_t
plain(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;

	if (p[0] > ' ' && p[0] < 0x80)
		return p[0] != '*';
	if (n < 3 || p[0] < 0xE3 || p[0] > 0xE9 || (p[1] & 0xC0) != 0x80 ||
	    (p[2] & 0xC0) != 0x80)
		return 0;
	return p[0] == 0xE3 && p[1] == 0x80 && p[2] == 0x80 ? 0 : 3;
}

static void
append(struct mdg_line *l, const char *s, size_t n)
{
	size_t before = l->n;
	bool gap = l->n > 0;

	for (size_t i = 0; i < n;) {
		const char *from = s + i;
		size_t len = plain(from, n - i);
		uint32_t c = 0;

		if (len == 0) {
			i += mdg_utf8_next(from, n - i, &c);
			if (is_invisible(c) || c == '*')
				continue;
			if (is_space(c) || c == '\n') {
				gap = l->n > 0;
				continue;
			}
		}
		if (l->n + 5 > MDG_LINE_MAX) {
			l->cut = true;
			break;
		}
		if (gap)
			l->s[l->n++] = ' ';
		gap = false;
		if (len == 3) { /* and those that follow */
			do {
				memcpy(l->s + l->n, s + i, 3);
				l->n += 3;
				i += 3;
			} while (l->n + 5 <= MDG_LINE_MAX && i < n &&
				 plain(s + i, n - i) == 3);
			continue;
		}
		if (len == 1) {
			c = (unsigned char)*from;
			i++;
		}
		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0;
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		l->n += mdg_line_encode(c, l->s + l->n);
	}
	l->s[l->n] = '\0';
	/* with the last bytes before: they begin new words too */
	before = before < 5 ? 0 : before - 5;
	note(l, l->s + before, l->n - before);
}

void
mdg_line_fold(struct mdg_line *l, const char *s, size_t n)
{
	l->n = 0;
	l->cut = false;
	memset(l->seen, 0, sizeof(l->seen));
	memset(l->pairs, 0, sizeof(l->pairs));
	append(l, s, n);
}

void
mdg_line_copy(struct mdg_line *to, const struct mdg_line *l)
{
	memcpy(to->s, l->s, l->n + 1);
	to->n = l->n;
	memcpy(to->seen, l->seen, sizeof(l->seen));
	memcpy(to->pairs, l->pairs, sizeof(l->pairs));
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

/* Most words are nowhere in most lines: only those whose beginnings were
 * noted are looked for. */
bool
mdg_line_holds(const struct mdg_line *l, const char *const *words)
{
	for (; *words; words++) {
		const char *w = *words;

		if (w[0] && w[1] && w[2]) {
			unsigned bit = three(w);
			if (!(l->seen[bit / 64] >> bit % 64 & 1))
				continue;
			if (w[3] && w[4] && w[5]) {
				bit = six(w);
				if (!(l->pairs[bit / 64] >> bit % 64 & 1))
					continue;
			}
		}
		if (strstr(l->s, w))
			return true;
	}
	return false;
}

bool
mdg_line_ends_any(const char *s, size_t n, const char *const *words)
{
	for (; *words; words++) {
		size_t w = strlen(*words);
		if (n >= w && !memcmp(s + n - w, *words, w))
			return true;
	}
	return false;
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
