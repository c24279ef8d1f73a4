/*
 * search: an index over terms that we cut ourselves (text/terms.h), so that
 * two characters of Japanese are found whatever the engine.
 *
 * A document is a list of terms in order, separated by single spaces; a query
 * is a list of phrases, all of which must occur (AND), each a run of
 * consecutive terms; the last term of a phrase may be a prefix. SQLite:
 * contentless FTS5 with positions; PostgreSQL: tsvector with positions and
 * GIN. Rebuildable: dropping it loses nothing.
 *
 * Terms are any UTF-8 without spaces; nothing is folded or split here. On
 * PostgreSQL phrases are found within the first 16383 terms of a document
 * and the first 255 places of a term, terms alone among the first 900 kB of
 * different ones.
 */
#ifndef MDG_STORE_SEARCH_H
#define MDG_STORE_SEARCH_H

#include "madoguchi/store/db.h"

struct mdg_search_phrase {
	const char *terms; /* "ab bc cd" */
	bool prefix;       /* the last term is a prefix */
};

/* A document is put once; remove it before it is put again. */
bool mdg_search_put(struct mdg_db *db, int64_t doc, const char *terms,
		    struct mdg_err *err);
/* terms must be what was put. */
bool mdg_search_remove(struct mdg_db *db, int64_t doc, const char *terms,
		       struct mdg_err *err);
/* Forgets everything. */
bool mdg_search_clear(struct mdg_db *db, struct mdg_err *err);
/*
 * Up to max ids, newest (largest) first, smaller than `before` (0: all).
 * Phrases without a term are left out; nothing else left finds nothing.
 */
bool mdg_search_query(struct mdg_db *db, const struct mdg_search_phrase *p,
		      size_t n, int64_t before, size_t max, int64_t *ids,
		      size_t *ret_n, struct mdg_err *err);

#endif
