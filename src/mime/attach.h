/* The attachments of a mail: every leaf that is not its text. */
#ifndef MDG_MIME_ATTACH_H
#define MDG_MIME_ATTACH_H

#include "walk.h"

/* After the text was read: list what was not shown. */
void mime_attach_rest(struct mime_tree *t);

/*
 * Take the uuencoded files out of a text: they become attachments, the text
 * without them goes to rest. false (and nothing in rest) if there is none.
 */
bool mime_uu_take(struct mime_tree *t, struct mdg_span text,
		  struct mdg_buf *rest);
#endif
