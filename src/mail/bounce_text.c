/*
 * Recipients from the words of a report: for servers that send no machine
 * part, or an empty one.
 *
 * Nearly all texts have one form: an address that stands alone or leads its
 * line, with the reason behind it or below it up to a blank line. Where no
 * line is of that form, the address is taken from a sentence.
 */
#include <string.h>

#include "bounce_priv.h"
#include "line.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/bounce.h"

enum {
	SCAN_LINES = 2000,
	WORDS_BYTES = 1500,
	WORDS_LINES = 12,
	ALL_BYTES = 3500
};

/* clang-format off */
/* From here on it is the returned mail, not the report. */
static const char *const COPY_MARKS[] = {
	"below this line is a copy", "this is a copy of", "original message follows",
	"unsent message follows", "original message headers", "original message header",
	"the header of the original message", "----- original message -----",
	"original message -----", "-----original message", "returned message",
	"message header follows", "message headers follow", "undelivered message",
	"message body and attachments", "your original message", "copy of your message",
	"元のメッセージ ヘッダー", "元のメッセージヘッダー", "以下は元のメール",
	"送信されたメール", "送信したメールの内容", "元のメール", "オリジナルメッセージ",
	"original mail", "----- message header", "原文", "--- 元のメッセージ", NULL};

static const char *const FAIL_LINES[] = {
	"couldn't be found", "could not be found", "wasn't delivered", "not delivered",
	"could not be delivered", "couldn't be delivered", "failed", "undeliver",
	"unknown", "delayed", "rejected", "refused", "returned", "does not exist",
	"doesn't exist", "not found", "delivery", "deliver", "full", "quota", "unable",
	"配信", "送信でき", "送信先", "送付先", "相手先", "届", "見つか", "存在し", "不明", "宛先", "あて先", "受信者",
	"エラー", "拒否", "容量", "遅延", "550", "554", "552", "551", "553", "450", "451",
	"452", "421", "recipient", "rcpt to", "invalid", NULL};

/* Lines about the report itself, not about a recipient. */
static const char *const ASIDE[] = {
	"postmaster", "mailer-daemon", "mail from", "sender:", "from:", "差出人",
	"送信者", "if you need help", "contact", "お問い合わせ", "question", "message-id",
	"x-", "received", "reply-to", "return-path", "reporting", "envelope-from",
	"in message", "subject:", "件名", "メッセージid", NULL};

/* Addresses that a report comes from; contact@ may well be dead. */
static const char *const DAEMONS[] = {"postmaster@", "mailer-daemon@", NULL};

static const struct { const char *action; const char *words[32]; } ACTIONS[] = {
	{"delayed", {"delayed", "delay)", "will continue to", "will keep trying",
		"still being retried", "not yet been delivered", "has not been delivered yet",
		"still trying", "will be retried", "you do not need to resend",
		"do not need to resend", "warning: could not send", "warning message only",
		"this is a warning", "transient non-fatal", "遅延", "遅れて", "再送を試み", "再試行", "引き続き配信",
		"配信を試み続け", "まだ配信されて", "再送信する必要はありません", NULL}},
	{"relayed", {"delivery to these recipients or groups is complete, but no delivery",
		"no delivery notification was sent", "has been relayed", "relayed to the following",
		"中継されました", "配信通知は送信されません", NULL}},
	{"delivered", {"successfully delivered", "was successfully delivered",
		"delivered to the following", "delivery to these recipients or groups is complete",
		"has been delivered to", "successful mail delivery", "delivery successful", "successful delivery notification",
		"配信されました", "配信が完了", "正常に配信", "配信は完了", NULL}},
	{"failed", {"undeliver", "returned mail", "failure", "failed", "could not be delivered",
		"couldn't be delivered", "wasn't delivered", "not be delivered", "permanent",
		"unable to deliver", "user unknown", "giving up", "配信不能", "配信できません",
		"配信に失敗", "送信できません", "届けできません", "届きません", "不明", "エラー",
		"did not reach", "rejected", "fatal errors", "拒否", "見つかりません", NULL}},
};

