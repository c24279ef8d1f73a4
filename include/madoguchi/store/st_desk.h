/*
 * What seldom changes: settings, sealed secrets, people and their roles,
 * windows, accounts, calendars, policies, templates.
 *
 * Rows are returned on an arena. MDG_NONE: there is no such row.
 */
#ifndef MDG_STORE_ST_DESK_H
#define MDG_STORE_ST_DESK_H

#include "madoguchi/base/arena.h"
#include "madoguchi/store/db.h"
#include "madoguchi/store/st_template.h"

/* "" when it was never set. */
bool mdg_setting_get(struct mdg_db *db, const char *key, struct mdg_arena *a,
		     const char **ret, struct mdg_err *err);
bool mdg_setting_put(struct mdg_db *db, const char *key, const char *value,
		     struct mdg_err *err);

enum mdg_found mdg_secret_get(struct mdg_db *db, const char *name,
			      struct mdg_buf *ret_sealed, struct mdg_err *err);
bool mdg_secret_put(struct mdg_db *db, const char *name, struct mdg_span sealed,
		    struct mdg_err *err);

struct mdg_person {
	int64_t id;
	const char *login, *name, *email, *lang;
	int64_t os_uid; /* -1: none */
	bool is_admin, disabled;
};
bool mdg_person_add(struct mdg_db *db, const struct mdg_person *p,
		    int64_t now_s, int64_t *ret_id, struct mdg_err *err);
enum mdg_found mdg_person_by_login(struct mdg_db *db, const char *login,
				   struct mdg_arena *a, struct mdg_person *ret,
				   struct mdg_err *err);
enum mdg_found mdg_person_by_id(struct mdg_db *db, int64_t id,
				struct mdg_arena *a, struct mdg_person *ret,
				struct mdg_err *err);
enum mdg_found mdg_person_by_uid(struct mdg_db *db, int64_t uid,
				 struct mdg_arena *a, struct mdg_person *ret,
				 struct mdg_err *err);
bool mdg_person_disable(struct mdg_db *db, int64_t id, bool disabled,
			struct mdg_err *err);

enum mdg_member_role {
	MDG_MEMBER_NONE,
	MDG_MEMBER_VIEWER,
	MDG_MEMBER_OPERATOR,
	MDG_MEMBER_SV,
	MDG_MEMBER_ADMIN,
	MDG_MEMBER_N
};
const char *mdg_member_role_name(enum mdg_member_role r);
/* MDG_MEMBER_N for an unknown name; accepts the Japanese words too. */
enum mdg_member_role mdg_member_role_from_name(const char *name);
bool mdg_member_put(struct mdg_db *db, int64_t win, int64_t person,
		    enum mdg_member_role role, bool is_novice,
		    struct mdg_err *err);
/* MDG_MEMBER_NONE when not a member. */
bool mdg_member_get(struct mdg_db *db, int64_t win, int64_t person,
		    enum mdg_member_role *ret, bool *ret_novice,
		    struct mdg_err *err);
/* The highest role that the person has in any window. */
bool mdg_member_best(struct mdg_db *db, int64_t person,
		     enum mdg_member_role *ret, struct mdg_err *err);

struct mdg_win {
	int64_t id;
	const char *code, *name, *address, *from_name;
	const char *greeting, *closing, *signature;
	const char *calendar, *policy, *approval;
	bool self_approval;
	int64_t spam_points; /* mail/verdict.h; 0: not looked at */
	/* of its letters: mdg_win_letter_put() writes them */
	const char *greeting_en, *closing_en, *signature_en;
	const char *lang;        /* ja | en: where no mail tells */
	const char *quote;       /* none | part | whole */
	const char *subject_tag; /* none | head | end */
	int64_t columns;
};
/* Its code, address, calendar and policy stay. */
bool mdg_win_update(struct mdg_db *db, const struct mdg_win *w,
		    struct mdg_err *err);
