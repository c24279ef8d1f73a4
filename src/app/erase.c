#include "erase-int.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/app/index.h"
#include "madoguchi/app/maildesk.h"
#include "madoguchi/app/surge.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/token.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/store/st_mail.h"

/* ---- lists of ids ---- */

struct ids {
	int64_t *v;
	size_t n, cap;
};

static void
ids_clear(struct ids *l)
{
	free(l->v);
}

static void
ids_add(struct ids *l, int64_t id)
{
	if (l->n == l->cap) {
		l->cap = l->cap ? 2 * l->cap : 64;
		l->v = mdg_realloc(l->v, l->cap * sizeof(*l->v));
	}
	l->v[l->n++] = id;
}

static bool
ids_read(struct ids *l, struct mdg_rows **r, struct mdg_err *err)
{
	while (mdg_rows_next(*r))
		ids_add(l, mdg_rows_i64(*r, 0));
	return mdg_rows_close(r, err);
}

/* Each statement once, with ?1 = id. */
static bool
run_all(struct mdg_desk *d, const char *const *sql, size_t n, int64_t id,
	struct mdg_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (!mdg_db_run(d->db, err, sql[i], "i", id))
			return false;
	return true;
}

/* ---- raw mails ---- */

static bool
bury_raw(struct mdg_desk *d, int64_t raw, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	unsigned char tomb[MDG_TOMBSTONE_BYTES];
	bool any = false;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT digest FROM raw WHERE id = ?1", "i", raw))
		return false;
	if (mdg_rows_next(r)) {
		struct mdg_span digest = mdg_rows_blob(r, 0);
		any = digest.n == MDG_DIGEST_BYTES;
		if (any)
			mdg_token_tombstone(&d->mac, digest.p, tomb);
	}
	return mdg_rows_close(&r, err) &&
	       (!any || mdg_db_run(d->db, err,
				   "INSERT INTO erased_mail (digest)"
				   " VALUES (?1) ON CONFLICT DO NOTHING",
				   "b", mdg_span(tomb, sizeof(tomb)))) &&
	       mdg_raw_drop(d->db, raw, err);
}

bool
mdg_erase_delivery(struct mdg_desk *d, int64_t id, int64_t raw, struct mdg_err *err)
{
	return (!raw || bury_raw(d, raw, err)) &&
	       mdg_db_run(d->db, err,
			  "UPDATE delivery SET state = 'erased',"
			  " raw_id = NULL, reason = NULL WHERE id = ?1"
			  " AND state IN ('done', 'quarantined', 'stored')",
			  "i", id);
}

/* The deliveries that a statement gives. */
static bool
bury_listed(struct mdg_desk *d, struct mdg_rows **r, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(ids_clear) struct ids l = {0};
	struct mdg_delivery row;

	if (!ids_read(&l, r, err))
		return false;
	for (size_t i = 0; i < l.n; i++) {
		enum mdg_found f =
			mdg_delivery_by_id(d->db, l.v[i], &row, &a, err);
		if (f == MDG_FAILED ||
		    (f == MDG_FOUND &&
		     !mdg_erase_delivery(d, row.id, row.raw_id, err)))
			return false;
	}
	return true;
}

/* What the servers brought for one message: the rows keep their UIDs. */
static bool
bury_deliveries(struct mdg_desk *d, int64_t message, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(d->db, &r, err,
			    "SELECT id FROM delivery WHERE message_id = ?1",
			    "i", message) &&
	       bury_listed(d, &r, err);
}

bool
mdg_erase_late(struct mdg_desk *d, int64_t delivery, int64_t raw,
	       struct mdg_err *err)
{
	return mdg_erase_delivery(d, delivery, raw, err) && mdg_erase_want(d, err) &&
	       mdg_desk_event(d, &mdg_actor_system, NULL, "mail.stays_erased",
			      json_pack("{s:I}", "delivery", delivery), NULL,
			      err);
}

/* ---- messages ---- */

