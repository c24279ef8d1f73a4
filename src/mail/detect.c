/*
 * Which charset bytes are in when no label says so, or the label is wrong.
 *
 * Escape sequences and valid UTF-8 decide by themselves. Otherwise a sample is
 * read as each candidate and the result judged as writing: kana and everyday
 * kanji are natural, rare kanji, private characters and broken bytes are not.
 * Weights are per byte of the sample above 0x7F, so that readings of different
 * width compare. They were set on short Japanese subjects and on mail bodies.
 */
#include <stdint.h>
#include <string.h>

#include "codec.h"
#include "common_chars.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "token.h"

enum {
	COMMON_JA = 1,
	COMMON_HANS = 2,
	COMMON_HANT = 4,
	COMMON_KO = 8,
	LEVEL_1 = 16, /* JIS X 0208 rows 16–47 */
	SAMPLE_BYTES = 8 << 10,
	CLASS_FIRST = 0x4E00,
	CLASS_LAST = 0xD7A3,
};

/* Filled once by mdg_detect_init(), then only read. */
static unsigned char classes[CLASS_LAST - CLASS_FIRST + 1];
static bool classes_ready;

static void
mark(const char *text, size_t n, unsigned char bit)
{
	uint32_t cp;

	for (size_t i = 0; i < n;) {
		i += mdg_utf8_next(text + i, n - i, &cp);
		if (cp >= CLASS_FIRST && cp <= CLASS_LAST)
			classes[cp - CLASS_FIRST] |= bit;
	}
}

void
mdg_detect_init(void)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf euc = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};

	if (classes_ready)
		return;
	classes_ready = true;
	for (int row = 16; row <= 47; row++)
		for (int cell = 1; cell <= 94; cell++) {
			mdg_buf_putc(&euc, (char)(row + 0xA0));
			mdg_buf_putc(&euc, (char)(cell + 0xA0));
		}
	mdg_codec_decode_units(MDG_CODEC_EUCJP, mdg_buf_span(&euc), 2, &text);
	mark(text.ptr, text.len, LEVEL_1);
	mark(common_japanese, strlen(common_japanese), COMMON_JA);
	mark(common_simplified, strlen(common_simplified), COMMON_HANS);
	mark(common_traditional, strlen(common_traditional), COMMON_HANT);
	mark(common_korean, strlen(common_korean), COMMON_KO);
}

static unsigned
class_of(uint32_t cp)
{
	return cp >= CLASS_FIRST && cp <= CLASS_LAST ? classes[cp - CLASS_FIRST]
						     : 0;
}

static unsigned
language_of(enum mdg_codec c)
{
	switch (c) {
	case MDG_CODEC_GB18030:
		return COMMON_HANS;
	case MDG_CODEC_BIG5:
	case MDG_CODEC_EUCTW:
		return COMMON_HANT;
	case MDG_CODEC_CP949:
		return COMMON_KO;
	default:
		return COMMON_JA;
	}
}

static double
ideograph_weight(uint32_t cp, unsigned lang)
{
	unsigned k = class_of(cp);

	if (cp >= 0xAC00)
		return lang != COMMON_KO ? -2 : k & COMMON_KO ? 3.5 : 0.7;
	if (lang == COMMON_KO)
		return -0.8; /* hanja are rare today */
	if (k & lang)
		return 3;
	if (lang == COMMON_JA)
		return k & LEVEL_1 ? 0.9 : -1.5;
	return k & (COMMON_HANS | COMMON_HANT | COMMON_JA) ? 0.2 : -0.7;
}

/* Characters of a double-byte charset. */
static double
wide_weight(uint32_t cp, unsigned lang)
{
	if (cp >= 0x3041 && cp <= 0x3096)
		return lang == COMMON_JA ? 4 : 1;
	if (cp >= 0x30A1 && cp <= 0x30FC)
		return lang == COMMON_JA ? 3.5 : 1;
	if (cp >= 0x4E00 && cp <= 0xD7A3)
		return ideograph_weight(cp, lang);
	if (cp >= 0x3000 && cp <= 0x301F)
		return 2.5;
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		return 2;
	if ((cp >= 0x2460 && cp <= 0x2473) || (cp >= 0x2160 && cp <= 0x217F))
		return lang == COMMON_JA ? 1.7 : 1; /* circled, Roman numbers */
	if (cp >= 0x2010 && cp <= 0x27BF)
		return 1; /* symbols, rules */
	if (cp >= 0x3200 && cp <= 0x33FF)
		return lang == COMMON_JA ? 1 : 0.5;
	if (cp >= 0xE000 && cp <= 0xF8FF)
		return -4;
	if (cp == 0xFFFD)
		return -8;
	if (cp >= 0x80 && cp < 0xA0)
		return -5;
	return -0.5; /* Greek, Cyrillic, compatibility forms */
}

