/*
 * A header block of raw bytes: its fields, and their text.
 *
 * The scanner accepts what arrives: CRLF, LF or bare CR line ends, an mbox
 * "From " line, spaces before the colon, lines that are no header at all
 * (skipped). It copies names only; `raw` points into the block.
 */
#ifndef MDG_MAIL_HEADERS_H
#define MDG_MAIL_HEADERS_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"

struct mdg_header {
	const char *name;    /* as written, printable ASCII */
	struct mdg_span raw; /* behind the colon, folds included */
};

struct mdg_headers {
	struct mdg_header *v;
	size_t n;
	size_t end; /* offset behind the blank line; block.n if there is none */
	bool cut;   /* a limit of limits.h was met: something was left out */
	bool odd;   /* in it are lines that RFC 5322 does not know */
};

void mdg_headers_scan(struct mdg_span block, struct mdg_arena *a,
		      struct mdg_headers *out);

/* The nth (from 0) field of that name in any case; NULL if there is none. */
const struct mdg_header *mdg_headers_find(const struct mdg_headers *h,
					  const char *name, size_t nth);
/* The text of the nth field of that name; NULL if there is none. */
const char *mdg_headers_text(const struct mdg_headers *h, const char *name,
			     size_t nth, struct mdg_arena *a);

/* Unfolded, decoded (RFC 2047), cleaned, trimmed: one line. Never NULL. */
const char *mdg_header_text(struct mdg_arena *a, const struct mdg_header *h);

#endif
