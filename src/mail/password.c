#include "madoguchi/mail/password.h"

#include <string.h>

#include "line.h"
#include "madoguchi/base/str.h"

enum { LINES_MAX = 100 };

/* clang-format off */
static const char *const words[] = {
	"パスワード", "password", "passwd", "passcode", "パスコード", "pw:", "pw ",
	"pass:", "pass :", "解凍キー", "解凍pw", "zipパス", "暗証番号", "開封キー",
	NULL};
/* The customer's own trouble with one. */
static const char *const others[] = {
	"忘れ", "再発行", "リセット", "再設定", "変更", "ログイン", "わから", "分から",
	"届かな", "教えて", "forgot", "reset", "login", "log in", "sign in",
	"別メール", "別途", "後ほど", "のちほど", "separately", "another mail",
	"次のメール", "別送", "別便", NULL};
static const char *const tells[] = {
	"お知らせ", "お送り", "送付", "送り", "ご連絡", "通知", "下記", "以下", "解凍",
	"添付", "ファイル", "zip", "です", "below", "follows", "attached", "is ",
	NULL};
/* clang-format on */

/* "パスワード：x1y2": a value of its own behind a colon. */
static bool
has_value(const struct mdg_line *l)
{
	const char *p = strpbrk(l->s, ":=");

	while (p && (*p == ':' || *p == '=' || *p == ' '))
		p++;
	return p && *p > ' ' && *p < 0x7F;
}

/* Most mails have none of these. */
static bool
may_tell(const char *text)
{
	static const char *const marks[] = {
		"パス", "暗証", "キー", "解凍", "Ｐ", "ｐ", "ass",
		"ASS",  "pw",   "PW",   "Pw", NULL};

	for (const char *const *m = marks; *m; m++)
		if (strstr(text, *m))
			return true;
	return false;
}

bool
mdg_mail_tells_password(const char *text)
{
	struct mdg_line l;

	if (!may_tell(text))
		return false;
	for (int i = 0; i < LINES_MAX && *text; i++) {
		size_t n = strcspn(text, "\n");
		mdg_line_fold(&l, text, n);
		text += n + (text[n] == '\n');
		if (!mdg_line_holds(&l, words) || mdg_line_holds(&l, others))
			continue;
		if (has_value(&l) || mdg_line_holds(&l, tells))
			return true;
	}
	return false;
}
