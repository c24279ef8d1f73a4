/* The mis-send guard: what is said of attachments, and what there is. */
#include <string.h>

#include "lint_run.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

/* What says that something comes with this mail … */
static const char *const says[] = {"添付いたし",
				   "添付して",
				   "添付し",
				   "添付の",
				   "添付ファイル",
				   "添付資料",
				   "添付させ",
				   "添付申し上げ",
				   "別添",
				   "添付に",
				   "添付をご",
				   "(添付)",
				   "添付でお",
				   "メールにお付け",
				   "メールに添え",
				   "メールにつけ",
				   "メールに付け",
				   "ファイルをお付け",
				   "ファイルをお送りいたし",
				   "ファイルをお送りしま",
				   "PDFをお送りいたし",
				   "PDFをお送りしま",
				   "PDFをお付け",
				   "PDF)をお送り",
				   "PDFでお送り",
				   "PDFにてお送り",
				   "データをお送りいたし",
				   "別紙のとおり",
				   "別紙の通り",
				   "別紙をご",
				   "別紙にて",
				   "別紙に記",
				   "ご査収",
				   "同封いたし",
				   "同封して",
				   "同封し",
				   "同封のとおり"};
/* what they sent or are to send, and what is said of files at all */
static const char *const theirs[] = {"添付していただ",
				     "添付のうえ",
				     "添付いただ",
				     "添付してください",
				     "添付ください",
				     "添付の上",
				     "添付してお送り",
				     "添付され",
				     "添付して頂",
				     "添付し、ご返信",
				     "添付をお願い",
				     "添付文書",
				     "添付する方法",
				     "添付でき",
				     "添付がござい",
				     "添付があり",
				     "添付が見",
				     "いただいた添付",
				     "お客様の添付",
				     "付きのメール",
				     "容量",
				     "開けません",
				     "開けなかった",
				     "開くことができ",
				     "先日のメール",
				     "前回のメール",
				     "以前のメール",
				     "昨日のメール",
				     "MBまで",
				     "KBまで",
				     "GBまで",
				     "商品に",
				     "製品に",
				     "本体に",
				     "箱に",
				     "くださった",
				     "拝見いたし",
				     "拝見しまし",
				     "拝受いたし",
				     "添付しておりません",
				     "添付はして",
				     "添付はあり",
				     "添付はござい",
				     "添付ファイルはお",
				     "添付ファイルはご",
				     "添付いたしておりません",
				     "添付してご返",
				     "添付してご連絡",
				     "添付して返信",
				     "添付してメール",
				     "添付してお知らせ",
				     "添付いたしかね",
				     "添付しかね",
				     "添付しない",
				     "添付なさ",
				     "添付する機能",
				     "同封してくだ",
				     "同封していただ",
				     "同封のうえ",
				     "同封し、",
				     "同封されて",
				     "同封できません",
				     "同封しており",
				     "同封してござい",
				     "同梱",
				     "発送",
				     "郵送",
				     "郵便",
				     "お届け",
				     "荷物",
				     "小包",
				     "封筒",
				     "パッケージ",
				     "箱の",
				     "後日",
				     "追って",
				     "改めてお送り",
				     "でき次第",
				     "次第お送り",
				     "次第、",
				     "添付していません",
				     NULL};
static const char *const says_en[] = {
	"ee attached",       "ee the attached",  "ttached is",
	"ttached are",       "is attached",      "are attached",
	"ttached please",    "find attached",    "find enclosed",
	"find the attached", "have attached",    "'ve attached",
	"am attaching",      "ttached to this",  "he attached",
	"ttached you will",  "nclosed is",       "nclosed please",
	"find the enclosed", "have enclosed",    "am enclosing",
	"are enclosing",     "as an attachment", "n the attachment",
	"ee attachment",     "ttached file",     "ttached PDF"};
static const char *const theirs_en[] = {
	"you attached",   "you have attached", "you sent",    "you've attached",
	"not attached",   "no attach",         "your attach", "ou attached",
	"for the attach", "received the",      "n the box",   "n the parcel",
	"n the package",  "ithout attach",     NULL};

/* A sentence that says that something comes with this mail. */
static const char *
says_attached(const struct sentence *s)
{
	if (lint_has_any(s->s, s->len, theirs) ||
	    lint_has_any(s->s, s->len, theirs_en))
		return NULL;
	for (size_t i = 0; i < MDG_LEN(says_en); i++) {
		const char *p =
			memmem(s->s, s->len, says_en[i], strlen(says_en[i]));
		if (p)
			return p;
	}
	for (size_t i = 0; i < MDG_LEN(says); i++) {
		const char *p = memmem(s->s, s->len, says[i], strlen(says[i]));
		if (p)
			return p;
	}
	return NULL;
}

static void
attachment_missing(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;

	(void)arg;
	if (!(run->in->flags & MDG_LINT_NOT_ATTACHED))
		return;
	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		const char *p = says_attached(s);
		if (p)
			lint_emit(run, s->at[p - s->s],
				  s->at[p - s->s + (long)strlen("添付")]);
	}
}

static void
attachment_unmentioned(struct lint_run *run, long arg)
{
	static const char *const words[] = {
		"添付",     "別添",     "同封",   "別紙",    "資料",
		"ファイル", "見積書",   "請求書", "領収書",  "領収証",
		"納品書",   "写真",     "画像",   "図面",    "カタログ",
		"PDF",      "書類",     "お付け", "添え",    "証明書",
		"手順書",   "説明書",   "明細",   "用紙",    "申込書",
		"契約書",   "の写し",   "案内図", "ttach",   "nclos",
		"invoice",  "document", "photo",  "receipt", "file",
		NULL};
	const struct draft *d = &run->draft;

	(void)arg;
	if (!(run->in->flags & MDG_LINT_ATTACHED))
		return;
	for (size_t i = 0; i < d->sentences_n; i++)
		if (lint_has_any(d->sentences[i].s, d->sentences[i].len, words))
			return;
	lint_emit(run, d->chars, d->chars);
}

static const struct lint_check checks[] = {
	{"attachment_missing", attachment_missing},
	{"attachment_unmentioned", attachment_unmentioned},
};

lint_check_fn *
lint_attach_find(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(checks); i++)
		if (mdg_streq(checks[i].name, name))
			return checks[i].fn;
	return lint_date_find(name);
}
