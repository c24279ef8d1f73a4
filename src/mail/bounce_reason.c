/*
 * Why a mail did not arrive, and whether its address is dead.
 *
 * Enhanced status codes (RFC 3463) where they are precise. Many servers send
 * 5.0.0, 5.5.0 or 5.7.1 for everything: then the words decide.
 */
#include <stdlib.h>
#include <string.h>

#include "bounce_priv.h"
#include "line.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/bounce.h"

static const char *const NAMES[MDG_B_N] = {
	[MDG_B_USER_UNKNOWN] = "user_unknown",
	[MDG_B_HOST_UNKNOWN] = "host_unknown",
	[MDG_B_MOVED] = "moved",
	[MDG_B_MAILBOX_FULL] = "mailbox_full",
	[MDG_B_TOO_LARGE] = "too_large",
	[MDG_B_POLICY] = "policy",
	[MDG_B_SPAM] = "spam",
	[MDG_B_RATE_LIMITED] = "rate_limited",
	[MDG_B_AUTH] = "auth",
	[MDG_B_TIMEOUT] = "timeout",
	[MDG_B_RELAY_DENIED] = "relay_denied",
	[MDG_B_CONTENT] = "content",
	[MDG_B_DISABLED] = "disabled",
	[MDG_B_OTHER] = "other",
};

const char *
mdg_bounce_reason_name(unsigned i)
{
	return i < MDG_B_N ? NAMES[i] : NULL;
}

