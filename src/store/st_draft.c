/* Drafts and revisions. */
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_reply.h"

#include "st-int.h"

static bool
put_addresses(struct mdg_db *db, int64_t draft, const char *role,
	      const struct mdg_addresses *l, struct mdg_err *err)
{
	for (size_t i = 0; i < l->n; i++)
		if (!mdg_db_run(db, err,
				"INSERT INTO draft_address (draft_id, role, n,"
				" name, address) VALUES (?1, ?2, ?3, ?4, ?5)",
				"isiss", draft, role, (int64_t)i, l->v[i].name,
				l->v[i].address))
			return false;
	return true;
}

static bool
put_all_addresses(struct mdg_db *db, const struct mdg_draft *d,
		  struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "DELETE FROM draft_address WHERE draft_id = ?1", "i",
			  d->id) &&
	       put_addresses(db, d->id, "to", &d->to, err) &&
	       put_addresses(db, d->id, "cc", &d->cc, err) &&
	       put_addresses(db, d->id, "bcc", &d->bcc, err);
}

bool
mdg_draft_add(struct mdg_db *db, struct mdg_draft *d, struct mdg_err *err)
{
	return mdg_db_i64(
		       db, &d->id, err,
		       "INSERT INTO draft (ticket_id, author_id, state, win_id,"
		       " subject, body, template_id, template_version,"
		       " next_state, next_due_s, not_before_s, created_s,"
		       " changed_s, rev, quote, seen_message_id)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
		       " ?12, ?12, ?13, ?14,"
		       " (SELECT newest_message_id FROM ticket WHERE id = ?1))"
		       " RETURNING id",
		       "iisisssIsIIiis", d->ticket_id, d->author_id, d->state,
		       d->win_id, d->subject, d->body, d->template_id,
		       or_null(&d->template_version), d->next_state,
		       or_null(&d->next_due_s), or_null(&d->not_before_s),
		       d->created_s, d->rev, d->quote) == MDG_FOUND &&
	       put_all_addresses(db, d, err);
}

bool
mdg_draft_update(struct mdg_db *db, const struct mdg_draft *d,
		 struct mdg_err *err)
{
	int64_t changed;

	if (!mdg_db_run_n(
		    db, &changed, err,
		    "UPDATE draft SET author_id = ?2, state = ?3, win_id = ?4,"
		    " subject = ?5, body = ?6, template_id = ?7,"
		    " template_version = ?8, next_state = ?9, next_due_s = ?10,"
		    " not_before_s = ?11, return_code = ?12,"
		    " return_note = ?13, changed_s = ?14, rev = ?15,"
		    " quote = ?17, seen_message_id = CASE ?3"
		    " WHEN 'returned' THEN seen_message_id"
		    " ELSE (SELECT t.newest_message_id FROM ticket t"
		    " WHERE t.id = draft.ticket_id) END"
		    " WHERE id = ?1 AND rev = ?16",
		    "iisisssIsIIssiiis", d->id, d->author_id, d->state,
		    d->win_id, d->subject, d->body, d->template_id,
		    or_null(&d->template_version), d->next_state,
		    or_null(&d->next_due_s), or_null(&d->not_before_s),
		    d->return_code, d->return_note, d->changed_s, d->rev,
		    d->rev - 1, d->quote))
		return false;
	if (changed != 1)
		return mdg_fail(err, MDG_ECONFLICT, "draft %lld was changed",
				(long long)d->id);
	return put_all_addresses(db, d, err);
}

static bool
read_addresses(struct mdg_db *db, struct mdg_arena *a, struct mdg_draft *d,
	       struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT role, name, address FROM draft_address"
			  " WHERE draft_id = ?1 ORDER BY role, n",
			  "i", d->id))
		return false;
	while (mdg_rows_next(r)) {
		const char *role = mdg_rows_text(r, 0);
		struct mdg_addresses *l = mdg_streq(role, "to")   ? &d->to
					  : mdg_streq(role, "cc") ? &d->cc
								  : &d->bcc;
		mdg_addresses_add(l, a, mdg_rows_text(r, 1),
				  mdg_rows_text(r, 2), "");
	}
	return mdg_rows_close(&r, err);
}

enum mdg_found
mdg_draft_by_id(struct mdg_db *db, int64_t id, struct mdg_arena *a,
		struct mdg_draft *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT id, ticket_id, author_id, win_id, state,"
			  " subject, body, template_id, template_version,"
			  " next_state, next_due_s, not_before_s, return_code,"
			  " return_note, created_s, changed_s, rev, quote"
			  " FROM draft"
			  " WHERE id = ?1",
			  "i", id))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		*ret = (struct mdg_draft){
			.id = mdg_rows_i64(r, 0),
			.ticket_id = mdg_rows_i64(r, 1),
			.author_id = mdg_rows_i64(r, 2),
			.win_id = mdg_rows_i64(r, 3),
			.state = text_or_null(r, 4, a),
			.subject = text_or_null(r, 5, a),
			.body = text_or_null(r, 6, a),
			.template_id = text_or_null(r, 7, a),
			.template_version = mdg_rows_i64(r, 8),
			.next_state = text_or_null(r, 9, a),
			.next_due_s = mdg_rows_i64(r, 10),
			.not_before_s = mdg_rows_i64(r, 11),
			.return_code = text_or_null(r, 12, a),
			.return_note = text_or_null(r, 13, a),
			.created_s = mdg_rows_i64(r, 14),
			.changed_s = mdg_rows_i64(r, 15),
			.rev = mdg_rows_i64(r, 16),
			.quote = text_or_null(r, 17, a),
		};
		found = MDG_FOUND;
	}
	if (!mdg_rows_close(&r, err))
		return MDG_FAILED;
	if (found == MDG_FOUND && !read_addresses(db, a, ret, err))
		return MDG_FAILED;
	return found;
}

