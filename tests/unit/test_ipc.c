#include "t.h"

#include <poll.h>
#include <sys/socket.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/ipc/chan.h"
#include "madoguchi/ipc/proto.h"
#include "madoguchi/ipc/wire.h"

static void
frames_come_out_as_they_went_in_however_they_are_cut(void **state)
{
	(void)state;
	struct mdg_buf wire = {0};
	struct mdg_framer f = {0};
	struct mdg_frame got;
	struct mdg_err err;
	int seen = 0;

	mdg_frame_put(&wire, 7, 1, mdg_span("abc", 3));
	mdg_frame_put(&wire, 8, 2, mdg_span("", 0));
	mdg_frame_put(&wire, 9, 3, mdg_span("0123456789", 10));
	for (size_t i = 0; i < wire.len; i++) {
		*mdg_framer_space(&f, 1) = wire.ptr[i];
		mdg_framer_added(&f, 1);
		while (mdg_framer_next(&f, &got, &err) == MDG_FRAME_READY) {
			seen++;
			assert_int_equal(got.type, 6 + seen);
			assert_int_equal(got.id, seen);
		}
	}
	assert_int_equal(seen, 3);
	mdg_framer_clear(&f);
	mdg_buf_clear(&wire);
}

static void
a_frame_over_the_cap_is_a_broken_peer(void **state)
{
	(void)state;
	struct mdg_buf wire = {0};
	struct mdg_frame got;
	struct mdg_err err;

	mdg_frame_put(&wire, 7, 1, mdg_span("12345", 5));
	for (size_t cap = 4; cap <= 5; cap++) {
		struct mdg_framer f = {.max_bytes = cap};
		memcpy(mdg_framer_space(&f, wire.len), wire.ptr, wire.len);
		mdg_framer_added(&f, wire.len);
		assert_int_equal(mdg_framer_next(&f, &got, &err),
				 cap == 4 ? MDG_FRAME_BROKEN : MDG_FRAME_READY);
		mdg_framer_clear(&f);
	}
	mdg_buf_clear(&wire);
}

/* Two ends of a channel. */
static void
join(struct mdg_chan *a, struct mdg_chan *b)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	mdg_chan_init(a, pair[0], 0);
	mdg_chan_init(b, pair[1], 0);
}

static void
a_channel_carries_frames_and_tells_when_the_peer_is_gone(void **state)
{
	(void)state;
	struct mdg_chan a, b;
	struct mdg_frame got;
	struct mdg_err err;

	join(&a, &b);
	assert_true(mdg_chan_send(&a, 5, 9, mdg_span("xy", 2), &err));
	assert_true(mdg_chan_send(&a, 6, 10, mdg_span("z", 1), &err));
	assert_true(mdg_chan_recv(&b, 1000, &got, &err));
	assert_int_equal(got.type, 5);
	assert_true(mdg_chan_pending(&b));
	assert_true(mdg_chan_recv(&b, 1000, &got, &err));
	assert_false(mdg_chan_pending(&b));
	assert_false(mdg_chan_recv(&b, 0, &got, &err));
	assert_int_equal(err.code, MDG_ETIMEOUT);
	mdg_chan_clear(&a);
	assert_false(mdg_chan_recv(&b, 1000, &got, &err));
	assert_int_equal(err.code, MDG_ENET);
	mdg_chan_clear(&b);
}

/* One thread plays both sides: if either waited for the other, it would hang. */
static void
what_is_posted_waits_for_a_busy_peer_and_comes_in_order(void **state)
{
	(void)state;
	enum { FRAMES = 150, BYTES = 20000 };
	static const char bytes[BYTES];
	struct mdg_chan a, b;
	struct mdg_frame got;
	struct mdg_err err;
	uint32_t seen = 0;

	join(&a, &b);
	assert_int_equal(mdg_chan_events(&a), POLLIN);
	for (uint32_t i = 0; i < FRAMES; i++)
		assert_true(mdg_chan_post(&a, 5, i, mdg_span(bytes, BYTES),
					  &err));
	assert_true(mdg_chan_owes(&a));
	assert_int_equal(mdg_chan_events(&a), POLLIN | POLLOUT);
	while (seen < FRAMES) {
		/* it waits for an answer: what it owes goes out meanwhile */
		assert_false(mdg_chan_recv(&a, 0, &got, &err));
		assert_int_equal(err.code, MDG_ETIMEOUT);
		while (mdg_chan_recv(&b, 0, &got, &err)) {
			assert_int_equal(got.id, seen++);
			assert_int_equal(got.payload.n, BYTES);
		}
		assert_int_equal(err.code, MDG_ETIMEOUT);
	}
	assert_false(mdg_chan_owes(&a));
	mdg_chan_clear(&b);
	assert_false(mdg_chan_post(&a, 5, 0, mdg_span(bytes, BYTES), &err));
	assert_int_equal(err.code, MDG_ENET);
	mdg_chan_clear(&a);
}

