/*
 * lookback: all UIDs of a folder on the server against ours.
 *
 * Everything on the server is stored, in 取込エラー, erased, left out by order,
 * or not yet fetched; what is none of these is missing and comes again. What
 * we hold and the server does not have any more went by our policy or by
 * somebody else's hand; what we only saw listed is lost and named.
 */
#ifndef MDG_APP_LOOKBACK_H
#define MDG_APP_LOOKBACK_H

#include "madoguchi/app/desk.h"
#include "madoguchi/store/st_folder.h"

struct mdg_look {
	size_t server, stored, quarantined, erased, ignored;
	size_t waiting;    /* arrived since: the next pass has them */
	size_t vanished;   /* lost before we had them, ever */
	size_t by_policy, by_others; /* stored, and gone from the server */
	uint32_t *missing; /* to be fetched again; on the caller's arena */
	size_t missing_n;
	bool capped;       /* more changes than one call writes */
};

/* A UID that is not simply stored: why, and our state of it (or NULL). */
typedef void (*mdg_look_fn)(void *ctx, uint32_t uid, const char *what,
			    const char *state);

/*
 * Compares and writes down what the server no longer has, in the caller's
 * transaction. uids: ascending, of that uidvalidity; f as stored, with the
 * look_* fields of the opening that listed them.
 */
bool mdg_intake_look(struct mdg_desk *d, const struct mdg_folder *f,
		     int64_t uidvalidity, const uint32_t *uids, size_t n,
		     mdg_look_fn fn, void *ctx, struct mdg_arena *a,
		     struct mdg_look *ret, struct mdg_err *err);

/*
 * What the folder's policy may do next, written down as begun: UIDs on the
 * arena, none when there is nothing to do. delete: only mails that are stored
 * for that many days, whole, and were seen in a comparison that found
 * everything accounted for. *ret_waits: a mail that is still being taken in
 * holds up those behind it, or more are to be looked at.
 */
enum { MDG_POLICY_UIDS_MAX = 200 };
bool mdg_intake_policy_next(struct mdg_desk *d, const struct mdg_folder *f,
			    struct mdg_arena *a, uint32_t **ret_uids,
			    size_t *ret_n, bool *ret_waits,
			    struct mdg_err *err);
/* The server has done what `policy` asked for; f's may be another by now. */
bool mdg_intake_policy_done(struct mdg_desk *d, const struct mdg_folder *f,
			    const char *policy, const uint32_t *uids, size_t n,
			    struct mdg_err *err);

#endif
