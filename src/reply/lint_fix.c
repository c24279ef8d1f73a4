/* One-key fixes: what a finding can be mended with, word for word. */
#include <string.h>

#include "lint_run.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

enum { FIX_BYTES_MAX = 1000 };

/* The first that matches at the finding wins; NULL: nothing is to be offered.
 */
static const struct fix {
	const char *rule; /* or its family, "form." */
	const char *pattern, *with;
} fixes[] = {
	{"double.ni-narareru", "になられ(た|て)", "になっ$1"},
	{"double.ni-narareru", "になられ(ま[すし])", "になり$1"},
	{"double.ni-narareru", "になられませ", "になりませ"},
	{"double.ni-narareru", "になられ(な|ず)", "になら$1"},
	{"double.ni-narareru", "になられる", "になる"},
	/* our own people do not "ossharu" at all */
	{"double.ossharareru",
	 "(?:担当|係|弊社|当社|当店|[一-龥]の者)[^、。様]{0,14}(?:おっしゃ|仰)られ",
	 NULL},
	{"double.ossharareru", "(?:おっしゃ|仰)られます(とおり|通り)",
	 "おっしゃる$1"},
	{"double.ossharareru", "(?:おっしゃ|仰)られました(とおり|通り)",
	 "おっしゃった$1"},
	{"double.ossharareru", "(?:おっしゃ|仰)られ(た|て)", "おっしゃっ$1"},
	{"double.ossharareru", "(?:おっしゃ|仰)られ(ま[すしせ])",
	 "おっしゃい$1"},
	{"double.ossharareru", "(?:おっしゃ|仰)られる", "おっしゃる"},
	{"double.irassharareru", "いらっしゃられ(た|て)", "いらっしゃっ$1"},
	{"double.irassharareru", "いらっしゃられ(ま[すしせ])",
	 "いらっしゃい$1"},
	{"double.irassharareru", "いらっしゃられる", "いらっしゃる"},
	{"double.meshiagarareru", "(?<!お)召し?上がられ(た|て)",
	 "召し上がっ$1"},
	{"double.meshiagarareru", "召し?上がられ(ま[すしせ])", "召し上がり$1"},
	{"double.meshiagarareru", "召し?上がられる", "召し上がる"},
	{"double.nasarareru", "(なさ|くださ|下さ)られ(た|て)", "$1っ$2"},
	{"double.nasarareru", "(なさ|くださ|下さ)られ(ま[すしせ])", "$1い$2"},
	{"double.nasarareru", "(なさ|くださ|下さ)られる", "$1る"},
	{"double.go-sareru", "([ご御][一-龥々]{2,6})され(た|て)", "$1なさっ$2"},
	{"double.go-sareru", "([ご御][一-龥々]{2,6})され(ま[すしせ])",
	 "$1なさい$2"},
	{"double.go-sareru", "([ご御][一-龥々]{2,6})され(な|ず)", "$1なさら$2"},
	{"double.go-sareru", "([ご御][一-龥々]{2,6})される", "$1なさる"},
	{"double.nasareru", "なされて(おり|い)(ま[すしせ])",
	 "なさっていらっしゃい$2"},
	{"double.nasareru", "なされ(ま[すし])", "なさい$1"},
	{"double.nasareru", "なされ(た|て)", "なさっ$1"},
	{"double.haiken-sasete", "させて(?:いただき|頂き)(ま[すし])",
	 "いたし$1"},
	{"double.ukagai-sasete", "お伺いさせて(?:いただき|頂き)(ま[すし])",
	 "お伺いいたし$1"},
	{"double.ukagai-sasete", "伺わさ?せて(?:いただき|頂き)(ま[すし])",
	 "お伺いし$1"},
	/* what customers do stays theirs */
	{"double.go-haiken", "[ごお御]拝見(?=くだ|いただ|にな|のう)", "ご覧"},
	{"double.go-haiken", "[ごお御]拝読(?=くだ|いただ|にな)", "お読み"},
	{"double.go-haiken", "[ごお御]拝受(?=くだ|いただ|にな)", "お受け取り"},
	{"double.go-haiken", "[ごお御](拝[一-龥])(?=し|いたし|致し|させ)",
	 "$1"},
	{"mixup.go-shite-kudasai", "([ご御][一-龥々]{1,8})してから、?",
	 "$1のうえ、"},
	{"mixup.go-shite-kudasai", "([ご御][一-龥々]{1,8})してもらえますか",
	 "$1いただけますでしょうか"},
	{"mixup.go-shite-kudasai",
	 "([ご御][一-龥々ァ-ヶー]{1,8})して(くださ|下さ|いただ|頂)", "$1$2"},
	{"mixup.o-shite-kudasai", "お話して(くださ|下さ|いただ|頂)",
	 "お話し$1"},
	{"mixup.o-shite-kudasai",
	 "(お(?!預かり|伺い)(?:[一-龥々]{1,2}[ぁ-ん]?){1,2}"
	 "(?<=[一-龥いきぎしちにびみりえけげせてねべめれ]))して"
	 "(くださ|下さ|いただ|頂)",
	 "$1$2"},
	{"mixup.go-dekiru",
	 "([ご御][一-龥々]{2,6})(?:でき|出来)(?=[るまなたて])", "$1いただけ"},
	{"mixup.o-dekiru",
	 "(お[一-龥ぁ-ん]{1,8}?)(?:でき|出来)(?=[るまなたて])", "$1いただけ"},
	{"mixup.go-shita-noun", "([ご御](?!拝)[一-龥々]{2,6})した",
	 "$1なさった"},
	{"mixup.o-shita-noun",
	 "(お[一-龥ぁ-ん]{1,8}?[いきぎしちにびみりえけげせてねべめれ])した",
	 "$1になった"},
	{"mixup.o-shita-noun",
	 "(お[一-龥ぁ-ん]{1,8}?[いきぎしちにびみりえけげせてねべめれ])しまし",
	 "$1になりまし"},
	{"mixup.our-go-noun", "の[ごお御]", "の"},
	{"rude.ryoukai", "(?:了解|了承)(?:いた|致)?しました",
	 "承知いたしました"},
	{"rude.ryoukai", "(?:了解|承知)です", "承知いたしました"},
	{"rude.gomen", "(?:すみません|すいません)が", "恐れ入りますが"},
	{"rude.gomen", "(?:すみません|すいません|ごめんなさい)でした",
	 "申し訳ございませんでした"},
	{"rude.gomen", "(?:すみません|すいません|ごめんなさい)",
	 "申し訳ございません"},
	{"rude.gomen", "申し訳(?:な|無)いです(?![がけよね])",
	 "申し訳ございません"},
	{"rude.wakarimashita", "(?:分|わ|解)かりました", "承知いたしました"},
	{"rude.gokurou", "^ご?苦労(?:様|さま)です", "お世話になっております"},
	{"rude.gokurou", "(?<!長旅)(?<!長旅ご)ご?苦労(?:様|さま)です",
	 "ありがとうございます"},
	{"rude.gokurou", "(?<!長旅)(?<!長旅ご)ご?苦労(?:様|さま)でした",
	 "ありがとうございました"},
	{"rude.te-morau", "([ご御][一-龥々]{1,8})してもらえますか",
	 "$1いただけますでしょうか"},
	{"rude.te-morau", "([てで])もらえますか", "$1いただけますでしょうか"},
	{"rude.te-morau", "([てで])もらえませんか",
	 "$1いただけませんでしょうか"},
	{"rude.te-morau", "([てで])もらいたいです", "$1いただきたく存じます"},
	{"manual.yoroshikatta",
	 "(?:よろしかった|宜しかった|よかった)"
	 "(?:でしょうか|ですか)",
	 "よろしいでしょうか"},
	{"manual.no-hou",
	 "(ご(?:確認|検討|査収|対応|協力|理解|了承|手配|連絡|返信|回答)の)"
	 "(?:ほう|方)(?=、?(?:何卒|どうぞ)?、?(?:よろしく|宜しく))",
	 "$1ほど"},
	{"manual.no-hou", "(?<=お客様)の(?:ほう|方)で", "にて"},
	/* a noun without a particle is left to people */
	{"manual.no-hou", "の(?:ほう|方)(?=[をがはにもでへと]|から|まで|より)",
	 ""},
	{"manual.daijoubu", "大丈夫です", "問題ございません"},
	{"manual.daijoubu", "大丈夫でしょうか", "よろしいでしょうか"},
	{"verb.i-nuki", "([てで])(ま[すし])", "$1い$2"},
	{"verb.ra-nuki", "もらえれ(?=[るまなたて])", "いただけ"},
	{"verb.ra-nuki",
	 "(変え|替え|換え|決め|止め|開け|閉め|受け|届け|入れ|(?<![一-龥])出|着|見"
	 "|寝|来|起き|降り|借り|信じ|投げ|食べ|調べ|確かめ|続け|覚え|始め|貯め"
	 "|立て|育て|載せ|乗せ|眺め|付け|つけ|下げ|上げ|やめ|辞め|診|預け|答え"
	 "|数え|伝え|加え|考え|教え|逃げ|捨て|集め|進め|認め|求め|まとめ|比べ"
	 "|述べ|並べ|分け|避け|助け|掛け|かけ|当て|離れ|忘れ|見せ|任せ|知らせ"
	 "|合わせ|済ませ|寄せ|させ|感じ|閉じ|浴び|生き|過ぎ|足り)れ"
	 "(?=[るまなたて])",
	 "$1られ"},
	/* 履けれる: the potential is there already */
	{"verb.ra-nuki", "([えけげせてねべめれき])れ(?=[るまなたて])", "$1"},
	{"verb.re-tasu", "([えけげせてねべめれ])れ(?=[るまなたて])", "$1"},
	{"verb.sa-ire", "承らさせて(?:いただき|頂き)(ま[すし])", "承り$1"},
	{"verb.sa-ire", "(?<!いただ)([かがまらわばたな])さ(せて)", "$1$2"},
	/* 発送させて, ご連絡させて, お送りさせて; 進めさせて is another verb */
	{"excess.sasete",
	 "(お[一-龥]{1,2}[ぁ-ん]{1,2})させて(?:いただき|頂き)"
	 "(ま[すし])",
	 "$1いたし$2"},
	{"excess.sasete",
	 "(?<=[一-龥][えけげせてねべめれ])させて"
	 "(?:いただき|頂き)(ま[すし])",
	 "$1"},
	{"excess.sasete",
	 "(?<=[一-龥々]{2}|[ァ-ヶー]{2}|[をと])させて"
	 "(?:いただき|頂き)(ま[すし])",
	 "いたし$1"},
	{"excess.sasete",
	 "(?<=[一-龥々]{2}|[ァ-ヶー]{2}|[をと])させて"
	 "(?:いただく|頂く)(?=こと|予定|場合|所存)",
	 "いたす"},
	{"casual.ichiou", "とりあえず|取り敢えず|取りあえず", "まずは"},
	{"casual.ichiou",
	 "一応(?=、?[^、。]{0,6}(?:確認|調べ|点検|検査|伝え|お知らせ|ご案内))",
	 "念のため"},
	{"casual.time", "さっき", "先ほど"},
	{"casual.time", "あとで", "後ほど"},
	{"casual.time", "こないだ|この間", "先日"},
	{"casual.words", "やっぱり?", "やはり"},
	{"casual.words", "ちょっと", "少々"},
	{"casual.words", "すっ?ごく|めっちゃ|とっても", "大変"},
	{"casual.words", "だいたい(?!、)", "おおよそ"},
	{"casual.words", "いろんな", "さまざまな"},
	{"casual.words", "ぜんぜん", "まったく"},
	{"casual.tteiu", "っていう", "という"},
	{"casual.ndesu", "んですけれ?ども?(?!ね)", "のですが"},
	{"casual.ndesu", "んです(?![よね]|けれ?ども?ね)", "のです"},
	{"casual.final-particle",
	 "(?<!ん)(です|ます|ました|ません|でした)けれ?ども?(?!ね)", "$1が"},
	{"casual.conjunction", "^なので、?", "そのため、"},
	{"casual.conjunction", "^でも、", "しかしながら、"},
	{"casual.conjunction", "^だから、", "そのため、"},
	{"casual.conjunction", "^あと、", "また、"},
	{"casual.sonna", "([そこ])んな(?:ふうに|感じで)", "$1のように"},
	{"casual.sonna", "そんなに", "それほど"},
	{"casual.sonna", "([そこ])んな(?=[一-龥こはわ])", "$1のような"},
	{"casual.exclamation", "(?<![A-Za-z0-9])!", "。"},
	{"style.kanji-aux", "下さい", "ください"},
	{"style.kanji-aux", "致し", "いたし"},
	{"style.kanji-aux", "頂([きけいく])", "いただ$1"},
	{"style.kanji-aux", "出来", "でき"},
	{"style.kanji-aux", "有難う|有り難う", "ありがとう"},
	{"style.kanji-aux", "宜しく", "よろしく"},
	{"style.kanji-aux", "御座い", "ござい"},
	{"style.gozonji", "ご存知", "ご存じ"},
	{"address.not-sama",
	 "((?:会社|法人|商店|商会|工業|製作所|組合|協会|病院|大学).{0,30})"
	 "(?:さん|さま|殿|君|くん|氏)$",
	 NULL},
	{"address.not-sama", "様[ 　]*(?:さん|さま|殿|君|くん|氏)$", "様"},
	{"address.not-sama", "(?:さん|さま|殿|君|くん|氏)$", "様"},
	{"address.sama-sama", "(?:様|さま)(?:様|さま|殿|さん)", "様"},
	{"address.kakui-sama", "各位(?:様|さま|殿|御中)", "各位"},
	{"address.onsha", "御社", "貴社"},
	{"address.company-short", "\\(株\\)", "株式会社"},
	{"address.company-short", "\\(有\\)", "有限会社"},
	{"excess.prefix-twice", "ごご|御ご|ご御|御御", "ご"},
	{"excess.prefix-twice", "おお|御お|お御", "お"},
	{"excess.o-katakana", "[おご](?=[ァ-ヶA-Z])", ""},
	{"form.repeated-punct", "。{2,}|。、|、。", "。"},
	{"form.repeated-punct", "、{2,}", "、"},
	{"form.repeated-word", "(.{2,}?)\\1", "$1"},
	{"form.suru-twice", "しし", "し"},
	{"form.typo", "を{2,}", "を"},
	{"form.typo", "が{2,}", "が"},
	{"form.typo", "に{2,}", "に"},
	{"form.typo", "の{2,}", "の"},
	{"form.kanji-twice", "(.)\\1", "$1"},
	{"letter.first-person", "(?:僕|俺|ぼく|オレ)の(?:ほう|方)で", "こちらで"},
	{"letter.first-person", "(?:僕|俺|ぼく|オレ)(?:ら|たち|達)", "私ども"},
	{"letter.first-person", "僕|俺|ぼく|オレ", "私"},
	{"letter.first-person", "うち|ウチ", "弊社"},
	/* the weekday alone: 11月20日（木） */
	{"guard.weekday",
	 "(?<=[(、・])[日月火水木金土](?=[)・、])|[日月火水木金土](?=曜)",
	 "$0"},
};

