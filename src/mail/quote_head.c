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
#include "madoguchi/mail/quote.h"
#include "quote_priv.h"

enum { ATTRIBUTION_LINES = 4, ATTRIBUTION_BYTES = 500 };

enum { FOLLOW_LINES = 3 };

const char *const mdg_q_sentence[] = {"。", "？", "! ", "? ", "！", NULL};

void
mdg_q_fold(const struct mdg_q *q, size_t i, struct mdg_line *l)
{
	mdg_line_fold(l, mdg_q_str(q, i), q->v[i].len);
}

/* Next line that is not blank, at most FOLLOW_LINES blank ones away. */
size_t
mdg_q_next(const struct mdg_q *q, size_t i)
{
	size_t k = 0;

	while (i < q->n && q->v[i].blank && k++ < FOLLOW_LINES)
		i++;
	return i;
}

bool
mdg_q_marked_follows(const struct mdg_q *q, size_t i)
{
	i = mdg_q_next(q, i);
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
	"napisał(a)", "napisał", "написал", "написал(а)", "пишет", "пише", "написав",
	"đã viết", "viết", "เขียนว่า", "เขียน", "menulis", "yazdı", "şunu yazdı",
	"napsal(a)", "napsal", "napísal", "kirjoitti", "írta", "ezt írta", "a scris",
	"έγραψε", "va escriure", "rakstīja", "כתב", "כתבה", "כתב/ה", "كتب",
	"写道", "寫道", "的邮件", "写", "님이 작성", "작성", "님이 쓴 글",
	"は書きました", "が書きました", "書きました", "さんの書き込み",
	"のメール", "からのメール", "のメッセージ", "からのメッセージ",
	"より引用", "から引用", "からの引用", "の発言", "wrote in", "さん曰く",
	"は書きました。", "が書きました。", "に書きました", "に書きました。", "さん wrote", "からいただいたメール", NULL};
/* Of these, the ones that need no date: nobody ends a sentence so. */
static const char *const SURE_VERBS[] = {
	" wrote", " a écrit", " escribió", " ha scritto", " escreveu", " đã viết",
	" เขียนว่า", "さんは書きました", "様は書きました", "さんが書きました",
	"は書きました", "様が書きました", "に関するメールより引用",
	"写道", "寫道", "님이 작성", "より引用", NULL};
/* Of these, the ones that need no mark below either. */
static const char *const BARE_VERBS[] = {
	"さんは書きました", "様は書きました", "さんが書きました",
	"様が書きました", "に関するメールより引用", "写道", "寫道", NULL};
/* In the middle: the name comes after the verb. */
static const char *const INFIX_VERBS[] = {
	" schrieb ", " schreef ", " skrev ", " wrote ", " écrit ", "님이 ", NULL};
static const char *const OPENERS[] = {
	"on ", "at ", "am ", "le ", "el ", "il ", "op ", "den ", "em ", "在 ", "在",
	"w dniu ", "dnia ", "vào ", "เมื่อ ", "pada ", "dne ", "în ", "στις ", "il giorno ",
	"(", "令和", "平成", "mon,", "tue,", "wed,", "thu,",
	"fri,", "sat,", "sun,", "\"", "「", NULL};
/* Names of the mail that is answered; no date needed. */
static const char *const ID_OPENERS[] = {
	"in message", "in article", "message-id", "in <", "quoting ", NULL};
static const char *const TITLES[] = {"さん", "様", "さま", "氏", NULL};
/* clang-format on */

struct parts {
	bool date, time, year, addr, verb, sure, bare, infix, colon, opener;
	bool comma;
	bool wrapped;    /* in dashes, so that it needs no colon */
	bool clean_tail; /* nothing but a verb after the address */
	bool dated_tail; /* nothing but a date and a time after it */
	size_t n;
};

static void
drop_end(struct mdg_line *l, const char *set)
{
	while (l->n > 0 && strchr(set, l->s[l->n - 1]))
		l->s[--l->n] = '\0';
}

static bool
is_verb(const char *s)
{
	for (size_t i = 0; VERBS[i]; i++)
		if (mdg_streq(s, VERBS[i]))
			return true;
	return false;
}

