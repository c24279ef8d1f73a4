/*
 * A raw mail cut into pieces as it streams by: each piece up to
 * MDG_RAW_CHUNK_BYTES, compressed alone, and one BLAKE2b-256 over the whole.
 * Memory is the same for every mail.
 */
#ifndef MDG_WORKER_CHUNK_H
#define MDG_WORKER_CHUNK_H

#include <stdbool.h>
#include <stdint.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/model/mail.h"

struct mdg_chunk {
	uint32_t n; /* from 0 */
	bool last;
	struct mdg_span zstd;
	uint64_t raw_bytes;          /* with last: of the whole */
	const unsigned char *digest; /* with last */
};

typedef bool (*mdg_chunk_fn)(void *ctx, const struct mdg_chunk *c,
			     struct mdg_err *err);

struct mdg_chunker;
struct mdg_chunker *mdg_chunker_new(void);
void mdg_chunker_free(struct mdg_chunker **c);
/* A new mail; whatever was there of another is forgotten. */
void mdg_chunker_begin(struct mdg_chunker *c, mdg_chunk_fn fn, void *ctx);
/* MDG_ETOOBIG beyond MDG_RAW_BYTES_MAX. */
bool mdg_chunker_put(struct mdg_chunker *c, const void *p, size_t n,
		     struct mdg_err *err);
/* Hands out the last piece (empty only for an empty mail). */
bool mdg_chunker_end(struct mdg_chunker *c, struct mdg_err *err);
uint64_t mdg_chunker_bytes(const struct mdg_chunker *c);

#endif
