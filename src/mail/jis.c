/*
 * ISO-2022 text (RFC 1468, RFC 1554, RFC 2237, RFC 1557, RFC 1922) as it is
 * really written: with the NEC and IBM characters of CP932 in it, with
 * half-width kana by escape, shift or eighth bit, with or without the return
 * to ASCII at line ends.
 *
 * The machine only cuts the text into runs of one character set each; a run
 * is then read by the converter that knows these characters.
 */
#include <string.h>

#include "codec.h"
#include "madoguchi/base/err.h"
#include "token.h"

enum set {
	SET_ASCII, /* also JIS X 0201 Roman: its yen sign means a backslash */
	SET_LATIN1,
	SET_KANA,
	SET_X0208,
	SET_OWN, /* ISO-2022-JP-MS: what a company has drawn for itself */
	SET_X0212,
	SET_X0213_1,
	SET_X0213_2,
	SET_GB2312,
	SET_KSC5601,
	SET_CNS1,
	SET_CNS2,
	SET_N
};

/* How the characters of a set are handed to a converter. */
static const struct {
	enum mdg_codec codec;
	unsigned char prefix[2]; /* bytes in front of each character */
	unsigned char prefix_n;
	unsigned char width; /* bytes of one character in the escaped text */
} sets[SET_N] = {
	[SET_ASCII] = {MDG_CODEC_UTF8, {0}, 0, 1},
	[SET_LATIN1] = {MDG_CODEC_CP1252, {0}, 0, 1},
	[SET_KANA] = {MDG_CODEC_CP932, {0}, 0, 1},
	[SET_X0208] = {MDG_CODEC_CP932, {0}, 0, 2},
	[SET_OWN] = {MDG_CODEC_CP932, {0}, 0, 2},
	[SET_X0212] = {MDG_CODEC_EUCJP, {0x8F}, 1, 2},
	[SET_X0213_1] = {MDG_CODEC_EUCJISX0213, {0}, 0, 2},
	[SET_X0213_2] = {MDG_CODEC_EUCJISX0213, {0x8F}, 1, 2},
	[SET_GB2312] = {MDG_CODEC_GB18030, {0}, 0, 2},
	[SET_KSC5601] = {MDG_CODEC_CP949, {0}, 0, 2},
	[SET_CNS1] = {MDG_CODEC_EUCTW, {0}, 0, 2},
	[SET_CNS2] = {MDG_CODEC_EUCTW, {0x8E, 0xA2}, 2, 2},
};

/* Which of the four code sets an escape sequence names: G0 … G2. */
static const struct escape {
	const char *seq; /* behind ESC */
	unsigned char g;
	unsigned char set;
} escapes[] = {
	{"(B", 0, SET_ASCII},    {"(J", 0, SET_ASCII},
	{"(H", 0, SET_ASCII},    {"(I", 0, SET_KANA},
	{"$@", 0, SET_X0208},    {"$B", 0, SET_X0208},
	{"$(@", 0, SET_X0208},   {"$(B", 0, SET_X0208},
	{"$(?", 0, SET_OWN},
	{"$(D", 0, SET_X0212},   {"$D", 0, SET_X0212},
	{"$(O", 0, SET_X0213_1}, {"$(Q", 0, SET_X0213_1},
	{"$(P", 0, SET_X0213_2}, {"$A", 0, SET_GB2312},
	{"$(A", 0, SET_GB2312},  {"$(C", 0, SET_KSC5601},
	{"$(G", 0, SET_CNS1},    {"$(H", 0, SET_CNS2},
	{"&@", 0, SET_N},        {")I", 1, SET_KANA},
	{")B", 1, SET_ASCII},    {")J", 1, SET_ASCII},
	{"$)A", 1, SET_GB2312},  {"$)C", 1, SET_KSC5601},
	{"$)G", 1, SET_CNS1},    {"$)B", 1, SET_X0208},
	{"$*H", 2, SET_CNS2},    {".A", 2, SET_LATIN1},
};

enum { ESC = 0x1B, SO = 0x0E, SI = 0x0F };

