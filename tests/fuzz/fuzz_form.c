/*
 * Labels in a text, what is taken from them, and forwarded heads: offsets
 * that the core may cut at, values that are one line of clean text.
 */
#include "fuzz.h"

#include "madoguchi/mail/form.h"
#include "madoguchi/mail/forward.h"
#include "madoguchi/mail/password.h"

/* What forms set in is set out again, line by line. */
static bool
lines_are_of(const char *text, const char *s)
{
	for (size_t n; *s; s += n + (s[n] == '\n')) {
		n = strcspn(s, "\n");
		if (!memmem(text, strlen(text), s, n))
			return false;
	}
	return true;
}

static void
check_values(const struct mdg_mail *m, const struct mdg_form_map *map,
	     const struct mdg_strings *ours, struct mdg_arena *a)
{
	struct mdg_form_values v;

	mdg_form_pick(m, map, ours, a, &v);
	for (int i = 0; i < MDG_FIELD_N; i++) {
		const char *s = v.text[i];
		FUZZ_CHECK(!s || mdg_utf8_valid(s, strlen(s)));
		if (s && i != MDG_FIELD_CONTENT)
			fuzz_check_line(s);
		/* escapes of JSON are undone, too */
		FUZZ_CHECK(!s || i != MDG_FIELD_CONTENT ||
			   strchr(m->text, '\\') || lines_are_of(m->text, s));
	}
	/* an answer goes to one good address of somebody else, or nowhere */
	FUZZ_CHECK((v.fault == MDG_FORM_OK) == (*v.customer.address != '\0'));
	FUZZ_CHECK(!mdg_streq(v.customer.key, ours->v[0]));
	FUZZ_CHECK(strlen(v.customer.address) <= MDG_ADDRESS_BYTES_MAX);
	fuzz_check_line(v.customer.name);
	mdg_form_suspected(m, &v, ours);
}

/* Fields as a hostile parser may send them, within what the wire lets in. */
static void
scramble(struct mdg_mail *m, const uint8_t *data, size_t size)
{
	size_t n = strlen(m->text), last = 0;

	for (size_t i = 0; i < m->fields_n && 2 * i + 1 < size; i++) {
		struct mdg_field *f = &m->fields[i];
		size_t at = last + data[2 * i], value;
		at = mdg_utf8_cut(m->text, n, at);
		value = mdg_utf8_cut(m->text, n, at + data[2 * i + 1]);
		f->at = (uint32_t)at;
		f->value = (uint32_t)value;
		f->kind = (enum mdg_field_kind)(data[2 * i] % MDG_FIELD_N);
		f->style = (enum mdg_field_style)(data[2 * i + 1] %
						  MDG_FIELD_STYLE_N);
		last = at;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_mail_clear) struct mdg_mail m;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	const char *own = "support@example.jp";
	const struct mdg_strings ours = {&own, 1};
	struct mdg_form_map map = {.reply_to = size & 1};
	struct mdg_addresses forwarded = {0};

	mdg_mail_init(&m);
	if (size == 0)
		return 0;
	mdg_utf8_clean(&text, (const char *)data + 1, size - 1, false);
	m.text = mdg_buf_str(&text);
	if (data[0] & 1)
		mdg_addresses_add(&m.reply_to, &a, "", "Taro@customer.example",
				  "taro@customer.example");
	mdg_form_scan(&m);
	FUZZ_CHECK(m.fields_n <= MDG_FIELDS_MAX);
	for (size_t i = 0; i < m.fields_n; i++) {
		const struct mdg_field *f = &m.fields[i];
		FUZZ_CHECK(f->at <= f->value && f->value <= text.len);
		FUZZ_CHECK(i == 0 || m.fields[i - 1].at <= f->at);
		FUZZ_CHECK(strlen(f->label) <= MDG_LABEL_BYTES_MAX);
		fuzz_check_line(f->label);
		map.label[MDG_FIELD_NAME + i % 9] =
			i % 3 ? f->label : map.label[MDG_FIELD_NAME + i % 9];
	}
	check_values(&m, NULL, &ours, &a);
	check_values(&m, &map, &ours, &a);
	scramble(&m, data, size);
	check_values(&m, NULL, &ours, &a);
	mdg_forward_read(m.text, data[0] & 2, &a, &forwarded);
	FUZZ_CHECK(forwarded.n <= MDG_FORWARDED_MAX);
	for (size_t i = 0; i < forwarded.n; i++)
		fuzz_check_line(forwarded.v[i].name);
	mdg_mail_tells_password(m.text);
	mdg_form_subject_fits("*お問い合わせ*", m.text);
	return 0;
}
