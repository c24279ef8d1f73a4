/* Which ticket: looks candidates up and lets desk/thread judge each. */
#include <string.h>

#include "intake-int.h"

#include "madoguchi/app/side.h"

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/token.h"
#include "madoguchi/store/st_regroup.h"

enum { TICKETS_MAX = 16, RIVALS_MAX = 4, CLAIMS_MAX = 8 };
enum { REOPEN_DAYS = 30, DAY_S = 86400 };

/* Tickets that evidence points to, strongest evidence kept for each. */
struct found_ticket {
	int64_t ticket_id;
	enum mdg_evidence evidence;
	bool weak;       /* its people do not know the writer */
	bool free;       /* it is but what answers the new mail */
	const char *who; /* a person whose mails lead there; or NULL */
};
struct found {
	struct found_ticket v[TICKETS_MAX];
	size_t n;
	/* the mails that led there */
	struct mdg_intake_via via[MDG_REF_HITS_MAX];
	size_t via_n;
	struct mdg_ref_hit rivals[RIVALS_MAX]; /* answers that others claim */
	size_t rivals_n;
	/* of the nearest mail that it names, where tickets are kept apart */
	int64_t nearest;
	bool is_near_weak;
	bool named; /* now ids that it names are looked up, nearest first */
	/* who answered it without being known to its people */
	const char *loose[CLAIMS_MAX];
	size_t loose_n;
};

static struct found_ticket *
add_found_as(struct found *f, int64_t ticket, enum mdg_evidence evidence,
	     bool weak)
{
	struct found_ticket *v = f->v;
	size_t i = 0;

	if (f->named && (!f->nearest || (f->is_near_weak && !weak))) {
		f->nearest = ticket;
		f->is_near_weak = weak;
	}
	while (i < f->n && v[i].ticket_id != ticket)
		i++;
	if (i == TICKETS_MAX)
		return NULL;
	if (i == f->n)
		v[f->n++] = (struct found_ticket){ticket, evidence, weak, false,
						  NULL};
	v[i].weak &= weak;
	if (v[i].evidence < evidence)
		v[i].evidence = evidence;
	return &v[i];
}

static void
add_found(struct found *f, int64_t ticket, enum mdg_evidence evidence)
{
	add_found_as(f, ticket, evidence, false);
}

static enum mdg_evidence
judge(const struct mdg_intake *in, const struct mdg_ref_hit *h, bool is_mine,
      bool *ret_weak)
{
	const struct mdg_thread_candidate c = {
		.ticket_id = h->ticket_id,
		.is_exact = is_mine || h->is_own,
		.mail = mdg_intake_hit_mail(in, h),
		.is_answer = is_mine,
	};

	*ret_weak = is_mine ? !mdg_thread_admits(&in->self, &c.mail)
			    : !mdg_thread_admits(&c.mail, &in->self) ||
				      mdg_intake_vouches_for_himself(in, h);
	/* a report about this very mail that came before it */
	if (is_mine && c.mail.mail_class == MDG_CLASS_BOUNCE) {
		*ret_weak = false;
		return MDG_EV_REF;
	}
	return mdg_thread_judge(&in->self, &c);
}

/* Whose mail led there, if the new one is to him, too. */
static void
note_hit(const struct mdg_intake *in, const struct mdg_ref_hit *h, bool free,
	 struct found_ticket *t)
{
	t->free |= free;
	if (h->came_loose || mdg_streq(in->self.from_key, h->from_key))
		return;
	for (size_t i = 0; i < in->self.keys_n && !t->who; i++)
		if (mdg_streq(in->self.keys[i], h->from_key))
			t->who = h->from_key;
}

/* May the new mail join the two? */
static bool
is_one_matter(const struct found_ticket *a, const struct found_ticket *b)
{
	return a->free || b->free || (!a->weak && !b->weak) ||
	       (a->who && mdg_streq(a->who, b->who));
}

/*
 * Every mail that has or names `id`. is_mine: id is the new mail's own, so a
 * hit that owns it too is the same mail or one with a stolen id.
 */
