/* What reply.c asks of reply_files.c. */
#ifndef MDG_APP_REPLY_INT_H
#define MDG_APP_REPLY_INT_H

#include "madoguchi/app/reply.h"
#include "madoguchi/mail/compose.h"

/*
 * Leaves out of the window's greeting and closing what the body (rest, below
 * the 宛名) says itself; a bare 結び at its end gives way to the window's.
 */
void mdg_reply_once(const char *rest, size_t *rest_n, struct mdg_letter *l,
		    struct mdg_arena *a);

/* Minutes east of UTC at the ticket's window. */
bool mdg_reply_zone(struct mdg_desk *d, int64_t ticket, int64_t at_s, int *ret,
		    struct mdg_err *err);

/* The draft's files by name, type and digest. */
bool mdg_reply_files_revise(struct mdg_desk *d, int64_t draft,
			    struct mdg_arena *a, struct mdg_revision *ret,
			    struct mdg_err *err);
/* Their bytes, read when the mail is composed, each proved by its digest. */
void mdg_reply_files_read(struct mdg_desk *d, const struct mdg_revision *rev,
			  struct mdg_arena *a, struct mdg_outgoing *m);
/* As attachments of the sent mail; part is the upload's id. */
void mdg_reply_files_record(const struct mdg_revision *rev, struct mdg_mail *m);

#endif
