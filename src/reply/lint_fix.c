/* One-key fixes: what a finding can be mended with, word for word. */
#include <string.h>

#include "lint_run.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

enum { FIX_BYTES_MAX = 1000 };

/* The first that matches at the finding wins. */
static const struct fix {
	const char *rule; /* or its family, "form." */
	const char *pattern, *with;
} fixes[] = {
	{"double.ni-narareru", "になられ(た|て)", "になっ$1"},
	{"double.ni-narareru", "になられ(ま[すし])", "になり$1"},
	{"double.ni-narareru", "になられる", "になる"},
	{"double.ossharareru", "(?:おっしゃ|仰)られ(た|て)", "おっしゃっ$1"},
	{"double.ossharareru", "(?:おっしゃ|仰)られ(ま[すし])", "おっしゃい$1"},
	{"double.ossharareru", "(?:おっしゃ|仰)られる", "おっしゃる"},
	{"double.go-sareru", "([ご御][一-龥々]{2,6})され(た|て)", "$1になっ$2"},
	{"double.go-sareru", "([ご御][一-龥々]{2,6})され(ま[すし])",
	 "$1になり$2"},
	{"double.go-sareru", "([ご御][一-龥々]{2,6})される", "$1になる"},
	{"double.nasareru", "なされ(ま[すし])", "なさい$1"},
	{"double.nasareru", "なされ(た|て)", "なさっ$1"},
	{"double.haiken-sasete", "させて(?:いただき|頂き)(ま[すし])",
	 "いたし$1"},
	{"double.ukagai-sasete", "お伺いさせて(?:いただき|頂き)(ま[すし])",
	 "お伺いいたし$1"},
	{"double.ukagai-sasete", "伺わさ?せて(?:いただき|頂き)(ま[すし])",
	 "お伺いし$1"},
	{"double.go-haiken", "[ごお御](拝[一-龥])", "$1"},
	{"mixup.go-shite-kudasai",
	 "([ご御][一-龥々ァ-ヶー]{1,8})して(くださ|下さ|いただ|頂)", "$1$2"},
	{"mixup.o-shite-kudasai",
	 "(お[一-龥ぁ-ん]{1,8}?)して(くださ|下さ|いただ|頂)", "$1$2"},
	{"mixup.go-dekiru",
	 "([ご御][一-龥々]{2,6})(?:でき|出来)(?=[るまなたて])", "$1いただけ"},
	{"mixup.o-dekiru",
	 "(お[一-龥ぁ-ん]{1,8}?)(?:でき|出来)(?=[るまなたて])", "$1いただけ"},
	{"mixup.go-shita-noun", "([ご御][一-龥々]{2,6})した", "$1いただいた"},
	{"mixup.o-shita-noun", "(お[一-龥ぁ-ん]{1,8}?)した", "$1いただいた"},
	{"mixup.our-go-noun", "の[ごお御]", "の"},
	{"rude.ryoukai", "(?:了解|了承)(?:いた)?しました", "承知いたしました"},
	{"rude.ryoukai", "(?:了解|承知)です", "承知いたしました"},
	{"rude.gomen", "(?:すみません|すいません)が", "恐れ入りますが"},
	{"rude.gomen", "(?:すみません|すいません|ごめんなさい)でした",
	 "申し訳ございませんでした"},
	{"rude.gomen", "(?:すみません|すいません|ごめんなさい)",
	 "申し訳ございません"},
	{"rude.wakarimashita", "(?:分|わ|解)かりました", "承知いたしました"},
	{"rude.gokurou", "ご?苦労(?:様|さま)(?:です|でした)",
	 "ありがとうございます"},
	{"rude.te-morau", "てもらえますか", "ていただけますでしょうか"},
	{"manual.yoroshikatta",
	 "(?:よろしかった|宜しかった|よかった)"
	 "(?:でしょうか|ですか)",
	 "よろしいでしょうか"},
	{"manual.no-hou", "の(?:ほう|方)", ""},
	{"manual.daijoubu", "大丈夫です", "問題ございません"},
	{"manual.daijoubu", "大丈夫でしょうか", "よろしいでしょうか"},
	{"verb.i-nuki", "([てで])(ま[すし])", "$1い$2"},
	{"verb.sa-ire", "([かがまらわばたな])さ(せて)", "$1$2"},
	{"excess.sasete", "させて(?:いただき|頂き)(ま[すし])", "いたし$1"},
	{"excess.sasete", "させて(?:いただく|頂く)", "いたす"},
	{"casual.ichiou", "とりあえず|取り敢えず|取りあえず", "まずは"},
	{"casual.ichiou", "一応", "念のため"},
	{"casual.time", "さっき", "先ほど"},
	{"casual.time", "あとで", "後ほど"},
	{"casual.time", "こないだ|この間", "先日"},
	{"casual.words", "やっぱり?", "やはり"},
	{"casual.words", "ちょっと", "少々"},
	{"casual.words", "すっ?ごく|めっちゃ|とっても", "大変"},
	{"casual.words", "だいたい", "おおよそ"},
	{"casual.words", "いろんな", "さまざまな"},
	{"casual.words", "ぜんぜん", "まったく"},
	{"casual.tteiu", "っていう", "という"},
	{"casual.ndesu", "んです", "のです"},
	{"casual.conjunction", "^なので", "そのため"},
	{"casual.conjunction", "^でも", "しかしながら"},
	{"casual.conjunction", "^だから", "そのため"},
	{"casual.conjunction", "^あと", "また"},
	{"casual.sonna", "そんな", "そのような"},
	{"casual.sonna", "こんな", "このような"},
	{"casual.emoji", ".+", ""},
	{"casual.exclamation", "!", "。"},
	{"style.kanji-aux", "下さい", "ください"},
	{"style.kanji-aux", "致し", "いたし"},
	{"style.kanji-aux", "頂([きけいく])", "いただ$1"},
	{"style.kanji-aux", "出来", "でき"},
	{"style.kanji-aux", "有難う|有り難う", "ありがとう"},
	{"style.kanji-aux", "宜しく", "よろしく"},
	{"style.kanji-aux", "御座い", "ござい"},
	{"style.gozonji", "ご存知", "ご存じ"},
	{"address.not-sama", "(?:さん|さま|殿|君|くん|氏)$", "様"},
	{"address.sama-sama", "(?:様|さま)(?:様|さま|殿|さん)", "様"},
	{"address.kakui-sama", "各位(?:様|さま|殿|御中)", "各位"},
	{"address.onsha", "御社", "貴社"},
	{"address.company-short", "\\(株\\)", "株式会社"},
	{"address.company-short", "\\(有\\)", "有限会社"},
	{"excess.prefix-twice", "ごご|御ご|ご御|御御", "ご"},
	{"excess.prefix-twice", "おお|御お|お御", "お"},
	{"excess.o-katakana", "[おご](?=[ァ-ヶ])", ""},
	{"form.half-kana", ".+", "$0"},
	{"form.fullwidth", ".+", "$0"},
	{"form.repeated-punct", "。{2,}|。、|、。", "。"},
	{"form.repeated-punct", "、{2,}", "、"},
	{"form.repeated-word", "(.{2,}?)\\1", "$1"},
	{"form.suru-twice", "しし", "し"},
	{"form.typo", "をを", "を"},
	{"form.typo", "がが", "が"},
	{"form.typo", "にに", "に"},
	{"form.typo", "のの", "の"},
	{"form.kanji-twice", "(.)\\1", "$1"},
	{"letter.first-person", "僕|俺|ぼく|オレ", "私"},
	{"letter.first-person", "うち|ウチ", "弊社"},
};