static const char *const REPORT_WORDS[] = {
	"this is the mail system at host", "sorry to have to inform you that your message",
	"hi. this is the", "this message was created automatically by mail",
	"a message that you sent could not be delivered",
	"a message that you sent has not yet been delivered",
	"the following addresses had", "transcript of session follows",
	"delivery to the following recipient", "your message wasn't delivered",
	"your message could not be delivered", "your message couldn't be delivered",
	"your message did not reach", "message could not be delivered to",
	"the following message could not be delivered", "the following recipient",
	"the following address failed", "delivery has failed to these",
	"was not delivered to", "could not be delivered to one or more",
	"this is a permanent error", "this is an automatically generated delivery status",
	"delivery status notification", "user unknown", "unknown user", "host unknown",
	"次の受信者または配布リスト", "次のあて先へのメッセージ", "次の宛先への",
	"以下の宛先", "以下のあて先", "以下のメールアドレス", "メッセージを配信できません",
	"メールを配信できません", "メールは配信できません", "メールを送信できません",
	"メールは送信できません", "メッセージは配信されません", "配信できませんでした",
	"送信できませんでした", "お届けできませんでした", "配信に失敗しました", "宛先不明",
	"あて先不明", "配信不能", "メッセージの配信が遅れて", "送達できません",
	"メールの送信に失敗", "メールの配信に失敗", "メールの配送に失敗", "メール送信に失敗",
	"送信先に届きませんでした",
	"配信されませんでした", "送信されませんでした", "unable to deliver your message",
	"could not deliver your", "delivery failure notice", "message was not delivered",
	"届けることができません", "メール配信エラー", "受信者のメールボックス", NULL};
static const char *const REPORT_SUBJECTS[] = {
	"undeliver", "returned mail", "mail delivery", "delivery failure",
	"delivery status", "failure notice", "delivery has failed", "mail system error",
	"returned to sender", "delivery report", "delayed mail", "message delayed",
	"delivery delayed", "nondeliverable", "non remis", "unzustellbar",
	"配信不能", "配信でき", "送信でき", "配信エラー", "送信エラー", "不達", "未配信",
	"mail could not be delivered", "delivery notification", "delivery problem",
	"delivery error", "メール送信失敗", "エラーメール", "宛先不明", "warning: message",
	"warning: could not", "お届けできません", "配信の遅延", "配信遅延", "配信失敗",
	"送信失敗", "送信に失敗", "送信不能", "メール配送",
	"unable to deliver", "not delivered",
	"user unknown", NULL};
/* clang-format on */

char *
mdg_b_one_line(const char *s, size_t n, struct mdg_arena *a)
{
	char *out = mdg_arena_alloc(a, n + 1);
	size_t k = 0;
	bool gap = false;

	for (size_t i = 0; i < n; i++) {
		if (strchr(" \t\r\n", s[i])) {
			gap = k > 0;
			continue;
		}
		if (gap)
			out[k++] = ' ';
		gap = false;
		out[k++] = s[i];
	}
	out[k] = '\0';
	return out;
}

static bool
is_addr_byte(char c)
{
	return c && !strchr(" \t\r\n<>()[]\"',;:|", c) &&
	       (unsigned char)c < 0x80;
}

/* The address around the '@' at `at` within [s, e). */
static bool
addr_around(const char *s, const char *e, const char *at, const char **ret_a,
	    const char **ret_e)
{
	const char *a = at, *z = at + 1;

	/* never look further than an address is long */
	if (at - s > MDG_ADDRESS_BYTES_MAX)
		s = at - MDG_ADDRESS_BYTES_MAX;
	if (e - at > MDG_ADDRESS_BYTES_MAX)
		e = at + MDG_ADDRESS_BYTES_MAX;
	if (at > s && at[-1] == '"') { /* quoted local part */
		const char *q = at - 1;
		while (q > s && q[-1] != '"' && q[-1] != '\n')
			q--;
		if (q > s && q[-1] == '"')
			a = q - 1;
	} else {
		while (a > s && is_addr_byte(a[-1]) && a[-1] != '@')
			a--;
		while (a < at && (*a == '.' || *a == '=' || *a == '*'))
			a++;
	}
	while (z < e && (is_addr_byte(*z) || (unsigned char)*z >= 0x80) &&
	       *z != '@' && !(z + 2 < e && !memcmp(z, "、", 3)) &&
	       !((unsigned char)*z >= 0xE3 && (unsigned char)*z <= 0xEF))
		z++;
	while (z > at + 1 && strchr(".-!?*", z[-1]))
		z--;
	if (a == at || z == at + 1)
		return false;
	*ret_a = a;
	*ret_e = z;
	return (size_t)(z - a) <= MDG_ADDRESS_BYTES_MAX;
}

static bool
find_addr(const char *s, size_t n, const char **a, const char **e)
{
	const char *at = s;

	while ((at = memchr(at, '@', n - (size_t)(at - s)))) {
		if (addr_around(s, s + n, at, a, e))
			return true;
		at++;
	}
	return false;
}

/* A copy, without quotes that only guard dots ("a..b"@docomo.ne.jp). */
static char *
take_addr(const char *x, const char *e, struct mdg_arena *a)
{
	const char *q =
		*x == '"' ? memchr(x + 1, '"', (size_t)(e - x - 1)) : NULL;

	if (!q || q[1] != '@')
		return mdg_arena_strndup(a, x, (size_t)(e - x));
	for (const char *p = x + 1; p < q; p++)
		if (!is_addr_byte(*p) || *p == '@' || *p == '\\')
			return mdg_arena_strndup(a, x, (size_t)(e - x));
	return mdg_arena_printf(a, "%.*s%.*s", (int)(q - x - 1), x + 1,
				(int)(e - q - 1), q + 1);
}

