/*
 * A hostile worker: its bytes in pieces, cut into frames, each read as every
 * record it might claim to be. What was read packs and reads again the same.
 */
#include "fuzz.h"

#include "madoguchi/ipc/frame.h"
#include "madoguchi/ipc/proto.h"

enum { FRAME_BYTES_MAX = 4000 };

static void
read_mail(struct mdg_span p)
{
	MDG_AUTO(mdg_mail_clear) struct mdg_mail m;
	MDG_AUTO(mdg_mail_clear) struct mdg_mail again;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_mail_init(&m);
	mdg_mail_init(&again);
	if (!mdg_mail_unpack(p, &m))
		return;
	FUZZ_CHECK(mdg_utf8_valid(m.subject, strlen(m.subject)));
	FUZZ_CHECK(m.from.n <= MDG_ADDRESSES_MAX);
	mdg_mail_pack(&a, &m);
	FUZZ_CHECK(mdg_mail_unpack(mdg_buf_span(&a), &again));
	mdg_mail_pack(&b, &again);
	FUZZ_CHECK(a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0);
}

static void
read_rest(struct mdg_span p)
{
	struct mdg_err e = {0};
	int64_t id;

	(void)mdg_err_unpack(p, &e);
	(void)mdg_id_unpack(p, &id);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mdg_framer_clear)
	struct mdg_framer f = {.max_bytes = FRAME_BYTES_MAX};
	struct mdg_err err = {0};
	enum mdg_frame_next next = MDG_FRAME_WAIT;
	struct mdg_frame got;

	if (size == 0)
		return 0;
	size_t step = (size_t)data[0] + 1;
	read_mail(mdg_span(data + 1, size - 1));
	read_rest(mdg_span(data + 1, size - 1));
	for (size_t at = 1; at < size && next != MDG_FRAME_BROKEN; at += step) {
		size_t n = size - at < step ? size - at : step;

		memcpy(mdg_framer_space(&f, n), data + at, n);
		mdg_framer_added(&f, n);
		while ((next = mdg_framer_next(&f, &got, &err)) ==
		       MDG_FRAME_READY) {
			FUZZ_CHECK(got.payload.n <= FRAME_BYTES_MAX);
			read_mail(got.payload);
			read_rest(got.payload);
		}
	}
	return 0;
}
