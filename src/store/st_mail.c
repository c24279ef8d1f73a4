/* Messages, the ids they name, and customers. */
#include "madoguchi/store/st_mail.h"

#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "st-int.h"

static bool
add_ref(struct mdg_db *db, const char *id, int64_t message, bool is_own,
	struct mdg_err *err)
{
	unsigned char hash[MDG_ID_HASH_BYTES];

	mdg_digest_id(id, hash);
	return mdg_db_run(db, err,
			  "INSERT INTO ref_seen (hash, message_id, is_own)"
			  " VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
			  "bii", mdg_span(hash, sizeof(hash)), message,
			  (int64_t)is_own);
}

/* What a report is about may arrive after it. */
static bool
add_bounce_refs(struct mdg_db *db, const struct mdg_bounce *b, int64_t message,
		struct mdg_err *err)
{
	if (b->original_message_id &&
	    !add_ref(db, b->original_message_id, message, false, err))
		return false;
	for (size_t i = 0; i < b->original_references.n; i++)
		if (!add_ref(db, b->original_references.v[i], message, false,
			     err))
			return false;
	return true;
}

static bool
add_refs(struct mdg_db *db, const struct mdg_mail *m, int64_t message,
	 struct mdg_err *err)
{
	char id[MDG_OWN_ID_BYTES];

	if (!add_ref(db, mdg_mail_own_id(m, id), message, true, err))
		return false;
	for (size_t i = 0; i < m->in_reply_to.n; i++)
		if (!add_ref(db, m->in_reply_to.v[i], message, false, err))
			return false;
	for (size_t i = 0; i < m->references.n; i++)
		if (!add_ref(db, m->references.v[i], message, false, err))
			return false;
	return !m->bounce || add_bounce_refs(db, m->bounce, message, err);
}

static bool
add_addresses(struct mdg_db *db, int64_t message, const char *role,
	      const struct mdg_addresses *l, struct mdg_err *err)
{
	for (size_t i = 0; i < l->n; i++)
		if (!mdg_db_run(db, err,
				"INSERT INTO message_address (message_id, role,"
				" n, name, address, key)"
				" VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
				"isisss", message, role, (int64_t)i,
				l->v[i].name, l->v[i].address, l->v[i].key))
			return false;
	return true;
}

static bool
add_attachments(struct mdg_db *db, int64_t message, const struct mdg_mail *m,
		struct mdg_err *err)
{
	for (size_t i = 0; i < m->attachments_n; i++) {
		const struct mdg_attachment *t = &m->attachments[i];
		if (!mdg_db_run(db, err,
				"INSERT INTO attachment (message_id, n, part,"
				" filename, media_type, bytes, digest,"
				" is_inline, sealed, content_id, danger)"
				" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
				" ?10, ?11)",
				"iiissibiisi", message, (int64_t)i,
				(int64_t)t->part, t->filename, t->media_type,
				(int64_t)t->bytes,
				mdg_span(t->digest, sizeof(t->digest)),
				(int64_t)t->is_inline, (int64_t)t->sealed,
				t->content_id, (int64_t)t->danger))
			return false;
	}
	return true;
}

static bool
insert_message(struct mdg_db *db, const struct mdg_message_row *row,
	       const struct mdg_mail *m, int64_t *ret_id, struct mdg_err *err)
{
	const struct mdg_address none = {"", "", ""};
	const struct mdg_address *from = m->from.n ? &m->from.v[0] : &none;
	bool whole = mdg_streq(m->reply, m->text);

	return mdg_db_i64(
		       db, ret_id, err,
		       "INSERT INTO message (ticket_id, first_ticket_id,"
		       " direction, account_id, outbox_id, class, message_id,"
		       " content_hash, received_s, date_s, from_name,"
		       " from_address, from_key, subject, text, reply, quoted,"
		       " signature, has_html, evidence, flags, attachments_n,"
		       " raw_id)"
		       " VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
		       " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,"
		       " ?22) RETURNING id",
		       "isiIssbiIssssssssissiI", row->ticket_id, row->direction,
		       row->account_id, row->outbox_id ? &row->outbox_id : NULL,
		       row->mail_class, m->message_id,
		       mdg_span(m->content_hash, sizeof(m->content_hash)),
		       row->received_s, m->has_date ? &m->date_s : NULL,
		       from->name, from->address, from->key, m->subject,
		       m->text, whole ? NULL : m->reply, m->quoted,
		       m->signature, (int64_t)m->has_html, row->evidence,
		       row->flags, (int64_t)m->attachments_n,
		       row->raw_id ? &row->raw_id : NULL) == MDG_FOUND;
}

