/*
 * For whom a mail speaks: a declared form speaks for the customer named in
 * it; what looks like one, a colleague's forward, a password that follows its
 * file are noted, for people to decide.
 */
#include <string.h>

#include "intake-int.h"

#include "madoguchi/app/regroup.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/password.h"
#include "madoguchi/mail/relay.h"

enum { PASSWORD_S = 15 * 60, PASSWORD_MAILS = 2000 };

static bool
is_in(const struct mdg_strings *l, const char *key)
{
	for (size_t i = 0; i < l->n; i++)
		if (mdg_streq(l->v[i], key))
			return true;
	return false;
}

static const char *
from_key(const struct mdg_intake *in)
{
	return in->m->from.n ? in->m->from.v[0].key : "";
}

bool
mdg_intake_ours(struct mdg_desk *d, struct mdg_intake *in, struct mdg_err *err)
{
	if (in->ours_known)
		return true;
	in->ours_known = true;
	return mdg_desk_own_keys(d, in->arena, &in->ours, err);
}

/* ---- forms ---- */

/* The mail as the customer's: what he wrote is the text to answer. */
static void
speak_for_customer(struct mdg_intake *in)
{
	struct mdg_intake_speaker *s = &in->speaker;
	const char *content = s->values.text[MDG_FIELD_CONTENT];

	s->mail = *in->m;
	s->mail.arena = (struct mdg_arena){0};
	if (content && *content) {
		s->mail.reply = content;
		s->mail.quoted = s->mail.signature = "";
	} else {
		s->mail.reply = s->mail.text;
	}
	/* what machines write in these fields says nothing about him */
	s->mail.in_reply_to.n = s->mail.references.n = 0;
	s->mail.no_auto_reply = false;
	in->m = &s->mail;
	in->mail_class = MDG_CLASS_ORDINARY;
}

static bool
read_form(struct mdg_desk *d, struct mdg_intake *in, struct mdg_err *err)
{
	struct mdg_intake_speaker *s = &in->speaker;
	struct mdg_form_match match;

	if (!mdg_form_find(d, in->win_id, in->m, in->arena, &match, err))
		return false;
	if (!match.found && in->m->fields_n == 0)
		return true;
	if (!mdg_intake_ours(d, in, err))
		return false;
	if (match.found && match.verified) {
		mdg_form_pick(in->m, &match.map, &in->ours, in->arena,
			      &s->values);
		s->form = match.row.name;
		if (*s->values.customer.address)
			s->customer = &s->values.customer;
		speak_for_customer(in);
		return true;
	}
	mdg_form_pick(in->m, match.found ? &match.map : NULL, &in->ours,
		      in->arena, &s->values);
	s->unverified = match.found ? match.row.name : NULL;
	s->form_like = !match.found &&
		       mdg_form_suspected(in->m, &s->values, &in->ours);
	if ((s->form_like || s->unverified) && *s->values.customer.address) {
		s->offer = &s->values.customer;
		s->offer_why = "form";
	}
	/* a question is not to vanish because a machine carried it */
	if (s->form_like &&
	    (is_in(&in->ours, from_key(in)) ||
	     mdg_addr_is_robot(from_key(in))) &&
	    (in->mail_class == MDG_CLASS_AUTO_REPLY ||
	     in->mail_class == MDG_CLASS_BULK))
		in->mail_class = MDG_CLASS_ORDINARY;
	return true;
}

/* One of us: our address, a person's of the desk, or our own domain. */
static bool
is_colleague(struct mdg_desk *d, const struct mdg_intake *in, const char *key,
	     bool *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	const char *domain = mdg_addr_domain(key);

	*ret = is_in(&in->ours, key);
	for (size_t i = 0; i < in->ours.n && !*ret; i++)
		*ret = !mdg_addr_is_public(key) &&
		       mdg_streq(mdg_addr_domain(in->ours.v[i]), domain);
	if (*ret)
		return true;
	if (!mdg_db_query(d->db, &r, err, "SELECT email FROM person", ""))
		return false;
	while (mdg_rows_next(r) && !*ret)
		*ret = mdg_addr_same(mdg_rows_text(r, 0), key);
	return mdg_rows_close(&r, err);
}

bool
mdg_intake_is_stranger(struct mdg_desk *d, struct mdg_intake *in,
		       int64_t ticket, bool *ret, struct mdg_err *err)
{
	const char *key = from_key(in);
	bool known, colleague = false;

	if (!mdg_participant_is(d->db, ticket, key, &known, err) ||
	    (!known && (!mdg_intake_ours(d, in, err) ||
			!is_colleague(d, in, key, &colleague, err))))
		return false;
	*ret = !known && !colleague;
	return true;
}

/* ---- forwards ---- */

static bool
read_forward(struct mdg_desk *d, struct mdg_intake *in, struct mdg_err *err)
{
	const struct mdg_addresses *l = &in->m->forwarded;
	bool colleague;

	if (l->n == 0 || in->mail_class != MDG_CLASS_ORDINARY ||
	    in->speaker.offer)
		return true;
	if (!mdg_intake_ours(d, in, err) ||
	    !is_colleague(d, in, from_key(in), &colleague, err))
		return false;
	for (size_t i = 0; i < l->n && colleague && !in->speaker.offer; i++) {
		bool ours;
		if (!is_colleague(d, in, l->v[i].key, &ours, err))
			return false;
		if (ours || mdg_streq(l->v[i].key, from_key(in)))
			continue;
		in->speaker.offer = &l->v[i];
		in->speaker.offer_why = "forward";
	}
	return true;
}

/* ---- a password that follows its file ---- */

