/* Events in lanes, chained. */
#include <stdio.h>
#include <string.h>

#include "madoguchi/crypto/chain.h"
#include "madoguchi/store/st_ticket.h"

bool
mdg_lane_load(struct mdg_db *db, int64_t lane, struct mdg_lane *ret,
	      struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT seq, hash FROM event WHERE lane = ?1"
			  " ORDER BY seq DESC LIMIT 1",
			  "i", lane))
		return false;
	*ret = (struct mdg_lane){.lane = lane};
	if (mdg_rows_next(r)) {
		struct mdg_span hash = mdg_rows_blob(r, 1);
		ret->seq = mdg_rows_i64(r, 0);
		if (hash.n == sizeof(ret->hash))
			memcpy(ret->hash, hash.p, hash.n);
	}
	return mdg_rows_close(&r, err);
}

static bool
add_data(struct mdg_db *db, int64_t lane, int64_t seq,
	 const struct mdg_event *e, const unsigned char *salt,
	 struct mdg_err *err)
{
	return mdg_db_send(db, err,
			   "INSERT INTO event_data (lane, seq, salt, data,"
			   " customer_id) VALUES (?1, ?2, ?3, ?4, ?5)",
			   "iibsI", lane, seq, mdg_span(salt, MDG_SALT_BYTES),
			   e->data, e->customer_id ? &e->customer_id : NULL);
}

bool
mdg_event_add(struct mdg_db *db, struct mdg_lane *lane,
	      const struct mdg_event *e, struct mdg_err *err)
{
	unsigned char salt[MDG_SALT_BYTES], commitment[MDG_DIGEST_BYTES];
	unsigned char hash[MDG_DIGEST_BYTES];
	struct mdg_chain_link l = {
		.lane = lane->lane,
		.seq = lane->seq + 1,
		.time_s = e->time_s,
		.ticket_id = e->ticket_id ? e->ticket_id : -1,
		.ticket_rev = e->ticket_id ? e->ticket_rev : -1,
		.actor = e->actor,
		.kind = e->kind,
		.codes = e->codes,
	};

	if (e->data) {
		mdg_random(salt, sizeof(salt));
		mdg_chain_commit(salt, e->data, commitment);
		l.commitment = mdg_span(commitment, sizeof(commitment));
	}
	mdg_chain_hash(lane->hash, &l, hash);
	if (!mdg_db_send(db, err,
			 "INSERT INTO event (lane, seq, time_s, ticket_id,"
			 " ticket_rev, actor, kind, codes, commitment, prev,"
			 " hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
			 " ?10, ?11)",
			 "iiiIIsssbbb", l.lane, l.seq, l.time_s,
			 e->ticket_id ? &e->ticket_id : NULL,
			 e->ticket_id ? &e->ticket_rev : NULL, l.actor, l.kind,
			 l.codes, l.commitment,
			 mdg_span(lane->hash, sizeof(lane->hash)),
			 mdg_span(hash, sizeof(hash))) ||
	    (e->data && !add_data(db, l.lane, l.seq, e, salt, err)))
		return false;
	lane->seq = l.seq;
	memcpy(lane->hash, hash, sizeof(hash));
	return true;
}

bool
mdg_event_walk(struct mdg_db *db, int64_t lane, int64_t after_seq,
	       bool (*each)(void *arg, const struct mdg_event_row *e),
	       void *arg, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT seq, time_s, ticket_id, ticket_rev, actor,"
			  " kind, codes, commitment, prev, hash FROM event"
			  " WHERE lane = ?1 AND seq > ?2 ORDER BY seq",
			  "ii", lane, after_seq))
		return false;
	while (mdg_rows_next(r)) {
		struct mdg_event_row e = {
			.lane = lane,
			.seq = mdg_rows_i64(r, 0),
			.time_s = mdg_rows_i64(r, 1),
			.ticket_id = mdg_rows_null(r, 2) ? -1
							 : mdg_rows_i64(r, 2),
			.ticket_rev = mdg_rows_null(r, 3) ? -1
							  : mdg_rows_i64(r, 3),
			.actor = mdg_rows_text(r, 4),
			.kind = mdg_rows_text(r, 5),
			.codes = mdg_rows_text(r, 6),
			.commitment = mdg_rows_blob(r, 7),
			.prev = mdg_rows_blob(r, 8),
			.hash = mdg_rows_blob(r, 9),
		};
		if (!each(arg, &e))
			break;
	}
	return mdg_rows_close(&r, err);
}

