/* Header blocks and ids: everything stays within the block and its limits. */
#include "fuzz.h"

#include "madoguchi/mail/headers.h"
#include "madoguchi/mail/msgid.h"

static void
check_ids(struct mdg_arena *a, struct mdg_span raw)
{
	struct mdg_strings ids = {0};

	mdg_msgids_parse(raw, a, &ids, 5);
	FUZZ_CHECK(ids.n <= 5);
	for (size_t i = 0; i < ids.n; i++) {
		fuzz_check_line(ids.v[i]);
		FUZZ_CHECK(*ids.v[i] && !strpbrk(ids.v[i], " <>"));
		for (size_t k = 0; k < i; k++)
			FUZZ_CHECK(!mdg_streq(ids.v[i], ids.v[k]));
	}
	const char *one = mdg_msgid_parse(raw, a);
	if (one)
		fuzz_check_line(one);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_headers h;

	mdg_headers_scan(mdg_span(data, size), &a, &h);
	FUZZ_CHECK(h.end <= size && h.n <= MDG_HEADERS_MAX);
	for (size_t i = 0; i < h.n; i++) {
		const struct mdg_header *f = &h.v[i];
		FUZZ_CHECK(f->raw.p >= data &&
			   f->raw.p + f->raw.n <= data + h.end);
		FUZZ_CHECK(*f->name && mdg_headers_find(&h, f->name, 0));
		fuzz_check_line(mdg_header_text(&a, f));
		check_ids(&a, f->raw);
	}
	check_ids(&a, mdg_span(data, size));
	return 0;
}
