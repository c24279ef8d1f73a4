/* How a stream gets its socket: names, addresses, and which may be plain. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "stream_private.h"

void
mdg_probe_init(struct mdg_probe *p)
{
	*p = (struct mdg_probe){.begun_ms = mdg_mono_ms()};
	for (size_t i = 0; i < MDG_STEP_N; i++)
		p->took_ms[i] = -1;
}

void
mdg_probe_done(struct mdg_probe *p)
{
	if (p != NULL)
		p->took_ms[p->step] = mdg_mono_ms() - p->begun_ms;
}

void
mdg_probe_enter(struct mdg_probe *p, enum mdg_net_step next)
{
	if (p == NULL || p->step == next)
		return;
	mdg_probe_done(p);
	p->step = next;
	p->begun_ms = mdg_mono_ms();
}

const char *
mdg_net_step_name(enum mdg_net_step step)
{
	static const char *const names[MDG_STEP_N] = {
		"dns", "connect", "tls", "capability", "login", "folder"};
	return step < MDG_STEP_N ? names[step] : "";
}

static bool
is_loopback(const struct sockaddr *sa)
{
	if (sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)sa;
		return ntohl(in->sin_addr.s_addr) >> 24 == 127;
	}
	if (sa->sa_family == AF_INET6) {
		const struct in6_addr *a =
			&((const struct sockaddr_in6 *)(const void *)sa)
				 ->sin6_addr;
		return IN6_IS_ADDR_LOOPBACK(a) ||
		       (IN6_IS_ADDR_V4MAPPED(a) && a->s6_addr[12] == 127);
	}
	return false;
}

static bool
resolve(struct mdg_stream *s, struct addrinfo **ret)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
				 .ai_family = AF_UNSPEC,
				 .ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV};
	char port[8];
	snprintf(port, sizeof(port), "%u", (unsigned)s->peer->port);
	int r = getaddrinfo(s->peer->host, port, &hints, ret);
	if (r != 0) {
		/* AI_ADDRCONFIG hides ::1 and 127.0.0.1 where only loopback is
		 * up. */
		hints.ai_flags = AI_NUMERICSERV;
		r = getaddrinfo(s->peer->host, port, &hints, ret);
	}
	if (r == EAI_AGAIN)
		return stream_fail(s, MDG_ENET, MDG_MSG_net_dns_again, NULL);
	if (r != 0)
		return stream_fail(s, MDG_ENET, MDG_MSG_net_dns,
				   gai_strerror(r));
	return true;
}

/* 0 when connected, else the errno. -1: the stream has failed for good. */
static int
connect_one(struct mdg_stream *s, const struct addrinfo *a, int64_t until_ms)
{
	s->fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
		       0);
	if (s->fd < 0)
		return errno;
	int on = 1;
	(void)setsockopt(s->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	(void)setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	int e = connect(s->fd, a->ai_addr, a->ai_addrlen) == 0 ? 0 : errno;
	while (e == EINPROGRESS || e == EINTR) {
		int64_t left = until_ms - mdg_mono_ms();
		bool woken;
		if (left <= 0)
			return ETIMEDOUT;
		int r = stream_poll_both(s, POLLOUT, left, &woken);
		if (woken && !stream_wake(s))
			return -1;
		if (r > 0) {
			socklen_t n = sizeof(e);
			if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &e, &n) < 0)
				e = errno;
		}
	}
	return e;
}

static const struct {
	int err;
	enum mdg_code code;
	enum mdg_msg id;
} connect_msgs[] = {
	{ECONNREFUSED, MDG_ENET, MDG_MSG_net_refused},
	{ETIMEDOUT, MDG_ETIMEOUT, MDG_MSG_net_connect_timeout},
};

static bool
connect_failed(struct mdg_stream *s, int e)
{
	char port[16];
	snprintf(port, sizeof(port), "%u", (unsigned)s->peer->port);
	for (size_t i = 0; i < MDG_LEN(connect_msgs); i++)
		if (connect_msgs[i].err == e)
			return stream_fail(s, connect_msgs[i].code,
					   connect_msgs[i].id, port);
	return stream_fail(s, MDG_ENET, MDG_MSG_net_unreachable,
			   strerrordesc_np(e));
}

static bool
connect_any(struct mdg_stream *s, const struct addrinfo *list)
{
	int64_t until = mdg_mono_ms() + MDG_NET_CONNECT_MS;
	int e = EADDRNOTAVAIL;
	bool skipped = false;
	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		s->loopback = is_loopback(a->ai_addr);
		if (s->peer->tls == MDG_TLS_NONE && !s->loopback) {
			skipped = true;
			continue;
		}
		/* One dead address must not eat the time of the next. */
		int64_t left = until - mdg_mono_ms();
		int64_t share = a->ai_next != NULL ? left / 2 : left;
		e = connect_one(s, a, mdg_mono_ms() + share);
		if (e < 0)
			return false;
		if (e == 0) {
			(void)getnameinfo(a->ai_addr, a->ai_addrlen, s->address,
					  sizeof(s->address), NULL, 0,
					  NI_NUMERICHOST);
			return true;
		}
		if (s->fd >= 0)
			close(s->fd);
		s->fd = -1;
	}
	if (skipped)
		return stream_fail(s, MDG_ETLS, MDG_MSG_net_plain_refused,
				   NULL);
	return connect_failed(s, e);
}

bool
stream_connect(struct mdg_stream *s)
{
	struct addrinfo *list = NULL;
	if (!resolve(s, &list))
		return false;
	mdg_probe_enter(s->peer->probe, MDG_STEP_CONNECT);
	bool ok = connect_any(s, list);
	freeaddrinfo(list);
	return ok;
}
