/*
 * Heads of quoted history: attribution lines ("On … wrote:"), header blocks
 * ("差出人: … 送信日時: …") and separators ("-----Original Message-----").
 *
 * Attributions are told by their parts (date, time, address, verb, colon),
 * not by whole texts: mail programs differ in order and words, not in parts.
 */
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "quote_priv.h"

enum { ATTRIBUTION_LINES = 4, ATTRIBUTION_BYTES = 500, FOLLOW_LINES = 3 };

static void
fold_line(const struct mdg_q *q, size_t i, struct mdg_line *l)
{
	mdg_line_fold(l, mdg_q_str(q, i), q->v[i].len);
}

/* Next line that is not blank, at most FOLLOW_LINES blank ones away. */
static size_t
next_line(const struct mdg_q *q, size_t i)
{
	size_t k = 0;

	while (i < q->n && q->v[i].blank && k++ < FOLLOW_LINES)
		i++;
	return i;
}

static bool
marked_follows(const struct mdg_q *q, size_t i)
{
	i = next_line(q, i);
	return i < q->n && q->v[i].mark != MDG_Q_BARE && !q->v[i].blank;
}

/* -- attributions -- */

/* clang-format off */
/* At the end, before the colon. */
static const char *const VERBS[] = {
	"wrote", "writes", "write", "said", "wrote thus", "wrote the following",
	"schrieb", "schrieb folgendes", "hat geschrieben",
	"a écrit", "à écrit", "a ecrit", "écrit", "ha scritto", "scrive",
	"escribió", "escribio", "escreveu", "skrev", "schreef", "geschreven",
	"napisał(a)", "napisał", "написал", "написал(а)", "пишет",
	"写道", "寫道", "的邮件", "写", "님이 작성", "작성", "님이 쓴 글",
	"は書きました", "が書きました", "書きました", "さんの書き込み",
	"のメール", "からのメール", "のメッセージ", "からのメッセージ",
	"より引用", "から引用", "からの引用", "の発言", "wrote in", "さん曰く",
	"は書きました。", "が書きました。", "さん wrote", "からいただいたメール", NULL};
/* Of these, the ones that need no date: nobody ends a sentence so. */
static const char *const SURE_VERBS[] = {
	" wrote", "さんは書きました", "様は書きました", "さんが書きました",
	"は書きました", "様が書きました", "に関するメールより引用",
	"写道", "寫道", "님이 작성", "より引用", NULL};
/* In the middle: the name comes after the verb. */
static const char *const INFIX_VERBS[] = {
	" schrieb ", " schreef ", " skrev ", " wrote ", " écrit ", "님이 ", NULL};
static const char *const OPENERS[] = {
	"on ", "at ", "am ", "le ", "el ", "il ", "op ", "den ", "em ", "在 ", "在",
	"in message", "in article", "message-id", "in <", "w dniu ", "dnia ",
	"subject:", "(", "令和", "平成", "mon,", "tue,", "wed,", "thu,", "fri,",
	"sat,", "sun,", "\"", "「", "差出人", NULL};
static const char *const SENTENCE[] = {"。", "？", "! ", "? ", "！", NULL};
static const char *const TITLES[] = {"さん", "様", "さま", "氏", NULL};
/* clang-format on */

struct parts {
	bool date, time, year, addr, verb, sure, infix, colon, opener;
	bool clean_tail; /* nothing but a verb after the address */
	size_t n;
};

static void
drop_end(struct mdg_line *l, const char *set)
{
	while (l->n > 0 && strchr(set, l->s[l->n - 1]))
		l->s[--l->n] = '\0';
}

static void
tail_after(const struct mdg_line *l, const char *end, struct parts *p)
{
	const char *t = end + strspn(end, ">)]\"' ;,");

	for (;;) {
		size_t w = mdg_line_starts_any(t, TITLES);
		if (!w && !strncmp(t, "、", 3))
			w = 3;
		if (!w)
			break;
		t += w + strspn(t + w, " ");
	}
	size_t left = (size_t)(l->s + l->n - t);
	p->clean_tail = left == 0;
	for (size_t i = 0; VERBS[i] && !p->clean_tail; i++)
		p->clean_tail =
			strlen(VERBS[i]) == left && !memcmp(t, VERBS[i], left);
}

