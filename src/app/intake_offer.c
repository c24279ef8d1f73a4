/*
 * What a mail only hints at is offered, never done: that it belongs with
 * another ticket, or that it is a new matter in an old mail's clothes.
 */
#include <string.h>

#include "intake-int.h"

#include "madoguchi/app/regroup.h"
#include "madoguchi/base/str.h"

enum {
	LOOK_BACK_S = 14 * 86400,
	SUBJECT_BYTES_MIN = 4, /* "件" alone says nothing */
};

/* Subjects that so many mails have that they hint at nothing. */
static bool
is_generic(const char *subject)
{
	static const char *const all[] = {
		"お問い合わせ", "お問合せ",     "問い合わせ", "お問合わせ",
		"無題",         "件名なし",     "(件名なし)", "no subject",
		"ご質問",       "質問",         "お願い",     "ご連絡",
		"こんにちは",   "はじめまして", "inquiry",    "hello",
		"question",     "お世話になっております",
	};

	for (size_t i = 0; i < MDG_LEN(all); i++)
		if (mdg_streq(subject, all[i]))
			return true;
	return strlen(subject) < SUBJECT_BYTES_MIN;
}

/* The customer's newest other ticket with the same subject. */
static bool
same_subject(struct mdg_desk *d, const struct mdg_intake *in,
	     const struct mdg_ticket *t, int64_t *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf mine = {0};
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret = 0;
	mdg_subject_normalise(in->m->subject, &mine);
	if (!t->customer_id || is_generic(mdg_buf_str(&mine)))
		return true;
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT id, subject, inbound_s FROM ticket"
			  " WHERE customer_id = ?1 AND id <> ?2"
			  " AND state <> 'merged' ORDER BY id DESC LIMIT 20",
			  "ii", t->customer_id, t->id))
		return false;
	while (!*ret && mdg_rows_next(r)) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf theirs = {0};
		if (mdg_rows_i64(r, 2) < in->received_s - LOOK_BACK_S)
			continue;
		mdg_subject_normalise(mdg_rows_text(r, 1), &theirs);
		if (mdg_streq(mdg_buf_str(&mine), mdg_buf_str(&theirs)))
			*ret = mdg_rows_i64(r, 0);
	}
	return mdg_rows_close(&r, err);
}

/* A ticket number in the subject that did not count as evidence. */
static bool
named_number(struct mdg_desk *d, const struct mdg_intake *in,
	     const struct mdg_ticket *t, int64_t *ret, struct mdg_err *err)
{
	struct mdg_subject_tag tag;
	struct mdg_ticket other;

	*ret = 0;
	if (d->no_tags || !mdg_subject_tag_find(in->m->subject, &tag))
		return true;
	switch (mdg_ticket_by_number(d->db, tag.number, in->arena, &other,
				     err)) {
	case MDG_FAILED:
		return false;
	case MDG_NONE:
		return true;
	case MDG_FOUND:
		break;
	}
	if (!mdg_desk_ticket_root(d, other.id, in->arena, &other, err))
		return false;
	if (other.id != t->id && other.win_id == t->win_id)
		*ret = other.id;
	return true;
}

static bool
offer_merge(struct mdg_desk *d, const struct mdg_intake *in,
	    const struct mdg_ticket *t, struct mdg_err *err)
{
	const char *reason = "number";
	int64_t other;

	/* notices of one form have one subject */
	if (in->speaker.form)
		return true;
	if (in->speaker.pair)
		return mdg_desk_offer(d, t->id, "merge", in->speaker.pair, 0,
				      "password", err);
	if (!named_number(d, in, t, &other, err))
		return false;
	if (!other) {
		reason = "same_subject";
		if (!same_subject(d, in, t, &other, err))
			return false;
	}
	return !other ||
	       mdg_desk_offer(d, t->id, "merge", other, 0, reason, err);
}

/*
 * An old mail answered for its address, with a subject of its own: neither
 * subject is in the other.
 */
static bool
is_reused(const struct mdg_intake *in, const char *ticket_subject)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf mine = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf theirs = {0};

	mdg_subject_normalise(in->m->subject, &mine);
	mdg_subject_normalise(ticket_subject, &theirs);
	return mine.len >= SUBJECT_BYTES_MIN && theirs.len &&
	       !strstr(mdg_buf_str(&mine), mdg_buf_str(&theirs)) &&
	       !strstr(mdg_buf_str(&theirs), mdg_buf_str(&mine));
}

/* The subject is new to every mail of the ticket, not only to its first. */
static bool
is_new_subject(struct mdg_desk *d, const struct mdg_intake *in,
	       int64_t ticket, int64_t message, bool *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret = true;
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT subject FROM message WHERE ticket_id = ?1"
			  " AND id <> ?2 ORDER BY id DESC LIMIT 50",
			  "ii", ticket, message))
		return false;
	while (*ret && mdg_rows_next(r))
		*ret = is_reused(in, mdg_rows_text(r, 0));
	return mdg_rows_close(&r, err);
}

bool
mdg_intake_offer(struct mdg_desk *d, const struct mdg_intake *in,
		 const struct mdg_ticket *t, bool is_new, int64_t message,
		 struct mdg_err *err)
{
	bool reused = false;

	if (in->mail_class != MDG_CLASS_ORDINARY || t->is_history)
		return true;
	if (is_new)
		return in->thread.linked || offer_merge(d, in, t, err);
	if (in->thread.evidence == MDG_EV_TAG ||
	    !is_reused(in, t->subject))
		return true;
	return is_new_subject(d, in, t->id, message, &reused, err) &&
	       (!reused || mdg_desk_offer(d, t->id, "split", 0, message,
					  "new_subject", err));
}
