/*
 * Frames: how the processes talk over a local stream socket.
 *
 *     0        4      6      8        12
 *     | length | type | zero |   id   | payload (length bytes) …
 *
 * Integers are little-endian (all peers are one machine). `length` has a hard
 * cap per channel; a frame over it, or with the zero field set, is a broken
 * peer: close it. `id` pairs an answer with its request; 0 for news.
 *
 * struct mdg_framer cuts a byte stream back into frames without copying
 * payloads twice; a frame's payload is valid until the next call.
 */
#ifndef MDG_IPC_FRAME_H
#define MDG_IPC_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"

enum { MDG_FRAME_HEAD_BYTES = 12 };

struct mdg_frame {
	uint16_t type;
	uint32_t id;
	struct mdg_span payload;
};

struct mdg_framer {
	struct mdg_buf in;
	size_t at;        /* bytes of `in` already given out */
	size_t max_bytes; /* cap on one payload; 0: MDG_FRAME_BYTES_MAX */
};

/* Append one frame to out; false if out is full or the payload too big. */
bool mdg_frame_put(struct mdg_buf *out, uint16_t type, uint32_t id,
		   struct mdg_span payload);

void mdg_framer_clear(struct mdg_framer *f);
/* Where to read n more bytes to; then tell how many came. */
char *mdg_framer_space(struct mdg_framer *f, size_t n);
void mdg_framer_added(struct mdg_framer *f, size_t n);
enum mdg_frame_next { MDG_FRAME_BROKEN, MDG_FRAME_WAIT, MDG_FRAME_READY };
/* The next whole frame, if there is one. BROKEN fills err: close the peer. */
enum mdg_frame_next mdg_framer_next(struct mdg_framer *f,
				    struct mdg_frame *ret, struct mdg_err *err);

#endif
