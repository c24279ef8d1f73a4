#include "madoguchi/reply/slots.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "date_scan.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"
#include "slots_when.h"

enum { JST_S = 9 * 3600, DAY_S = 86400, MATCH_LIMIT = 100000 };

const char *
mdg_fact_slot(enum mdg_fact_kind kind)
{
	static const char *const names[MDG_FACT_KIND_N] = {
		[MDG_FACT_NAME] = "customer.name",
		[MDG_FACT_COMPANY] = "customer.company",
		[MDG_FACT_ORDER] = "order.no",
		[MDG_FACT_PHONE] = "customer.phone",
		[MDG_FACT_MODEL] = "product.model",
		[MDG_FACT_ERROR] = "error.code",
		[MDG_FACT_DATE] = "date",
		[MDG_FACT_AMOUNT] = "amount",
	};
	return names[kind];
}

/* clang-format off */
/* Group 1 is the value. Text is folded (NFKC): digits and colons are ASCII. */
static const struct {
	enum mdg_fact_kind kind;
	unsigned confidence;
	bool person; /* only what the dictionary knows as a name */
	const char *pattern;
} patterns[] = {
	{MDG_FACT_NAME, 95, false,
	 "^[ \\t・■【]*(?:お名前|ご?氏名|名前|ご?契約者名?|ご?注文者名?|ご担当者名?)[ 】]*[:】][ \\t]*([^\\n:]{1,30})$"},
	{MDG_FACT_NAME, 90, false,
	 "([一-龥々ヶ]{1,5}[ ]?[一-龥々ぁ-んァ-ヶー]{0,6}|[ァ-ヶー]{2,8}[ ]?[ァ-ヶー]{0,8})(?:と申し|といい|と言い)ます"},
	{MDG_FACT_NAME, 70, true,
	 "(?:の|、|。|^)[ ]?([一-龥々]{1,4}(?:[ ]?[一-龥々ぁ-ねは-んァ-ヶー]{1,4})?)(?:です|でございます)(?:。|$)"},
	{MDG_FACT_COMPANY, 85, false,
	 "((?:株式会社|有限会社|合同会社|一般社団法人|医療法人|\\(株\\)|\\(有\\))[ ]?[^\\s、。のにをはがで]{1,20})"},
	{MDG_FACT_COMPANY, 80, false,
	 "([一-龥々ァ-ヶーA-Za-z0-9&]{1,20}(?:株式会社|有限会社|合同会社|\\(株\\)))"},
	{MDG_FACT_ORDER, 95, false,
	 "(?i:(?:ご?注文|オーダー|受注|伝票|order)[ ]*(?:番号|no\\.?|id|ナンバー|number)?[ ]*(?:は|が|:|#|\\(|「|\\s)*[ ]*([A-Z0-9][A-Z0-9\\-]{3,24}(?<![\\-])))(?![0-9]*[年月日円個点])"},
	{MDG_FACT_PHONE, 85, false,
	 "(?<![\\d\\-A-Za-z])((?:\\+81[ \\-]?|0)[1-9]\\d{0,3}[ \\-(]{0,2}\\d{1,4}[ \\-)]{0,2}\\d{3,4})(?![\\d\\-])"},
	{MDG_FACT_MODEL, 95, false,
	 "(?:型番|型式|機種名?|モデル|品番|製品番号)[ ]*(?:は|が|:|「|\\s)*[ ]*([A-Za-z]{1,6}[A-Za-z0-9]*-?[A-Za-z0-9]*\\d[A-Za-z0-9\\-]*)"},
	{MDG_FACT_MODEL, 65, false,
	 "(?<![A-Za-z0-9\\-/.@])([A-Z]{2,5}-?\\d{2,5}[A-Z]{0,3}(?:-[A-Z0-9]{1,4})?)(?![A-Za-z0-9\\-@])"},
	{MDG_FACT_ERROR, 95, false,
	 "(?i:エラー(?:コード|番号|no\\.?)?|error(?: code)?)[ ]*(?:は|が|:|「|『|\\(|\"|\\s)*[ ]*(0x[0-9A-Fa-f]{4,8}|[A-Za-z]{0,4}-?\\d{1,6}[A-Za-z]?(?:-\\d{1,4})?)(?![0-9]*[回件つ年月日])"},
	{MDG_FACT_ERROR, 70, false,
	 "[「『]([A-Z]{1,3}-?\\d{1,4})[」』](?:と|が|の)"},
	{MDG_FACT_AMOUNT, 85, false,
	 "((?:¥|￥)[ ]?[\\d,]{1,12}|[\\d,]{1,12}(?:\\.\\d)?[ ]?万?円|[一二三四五六七八九十百千万]{1,10}円)"},
};
/* clang-format on */