/* These say in their suggestion what has to stand there. */
static const char *const literal[] = {"form.phrase-typo", "form.miswritten",
				      "guard.addressee"};

static bool
is_for(const char *rule, const struct mdg_finding *f)
{
	size_t n = strlen(rule);

	return mdg_streq(rule, f->rule) ||
	       (strncmp(rule, f->rule, n) == 0 && f->rule[n] == '-');
}

const struct sentence *
lint_sentence_at(const struct draft *d, size_t start, size_t end)
{
	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		if (s->len > 0 && s->at[0] <= start && s->at[s->len] >= end)
			return s;
	}
	return NULL;
}

static bool
substitute(struct lint_run *run, const struct fix *x, const struct sentence *s,
	   struct mdg_finding *f)
{
	struct mdg_lint *l = run->lint;
	int why;
	size_t where, at = 0;
	bool found = false;
	pcre2_code *code =
		pcre2_compile((PCRE2_SPTR)x->pattern, PCRE2_ZERO_TERMINATED,
			      PCRE2_UTF | PCRE2_UCP, &why, &where, NULL);

	MDG_BUG_ON(!code);
	while (!found && at < s->len &&
	       pcre2_match(code, (PCRE2_SPTR)s->s, s->len, at,
			   PCRE2_NO_UTF_CHECK, l->match, l->context) > 0) {
		size_t *v = pcre2_get_ovector_pointer(l->match);
		size_t from = s->at[v[0]], to = s->at[v[1]];
		size_t began = at;
		at = v[1] > at ? v[1] : at + 1;
		if (from >= f->end || to <= f->start)
			continue;
		if (!x->with) {
			found = true;
			break;
		}
		PCRE2_UCHAR out[FIX_BYTES_MAX];
		size_t n = sizeof(out);
		/* only this match, seen in its sentence */
		if (pcre2_substitute(code, (PCRE2_SPTR)s->s, s->len, began,
				     PCRE2_NO_UTF_CHECK |
					     PCRE2_SUBSTITUTE_MATCHED |
					     PCRE2_SUBSTITUTE_REPLACEMENT_ONLY,
				     l->match, l->context, (PCRE2_SPTR)x->with,
				     PCRE2_ZERO_TERMINATED, out, &n) < 1)
			break;
		f->fix = mdg_arena_strndup(run->arena, (const char *)out, n);
		f->fix_start = from;
		f->fix_end = to;
		found = true;
	}
	pcre2_code_free(code);
	return found;
}

