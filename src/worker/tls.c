/* TLS for stream.c: always verified, chain and name, before any byte of ours.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <arpa/inet.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/clock.h"
#include "stream_private.h"

enum { AHEAD_BYTES = 64 << 10 };

/* TLS 1.2 and 1.3; renegotiation only as RFC 5746 has it. */
static const char priority[] =
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SAFE_RENEGOTIATION";

bool
mdg_trust_new(const char *ca_file, struct mdg_trust **ret, struct mdg_err *err)
{
	struct mdg_trust *t = mdg_calloc(1, sizeof(*t));
	int r = gnutls_certificate_allocate_credentials(&t->cred);
	if (r == 0)
		r = ca_file == NULL
			    ? gnutls_certificate_set_x509_system_trust(t->cred)
			    : gnutls_certificate_set_x509_trust_file(
				      t->cred, ca_file, GNUTLS_X509_FMT_PEM);
	if (r > 0) {
		*ret = t;
		return true;
	}
	mdg_trust_free(&t);
	return mdg_fail_msg(err, MDG_ETLS, MDG_MSG_net_no_trust,
			    ca_file != NULL ? ca_file : "/etc/ssl/certs",
			    r == 0 ? "-" : gnutls_strerror(r), NULL);
}

void
mdg_trust_free(struct mdg_trust **t)
{
	if (*t == NULL)
		return;
	if ((*t)->cred != NULL)
		gnutls_certificate_free_credentials((*t)->cred);
	free(*t);
	*t = NULL;
}

/* The most telling of the flags first. */
static const struct {
	unsigned flag;
	enum mdg_msg id;
} verify_msgs[] = {
	{GNUTLS_CERT_REVOKED, MDG_MSG_net_cert_revoked},
	{GNUTLS_CERT_SIGNER_NOT_FOUND, MDG_MSG_net_cert_unknown_ca},
	{GNUTLS_CERT_SIGNER_NOT_CA, MDG_MSG_net_cert_unknown_ca},
	{GNUTLS_CERT_EXPIRED, MDG_MSG_net_cert_expired},
	{GNUTLS_CERT_NOT_ACTIVATED, MDG_MSG_net_cert_not_yet},
	{GNUTLS_CERT_UNEXPECTED_OWNER, MDG_MSG_net_cert_name},
};

/* The names the certificate does hold, so that a person can see the slip. */
static void
cert_names(struct mdg_stream *s, struct mdg_buf *out)
{
	unsigned n = 0;
	const gnutls_datum_t *der = gnutls_certificate_get_peers(s->tls, &n);
	gnutls_x509_crt_t crt;
	if (der == NULL || n == 0 || gnutls_x509_crt_init(&crt) != 0)
		return;
	if (gnutls_x509_crt_import(crt, der, GNUTLS_X509_FMT_DER) == 0) {
		for (unsigned i = 0; i < 5; i++) {
			char name[256];
			size_t len = sizeof(name);
			if (gnutls_x509_crt_get_subject_alt_name(crt, i, name,
								 &len, NULL) !=
			    GNUTLS_SAN_DNSNAME)
				continue;
			if (out->len > 0)
				mdg_buf_puts(out, ", ");
			/* From outside: only what a host name may hold. */
			for (size_t k = 0; k < len && name[k] != '\0'; k++)
				mdg_buf_putc(out, name[k] > ' ' && name[k] < 127
							  ? name[k]
							  : '?');
		}
	}
	gnutls_x509_crt_deinit(crt);
}

