#include "t.h"

#include "madoguchi/base/arena.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/compose.h"
#include "madoguchi/mail/headers.h"
#include "madoguchi/mail/msgid.h"
#include "madoguchi/mail/param.h"

static const char text[] = "山田 太郎 様\n\nお世話になっております。\n"
			   ".\nFrom の行\n以上、よろしくお願いいたします。\n";

struct fixture {
	struct mdg_outgoing o;
	struct mdg_address from, to[2];
	struct mdg_arena a;
	struct mdg_buf out;
	struct mdg_headers h;
	struct mdg_err err;
};

static void
fixture_init(struct fixture *f)
{
	*f = (struct fixture){0};
	mdg_outgoing_init(&f->o);
	f->from =
		(struct mdg_address){"サンプル窓口", "support@example.jp", ""};
	f->to[0] = (struct mdg_address){"山田, \"太郎\"", "a..b.@docomo.ne.jp",
					""};
	f->to[1] = (struct mdg_address){"", "c@d.jp", ""};
	f->o.from = (struct mdg_addresses){&f->from, 1};
	f->o.to = (struct mdg_addresses){f->to, 2};
	f->o.subject = "Re: お問い合わせの件①㈱髙😀";
	f->o.text = text;
	f->o.message_id = "mg.a.b.c@example.jp";
	f->o.date_s = 1795237200; /* 2026-11-21T05:00:00Z */
}

static void
fixture_clear(struct fixture *f)
{
	mdg_buf_clear(&f->out);
	mdg_arena_clear(&f->a);
}

static bool
compose(struct fixture *f)
{
	mdg_buf_reset(&f->out);
	if (!mdg_compose(&f->o, &f->out, &f->err))
		return false;
	mdg_headers_scan(mdg_buf_span(&f->out), &f->a, &f->h);
	return true;
}

static const char *
header(struct fixture *f, const char *name)
{
	return mdg_headers_text(&f->h, name, 0, &f->a);
}

/* The base64 of a body part, decoded by the tables of our own reader. */
static void
unbase64(const char *p, size_t n, struct mdg_buf *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned acc = 0, bits = 0;

	for (size_t i = 0; i < n; i++) {
		const char *d = p[i] ? strchr(digits, p[i]) : NULL;
		if (!d)
			continue;
		acc = (acc << 6 | (unsigned)(d - digits)) & 0xFFFF;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			mdg_buf_putc(out, (char)(acc >> bits));
		}
	}
}

static void
what_goes_out_is_what_was_put_in(void **state)
{
	(void)state;
	struct fixture f;
	struct mdg_addresses back = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf body = {0};

	fixture_init(&f);
	assert_true(compose(&f));
	assert_string_equal(header(&f, "Subject"), f.o.subject);
	assert_string_equal(header(&f, "Date"),
			    "Sat, 21 Nov 2026 14:00:00 +0900");
	assert_string_equal(header(&f, "Message-ID"), "<mg.a.b.c@example.jp>");
	assert_string_equal(header(&f, "MIME-Version"), "1.0");
	assert_null(header(&f, "References"));
	assert_null(header(&f, "Cc"));
	assert_null(header(&f, "Auto-Submitted"));
	mdg_addr_parse(mdg_headers_find(&f.h, "To", 0)->raw, &f.a, &back, NULL);
	assert_int_equal(back.n, 2);
	assert_string_equal(back.v[0].name, f.to[0].name);
	assert_string_equal(back.v[0].address, f.to[0].address);
	assert_string_equal(back.v[1].address, "c@d.jp");
	assert_string_equal(header(&f, "Content-Transfer-Encoding"), "base64");
	unbase64(f.out.ptr + f.h.end, f.out.len - f.h.end, &body);
	MDG_AUTO(mdg_buf_clear) struct mdg_buf lf = {0};
	for (size_t i = 0; i < body.len; i++)
		if (body.ptr[i] != '\r')
			mdg_buf_putc(&lf, body.ptr[i]);
	assert_string_equal(mdg_buf_str(&lf), text);
	fixture_clear(&f);
}

static void
the_same_arguments_give_the_same_bytes(void **state)
{
	(void)state;
	struct fixture f, g;
	struct mdg_outgoing_file file = {"見積.pdf", "application/pdf",
					 mdg_span("%PDF", 4), NULL, NULL};

	fixture_init(&f);
	fixture_init(&g);
	f.o.files = g.o.files = &file;
	f.o.files_n = g.o.files_n = 1;
	assert_true(compose(&f) && compose(&g));
	assert_int_equal(f.out.len, g.out.len);
	assert_memory_equal(f.out.ptr, g.out.ptr, f.out.len);
	fixture_clear(&f);
	fixture_clear(&g);
}