static void
what_came_before_a_peer_went_is_still_read(void **state)
{
	(void)state;
	static const char bytes[20000];
	struct mdg_chan a, b;
	struct mdg_frame got;
	struct mdg_err err;

	join(&a, &b);
	for (uint32_t i = 0; i < 6; i++)
		assert_true(mdg_chan_send(&a, 5, i,
					  mdg_span(bytes, sizeof(bytes)),
					  &err));
	mdg_chan_clear(&a);
	for (uint32_t i = 0; i < 6; i++) {
		assert_true(mdg_chan_recv(&b, 1000, &got, &err));
		assert_int_equal(got.id, i);
	}
	assert_false(mdg_chan_recv(&b, 1000, &got, &err));
	assert_int_equal(err.code, MDG_ENET);
	mdg_chan_clear(&b);
}

static struct mdg_mail *
sample_mail(void)
{
	struct mdg_mail *m = mdg_mail_new();
	struct mdg_arena *a = &m->arena;

	m->message_id = "a@example.jp";
	m->subject = "お問い合わせ";
	m->text = "本文\n";
	m->reply = "本文";
	m->has_date = true;
	m->has_html = true;
	m->date_s = -5;
	mdg_strings_add(&m->references, a, "r1@x", 10);
	mdg_strings_add(&m->references, a, "r2@x", 10);
	mdg_addresses_add(&m->from, a, "山田", "a..b.@docomo.ne.jp",
			  "a..b.@docomo.ne.jp");
	m->attachments_n = 1;
	m->attachments = mdg_arena_alloc(a, sizeof(*m->attachments));
	m->attachments[0] = (struct mdg_attachment){
		.media_type = "image/png", .bytes = 77, .part = 2};
	m->mail_class = MDG_CLASS_BOUNCE;
	m->bounce = mdg_arena_alloc(a, sizeof(*m->bounce));
	m->bounce->n = 1;
	m->bounce->recipients =
		mdg_arena_alloc(a, sizeof(*m->bounce->recipients));
	m->bounce->recipients[0] = (struct mdg_bounce_recipient){
		.address = "x@y", .action = "failed", .hard = true,
		.reason = "user_unknown"};
	return m;
}

static void
a_mail_record_survives_the_wire(void **state)
{
	(void)state;
	struct mdg_mail *m = sample_mail(), *n = mdg_mail_new();
	struct mdg_buf b = {0};

	mdg_mail_pack(&b, m);
	assert_true(mdg_mail_unpack(mdg_buf_span(&b), n));
	assert_string_equal(n->subject, m->subject);
	assert_int_equal(n->references.n, 2);
	assert_string_equal(n->references.v[1], "r2@x");
	assert_string_equal(n->from.v[0].address, "a..b.@docomo.ne.jp");
	assert_null(n->attachments[0].filename);
	assert_true(n->bounce->recipients[0].hard);
	assert_int_equal(n->date_s, -5);
	assert_true(n->has_html);
	mdg_mail_free(&m);
	mdg_mail_free(&n);
	mdg_buf_clear(&b);
}

static void
a_mail_record_cut_anywhere_is_refused(void **state)
{
	(void)state;
	struct mdg_mail *m = sample_mail();
	struct mdg_buf b = {0};

	mdg_mail_pack(&b, m);
	for (size_t n = 0; n < b.len; n++) {
		struct mdg_mail *out = mdg_mail_new();
		assert_false(mdg_mail_unpack(mdg_span(b.ptr, n), out));
		mdg_mail_free(&out);
	}
	mdg_mail_free(&m);
	mdg_buf_clear(&b);
}