struct machine {
	struct mdg_span in;
	size_t at;
	unsigned char g[3]; /* the sets designated to G0, G1, G2 */
	bool shifted;       /* SO: G1 is in use */
	size_t over;        /* up to there, line ends change nothing */
};

static const struct escape *
escape_at(struct mdg_span in, size_t at)
{
	for (size_t i = 0; i < MDG_LEN(escapes); i++) {
		size_t n = strlen(escapes[i].seq);
		if (in.n - at > n &&
		    memcmp(in.p + at + 1, escapes[i].seq, n) == 0)
			return &escapes[i];
	}
	return NULL;
}

static struct machine
machine_start(enum mdg_codec kind, struct mdg_span in)
{
	unsigned char g1 = kind == MDG_CODEC_KR ? SET_KSC5601 : SET_KANA;

	return (struct machine){
		.in = in,
		.g = {SET_ASCII, g1, SET_LATIN1},
	};
}

/* One character, and which set it is of. */
struct item {
	unsigned char set; /* SET_N: a byte above 0x7F, not of this coding */
	const unsigned char *p;
	size_t n;
	bool broken;
};

static bool
is_gl(unsigned char c)
{
	return c >= 0x21 && c <= 0x7E;
}

/* Pass over what only changes the state. */
static void
machine_shift(struct machine *m)
{
	while (m->at < m->in.n) {
		unsigned char c = m->in.p[m->at];
		const struct escape *e = NULL;
		if (c == SO || c == SI) {
			m->shifted = c == SO;
			m->at++;
			continue;
		}
		if (c == ESC)
			e = escape_at(m->in, m->at);
		if (!e)
			return;
		if (e->set != SET_N)
			m->g[e->g] = e->set;
		m->at += 1 + strlen(e->seq);
	}
}

/*
 * A line end leaves the double-byte set (RFC 1468), but some writers fold a
 * line and do not enter the set again. The return to ASCII that comes next then
 * has nothing to return from, and all before it are pairs.
 */
static bool
reaches_over(struct machine *m)
{
	struct mdg_span t = mdg_span_near(m->in, m->at);
	size_t i = m->at, pairs = 0;

	if (m->at < m->over)
		return true;
	if (m->shifted || sets[m->g[0]].width != 2)
		return false;
	while (i < t.n && t.p[i] != ESC) {
		if (t.p[i] == '\r' || t.p[i] == '\n') {
			i++;
			continue;
		}
		if (i + 1 >= t.n || !is_gl(t.p[i]) || !is_gl(t.p[i + 1]))
			return false;
		i += 2;
		pairs++;
	}
	if (!pairs || t.n - i < 3 || t.p[i + 1] != '(' ||
	    (t.p[i + 2] != 'B' && t.p[i + 2] != 'J'))
		return false;
	m->over = i;
	return true;
}

static bool
machine_next(struct machine *m, struct item *it)
{
	machine_shift(m);
	if (m->at >= m->in.n)
		return false;
	const unsigned char *p = m->in.p + m->at;
	size_t left = m->in.n - m->at;
	unsigned char set = m->shifted ? m->g[1] : m->g[0];

	if ((p[0] == '\r' || p[0] == '\n') && !reaches_over(m)) {
		m->g[0] = SET_ASCII;
		m->shifted = false;
	}
	*it = (struct item){.set = SET_ASCII, .p = p, .n = 1};
	if (p[0] == ESC && left >= 3 && p[1] == 'N' && is_gl(p[2])) {
		/* single shift: one character of G2 */
		size_t width = sets[m->g[2]].width;
		if (left >= 2 + width) {
			it->set = m->g[2];
			it->p = p + 2;
			it->n = width;
			m->at += 2 + width;
			return true;
		}
	}
	if (p[0] >= 0x80) {
		it->set = SET_N;
	} else if (is_gl(p[0]) && sets[set].width == 2) {
		it->set = set;
		it->broken = left < 2 || !is_gl(p[1]);
		it->n = it->broken ? 1 : 2;
	} else if (is_gl(p[0])) {
		it->set = set == SET_KANA && p[0] > 0x5F ? SET_ASCII : set;
	}
	m->at += it->n;
	return true;
}