static bool
look_up(struct mdg_desk *d, struct mdg_intake *in, const char *id, bool is_mine,
	struct found *f, struct mdg_err *err)
{
	struct mdg_ref_hit hits[MDG_REF_HITS_MAX];
	size_t n;

	if (!mdg_ref_find(d->db, id, in->arena, hits, &n, err) ||
	    (n > 0 && !mdg_intake_need_self(d, in, err)))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct mdg_ref_hit *h = &hits[i];
		if (is_mine && h->is_own) {
			if (h->content_hash &&
			    memcmp(h->content_hash, in->m->content_hash,
				   MDG_DIGEST_BYTES) == 0) {
				in->thread.duplicate_of = h->message_id;
				add_found(f, h->ticket_id, MDG_EV_DUPLICATE);
				return true;
			}
			bool copy;
			if (!mdg_intake_is_copy(d, in, h, &copy, err))
				return false;
			if (copy)
				add_found(f, h->ticket_id, MDG_EV_REF);
			continue;
		}
		bool weak, claimed = false;
		enum mdg_hold hold = MDG_HOLD_MANY;
		enum mdg_evidence e = judge(in, h, is_mine, &weak);
		if (e == MDG_EV_NEW)
			continue;
		if (is_mine && i < CLAIMS_MAX &&
		    !mdg_intake_claimed(d, in, h, weak, &claimed, err))
			return false;
		if (claimed) {
			if (!weak && f->rivals_n < RIVALS_MAX)
				f->rivals[f->rivals_n++] = *h;
			continue;
		}
		if (is_mine && i < CLAIMS_MAX &&
		    !mdg_intake_hold(d, h, &hold, err))
			return false;
		/* a stranger's ticket, in which more is than the answer */
		bool known = true;
		if (weak && hold == MDG_HOLD_TIED &&
		    !mdg_participant_is(d->db, h->ticket_id, in->self.from_key,
					&known, err))
			return false;
		if (!known)
			continue;
		if (weak && hold == MDG_HOLD_FREE)
			f->loose[f->loose_n++] = h->from_key;
		struct found_ticket *t = add_found_as(f, h->ticket_id, e, weak);
		if (t)
			note_hit(in, h, hold == MDG_HOLD_FREE, t);
		if (f->via_n < MDG_LEN(f->via))
			f->via[f->via_n++] = (struct mdg_intake_via){
				h->ticket_id, h->message_id};
	}
	return true;
}

/* A token is proof that our mail was read, not that its reader may join this
 * ticket to others. */
static bool
add_token(struct mdg_desk *d, struct mdg_intake *in, struct found *f,
	  int64_t ticket, struct mdg_err *err)
{
	struct mdg_ticket root;
	bool known = in->is_sent;

	if (!mdg_desk_ticket_root(d, ticket, in->arena, &root, err) ||
	    (!known && in->m->from.n &&
	     !mdg_participant_is(d->db, root.id, in->m->from.v[0].key, &known,
				 err)))
		return false;
	add_found_as(f, ticket, MDG_EV_TOKEN, !known);
	return true;
}

/* Ids that a mail names: a token of ours is proof by itself. */
static bool
look_up_named(struct mdg_desk *d, struct mdg_intake *in,
	      const struct mdg_strings *ids, struct found *f,
	      struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket t;
	int64_t ticket;

	f->named = true;
	for (size_t i = ids->n; i-- > 0;) {
		if (mdg_token_ticket(&d->mac, ids->v[i], &ticket) &&
		    mdg_ticket_by_id(d->db, ticket, &a, &t, err) == MDG_FOUND) {
			/* our mail may have gone elsewhere with a split */
			if (mdg_ref_own_ticket(d->db, ids->v[i], &ticket,
					       err) == MDG_FAILED)
				return false;
			if (!add_token(d, in, f, ticket, err))
				return false;
		} else if (!look_up(d, in, ids->v[i], false, f, err))
			return false;
	}
	return true;
}

