/* The header of a mail into its record. */
#ifndef MDG_MIME_FIELDS_H
#define MDG_MIME_FIELDS_H

#include "walk.h"

void mime_fields_read(struct mime_tree *t);
void mime_content_hash(struct mime_tree *t);

#endif