static bool
erase_message(struct mdg_desk *d, int64_t message, struct mdg_err *err)
{
	static const char *const sql[] = {
		"DELETE FROM message_address WHERE message_id = ?1",
		"DELETE FROM attachment WHERE message_id = ?1",
		"DELETE FROM ref_seen WHERE message_id = ?1",
		"DELETE FROM suggestion WHERE message_id = ?1",
		"DELETE FROM fact WHERE message_id = ?1",
		"DELETE FROM learned WHERE message_id = ?1",
		"UPDATE message SET raw_id = NULL, message_id = NULL,"
		" content_hash = NULL,"
		" from_name = '', from_address = '', from_key = '',"
		" subject = '', text = '', reply = NULL, quoted = '',"
		" signature = '', has_html = 0, flags = '{\"erased\":true}'"
		" WHERE id = ?1",
	};

	int64_t one;
	enum mdg_found f =
		mdg_db_i64(d->db, &one, err,
			   "SELECT 1 FROM message WHERE id = ?1"
			   " AND flags = '{\"erased\":true}'",
			   "i", message);

	/* forgetting a document twice would break the index */
	if (f != MDG_NONE)
		return f == MDG_FOUND;
	/* before its words go: the index must be told what to forget */
	return mdg_index_forget(d, message, err) &&
	       mdg_surge_erase_message(d, message, err) &&
	       bury_deliveries(d, message, err) &&
	       run_all(d, sql, MDG_LEN(sql), message, err);
}

/* ---- replies ---- */

/* Our replies as the Sent folder has them. */
static bool
bury_copies(struct mdg_desk *d, int64_t ticket, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(d->db, &r, err,
			    "SELECT s.delivery_id FROM sent_copy s"
			    " JOIN outbox o ON o.id = s.outbox_id"
			    " WHERE o.ticket_id = ?1",
			    "i", ticket) &&
	       bury_listed(d, &r, err);
}

/* Of what a statement lists: a piece is its owner's id * 4096 + n. */
static bool
drop_chunks(struct mdg_desk *d, const char *owners, const char *drop,
	    int64_t ticket, struct mdg_err *err)
{
	MDG_AUTO(ids_clear) struct ids l = {0};
	struct mdg_rows *r;

	if (!mdg_db_query(d->db, &r, err, owners, "i", ticket) ||
	    !ids_read(&l, &r, err))
		return false;
	for (size_t i = 0; i < l.n; i++)
		if (!mdg_db_run(d->db, err, drop, "i", l.v[i]))
			return false;
	return true;
}

static bool
erase_replies(struct mdg_desk *d, int64_t ticket, struct mdg_err *err)
{
	static const char *const sql[] = {
		"DELETE FROM scan WHERE kind = 'upload' AND item_id IN"
		" (SELECT u.id FROM upload u JOIN draft d"
		" ON d.id = u.draft_id WHERE d.ticket_id = ?1)",
		"DELETE FROM upload WHERE draft_id IN"
		" (SELECT id FROM draft WHERE ticket_id = ?1)",
		"DELETE FROM draft_address WHERE draft_id IN"
		" (SELECT id FROM draft WHERE ticket_id = ?1)",
		"DELETE FROM draft_lock WHERE ticket_id = ?1",
		"UPDATE draft SET subject = '', body = '', quote = NULL,"
		" return_note = NULL, state = CASE WHEN state IN ('sent',"
		" 'failed', 'unknown') THEN state ELSE 'cancelled' END"
		" WHERE ticket_id = ?1",
		"UPDATE revision SET canonical = digest, findings = '[]',"
		" comment = '', state = CASE WHEN state = 'waiting' THEN 'void'"
		" ELSE state END WHERE draft_id IN"
		" (SELECT id FROM draft WHERE ticket_id = ?1) OR id IN"
		" (SELECT revision_id FROM outbox WHERE ticket_id = ?1)",
		"UPDATE review SET body = '', reason = '' WHERE draft_id IN"
		" (SELECT id FROM draft WHERE ticket_id = ?1)",
		"UPDATE outbox_rcpt SET address = '', text = NULL"
		" WHERE outbox_id IN (SELECT id FROM outbox"
		" WHERE ticket_id = ?1)",
		"DELETE FROM notice WHERE outbox_id IN (SELECT id FROM outbox"
		" WHERE ticket_id = ?1)",
		"UPDATE outbox SET mime_bytes = NULL, reason = NULL,"
		" copy_state = CASE WHEN copy_state = 'wanted' THEN 'none'"
		" ELSE copy_state END WHERE ticket_id = ?1",
	};

	return bury_copies(d, ticket, err) &&
	       mdg_maildesk_erase(d, ticket, mdg_erase_delivery, err) &&
	       drop_chunks(d,
			   "SELECT u.id FROM upload u JOIN draft d"
			   " ON d.id = u.draft_id WHERE d.ticket_id = ?1",
			   "DELETE FROM upload_chunk WHERE id >= ?1 * 4096"
			   " AND id < (?1 + 1) * 4096",
			   ticket, err) &&
	       drop_chunks(d, "SELECT id FROM outbox WHERE ticket_id = ?1",
			   "DELETE FROM outbox_chunk WHERE id >= ?1 * 4096"
			   " AND id < (?1 + 1) * 4096",
			   ticket, err) &&
	       run_all(d, sql, MDG_LEN(sql), ticket, err);
}