static void
read_parts(const struct mdg_line *in, struct parts *p)
{
	struct mdg_line l = *in;
	const char *a, *e;
	size_t before;

	memset(p, 0, sizeof(*p));
	before = l.n;
	size_t dashes = strspn(l.s, "-=_~+#<( ");
	mdg_line_strip(&l, "-=_~+# ");
	p->colon = dashes >= 3 && l.n + dashes < before;
	drop_end(&l, " ");
	if (l.n > 0 && l.s[l.n - 1] == ':') {
		p->colon = true;
		drop_end(&l, ": ");
	}
	p->n = l.n;
	p->verb = mdg_line_ends_any(l.s, l.n, VERBS);
	p->sure = mdg_line_ends_any(l.s, l.n, SURE_VERBS);
	p->infix = mdg_line_has_any(l.s, INFIX_VERBS);
	p->date = mdg_line_has_date(l.s);
	p->year = mdg_line_has_year(l.s);
	p->time = mdg_line_has_time(l.s);
	p->opener = mdg_line_starts_any(l.s, OPENERS) > 0 ||
		    (l.s[0] >= '0' && l.s[0] <= '9');
	p->addr = mdg_line_find_addr(l.s, &a, &e);
	if (p->addr) {
		const char *a2, *e2;
		while (mdg_line_find_addr(e, &a2, &e2))
			e = e2;
		tail_after(&l, e, p);
	}
}

/* The whole rest is history, even without marks? */
static bool
says_rest(const struct mdg_q *q, const struct parts *p)
{
	if (!p->colon || !p->date || !p->time || !p->opener)
		return p->colon && q->is_reply && p->sure && !p->opener &&
		       p->n <= 60;
	if (p->addr)
		return p->clean_tail || p->infix;
	return (p->sure || p->infix || p->verb) && q->is_reply;
}

static bool
says_marked(const struct parts *p)
{
	if (p->sure || (p->verb && (p->colon || p->date || p->addr)))
		return true;
	if (!p->colon)
		return p->date && p->addr && p->clean_tail;
	return p->date || (p->addr && p->clean_tail) || p->infix ||
	       (p->opener && p->year);
}

static bool
may_open(const struct parts *p)
{
	return p->opener || p->addr;
}

static bool
attribution(const struct mdg_q *q, size_t i, struct mdg_q_head *h)
{
	struct mdg_line l;
	struct parts p;

	fold_line(q, i, &l);
	for (size_t k = 1; k <= ATTRIBUTION_LINES; k++) {
		if (l.n == 0 || l.n > ATTRIBUTION_BYTES || l.cut ||
		    mdg_line_has_any(l.s, SENTENCE))
			return false;
		read_parts(&l, &p);
		if (k == 1 && !p.colon && !p.verb && !may_open(&p))
			return false;
		h->n = k;
		h->forward = false;
		if (says_marked(&p) && marked_follows(q, i + k)) {
			h->rule = "attribution";
			h->reach = MDG_Q_MARKED;
			return true;
		}
		if (says_rest(q, &p)) {
			h->rule = "attribution-bare";
			h->reach = MDG_Q_REST;
			return true;
		}
		if (!may_open(&p) || i + k >= q->n || q->v[i + k].blank ||
		    q->v[i + k].mark != MDG_Q_BARE)
			return false;
		mdg_line_join(&l, mdg_q_str(q, i + k), q->v[i + k].len);
	}
	return false;
}

/* -- header blocks -- */

enum label {
	L_NONE,
	L_FROM = 1,
	L_DATE = 2,
	L_TO = 4,
	L_CC = 8,
	L_SUBJECT = 16,
	L_OTHER = 32
};

