/* Lines that set history apart: "-----Original Message-----", desk lines. */
#include <string.h>

#include "madoguchi/base/str.h"
#include "quote_priv.h"

/* clang-format off */
static const char *const OLD_WORDS[] = {
	"original", "元の", "元メ", "原文", "原メ", "前回", "以前", "引用", "受信",
	"オリジナル", "ursprünglich", "origine", "originale", "исходное",
	"原始", "原邮件", "원본", "원문", "過去", "返信元", "履歴", "頂いた", "いただいた",
	"戴いた", "頂戴", "先日の", "昨日の", "先方", NULL};
static const char *const FORWARD_WORDS[] = {
	"forwarded", "転送", "weitergeleitet", "transféré", "reenviado",
	"inoltrato", "轉寄", "转发", "전달", "forward", NULL};
static const char *const MAIL_WORDS[] = {
	"message", "メッセージ", "メール", "mail", "nachricht", "mensaje",
	"messaggio", "邮件", "郵件", "메시지", "메일", "메세지", "appointment", "mensagem", "引用", "bericht",
	"原文", "やりとり", "やり取り", "forwarded by", "내용", NULL};
/* A handmade title without rules must say that something follows. */
static const char *const FOLLOW_WORDS[] = {"以下", "下記", "引用", "転送",
					   "forward", "original", NULL};
static const char *const PHRASES[] = {
	"begin forwarded message:", "転送されたメッセージ:", "転送メッセージ:",
	"以下は転送されたメッセージです:", "début du message réexpédié :",
	"début du message transféré :", "inizio messaggio inoltrato:",
	"anfang der weitergeleiteten nachricht:",
	"inicio del mensaje reenviado:", "始まり: 転送メッセージ:", NULL};
static const char *const CLOSERS[] = {
	"ここまで", "引用終", "引用おわり", "以上引用", "以上、引用", "end of",
	"転送終", NULL};
static const char *const DESK_LINES[] = {
	"この線より上", "この行より上", "ここより上", "線より上に", "行より上に",
	"この線の上", "この行の上", "above this line", "reply above", NULL};
static const char *const DESK_ENDS[] = {
	"ください", "下さい", "ください。", "下さい。", "line", "line.", "願います",
	"願います。", "お願いします。", "お願いいたします。", "返信", "--", "##", "==",
	"]", "】", "*", "-#", "- ##", NULL};
/* clang-format on */

bool
mdg_q_is_closer(const struct mdg_line *l)
{
	return l->n <= 90 && mdg_line_holds(l, CLOSERS);
}

enum wrapping { NOT_WRAPPED, BRACKETS, RULES };

static const char *const ornaments[] = {
	"─", "━", "－", "―", "—",  "–", "＝", "ー", "【", "】", "《", "》",
	"■", "◆", "▼",  "▽", "〓", "…", "｀", "※",  "●",  "○",  "↓",  "↑",  NULL};

/* No ornament in front, none around. */
static bool
is_bare(const struct mdg_line *l)
{
	return !strchr("-=_~+#<>[( ", l->s[0]) &&
	       !mdg_line_starts_any(l->s, ornaments);
}

/* Ornament around the line; l is left with the words. */
static enum wrapping
unwrap(struct mdg_line *l)
{
	size_t head = strspn(l->s, "-=_~+#<>[( ");
	size_t before = l->n;
	bool paired = l->n > 2 && strchr("<[(", l->s[0]) &&
		      strchr(">])", l->s[l->n - 1]);

	mdg_line_strip(l, "-=_~+#<>[]() ");
	bool lenticular = head == 0 && mdg_str_starts(l->s, "【");
	for (size_t w; (w = mdg_line_starts_any(l->s, ornaments)) > 0;) {
		memmove(l->s, l->s + w, l->n - w + 1);
		l->n -= w;
		head += 2;
	}
	while (mdg_line_ends_any(l->s, l->n, ornaments)) {
		l->n -= 3;
		l->s[l->n] = '\0';
	}
	mdg_line_strip(l, "-=_~+#<>[]() ");
	if (paired || lenticular)
		return BRACKETS;
	return head >= 2 && before > l->n ? RULES : NOT_WRAPPED;
}

/* "----- 山田さんからのメール -----" right above a header block. */
static bool
titles_block(const struct mdg_q *q, size_t i, struct mdg_q_head *h)
{
	struct mdg_line l;

	if (i + 1 >= q->n || q->v[i + 1].blank)
		return false;
	mdg_q_fold(q, i + 1, &l);
	if (!mdg_q_header_block(q, i + 1, &l, h))
		return false;
	h->n++;
	return true;
}

/* "-----Original Message-----" and its translations. */
bool
mdg_q_separator(const struct mdg_q *q, size_t i, const struct mdg_line *in,
		struct mdg_q_head *h)
{
	struct mdg_line l;
	size_t end = 0;

