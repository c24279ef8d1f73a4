/*
 * mdg-token: one question to an OAuth 2.0 authorization server, then the end.
 *
 * It holds a refresh token or a client secret for as long as the question
 * takes and stores nothing. https only, chain and name verified, no redirect
 * followed, the answer bounded. What the answer means is the core's matter.
 */
#include <curl/curl.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sysexits.h>

#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/ipc/chan.h"
#include "madoguchi/ipc/confine.h"
#include "madoguchi/ipc/proto.h"

enum {
	ASK_MS = 10000, /* the core asks at once */
	CONNECT_MS = 15000,
	WHOLE_MS = 45000,
};

/* ---- HTTP ---- */

static size_t
on_body(char *p, size_t one, size_t n, void *ctx)
{
	struct mdg_buf *body = ctx;

	(void)one;
	if (body->len + n > MDG_OAUTH_ANSWER_BYTES_MAX)
		return 0;
	mdg_buf_put(body, p, n);
	return mdg_buf_ok(body) ? n : 0;
}

/* application/x-www-form-urlencoded (RFC 6749, appendix B) */
static bool
form(CURL *curl, const struct mdg_strings *fields, struct mdg_buf *out)
{
	for (size_t i = 0; i < fields->n; i++) {
		char *s = curl_easy_escape(curl, fields->v[i],
					   (int)strlen(fields->v[i]));
		if (!s)
			return false;
		mdg_buf_puts(out, i % 2 ? "=" : i ? "&" : "");
		mdg_buf_puts(out, s);
		curl_free(s);
	}
	return mdg_buf_ok(out);
}

static void
host_of(const char *url, char *out, size_t n)
{
	const char *p = strstr(url, "://");

	p = p ? p + 3 : url;
	snprintf(out, n, "%.*s", (int)strcspn(p, "/?#"), p);
}

/* What goes wrong on the way, as codes of the group "way"; the rest in
 * libcurl's own words. */
static const char *
way_lost(CURLcode rc)
{
	static const struct {
		CURLcode rc;
		const char *code;
	} known[] = {
		{CURLE_COULDNT_RESOLVE_HOST, "name"},
		{CURLE_COULDNT_CONNECT, "connect"},
		{CURLE_OPERATION_TIMEDOUT, "late"},
		{CURLE_PEER_FAILED_VERIFICATION, "certificate"},
		{CURLE_SSL_CONNECT_ERROR, "tls"},
		{CURLE_SSL_CACERT_BADFILE, "ca_file"},
		{CURLE_GOT_NOTHING, "broken"},
		{CURLE_RECV_ERROR, "broken"},
		{CURLE_SEND_ERROR, "broken"},
		{CURLE_PARTIAL_FILE, "broken"},
	};

	for (size_t i = 0; i < MDG_LEN(known); i++)
		if (known[i].rc == rc)
			return known[i].code;
	return curl_easy_strerror(rc);
}

static bool
post(const struct mdg_oauth_ask *ask, struct mdg_buf *body,
     uint32_t *ret_status, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf fields = {0};
	CURL *curl = curl_easy_init();
	struct curl_slist *headers =
		curl_slist_append(NULL, "Accept: application/json");
	char host[256];
	long status = 0;

	MDG_BUG_ON(!curl || !headers);
	host_of(ask->url, host, sizeof(host));
	if (!form(curl, &ask->fields, &fields))
		return mdg_fail(err, MDG_ETOOBIG, "the form is too large");
	curl_easy_setopt(curl, CURLOPT_URL, ask->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	if (ask->ca_file && *ask->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, ask->ca_file);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, mdg_buf_str(&fields));
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)WHOLE_MS);
	CURLcode rc = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	explicit_bzero(fields.ptr, fields.cap);
	if (rc != CURLE_OK)
		return mdg_fail_msg(
			err,
			rc == CURLE_PEER_FAILED_VERIFICATION ? MDG_ETLS
							     : MDG_ENET,
			MDG_MSG_oauth_unreachable, host, way_lost(rc), NULL);
	*ret_status = (uint32_t)status;
	return true;
}

/* ---- JSON ---- */

static const char *
text(const json_t *o, const char *name, size_t max)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s && strlen(s) <= max ? s : NULL;
}