/* clang-format off */
/* First family that has a word in the text decides. */
static const struct {
	enum mdg_b_reason reason;
	const char *words[48];
} FAMILIES[] = {
	{MDG_B_OTHER, {"too many hops", "hop count", "mail loop", "forwarding loop",
		"loops back", NULL}},
	{MDG_B_TIMEOUT, {"temporary local problem", "temporary lookup", NULL}},
	/* our side of the envelope is refused, nothing about the recipient */
	{MDG_B_AUTH, {"sender address rejected: not owned", "authentication required",
		"dmarc", "dkim", "spf ", "spf)", "spf-", "(spf", "spf:", "sender policy framework",
		"unauthenticated", "not authenticated", "must be authenticated",
		"sender id", "fails authentication", "authentication failed",
		"does not pass authentication", "not pass dm", "auth failed",
		"なりすまし", "送信ドメイン認証", "認証に失敗", "reverse dns", "ptr record",
		"requires authentication", NULL}},
	{MDG_B_POLICY, {"sender address rejected", "sender rejected", "sender domain",
		"domain of sender", "invalid sender", "bad sender", "sender verify", "verification failed for",
		"callback", "from address",
		"mail from:", "envelope sender", "送信元アドレスが", "送信者のドメイン", NULL}},
	{MDG_B_RATE_LIMITED, {"rate limit", "ratelimit", "too many", "throttl",
		"at a rate", "too quickly", "greylist", "grey list", "graylist",
		"sending limit", "limit exceeded for sen", "temporarily deferred",
		"excessive", "rate exceed", "sending rate", "unusual rate", "送信数",
		"流量", "送信制限", "送信通数", "アクセスが集中", "daily quota", "rate control",
		"maximum sending", "daily sending", "同時接続", "too fast", "max defers", "try again later", "try later",
		"slow down", "reduce your", NULL}},
	{MDG_B_MAILBOX_FULL, {"mailbox full", "mailbox is full",
		"quota exceeded", "over quota", "overquota", "over the quota",
		"exceeded quota", "exceeds quota", "exceeded its quota", "quotaexceeded",
		"insufficient storage", "insufficient system storage", "out of storage",
		"exceeded storage", "storage allocation", "inbox is full", "inbox full",
		"mailbox size limit", "allowed storage", "mailbox limit", "disk quota", "not enough storage", "exceededquota",
		"mailbox has exceeded", "mail box full", "disk full", "storage full",
		"storage quota", "user is over", "メールボックスがいっぱい",
		"メールボックスが一杯", "容量", "満杯", "いっぱい", "一杯", "空きがあり",
		"quota", "mbx full", "full mailbox", "is full", NULL}},
	{MDG_B_TOO_LARGE, {"message too large", "message is too large", "too big",
		"size exceeds", "exceeds size", "message size", "maximum size",
		"length exceeds", "exceeds fixed", "exceeds the maximum", "larger than",
		"size limit", "大きすぎ", "サイズが", "サイズの上限", "最大サイズ", "サイズ制限",
		"サイズ超過", "too large", NULL}},
	{MDG_B_MOVED, {"has moved", "user moved", "moved to", "moved permanently",
		"user not local; please try", "user not local", "new address",
		"address has changed", "address changed", "has changed address",
		"forwarding address", "changed to <", "メールアドレスを変更", "アドレスが変更",
		"アドレス変更", "移転", "移行しました", "relocated", NULL}},
	{MDG_B_USER_UNKNOWN, {"not listed in", "user not listed", "not listed in domino", NULL}},
	{MDG_B_CONTENT, {"virus", "malware", "infected", "content rejected",
		"content not accept", "message content", "content filter",
		"attachment", "ウイルス", "添付ファイル", "banned content",
		"content blocked", "for content", "security issue", "file type", "malicious", "header syntax", "5322",
		"2822", "conversion", "本文の内容", NULL}},
	{MDG_B_SPAM, {"spam", "junk mail", "blacklist", "black list", "blocklist",
		"block list", "blocked using", "listed at", "listed in", "listed on",
		"dnsbl", " rbl", "reputation", "unsolicited", "suspicious", "迷惑メール",
		"ブラックリスト", "スパム", "phish", "banned sending ip", "abuse", NULL}},
	{MDG_B_RELAY_DENIED, {"relay access denied", "relaying denied",
		"relaying not", "relay not", "unable to relay", "not relay", "to relay",
		"relaying is", "relay denied", "rcpthosts", "relay prohibited",
		"no relay", "リレー", "中継", NULL}},
	{MDG_B_TIMEOUT, {"try again) ", "host not found, try again",
		"temporary lookup failure", "servfail", "query timed out", NULL}},
	{MDG_B_HOST_UNKNOWN, {"host unknown", "dns domain", "unknown host", "host not found",
		"domain name not found", "domain not found", "nxdomain", "no such domain",
		"no such host", "domain does not exist", "domain doesn't exist",
		"domain couldn't be found", "domain could not be found",
		"unknown domain", "invalid domain", "bad domain", "unrouteable mail domain",
		"unroutable mail domain", "null mx", "nullmx", "does not accept mail",
		"doesn't accept mail", "doesn't accept email", "does not accept email",
		"name or service not known", "couldn't find any host",
		"has no mail exchanger", "no mail server", "name service error",
		"point to non-existent", "nonexistent domain", "non-existent domain",
		"ドメインが見つ", "ドメインが存在", "ドメイン名が見つ", "ドメイン名が存在",
		"ホストが見つ", "ホスト不明", "ドメインは存在", "ホスト名が", "no mx", NULL}},
	{MDG_B_USER_UNKNOWN, {"user unknown", "unknown user", "no such user",
		"user not found", "user doesn't exist", "does not exist", "doesn't exist",
		"no such recipient", "unknown recipient", "recipient unknown",
		"recipient not found", "recipientnotfound", "recipnotfound",
		"invalid recipient", "invalid mailbox", "mailbox not found",
		"no mailbox here", "no such mailbox", "unknown mailbox", "mailbox unknown",
		"address not found", "couldn't be found", "could not be found",
		"wasn't found", "was not found", "not found at", "no such address",
		"unknown address", "address unknown", "unrouteable address",
		"unroutable address", "not a known user", "no account",
		"doesn't have a", "does not have a", "unknown local", "unknown or illegal",
		"not a valid mailbox", "user is unknown", "bad destination mailbox",
		"not our customer", NULL}},
	{MDG_B_USER_UNKNOWN, {"宛先が見つかりません", "見つかりません", "見つからな",
		"見つからない", "存在しません", "存在しない", "宛先不明", "あて先不明", "宛先が不明",
		"不明なユーザ", "ユーザー不明", "ユーザ不明", "該当するアドレス", "該当するユーザ",
		"アドレス不明", "アドレスが不明", "該当者", "アドレスが間違", "アドレスに誤り",
		"アドレスが正しくない", "アドレスが正しくありません", "no user", "invalid address",
		"invalid user", "unknown account", "account not found", "no longer valid",
		"not recognized", "nosuchuser", "not known here", "no such person",
		"nobody by that name", "address does not", "this user doesn't",
		"mailbox unavailable", "mailbox not available", "recipient address is invalid",
		"存在していま", "ディレクトリにありません", "登録されていません",
		"登録がありません", "アドレス帳にありません", "アドレス誤り", "使われていません", "使用されていません", "現在使われて", "no valid recipient", NULL}},
	{MDG_B_DISABLED, {"disabled", "inactive", "suspended", "deactivated",
		"no longer active", "no longer in service", "no longer available",
		"no longer in use", "no longer accept", "not accepting messages",
		"account expired", "account is closed", "account closed",
		"account has been", "discontinued", "解約", "利用停止", "休止", "停止されて",
		"無効", "退職", "使われておりません", "使用されておりません", "terminated",
		"not active", " locked", NULL}},
	{MDG_B_TIMEOUT, {"timed out", "timeout", "time out", "connection refused",
		"no route to host", "unreachable", "unable to connect",
		"could not connect", "couldn't connect", "expired", "too old",
		"retry time", "lost connection", "not responding", "did not respond",
		"could not be delivered within", "in the queue too long",
		"queue too long", "no answer", "not answering", "delivery time", "delayed",
		"will continue to", "will keep trying", "still being retried",
		"connection dropped", "connection reset", "network error", "dns",
		"応答が", "応答し", "タイムアウト", "接続できま", "つながら", "再送", "遅れ",
		"遅延", "配信期限", "temporarily unavailable", "temporary failure", "service not available", NULL}},
	{MDG_B_POLICY, {"policy", "access denied", "administrative", "prohibit",
		"not allowed", "not permitted", "not authorized", "unauthorized", "denied",
		"rejected", "refused", "blocked", "restricted", "permission", "reject",
		"does not want", "not accepted", "受信拒否", "受信を拒否", "拒否", "許可されてい",
		"ポリシー", "制限されて", "指定受信", "受信制限", "受信を制限", "受信設定", "受け取りを", "受け付けて", NULL}},
};

