/* 営業: does a mail offer something, instead of asking for something? It is
 * only ever a hint for people: nothing is closed or left out for it. */
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/thread.h"
#include "madoguchi/text/fold.h"

enum { SALES_POINTS = 5 };

/* Points for each family of words that occurs, once: who speaks, to whom, of
 * what, for how much, and what is wanted. Below zero is what customers say of
 * their own matter. */
static const struct {
	int points;
	const char *words[32];
} families[] = {
	/* how a stranger begins */
	{1,
	 {"突然の", "初めてご連絡", "はじめてご連絡", "はじめまして",
	  "代表者様", "経営者様", "ご責任者", "ご担当者様", "ご担当の方",
	  "拝見し", "と申します", "visited your", "came across your",
	  "dear sir", "we are a", "ご案内まで", "ご案内です", "のご案内"}},
	/* who they are: somebody who sells */
	{2, {"提供しており",    "ご案内しており",
	     "行っており",      "手がける",
	     "展開しており",    "支援しており",
	     "ご用意し",        "承る",
	     "承って",          "お受けして",
	     "お引き受け",      "代行",
	     "募集中",          "募集しており",
	     "専門の",          "新設いたしました",
	     "実施中",          "開催いたし",
	     "の会社です",      "様専門",
	     "we offer",        "our services",
	     "manufacturer of", "establish business",
	     "ご紹介できます",  "ご案内でき",
	     "ご紹介です",      "ご紹介いたし",
	     "ご提案"}},
	/* to whom: firms, not us */
	{1,
	 {"法人様", "企業様", "貴社", "御社", "貴店", "店様", "事業主様",
	  "中小企業", "your business", "your website", "your esteemed"}},
	/* what it brings us */
	{2, {"増や",           "伸ばせ",     "伸ばし",
	     "削減",           "抑え",       "節税",
	     "売上が",         "売上拡大",   "集客",
	     "実績",           "事例",       "成果報酬",
	     "平均で",         "平均1",      "最大",
	     "見込みです",     "改善点",     "seo",
	     "補助金を",       "採用支援",   "新規開拓",
	     "アポイント獲得", "お手伝い",   "お悩み",
	     "お困りでは",     "即日",       "翌日",
	     "全国対応",       "guaranteed", "保証いたし",
	     "見直し",         "掲載し"}},
	/* what it costs, which is little */
	{2, {"無料",         "格安",           "円から",
	     "円で",         "円〜",           "円です",
	     "限定",         "特別価格",       "半額",
	     "0円",          "残りわずか",     "残り2",
	     "残り1",        "いただきません", "費用は一切",
	     "かかりません", "今回に限り",     "affordable",
	     "catalogue",    "キャンペーン",   "新プラン",
	     "プランを"}},
	/* what is wanted of us */
	{2,
	 {"お時間をいただけ",
	  "ご興味",
	  "ご関心",
	  "しませんか",
	  "いたしませんか",
	  "打ち合わせの機会",
	  "お話しでき",
	  "お申し込みください",
	  "ご検討いただけ",
	  "お試しください",
	  "quick call",
	  "お気軽に",
	  "ご希望の",
	  "お取り次ぎ",
	  "ご返信いただけ",
	  "ご返信ください",
	  "ご返信くださいませ",
	  "ご参加を",
	  "お聞かせ",
	  "情報交換",
	  "お渡しください",
	  "ご都合",
	  "ご覧ください",
	  "診断",
	  "ご内見",
	  "ご試飲",
	  "ご依頼ください",
	  "とだけご返信",
	  "we would like",
	  "資料は",
	  "資料請求は",
	  "お知らせください"}},
	/* that they know */
	{2, {"ご案内が不要", "配信停止」とご", "unsubscribe"}},
	/* a customer of ours */
	{-6,
	 {"注文番号",
	  "注文した",
	  "ordered",
	  "購入した",
	  "購入しました",
	  "届きません",
	  "届いていません",
	  "届かない",
	  "来ません",
	  "返品",
	  "返金",
	  "解約",
	  "ログインでき",
	  "使えません",
	  "故障",
	  "電源が",
	  "修理",
	  "水漏れ",
	  "止めて",
	  "取り消し",
	  "二重に",
	  "応募しました",
	  "申し込んだ",
	  "申し込みました",
	  "申し込んで",
	  "使用しており",
	  "いただいておりません",
	  "stopped working",
	  "return it",
	  "つながりません",
	  "迷惑して",
	  "エラーに"}},
	{-4,
	 {"教えて",
	  "できますか",

	  "購入したい",
	  "申し込みたい",
	  "変更したい",
	  "支障が",
	  "再発行",
	  "請求",
	  "契約書",
	  "知りたい",
	  "お願いできますか",
	  "よろしいでしょうか",
	  "可能でしょうか",
	  "いただけますか",
	  "が必要です",
	  "いくらに",
	  "いつ頃",
	  "お願いします",
	  "お願いいたします",
	  "please tell",
	  "could you",
	  "相談したく",
	  "検討しています",
	  "導入を進め",
	  "お伝えください",
	  "者です",
	  "したいのですが",
	  "したいと",
	  "いただけますでしょうか",
	  "したい。"}},
};

/* The words as a folded text has them: made once, asked for at each mail. */
static const char *
folded_word(size_t family, size_t i)
{
	static char *all[MDG_LEN(families)][MDG_LEN(families[0].words)];
	const char *word = families[family].words[i];

	if (!all[family][i]) {
		struct mdg_buf w = {0};
		mdg_fold(&w, word, strlen(word), MDG_FOLD_SEARCH);
		all[family][i] = mdg_buf_steal(&w);
	}
	return all[family][i];
}

static bool
any_of(const char *text, size_t family)
{
	for (size_t i = 0; i < MDG_LEN(families[0].words); i++) {
		if (!families[family].words[i])
			break;
		if (strstr(text, folded_word(family, i)))
			return true;
	}
	return false;
}

bool
mdg_text_is_sales(const char *text)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	int sum = 0;

	mdg_fold(&folded, text, strlen(text), MDG_FOLD_SEARCH);
	for (size_t i = 0; i < MDG_LEN(families); i++)
		if (any_of(mdg_buf_str(&folded), i))
			sum += families[i].points;
	return sum >= SALES_POINTS;
}