/* ---- tickets ---- */

static bool
nothing_on_its_way(struct mdg_desk *d, int64_t ticket, struct mdg_err *err)
{
	int64_t id;
	char number[24];
	enum mdg_found f = mdg_db_i64(
		d->db, &id, err,
		"SELECT id FROM outbox WHERE ticket_id = ?1 AND state IN"
		" ('queued', 'sending', 'committing', 'unknown') LIMIT 1",
		"i", ticket);

	snprintf(number, sizeof(number), "%" PRId64, id);
	if (f == MDG_FOUND)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_erase_outbox,
				    number, NULL);
	return f == MDG_NONE;
}

static bool
erase_messages(struct mdg_desk *d, int64_t ticket, struct mdg_erased *sum,
	       struct mdg_err *err)
{
	MDG_AUTO(ids_clear) struct ids l = {0};
	struct mdg_rows *r;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT id FROM message WHERE ticket_id = ?1"
			  " ORDER BY id",
			  "i", ticket) ||
	    !ids_read(&l, &r, err))
		return false;
	for (size_t i = 0; i < l.n; i++)
		if (!erase_message(d, l.v[i], err))
			return false;
	sum->mails += (int64_t)l.n;
	return true;
}

/* Nothing but its events is left; ids keep their meaning there. */
static bool
drop_rows(struct mdg_desk *d, int64_t ticket, struct mdg_err *err)
{
	static const char *const sql[] = {
		"DELETE FROM message WHERE ticket_id = ?1",
		"DELETE FROM outbox_rcpt WHERE outbox_id IN"
		" (SELECT id FROM outbox WHERE ticket_id = ?1)",
		"DELETE FROM review WHERE draft_id IN"
		" (SELECT id FROM draft WHERE ticket_id = ?1)",
		"DELETE FROM revision WHERE draft_id IN"
		" (SELECT id FROM draft WHERE ticket_id = ?1) OR id IN"
		" (SELECT revision_id FROM outbox WHERE ticket_id = ?1)",
		"DELETE FROM outbox WHERE ticket_id = ?1",
		"DELETE FROM draft WHERE ticket_id = ?1",
		"DELETE FROM clock WHERE ticket_id = ?1",
		"DELETE FROM warning WHERE ticket_id = ?1",
		"DELETE FROM escalation WHERE ticket_id = ?1",
		"DELETE FROM incident_reply WHERE ticket_id = ?1",
		"DELETE FROM ticket_link WHERE ticket_id = ?1"
		" OR other_id = ?1",
		"DELETE FROM ticket WHERE id = ?1 OR merged_into = ?1",
	};

	return run_all(d, sql, MDG_LEN(sql), ticket, err);
}

/* Nobody answers it any more: its deadlines end with it. */
static bool
close_it(struct mdg_desk *d, const struct mdg_actor *who, struct mdg_ticket *t,
	 struct mdg_err *err)
{
	if (mdg_streq(t->state, "closed") || mdg_streq(t->state, "merged"))
		return true;
	if (mdg_streq(t->state, "error"))
		t->state = "new"; /* there is nothing to read any more */
	if (!mdg_desk_ticket_move(t, MDG_TICKET_EV_CLOSE, mdg_now_s(), err))
		return false;
	t->closing = "no_reply";
	return mdg_desk_event(d, who, t, "ticket.close",
			      json_pack("{s:s,s:s}", "closing", t->closing,
					"state", t->state),
			      NULL, err);
}

bool
mdg_erase_ticket(struct mdg_desk *d, const struct mdg_actor *who, int64_t id,
		 bool whole, struct mdg_erased *sum, struct mdg_err *err)
{
	static const char *const sql[] = {
		"DELETE FROM ticket_participant WHERE ticket_id = ?1",
		"DELETE FROM suggestion WHERE ticket_id = ?1",
		"DELETE FROM event_data WHERE (lane, seq) IN"
		" (SELECT lane, seq FROM event WHERE ticket_id = ?1)",
		"UPDATE ticket SET subject = '' WHERE merged_into = ?1",
	};
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket t;

	if (mdg_ticket_by_id(d->db, id, &a, &t, err) != MDG_FOUND)
		return mdg_fail(err, MDG_ENOENT, "no ticket %lld",
				(long long)id);
	if (!nothing_on_its_way(d, id, err) ||
	    !erase_messages(d, id, sum, err) || !erase_replies(d, id, err) ||
	    !run_all(d, sql, MDG_LEN(sql), id, err) ||
	    !mdg_surge_erase_ticket(d, id, err) ||
	    !mdg_erase_around(d, who, id, whole, sum, err))
		return false;
	t.subject = "";
	t.hold_reason = NULL;
	if (!close_it(d, who, &t, err))
		return false;
	sum->tickets++;
	MDG_FAULT("erase.ticket");
	return mdg_desk_event(d, who, &t,
			      whole ? "ticket.deleted" : "ticket.erased",
			      json_pack("{s:s}", "state", t.state), NULL,
			      err) &&
	       mdg_desk_clocks(d, &t, err) &&
	       mdg_ticket_update(d->db, &t, err) &&
	       mdg_db_run(d->db, err,
			  "UPDATE ticket SET erased_s = ?2 WHERE id = ?1", "ii",
			  id, mdg_now_s()) &&
	       (!whole || drop_rows(d, id, err)) && mdg_erase_want(d, err);
}

