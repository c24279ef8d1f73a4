/*
 * What stands around an approval: the checks of a draft, a window's own rules
 * of the check, requests with what became of them, deputies.
 */
#ifndef MDG_STORE_ST_REVIEW_H
#define MDG_STORE_ST_REVIEW_H

#include "madoguchi/base/arena.h"
#include "madoguchi/crypto/digest.h"
#include "madoguchi/store/db.h"

/* ---- checks ---- */

bool mdg_draft_check_put(struct mdg_db *db, int64_t draft,
			 const unsigned char *digest, const char *findings,
			 int64_t now_s, struct mdg_err *err);
/* MDG_NONE: not checked, or something else was. */
enum mdg_found mdg_draft_check_get(struct mdg_db *db, int64_t draft,
				   const unsigned char *digest,
				   struct mdg_arena *a, const char **ret,
				   struct mdg_err *err);

/* ---- rules of a window ---- */

struct mdg_team_rule {
	int64_t id;
	const char *kind; /* add | off | allow | block */
	const char *subject, *severity, *message, *suggestion;
};
enum { MDG_TEAM_RULES_MAX = 200 };
bool mdg_team_rule_add(struct mdg_db *db, int64_t win,
		       const struct mdg_team_rule *r, int64_t person,
		       int64_t now_s, int64_t *ret_id, struct mdg_err *err);
/* *ret: false if the window has no such rule. */
bool mdg_team_rule_remove(struct mdg_db *db, int64_t win, int64_t id, bool *ret,
			  struct mdg_err *err);
bool mdg_team_rule_list(struct mdg_db *db, int64_t win, struct mdg_arena *a,
			struct mdg_team_rule **ret, size_t *ret_n,
			struct mdg_err *err);

/* ---- requests for approval ---- */

struct mdg_review {
	int64_t revision_id, draft_id, win_id, author_id;
	const char *body, *care, *overridden, *reason;
	const char *outcome, *code; /* NULL: none yet */
	int64_t corrected_id, asked_s, escalate_s, escalated_s; /* 0: none */
};
bool mdg_review_add(struct mdg_db *db, const struct mdg_review *r,
		    struct mdg_err *err);
enum mdg_found mdg_review_get(struct mdg_db *db, int64_t revision,
			      struct mdg_arena *a, struct mdg_review *ret,
			      struct mdg_err *err);
/* code may be NULL, corrected 0. */
bool mdg_review_close(struct mdg_db *db, int64_t revision, const char *outcome,
		      const char *code, int64_t corrected, struct mdg_err *err);

/* The newest closed requests of a person, newest first: at most max. */
struct mdg_review_mark {
	const char *outcome, *code;
};
bool mdg_review_record(struct mdg_db *db, int64_t win, int64_t person,
		       struct mdg_arena *a, struct mdg_review_mark *v,
		       size_t max, size_t *ret_n, struct mdg_err *err);

/* The windows where a request has waited beyond its time; at most max. */
bool mdg_review_overdue_windows(struct mdg_db *db, int64_t now_s, int64_t *ids,
				size_t max, size_t *ret_n, struct mdg_err *err);
/* The one of a window that has waited longest. */
enum mdg_found mdg_review_overdue(struct mdg_db *db, int64_t win, int64_t now_s,
				  int64_t *ret_revision, struct mdg_err *err);
bool mdg_review_escalated(struct mdg_db *db, int64_t revision, int64_t now_s,
			  struct mdg_err *err);

/* ---- deputies ---- */

/* until_s 0: no longer. */
bool mdg_deputy_put(struct mdg_db *db, int64_t win, int64_t person,
		    int64_t from_s, int64_t until_s, struct mdg_err *err);
bool mdg_deputy_is(struct mdg_db *db, int64_t win, int64_t person,
		   int64_t now_s, bool *ret, struct mdg_err *err);

#endif
