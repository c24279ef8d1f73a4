/* Reply templates: every version is kept, the newest counts. */
#ifndef MDG_STORE_ST_TEMPLATE_H
#define MDG_STORE_ST_TEMPLATE_H

#include "madoguchi/base/arena.h"
#include "madoguchi/store/db.h"

struct mdg_template_row {
	const char *id, *title, *category, *source;
	int64_t version;
	int64_t owner_id, expires_s; /* 0: none */
	int64_t created_s;
	bool retired;
};
/* A new version unless the source is the same; a retired one is used again.
 * owner and expiry stay those of the version before. */
bool mdg_template_put(struct mdg_db *db, const struct mdg_template_row *t,
		      int64_t now_s, struct mdg_err *err);
/* Not one that is retired. */
enum mdg_found mdg_template_newest(struct mdg_db *db, const char *id,
				   struct mdg_arena *a,
				   struct mdg_template_row *ret,
				   struct mdg_err *err);
/* Any version, also of a retired one. */
enum mdg_found mdg_template_version(struct mdg_db *db, const char *id,
				    int64_t version, struct mdg_arena *a,
				    struct mdg_template_row *ret,
				    struct mdg_err *err);
/* What may be used now: neither retired nor expired. */
bool mdg_template_list(struct mdg_db *db, struct mdg_arena *a,
		       struct mdg_template_row **ret, size_t *ret_n,
		       struct mdg_err *err);
/* The newest of each that is not retired, also the expired. */
bool mdg_template_all(struct mdg_db *db, struct mdg_arena *a,
		      struct mdg_template_row **ret, size_t *ret_n,
		      struct mdg_err *err);
/* The newest version of each that is offered no more. */
bool mdg_template_retired(struct mdg_db *db, struct mdg_arena *a,
			  struct mdg_template_row **ret, size_t *ret_n,
			  struct mdg_err *err);
/* All versions, newest first. */
bool mdg_template_history(struct mdg_db *db, const char *id,
			  struct mdg_arena *a, struct mdg_template_row **ret,
			  size_t *ret_n, struct mdg_err *err);
/* Of all versions; *ret: false if there is none. */
bool mdg_template_retire(struct mdg_db *db, const char *id, bool *ret,
			 struct mdg_err *err);
/* owner 0 and expires_s 0 take it away. */
bool mdg_template_care(struct mdg_db *db, const char *id, int64_t owner,
		       int64_t expires_s, bool *ret, struct mdg_err *err);

#endif
