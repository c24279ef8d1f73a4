/*
 * Notices of chats and task tools that come from an address which does not
 * say so: somebody wrote elsewhere, there is the way to it, and so are such
 * mails turned off. All three are said; who writes about such a notice says
 * what came of it, too.
 */
#include <string.h>

#include "class_priv.h"
#include "line.h"

enum { TEXT_BYTES = 8000 };

/* clang-format off */
/* What happened elsewhere. */
static const char *const NEWS[] = {
	"未読メッセージ", "未読のメッセージ", "新しいメッセージ", "新着メッセージ", "未読が", "メンションしました",
	"メンションされました", "メンションがあり", "メッセージを送信しました", "メッセージが届いて", "メッセージがあります",
	"トークが届", "コメントしました", "コメントが追加", "コメントがあり", "返信がありました", "返信しました",
	"割り当てました", "割り当てられました", "招待しました", "招待されました", "リアクションしました", "共有しました",
	"mentioned you", "new mention", "new message", "unread message", "sent you a message",
	"commented on", "assigned you", "assigned to you", "invited you", "shared with you",
	"replied to", "new notification", NULL};
/* The way to it. */
static const char *const GO[] = {
	"で開く", "を開く", "で表示", "を表示", "を見る", "で見る", "で返信する", "で確認する", "を確認する",
	"http://", "https://", "view in", "view message", "open in", "reply in", "view task", "go to", NULL};
/* How to get no more of them, and why they come. */
static const char *const TURN_OFF[] = {
	"通知の設定", "通知設定", "通知メールの設定", "メール通知", "通知を受け取らな", "通知を停止", "通知を解除",
	"通知がオン", "通知をオフ", "通知の頻度", "メンバーであるため", "お知らせメールの受信設定", "受信設定", "通知専用", "送信専用",
	"notification settings", "notification preferences", "email settings", "turn off", "mute ",
	"unsubscribe", NULL};
/* Somebody tells about it, or wants something. */
static const char *const TOLD[] = {
	"届きま", "届か", "来ま", "というメール", "とのメール", "ましたが", "ですが", "いますが", "ますが、", "困って",
	"教えて", "聞いて", "されません", "できません", "ようです", "と申します", "ますか", "ですか",
	"でしょうか", "したい", "ほしい", "欲しい", "問い合わせ", "i have", "i am ", "i'm ",
	"we are ", "please help", "how do i", "how can i", NULL};
/* clang-format on */

bool
mdg_class_words_are_notice(const struct mdg_line *subject, const char *text)
{
	const char *s = text ? text : "", *stop = s + strnlen(s, TEXT_BYTES);
	bool news = mdg_line_holds(subject, NEWS), go = false, off = false;

	if (mdg_line_holds(subject, TOLD))
		return false;
	while (s < stop) {
		size_t n = strcspn(s, "\n");
		struct mdg_line l;

		mdg_line_fold(&l, s, n);
		/* what was said there may ask, too */
		if (l.s[0] != '>' && l.s[0] != '"' &&
		    strncmp(l.s, "「", 3) != 0 && mdg_line_holds(&l, TOLD))
			return false;
		news = news || mdg_line_holds(&l, NEWS);
		go = go || mdg_line_holds(&l, GO);
		off = off || mdg_line_holds(&l, TURN_OFF);
		s += n + (s[n] == '\n');
	}
	return news && go && off;
}