bool mdg_win_add(struct mdg_db *db, const struct mdg_win *w, int64_t now_s,
		 int64_t *ret_id, struct mdg_err *err);
/* Writes the language and form of its letters, and its English texts. */
bool mdg_win_letter_put(struct mdg_db *db, const struct mdg_win *w,
			struct mdg_err *err);
enum mdg_found mdg_win_by_id(struct mdg_db *db, int64_t id, struct mdg_arena *a,
			     struct mdg_win *ret, struct mdg_err *err);
enum mdg_found mdg_win_by_code(struct mdg_db *db, const char *code,
			       struct mdg_arena *a, struct mdg_win *ret,
			       struct mdg_err *err);
bool mdg_win_address_put(struct mdg_db *db, int64_t win, const char *key,
			 const char *address, struct mdg_err *err);
enum mdg_found mdg_win_by_address(struct mdg_db *db, const char *key,
				  int64_t *ret_win, struct mdg_err *err);
bool mdg_win_account_put(struct mdg_db *db, int64_t win, int64_t account,
			 const char *domain, struct mdg_err *err);
/* The window of an account whose mail names no window's address. */
enum mdg_found mdg_win_of_account(struct mdg_db *db, int64_t account,
				  int64_t *ret_win, struct mdg_err *err);
/* The account to send by: the recipient's domain first, then the default. */
enum mdg_found mdg_account_for(struct mdg_db *db, int64_t win,
			       const char *domain, int64_t *ret_account,
			       struct mdg_err *err);

struct mdg_account {
	int64_t id;
	const char *name, *address;
	const char *imap_host, *smtp_host;
	int64_t imap_port, imap_tls, smtp_port, smtp_tls;
	const char *auth, *login, *ca_file, *sent_folder;
	bool removed;
};
bool mdg_account_add(struct mdg_db *db, const struct mdg_account *c,
		     int64_t now_s, int64_t *ret_id, struct mdg_err *err);
enum mdg_found mdg_account_by_id(struct mdg_db *db, int64_t id,
				 struct mdg_arena *a, struct mdg_account *ret,
				 struct mdg_err *err);
enum mdg_found mdg_account_by_name(struct mdg_db *db, const char *name,
				   struct mdg_arena *a, struct mdg_account *ret,
				   struct mdg_err *err);
/* All that are not removed; *ret_n <= max. */
bool mdg_account_list(struct mdg_db *db, int64_t *ids, size_t max,
		      size_t *ret_n, struct mdg_err *err);
/* "password" or "oauth2" */
bool mdg_account_auth(struct mdg_db *db, int64_t id, const char *auth,
		      struct mdg_err *err);
/* All but the address. EEXIST: another one in use has the name. */
bool mdg_account_change(struct mdg_db *db, const struct mdg_account *c,
			struct mdg_err *err);
bool mdg_account_remove(struct mdg_db *db, int64_t id, struct mdg_err *err);

/* kind: MDG_CALENDAR or MDG_POLICY. A new version unless json is the same. */
enum mdg_versioned { MDG_CALENDAR, MDG_POLICY };
bool mdg_versioned_put(struct mdg_db *db, enum mdg_versioned kind,
		       const char *name, const char *json, int64_t now_s,
		       int64_t *ret_id, struct mdg_err *err);
enum mdg_found mdg_versioned_newest(struct mdg_db *db, enum mdg_versioned kind,
				    const char *name, int64_t *ret_id,
				    struct mdg_err *err);
/* The newest policy and calendar of a window. */
enum mdg_found mdg_win_versions(struct mdg_db *db, int64_t win,
				int64_t *ret_policy, int64_t *ret_calendar,
				struct mdg_err *err);
enum mdg_found mdg_versioned_json(struct mdg_db *db, enum mdg_versioned kind,
				  int64_t id, struct mdg_arena *a,
				  const char **ret, struct mdg_err *err);

#endif
