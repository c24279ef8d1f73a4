#include "madoguchi/text/fold.h"

#include <stdlib.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

/* clang-format off */
/* Pairs {variant, representative}; characters seen in family registers. */
static const struct {
	uint32_t from, to;
} variants[] = {
	{U'髙', U'高'}, {U'﨑', U'崎'}, {U'嵜', U'崎'}, {U'邊', U'辺'},
	{U'邉', U'辺'}, {U'齋', U'斎'}, {U'斉', U'斎'}, {U'齊', U'斎'},
	{U'濵', U'浜'}, {U'濱', U'浜'}, {U'澤', U'沢'}, {U'廣', U'広'},
	{U'國', U'国'}, {U'嶋', U'島'}, {U'嶌', U'島'}, {U'櫻', U'桜'},
	{U'眞', U'真'}, {U'德', U'徳'}, {U'龍', U'竜'}, {U'瀧', U'滝'},
	{U'黑', U'黒'}, {U'惠', U'恵'}, {U'榮', U'栄'}, {U'條', U'条'},
	{U'淺', U'浅'}, {U'實', U'実'}, {U'壽', U'寿'}, {U'將', U'将'},
	{U'圓', U'円'}, {U'應', U'応'}, {U'歐', U'欧'}, {U'鷗', U'鴎'},
	{U'鹽', U'塩'}, {U'奧', U'奥'}, {U'關', U'関'}, {U'巖', U'巌'},
	{U'龜', U'亀'}, {U'舊', U'旧'}, {U'豐', U'豊'}, {U'峯', U'峰'},
	{U'彌', U'弥'}, {U'藪', U'薮'}, {U'曻', U'昇'}, {U'槇', U'槙'},
	{U'遙', U'遥'}, {U'瑤', U'瑶'}, {U'晉', U'晋'}, {U'佛', U'仏'},
	{U'假', U'仮'}, {U'團', U'団'}, {U'當', U'当'}, {U'盡', U'尽'},
	{U'萬', U'万'}, {U'與', U'与'}, {U'禮', U'礼'}, {U'來', U'来'},
	{U'勳', U'勲'}, {U'濟', U'済'}, {U'靜', U'静'}, {U'瀨', U'瀬'},
	{U'縣', U'県'}, {U'橫', U'横'}, {U'冨', U'富'}, {U'𠮷', U'吉'},
	{U'栁', U'柳'}, {U'桺', U'柳'}, {U'穗', U'穂'}, {U'鄕', U'郷'},
	{U'會', U'会'}, {U'鐵', U'鉄'}, {U'學', U'学'}, {U'藏', U'蔵'},
	{U'籐', U'藤'}, {U'莊', U'荘'}, {U'壯', U'壮'}, {U'渕', U'淵'},
	{U'渊', U'淵'}, {U'檜', U'桧'}, {U'裵', U'裴'}, {U'祿', U'禄'},
	{U'逹', U'達'}, {U'增', U'増'}, {U'曾', U'曽'}, {U'飮', U'飲'},
	{U'蘆', U'芦'},
};
/* clang-format on */

/* Every kanji of a mail is asked, so that a walk along the list is too long:
 * what the first plane has stands by its code, 0 for itself. */
enum { KANJI_FIRST = 0x4E00, KANJI_LAST = 0x9FFF };

static uint32_t
variant_beyond(uint32_t cp)
{
	for (size_t i = 0; i < MDG_LEN(variants); i++)
		if (variants[i].from == cp)
			return variants[i].to;
	return cp;
}

uint32_t
mdg_fold_variant(uint32_t cp)
{
	static uint16_t by_code[KANJI_LAST - KANJI_FIRST + 1];
	static bool is_filled;

	if (cp < KANJI_FIRST)
		return cp;
	if (cp > KANJI_LAST)
		return variant_beyond(cp);
	for (size_t i = 0; i < MDG_LEN(variants) && !is_filled; i++)
		if (variants[i].from <= KANJI_LAST)
			by_code[variants[i].from - KANJI_FIRST] =
				(uint16_t)variants[i].to;
	is_filled = true;
	uint16_t to = by_code[cp - KANJI_FIRST];
	return to ? to : cp;
}

/* ア to あ; what has no counterpart (ヷ, ー) stays. */
static uint32_t
fold_kana(uint32_t cp)
{
	return cp >= 0x30A1 && cp <= 0x30F6 ? cp - 0x60 : cp;
}

