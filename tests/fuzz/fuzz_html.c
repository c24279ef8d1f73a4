/*
 * HTML: text and clean HTML are valid and free of controls, and what is
 * cleaned holds nothing that loads, runs or covers.
 */
#include "fuzz.h"

#include "madoguchi/mail/charset.h"
#include "madoguchi/mime/html.h"

static void
check_text(const struct mdg_buf *b)
{
	FUZZ_CHECK(mdg_buf_ok(b));
	FUZZ_CHECK(mdg_utf8_valid(mdg_buf_str(b), b->len));
	FUZZ_CHECK(strlen(mdg_buf_str(b)) == b->len);
}

/* Every '<' of the clean form opens or closes a tag of ours; attribute values
 * hold no '<' or '>' that a sloppy reader would take for one. */
static void
check_clean(const char *s)
{
	static const char *const never[] = {
		"<script", "<style",    "<svg",   "<math",   "<form",
		"<iframe", "<object",   "<embed", "<input",  "<base",
		"<meta",   "<link",     "<frame", "<applet", "<video",
		"<audio",  "<noscript", "<!",     "<?",      "<template",
	};

	for (const char *p = s; (p = strchr(p, '<')); p++) {
		const char *gt = strchr(p, '>');

		FUZZ_CHECK(gt && !memchr(p + 1, '<', (size_t)(gt - p - 1)));
		for (size_t i = 0; i < MDG_LEN(never); i++)
			FUZZ_CHECK(!mdg_str_case_starts(p, never[i]));
		for (const char *q = p; q < gt; q++) {
			FUZZ_CHECK(!mdg_str_case_starts(q, " on"));
			FUZZ_CHECK(!mdg_str_case_starts(q, " src=\"http"));
			FUZZ_CHECK(!mdg_str_case_starts(q, "=\"javascript:"));
			if (*q == '"') { /* what is inside is data */
				q = strchr(q + 1, '"');
				FUZZ_CHECK(q && q < gt);
			}
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf in = {0}, text = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf clean = {0}, again = {0};
	MDG_AUTO(mdg_html_free) struct mdg_html *h = NULL, *h2 = NULL;
	char name[16];

	mdg_html_charset(mdg_span(data, size), name, sizeof(name));
	mdg_utf8_clean(&in, (const char *)data, size, false);
	h = mdg_html_new(mdg_buf_str(&in), in.len);
	mdg_html_text(h, &text);
	check_text(&text);
	mdg_html_clean(h, &clean);
	check_text(&clean);
	check_clean(mdg_buf_str(&clean));
	/* a reader of the clean form sees nothing new in it */
	h2 = mdg_html_new(mdg_buf_str(&clean), clean.len);
	mdg_html_clean(h2, &again);
	check_clean(mdg_buf_str(&again));
	return 0;
}
