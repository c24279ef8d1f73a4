/* pack/unpack pairs of ipc/proto_scan.h. */
#include "madoguchi/base/limits.h"
#include "madoguchi/ipc/proto_scan.h"
#include "madoguchi/ipc/wire.h"

void
mdg_scan_piece_pack(struct mdg_buf *b, const struct mdg_scan_piece *v)
{
	mdg_wr_u8(b, v->last);
	mdg_wr_u8(b, v->is_zstd);
	mdg_wr_bytes(b, v->bytes);
}

bool
mdg_scan_piece_unpack(struct mdg_span p, struct mdg_arena *a,
		      struct mdg_scan_piece *ret)
{
	struct mdg_rd r;

	(void)a;
	mdg_rd_init(&r, p);
	ret->last = mdg_rd_u8(&r) != 0;
	ret->is_zstd = mdg_rd_u8(&r) != 0;
	ret->bytes = mdg_rd_bytes(&r);
	return mdg_rd_done(&r) &&
	       (ret->is_zstd || ret->bytes.n <= MDG_SCAN_PIECE_BYTES_MAX);
}

void
mdg_scan_said_pack(struct mdg_buf *b, const struct mdg_scan_said *v)
{
	mdg_wr_u32(b, v->outcome);
	mdg_wr_str(b, v->name);
}

/* It ends up in mails to people, in events and on screens. */
static bool
is_name(const char *s)
{
	for (; *s; s++)
		if (*s <= ' ' || *s > '~')
			return false;
	return true;
}

bool
mdg_scan_said_unpack(struct mdg_span p, struct mdg_arena *a,
		     struct mdg_scan_said *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	ret->outcome = mdg_rd_u32(&r);
	ret->name = mdg_rd_text(&r, a, MDG_SCAN_NAME_BYTES_MAX);
	bool named = ret->outcome == MDG_SCAN_FOUND ||
		     ret->outcome == MDG_SCAN_REFUSED;
	return mdg_rd_done(&r) && ret->outcome < MDG_SCAN_OUTCOME_N &&
	       named == (*ret->name != '\0') && is_name(ret->name);
}
