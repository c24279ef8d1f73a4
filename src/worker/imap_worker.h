/* The inside of mdg-imap: imap_main.c, imap_sync.c, imap_serve.c. */
#ifndef MDG_WORKER_IMAP_WORKER_H
#define MDG_WORKER_IMAP_WORKER_H

#include "imap.h"
#include "netmain.h"

enum { SENT_MAX = MDG_IMAP_AHEAD, SKIP_MAX = 64, QUEUE_MAX = 1024 };

/* Mails handed to the core and not yet ACKed, oldest first. */
struct sent {
	int64_t folder_id;
	uint32_t uid;
};

struct folder {
	const struct mdg_folder_config *config;
	const char *name;           /* as the server spells it */
	struct mdg_imap_state seen; /* at the last pass; uidvalidity 0: none */
	uint32_t low;               /* everything up to it was handed over */
	uint32_t begun;             /* since_s holds for the mails below */
	bool synced;
	bool troubled; /* the core was told that it cannot be read */
	enum mdg_imap_asks asks; /* of the next listing */
};

/* A request that came while a command was under way. */
struct request {
	uint16_t type;
	uint32_t id;
	struct mdg_buf payload;
	struct mdg_buf bytes; /* of APPEND, what came in BYTES before */
};

struct imap_worker {
	struct mdg_netmain net;
	struct mdg_arena arena; /* of config */
	struct mdg_imap_config config;
	bool has_config;
	struct folder *folders;
	struct mdg_peer peer;
	struct mdg_imap *im;   /* NULL: not connected */
	struct folder *opened; /* the selected one, or NULL */

	struct sent sent[SENT_MAX];
	size_t sent_n;
	struct mdg_cursor cursor;
	bool has_cursor;
	bool poked;
	struct request queue[QUEUE_MAX];
	size_t queue_n;
	bool core_gone; /* or it wants something else: see testing */
	struct mdg_err core_err;
	bool testing; /* a test was asked for: run it, then end */
	uint32_t test_id;

	/* A mail at which the connection broke, and how often. */
	int64_t suspect_folder;
	uint32_t suspect_uid;
	unsigned strikes;
	struct sent skip[SKIP_MAX];
	size_t skip_n;
	int64_t quota_at_ms; /* when to ask for it again */
	unsigned breaks;      /* in a row, without a mail or pass in between */
	unsigned idle_breaks; /* in a row, while resting */
	int64_t dialled_ms;
	unsigned short_n; /* sessions in a row that broke soon */
};

/* Take in all frames that are there; false: the core is gone or broken. */
bool imap_worker_drain(struct imap_worker *w);
/* Wait for frames up to timeout_ms, then drain. */
bool imap_worker_wait(struct imap_worker *w, int timeout_ms,
		      struct mdg_err *err);

/* Open a folder and settle where to begin with the core. */
bool imap_worker_open(struct imap_worker *w, struct folder *f,
		      struct mdg_err *err);
/* These are missing in the store, says the core: they come again. */
bool imap_worker_fetch(struct imap_worker *w, struct folder *f,
		       uint32_t uidvalidity, const uint32_t *uids, size_t n,
		       struct mdg_err *err);
/* The folder's name on this server; NULL with err if there is none. */
const char *imap_worker_name(struct imap_worker *w, struct folder *f,
			     struct mdg_err *err);
/* One pass: list above the watermark, announce, fetch, SYNCED. */
bool imap_worker_sync(struct imap_worker *w, struct folder *f,
		      struct mdg_err *err);
/* Tell that a folder holds nothing we have not handed over. */
bool imap_worker_synced(struct imap_worker *w, const struct folder *f,
			struct mdg_err *err);
/* Serve what is in the queue; what was not answered stays in it. */
bool imap_worker_serve(struct imap_worker *w, struct mdg_err *err);
/* The name of the folder for what went out, from `a`; NULL: there is none. */
const char *imap_worker_sent(struct imap_worker *w, struct mdg_arena *a,
			     struct mdg_err *err);
/* Tell how it went with a folder; false only when session or core are lost. */
bool imap_worker_result(struct imap_worker *w, enum mdg_frame_type type,
			uint32_t request, int64_t folder_id,
			const struct mdg_err *why, struct mdg_err *err);
bool imap_serve_fetch(struct imap_worker *w, const struct request *rq,
		      struct mdg_err *err);
bool imap_serve_act(struct imap_worker *w, const struct request *rq,
		    struct mdg_err *err);
bool imap_serve_folders(struct imap_worker *w, const struct request *rq,
			struct mdg_err *err);
/* Tell how full the mailbox is, now and then. */
bool imap_worker_quota(struct imap_worker *w, struct mdg_err *err);
struct folder *imap_worker_folder(struct imap_worker *w, int64_t id);
/* A mailbox test on a connection of its own. */
bool imap_worker_test(struct imap_worker *w, uint32_t id, struct mdg_err *err);

#endif
