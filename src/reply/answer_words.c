/* The words that people use for commands. */
#include <string.h>

#include "answer_int.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

enum { REWRITTEN_MAX = 48 };
enum takes { NOTHING, ARG, TEXT };

static const struct {
	enum mdg_answer_cmd cmd;
	enum takes takes;
	const char *words[14]; /* folded; the first is ours */
	const char *english[8];
} table[] = {
	{MDG_ANSWER_CORRECT,
	 TEXT,
	 {"修正して承認", "修正承認", "直して承認", "修正の上承認",
	  "修正のうえ承認"},
	 {"approve with changes", "correct and approve", "correct"}},
	{MDG_ANSWER_SUBMIT,
	 TEXT,
	 {"承認依頼", "承認を依頼", "承認を依頼する", "承認申請", "申請",
	  "承認をお願いします", "承認お願いします", "承認願います",
	  "承認依頼お願いします"},
	 {"submit", "ask for approval", "request approval"}},
	{MDG_ANSWER_WITHDRAW,
	 NOTHING,
	 {"依頼取消", "依頼取り消し", "依頼取消し", "依頼を取り消す",
	  "依頼の取消", "承認依頼取消", "承認依頼を取り消す", "取り下げ",
	  "取下げ", "依頼を取り下げる", "依頼を取り下げ", "承認依頼を取り下げ",
	  "承認依頼の取消"},
	 {"withdraw"}},
	{MDG_ANSWER_APPROVE,
	 NOTHING,
	 {"承認", "承認する", "承認しました", "承認いたします", "承認致します",
	  "承認で", "承認ok", "ok承認", "しょうにん"},
	 {"approve", "approved", "i approve"}},
	{MDG_ANSWER_RETURN,
	 TEXT,
	 {"差し戻し", "差戻し", "差戻", "さしもどし", "差しもどし", "返却",
	  "差し戻す", "差し戻しする", "差し戻します"},
	 {"return", "send back", "returned", "reject"}},
	{MDG_ANSWER_SEND,
	 NOTHING,
	 {"送信", "送信する", "送信してください", "送信して下さい", "送信で",
	  "送る", "そうしん"},
	 {"send", "send it"}},
	{MDG_ANSWER_CANCEL,
	 NOTHING,
	 {"取消", "取り消し", "取消し", "取り消す", "送信取消",
	  "送信を取り消す", "キャンセル", "中止", "送信中止", "取りやめ",
	  "とりけし", "送信を取り消し"},
	 {"cancel", "stop"}},
	{MDG_ANSWER_SCHEDULE,
	 ARG,
	 {"予約", "送信予約", "予約送信"},
	 {"schedule", "send at"}},
	{MDG_ANSWER_HOLD, ARG, {"保留", "ほりゅう"}, {"hold", "on hold"}},
	{MDG_ANSWER_NO_REPLY,
	 NOTHING,
	 {"返信不要", "返信なし", "対応不要", "回答不要", "へんしんふよう"},
	 {"no reply", "no reply needed"}},
	{MDG_ANSWER_THANKS,
	 NOTHING,
	 {"お礼", "御礼", "お礼メール", "おれい"},
	 {"thanks only", "thank-you", "thanks"}},
	{MDG_ANSWER_SPAM,
	 NOTHING,
	 {"迷惑", "迷惑メール", "スパム", "めいわく"},
	 {"spam", "junk"}},
	{MDG_ANSWER_RESCUE,
	 ARG,
	 {"救出", "迷惑でない", "迷惑ではない", "迷惑メールではない"},
	 {"rescue", "not spam", "not junk"}},
	{MDG_ANSWER_ASSIGN,
	 ARG,
	 {"担当", "担当者", "担当変更", "担当を変更", "たんとう"},
	 {"assign", "assign to"}},
	{MDG_ANSWER_TAKE,
	 NOTHING,
	 {"交代", "担当交代", "担当を代わる", "代わる", "代わります",
	  "引き継ぎます", "担当する", "担当します", "対応する", "対応します",
	  "こうたい"},
	 {"take", "take over", "mine"}},
	{MDG_ANSWER_CATEGORY,
	 ARG,
	 {"分類", "カテゴリ", "カテゴリー"},
	 {"category"}},
	{MDG_ANSWER_COMMENT,
	 TEXT,
	 {"コメント", "メモ", "社内メモ"},
	 {"comment", "note"}},
	{MDG_ANSWER_INQUIRE,
	 TEXT,
	 {"照会", "照会する", "社内照会"},
	 {"inquire", "ask"}},
	{MDG_ANSWER_PROMISE,
	 ARG,
	 {"お約束", "約束", "回答予定"},
	 {"promise", "due"}},
	{MDG_ANSWER_DONE,
	 NOTHING,
	 {"完了", "対応済み", "対応済", "対応完了", "済み", "完了する",
	  "かんりょう"},
	 {"done", "close", "closed"}},
	{MDG_ANSWER_LIST,
	 NOTHING,
	 {"一覧", "リスト", "いちらん", "一覧表示"},
	 {"list", "queue"}},
	{MDG_ANSWER_HELP,
	 NOTHING,
	 {"ヘルプ", "使い方", "つかいかた", "へるぷ"},
	 {"help", "?"}},
	{MDG_ANSWER_TEST, NOTHING, {"テスト", "てすと"}, {"test"}},
};