static uint32_t
fold_sign(uint32_t cp)
{
	if ((cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212)
		return '-';
	switch (cp) {
	case 0x301C: /* 〜 */
	case 0x223C:
		return '~';
	case 0x2225: /* ∥ */
		return 0x2016;
	case 0x30F6: /* ヶ */
		return 0x30B1;
	case 0x30F5: /* ヵ */
		return 0x30AB;
	default:
		return cp;
	}
}

struct folder {
	struct mdg_buf *out;
	uint32_t **at; /* or NULL */
	size_t at_cap;
	unsigned flags;
	const UNormalizer2 *nfkc;
};

static void
map_to(struct folder *f, size_t from, uint32_t where)
{
	if (!f->at)
		return;
	if (f->out->len + 1 > f->at_cap) {
		f->at_cap = f->out->len * 2 + 64;
		*f->at = mdg_realloc(*f->at, f->at_cap * sizeof(**f->at));
	}
	for (size_t i = from; i <= f->out->len; i++)
		(*f->at)[i] = where;
}

static void
put_char(struct folder *f, uint32_t cp, uint32_t where)
{
	size_t from = f->out->len;

	if ((f->flags & MDG_FOLD_NOSPACE) && u_isUWhiteSpace((UChar32)cp))
		return;
	if (f->flags & MDG_FOLD_SIGNS)
		cp = fold_sign(cp);
	if (f->flags & MDG_FOLD_VARIANTS)
		cp = mdg_fold_variant(cp);
	if (f->flags & MDG_FOLD_KANA)
		cp = fold_kana(cp);
	if ((f->flags & MDG_FOLD_LOWER) && !(cp >= 0x3041 && cp <= 0x9FFF))
		cp = (uint32_t)u_tolower((UChar32)cp);
	mdg_utf8_put(f->out, cp);
	map_to(f, from, where);
}

/* Letters that NFKC leaves alone and that nothing combines with backwards. */
static bool
is_inert(uint32_t cp)
{
	return cp < 0x80 || (cp >= 0x3041 && cp <= 0x3096) ||
	       (cp >= 0x30A1 && cp <= 0x30FE) || (cp >= 0x4E00 && cp <= 0x9FFF);
}

enum { SEGMENT_MAX = 64, NORMAL_MAX = SEGMENT_MAX * 20 };

static void
put_segment(struct folder *f, const UChar *seg, int32_t n, uint32_t where)
{
	UChar norm[NORMAL_MAX];
	UErrorCode code = U_ZERO_ERROR;

	if (n == 1 && is_inert(seg[0])) { /* nearly all */
		put_char(f, seg[0], where);
		return;
	}
	int32_t len =
		unorm2_normalize(f->nfkc, seg, n, norm, NORMAL_MAX, &code);
	const UChar *p = norm;

	if (U_FAILURE(code)) { /* longer than any real one: leave as it is */
		p = seg;
		len = n;
	}
	for (int32_t i = 0; i < len;) {
		uint32_t cp = p[i++];
		if (U16_IS_LEAD(cp) && i < len)
			cp = ((cp & 0x3FF) << 10) + (p[i++] & 0x3FFu) + 0x10000;
		put_char(f, cp, where);
	}
}

/* Normalise from one boundary to the next, so that each part keeps its place.
 */
static void
fold_run(struct folder *f, const char *s, size_t n)
{
	UChar seg[SEGMENT_MAX + 2];
	int32_t seg_n = 0;
	uint32_t seg_at = 0, where = 0;

	for (size_t i = 0; i < n; where++) {
		uint32_t cp;
		i += mdg_utf8_next(s + i, n - i, &cp);
		if (seg_n > 0 &&
		    (seg_n >= SEGMENT_MAX || is_inert(cp) ||
		     unorm2_hasBoundaryBefore(f->nfkc, (UChar32)cp))) {
			put_segment(f, seg, seg_n, seg_at);
			seg_n = 0;
		}
		if (seg_n == 0)
			seg_at = where;
		U16_APPEND_UNSAFE(seg, seg_n, (UChar32)cp);
	}
	if (seg_n > 0)
		put_segment(f, seg, seg_n, seg_at);
	map_to(f, f->out->len, where);
}

void
mdg_fold(struct mdg_buf *out, const char *s, size_t n, unsigned flags)
{
	UErrorCode code = U_ZERO_ERROR;
	struct folder f = {.out = out, .flags = flags};

	f.nfkc = unorm2_getNFKCInstance(&code);
	MDG_BUG_ON(U_FAILURE(code));
	fold_run(&f, s, n);
}

void
mdg_fold_mapped(struct mdg_buf *out, uint32_t **at, const char *s, size_t n,
		unsigned flags)
{
	UErrorCode code = U_ZERO_ERROR;
	struct folder f = {.out = out, .at = at, .flags = flags};

	MDG_BUG_ON(out->len != 0);
	f.nfkc = unorm2_getNFKCInstance(&code);
	MDG_BUG_ON(U_FAILURE(code));
	*at = NULL;
	fold_run(&f, s, n);
}
