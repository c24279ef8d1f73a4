/*
 * language: what a mail is written in, as far as a desk must know: its answer
 * is a Japanese letter, or one in Latin script (English, for us).
 *
 * Counted are kana, Hangul, Chinese characters and Latin letters; addresses,
 * URLs and words with a sign of code in them are no language. A name in
 * Japanese does not make an English letter Japanese.
 */
#ifndef MDG_TEXT_LANGUAGE_H
#define MDG_TEXT_LANGUAGE_H

#include <stddef.h>

enum mdg_text_language {
	MDG_TEXT_UNKNOWN, /* too few letters to tell */
	MDG_TEXT_JAPANESE,
	MDG_TEXT_LATIN,
	MDG_TEXT_OTHER, /* Korean, Chinese, … */
};

enum mdg_text_language mdg_text_language(const char *s, size_t n);

#endif