/* These say in their suggestion what has to stand there. */
static const char *const literal[] = {"form.phrase-typo", "guard.weekday",
				      "guard.addressee"};

static bool
is_for(const char *rule, const struct mdg_finding *f)
{
	size_t n = strlen(rule);

	return mdg_streq(rule, f->rule) ||
	       (strncmp(rule, f->rule, n) == 0 && f->rule[n] == '-');
}

/* The sentence that a place is in; NULL: none. */
static const struct sentence *
sentence_at(const struct draft *d, size_t start, size_t end)
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

static void
fix(struct lint_run *run, struct mdg_finding *f)
{
	const struct sentence *s = sentence_at(&run->draft, f->start, f->end);

	for (size_t i = 0; i < MDG_LEN(literal); i++)
		if (mdg_streq(literal[i], f->rule)) {
			f->fix = f->suggestion;
			f->fix_start = f->start;
			f->fix_end = f->end;
			return;
		}
	for (size_t i = 0; s && i < MDG_LEN(fixes); i++)
		if (is_for(fixes[i].rule, f) &&
		    substitute(run, &fixes[i], s, f))
			return;
}

void
lint_find_fixes(struct lint_run *run)
{
	for (size_t i = 0; i < run->n; i++)
		if (run->v[i].start < run->v[i].end)
			fix(run, &run->v[i]);
}