struct mdg_slots {
	struct mdg_words *words;
	pcre2_code *code[MDG_LEN(patterns)];
	pcre2_match_data *match;
	pcre2_match_context *context;
};

bool
mdg_slots_open(struct mdg_slots **ret, struct mdg_words *words,
	       struct mdg_err *err)
{
	struct mdg_slots *s = mdg_calloc(1, sizeof(*s));

	s->words = words;
	s->match = pcre2_match_data_create(16, NULL);
	s->context = pcre2_match_context_create(NULL);
	MDG_BUG_ON(!s->match || !s->context);
	pcre2_set_match_limit(s->context, MATCH_LIMIT);
	for (size_t i = 0; i < MDG_LEN(patterns); i++) {
		int code;
		size_t at;
		s->code[i] = pcre2_compile(
			(PCRE2_SPTR)patterns[i].pattern, PCRE2_ZERO_TERMINATED,
			PCRE2_UTF | PCRE2_MULTILINE, &code, &at, NULL);
		if (!s->code[i]) {
			mdg_slots_close(&s);
			return mdg_fail(err, MDG_EBUG,
					"slot pattern %zu at %zu", i, at);
		}
		pcre2_jit_compile(s->code[i], PCRE2_JIT_COMPLETE);
	}
	*ret = s;
	return true;
}

void
mdg_slots_close(struct mdg_slots **ps)
{
	struct mdg_slots *s = *ps;

	if (!s)
		return;
	for (size_t i = 0; i < MDG_LEN(patterns); i++)
		pcre2_code_free(s->code[i]);
	pcre2_match_data_free(s->match);
	pcre2_match_context_free(s->context);
	free(s);
	*ps = NULL;
}

/* -- collecting --------------------------------------------------------- */

struct slots_run {
	struct mdg_slots *s;
	struct mdg_arena *arena;
	struct mdg_facts *out;
	enum mdg_fact_source source;
	const char *text; /* folded */
	size_t n;
	const uint32_t *at;
};

static void
add(struct slots_run *r, enum mdg_fact_kind kind, const char *value,
    size_t start, size_t end, unsigned confidence)
{
	struct mdg_facts *f = r->out;

	for (size_t i = 0; i < f->n; i++) {
		/* a place is one thing; the first pattern to claim it wins */
		bool same_place = f->v[i].source == r->source &&
				  f->v[i].start < r->at[end] &&
				  f->v[i].end > r->at[start];
		bool same_value =
			f->v[i].kind == kind && mdg_streq(f->v[i].value, value);
		if (same_value && confidence > f->v[i].confidence)
			f->v[i].confidence = confidence;
		if (same_value || same_place)
			return;
	}
	if (f->n == MDG_FACTS_MAX)
		return;
	f->v[f->n++] = (struct mdg_fact){
		.kind = kind,
		.source = r->source,
		.value = value,
		.start = r->at[start],
		.end = r->at[end],
		.confidence = confidence,
	};
}

/* -- normal forms ------------------------------------------------------- */

static char *
trimmed(struct mdg_arena *a, const char *s, size_t n)
{
	while (n > 0 && *s == ' ') {
		s++;
		n--;
	}
	while (n > 0 && s[n - 1] == ' ')
		n--;
	/* 田中様 writes about somebody else, or in a form */
	if (n > 3 && memcmp(s + n - 3, "様", 3) == 0)
		n -= 3;
	return mdg_arena_strndup(a, s, n);
}

static char *
upper(struct mdg_arena *a, const char *s, size_t n)
{
	char *out = mdg_arena_strndup(a, s, n);

	for (char *p = out; *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return out;
}

/* Digits with a leading 0; NULL if it is no customer's phone. */
static char *
phone(struct slots_run *r, size_t start, size_t end)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	const char *s = r->text;
	size_t i = start, line = start;

	if (s[i] == '+') {
		i += 3;
		mdg_buf_putc(&b, '0');
	}
	for (; i < end; i++)
		if (s[i] >= '0' && s[i] <= '9')
			mdg_buf_putc(&b, s[i]);
	const char *d = mdg_buf_str(&b);
	bool mobile = mdg_str_starts(d, "090") || mdg_str_starts(d, "080") ||
		      mdg_str_starts(d, "070") || mdg_str_starts(d, "050");
	if (b.len != (mobile ? 11u : 10u) || mdg_str_starts(d, "0120") ||
	    mdg_str_starts(d, "0570") || mdg_str_starts(d, "0800"))
		return NULL;
	while (line > 0 && s[line - 1] != '\n')
		line--;
	if (memmem(s + line, start - line, "FAX", 3) ||
	    memmem(s + line, start - line, "Fax", 3) ||
	    memmem(s + line, start - line, "ファ", strlen("ファ")) ||
	    memmem(s + line, start - line, "注文", strlen("注文")))
		return NULL;
	return mdg_arena_strdup(r->arena, d);
}

