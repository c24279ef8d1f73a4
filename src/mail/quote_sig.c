/*
 * Where the signature block lies in a run of newly written lines.
 *
 * A block is judged by what its lines are (quote_kind.c), never by one line:
 * facts under a drawn line stay in the reply, so does a bare name.
 */
#include <string.h>

#include "madoguchi/base/err.h"
#include "quote_priv.h"

enum { WINDOW = 80, BLOCK_LINES = 25, BARE_BLOCK_LINES = 20 };

/* The end of a run: kinds of its last lines. */
struct tail {
	struct mdg_q *q;
	size_t lo, hi; /* lines */
	bool lawyers;  /* their words stood below */
	enum mdg_q_kind k[WINDOW];
};

struct count {
	size_t k[MDG_K_N];
	size_t lines, id; /* id: lines that say who */
};

static enum mdg_q_kind
kind(const struct tail *t, size_t i)
{
	return t->k[i - t->lo];
}

static void
count(const struct tail *t, size_t lo, size_t hi, struct count *c)
{
	memset(c, 0, sizeof(*c));
	for (size_t i = lo; i < hi; i++) {
		enum mdg_q_kind k = kind(t, i);
		c->k[k]++;
		c->lines += k != MDG_K_BLANK;
	}
	c->id = c->k[MDG_K_CONTACT] + c->k[MDG_K_URL] + c->k[MDG_K_ORG] +
		c->k[MDG_K_NAME];
}

static void
take(struct tail *t, size_t lo, size_t hi, const char *rule)
{
	for (size_t i = lo; i < hi; i++)
		t->q->v[i].role = MDG_Q_SIG;
	if (!t->q->sig_rule)
		t->q->sig_rule = rule;
}

/* Last line before i that is not blank; t->lo if none. */
static bool
line_before(const struct tail *t, size_t i, size_t *ret)
{
	while (i > t->lo)
		if (kind(t, --i) != MDG_K_BLANK) {
			*ret = i;
			return true;
		}
	return false;
}

/* "新しい届け先をお伝えします。": data that is told, not a signature. */
static bool
tells_data(const struct mdg_q *q, size_t i)
{
	static const char *const what[] = {
		"住所",     "届け先",     "届先",     "送付先", "送り先",
		"連絡先",   "返送先",     "配送先",   "発送先", "請求先",
		"電話番号", "アドレス",   "携帯番号", "担当者", "宛先",
		"宛名",     "お客様情報", "登録情報", "名義",   NULL};
	static const char *const tells[] = {
		"伝えします",       "伝えいたします",   "伝え致します",
		"知らせします",     "知らせいたします", "知らせ致します",
		"連絡します",       "連絡いたします",   "連絡致します",
		"お送りします",     "お送りいたします", "記載します",
		"記載いたします",   "記載しま",         "記します",
		"書きます",         "変わりました",     "変更になりました",
		"変更となりました", "になります",       NULL};
	struct mdg_line l;

	mdg_q_fold(q, i, &l);
	return mdg_line_holds(&l, what) && mdg_line_holds(&l, tells);
}

static bool
announced(const struct tail *t, size_t i, bool weakly)
{
	size_t p;

	return line_before(t, i, &p) && kind(t, p) != MDG_K_CLOSING &&
	       (mdg_q_announces(mdg_q_str(t->q, p), t->q->v[p].len, weakly) ||
		tells_data(t->q, p));
}

/* Something was said before line i? */
static bool
said_before(const struct tail *t, size_t i)
{
	for (size_t j = t->lo; j < i; j++)
		if (kind(t, j) != MDG_K_BLANK && kind(t, j) != MDG_K_RULE)
			return true;
	return false;
}

static bool
prose_before(const struct tail *t, size_t i)
{
	for (size_t j = t->lo; j < i; j++)
		if (kind(t, j) == MDG_K_PROSE || kind(t, j) == MDG_K_CLOSING)
			return true;
	return false;
}

static bool
block_says_who(const struct count *c)
{
	if (c->k[MDG_K_CONTACT] > 0 || c->k[MDG_K_MOBILE] > 0)
		return true;
	if (c->k[MDG_K_ORG] + c->k[MDG_K_URL] > 0 && c->id >= 2)
		return true;
	return c->k[MDG_K_NAME] > 0 && c->lines - c->k[MDG_K_RULE] <= 2 &&
	       c->k[MDG_K_SHORT] == 0;
}