/* Exact sub-codes (subject, detail). Others of the class: CLASSES. */
static const struct {
	int subject, detail;
	enum mdg_b_reason reason;
	bool vague; /* words, if they say something, know better */
} STATUS[] = {
	{1, 0, MDG_B_OTHER, true},        {1, 1, MDG_B_USER_UNKNOWN, false},
	{1, 2, MDG_B_HOST_UNKNOWN, false}, {1, 3, MDG_B_USER_UNKNOWN, false},
	{1, 4, MDG_B_OTHER, true},        {1, 6, MDG_B_MOVED, false},
	{1, 7, MDG_B_POLICY, false},      {1, 8, MDG_B_POLICY, false},
	{1, 10, MDG_B_USER_UNKNOWN, true}, {2, 0, MDG_B_OTHER, true},
	{2, 1, MDG_B_DISABLED, true},     {2, 2, MDG_B_MAILBOX_FULL, false},
	{2, 3, MDG_B_TOO_LARGE, false},   {3, 0, MDG_B_OTHER, true},
	{3, 1, MDG_B_MAILBOX_FULL, true}, {3, 2, MDG_B_OTHER, true},
	{3, 4, MDG_B_TOO_LARGE, false},   {4, 0, MDG_B_OTHER, true},
	{4, 1, MDG_B_TIMEOUT, true},      {4, 2, MDG_B_TIMEOUT, true},
	{4, 3, MDG_B_TIMEOUT, true},      {4, 4, MDG_B_HOST_UNKNOWN, true},
	{4, 5, MDG_B_RATE_LIMITED, false}, {4, 6, MDG_B_OTHER, false},
	{4, 7, MDG_B_TIMEOUT, false},     {4, 14, MDG_B_OTHER, false},
	{4, 310, MDG_B_HOST_UNKNOWN, true}, {7, 0, MDG_B_POLICY, true},
	{7, 1, MDG_B_POLICY, true},       {7, 4, MDG_B_AUTH, false},
	{7, 5, MDG_B_AUTH, false},        {7, 7, MDG_B_AUTH, true},
	{7, 8, MDG_B_AUTH, false},        {7, 9, MDG_B_AUTH, false},
	{7, 20, MDG_B_AUTH, false},       {7, 21, MDG_B_AUTH, false},
	{7, 22, MDG_B_AUTH, false},       {7, 23, MDG_B_AUTH, false},
	{7, 24, MDG_B_AUTH, false},       {7, 25, MDG_B_AUTH, false},
	{7, 26, MDG_B_AUTH, false},       {7, 27, MDG_B_POLICY, false},
	{7, 28, MDG_B_RATE_LIMITED, true}, {7, 57, MDG_B_AUTH, false},
	{7, 509, MDG_B_AUTH, false},      {7, 515, MDG_B_AUTH, false},
	{7, 511, MDG_B_SPAM, false},      {7, 705, MDG_B_RATE_LIMITED, false},
	{7, 708, MDG_B_RATE_LIMITED, false},
};

