#include "madoguchi/text/language.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "madoguchi/base/str.h"

enum {
	KANA_MIN = 2,
	LATIN_MIN = 12,
	HAN_ALONE_MAX = 12,    /* "返品希望" is Japanese */
	KANA_ONE_IN = 20,      /* of all letters */
	HAN_BESIDE_LATIN = 5, /* a name and a company in an English letter */
};

struct letters {
	size_t kana, han, hangul, latin;
};

static bool
is_latin(uint32_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7);
}

static void
count(struct letters *l, uint32_t c)
{
	if ((c >= 0x3041 && c <= 0x30FF) || (c >= 0xFF66 && c <= 0xFF9D))
		l->kana++;
	else if ((c >= 0x3400 && c <= 0x9FFF) || c >= 0x20000)
		l->han++;
	else if (c >= 0xAC00 && c <= 0xD7A3)
		l->hangul++;
	else if (is_latin(c))
		l->latin++;
}

/* URLs, addresses, file names, codes: no words of a language. */
static bool
is_code(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strchr("@/\\_=<>{}0123456789", s[i]) ||
		    (s[i] == '.' && i + 1 < n && s[i + 1] > ' '))
			return true;
	return false;
}

enum mdg_text_language
mdg_text_language(const char *s, size_t n)
{
	struct letters l = {0};

	for (size_t i = 0; i < n;) {
		uint32_t c;
		size_t run = i;
		while (run < n && s[run] > ' ' && s[run] < 0x7F)
			run++; /* ASCII: a byte is a character */
		if (run > i && is_code(s + i, run - i)) {
			i = run;
			continue;
		}
		for (; i < run; i++)
			count(&l, (unsigned char)s[i]);
		if (i < n) {
			i += mdg_utf8_next(s + i, n - i, &c);
			count(&l, c);
		}
	}
	size_t all = l.kana + l.han + l.hangul + l.latin;
	if (l.kana >= KANA_MIN && l.kana * KANA_ONE_IN >= all)
		return MDG_TEXT_JAPANESE;
	if (l.hangul > l.latin)
		return MDG_TEXT_OTHER;
	if (l.latin >= LATIN_MIN && l.han * HAN_BESIDE_LATIN <= l.latin)
		return MDG_TEXT_LATIN;
	if (l.han > HAN_ALONE_MAX && l.kana == 0)
		return MDG_TEXT_OTHER;
	return l.han || l.kana ? MDG_TEXT_JAPANESE : MDG_TEXT_UNKNOWN;
}
