/*
 * The desk by mail: who works so, the tokens of what was written to them, the
 * mails they wrote, and the mails that are still to be written.
 */
#ifndef MDG_STORE_ST_MAILDESK_H
#define MDG_STORE_ST_MAILDESK_H

#include "madoguchi/base/arena.h"
#include "madoguchi/crypto/digest.h"
#include "madoguchi/store/db.h"

struct mdg_mail_person {
	int64_t person_id;
	const char *signature, *evidence;
	int64_t seen_s, digest_day;
};
bool mdg_mail_person_put(struct mdg_db *db, const struct mdg_mail_person *p,
			 struct mdg_err *err);
enum mdg_found mdg_mail_person_get(struct mdg_db *db, int64_t person,
				   struct mdg_arena *a,
				   struct mdg_mail_person *ret,
				   struct mdg_err *err);
/* Also what waits for them, and the tokens they hold. */
bool mdg_mail_person_drop(struct mdg_db *db, int64_t person,
			  struct mdg_err *err);
/* Those who are not disabled. */
bool mdg_mail_people(struct mdg_db *db, int64_t *ids, size_t max,
		     size_t *ret_n, struct mdg_err *err);
/* Who works by mail with this address (key): MDG_NONE for others. */
enum mdg_found mdg_mail_person_by_key(struct mdg_db *db, const char *key,
				      int64_t *ret_person,
				      struct mdg_err *err);

struct mdg_mail_token {
	struct mdg_span hash;
	int64_t person_id, ticket_id, draft_id, revision_id, outbox_id;
	const char *purpose, *context;
	int64_t made_s, expires_s, used_s;
};
/* One of the same hash (a thread's) lives on with the new end. */
bool mdg_mail_token_put(struct mdg_db *db, const struct mdg_mail_token *t,
			struct mdg_err *err);
enum mdg_found mdg_mail_token_get(struct mdg_db *db, struct mdg_span hash,
				  struct mdg_arena *a,
				  struct mdg_mail_token *ret,
				  struct mdg_err *err);
/* The newest mail to that person about that ticket which shows candidates. */
enum mdg_found mdg_mail_token_newest(struct mdg_db *db, int64_t person,
				     int64_t ticket, struct mdg_arena *a,
				     struct mdg_mail_token *ret,
				     struct mdg_err *err);
bool mdg_mail_token_used(struct mdg_db *db, struct mdg_span hash,
			 int64_t now_s, struct mdg_err *err);
bool mdg_mail_token_context(struct mdg_db *db, struct mdg_span hash,
			    const char *context, struct mdg_err *err);
bool mdg_mail_token_expire(struct mdg_db *db, int64_t before_s,
			   struct mdg_err *err);

struct mdg_mail_order {
	int64_t id, delivery_id, person_id, ticket_id;
	struct mdg_span token; /* empty: none */
	struct mdg_span mark;  /* of the mail's id */
	const char *state, *evidence, *said, *what, *reason;
	int64_t received_s;
};
bool mdg_mail_order_add(struct mdg_db *db, const struct mdg_mail_order *o,
			struct mdg_err *err);
enum mdg_found mdg_mail_order_next(struct mdg_db *db, struct mdg_arena *a,
				   struct mdg_mail_order *ret,
				   struct mdg_err *err);
bool mdg_mail_order_begin(struct mdg_db *db, int64_t id, struct mdg_err *err);
/* done or refused; its words go. */
bool mdg_mail_order_end(struct mdg_db *db, int64_t id, const char *state,
			const char *what, const char *reason, int64_t now_s,
			struct mdg_err *err);
/* Was that very mail taken as an order before? */
bool mdg_mail_order_known(struct mdg_db *db, struct mdg_span mark, bool *ret,
			  struct mdg_err *err);
/* How many of that person came since then, refused ones or the others. */
bool mdg_mail_order_count(struct mdg_db *db, int64_t person, int64_t since_s,
			  bool refused, int64_t *ret, struct mdg_err *err);

struct mdg_mail_due {
	int64_t id, person_id, ticket_id, draft_id, made_s;
	const char *kind;
};
bool mdg_mail_due_add(struct mdg_db *db, const struct mdg_mail_due *m,
		      struct mdg_err *err);
/* Oldest first. */
bool mdg_mail_due_list(struct mdg_db *db, struct mdg_arena *a,
		       struct mdg_mail_due *v, size_t max, size_t *ret_n,
		       struct mdg_err *err);
bool mdg_mail_due_drop(struct mdg_db *db, int64_t id, struct mdg_err *err);

/* The next event of a lane behind `seq` that people are told of. */
struct mdg_mail_event {
	int64_t seq, ticket_id;
	const char *kind, *codes, *actor;
};
bool mdg_mail_events(struct mdg_db *db, int64_t lane, int64_t seq,
		     struct mdg_arena *a, struct mdg_mail_event *v, size_t max,
		     size_t *ret_n, struct mdg_err *err);

#endif