static void
lines_are_short_and_end_in_crlf(void **state)
{
	(void)state;
	struct fixture f;
	struct mdg_outgoing_file file = {
		"とても長いファイル名の添付ファイルで折り返しが要るもの.xlsx",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		mdg_span(text, sizeof(text)), NULL, NULL};

	fixture_init(&f);
	f.o.files = &file;
	f.o.files_n = 1;
	f.o.subject =
		"長い件名長い件名長い件名長い件名長い件名長い件名長い件名"
		"長い件名長い件名長い件名長い件名長い件名長い件名長い件名";
	assert_true(compose(&f));
	for (size_t i = 0, column = 0; i < f.out.len; i++) {
		unsigned char c = (unsigned char)f.out.ptr[i];
		assert_true(c && c < 0x80);
		assert_int_equal(c == '\r', f.out.ptr[i + 1] == '\n');
		column = c == '\n' ? 0 : column + 1;
		assert_true(column <= 87); /* one long media type */
	}
	assert_true(mdg_str_ends(f.out.ptr, "--\r\n"));
	fixture_clear(&f);
}

static void
short_ascii_text_travels_as_it_is(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool plain;
	} rows[] = {
		{"Hello\n\n.\nBye\n", true},
		{"no end", true},
		{"", true},
		{"tab\there\n", true},
		{"From here\n", false},
		{"trailing \n", false},
		{"caf\u00E9\n", false},
		{"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		 "xxxxxxxxxxxxxxxxxxx\n",
		 false},
	};

	for (size_t i = 0; i < MDG_LEN(rows); i++) {
		struct fixture f;
		fixture_init(&f);
		f.o.text = rows[i].text;
		assert_true(compose(&f));
		assert_string_equal(header(&f, "Content-Transfer-Encoding"),
				    rows[i].plain ? "7bit" : "base64");
		fixture_clear(&f);
	}
}

static void
attachments_carry_their_name_in_both_forms(void **state)
{
	(void)state;
	struct fixture f;
	struct mdg_params type, disposition;
	struct mdg_outgoing_file files[] = {
		{"../見積書①.pdf", "application/pdf", mdg_span("abc", 3),
		 NULL, NULL},
		{"forwarded.eml", "message/rfc822", mdg_span("A: b\n\nc", 7),
		 NULL, NULL},
		{NULL, "text/plain\r\nX: y", mdg_span("", 0), NULL, NULL},
	};

	fixture_init(&f);
	f.o.files = files;
	f.o.files_n = 3;
	assert_true(compose(&f));
	mdg_params_parse(mdg_headers_find(&f.h, "Content-Type", 0)->raw, &f.a,
			 &type);
	assert_string_equal(type.value, "multipart/mixed");
	const char *boundary = mdg_params_get(&type, "boundary");
	assert_non_null(boundary);
	const char *wants[][2] = {{"text/plain", NULL},
				  {"application/pdf", "見積書①.pdf"},
				  {"application/octet-stream", "forwarded.eml"},
				  {"application/octet-stream", "attachment-3"}};
	const char *p = f.out.ptr + f.h.end;
	for (size_t i = 0; i < 4; i++) {
		struct mdg_headers h;
		p = strstr(p, boundary);
		assert_non_null(p);
		p += strlen(boundary) + 2;
		mdg_headers_scan(mdg_span_str(p), &f.a, &h);
		mdg_params_parse(mdg_headers_find(&h, "Content-Type", 0)->raw,
				 &f.a, &type);
		assert_string_equal(type.value, wants[i][0]);
		if (!wants[i][1])
			continue;
		assert_string_equal(mdg_params_get(&type, "name"), wants[i][1]);
		mdg_params_parse(
			mdg_headers_find(&h, "Content-Disposition", 0)->raw,
			&f.a, &disposition);
		assert_string_equal(disposition.value, "attachment");
		assert_string_equal(mdg_params_get(&disposition, "filename"),
				    wants[i][1]);
	}
	assert_non_null(strstr(p, boundary));
	fixture_clear(&f);
}

