#include "t.h"

#include <ctype.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mime/parse.h"

/* One mail read in each test; the corpus of tests/data has the rest. */
static struct mdg_mail *
read_mail(const struct mdg_buf *raw)
{
	struct mdg_mime_options opt = {.want_hash = true};
	struct mdg_mail *m = mdg_mail_new();

	assert_true(mdg_mime_parse(mdg_buf_span(raw), &opt, m, NULL));
	return m;
}

static bool
warned(const struct mdg_mail *m, const char *code)
{
	for (size_t i = 0; i < m->warnings.n; i++)
		if (mdg_streq(m->warnings.v[i], code))
			return true;
	return false;
}

static void
repeat(struct mdg_buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		mdg_buf_puts(b, s);
}

/* A mail of head + unit × n + tail: does it give this warning? The subject
 * and the text must be read either way. */
static bool
limit_met(const char *head, const char *unit, size_t n, const char *tail,
	  const char *warning)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = NULL;

	mdg_buf_puts(&raw, "Subject: s\n");
	mdg_buf_puts(&raw, head);
	repeat(&raw, unit, n);
	mdg_buf_puts(&raw, tail);
	m = read_mail(&raw);
	assert_string_equal(m->subject, "s");
	assert_non_null(strstr(m->text, "body"));
	return warned(m, warning);
}

static void
each_header_limit_holds_at_n_and_is_told_at_one_more(void **state)
{
	const char *body = "\n\nbody";

	(void)state;
	/* "X: " and the line end count too */
	assert_false(limit_met("X: ", "y", MDG_HEADER_BYTES_MAX - 4, body,
			       "limit:header"));
	assert_true(limit_met("X: ", "y", MDG_HEADER_BYTES_MAX - 3, body,
			      "limit:header"));
	assert_false(limit_met("", "X: y\n", MDG_HEADERS_MAX - 1, "\nbody",
			       "limit:headers"));
	assert_true(limit_met("", "X: y\n", MDG_HEADERS_MAX, "\nbody",
			      "limit:headers"));
	assert_false(limit_met("To: a", ":", MDG_ADDR_COLONS_MAX, body,
			       "limit:address-header"));
	assert_true(limit_met("To: a", ":", MDG_ADDR_COLONS_MAX + 1, body,
			      "limit:address-header"));
	assert_false(limit_met("To: \"", ":", MDG_ADDR_COLONS_MAX + 1,
			       "\"\n\nbody", "limit:address-header"));
	assert_true(limit_met("Cc: ", "a", MDG_ADDR_HEADER_BYTES_MAX + 1, body,
			      "limit:address-header"));
	/* the block: lines of 1024 bytes, the subject's 11 besides */
	char line[1025];
	memset(line, 'x', sizeof(line) - 1);
	memcpy(line, "X: ", 3);
	line[1023] = '\n';
	line[1024] = '\0';
	assert_false(limit_met("", line, MDG_HEADER_BLOCK_MAX / 1024 - 1,
			       "\nbody", "limit:header-block"));
	assert_true(limit_met("", line, MDG_HEADER_BLOCK_MAX / 1024, "\nbody",
			      "limit:header-block"));
}

#define MULTI "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nbody\n"

static void
each_part_limit_holds_at_n_and_is_told_at_one_more(void **state)
{
	(void)state;
	/* the multipart itself and the first text are parts too */
	assert_false(limit_met(MULTI, "--b\n\nx\n", MDG_PARTS_MAX - 2,
			       "--b--\n", "limit:parts"));
	assert_true(limit_met(MULTI, "--b\n\nx\n", MDG_PARTS_MAX - 1, "--b--\n",
			      "limit:parts"));
	assert_false(limit_met(MULTI, "--b\nContent-Type: a/b\n\nx\n",
			       MDG_ATTACHMENTS_MAX, "--b--\n",
			       "limit:attachments"));
	assert_true(limit_met(MULTI, "--b\nContent-Type: a/b\n\nx\n",
			      MDG_ATTACHMENTS_MAX + 1, "--b--\n",
			      "limit:attachments"));
	assert_false(limit_met("\nbody", "x", MDG_TEXT_BYTES_MAX - 4, "",
			       "limit:text"));
	assert_true(limit_met("\nbody", "x", MDG_TEXT_BYTES_MAX - 3, "",
			      "limit:text"));
}

static bool
nested(size_t depth)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = NULL;

	for (size_t i = 0; i < depth; i++)
		mdg_buf_printf(&raw,
			       "Content-Type: multipart/mixed; "
			       "boundary=n%zu\n\n--n%zu\n",
			       i, i);
	mdg_buf_puts(&raw, "\nbody\n");
	m = read_mail(&raw);
	assert_int_equal(mdg_streq(m->text, "body"), !warned(m, "limit:depth"));
	return warned(m, "limit:depth");
}

