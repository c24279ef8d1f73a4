/* An answer of clamd, to what the core takes of it. */
#include "fuzz.h"

#include "../../src/worker/clamd.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	char name[MDG_SCAN_NAME_BYTES_MAX + 1];
	struct mdg_scan_said said, got;

	/* the same bytes as they could come from a taken-over mdg-scan */
	if (mdg_scan_said_unpack(mdg_span(data, size), &a, &got))
		FUZZ_CHECK(strlen(got.name) <= MDG_SCAN_NAME_BYTES_MAX);
	if (!mdg_clamd_reply(mdg_span(data, size), name, &said, NULL))
		return 0;
	mdg_scan_said_pack(&b, &said);
	FUZZ_CHECK(mdg_scan_said_unpack(mdg_buf_span(&b), &a, &got));
	FUZZ_CHECK(got.outcome == said.outcome);
	FUZZ_CHECK(mdg_streq(got.name, said.name));
	return 0;
}