/* clang-format off */
static const struct { const char *s; enum label label; } LABELS[] = {
	{"from", L_FROM}, {"差出人", L_FROM}, {"差出し人", L_FROM},
	{"送信者", L_FROM}, {"送信元", L_FROM}, {"発信者", L_FROM},
	{"発信元", L_FROM}, {"差出人名", L_FROM}, {"von", L_FROM}, {"de", L_FROM},
	{"da", L_FROM}, {"van", L_FROM}, {"från", L_FROM}, {"fra", L_FROM},
	{"от", L_FROM}, {"od", L_FROM}, {"发件人", L_FROM}, {"寄件者", L_FROM},
	{"寄件人", L_FROM}, {"보낸 사람", L_FROM}, {"보낸사람", L_FROM},
	{"보낸이", L_FROM}, {"expéditeur", L_FROM},
	{"date", L_DATE}, {"sent", L_DATE}, {"送信日時", L_DATE},
	{"送信日", L_DATE}, {"日時", L_DATE}, {"日付", L_DATE},
	{"受信日時", L_DATE}, {"date sent", L_DATE}, {"gesendet", L_DATE},
	{"datum", L_DATE}, {"envoyé", L_DATE}, {"envoyé le", L_DATE},
	{"fecha", L_DATE}, {"enviado", L_DATE}, {"enviado el", L_DATE},
	{"data", L_DATE}, {"inviato", L_DATE}, {"verzonden", L_DATE},
	{"skickat", L_DATE}, {"发送时间", L_DATE}, {"日期", L_DATE},
	{"时间", L_DATE}, {"寄件日期", L_DATE}, {"보낸 날짜", L_DATE},
	{"날짜", L_DATE}, {"보낸시간", L_DATE}, {"дата", L_DATE},
	{"отправлено", L_DATE},
	{"to", L_TO}, {"宛先", L_TO}, {"宛て先", L_TO}, {"あて先", L_TO},
	{"送信先", L_TO}, {"宛名", L_TO}, {"an", L_TO}, {"à", L_TO}, {"a", L_TO},
	{"para", L_TO}, {"per", L_TO}, {"aan", L_TO}, {"till", L_TO},
	{"til", L_TO}, {"кому", L_TO}, {"do", L_TO}, {"收件人", L_TO},
	{"收件者", L_TO}, {"받는 사람", L_TO}, {"받는사람", L_TO},
	{"cc", L_CC}, {"bcc", L_CC}, {"抄送", L_CC}, {"副本", L_CC},
	{"参照", L_CC}, {"참조", L_CC}, {"kopie", L_CC}, {"copie", L_CC},
	{"subject", L_SUBJECT}, {"件名", L_SUBJECT}, {"題名", L_SUBJECT},
	{"タイトル", L_SUBJECT}, {"表題", L_SUBJECT}, {"betreff", L_SUBJECT},
	{"objet", L_SUBJECT}, {"asunto", L_SUBJECT}, {"oggetto", L_SUBJECT},
	{"assunto", L_SUBJECT}, {"onderwerp", L_SUBJECT}, {"ämne", L_SUBJECT},
	{"emne", L_SUBJECT}, {"тема", L_SUBJECT}, {"主题", L_SUBJECT},
	{"主旨", L_SUBJECT}, {"제목", L_SUBJECT}, {"temat", L_SUBJECT},
	{"reply-to", L_OTHER}, {"返信先", L_OTHER}, {"importance", L_OTHER},
	{"重要度", L_OTHER}, {"優先度", L_OTHER}, {"priority", L_OTHER},
	{"attachments", L_OTHER}, {"attachment", L_OTHER},
	{"添付ファイル", L_OTHER}, {"添付", L_OTHER}, {"message-id", L_OTHER},
	{"organization", L_OTHER}, {"x-mailer", L_OTHER}, {"sender", L_OTHER},
	{"resent-from", L_OTHER},
};
/* clang-format on */

/* "差出人: 佐藤 <…>"; *value is what follows the colon. */
static enum label
label_of(const struct mdg_line *l, const char **value)
{
	const char *colon = memchr(l->s, ':', l->n < 40 ? l->n : 40);
	size_t w;

	if (!colon)
		return L_NONE;
	w = (size_t)(colon - l->s);
	while (w > 0 && l->s[w - 1] == ' ')
		w--;
	*value = colon + 1 + strspn(colon + 1, " ");
	for (size_t i = 0; i < MDG_LEN(LABELS); i++)
		if (strlen(LABELS[i].s) == w && !memcmp(LABELS[i].s, l->s, w))
			return LABELS[i].label;
	return L_NONE;
}

struct block {
	unsigned seen;  /* labels */
	unsigned kinds; /* how many of from, date, to, cc, subject */
	bool addr;      /* in From or To */
	bool time;      /* the date is one */
	bool from_first;
	size_t end;
};

static bool
continues(const struct mdg_q *q, size_t i, enum label last, bool last_empty)
{
	const struct mdg_q_line *v = &q->v[i];
	const char *s = mdg_q_str(q, i);

	if (v->blank)
		return false;
	if (last_empty)
		return true;
	if (last & (L_FROM | L_TO | L_CC))
		return memchr(s, '@', v->len) || memchr(s, ';', v->len);
	/* a folded header */
	return last && (*s == ' ' || *s == '\t') && v->len < 200;
}