static bool
handshake_failed(struct mdg_stream *s, int r)
{
	if (s->failed)
		return false;
	if (r != GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
		return stream_fail(s, MDG_ETLS, MDG_MSG_net_tls,
				   gnutls_strerror(r));
	unsigned status = gnutls_session_get_verify_cert_status(s->tls);
	enum mdg_msg id = MDG_MSG_net_cert_invalid;
	for (size_t i = 0; i < MDG_LEN(verify_msgs); i++)
		if (status & verify_msgs[i].flag) {
			id = verify_msgs[i].id;
			break;
		}
	MDG_AUTO(mdg_buf_clear) struct mdg_buf names = MDG_BUF_LIMIT(1500);
	cert_names(s, &names);
	if (names.len == 0)
		mdg_buf_puts(&names, "-");
	return stream_fail(s, MDG_ETLS, id, mdg_buf_str(&names));
}

static bool
is_address(const char *host)
{
	struct in6_addr a;
	return inet_pton(AF_INET, host, &a) == 1 ||
	       inet_pton(AF_INET6, host, &a) == 1;
}

/* GnuTLS asks for a record's head, then for its body: two calls to the system
 * for a few kB. What has come is taken at once instead. */
static ssize_t
pull(gnutls_transport_ptr_t ctx, void *buf, size_t n)
{
	struct mdg_stream *s = ctx;

	if (s->ahead_at == s->ahead_n) {
		ssize_t r = recv(s->fd, s->ahead, AHEAD_BYTES, 0);
		if (r <= 0) {
			gnutls_transport_set_errno(s->tls, errno);
			return r;
		}
		s->ahead_at = 0;
		s->ahead_n = (size_t)r;
	}
	size_t k = s->ahead_n - s->ahead_at;
	k = k < n ? k : n;
	memcpy(buf, s->ahead + s->ahead_at, k);
	s->ahead_at += k;
	return (ssize_t)k;
}

/* Only asked where a handshake has a timeout of GnuTLS's own. */
static int
pull_timeout(gnutls_transport_ptr_t ctx, unsigned ms)
{
	struct mdg_stream *s = ctx;
	struct pollfd p = {.fd = s->fd, .events = POLLIN};

	return s->ahead_at < s->ahead_n ? 1 : poll(&p, 1, (int)ms);
}

static bool
tls_setup(struct mdg_stream *s)
{
	const char *host = s->peer->host;
	int r = gnutls_init(&s->tls,
			    GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
	if (r == 0)
		r = gnutls_priority_set_direct(s->tls, priority, NULL);
	if (r == 0)
		r = gnutls_credentials_set(s->tls, GNUTLS_CRD_CERTIFICATE,
					   s->peer->trust->cred);
	if (r == 0 && !is_address(host)) /* RFC 6066 §3: names only */
		r = gnutls_server_name_set(s->tls, GNUTLS_NAME_DNS, host,
					   strlen(host));
	if (r != 0)
		return stream_fail(s, MDG_ETLS, MDG_MSG_net_tls,
				   gnutls_strerror(r));
	s->verify[0] = (gnutls_typed_vdata_st){
		.type = GNUTLS_DT_DNS_HOSTNAME,
		.data = (unsigned char *)(uintptr_t)host};
	s->verify[1] = (gnutls_typed_vdata_st){
		.type = GNUTLS_DT_KEY_PURPOSE_OID,
		.data = (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_SERVER};
	gnutls_session_set_verify_cert2(s->tls, s->verify, 2, 0);
	s->ahead = mdg_malloc(AHEAD_BYTES);
	gnutls_transport_set_int(s->tls, s->fd);
	gnutls_transport_set_ptr2(s->tls, s,
				  (gnutls_transport_ptr_t)(intptr_t)s->fd);
	gnutls_transport_set_pull_function(s->tls, pull);
	gnutls_transport_set_pull_timeout_function(s->tls, pull_timeout);
	return true;
}

bool
stream_tls_start(struct mdg_stream *s)
{
	if (s->peer->trust == NULL)
		return stream_fail(s, MDG_ETLS, MDG_MSG_net_no_trust, "-");
	if (!tls_setup(s))
		return false;
	int r;
	while ((r = gnutls_handshake(s->tls)) < 0) {
		if (r == GNUTLS_E_AGAIN) {
			if (!stream_poll(s, gnutls_record_get_direction(s->tls)
						    ? POLLOUT
						    : POLLIN))
				return false;
		} else if (r != GNUTLS_E_INTERRUPTED &&
			   gnutls_error_is_fatal(r)) {
			return handshake_failed(s, r);
		} else if (mdg_mono_ms() > s->deadline_ms) {
			return stream_fail(s, MDG_ETIMEOUT, MDG_MSG_net_timeout,
					   NULL);
		}
	}
	/* gnutls_handshake() has checked; a slip here would be silent. */
	if (gnutls_session_get_verify_cert_status(s->tls) != 0)
		return handshake_failed(
			s, GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR);
	s->tls_ready = true;
	return true;
}

/* Wait if that is what GnuTLS wants; false: the stream failed. */
static bool
tls_again(struct mdg_stream *s, ssize_t r)
{
	if (r == GNUTLS_E_INTERRUPTED)
		return true;
	if (r == GNUTLS_E_AGAIN)
		return stream_poll(s, gnutls_record_get_direction(s->tls)
					      ? POLLOUT
					      : POLLIN);
	if (r == 0 || r == GNUTLS_E_PREMATURE_TERMINATION)
		return stream_fail(s, MDG_ENET, MDG_MSG_net_closed, NULL);
	/* A request to renegotiate is refused by ending, like an error. */
	return stream_fail(s, MDG_ENET, MDG_MSG_net_broken,
			   gnutls_strerror((int)r));
}

ssize_t
stream_tls_read(struct mdg_stream *s, void *buf, size_t n)
{
	while (s->tls_ready && !s->failed) {
		ssize_t r = gnutls_record_recv(s->tls, buf, n);
		if (r > 0)
			return r;
		tls_again(s, r);
	}
	return -1;
}

ssize_t
stream_tls_write(struct mdg_stream *s, const void *buf, size_t n)
{
	while (s->tls_ready && !s->failed) {
		ssize_t r = gnutls_record_send(s->tls, buf, n);
		if (r >= 0)
			return r;
		tls_again(s, r);
	}
	return -1;
}

void
stream_tls_end(struct mdg_stream *s)
{
	if (s->tls == NULL)
		return;
	if (s->tls_ready && !s->failed)
		(void)gnutls_bye(s->tls, GNUTLS_SHUT_WR); /* one try */
	gnutls_deinit(s->tls);
	s->tls = NULL;
	free(s->ahead);
	s->ahead = NULL;
	s->ahead_at = s->ahead_n = 0;
	s->tls_ready = false;
}
