/* Delivery reports: bounded, valid, clean, whatever the parts hold. */
#include "fuzz.h"

#include "madoguchi/mail/bounce.h"
#include "madoguchi/mail/headers.h"

static const char *const ACTIONS[] = {"failed", "delayed", "delivered",
				      "relayed", "expanded"};

static bool
is_reason(const char *s)
{
	const char *name;

	for (unsigned i = 0; (name = mdg_bounce_reason_name(i)); i++)
		if (mdg_streq(name, s))
			return true;
	return false;
}

static void
check(const struct mdg_bounce_recipient *r)
{
	bool known = false;

	FUZZ_CHECK(r->address && *r->address);
	FUZZ_CHECK(mdg_utf8_valid(r->address, strlen(r->address)));
	FUZZ_CHECK(strlen(r->address) <= MDG_ADDRESS_BYTES_MAX);
	for (size_t i = 0; i < MDG_LEN(ACTIONS); i++)
		known = known || mdg_streq(r->action, ACTIONS[i]);
	FUZZ_CHECK(known);
	FUZZ_CHECK(is_reason(r->reason));
	FUZZ_CHECK(!r->hard || mdg_streq(r->action, "failed"));
	if (r->diagnostic) {
		FUZZ_CHECK(
			mdg_utf8_valid(r->diagnostic, strlen(r->diagnostic)));
		FUZZ_CHECK(!strchr(r->diagnostic, '\n'));
	}
}

/* The parts are cut apart at "\n@@\n". */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct mdg_headers h;
	char *part[4] = {NULL};

	mdg_utf8_clean(&text, (const char *)data, size, false);
	char *s = mdg_arena_strdup(&a, mdg_buf_str(&text));
	for (size_t i = 0; i < MDG_LEN(part) && s; i++) {
		part[i] = s;
		s = strstr(s, "\n@@\n");
		if (s) {
			s[1] = '\0';
			s += 4;
		}
	}
	mdg_headers_scan(mdg_span_str(part[0]), &a, &h);
	struct mdg_bounce_input in = {
		.headers = &h,
		.subject = mdg_headers_text(&h, "Subject", 0, &a),
		.status_text = part[1],
		.human_text = part[2],
		.returned = part[3],
	};
	struct mdg_bounce *b = mdg_bounce_parse(&in, &a);
	FUZZ_CHECK(b->n <= MDG_BOUNCE_RECIPIENTS_MAX);
	for (size_t i = 0; i < b->n; i++)
		check(&b->recipients[i]);
	if (b->original_message_id)
		FUZZ_CHECK(!strchr(b->original_message_id, '\n'));
	mdg_bounce_text_is_report(in.subject, in.human_text);
	return 0;
}
