#include "madoguchi/app/lookback.h"

#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

enum { CHANGES_MAX = 10000, MISSING_MAX = 1000, DAY_S = 86400 };

/* ---- what a row says ---- */

struct row {
	int64_t id;
	uint32_t uid;
	char state[16], server[16];
};

struct change {
	int64_t id;
	uint32_t uid;
	const char *server; /* new value; NULL: the delivery has vanished */
	bool back;          /* it is there again */
};

struct look {
	const struct mdg_folder *f;
	struct mdg_look *out;
	mdg_look_fn fn;
	void *ctx;
	struct mdg_uid_range *ignored;
	size_t ignored_n;
	struct change *changes;
	size_t changes_n, changes_cap;
	size_t missing_cap;
	struct mdg_arena *arena;
};

static void
tell(struct look *l, uint32_t uid, const char *what, const char *state)
{
	if (l->fn)
		l->fn(l->ctx, uid, what, state);
}

static void
change(struct look *l, struct change c)
{
	if (l->changes_n == CHANGES_MAX) {
		l->out->capped = true;
		return;
	}
	if (l->changes_n == l->changes_cap) {
		l->changes_cap = l->changes_cap ? 2 * l->changes_cap : 64;
		l->changes =
			mdg_realloc(l->changes, l->changes_cap * sizeof(c));
	}
	l->changes[l->changes_n++] = c;
}

static void
missing(struct look *l, uint32_t uid, const char *what, const char *state)
{
	tell(l, uid, what, state);
	if (l->out->missing_n < MISSING_MAX)
		l->out->missing[l->out->missing_n] = uid;
	l->out->missing_n++;
}

