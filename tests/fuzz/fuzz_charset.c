/* Bytes under any label: valid UTF-8, no byte of ASCII lost. */
#include "fuzz.h"

#include "madoguchi/mail/charset.h"

static const char *const labels[] = {
	NULL,          "utf-8",      "iso-2022-jp",  "shift_jis",    "euc-jp",
	"us-ascii",    "iso-8859-1", "gb2312",       "big5",         "euc-kr",
	"iso-2022-kr", "utf-16",     "utf-16le",     "utf-32",       "utf-7",
	"x-unheard",   "koi8-r",     "windows-1251", "euc-jisx0213", "johab",
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf small = MDG_BUF_LIMIT(64);
	struct mdg_charset_used used = {0};

	if (size == 0)
		return 0;
	const char *label = labels[data[0] % MDG_LEN(labels)];
	struct mdg_span in = mdg_span(data + 1, size - 1);
	mdg_charset_decode(label, in, &out, &used);
	FUZZ_CHECK(mdg_utf8_valid(mdg_buf_str(&out), out.len));
	FUZZ_CHECK(out.len <= in.n * 9 + 16);
	FUZZ_CHECK(used.name);
	FUZZ_CHECK(!used.replaced == !(used.flags & MDG_CHARSET_REPLACED));
	/* the head of the same text where there is less room */
	mdg_charset_decode(label, in, &small, NULL);
	FUZZ_CHECK(mdg_utf8_valid(mdg_buf_str(&small), small.len));
	FUZZ_CHECK(small.len == 0 ||
		   memcmp(small.ptr, out.ptr, small.len) == 0);
	return 0;
}