static void
block_add(struct block *b, enum label label, const char *value)
{
	const char *a, *e;

	b->from_first = b->from_first || (b->seen == 0 && label == L_FROM);
	if (label != L_OTHER && !(b->seen & (unsigned)label))
		b->kinds++;
	b->seen |= (unsigned)label;
	if (label & (L_FROM | L_TO))
		b->addr = b->addr || mdg_line_find_addr(value, &a, &e);
	if (label == L_DATE)
		b->time = mdg_line_has_date(value) || mdg_line_has_time(value);
}

/* Read the block of labelled lines at i. */
static void
read_block(const struct mdg_q *q, size_t i, struct block *b)
{
	enum label last = L_NONE;
	bool last_empty = false;
	size_t stop = i + 60 < q->n ? i + 60 : q->n;

	memset(b, 0, sizeof(*b));
	for (size_t j = i; j < stop; j++) {
		struct mdg_line l;
		const char *value = "", *a, *e;
		fold_line(q, j, &l);
		enum label label = label_of(&l, &value);
		if (q->v[j].mark != MDG_Q_BARE && q->v[j].mark != MDG_Q_INIT)
			break;
		if (label && (!(b->seen & (unsigned)label) ||
			      label == L_OTHER || label == L_CC)) {
			block_add(b, label, value);
			last = label;
			last_empty = *value == '\0';
		} else if (label) {
			break; /* the next block, or none at all */
		} else if (continues(q, j, last, last_empty)) {
			if (last & (L_FROM | L_TO))
				b->addr = b->addr ||
					  mdg_line_find_addr(l.s, &a, &e);
			last_empty = false;
		} else if (q->v[j].blank && j + 1 < stop) {
			/* HTML turned to text may space the lines out */
			fold_line(q, j + 1, &l);
			label = label_of(&l, &value);
			if (!label || label == L_OTHER ||
			    (b->seen & (unsigned)label))
				break;
			continue;
		} else {
			break;
		}
		b->end = j + 1;
	}
}

/*
 * Strong enough without help? A form or a report about somebody else's mail
 * may look alike: those lack the addressee, or the addresses.
 */
static bool
block_is_head(const struct mdg_q *q, const struct block *b, bool ruled)
{
	if (!(b->seen & L_FROM))
		return false;
	if (ruled)
		return b->kinds >= 2;
	if (b->kinds >= 4)
		return b->addr || b->time;
	if (q->is_reply)
		return (b->kinds >= 3 && (b->addr || b->time)) ||
		       (b->kinds == 2 && b->from_first && b->addr && b->time);
	return b->kinds >= 3 && b->addr && b->time && (b->seen & L_TO);
}

/* -- separators -- */

/* clang-format off */
static const char *const OLD_WORDS[] = {
	"original", "元の", "元メ", "原文", "原メ", "前回", "以前", "引用", "受信",
	"オリジナル", "ursprünglich", "origine", "originale", "исходное",
	"原始", "原邮件", "원본", "過去", "返信元", "最新の", "履歴", NULL};
static const char *const FORWARD_WORDS[] = {
	"forwarded", "転送", "weitergeleitet", "transféré", "reenviado",
	"inoltrato", "轉寄", "转发", "전달", "forward", NULL};
static const char *const MAIL_WORDS[] = {
	"message", "メッセージ", "メール", "mail", "nachricht", "mensaje",
	"messaggio", "邮件", "메시지", "appointment", "mensagem", "引用", "bericht",
	"原文", "やりとり", "やり取り", "forwarded by", "내용", NULL};
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
	return l->n <= 90 && mdg_line_has_any(l->s, CLOSERS);
}

