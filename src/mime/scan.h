/*
 * The guard in front of gmime: makes a mail harmless to parse, and says what
 * it took away. It knows lines, header fields and names, nothing else.
 *
 * Two views of one length come out: `raw`, from which contents are read, and
 * `shape`, which gmime gets. They differ where a name in a Content-Type is
 * overwritten so that gmime does not go into embedded mails: those are single
 * attachments here, and its readers of their address fields overflow the
 * stack (120 kB of "To: g:g:g:…").
 */
#ifndef MDG_MIME_SCAN_H
#define MDG_MIME_SCAN_H

#include "madoguchi/base/buf.h"

enum mime_scan_cut {
	SCAN_CUT_SIZE = 1,    /* MDG_PARSE_BYTES_MAX */
	SCAN_CUT_BLOCK = 2,   /* MDG_HEADER_BLOCK_MAX */
	SCAN_CUT_FIELD = 4,   /* MDG_HEADER_BYTES_MAX */
	SCAN_CUT_ADDRESS = 8, /* MDG_ADDR_HEADER_BYTES_MAX, _COLONS_MAX */
	SCAN_CUT_FIELDS = 16, /* MDG_HEADERS_MAX */
};

struct mime_scan {
	struct mdg_span raw, shape;
	unsigned cut; /* enum mime_scan_cut */
	struct mdg_buf kept, mask;
};

void mime_scan(struct mdg_span mail, struct mime_scan *ret);
void mime_scan_clear(struct mime_scan *s);
/* The first line that begins with "--" and goes on, from the beginning of a
 * line on; `end` if there is none. */
const unsigned char *mime_dash_line(const unsigned char *p,
				    const unsigned char *end);
/* Media types as they were before masking; s is changed in place. */
void mime_scan_unmask(char *media_type);
/* "limit:size", … by bit; NULL for none. */
const char *mime_scan_cut_name(unsigned bit);

#endif