/* A run of characters for one converter. */
struct run {
	struct mdg_buf bytes;
	unsigned char set;
	enum mdg_codec high; /* what bytes above 0x7F are */
	enum mdg_codec codec;
	size_t unit;
	size_t broken;
};

static void
run_flush(struct run *r, struct mdg_buf *out)
{
	struct mdg_span in = mdg_buf_span(&r->bytes);

	if (r->bytes.len == 0)
		return;
	if (!r->unit && mdg_span_is_ascii(in)) /* so in every charset */
		mdg_codec_put(out, (const char *)in.p, in.n);
	else if (r->unit)
		r->broken += mdg_codec_decode_units(r->codec, in, r->unit, out);
	else
		r->broken += mdg_codec_decode(r->codec, in, out);
	mdg_buf_reset(&r->bytes);
}

static void
run_put(struct run *r, const struct item *it)
{
	if (it->set == SET_N || it->set == SET_ASCII) {
		mdg_buf_put(&r->bytes, it->p, it->n);
	} else if (it->set == SET_X0208 || it->set == SET_OWN) {
		unsigned char sjis[2];

		mdg_x0208_to_sjis(it->p, sjis);
		if (it->set == SET_OWN) /* behind the 94 rows */
			sjis[0] = (unsigned char)(sjis[0] + 0xF0 - 0x81);
		mdg_buf_put(&r->bytes, sjis, sizeof(sjis));
	} else {
		mdg_buf_put(&r->bytes, sets[it->set].prefix,
			    sets[it->set].prefix_n);
		for (size_t i = 0; i < it->n; i++)
			mdg_buf_putc(&r->bytes, (char)(it->p[i] | 0x80));
	}
}

/* One more character: of the run, or the first of the next. */
static void
run_add(struct run *r, const struct item *it, struct mdg_buf *out)
{
	bool plain = it->set == SET_N || it->set == SET_ASCII;
	bool was_plain = r->set == SET_N || r->set == SET_ASCII;

	/* trail bytes of a raw double-byte character may be ASCII: both
	 * belong to one run */
	if (it->broken || !(plain ? was_plain : r->set == it->set)) {
		run_flush(r, out);
		r->codec = plain ? r->high : sets[it->set].codec;
		r->unit = plain ? 0
				: (size_t)sets[it->set].prefix_n +
					  sets[it->set].width;
		r->set = it->set;
	}
	if (it->broken) {
		mdg_codec_put(out, "\xEF\xBF\xBD", 3);
		r->broken++;
	} else {
		run_put(r, it);
	}
}

static size_t
run_end(struct run *r, struct mdg_buf *out)
{
	run_flush(r, out);
	mdg_buf_clear(&r->bytes);
	return r->broken;
}

/* Most text: characters of ASCII or of JIS X 0208 side by side. Returns how
 * many bytes were read, 0 if others come first. */
static size_t
run_many(struct run *r, const struct machine *m, struct mdg_buf *out)
{
	const unsigned char *p = m->in.p + m->at, *end = m->in.p + m->in.n;
	unsigned char set = m->shifted ? m->g[1] : m->g[0];

	if (set == SET_X0208) {
		while (end - p >= 2 && is_gl(p[0]) && is_gl(p[1]))
			p += 2;
	} else if (set == SET_ASCII) {
		while (p < end && *p < 0x80 && *p != ESC && *p != SO &&
		       *p != SI)
			p++;
	}
	size_t n = (size_t)(p - m->in.p) - m->at;
	if (n && set == SET_X0208) {
		run_flush(r, out);
		return mdg_x0208_decode(mdg_span(p - n, n), out);
	}
	if (n)
		run_add(r, &(struct item){.set = set, .p = p - n, .n = n}, out);
	return n;
}

size_t
mdg_jis_decode(enum mdg_codec kind, struct mdg_span in, enum mdg_codec high,
	       struct mdg_buf *out)
{
	struct run r = {.codec = high, .high = high};
	struct machine m = machine_start(kind, in);
	struct item it;

	while (in.n && !out->full) {
		machine_shift(&m);
		size_t n = run_many(&r, &m, out);
		m.at += n;
		if (n)
			continue;
		if (!machine_next(&m, &it))
			break;
		run_add(&r, &it, out);
	}
	return run_end(&r, out);
}

