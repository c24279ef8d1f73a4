#include "t.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/ipc/chan.h"
#include "madoguchi/ipc/confine.h"
#include "madoguchi/ipc/proto.h"
#include "madoguchi/ipc/spawn.h"

/* The program as the core runs it. */
struct worker {
	pid_t pid;
	struct mdg_chan chan;
	struct mdg_arena arena;
};

enum { WAIT_MS = 60000 };

static int
start(void **state)
{
	static const char *const argv[] = {"mdg-parse", NULL};
	struct worker *w = mdg_calloc(1, sizeof(*w));
	struct mdg_frame f;
	struct mdg_hello h;
	int fd;

	if (!getenv("MDG_LIBEXEC")) {
		const char *top = getenv("top_builddir");
		char *dir = mdg_asprintf("%s/src", top ? top : ".");
		setenv("MDG_LIBEXEC", dir, 1);
		free(dir);
	}
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	assert_true(mdg_spawn(argv, &w->pid, &fd, NULL));
	mdg_chan_init(&w->chan, fd, 0);
	assert_true(mdg_chan_recv(&w->chan, WAIT_MS, &f, NULL));
	assert_int_equal(f.type, MDG_F_HELLO);
	assert_true(mdg_hello_unpack(f.payload, &w->arena, &h));
	assert_int_equal(h.version, MDG_PROTO_VERSION);
	assert_int_equal(h.role, MDG_ROLE_PARSE);
	*state = w;
	return 0;
}

static int
stop(void **state)
{
	struct worker *w = *state;
	int status;

	mdg_chan_clear(&w->chan);
	assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	mdg_arena_clear(&w->arena);
	free(w);
	return 0;
}

static void
send_chunk(struct worker *w, uint32_t id, const char *s, size_t n, bool last)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t cap = ZSTD_compressBound(n);
	MDG_AUTO(mdg_freep) void *z = mdg_malloc(cap);
	struct mdg_parse_chunk c = {.last = last};

	c.zstd = mdg_span(z, ZSTD_compress(z, cap, s, n, 1));
	mdg_parse_chunk_pack(&b, &c);
	assert_true(mdg_chan_send(&w->chan, MDG_F_PARSE, id, mdg_buf_span(&b),
				  NULL));
}

static void
receive(struct worker *w, uint32_t id, uint16_t type, struct mdg_frame *f)
{
	assert_true(mdg_chan_recv(&w->chan, WAIT_MS, f, NULL));
	assert_int_equal(f->type, type);
	assert_int_equal(f->id, id);
}

static const char mail[] = "From: =?utf-8?B?5bGx55Sw?= <yamada@example.jp>\r\n"
			   "Subject: one\r\nMessage-ID: <1@example.jp>\r\n"
			   "Content-Type: text/html; charset=utf-8\r\n\r\n"
			   "<p onclick=x>\xe3\x81\x82</p>\r\n";

static void
a_mail_in_chunks_comes_back_as_a_record(void **state)
{
	struct worker *w = *state;
	struct mdg_frame f;

	for (uint32_t id = 1; id <= 50; id++) {
		MDG_AUTO(mdg_mail_clear) struct mdg_mail m;
		static const unsigned char none[MDG_DIGEST_BYTES];

		mdg_mail_init(&m);
		send_chunk(w, id, mail, 40, false);
		send_chunk(w, id, mail + 40, strlen(mail) - 40, true);
		receive(w, id, MDG_F_PARSED, &f);
		assert_true(mdg_mail_unpack(f.payload, &m));
		assert_string_equal(m.subject, "one");
		assert_string_equal(m.message_id, "1@example.jp");
		assert_string_equal(m.from.v[0].name, "山田");
		assert_string_equal(m.text, "あ");
		assert_true(m.has_html);
		assert_memory_not_equal(m.content_hash, none, sizeof(none));
	}
}

static void
nothing_to_read_is_said_so_and_the_next_mail_goes_on(void **state)
{
	struct worker *w = *state;
	struct mdg_frame f;
	struct mdg_err err;

	send_chunk(w, 7, " \r\n", 3, true);
	receive(w, 7, MDG_F_UNREADABLE, &f);
	assert_true(mdg_err_unpack(f.payload, &err));
	assert_int_equal(err.code, MDG_EFORMAT);
	send_chunk(w, 8, mail, strlen(mail), true);
	receive(w, 8, MDG_F_PARSED, &f);
}

static void
its_page_is_made_on_demand(void **state)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct worker *w = *state;
	struct mdg_frame f;

	mdg_id_pack(&b, MDG_PART_DISPLAY);
	assert_true(mdg_chan_send(&w->chan, MDG_F_EXTRACT, 3, mdg_buf_span(&b),
				  NULL));
	send_chunk(w, 3, mail, strlen(mail), true);
	receive(w, 0, MDG_F_PART, &f);
	assert_memory_equal(f.payload.p, "<p>あ</p>", strlen("<p>あ</p>"));
	send_chunk(w, 4, mail, strlen(mail), true);
	receive(w, 4, MDG_F_PARSED, &f);
}

static void
a_mail_left_in_the_middle_is_forgotten(void **state)
{
	MDG_AUTO(mdg_mail_clear) struct mdg_mail m;
	struct worker *w = *state;
	struct mdg_frame f;

	send_chunk(w, 1, "X: y\n\nleft", 10, false);
	send_chunk(w, 2, mail, strlen(mail), true);
	receive(w, 2, MDG_F_PARSED, &f);
	mdg_mail_init(&m);
	assert_true(mdg_mail_unpack(f.payload, &m));
	assert_string_equal(m.text, "あ");
}

static void
what_is_beyond_the_limit_is_not_read(void **state)
{
	MDG_AUTO(mdg_mail_clear) struct mdg_mail m;
	MDG_AUTO(mdg_freep) char *chunk = mdg_malloc(MDG_RAW_CHUNK_BYTES);
	struct worker *w = *state;
	struct mdg_frame f;
	bool found = false;

	memset(chunk, 'x', MDG_RAW_CHUNK_BYTES);
	for (size_t i = 79; i < MDG_RAW_CHUNK_BYTES; i += 80)
		chunk[i] = '\n';
	send_chunk(w, 1, "Subject: big\n\n", 14, false);
	size_t n = MDG_PARSE_BYTES_MAX / MDG_RAW_CHUNK_BYTES + 8;
	for (size_t i = 0; i < n; i++)
		send_chunk(w, 1, chunk, MDG_RAW_CHUNK_BYTES, i + 1 == n);
	receive(w, 1, MDG_F_PARSED, &f);
	mdg_mail_init(&m);
	assert_true(mdg_mail_unpack(f.payload, &m));
	assert_string_equal(m.subject, "big");
	for (size_t i = 0; i < m.warnings.n; i++)
		found |= mdg_streq(m.warnings.v[i], "limit:size");
	assert_true(found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_mail_in_chunks_comes_back_as_a_record, start, stop),
		cmocka_unit_test_setup_teardown(
			nothing_to_read_is_said_so_and_the_next_mail_goes_on,
			start, stop),
		cmocka_unit_test_setup_teardown(its_page_is_made_on_demand,
						start, stop),
		cmocka_unit_test_setup_teardown(
			a_mail_left_in_the_middle_is_forgotten, start, stop),
		cmocka_unit_test_setup_teardown(
			what_is_beyond_the_limit_is_not_read, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