char *
mdg_b_bare_address(const char *s, size_t n, struct mdg_arena *a)
{
	const char *x, *e;

	if (n > 2000 || !find_addr(s, n, &x, &e))
		return NULL;
	return take_addr(x, e, a);
}

void
mdg_b_add(struct mdg_b_rcpts *l, const char *address, const char *words)
{
	for (size_t i = 0; i < l->n; i++)
		if (mdg_strcaseeq(l->v[i].address, address)) {
			if (*words &&
			    mdg_b_reason_of_text(l->v[i].words) == MDG_B_OTHER)
				l->v[i].words = words;
			return;
		}
	if (l->n < MDG_BOUNCE_RECIPIENTS_MAX)
		l->v[l->n++] = (struct mdg_b_rcpt){address, words};
}

static const char *
line_end(const char *p)
{
	return p + strcspn(p, "\n");
}

static bool
has_any_line(const char *p, const char *e, const char *const *words)
{
	struct mdg_line l;

	mdg_line_fold(&l, p, (size_t)(e - p));
	return mdg_line_holds(&l, words);
}

/* End of the report: where the returned mail begins. */
static const char *
report_end(const char *text)
{
	size_t lines = 0;

	for (const char *p = text; *p && lines < SCAN_LINES; lines++) {
		const char *e = line_end(p);
		if (e - p < 200 && has_any_line(p, e, COPY_MARKS) &&
		    !memchr(p, '@', (size_t)(e - p)) && p > text)
			return p;
		if (!strncmp(p, "Received: ", 10) ||
		    !strncmp(p, "Return-Path: ", 13))
			return p;
		p = *e ? e + 1 : e;
	}
	return text + strlen(text);
}

/*
 * Does the address lead its line? "<a@b>: reason", "  a@b", "'a@b' on …",
 * "宛先: a@b".
 */
static bool
leads_line(const char *p, const char *e, const char *a, const char *z)
{
	struct mdg_line before, after;

	mdg_line_fold(&before, p, (size_t)(a - p));
	mdg_line_fold(&after, z, (size_t)(e - z));
	mdg_line_strip(&before, " <>'\"-+=#[(:.");
	mdg_line_strip(&after, " <>'\")].:");
	static const char *const labels[] = {"to",
					     "宛先",
					     "あて先",
					     "受信者",
					     "recipient",
					     "recipients",
					     "failed recipient",
					     "rcpt to",
					     "final-recipient: rfc822;",
					     "送信先",
					     "送信先アドレス",
					     "メールアドレス",
					     "宛先アドレス",
					     "address",
					     "e-mail",
					     "final-recipient: rfc822",
					     "user",
					     "・",
					     "■",
					     "●",
					     "◆",
					     "1",
					     "2",
					     "3",
					     NULL};
	if (before.n > 0) {
		bool known = false;
		for (size_t i = 0; labels[i] && !known; i++)
			known = mdg_streq(before.s, labels[i]);
		return known && after.n < 200;
	}
	return true;
}

/* What is said about the address: rest of its line and the lines below. */
static char *
words_below(const char *z, const char *end, struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear)
	struct mdg_buf b = MDG_BUF_LIMIT(WORDS_BYTES);
	size_t lines = 0, blanks = 0;

	z += strspn(z, ">'\"):] ");
	for (const char *p = z; p < end && lines < WORDS_LINES; lines++) {
		const char *e = line_end(p), *x, *y;
		if (e > end)
			e = end;
		bool blank = mdg_line_is_blank(p, (size_t)(e - p));
		if (blank && (b.len > 0 || ++blanks > 1))
			break;
		if (lines > 0 && find_addr(p, (size_t)(e - p), &x, &y) &&
		    leads_line(p, e, x, y))
			break;
		if (!mdg_buf_put(&b, p, (size_t)(e - p)) ||
		    !mdg_buf_putc(&b, ' '))
			break;
		p = e < end ? e + 1 : e;
	}
	return mdg_b_one_line(mdg_buf_str(&b), b.len, a);
}

static void
leading_addresses(const char *text, const char *end, struct mdg_arena *a,
		  struct mdg_b_rcpts *out)
{
	const char *x, *y;
	size_t lines = 0;

