/* Transaction 1: a listed UID and its raw bytes; and mail that cannot be had
 * or cannot be read. */
#include <string.h>
#include <strings.h>

#include "madoguchi/app/intake.h"
#include "madoguchi/app/junk.h"
#include "madoguchi/app/scan.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/token.h"
#include "madoguchi/store/st_folder.h"

/* Not yet had: its raw bytes are welcome. */
static bool
is_wanted(const char *state)
{
	return mdg_streq(state, "listed") || mdg_streq(state, "fetch_failed") ||
	       mdg_streq(state, "vanished");
}

bool
mdg_intake_listed(struct mdg_desk *d, const struct mdg_delivery *listed,
		  bool *ret_wanted, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_delivery row, ours = *listed;
	int64_t now_s = mdg_now_s();

	/* by a server's clock that is ahead, or a date that was made up: no
	 * mail comes in the future, and no deadline waits for it */
	if (ours.internaldate_s > now_s)
		ours.internaldate_s = now_s;
	if (mdg_delivery_list(d->db, &ours, now_s, &row, &a, err) == MDG_FAILED)
		return false;
	*ret_wanted = is_wanted(row.state);
	return true;
}

/*
 * A mail that was erased is on the server again under a new UID: it stays
 * erased, and reconcile counts it as such.
 */
static bool
was_erased(struct mdg_desk *d, const unsigned char *digest, bool *ret,
	   struct mdg_err *err)
{
	unsigned char tomb[MDG_TOMBSTONE_BYTES];
	int64_t one;