/* What people put behind a command out of politeness. */
enum tail {
	PLAIN, /* 承認します */
	ASKED, /* 保留にしてください: to approve, they themselves are asked */
	PAST, /* 承認しました; but 送信しました tells of something */
};
static const struct {
	const char *words;
	enum tail tail;
} polite[] = {
	{"でお願いいたします", PLAIN},
	{"でお願い致します", PLAIN},
	{"でお願いします", PLAIN},
	{"をお願いいたします", PLAIN},
	{"をお願い致します", PLAIN},
	{"をお願いします", PLAIN},
	{"お願いいたします", PLAIN},
	{"お願い致します", PLAIN},
	{"お願いします", PLAIN},
	{"いたします", PLAIN},
	{"致します", PLAIN},
	{"します", PLAIN},
	{"する", PLAIN},
	{"です", PLAIN},
	{"にします", PLAIN},
	{"にする", PLAIN},
	{"ます", PLAIN},
	{"させていただきます", PLAIN},
	{"させて頂きます", PLAIN},
	{" please", PLAIN},
	{"してください", ASKED},
	{"して下さい", ASKED},
	{"にしてください", ASKED},
	{"にして下さい", ASKED},
	{"てください", ASKED},
	{"て下さい", ASKED},
	{"して", ASKED},
	{"て", ASKED},
	{"をください", ASKED},
	{"を下さい", ASKED},
	{"しました", PAST},
	{"いたしました", PAST},
	{"致しました", PAST},
};

/* Blanks, full stops and brackets off both ends. */
static size_t
trimmed(const char **s, size_t n)
{
	static const char *const ends[] = {"。", "、", "!",  ".",  ",",  "…",
					   " ",  "\t", "」", "】", "』", "\""};
	static const char *const begins[] = {" ",  "\t", "「", "【",
					     "『", "\"", "→",  "⇒"};
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < MDG_LEN(begins); i++) {
			size_t k = strlen(begins[i]);
			if (n < k || memcmp(*s, begins[i], k) != 0)
				continue;
			*s += k;
			n -= k;
			again = true;
		}
		for (size_t i = 0; i < MDG_LEN(ends); i++) {
			size_t k = strlen(ends[i]);
			if (n < k || memcmp(*s + n - k, ends[i], k) != 0)
				continue;
			n -= k;
			again = true;
		}
	}
	return n;
}

static bool
means(enum mdg_answer_cmd cmd, enum tail tail)
{
	bool grants = cmd == MDG_ANSWER_APPROVE || cmd == MDG_ANSWER_CORRECT;

	if (tail == ASKED)
		return !grants;
	return tail == PLAIN || grants || cmd == MDG_ANSWER_DONE ||
	       cmd == MDG_ANSWER_RETURN || cmd == MDG_ANSWER_HOLD;
}

/* Length of the longest of them at s. */
static size_t
polite_here(const char *s, size_t n, enum mdg_answer_cmd cmd)
{
	size_t best = 0;

	for (size_t i = 0; i < MDG_LEN(polite); i++) {
		size_t k = strlen(polite[i].words);
		if (k > best && k <= n && memcmp(s, polite[i].words, k) == 0 &&
		    means(cmd, polite[i].tail))
			best = k;
	}
	return best;
}

/* How the line goes on behind the word: at its end, or with an argument. */
static bool
fits(const char *line, size_t n, const char *word, enum mdg_answer_cmd cmd,
     enum takes takes, size_t *ret_arg)
{
	static const char *const between[] = {" ",  "\t", ":", "。",
					      "、", ",",  "(", "→"};
	size_t k = strlen(word);
	bool again = true;

	if (n < k || memcmp(line, word, k) != 0)
		return false;
	size_t from = k + polite_here(line + k, n - k, cmd);
	*ret_arg = from;
	if (from == n)
		return true;
	if (takes == NOTHING)
		return false;
	while (again) {
		again = false;
		for (size_t i = 0; i < MDG_LEN(between); i++) {
			size_t m = strlen(between[i]);
			if (n - *ret_arg < m ||
			    memcmp(line + *ret_arg, between[i], m) != 0)
				continue;
			*ret_arg += m;
			again = true;
		}
	}
	return *ret_arg > from;
}

