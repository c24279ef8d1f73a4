#include "clamd.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

/* ---- the answer ---- */

static bool
takes_off(struct mdg_span *s, const char *tail)
{
	size_t n = strlen(tail);

	if (s->n < n || memcmp(s->p + s->n - n, tail, n) != 0)
		return false;
	s->n -= n;
	return true;
}

static bool
begins(struct mdg_span s, const char *head)
{
	size_t n = strlen(head);

	return s.n >= n && memcmp(s.p, head, n) == 0;
}

/* A finding is one, whatever its name looks like. */
static const char *
clean_name(struct mdg_span s, char out[MDG_SCAN_NAME_BYTES_MAX + 1])
{
	size_t n = s.n < MDG_SCAN_NAME_BYTES_MAX ? s.n
						 : MDG_SCAN_NAME_BYTES_MAX;

	for (size_t i = 0; i < n; i++)
		out[i] = s.p[i] == ' '                    ? '_'
			 : s.p[i] > ' ' && s.p[i] <= '~' ? (char)s.p[i]
							  : '?';
	if (n == 0)
		out[n++] = '?';
	out[n] = '\0';
	return out;
}

/* With AlertExceedsMax in clamd.conf: it has not looked at all of it. Older ones
 * name no limit behind it. */
static bool
is_limit(struct mdg_span name)
{
	static const char limit[] = "Heuristics.Limits.Exceeded";

	return begins(name, limit) && (name.n == sizeof(limit) - 1 ||
				       name.p[sizeof(limit) - 1] == '.');
}

bool
mdg_clamd_reply(struct mdg_span reply, char name[MDG_SCAN_NAME_BYTES_MAX + 1],
		struct mdg_scan_said *ret, struct mdg_err *err)
{
	static const char stream[] = "stream: ";
	struct mdg_span s = reply;

	*ret = (struct mdg_scan_said){.outcome = MDG_SCAN_CLEAN, .name = ""};
	if (begins(s, "INSTREAM size limit exceeded")) {
		ret->outcome = MDG_SCAN_TOO_LARGE;
		return true;
	}
	bool of_stream = begins(s, stream);
	if (of_stream)
		s = mdg_span(s.p + strlen(stream), s.n - strlen(stream));
	if (of_stream && s.n == 2 && memcmp(s.p, "OK", 2) == 0)
		return true;
	if (of_stream && takes_off(&s, " FOUND"))
		ret->outcome = is_limit(s) ? MDG_SCAN_REFUSED : MDG_SCAN_FOUND;
	else if (takes_off(&s, " ERROR"))
		ret->outcome = MDG_SCAN_REFUSED;
	else
		return mdg_fail(err, MDG_EPROTO,
				"clamd answers what is no answer");
	ret->name = clean_name(s, name);
	return true;
}

/* ---- the connection ---- */

bool
mdg_clamd_open(struct mdg_clamd *c, const char *path, struct mdg_err *err)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	size_t n = strlen(path);

	*c = (struct mdg_clamd){.fd = -1};
	if (n >= sizeof(sa.sun_path))
		return mdg_fail(err, MDG_EINVAL, "the path is too long");
	memcpy(sa.sun_path, path, n);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	/* a full queue of connections is waited at, and not for long */
	struct timeval wait = {.tv_sec = MDG_SCAN_CONNECT_MS / 1000};
	if (c->fd < 0 ||
	    setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) !=
		    0 ||
	    connect(c->fd, (struct sockaddr *)&sa, sizeof(sa)) != 0) {
		int why = errno;
		mdg_clamd_close(c);
		return mdg_fail(err, MDG_ENET, "%s: %s", path, strerror(why));
	}
	c->until_ms = mdg_mono_ms() + MDG_SCAN_DEADLINE_MS;
	return true;
}