static enum mdg_sealed
sealed_of(const struct mdg_mail *m)
{
	enum mdg_sealed most = MDG_SEALED_NO;

	for (size_t i = 0; i < m->attachments_n; i++)
		if (m->attachments[i].sealed > most)
			most = m->attachments[i].sealed;
	return most;
}

/* Of the sender's newest mails: the file for a password, or the other way
 * round. 0 if there is none. */
static bool
find_pair(struct mdg_desk *d, const struct mdg_intake *in, bool want_file,
	  int64_t *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	bool best = false;

	*ret = 0;
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT t.id, COALESCE(m.reply, m.text),"
			  " (SELECT MAX(a.sealed) FROM attachment a"
			  "  WHERE a.message_id = m.id) FROM message m"
			  " JOIN ticket t ON t.id = m.ticket_id"
			  " WHERE m.id > (SELECT MAX(id) FROM message) - ?1"
			  " AND m.from_key = ?2 AND m.direction = 'in'"
			  " AND m.received_s BETWEEN ?3 AND ?4"
			  " AND t.win_id = ?5 ORDER BY m.id DESC LIMIT 20",
			  "isiii", (int64_t)PASSWORD_MAILS, from_key(in),
			  in->received_s - PASSWORD_S,
			  in->received_s + PASSWORD_S, in->win_id))
		return false;
	while (mdg_rows_next(r) && !best) {
		bool sealed = mdg_rows_i64(r, 2) != MDG_SEALED_NO;
		bool password = mdg_mail_tells_password(mdg_rows_text(r, 1));
		best = want_file ? sealed : password;
		if (best || (want_file && *ret == 0 && !password))
			*ret = mdg_rows_i64(r, 0);
	}
	return mdg_rows_close(&r, err);
}

bool
mdg_intake_pair(struct mdg_desk *d, struct mdg_intake *in, struct mdg_err *err)
{
	bool sealed = in->speaker.sealed != MDG_SEALED_NO;

	if (in->mail_class != MDG_CLASS_ORDINARY || !*from_key(in) ||
	    in->speaker.form)
		return true;
	if (!sealed && !in->m->tells_password)
		return true;
	return find_pair(d, in, !sealed, &in->speaker.pair, err);
}

/* ---- all of it ---- */

bool
mdg_intake_speaker(struct mdg_desk *d, struct mdg_intake *in,
		   struct mdg_err *err)
{
	if (in->mail_class == MDG_CLASS_BOUNCE ||
	    in->mail_class == MDG_CLASS_FEEDBACK ||
	    in->mail_class == MDG_CLASS_SELF)
		return true;
	in->speaker.sealed = sealed_of(in->m);
	in->speaker.relay = mdg_relay_of(from_key(in));
	if (!read_form(d, in, err) || !read_forward(d, in, err))
		return false;
	if (in->speaker.customer)
		in->speaker.relay = mdg_relay_of(in->speaker.customer->key);
	return true;
}

bool
mdg_intake_speaker_put(struct mdg_desk *d, const struct mdg_intake *in,
		       int64_t ticket, int64_t message, bool is_new,
		       struct mdg_err *err)
{
	const struct mdg_intake_speaker *s = &in->speaker;

	if (s->customer)
		return mdg_message_customer_put(d->db, message, s->customer,
						err) &&
		       mdg_participant_add(d->db, ticket, s->customer, err);
	if (s->offer && in->received_s >= d->live_since_s &&
	    !mdg_desk_offer(d, ticket, "customer", 0, message, s->offer_why,
			    err))
		return false;
	return is_new || s->form || in->mail_class != MDG_CLASS_ORDINARY ||
	       mdg_message_customer_carry(d->db, ticket, message, from_key(in),
					  err);
}

const struct mdg_mail *
mdg_intake_as_customers(struct mdg_intake *in)
{
	struct mdg_intake_speaker *s = &in->speaker;

	if (!s->form)
		return in->m;
	s->from_customer = *in->m;
	s->from_customer.from = (struct mdg_addresses){0};
	if (s->customer)
		mdg_addresses_add(&s->from_customer.from, in->arena,
				  s->customer->name, s->customer->address,
				  s->customer->key);
	return &s->from_customer;
}

void
mdg_intake_speaker_flags(const struct mdg_intake *in, json_t *o)
{
	const struct mdg_intake_speaker *s = &in->speaker;

	if (s->form) {
		mdg_intake_mark(o, MDG_MARK_FORM, json_string(s->form));
		json_object_set_new(o, "form_values",
				    mdg_form_values_json(&s->values));
		if (s->values.fault)
			mdg_intake_mark(o, MDG_MARK_NO_CUSTOMER,
					json_string(mdg_form_fault_name(
						s->values.fault)));
		if (s->values.several)
			mdg_intake_mark(o, MDG_MARK_SEVERAL, json_true());
		if (s->values.reply_to_differs)
			mdg_intake_mark(o, MDG_MARK_REPLY_TO_DIFFERS,
					json_true());
	}
	if (s->form_like)
		mdg_intake_mark(o, MDG_MARK_FORM_LIKE, json_true());
	if (s->unverified)
		mdg_intake_mark(o, MDG_MARK_FORM_UNVERIFIED,
				json_string(s->unverified));
	if (s->offer)
		mdg_intake_mark(o, MDG_MARK_OFFER,
				json_pack("{s:s,s:s,s:s}", "name",
					  s->offer->name, "address",
					  s->offer->address, "why",
					  s->offer_why));
	if (s->relay)
		mdg_intake_mark(o, MDG_MARK_RELAY, json_string(s->relay));
	if (s->sealed)
		mdg_intake_mark(o, MDG_MARK_SEALED,
				json_string(s->sealed == MDG_SEALED_YES
						    ? "yes"
						    : "maybe"));
	if (s->pair)
		mdg_intake_mark(o, MDG_MARK_PAIR, json_true());
}