/* Some say "3600" where RFC 6749 §5.1 wants 3600. */
static int64_t
seconds(const json_t *o, const char *name)
{
	const json_t *v = json_object_get(o, name);
	int64_t n = json_integer_value(v);

	if (json_is_string(v) &&
	    !mdg_str_i64(json_string_value(v), 0, INT32_MAX, &n))
		n = 0;
	return n < 0 ? 0 : n > INT32_MAX ? INT32_MAX : n;
}

static void
read_answer(const json_t *o, uint32_t status, struct mdg_oauth_said *ret)
{
	enum {
		TOKEN = MDG_OAUTH_TOKEN_BYTES_MAX,
		TEXT = MDG_OAUTH_TEXT_BYTES_MAX
	};
	const char *uri = text(o, "verification_uri", TEXT);

	*ret = (struct mdg_oauth_said){
		.status = status,
		.error = text(o, "error", TEXT),
		.error_text = text(o, "error_description", TEXT),
		.access_token = text(o, "access_token", TOKEN),
		.refresh_token = text(o, "refresh_token", TOKEN),
		.expires_in_s = seconds(o, "expires_in"),
		.refresh_expires_in_s = seconds(o, "refresh_token_expires_in"),
		.device_code = text(o, "device_code", TOKEN),
		.user_code = text(o, "user_code", TEXT),
		/* Google's name of it is older than RFC 8628 */
		.verification_uri =
			uri ? uri : text(o, "verification_url", TEXT),
		.interval_s = seconds(o, "interval"),
	};
}

/* ---- the one question ---- */

static bool
answer(struct mdg_chan *chan, const struct mdg_frame *f, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf body = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	struct mdg_oauth_ask ask;
	struct mdg_oauth_said said;
	uint32_t status = 0;
	json_error_t why;
	char host[256];

	if (f->type != MDG_F_TOKEN_ASK ||
	    !mdg_oauth_ask_unpack(f->payload, &a, &ask))
		return mdg_fail(err, MDG_EPROTO, "a bad TOKEN_ASK frame");
	if (!post(&ask, &body, &status, err))
		return false;
	json_t *o = json_loadb(mdg_buf_str(&body), body.len,
			       JSON_REJECT_DUPLICATES, &why);
	if (!json_is_object(o)) {
		char code[16];
		json_decref(o);
		host_of(ask.url, host, sizeof(host));
		snprintf(code, sizeof(code), "%u", status);
		return mdg_fail_msg(err, MDG_EPROTO, MDG_MSG_oauth_no_json,
				    host, code, NULL);
	}
	read_answer(o, status, &said);
	mdg_oauth_said_pack(&out, &said);
	bool ok = mdg_chan_send(chan, MDG_F_TOKEN_SAID, f->id,
				mdg_buf_span(&out), err);
	explicit_bzero(body.ptr, body.cap);
	explicit_bzero(out.ptr, out.cap);
	json_decref(o);
	return ok;
}

static bool
start(struct mdg_chan *chan, const char *ca_file, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	const char *paths[] = {ca_file, NULL};

	mdg_chan_init(chan, MDG_WORKER_FD, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	setenv("RES_OPTIONS", "timeout:3 attempts:2", 0);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return mdg_fail(err, MDG_EBUG, "libcurl does not start");
	if (!mdg_confine(MDG_ROLE_TOKEN, paths, err))
		return false;
	mdg_hello_pack(&b,
		       &(struct mdg_hello){MDG_PROTO_VERSION, MDG_ROLE_TOKEN,
					   PACKAGE_VERSION});
	return mdg_chan_send(chan, MDG_F_HELLO, 0, mdg_buf_span(&b), err);
}

int
main(int argc, char **argv)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_chan chan;
	struct mdg_frame f;
	struct mdg_err err;

	mdg_log_init("mdg-token", MDG_INFO);
	bool has_ca = argc == 3 && mdg_streq(argv[1], "--ca");
	if (argc != 1 && !has_ca) {
		mdg_error("usage: mdg-token [--ca FILE]");
		return EX_USAGE;
	}
	bool ok = start(&chan, has_ca ? argv[2] : NULL, &err) &&
		  mdg_chan_recv(&chan, ASK_MS, &f, &err) &&
		  answer(&chan, &f, &err);
	if (!ok) {
		mdg_err_pack(&b, &err);
		mdg_chan_send(&chan, MDG_F_PROBLEM, 0, mdg_buf_span(&b), NULL);
	}
	mdg_chan_clear(&chan);
	curl_global_cleanup();
	return ok ? EX_OK : mdg_code_exit(err.code);
}