/* -- of the signs alone -------------------------------------------------- */

static const char *
raw_at(const struct lint_run *run, size_t at)
{
	return run->in->text + mdg_utf8_offset(run->in->text, run->draft.n, at);
}

static bool
is_one_of(const char *s, const char *const *list)
{
	for (; *list; list++)
		if (mdg_str_starts(s, *list))
			return true;
	return false;
}

static bool
is_kana_or_kanji(const char *s)
{
	uint32_t c;

	mdg_utf8_next(s, strlen(s), &c);
	return (c >= 0x3041 && c <= 0x3096) || (c >= 0x4E00 && c <= 0x9FFF);
}

/* An emoji or the like ends its sentence, if nothing else does. */
static bool
drop(struct lint_run *run, struct mdg_finding *f)
{
	static const char *const said[] = {"す", "ん", "た", "い",
					   "せ", "か", NULL};
	static const char *const faces[] = {"笑", "泣", "爆", "汗", NULL};
	static const char *const stops[] = {"。", "、", "」", "）", ")",
					    "！", "？", "!",  "?",  NULL};
	const char *end = run->in->text + run->draft.n;
	size_t from = f->start, to = f->end;

	/* 通りですｗ is found from す on */
	while (from + 1 < f->end && is_kana_or_kanji(raw_at(run, from)) &&
	       !is_one_of(raw_at(run, from), faces))
		from++;
	while (from > 0 && (mdg_str_starts(raw_at(run, from - 1), "〜") ||
			    mdg_str_starts(raw_at(run, from - 1), "～")))
		from--;
	while (raw_at(run, to) < end && *raw_at(run, to) == ' ')
		to++;
	const char *next = raw_at(run, to);
	bool last =
		next >= end || *next == '\n' || *next == '\r' || to > f->end;
	const char *before = from > 0 ? raw_at(run, from - 1) : "";
	bool sentence = (last && is_kana_or_kanji(before)) ||
			(!(next < end && is_one_of(next, stops)) &&
			 is_one_of(before, said));
	f->fix = sentence ? "。" : "";
	f->fix_start = from;
	f->fix_end = sentence ? to : f->end;
	return true;
}

