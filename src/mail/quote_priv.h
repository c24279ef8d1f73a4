/*
 * Inside of the quote split: lines with their marks, heads, signatures.
 *
 * quote.c       lines in, three texts out
 * quote_mark.c  "> " and its kin
 * quote_head.c  "On … wrote:"
 * quote_block.c header blocks
 * quote_line.c  "-----Original Message-----", desk lines
 * quote_inline.c answers within history that bears no marks
 * quote_footer.c "iPhoneから送信", lists, lawyers
 * quote_sig.c   where the signature block lies
 * quote_kind.c  what a line near the end is: rule, contact, name, prose …
 */
#ifndef MDG_MAIL_QUOTE_PRIV_H
#define MDG_MAIL_QUOTE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "line.h"

enum mdg_q_role { MDG_Q_KEEP, MDG_Q_QUOTE, MDG_Q_SIG };

enum mdg_q_mark {
	MDG_Q_BARE,
	MDG_Q_GT,   /* ">", "＞", "> >" */
	MDG_Q_BAR,  /* "|" */
	MDG_Q_WIDE, /* "》", "≫", "»" */
	MDG_Q_INIT  /* "abc> " */
};

struct mdg_q_line {
	uint32_t at, len;
	uint8_t mark;  /* enum mdg_q_mark */
	uint8_t pre;   /* bytes of the mark */
	uint8_t depth; /* how often */
	uint8_t role;  /* enum mdg_q_role */
	uint8_t kind;  /* enum mdg_q_kind + 1 once asked for, else 0 */
	bool blank;
};

struct mdg_q {
	const char *text;
	struct mdg_q_line *v;
	size_t n;
	bool is_reply;
	bool headed;     /* a head was found above */
	size_t gt_plain; /* lines with ">" that are not comparisons */
	const char *head_rule, *sig_rule; /* first ones that decided */
	size_t first_head;                /* line, n if none */
	bool forward;  /* the first head is one of a forwarded mail */
	bool unmarked; /* quoted lines without a mark exist */
};

/* Length of the sign that quotes this line; sets mark and depth. */
void mdg_q_mark_line(struct mdg_q *q, size_t i);
/* ">100円": may be a comparison. */
bool mdg_q_looks_compared(const struct mdg_q *q, size_t i);
/* Is the run of marked lines [lo, hi) quoting rather than drawing? */
bool mdg_q_run_is_quote(const struct mdg_q *q, size_t lo, size_t hi,
			bool after_head);

/* How much a head says about the lines below it. */
enum mdg_q_reach {
	MDG_Q_MARKED, /* the marked lines that follow */
	MDG_Q_REST    /* all the rest, if it is not marked */
};

struct mdg_q_head {
	const char *rule;
	size_t n; /* lines */
	enum mdg_q_reach reach;
	bool forward;
};

/* The finders behind mdg_q_head_at(); l is line i folded. */
bool mdg_q_separator(const struct mdg_q *q, size_t i, const struct mdg_line *l,
		     struct mdg_q_head *h);
bool mdg_q_header_block(const struct mdg_q *q, size_t i,
			const struct mdg_line *l, struct mdg_q_head *h);
bool mdg_q_desk_line(const struct mdg_q *q, size_t i, const struct mdg_line *l,
		     struct mdg_q_head *h);
/* A head between marks of its own: ">>> name date >>>". */
bool mdg_q_fenced(const struct mdg_q *q, size_t i, struct mdg_q_head *h);
/* Is it a line of such a block ("件名: …"), and the sender's? */
bool mdg_q_label(const struct mdg_line *l, bool *ret_from, const char **value);
/* Do labelled lines stand at i, or close below? Sets their end. */
bool mdg_q_has_block(const struct mdg_q *q, size_t i, size_t *end);

void mdg_q_fold(const struct mdg_q *q, size_t i, struct mdg_line *l);
/* Next line from i that is not blank, at most a few blank ones away. */
size_t mdg_q_next(const struct mdg_q *q, size_t i);
/* The lines that a signed text (RFC 4880 §7) has around it. */
void mdg_q_armor(struct mdg_q *q);
/* Is that one marked? */
bool mdg_q_marked_follows(const struct mdg_q *q, size_t i);
/* Marks of a sentence: no head has them. */
extern const char *const mdg_q_sentence[];

/* Does a head begin at line i? */
bool mdg_q_head_at(const struct mdg_q *q, size_t i, struct mdg_q_head *h);
/*
 * Answers that the writer announced and wrote between the lines of history
 * without marks become KEEP again.
 */
void mdg_q_inline_answers(struct mdg_q *q);
/* "引用ここまで": a section that the writer closed. */
bool mdg_q_is_closer(const struct mdg_line *l);

enum mdg_q_kind {
	MDG_K_BLANK,
	MDG_K_RULE,    /* drawn line */
	MDG_K_DASHES,  /* "-- ", "--": RFC 3676 §4.3 */
	MDG_K_CONTACT, /* phone, mail, postcode */
	MDG_K_URL,
	MDG_K_ORG, /* company, department, title, street address */
	MDG_K_NAME,
	MDG_K_SHORT, /* some other short line */
	MDG_K_FACT,  /* "注文番号: 123" */
	MDG_K_PROSE,
	MDG_K_CLOSING,    /* よろしくお願いいたします */
	MDG_K_PS,         /* 追伸 */
	MDG_K_MOBILE,     /* iPhoneから送信 */
	MDG_K_DISCLAIMER, /* may begin a footer of lawyers */
	MDG_K_AD,         /* footer of a free service, a virus scanner */
	MDG_K_N
};

enum mdg_q_kind mdg_q_kind(const char *s, size_t n);
enum mdg_q_kind mdg_q_kind_at(const struct mdg_q *q, size_t i);
/* Is it MDG_K_RULE? Cheaper than to ask which kind. */
bool mdg_q_is_rule(const struct mdg_q *q, size_t i);
/* "iPhoneから送信"; and what else is appended, or MDG_K_N. */
bool mdg_q_is_mobile(const struct mdg_line *l);
enum mdg_q_kind mdg_q_footer_kind(const struct mdg_line *l);
/* Words that make a sentence, not a line of an address card. */
extern const char *const mdg_q_prose_parts[];
/* Which words of lawyers a line has, a bit each. */
uint64_t mdg_q_legal_words(const char *s, size_t n);
/*
 * Does this line announce the block below it ("住所は以下の通りです。")?
 * `weakly`: or does it only speak of addresses and the like?
 */
bool mdg_q_announces(const char *s, size_t n, bool weakly);

/*
 * Find signatures in the kept run [lo, hi) and give their lines the role.
 * `outer`: the first or last run of the mail, where one may stand without a
 * rule above it.
 */
void mdg_q_sig(struct mdg_q *q, size_t lo, size_t hi, bool outer);
/*
 * The kept run [lo, hi) is the last one and stands below a quote; [plo, phi)
 * is the kept run above. If that one ended with closing words and this one is
 * an address card, it is the signature.
 */
void mdg_q_sig_below(struct mdg_q *q, size_t plo, size_t phi, size_t lo,
		     size_t hi);

static inline const char *
mdg_q_str(const struct mdg_q *q, size_t i)
{
	return q->text + q->v[i].at;
}

#endif
