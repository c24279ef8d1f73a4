/*
 * Answers written into history that bears no marks: "下記に回答します" above a
 * header block. What the writer announced is looked for below, so that it is
 * not taken for history; leaving some of the history is the lesser error.
 */
#include <string.h>

#include "madoguchi/base/str.h"
#include "quote_priv.h"

/* clang-format off */
/* They say alone that the answers stand in the text below. */
static const char *const SURE[] = {
	"赤字で", "赤字に", "赤字の", "赤文字", "青字で", "青字に", "青字の", "青文字",
	"朱書", "朱字", "色文字", "色付きで", "インライン", "inline", "in-line",
	"in red", "in blue", "in bold", "interleaved", NULL};
static const char *const WHERE[] = {
	"以下", "下記", "本文中", "文中", "文面に", "引用文", "ご質問の下", "各項目",
	"頂いたメール", "いただいたメール", "below", "between the lines", NULL};
static const char *const WHAT[] = {
	"回答", "返答", "答え", "返信", "コメント", "記入", "記載", "追記", "書き込",
	"返事", "answer", "respon", "repl", "comment", NULL};
static const char *const NOT_SAID[] = {
	"?", "でしょうか", "ますか", "ですか", "ください", "下さい", "お待ち", "いただけ",
	"ほしい", "欲しい", "please", NULL};
/* How an answer is set off from the question above it. */
static const char *const ANSWERS[] = {
	"→", "⇒", "➡", "⇨", "←", "⇐", "->", "=>", "▶", "►", "☞",
	"【回答", "[回答", "(回答", "<回答", "〈回答", "《回答", "■回答", "●回答",
	"◆回答", "○回答", "※回答", "★", "☆", "回答:", "回答)", "回答】", "答え:",
	"答:", "答)", "a:", "a.", "a)", "ans:", "answer:", "re:", "【答", "[答",
	"(答", "【返答", "[返答", "返答:", "【返信", "[返信", NULL};
/* clang-format on */

static bool
announces(const struct mdg_line *l)
{
	if (mdg_line_holds(l, NOT_SAID))
		return false;
	return mdg_line_holds(l, SURE) ||
	       (mdg_line_holds(l, WHERE) && mdg_line_holds(l, WHAT));
}

/*
 * Is that the last that is said above the head? Where more follows, the
 * answers stand there.
 */
static bool
announced_above(const struct mdg_q *q, size_t head)
{
	enum { LINES = 40 };
	size_t stop = head > LINES ? head - LINES : 0;
	struct mdg_line l;
	size_t said = 0;

	for (size_t i = head; i > stop;) {
		i--;
		if (q->v[i].blank || q->v[i].role != MDG_Q_KEEP)
			continue;
		mdg_q_fold(q, i, &l);
		if (announces(&l))
			return said == 0 || mdg_line_holds(&l, SURE);
		enum mdg_q_kind k = mdg_q_kind_at(q, i);
		said += k == MDG_K_PROSE || k == MDG_K_FACT;
	}
	return false;
}

static bool
is_answer(const struct mdg_q *q, size_t i)
{
	struct mdg_line l;

	mdg_q_fold(q, i, &l);
	return mdg_line_starts_any(l.s, ANSWERS) > 0;
}

/* "2. …", "Q2", "・…": the next question. */
static bool
is_question(const struct mdg_q *q, size_t i)
{
	static const char *const items[] = {"q", "・", "■",  "●",  "○",
					    "◆", "◇",  "□",  "※",  "【",
					    "(", "[",  "問", "質", NULL};
	struct mdg_line l;

	mdg_q_fold(q, i, &l);
	return (l.s[0] >= '0' && l.s[0] <= '9') ||
	       mdg_line_starts_any(l.s, items) || mdg_str_starts(l.s, "①") ||
	       mdg_line_ends_any(l.s, l.n,
				 (const char *const[]){"か。", "か", "?",
						       "ください。", NULL});
}

/* Set the lines free that bear an answer's sign; false if none does. */
static bool
keep_signed(struct mdg_q *q, size_t lo, size_t hi)
{
	bool any = false, open = false;

	for (size_t i = lo; i < hi; i++) {
		if (q->v[i].blank) {
			open = false;
			continue;
		}
		if (is_answer(q, i))
			open = any = true;
		else if (is_question(q, i))
			open = false;
		if (open)
			q->v[i].role = MDG_Q_KEEP;
	}
	return any;
}

void
mdg_q_inline_answers(struct mdg_q *q)
{
	struct mdg_q_head h, next;
	size_t lo, hi;

	if (!q->is_reply || q->forward || q->first_head >= q->n ||
	    !mdg_q_head_at(q, q->first_head, &h) || h.reach != MDG_Q_REST ||
	    !announced_above(q, q->first_head))
		return;
	lo = hi = q->first_head + h.n;
	/* only the mail that is answered, not what that one quoted */
	while (hi < q->n && q->v[hi].role == MDG_Q_QUOTE &&
	       (q->v[hi].blank ||
		(q->v[hi].mark != MDG_Q_GT && !mdg_q_head_at(q, hi, &next))))
		hi++;
	if (keep_signed(q, lo, hi))
		return;
	for (size_t i = lo; i < hi; i++)
		q->v[i].role = MDG_Q_KEEP;
}