/* May [lo, hi), which stands under a rule, be a signature? */
static bool
block_is_sig(const struct tail *t, size_t lo, size_t hi)
{
	struct count c;
	size_t i = lo;

	count(t, lo, hi, &c);
	if (c.lines == 0 || c.lines > BLOCK_LINES)
		return false;
	while (i < hi &&
	       (kind(t, i) == MDG_K_BLANK || kind(t, i) == MDG_K_RULE))
		i++;
	if (i == hi || kind(t, i) == MDG_K_CLOSING || kind(t, i) == MDG_K_FACT)
		return false;
	if (kind(t, i) == MDG_K_PROSE && c.k[MDG_K_CONTACT] < 2)
		return false;
	if (c.k[MDG_K_FACT] > 0 && c.k[MDG_K_FACT] * 2 > c.k[MDG_K_CONTACT])
		return false;
	/* shops close their cards with a sentence or two, not with a letter */
	if (c.k[MDG_K_CLOSING] > (c.id >= 4) ||
	    (c.k[MDG_K_PROSE] + c.k[MDG_K_DISCLAIMER]) * 2 > c.id ||
	    c.k[MDG_K_SHORT] > c.id * 2 + 2)
		return false;
	return block_says_who(&c);
}

/*
 * The block below rule r: to the closing rule if sentences follow it,
 * otherwise to the end.
 */
static size_t
block_end(const struct tail *t, size_t r)
{
	size_t closing = 0;
	bool some = false;

	for (size_t i = r + 1; i < t->hi; i++) {
		enum mdg_q_kind k = kind(t, i);
		if (k == MDG_K_RULE && some)
			closing = i + 1;
		if (k == MDG_K_PROSE || k == MDG_K_CLOSING || k == MDG_K_FACT) {
			if (closing && block_is_sig(t, r + 1, closing))
				return closing;
		}
		some = some || (k != MDG_K_RULE && k != MDG_K_BLANK);
	}
	return t->hi;
}

/*
 * Where the writer goes on below the card [lo, hi): a paragraph that asks or
 * adds something. Footers of firms do neither.
 */
static size_t
goes_on_at(const struct tail *t, size_t lo, size_t hi)
{
	static const char *const adds[] = {"あと、",   "それと",   "それから",
					   "なお、",   "追加で",   "言い忘れ",
					   "書き忘れ", "ちなみに", "by the way",
					   "also,",    NULL};
	static const char *const asks[] = {"?",      "でしょうか", "ですか",
					   "ますか", "教えて",     "たいです",
					   NULL};
	static const char *const firm[] = {"ませんか", "http", "お困り",
					   "printing", NULL};
	struct count c;

	for (size_t i = lo + 1; i < hi; i++) {
		struct mdg_line l;
		if (kind(t, i - 1) != MDG_K_BLANK || kind(t, i) != MDG_K_PROSE)
			continue;
		mdg_q_fold(t->q, i, &l);
		if ((!mdg_line_starts_any(l.s, adds) &&
		     !mdg_line_holds(&l, asks)) ||
		    mdg_line_holds(&l, firm))
			continue;
		count(t, lo, i, &c);
		size_t id = c.id;
		count(t, i, hi, &c);
		if (id > 0 && c.id == 0 && c.k[MDG_K_RULE] == 0)
			return i;
	}
	return hi;
}

static bool
under_rule(struct tail *t)
{
	for (size_t r = t->lo; r < t->hi; r++) {
		if (kind(t, r) != MDG_K_RULE && kind(t, r) != MDG_K_DASHES)
			continue;
		size_t end = block_end(t, r);
		if (end == t->hi)
			end = goes_on_at(t, r + 1, end);
		if (end < t->hi && !prose_before(t, r))
			continue; /* a letterhead, not the end of a mail */
		if (!said_before(t, r) && kind(t, r) != MDG_K_DASHES &&
		    t->lo == 0)
			continue;
		if (!announced(t, r, false) && block_is_sig(t, r + 1, end)) {
			take(t, r, end, "rule");
			return true;
		}
	}
	return false;
}

