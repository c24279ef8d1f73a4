/* What clamd answers, and what of it reaches the core. */
#include "t.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../src/worker/clamd.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

static void
only_an_answer_of_clamd_is_one(void **state)
{
	(void)state;
	static const struct {
		const char *reply;
		int outcome; /* -1: none */
		const char *name;
	} v[] = {
		{"stream: OK", MDG_SCAN_CLEAN, ""},
		{"stream: Win.Test.EICAR_HDB-1 FOUND", MDG_SCAN_FOUND,
		 "Win.Test.EICAR_HDB-1"},
		{"stream: Sanesecurity.Phish (x) FOUND", MDG_SCAN_FOUND,
		 "Sanesecurity.Phish_(x)"},
		{"stream: \xE3\x81\x82\x07\x1B FOUND", MDG_SCAN_FOUND, "?????"},
		{"stream:  FOUND", MDG_SCAN_FOUND, "?"},
		{"stream: OK FOUND", MDG_SCAN_FOUND, "OK"},
		/* not looked at to its end; its own signatures come first */
		{"stream: Heuristics.Limits.Exceeded FOUND", MDG_SCAN_REFUSED,
		 "Heuristics.Limits.Exceeded"},
		{"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND",
		 MDG_SCAN_REFUSED, "Heuristics.Limits.Exceeded.MaxFileSize"},
		{"stream: Heuristics.Limits.ExceededBy FOUND", MDG_SCAN_FOUND,
		 "Heuristics.Limits.ExceededBy"},
		{"stream: Heuristics.Encrypted.Zip FOUND", MDG_SCAN_FOUND,
		 "Heuristics.Encrypted.Zip"},
		{"INSTREAM size limit exceeded. ERROR", MDG_SCAN_TOO_LARGE, ""},
		{"stream: Can't allocate memory ERROR", MDG_SCAN_REFUSED,
		 "Can't_allocate_memory"},
		{"Command read timed out ERROR", MDG_SCAN_REFUSED,
		 "Command_read_timed_out"},
		{"UNKNOWN COMMAND", -1, NULL},
		{"", -1, NULL},
		{"OK", -1, NULL},
		{"PONG", -1, NULL},
		{"stream:", -1, NULL},
		{"stream: ", -1, NULL},
		{"stream: OKAY", -1, NULL},
		{"stream: ok", -1, NULL},
		{" stream: OK", -1, NULL},
		{"stream: OK\n", -1, NULL},
		{"Evil FOUND", -1, NULL}, /* of something else */
		{"stream: EvilFOUND", -1, NULL},
		{"1: stream: OK", -1, NULL}, /* we opened no session */
	};

	for (size_t i = 0; i < MDG_LEN(v); i++) {
		char name[MDG_SCAN_NAME_BYTES_MAX + 1];
		struct mdg_scan_said said;
		struct mdg_err err;
		bool ok = mdg_clamd_reply(mdg_span_str(v[i].reply), name, &said,
					  &err);
		if (ok != (v[i].outcome >= 0) ||
		    (ok && ((int)said.outcome != v[i].outcome ||
			    !mdg_streq(said.name, v[i].name))))
			fail_msg("\"%s\"", v[i].reply);
		if (!ok)
			assert_int_equal(err.code, MDG_EPROTO);
	}
}

static void
a_name_is_cut_at_its_limit(void **state)
{
	(void)state;
	for (size_t n = MDG_SCAN_NAME_BYTES_MAX; n <= MDG_SCAN_NAME_BYTES_MAX + 1;
	     n++) {
		char reply[MDG_SCAN_NAME_BYTES_MAX + 40] = "stream: ";
		char name[MDG_SCAN_NAME_BYTES_MAX + 1];
		struct mdg_scan_said said;
		memset(reply + 8, 'x', n);
		strcpy(reply + 8 + n, " FOUND");
		assert_true(mdg_clamd_reply(mdg_span_str(reply), name, &said,
					    NULL));
		assert_int_equal(said.outcome, MDG_SCAN_FOUND);
		assert_int_equal(strlen(said.name), MDG_SCAN_NAME_BYTES_MAX);
	}
}

/* ---- what a taken-over mdg-scan could send ---- */

