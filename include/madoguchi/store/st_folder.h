/*
 * Folders of an account: how far each has been read, what is done on the
 * server afterwards, and what the last comparison with the server found.
 */
#ifndef MDG_STORE_ST_FOLDER_H
#define MDG_STORE_ST_FOLDER_H

#include "madoguchi/base/arena.h"
#include "madoguchi/store/db.h"

struct mdg_folder {
	int64_t id, account_id;
	const char *name, *role; /* "" with role sent: the one marked \Sent */
	const char *found_name;
	int64_t uidvalidity, low_uid, since_s, begun_uid, synced_s;
	const char *policy, *policy_arg;
	int64_t policy_uid;
	int64_t looked_s, clean_s, look_next, look_exists, look_modseq;
	const char *problem;
};
/* A folder that was removed comes back as it was. Of f: account_id, name, role,
 * since_s, synced_s, and the policy unless it is NULL. */
bool mdg_folder_add(struct mdg_db *db, const struct mdg_folder *f,
		    int64_t *ret_id, struct mdg_err *err);
enum mdg_found mdg_folder_by_id(struct mdg_db *db, int64_t id,
				struct mdg_arena *a, struct mdg_folder *ret,
				struct mdg_err *err);
enum mdg_found mdg_folder_by_name(struct mdg_db *db, int64_t account,
				  const char *name, struct mdg_arena *a,
				  struct mdg_folder *ret, struct mdg_err *err);
/* Without the removed ones; intake first. */
bool mdg_folder_list(struct mdg_db *db, int64_t account, struct mdg_arena *a,
		     struct mdg_folder **ret, size_t *ret_n,
		     struct mdg_err *err);
enum mdg_folder_role { MDG_FOLDER_INTAKE, MDG_FOLDER_SENT, MDG_FOLDER_JUNK };
bool mdg_folder_role(struct mdg_db *db, int64_t folder,
		     enum mdg_folder_role *ret, struct mdg_err *err);
bool mdg_folder_cursor(struct mdg_db *db, int64_t folder, int64_t uidvalidity,
		       int64_t low_uid, struct mdg_err *err);
/* Another UIDVALIDITY: everything begins again. */
bool mdg_folder_anew(struct mdg_db *db, int64_t folder, int64_t uidvalidity,
		     int64_t uidnext,
		     struct mdg_err *err);
bool mdg_folder_synced(struct mdg_db *db, int64_t folder, int64_t now_s,
		       struct mdg_err *err);
bool mdg_folder_found(struct mdg_db *db, int64_t folder, const char *name,
		      struct mdg_err *err);
bool mdg_folder_problem(struct mdg_db *db, int64_t folder, const char *why,
			struct mdg_err *err);
bool mdg_folder_remove(struct mdg_db *db, int64_t folder, struct mdg_err *err);
/* The account goes to another place: UIDs there are none of ours, whatever
 * their UIDVALIDITY, so nothing there is taken for what was here. */
bool mdg_folder_leave(struct mdg_db *db, int64_t account, struct mdg_err *err);
bool mdg_folder_policy(struct mdg_db *db, int64_t folder, const char *policy,
		       const char *arg, struct mdg_err *err);
/* Every mail up to this UID has been dealt with. */
bool mdg_folder_policy_done(struct mdg_db *db, int64_t folder, int64_t uid,
			    struct mdg_err *err);
/* The look_* fields of f, and when. */
bool mdg_folder_looked(struct mdg_db *db, const struct mdg_folder *f,
		       bool clean, int64_t now_s, struct mdg_err *err);

/* UIDs that a first sync left out. */
struct mdg_uid_range {
	int64_t first, last;
};
bool mdg_ignored_add(struct mdg_db *db, int64_t folder, int64_t uidvalidity,
		     int64_t first_uid, int64_t last_uid, struct mdg_err *err);
bool mdg_ignored_list(struct mdg_db *db, int64_t folder, int64_t uidvalidity,
		      struct mdg_arena *a, struct mdg_uid_range **ret,
		      size_t *ret_n, struct mdg_err *err);

bool mdg_quota_put(struct mdg_db *db, int64_t account, int64_t used_bytes,
		   int64_t limit_bytes, int64_t now_s, struct mdg_err *err);

#endif