/* "-- " alone on a line: what follows is a signature, but for facts. */
static bool
under_dashes(struct tail *t)
{
	for (size_t r = t->lo; r < t->hi; r++) {
		struct count c;
		if (kind(t, r) != MDG_K_DASHES)
			continue;
		size_t end = goes_on_at(t, r + 1, t->hi);
		count(t, r + 1, end, &c);
		bool exact = t->q->v[r].len > 2;
		if (c.lines > BLOCK_LINES || announced(t, r, false))
			continue;
		if (c.k[MDG_K_FACT] > c.k[MDG_K_CONTACT] ||
		    c.k[MDG_K_PROSE] + c.k[MDG_K_CLOSING] >
			    c.id + (exact ? 2 : 0))
			continue;
		take(t, r, end, "dashes");
		return true;
	}
	return false;
}

/* From line i on it speaks like a lawyer, not once but in several words. */
static bool
is_legal(const struct tail *t, size_t i)
{
	uint64_t bits = 0;

	if (kind(t, i) != MDG_K_DISCLAIMER)
		return false;
	for (size_t k = i; k < t->hi; k++)
		bits |= mdg_q_legal_words(mdg_q_str(t->q, k), t->q->v[k].len);
	return (bits & (bits - 1)) != 0;
}

static size_t
footer_start(const struct tail *t)
{
	for (size_t i = t->lo; i < t->hi; i++) {
		if (kind(t, i) != MDG_K_AD && !is_legal(t, i))
			continue;
		size_t up = i;
		while (up > t->lo && (kind(t, up - 1) == MDG_K_BLANK ||
				      kind(t, up - 1) == MDG_K_DASHES ||
				      kind(t, up - 1) == MDG_K_RULE))
			up--;
		if (t->hi - i <= BLOCK_LINES && (up < i || i == t->lo) &&
		    said_before(t, up))
			return up;
	}
	return t->hi;
}

static bool
no_question(const struct tail *t, size_t lo)
{
	for (size_t i = lo; i < t->hi; i++) {
		struct mdg_line l;
		static const char *const asks[] = {
			"?", "でしょうか", "ですか", "ました。", "追伸", NULL};
		mdg_line_fold(&l, mdg_q_str(t->q, i), t->q->v[i].len);
		if (kind(t, i) == MDG_K_PROSE && !mdg_line_has_url(l.s) &&
		    mdg_line_holds(&l, asks))
			return false;
	}
	return true;
}

/* Cut footers of lawyers, scanners and free mail off the end. */
static void
footers(struct tail *t)
{
	size_t at = footer_start(t);

	if (at < t->hi && no_question(t, at)) {
		take(t, at, t->hi, "footer");
		t->lawyers = true;
		t->hi = at;
	}
}

/* How far up lines of an address card reach from the end. */
static size_t
card_top(const struct tail *t)
{
	size_t top = t->hi, blanks = 0, shorts = 0;

	for (size_t i = t->hi; i > t->lo && t->hi - i < BARE_BLOCK_LINES;) {
		i--;
		switch (kind(t, i)) {
		case MDG_K_BLANK:
			if (++blanks > 2)
				return top;
			break;
		case MDG_K_CONTACT:
		case MDG_K_URL:
		case MDG_K_ORG:
		case MDG_K_NAME:
		case MDG_K_RULE:
		case MDG_K_MOBILE:
			top = i;
			blanks = shorts = 0;
			break;
		case MDG_K_SHORT:
			if (++shorts > 1)
				return top;
			blanks = 0;
			break;
		default:
			return top;
		}
	}
	return top;
}

/*
 * "新しい住所は下記です。よろしくお願いします。": the block below is what was
 * announced, though a closing word stands between.
 */
static bool
address_announced(const struct tail *t, size_t top)
{
	enum { LINES = 5 };
	static const char *const what[] = {"住所",    "送付先", "届け先",
					   "送り先",  "連絡先", "返送先",
					   "address", NULL};
	static const char *const where[] = {"以下",  "下記",      "次の",
					    "below", "following", NULL};
	size_t p = top;

	for (size_t k = 0; k < LINES && line_before(t, p, &p); k++) {
		struct mdg_line l;
		mdg_line_fold(&l, mdg_q_str(t->q, p), t->q->v[p].len);
		if (mdg_line_holds(&l, what) && mdg_line_holds(&l, where))
			return true;
	}
	return false;
}