static bool
is_ignored(const struct look *l, uint32_t uid)
{
	size_t lo = 0, hi = l->ignored_n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (l->ignored[mid].last < uid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < l->ignored_n && l->ignored[lo].first <= uid;
}

/* On the server, and we have no row of it. */
static void
unknown_uid(struct look *l, uint32_t uid)
{
	if (is_ignored(l, uid)) {
		l->out->ignored++;
	} else if (uid > l->f->low_uid) {
		l->out->waiting++;
		tell(l, uid, "not yet fetched", NULL);
	} else {
		missing(l, uid, "only on the server", NULL);
	}
}

static void
still_there(struct look *l, const struct row *r)
{
	if (mdg_streq(r->state, "done") || mdg_streq(r->state, "stored"))
		l->out->stored++;
	else if (mdg_streq(r->state, "quarantined"))
		l->out->quarantined++;
	else if (mdg_streq(r->state, "erased"))
		l->out->erased++;
	else if (r->uid > l->f->low_uid)
		l->out->waiting++;
	else
		missing(l, r->uid, "on the server, not stored", r->state);
	if (mdg_streq(r->server, "gone") || mdg_streq(r->server, "moved") ||
	    mdg_streq(r->server, "deleted"))
		change(l, (struct change){r->id, r->uid, NULL, true});
}

static void
not_there(struct look *l, const struct row *r)
{
	bool by_us = mdg_streq(r->server, "moving") ||
		     mdg_streq(r->server, "moved") ||
		     mdg_streq(r->server, "deleting") ||
		     mdg_streq(r->server, "deleted");

	if (mdg_streq(r->state, "listed") ||
	    mdg_streq(r->state, "fetch_failed")) {
		l->out->vanished++;
		tell(l, r->uid, "vanished before it was stored", r->state);
		change(l, (struct change){r->id, r->uid, NULL, false});
		return;
	}
	if (mdg_streq(r->state, "vanished")) {
		l->out->vanished++;
		tell(l, r->uid, "vanished before it was stored", r->state);
		return;
	}
	if (by_us) {
		l->out->by_policy++;
	} else {
		l->out->by_others++;
		tell(l, r->uid, "stored, gone from the server", r->state);
	}
	if (mdg_streq(r->server, "moving"))
		change(l, (struct change){r->id, r->uid, "moved", false});
	else if (mdg_streq(r->server, "deleting"))
		change(l, (struct change){r->id, r->uid, "deleted", false});
	else if (!by_us && !mdg_streq(r->server, "gone"))
		change(l, (struct change){r->id, r->uid, "gone", false});
}

/* ---- both lists at once ---- */

static bool
walk(struct mdg_desk *d, struct look *l, int64_t uidvalidity,
     const uint32_t *uids, size_t n, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *rows = NULL;
	size_t at = 0;

	if (!mdg_db_query(d->db, &rows, err,
			  "SELECT id, uid, state, COALESCE(server, '')"
			  " FROM delivery WHERE account_id = ?1"
			  " AND folder_id = ?2 AND uidvalidity = ?3"
			  " ORDER BY uid",
			  "iii", l->f->account_id, l->f->id, uidvalidity))
		return false;
	while (mdg_rows_next(rows)) {
		struct row r = {.id = mdg_rows_i64(rows, 0),
				.uid = (uint32_t)mdg_rows_i64(rows, 1)};
		snprintf(r.state, sizeof(r.state), "%s",
			 mdg_rows_text(rows, 2));
		snprintf(r.server, sizeof(r.server), "%s",
			 mdg_rows_text(rows, 3));
		for (; at < n && uids[at] < r.uid; at++)
			unknown_uid(l, uids[at]);
		if (at < n && uids[at] == r.uid) {
			at++;
			still_there(l, &r);
		} else {
			not_there(l, &r);
		}
	}
	for (; at < n; at++)
		unknown_uid(l, uids[at]);
	return mdg_rows_close(&rows, err);
}

static bool
write_change(struct mdg_desk *d, const struct look *l, const struct change *c,
	     struct mdg_err *err)
{
	if (c->server || c->back)
		return mdg_db_run(d->db, err,
				  "UPDATE delivery SET server = ?2"
				  " WHERE id = ?1",
				  "is", c->id, c->server);
	return mdg_db_run(d->db, err,
			  "UPDATE delivery SET state = 'vanished',"
			  " reason = 'gone from the server' WHERE id = ?1",
			  "i", c->id) &&
	       mdg_desk_event(d, &mdg_actor_system, NULL, "mail.vanished",
			      json_pack("{s:I,s:I,s:I}", "delivery", c->id,
					"folder", l->f->id, "uid",
					(json_int_t)c->uid),
			      NULL, err);
}

bool
mdg_intake_look(struct mdg_desk *d, const struct mdg_folder *f,
		int64_t uidvalidity, const uint32_t *uids, size_t n,
		mdg_look_fn fn, void *ctx, struct mdg_arena *a,
		struct mdg_look *ret, struct mdg_err *err)
{
	*ret = (struct mdg_look){
		.server = n,
		.missing = mdg_arena_array(a, MISSING_MAX, sizeof(uint32_t)),
	};
	struct look l = {.f = f, .out = ret, .fn = fn, .ctx = ctx, .arena = a};
	bool ok = mdg_ignored_list(d->db, f->id, uidvalidity, a, &l.ignored,
				   &l.ignored_n, err) &&
		  walk(d, &l, uidvalidity, uids, n, err);

	for (size_t i = 0; ok && i < l.changes_n; i++)
		ok = write_change(d, &l, &l.changes[i], err);
	free(l.changes);
	if (!ok)
		return false;
	bool clean = ret->missing_n == 0;
	if (ret->missing_n > MISSING_MAX)
		ret->missing_n = MISSING_MAX;
	/* one that was cut short is followed by another, soon */
	return ret->capped ||
	       mdg_folder_looked(d->db, f, clean, mdg_now_s(), err);
}

/* ---- what is done on the server afterwards ---- */

static const char *
begun(const char *policy)
{
	return mdg_streq(policy, "move")     ? "moving"
	       : mdg_streq(policy, "delete") ? "deleting"
					     : "marking";
}

static const char *
finished(const char *policy)
{
	return mdg_streq(policy, "move")     ? "moved"
	       : mdg_streq(policy, "delete") ? "deleted"
					     : "keyword";
}

/* Is every byte of it here? Every chunk but the last is full. */
static bool
is_whole(struct mdg_desk *d, int64_t raw_id, bool *ret, struct mdg_err *err)
{
	int64_t n;
	enum mdg_found f = mdg_db_i64(
		d->db, &n, err,
		"SELECT CASE WHEN r.bytes >= 0 AND LENGTH(r.digest) = 32 AND"
		" (SELECT COUNT(*) FROM raw_chunk c WHERE c.id >= r.id * 4096"
		"  AND c.id < (r.id + 1) * 4096 AND LENGTH(c.zstd) > 0) ="
		" CASE WHEN r.bytes = 0 THEN 1 ELSE (r.bytes + ?2 - 1) / ?2 END"
		" THEN 1 ELSE 0 END FROM raw r WHERE r.id = ?1",
		"ii", raw_id, (int64_t)MDG_RAW_CHUNK_BYTES);

	*ret = f == MDG_FOUND && n == 1;
	return f != MDG_FAILED;
}

struct candidate {
	int64_t id, raw_id;
	uint32_t uid;
	bool may;
};

/*
 * In order, up to the first that must wait: what cannot be read or fetched
 * stays where it is, for a person.
 */
static bool
candidates(struct mdg_desk *d, const struct mdg_folder *f, struct candidate *v,
	   size_t *ret_n, uint32_t *ret_passed, bool *ret_waits,
	   struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	bool del = mdg_streq(f->policy, "delete");
	int64_t days = 0;
	size_t n = 0;

	if (del && !mdg_str_i64(f->policy_arg, 1, 36500, &days))
		return mdg_fail(err, MDG_EFORMAT, "folder %lld: days",
				(long long)f->id);
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT id, uid, state, raw_id, listed_s,"
			  " COALESCE(server, '') FROM delivery"
			  " WHERE account_id = ?1 AND folder_id = ?2"
			  " AND uidvalidity = ?3 AND uid > ?4"
			  " ORDER BY uid LIMIT ?5",
			  "iiiii", f->account_id, f->id, f->uidvalidity,
			  f->policy_uid, (int64_t)MDG_POLICY_UIDS_MAX))
		return false;
	while (mdg_rows_next(r)) {
		const char *state = mdg_rows_text(r, 2);
		const char *server = mdg_rows_text(r, 5);
		int64_t listed_s = mdg_rows_i64(r, 4);
		uint32_t uid = (uint32_t)mdg_rows_i64(r, 1);
		bool is_gone = mdg_streq(server, "gone") ||
			       mdg_streq(server, "moved") ||
			       mdg_streq(server, "deleted");
		*ret_waits = mdg_streq(state, "listed") ||
			     mdg_streq(state, "stored");
		if (*ret_waits)
			break;
		if (del && mdg_streq(state, "done") && !is_gone &&
		    (mdg_now_s() - listed_s < days * DAY_S ||
		     f->clean_s <= listed_s))
			break;
		*ret_passed = uid;
		if (!mdg_streq(state, "done") || is_gone ||
		    mdg_streq(server, finished(f->policy)))
			continue;
		v[n++] = (struct candidate){mdg_rows_i64(r, 0),
					    mdg_rows_i64(r, 3), uid, true};
	}
	*ret_n = n;
	return mdg_rows_close(&r, err);
}