bool
mdg_message_drop(struct mdg_db *db, int64_t id, struct mdg_err *err)
{
	static const char *const all[] = {
		"DELETE FROM message_address WHERE message_id = ?1",
		"DELETE FROM attachment WHERE message_id = ?1",
		"DELETE FROM ref_seen WHERE message_id = ?1",
		"DELETE FROM message WHERE id = ?1",
	};

	for (size_t i = 0; i < MDG_LEN(all); i++)
		if (!mdg_db_run(db, err, all[i], "i", id))
			return false;
	return true;
}

bool
mdg_message_add(struct mdg_db *db, const struct mdg_message_row *row,
		const struct mdg_mail *m, int64_t *ret_id, struct mdg_err *err)
{
	int64_t id;

	if (!insert_message(db, row, m, &id, err) ||
	    !add_addresses(db, id, "from", &m->from, err) ||
	    !add_addresses(db, id, "reply_to", &m->reply_to, err) ||
	    !add_addresses(db, id, "to", &m->to, err) ||
	    !add_addresses(db, id, "cc", &m->cc, err) ||
	    !add_attachments(db, id, m, err) || !add_refs(db, m, id, err))
		return false;
	*ret_id = id;
	return true;
}

enum mdg_found
mdg_message_page(struct mdg_db *db, int64_t id, int64_t *ret_raw,
		 struct mdg_err *err)
{
	return mdg_db_i64(db, ret_raw, err,
			  "SELECT raw_id FROM message WHERE id = ?1"
			  " AND has_html = 1 AND raw_id IS NOT NULL",
			  "i", id);
}

enum mdg_found
mdg_attachment_get(struct mdg_db *db, int64_t message, int64_t n,
		   struct mdg_arena *a, struct mdg_attachment_row *ret,
		   struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT a.part, a.bytes, m.raw_id, a.filename,"
			  " a.media_type, a.digest, a.danger"
			  " FROM attachment a"
			  " JOIN message m ON m.id = a.message_id"
			  " WHERE a.message_id = ?1 AND a.n = ?2",
			  "ii", message, n))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		struct mdg_span digest = mdg_rows_blob(r, 5);
		*ret = (struct mdg_attachment_row){
			.message_id = message,
			.part = mdg_rows_i64(r, 0),
			.bytes = mdg_rows_i64(r, 1),
			.raw_id = mdg_rows_i64(r, 2),
			.filename = text_or_null(r, 3, a),
			.media_type = text_or_null(r, 4, a),
			.danger = (enum mdg_danger)mdg_rows_i64(r, 6),
		};
		if (digest.n == sizeof(ret->digest))
			memcpy(ret->digest, digest.p, digest.n);
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_message_alias(struct mdg_db *db, int64_t message, const char *id,
		  struct mdg_err *err)
{
	return add_ref(db, id, message, true, err);
}

/* ---- ids ---- */

static bool
read_keys(struct mdg_db *db, struct mdg_ref_hit *hit, struct mdg_arena *a,
	  struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT role, key FROM message_address WHERE"
			  " message_id = ?1",
			  "i", hit->message_id))
		return false;
	while (mdg_rows_next(r)) {
		const char *role = mdg_rows_text(r, 0);
		if (mdg_streq(role, "from") || mdg_streq(role, "to") ||
		    mdg_streq(role, "cc") || mdg_streq(role, "reply_to"))
			mdg_strings_add(&hit->keys, a, mdg_rows_text(r, 1),
					MDG_ADDRESSES_MAX);
		if (mdg_streq(role, "reply_to"))
			mdg_strings_add(&hit->reply_to, a, mdg_rows_text(r, 1),
					MDG_ADDRESSES_MAX);
	}
	return mdg_rows_close(&r, err);
}

