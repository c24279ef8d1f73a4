/*
 * Where the parts of a mail lie, for mails without surprises: fields as RFC
 * 5322 has them, parts as RFC 2046 §5.1.1 does, each multipart closed by its
 * own boundary. That is nearly all of them, and much cheaper to find out than
 * gmime's objects are to make. Everything else is left to gmime: what is found
 * here is what gmime finds, or nothing.
 */
#ifndef MDG_MIME_LAYOUT_H
#define MDG_MIME_LAYOUT_H

#include <gmime/gmime.h>

#include "madoguchi/mail/headers.h"

#include "scan.h"

enum { MIME_LAYOUT_PARTS_MAX = 64, MIME_LAYOUT_DEPTH_MAX = 8 };

struct mime_place {
	struct mdg_headers headers;
	struct mdg_span body; /* of a leaf, as transferred */
	GMimeContentEncoding encoding;
	uint32_t parent, end; /* as in struct mime_part */
	bool multi;
};

struct mime_layout {
	struct mime_place v[MIME_LAYOUT_PARTS_MAX];
	size_t n;
};

/* `headers` is that of the mail. False: ask gmime. */
bool mime_layout_read(const struct mime_scan *scan,
		      const struct mdg_headers *headers, struct mdg_arena *a,
		      struct mime_layout *ret);

#endif
