/*
 * Outgoing mail from hostile strings: no line but ours, and the header that
 * is read back says what was put in. Input: fields separated by NUL.
 */
#include "fuzz.h"

#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/compose.h"
#include "madoguchi/mail/headers.h"

static const char *
field(struct mdg_arena *a, struct mdg_span *rest)
{
	const unsigned char *nul = rest->n ? memchr(rest->p, 0, rest->n) : NULL;
	size_t n = nul ? (size_t)(nul - rest->p) : rest->n;
	const char *s = mdg_arena_strndup(a, (const char *)rest->p, n);

	*rest = mdg_span(rest->p + n + (nul != NULL),
			 rest->n - n - (nul != NULL));
	return mdg_utf8_valid(s, n) ? s : "";
}

static void
check_bytes(const struct mdg_buf *out)
{
	for (size_t i = 0, line = 0; i < out->len; i++) {
		unsigned char c = (unsigned char)out->ptr[i];
		FUZZ_CHECK(c < 0x80 && c);
		FUZZ_CHECK((c == '\r') ==
			   (i + 1 < out->len && out->ptr[i + 1] == '\n'));
		line = c == '\n' ? 0 : line + 1;
		FUZZ_CHECK(line <= 998);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const known[] = {"Date",
					    "From",
					    "Reply-To",
					    "To",
					    "Cc",
					    "Subject",
					    "Message-ID",
					    "In-Reply-To",
					    "References",
					    "X-Madoguchi-Loop",
					    "MIME-Version",
					    "Content-Type",
					    "Content-Transfer-Encoding"};
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	struct mdg_span rest = mdg_span(data, size);
	struct mdg_outgoing o;
	struct mdg_headers h;

	mdg_outgoing_init(&o);
	struct mdg_address from = {field(&a, &rest), "a@example.jp", ""};
	struct mdg_address to = {field(&a, &rest), field(&a, &rest), ""};
	if (!mdg_addr_valid(to.address) || !mdg_addr_ascii(to.address))
		to.address = "b@example.jp";
	o.from = (struct mdg_addresses){&from, 1};
	o.to = (struct mdg_addresses){&to, 1};
	o.subject = field(&a, &rest);
	o.message_id = field(&a, &rest);
	if (!*o.message_id)
		o.message_id = "id@example.jp";
	o.in_reply_to = field(&a, &rest);
	const char *ids[] = {field(&a, &rest), field(&a, &rest)};
	o.references = (struct mdg_strings){ids, 2};
	o.loop_mark = field(&a, &rest);
	struct mdg_outgoing_file file = {.filename = field(&a, &rest),
					 .media_type = field(&a, &rest)};
	o.files = &file;
	o.files_n = *file.filename != '\0';
	o.text = field(&a, &rest);
	file.content = rest;
	if (!mdg_compose(&o, &out, NULL)) {
		FUZZ_CHECK(out.len == 0);
		return 0;
	}
	check_bytes(&out);
	mdg_headers_scan(mdg_buf_span(&out), &a, &h);
	for (size_t i = 0; i < h.n; i++) {
		size_t k = 0;
		while (k < MDG_LEN(known) && !mdg_streq(known[k], h.v[i].name))
			k++;
		FUZZ_CHECK(k < MDG_LEN(known));
		FUZZ_CHECK(!mdg_headers_find(&h, known[k], 1));
	}
	return 0;
}
