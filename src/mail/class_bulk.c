/*
 * Newsletters without list headers, told by what they say: how to be taken off
 * the list, by a link, and something else that is said to many. A customer who
 * writes about a newsletter gives no such link, or asks.
 */
#include <string.h>

#include "class_priv.h"
#include "line.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

enum { TEXT_BYTES = 60000, NEAR_LINES = 3 };

/* clang-format off */
/* How to be taken off. */
static const char *const LEAVE[] = {
	"配信停止", "配信の停止", "配信を停止", "配信解除", "配信の解除", "配信を解除", "購読解除",
	"購読の解除", "購読停止", "購読の停止", "登録解除", "登録の解除", "メルマガ解除", "メルマガの解除",
	"メールマガジンの解除", "メールマガジン解除", "解除はこちら", "解除の手続", "解除のお手続",
	"受信拒否", "受信停止", "停止をご希望", "解除をご希望", "配信を希望され", "配信をご希望されな",
	"配信がご不要", "配信不要", "案内が不要", "案内がご不要", "案内を希望され", "案内をご希望されな",
	"メールが不要", "メールがご不要", "お知らせが不要", "お知らせがご不要", "情報が不要", "情報がご不要",
	"お届けを希望され", "お受け取りを希望され",
	"unsubscribe", "opt out", "opt-out", "manage your preferences",
	"email preferences", "stop receiving", "no longer wish to receive", "退订", "取消訂閱",
	"取消订阅", "수신거부", "abbestellen", "se désabonner", "désinscrire", "darse de baja", NULL};
/* It stands for a link though its address is not to be seen. */
static const char *const HERE[] = {
	"こちら", "下記url", "以下のurl", "次のurl", "下記より", "以下より", "下記から", "以下から",
	"ページより", "ページから", "マイページ", "click", "here", NULL};
/* Why one gets it. */
static const char *const WHY[] = {
	"にご登録いただいた", "に登録いただいた", "にご登録いただいて", "に登録されている", "に登録された",
	"をご登録いただいた", "登録者", "会員の皆", "会員様", "会員の方", "会員限定", "読者の皆", "配信を希望された",
	"配信をご希望", "お客様にお送りし", "お客様に配信", "の方にお送りし", "の方に配信", "の方へ配信",
	"方にお送りして", "方にお届け", "方へお送り", "様にお送りして", "名刺交換", "ご来場いただいた",
	"メールマガジン", "メルマガ", "ニュースレター", "newsletter", "you are receiving this",
	"you're receiving this", "you received this email because",
	"because you signed up", "because you subscribed", "because you are a", "subscribed to",
	"this email was sent to", "this message was sent to", NULL};
/* Nobody reads what is answered. */
static const char *const ONE_WAY[] = {
	"送信専用", "配信専用", "返信いただいても", "ご返信いただけ", "返信には対応", "返信はできません",
	"返信できません", "返信されても", "返信いただきましても", "お答えできません", "お答えいたしかね", "お返事できません", "do not reply", "not monitored", NULL};
static const char *const IMPRINT[] = {
	"発行:", "発行元", "発行者", "編集:", "編集部", "配信元", "配信:", "発行人", "無断転載",
	"copyright", "©", "(c) 20", "all rights reserved", NULL};
/* What only those say who speak to many. */
static const char *const PITCH[] = {
	"メルマガ", "メールマガジン", "ニュースレター", "newsletter", "セール", "キャンペーン", "% off", "%off", "クーポン",
	"ポイント", "お得", "特典", "期間限定", "本日限り", "先着", "プレゼント", "無料セミナー", "セミナー", "ウェビナー",
	"webinar", "展示会", "号外", "新商品", "新着", "おすすめ", "特集", "送料無料", "半額", "割引", "ご招待", "限定", "sale",
	"deals", "[pr]", "【pr】", "[ad]", "週刊", "月刊", "今週の", "今月の", "vol.", "開催の",
	"開催決定", "開催のお知らせ", "ご案内", "お知らせ】", "プレスリリース", "discount", "digest", NULL};
static const char *const SENDERS[] = {
	"mailmag", "mailmagazine", "magazine", "merumaga", "melmaga", "news", "newsletter",
	"campaign", "promo", "marketing", "seminar", "event", "dm", "mm", "ml-", "deals", "offer",
	"bulletin", "update", "noreply", "no-reply", "no_reply", "donotreply", NULL};
/* The footer of a discussion group: somebody wrote to it. */
static const char *const GROUP[] = {
	"google グループ", "googleグループ", "google groups", "このグループ", "this group",
	"mailing list", "メーリングリスト", "unsubscribe@", NULL};
