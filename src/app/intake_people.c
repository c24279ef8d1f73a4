/* The people of a mail, as threading asks about them. */
#include "intake-int.h"

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

/* Our own addresses are in every mail and so tell nobody apart. */
static bool
is_ours(const struct mdg_intake *in, const char *key)
{
	for (size_t i = 0; i < in->ours.n; i++)
		if (mdg_streq(in->ours.v[i], key))
			return true;
	return false;
}

/* The people of a mail without ourselves. */
static struct mdg_strings
others(const struct mdg_intake *in, struct mdg_strings keys)
{
	size_t n = 0;

	for (size_t i = 0; i < keys.n; i++)
		if (!is_ours(in, keys.v[i]))
			keys.v[n++] = keys.v[i];
	keys.n = n;
	return keys;
}

bool
mdg_intake_need_self(struct mdg_desk *d, struct mdg_intake *in,
		     struct mdg_err *err)
{
	const struct mdg_mail *m = in->m;
	const struct mdg_addresses *lists[] = {&m->from, &m->reply_to, &m->to,
					       &m->cc};
	struct mdg_strings keys = {0};

	if (in->self.from_key)
		return true;
	if (!mdg_intake_ours(d, in, err))
		return false;
	for (size_t i = 0; i < MDG_LEN(lists); i++)
		for (size_t k = 0; k < lists[i]->n; k++)
			mdg_strings_add(&keys, in->arena, lists[i]->v[k].key,
					MDG_ADDRESSES_MAX);
	size_t all_n = keys.n;
	keys = others(in, keys);
	in->self = (struct mdg_thread_mail){
		.from_key = m->from.n ? m->from.v[0].key : "",
		.keys = keys.v,
		.keys_n = keys.n,
		.subject = m->subject,
		.mail_class = in->mail_class,
		.names_us = keys.n < all_n,
	};
	in->self.is_ours = in->is_sent || is_ours(in, in->self.from_key);
	return true;
}

struct mdg_thread_mail
mdg_intake_hit_mail(const struct mdg_intake *in, const struct mdg_ref_hit *h)
{
	const struct mdg_strings keys = others(in, h->keys);

	return (struct mdg_thread_mail){
		.from_key = h->from_key,
		.keys = keys.v,
		.keys_n = keys.n,
		.subject = h->subject,
		.mail_class = mdg_mail_class_from_name(h->mail_class),
		.is_ours = is_ours(in, h->from_key),
		.names_us = keys.n < h->keys.n,
	};
}

bool
mdg_intake_vouches_for_himself(const struct mdg_intake *in,
			       const struct mdg_ref_hit *h)
{
	return h->came_loose && !in->self.is_ours &&
	       mdg_streq(in->self.from_key, h->from_key);
}

static bool
mark_loose(struct mdg_desk *d, int64_t message, const char *text,
	   struct mdg_err *err)
{
	json_t *flags = json_loads(text ? text : "{}", 0, NULL);

	if (!flags)
		flags = json_object();
	mdg_intake_mark(flags, MDG_MARK_LOOSE, json_true());
	MDG_AUTO(mdg_freep) char *with = json_dumps(flags, JSON_COMPACT);
	json_decref(flags);
	return mdg_db_run(d->db, err,
			  "UPDATE message SET flags = ?2 WHERE id = ?1", "is",
			  message, with);
}

bool
mdg_intake_loosen(struct mdg_desk *d, int64_t ticket, const char *from_key,
		  struct mdg_err *err)
{
	enum { MAILS_MAX = 32 }; /* no more hang free (mdg_intake_hold) */
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	int64_t ids[MAILS_MAX];
	const char *flags[MAILS_MAX];
	size_t n = 0;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT id, flags FROM message"
			  " WHERE ticket_id = ?1 AND from_key = ?2"
			  " ORDER BY id",
			  "is", ticket, from_key))
		return false;
	for (; n < MAILS_MAX && mdg_rows_next(r); n++) {
		ids[n] = mdg_rows_i64(r, 0);
		flags[n] = mdg_arena_strdup(&a, mdg_rows_text(r, 1));
	}
	if (!mdg_rows_close(&r, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!mark_loose(d, ids[i], flags[i], err))
			return false;
	return true;
}