static void
tail_after(const char *end, struct parts *p)
{
	const char *t = end + strspn(end, ">)]\"' ;,");

	p->dated_tail = strlen(end) <= 48 && mdg_line_has_date(end) &&
			mdg_line_has_time(end);
	for (;;) {
		p->clean_tail = !*t || is_verb(t);
		size_t w = mdg_line_starts_any(t, TITLES);
		if (!w && !strncmp(t, "、", 3))
			w = 3;
		if (!w || p->clean_tail)
			return;
		t += w + strspn(t + w, " ");
	}
}

/* "… さんからのメール (2026/11/20 18:42)": the words end before the bracket. */
static void
drop_date_behind(struct mdg_line *l, struct parts *p)
{
	char *open = l->n && l->s[l->n - 1] == ')' ? strrchr(l->s, '(') : NULL;

	if (!open || open == l->s || !mdg_line_has_date(open) ||
	    !mdg_line_has_time(open))
		return;
	p->date = p->time = true;
	l->n = (size_t)(open - l->s);
	l->s[l->n] = '\0';
	drop_end(l, " ");
}

static void
read_parts(const struct mdg_line *in, struct parts *p)
{
	struct mdg_line l;
	const char *a, *e;
	size_t before;

	mdg_line_copy(&l, in);
	memset(p, 0, sizeof(*p));
	before = l.n;
	size_t dashes = strspn(l.s, "-=_~+#<( ");
	mdg_line_strip(&l, "-=_~+# ");
	p->wrapped = dashes >= 3 && l.n + dashes < before;
	p->colon = p->wrapped;
	drop_end(&l, " ");
	if (mdg_str_ends(l.s, " wrote...")) {
		drop_end(&l, ".");
		p->colon = true;
	}
	if (l.n > 0 && l.s[l.n - 1] == ':') {
		p->colon = true;
		drop_end(&l, ": ");
	}
	drop_date_behind(&l, p);
	p->n = l.n;
	p->verb = mdg_line_ends_any(l.s, l.n, VERBS);
	p->sure = mdg_line_ends_any(l.s, l.n, SURE_VERBS);
	p->bare = mdg_line_ends_any(l.s, l.n, BARE_VERBS);
	p->comma = strstr(l.s, "、") || strchr(l.s, ',');
	p->infix = mdg_line_holds(&l, INFIX_VERBS);
	p->date |= mdg_line_has_date(l.s);
	p->year = mdg_line_has_year(l.s);
	p->time |= mdg_line_has_time(l.s);
	p->opener = mdg_line_starts_any(l.s, ID_OPENERS) > 0;
	if (mdg_line_starts_any(l.s, OPENERS) ||
	    (l.s[0] >= '0' && l.s[0] <= '9'))
		p->opener = p->date || p->time || p->year;
	p->addr = mdg_line_find_addr(l.s, &a, &e);
	if (p->addr) {
		const char *a2, *e2;
		while (mdg_line_find_addr(e, &a2, &e2))
			e = e2;
		tail_after(e, p);
	}
}

/* The whole rest is history, even without marks? */
static bool
says_rest(const struct mdg_q *q, const struct parts *p)
{
	if (!p->colon)
		return false;
	if (q->is_reply && p->wrapped && p->addr && p->verb && p->clean_tail)
		return true;
	if (!p->date || !p->time || !p->opener)
		return q->is_reply && p->bare && !p->opener && p->n <= 60;
	if (p->addr)
		return p->clean_tail || p->infix;
	if (!q->is_reply || !p->year)
		return false;
	return p->sure || p->infix || (p->verb && p->comma);
}

static bool
says_marked(const struct parts *p)
{
	if (p->sure || (p->verb && (p->colon || p->date || p->addr)))
		return true;
	if (!p->colon)
		return p->date && p->addr && (p->clean_tail || p->dated_tail);
	return p->date || (p->addr && p->clean_tail) || p->infix ||
	       (p->opener && (p->year || p->time));
}