/* ---- customers ---- */

/* What one address of theirs has left in tickets of others. */
static bool
erase_key(struct mdg_desk *d, const char *key, struct mdg_erased *sum,
	  struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(ids_clear) struct ids l = {0};
	struct mdg_rows *r;

	/* by participants: there is no index over who wrote a message */
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT m.id FROM ticket_participant p JOIN message m"
			  " ON m.ticket_id = p.ticket_id"
			  " AND m.from_key = p.key WHERE p.key = ?1",
			  "s", key) ||
	    !ids_read(&l, &r, err))
		return false;
	for (size_t i = 0; i < l.n; i++)
		if (!erase_message(d, l.v[i], err))
			return false;
	sum->mails += (int64_t)l.n;
	return mdg_db_run(d->db, err,
			  "DELETE FROM ticket_participant WHERE key = ?1", "s",
			  key) &&
	       mdg_db_run(d->db, err,
			  "DELETE FROM message_address WHERE key = ?1", "s",
			  key) &&
	       mdg_db_run(d->db, err,
			  "UPDATE outbox_rcpt SET address = '', text = NULL"
			  " WHERE LOWER(address) = ?1 AND state IN"
			  " ('accepted', 'permfail', 'bounced')",
			  "s", key) &&
	       mdg_db_run(d->db, err, "DELETE FROM spam_sender WHERE key = ?1",
			  "s", key) &&
	       mdg_erase_junk_of(d, key, err) &&
	       mdg_db_run(d->db, err, "DELETE FROM auto_sent WHERE subject = ?1",
			  "s", mdg_arena_printf(&a, "address:%s", key));
}

static bool
erase_keys(struct mdg_desk *d, int64_t customer, struct mdg_erased *sum,
	   struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_strings keys = {0};
	struct mdg_rows *r;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT key FROM customer_address"
			  " WHERE customer_id = ?1",
			  "i", customer))
		return false;
	while (mdg_rows_next(r))
		mdg_strings_add(&keys, &a, mdg_rows_text(r, 0), SIZE_MAX);
	if (!mdg_rows_close(&r, err))
		return false;
	for (size_t i = 0; i < keys.n; i++)
		if (!erase_key(d, keys.v[i], sum, err))
			return false;
	return true;
}

bool
mdg_erase_customer(struct mdg_desk *d, const struct mdg_actor *who,
		   int64_t customer, struct mdg_erased *sum,
		   struct mdg_err *err)
{
	static const char *const sql[] = {
		"DELETE FROM event_data WHERE customer_id = ?1",
		"DELETE FROM customer_address WHERE customer_id = ?1",
		"UPDATE customer SET name = '', company = '', phone = '',"
		" note = '' WHERE id = ?1",
	};
	MDG_AUTO(ids_clear) struct ids l = {0};
	struct mdg_rows *r;

	*sum = (struct mdg_erased){0};
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT id FROM ticket WHERE customer_id = ?1"
			  " AND state <> 'merged' ORDER BY id",
			  "i", customer) ||
	    !ids_read(&l, &r, err))
		return false;
	for (size_t i = 0; i < l.n; i++)
		if (!mdg_erase_ticket(d, who, l.v[i], false, sum, err))
			return false;
	return erase_keys(d, customer, sum, err) &&
	       run_all(d, sql, MDG_LEN(sql), customer, err) &&
	       mdg_erase_phones(d, customer, err) &&
	       mdg_erase_want(d, err) && mdg_erase_asked(d, err) &&
	       mdg_desk_event(d, who, NULL, "customer.erased",
			      json_pack("{s:I,s:I,s:I}", "customer", customer,
					"tickets", sum->tickets, "mails",
					sum->mails),
			      NULL, err);
}