static void
nesting_is_read_up_to_the_limit(void **state)
{
	(void)state;
	assert_false(nested(MDG_DEPTH_MAX));
	assert_true(nested(MDG_DEPTH_MAX + 1));
}

static void
the_size_limit_cuts_and_tells(void **state)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = NULL;
	char *to;

	(void)state;
	mdg_buf_puts(&raw, "Subject: s\nContent-Type: a/b\n\n");
	to = mdg_buf_reserve(&raw, MDG_PARSE_BYTES_MAX);
	memset(to, 'x', MDG_PARSE_BYTES_MAX);
	raw.len = MDG_PARSE_BYTES_MAX;
	m = read_mail(&raw);
	assert_false(warned(m, "limit:size"));
	mdg_mail_free(&m);
	raw.len++;
	m = read_mail(&raw);
	assert_true(warned(m, "limit:size"));
}

static void
copies_of_a_mail_have_one_hash(void **state)
{
	static const char *const copies[] = {
		"Received: by a\nFrom: a@b\nSubject: s\n\nbody\n",
		"Received: by x\r\nReceived: by y\r\nFrom: a@b\r\n"
		"Subject: s\r\nX-Other: z\r\n\r\nbody\r\n",
		"From: a@b\nSubject: s\n\nbody",
	};
	static const char *const others[] = {
		"From: a@b\nSubject: s\n\nbody2\n",
		"From: a@b\nSubject: s2\n\nbody\n",
		"From: a@bc\nSubject: s\n\nbody\n",
		"To: a@b\nSubject: s\n\nbody\n",
	};
	unsigned char want[MDG_DIGEST_BYTES];

	(void)state;
	for (size_t i = 0; i < MDG_LEN(copies) + MDG_LEN(others); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
		MDG_AUTO(mdg_mail_free) struct mdg_mail *m = NULL;

		bool same = i < MDG_LEN(copies);
		mdg_buf_puts(&raw,
			     same ? copies[i] : others[i - MDG_LEN(copies)]);
		m = read_mail(&raw);
		if (i == 0)
			memcpy(want, m->content_hash, sizeof(want));
		assert_int_equal(
			memcmp(want, m->content_hash, sizeof(want)) == 0, same);
	}
}

static void
attachments_come_out_by_their_number(void **state)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0}, out = {0};
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = NULL;
	struct mdg_err err;

	(void)state;
	mdg_buf_puts(&raw, MULTI "begin 644 u.bin\n#86)C\n`\nend\n"
				 "--b\nContent-Type: a/b; name=x\n"
				 "Content-Transfer-Encoding: base64\n\n"
				 "aGVsbG8=\n--b--\n");
	m = read_mail(&raw);
	assert_int_equal(m->attachments_n, 2);
	assert_string_equal(m->attachments[0].filename, "u.bin");
	assert_true(mdg_mime_extract(mdg_buf_span(&raw), m->attachments[0].part,
				     &out, &err));
	assert_string_equal(mdg_buf_str(&out), "abc");
	mdg_buf_reset(&out);
	assert_true(mdg_mime_extract(mdg_buf_span(&raw), m->attachments[1].part,
				     &out, &err));
	assert_string_equal(mdg_buf_str(&out), "hello");
	assert_false(mdg_mime_extract(mdg_buf_span(&raw), 99, &out, &err));
	assert_int_equal(err.code, MDG_ENOENT);
}

static void
a_loop_mark_is_reported_and_trusted_only_on_demand(void **state)
{
	const char *raw = "X-Madoguchi-Loop: mark\nFrom: a@b\n\nx\n";
	struct mdg_mime_options opt = {0};

	(void)state;
	for (int trust = 0; trust < 2; trust++) {
		MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();

		opt.trust_loop_mark = trust;
		assert_true(mdg_mime_parse(mdg_span_str(raw), &opt, m, NULL));
		assert_string_equal(m->loop_mark, "mark");
		assert_int_equal(m->mail_class,
				 trust ? MDG_CLASS_SELF : MDG_CLASS_ORDINARY);
	}
}

static void
the_rest_of_the_record_is_filled(void **state)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = NULL;

	(void)state;
	mdg_buf_puts(&raw, "Delivered-To: d@x\nX-Original-To: o@x\n"
			   "Authentication-Results: one\n"
			   "Authentication-Results: two\n"
			   "Thread-Index: AdvAAAECAwQFBgcICQoLDA0ODxAREhMU"
			   "FRYXGBk=\n"
			   "From: support@bank.example <evil@x.example>\n"
			   "Content-Type: text/html\n\n<p onclick=x>body</p>");
	m = read_mail(&raw);
	assert_int_equal(m->delivered_to.n, 2);
	assert_string_equal(m->delivered_to.v[1], "o@x");
	assert_int_equal(m->auth_results.n, 2);
	assert_string_equal(m->auth_results.v[0], "one");
	assert_string_equal(m->thread_index,
			    "AdvAAAECAwQFBgcICQoLDA0ODxAREg==");
	assert_true(m->from_spoofed);
	assert_true(m->has_html);
}

