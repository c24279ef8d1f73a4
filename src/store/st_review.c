#include "madoguchi/store/st_review.h"

#include <string.h>

#include "st-int.h"

/* ---- checks ---- */

bool
mdg_draft_check_put(struct mdg_db *db, int64_t draft,
		    const unsigned char *digest, const char *findings,
		    int64_t now_s, struct mdg_err *err)
{
	struct mdg_span d = {digest, MDG_DIGEST_BYTES};

	return mdg_db_run(db, err,
			  "INSERT INTO draft_check (draft_id, digest,"
			  " checked_s, findings) VALUES (?1, ?2, ?3, ?4)"
			  " ON CONFLICT (draft_id) DO UPDATE SET"
			  " digest = excluded.digest,"
			  " checked_s = excluded.checked_s,"
			  " findings = excluded.findings",
			  "ibis", draft, d, now_s, findings);
}

enum mdg_found
mdg_draft_check_get(struct mdg_db *db, int64_t draft,
		    const unsigned char *digest, struct mdg_arena *a,
		    const char **ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT digest, findings FROM draft_check"
			  " WHERE draft_id = ?1",
			  "i", draft))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		struct mdg_span d = mdg_rows_blob(r, 0);
		if (d.n == MDG_DIGEST_BYTES && memcmp(d.p, digest, d.n) == 0) {
			*ret = mdg_arena_strdup(a, mdg_rows_text(r, 1));
			found = MDG_FOUND;
		}
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

/* ---- rules of a window ---- */

bool
mdg_team_rule_add(struct mdg_db *db, int64_t win, const struct mdg_team_rule *r,
		  int64_t person, int64_t now_s, int64_t *ret_id,
		  struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "INSERT INTO lint_rule (win_id, kind, subject,"
			  " severity, message, suggestion, made_by, made_s,"
			  " removed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)"
			  " RETURNING id",
			  "isssssIi", win, r->kind, r->subject, r->severity,
			  r->message, r->suggestion, or_null(&person),
			  now_s) == MDG_FOUND;
}

bool
mdg_team_rule_remove(struct mdg_db *db, int64_t win, int64_t id, bool *ret,
		     struct mdg_err *err)
{
	int64_t n;

	if (!mdg_db_run_n(db, &n, err,
			  "UPDATE lint_rule SET removed = 1 WHERE id = ?1"
			  " AND win_id = ?2 AND removed = 0",
			  "ii", id, win))
		return false;
	*ret = n > 0;
	return true;
}

bool
mdg_team_rule_list(struct mdg_db *db, int64_t win, struct mdg_arena *a,
		   struct mdg_team_rule **ret, size_t *ret_n,
		   struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	struct mdg_team_rule *v =
		mdg_arena_array(a, MDG_TEAM_RULES_MAX, sizeof(*v));
	size_t n = 0;

	if (!mdg_db_query(db, &r, err,
			  "SELECT id, kind, subject, severity, message,"
			  " suggestion FROM lint_rule WHERE win_id = ?1"
			  " AND removed = 0 ORDER BY id LIMIT ?2",
			  "ii", win, (int64_t)MDG_TEAM_RULES_MAX))
		return false;
	while (mdg_rows_next(r))
		v[n++] = (struct mdg_team_rule){
			.id = mdg_rows_i64(r, 0),
			.kind = mdg_arena_strdup(a, mdg_rows_text(r, 1)),
			.subject = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
			.severity = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
			.message = mdg_arena_strdup(a, mdg_rows_text(r, 4)),
			.suggestion = mdg_arena_strdup(a, mdg_rows_text(r, 5)),
		};
	*ret = v;
	*ret_n = n;
	return mdg_rows_close(&r, err);
}

/* ---- requests for approval ---- */

bool
mdg_review_add(struct mdg_db *db, const struct mdg_review *r,
	       struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO review (revision_id, draft_id, win_id,"
			  " author_id, body, care, overridden, reason, asked_s,"
			  " escalate_s) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
			  " ?9, ?10)",
			  "iiiissssiI", r->revision_id, r->draft_id, r->win_id,
			  r->author_id, r->body, r->care, r->overridden,
			  r->reason, r->asked_s, or_null(&r->escalate_s));
}

