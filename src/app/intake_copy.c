/* One mail by two ways: directly, and through a list or a gateway. */
#include "intake-int.h"

#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

/* One text is the other with something more above or below, blanks apart. */
static bool
is_alike(const char *a, const char *b)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf x = {0}, y = {0};

	mdg_fold(&x, a, strlen(a), MDG_FOLD_NOSPACE);
	mdg_fold(&y, b, strlen(b), MDG_FOLD_NOSPACE);
	const struct mdg_buf *more = x.len > y.len ? &x : &y;
	const struct mdg_buf *less = x.len > y.len ? &y : &x;
	size_t rest = more->len - less->len;
	return less->len && (!memcmp(more->ptr, less->ptr, less->len) ||
			     !memcmp(more->ptr + rest, less->ptr, less->len));
}

/* Wrote the same person both? A group may put its own address in From, and
 * the writer's in Reply-To. */
static bool
is_same_writer(const struct mdg_intake *in, const struct mdg_ref_hit *h)
{
	const struct mdg_addresses *reply_to = &in->m->reply_to;
	bool same = mdg_streq(in->self.from_key, h->from_key);

	for (size_t i = 0; i < reply_to->n; i++)
		same |= mdg_streq(reply_to->v[i].key, h->from_key);
	for (size_t i = 0; i < h->reply_to.n; i++)
		same |= mdg_streq(h->reply_to.v[i], in->self.from_key);
	return same;
}

bool
mdg_intake_is_copy(struct mdg_desk *d, const struct mdg_intake *in,
		   const struct mdg_ref_hit *h, bool *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret = false;
	if (!*in->self.from_key || !is_same_writer(in, h))
		return true;
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT text FROM message WHERE id = ?1", "i",
			  h->message_id))
		return false;
	if (mdg_rows_next(r))
		*ret = is_alike(mdg_rows_text(r, 0), in->m->text);
	return mdg_rows_close(&r, err);
}
