/*
 * Messages between the core and mdg-scan; part of ipc/proto.h.
 *
 * mdg-scan is connected to clamd before it is confined, asks it about one mail
 * or file, and ends:
 *   <- PING              SCANNED ->    (clean: clamd answers)
 *   <- SCAN … SCAN       SCANNED ->    (perhaps before the last piece)
 *                        PROBLEM ->    why nothing is known
 */
#ifndef MDG_IPC_PROTO_SCAN_H
#define MDG_IPC_PROTO_SCAN_H

#include "madoguchi/ipc/proto.h"

struct mdg_scan_piece { /* SCAN; at most MDG_SCAN_PIECE_BYTES_MAX inflated */
	bool last;
	bool is_zstd;
	struct mdg_span bytes;
};

enum mdg_scan_outcome {
	MDG_SCAN_CLEAN,
	MDG_SCAN_FOUND,
	MDG_SCAN_TOO_LARGE, /* for clamd's StreamMaxLength */
	MDG_SCAN_REFUSED,   /* ERROR, or it has not looked at all of it */
	MDG_SCAN_OUTCOME_N
};

struct mdg_scan_said { /* SCANNED */
	uint32_t outcome;
	const char *name; /* FOUND: the signature; REFUSED: its words. Printable
			   * ASCII without blanks, never empty there */
};

MDG_CODEC(scan_piece);
MDG_CODEC(scan_said);

#endif
