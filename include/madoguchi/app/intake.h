/*
 * intake: what happens to a mail once the server has it.
 *
 * Transaction 1: mdg_intake_listed(), mdg_intake_raw() — the UID and the raw
 * bytes. From its commit on the mail cannot be lost.
 * Transaction 2: mdg_intake_mail() — window, thread, ticket, message,
 * customer, clocks, one event, and the delivery is done. Idempotent by
 * delivery: a second call for a delivery that is done changes nothing.
 *
 * The caller (daemon/fetcher, cli import) opens and commits transactions, many
 * mails at once, with mdg_desk_save() around each mail of transaction 2.
 */
#ifndef MDG_APP_INTAKE_H
#define MDG_APP_INTAKE_H

#include "madoguchi/app/desk.h"
#include "madoguchi/desk/thread.h"
#include "madoguchi/model/mail.h"
#include "madoguchi/store/st_mail.h"

/*
 * The server has this UID. *ret_wanted: its body is still to be fetched.
 */
bool mdg_intake_listed(struct mdg_desk *d, const struct mdg_delivery *listed,
		       bool *ret_wanted, struct mdg_err *err);

/* One chunk of a raw mail. Chunks of one mail come in order. */
struct mdg_intake_chunk {
	int64_t account_id, folder_id, uidvalidity, uid;
	int64_t n;
	bool last;
	int64_t raw_bytes;           /* with last */
	const unsigned char *digest; /* with last */
	struct mdg_span zstd;
};
/*
 * *raw_id carries the row between the chunks of one mail: 0 before the first.
 * With the last chunk *ret_delivery_id is set and the delivery is stored; it
 * is 0 when the mail was stored before (the chunk is then dropped).
 */
bool mdg_intake_raw(struct mdg_desk *d, const struct mdg_intake_chunk *c,
		    int64_t *raw_id, int64_t *ret_delivery_id,
		    struct mdg_err *err);

/* The server could not give this UID, or has it no more. */
bool mdg_intake_failed(struct mdg_desk *d, int64_t account, int64_t folder,
		       int64_t uidvalidity, int64_t uid, bool vanished,
		       const char *reason, struct mdg_err *err);

struct mdg_intake_result {
	int64_t ticket_id, message_id;
	enum mdg_evidence evidence;
	bool is_new_ticket;
};
/* A parsed mail. */
bool mdg_intake_mail(struct mdg_desk *d, int64_t delivery_id,
		     const struct mdg_mail *m, struct mdg_intake_result *ret,
		     struct mdg_err *err);

/*
 * A mail that could not be parsed: a 取込エラー ticket from what a dumb scan
 * of its first bytes shows (raw: may be cut). The raw mail stays.
 */
bool mdg_intake_poison(struct mdg_desk *d, int64_t delivery_id,
		       struct mdg_span raw, const char *reason,
		       struct mdg_err *err);

#endif