static const enum mdg_b_reason CLASSES[10] = {
	[0] = MDG_B_OTHER, [1] = MDG_B_OTHER, [2] = MDG_B_OTHER,
	[3] = MDG_B_OTHER, [4] = MDG_B_TIMEOUT, [5] = MDG_B_OTHER,
	[6] = MDG_B_CONTENT, [7] = MDG_B_POLICY, [8] = MDG_B_OTHER,
	[9] = MDG_B_OTHER};
/* clang-format on */

enum { FOLD_BYTES = 4000 };

enum mdg_b_reason
mdg_b_reason_of_text(const char *text)
{
	struct mdg_line l;
	enum mdg_b_reason best = MDG_B_OTHER;
	size_t best_family = MDG_LEN(FAMILIES);
	size_t n = text ? strlen(text) : 0;

	if (n > FOLD_BYTES)
		n = FOLD_BYTES;
	/* overlapping windows, so that no word is cut in two by one */
	for (size_t at = 0; at < n; at += MDG_LINE_MAX / 2) {
		mdg_line_fold(&l, text + at, n - at);
		for (size_t i = 0; i < best_family; i++)
			if (mdg_line_holds(&l, FAMILIES[i].words)) {
				best = FAMILIES[i].reason;
				best_family = i;
			}
		if (!l.cut)
			break;
	}
	return best;
}

static bool
parse_status(const char *s, int *cls, int *subject, int *detail)
{
	char *end;

	if (!s || s[0] < '2' || s[0] > '5' || s[1] != '.')
		return false;
	*cls = s[0] - '0';
	*subject = (int)strtol(s + 2, &end, 10);
	if (*end != '.')
		return false;
	*detail = (int)strtol(end + 1, NULL, 10);
	return *subject >= 0 && *subject < 10;
}

