#include "madoguchi/store/st_maildesk.h"

#include <string.h>

#include "madoguchi/base/limits.h"
#include "st-int.h"

/* ---- people ---- */

bool
mdg_mail_person_put(struct mdg_db *db, const struct mdg_mail_person *p,
		    struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO mail_person (person_id, signature,"
			  " evidence, seen_s, digest_day)"
			  " VALUES (?1, ?2, ?3, ?4, ?5)"
			  " ON CONFLICT (person_id) DO UPDATE SET"
			  " signature = excluded.signature,"
			  " evidence = excluded.evidence,"
			  " seen_s = excluded.seen_s,"
			  " digest_day = excluded.digest_day",
			  "issii", p->person_id, p->signature, p->evidence,
			  p->seen_s, p->digest_day);
}

enum mdg_found
mdg_mail_person_get(struct mdg_db *db, int64_t person, struct mdg_arena *a,
		    struct mdg_mail_person *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT signature, evidence, seen_s, digest_day"
			  " FROM mail_person WHERE person_id = ?1",
			  "i", person))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		*ret = (struct mdg_mail_person){
			.person_id = person,
			.signature = mdg_arena_strdup(a, mdg_rows_text(r, 0)),
			.evidence = mdg_arena_strdup(a, mdg_rows_text(r, 1)),
			.seen_s = mdg_rows_i64(r, 2),
			.digest_day = mdg_rows_i64(r, 3),
		};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_mail_person_drop(struct mdg_db *db, int64_t person, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "DELETE FROM mail_person WHERE person_id = ?1", "i",
			  person) &&
	       mdg_db_run(db, err, "DELETE FROM mail_due WHERE person_id = ?1",
			  "i", person) &&
	       mdg_db_run(db, err,
			  "UPDATE mail_token SET expires_s = 0, context = '{}'"
			  " WHERE person_id = ?1",
			  "i", person);
}

bool
mdg_mail_people(struct mdg_db *db, int64_t *ids, size_t max, size_t *ret_n,
		struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT m.person_id FROM mail_person m"
			    " JOIN person p ON p.id = m.person_id"
			    " WHERE p.disabled = 0 ORDER BY m.person_id",
			    "") &&
	       mdg_rows_ids(&r, ids, max, ret_n, err);
}

enum mdg_found
mdg_mail_person_by_key(struct mdg_db *db, const char *key, int64_t *ret,
		       struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	bool any = false, is_disabled = false;
	int64_t best = 0;

	/* asked for each mail, of a few people: no sorting in the store */
	if (!mdg_db_query(db, &r, err,
			  "SELECT m.person_id, p.disabled FROM mail_person m"
			  " JOIN person p ON p.id = m.person_id"
			  " WHERE LOWER(p.email) = ?1",
			  "s", key))
		return MDG_FAILED;
	while (mdg_rows_next(r)) {
		int64_t id = mdg_rows_i64(r, 0);
		bool disabled = mdg_rows_i64(r, 1) != 0;
		if (any && (disabled == is_disabled ? id > best : disabled))
			continue;
		any = true;
		is_disabled = disabled;
		best = id;
	}
	if (!mdg_rows_close(&r, err))
		return MDG_FAILED;
	if (!any)
		return MDG_NONE;
	*ret = best;
	return MDG_FOUND;
}

/* ---- tokens ---- */

bool
mdg_mail_token_put(struct mdg_db *db, const struct mdg_mail_token *t,
		   struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO mail_token (hash, person_id, purpose,"
			  " ticket_id, draft_id, revision_id, context, made_s,"
			  " expires_s, outbox_id, used_s)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
			  " 0)"
			  " ON CONFLICT (hash) DO UPDATE SET"
			  " expires_s = excluded.expires_s",
			  "bisiiisiii", t->hash, t->person_id, t->purpose,
			  t->ticket_id, t->draft_id, t->revision_id,
			  t->context, t->made_s, t->expires_s, t->outbox_id);
}

static enum mdg_found
one_token(struct mdg_rows **r, struct mdg_arena *a, struct mdg_mail_token *ret,
	  struct mdg_err *err)
{
	enum mdg_found found = MDG_NONE;

