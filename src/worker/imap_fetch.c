/*
 * Bodies. Round trips dominate, so small mails are asked for together and
 * taken from libetpan's buffers; a large one is asked for alone and streamed
 * by. (Within one FETCH answer the UID may follow the body, so a stream of
 * several mails could not be told apart.)
 */
#include <stdlib.h>
#include <string.h>

#include "imap_private.h"
#include "madoguchi/base/limits.h"

enum { SLACK_BYTES = 1 << 20 }; /* servers lie about sizes */

struct body {
	const char *p; /* NULL: not in the answer */
	size_t n;
};

static struct mailimap_fetch_type *
body_type(bool with_body)
{
	struct mailimap_fetch_type *t =
		mailimap_fetch_type_new_fetch_att_list_empty();
	MDG_BUG_ON(t == NULL);
	mailimap_fetch_type_new_fetch_att_list_add(
		t, mailimap_fetch_att_new_uid());
	if (with_body)
		mailimap_fetch_type_new_fetch_att_list_add(
			t, mailimap_fetch_att_new_body_peek_section(
				   mailimap_section_new(NULL)));
	return t;
}

static int
fetch(struct mdg_imap *im, const struct mdg_imap_item *items, size_t n,
      bool with_body, clist **ret)
{
	struct mailimap_set *set = mailimap_set_new_empty();
	struct mailimap_fetch_type *type = body_type(with_body);
	MDG_BUG_ON(set == NULL);
	for (size_t i = 0; i < n; i++)
		mailimap_set_add_single(set, items[i].uid);
	int r = mailimap_uid_fetch(im->et, set, type, ret);
	if (r != MAILIMAP_NO_ERROR)
		*ret = NULL; /* libetpan has freed what it still points to */
	mailimap_set_free(set);
	mailimap_fetch_type_free(type);
	return r;
}

