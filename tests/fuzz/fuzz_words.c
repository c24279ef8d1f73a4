/* Encoded words: one clean line; what is written is read back. */
#include "fuzz.h"

#include "madoguchi/mail/words.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf wire = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf back = {0};
	unsigned flags = 0;

	mdg_words_decode(mdg_span(data, size), &text, &flags);
	FUZZ_CHECK(strlen(mdg_buf_str(&text)) == text.len);
	fuzz_check_line(mdg_buf_str(&text));
	if (strstr(mdg_buf_str(&text), "\xE2\x80\xA8") ||
	    strstr(mdg_buf_str(&text), "\xE2\x80\xA9"))
		return 0; /* line separators are not written */
	mdg_words_encode(mdg_buf_str(&text), 9, &wire);
	for (size_t i = 0; i < wire.len; i++)
		FUZZ_CHECK((unsigned char)wire.ptr[i] < 0x7F);
	if (!strstr(mdg_buf_str(&text), "  "))
		for (const char *p = mdg_buf_str(&wire); *p;) {
			size_t n = strcspn(p, "\r");
			FUZZ_CHECK(n <= 76);
			p += n + (p[n] ? 2 : 0);
		}
	mdg_words_decode(mdg_buf_span(&wire), &back, NULL);
	FUZZ_CHECK(strcmp(mdg_buf_str(&back), mdg_buf_str(&text)) == 0);
	return 0;
}