/* What the signs there are when folded. */
static bool
fold_signs(struct lint_run *run, struct mdg_finding *f)
{
	const char *s = raw_at(run, f->start), *end = raw_at(run, f->end);
	struct mdg_buf b = {0};

	mdg_fold(&b, s, (size_t)(end - s), 0);
	f->fix = mdg_arena_strndup(run->arena, mdg_buf_str(&b), b.len);
	f->fix_start = f->start;
	f->fix_end = f->end;
	mdg_buf_clear(&b);
	return true;
}

static bool
is_wide(const char *s)
{
	uint32_t c;

	mdg_utf8_next(s, strlen(s), &c);
	return (c >= 0xFF10 && c <= 0xFF19) || (c >= 0xFF21 && c <= 0xFF3A) ||
	       (c >= 0xFF41 && c <= 0xFF5A);
}

/* Letters and figures to ASCII, and nothing else. */
static bool
narrow(struct lint_run *run, struct mdg_finding *f)
{
	struct mdg_buf b = {0};
	size_t from = f->start;

	while (from > 0 && is_wide(raw_at(run, from - 1)))
		from--;
	const char *s = raw_at(run, from), *end = raw_at(run, f->end);
	while (s < end) {
		uint32_t c;
		size_t n = mdg_utf8_next(s, (size_t)(end - s), &c);
		if (is_wide(s))
			mdg_buf_putc(&b, (char)(c - 0xFEE0));
		else
			mdg_buf_put(&b, s, n);
		s += n;
	}
	f->fix = mdg_arena_strndup(run->arena, mdg_buf_str(&b), b.len);
	f->fix_start = from;
	f->fix_end = f->end;
	mdg_buf_clear(&b);
	return true;
}