/* A report about our mail: what it returned leads to the ticket. */
static bool
look_up_bounce(struct mdg_desk *d, struct mdg_intake *in, struct found *f,
	       struct mdg_err *err)
{
	const struct mdg_bounce *b = in->m->bounce;
	struct mdg_strings ids = b->original_references;
	struct mdg_ref_hit hits[MDG_REF_HITS_MAX];
	struct mdg_ticket t;
	size_t n;
	int64_t ticket;

	if (b->original_message_id)
		mdg_strings_add(&ids, in->arena, b->original_message_id,
				MDG_REFERENCES_MAX + 1);
	for (size_t i = ids.n; i-- > 0 && f->n == 0;) {
		/* a token may be of a ticket that a restore took back */
		if (mdg_token_ticket(&d->mac, ids.v[i], &ticket) &&
		    mdg_ticket_by_id(d->db, ticket, in->arena, &t, err) ==
			    MDG_FOUND) {
			add_found(f, ticket, MDG_EV_BOUNCE);
			return true;
		}
		if (!mdg_ref_find(d->db, ids.v[i], in->arena, hits, &n, err))
			return false;
		/* the mail itself, or another report about it; who else
		 * names it may be anybody who answered it */
		for (size_t k = 0; k < n && f->n == 0; k++)
			if (hits[k].is_own ||
			    mdg_streq(hits[k].mail_class, "bounce"))
				add_found(f, hits[k].ticket_id, MDG_EV_BOUNCE);
	}
	return true;
}

static bool
look_up_tag(struct mdg_desk *d, struct mdg_intake *in, struct found *f,
	    struct mdg_err *err)
{
	struct mdg_subject_tag tag;
	struct mdg_ticket t;
	bool known = false;

	if (d->no_tags || !mdg_subject_tag_find(in->m->subject, &tag))
		return true;
	enum mdg_found got =
		mdg_ticket_by_number(d->db, tag.number, in->arena, &t, err);
	if (got != MDG_FOUND)
		return got == MDG_NONE;
	if (in->m->from.n &&
	    !mdg_participant_is(d->db, t.id, in->m->from.v[0].key, &known, err))
		return false;
	if (known ||
	    (*tag.check && mdg_token_tag_ok(&d->mac, tag.number, tag.check)))
		add_found(f, t.id, MDG_EV_TAG);
	return true;
}

/* Answers that belong with the new mail leave those they were put to. */
static bool
reclaim(struct mdg_desk *d, struct mdg_intake *in, struct found *f,
	struct mdg_err *err)
{
	for (size_t i = 0; i < f->rivals_n; i++) {
		const struct mdg_ref_hit *answer = &f->rivals[i];
		int64_t ticket;
		if (!mdg_intake_reclaim(d, in, answer, f->via, f->via_n,
					&ticket, err))
			return false;
		if (!ticket)
			continue;
		for (size_t k = 0; k < f->n; k++)
			if (f->v[k].ticket_id == answer->ticket_id)
				f->v[k].ticket_id = ticket;
		add_found(f, ticket, MDG_EV_REF);
	}
	return true;
}

static bool
gather(struct mdg_desk *d, struct mdg_intake *in, struct found *f,
       struct mdg_err *err)
{
	char own[MDG_OWN_ID_BYTES];

	if (!look_up(d, in, mdg_mail_own_id(in->m, own), true, f, err))
		return false;
	if (in->thread.duplicate_of)
		return true;
	/* one notice is one ticket, whatever ids its machine repeats */
	if (in->speaker.form) {
		f->n = 0;
		return true;
	}
	if (in->m->bounce && !look_up_bounce(d, in, f, err))
		return false;
	if (!look_up_named(d, in, &in->m->in_reply_to, f, err) ||
	    !look_up_named(d, in, &in->m->references, f, err))
		return false;
	return reclaim(d, in, f, err) &&
	       (f->n > 0 || look_up_tag(d, in, f, err));
}

