/*
 * Message-ID, In-Reply-To, References (RFC 5322 §3.6.4).
 */
#ifndef MDG_MAIL_MSGID_H
#define MDG_MAIL_MSGID_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/model/mail.h"

/*
 * Append the ids of a raw field body to out, without angle brackets, in their
 * order, each once. Folds inside an id, commas, comments, text between ids
 * ("your message of …") and ids without brackets are coped with. When there
 * are more than max, the first and the newest (last) ones are kept.
 */
void mdg_msgids_parse(struct mdg_span raw, struct mdg_arena *a,
		      struct mdg_strings *out, size_t max);

/* The one id of a Message-ID field; NULL if there is none. */
const char *mdg_msgid_parse(struct mdg_span raw, struct mdg_arena *a);

/* May it be written into a header between angle brackets? */
bool mdg_msgid_valid(const char *id);

#endif