	if (mdg_rows_next(*r)) {
		struct mdg_span h = mdg_rows_blob(*r, 9);
		*ret = (struct mdg_mail_token){
			.hash = mdg_span(mdg_arena_strndup(a,
							   (const char *)h.p,
							   h.n),
					 h.n),
			.person_id = mdg_rows_i64(*r, 0),
			.purpose = mdg_arena_strdup(a, mdg_rows_text(*r, 1)),
			.ticket_id = mdg_rows_i64(*r, 2),
			.draft_id = mdg_rows_i64(*r, 3),
			.revision_id = mdg_rows_i64(*r, 4),
			.context = mdg_arena_strdup(a, mdg_rows_text(*r, 5)),
			.made_s = mdg_rows_i64(*r, 6),
			.expires_s = mdg_rows_i64(*r, 7),
			.used_s = mdg_rows_i64(*r, 8),
		};
		found = MDG_FOUND;
	}
	return mdg_rows_close(r, err) ? found : MDG_FAILED;
}

enum mdg_found
mdg_mail_token_get(struct mdg_db *db, struct mdg_span hash, struct mdg_arena *a,
		   struct mdg_mail_token *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT person_id, purpose, ticket_id, draft_id,"
			  " revision_id, context, made_s, expires_s, used_s,"
			  " hash FROM mail_token WHERE hash = ?1",
			  "b", hash))
		return MDG_FAILED;
	return one_token(&r, a, ret, err);
}

enum mdg_found
mdg_mail_token_newest(struct mdg_db *db, int64_t person, int64_t ticket,
		      struct mdg_arena *a, struct mdg_mail_token *ret,
		      struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT person_id, purpose, ticket_id, draft_id,"
			  " revision_id, context, made_s, expires_s, used_s,"
			  " hash FROM mail_token WHERE ticket_id = ?1"
			  " AND person_id = ?2 AND purpose = 'ticket'"
			  " ORDER BY made_s DESC, expires_s DESC LIMIT 1",
			  "ii", ticket, person))
		return MDG_FAILED;
	return one_token(&r, a, ret, err);
}

bool
mdg_mail_token_used(struct mdg_db *db, struct mdg_span hash, int64_t now_s,
		    struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE mail_token SET used_s = ?2 WHERE hash = ?1",
			  "bi", hash, now_s);
}

bool
mdg_mail_token_context(struct mdg_db *db, struct mdg_span hash,
		       const char *context, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE mail_token SET context = ?2 WHERE hash = ?1",
			  "bs", hash, context);
}

bool
mdg_mail_token_expire(struct mdg_db *db, int64_t before_s, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "DELETE FROM mail_token WHERE expires_s < ?1", "i",
			  before_s);
}

/* ---- orders ---- */

bool
mdg_mail_order_add(struct mdg_db *db, const struct mdg_mail_order *o,
		   struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO mail_order (delivery_id, token,"
			  " person_id, ticket_id, state, evidence, said, what,"
			  " reason, received_s, mark, done_s)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
			  " ?11, 0) ON CONFLICT (delivery_id) DO NOTHING",
			  "ibiisssssib", o->delivery_id, o->token, o->person_id,
			  o->ticket_id, o->state, o->evidence, o->said,
			  o->what, o->reason, o->received_s, o->mark);
}

bool
mdg_mail_order_known(struct mdg_db *db, struct mdg_span mark, bool *ret,
		     struct mdg_err *err)
{
	int64_t id;
	enum mdg_found f = mdg_db_i64(db, &id, err,
				      "SELECT id FROM mail_order"
				      " WHERE mark = ?1 LIMIT 1",
				      "b", mark);

	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

enum mdg_found
mdg_mail_order_next(struct mdg_db *db, struct mdg_arena *a,
		    struct mdg_mail_order *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT id, delivery_id, token, person_id, ticket_id,"
			  " state, evidence, said, what, reason, received_s"
			  " FROM mail_order WHERE state IN ('new', 'acting')"
			  " ORDER BY id LIMIT 1",
			  ""))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		struct mdg_span h = mdg_rows_blob(r, 2);
		*ret = (struct mdg_mail_order){
			.id = mdg_rows_i64(r, 0),
			.delivery_id = mdg_rows_i64(r, 1),
			.token = mdg_span(mdg_arena_strndup(a,
							    (const char *)h.p,
							    h.n),
					  h.n),
			.person_id = mdg_rows_i64(r, 3),
			.ticket_id = mdg_rows_i64(r, 4),
			.state = mdg_arena_strdup(a, mdg_rows_text(r, 5)),
			.evidence = mdg_arena_strdup(a, mdg_rows_text(r, 6)),
			.said = mdg_arena_strdup(a, mdg_rows_text(r, 7)),
			.what = mdg_arena_strdup(a, mdg_rows_text(r, 8)),
			.reason = mdg_arena_strdup(a, mdg_rows_text(r, 9)),
			.received_s = mdg_rows_i64(r, 10),
		};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_mail_order_begin(struct mdg_db *db, int64_t id, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE mail_order SET state = 'acting'"
			  " WHERE id = ?1",
			  "i", id);
}

