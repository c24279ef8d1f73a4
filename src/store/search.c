#include "madoguchi/store/search.h"

#include <string.h>

#include "db-int.h"

bool
mdg_search_put(struct mdg_db *db, int64_t doc, const char *terms,
	       struct mdg_err *err)
{
	return db->ops->search_put(db, doc, terms, err);
}

bool
mdg_search_remove(struct mdg_db *db, int64_t doc, const char *terms,
		  struct mdg_err *err)
{
	return db->ops->search_remove(db, doc, terms, err);
}

bool
mdg_search_clear(struct mdg_db *db, struct mdg_err *err)
{
	return mdg_db_run(db, err, db->ops->search_clear_sql, "");
}

static bool
has_terms(const char *terms)
{
	return terms[strspn(terms, " ")] != '\0';
}

bool
mdg_search_query(struct mdg_db *db, const struct mdg_search_phrase *p, size_t n,
		 int64_t before, size_t max, int64_t *ids, size_t *ret_n,
		 struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear)
	struct mdg_buf q = MDG_BUF_LIMIT(MDG_SEARCH_QUERY_MAX);
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		if (has_terms(p[i].terms))
			db->ops->search_phrase(&q, &p[i]);
	if (!mdg_buf_ok(&q))
		return mdg_fail(err, MDG_ETOOBIG, "search query");
	if (q.len == 0) { /* nothing asked, nothing found */
		*ret_n = 0;
		return true;
	}
	if (!mdg_db_query(db, &r, err, db->ops->search_sql, "sii",
			  mdg_buf_str(&q), before > 0 ? before : INT64_MAX,
			  (int64_t)max))
		return false;
	while (found < max && mdg_rows_next(r))
		ids[found++] = mdg_rows_i64(r, 0);
	if (!mdg_rows_close(&r, err))
		return false;
	*ret_n = found;
	return true;
}
