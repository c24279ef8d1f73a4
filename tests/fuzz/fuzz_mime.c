/* Whole mails: every string of the record is clean, every count in limits. */
#include "fuzz.h"

#include "madoguchi/mime/json.h"
#include "madoguchi/mime/parse.h"

static void
check_text(const char *s)
{
	size_t n = strlen(s);
	uint32_t cp;

	FUZZ_CHECK(mdg_utf8_valid(s, n));
	for (size_t i = 0; i < n;) {
		i += mdg_utf8_next(s + i, n - i, &cp);
		FUZZ_CHECK(cp >= 0x20 || cp == '\t' || cp == '\n');
		FUZZ_CHECK(cp < 0x7F || cp >= 0xA0);
		FUZZ_CHECK(cp < 0x202A || cp > 0x202E);
		FUZZ_CHECK(cp < 0x2066 || cp > 0x2069);
	}
}

static void
check_addresses(const struct mdg_addresses *l)
{
	FUZZ_CHECK(l->n <= MDG_ADDRESSES_MAX);
	for (size_t i = 0; i < l->n; i++) {
		fuzz_check_line(l->v[i].name);
		fuzz_check_line(l->v[i].address);
		fuzz_check_line(l->v[i].key);
	}
}

static void
check_strings(const struct mdg_strings *l, size_t max)
{
	FUZZ_CHECK(l->n <= max);
	for (size_t i = 0; i < l->n; i++)
		fuzz_check_line(l->v[i]);
}

static void
check_bounce(const struct mdg_bounce *b)
{
	FUZZ_CHECK(b->n <= MDG_BOUNCE_RECIPIENTS_MAX);
	for (size_t i = 0; i < b->n; i++) {
		fuzz_check_line(b->recipients[i].address);
		fuzz_check_line(b->recipients[i].action);
		if (b->recipients[i].diagnostic)
			fuzz_check_line(b->recipients[i].diagnostic);
	}
	if (b->original_message_id)
		fuzz_check_line(b->original_message_id);
}

static void
check_mail(const struct mdg_mail *m)
{
	check_addresses(&m->from);
	check_addresses(&m->to);
	check_addresses(&m->cc);
	check_strings(&m->references, MDG_REFERENCES_MAX);
	check_strings(&m->in_reply_to, MDG_REFERENCES_MAX);
	check_strings(&m->warnings, MDG_WARNINGS_MAX);
	check_strings(&m->explain, MDG_WARNINGS_MAX);
	fuzz_check_line(m->subject);
	FUZZ_CHECK(strlen(m->subject) <= MDG_SUBJECT_BYTES_MAX);
	if (m->message_id)
		fuzz_check_line(m->message_id);
	check_text(m->text);
	check_text(m->reply);
	check_text(m->quoted);
	check_text(m->signature);
	FUZZ_CHECK(strlen(m->text) <= MDG_TEXT_BYTES_MAX);
	FUZZ_CHECK((m->text_source == MDG_TEXT_NONE) == !*m->text);
	FUZZ_CHECK(m->attachments_n <= MDG_ATTACHMENTS_MAX);
	for (size_t i = 0; i < m->attachments_n; i++) {
		const struct mdg_attachment *a = &m->attachments[i];

		fuzz_check_line(a->media_type);
		FUZZ_CHECK(strchr(a->media_type, '/'));
		if (a->filename) {
			fuzz_check_line(a->filename);
			FUZZ_CHECK(*a->filename && !strchr(a->filename, '/'));
			FUZZ_CHECK(strlen(a->filename) <=
				   MDG_FILENAME_BYTES_MAX);
		}
	}
	if (m->bounce)
		check_bounce(m->bounce);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	MDG_AUTO(mdg_mail_clear) struct mdg_mail m;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf json = {0}, content = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf page = {0};
	struct mdg_mime_options opt = {
		.want_hash = true,
		.trust_loop_mark = true,
	};
	struct mdg_err err;

	if (!ready)
		mdg_mime_init();
	ready = true;
	mdg_mail_init(&m);
	if (!mdg_mime_parse(mdg_span(data, size), &opt, &m, &err)) {
		FUZZ_CHECK(err.code == MDG_EFORMAT);
		return 0;
	}
	check_mail(&m);
	if (mdg_mime_display(mdg_span(data, size), &page, NULL))
		check_text(mdg_buf_str(&page));
	mdg_mail_json(&m, true, &json);
	FUZZ_CHECK(json.len && !strchr(json.ptr, '\n'));
	for (size_t i = 0; i < m.attachments_n && i < 3; i++) {
		mdg_buf_reset(&content);
		FUZZ_CHECK(mdg_mime_extract(mdg_span(data, size),
					    m.attachments[i].part, &content,
					    NULL));
		FUZZ_CHECK(content.len == m.attachments[i].bytes);
	}
	return 0;
}
