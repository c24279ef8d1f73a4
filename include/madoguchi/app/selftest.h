/*
 * A mail of the desk to itself, by which `mailbox test` learns what the
 * mailbox's server says of our own From: SPF, DKIM, DMARC.
 *
 * It is known by a Message-ID that nobody else can make, never becomes a
 * ticket, and of what came in only the server's verdict is kept, until the test
 * takes it.
 */
#ifndef MDG_APP_SELFTEST_H
#define MDG_APP_SELFTEST_H

#include <jansson.h>

#include "madoguchi/app/desk.h"
#include "madoguchi/model/mail.h"
#include "madoguchi/store/st_mail.h"

/* The mail of an account to its own address. */
bool mdg_selftest_compose(struct mdg_desk *d, const char *address,
			  const char *message_id, enum mdg_lang lang,
			  struct mdg_buf *out, struct mdg_err *err);

/* Is it one of those? Then it is put away, and that is all. from_sent: it is
 * the copy in a Sent folder, on which no server has given a verdict. */
bool mdg_selftest_intake(struct mdg_desk *d, const struct mdg_delivery *row,
			 const struct mdg_mail *m, bool from_sent, bool *ret_is,
			 struct mdg_err *err);

/* Has it come? *ret_field is then the topmost Authentication-Results, "" if
 * there was none. */
enum mdg_found mdg_selftest_look(struct mdg_desk *d, int64_t account,
				 const char *message_id, struct mdg_arena *a,
				 const char **ret_field, struct mdg_err *err);
/* Nobody waits any more. */
bool mdg_selftest_end(struct mdg_desk *d, int64_t account,
		      struct mdg_err *err);

/* One line a mechanism: {step, ok, message}; `field` is not empty. */
void mdg_selftest_judge(const char *field, const char *address,
			enum mdg_lang lang, json_t *steps);

#endif
