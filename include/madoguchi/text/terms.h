/*
 * terms: what a text is found by.
 *
 * Japanese is cut into pairs of characters, so that any two characters next
 * to each other are found without a dictionary; the last character of a run
 * also stands alone, so that a single one is found as the beginning of a
 * pair or by itself. Words of letters and digits are whole ("md512x" for
 * ＭＤ－５１２Ｘ), followed by their parts ("md", "512x") if signs divide them.
 * Terms hold no signs and no spaces. The text is folded first: MDG_FOLD_VERSION
 * is the version of the terms, too.
 */
#ifndef MDG_TEXT_TERMS_H
#define MDG_TEXT_TERMS_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"

/* Append the terms of a document, in order, with single spaces between. */
void mdg_terms_doc(const char *text, size_t n, struct mdg_buf *out);

/* A run of terms that must stand together; the last may be a beginning. */
struct mdg_terms_phrase {
	const char *terms; /* "解約 約方" */
	bool prefix;
};

enum { MDG_TERMS_PHRASES_MAX = 32 };

/*
 * What a person typed: white space parts phrases, "…" keeps one together.
 * Returns the number of phrases (0: nothing to search by); in the arena.
 */
size_t mdg_terms_query(const char *text, struct mdg_arena *arena,
		       struct mdg_terms_phrase **ret);

/* A stretch of a text, in characters. */
struct mdg_terms_mark {
	size_t start, end;
};
enum { MDG_TERMS_MARKS_MAX = 16 };

/*
 * Where the words of a query stand in a text, for people to see: up to
 * MDG_TERMS_MARKS_MAX stretches in order, none within another. Signs and
 * spaces inside a stretch do not matter (MD-512X, md512x).
 */
size_t mdg_terms_marks(const char *text, size_t n, const char *query,
		       struct mdg_terms_mark ret[MDG_TERMS_MARKS_MAX]);

#endif
