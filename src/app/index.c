#include "madoguchi/app/index.h"

#include <string.h>

#include "madoguchi/store/search.h"
#include "madoguchi/text/fold.h"
#include "madoguchi/text/terms.h"

enum { TEXT_BYTES = 256 << 10 }; /* of one field; the rest is not searched */

struct doc {
	int64_t id, attachments_n;
	char *terms;
};

/* What of a mail is searched; names of attachments follow. */
#define DOC                                                                    \
	"SELECT id, subject, from_name, from_address, text, attachments_n"     \
	" FROM message"

static void
put(const char *s, struct mdg_buf *terms)
{
	size_t n = strlen(s);

	if (terms->len)
		mdg_buf_putc(terms, ' ');
	mdg_terms_doc(s, n < TEXT_BYTES ? n : TEXT_BYTES, terms);
}

static void
cut(struct mdg_rows *r, struct doc *d)
{
	struct mdg_buf terms = {0};

	d->id = mdg_rows_i64(r, 0);
	for (int col = 1; col <= 4; col++)
		put(mdg_rows_text(r, col), &terms);
	d->attachments_n = mdg_rows_i64(r, 5);
	d->terms = mdg_buf_steal(&terms);
}

static bool
cut_names(struct mdg_desk *d, struct doc *doc, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf terms = {0};
	struct mdg_rows *r;

	if (!doc->attachments_n)
		return true;
	if (!mdg_db_query(
		    d->db, &r, err,
		    "SELECT filename FROM attachment WHERE message_id = ?1"
		    " AND filename IS NOT NULL ORDER BY n",
		    "i", doc->id))
		return false;
	mdg_buf_puts(&terms, doc->terms);
	while (mdg_rows_next(r))
		put(mdg_rows_text(r, 0), &terms);
	mdg_freep(&doc->terms);
	doc->terms = mdg_buf_steal(&terms);
	return mdg_rows_close(&r, err);
}

static bool
read_docs(struct mdg_desk *d, int64_t after, struct doc *docs, size_t *ret_n,
	  struct mdg_err *err)
{
	struct mdg_rows *r;

	*ret_n = 0;
	if (!mdg_db_query(d->db, &r, err,
			  DOC " WHERE id > ?1 ORDER BY id LIMIT ?2", "ii",
			  after, (int64_t)MDG_INDEX_STEP))
		return false;
	while (mdg_rows_next(r))
		cut(r, &docs[(*ret_n)++]);
	bool ok = mdg_rows_close(&r, err);
	for (size_t i = 0; ok && i < *ret_n; i++)
		ok = cut_names(d, &docs[i], err);
	return ok;
}

/* How far it has come, 0 under another version of the folding. */
static bool
progress(struct mdg_desk *d, int64_t *ret, struct mdg_err *err)
{
	enum mdg_found f = mdg_db_i64(d->db, ret, err,
				      "SELECT upto_message_id FROM search_state"
				      " WHERE id = 1 AND folding = ?1",
				      "i", (int64_t)MDG_FOLD_VERSION);

	if (f == MDG_NONE)
		*ret = 0;
	return f != MDG_FAILED;
}

bool
mdg_index_forget(struct mdg_desk *d, int64_t message, struct mdg_err *err)
{
	struct doc doc = {.terms = NULL};
	struct mdg_rows *r;
	int64_t upto;

	if (!progress(d, &upto, err))
		return false;
	if (message > upto)
		return true;
	if (!mdg_db_query(d->db, &r, err, DOC " WHERE id = ?1", "i", message))
		return false;
	if (mdg_rows_next(r))
		cut(r, &doc);
	bool ok = mdg_rows_close(&r, err) && cut_names(d, &doc, err) &&
		  (!doc.terms ||
		   mdg_search_remove(d->db, message, doc.terms, err));
	mdg_freep(&doc.terms);
	return ok;
}

bool
mdg_index_pending(struct mdg_desk *d, bool *ret, struct mdg_err *err)
{
	int64_t upto, one;

	if (!progress(d, &upto, err))
		return false;
	enum mdg_found f = mdg_db_i64(d->db, &one, err,
				      "SELECT id FROM message WHERE id > ?1"
				      " ORDER BY id LIMIT 1",
				      "i", upto);
	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

/* Terms of an older folding would stand beside the new ones. */
static bool
drop_old(struct mdg_desk *d, struct mdg_err *err)
{
	int64_t one;
	enum mdg_found f = mdg_db_i64(d->db, &one, err,
				      "SELECT id FROM search_state"
				      " WHERE id = 1 AND folding <> ?1",
				      "i", (int64_t)MDG_FOLD_VERSION);

	if (f != MDG_FOUND)
		return f == MDG_NONE;
	return mdg_search_clear(d->db, err) &&
	       mdg_db_run(d->db, err, "DELETE FROM search_state", "");
}

bool
mdg_index_step(struct mdg_desk *d, size_t *ret_n, struct mdg_err *err)
{
	struct doc docs[MDG_INDEX_STEP] = {0};
	int64_t upto = 0;
	size_t n = 0;

	bool ok = drop_old(d, err) && progress(d, &upto, err) &&
		  read_docs(d, upto, docs, &n, err);
	for (size_t i = 0; i < n; i++) {
		ok = ok &&
		     mdg_search_put(d->db, docs[i].id, docs[i].terms, err);
		upto = docs[i].id;
		mdg_freep(&docs[i].terms);
	}
	*ret_n = n;
	return ok && (n == 0 ||
		      mdg_db_run(d->db, err,
				 "INSERT INTO search_state (id, folding,"
				 " upto_message_id) VALUES (1, ?1, ?2)"
				 " ON CONFLICT (id) DO UPDATE SET"
				 " folding = excluded.folding,"
				 " upto_message_id = excluded.upto_message_id",
				 "ii", (int64_t)MDG_FOLD_VERSION, upto));
}