static bool
is_gr(unsigned char c)
{
	return c >= 0xA1 && c <= 0xFE;
}

/* The character of EUC-JP at the head of in. */
static struct item
euc_next(struct mdg_span in)
{
	const unsigned char *p = in.p;
	struct item it = {.set = SET_ASCII, .p = p, .n = 1};

	if (p[0] < 0x80)
		return it;
	if (is_gr(p[0]) && in.n >= 2 && is_gr(p[1])) {
		it.set = SET_X0208;
		it.n = 2;
	} else if (p[0] == 0x8E && in.n >= 2 && p[1] >= 0xA1 && p[1] <= 0xDF) {
		it.set = SET_KANA;
		it.p = p + 1;
	} else if (p[0] == 0x8F && in.n >= 3 && is_gr(p[1]) && is_gr(p[2])) {
		it.set = SET_X0212;
		it.p = p + 1;
		it.n = 2;
	} else {
		it.broken = true;
	}
	return it;
}

static size_t
euc_many(struct run *r, struct mdg_span in, struct mdg_buf *out)
{
	size_t n = 0;

	while (n + 1 < in.n && is_gr(in.p[n]) && is_gr(in.p[n + 1]))
		n += 2;
	if (n == 0)
		return 0;
	run_flush(r, out);
	return mdg_x0208_decode(mdg_span(in.p, n), out);
}

size_t
mdg_euc_decode(struct mdg_span in, struct mdg_buf *out)
{
	struct run r = {.codec = MDG_CODEC_UTF8, .high = MDG_CODEC_UTF8};

	while (in.n && !out->full) {
		size_t n = euc_many(&r, in, out);
		struct item it;

		if (n == 0) {
			it = euc_next(in);
			run_add(&r, &it, out);
			n = (size_t)(it.p - in.p) + it.n;
		}
		in = mdg_span_from(in, n);
	}
	return run_end(&r, out);
}

bool
mdg_jis_escapes(struct mdg_span in)
{
	for (size_t i = 0; i < in.n; i++) {
		const unsigned char *p = memchr(in.p + i, ESC, in.n - i);
		if (!p)
			return false;
		i = (size_t)(p - in.p);
		const struct escape *e = escape_at(in, i);
		/* a set of two bytes, or kana: never seen in other text */
		if (e && e->set != SET_N &&
		    (sets[e->set].width == 2 || e->set == SET_KANA))
			return true;
	}
	return false;
}

/* "$B" at the head of in, two-byte text, "(B" on one line: their length. */
static size_t
bare_run(struct mdg_span in)
{
	size_t i = 2;

	in = mdg_span_near(in, 0);
	if (in.n < 6 || in.p[0] != '$' || (in.p[1] != 'B' && in.p[1] != '@'))
		return 0;
	for (; i + 1 < in.n && is_gl(in.p[i]) && is_gl(in.p[i + 1]); i += 2)
		if (i > 2 && in.p[i] == '(' &&
		    (in.p[i + 1] == 'B' || in.p[i + 1] == 'J'))
			return i + 2;
	return 0;
}

bool
mdg_jis_without_escapes(struct mdg_span in, struct mdg_buf *euc)
{
	bool any = false;

	for (size_t i = 0; i < in.n;) {
		size_t n = in.p[i] == '$' ? bare_run(mdg_span_from(in, i)) : 0;
		if (!n) {
			mdg_buf_putc(euc, (char)in.p[i++]);
			continue;
		}
		for (size_t k = i + 2; k < i + n - 2; k++)
			mdg_buf_putc(euc, (char)(in.p[k] | 0x80));
		i += n;
		any = true;
	}
	return any && mdg_detect_score(MDG_CODEC_EUCJP, mdg_buf_span(euc)) > 2;
}

void
mdg_jis_high_bytes(struct mdg_span in, struct mdg_buf *out)
{
	struct machine m = machine_start(MDG_CODEC_JIS, in);
	struct item it;
	bool after = false;

	while (machine_next(&m, &it)) {
		bool plain = it.set == SET_N || (after && it.set == SET_ASCII);
		if (plain)
			mdg_buf_put(out, it.p, it.n);
		after = it.set == SET_N;
	}
}
