/*
 * Delivery reports: whom a mail did not reach, and why.
 *
 * Read from the machine part where there is one (RFC 3464), otherwise from
 * headers and from the words of the report, in the families of texts that
 * mail servers use.
 *
 * `hard` is said only of a dead address (no such user or host, moved, accepts
 * no mail): it makes the desk stop writing to it. A refusal for any other
 * reason is soft, even with a 5.x.x status.
 */
#ifndef MDG_MAIL_BOUNCE_H
#define MDG_MAIL_BOUNCE_H

#include <stdbool.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/model/mail.h"

struct mdg_headers; /* mail/headers.h */

/* All texts are valid UTF-8 with LF lines; each may be NULL. */
struct mdg_bounce_input {
	const struct mdg_headers *headers; /* of the top entity */
	const char *subject;               /* decoded */
	const char *status_text; /* content of message/delivery-status */
	const char *human_text;  /* what a person reads of the report */
	const char *returned;    /* the returned mail, or its headers */
};

/*
 * The report, on arena `a`; never NULL. With n = 0 nothing could be told
 * about recipients.
 */
struct mdg_bounce *mdg_bounce_parse(const struct mdg_bounce_input *in,
				    struct mdg_arena *a);

/* Is this text the work of a mail server that reports a failed delivery? */
bool mdg_bounce_text_is_report(const char *subject, const char *text);

/* "user_unknown", "mailbox_full", … in a fixed order; NULL past the end. */
const char *mdg_bounce_reason_name(unsigned i);

#endif