static enum mdg_answer_cmd
cmd_of(const char *folded, size_t *ret_arg, bool *takes_text)
{
	const char *line = folded;
	size_t n = trimmed(&line, strlen(line)), best = 0, at;
	enum mdg_answer_cmd cmd = MDG_ANSWER_NONE;

	for (size_t i = 0; i < MDG_LEN(table); i++) {
		const char *const *lists[] = {table[i].words, table[i].english};
		size_t max[] = {MDG_LEN(table[i].words),
				MDG_LEN(table[i].english)};
		for (size_t l = 0; l < 2; l++)
			for (size_t w = 0; w < max[l] && lists[l][w]; w++) {
				size_t k = strlen(lists[l][w]);
				if (k <= best ||
				    !fits(line, n, lists[l][w], table[i].cmd,
					  table[i].takes, &at))
					continue;
				best = k;
				cmd = table[i].cmd;
				*ret_arg =
					at == n ? strlen(folded)
						: (size_t)(line - folded) + at;
				*takes_text = table[i].takes == TEXT;
			}
	}
	return cmd;
}

/* "承　認", "ショウニン": the whole line, in another way of writing. */
static const char *
rewritten(const char *folded, struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	if (strlen(folded) > REWRITTEN_MAX || *folded > 0)
		return "";
	mdg_fold(&b, folded, strlen(folded), MDG_FOLD_NOSPACE | MDG_FOLD_KANA);
	return mdg_arena_strdup(a, mdg_buf_str(&b));
}

enum mdg_answer_cmd
mdg_answer_cmd_of(const char *folded, struct mdg_arena *a, size_t *ret_arg,
		  bool *takes_text)
{
	enum mdg_answer_cmd cmd = cmd_of(folded, ret_arg, takes_text);

	if (cmd != MDG_ANSWER_NONE)
		return cmd;
	const char *other = rewritten(folded, a);
	if (*other &&
	    (cmd = cmd_of(other, ret_arg, takes_text)) != MDG_ANSWER_NONE) {
		if (other[*ret_arg])
			return MDG_ANSWER_NONE;
		*ret_arg = strlen(folded);
	}
	return cmd;
}

/* ---- slots ---- */

const char *
mdg_answer_slot_label(const char *slot)
{
	static const char *const labels[][2] = {
		{"customer.name", "お客様のお名前"},
		{"customer.company", "会社名"},
		{"customer.phone", "電話番号"},
		{"customer.place", "お客様のご住所"},
		{"order.no", "注文番号"},
		{"product.name", "商品名"},
		{"product.model", "型番"},
		{"serial.no", "製造番号"},
		{"tracking.no", "追跡番号"},
		{"error.code", "エラーコード"},
		{"url", "URL"},
		{"form.url", "フォームの URL"},
		{"amount", "金額"},
		{"fee", "送料・手数料"},
		{"steps", "手順"},
		{"due.at", "回答期限"},
		{"due.date", "期限の日"},
		{"next.at", "次のご連絡日時"},
		{"start.at", "開始日時"},
		{"end.at", "終了日時"},
		{"effective.at", "適用日"},
		{"valid.until", "有効期限"},
		{"validity", "有効期間"},
		{"date.refund", "返金日"},
		{"date.stock", "入荷日"},
		{"date.ship", "発送日"},
		{"date.new", "変更後の日付"},
		{"date.end", "終了日"},
		{"date.arrival", "お届け日"},
		{"topic", "件名"},
		{"topic.back", "件名（再）"},
		{"reason", "理由"},
		{"symptom", "症状"},
		{"method", "方法"},
		{"dept", "部署"},
		{"service", "サービス名"},
		{"result", "結果"},
		{"carrier", "配送会社"},
		{"workaround", "回避方法"},
		{"what", "対象"},
		{"size.limit", "上限サイズ"},
		{"sv.name", "責任者名"},
		{"spec", "仕様"},
		{"questions", "質問"},
		{"env.questions", "環境の質問"},
		{"prevention", "再発防止策"},
		{"page", "ページ"},
		{"options", "選択肢"},
		{"limits", "制限"},
		{"items", "返送品"},
		{"if.fails", "うまくいかないとき"},
		{"hours", "受付時間"},
		{"field.name", "入力欄"},
		{"fact", "事実"},
		{"change", "変更内容"},
		{"cause", "原因"},
		{"care", "注意点"},
		{"alternative", "代替案"},
		{"address", "住所"},
		{"action", "対応内容"},
		{"operator", "担当者名"},
		{"window", "窓口名"},
		{"ticket", "受付番号"},
	};

	for (size_t i = 0; i < MDG_LEN(labels); i++)
		if (mdg_streq(labels[i][0], slot))
			return labels[i][1];
	return slot;
}
