/*
 * One line of a mail, folded for matching, and what can be seen in it.
 *
 * Folded: full-width ASCII becomes ASCII, letters lower case, every kind of
 * white space one space, ends trimmed, invisible characters and bold stars
 * dropped. Matching never looks behind MDG_LINE_MAX bytes, so that the cost
 * of a line does not depend on its length.
 */
#ifndef MDG_MAIL_LINE_H
#define MDG_MAIL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MDG_LINE_MAX = 1000, MDG_LINE_SEEN = 41 };
/* Bytes behind a line that may be read, to read many at once. */
enum { MDG_LINE_BEHIND = 8 };

struct mdg_line {
	char s[MDG_LINE_MAX + MDG_LINE_BEHIND];
	size_t n;
	/* For mdg_line_holds(): which beginnings of words are in it, a bit
	 * each (line_words.c). */
	uint64_t seen[MDG_LINE_SEEN];
	bool cut; /* there was more: no statement about the end holds */
};

void mdg_line_fold(struct mdg_line *l, const char *s, size_t n);
/* The same line once more. */
void mdg_line_copy(struct mdg_line *to, const struct mdg_line *l);
/* Append another raw line, with a space between. */
void mdg_line_join(struct mdg_line *l, const char *s, size_t n);
/* Cut marks and spaces of `set` (ASCII) at both ends; how many bytes. */
size_t mdg_line_strip(struct mdg_line *l, const char *set);

/* Is one of the words in it? Lists end in NULL, and are static: what there is
 * to know of one is kept by its address. */
bool mdg_line_holds(const struct mdg_line *l, const char *const *words);
/* Notes the beginnings of words from there on. */
void mdg_line_note(struct mdg_line *l, size_t from);

/* On folded text; of static lists, too. */
bool mdg_line_ends_any(const char *s, size_t n, const char *const *words);
/* Length of the word of the list that s starts with, 0 if none. */
size_t mdg_line_starts_any(const char *s, const char *const *words);

bool mdg_line_has_date(const char *s); /* with a year, or 11月20日 */
bool mdg_line_has_year(const char *s); /* 19xx, 20xx, 令和 */
bool mdg_line_has_time(const char *s); /* 10:12, 10時12分 */
/* First mail address: its start and end, or false. */
bool mdg_line_find_addr(const char *s, const char **start, const char **end);
bool mdg_line_has_url(const char *s);
bool mdg_line_has_phone(const char *s);    /* Japanese or +international */
bool mdg_line_has_postcode(const char *s); /* 〒160-0023 */

/* The UTF-8 of one character: its length. */
size_t mdg_line_encode(uint32_t c, char out[4]);

/* Columns of raw text in a fixed-width font; stops counting at `max`. */
size_t mdg_line_width(const char *s, size_t n, size_t max);
bool mdg_line_is_blank(const char *s, size_t n);

#endif