/* How much ornament at both ends; l is left with the words. */
static bool
unwrap(struct mdg_line *l)
{
	static const char *const wide[] = {"─",  "━",  "－", "―",  "—",  "–",
					   "＝", "ー", "【", "】", "《", "》",
					   "■",  "◆",  "▼",  "▽",  "〓", "…",
					   "｀", "※",  "●",  "○",  NULL};
	size_t head = strspn(l->s, "-=_~+#<>[( ");
	size_t before = l->n;

	mdg_line_strip(l, "-=_~+#<>[]() ");
	for (size_t w; (w = mdg_line_starts_any(l->s, wide)) > 0;) {
		memmove(l->s, l->s + w, l->n - w + 1);
		l->n -= w;
		head += 2;
	}
	while (mdg_line_ends_any(l->s, l->n, wide)) {
		l->n -= 3;
		l->s[l->n] = '\0';
	}
	mdg_line_strip(l, "-=_~+#<>[]() ");
	return head >= 2 && before > l->n;
}

static bool
has_block(const struct mdg_q *q, size_t i, size_t *end)
{
	struct block b;

	i = next_line(q, i);
	if (i >= q->n)
		return false;
	read_block(q, i, &b);
	if (b.kinds < 2)
		return false;
	*end = b.end;
	return true;
}

/* "-----Original Message-----" and its translations. */
static bool
separator(const struct mdg_q *q, size_t i, struct mdg_q_head *h)
{
	struct mdg_line l;
	size_t end = 0;

	fold_line(q, i, &l);
	if (l.n == 0 || l.n > 200 || l.cut)
		return false;
	bool phrase = false;
	for (size_t k = 0; PHRASES[k]; k++)
		phrase = phrase || mdg_streq(l.s, PHRASES[k]);
	bool wrapped = unwrap(&l);
	bool old = mdg_line_has_any(l.s, OLD_WORDS);
	bool fwd = phrase || mdg_line_has_any(l.s, FORWARD_WORDS);
	if (!phrase &&
	    (!wrapped || (!old && !fwd) || !mdg_line_has_any(l.s, MAIL_WORDS)))
		return false;
	if (mdg_line_has_any(l.s, SENTENCE) || mdg_q_is_closer(&l))
		return false;
	bool block = has_block(q, i + 1, &end);
	h->rule = fwd ? "forward" : "separator";
	h->forward = fwd;
	h->n = block ? end - i : 1;
	h->reach = MDG_Q_REST;
	if (block || marked_follows(q, i + 1))
		return true;
	return (q->is_reply || fwd) && (phrase || l.n <= 60 || fwd);
}

/* "##- この線より上に返信してください -##" */
static bool
desk_line(const struct mdg_q *q, size_t i, struct mdg_q_head *h)
{
	struct mdg_line l;

	fold_line(q, i, &l);
	if (l.n == 0 || l.n > 160 || l.cut ||
	    !mdg_line_has_any(l.s, DESK_LINES))
		return false;
	size_t head = strspn(l.s, "-=_~+#[< ");
	if (head < 2 && !mdg_line_ends_any(l.s, l.n, DESK_ENDS))
		return false;
	if (strstr(l.s, "」") || strstr(l.s, "\""))
		return false; /* someone speaks about it */
	*h = (struct mdg_q_head){"desk-line", 1, MDG_Q_REST, false};
	return true;
}

static bool
is_plain_rule(const struct mdg_q *q, size_t i)
{
	return mdg_q_kind(mdg_q_str(q, i), q->v[i].len) == MDG_K_RULE;
}

/* A header block, or a drawn line and a header block. */
static bool
header_block(const struct mdg_q *q, size_t i, struct mdg_q_head *h)
{
	struct block b;
	struct mdg_line l;
	const char *value;
	size_t at = i;
	unsigned char c = (unsigned char)*mdg_q_str(q, i);
	bool ruled = false;

	if ((strchr("-_=*~#+ ", c) || c >= 0xE2) && is_plain_rule(q, i)) {
		ruled = true;
		at = next_line(q, i + 1);
		if (at >= q->n || at > i + 3)
			return false;
	}
	fold_line(q, at, &l);
	if (!label_of(&l, &value))
		return false;
	read_block(q, at, &b);
	if (!block_is_head(q, &b, ruled))
		return false;
	*h = (struct mdg_q_head){ruled ? "rule-block" : "header-block",
				 b.end - i, MDG_Q_REST, false};
	return true;
}

bool
mdg_q_head_at(const struct mdg_q *q, size_t i, struct mdg_q_head *h)
{
	static bool (*const finders[])(const struct mdg_q *, size_t,
				       struct mdg_q_head *) = {
		separator, header_block, desk_line, attribution};

	for (size_t k = 0; k < MDG_LEN(finders); k++)
		if (finders[k](q, i, h))
			return true;
	return false;
}