enum mdg_found
mdg_draft_open(struct mdg_db *db, int64_t ticket, int64_t *ret_id,
	       struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "SELECT id FROM draft WHERE ticket_id = ?1 AND"
			  " state NOT IN ('sent', 'cancelled')"
			  " ORDER BY id DESC LIMIT 1",
			  "i", ticket);
}

/* ---- revisions ---- */

bool
mdg_revision_add(struct mdg_db *db, struct mdg_revision_row *v,
		 struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(
		    db, &r, err,
		    "INSERT INTO revision (draft_id, ticket_id, n, account_id,"
		    " message_id, newest_message_id, canonical, digest,"
		    " findings, comment, requested_by, requested_s, state)"
		    " SELECT ?1, ?2, COALESCE(MAX(n), 0) + 1, ?3, ?4, ?5, ?6,"
		    " ?7, ?8, ?9, ?10, ?11, ?12 FROM revision"
		    " WHERE draft_id = ?1 RETURNING id, n",
		    "IiisIbbssiis", or_null(&v->draft_id), v->ticket_id,
		    v->account_id, v->message_id,
		    or_null(&v->newest_message_id), v->canonical,
		    mdg_span(v->digest, sizeof(v->digest)), v->findings,
		    v->comment, v->requested_by, v->requested_s, v->state))
		return false;
	if (mdg_rows_next(r)) {
		v->id = mdg_rows_i64(r, 0);
		v->n = mdg_rows_i64(r, 1);
	}
	return mdg_rows_close(&r, err);
}

static enum mdg_found
read_revision(struct mdg_rows *r, struct mdg_arena *a,
	      struct mdg_revision_row *ret, struct mdg_err *err)
{
	enum mdg_found found = MDG_NONE;

	if (mdg_rows_next(r)) {
		struct mdg_span c = mdg_rows_blob(r, 7);
		struct mdg_span digest = mdg_rows_blob(r, 8);
		*ret = (struct mdg_revision_row){
			.id = mdg_rows_i64(r, 0),
			.draft_id = mdg_rows_i64(r, 1),
			.ticket_id = mdg_rows_i64(r, 2),
			.n = mdg_rows_i64(r, 3),
			.account_id = mdg_rows_i64(r, 4),
			.message_id = text_or_null(r, 5, a),
			.newest_message_id = mdg_rows_i64(r, 6),
			.canonical = mdg_span(
				mdg_arena_strndup(a, (const char *)c.p, c.n),
				c.n),
			.findings = text_or_null(r, 9, a),
			.comment = text_or_null(r, 10, a),
			.state = text_or_null(r, 11, a),
			.requested_by = mdg_rows_i64(r, 12),
			.requested_s = mdg_rows_i64(r, 13),
			.decided_by = mdg_rows_i64(r, 14),
			.decided_s = mdg_rows_i64(r, 15),
		};
		if (digest.n == sizeof(ret->digest))
			memcpy(ret->digest, digest.p, digest.n);
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

#define REVISION_COLUMNS                                                       \
	"SELECT id, draft_id, ticket_id, n, account_id, message_id,"           \
	" newest_message_id, canonical, digest, findings, comment, state,"     \
	" requested_by, requested_s, decided_by, decided_s FROM revision"      \
	" WHERE "

enum mdg_found
mdg_revision_by_id(struct mdg_db *db, int64_t id, struct mdg_arena *a,
		   struct mdg_revision_row *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err, REVISION_COLUMNS "id = ?1", "i", id))
		return MDG_FAILED;
	return read_revision(r, a, ret, err);
}

enum mdg_found
mdg_revision_newest(struct mdg_db *db, int64_t draft, struct mdg_arena *a,
		    struct mdg_revision_row *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  REVISION_COLUMNS "draft_id = ?1"
					   " ORDER BY n DESC LIMIT 1",
			  "i", draft))
		return MDG_FAILED;
	return read_revision(r, a, ret, err);
}

bool
mdg_revision_decide(struct mdg_db *db, int64_t id, const char *state,
		    int64_t by, int64_t now_s, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE revision SET state = ?2, decided_by = ?3,"
			  " decided_s = ?4 WHERE id = ?1",
			  "isIi", id, state, by ? &by : NULL, now_s);
}
