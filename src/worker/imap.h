/*
 * One IMAP session, as a library: no frames, no process, so that tests can
 * drive it against a real server.
 *
 * libetpan parses the answers; every command has an absolute deadline and a
 * byte budget (stream.h). A session whose call failed with MDG_ENET, MDG_ETLS,
 * MDG_ETIMEOUT or MDG_EPROTO is over: close it. Other codes (MDG_ENOENT,
 * MDG_EAUTH, MDG_ESTATE …) leave it usable.
 *
 * Folder names are as the server spells them (modified UTF-7); see utf7imap.h.
 */
#ifndef MDG_WORKER_IMAP_H
#define MDG_WORKER_IMAP_H

#include "chunk.h"
#include "stream.h"

struct mdg_imap;

/* Connect, greet, secure, ask for capabilities. */
bool mdg_imap_open(const struct mdg_peer *peer, struct mdg_imap **ret,
		   struct mdg_err *err);
/* Says LOGOUT if the session is well, and waits at most a moment. */
void mdg_imap_close(struct mdg_imap **im);
struct mdg_stream *mdg_imap_stream(struct mdg_imap *im);
/* "IDLE", "UIDPLUS", "AUTH=PLAIN" …; any case. */
bool mdg_imap_has(const struct mdg_imap *im, const char *capability);

/*
 * Log in: PLAIN or LOGIN with a password, XOAUTH2 with a token. Nothing is
 * sent over a stream that is not private. MDG_EAUTH: the server said no.
 */
bool mdg_imap_login(struct mdg_imap *im, const char *user, const char *secret,
		    enum mdg_auth_kind kind, struct mdg_err *err);
/* Say who we are (RFC 2971); some servers want it. Failure does not matter. */
void mdg_imap_id(struct mdg_imap *im);

enum mdg_folder_use { /* RFC 6154 */
		      MDG_USE_NONE,
		      MDG_USE_INBOX,
		      MDG_USE_SENT,
		      MDG_USE_TRASH,
		      MDG_USE_JUNK,
		      MDG_USE_DRAFTS,
		      MDG_USE_ARCHIVE,
		      MDG_USE_ALL,
		      MDG_USE_N
};

struct mdg_imap_name {
	const char *raw;  /* as the server spells it */
	const char *name; /* decoded, for people */
	enum mdg_folder_use use;
	bool selectable;
};

/* All folders, from `a`; at most MDG_FOLDER_NAMES_MAX. */
enum { MDG_FOLDER_NAMES_MAX = 10000 };
bool mdg_imap_folders(struct mdg_imap *im, struct mdg_arena *a,
		      struct mdg_imap_name **ret, size_t *ret_n,
		      struct mdg_err *err);

struct mdg_imap_state {
	uint32_t uidvalidity, uidnext, exists; /* uidnext 0: not told */
	uint64_t modseq; /* of select, where the server has CONDSTORE; else 0 */
};

/*
 * Open a folder, read-only unless `write`. MDG_ENOENT: there is none.
 */
bool mdg_imap_select(struct mdg_imap *im, const char *raw, bool write,
		     struct mdg_imap_state *ret, struct mdg_err *err);
/* STATUS of another folder, without leaving the selected one. */
bool mdg_imap_status(struct mdg_imap *im, const char *raw,
		     struct mdg_imap_state *ret, struct mdg_err *err);

struct mdg_imap_item {
	uint32_t uid;
	uint64_t size;          /* what the server claims */
	int64_t internaldate_s; /* 0: not told */
};

/*
 * What a listing asks of each mail. A date or size outside the grammar breaks
 * the session (MDG_EPROTO), at each listing anew: ask for less then.
 */
enum mdg_imap_asks { MDG_IMAP_DATES, MDG_IMAP_SIZES, MDG_IMAP_UIDS };

typedef bool (*mdg_imap_item_fn)(void *ctx, const struct mdg_imap_item *it,
				 struct mdg_err *err);
/*
 * The mails above a watermark, a window of about a thousand at a time: a huge
 * folder passes in bounded memory, and the first mails need not wait until the
 * server knows the size of the last (Dovecot reads each mail for it).
 */
