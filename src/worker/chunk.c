#include "chunk.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "madoguchi/base/limits.h"

enum { ZSTD_LEVEL = 1 }; /* measured: higher levels cost more than disk */

struct mdg_chunker {
	ZSTD_CCtx *zstd;
	crypto_generichash_state hash;
	mdg_chunk_fn fn;
	void *ctx;
	uint32_t n;
	uint64_t total;
	size_t len;
	size_t out_cap;
	char *out;
	char raw[MDG_RAW_CHUNK_BYTES];
};

struct mdg_chunker *
mdg_chunker_new(void)
{
	struct mdg_chunker *c = mdg_calloc(1, sizeof(*c));
	c->zstd = ZSTD_createCCtx();
	MDG_BUG_ON(c->zstd == NULL);
	ZSTD_CCtx_setParameter(c->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
	c->out_cap = ZSTD_compressBound(sizeof(c->raw));
	c->out = mdg_malloc(c->out_cap);
	return c;
}

void
mdg_chunker_free(struct mdg_chunker **c)
{
	if (*c == NULL)
		return;
	ZSTD_freeCCtx((*c)->zstd);
	free((*c)->out);
	free(*c);
	*c = NULL;
}

void
mdg_chunker_begin(struct mdg_chunker *c, mdg_chunk_fn fn, void *ctx)
{
	c->fn = fn;
	c->ctx = ctx;
	c->n = 0;
	c->total = 0;
	c->len = 0;
	crypto_generichash_init(&c->hash, NULL, 0, MDG_DIGEST_BYTES);
}

static bool
hand_out(struct mdg_chunker *c, bool last, struct mdg_err *err)
{
	unsigned char digest[MDG_DIGEST_BYTES];
	size_t z = ZSTD_compress2(c->zstd, c->out, c->out_cap, c->raw, c->len);
	if (ZSTD_isError(z))
		return mdg_fail(err, MDG_EBUG, "zstd: %s",
				ZSTD_getErrorName(z));
	struct mdg_chunk out = {
		.n = c->n++, .last = last, .zstd = mdg_span(c->out, z)};
	if (last) {
		crypto_generichash_final(&c->hash, digest, sizeof(digest));
		out.raw_bytes = c->total;
		out.digest = digest;
	}
	c->len = 0;
	return c->fn(c->ctx, &out, err);
}

bool
mdg_chunker_put(struct mdg_chunker *c, const void *data, size_t n,
		struct mdg_err *err)
{
	const char *p = data;
	if (n > MDG_RAW_BYTES_MAX - c->total)
		return mdg_fail(err, MDG_ETOOBIG, "mail larger than %u bytes",
				(unsigned)MDG_RAW_BYTES_MAX);
	crypto_generichash_update(&c->hash, data, n);
	c->total += n;
	while (n > 0) {
		/* A full piece goes out only when more follows: the last one
		 * must carry the digest. */
		if (c->len == sizeof(c->raw) && !hand_out(c, false, err))
			return false;
		size_t k = sizeof(c->raw) - c->len;
		k = k < n ? k : n;
		memcpy(c->raw + c->len, p, k);
		c->len += k;
		p += k;
		n -= k;
	}
	return true;
}

bool
mdg_chunker_end(struct mdg_chunker *c, struct mdg_err *err)
{
	return hand_out(c, true, err);
}

uint64_t
mdg_chunker_bytes(const struct mdg_chunker *c)
{
	return c->total;
}