static void
references_keep_the_first_and_the_newest(void **state)
{
	(void)state;
	struct fixture f;
	const char *ids[60];
	struct mdg_strings back = {0};

	fixture_init(&f);
	for (int i = 0; i < 60; i++)
		ids[i] = mdg_arena_printf(&f.a, "id%d@example.jp", i);
	ids[59] = "last@example.jp";
	ids[40] = "not\r\nwritable@x";
	f.o.references = (struct mdg_strings){ids, 60};
	f.o.in_reply_to = "last@example.jp";
	assert_true(compose(&f));
	mdg_msgids_parse(mdg_headers_find(&f.h, "References", 0)->raw, &f.a,
			 &back, 100);
	assert_int_equal(back.n, 20);
	assert_string_equal(back.v[0], "id0@example.jp");
	assert_string_equal(back.v[1], "id41@example.jp");
	assert_string_equal(back.v[19], "last@example.jp");
	assert_string_equal(header(&f, "In-Reply-To"), "<last@example.jp>");

	/* long ids: less than 8 kB, the newest stay */
	for (int i = 0; i < 60; i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf id = {0};
		for (int k = 0; k < 800; k++)
			mdg_buf_putc(&id, 'x');
		mdg_buf_printf(&id, "%d@x", i);
		ids[i] = mdg_arena_strdup(&f.a, id.ptr);
	}
	assert_true(compose(&f));
	assert_true(mdg_headers_find(&f.h, "References", 0)->raw.n < 8192);
	back = (struct mdg_strings){0};
	mdg_msgids_parse(mdg_headers_find(&f.h, "References", 0)->raw, &f.a,
			 &back, 100);
	assert_string_equal(back.v[0], ids[0]);
	assert_string_equal(back.v[back.n - 1], ids[59]);
	fixture_clear(&f);
}

static void
automatic_mail_says_so(void **state)
{
	(void)state;
	struct fixture f;

	fixture_init(&f);
	f.o.auto_submitted = "auto-replied";
	f.o.loop_mark = "k1.abc";
	assert_true(compose(&f));
	assert_string_equal(header(&f, "Auto-Submitted"), "auto-replied");
	assert_string_equal(header(&f, "X-Auto-Response-Suppress"), "All");
	assert_string_equal(header(&f, "X-Madoguchi-Loop"), "k1.abc");
	assert_null(header(&f, "Precedence"));
	f.o.auto_submitted = "no";
	assert_false(compose(&f));
	fixture_clear(&f);
}

static void
zones_and_old_dates_are_written(void **state)
{
	(void)state;
	static const struct {
		int64_t t;
		int zone;
		const char *want;
	} rows[] = {
		{0, 0, "Thu, 1 Jan 1970 00:00:00 +0000"},
		{0, -210, "Wed, 31 Dec 1969 20:30:00 -0330"},
		{-1, 0, "Wed, 31 Dec 1969 23:59:59 +0000"},
		{1709164799, 540, "Thu, 29 Feb 2024 08:59:59 +0900"},
		{1709218800, 540, "Fri, 1 Mar 2024 00:00:00 +0900"},
	};

	for (size_t i = 0; i < MDG_LEN(rows); i++) {
		struct fixture f;
		fixture_init(&f);
		f.o.date_s = rows[i].t;
		f.o.zone_min = rows[i].zone;
		assert_true(compose(&f));
		assert_string_equal(header(&f, "Date"), rows[i].want);
		fixture_clear(&f);
	}
}

static void
nothing_can_be_injected(void **state)
{
	(void)state;
	static const char *const evil[] = {
		"x\r\nBcc: evil@x.jp",
		"x\nBcc: evil@x.jp",
		"x\rBcc: evil@x",
		"x\x01y",
		"x\x7Fy",
		"x\xC2\x85y",
		"x\u2028y",
		"x\u2029y",
		"x\ty",
		"x\xFFy",
	};

	for (size_t i = 0; i < MDG_LEN(evil); i++) {
		for (int field = 0; field < 8; field++) {
			struct fixture f;
			fixture_init(&f);
			switch (field) {
			case 0:
				f.o.subject = evil[i];
				break;
			case 1:
				f.from.name = evil[i];
				break;
			case 2:
				f.to[0].name = evil[i];
				break;
			case 3:
				f.to[0].address = evil[i];
				break;
			case 4:
				f.o.message_id = evil[i];
				break;
			case 5:
				f.o.loop_mark = evil[i];
				break;
			case 6:
				f.o.cc = (struct mdg_addresses){&f.to[1], 1};
				f.to[1].address = evil[i];
				break;
			default:
				f.o.auto_submitted = evil[i];
				break;
			}
			mdg_buf_puts(&f.out, "before");
			assert_false(mdg_compose(&f.o, &f.out, &f.err));
			assert_int_equal(f.err.code, MDG_EINVAL);
			assert_string_equal(f.out.ptr, "before");
			fixture_clear(&f);
		}
	}
}