/* The reason a status gives; *vague: words know better. */
static enum mdg_b_reason
status_reason(const char *status, bool *vague)
{
	int cls, subject, detail;

	*vague = true;
	if (!parse_status(status, &cls, &subject, &detail))
		return MDG_B_OTHER;
	if (subject == 7 && detail >= 606 && detail <= 649)
		return MDG_B_SPAM;
	for (size_t i = 0; i < MDG_LEN(STATUS); i++)
		if (STATUS[i].subject == subject &&
		    STATUS[i].detail == detail) {
			*vague = STATUS[i].vague;
			return STATUS[i].reason;
		}
	return CLASSES[subject];
}

enum mdg_b_reason
mdg_b_reason_of(const char *status, const char *diag, const char *more)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	bool vague, vague2;
	enum mdg_b_reason by_status = status_reason(status, &vague);

	if (!vague) {
		/* a full mailbox has an owner, whatever the code says */
		if (mdg_b_reason_is_dead(by_status) &&
		    mdg_b_reason_of_text(diag) == MDG_B_MAILBOX_FULL)
			return MDG_B_MAILBOX_FULL;
		return by_status;
	}
	/* Exchange Online, for an address that its directory lacks */
	if (mdg_streq(status, "5.4.1") && diag &&
	    mdg_strcasestr(diag, "recipient address rejected: access denied"))
		return MDG_B_USER_UNKNOWN;
	/* the server's own code inside the diagnostic may be more precise */
	const char *inner = diag ? mdg_b_find_status(diag, &a) : NULL;
	if (inner && !mdg_streq(inner, status)) {
		enum mdg_b_reason r = status_reason(inner, &vague2);
		if (!vague2)
			return mdg_b_reason_of(inner, diag, more);
		if (by_status == MDG_B_OTHER)
			by_status = r;
	}
	enum mdg_b_reason r = mdg_b_reason_of_text(diag);
	if (r == MDG_B_OTHER && status && mdg_str_starts(status, "4.7."))
		return MDG_B_RATE_LIMITED;
	if (r == MDG_B_OTHER && by_status == MDG_B_OTHER)
		r = mdg_b_reason_of_text(more);
	return r == MDG_B_OTHER ? by_status : r;
}

bool
mdg_b_reason_is_dead(enum mdg_b_reason r)
{
	return r == MDG_B_USER_UNKNOWN || r == MDG_B_HOST_UNKNOWN ||
	       r == MDG_B_MOVED || r == MDG_B_DISABLED;
}

static size_t
digits_at(const char *p)
{
	return strspn(p, "0123456789");
}

/* "550-5.7.26": the dash of a reply with several lines. */
static bool
after_reply_code(const char *text, const char *p)
{
	return p - text >= 4 && p[-1] == '-' && digits_at(p - 4) == 3 &&
	       strchr("245", p[-4]);
}

const char *
mdg_b_find_status(const char *text, struct mdg_arena *a)
{
	for (const char *p = text; (p = strpbrk(p, "245")); p++) {
		if (p > text && strchr("0123456789.-", p[-1]) &&
		    !after_reply_code(text, p))
			continue;
		if (p[1] != '.')
			continue;
		size_t b = digits_at(p + 2);
		if (b == 0 || b > 3 || p[2 + b] != '.')
			continue;
		size_t c = digits_at(p + 3 + b);
		const char *end = p + 3 + b + c;
		if (c == 0 || c > 3 || (*end == '.' && digits_at(end + 1)))
			continue;
		return mdg_arena_strndup(a, p, (size_t)(end - p));
	}
	return NULL;
}

int
mdg_b_reply_class(const char *text)
{
	for (const char *p = text; (p = strpbrk(p, "245")); p++) {
		if (p > text && strchr("0123456789.-:/", p[-1]))
			continue;
		if (digits_at(p) == 3 && p[1] <= '5' &&
		    (p[3] == ' ' || p[3] == '-' || p[3] == '\0' ||
		     p[3] == ')' || p[3] == ':'))
			return *p - '0';
	}
	return 0;
}
