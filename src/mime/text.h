/* Which parts of a mail are read as its text, and how. */
#ifndef MDG_MIME_TEXT_H
#define MDG_MIME_TEXT_H

#include "madoguchi/mime/parse.h"

#include "walk.h"

/* Fills text, text_source and html of t->mail and marks the parts shown. */
void mime_text_read(struct mime_tree *t, const struct mdg_mime_options *opt);

/* A text part as clean UTF-8 with LF line ends, before any flowing. */
void mime_part_text(struct mime_tree *t, const struct mime_part *p,
		    struct mdg_buf *out);

#endif
