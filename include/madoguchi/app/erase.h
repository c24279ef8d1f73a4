/*
 * erase: personal data leaves the store, and what must stay stays.
 *
 * Erased of a ticket: every word of its mails, drafts and revisions, raw bytes,
 * attachments, addresses, the personal data of its events, its terms in the
 * search index. Kept: numbers, times, states, the chain of events (whose
 * commitments stay), and a keyed digest of each raw mail, so that the same
 * bytes do not come in again when a mailbox is made anew.
 *
 * All inside the caller's transaction. Afterwards, outside, the files are
 * cleaned; the setting `scrub` says that it has not been done yet.
 */
#ifndef MDG_APP_ERASE_H
#define MDG_APP_ERASE_H

#include "madoguchi/app/desk.h"

struct mdg_erased {
	int64_t tickets, mails;
};

/* One ticket; `whole`: its rows go too, and nothing but events remains. */
bool mdg_erase_ticket(struct mdg_desk *d, const struct mdg_actor *who,
		      int64_t ticket, bool whole, struct mdg_erased *sum,
		      struct mdg_err *err);
/*
 * A customer: their tickets, the mails they wrote into tickets of others,
 * their addresses wherever they stand. MDG_ESTATE while a mail to them is on
 * its way.
 */
bool mdg_erase_customer(struct mdg_desk *d, const struct mdg_actor *who,
			int64_t customer, struct mdg_erased *sum,
			struct mdg_err *err);

/* A mail that comes in after its ticket was erased, and belongs to it. */
bool mdg_erase_late(struct mdg_desk *d, int64_t delivery, int64_t raw,
		    struct mdg_err *err);

enum { MDG_ERASE_MARK = 33 };
/* Is there anything left in the files to clean? "" or a mark, new with each
 * erasure, shorter than MDG_ERASE_MARK. */
bool mdg_erase_wanted(struct mdg_desk *d, struct mdg_arena *a, const char **ret,
		      struct mdg_err *err);
/* It was cleaned after that mark was read: what was erased since is not. */
bool mdg_erase_cleaned(struct mdg_desk *d, const char *mark,
		       struct mdg_err *err);
/*
 * Both at once, with mdg_db_scrub() between them. *ret_done is false while a
 * reader holds old rows: again later. Outside a transaction.
 */
bool mdg_erase_finish(struct mdg_desk *d, bool *ret_done, struct mdg_err *err);

/* Closed tickets that are older than their window keeps them, up to max; one
 * transaction each. */
bool mdg_retention_step(struct mdg_desk *d, int64_t now_s, size_t max,
			size_t *ret_n, struct mdg_err *err);

#endif
