/*
 * What the virus scanner said: a row for each mail that came and each file of
 * a draft since a scanner is configured.
 *
 *   waiting -> clean | found | skipped     skipped -> waiting (a new start)
 *   found -> released                      a lead knows better
 */
#ifndef MDG_STORE_ST_SCAN_H
#define MDG_STORE_ST_SCAN_H

#include "madoguchi/base/arena.h"
#include "madoguchi/store/db.h"

#define MDG_SCAN_MAIL "mail"     /* of a raw.id */
#define MDG_SCAN_UPLOAD "upload" /* of an upload.id */

struct mdg_scan {
	const char *kind;
	int64_t item_id, about_id; /* the message, the draft */
	const char *state;
	const char *name; /* found, released: the signature; skipped: why */
	int64_t tries;
};

/* A row that is there already is about this message now. */
bool mdg_scan_add(struct mdg_db *db, const char *kind, int64_t item,
		  int64_t about, int64_t now_s, struct mdg_err *err);
enum mdg_found mdg_scan_get(struct mdg_db *db, const char *kind, int64_t item,
			    struct mdg_arena *a, struct mdg_scan *ret,
			    struct mdg_err *err);
/* What to scan next: files of drafts, for which somebody waits, then the
 * newest mail. */
enum mdg_found mdg_scan_next(struct mdg_db *db, int64_t now_s,
			     struct mdg_arena *a, struct mdg_scan *ret,
			     struct mdg_err *err);
bool mdg_scan_set(struct mdg_db *db, const char *kind, int64_t item,
		  const char *state, const char *name, int64_t now_s,
		  struct mdg_err *err);
/* One more try came to nothing; the next one not before. */
bool mdg_scan_later(struct mdg_db *db, const char *kind, int64_t item,
		    int64_t next_s, struct mdg_err *err);
bool mdg_scan_drop(struct mdg_db *db, const char *kind, int64_t item,
		   struct mdg_err *err);
/* Another scanner, or other settings of it: what it skipped comes again. */
bool mdg_scan_again(struct mdg_db *db, struct mdg_err *err);
/* No scanner any more: forgets all but what was found. */
bool mdg_scan_forget(struct mdg_db *db, struct mdg_err *err);
bool mdg_scan_waiting(struct mdg_db *db, int64_t *ret_n, struct mdg_err *err);
/* The whole files of a draft in that state: how many, the first one's name and
 * what was found in it ("" without one). */
bool mdg_scan_of_draft(struct mdg_db *db, int64_t draft, const char *state,
		       struct mdg_arena *a, int64_t *ret_n,
		       const char **ret_file, const char **ret_name,
		       struct mdg_err *err);

#endif
