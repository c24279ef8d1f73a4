/*
 * Folding: the form of a text to compare by.
 *
 * The base is NFKC (full-width letters, half-width kana, ㈱, ① …). On top of
 * it, by flag: lower case; the signs that mail programs mix up (wave dash and
 * tilde, the hyphens and minus signs, ‖ and ∥, ヶ and ケ); variants of kanji
 * that occur in family names (髙 高, 﨑 崎, 邊 邉 辺 …); white space dropped;
 * katakana as hiragana.
 * The folded form is for finding and comparing only, never for display or
 * sending.
 *
 * Index terms depend on it: raise MDG_FOLD_VERSION when their form
 * changes, and the index is rebuilt.
 */
#ifndef MDG_TEXT_FOLD_H
#define MDG_TEXT_FOLD_H

#include <stddef.h>
#include <stdint.h>

#include "madoguchi/base/buf.h"

enum { MDG_FOLD_VERSION = 3 };

enum {
	MDG_FOLD_LOWER = 1,    /* letters to lower case */
	MDG_FOLD_SIGNS = 2,    /* wave dash, minus, ‖, small ke */
	MDG_FOLD_VARIANTS = 4, /* kanji variants in names */
	MDG_FOLD_NOSPACE = 8,  /* white space dropped */
	MDG_FOLD_KANA = 16,    /* katakana to hiragana */
	MDG_FOLD_SEARCH = MDG_FOLD_LOWER | MDG_FOLD_SIGNS,
	/* index terms: サトウ is found by さとう, 髙橋 by 高橋 */
	MDG_FOLD_TERMS = MDG_FOLD_SEARCH | MDG_FOLD_VARIANTS | MDG_FOLD_KANA,
	MDG_FOLD_NAME = MDG_FOLD_LOWER | MDG_FOLD_SIGNS | MDG_FOLD_VARIANTS |
			MDG_FOLD_NOSPACE,
};

/* Append the folded form of s to out. */
void mdg_fold(struct mdg_buf *out, const char *s, size_t n, unsigned flags);

/*
 * The same, with the way back: at[i] is the offset in characters of s where
 * the character of folded byte i comes from, for i in [0, out->len]; the last
 * entry is the length of s in characters. out must be empty. at grows by
 * realloc; free(*at) when done.
 */
void mdg_fold_mapped(struct mdg_buf *out, uint32_t **at, const char *s,
		     size_t n, unsigned flags);

/* The representative of a kanji that has variants in names, else cp. */
uint32_t mdg_fold_variant(uint32_t cp);

#endif