/* ① is (1), ㈱ a whole word; the rest says in NFKC what it is. */
static bool
spell_out(struct lint_run *run, struct mdg_finding *f)
{
	static const struct {
		const char *sign, *words;
	} signs[] = {{"㈱", "株式会社"}, {"㈲", "有限会社"}, {"№", "No."}};
	size_t from = f->start;
	struct mdg_buf b = {0};

	/* ２㎏ is not to become ２kg */
	while (from > 0 && is_wide(raw_at(run, from - 1)))
		from--;
	const char *s = raw_at(run, from), *end = raw_at(run, f->end);
	while (s < end) {
		const char *words = NULL;
		uint32_t c;
		size_t n = mdg_utf8_next(s, (size_t)(end - s), &c);
		for (size_t i = 0; i < MDG_LEN(signs); i++)
			if (mdg_str_starts(s, signs[i].sign))
				words = signs[i].words;
		if (words)
			mdg_buf_puts(&b, words);
		else if (c >= 0x2460 && c <= 0x2473)
			mdg_buf_printf(&b, "(%d)", (int)(c - 0x245F));
		else if (c >= 0x2776 && c <= 0x2793)
			mdg_buf_printf(&b, "(%d)", (int)(c - 0x2776) % 10 + 1);
		else
			mdg_fold(&b, s, n, 0);
		s += n;
	}
	f->fix = mdg_arena_strndup(run->arena, mdg_buf_str(&b), b.len);
	f->fix_start = from;
	f->fix_end = f->end;
	mdg_buf_clear(&b);
	return true;
}