static void
text_with_a_nul_or_broken_utf8_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"a\0b", "\xFF\xFE\xFD"};
	for (size_t i = 0; i < 2; i++) {
		struct mdg_buf b = {0};
		struct mdg_arena a = {0};
		struct mdg_rd r;
		mdg_wr_u32(&b, 4);
		mdg_buf_put(&b, bad[i], 3);
		mdg_rd_init(&r, mdg_buf_span(&b));
		assert_null(mdg_rd_str(&r, &a, 100));
		assert_false(mdg_rd_ok(&r));
		mdg_arena_clear(&a);
		mdg_buf_clear(&b);
	}
}

static void
an_answer_of_a_token_server_survives_the_wire_and_no_cut_of_it(void **state)
{
	(void)state;
	struct mdg_buf b = {0};
	struct mdg_arena a = {0};
	struct mdg_oauth_said got;
	const struct mdg_oauth_said said = {
		.status = 200,
		.access_token = "a",
		.refresh_token = "r",
		.expires_in_s = 3599,
		.error_text = "",
	};

	mdg_oauth_said_pack(&b, &said);
	for (size_t n = 0; n < b.len; n++)
		assert_false(mdg_oauth_said_unpack(mdg_span(b.ptr, n), &a,
						   &got));
	assert_true(mdg_oauth_said_unpack(mdg_buf_span(&b), &a, &got));
	assert_int_equal(got.status, 200);
	assert_int_equal(got.expires_in_s, 3599);
	assert_string_equal(got.access_token, "a");
	assert_string_equal(got.refresh_token, "r");
	assert_string_equal(got.error_text, "");
	assert_null(got.error);
	mdg_arena_clear(&a);
	mdg_buf_clear(&b);
}

static void
a_form_holds_pairs_of_fields_up_to_its_limit(void **state)
{
	(void)state;
	const char *v[MDG_OAUTH_FIELDS_MAX + 2];

	for (size_t i = 0; i < MDG_LEN(v); i++)
		v[i] = "x";
	for (size_t n = MDG_OAUTH_FIELDS_MAX - 1; n <= MDG_LEN(v); n++) {
		struct mdg_buf b = {0};
		struct mdg_arena a = {0};
		struct mdg_oauth_ask got;
		mdg_oauth_ask_pack(&b, &(struct mdg_oauth_ask){
					       .url = "https://t.example/",
					       .fields = {v, n}});
		assert_int_equal(
			mdg_oauth_ask_unpack(mdg_buf_span(&b), &a, &got),
			n == MDG_OAUTH_FIELDS_MAX);
		mdg_arena_clear(&a);
		mdg_buf_clear(&b);
	}
}

static void
an_error_for_people_survives_the_wire(void **state)
{
	(void)state;
	struct mdg_err e, f;
	struct mdg_buf b = {0};
	char x[200], y[200];

	mdg_fail_msg(&e, MDG_EFULL, MDG_MSG_out_of_disk, "/var", NULL);
	mdg_err_pack(&b, &e);
	assert_true(mdg_err_unpack(mdg_buf_span(&b), &f));
	assert_string_equal(mdg_err_text(&e, MDG_LANG_JA, x, sizeof(x)),
			    mdg_err_text(&f, MDG_LANG_JA, y, sizeof(y)));
	mdg_buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			frames_come_out_as_they_went_in_however_they_are_cut),
		cmocka_unit_test(a_frame_over_the_cap_is_a_broken_peer),
		cmocka_unit_test(
			a_channel_carries_frames_and_tells_when_the_peer_is_gone),
		cmocka_unit_test(
			what_is_posted_waits_for_a_busy_peer_and_comes_in_order),
		cmocka_unit_test(what_came_before_a_peer_went_is_still_read),
		cmocka_unit_test(a_mail_record_survives_the_wire),
		cmocka_unit_test(a_mail_record_cut_anywhere_is_refused),
		cmocka_unit_test(text_with_a_nul_or_broken_utf8_is_refused),
		cmocka_unit_test(an_answer_of_a_token_server_survives_the_wire_and_no_cut_of_it),
		cmocka_unit_test(a_form_holds_pairs_of_fields_up_to_its_limit),
		cmocka_unit_test(an_error_for_people_survives_the_wire),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
