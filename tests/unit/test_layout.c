/*
 * Parts found without gmime are those that gmime finds: each mail is read as
 * it stands and once more with a line in its header that sends it to gmime.
 */
#include "t.h"

#include "madoguchi/mime/json.h"
#include "madoguchi/mime/parse.h"

#include "../../src/mime/layout.h"

static void
read_record(const struct mdg_buf *raw, struct mdg_buf *json,
	    unsigned char *hash)
{
	struct mdg_mime_options opt = {.want_hash = true};
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();

	assert_true(mdg_mime_parse(mdg_buf_span(raw), &opt, m, NULL));
	mdg_mail_json(m, true, json);
	memcpy(hash, m->content_hash, MDG_DIGEST_BYTES);
}

static void
put_line_ends(struct mdg_buf *out, const char *s, bool crlf)
{
	for (; *s; s++) {
		if (*s == '\n' && crlf)
			mdg_buf_putc(out, '\r');
		mdg_buf_putc(out, *s);
	}
}

/* The record of it; the one of gmime is the same. */
static void
read_both(const char *mail, bool crlf, struct mdg_buf *json)
{
	MDG_AUTO(mdg_buf_clear)
	struct mdg_buf raw = {0},
		       odd = {0}, theirs = {0};
	unsigned char a[MDG_DIGEST_BYTES], b[MDG_DIGEST_BYTES];

	put_line_ends(&raw, "Subject: s\n", crlf);
	put_line_ends(&raw, mail, crlf);
	put_line_ends(&odd, "Subject: s\nX-Odd : y\n", crlf);
	put_line_ends(&odd, mail, crlf);
	read_record(&raw, json, a);
	read_record(&odd, &theirs, b);
	assert_string_equal(mdg_buf_str(json), mdg_buf_str(&theirs));
	assert_memory_equal(a, b, sizeof(a));
}

#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"
#define PDF                                                                    \
	"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n"

static const char *const mails[] = {
	MIXED "--b\n\nhello\n--b\n" PDF "--b--\n",
	MIXED "preamble\n--b \t\n\nhello\n\n--b\n" PDF "\n--b-- \nepilogue\n",
	/* header without body, body of one line break, of none */
	MIXED "--b\nContent-Type: text/plain\n\n\n--b\n" PDF "--b--\n",
	MIXED "--b\nContent-Type: text/plain\n\n--b\n" PDF "--b--\n",
	MIXED "--b\nContent-Type: text/plain\n--b\n" PDF "--b--\n",
	/* lines that look like boundaries */
	MIXED "--b\n\n--\n-- \n--bb\n--c\nhello\n--b-\n--b\n" PDF "--b--\n",
	MIXED "--b\n\nhello\n --b\n>--b--\n--b\n" PDF "--b--\n",
	/* not closed, closed twice, without a part, text behind */
	MIXED "--b\n\nhello\n--b\n" PDF,
	MIXED "--b\n\nhello\n--b--\n--b\n" PDF "--b--\n",
	MIXED "--b--\n",
	MIXED "hello\n",
	MIXED "--b\n\nhello\n--b--",
	/* boundaries that begin each other, and an inner one left open */
	MIXED
	"--b\nContent-Type: multipart/alternative; boundary=\"bb\"\n\n"
	"--bb\n\nhello\n--bb\nContent-Type: text/html\n\n<p>hello\n--bb--\n"
	"--b\n" PDF "--b--\n",
	MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n"
	      "--c\n\nhello\n--b\n" PDF "--b--\n",
	MIXED "--b\nContent-Type: multipart/alternative; boundary=b\n\n"
	      "--b\n\nhello\n--b--\n--b\n" PDF "--b--\n",
	/* embedded mails are one part; digests are gmime's */
	MIXED "--b\nContent-Type: message/rfc822\n\nSubject: in\n" MIXED
	      "--c\n\nin\n--c--\n--b\n\nhello\n--b--\n",
	"Content-Type: multipart/digest; boundary=b\n\n"
	"--b\n\nSubject: in\n\nin\n--b--\n",
	/* types and parameters of every sort */
	"Content-Type: MULTIPART/Mixed;\n\tcharset=\"utf-8\";\n boundary=\"=_a.b\"\n\n"
	"--=_a.b\nContent-Type: TEXT/plain; charset=utf-8\n\nhello\n--=_a.b--\n",
	"Content-Type: multipart/mixed; boundary=\"a b\"\n\n--a b\n\nhi\n--a b--\n",
	"Content-Type: multipart/mixed; boundary*=us-ascii''b\n\n--b\n\nhi\n--b--\n",
	"Content-Type: multipart/mixed; boundary=b; boundary=c\n\n"
	"--b\n\nhi\n--b--\n--c\n\nho\n--c--\n",
	"Content-Type: multipart/mixed (b); boundary=b\n\n--b\n\nhi\n--b--\n",
	"Content-Type: multipart/mixed\nContent-Type: text/plain\n\n--b\n\nhi\n",
	MIXED "--b\nContent-Transfer-Encoding: base64 (x)\n\naGVsbG8=\n--b--\n",
	MIXED
	"--b\nContent-Type: text\n\nhi\n--b\nContent-Type: text/\n\nho\n--b--\n",
	"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0K\n",
};