static const struct {
	const char *rule;
	bool (*mend)(struct lint_run *run, struct mdg_finding *f);
} by_signs[] = {
	{"casual.emoji", drop},         {"casual.marks", drop},
	{"form.half-kana", fold_signs}, {"form.fullwidth", narrow},
	{"form.mixed-width", narrow},   {"form.platform", spell_out},
	{"excess.sasete-sentence", lint_fix_sasete},
};

/* The weekday alone: the one in the brackets of the suggestion. */
static void
name_weekday(struct lint_run *run, struct mdg_finding *f)
{
	const char *open = strstr(f->suggestion, "（");

	if (f->fix && open)
		f->fix = mdg_arena_strndup(run->arena, open + strlen("（"),
					   strlen("金"));
}

static void
fix(struct lint_run *run, struct mdg_finding *f)
{
	const struct sentence *s = lint_sentence_at(&run->draft, f->start, f->end);

	for (size_t i = 0; i < MDG_LEN(by_signs); i++)
		if (mdg_streq(by_signs[i].rule, f->rule)) {
			by_signs[i].mend(run, f);
			return;
		}
	for (size_t i = 0; i < MDG_LEN(literal); i++)
		if (mdg_streq(literal[i], f->rule) && *f->suggestion) {
			f->fix = f->suggestion;
			f->fix_start = f->start;
			f->fix_end = f->end;
			return;
		}
	for (size_t i = 0; s && i < MDG_LEN(fixes); i++)
		if (is_for(fixes[i].rule, f) &&
		    substitute(run, &fixes[i], s, f)) {
			if (mdg_streq(f->rule, "guard.weekday"))
				name_weekday(run, f);
			return;
		}
}

void
lint_find_fixes(struct lint_run *run)
{
	for (size_t i = 0; i < run->n; i++)
		if (run->v[i].start < run->v[i].end)
			fix(run, &run->v[i]);
}
