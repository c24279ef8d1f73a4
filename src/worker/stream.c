#include "stream.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "stream_private.h"

enum {
	ETPAN_BUFFER_BYTES = 16384, /* one TLS record */
	WAKE_EVERY_BYTES = 1 << 20
};

/* -- failing -- */

bool
stream_fail(struct mdg_stream *s, enum mdg_code code, enum mdg_msg id,
	    const char *arg)
{
	char port[8];

	if (s->failed)
		return false;
	s->failed = true;
	if (s->mute && (id == MDG_MSG_net_closed || id == MDG_MSG_net_timeout)) {
		snprintf(port, sizeof(port), "%u", (unsigned)s->peer->port);
		id = MDG_MSG_net_silent;
		arg = port;
	}
	return mdg_fail_msg(&s->why, code, id, s->peer->host,
			    arg != NULL ? arg : "", NULL);
}

const struct mdg_err *
mdg_stream_error(const struct mdg_stream *s)
{
	return s->failed ? &s->why : NULL;
}

void
mdg_stream_kill(struct mdg_stream *s, const struct mdg_err *why)
{
	if (s->failed)
		return;
	s->failed = true;
	if (why != NULL)
		s->why = *why;
	else
		mdg_fail(&s->why, MDG_ESTATE, "the stream was given up");
}

bool
mdg_stream_cancelled(const struct mdg_stream *s)
{
	return s->cancelled;
}

/* -- waiting -- */

bool
stream_wake(struct mdg_stream *s)
{
	s->rx_unpolled = 0;
	s->woken = true;
	if (s->peer->on_wake(s->peer->wake_ctx))
		return true;
	s->cancelled = true;
	if (!s->failed) {
		s->failed = true;
		mdg_fail(&s->why, MDG_ESTATE, "stopped by the core");
	}
	return false;
}

int
stream_poll_both(struct mdg_stream *s, short events, int64_t timeout_ms,
		 bool *ret_wake)
{
	struct mdg_chan *c = s->peer->chan;
	struct pollfd p[2] = {{.fd = s->fd, .events = events}, {.fd = -1}};
	if (c != NULL)
		p[1] = (struct pollfd){.fd = c->fd,
				       .events = mdg_chan_events(c)};
	int t = timeout_ms > INT32_MAX ? INT32_MAX : (int)timeout_ms;
	int r = poll(p, 2, t < 0 ? 0 : t);
	/* a channel that is broken wakes us as well */
	if (r > 0 && (p[1].revents & POLLOUT))
		(void)mdg_chan_flush(c, NULL);
	*ret_wake = r > 0 && (p[1].revents & ~POLLOUT);
	if (r > 0 && p[0].revents == 0)
		return 0;
	return r;
}

bool
stream_poll(struct mdg_stream *s, short events)
{
	while (!s->failed) {
		int64_t left = s->deadline_ms - mdg_mono_ms();
		if (left <= 0)
			return stream_fail(s, MDG_ETIMEOUT, MDG_MSG_net_timeout,
					   NULL);
		/* after a record of its own GnuTLS asks to be called again */
		if ((events & POLLIN) && s->ahead_at < s->ahead_n)
			return true;
		bool woken;
		int r = stream_poll_both(s, events, left, &woken);
		if (r < 0 && errno != EINTR)
			return stream_fail(s, MDG_ENET, MDG_MSG_net_broken,
					   strerrordesc_np(errno));
		if (woken && !stream_wake(s))
			return false;
		if (r > 0)
			return true;
	}
	return false;
}

enum mdg_stream_ready
mdg_stream_wait(struct mdg_stream *s, int64_t timeout_ms)
{
	int64_t until = mdg_mono_ms() + timeout_ms;
	if (s->failed)
		return MDG_READY_FAILED;
	if (s->woken) {
		s->woken = false;
		return MDG_READY_WAKE;
	}
	if (s->etpan->read_buffer_len > 0 || s->ahead_at < s->ahead_n ||
	    (s->tls != NULL && gnutls_record_check_pending(s->tls) > 0))
		return MDG_READY_DATA;
	for (;;) {
		int64_t left = until - mdg_mono_ms();
		bool woken;
		int r = stream_poll_both(s, POLLIN, left, &woken);
		if (r < 0 && errno != EINTR) {
			stream_fail(s, MDG_ENET, MDG_MSG_net_broken,
				    strerrordesc_np(errno));
			return MDG_READY_FAILED;
		}
		if (woken) {
			bool go = stream_wake(s);
			s->woken = false;
			return go ? MDG_READY_WAKE : MDG_READY_FAILED;
		}
		if (r > 0)
			return MDG_READY_DATA;
		if (left <= 0)
			return MDG_READY_TIMEOUT;
	}
}

