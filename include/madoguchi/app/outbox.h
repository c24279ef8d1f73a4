/*
 * outbox: from an approved revision to a mail that was accepted.
 *
 * The phases are committed before the step they allow:
 *
 *   mdg_outbox_claim()       queued -> sending, bytes frozen   then connect
 *   mdg_outbox_committing()  sending -> committing             then final dot
 *   mdg_outbox_finish()      what the server answered
 *   mdg_outbox_lost()        the sender died: sending is safe to retry,
 *                            committing becomes unknown and waits for a
 *                            person
 *
 * Each is one transaction of its own. Nothing is sent while the installation's
 * sending mode is off; `internal` sends only to addresses of the desk's own
 * people and windows.
 */
#ifndef MDG_APP_OUTBOX_H
#define MDG_APP_OUTBOX_H

#include "madoguchi/app/desk.h"
#include "madoguchi/desk/revision.h"
#include "madoguchi/store/st_reply.h"

struct mdg_outbox_job {
	int64_t outbox_id, account_id;
	const char *mail_from;
	struct mdg_strings rcpts;
	const char *message_id; /* reports name the mail by it */
	struct mdg_span bytes; /* empty: too long, by mdg_outbox_read() */
};

/* The next mail of this account, MDG_NONE if nothing may go out now. */
enum mdg_found mdg_outbox_claim(struct mdg_desk *d, int64_t account,
				struct mdg_arena *a,
				struct mdg_outbox_job *ret,
				struct mdg_err *err);
bool mdg_outbox_committing(struct mdg_desk *d, int64_t id,
			   struct mdg_err *err);

struct mdg_outbox_answer {
	const char *address;
	const char *outcome; /* accepted tempfail permfail unknown */
	int64_t code;
	const char *text;
};
/*
 * account_problem: login, TLS or connect failed: the mail goes back to the
 * queue and its attempts do not count.
 */
bool mdg_outbox_finish(struct mdg_desk *d, int64_t id, bool account_problem,
		       const struct mdg_outbox_answer *v, size_t n,
		       struct mdg_err *err);
/*
 * At the start of a store that was put back: what waited in it may have gone
 * out since. Replies become unknown and wait for a person; receipts, notices
 * and alarms are dropped.
 */
bool mdg_outbox_restored(struct mdg_desk *d, struct mdg_err *err);
/*
 * The sender of this account is gone; at start, of every account (0).
 * unreleased: the one whose end it was surely not allowed, because the store
 * did not say that it keeps the note of it; or 0.
 */
bool mdg_outbox_lost(struct mdg_desk *d, int64_t account, int64_t unreleased,
		     struct mdg_err *err);

/* A person decides about an unknown or failed one. */
bool mdg_outbox_resolve(struct mdg_desk *d, const struct mdg_actor *who,
			int64_t id, bool was_sent, struct mdg_err *err);

/* A person takes it back; *ret_was_sent: some have it already, so that only
 * the rest goes without. */
bool mdg_outbox_stop(struct mdg_desk *d, const struct mdg_actor *who,
		     int64_t id, bool *ret_was_sent, struct mdg_err *err);

/*
 * What a mail that came in tells of those that went out: who names one of
 * ours or is it proves an unknown one; a delivery report marks its recipients
 * and raises the ticket. from_sent: it lies in a Sent folder.
 */
bool mdg_outbox_evidence(struct mdg_desk *d, const struct mdg_mail *m,
			 bool from_sent, struct mdg_err *err);

/* Does it report on, or answer, an alarm or a daily mail of ours? */
bool mdg_outbox_of_alarm(struct mdg_desk *d, const struct mdg_mail *m,
			 bool *ret, struct mdg_err *err);

/* The Sent copy: MDG_NONE when none is wanted. */
enum mdg_found mdg_outbox_copy_next(struct mdg_desk *d, int64_t account,
				    struct mdg_arena *a,
				    struct mdg_outbox_row *ret,
				    struct mdg_err *err);
bool mdg_outbox_copied(struct mdg_desk *d, int64_t id, bool done,
		       struct mdg_err *err);

/* Seconds to the retry after that many attempts: 1 m, 5 m, 15 m, 1 h, 2 h,
 * then 4 h each; 20 % jitter. After 48 h of trying the caller gives up. */
int64_t mdg_outbox_backoff_s(int64_t attempts);

#endif
