/*
 * Can an attachment be opened without a password? Told by the marks that
 * archives, Office files and PDF carry in the open, from the first and last
 * bytes of the content: nothing is unpacked.
 */
#ifndef MDG_MIME_SEAL_H
#define MDG_MIME_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "madoguchi/model/mail.h"

enum { MIME_SEAL_WINDOW = 64 << 10 }; /* looked at, at either end */

/* The content, piece by piece; memory is taken only for what may be sealed. */
struct mime_seal {
	unsigned char magic[8];
	size_t magic_n;
	int kind; /* 0: not known yet, -1: none of ours */
	unsigned char *head, *tail;
	size_t head_n, tail_n;
	uint64_t bytes;
	/* an Office file with macros: looked for in all of it */
	unsigned char edge[32];
	size_t edge_n;
	bool has_vba;
};

void mime_seal_feed(struct mime_seal *s, const void *p, size_t n);
/* The verdict; frees what was taken. */
enum mdg_sealed mime_seal_end(struct mime_seal *s);

#endif