static void
a_mail_without_sender_recipient_or_id_is_refused(void **state)
{
	(void)state;
	struct fixture f;

	fixture_init(&f);
	f.o.from.n = 0;
	assert_false(compose(&f));
	f.o.from.n = 1;
	f.o.to.n = 0;
	assert_false(compose(&f));
	f.o.cc = (struct mdg_addresses){f.to, 1};
	assert_true(compose(&f));
	f.o.message_id = NULL;
	assert_false(compose(&f));
	f.o.message_id = "a@b";
	f.out.max = 100;
	mdg_buf_clear(&f.out);
	assert_false(compose(&f));
	assert_int_equal(f.err.code, MDG_ETOOBIG);
	assert_int_equal(f.out.len, 0);
	assert_true(mdg_buf_ok(&f.out));
	fixture_clear(&f);
}

static void
a_boundary_in_the_text_is_avoided(void **state)
{
	(void)state;
	struct fixture f;
	struct mdg_params p;
	struct mdg_outgoing_file file = {"a", NULL, mdg_span("b", 1), NULL,
					 NULL};

	fixture_init(&f);
	f.o.files = &file;
	f.o.files_n = 1;
	f.o.text = "plain\n";
	assert_true(compose(&f));
	mdg_params_parse(mdg_headers_find(&f.h, "Content-Type", 0)->raw, &f.a,
			 &p);
	const char *first = mdg_params_get(&p, "boundary");
	f.o.text = mdg_arena_printf(&f.a, "--%s--\nrest\n", first);
	assert_true(compose(&f));
	mdg_params_parse(mdg_headers_find(&f.h, "Content-Type", 0)->raw, &f.a,
			 &p);
	assert_string_not_equal(mdg_params_get(&p, "boundary"), first);
	fixture_clear(&f);
}

/* 7, 14, 21 … bytes a piece, none of them a whole line of base64 */
static bool
read_sevens(void *ctx, int64_t n, struct mdg_buf *to, struct mdg_err *err)
{
	const struct mdg_span *all = ctx;
	size_t at = 7 * (size_t)(n * (n + 1) / 2), len = 7 * ((size_t)n + 1);

	(void)err;
	mdg_buf_reset(to);
	if (at < all->n)
		mdg_buf_put(to, all->p + at,
			    len < all->n - at ? len : all->n - at);
	return true;
}

static bool
gather(void *arg, struct mdg_span piece, struct mdg_err *err)
{
	(void)err;
	return mdg_buf_put(arg, piece.p, piece.n);
}

static void
pieces_make_the_same_mail(void **state)
{
	(void)state;
	struct fixture f;
	struct mdg_buf pieces = {0};
	char content[5000];
	struct mdg_err err;

	for (size_t i = 0; i < sizeof(content); i++)
		content[i] = (char)(i * 31);
	struct mdg_span all = mdg_span(content, sizeof(content));
	struct mdg_outgoing_file whole = {"a.bin", NULL, all, NULL, NULL};
	struct mdg_outgoing_file cut = {"a.bin", NULL, {NULL, 0}, read_sevens,
					&all};
	fixture_init(&f);
	f.o.files = &whole;
	f.o.files_n = 1;
	assert_true(compose(&f));
	f.o.files = &cut;
	assert_true(mdg_compose_to(&f.o, gather, &pieces, &err));
	assert_true(mdg_span_eq(mdg_buf_span(&pieces), mdg_buf_span(&f.out)));
	mdg_buf_clear(&pieces);
	fixture_clear(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_make_the_same_mail),
		cmocka_unit_test(what_goes_out_is_what_was_put_in),
		cmocka_unit_test(the_same_arguments_give_the_same_bytes),
		cmocka_unit_test(lines_are_short_and_end_in_crlf),
		cmocka_unit_test(short_ascii_text_travels_as_it_is),
		cmocka_unit_test(attachments_carry_their_name_in_both_forms),
		cmocka_unit_test(references_keep_the_first_and_the_newest),
		cmocka_unit_test(automatic_mail_says_so),
		cmocka_unit_test(zones_and_old_dates_are_written),
		cmocka_unit_test(nothing_can_be_injected),
		cmocka_unit_test(
			a_mail_without_sender_recipient_or_id_is_refused),
		cmocka_unit_test(a_boundary_in_the_text_is_avoided),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