/* Has a person taken the two apart? A mail does not join them again. */
static bool
is_apart(struct mdg_desk *d, const struct mdg_ticket *a,
	 const struct mdg_ticket *b, bool *ret, struct mdg_err *err)
{
	*ret = a->parent_id || b->parent_id;
	return a->id == b->id || *ret ||
	       mdg_apart_is(d->db, a->id, b->id, ret, err);
}

/*
 * One ticket out of all that were found: the oldest; the others are shown by
 * this mail to be the same matter and are merged into it. A writer who has no
 * part in a ticket may come to it, but joins it to no other, unless one person
 * wrote in both: that would show strangers each other's mails.
 */
static bool
settle(struct mdg_desk *d, struct mdg_intake *in, const struct found *f,
       struct mdg_ticket *root, struct mdg_err *err)
{
	struct mdg_ticket other;
	size_t first = 0;
	bool apart;

	while (!f->nearest && first + 1 < f->n && f->v[first].weak)
		first++;
	for (size_t i = 0; i < f->n && f->nearest; i++)
		if (f->v[i].ticket_id == f->nearest)
			first = i;
	if (!mdg_desk_ticket_root(d, f->v[first].ticket_id, in->arena, root,
				  err))
		return false;
	in->thread.evidence = f->v[first].evidence;
	in->thread.is_loose = f->v[first].weak;
	for (size_t i = 0; i < f->n; i++) {
		if (!mdg_desk_ticket_root(d, f->v[i].ticket_id, in->arena,
					  &other, err) ||
		    !is_apart(d, root, &other, &apart, err))
			return false;
		if (apart || (other.id != root->id &&
			      !is_one_matter(&f->v[i], &f->v[first])))
			continue;
		if (f->v[i].evidence > in->thread.evidence)
			in->thread.evidence = f->v[i].evidence;
		if (other.id == root->id)
			continue;
		if (other.id < root->id) {
			struct mdg_ticket swap = *root;
			*root = other;
			other = swap;
		}
		if (!mdg_desk_ticket_merge(d, &mdg_actor_system, root, &other,
					   err))
			return false;
	}
	in->thread.ticket_id = root->id;
	return true;
}

/* The customer's words belong in the customer's ticket. */
static bool
leave_side(struct mdg_desk *d, struct mdg_intake *in, struct mdg_ticket *root,
	   struct mdg_err *err)
{
	int64_t home;

	if (!root->parent_id || in->is_sent || !in->m->from.n)
		return true;
	if (!mdg_side_home(d, root, in->m->from.v[0].key, &home, err))
		return false;
	if (home == root->id)
		return true;
	in->from_side = true;
	in->thread.ticket_id = home;
	return mdg_desk_ticket_root(d, home, in->arena, root, err);
}

bool
mdg_intake_thread(struct mdg_desk *d, struct mdg_intake *in,
		  struct mdg_err *err)
{
	struct found f = {.n = 0};
	struct mdg_ticket root;

	in->thread = (struct mdg_intake_thread){.evidence = MDG_EV_NEW};
	if (!gather(d, in, &f, err))
		return false;
	if (f.n == 0)
		return true;
	if (!settle(d, in, &f, &root, err))
		return false;
	for (size_t i = 0; i < f.loose_n; i++)
		if (!mdg_intake_loosen(d, root.id, f.loose[i], err))
			return false;
	if (!leave_side(d, in, &root, err))
		return false;
	/* closed long ago: a new matter that goes on with the old one */
	if (in->mail_class == MDG_CLASS_ORDINARY && !in->is_sent &&
	    !in->thread.duplicate_of && mdg_streq(root.state, "closed") &&
	    !root.is_history &&
	    in->received_s - root.closed_s > (int64_t)REOPEN_DAYS * DAY_S) {
		in->thread.linked = root.id;
		in->thread.ticket_id = 0;
		return true;
	}
	return !in->m->from.n ||
	       mdg_intake_is_stranger(d, in, root.id, &in->unknown_sender, err);
}