enum mdg_found
mdg_review_get(struct mdg_db *db, int64_t revision, struct mdg_arena *a,
	       struct mdg_review *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT draft_id, win_id, author_id, body, care,"
			  " overridden, reason, outcome, code, corrected_id,"
			  " asked_s, escalate_s, escalated_s FROM review"
			  " WHERE revision_id = ?1",
			  "i", revision))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		*ret = (struct mdg_review){
			.revision_id = revision,
			.draft_id = mdg_rows_i64(r, 0),
			.win_id = mdg_rows_i64(r, 1),
			.author_id = mdg_rows_i64(r, 2),
			.body = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
			.care = mdg_arena_strdup(a, mdg_rows_text(r, 4)),
			.overridden = mdg_arena_strdup(a, mdg_rows_text(r, 5)),
			.reason = mdg_arena_strdup(a, mdg_rows_text(r, 6)),
			.outcome = text_or_null(r, 7, a),
			.code = text_or_null(r, 8, a),
			.corrected_id = mdg_rows_i64(r, 9),
			.asked_s = mdg_rows_i64(r, 10),
			.escalate_s = mdg_rows_i64(r, 11),
			.escalated_s = mdg_rows_i64(r, 12),
		};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_review_close(struct mdg_db *db, int64_t revision, const char *outcome,
		 const char *code, int64_t corrected, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE review SET outcome = ?2, code = ?3,"
			  " corrected_id = ?4 WHERE revision_id = ?1",
			  "issI", revision, outcome, code, or_null(&corrected));
}

bool
mdg_review_record(struct mdg_db *db, int64_t win, int64_t person,
		  struct mdg_arena *a, struct mdg_review_mark *v, size_t max,
		  size_t *ret_n, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret_n = 0;
	if (!mdg_db_query(db, &r, err,
			  "SELECT outcome, code FROM review WHERE win_id = ?1"
			  " AND author_id = ?2 AND outcome IN ('approved',"
			  " 'corrected', 'returned')"
			  " ORDER BY revision_id DESC LIMIT ?3",
			  "iii", win, person, (int64_t)max))
		return false;
	while (mdg_rows_next(r))
		v[(*ret_n)++] = (struct mdg_review_mark){
			mdg_arena_strdup(a, mdg_rows_text(r, 0)),
			text_or_null(r, 1, a)};
	return mdg_rows_close(&r, err);
}

#define OVERDUE                                                                \
	" FROM review w JOIN revision v ON v.id = w.revision_id"               \
	" WHERE w.outcome IS NULL AND w.escalated_s IS NULL"                   \
	" AND w.escalate_s <= ?1 AND v.state = 'waiting'"

bool
mdg_review_overdue_windows(struct mdg_db *db, int64_t now_s, int64_t *ids,
			   size_t max, size_t *ret_n, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT DISTINCT w.win_id" OVERDUE
			    " ORDER BY w.win_id",
			    "i", now_s) &&
	       mdg_rows_ids(&r, ids, max, ret_n, err);
}

enum mdg_found
mdg_review_overdue(struct mdg_db *db, int64_t win, int64_t now_s,
		   int64_t *ret_revision, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_revision, err,
			  "SELECT w.revision_id" OVERDUE " AND w.win_id = ?2"
			  " ORDER BY w.escalate_s, w.revision_id LIMIT 1",
			  "ii", now_s, win);
}

bool
mdg_review_escalated(struct mdg_db *db, int64_t revision, int64_t now_s,
		     struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE review SET escalated_s = ?2"
			  " WHERE revision_id = ?1",
			  "ii", revision, now_s);
}

/* ---- deputies ---- */

bool
mdg_deputy_put(struct mdg_db *db, int64_t win, int64_t person, int64_t from_s,
	       int64_t until_s, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO deputy (win_id, person_id, from_s,"
			  " until_s) VALUES (?1, ?2, ?3, ?4)"
			  " ON CONFLICT (win_id, person_id) DO UPDATE SET"
			  " from_s = excluded.from_s,"
			  " until_s = excluded.until_s",
			  "iiii", win, person, from_s, until_s);
}

bool
mdg_deputy_is(struct mdg_db *db, int64_t win, int64_t person, int64_t now_s,
	      bool *ret, struct mdg_err *err)
{
	int64_t one;
	enum mdg_found f = mdg_db_i64(
		db, &one, err,
		"SELECT 1 FROM deputy WHERE win_id = ?1 AND person_id = ?2"
		" AND from_s <= ?3 AND until_s > ?3",
		"iii", win, person, now_s);

	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}