static bool
unpacks(uint32_t outcome, const char *name)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_scan_said said;

	mdg_scan_said_pack(&b, &(struct mdg_scan_said){outcome, name});
	bool ok = mdg_scan_said_unpack(mdg_buf_span(&b), &a, &said);
	if (ok) {
		assert_int_equal(said.outcome, outcome);
		assert_string_equal(said.name, name);
		/* every shorter one is out of form */
		for (size_t n = 0; n < b.len; n++)
			assert_false(mdg_scan_said_unpack(mdg_span(b.ptr, n),
							  &a, &said));
	}
	return ok;
}

static void
the_core_believes_no_name_out_of_form(void **state)
{
	(void)state;
	char name[MDG_SCAN_NAME_BYTES_MAX + 2];

	assert_true(unpacks(MDG_SCAN_CLEAN, ""));
	assert_true(unpacks(MDG_SCAN_FOUND, "Win.Test"));
	assert_true(unpacks(MDG_SCAN_REFUSED, "Can't_open"));
	assert_true(unpacks(MDG_SCAN_TOO_LARGE, ""));
	assert_false(unpacks(MDG_SCAN_OUTCOME_N, ""));
	assert_false(unpacks(MDG_SCAN_CLEAN, "x"));
	assert_false(unpacks(MDG_SCAN_FOUND, ""));
	assert_false(unpacks(MDG_SCAN_FOUND, "a b"));
	assert_false(unpacks(MDG_SCAN_FOUND, "a\nb"));
	assert_false(unpacks(MDG_SCAN_FOUND, "\x1B[31m"));
	assert_false(unpacks(MDG_SCAN_FOUND, "ウイルス"));
	memset(name, 'x', sizeof(name));
	name[MDG_SCAN_NAME_BYTES_MAX] = '\0';
	assert_true(unpacks(MDG_SCAN_FOUND, name));
	name[MDG_SCAN_NAME_BYTES_MAX] = 'x';
	name[MDG_SCAN_NAME_BYTES_MAX + 1] = '\0';
	assert_false(unpacks(MDG_SCAN_FOUND, name));
}

static void
a_piece_has_its_limit(void **state)
{
	(void)state;
	for (size_t more = 0; more <= 1; more++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0}, bytes = {0};
		struct mdg_scan_piece p;
		for (size_t i = 0; i < MDG_SCAN_PIECE_BYTES_MAX + more; i++)
			mdg_buf_putc(&bytes, 'x');
		mdg_scan_piece_pack(&b, &(struct mdg_scan_piece){
						true, false,
						mdg_buf_span(&bytes)});
		assert_int_equal(mdg_scan_piece_unpack(mdg_buf_span(&b), NULL,
						       &p),
				 !more);
	}
}

/* ---- the talk ---- */

struct other {
	int fd;
	const char *reply;
	size_t reply_n, after; /* bytes it reads before it answers */
	struct mdg_buf got;
};

static void *
other_end(void *arg)
{
	struct other *o = arg;
	char c[4096];

	while (o->got.len < o->after) {
		ssize_t n = read(o->fd, c, sizeof(c));
		if (n <= 0)
			break;
		mdg_buf_put(&o->got, c, (size_t)n);
	}
	if (write(o->fd, o->reply, o->reply_n) < 0)
		o->reply_n = 0;
	close(o->fd);
	return NULL;
}