bool
mdg_mail_order_end(struct mdg_db *db, int64_t id, const char *state,
		   const char *what, const char *reason, int64_t now_s,
		   struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE mail_order SET state = ?2, what = ?3,"
			  " reason = ?4, done_s = ?5, said = ''"
			  " WHERE id = ?1",
			  "isssi", id, state, what, reason, now_s);
}

bool
mdg_mail_order_count(struct mdg_db *db, int64_t person, int64_t since_s,
		     bool refused, int64_t *ret, struct mdg_err *err)
{
	return mdg_db_i64(db, ret, err,
			  "SELECT COUNT(*) FROM mail_order"
			  " WHERE person_id = ?1 AND received_s > ?2"
			  " AND CASE WHEN state = 'refused' THEN 1 ELSE 0 END"
			  " = ?3",
			  "iii", person, since_s,
			  (int64_t)refused) == MDG_FOUND;
}

/* ---- what is still to be written ---- */

bool
mdg_mail_due_add(struct mdg_db *db, const struct mdg_mail_due *m,
		 struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO mail_due (person_id, kind, ticket_id,"
			  " draft_id, made_s) VALUES (?1, ?2, ?3, ?4, ?5)"
			  " ON CONFLICT (person_id, kind, ticket_id, draft_id)"
			  " DO UPDATE SET made_s = CASE"
			  " WHEN mail_due.kind = 'refused'"
			  " THEN mail_due.made_s ELSE excluded.made_s END",
			  "isiii", m->person_id, m->kind, m->ticket_id,
			  m->draft_id, m->made_s);
}

bool
mdg_mail_due_list(struct mdg_db *db, struct mdg_arena *a,
		  struct mdg_mail_due *v, size_t max, size_t *ret_n,
		  struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret_n = 0;
	if (!mdg_db_query(db, &r, err,
			  "SELECT id, person_id, kind, ticket_id, draft_id,"
			  " made_s FROM mail_due ORDER BY id",
			  ""))
		return false;
	while (*ret_n < max && mdg_rows_next(r))
		v[(*ret_n)++] = (struct mdg_mail_due){
			.id = mdg_rows_i64(r, 0),
			.person_id = mdg_rows_i64(r, 1),
			.kind = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
			.ticket_id = mdg_rows_i64(r, 3),
			.draft_id = mdg_rows_i64(r, 4),
			.made_s = mdg_rows_i64(r, 5),
		};
	return mdg_rows_close(&r, err);
}

bool
mdg_mail_due_drop(struct mdg_db *db, int64_t id, struct mdg_err *err)
{
	return mdg_db_run(db, err, "DELETE FROM mail_due WHERE id = ?1", "i",
			  id);
}

bool
mdg_mail_events(struct mdg_db *db, int64_t lane, int64_t seq,
		struct mdg_arena *a, struct mdg_mail_event *v, size_t max,
		size_t *ret_n, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret_n = 0;
	if (!mdg_db_query(db, &r, err,
			  "SELECT seq, COALESCE(ticket_id, 0), kind, codes,"
			  " actor FROM event WHERE lane = ?1 AND seq > ?2"
			  " ORDER BY seq LIMIT ?3",
			  "iii", lane, seq, (int64_t)max))
		return false;
	while (*ret_n < max && mdg_rows_next(r))
		v[(*ret_n)++] = (struct mdg_mail_event){
			.seq = mdg_rows_i64(r, 0),
			.ticket_id = mdg_rows_i64(r, 1),
			.kind = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
			.codes = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
			.actor = mdg_arena_strdup(a, mdg_rows_text(r, 4)),
		};
	return mdg_rows_close(&r, err);
}