static bool
only_verb(const struct mdg_q *q, size_t i)
{
	struct mdg_line l;

	mdg_q_fold(q, i, &l);
	drop_end(&l, ": ");
	return is_verb(l.s);
}

/*
 * May line i + k go on with a head that began at i? After an address only the
 * verb or the date is missing.
 */
static bool
goes_on(const struct mdg_q *q, size_t i, size_t k, bool opener)
{
	struct mdg_line l;

	if (i + k >= q->n || q->v[i + k].blank ||
	    q->v[i + k].mark != MDG_Q_BARE)
		return false;
	if (opener)
		return true;
	mdg_q_fold(q, i + k, &l);
	struct parts next;
	read_parts(&l, &next);
	if (k > 1 || l.n > 60 || next.addr || (next.verb && next.opener))
		return false;
	if (mdg_line_has_date(l.s) && mdg_line_has_time(l.s))
		return true;
	return only_verb(q, i + k);
}

/* "…さんは…に書きました。" is a head, too; no other sentence is. */
static bool
is_sentence(const struct mdg_line *l)
{
	static const char *const said[] = {"に書きました。", "は書きました。",
					   "が書きました。", NULL};

	return mdg_line_holds(l, mdg_q_sentence) &&
	       !(mdg_line_ends_any(l->s, l->n, said) &&
		 strstr(l->s, "。") == l->s + l->n - strlen("。"));
}

static bool
attribution(const struct mdg_q *q, size_t i, const struct mdg_line *l,
	    struct mdg_q_head *h)
{
	struct mdg_line joined;
	struct parts p;
	bool opener = false;

	for (size_t k = 1; k <= ATTRIBUTION_LINES; k++) {
		if (l->n == 0 || l->n > ATTRIBUTION_BYTES || l->cut ||
		    is_sentence(l))
			return false;
		read_parts(l, &p);
		if (k == 1) {
			opener = p.opener;
			if (!p.colon && !p.verb && !opener && !p.addr)
				return false;
		}
		h->n = k;
		h->forward = false;
		if (says_marked(&p) && mdg_q_marked_follows(q, i + k)) {
			h->rule = "attribution";
			h->reach = MDG_Q_MARKED;
			return true;
		}
		/* without an address, more lines may be anybody's */
		if (says_rest(q, &p) &&
		    (k == 1 || p.addr || only_verb(q, i + k - 1))) {
			h->rule = "attribution-bare";
			h->reach = MDG_Q_REST;
			return true;
		}
		if ((!opener && !p.addr) || !goes_on(q, i, k, opener))
			return false;
		if (k == 1)
			mdg_line_copy(&joined, l);
		l = &joined;
		mdg_line_join(&joined, mdg_q_str(q, i + k), q->v[i + k].len);
	}
	return false;
}

bool
mdg_q_head_at(const struct mdg_q *q, size_t i, struct mdg_q_head *h)
{
	static bool (*const finders[])(
		const struct mdg_q *, size_t, const struct mdg_line *,
		struct mdg_q_head *) = {mdg_q_separator, mdg_q_header_block,
					mdg_q_desk_line, attribution};
	struct mdg_line l;

	mdg_q_fold(q, i, &l);
	for (size_t k = 0; k < MDG_LEN(finders); k++)
		if (finders[k](q, i, &l, h))
			return true;
	return false;
}

bool
mdg_quote_subject_is_reply(const char *subject)
{
	static const char *const words[] = {
		"re",   "aw",   "sv",   "antw", "返信", "回复",
		"回覆", "答复", "回信", "rif",  "ris",  "ref",
		"vs",   "odp",  "res",  "답장", "回答", NULL};
	struct mdg_line l;
	const char *p;

	mdg_line_fold(&l, subject, strlen(subject));
	p = l.s;
	while (*p == '[' || *p == '(') { /* tags of lists and desks */
		const char *close = strpbrk(p, "])");
		if (!close)
			return false;
		p = close + 1 + strspn(close + 1, " ");
	}
	size_t w = mdg_line_starts_any(p, words);
	if (w == 0)
		return false;
	p += w + strspn(p + w, " ^*0123456789[]()");
	return *p == ':';
}
