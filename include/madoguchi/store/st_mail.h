/*
 * The way of a mail: deliveries, raw bytes, messages, the ids they name, and
 * the customers who write them. These statements run for every mail.
 */
#ifndef MDG_STORE_ST_MAIL_H
#define MDG_STORE_ST_MAIL_H

#include "madoguchi/crypto/digest.h"
#include "madoguchi/model/mail.h"
#include "madoguchi/store/db.h"

/* ---- deliveries; state names: desk/machine.h ---- */

struct mdg_delivery {
	int64_t id, account_id, folder_id, uidvalidity, uid;
	const char *state;
	int64_t bytes, internaldate_s;
	int64_t raw_id;     /* 0: none */
	int64_t message_id; /* 0: none */
	int64_t attempts;
};

/*
 * A UID the server listed. MDG_NONE if it was known already (then *ret is the
 * known row), MDG_FOUND if it is new.
 */
enum mdg_found mdg_delivery_list(struct mdg_db *db,
				 const struct mdg_delivery *d, int64_t now_s,
				 struct mdg_delivery *ret, struct mdg_arena *a,
				 struct mdg_err *err);
enum mdg_found mdg_delivery_by_uid(struct mdg_db *db, int64_t account,
				   int64_t folder, int64_t uidvalidity,
				   int64_t uid, struct mdg_delivery *ret,
				   struct mdg_arena *a, struct mdg_err *err);
enum mdg_found mdg_delivery_by_id(struct mdg_db *db, int64_t id,
				  struct mdg_delivery *ret,
				  struct mdg_arena *a, struct mdg_err *err);
bool mdg_delivery_stored(struct mdg_db *db, int64_t id, int64_t raw_id,
			 struct mdg_err *err);
/* message_id 0: it became no message of its own. */
bool mdg_delivery_done(struct mdg_db *db, int64_t id, int64_t message_id,
		       struct mdg_err *err);
bool mdg_delivery_state(struct mdg_db *db, int64_t id, const char *state,
			const char *reason, struct mdg_err *err);
/* A mail that cannot be read; message stands for it. */
bool mdg_delivery_quarantined(struct mdg_db *db, int64_t id,
			      int64_t message_id, const char *reason,
			      struct mdg_err *err);
/* That mail was read after all: those that shared its ticket are done too. */
bool mdg_delivery_follow(struct mdg_db *db, int64_t was, int64_t message_id,
			 struct mdg_err *err);
/* It is to be read once more, alone. */
bool mdg_delivery_retry(struct mdg_db *db, int64_t id, struct mdg_err *err);
/* Committed before the parse that it counts. */
bool mdg_delivery_attempt(struct mdg_db *db, int64_t id, struct mdg_err *err);
/* The condition of the index delivery_open, in its words. */
#define MDG_DELIVERY_OPEN                                                      \
	"(state = 'listed' OR state = 'stored' OR state = 'quarantined'"       \
	" OR state = 'fetch_failed')"
/* Up to max ids in that state with id > after, ascending. */
bool mdg_delivery_in_state(struct mdg_db *db, const char *state, int64_t after,
			   int64_t *ids, size_t max, size_t *ret_n,
			   struct mdg_err *err);

/* ---- raw bytes: zstd chunks of at most MDG_RAW_CHUNK_BYTES inflated ---- */

bool mdg_raw_add(struct mdg_db *db, int64_t account, int64_t *ret_id,
		 struct mdg_err *err);
bool mdg_raw_chunk(struct mdg_db *db, int64_t raw, int64_t n,
		   struct mdg_span zstd, struct mdg_err *err);
bool mdg_raw_finish(struct mdg_db *db, int64_t raw, int64_t bytes,
		    const unsigned char digest[MDG_DIGEST_BYTES],
		    struct mdg_err *err);
/* One whole mail of a single chunk: row and chunk. */
bool mdg_raw_put(struct mdg_db *db, int64_t account, int64_t bytes,
		 const unsigned char digest[MDG_DIGEST_BYTES],
		 struct mdg_span zstd, int64_t *ret_id, struct mdg_err *err);
/* Chunk n into ret (reset first); MDG_NONE behind the last. */
enum mdg_found mdg_raw_read(struct mdg_db *db, int64_t raw, int64_t n,
			    struct mdg_buf *ret, struct mdg_err *err);
