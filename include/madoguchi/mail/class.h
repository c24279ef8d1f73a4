/*
 * What sort of mail it is: who or what speaks, and may automatic mail answer.
 *
 * Decided by headers first (RFC 3834, RFC 3464, RFC 5965, RFC 2369); words
 * only where mail programs are known to send no usable header, and then never
 * the subject alone: a customer who writes about an automatic reply is a
 * customer.
 */
#ifndef MDG_MAIL_CLASS_H
#define MDG_MAIL_CLASS_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/model/mail.h"

struct mdg_headers; /* mail/headers.h */

struct mdg_class_input {
	const struct mdg_headers *headers; /* of the top entity */
	const char *subject;               /* decoded, or NULL */
	const char *content_type; /* "multipart/report", of the top entity */
	const char *report_type;  /* its report-type parameter, or NULL */
	const char *from;         /* first From address, verbatim, or NULL */
	const char *from_name;    /* its display name, or NULL */
	const char *reply;        /* newly written text (quote.h), or NULL */
	const char *text;         /* all of it, or NULL */
	/* The mail holds a message/delivery-status part (anywhere outside
	 * attached mails), whatever the top type says. */
	bool has_delivery_status;
	bool has_feedback_report; /* likewise message/feedback-report */
	bool has_own_token; /* own Message-ID token or loop mark, verified */
	struct mdg_strings own; /* our addresses, keys (see mdg_address) */
};

struct mdg_class_why {
	const char *rule;   /* name of the rule that decided; static */
	bool no_auto_reply; /* RFC 3834 §2: automatic mail must not answer */
};

/* `why` may be NULL. */
enum mdg_mail_class mdg_class_decide(const struct mdg_class_input *in,
				     struct mdg_class_why *why);

#endif
