#include "t.h"

#include <sodium.h>
#include <zstd.h>

#include "../../src/worker/chunk.h"
#include "madoguchi/base/limits.h"

struct got {
	uint32_t n;
	uint64_t bytes;
	size_t largest;
	bool last;
	unsigned char digest[MDG_DIGEST_BYTES];
	crypto_generichash_state hash;
};

static bool
on_chunk(void *ctx, const struct mdg_chunk *c, struct mdg_err *err)
{
	static unsigned char raw[2 * MDG_RAW_CHUNK_BYTES];
	struct got *g = ctx;
	(void)err;
	assert_false(g->last);
	assert_int_equal(c->n, g->n++);
	size_t n = ZSTD_decompress(raw, sizeof(raw), c->zstd.p, c->zstd.n);
	assert_false(ZSTD_isError(n));
	assert_true(c->last || n == MDG_RAW_CHUNK_BYTES);
	g->largest = n > g->largest ? n : g->largest;
	g->bytes += n;
	crypto_generichash_update(&g->hash, raw, n);
	g->last = c->last;
	if (c->last) {
		assert_int_equal(c->raw_bytes, g->bytes);
		memcpy(g->digest, c->digest, sizeof(g->digest));
	}
	return true;
}

/* total bytes in pieces of `piece`; the number of chunks. */
static uint32_t
pass(struct mdg_chunker *c, size_t total, size_t piece)
{
	unsigned char *p = malloc(piece + 1), digest[MDG_DIGEST_BYTES];
	struct got g = {0};
	crypto_generichash_init(&g.hash, NULL, 0, MDG_DIGEST_BYTES);
	mdg_chunker_begin(c, on_chunk, &g);
	for (size_t at = 0; at < total; at += piece) {
		size_t n = total - at < piece ? total - at : piece;
		for (size_t i = 0; i < n; i++)
			p[i] = (unsigned char)((at + i) * 31 >> 3);
		assert_true(mdg_chunker_put(c, p, n, NULL));
	}
	assert_true(mdg_chunker_end(c, NULL));
	assert_true(g.last);
	assert_int_equal(g.bytes, total);
	assert_true(g.largest <= MDG_RAW_CHUNK_BYTES);
	crypto_generichash_final(&g.hash, digest, sizeof(digest));
	assert_memory_equal(digest, g.digest, sizeof(digest));
	free(p);
	return g.n;
}

static void
a_mail_comes_back_whole_however_it_arrives(void **state)
{
	(void)state;
	struct mdg_chunker *c = mdg_chunker_new();
	assert_int_equal(pass(c, 0, 1), 1);
	assert_int_equal(pass(c, 1, 1), 1);
	assert_int_equal(pass(c, MDG_RAW_CHUNK_BYTES, 65536), 1);
	assert_int_equal(pass(c, MDG_RAW_CHUNK_BYTES + 1, 65536), 2);
	assert_int_equal(pass(c, 2 * MDG_RAW_CHUNK_BYTES, 1000000), 2);
	assert_int_equal(pass(c, 3 * MDG_RAW_CHUNK_BYTES + 7, 99991), 4);
	assert_int_equal(pass(c, 5000, 7), 1);
	mdg_chunker_free(&c);
}

static bool
take(void *ctx, const struct mdg_chunk *c, struct mdg_err *err)
{
	(void)ctx;
	(void)c;
	(void)err;
	return true;
}

static void
the_largest_mail_passes_and_one_byte_more_does_not(void **state)
{
	(void)state;
	struct mdg_chunker *c = mdg_chunker_new();
	struct mdg_err err;
	size_t piece = 16u << 20;
	char *p = calloc(1, piece);
	mdg_chunker_begin(c, take, NULL);
	for (size_t at = 0; at < MDG_RAW_BYTES_MAX; at += piece)
		assert_true(mdg_chunker_put(c, p, piece, &err));
	assert_int_equal(mdg_chunker_bytes(c), MDG_RAW_BYTES_MAX);
	assert_false(mdg_chunker_put(c, p, 1, &err));
	assert_int_equal(err.code, MDG_ETOOBIG);
	assert_true(mdg_chunker_end(c, &err));
	free(p);
	mdg_chunker_free(&c);
}

static bool
refuse(void *ctx, const struct mdg_chunk *c, struct mdg_err *err)
{
	(void)ctx;
	(void)c;
	return mdg_fail(err, MDG_EIO, "no");
}

static void
a_taker_that_refuses_is_heard(void **state)
{
	(void)state;
	struct mdg_chunker *c = mdg_chunker_new();
	struct mdg_err err;
	mdg_chunker_begin(c, refuse, NULL);
	assert_true(mdg_chunker_put(c, "x", 1, &err));
	assert_false(mdg_chunker_end(c, &err));
	assert_int_equal(err.code, MDG_EIO);
	mdg_chunker_free(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mail_comes_back_whole_however_it_arrives),
		cmocka_unit_test(
			the_largest_mail_passes_and_one_byte_more_does_not),
		cmocka_unit_test(a_taker_that_refuses_is_heard),
	};
	return sodium_init() < 0 ? 1
				 : cmocka_run_group_tests(tests, NULL, NULL);
}
