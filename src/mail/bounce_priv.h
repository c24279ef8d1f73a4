/*
 * Inside of the delivery report reader.
 *
 * bounce.c         machine parts and headers in, record out
 * bounce_text.c    recipients from the words of a report
 * bounce_reason.c  status and words to reason and hard/soft
 */
#ifndef MDG_MAIL_BOUNCE_PRIV_H
#define MDG_MAIL_BOUNCE_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/model/mail.h"

enum mdg_b_reason {
	MDG_B_USER_UNKNOWN,
	MDG_B_HOST_UNKNOWN,
	MDG_B_MOVED,
	MDG_B_MAILBOX_FULL,
	MDG_B_TOO_LARGE,
	MDG_B_POLICY,
	MDG_B_SPAM,
	MDG_B_RATE_LIMITED,
	MDG_B_AUTH,
	MDG_B_TIMEOUT,
	MDG_B_RELAY_DENIED,
	MDG_B_CONTENT,
	MDG_B_DISABLED,
	MDG_B_OTHER,
	MDG_B_N
};

/* What words say; MDG_B_OTHER if nothing known. Folds them itself. */
enum mdg_b_reason mdg_b_reason_of_text(const char *text);
/*
 * Status and diagnostic together: a precise status decides, a vague one
 * ("5.0.0", "5.7.1") leaves it to the words, `more` being the last resort.
 */
enum mdg_b_reason mdg_b_reason_of(const char *status, const char *diag,
				  const char *more);
bool mdg_b_reason_is_dead(enum mdg_b_reason r);

/* First "x.y.z" of class 2, 4, 5 in the text, on the arena; NULL if none. */
const char *mdg_b_find_status(const char *text, struct mdg_arena *a);
/* Class digit of the first three-digit SMTP reply code, 0 if none. */
int mdg_b_reply_class(const char *text);

/* A recipient as a report names it. */
struct mdg_b_rcpt {
	const char *address;
	const char *words; /* what is said about it, one line, or "" */
};

struct mdg_b_rcpts {
	struct mdg_b_rcpt v[MDG_BOUNCE_RECIPIENTS_MAX];
	size_t n;
	const char *all; /* the report without the returned mail, one line */
};

void mdg_b_add(struct mdg_b_rcpts *l, const char *address, const char *words);
/* Recipients named in a report for people. */
void mdg_b_from_text(const char *text, struct mdg_arena *a,
		     struct mdg_b_rcpts *out);
/* "<id>" behind a Message-ID label in text; NULL if none. */
const char *mdg_b_find_msgid(const char *text, bool headers_only,
			     struct mdg_arena *a);
/* "failed", "delayed", "delivered"…, as words tell; NULL if they do not. */
const char *mdg_b_action_of_text(const char *text);

/* One line of s[0, n): white space runs become a space, ends trimmed. */
char *mdg_b_one_line(const char *s, size_t n, struct mdg_arena *a);
/* Address verbatim inside s[0, n) without brackets; NULL if there is none. */
char *mdg_b_bare_address(const char *s, size_t n, struct mdg_arena *a);

#endif
