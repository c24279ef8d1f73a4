/* A draft cut into lines and sentences, with what must not be judged masked. */
#ifndef MDG_REPLY_LINT_TEXT_H
#define MDG_REPLY_LINT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "madoguchi/base/arena.h"

enum line_kind {
	LINE_BLANK,
	LINE_BODY,
	LINE_ADDRESSEE, /* 宛名 */
	LINE_LIST,
	LINE_HEADING,
	LINE_QUOTE,
	LINE_SIGNATURE,
};

struct line {
	const char *s; /* without its line feed */
	size_t n;      /* bytes */
	size_t at;     /* offset of its first character in the text */
	size_t chars;
	enum line_kind kind;
};

/*
 * One sentence: folded (NFKC), quotations and URLs replaced by MASK. at[i] is
 * the offset in characters of the draft for byte i; at[len] is its end.
 */
struct sentence {
	const char *s;
	size_t len;
	const uint32_t *at;
	enum line_kind kind; /* BODY, LIST, HEADING or ADDRESSEE */
	size_t first_line, last_line;
	bool closed; /* ends in 。 or the like */
};

#define MASK "〓"

struct draft {
	const char *text;
	size_t n;
	size_t chars;
	struct line *lines;
	size_t lines_n;
	struct sentence *sentences;
	size_t sentences_n;
	/* of the whole letter */
	bool is_letter;     /* has an addressee and a body, or many lines */
	size_t addressee_n; /* lines of the addressee */
	bool has_signature;
	/* the whole text folded, nothing masked */
	const char *folded;
	size_t folded_n;
	const uint32_t *folded_at;
};

/* lint_lines.c: how a line begins and ends. */
bool text_starts(const char *s, size_t n, const char *with);
bool text_ends(const char *s, size_t n, const char *with);
/* Without white space (also the full-width one) at both ends. */
void text_trim(const char **s, size_t *n);

/* lint_lines.c: cut into lines, tell their kinds, find the addressee. */
void draft_read_lines(struct draft *d, struct mdg_arena *arena);

void draft_read(struct draft *d, struct mdg_arena *arena, const char *text,
		size_t n);

#endif
