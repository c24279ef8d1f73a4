/* Address headers: clean, bounded, and read back as written. */
#include "fuzz.h"

#include "madoguchi/mail/addr.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_addresses list = {0};
	unsigned flags = 0;

	mdg_addr_parse(mdg_span(data, size), &a, &list, &flags);
	FUZZ_CHECK(list.n <= MDG_ADDRESSES_MAX);
	for (size_t i = 0; i < list.n; i++) {
		const struct mdg_address *m = &list.v[i];
		MDG_AUTO(mdg_buf_clear) struct mdg_buf wire = {0};
		struct mdg_addresses back = {0};
		size_t column = 6;

		fuzz_check_line(m->name);
		fuzz_check_line(m->address);
		FUZZ_CHECK(*m->name || *m->address);
		FUZZ_CHECK(strlen(m->name) <= MDG_NAME_BYTES_MAX);
		FUZZ_CHECK(strlen(m->address) <= MDG_ADDRESS_BYTES_MAX);
		FUZZ_CHECK(mdg_streq(mdg_addr_key(&a, m->address), m->key));
		FUZZ_CHECK(mdg_streq(mdg_addr_key(&a, m->key), m->key));
		if (i > 20 || !mdg_addr_valid(m->address) ||
		    !mdg_addr_ascii(m->address))
			continue;
		mdg_addr_format(m, &wire, &column);
		mdg_addr_parse(mdg_buf_span(&wire), &a, &back, NULL);
		FUZZ_CHECK(back.n == 1);
		FUZZ_CHECK(mdg_streq(back.v[0].key, m->key));
	}
	return 0;
}
