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
#include "slots_form.h"
#include "slots_place.h"
#include "slots_when.h"

enum { JST_S = 9 * 3600, DAY_S = 86400, MATCH_LIMIT = 100000 };

const char *
mdg_fact_slot(enum mdg_fact_kind kind)
{
	static const char *const names[MDG_FACT_KIND_N] = {
		[MDG_FACT_NAME] = "customer.name",
		[MDG_FACT_COMPANY] = "customer.company",
		[MDG_FACT_ORDER] = "order.no",
		[MDG_FACT_TRACKING] = "tracking.no",
		[MDG_FACT_PHONE] = "customer.phone",
		[MDG_FACT_PLACE] = "customer.place",
		[MDG_FACT_MODEL] = "product.model",
		[MDG_FACT_ERROR] = "error.code",
		[MDG_FACT_DATE] = "date",
		[MDG_FACT_AMOUNT] = "amount",
	};
	return names[kind];
}

/* clang-format off */
#define KANA_KANJI "一-龥々〆ヶぁ-んァ-ヶー"
#define PERSON "[一-龥々ヶ]{1,5}[ ]?[" KANA_KANJI "]{0,6}|[ァ-ヶー]{2,8}[ ]?[ァ-ヶー]{0,8}"
#define NAME_LABEL "[ \\t・■●◆▼※【\\[]*(?:お名前|ご?氏名|名前|ご?(?:契約|注文|購入|依頼|申込|使用)者(?:様?名)?|ご?担当者名?)"
#define FIRMS "株式会社|有限会社|合同会社|合資会社|合名会社|\\(株\\)|\\(有\\)|\\(同\\)"
#define BODIES "NPO法人|特定非営利活動法人|(?:一般|公益)(?:社団|財団)法人|(?:医療|学校|社会福祉|宗教|弁護士|税理士|司法書士|独立行政)法人(?:社団)?"
#define IS "(?:は|が|:|=|#|\\(|「|『|【|】|\\]|\"|\\s)*"
#define CODE_END "(?<![\\-])(?![A-Z0-9\\-]|[年月日円個点]|[/.][0-9])"
#define ORDER_WORD "(?:ご?注文書?|ご?購入|オーダー|受注|order)"
#define NUMBER_WORD "[ ]*(?:番号|no\\.?|id|ナンバー|number)"
/* Group 1 is the value. Text is folded (NFKC): digits and colons are ASCII. */
static const struct {
	enum mdg_fact_kind kind;
	unsigned confidence;
	bool person; /* only what the dictionary knows as a name */
	const char *pattern;
} patterns[] = {
	{MDG_FACT_NAME, 95, false,
	 "^" NAME_LABEL "[ 】\\]]*[:】\\]=][ \\t]*([^\\n:]{1,30}?)(?:[ ]*\\([^)\\n]*[0-9][^)\\n]*\\))?$"},
	{MDG_FACT_NAME, 85, true,
	 "[、。 ,/]" NAME_LABEL "[ ]*:[ ]*([" KANA_KANJI "]{1,6}(?:[ ][" KANA_KANJI "]{1,6})?)(?=[、。,/(\\n]|[ ]*$)"},
	{MDG_FACT_NAME, 85, true,
	 "^" NAME_LABEL "[ \\t]+([" KANA_KANJI "]{1,6}(?:[ ][" KANA_KANJI "]{1,6})?)[ ]*$"},
	{MDG_FACT_NAME, 85, true,
	 "(?:お?名前|氏名)は[、 ]?([" KANA_KANJI "]{1,6}?(?:[ ][" KANA_KANJI "]{1,6}?)?)(?=です|でござ|になり|[、。\\n])"},
	{MDG_FACT_NAME, 75, true, /* below an address, say */
	 "^[ ]*([一-龥々]{1,4}[ ][" KANA_KANJI "]{1,5})[ ]*\\n(?=[ ]*(?:電話|tel|TEL|Tel|携帯|〒|E?-?mail))"},
	{MDG_FACT_NAME, 90, false,
	 "(?:お?名前|氏名)は[、 ]?[「『]([^」』\\n]{2,20})[」』]"},
	{MDG_FACT_NAME, 90, false,
	 "(?:[一-龥]{2,}の)?(?:(?:担当|私|名前|氏名|代表|窓口|責任)者?は[、 ]?)?(" PERSON ")(?:[ ]?\\([" KANA_KANJI " ]{2,20}\\))?[ ]?(?:と申し|といい|と言い)ます"},
	{MDG_FACT_NAME, 70, true,
	 "(?:[のたるが、。!?) ]|ます|^)([一-龥々]{1,4}(?:[ ]?[一-龥々ぁ-ねは-んァ-ヶー]{1,4})?)(?:です|でございます)(?:[。が、!]|$)"},
	{MDG_FACT_NAME, 70, true,
	 "(?:[。!?][ \\n]*|^)([一-龥々]{1,4}(?:[ ]?[" KANA_KANJI "]{1,4}?){0,1}?)(?:より)?[。]?[ ]*\\n*\\z"},
	{MDG_FACT_COMPANY, 80, false,
	 "([一-龥々ァ-ヶーA-Za-z0-9&・]{1,20}(?:" FIRMS "))"},
	{MDG_FACT_COMPANY, 85, false,
	 "^[ \\t]*((?:" FIRMS "|" BODIES ")[ ]?[^\\n、。:()「」 ]{1,30})[ ]*$"},
	{MDG_FACT_COMPANY, 85, false,
	 "((?:" FIRMS "|" BODIES ")[ ]?[^\\s、。()「」:]{2,20}?)(?=の|です|でござ|と申|とい|と言|より|から|様|御中|に|を|が|は[、 ]|[\\s、。()「」:]|$)"},
	{MDG_FACT_TRACKING, 95, false,
	 "(?i:(?:ご?伝票|送り状|追跡|トラッキング|tracking)" NUMBER_WORD IS "([A-Z0-9][A-Z0-9\\-]{7,20})" CODE_END ")"},
	{MDG_FACT_TRACKING, 85, false,
	 "(?:荷物|配送|配達|問い?合わ?せ|佐川|ヤマト|ゆうパック)[^\\n、。0-9]{0,12}(?<!\\d)((?:\\d{4}|[1-9]\\d{2})[- ]\\d{4}[- ]\\d{4})(?![\\d\\-])"},
	{MDG_FACT_ORDER, 95, false,
	 "(?i:" ORDER_WORD NUMBER_WORD IS "(?:no\\.[ ]?)?([A-Z0-9][A-Z0-9\\-]{3,24})" CODE_END ")"},
	{MDG_FACT_ORDER, 85, false, /* without "number": it looks like one */
	 "(?i:" ORDER_WORD "[ ]*" IS "((?=(?:[A-Z\\-]*[0-9]){5})[A-Z0-9][A-Z0-9\\-]{3,24})" CODE_END ")"},
	{MDG_FACT_ORDER, 85, false,
	 "(?i:(?<![A-Z0-9\\-])([A-Z]{0,5}-?[0-9][0-9\\-]{3,20}[0-9])[ ]?の(?:ご?注文|オーダー|受注))"},
	{MDG_FACT_PHONE, 85, false,
	 "(?<![\\d\\-A-Za-z])((?:\\+81[ \\-]?|0)[1-9]\\d{0,3}[ \\-()ー]{0,2}\\d{1,4}[ \\-)ー]{0,2}\\d{3,4})(?![\\d\\-])"},
	{MDG_FACT_PLACE, 90, false, PLACE_WHOLE},
	{MDG_FACT_PLACE, 85, false, PLACE_LABELLED},
	{MDG_FACT_PLACE, 70, false, PLACE_BARE},
	{MDG_FACT_PHONE, 85, false,
	 "((?<!\\d)〇[一二三四五六七八九〇]{1,4}[\\-ー―—]?[一二三四五六七八九〇]{1,4}[\\-ー―—]?[一二三四五六七八九〇]{4})(?![一二三四五六七八九〇])"},
	{MDG_FACT_MODEL, 95, false,
	 "(?:型[番式名]|機種名?|モデル(?:名|番号)?|品番|製品番号)[ ]*" IS "([A-Za-z]{1,6}[A-Za-z0-9]*-?[A-Za-z0-9]*\\d[A-Za-z0-9\\-]*(?:\\([A-Z]{1,3}\\))?)"},
	{MDG_FACT_MODEL, 90, false,
	 "(?:型[番式名]|機種名?|モデル(?:名|番号)?|品番|製品番号|製品名?|商品名?)[ ]*[はがも:]?[ ]*[「『\"]([A-Za-z][A-Za-z0-9\\- ]{1,24}\\d[A-Za-z0-9\\-]*)[」』\"]"},
	{MDG_FACT_MODEL, 65, false,
	 "(?<![A-Za-z0-9\\-/.@_])([A-Z]{2,5}(?:-[A-Z]{0,2})?\\d{2,5}[A-Z]{0,3}(?:-[A-Z0-9]{1,4})?)(?![A-Za-z0-9\\-@_])"},
	{MDG_FACT_ERROR, 95, false,
	 "(?i:(?:エラー|異常|警告)(?:コード|番号|no\\.?|メッセージ)?|(?<![A-Za-z])err(?:or)?(?: code)?)[ ]*" IS "(0x[0-9A-Fa-f]{4,8}|[A-Za-z]{0,4}-?\\d{1,6}[A-Za-z]?(?:-[A-Za-z0-9]{1,6})*)(?![A-Za-z0-9]|[0-9]*[回件つ年月日分秒時度人個台枚本目円])"},
	{MDG_FACT_ERROR, 90, false,
	 "(?<![A-Za-z0-9])(0x[0-9A-Fa-f]{6,8})(?![A-Za-z0-9])"},
	{MDG_FACT_ERROR, 95, false, "(?<![A-Za-z_])((?:ERR|ERROR)_[A-Z0-9_]{3,40})"},
	{MDG_FACT_ERROR, 80, false,
	 "(?<![A-Za-z0-9\\-])([A-Za-z]{1,4}-?\\d{2,6}|\\d{3,6})[」』】)]?[ ]?(?:の|とか|と?か?いう|と言う|番の|番)?(?:エラー|異常)"},
	{MDG_FACT_ERROR, 80, false, /* and another after it */
	 "(?:エラー|異常)[^。\\n]{0,24}[A-Za-z]{1,3}-?\\d{1,4}[^。\\nA-Za-z0-9型機品モ]{1,8}([A-Z]{1,3}-?\\d{1,4})(?![A-Za-z0-9\\-])"},
	{MDG_FACT_ERROR, 75, false, /* and no other sign before it */
	 "(?<![A-Za-z0-9\\-])([A-Z]{1,2}-?\\d{1,3})(?=[ ]?(?:と(?:表示|点滅|出[てるま])|が(?:点滅|表示)))"},
	{MDG_FACT_ERROR, 70, false,
	 "[「『]([A-Z]{1,3}-?\\d{1,4})[」』](?:と|が|の)"},
	{MDG_FACT_AMOUNT, 85, false,
	 "(?<![\\d,.何数])([¥￥][ ]?\\d[\\d,]{0,13}|[\\d一二三四五六七八九十百千][\\d,.一二三四五六七八九十百千万億〇 ]{0,16}円|\\d円)(?![形滑高安周卓盤柱満])"},
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
	const char *written; /* what was folded */
	const char *text;    /* folded */
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

/* The words of s are names of people: 田中, 田中 一郎; a given name that no
 * dictionary knows stands behind a family name. */
static bool
is_person(struct slots_run *r, const char *s, size_t n)
{
	enum { GIVEN_CHARS_MAX = 5 };
	const char *space = memchr(s, ' ', n);
	size_t family = space ? (size_t)(space - s) : n;
	struct mdg_word *w;
	size_t count = mdg_words_cut(r->s->words, r->arena, s, n, &w);

	for (size_t i = 0; i < count; i++) {
		if (mdg_streq(w[i].pos2, "人名"))
			continue;
		return i > 0 && w[i].start > family && space + 1 < s + n &&
		       !memchr(space + 1, ' ', n - family - 1) &&
		       mdg_streq(w[0].pos3, "姓") && w[0].len == family &&
		       mdg_utf8_len(space + 1, n - family - 1) <=
			       GIVEN_CHARS_MAX;
	}
	return count > 0;
}

/* As the writer spelt it: ㈱ and 﨑 are not ours to change. */
static char *
as_written(struct slots_run *r, size_t start, size_t end)
{
	size_t n = strlen(r->written);
	size_t a = mdg_utf8_offset(r->written, n, r->at[start]);
	size_t b = mdg_utf8_offset(r->written, n, r->at[end]);

	return form_name(r->arena, r->written + a, b - a);
}

/* "2026-11-20" is a day. */
static bool
is_day(const char *s)
{
	int y, m, d, len = 0;

	return sscanf(s, "%4d-%2d-%2d%n", &y, &m, &d, &len) == 3 && !s[len] &&
	       y > 1900 && y < 2100 && m <= 12 && d <= 31;
}

static void
found(struct slots_run *r, size_t k, size_t start, size_t end)
{
	const char *s = r->text + start;
	size_t n = end - start;
	const char *value = NULL;

	switch (patterns[k].kind) {
	case MDG_FACT_PHONE:
		value = form_phone(r->arena, r->text, start, end);
		break;
	case MDG_FACT_AMOUNT:
		value = form_amount(r->arena, s, n);
		break;
	case MDG_FACT_MODEL:
	case MDG_FACT_ERROR:
	case MDG_FACT_ORDER:
	case MDG_FACT_TRACKING:
		value = form_upper(r->arena, s, n);
		/* a word of English is no number, a day is none of an order */
		if ((strcspn(value, "0123456789") == strlen(value) &&
		     !strchr(value, '_')) ||
		    is_day(value))
			value = NULL;
		break;
	case MDG_FACT_PLACE:
		value = form_place(r->arena, as_written(r, start, end));
		break;
	case MDG_FACT_NAME:
	case MDG_FACT_COMPANY:
	case MDG_FACT_DATE:
	case MDG_FACT_KIND_N:
		if (!patterns[k].person || is_person(r, s, n))
			value = as_written(r, start, end);
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
	struct when w = {.end = 0};
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
	r->written = text;
	r->text = mdg_buf_str(&folded);
	r->n = folded.len;
	r->at = at;
	/* error codes before models: both are letters and digits */
	static const enum mdg_fact_kind order[] = {
		MDG_FACT_NAME,     MDG_FACT_COMPANY, MDG_FACT_PLACE,
		MDG_FACT_TRACKING, MDG_FACT_ORDER,   MDG_FACT_ERROR,
		MDG_FACT_PHONE,    MDG_FACT_AMOUNT,  MDG_FACT_MODEL,
	};
	for (size_t i = 0; i < MDG_LEN(order); i++)
		for (size_t k = 0; k < MDG_LEN(patterns); k++)
			if (patterns[k].kind == order[i])
				run_pattern(r, k);
	if (r->source == MDG_FACT_FROM_TEXT)
		dates(r, mail_day);
	free(at);
}

/* The name on a line of the signature, at its end: 営業部 村上 健太. */
static bool
name_on_line(struct slots_run *r, const char *line, size_t n, size_t chars)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	enum { NAME_BYTES_MIN = 6, NAME_BYTES_MAX = 31 };
	uint32_t *map, at[2];
	bool found = false;

	mdg_fold_mapped(&b, &map, line, n, 0);
	const char *s = mdg_buf_str(&b);
	for (size_t i = 0; i < b.len && !found; i++) {
		if ((i > 0 && s[i - 1] != ' ') || b.len - i < NAME_BYTES_MIN ||
		    b.len - i > NAME_BYTES_MAX ||
		    !is_person(r, s + i, b.len - i))
			continue;
		at[0] = (uint32_t)chars + map[i];
		at[1] = (uint32_t)chars + map[b.len];
		r->at = at;
		add(r, MDG_FACT_NAME,
		    form_name(r->arena, line + mdg_utf8_offset(line, n, map[i]),
			      n - mdg_utf8_offset(line, n, map[i])),
		    0, 1, 75);
		r->at = NULL;
		found = true;
	}
	free(map);
	return found;
}

static void
signature_name(struct slots_run *r, const char *signature)
{
	size_t chars = 0;

	for (const char *p = signature; *p;) {
		size_t n = strcspn(p, "\n");
		if (name_on_line(r, p, n, chars))
			return;
		chars += mdg_utf8_len(p, n) + 1;
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
	add(r, MDG_FACT_NAME, form_name(r->arena, name, n), 0, 1,
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
