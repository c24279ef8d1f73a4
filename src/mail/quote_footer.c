/* Lines that programs, free services, lists and lawyers append to a mail. */
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "quote_priv.h"

/* clang-format off */
static const char *const MOBILE_STARTS[] = {
	"sent from my ", "sent from mail for ", "sent from outlook", "sent from yahoo",
	"sent via ", "get outlook for", "sent from samsung", "sent from proton",
	"sent with ", "sent from a ", "envoyé de mon", "von meinem ", "enviado desde mi",
	"inviato da iphone", "sent from gmail", "sent from galaxy",
	"sent from windows", "sent from mail for", "从我的", "发自我的", "나의 iphone", "내 iphone", NULL};
static const char *const MOBILE_ENDS[] = {
	"から送信", "から送信。", "からの送信", "から送信しています", "から送信されました",
	"から送信しました", "より送信", "で送信", "を入手", "から送られました", "から送っています",
	"からメールを送信", "から送信されたメール", "より送信しています", "より送信しました",
	"から返信", "보냄", NULL};
static const char *const DEVICES[] = {
	"iphone", "ipad", "android", "アンドロイド", "スマートフォン", "スマホ", "携帯",
	"タブレット", "outlook", "gmail", "yahoo", "メール", "xperia", "galaxy", "aquos",
	"pixel", "windows", "ドコモ", "docomo", "ソフトバンク", "softbank", "au",
	"ipod", "mail", "アプリ", "arrows", "thunderbird", "楽天", "rakuten", "モバイル",
	"らくらく", "huawei", "oppo", "zenfone", "nuro", "uq", "y!mobile", "ガラホ",
	"samsung", "mac", "デバイス", "端末", NULL};
/* Full sentences: a person may say so of a phone, but not of its make. */
static const char *const POLITE_ENDS[] = {
	"しました", "しています", "されました", "られました", "っています", NULL};
static const char *const PRODUCTS[] = {
	"iphone", "ipad", "android", "outlook", "xperia", "galaxy", "aquos",
	"pixel", "windows", "yahoo!", "gmail", "arrows", NULL};
static const char *const PARTICLES[] = {
	"を", "は", "が", "も", "、", "写真", "一度", "先ほど", "昨日", "再度", NULL};

static const char *const DISCLAIMER_STARTS[] = {
	"本メール", "本電子メール", "このメール", "この電子メール", "当メール", "本e-mail",
	"本email", "本e-メール", "本mail", "this e-mail", "this email", "this message",
	"confidential", "the information contained", "the information in this",
	"notice:", "disclaimer", "this communication", "このeメール", "本文書",
	"【重要】本メール", "※本メール", "※このメール", "please consider the environment",
	"このメッセージ", "本メッセージ", "【機密", "[機密", "機密保持", "virus-free",
	"ウイルス フリー", "ウイルスフリー", "avast", NULL};
static const char *const DISCLAIMER_WORDS[] = {
	"機密", "秘密", "宛先以外", "意図しない", "名宛人", "受信者", "誤って受信", "誤って受け",
	"間違って", "破棄", "削除し", "開示", "複製", "転載", "confidential", "privileged",
	"intended", "recipient", "disclos", "ウイルス", "virus", "環境", "printing",
	"個人情報保護", "免責", "著作権", "無断", "checked by", "avast", "スキャン", "送信専用",
	"添付ファイルには", NULL};
static const char *const ADS[] = {
	"yahoo! japan -", "無料メール", "get your free", "do you yahoo", "hotmail",
	"msn ", "www.avast.com", "avast.com", "goo メール", "excite", "freemail",
	"virus-free", "ウイルス フリー", "please consider the environment before", "メール配信", "提供:", "[pr]", "【pr】", NULL};
/* clang-format on */

bool
mdg_q_is_mobile(const struct mdg_line *in)
{
	struct mdg_line l;

	mdg_line_copy(&l, in);
	char *lt = strchr(l.s, '<');

	while (lt) { /* "Outlook for iOS<https://…> を入手" */
		char *gt = strchr(lt, '>');
		if (!gt)
			break;
		memmove(lt, gt + 1, (size_t)(l.s + l.n - gt));
		l.n -= (size_t)(gt + 1 - lt);
		lt = strchr(l.s, '<');
	}
	mdg_line_strip(&l, "-=_~+#[]()<>!| .");
	if (mdg_str_ends(l.s, "。"))
		l.s[l.n -= strlen("。")] = '\0';
	if (l.n == 0 || l.n > 120)
		return false;
	if (mdg_line_starts_any(l.s, MOBILE_STARTS))
		return l.n <= 80;
	if (mdg_str_starts(l.s, "送信元") && l.n <= 60) /* Windows */
		return mdg_line_holds(&l, DEVICES) && !strchr(l.s, '@') &&
		       !mdg_line_holds(&l, PARTICLES);
	if (!mdg_line_ends_any(l.s, l.n, MOBILE_ENDS) ||
	    !mdg_line_holds(&l, DEVICES))
		return false;
	if (mdg_line_ends_any(l.s, l.n, POLITE_ENDS) &&
	    !mdg_line_starts_any(l.s, PRODUCTS))
		return false;
	if (mdg_str_ends(l.s, "を入手")) {
		l.s[l.n - strlen("を入手")] = '\0';
		if (!strstr(l.s, "for ") && !strstr(l.s, "outlook"))
			return false;
	}
	return !mdg_line_holds(&l, PARTICLES);
}