#define HIT                                                                    \
	"SELECT m.id, m.ticket_id, s.is_own, m.from_key, m.subject, m.class,"  \
	" m.content_hash, CASE WHEN m.flags LIKE"                              \
	" '%\"loose\":true%' THEN 1 ELSE 0 END"                                \
	" FROM ref_seen s JOIN message m ON m.id = s.message_id "

static bool
read_hits(struct mdg_db *db, struct mdg_rows *r, struct mdg_arena *a,
	  struct mdg_ref_hit *ret, size_t *ret_n, struct mdg_err *err)
{
	size_t n = 0;

	while (n < MDG_REF_HITS_MAX && mdg_rows_next(r)) {
		struct mdg_ref_hit *h = &ret[n++];
		*h = (struct mdg_ref_hit){
			.message_id = mdg_rows_i64(r, 0),
			.ticket_id = mdg_rows_i64(r, 1),
			.is_own = mdg_rows_i64(r, 2) != 0,
			.from_key = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
			.subject = mdg_arena_strdup(a, mdg_rows_text(r, 4)),
			.mail_class = mdg_arena_strdup(a, mdg_rows_text(r, 5)),
			.came_loose = mdg_rows_i64(r, 7) != 0,
		};
		struct mdg_span content = mdg_rows_blob(r, 6);
		if (content.n == MDG_DIGEST_BYTES)
			h->content_hash = (unsigned char *)mdg_arena_strndup(
				a, (const char *)content.p, content.n);
	}
	if (!mdg_rows_close(&r, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!read_keys(db, &ret[i], a, err))
			return false;
	*ret_n = n;
	return true;
}

bool
mdg_ref_find(struct mdg_db *db, const char *id, struct mdg_arena *a,
	     struct mdg_ref_hit *ret, size_t *ret_n, struct mdg_err *err)
{
	unsigned char hash[MDG_ID_HASH_BYTES];
	struct mdg_rows *r;

	mdg_digest_id(id, hash);
	return mdg_db_query(db, &r, err,
			    HIT "WHERE s.hash = ?1 ORDER BY s.message_id"
				" LIMIT 64",
			    "b", mdg_span(hash, sizeof(hash))) &&
	       read_hits(db, r, a, ret, ret_n, err);
}

bool
mdg_ref_named(struct mdg_db *db, int64_t message, int64_t ticket,
	      struct mdg_arena *a, struct mdg_ref_hit *ret, size_t *ret_n,
	      struct mdg_err *err)
{
	struct mdg_rows *r;

	/* +: from the ids, not from all mails of a long ticket */
	return mdg_db_query(db, &r, err,
			    HIT "JOIN ref_seen n ON n.hash = s.hash"
				" WHERE n.message_id = ?1 AND n.is_own = 0"
				" AND s.is_own = 1 AND +m.ticket_id = ?2"
				" AND m.id <> ?1 ORDER BY m.id LIMIT 16",
			    "ii", message, ticket) &&
	       read_hits(db, r, a, ret, ret_n, err);
}

enum mdg_found
mdg_ref_ticket(struct mdg_db *db, const char *id, int64_t *ret_ticket,
	       struct mdg_err *err)
{
	unsigned char hash[MDG_ID_HASH_BYTES];

	mdg_digest_id(id, hash);
	return mdg_db_i64(db, ret_ticket, err,
			  "SELECT m.ticket_id FROM ref_seen s"
			  " JOIN message m ON m.id = s.message_id"
			  " WHERE s.hash = ?1"
			  " ORDER BY s.is_own DESC, m.id LIMIT 1",
			  "b", mdg_span(hash, sizeof(hash)));
}

enum mdg_found
mdg_ref_own_ticket(struct mdg_db *db, const char *id, int64_t *ret_ticket,
		   struct mdg_err *err)
{
	unsigned char hash[MDG_ID_HASH_BYTES];
	int64_t ticket;