struct verify {
	struct mdg_db *db;
	struct mdg_audit *audit;
	int64_t seq;
	unsigned char hash[MDG_DIGEST_BYTES];
	struct mdg_err err;
};

static bool
fault(struct verify *v, const struct mdg_event_row *e, const char *what)
{
	snprintf(v->audit->bad, sizeof(v->audit->bad),
		 "lane %lld, event %lld: %.100s", (long long)e->lane,
		 (long long)e->seq, what);
	return false;
}

/* The data an event is committed to: the same, or erased. */
static bool
check_data(struct verify *v, const struct mdg_event_row *e)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	unsigned char want[MDG_DIGEST_BYTES];

	if (!mdg_db_query(v->db, &r, &v->err,
			  "SELECT salt, data FROM event_data"
			  " WHERE lane = ?1 AND seq = ?2",
			  "ii", e->lane, e->seq))
		return fault(v, e, v->err.text);
	if (!mdg_rows_next(r)) {
		v->audit->erased++;
		return true;
	}
	struct mdg_span salt = mdg_rows_blob(r, 0);
	if (salt.n != MDG_SALT_BYTES)
		return fault(v, e, "its data has no salt");
	mdg_chain_commit(salt.p, mdg_rows_text(r, 1), want);
	if (!mdg_span_eq(mdg_span(want, sizeof(want)), e->commitment))
		return fault(v, e, "its data was changed");
	return true;
}

static bool
verify_one(void *arg, const struct mdg_event_row *e)
{
	struct verify *v = arg;
	unsigned char want[MDG_DIGEST_BYTES];
	const struct mdg_chain_link l = {
		e->lane,  e->seq,  e->time_s, e->ticket_id, e->ticket_rev,
		e->actor, e->kind, e->codes,  e->commitment};

	if (e->seq != v->seq + 1)
		return fault(v, e, "an event before it is missing");
	if (!mdg_span_eq(e->prev, mdg_span(v->hash, sizeof(v->hash))))
		return fault(v, e, "it does not follow the one before it");
	mdg_chain_hash(v->hash, &l, want);
	if (!mdg_span_eq(e->hash, mdg_span(want, sizeof(want))))
		return fault(v, e, "it was changed");
	if (e->commitment.n && !check_data(v, e))
		return false;
	v->seq = e->seq;
	memcpy(v->hash, want, sizeof(want));
	v->audit->events++;
	return true;
}

bool
mdg_event_verify(struct mdg_db *db, struct mdg_audit *ret, struct mdg_err *err)
{
	enum { LANES_MAX = 1000 };
	int64_t lanes[LANES_MAX];
	size_t n = 0;
	struct mdg_rows *r;

	*ret = (struct mdg_audit){0};
	if (!mdg_db_query(db, &r, err,
			  "SELECT DISTINCT lane FROM event ORDER BY lane", ""))
		return false;
	while (n < LANES_MAX && mdg_rows_next(r))
		lanes[n++] = mdg_rows_i64(r, 0);
	if (!mdg_rows_close(&r, err))
		return false;
	for (size_t i = 0; i < n && !*ret->bad; i++) {
		struct verify v = {.db = db, .audit = ret};
		if (!mdg_event_walk(db, lanes[i], 0, verify_one, &v, err))
			return false;
		ret->lanes++;
		if (lanes[i] == 1)
			memcpy(ret->head, v.hash, sizeof(ret->head));
	}
	return true;
}

enum mdg_found
mdg_event_by_hash(struct mdg_db *db, const unsigned char hash[MDG_DIGEST_BYTES],
		  int64_t *ret_lane, int64_t *ret_seq, int64_t *ret_time_s,
		  struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT lane, seq, time_s FROM event WHERE hash = ?1",
			  "b", mdg_span(hash, MDG_DIGEST_BYTES)))
		return MDG_FAILED;
	bool found = mdg_rows_next(r);
	if (found) {
		*ret_lane = mdg_rows_i64(r, 0);
		*ret_seq = mdg_rows_i64(r, 1);
		*ret_time_s = mdg_rows_i64(r, 2);
	}
	if (!mdg_rows_close(&r, err))
		return MDG_FAILED;
	return found ? MDG_FOUND : MDG_NONE;
}
