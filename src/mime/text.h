/* Which parts of a mail are read as its text, and how. */
#ifndef MDG_MIME_TEXT_H
#define MDG_MIME_TEXT_H

#include "madoguchi/mime/parse.h"

#include "walk.h"

/* Fills text, text_source and has_html of t->mail and marks the parts shown;
 * the form for display goes to `display`, unless that is NULL. */
void mime_text_read(struct mime_tree *t, struct mdg_buf *display);

/* A text part as clean UTF-8 with LF line ends, before any flowing. */
void mime_part_text(struct mime_tree *t, const struct mime_part *p,
		    struct mdg_buf *out);

#endif
