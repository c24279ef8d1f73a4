/*
 * Replies: drafts, the revisions that approvals bind to, and the outbox.
 * State names: desk/machine.h.
 */
#ifndef MDG_STORE_ST_REPLY_H
#define MDG_STORE_ST_REPLY_H

#include "madoguchi/crypto/digest.h"
#include "madoguchi/model/mail.h"
#include "madoguchi/store/db.h"

struct mdg_draft {
	int64_t id, ticket_id, author_id, win_id;
	const char *state, *subject, *body;
	const char *template_id; /* NULL: written freely */
	int64_t template_version;
	const char *next_state;           /* closed | waiting | working */
	int64_t next_due_s, not_before_s; /* 0: none */
	const char *return_code, *return_note;
	const char *quote; /* NULL: as the window says; "": nothing */
	int64_t created_s, changed_s, rev;
	struct mdg_addresses to, cc, bcc; /* key is "" */
};
bool mdg_draft_add(struct mdg_db *db, struct mdg_draft *d, struct mdg_err *err);
/* Writes everything; MDG_ECONFLICT unless the stored rev is d->rev - 1. */
bool mdg_draft_update(struct mdg_db *db, const struct mdg_draft *d,
		      struct mdg_err *err);
enum mdg_found mdg_draft_by_id(struct mdg_db *db, int64_t id,
			       struct mdg_arena *a, struct mdg_draft *ret,
			       struct mdg_err *err);
/* The draft that is on its way for this ticket (not sent, not cancelled). */
enum mdg_found mdg_draft_open(struct mdg_db *db, int64_t ticket,
			      int64_t *ret_id, struct mdg_err *err);

struct mdg_revision_row {
	int64_t id, draft_id, ticket_id, n, account_id;
	const char *message_id;
	int64_t newest_message_id; /* 0: none */
	struct mdg_span canonical;
	unsigned char digest[MDG_DIGEST_BYTES];
	const char *findings, *comment, *state;
	int64_t requested_by, requested_s, decided_by, decided_s;
};
/* Gives it its id and n. */
bool mdg_revision_add(struct mdg_db *db, struct mdg_revision_row *v,
		      struct mdg_err *err);
enum mdg_found mdg_revision_by_id(struct mdg_db *db, int64_t id,
				  struct mdg_arena *a,
				  struct mdg_revision_row *ret,
				  struct mdg_err *err);
/* The newest of a draft. */
enum mdg_found mdg_revision_newest(struct mdg_db *db, int64_t draft,
				   struct mdg_arena *a,
				   struct mdg_revision_row *ret,
				   struct mdg_err *err);
bool mdg_revision_decide(struct mdg_db *db, int64_t id, const char *state,
			 int64_t by, int64_t now_s, struct mdg_err *err);

struct mdg_outbox_row {
	int64_t id;
	const char *kind;
	int64_t ticket_id, draft_id, revision_id; /* 0: none */
	int64_t account_id;
	const char *message_id, *mail_from, *state;
	int64_t not_before_s, attempts, date_s, sent_s;
	int64_t tries_since_s;   /* 0: not tried yet */
	int64_t seen_message_id; /* newest mail known to who let it go */
	int64_t mime_bytes;      /* 0 until frozen */
	const char *copy_state, *reason;
	int64_t created_s;
};
bool mdg_outbox_add(struct mdg_db *db, struct mdg_outbox_row *o,
		    const struct mdg_strings *rcpts, struct mdg_err *err);
enum mdg_found mdg_outbox_by_id(struct mdg_db *db, int64_t id,
				struct mdg_arena *a, struct mdg_outbox_row *ret,
				struct mdg_err *err);
/* The oldest queued row of this account that may go out now. */
enum mdg_found mdg_outbox_due(struct mdg_db *db, int64_t account, int64_t now_s,
			      int64_t *ret_id, struct mdg_err *err);
/* When the next queued row of any account may go out. */
enum mdg_found mdg_outbox_next(struct mdg_db *db, int64_t *ret_s,
			       struct mdg_err *err);
/*
 * from -> to, only if it still is in `from` (MDG_ECONFLICT if not): a row is
 * claimed once whatever happens around it.
 */
bool mdg_outbox_move(struct mdg_db *db, int64_t id, const char *from,
		     const char *to, const char *reason, struct mdg_err *err);
/* The mail in pieces of at most MDG_UPLOAD_CHUNK_BYTES, then its size. */
bool mdg_outbox_chunk(struct mdg_db *db, int64_t id, int64_t n,
		      struct mdg_span bytes, struct mdg_err *err);
bool mdg_outbox_freeze(struct mdg_db *db, int64_t id, int64_t date_s,
		       int64_t bytes, struct mdg_err *err);
bool mdg_outbox_chunks_drop(struct mdg_db *db, int64_t id, struct mdg_err *err);
/* Piece n into ret (reset first); MDG_NONE behind the last. */
enum mdg_found mdg_outbox_read(struct mdg_db *db, int64_t id, int64_t n,
			       struct mdg_buf *ret, struct mdg_err *err);
bool mdg_outbox_retry_at(struct mdg_db *db, int64_t id, int64_t at_s,
			 struct mdg_err *err);
/* Later, because the sending mode does not let it go; no attempt. All that is
 * held so may go when the mode changes. */
bool mdg_outbox_hold(struct mdg_db *db, int64_t id, int64_t at_s,
		     struct mdg_err *err);
bool mdg_outbox_let_go(struct mdg_db *db, int64_t now_s, struct mdg_err *err);
bool mdg_outbox_sent(struct mdg_db *db, int64_t id, int64_t now_s,
		     const char *copy_state, struct mdg_err *err);
bool mdg_outbox_copy(struct mdg_db *db, int64_t id, const char *copy_state,
		     struct mdg_err *err);
enum mdg_found mdg_outbox_copy_wanted(struct mdg_db *db, int64_t account,
				      int64_t *ret_id, struct mdg_err *err);
/* A person has it sent again, knowing the customer's mails up to that one. */
bool mdg_outbox_anew(struct mdg_db *db, int64_t id, int64_t seen_message_id,
		     struct mdg_err *err);
/* The first claim of a round of tries. */
bool mdg_outbox_tries_since(struct mdg_db *db, int64_t id, int64_t now_s,
			    struct mdg_err *err);
enum mdg_found mdg_outbox_by_message_id(struct mdg_db *db, const char *id,
					int64_t *ret_id, struct mdg_err *err);
/* Rows in that state, oldest first. */
bool mdg_outbox_in_state(struct mdg_db *db, const char *state, int64_t *ids,
			 size_t max, size_t *ret_n, struct mdg_err *err);

struct mdg_outbox_rcpt {
	int64_t n;
	const char *address, *state; /* desk/outbox.h */
	int64_t code;
	const char *text;   /* the server's words, or NULL */
	const char *bounce; /* hard | soft, or NULL */
};
bool mdg_outbox_rcpts(struct mdg_db *db, int64_t id, struct mdg_arena *a,
		      struct mdg_outbox_rcpt **ret, size_t *ret_n,
		      struct mdg_err *err);
bool mdg_outbox_rcpt_put(struct mdg_db *db, int64_t id,
			 const struct mdg_outbox_rcpt *r, struct mdg_err *err);

#endif