void
mdg_clamd_close(struct mdg_clamd *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

static bool
wait_for(struct mdg_clamd *c, short events, short *ret, struct mdg_err *err)
{
	struct pollfd p = {.fd = c->fd, .events = events};
	int64_t left_ms = c->until_ms - mdg_mono_ms();
	int n = left_ms > 0 ? poll(&p, 1, (int)left_ms) : 0;

	if (n < 0 && errno == EINTR) {
		*ret = 0;
		return true;
	}
	if (n == 0)
		return mdg_fail(err, MDG_ETIMEOUT,
				"clamd does not answer in time");
	*ret = p.revents;
	return n > 0 ||
	       mdg_fail(err, MDG_ENET, "clamd: %s", strerror(errno));
}

/* Reads what is there; its end is NUL. */
static bool
read_some(struct mdg_clamd *c, struct mdg_err *err)
{
	ssize_t n = recv(c->fd, c->reply + c->reply_n,
			 sizeof(c->reply) - c->reply_n, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0)
		return mdg_fail(err, MDG_ENET,
				"clamd closes without an answer");
	c->reply_n += (size_t)n;
	char *end = memchr(c->reply, '\0', c->reply_n);
	if (end) {
		c->reply_n = (size_t)(end - c->reply);
		c->has_answered = true;
	}
	return end || c->reply_n < sizeof(c->reply) ||
	       mdg_fail(err, MDG_EPROTO, "clamd answers without an end");
}

static bool
send_all(struct mdg_clamd *c, const void *data, size_t n, struct mdg_err *err)
{
	const char *p = data;

	while (n > 0 && !c->has_answered) {
		short is;
		if (!wait_for(c, POLLIN | POLLOUT, &is, err))
			return false;
		/* before anything: it may say why it takes no more */
		if (is & (POLLIN | POLLHUP)) {
			if (!read_some(c, err))
				return false;
			continue;
		}
		ssize_t k = send(c->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (k < 0 && (errno == EPIPE || errno == ECONNRESET)) {
			if (!read_some(c, err))
				return false;
			continue;
		}
		if (k < 0 && errno != EAGAIN && errno != EINTR)
			return mdg_fail(err, MDG_ENET, "clamd: %s",
					strerror(errno));
		if (k > 0) {
			p += k;
			n -= (size_t)k;
		}
	}
	return true;
}

static bool
receive(struct mdg_clamd *c, struct mdg_err *err)
{
	short is;

	while (!c->has_answered)
		if (!wait_for(c, POLLIN, &is, err) ||
		    (is && !read_some(c, err)))
			return false;
	return true;
}

bool
mdg_clamd_ping(struct mdg_clamd *c, struct mdg_err *err)
{
	static const char command[] = "zPING";

	if (!send_all(c, command, sizeof(command), err) || !receive(c, err))
		return false;
	return (c->reply_n == 4 && memcmp(c->reply, "PONG", 4) == 0) ||
	       mdg_fail(err, MDG_EPROTO, "it does not answer as clamd does");
}

bool
mdg_clamd_begin(struct mdg_clamd *c, struct mdg_err *err)
{
	static const char command[] = "zINSTREAM";

	return send_all(c, command, sizeof(command), err);
}

static bool
put_length(struct mdg_clamd *c, size_t n, struct mdg_err *err)
{
	const unsigned char b[] = {(unsigned char)(n >> 24),
				   (unsigned char)(n >> 16),
				   (unsigned char)(n >> 8), (unsigned char)n};

	return send_all(c, b, sizeof(b), err);
}

bool
mdg_clamd_put(struct mdg_clamd *c, struct mdg_span bytes, struct mdg_err *err)
{
	/* an empty piece would be the end */
	return bytes.n == 0 || (put_length(c, bytes.n, err) &&
				send_all(c, bytes.p, bytes.n, err));
}

bool
mdg_clamd_end(struct mdg_clamd *c, char name[MDG_SCAN_NAME_BYTES_MAX + 1],
	      struct mdg_scan_said *ret, struct mdg_err *err)
{
	return put_length(c, 0, err) && receive(c, err) &&
	       mdg_clamd_reply(mdg_span(c->reply, c->reply_n), name, ret, err);
}
