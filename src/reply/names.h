/* Is the person in this line the customer? */
#ifndef MDG_REPLY_NAMES_H
#define MDG_REPLY_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/arena.h"

enum names {
	NAMES_NONE, /* the line names nobody: a company, ご担当者様 */
	NAMES_SAME, /* as far as it says, also with variant kanji */
	NAMES_OTHER,
	NAMES_UNKNOWN, /* kana against kanji: cannot tell */
};

/* line: "株式会社青葉商会 田中 一郎 様"; customer: "田中 一郎", with company
 * and reading if known: "株式会社青葉商会 田中 一郎(たなか いちろう)". */
enum names names_compare(const char *line, size_t n, const char *customer);

/* Is it a company or the like by its name? */
bool names_is_organisation(const char *name);

/* Does the line end with the name, or its family name, and say nothing behind
 * it? "総務部 田中" does for 田中 一郎. */
bool names_is_all(const char *line, size_t n, const char *person);

/* For names in Latin letters: is it one, how long is its word at s, and does
 * it hold this word, whatever the case? */
bool names_is_latin(const char *name);
size_t names_latin_word(const char *s, size_t n);
bool names_has_word(const char *name, const char *word, size_t n);

/* The line without title and white space around; NULL if it names nobody. */
char *names_bare(struct mdg_arena *arena, const char *line, size_t n);

/* The person alone: "株式会社青葉商会 田中 一郎(たなか いちろう)" → "田中 一郎". */
char *names_person(struct mdg_arena *arena, const char *customer);

#endif