void
mdg_stream_begin(struct mdg_stream *s, int64_t timeout_ms, uint64_t rx_max)
{
#ifdef MDG_FAULTS
	if (s->timeout_max_ms > 0 && timeout_ms > s->timeout_max_ms)
		timeout_ms = s->timeout_max_ms;
#endif
	s->deadline_ms = mdg_mono_ms() + timeout_ms;
	s->rx_max = rx_max;
	s->rx = 0;
}

/* -- libetpan's driver -- */

static ssize_t
plain_read(struct mdg_stream *s, void *buf, size_t n)
{
	while (!s->failed) {
		ssize_t r = recv(s->fd, buf, n, 0);
		if (r > 0)
			return r;
		if (r == 0)
			stream_fail(s, MDG_ENET, MDG_MSG_net_closed, NULL);
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			stream_poll(s, POLLIN);
		else if (errno != EINTR)
			stream_fail(s, MDG_ENET, MDG_MSG_net_broken,
				    strerrordesc_np(errno));
	}
	return -1;
}

static ssize_t
plain_write(struct mdg_stream *s, const void *buf, size_t n)
{
	while (!s->failed) {
		ssize_t r = send(s->fd, buf, n, MSG_NOSIGNAL);
		if (r >= 0)
			return r;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			stream_poll(s, POLLOUT);
		else if (errno != EINTR)
			stream_fail(s, MDG_ENET, MDG_MSG_net_broken,
				    strerrordesc_np(errno));
	}
	return -1;
}

/* A busy server never makes us wait: look at the clock and the core too. */
static bool
still_allowed(struct mdg_stream *s)
{
	if (s->failed)
		return false;
	if (s->rx >= s->rx_max)
		return stream_fail(s, MDG_EPROTO, MDG_MSG_net_too_much, NULL);
	if (mdg_mono_ms() > s->deadline_ms)
		return stream_fail(s, MDG_ETIMEOUT, MDG_MSG_net_timeout, NULL);
	if (s->rx_unpolled > WAKE_EVERY_BYTES && s->peer->chan != NULL) {
		s->rx_unpolled = 0;
		struct pollfd p = {.fd = s->peer->chan->fd, .events = POLLIN};
		if (poll(&p, 1, 0) > 0)
			return stream_wake(s);
	}
	return true;
}

static ssize_t
low_read(mailstream_low *low, void *buf, size_t n)
{
	struct mdg_stream *s = low->data;
	if (!still_allowed(s))
		return -1;
	if (n > s->rx_max - s->rx)
		n = (size_t)(s->rx_max - s->rx);
	ssize_t r = s->tls != NULL ? stream_tls_read(s, buf, n)
				   : plain_read(s, buf, n);
	if (r > 0) {
		s->mute = false;
		s->rx += (uint64_t)r;
		s->rx_unpolled += (uint64_t)r;
	}
	return r;
}

static ssize_t
low_write(mailstream_low *low, const void *buf, size_t n)
{
	struct mdg_stream *s = low->data;
	if (s->failed)
		return -1;
	if (mdg_mono_ms() > s->deadline_ms) {
		stream_fail(s, MDG_ETIMEOUT, MDG_MSG_net_timeout, NULL);
		return -1;
	}
	return s->tls != NULL ? stream_tls_write(s, buf, n)
			      : plain_write(s, buf, n);
}

static int
low_close(mailstream_low *low)
{
	struct mdg_stream *s = low->data;
	stream_tls_end(s);
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	if (!s->failed)
		mdg_stream_kill(s, NULL);
	return 0;
}

static int
low_get_fd(mailstream_low *low)
{
	return ((struct mdg_stream *)low->data)->fd;
}

static void
low_free(mailstream_low *low)
{
	free(low);
}

static void
low_cancel(mailstream_low *low)
{
	mdg_stream_kill(low->data, NULL);
}

