/* What a customer asks, without what every mail says. */
#include <string.h>

#include "feature.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"

/* A sentence that is little more than one of these is a greeting. */
static const char *const greetings[] = {
	"お世話になっております",
	"お世話になります",
	"お世話になっています",
	"お世話様です",
	"はじめまして",
	"初めまして",
	"初めてメールいたします",
	"初めてご連絡いたします",
	"初めて問い合わせ",
	"こんにちは",
	"こんばんは",
	"おはようございます",
	"突然のメール",
	"突然のご連絡",
	"突然すみません",
	"お忙しいところ",
	"お忙しい中",
	"ご多忙のところ",
	"ご多用のところ",
	"よろしくお願いいたします",
	"よろしくお願い致します",
	"よろしくお願いします",
	"よろしくおねがいします",
	"宜しくお願いいたします",
	"宜しくお願い致します",
	"宜しくお願いします",
	"よろしくお願い申し上げ",
	"以上です",
	"いつもありがとうございます",
	"いつも利用して",
	"いつもお世話に",
	"と申します",
	"失礼いたします",
	"失礼します",
	"お手数をおかけしますが",
	"お手数おかけしますが",
	"ご回答お願い",
	"ご返信お待ち",
	"ご連絡お待ち",
};

enum { BESIDE_CHARS_MAX = 9 }; /* 田中, 何卒, 恐れ入りますが */

static bool
is_greeting(const char *s, size_t n)
{
	for (size_t i = 0; i < MDG_LEN(greetings); i++) {
		size_t len = strlen(greetings[i]);
		if (memmem(s, n, greetings[i], len) &&
		    mdg_utf8_len(s, n) <=
			    mdg_utf8_len(greetings[i], len) + BESIDE_CHARS_MAX)
			return true;
	}
	return false;
}

static bool
is_quote(const char *s, size_t n)
{
	while (n > 0 && (*s == ' ' || *s == '\t')) {
		s++;
		n--;
	}
	return (n > 0 && *s == '>') || (n >= 3 && memcmp(s, "＞", 3) == 0);
}

/* "-- ", or a line of five or more signs and nothing else. */
static bool
is_rule_line(const char *s, size_t n)
{
	size_t signs = 0;

	if (n == 3 && memcmp(s, "-- ", 3) == 0)
		return true;
	for (size_t i = 0; i < n;) {
		uint32_t c;
		i += mdg_utf8_next(s + i, n - i, &c);
		if (c == '-' || c == '=' || c == '_' || c == '*' || c == '+' ||
		    c == '~' || (c >= 0x2500 && c <= 0x257F) || c == 0x2010 ||
		    c == 0x2015 || c == 0x30FC || c == 0xFF0D || c == 0x203B ||
		    c == 0x301C || c == 0xFF1D || c == 0xFF0A || c == '\r')
			signs++;
		else if (c != ' ' && c != 0x3000)
			return false;
	}
	return signs >= 5;
}

static size_t
sentence_end(const char *s, size_t n)
{
	static const char *const ends[] = {"。", "！", "？"};

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < MDG_LEN(ends); k++)
			if (n - i >= 3 && memcmp(s + i, ends[k], 3) == 0)
				return i + 3;
	return n;
}

static void
put_sentences(struct mdg_buf *out, const char *s, size_t n)
{
	while (n > 0) {
		size_t end = sentence_end(s, n);
		if (!is_greeting(s, end))
			mdg_buf_put(out, s, end);
		s += end;
		n -= end;
	}
	mdg_buf_putc(out, '\n');
}

char *
mdg_query_text(struct mdg_arena *arena, const char *text)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};

	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n");
		/* a line across, with something said above: a signature */
		if (is_rule_line(p, n) && out.len > 60 && strlen(p) < 600)
			break;
		if (!is_quote(p, n))
			put_sentences(&out, p, n);
		p += n + (p[n] == '\n');
	}
	/* nothing but greetings: take it as it is */
	if (strspn(mdg_buf_str(&out), " \n\r\t") == out.len)
		return mdg_arena_strdup(arena, text);
	return mdg_arena_strdup(arena, mdg_buf_str(&out));
}