	mdg_token_tombstone(&d->mac, digest, tomb);
	enum mdg_found f = mdg_db_i64(
		d->db, &one, err, "SELECT 1 FROM erased_mail WHERE digest = ?1",
		"b", mdg_span(tomb, sizeof(tomb)));
	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

static bool
stay_erased(struct mdg_desk *d, int64_t delivery, int64_t raw,
	    struct mdg_err *err)
{
	return mdg_raw_drop(d->db, raw, err) &&
	       mdg_delivery_state(d->db, delivery, "erased", NULL, err) &&
	       mdg_desk_event(d, &mdg_actor_system, NULL, "mail.stays_erased",
			      json_pack("{s:I}", "delivery", delivery), NULL,
			      err);
}

bool
mdg_intake_raw(struct mdg_desk *d, const struct mdg_intake_chunk *c,
	       int64_t *raw_id, int64_t *ret_delivery_id, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_delivery row;
	bool erased;

	*ret_delivery_id = 0;
	if (c->n == 0 && c->last) {
		if (!mdg_raw_put(d->db, c->account_id, c->raw_bytes, c->digest,
				 c->zstd, raw_id, err))
			return false;
	} else {
		if (c->n == 0 &&
		    !mdg_raw_add(d->db, c->account_id, raw_id, err))
			return false;
		if (*raw_id == 0)
			return mdg_fail(err, MDG_EPROTO, "a chunk without its "
					"first");
		if (!mdg_raw_chunk(d->db, *raw_id, c->n, c->zstd, err))
			return false;
		if (!c->last)
			return true;
		if (!mdg_raw_finish(d->db, *raw_id, c->raw_bytes, c->digest,
				    err))
			return false;
	}
	switch (mdg_delivery_by_uid(d->db, c->account_id, c->folder_id,
				    c->uidvalidity, c->uid, &row, &a, err)) {
	case MDG_FAILED:
		return false;
	case MDG_NONE:
		return mdg_fail(err, MDG_EPROTO, "uid %lld was never listed",
				(long long)c->uid);
	case MDG_FOUND:
		break;
	}
	int64_t id = *raw_id;
	*raw_id = 0;
	if (!is_wanted(row.state))
		return mdg_raw_drop(d->db, id, err);
	if (!was_erased(d, c->digest, &erased, err))
		return false;
	if (erased)
		return stay_erased(d, row.id, id, err);
	*ret_delivery_id = row.id;
	MDG_FAULT("intake.raw");
	return mdg_delivery_stored(d->db, row.id, id, err);
}

bool
mdg_intake_failed(struct mdg_desk *d, int64_t account, int64_t folder,
		  int64_t uidvalidity, int64_t uid, bool vanished,
		  const char *reason, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_delivery row;

	if (mdg_delivery_by_uid(d->db, account, folder, uidvalidity, uid, &row,
				&a, err) != MDG_FOUND)
		return mdg_fail(err, MDG_EPROTO, "uid %lld was never listed",
				(long long)uid);
	if (!is_wanted(row.state) ||
	    (vanished && mdg_streq(row.state, "vanished")))
		return true;
	return mdg_delivery_state(d->db, row.id,
				  vanished ? "vanished" : "fetch_failed",
				  reason, err) &&
	       mdg_desk_event(d, &mdg_actor_system, NULL,
			      vanished ? "mail.vanished" : "mail.fetch_failed",
			      json_pack("{s:I,s:I,s:I}", "delivery", row.id,
					"folder", folder, "uid", uid),
			      NULL, err);
}

/* ---- a mail that no parser survives ---- */

/*
 * Sender and subject by the plainest reading of the head. This runs in the
 * core on hostile bytes, so it only finds lines and cleans them; nothing is
 * decoded.
 */
static void
dumb_scan(struct mdg_span raw, struct mdg_mail *m)
{
	static const struct {
		const char *name;
		size_t n;
	} wanted[] = {{"subject:", 8}, {"from:", 5}};
	enum { SCAN_BYTES = 32 << 10, VALUE_BYTES = 300 };
	const char *p = (const char *)raw.p;
	const char *end = p + (raw.n < SCAN_BYTES ? raw.n : SCAN_BYTES);

	while (p < end && *p != '\n' && *p != '\r') {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((eol ? eol : end) - p);
		for (size_t i = 0; i < MDG_LEN(wanted); i++) {
			MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
			if (n <= wanted[i].n ||
			    strncasecmp(p, wanted[i].name, wanted[i].n) != 0)
				continue;
			size_t len = n - wanted[i].n;
			mdg_utf8_clean(&b, p + wanted[i].n,
				       len < VALUE_BYTES ? len : VALUE_BYTES,
				       true);
			const char *v = mdg_arena_strdup(&m->arena,
							 mdg_buf_str(&b));
			v += strspn(v, " ");
			if (i == 0)
				m->subject = v;
			else if (m->from.n == 0)
				mdg_addresses_add(&m->from, &m->arena, v, "",
						  "");
		}
		if (!eol)
			break;
		p = eol + 1;
	}
}

/* Read once more in vain: its ticket is there. */
static bool
still_unreadable(struct mdg_desk *d, const struct mdg_delivery *row,
		 const char *reason, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket t;
	int64_t ticket;

	if (mdg_db_i64(d->db, &ticket, err,
		       "SELECT ticket_id FROM message WHERE id = ?1", "i",
		       row->message_id) != MDG_FOUND ||
	    !mdg_desk_ticket_root(d, ticket, &a, &t, err))
		return false;
	return mdg_delivery_quarantined(d->db, row->id, row->message_id, reason,
					err) &&
	       mdg_desk_event(d, &mdg_actor_system, &t, "mail.unreadable",
			      json_pack("{s:I,s:I,s:s}", "delivery", row->id,
					"message", row->message_id, "reason",
					reason),
			      NULL, err) &&
	       mdg_ticket_update(d->db, &t, err);
}

/* The same bytes, unreadable before: a folder was made anew, or they lie in
 * two. They share the ticket. */
static bool
same_unreadable(struct mdg_desk *d, const struct mdg_delivery *row,
		int64_t *ret_message, struct mdg_err *err)
{
	*ret_message = 0;
	return mdg_db_i64(d->db, ret_message, err,
			  "SELECT d.message_id FROM delivery d"
			  " JOIN raw r ON r.id = d.raw_id"
			  " WHERE d.state = 'quarantined' AND d.account_id = ?1"
			  " AND d.message_id IS NOT NULL AND d.id <> ?2"
			  " AND r.digest = (SELECT digest FROM raw"
			  "  WHERE id = ?3) LIMIT 1",
			  "iii", row->account_id, row->id,
			  row->raw_id) != MDG_FAILED;
}

/* Hostile spam makes no work: it stands in the list of the junk folder. */
static bool
keep_junk(struct mdg_desk *d, const struct mdg_delivery *row,
	  const struct mdg_mail *m, bool *ret, struct mdg_err *err)
{
	enum mdg_folder_role role;
	int64_t win = 0;

	*ret = false;
	if (!mdg_folder_role(d->db, row->folder_id, &role, err))
		return false;
	return role != MDG_FOLDER_JUNK ||
	       (mdg_win_of_account(d->db, row->account_id, &win, err) !=
			MDG_FAILED &&
		mdg_junk_keep(d, row, win, m, true, ret, err));
}

bool
mdg_intake_poison(struct mdg_desk *d, int64_t delivery_id, struct mdg_span raw,
		  const char *reason, struct mdg_err *err)
{
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();
	struct mdg_delivery row;
	struct mdg_ticket t = {.state = "error"};
	int64_t message;
	bool kept;

	if (mdg_delivery_by_id(d->db, delivery_id, &row, &m->arena, err) !=
	    MDG_FOUND)
		return mdg_fail(err, MDG_ENOENT, "no delivery %lld",
				(long long)delivery_id);
	if (mdg_streq(row.state, "done")) /* by another one of the same bytes */
		return true;
	if (!row.message_id && !same_unreadable(d, &row, &row.message_id, err))
		return false;
	if (row.message_id)
		return still_unreadable(d, &row, reason, err);
	dumb_scan(raw, m);
	if (!keep_junk(d, &row, m, &kept, err) || kept)
		return kept;
	t.subject = m->subject;
	t.created_s = t.inbound_s = row.internaldate_s;
	if (mdg_win_of_account(d->db, row.account_id, &t.win_id, err) ==
		    MDG_FAILED ||
	    !mdg_ticket_add(d->db, &t, err))
		return false;
	const struct mdg_message_row mr = {
		.ticket_id = t.id,
		.direction = "in",
		.account_id = row.account_id,
		.mail_class = "ordinary",
		.received_s = row.internaldate_s,
		.evidence = "new",
		.flags = "{\"unreadable\":true}",
		.raw_id = row.raw_id,
	};
	return mdg_message_add(d->db, &mr, m, &message, err) &&
	       mdg_scan_mail(d, message, row.raw_id, err) &&
	       mdg_delivery_quarantined(d->db, delivery_id, message, reason,
					err) &&
	       mdg_desk_event(d, &mdg_actor_system, &t, "mail.unreadable",
			      json_pack("{s:I,s:I,s:s}", "delivery",
					delivery_id, "message", message,
					"reason", reason),
			      NULL, err) &&
	       mdg_ticket_update(d->db, &t, err);
}
