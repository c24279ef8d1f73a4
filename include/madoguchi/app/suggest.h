/*
 * suggest: what mdg-text is told and asked, and what is kept of its answers.
 * JSON texts are the payloads of CATALOGUE, SUGGEST and SUGGESTED; free() them.
 */
#ifndef MDG_APP_SUGGEST_H
#define MDG_APP_SUGGEST_H

#include "madoguchi/app/desk.h"
#include "madoguchi/store/st_reply.h"

/* The templates in use; one that cannot be read is left out. NULL with err. */
char *mdg_suggest_catalogue(struct mdg_desk *d, struct mdg_err *err);

/* Subject and newest part of the customer's newest mail; NULL with err. */
char *mdg_suggest_question(struct mdg_desk *d, int64_t ticket_id,
			   int64_t *ret_message_id, struct mdg_err *err);

/*
 * Adds titles to a SUGGESTED answer and keeps it with the ticket. false (and
 * nothing kept) if it is out of form.
 */
bool mdg_suggest_keep(struct mdg_desk *d, int64_t ticket_id,
		      int64_t message_id, json_t *answer, struct mdg_err *err);

/* What the checks are asked about a draft; NULL with err. */
char *mdg_check_question(struct mdg_desk *d, const struct mdg_draft *draft,
			 enum mdg_lang lang, struct mdg_err *err);

#endif
