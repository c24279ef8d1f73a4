/* Folder names there and back; addresses that may stand in a command. */
#include "madoguchi/mail/utf7imap.h"
#include "fuzz.h"

#include "../../src/worker/smtp.h"

static void
check_name(const char *name)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf dec = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf enc = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf shown = {0};

	if (mdg_utf7imap_decode(name, &dec)) {
		FUZZ_CHECK(mdg_utf8_valid(mdg_buf_str(&dec), dec.len));
		FUZZ_CHECK(mdg_utf7imap_encode(mdg_buf_str(&dec), &enc));
		FUZZ_CHECK(mdg_streq(mdg_buf_str(&enc), name));
	}
	mdg_buf_reset(&dec);
	mdg_buf_reset(&enc);
	if (mdg_utf7imap_encode(name, &enc)) {
		for (const char *p = mdg_buf_str(&enc); *p; p++)
			FUZZ_CHECK(*p >= 0x20 && *p < 0x7F);
		FUZZ_CHECK(mdg_utf7imap_decode(mdg_buf_str(&enc), &dec));
		FUZZ_CHECK(mdg_streq(mdg_buf_str(&dec), name));
	}
	mdg_utf7imap_show(name, &shown);
	FUZZ_CHECK(mdg_utf8_valid(mdg_buf_str(&shown), shown.len));
}

static void
check_address(const char *address)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf wire = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf quoted = {0};

	mdg_smtp_address_wire(address, &wire);
	if (!mdg_smtp_address_ok(mdg_buf_str(&wire)))
		return;
	FUZZ_CHECK(wire.len <= MDG_ADDRESS_BYTES_MAX);
	FUZZ_CHECK(!strpbrk(mdg_buf_str(&wire), "\r\n \t<>"));
	if (mdg_smtp_address_quoted(mdg_buf_str(&wire), &quoted))
		FUZZ_CHECK(mdg_smtp_address_ok(mdg_buf_str(&quoted)) ||
			   quoted.len > MDG_ADDRESS_BYTES_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mdg_freep) char *s = mdg_strndup((const char *)data, size);

	check_name(s);
	check_address(s);
	return 0;
}
