/* The split: every line with words lands in exactly one part, in order. */
#include "fuzz.h"

#include "madoguchi/mail/quote.h"

/* Printable ASCII: a line that holds any is not blank, so none may be lost. */
static size_t
ink(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += *s > ' ' && *s <= '~';
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct mdg_quote_parts p;

	if (size == 0)
		return 0;
	mdg_utf8_clean(&text, (const char *)data + 1, size - 1, false);
	const char *s = mdg_buf_str(&text);
	mdg_quote_split(s, data[0] & 1, &a, &p);
	FUZZ_CHECK(mdg_utf8_valid(p.reply, strlen(p.reply)));
	FUZZ_CHECK(mdg_utf8_valid(p.quoted, strlen(p.quoted)));
	FUZZ_CHECK(mdg_utf8_valid(p.signature, strlen(p.signature)));
	fuzz_check_line(p.rule);
	FUZZ_CHECK(ink(p.reply) + ink(p.quoted) + ink(p.signature) == ink(s));
	return 0;
}