static bool
is_ascii_letter(uint32_t cp)
{
	return (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z';
}

static bool
is_latin_letter(uint32_t cp)
{
	return cp >= 0xC0 && cp <= 0xFF && cp != 0xD7 && cp != 0xF7;
}

/* A character above 0x7F of Windows-1252, between two others. */
static double
latin_weight(uint32_t before, uint32_t cp, uint32_t after)
{
	if (cp == 0xFFFD)
		return -8;
	if (is_latin_letter(cp)) {
		bool near = is_ascii_letter(before) || is_ascii_letter(after);
		bool alone = before < 0x80 && after < 0x80;
		return near && alone ? 2 : near ? 0.8 : alone ? 0.2 : -1.5;
	}
	bool known = cp == 0x2018 || cp == 0x2019 || cp == 0x201C ||
		     cp == 0x201D || cp == 0x2013 || cp == 0x2014 ||
		     cp == 0x2026 || cp == 0x20AC || cp == 0x2122 ||
		     cp == 0x2022 || (cp >= 0xA0 && cp <= 0xBF);
	if (is_ascii_letter(before) && is_ascii_letter(after) && cp == 0x2019)
		return 3; /* "it's" */
	return known && before < 0x80 && after < 0x80 ? 1 : -1.5;
}

/*
 * Half-width kana: a run is natural if voicing marks follow a kana that has
 * voice, and no small kana or sound mark begins it.
 */
static double
halfwidth_weight(uint32_t before, uint32_t cp)
{
	bool in_run = before >= 0xFF61 && before <= 0xFF9F;

	if (cp == 0xFF9E || cp == 0xFF9F) {
		bool ha = before >= 0xFF8A && before <= 0xFF8E;
		bool ka = before >= 0xFF76 && before <= 0xFF84;
		return ha || (ka && cp == 0xFF9E) || before == 0xFF73 ? 3.5
								      : -3;
	}
	if ((cp >= 0xFF67 && cp <= 0xFF70) || cp == 0xFF9D)
		return in_run ? 2 : -2;
	if (cp <= 0xFF65)
		return -0.8;
	return in_run ? 0.4 : 0;
}

static struct mdg_span
sample_of(struct mdg_span in)
{
	/* begin at the first line with something to judge */
	size_t first = 0, from = 0;

	while (first < in.n && in.p[first] < 0x80)
		if (in.p[first++] == '\n')
			from = first;
	size_t n = in.n - from < SAMPLE_BYTES ? in.n - from : SAMPLE_BYTES;
	return mdg_span(mdg_span_from(in, from).p, n);
}

/* Long writing without any kana is seldom Japanese. */
static double
kanji_only_penalty(size_t kana, size_t kanji)
{
	return kana || kanji < 5 ? 0 : kanji < 12 ? 0.5 : 1;
}

double
mdg_detect_score(enum mdg_codec c, struct mdg_span in)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct mdg_span sample = sample_of(in);
	unsigned lang = language_of(c);
	size_t high = 0, kana = 0, kanji = 0;
	double sum = 0;
	uint32_t before = ' ', cp, after;

	mdg_detect_init();
	for (size_t i = 0; i < sample.n; i++)
		high += sample.p[i] >= 0x80;
	mdg_codec_decode(c, sample, &text);
	if (high == 0 || text.len == 0)
		return 0;
	size_t len = mdg_utf8_next(text.ptr, text.len, &cp);
	for (size_t i = 0; i < text.len; before = cp, cp = after) {
		size_t next = i + len;
		after = ' ';
		if (next < text.len)
			len = mdg_utf8_next(text.ptr + next, text.len - next,
					    &after);
		bool cut = next >= text.len && sample.n == SAMPLE_BYTES;
		i = next;
		if (cp < 0x80 || (cp == 0xFFFD && cut))
			continue;
		kana += cp >= 0x3041 && cp <= 0x30FC;
		kanji += cp >= 0x4E00 && cp <= 0x9FFF;
		if (c == MDG_CODEC_CP1252)
			sum += latin_weight(before, cp, after);
		else if (cp >= 0xFF61 && cp <= 0xFF9F)
			sum += halfwidth_weight(before, cp);
		else
			sum += 2 * wide_weight(cp, lang);
	}
	return sum / (double)high -
	       (lang == COMMON_JA ? kanji_only_penalty(kana, kanji) : 0);
}