bool
mdg_intake_policy_next(struct mdg_desk *d, const struct mdg_folder *f,
		       struct mdg_arena *a, uint32_t **ret_uids, size_t *ret_n,
		       bool *ret_waits, struct mdg_err *err)
{
	struct candidate v[MDG_POLICY_UIDS_MAX];
	uint32_t *uids = mdg_arena_array(a, MDG_POLICY_UIDS_MAX, sizeof(*uids));
	uint32_t passed = 0;
	size_t n = 0, k = 0;

	*ret_uids = uids;
	*ret_n = 0;
	*ret_waits = false;
	if (mdg_streq(f->policy, "leave"))
		return true;
	if (!candidates(d, f, v, &n, &passed, ret_waits, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!mdg_streq(f->policy, "keyword") &&
		    !is_whole(d, v[i].raw_id, &v[i].may, err))
			return false;
		if (!v[i].may)
			continue;
		if (!mdg_db_run(d->db, err,
				"UPDATE delivery SET server = ?2 WHERE id = ?1",
				"is", v[i].id, begun(f->policy)))
			return false;
		uids[k++] = v[i].uid;
	}
	*ret_n = k;
	MDG_FAULT("policy.begun");
	if (k > 0 || passed == 0)
		return true;
	*ret_waits = true; /* all of these are behind us: there may be more */
	return mdg_folder_policy_done(d->db, f->id, passed, err);
}

bool
mdg_intake_policy_done(struct mdg_desk *d, const struct mdg_folder *f,
		       const char *policy, const uint32_t *uids, size_t n,
		       struct mdg_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (!mdg_db_run(d->db, err,
				"UPDATE delivery SET server = ?5"
				" WHERE account_id = ?1 AND folder_id = ?2"
				" AND uidvalidity = ?3 AND uid = ?4",
				"iiiis", f->account_id, f->id, f->uidvalidity,
				(int64_t)uids[i], finished(policy)))
			return false;
	MDG_FAULT("policy.done");
	if (n == 0)
		return true;
	/* a wish that came meanwhile begins with the first mail */
	return (!mdg_streq(policy, f->policy) ||
		mdg_folder_policy_done(d->db, f->id, uids[n - 1], err)) &&
	       mdg_desk_event(d, &mdg_actor_system, NULL, "folder.policy",
			      json_pack("{s:I,s:s,s:I,s:I,s:I}", "folder",
					f->id, "did", finished(policy), "mails",
					(json_int_t)n, "first_uid",
					(json_int_t)uids[0], "last_uid",
					(json_int_t)uids[n - 1]),
			      NULL, err);
}