/* What mailing lists and virus scanners append to everybody's mail. */
static bool
is_gateway_footer(const struct mdg_line *l)
{
	static const char *const starts[] = {
		"you received this message because you are subscribed",
		"you are receiving this because you are subscribed",
		"to unsubscribe from this group",
		"to unsubscribe from this list",
		"to unsubscribe, ",
		"to post to this group",
		"groups.io links",
		"you receive all messages sent to this group",
		NULL};
	static const char *const group[] = {
		"google グループ", "googleグループ", "メーリングリスト",
		"このグループ",    "mailing list",   NULL};
	static const char *const does[] = {"に登録しているユーザー",
					   "登録しているため",
					   "から退会し",
					   "配信を停止するに",
					   "退会するに",
					   "退会は",
					   "退会を",
					   "に登録されている",
					   "に参加している",
					   "解除するに",
					   "送られています",
					   NULL};

	static const char *const this_mail[] = {
		"このメール", "本メール",   "このeメール", "このe-mail",
		"受信メール", "送信メール", "this e",      "this message",
		"no virus",   "checked",    NULL};
	static const char *const scanned[] = {"ウイルスはありません",
					      "ウイルスは検出されません",
					      "ウイルススキャンされ",
					      "ウイルスチェック済",
					      "ウイルス検査済",
					      "ウイルスチェックを行",
					      "checked for viruses",
					      "scanned for viruses",
					      "checked by avg",
					      "checked by avast",
					      NULL};

	/* addresses that no person gives */
	static const char *const leave[] = {"-leave@", "-unsubscribe@",
					    "+unsubscribe@", NULL};
	static const char *const outside[] = {
		"社外からのメール", "外部からのメール",
		"社外メール",       "外部メール",
		"external e",       "外部から受信し",
		"社外から受信し",   "[external",
		"caution: this e",  NULL};
	static const char *const beware[] = {"注意", "クリック", "click",
					     "caution", NULL};

	if (mdg_line_holds(l, leave) && !strchr(l->s, '?'))
		return true;
	if (mdg_line_starts_any(l->s, outside) && mdg_line_holds(l, beware))
		return !strstr(l->s, "か。") && !strchr(l->s, '?');
	if (strstr(l->s, " -- ") && strchr(l->s, '@') &&
	    mdg_line_holds(l, group)) /* Mailman 3 */
		return true;
	if (mdg_line_starts_any(l->s, this_mail) && l->n <= 120 &&
	    mdg_line_holds(l, scanned))
		return !strchr(l->s, '?') && !strstr(l->s, "か。") &&
		       !strstr(l->s, "が、");
	return mdg_line_starts_any(l->s, starts) > 0 ||
	       (mdg_line_holds(l, group) && mdg_line_holds(l, does) &&
		!strchr(l->s, '?') && !strstr(l->s, "ください") &&
		!strstr(l->s, "でしょうか") && !strstr(l->s, "ですか"));
}

enum mdg_q_kind
mdg_q_footer_kind(const struct mdg_line *l)
{
	struct mdg_line d;

	mdg_line_copy(&d, l);
	const char *close = strstr(d.s, "】");
	if (mdg_str_starts(d.s, "【") && close) {
		const char *in = l->s + strlen("【");
		if (close[3]) /* 【注意】本メールは… */
			mdg_line_fold(&d, close + 3, strlen(close + 3));
		else /* 【社外からのメールです】 */
			mdg_line_fold(&d, in, strlen(in) - 3);
	}
	mdg_line_strip(&d, "-=_~+#[]()<>!| ");
	if (is_gateway_footer(&d))
		return MDG_K_AD;
	if (mdg_line_holds(&d, ADS) && d.n <= 120 &&
	    (mdg_line_has_url(d.s) || (d.n <= 60 && !strchr(d.s, '?'))) &&
	    !mdg_line_holds(&d, mdg_q_prose_parts))
		return MDG_K_AD;
	if (mdg_line_starts_any(d.s, DISCLAIMER_STARTS) &&
	    mdg_line_holds(&d, DISCLAIMER_WORDS) && !strchr(d.s, '?') &&
	    !strstr(d.s, "か。"))
		return MDG_K_DISCLAIMER;
	return MDG_K_N;
}

uint64_t
mdg_q_legal_words(const char *s, size_t n)
{
	struct mdg_line l;
	uint64_t bits = 0;

	mdg_line_fold(&l, s, n);
	for (size_t i = 0; DISCLAIMER_WORDS[i] && i < 64; i++)
		if (strstr(l.s, DISCLAIMER_WORDS[i]))
			bits |= (uint64_t)1 << i;
	return bits;
}