/* Sequences of one UTF-8 length, and bytes that belong to none. */
struct utf8_count {
	size_t two, more, broken;
	size_t latin, other_two; /* two-byte ones: U+0080–00FF, and the rest */
	size_t letters;          /* of ASCII */
};

static struct utf8_count
utf8_count(struct mdg_span in)
{
	struct utf8_count k = {0};
	const char *s = (const char *)in.p;
	uint32_t cp;

	for (size_t i = 0; i < in.n;) {
		if (in.p[i] < 0x80) {
			k.letters += is_ascii_letter(in.p[i]);
			i++;
			continue;
		}
		if (mdg_codec_cesu_pair(in.p + i, in.n - i)) {
			k.more++;
			i += 6;
			continue;
		}
		size_t len = mdg_utf8_next(s + i, in.n - i, &cp);
		/* nothing is written in planes 4 to 13 */
		bool odd = cp >= 0x40000 && cp < 0xE0000;
		k.broken += len == 1 || odd;
		k.two += len == 2;
		k.more += len > 2 && !odd;
		k.latin += len == 2 && cp < 0x100;
		k.other_two += len == 2 && cp >= 0x100;
		i += len;
	}
	return k;
}

bool
mdg_detect_is_utf8(struct mdg_span in, bool labelled)
{
	if (labelled && mdg_utf8_valid((const char *)in.p, in.n))
		return true;
	struct utf8_count k = utf8_count(in);
	if (k.broken) /* some bytes were lost on the way, or the end is cut */
		return k.more >= (labelled ? 1 : 2) &&
		       k.more * 3 > k.broken * (labelled ? 1 : 4);
	if (k.more)
		return true;
	if (k.two == 0)
		return false;
	if (k.other_two == 0 && (k.letters || k.two == 1))
		return true;
	/* Greek, Cyrillic, Hebrew, Arabic; or, by chance, two EUC kanji */
	return k.two >= 4 || mdg_detect_score(MDG_CODEC_EUCJP, in) < 1;
}

static enum mdg_codec
best_of(struct mdg_span in)
{
	static const struct {
		enum mdg_codec codec;
		double prior; /* Japanese mail is what we expect */
	} candidates[] = {
		{MDG_CODEC_CP932, 0.8},    {MDG_CODEC_EUCJP, 0.8},
		{MDG_CODEC_CP1252, -0.2},  {MDG_CODEC_CP949, -0.4},
		{MDG_CODEC_GB18030, -0.4}, {MDG_CODEC_BIG5, -0.5},
	};
	enum mdg_codec best = MDG_CODEC_CP1252;
	double best_score = -1e9;

	for (size_t i = 0; i < MDG_LEN(candidates); i++) {
		/* other languages only where Japanese does not fit */
		if (i == 3 && best != MDG_CODEC_CP1252 && best_score > 3.2)
			break;
		double s = mdg_detect_score(candidates[i].codec, in) +
			   candidates[i].prior;
		if (s > best_score) {
			best_score = s;
			best = candidates[i].codec;
		}
	}
	return best;
}

/* Pairs of bytes without a mark: NUL, as no other text has it, and the rows of
 * ASCII and kana always on one side. */
static bool
is_utf16(struct mdg_span in)
{
	size_t rows[2] = {0, 0}, half = in.n / 2;

	if (in.n % 2 || half < 4 || !memchr(in.p, 0, in.n))
		return false;
	for (size_t i = 0; i < in.n; i++)
		rows[i & 1] += in.p[i] == 0x00 || in.p[i] == 0x30;
	return (rows[0] * 5 >= half * 2 && rows[1] * 10 < half) ||
	       (rows[1] * 5 >= half * 2 && rows[0] * 10 < half);
}

enum mdg_codec
mdg_detect(struct mdg_span in)
{
	if ((in.n >= 2 && (memcmp(in.p, "\xFF\xFE", 2) == 0 ||
			   memcmp(in.p, "\xFE\xFF", 2) == 0)) ||
	    is_utf16(in))
		return MDG_CODEC_UTF16;
	if (mdg_jis_escapes(in))
		return MDG_CODEC_JIS;
	if (mdg_span_is_ascii(in) || mdg_detect_is_utf8(in, false))
		return MDG_CODEC_UTF8;
	return best_of(in);
}