	if (in->n == 0 || in->n > 200 || in->cut)
		return false;
	bool phrase = false;
	for (size_t k = 0; PHRASES[k]; k++)
		phrase = phrase || mdg_streq(in->s, PHRASES[k]);
	if (!phrase && is_bare(in))
		return false;
	mdg_line_copy(&l, in);
	enum wrapping wrapped = unwrap(&l);
	if (wrapped && mdg_str_ends(l.s, "です"))
		l.s[l.n -= strlen("です")] = '\0';
	bool old = mdg_line_holds(&l, OLD_WORDS) ||
		   (wrapped == RULES && mdg_line_has_date(l.s) &&
		    mdg_line_has_time(l.s));
	bool fwd = phrase || mdg_line_holds(&l, FORWARD_WORDS);
	if (!phrase && (!wrapped || !mdg_line_holds(&l, MAIL_WORDS)))
		return false;
	if (!phrase && !old && !fwd) /* whatever it says: a title */
		return wrapped == RULES && titles_block(q, i, h);
	if (mdg_line_holds(&l, mdg_q_sentence) || mdg_q_is_closer(&l))
		return false;
	bool latin = mdg_utf8_len(l.s, l.n) == l.n;
	if (!latin && !phrase && !mdg_line_ends_any(l.s, l.n, MAIL_WORDS) &&
	    !fwd && !strstr(l.s, "message") && !strstr(l.s, "nachricht"))
		return false;
	bool block = mdg_q_has_block(q, i + 1, &end);
	h->rule = fwd ? "forward" : "separator";
	h->forward = fwd;
	h->n = block ? end - i : 1;
	h->reach = MDG_Q_REST;
	if (block || mdg_q_marked_follows(q, i + 1))
		return true;
	if (wrapped == BRACKETS && !mdg_line_holds(&l, FOLLOW_WORDS))
		return false;
	return (q->is_reply || fwd) && (phrase || l.n <= 60 || fwd);
}

/* ">>> 佐藤 <a@example.jp> 2026/11/20 14:03 >>>": GroupWise. */
bool
mdg_q_fenced(const struct mdg_q *q, size_t i, struct mdg_q_head *h)
{
	struct mdg_line l;
	const char *a, *e;

	if (q->v[i].mark != MDG_Q_GT || q->v[i].depth < 3 ||
	    mdg_q_marked_follows(q, i + 1))
		return false;
	mdg_q_fold(q, i, &l);
	bool closed = mdg_str_ends(l.s, ">>>") || mdg_str_ends(l.s, ">> >");
	bool dated = mdg_line_has_date(l.s) || mdg_line_has_time(l.s);
	if (l.n < 10 || l.n > 200 || mdg_line_holds(&l, mdg_q_sentence))
		return false;
	if (!(closed && dated) && !(dated && mdg_line_find_addr(l.s, &a, &e)))
		return false;
	*h = (struct mdg_q_head){"fenced", 1, MDG_Q_REST, false};
	return true;
}

/* "##- この線より上に返信してください -##" */
bool
mdg_q_desk_line(const struct mdg_q *q, size_t i, const struct mdg_line *l,
		struct mdg_q_head *h)
{
	(void)q;
	(void)i;
	if (l->n == 0 || l->n > 160 || l->cut || !mdg_line_holds(l, DESK_LINES))
		return false;
	size_t head = strspn(l->s, "-=_~+#[< ");
	if (head < 2 && !mdg_line_ends_any(l->s, l->n, DESK_ENDS))
		return false;
	if (strstr(l->s, "」") || strstr(l->s, "\""))
		return false; /* someone speaks about it */
	*h = (struct mdg_q_head){"desk-line", 1, MDG_Q_REST, false};
	return true;
}

static bool
is_armor(const struct mdg_q *q, size_t i, const char *line)
{
	size_t n = strlen(line);

	return q->v[i].role == MDG_Q_KEEP && q->v[i].len >= n &&
	       memcmp(mdg_q_str(q, i), line, n) == 0 &&
	       mdg_line_is_blank(mdg_q_str(q, i) + n, q->v[i].len - n);
}

void
mdg_q_armor(struct mdg_q *q)
{
	static const char begin[] = "-----BEGIN PGP SIGNED MESSAGE-----";
	static const char sign[] = "-----BEGIN PGP SIGNATURE-----";
	static const char end[] = "-----END PGP SIGNATURE-----";

	for (size_t i = 0; i < q->n; i++) {
		size_t to = i;

		if (is_armor(q, i, begin))
			for (to = i + 1; to < q->n && !q->v[to].blank;)
				to++;
		else if (is_armor(q, i, sign))
			for (to = i + 1;
			     to < q->n && !is_armor(q, to - 1, end);)
				to++;
		for (; i < to; i++)
			q->v[i].role = MDG_Q_SIG;
	}
}