/* One mail of two pieces against that answer. */
static bool
talks(const char *reply, size_t reply_n, size_t after, size_t piece_n,
      struct mdg_buf *got, struct mdg_scan_said *said,
      char name[MDG_SCAN_NAME_BYTES_MAX + 1], struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf piece = {0};
	struct mdg_clamd c = {.fd = -1, .until_ms = mdg_mono_ms() + 20000};
	struct other o = {.reply = reply, .reply_n = reply_n, .after = after};
	pthread_t t;
	int sv[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	c.fd = sv[0];
	o.fd = sv[1];
	for (size_t i = 0; i < piece_n; i++)
		mdg_buf_putc(&piece, (char)('a' + i % 26));
	assert_int_equal(pthread_create(&t, NULL, other_end, &o), 0);
	bool ok = mdg_clamd_begin(&c, err) &&
		  mdg_clamd_put(&c, mdg_buf_span(&piece), err) &&
		  mdg_clamd_put(&c, mdg_span("", 0), err) &&
		  mdg_clamd_put(&c, mdg_buf_span(&piece), err) &&
		  mdg_clamd_end(&c, name, said, err);
	mdg_clamd_close(&c);
	pthread_join(t, NULL);
	if (got)
		*got = o.got;
	else
		mdg_buf_clear(&o.got);
	return ok;
}

static void
a_mail_goes_out_in_pieces_with_their_lengths(void **state)
{
	(void)state;
	static const char want[] = "zINSTREAM\0\0\0\0\3abc\0\0\0\3abc\0\0\0\0";
	char name[MDG_SCAN_NAME_BYTES_MAX + 1];
	MDG_AUTO(mdg_buf_clear) struct mdg_buf got = {0};
	struct mdg_scan_said said;
	struct mdg_err err;

	assert_true(talks("stream: OK", sizeof("stream: OK"), sizeof(want) - 1,
			  3, &got, &said, name, &err));
	assert_int_equal(said.outcome, MDG_SCAN_CLEAN);
	assert_int_equal(got.len, sizeof(want) - 1);
	assert_memory_equal(got.ptr, want, got.len);
}

static void
an_answer_before_the_end_is_heard(void **state)
{
	(void)state;
	static const char reply[] = "INSTREAM size limit exceeded. ERROR";
	char name[MDG_SCAN_NAME_BYTES_MAX + 1];
	struct mdg_scan_said said;
	struct mdg_err err;

	/* it hangs up with most of it unread */
	assert_true(talks(reply, sizeof(reply), 100, 4 << 20, NULL, &said, name,
			  &err));
	assert_int_equal(said.outcome, MDG_SCAN_TOO_LARGE);
}

static void
an_answer_without_an_end_is_none(void **state)
{
	(void)state;
	char name[MDG_SCAN_NAME_BYTES_MAX + 1];
	char reply[MDG_CLAMD_REPLY_BYTES_MAX + 1];
	struct mdg_scan_said said;
	struct mdg_err err;

	assert_false(talks("stream: OK", 10, 26, 3, NULL, &said, name, &err));
	assert_int_equal(err.code, MDG_ENET);
	assert_false(talks("", 0, 26, 3, NULL, &said, name, &err));
	/* the longest one, and one that is longer */
	memset(reply, 'x', sizeof(reply));
	memcpy(reply, "stream: ", 8);
	memcpy(reply + MDG_CLAMD_REPLY_BYTES_MAX - 7, " FOUND", 7);
	assert_true(talks(reply, MDG_CLAMD_REPLY_BYTES_MAX, 26, 3, NULL, &said,
			  name, &err));
	assert_int_equal(said.outcome, MDG_SCAN_FOUND);
	memset(reply + 8, 'x', sizeof(reply) - 8);
	memcpy(reply + MDG_CLAMD_REPLY_BYTES_MAX - 6, " FOUND", 7);
	assert_false(talks(reply, sizeof(reply), 26, 3, NULL, &said, name,
			   &err));
	assert_int_equal(err.code, MDG_EPROTO);
}

static void
silence_ends_at_the_deadline(void **state)
{
	(void)state;
	struct mdg_clamd c = {.until_ms = mdg_mono_ms() + 50};
	struct mdg_err err;
	int sv[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	c.fd = sv[0];
	assert_false(mdg_clamd_ping(&c, &err));
	assert_int_equal(err.code, MDG_ETIMEOUT);
	assert_true(mdg_mono_ms() >= c.until_ms);
	mdg_clamd_close(&c);
	close(sv[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_an_answer_of_clamd_is_one),
		cmocka_unit_test(a_name_is_cut_at_its_limit),
		cmocka_unit_test(the_core_believes_no_name_out_of_form),
		cmocka_unit_test(a_piece_has_its_limit),
		cmocka_unit_test(a_mail_goes_out_in_pieces_with_their_lengths),
		cmocka_unit_test(an_answer_before_the_end_is_heard),
		cmocka_unit_test(an_answer_without_an_end_is_none),
		cmocka_unit_test(silence_ends_at_the_deadline),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
