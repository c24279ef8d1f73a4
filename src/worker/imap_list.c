/* The mails of a folder: UID, size, date; above a watermark or named. */
#include <stdlib.h>
#include <string.h>

#include "imap_private.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

enum {
	ITEM_BYTES = 150,      /* one line of a listing, as a rule */
	ITEM_BYTES_MAX = 512,  /* and at most */
	WINDOW_UIDS = 1000,    /* listed by one command */
	SLACK_BYTES = 1 << 20, /* for mails that came meanwhile */
	WINDOWS_MAX = 200,     /* where UIDs lie far apart */
	SET_UIDS = 500,        /* named in one command */
};

struct listing {
	struct mdg_imap_item *v;
	size_t n, cap;
	uint32_t low, last; /* those between: low < UID <= last */
};

/* Seconds of an INTERNALDATE, 0 if it is no date. */
static int64_t
unix_time(const struct mailimap_date_time *d)
{
	if (d->dt_year < 1970 || d->dt_year > 9999 || d->dt_month < 1 ||
	    d->dt_month > 12 || d->dt_day < 1 || d->dt_day > 31 ||
	    d->dt_hour < 0 || d->dt_hour > 23 || d->dt_min < 0 ||
	    d->dt_min > 59 || d->dt_sec < 0 || d->dt_sec > 60 ||
	    d->dt_zone < -2359 || d->dt_zone > 2359)
		return 0;
	int64_t t =
		mdg_days_from_civil(d->dt_year, d->dt_month, d->dt_day) * 86400;
	t += d->dt_hour * 3600 + d->dt_min * 60 + d->dt_sec;
	return t - (d->dt_zone / 100 * 3600 + d->dt_zone % 100 * 60);
}

static void
on_listed(struct mailimap_msg_att *att, void *ctx)
{
	struct listing *l = ctx;
	struct mdg_imap_item it = {0};
	for (clistiter *i = clist_begin(att->att_list); i != NULL;
	     i = clist_next(i)) {
		const struct mailimap_msg_att_item *a = clist_content(i);
		if (a->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		const struct mailimap_msg_att_static *s =
			a->att_data.att_static;
		if (s->att_type == MAILIMAP_MSG_ATT_UID) {
			it.uid = s->att_data.att_uid;
		} else if (s->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE) {
			it.size = s->att_data.att_rfc822_size;
		} else if (s->att_type == MAILIMAP_MSG_ATT_INTERNALDATE &&
			   s->att_data.att_internal_date != NULL) {
			it.internaldate_s =
				unix_time(s->att_data.att_internal_date);
		}
	}
	/* "low+1:*" names the last mail even when it is older, and a server
	 * may tell of flags of others. One without a size is still a mail. */
	if (it.uid <= l->low || it.uid > l->last)
		return;
	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 256 : 2 * l->cap;
		l->v = mdg_realloc(l->v, l->cap * sizeof(*l->v));
	}
	l->v[l->n++] = it;
}

static void
no_progress(size_t current, size_t maximum, void *ctx)
{
	(void)current;
	(void)maximum;
	(void)ctx;
}

static struct mailimap_fetch_type *
listing_type(enum mdg_imap_asks asks)
{
	struct mailimap_fetch_type *t =
		mailimap_fetch_type_new_fetch_att_list_empty();
	MDG_BUG_ON(t == NULL);
	mailimap_fetch_type_new_fetch_att_list_add(
		t, mailimap_fetch_att_new_uid());
	if (asks <= MDG_IMAP_SIZES)
		mailimap_fetch_type_new_fetch_att_list_add(
			t, mailimap_fetch_att_new_rfc822_size());
	if (asks <= MDG_IMAP_DATES)
		mailimap_fetch_type_new_fetch_att_list_add(
			t, mailimap_fetch_att_new_internaldate());
	return t;
}

/* One UID FETCH of up to `span` mails; the set is freed. */
static bool
list_set(struct mdg_imap *im, struct mailimap_set *set, uint64_t span,
	 enum mdg_imap_asks asks, struct listing *l, struct mdg_err *err)
{
	/* More mails may have come since the folder was opened. */
	if (!imap_begin_bytes(im, SLACK_BYTES + span * ITEM_BYTES_MAX,
			      span * ITEM_BYTES, err)) {
		mailimap_set_free(set);
		return false;
	}
	struct mailimap_fetch_type *type = listing_type(asks);
	clist *list = NULL;
	/* The handler gets each item and frees it; libetpan calls it only
	 * when a progress function is set as well. */
	mailimap_set_progress_callback(im->et, NULL, no_progress, NULL);
	mailimap_set_msg_att_handler(im->et, on_listed, l);
	int r = mailimap_uid_fetch(im->et, set, type, &list);
	mailimap_set_msg_att_handler(im->et, NULL, NULL);
	mailimap_set_progress_callback(im->et, NULL, NULL, NULL);
	mailimap_set_free(set);
	mailimap_fetch_type_free(type);
	if (r == MAILIMAP_NO_ERROR && list != NULL)
		mailimap_fetch_list_free(list);
	return imap_check(im, r, err);
}