	for (const char *p = text; p < end && lines++ < SCAN_LINES;) {
		const char *e = line_end(p);
		if (e > end)
			e = end;
		if (find_addr(p, (size_t)(e - p), &x, &y) &&
		    leads_line(p, e, x, y) && !has_any_line(p, x, ASIDE) &&
		    !has_any_line(x, y, DAEMONS) &&
		    out->n < MDG_BOUNCE_RECIPIENTS_MAX)
			mdg_b_add(out, take_addr(x, y, a),
				  words_below(y, end, a));
		p = e < end ? e + 1 : e;
	}
}

static void
addresses_in_sentences(const char *text, const char *end, struct mdg_arena *a,
		       struct mdg_b_rcpts *out)
{
	const char *x, *y;
	size_t lines = 0;
	char *all = mdg_b_one_line(
		text,
		end - text > WORDS_BYTES
			? mdg_utf8_cut(text, (size_t)(end - text), WORDS_BYTES)
			: (size_t)(end - text),
		a);

	for (const char *p = text; p < end && lines++ < SCAN_LINES;) {
		const char *e = line_end(p);
		if (e > end)
			e = end;
		if (find_addr(p, (size_t)(e - p), &x, &y) &&
		    has_any_line(p, e, FAIL_LINES) &&
		    !has_any_line(p, x, ASIDE) && !has_any_line(x, y, DAEMONS))
			mdg_b_add(out, take_addr(x, y, a), all);
		p = e < end ? e + 1 : e;
	}
}

void
mdg_b_from_text(const char *text, struct mdg_arena *a, struct mdg_b_rcpts *out)
{
	const char *end = report_end(text);
	size_t n = (size_t)(end - text);

	out->all = mdg_b_one_line(
		text, n > ALL_BYTES ? mdg_utf8_cut(text, n, ALL_BYTES) : n, a);
	leading_addresses(text, end, a, out);
	if (out->n == 0)
		addresses_in_sentences(text, end, a, out);
}

const char *
mdg_b_find_msgid(const char *text, bool headers_only, struct mdg_arena *a)
{
	size_t lines = 0;
	bool any = false;

	for (const char *p = text; *p && lines < SCAN_LINES * 5; lines++) {
		const char *e = line_end(p);
		const char *s = p + strspn(p, " \t>|");
		if (headers_only && any &&
		    mdg_line_is_blank(p, (size_t)(e - p)))
			break;
		any = any || e > p;
		if (mdg_str_case_starts(s, "message-id") ||
		    mdg_str_case_starts(s, "x-original-message-id") ||
		    mdg_str_case_starts(s, "original-message-id") ||
		    mdg_str_case_starts(s, "メッセージ ID") ||
		    mdg_str_case_starts(s, "メッセージID")) {
			size_t near = strnlen(s, MDG_MSGID_BYTES_MAX + 100);
			const char *lt = memchr(s, '<', near);
			const char *gt =
				lt ? memchr(lt, '>', near - (size_t)(lt - s))
				   : NULL;
			/* the id may stand on the folded line below */
			if (gt && lt - e < 8 && gt - lt < MDG_MSGID_BYTES_MAX &&
			    memchr(lt, '@', (size_t)(gt - lt)))
				return mdg_b_one_line(lt + 1,
						      (size_t)(gt - lt - 1), a);
			const char *c = memchr(s, ':', (size_t)(e - s));
			if (c && memchr(c, '@', (size_t)(e - c)) &&
			    e - c < MDG_MSGID_BYTES_MAX)
				return mdg_b_one_line(c + 1,
						      (size_t)(e - c - 1), a);
		}
		p = *e ? e + 1 : e;
	}
	return NULL;
}

const char *
mdg_b_action_of_text(const char *text)
{
	struct mdg_line l;
	size_t n = text ? strlen(text) : 0;

	if (n > 3000)
		n = 3000;
	for (size_t k = 0; k < MDG_LEN(ACTIONS); k++)
		for (size_t at = 0; at < n; at += MDG_LINE_MAX / 2) {
			mdg_line_fold(&l, text + at, n - at);
			if (mdg_line_holds(&l, ACTIONS[k].words))
				return ACTIONS[k].action;
			if (!l.cut)
				break;
		}
	return NULL;
}

bool
mdg_bounce_text_is_report(const char *subject, const char *text)
{
	struct mdg_line l;
	size_t n = text ? strlen(text) : 0;
	bool by_subject = false;

	if (subject) {
		mdg_line_fold(&l, subject, strlen(subject));
		by_subject = mdg_line_holds(&l, REPORT_SUBJECTS);
	}
	if (n > 3000)
		n = 3000;
	for (size_t at = 0; at < n; at += MDG_LINE_MAX / 2) {
		mdg_line_fold(&l, text + at, n - at);
		if (mdg_line_holds(&l, REPORT_WORDS))
			return true;
		if (!l.cut)
			break;
	}
	return by_subject && n == 0;
}
