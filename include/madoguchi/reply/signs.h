/*
 * signs: the words of a customer's mail that tell what it is about, for
 * counting (desk/surge.h): nouns and names of things, no names of people or
 * places, no numbers, none of the words that every mail has.
 */
#ifndef MDG_REPLY_SIGNS_H
#define MDG_REPLY_SIGNS_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/text/words.h"

enum { MDG_SIGN_WORDS_MAX = 16, MDG_SIGN_BYTES_MAX = 60 };

/* Each word once, folded, in the order of the text; how many. words NULL: runs
 * of katakana, kanji and letters instead. */
size_t mdg_signs_find(struct mdg_words *words, const char *text, size_t max,
		      struct mdg_arena *arena, const char ***ret);

/* Is `term` in the text, however its letters are written? */
bool mdg_signs_holds(const char *text, const char *term);

#endif
