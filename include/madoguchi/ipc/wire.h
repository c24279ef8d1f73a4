/*
 * wire: typed fields in a payload. Writers append to a mdg_buf; a reader runs
 * over a span and remembers failure, so a decoder reads all fields and asks
 * mdg_rd_ok() once. After a failure every getter returns zero or empty.
 *
 *   u8 u32 i64 u64   fixed width, little-endian
 *   str              u32 length + 1 (0: NULL), then valid UTF-8 without NUL
 *   bytes            u32 length, then bytes
 *
 * Strings are copied into an arena with their NUL; bytes are borrowed from the
 * payload. Counts read from the wire meet a limit in mdg_rd_count().
 */
#ifndef MDG_IPC_WIRE_H
#define MDG_IPC_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"

void mdg_wr_u8(struct mdg_buf *b, uint8_t v);
void mdg_wr_u32(struct mdg_buf *b, uint32_t v);
void mdg_wr_i64(struct mdg_buf *b, int64_t v);
void mdg_wr_u64(struct mdg_buf *b, uint64_t v);
void mdg_wr_str(struct mdg_buf *b, const char *s /* may be NULL */);
void mdg_wr_bytes(struct mdg_buf *b, struct mdg_span v);

struct mdg_rd {
	const unsigned char *p, *end;
	bool bad;
};

void mdg_rd_init(struct mdg_rd *r, struct mdg_span payload);
uint8_t mdg_rd_u8(struct mdg_rd *r);
uint32_t mdg_rd_u32(struct mdg_rd *r);
int64_t mdg_rd_i64(struct mdg_rd *r);
uint64_t mdg_rd_u64(struct mdg_rd *r);
/* NULL if NULL was sent; longer than max bytes is a failure. */
const char *mdg_rd_str(struct mdg_rd *r, struct mdg_arena *a, size_t max);
/* As above, but "" for NULL. */
const char *mdg_rd_text(struct mdg_rd *r, struct mdg_arena *a, size_t max);
struct mdg_span mdg_rd_bytes(struct mdg_rd *r);
/* A u32 that must be <= max. */
size_t mdg_rd_count(struct mdg_rd *r, size_t max);
/* Nothing failed so far. */
bool mdg_rd_ok(const struct mdg_rd *r);
/* Nothing failed and everything was read. */
bool mdg_rd_done(const struct mdg_rd *r);

#endif