static void
the_page_is_made_of_the_raw_mail_at_each_look(void **state)
{
	static const struct {
		const char *mail, *page;
		bool has_html;
	} rows[] = {
		{"Content-Type: text/html\n\n<p onclick=x>body</p>",
		 "<p>body</p>", true},
		/* said in full by the plain part, which is the text */
		{"Content-Type: multipart/alternative; boundary=b\n\n"
		 "--b\n\nbody\n--b\nContent-Type: text/html\n\n"
		 "<b>body</b>\n--b--\n",
		 "<b>body</b>", true},
		{"Content-Type: text/plain\n\n<p>body</p>", "", false},
		{"Content-Type: multipart/mixed; boundary=b\n\n"
		 "--b\nContent-Type: text/html\n"
		 "Content-Disposition: attachment; filename=a.html\n\n"
		 "<p>file</p>\n--b--\n",
		 "", false},
	};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(rows); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0}, page = {0};
		MDG_AUTO(mdg_mail_free) struct mdg_mail *m = NULL;

		mdg_buf_puts(&raw, rows[i].mail);
		m = read_mail(&raw);
		assert_int_equal(m->has_html, rows[i].has_html);
		assert_true(mdg_mime_display(mdg_buf_span(&raw), &page, NULL));
		assert_string_equal(mdg_buf_str(&page), rows[i].page);
	}
}

/* Contents of 150 bytes as one line of base64 with c put in at `at`. */
static void
put_base64_with(struct mdg_buf *raw, size_t at, char c)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"
				  "rstuvwxyz0123456789+/";

	mdg_buf_puts(raw, "Content-Type: application/octet-stream\n"
			  "Content-Transfer-Encoding: base64\n\n");
	for (size_t i = 0; i < 200; i++) {
		if (i == at)
			mdg_buf_put(raw, &c, 1);
		mdg_buf_putc(raw, set[i * 7 % 64]);
	}
}

static void
a_strange_byte_anywhere_in_base64_is_passed_over(void **state)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0}, want = {0}, got = {0};
	size_t tried = 0;

	(void)state;
	put_base64_with(&raw, SIZE_MAX, 0);
	assert_true(mdg_mime_extract(mdg_buf_span(&raw), 0, &want, NULL));
	assert_int_equal(want.len, 150);
	/* the values 0, 7, 14, 21 … */
	assert_memory_equal(want.ptr, "\x00\x73\x95\x72\x3a\xb1", 6);
	for (int c = 0; c < 256; c++) {
		if (strchr("+/=", c) || (c < 128 && isalnum(c)))
			continue;
		for (size_t at = 0; at < 72; at++, tried++) {
			mdg_buf_reset(&raw);
			mdg_buf_reset(&got);
			put_base64_with(&raw, at, (char)c);
			assert_true(mdg_mime_extract(mdg_buf_span(&raw), 0,
						     &got, NULL));
			if (got.len != want.len ||
			    memcmp(got.ptr, want.ptr, got.len) != 0)
				fail_msg("byte %d at %zu", c, at);
		}
	}
	assert_true(tried > 10000);
}

static void
nothing_is_a_format_error(void **state)
{
	static const char *const nothing[] = {"", "\n", " \r\n\t \r\n"};
	struct mdg_mime_options opt = {0};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(nothing); i++) {
		MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();
		struct mdg_err err;

		assert_false(mdg_mime_parse(mdg_span_str(nothing[i]), &opt, m,
					    &err));
		assert_int_equal(err.code, MDG_EFORMAT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			each_header_limit_holds_at_n_and_is_told_at_one_more),
		cmocka_unit_test(
			each_part_limit_holds_at_n_and_is_told_at_one_more),
		cmocka_unit_test(nesting_is_read_up_to_the_limit),
		cmocka_unit_test(the_size_limit_cuts_and_tells),
		cmocka_unit_test(copies_of_a_mail_have_one_hash),
		cmocka_unit_test(attachments_come_out_by_their_number),
		cmocka_unit_test(
			a_loop_mark_is_reported_and_trusted_only_on_demand),
		cmocka_unit_test(the_rest_of_the_record_is_filled),
		cmocka_unit_test(the_page_is_made_of_the_raw_mail_at_each_look),
		cmocka_unit_test(
			a_strange_byte_anywhere_in_base64_is_passed_over),
		cmocka_unit_test(nothing_is_a_format_error),
	};

	mdg_mime_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