/* Someone tells about it, asks, or complains. */
static const char *const TOLD[] = {
	"してください", "して下さい", "てほしい", "て欲しい", "したい", "できません", "できない", "でしょうか",
	"ですか", "ますか", "ませんか", "エラー", "されません", "止まり", "ましたが",
	"のですが", "んですが", "してもらえ", "お願いできま", "did not", "does not", "doesn't", "cannot",
	"can't", "how can", "how do", "i clicked", "remove me", "unsubscribe me", "i never", NULL};
/* clang-format on */

struct signs {
	bool leave, why, one_way, imprint;
	size_t told;
};

/* A link, or a word for one, on the line or close below? */
static bool
leads_somewhere(const struct mdg_line *l, const char *next, const char *stop)
{
	if (mdg_line_has_url(l->s))
		return true;
	for (size_t k = 0; k < NEAR_LINES && next < stop; k++) {
		size_t n = strcspn(next, "\n");
		struct mdg_line below;

		mdg_line_fold(&below, next, n);
		if (mdg_line_has_url(below.s))
			return true;
		next += n + (next[n] == '\n');
	}
	return mdg_line_holds(l, HERE) && !strstr(l->s, "」の");
}

/* How to be taken off, and where. */
static void
read_leave(const struct mdg_line *l, const char *next, const char *stop,
	   struct signs *g)
{
	if (!mdg_line_holds(l, LEAVE) || mdg_line_holds(l, GROUP))
		return;
	if (mdg_line_holds(l, TOLD))
		g->told++;
	else
		g->leave = g->leave || leads_somewhere(l, next, stop);
}

/* What else is said to many; asked for only where somebody may leave. */
static void
read_more(const struct mdg_line *l, const char *next, const char *stop,
	  struct signs *g)
{
	(void)next;
	(void)stop;
	if (mdg_line_holds(l, GROUP))
		return;
	g->why = g->why || mdg_line_holds(l, WHY);
	g->one_way = g->one_way || mdg_line_holds(l, ONE_WAY);
	g->imprint = g->imprint || mdg_line_holds(l, IMPRINT);
}

static void
read_signs(const char *s, struct signs *g,
	   void (*look)(const struct mdg_line *, const char *, const char *,
			struct signs *))
{
	const char *stop = s + strnlen(s, TEXT_BYTES);

	while (s < stop) {
		size_t n = strcspn(s, "\n");
		const char *next = s + n + (s[n] == '\n');
		struct mdg_line l;

		mdg_line_fold(&l, s, n);
		s = next;
		if (l.n > 0 && l.s[0] != '>')
			look(&l, next, stop, g);
	}
}

/* Does the writer, before all else, want something of us? */
static bool
asks_us(const char *reply)
{
	enum { FIRST_LINES = 12 };
	static const char *const asks[] = {
		"教えて",       "でしょうか",     "ですか",
		"ますか",       "届きません",     "できません",
		"お願いで",     "いただけません", "お願いします",
		"申し込みます", "いません。",     "on my",
		"i am ",        "how can",        "could you",
		"please ",      "困って",         NULL};

	for (size_t k = 0; reply && *reply && k < FIRST_LINES;) {
		size_t n = strcspn(reply, "\n");
		struct mdg_line l;

		mdg_line_fold(&l, reply, n);
		/* "冬の準備はお済みですか?" speaks to everybody */
		if (mdg_line_holds(&l, asks) && !mdg_line_holds(&l, LEAVE) &&
		    !mdg_line_holds(&l, ONE_WAY) && !strstr(l.s, "お済み") &&
		    !strstr(l.s, "ではありませんか"))
			return true;
		k += l.n > 0;
		reply += n + (reply[n] == '\n');
	}
	return false;
}

bool
mdg_class_words_are_bulk(const struct mdg_line *subject, const char *local,
			 const char *text, const char *reply)
{
	struct signs g = {0};

	if (!text)
		return false;
	read_signs(text, &g, read_leave);
	if (!g.leave)
		return false;
	read_signs(text, &g, read_more);
	size_t points = (size_t)g.why + g.one_way + g.imprint +
			mdg_line_holds(subject, PITCH) +
			(mdg_line_starts_any(local, SENDERS) > 0);
	return points >= (asks_us(reply) || g.told ? 3 : 1);
}

bool
mdg_class_is_campaign_id(const char *id)
{
	static const char *const carriers[] = {
		"amazonses", "postmark", "sg",       "sendgrid",
		"mailgun",   "resend",   "sparkpost"};
	const char *last = id ? strrchr(id, ':') : NULL;

	if (!last)
		return id != NULL;
	last += 1 + strspn(last + 1, " \t");
	for (size_t i = 0; i < MDG_LEN(carriers); i++)
		if (mdg_str_case_starts(last, carriers[i]) &&
		    strspn(last + strlen(carriers[i]), " \t\r\n") ==
			    strlen(last + strlen(carriers[i])))
			return false;
	return true;
}