struct mdg_imap_walk {
	uint32_t low;   /* UIDs up to here are passed; set it to begin */
	uint32_t width; /* in UIDs; 0 to begin */
	bool done;      /* that was the last window */
	enum mdg_imap_asks asks;
};
/* The mails of the next window, ascending, each once. */
bool mdg_imap_list(struct mdg_imap *im, struct mdg_imap_walk *walk,
		   mdg_imap_item_fn fn, void *ctx, struct mdg_err *err);
/* The same of these UIDs; those that are gone are left out. */
bool mdg_imap_list_uids(struct mdg_imap *im, const uint32_t *uids, size_t n,
			enum mdg_imap_asks asks, mdg_imap_item_fn fn, void *ctx,
			struct mdg_err *err);
/*
 * Where to begin for mails that arrived since a time: the largest UID below
 * them all. May be too low by a day's mails, never too high.
 */
bool mdg_imap_low_since(struct mdg_imap *im, int64_t since_s, uint32_t *ret_low,
			struct mdg_err *err);

/* Where the bodies go. Calls for one mail follow each other. */
struct mdg_imap_sink {
	void *ctx;
	bool (*chunk)(void *ctx, uint32_t uid, const struct mdg_chunk *c,
		      struct mdg_err *err);
	/*
	 * This mail could not be had; chunks of it that were handed out are
	 * void. The next one goes on.
	 */
	bool (*failed)(void *ctx, uint32_t uid, bool vanished,
		       const char *reason, struct mdg_err *err);
};

/* Bounds of one FETCH of several mails, and of its answer in memory. */
enum { MDG_FETCH_BATCH_N = 50, MDG_FETCH_BATCH_BYTES = 4 << 20 };
/*
 * Bodies of `items` (ascending UIDs of the selected folder), in order, with
 * BODY.PEEK[]: small ones together, larger ones streamed alone. A mail beyond
 * MDG_RAW_BYTES_MAX, one the server cannot give or that is gone is reported
 * through sink->failed. false: the session broke, or the sink said no.
 */
bool mdg_imap_fetch(struct mdg_imap *im, const struct mdg_imap_item *items,
		    size_t n, const struct mdg_imap_sink *sink,
		    struct mdg_err *err);

/*
 * Wait for news of the selected folder up to timeout_ms: IDLE where the
 * server has it, else only the time passes. News that came with the answer to
 * an earlier command end it at once. What comes is a hint; list above the
 * watermark afterwards in any case. Ends early when the wake descriptor
 * stirred (*ret_woken).
 */
bool mdg_imap_idle(struct mdg_imap *im, int64_t timeout_ms, bool *ret_news,
		   bool *ret_woken, struct mdg_err *err);
/* Never IDLE in this session: only wait. */
void mdg_imap_never_idle(struct mdg_imap *im);
/* Still there? */
bool mdg_imap_noop(struct mdg_imap *im, struct mdg_err *err);

/* UIDs in `raw` whose Message-ID header is this (without <>), newest first. */
bool mdg_imap_find(struct mdg_imap *im, const char *raw, const char *message_id,
		   uint32_t *ret_uid /* 0: none */, struct mdg_err *err);
/*
 * Put a mail into a folder unless one with that Message-ID is there already:
 * doing it twice leaves one. Marked \Seen. Selects `raw` read-only.
 */
bool mdg_imap_append_once(struct mdg_imap *im, const char *raw,
			  const char *message_id, struct mdg_span bytes,
			  uint32_t *ret_uid /* 0: not told */,
			  struct mdg_err *err);

/*
 * What a policy does to mails of the folder that is open for writing. UIDs
 * that are gone are no failure: it may be asked for twice. MDG_ESTATE where
 * the server cannot do it to these mails alone (RFC 4315, RFC 6851).
 */
bool mdg_imap_keyword(struct mdg_imap *im, const uint32_t *uids, size_t n,
		      const char *keyword, struct mdg_err *err);
bool mdg_imap_move(struct mdg_imap *im, const uint32_t *uids, size_t n,
		   const char *target, struct mdg_err *err);
bool mdg_imap_delete(struct mdg_imap *im, const uint32_t *uids, size_t n,
		     struct mdg_err *err);

/* How full the mailbox is (RFC 2087, 9208); *ret_limit 0: no limit told. */
bool mdg_imap_quota(struct mdg_imap *im, uint64_t *ret_used,
		    uint64_t *ret_limit, struct mdg_err *err);

#endif