static struct mailstream_cancel *
low_get_cancel(mailstream_low *low)
{
	(void)low;
	return NULL;
}

static carray *
low_get_chain(mailstream_low *low)
{
	(void)low;
	return NULL;
}

static int
low_no_idle(mailstream_low *low)
{
	(void)low;
	return -1;
}

static mailstream_low_driver mdg_low_driver = {
	.mailstream_read = low_read,
	.mailstream_write = low_write,
	.mailstream_close = low_close,
	.mailstream_get_fd = low_get_fd,
	.mailstream_free = low_free,
	.mailstream_cancel = low_cancel,
	.mailstream_get_cancel = low_get_cancel,
	.mailstream_get_certificate_chain = low_get_chain,
	.mailstream_setup_idle = low_no_idle,
	.mailstream_unsetup_idle = low_no_idle,
	.mailstream_interrupt_idle = low_no_idle,
};

/* -- opening and closing -- */

static bool
begin(struct mdg_stream *s)
{
	if (s->peer->probe != NULL)
		mdg_probe_init(s->peer->probe);
	if (!stream_connect(s))
		return false;
	mdg_probe_enter(s->peer->probe, s->peer->tls == MDG_TLS_IMPLICIT
						? MDG_STEP_TLS
						: MDG_STEP_GREETING);
	s->mute = s->peer->tls != MDG_TLS_IMPLICIT;
	if (s->mute)
		return true;
	mdg_stream_begin(s, MDG_NET_CONNECT_MS, 0);
	if (!stream_tls_start(s))
		return false;
	mdg_probe_enter(s->peer->probe, MDG_STEP_GREETING);
	return true;
}

bool
mdg_stream_open(const struct mdg_peer *peer, struct mdg_stream **ret,
		struct mdg_err *err)
{
	struct mdg_stream *s = mdg_calloc(1, sizeof(*s));
	s->peer = peer;
	s->fd = -1;
#ifdef MDG_FAULTS
	/* Tests do not wait ten minutes for a server that never answers. */
	const char *cap = getenv("MDG_NET_TIMEOUT_MS");
	if (cap != NULL)
		(void)mdg_str_i64(cap, 1, INT32_MAX, &s->timeout_max_ms);
#endif
	mailstream_low *low = mailstream_low_new(s, &mdg_low_driver);
	MDG_BUG_ON(low == NULL);
	s->etpan = mailstream_new(low, ETPAN_BUFFER_BYTES);
	MDG_BUG_ON(s->etpan == NULL);
	if (begin(s)) {
		*ret = s;
		return true;
	}
	if (err != NULL)
		*err = s->why;
	mdg_stream_close(&s);
	return false;
}

void
mdg_stream_close(struct mdg_stream **sp)
{
	struct mdg_stream *s = *sp;
	if (s == NULL)
		return;
	*sp = NULL;
	if (!s->given)
		mailstream_close(s->etpan);
	free(s);
}

mailstream *
mdg_stream_etpan(struct mdg_stream *s)
{
	return s->etpan;
}

void
mdg_stream_give(struct mdg_stream *s)
{
	s->given = true;
}

const char *
mdg_stream_address(const struct mdg_stream *s)
{
	return s->address;
}

bool
mdg_stream_is_tls(const struct mdg_stream *s)
{
	return s->tls_ready;
}

bool
mdg_stream_is_private(const struct mdg_stream *s)
{
	return s->tls_ready || (s->peer->tls == MDG_TLS_NONE && s->loopback);
}

bool
mdg_stream_starttls(struct mdg_stream *s, struct mdg_err *err)
{
	mdg_probe_enter(s->peer->probe, MDG_STEP_TLS);
	/* RFC 3207 §6, RFC 3501 §6.2.1: what was said in clear is void. */
	if (s->tls == NULL && s->etpan->read_buffer_len > 0)
		stream_fail(s, MDG_ETLS, MDG_MSG_net_starttls_injected, NULL);
	mdg_stream_begin(s, MDG_NET_CONNECT_MS, 0);
	if (!s->failed && s->tls == NULL && stream_tls_start(s)) {
		mdg_probe_enter(s->peer->probe, MDG_STEP_GREETING);
		return true;
	}
	if (err != NULL)
		*err = s->why;
	return false;
}
