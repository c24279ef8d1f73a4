/*
 * clamd: one question to ClamAV's daemon over its unix socket (clamd(8),
 * INSTREAM: a length of four bytes, big endian, before each piece, zero at the
 * end; commands and answers end with NUL). What it answers is checked like
 * anything from outside.
 */
#ifndef MDG_WORKER_CLAMD_H
#define MDG_WORKER_CLAMD_H

#include "madoguchi/base/limits.h"
#include "madoguchi/ipc/proto.h"

struct mdg_clamd {
	int fd;
	int64_t until_ms; /* monotonic: all of it is over by then */
	char reply[MDG_CLAMD_REPLY_BYTES_MAX];
	size_t reply_n;
	bool has_answered; /* perhaps before it has all */
};

/* Before the process is confined. */
bool mdg_clamd_open(struct mdg_clamd *c, const char *path,
		    struct mdg_err *err);
void mdg_clamd_close(struct mdg_clamd *c);
bool mdg_clamd_ping(struct mdg_clamd *c, struct mdg_err *err);
bool mdg_clamd_begin(struct mdg_clamd *c, struct mdg_err *err);
/* What comes after an early answer is passed over. */
bool mdg_clamd_put(struct mdg_clamd *c, struct mdg_span bytes,
		   struct mdg_err *err);
bool mdg_clamd_end(struct mdg_clamd *c, char name[MDG_SCAN_NAME_BYTES_MAX + 1],
		   struct mdg_scan_said *ret, struct mdg_err *err);

/* One answer without its NUL; ret->name is in `name`. */
bool mdg_clamd_reply(struct mdg_span reply,
		     char name[MDG_SCAN_NAME_BYTES_MAX + 1],
		     struct mdg_scan_said *ret, struct mdg_err *err);

#endif