static long
kanji_number(const char *s, size_t n)
{
	static const char *const digits[] = {"一", "二", "三", "四", "五",
					     "六", "七", "八", "九"};
	static const struct {
		const char *c;
		long unit;
	} units[] = {{"十", 10}, {"百", 100}, {"千", 1000}, {"万", 10000}};
	long total = 0, section = 0, digit = 0;

	for (size_t i = 0; i + 3 <= n; i += 3) {
		for (size_t k = 0; k < MDG_LEN(digits); k++)
			if (memcmp(s + i, digits[k], 3) == 0)
				digit = (long)k + 1;
		for (size_t k = 0; k < MDG_LEN(units); k++) {
			if (memcmp(s + i, units[k].c, 3) != 0)
				continue;
			if (units[k].unit == 10000) {
				section += digit;
				total += (section ? section : 1) * 10000;
				section = 0;
			} else {
				section += (digit ? digit : 1) * units[k].unit;
			}
			digit = 0;
		}
	}
	return total + section + digit;
}

/* Yen as a number; NULL if there is none. */
static char *
amount(struct mdg_arena *a, const char *s, size_t n)
{
	double v = 0, scale = 0;
	bool any = false;

	if ((unsigned char)s[0] >= 0xE3 && memcmp(s, "￥", 3) != 0)
		return mdg_arena_printf(a, "%ld", kanji_number(s, n));
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '.') {
			scale = 0.1;
		} else if (s[i] >= '0' && s[i] <= '9') {
			any = true;
			if (scale > 0) {
				v += (s[i] - '0') * scale;
				scale /= 10;
			} else {
				v = v * 10 + (s[i] - '0');
			}
		}
	}
	if (memmem(s, n, "万", 3))
		v *= 10000;
	return any ? mdg_arena_printf(a, "%.0f", v) : NULL;
}

/* The words of s are names of people: 田中, 田中 一郎. */
static bool
is_person(struct slots_run *r, const char *s, size_t n)
{
	struct mdg_word *w;
	size_t count = mdg_words_cut(r->s->words, r->arena, s, n, &w);

	for (size_t i = 0; i < count; i++)
		if (!mdg_streq(w[i].pos2, "人名"))
			return false;
	return count > 0;
}

static void
found(struct slots_run *r, size_t k, size_t start, size_t end)
{
	const char *s = r->text + start;
	size_t n = end - start;
	const char *value = NULL;

	switch (patterns[k].kind) {
	case MDG_FACT_PHONE:
		value = phone(r, start, end);
		break;
	case MDG_FACT_AMOUNT:
		value = amount(r->arena, s, n);
		break;
	case MDG_FACT_MODEL:
	case MDG_FACT_ERROR:
	case MDG_FACT_ORDER:
		value = upper(r->arena, s, n);
		/* a word of English is no number */
		if (strcspn(value, "0123456789") == strlen(value))
			value = NULL;
		break;
	case MDG_FACT_NAME:
	case MDG_FACT_COMPANY:
	case MDG_FACT_DATE:
	case MDG_FACT_KIND_N:
		if (!patterns[k].person || is_person(r, s, n))
			value = trimmed(r->arena, s, n);
		break;
	}
	if (value && *value)
		add(r, patterns[k].kind, value, start, end,
		    patterns[k].confidence);
}

static void
run_pattern(struct slots_run *r, size_t k)
{
	size_t at = 0;

	while (at <= r->n) {
		int rc = pcre2_match(r->s->code[k], (PCRE2_SPTR)r->text, r->n,
				     at, PCRE2_NO_UTF_CHECK, r->s->match,
				     r->s->context);
		if (rc < 2)
			return;
		size_t *v = pcre2_get_ovector_pointer(r->s->match);
		size_t from = v[2], to = v[3], end = v[1];
		found(r, k, from, to);
		at = end > at ? end : at + 1;
	}
}

/* -- the three sources -------------------------------------------------- */

static void
dates(struct slots_run *r, int64_t mail_day)
{
	struct when w;
	size_t at = 0;

	while (when_next(r->text, r->n, &at, mail_day, &w)) {
		int y, m, d;
		mdg_civil_from_days(w.days, &y, &m, &d);
		add(r, MDG_FACT_DATE,
		    mdg_arena_printf(r->arena, "%04d-%02d-%02d", y, m, d),
		    w.start, w.end, w.confidence);
	}
}

