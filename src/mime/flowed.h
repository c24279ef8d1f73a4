/* Text of parts: RFC 3676 lines, uuencoded files. Private to the room. */
#ifndef MDG_MIME_FLOWED_H
#define MDG_MIME_FLOWED_H

#include <stdbool.h>

#include "madoguchi/base/buf.h"

/* Join the soft-broken lines of format=flowed text (LF line ends). */
void mime_unflow(struct mdg_span text, bool delsp, struct mdg_buf *out);

struct mime_uu {
	struct mdg_span block; /* "begin" line to "end" line, in the text */
	struct mdg_span name;  /* as written */
};

/* The next whole uuencoded file at or behind `from`; false if none. */
bool mime_uu_find(struct mdg_span text, size_t from, struct mime_uu *ret);
void mime_uu_decode(const struct mime_uu *u, struct mdg_buf *out);

#endif
