/* The guard in front of gmime: two views of one length, within the limits. */
#include "fuzz.h"

#include "scan.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mime_scan_clear) struct mime_scan s = {0};
	MDG_AUTO(mime_scan_clear) struct mime_scan again = {0};

	mime_scan(mdg_span(data, size), &s);
	FUZZ_CHECK(s.raw.n == s.shape.n);
	FUZZ_CHECK(s.raw.n <= MDG_PARSE_BYTES_MAX);
	/* what was taken away once is not taken away again */
	mime_scan(s.raw, &again);
	FUZZ_CHECK(again.raw.n <= s.raw.n);
	for (unsigned bit = 0; bit < 5; bit++)
		if (s.cut & 1u << bit)
			FUZZ_CHECK(mime_scan_cut_name(1u << bit));
	return 0;
}
