/* The pieces of a fetcher: fetcher.c (process, commits), fetcher_rows.c (what
 * it brings), fetcher_ask.c (what it is asked for). */
#ifndef MDG_DAEMON_FETCHER_INT_H
#define MDG_DAEMON_FETCHER_INT_H

#include "core.h"
#include "madoguchi/store/st_folder.h"
#include "feed.h"
#include "worker.h"

/* UIDs of one folder that were listed and are not yet settled, ascending. */
struct pending {
	uint32_t *v; /* 0: settled */
	size_t head, n, cap;
	uint32_t top; /* highest that was settled */
};

struct folder {
	int64_t id;
	uint32_t uidvalidity;
	uint32_t uidnext;    /* when it was opened: below it all was looked at */
	uint32_t low_uid; /* committed */
	uint32_t settled; /* highest uid handled in the open batch */
	bool dirty;       /* settled moved since the last commit */
	struct pending pending;
	int64_t raw_id;   /* of a mail whose chunks are still coming */
	int64_t raw_kept; /* the same, as far as it is committed */
	int64_t synced_s; /* the last pass that was written down */
	uint32_t exists;  /* at the opening */
	uint64_t modseq;
	bool looking; /* all its UIDs were asked for, to compare */
	int64_t look_not_before_s;
	/* what the policy has asked the server for, and which one it was */
	uint32_t *acting;
	size_t acting_n;
	char acting_as[16];
	bool act_wanted; /* look again, at the next tick */
	int64_t act_not_before_ms;
};

struct uid_request {
	uint32_t id;
	int64_t folder_id;
	void (*done)(void *arg, const struct uid_list *l);
	void *arg;
	struct uid_list list;
};

struct names_request {
	uint32_t id; /* 0: free */
	void (*done)(void *arg, const struct mdg_folder_names *l,
		     const struct mdg_err *why);
	void *arg;
};

enum { FOLDERS_MAX = 200, UID_REQUESTS_MAX = 256, NAMES_REQUESTS_MAX = 8 };

struct fetcher {
	struct mdg_worker worker;
	struct core *core;
	int64_t account_id;
	struct folder folders[FOLDERS_MAX];
	size_t folders_n;
	uint32_t next_id;
	struct uid_request requests[UID_REQUESTS_MAX];
	size_t requests_n;
	struct names_request names[NAMES_REQUESTS_MAX];
	int64_t copying; /* outbox id of the Sent copy under way */
	int64_t copy_not_before_s;
	struct feed feed; /* its bytes on their way */
	struct mdg_err problem;
};

/* Logs what was wrong; false, which closes the worker. */
bool fetcher_bad(struct fetcher *f, const char *what,
		 const struct mdg_err *err);
struct folder *fetcher_folder(struct fetcher *f, int64_t id);
/* The rest of a mail will not come: it is fetched again as a whole. */
void fetcher_drop_half(struct fetcher *f, struct folder *fo);
void fetcher_pending_clear(struct pending *p);
void fetcher_finish_uids(struct fetcher *f, size_t i, bool ok);
void fetcher_finish_names(struct fetcher *f, const struct mdg_err *why);
/* A pass is complete: is it time to compare, does the policy want something?
 */
bool fetcher_after_pass(struct fetcher *f, struct folder *fo);
/* Nothing that was asked for will be answered any more. */
void fetcher_forget_asked(struct folder *fo);

/* Goes on with the bytes of a Sent copy. */
void fetcher_on_drained(struct mdg_peer *p);

/* Frames of mdg-imap. */
bool fetcher_on_folder(struct fetcher *f, const struct mdg_frame *frame);
bool fetcher_on_listed(struct fetcher *f, const struct mdg_frame *frame);
bool fetcher_on_raw(struct fetcher *f, const struct mdg_frame *frame);
bool fetcher_on_fetch_failed(struct fetcher *f, const struct mdg_frame *frame);
bool fetcher_on_synced(struct fetcher *f, const struct mdg_frame *frame);
bool fetcher_on_appended(struct fetcher *f, const struct mdg_frame *frame);
bool fetcher_on_uids(struct fetcher *f, const struct mdg_frame *frame);
bool fetcher_on_ignored(struct fetcher *f, const struct mdg_frame *frame);
bool fetcher_on_acted(struct fetcher *f, const struct mdg_frame *frame);
bool fetcher_on_quota(struct fetcher *f, const struct mdg_frame *frame);
bool fetcher_on_folders(struct fetcher *f, const struct mdg_frame *frame);
bool fetcher_on_problem(struct fetcher *f, const struct mdg_frame *frame);

#endif