static void
run_text(struct slots_run *r, const char *text, int64_t mail_day)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	size_t n = strlen(text);
	uint32_t *at;

	if (n > MDG_SUGGEST_TEXT_BYTES_MAX)
		n = mdg_utf8_cut(text, n, MDG_SUGGEST_TEXT_BYTES_MAX);
	mdg_fold_mapped(&folded, &at, text, n, MDG_FOLD_SIGNS);
	r->text = mdg_buf_str(&folded);
	r->n = folded.len;
	r->at = at;
	/* error codes before models: both are letters and digits */
	static const enum mdg_fact_kind order[] = {
		MDG_FACT_NAME,  MDG_FACT_COMPANY, MDG_FACT_ORDER,
		MDG_FACT_ERROR, MDG_FACT_PHONE,   MDG_FACT_AMOUNT,
		MDG_FACT_MODEL,
	};
	for (size_t i = 0; i < MDG_LEN(order); i++)
		for (size_t k = 0; k < MDG_LEN(patterns); k++)
			if (patterns[k].kind == order[i])
				run_pattern(r, k);
	if (r->source == MDG_FACT_FROM_TEXT)
		dates(r, mail_day);
	free(at);
}

/* A line of the signature that is somebody's name. */
static void
signature_name(struct slots_run *r, const char *signature)
{
	size_t chars = 0;

	for (const char *p = signature; *p;) {
		size_t n = strcspn(p, "\n");
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		mdg_fold(&b, p, n, MDG_FOLD_NOSPACE);
		size_t len = mdg_utf8_len(p, n);
		if (b.len >= 6 && b.len <= 30 &&
		    is_person(r, mdg_buf_str(&b), b.len)) {
			uint32_t at[2] = {(uint32_t)chars,
					  (uint32_t)(chars + len)};
			r->at = at;
			add(r, MDG_FACT_NAME, trimmed(r->arena, p, n), 0, 1,
			    75);
			r->at = NULL;
			return;
		}
		chars += len + 1;
		p += n + (p[n] == '\n');
	}
}

/* The display name of From, if it is a person's. */
static void
header_name(struct slots_run *r, const char *name)
{
	uint32_t at[2] = {0, (uint32_t)mdg_utf8_len(name, strlen(name))};
	const char *paren = strpbrk(name, "(<@");
	size_t n = paren ? (size_t)(paren - name) : strlen(name);

	if (n < 3 || (paren && *paren == '@'))
		return;
	r->at = at;
	add(r, MDG_FACT_NAME, trimmed(r->arena, name, n), 0, 1,
	    is_person(r, name, n) ? 65 : 40);
	r->at = NULL;
}

static int
by_kind(const void *a, const void *b)
{
	const struct mdg_fact *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->confidence != y->confidence)
		return x->confidence > y->confidence ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

/* One is the other's beginning, apart from spaces: 田中 and 田中 一郎. */
static bool
agree(const char *a, const char *b)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf x = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf y = {0};

	mdg_fold(&x, a, strlen(a), MDG_FOLD_NAME);
	mdg_fold(&y, b, strlen(b), MDG_FOLD_NAME);
	return mdg_str_starts(mdg_buf_str(&x), mdg_buf_str(&y)) ||
	       mdg_str_starts(mdg_buf_str(&y), mdg_buf_str(&x));
}

static void
mark_conflicts(struct mdg_facts *f)
{
	enum { AS_LIKELY = 30 };

	for (size_t i = 0; i < f->n; i++)
		for (size_t k = i + 1; k < f->n; k++) {
			struct mdg_fact *a = &f->v[i], *b = &f->v[k];
			if (a->kind != b->kind || a->kind == MDG_FACT_DATE ||
			    a->kind == MDG_FACT_AMOUNT ||
			    agree(a->value, b->value) ||
			    b->confidence + AS_LIKELY < a->confidence)
				continue;
			a->conflict = true;
			b->conflict = true;
		}
}

void
mdg_slots_extract(struct mdg_slots *s, const struct mdg_slots_input *in,
		  struct mdg_arena *arena, struct mdg_facts *out)
{
	struct slots_run r = {.s = s, .arena = arena, .out = out};
	int64_t day = (in->mail_s + JST_S) / DAY_S;

	*out = (struct mdg_facts){
		mdg_arena_array(arena, MDG_FACTS_MAX, sizeof(*out->v)), 0};
	run_text(&r, in->text, day);
	if (in->signature) {
		r.source = MDG_FACT_FROM_SIGNATURE;
		run_text(&r, in->signature, day);
		signature_name(&r, in->signature);
	}
	if (in->from_name) {
		r.source = MDG_FACT_FROM_HEADER;
		header_name(&r, in->from_name);
	}
	qsort(out->v, out->n, sizeof(*out->v), by_kind);
	mark_conflicts(out);
}