static int
by_uid(const void *a, const void *b)
{
	const struct mdg_imap_item *x = a, *y = b;
	return (x->uid > y->uid) - (x->uid < y->uid);
}

/* What another answer says of the same mail. */
static void
add_to(struct mdg_imap_item *it, const struct mdg_imap_item *more)
{
	it->size = more->size > it->size ? more->size : it->size;
	if (it->internaldate_s == 0)
		it->internaldate_s = more->internaldate_s;
}

/* Ascending, each UID once: who fetches relies on it. */
static bool
hand_out(struct listing *l, mdg_imap_item_fn fn, void *ctx, struct mdg_err *err)
{
	if (l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), by_uid);
	for (size_t i = 0; i < l->n; i++) {
		struct mdg_imap_item it = l->v[i];
		for (; i + 1 < l->n && l->v[i + 1].uid == it.uid; i++)
			add_to(&it, &l->v[i + 1]);
		if (!fn(ctx, &it, err))
			return false;
	}
	return true;
}

/*
 * As many windows as the mails fill, were there one at every UID; where they
 * lie far apart a window is wider. One that ends at `*` comes last: mails may
 * have come since the folder was opened.
 */
static void
measure(const struct mdg_imap *im, struct mdg_imap_walk *walk)
{
	uint32_t next = im->selected.uidnext;
	uint32_t n = im->selected.exists / WINDOW_UIDS + 1;
	walk->width = WINDOW_UIDS;
	if (n > WINDOWS_MAX)
		n = WINDOWS_MAX;
	if (next > walk->low && (next - walk->low) / n > walk->width)
		walk->width = (next - walk->low) / n;
}

bool
mdg_imap_list(struct mdg_imap *im, struct mdg_imap_walk *walk,
	      mdg_imap_item_fn fn, void *ctx, struct mdg_err *err)
{
	struct listing l = {.low = walk->low, .last = UINT32_MAX};
	uint32_t next = im->selected.uidnext;
	uint64_t span = im->selected.exists;
	if (walk->width == 0)
		measure(im, walk);
	walk->done = next <= walk->low || next - walk->low <= walk->width;
	if (!walk->done) {
		l.last = walk->low + walk->width;
		span = span < walk->width ? span : walk->width;
	}
	if (walk->low == UINT32_MAX)
		return true;
	(void)imap_heard(im); /* what came before this listing is in it */
	struct mailimap_set *set = mailimap_set_new_interval(
		walk->low + 1, walk->done ? 0 /* is "*" */ : l.last);
	MDG_BUG_ON(set == NULL);
	bool ok = list_set(im, set, span, walk->asks, &l, err) &&
		  hand_out(&l, fn, ctx, err);
	walk->low = l.last;
	free(l.v);
	return ok;
}

bool
mdg_imap_list_uids(struct mdg_imap *im, const uint32_t *uids, size_t n,
		   enum mdg_imap_asks asks, mdg_imap_item_fn fn, void *ctx,
		   struct mdg_err *err)
{
	struct listing l = {.last = UINT32_MAX};
	bool ok = true;
	for (size_t at = 0; ok && at < n; at += SET_UIDS) {
		size_t k = n - at < SET_UIDS ? n - at : SET_UIDS;
		struct mailimap_set *set = mailimap_set_new_empty();
		MDG_BUG_ON(set == NULL);
		for (size_t i = 0; i < k; i++)
			mailimap_set_add_single(set, uids[at + i]);
		l.n = 0;
		ok = list_set(im, set, k, asks, &l, err) &&
		     hand_out(&l, fn, ctx, err);
	}
	free(l.v);
	return ok;
}

bool
mdg_imap_low_since(struct mdg_imap *im, int64_t since_s, uint32_t *ret_low,
		   struct mdg_err *err)
{
	int y, m, d;
	clist *found = NULL;
	/* SINCE looks at the date alone, in the server's zone. */
	mdg_civil_from_days(since_s / 86400 - 1, &y, &m, &d);
	if (!imap_begin_bytes(im, (uint64_t)im->selected.exists * 12, 0, err))
		return false;
	struct mailimap_search_key *key =
		mailimap_search_key_new_since(mailimap_date_new(d, m, y));
	int r = mailimap_uid_search(im->et, NULL, key, &found);
	mailimap_search_key_free(key);
	if (!imap_check(im, r, err))
		return false;
	uint32_t min = 0;
	for (clistiter *i = found != NULL ? clist_begin(found) : NULL;
	     i != NULL; i = clist_next(i)) {
		uint32_t uid = *(const uint32_t *)clist_content(i);
		if (min == 0 || uid < min)
			min = uid;
	}
	if (found != NULL)
		mailimap_search_result_free(found);
	if (min == 0) /* nothing that new: all that will come */
		min = im->selected.uidnext != 0 ? im->selected.uidnext : 1;
	*ret_low = min > 0 ? min - 1 : 0;
	return true;
}
