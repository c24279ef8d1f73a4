/* Between asking for approval (act_approve.c) and giving it (act_review.c). */
#ifndef MDG_APP_REVIEW_INT_H
#define MDG_APP_REVIEW_INT_H

#include "act-int.h"

struct mdg_request {
	const char *findings;   /* JSON */
	const char *care;       /* why a lead looks: codes */
	const char *overridden; /* rules passed over: "a,b" */
	const char *reason;     /* and why, in the writer's words */
	json_t *list;           /* findings, borrowed from the call */
};

/* The checks of the draft as it stands, into q and the call's result. */
bool mdg_request_findings(struct mdg_act_call *c, struct mdg_request *q,
			  struct mdg_err *err);
/* The findings of requests as a query read them, in the reader's words. */
void mdg_request_word(json_t *requests, enum mdg_lang lang);
/*
 * Fails if one of them forbids it and nobody took the responsibility
 * ("override"). anew: that the customer wrote again is known.
 */
bool mdg_request_check(struct mdg_act_call *c, bool anew, struct mdg_request *q,
		       struct mdg_err *err);
bool mdg_request_care(struct mdg_act_call *c, struct mdg_request *q,
		      struct mdg_err *err);
/* Writes what stands beside the revision; waits: somebody has to decide. */
bool mdg_request_add(struct mdg_act_call *c, int64_t revision,
		     const struct mdg_request *q, bool waits,
		     struct mdg_err *err);
/* Codes of its event. */
json_t *mdg_request_codes(int64_t revision, const struct mdg_request *q);

/* What stands in the way whoever writes: nobody to send to, an open slot. */
bool mdg_act_draft_ready(struct mdg_act_call *c, struct mdg_err *err);
bool mdg_act_waiting_revision(struct mdg_act_call *c,
			      struct mdg_revision_row *ret,
			      struct mdg_err *err);
/* approved -> queued: one outbox row, after the cancel window. */
bool mdg_act_queue(struct mdg_act_call *c, const struct mdg_revision_row *row,
		   struct mdg_err *err);
/* Was the customer answered with another tool meanwhile? */
bool mdg_act_check_elsewhere(struct mdg_act_call *c, bool despite,
			     struct mdg_err *err);
/* A lead of the window, or who stands in for one. */
bool mdg_act_may_decide(struct mdg_act_call *c, struct mdg_err *err);

#endif