static void
every_structure_gives_the_record_that_gmime_gives(void **state)
{
	(void)state;
	for (size_t i = 0; i < MDG_LEN(mails); i++)
		for (int crlf = 0; crlf < 2; crlf++) {
			MDG_AUTO(mdg_buf_clear) struct mdg_buf json = {0};

			print_message("mail %zu%s\n", i, crlf ? ", CRLF" : "");
			read_both(mails[i], crlf, &json);
		}
}

static size_t
count(const char *s, const char *what)
{
	size_t n = 0;

	while ((s = strstr(s, what))) {
		s += strlen(what);
		n++;
	}
	return n;
}

static void
parts_are_read_at_the_limit_and_one_more(void **state)
{
	(void)state;
	for (size_t n = MIME_LAYOUT_PARTS_MAX - 1; n <= MIME_LAYOUT_PARTS_MAX;
	     n++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf mail = {0}, json = {0};

		mdg_buf_puts(&mail, MIXED);
		for (size_t i = 0; i < n; i++)
			mdg_buf_puts(&mail, "--b\n" PDF);
		mdg_buf_puts(&mail, "--b--\n");
		read_both(mdg_buf_str(&mail), false, &json);
		assert_int_equal(count(mdg_buf_str(&json), "application/pdf"),
				 n);
	}
}

static void
nesting_is_read_at_the_limit_and_one_more(void **state)
{
	(void)state;
	for (size_t n = MIME_LAYOUT_DEPTH_MAX; n <= MIME_LAYOUT_DEPTH_MAX + 1;
	     n++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf mail = {0}, json = {0};

		for (size_t i = 0; i < n; i++)
			mdg_buf_printf(&mail,
				       "Content-Type: multipart/mixed; "
				       "boundary=n%zu\n\n--n%zu\n",
				       i, i);
		mdg_buf_puts(&mail, PDF);
		for (size_t i = n; i-- > 0;)
			mdg_buf_printf(&mail, "--n%zu--\n", i);
		read_both(mdg_buf_str(&mail), true, &json);
		assert_int_equal(count(mdg_buf_str(&json), "application/pdf"),
				 1);
	}
}

static void
a_boundary_of_other_line_ends_takes_nothing_of_the_text(void **state)
{
	(void)state;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0}, json = {0};
	unsigned char hash[MDG_DIGEST_BYTES];

	mdg_buf_puts(&raw, "Subject: s\r\nContent-Type: multipart/mixed; "
			   "boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; "
			   "charset=utf-8\r\n\r\nこんにちは\n--b--\r\n");
	read_record(&raw, &json, hash);
	assert_non_null(strstr(mdg_buf_str(&json), "\"text\":\"こんにちは\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_structure_gives_the_record_that_gmime_gives),
		cmocka_unit_test(parts_are_read_at_the_limit_and_one_more),
		cmocka_unit_test(nesting_is_read_at_the_limit_and_one_more),
		cmocka_unit_test(
			a_boundary_of_other_line_ends_takes_nothing_of_the_text),
	};

	mdg_mime_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
