/*
 * check: is this reply fit to be sent? mdg-text judges the words (reply/lint);
 * the core adds what only it knows (other customers, recipients, what came in
 * meanwhile). The findings of a draft as it stands are kept beside it, those
 * of a request for approval in its revision; what is kept is worded in both
 * languages ({"message": {"ja", "en"}}), for whoever reads it.
 */
#ifndef MDG_APP_CHECK_H
#define MDG_APP_CHECK_H

#include "madoguchi/app/desk.h"
#include "madoguchi/store/st_reply.h"

/* What is judged: the words and everybody who would get them. */
void mdg_check_digest(const struct mdg_draft *draft, unsigned char *out);

/* The question for mdg-text, as JSON; NULL with err. */
char *mdg_check_question(struct mdg_desk *d, const struct mdg_draft *draft,
			 struct mdg_err *err);
/* Its answer, as mdg_judge_answer(). */
json_t *mdg_check_answer(const json_t *answer);
/*
 * Takes such an answer: places the findings in the draft's body, adds ours,
 * keeps them. *ret_findings is new (an array). answer NULL: mdg-text could not
 * say.
 */
bool mdg_check_keep(struct mdg_desk *d, const struct mdg_draft *draft,
		    const json_t *answer, json_t **ret_findings,
		    struct mdg_err *err);
/* The kept findings of the draft as it stands; NULL: not checked. New. */
bool mdg_check_kept(struct mdg_desk *d, const struct mdg_draft *draft,
		    json_t **ret_findings, struct mdg_err *err);

/* Findings that were kept, in the words of a reader: {"message": "…"}. */
void mdg_check_word(json_t *findings, enum mdg_lang lang);

/*
 * What somebody quotes to say that they have read these findings of this text;
 * "" if there is nothing but hints (info) to read.
 */
enum { MDG_CHECK_CODE_BYTES = 8 };
void mdg_check_code(const struct mdg_draft *draft, const json_t *findings,
		    char out[MDG_CHECK_CODE_BYTES]);

/* The checks that the core makes of a mis-send, by the names that findings and
 * rules of a window say: one table, guard_rule.c. */
enum mdg_guard_rule {
	MDG_GUARD_COMPANY_FORM,
	MDG_GUARD_FILE_NAME,
	MDG_GUARD_NEW_RECIPIENT,
	MDG_GUARD_NO_REPLY,
	MDG_GUARD_OTHER_ADDRESS,
	MDG_GUARD_OTHER_COMPANY,
	MDG_GUARD_OTHER_FILE,
	MDG_GUARD_OTHER_NUMBER,
	MDG_GUARD_OTHER_PLACE,
	MDG_GUARD_OTHER_QUOTE,
	MDG_GUARD_OTHER_RECIPIENT,
	MDG_GUARD_STALE,
	MDG_GUARD_UNCHECKED,
	MDG_GUARD_N
};
/* "guard.stale" */
const char *mdg_guard_name(enum mdg_guard_rule rule);
/* "error" or "warn", unless it finds more. */
const char *mdg_guard_severity(enum mdg_guard_rule rule);
/* MDG_GUARD_N: none is called so. */
enum mdg_guard_rule mdg_guard_by_name(const char *name);
/* Appends what the core finds (guard.c). */
bool mdg_guard_find(struct mdg_desk *d, const struct mdg_draft *draft,
		    json_t *findings, struct mdg_err *err);

/*
 * 送信確認: everybody who gets it and every file, {"to": [{"name", "address",
 * "known", "ours"}], "cc", "bcc", "files": [{"filename", "bytes"}], "code"};
 * the code changes with any of them. new_people: someone whom this ticket and
 * our windows do not know.
 */
bool mdg_check_confirm(struct mdg_desk *d, const struct mdg_draft *draft,
		       json_t **ret, bool *ret_new_people, struct mdg_err *err);

/* ---- care.c ---- */

/*
 * Why a lead looks at it (注意案件): "claim", "temperature", "money", "file",
 * "new_address", "bulk", "overridden", "unchecked", "template", "priority",
 * "dead_address", "harassment"; comma-separated, "" for none.
 */
bool mdg_care(struct mdg_desk *d, const struct mdg_draft *draft,
	      const struct mdg_ticket *t, const json_t *findings,
	      bool overridden, struct mdg_arena *a, const char **ret,
	      struct mdg_err *err);

/*
 * Must this novice's reply be looked at? All of them until 31 in a row went
 * out as they were written; then one in ten, until a critical error or two
 * major ones in ten.
 */
bool mdg_care_novice(struct mdg_desk *d, int64_t win, int64_t person,
		     const unsigned char *digest, bool *ret,
		     struct mdg_err *err);

/*
 * Requests that nobody decided within 30 minutes of the window's hours are
 * marked, with an event each, and their judges told: one mail a person, at most
 * every MDG_WARN_PAUSE_S, and only while people are there (leads.h). _due:
 * there is one to tell of now (no transaction).
 */
bool mdg_approval_due(struct mdg_desk *d, int64_t now_s);
bool mdg_approval_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err);

/* Reason codes of 差し戻し: weight 'c' critical, 'M' major, 'm' minor, '-'. */
struct mdg_return_code {
	const char *code;
	char weight;
	enum mdg_msg text;
};
const struct mdg_return_code *mdg_return_codes(size_t *ret_n);
const struct mdg_return_code *mdg_return_code(const char *code);

#endif
