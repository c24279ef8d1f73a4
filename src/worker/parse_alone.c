#include "parse.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/ipc/proto.h"
#include "madoguchi/ipc/spawn.h"
#include "madoguchi/mime/json.h"

/*
 * A mail this small is sent while the one before it is still being parsed: it
 * fits into the socket, so that neither side can wait for the other.
 */
enum { AHEAD_BYTES = 64 << 10 };

struct alone {
	const struct parse_args *args;
	const char **child_argv;
	struct mdg_chan chan; /* fd -1: there is no child */
	pid_t pid;
	struct mdg_buf pieces;
	bool read_one; /* a mail was read at all */
};

struct mail {
	const char *file; /* NULL: standard input */
	struct mdg_buf raw;
	bool failed; /* could not be opened or read */
	bool sent;
};

static bool
child_start(struct alone *s)
{
	struct mdg_err err;
	int fd;

	if (s->chan.fd >= 0)
		return true;
	if (!mdg_spawn(s->child_argv, &s->pid, &fd, &err)) {
		mdg_error("%s", mdg_err_en(&err));
		return false;
	}
	mdg_chan_init(&s->chan, fd, 2 * PIPE_PIECE_BYTES);
	return true;
}

static void
child_end(struct alone *s, bool kill_it)
{
	if (s->chan.fd < 0)
		return;
	mdg_chan_clear(&s->chan);
	if (kill_it)
		kill(s->pid, SIGKILL);
	while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void
print_line(const struct mdg_span line)
{
	fwrite(line.p, 1, line.n, stdout);
	putchar('\n');
}

static void
print_failed(const struct mail *m, const char *warning)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};

	mdg_mail_json_failed(m->file ? m->file : "-", warning, &line);
	print_line(mdg_buf_span(&line));
}

static void
read_file(struct mail *m)
{
	bool from_stdin = !m->file || mdg_streq(m->file, "-");
	int fd = from_stdin ? STDIN_FILENO
			    : open(m->file, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	mdg_buf_reset(&m->raw);
	m->failed = fd < 0;
	m->sent = false;
	/* One byte more than is read, so that the guard sees it was cut. */
	m->raw.max = MDG_PARSE_BYTES_MAX + 1;
	while (fd >= 0 && m->raw.len < m->raw.max) {
		size_t want = m->raw.max - m->raw.len;
		if (want > PIPE_PIECE_BYTES / 8)
			want = PIPE_PIECE_BYTES / 8;
		char *to = mdg_buf_reserve(&m->raw, want);
		MDG_BUG_ON(!to);
		ssize_t n = read(fd, to, want);
		if (n < 0 && errno == EINTR)
			continue;
		m->failed = n < 0;
		if (n <= 0)
			break;
		m->raw.len += (size_t)n;
	}
	if (fd >= 0 && !from_stdin)
		close(fd);
}

static bool
send_mail(struct alone *s, struct mail *m)
{
	if (!m->sent && !m->failed && child_start(s))
		m->sent = parse_pipe_send(&s->chan, MDG_F_PARSE,
					  mdg_buf_span(&m->raw), NULL);
	return m->sent;
}

/* The line of one mail; false with the child ended if it gave none. */
static bool
take_line(struct alone *s, struct mail *m, struct mdg_err *err)
{
	struct mdg_span line;
	uint16_t type;

	*err = (struct mdg_err){0};
	if (!send_mail(s, m) ||
	    !parse_pipe_recv(&s->chan, s->args->timeout_ms, &type, &s->pieces,
			     &line, err)) {
		child_end(s, true);
		return false;
	}
	if (type == MDG_F_PARSED) {
		s->read_one = true;
		print_line(line);
	} else if (m->file) {
		print_failed(m, "mail:empty");
	}
	return true;
}

/* A mail is to blame for the death of its parser only if a fresh one dies of
 * it too. Returns false if a child was ended: what was sent ahead is lost. */
static bool
finish(struct alone *s, struct mail *m)
{
	struct mdg_err err;

	if (m->failed) {
		print_failed(m, "file:unreadable");
		return true;
	}
	if (take_line(s, m, &err))
		return true;
	m->sent = false;
	if (err.code == MDG_ETIMEOUT || !take_line(s, m, &err)) {
		print_failed(m, err.code == MDG_ETIMEOUT ? "parser:timeout"
							 : "parser:died");
		s->read_one = true;
	}
	return false;
}

static void
run(struct alone *s)
{
	struct mail mails[2] = {{.file = s->args->files[0]}};
	const char **next = s->args->files + 1;
	struct mail *now = &mails[0], *then = &mails[1];
	bool more = true;

	read_file(now);
	while (more) {
		send_mail(s, now);
		more = now->file && *next;
		if (more) {
			then->file = *next++;
			read_file(then);
			if (now->sent && then->raw.len < AHEAD_BYTES)
				send_mail(s, then);
		}
		if (!finish(s, now))
			then->sent = false;
		struct mail *swap = now;
		now = then;
		then = swap;
	}
	mdg_buf_clear(&mails[0].raw);
	mdg_buf_clear(&mails[1].raw);
}

/* The same options, with --pipe for the child. */
static const char **
child_args(const struct parse_args *a, struct mdg_arena *arena)
{
	size_t n = 0;
	const char **v = mdg_arena_array(arena, a->own.n * 2 + 4, sizeof(*v));

	v[n++] = "mdg-parse";
	v[n++] = "--pipe";
	if (a->explain)
		v[n++] = "--explain";
	for (size_t i = 0; i < a->own.n; i++) {
		v[n++] = "--own";
		v[n++] = a->own.v[i];
	}
	return v;
}

int
parse_alone(const struct parse_args *a)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena arena = {0};
	struct alone s = {.args = a, .chan = {.fd = -1}};

	s.child_argv = child_args(a, &arena);
	if (!child_start(&s))
		return EX_OSERR;
	run(&s);
	child_end(&s, false);
	mdg_buf_clear(&s.pieces);
	if (fflush(stdout) != 0 || ferror(stdout))
		return EX_IOERR;
	if (!s.read_one)
		fputs("mdg-parse: there is nothing to read\n", stderr);
	return s.read_one ? EX_OK : EX_DATAERR;
}