/* Chunks of a mail that was never finished, after a crash. */
bool mdg_raw_drop(struct mdg_db *db, int64_t raw, struct mdg_err *err);

/* ---- messages ---- */

struct mdg_message_row {
	int64_t ticket_id;
	const char *direction; /* in | out */
	int64_t account_id;
	int64_t outbox_id; /* 0: none */
	const char *mail_class;
	int64_t received_s;
	const char *evidence;
	const char *flags; /* JSON */
	int64_t raw_id;    /* the mail as it came, 0: we wrote it */
};
/* Takes it away with its addresses, attachments and ids. */
bool mdg_message_drop(struct mdg_db *db, int64_t id, struct mdg_err *err);
/* Stores the record with its addresses, attachments and ids. */
bool mdg_message_add(struct mdg_db *db, const struct mdg_message_row *row,
		     const struct mdg_mail *m, int64_t *ret_id,
		     struct mdg_err *err);

struct mdg_attachment_row {
	int64_t message_id, part, bytes;
	int64_t raw_id;       /* 0: we sent it; part is the upload's id then */
	const char *filename; /* or NULL */
	const char *media_type;
	unsigned char digest[MDG_DIGEST_BYTES];
	enum mdg_danger danger;
};
enum mdg_found mdg_attachment_get(struct mdg_db *db, int64_t message, int64_t n,
				  struct mdg_arena *a,
				  struct mdg_attachment_row *ret,
				  struct mdg_err *err);

/* The raw mail that a form for display can be made of. */
enum mdg_found mdg_message_page(struct mdg_db *db, int64_t id, int64_t *ret_raw,
				struct mdg_err *err);

/* Another id that this mail goes by. */
bool mdg_message_alias(struct mdg_db *db, int64_t message, const char *id,
		       struct mdg_err *err);

/* A mail that shares an id with another: what threading asks about. */
struct mdg_ref_hit {
	int64_t message_id, ticket_id;
	bool is_own; /* the id is that mail's own */
	const char *from_key, *subject, *mail_class;
	const unsigned char *content_hash; /* MDG_DIGEST_BYTES, or NULL */
	struct mdg_strings keys; /* From, Reply-To, To, Cc */
	struct mdg_strings reply_to;
	bool came_loose; /* no part of its ticket but by naming it */
};
enum { MDG_REF_HITS_MAX = 64 };
bool mdg_ref_find(struct mdg_db *db, const char *id, struct mdg_arena *a,
		  struct mdg_ref_hit *ret, size_t *ret_n, struct mdg_err *err);
/* Mails of the ticket whose ids this one names. */
bool mdg_ref_named(struct mdg_db *db, int64_t message, int64_t ticket,
		   struct mdg_arena *a, struct mdg_ref_hit *ret, size_t *ret_n,
		   struct mdg_err *err);

/* The ticket of the mail that has this id, else of one that names it. */
enum mdg_found mdg_ref_ticket(struct mdg_db *db, const char *id,
			      int64_t *ret_ticket, struct mdg_err *err);

/* The ticket of the mail that has this id; *ret_ticket stays when there is
 * none. */
enum mdg_found mdg_ref_own_ticket(struct mdg_db *db, const char *id,
				  int64_t *ret_ticket, struct mdg_err *err);

/* ---- customers ---- */

/* The customer with this address; makes one if there is none. */
bool mdg_customer_of(struct mdg_db *db, const struct mdg_address *from,
		     int64_t now_s, int64_t *ret_id, struct mdg_err *err);
/* Mail to it came back (hard | soft), or it wrote again (NULL). */
bool mdg_address_mark(struct mdg_db *db, const char *key, const char *bounce,
		      int64_t now_s, struct mdg_err *err);
/* Is this address known to be dead? */
bool mdg_address_is_dead(struct mdg_db *db, const char *key, bool *ret,
			 struct mdg_err *err);
bool mdg_participant_add(struct mdg_db *db, int64_t ticket,
			 const struct mdg_address *who, struct mdg_err *err);
/* All of a ticket, in the order of their keys. */
bool mdg_participants(struct mdg_db *db, int64_t ticket, struct mdg_arena *a,
		      struct mdg_addresses *ret, struct mdg_err *err);
bool mdg_participant_is(struct mdg_db *db, int64_t ticket, const char *key,
			bool *ret, struct mdg_err *err);

#endif