/* A bare name right under the last words belongs to them. */
static size_t
skip_signed_name(const struct tail *t, size_t top)
{
	struct count c;
	size_t next = top + 1;

	if (top == t->lo || kind(t, top) != MDG_K_NAME ||
	    kind(t, top - 1) == MDG_K_BLANK || next >= t->hi ||
	    kind(t, next) != MDG_K_BLANK)
		return top;
	while (next < t->hi && kind(t, next) == MDG_K_BLANK)
		next++;
	count(t, next, t->hi, &c);
	return c.k[MDG_K_CONTACT] > 0 && c.id >= 2 ? next : top;
}

static bool
card_is_sig(const struct tail *t, size_t top)
{
	struct count c;
	size_t p;

	count(t, top, t->hi, &c);
	if (c.lines == 0 || !prose_before(t, top) || announced(t, top, true) ||
	    address_announced(t, top))
		return false;
	if (top > t->lo && kind(t, top - 1) == MDG_K_FACT)
		return false; /* a list of data goes on */
	bool closed = line_before(t, top, &p) && kind(t, p) == MDG_K_CLOSING;
	if (c.k[MDG_K_CONTACT] > 0 && !closed)
		return c.k[MDG_K_ORG] + c.k[MDG_K_NAME] > 0;
	if (c.k[MDG_K_CONTACT] > 0)
		return true;
	/* firms put a footer below a card, not below a letter */
	return (closed || (t->lawyers && c.k[MDG_K_NAME] > 0 &&
			   kind(t, top - 1) == MDG_K_BLANK)) &&
	       c.k[MDG_K_ORG] > 0 && c.id >= 2;
}

static void
bare_card(struct tail *t)
{
	size_t top = card_top(t);

	if (top < t->hi && card_is_sig(t, top))
		take(t, skip_signed_name(t, top), t->hi, "card");
}

static void
mobile_lines(struct tail *t)
{
	for (size_t i = t->lo; i < t->hi; i++)
		if (kind(t, i) == MDG_K_MOBILE &&
		    (i + 1 == t->hi || kind(t, i + 1) == MDG_K_BLANK ||
		     t->q->v[i + 1].role == MDG_Q_SIG))
			take(t, i, i + 1, "mobile");
}

static void
read_tail(struct mdg_q *q, size_t lo, size_t hi, struct tail *t)
{
	t->q = q;
	t->lawyers = false;
	while (hi > lo && q->v[hi - 1].blank)
		hi--;
	t->hi = hi;
	t->lo = hi - lo > WINDOW ? hi - WINDOW : lo;
	for (size_t i = t->lo; i < hi; i++)
		t->k[i - t->lo] = mdg_q_kind_at(q, i);
}

void
mdg_q_sig_below(struct mdg_q *q, size_t plo, size_t phi, size_t lo, size_t hi)
{
	struct tail t;
	struct count c;
	size_t p;

	read_tail(q, plo, phi, &t);
	if (!line_before(&t, t.hi, &p) || kind(&t, p) != MDG_K_CLOSING)
		return;
	read_tail(q, lo, hi, &t);
	size_t top = card_top(&t);
	count(&t, top, t.hi, &c);
	if (said_before(&t, top) || c.id < 2 || c.k[MDG_K_CONTACT] == 0)
		return;
	take(&t, top, t.hi, "card-below");
}

static void
find(struct mdg_q *q, size_t lo, size_t hi, bool outer)
{
	struct tail t;

	read_tail(q, lo, hi, &t);
	size_t all = t.hi;
	if (outer)
		footers(&t);
	if (!under_dashes(&t) && (!outer || !under_rule(&t)) && outer)
		bare_card(&t);
	t.hi = all;
	mobile_lines(&t);
}

void
mdg_q_sig(struct mdg_q *q, size_t lo, size_t hi, bool outer)
{
	size_t ps = hi > lo + WINDOW ? hi - WINDOW : lo;

	/* what comes after a signature as a postscript is the sender's word */
	while (ps < hi && mdg_q_kind_at(q, ps) != MDG_K_PS)
		ps++;
	find(q, lo, ps, outer);
	if (ps < hi)
		find(q, ps, hi, outer);
}