	mdg_digest_id(id, hash);
	enum mdg_found f = mdg_db_i64(db, &ticket, err,
				      "SELECT m.ticket_id FROM ref_seen s"
				      " JOIN message m ON m.id = s.message_id"
				      " WHERE s.hash = ?1 AND s.is_own = 1"
				      " ORDER BY m.id LIMIT 1",
				      "b", mdg_span(hash, sizeof(hash)));
	if (f == MDG_FOUND)
		*ret_ticket = ticket;
	return f;
}

/* ---- customers ---- */

bool
mdg_customer_of(struct mdg_db *db, const struct mdg_address *from,
		int64_t now_s, int64_t *ret_id, struct mdg_err *err)
{
	int64_t id;

	switch (mdg_db_i64(db, &id, err,
			   "SELECT customer_id FROM customer_address"
			   " WHERE key = ?1",
			   "s", from->key)) {
	case MDG_FAILED:
		return false;
	case MDG_FOUND:
		*ret_id = id;
		return true;
	case MDG_NONE:
		break;
	}
	if (mdg_db_i64(db, &id, err,
		       "INSERT INTO customer (name, company, phone, note,"
		       " created_s) VALUES (?1, '', '', '', ?2) RETURNING id",
		       "si", from->name, now_s) != MDG_FOUND ||
	    !mdg_db_run(db, err,
			"INSERT INTO customer_address (key, customer_id,"
			" address) VALUES (?1, ?2, ?3)",
			"sis", from->key, id, from->address))
		return false;
	*ret_id = id;
	return true;
}

bool
mdg_address_mark(struct mdg_db *db, const char *key, const char *bounce,
		 int64_t now_s, struct mdg_err *err)
{
	return bounce ? mdg_db_run(db, err,
				   "UPDATE customer_address SET bounce = ?2,"
				   " bounced_s = ?3 WHERE key = ?1",
				   "ssi", key, bounce, now_s)
		      : mdg_db_run(db, err,
				   "UPDATE customer_address SET bounce = NULL,"
				   " bounced_s = NULL WHERE key = ?1"
				   " AND bounce IS NOT NULL",
				   "s", key);
}

bool
mdg_address_is_dead(struct mdg_db *db, const char *key, bool *ret,
		    struct mdg_err *err)
{
	int64_t n;
	bool ok = mdg_db_i64(db, &n, err,
			     "SELECT COUNT(*) FROM customer_address"
			     " WHERE key = ?1 AND bounce = 'hard'",
			     "s", key) == MDG_FOUND;

	*ret = ok && n > 0;
	return ok;
}

bool
mdg_participant_add(struct mdg_db *db, int64_t ticket,
		    const struct mdg_address *who, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO ticket_participant (ticket_id, key,"
			  " address, name) VALUES (?1, ?2, ?3, ?4)"
			  " ON CONFLICT DO NOTHING",
			  "isss", ticket, who->key, who->address, who->name);
}

bool
mdg_participant_is(struct mdg_db *db, int64_t ticket, const char *key,
		   bool *ret, struct mdg_err *err)
{
	int64_t one;
	enum mdg_found f = mdg_db_i64(db, &one, err,
				      "SELECT 1 FROM ticket_participant"
				      " WHERE ticket_id = ?1 AND key = ?2",
				      "is", ticket, key);

	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

bool
mdg_participants(struct mdg_db *db, int64_t ticket, struct mdg_arena *a,
		 struct mdg_addresses *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret = (struct mdg_addresses){0};
	if (!mdg_db_query(db, &r, err,
			  "SELECT name, address, key FROM ticket_participant"
			  " WHERE ticket_id = ?1 ORDER BY key",
			  "i", ticket))
		return false;
	while (ret->n < MDG_RECIPIENTS_MAX && mdg_rows_next(r))
		mdg_addresses_add(ret, a, mdg_rows_text(r, 0),
				  mdg_rows_text(r, 1), mdg_rows_text(r, 2));
	return mdg_rows_close(&r, err);
}
