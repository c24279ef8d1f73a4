/*
 * Who wrote a mail that somebody else forwards: read from the head of the
 * forwarded block, as mail programs write it.
 */
#ifndef MDG_MAIL_FORWARD_H
#define MDG_MAIL_FORWARD_H

#include <stdbool.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/model/mail.h"

/* "FW: …", "Fwd:", "転送：", "[ml 12] Fw:"; not an answer to such a mail. */
bool mdg_forward_subject(const char *subject);

/*
 * Append the senders named by forwarded heads in text, the outermost first,
 * at most MDG_FORWARDED_MAX. by_subject: the subject says that the mail is
 * forwarded; else a line of the text must ("---- Forwarded message ----").
 * Linear in the text.
 */
void mdg_forward_read(const char *text, bool by_subject, struct mdg_arena *a,
		      struct mdg_addresses *out);

#endif
