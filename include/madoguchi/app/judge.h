/*
 * judge: what mdg-text says of customers' mails, and what is kept of it:
 * suggestions, facts, how hot it is, a category. All of it can be made anew;
 * `text_state` tells how far it has come. JSON texts are payloads of SUGGEST;
 * free() them.
 */
#ifndef MDG_APP_JUDGE_H
#define MDG_APP_JUDGE_H

#include "madoguchi/app/desk.h"
#include "madoguchi/store/st_reply.h"

/* From here on a lead looks at the answer first (注意案件). */
enum { MDG_TEMPERATURE_HOT = 3 };

/*
 * The question about the next mail that nobody asked about: the newest
 * ordinary one of a ticket that is no history. *ret is NULL when there is
 * none.
 */
bool mdg_judge_next(struct mdg_desk *d, int64_t *ret_message, char **ret,
		    struct mdg_err *err);
/* The question about a ticket's newest mail; NULL with err. */
char *mdg_judge_question(struct mdg_desk *d, int64_t ticket_id,
			 int64_t *ret_message, struct mdg_err *err);

/* Those members of an answer that are known, each of its type and size; NULL:
 * it is out of form. New. */
json_t *mdg_judge_answer(const json_t *answer);
/*
 * Adds titles to such an answer and keeps it. false if its facts are out of
 * form or the store refuses. In the caller's transaction.
 */
bool mdg_judge_keep(struct mdg_desk *d, int64_t message_id, json_t *answer,
		    struct mdg_err *err);
/* Nothing can be said of it: go on with the next. */
bool mdg_judge_pass(struct mdg_desk *d, int64_t message_id,
		    struct mdg_err *err);

/* ---- facts ---- */

/* Replaces what was proposed of this mail; fills the customer's record. */
bool mdg_facts_keep(struct mdg_desk *d, struct mdg_ticket *t,
		    int64_t message_id, const json_t *facts,
		    struct mdg_err *err);

struct mdg_slot_values;
/*
 * What the customer's record and the ticket's mails say for a template's
 * slots, the newest mail that speaks of a slot first: clear ones go into v,
 * those of mails with their words into filled; where two are as likely, both
 * go into open instead. What is in v stands.
 */
bool mdg_facts_fill(struct mdg_desk *d, const struct mdg_ticket *t,
		    struct mdg_slot_values *v, struct mdg_arena *a,
		    json_t *filled, json_t *open, struct mdg_err *err);

/* ---- learning from what was approved ---- */

/*
 * A reply from a template was approved as the answer to the ticket's newest
 * mail. Bounded: one row a mail, a few a day by author and template.
 */
bool mdg_learn_approved(struct mdg_desk *d, const struct mdg_draft *draft,
			const struct mdg_ticket *t, int64_t now_s,
			struct mdg_err *err);
/*
 * The next learned inquiries after that row, oldest first, at most as many as
 * fit one question; {"learn": […]} or NULL when there are none.
 */
bool mdg_learn_feed(struct mdg_desk *d, int64_t *io_after, int64_t now_s,
		    char **ret, struct mdg_err *err);

/* Its answer, as mdg_judge_answer(). */
json_t *mdg_learn_answer(const json_t *answer);

/* How much of a template was rewritten, in percent. */
int mdg_learn_changed(const char *template_body, const char *body);

#endif