/* The UID and the whole body of one FETCH answer; how many bodies it held. */
static unsigned
read_att(const struct mailimap_msg_att *att, uint32_t *ret_uid,
	 struct body *ret_body)
{
	unsigned bodies = 0;
	*ret_uid = 0;
	for (clistiter *i = clist_begin(att->att_list); i != NULL;
	     i = clist_next(i)) {
		const struct mailimap_msg_att_item *a = clist_content(i);
		if (a->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		const struct mailimap_msg_att_static *s =
			a->att_data.att_static;
		if (s->att_type == MAILIMAP_MSG_ATT_UID)
			*ret_uid = s->att_data.att_uid;
		if (s->att_type != MAILIMAP_MSG_ATT_BODY_SECTION)
			continue;
		bodies++;
		*ret_body = (struct body){
			.p = s->att_data.att_body_section->sec_body_part,
			.n = s->att_data.att_body_section->sec_length};
	}
	return bodies;
}

struct hand {
	const struct mdg_imap_sink *sink;
	uint32_t uid;
};

static bool
on_chunk(void *ctx, const struct mdg_chunk *c, struct mdg_err *err)
{
	const struct hand *h = ctx;
	return h->sink->chunk(h->sink->ctx, h->uid, c, err);
}

/* -- one mail alone -- */

struct passing {
	struct mdg_imap *im;
	struct mdg_err err;
	bool failed;
};

static bool
on_bytes(int att_type, struct mailimap_msg_att_body_section *section,
	 const char *p, size_t n, void *ctx)
{
	struct passing *s = ctx;
	(void)att_type;
	(void)section;
	if (!s->failed)
		s->failed = !mdg_chunker_put(s->im->chunker, p, n, &s->err);
	/* false leaves libetpan amid a literal: the session is over. */
	return !s->failed;
}

/* A FETCH that nobody asked for makes no mail: a search names those there are. */
static bool
is_found(struct mdg_imap *im, uint32_t uid, bool *ret, struct mdg_err *err)
{
	enum { BYTES_MAX = 1 << 20 };
	clist *found = NULL;
	if (!imap_begin_bytes(im, BYTES_MAX, 0, err))
		return false;
	struct mailimap_search_key *key = mailimap_search_key_new_uid(
		mailimap_set_new_single(uid));
	int r = mailimap_uid_search(im->et, NULL, key, &found);
	mailimap_search_key_free(key);
	/* one that says NO is no proof that it is gone */
	*ret = r != MAILIMAP_NO_ERROR;
	for (clistiter *i = found != NULL ? clist_begin(found) : NULL;
	     i != NULL; i = clist_next(i))
		*ret |= *(const uint32_t *)clist_content(i) == uid;
	if (found != NULL)
		mailimap_search_result_free(found);
	return imap_check(im, r, err) || mdg_stream_error(im->stream) == NULL;
}

static bool
is_there(struct mdg_imap *im, const struct mdg_imap_item *it, bool *ret,
	 struct mdg_err *err)
{
	clist *list = NULL;
	bool found = false;
	if (!imap_begin_bytes(im, 0, 0, err))
		return false;
	int r = fetch(im, it, 1, false, &list);
	for (clistiter *i = list != NULL ? clist_begin(list) : NULL; i != NULL;
	     i = clist_next(i)) {
		uint32_t uid;
		struct body b;
		(void)read_att(clist_content(i), &uid, &b);
		found |= uid == it->uid;
	}
	if (list != NULL)
		mailimap_fetch_list_free(list);
	if (!imap_check(im, r, err) && mdg_stream_error(im->stream) != NULL)
		return false;
	/* A server that says NO here still has it. */
	*ret = found || r != MAILIMAP_NO_ERROR;
	return !found || is_found(im, it->uid, ret, err);
}

static bool
give_up(struct mdg_imap *im, const struct mdg_imap_item *it,
	const struct mdg_imap_sink *sink, const char *reason,
	struct mdg_err *err)
{
	bool there;
	if (!is_there(im, it, &there, err))
		return false;
	return sink->failed(sink->ctx, it->uid, !there,
			    there ? reason : "gone from the server", err);
}

static bool
fetch_alone(struct mdg_imap *im, const struct mdg_imap_item *it,
	    const struct mdg_imap_sink *sink, struct mdg_err *err)
{
	struct hand h = {.sink = sink, .uid = it->uid};
	struct passing s = {.im = im};
	clist *list = NULL;
	unsigned ours = 0, others = 0;
	/* The claimed size decides only the time, the chunker the bytes. */
	if (!imap_begin_bytes(im, MDG_RAW_BYTES_MAX + SLACK_BYTES, it->size,
			      err))
		return false;
	mdg_chunker_begin(im->chunker, on_chunk, &h);
	mailimap_set_msg_body_handler(im->et, on_bytes, &s);
	int r = fetch(im, it, 1, true, &list);
	mailimap_set_msg_body_handler(im->et, NULL, NULL);
	for (clistiter *i = list != NULL ? clist_begin(list) : NULL; i != NULL;
	     i = clist_next(i)) {
		uint32_t uid;
		struct body b;
		unsigned n = read_att(clist_content(i), &uid, &b);
		*(uid == it->uid ? &ours : &others) += n;
	}
	if (list != NULL)
		mailimap_fetch_list_free(list);
	if (s.failed) {
		mdg_stream_kill(im->stream, &s.err);
		if (err != NULL)
			*err = s.err;
		return false;
	}
	if (!imap_check(im, r, err)) {
		char words[200];
		if (mdg_stream_error(im->stream) != NULL)
			return false;
		return give_up(im, it, sink,
			       imap_words(im, words, sizeof(words)), err);
	}
	uint64_t got = mdg_chunker_bytes(im->chunker);
	if (ours != 1 || others > 0 || (got == 0 && it->size > 0))
		return give_up(im, it, sink, "the server gave no content", err);
	return mdg_chunker_end(im->chunker, err);
}

/* -- several small ones -- */

static void
place(const struct mdg_imap_item *items, size_t n, struct body *bodies,
      const struct mailimap_msg_att *att)
{
	uint32_t uid;
	struct body b = {0};
	if (read_att(att, &uid, &b) != 1)
		return;
	for (size_t lo = 0, hi = n; lo < hi;) {
		size_t mid = lo + (hi - lo) / 2;
		if (items[mid].uid == uid) {
			bodies[mid] = b;
			return;
		}
		if (items[mid].uid < uid)
			lo = mid + 1;
		else
			hi = mid;
	}
}

static bool
hand_over(struct mdg_imap *im, const struct mdg_imap_item *it, struct body b,
	  const struct mdg_imap_sink *sink, struct mdg_err *err)
{
	struct hand h = {.sink = sink, .uid = it->uid};
	mdg_chunker_begin(im->chunker, on_chunk, &h);
	return mdg_chunker_put(im->chunker, b.p, b.n, err) &&
	       mdg_chunker_end(im->chunker, err);
}

static bool
fetch_batch(struct mdg_imap *im, const struct mdg_imap_item *items, size_t n,
	    uint64_t bytes, const struct mdg_imap_sink *sink,
	    struct mdg_err *err)
{
	struct body bodies[MDG_FETCH_BATCH_N] = {0};
	clist *list = NULL;
	if (!imap_begin_bytes(im, 2 * bytes + SLACK_BYTES, bytes, err))
		return false;
	int r = fetch(im, items, n, true, &list);
	if (!imap_check(im, r, err) && mdg_stream_error(im->stream) != NULL)
		return false;
	for (clistiter *i = list != NULL ? clist_begin(list) : NULL; i != NULL;
	     i = clist_next(i))
		place(items, n, bodies, clist_content(i));
	bool ok = true;
	for (size_t i = 0; ok && i < n; i++) {
		struct body b = bodies[i];
		/* Missing, or oddly empty: ask for it alone, and for why. */
		bool had = b.p != NULL && (b.n > 0 || items[i].size == 0);
		ok = had ? hand_over(im, &items[i], b, sink, err)
			 : fetch_alone(im, &items[i], sink, err);
	}
	if (list != NULL)
		mailimap_fetch_list_free(list);
	return ok;
}

bool
mdg_imap_fetch(struct mdg_imap *im, const struct mdg_imap_item *items, size_t n,
	       const struct mdg_imap_sink *sink, struct mdg_err *err)
{
	if (im->chunker == NULL)
		im->chunker = mdg_chunker_new();
	for (size_t i = 0; i < n;) {
		size_t k = 0;
		uint64_t bytes = 0;
		while (i + k < n && k < MDG_FETCH_BATCH_N &&
		       items[i + k].size <= MDG_FETCH_BATCH_BYTES - bytes)
			bytes += items[i + k++].size;
		bool ok;
		if (k > 1) {
			ok = fetch_batch(im, items + i, k, bytes, sink, err);
		} else if (items[i].size > MDG_RAW_BYTES_MAX) {
			ok = sink->failed(sink->ctx, items[i].uid, false,
					  "larger than madoguchi takes", err);
		} else {
			ok = fetch_alone(im, &items[i], sink, err);
		}
		if (!ok)
			return false;
		i += k > 1 ? k : 1;
	}
	return true;
}
