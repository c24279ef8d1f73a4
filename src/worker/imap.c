#include "imap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "imap_private.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/utf7imap.h"

enum {
	LOGOUT_MS = 3000,
	SLOWEST_BYTES_PER_S = 32 << 10, /* a slower line is a broken one */
	WORDS_MAX = 200,
};

/* -- errors -- */

const char *
imap_words(struct mdg_imap *im, char *out, size_t n)
{
	const char *s = im->et->imap_response;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf clean = {0};
	if (s != NULL)
		mdg_utf8_clean(&clean, s, strnlen(s, 2 * WORDS_MAX), true);
	while (clean.len > 0 && clean.ptr[clean.len - 1] == ' ')
		clean.len--;
	size_t k = mdg_utf8_cut(mdg_buf_str(&clean), clean.len, n - 1);
	memcpy(out, mdg_buf_str(&clean), k);
	out[k] = '\0';
	return out[0] != '\0' ? out : "-";
}

bool
imap_code_is(struct mdg_imap *im, const char *atom)
{
	struct mailimap_response_info *info = im->et->imap_response_info;
	return info != NULL && mdg_strcaseeq(info->rsp_atom, atom);
}

static const char *
slip_name(int r)
{
	switch (r) {
	case MAILIMAP_ERROR_PARSE:
		return "syntax";
	case MAILIMAP_ERROR_MEMORY:
		return "too large";
	case MAILIMAP_ERROR_PROTOCOL:
		return "tag";
	case MAILIMAP_ERROR_FATAL:
		return "BYE";
	default:
		return "state";
	}
}

/*
 * libetpan gives one code for BAD and for an answer with another's tag. After
 * a BAD of ours the session goes on; its line is the last one read.
 */
static bool
is_bad_of_ours(struct mdg_imap *im)
{
	char ours[32];
	const MMAPString *b = im->et->imap_stream_buffer;
	size_t at = b->len;
	snprintf(ours, sizeof(ours), "%d BAD", im->et->imap_tag);
	while (at > 0 && (b->str[at - 1] == '\n' || b->str[at - 1] == '\r'))
		at--;
	while (at > 0 && b->str[at - 1] != '\n')
		at--;
	return b->len - at >= strlen(ours) &&
	       strncasecmp(b->str + at, ours, strlen(ours)) == 0;
}

bool
imap_check(struct mdg_imap *im, int r, struct mdg_err *err)
{
	char words[WORDS_MAX];
	const struct mdg_err *broken = mdg_stream_error(im->stream);
	if (broken != NULL) {
		if (err != NULL)
			*err = *broken;
		return false;
	}
	if (r == MAILIMAP_ERROR_PROTOCOL && is_bad_of_ours(im))
		r = MAILIMAP_ERROR_CUSTOM_COMMAND;
	switch (r) {
	case MAILIMAP_NO_ERROR:
	case MAILIMAP_NO_ERROR_AUTHENTICATED:
	case MAILIMAP_NO_ERROR_NON_AUTHENTICATED:
		return true;
	case MAILIMAP_ERROR_STREAM:
	case MAILIMAP_ERROR_PARSE:
	case MAILIMAP_ERROR_MEMORY:
	case MAILIMAP_ERROR_FATAL:
	case MAILIMAP_ERROR_PROTOCOL:
	case MAILIMAP_ERROR_BAD_STATE: {
		/* Nobody knows any more where an answer begins. */
		struct mdg_err why;
		mdg_fail_msg(&why, MDG_EPROTO, MDG_MSG_net_bad_answer,
			     im->peer->host, slip_name(r), NULL);
		mdg_stream_kill(im->stream, &why);
		if (err != NULL)
			*err = why;
		return false;
	}
	case MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION:
		return mdg_fail_msg(err, MDG_ENET, MDG_MSG_net_greeting,
				    im->peer->host,
				    imap_words(im, words, sizeof(words)), NULL);
	default:
		return mdg_fail_msg(err, MDG_ESTATE,
				    MDG_MSG_net_command_refused, im->peer->host,
				    imap_words(im, words, sizeof(words)), NULL);
	}
}

/* -- commands -- */

bool
imap_begin_bytes(struct mdg_imap *im, uint64_t rx_max, uint64_t expected,
		 struct mdg_err *err)
{
	uint64_t more_ms = expected / SLOWEST_BYTES_PER_S * 1000;
	mdg_stream_begin(im->stream, MDG_NET_COMMAND_MS + (int64_t)more_ms,
			 rx_max + MDG_NET_LINE_BYTES_MAX);
	return imap_check(im, MAILIMAP_NO_ERROR, err);
}

bool
imap_begin(struct mdg_imap *im, struct mdg_err *err)
{
	if (!imap_begin_bytes(im, 0, 0, err))
		return false;
	return imap_check(im, mailimap_send_current_tag(im->et), err);
}

bool
imap_text(struct mdg_imap *im, const char *text, struct mdg_err *err)
{
	size_t n = strlen(text);
	bool ok = mailstream_write(im->et->imap_stream, text, n) == (ssize_t)n;
	return imap_check(im, ok ? MAILIMAP_NO_ERROR : MAILIMAP_ERROR_STREAM,
			  err);
}

bool
imap_quoted(struct mdg_imap *im, const char *s, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	mdg_buf_putc(&b, '"');
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return mdg_fail(err, MDG_EINVAL,
					"a control character in an argument");
		if (*s == '"' || *s == '\\')
			mdg_buf_putc(&b, '\\');
		mdg_buf_putc(&b, *s);
	}
	mdg_buf_putc(&b, '"');
	bool ok = imap_text(im, mdg_buf_str(&b), err);
	explicit_bzero(b.ptr, b.len);
	return ok;
}

static bool
flush(struct mdg_imap *im, struct mdg_err *err)
{
	return imap_check(im,
			  mailstream_flush(im->et->imap_stream) == 0
				  ? MAILIMAP_NO_ERROR
				  : MAILIMAP_ERROR_STREAM,
			  err);
}

bool
imap_more(struct mdg_imap *im, bool *ret_more, bool *ret_news,
	  struct mdg_err *err)
{
	if (!flush(im, err))
		return false;
	for (;;) {
		const char *line = mailimap_read_line(im->et);
		if (line == NULL)
			return imap_check(im, MAILIMAP_ERROR_STREAM, err);
		if (line[0] == '*') {
			if (ret_news != NULL)
				*ret_news = true;
			continue;
		}
		*ret_more = line[0] == '+';
		return true;
	}
}

bool
imap_finish(struct mdg_imap *im, struct mdg_err *err)
{
	struct mailimap_response *rsp = NULL;
	int r = mailimap_parse_response(im->et, &rsp);
	if (!imap_check(im, r, err))
		return false;
	int type = rsp->rsp_resp_done->rsp_data.rsp_tagged->rsp_cond_state
			   ->rsp_type;
	mailimap_response_free(rsp);
	return imap_check(im,
			  type == MAILIMAP_RESP_COND_STATE_OK
				  ? MAILIMAP_NO_ERROR
				  : MAILIMAP_ERROR_CUSTOM_COMMAND,
			  err);
}

bool
imap_answer(struct mdg_imap *im, struct mdg_err *err)
{
	if (!flush(im, err))
		return false;
	if (mailimap_read_line(im->et) == NULL)
		return imap_check(im, MAILIMAP_ERROR_STREAM, err);
	return imap_finish(im, err);
}

bool
imap_wire_name(struct mdg_imap *im, const char *name, struct mdg_buf *out,
	       struct mdg_err *err)
{
	bool plain = name[0] != '\0';
	for (const char *p = name; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7f)
			plain = false;
	if (plain && mdg_buf_puts(out, name))
		return true;
	if (name[0] != '\0' && mdg_utf7imap_encode(name, out))
		return true;
	return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_net_folder_missing,
			    im->peer->host, "?", NULL);
}

/* -- capabilities -- */

bool
mdg_imap_has(const struct mdg_imap *im, const char *capability)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	mdg_buf_printf(&b, " %s ", capability);
	return mdg_strcasestr(mdg_buf_str(&im->caps), mdg_buf_str(&b)) != NULL;
}

static void
keep_capabilities(struct mdg_imap *im,
		  const struct mailimap_capability_data *data)
{
	for (clistiter *i = clist_begin(data->cap_list); i != NULL;
	     i = clist_next(i)) {
		const struct mailimap_capability *c = clist_content(i);
		if (c->cap_type == MAILIMAP_CAPABILITY_AUTH_TYPE)
			mdg_buf_printf(&im->caps, "AUTH=%s ",
				       c->cap_data.cap_auth_type);
		else
			mdg_buf_printf(&im->caps, "%s ", c->cap_data.cap_name);
	}
}

bool
imap_ask_capabilities(struct mdg_imap *im, struct mdg_err *err)
{
	/* What was said before TLS or login counts no more. */
	struct mailimap_connection_info *ci = im->et->imap_connection_info;
	if (ci->imap_capability != NULL)
		mailimap_capability_data_free(ci->imap_capability);
	ci->imap_capability = NULL;
	mdg_buf_reset(&im->caps);
	mdg_buf_putc(&im->caps, ' ');
	if (!imap_begin(im, err) || !imap_text(im, "CAPABILITY\r\n", err) ||
	    !imap_answer(im, err))
		return false;
	if (ci->imap_capability == NULL)
		return imap_check(im, MAILIMAP_ERROR_PARSE, err);
	keep_capabilities(im, ci->imap_capability);
	return true;
}

/* -- opening and closing -- */

static bool
starttls(struct mdg_imap *im, struct mdg_err *err)
{
	if (!mdg_imap_has(im, "STARTTLS"))
		return mdg_fail_msg(err, MDG_ETLS, MDG_MSG_net_starttls_missing,
				    im->peer->host, NULL);
	return imap_begin(im, err) && imap_text(im, "STARTTLS\r\n", err) &&
	       imap_answer(im, err) && mdg_stream_starttls(im->stream, err);
}

static bool
greet(struct mdg_imap *im, struct mdg_err *err)
{
	bool upgrade = im->peer->tls == MDG_TLS_STARTTLS;
	mdg_stream_begin(im->stream, MDG_NET_CONNECT_MS,
			 MDG_NET_LINE_BYTES_MAX);
	int r = mailimap_connect(im->et, mdg_stream_etpan(im->stream));
	if (r == MAILIMAP_ERROR_PARSE && mdg_stream_error(im->stream) == NULL)
		return mdg_fail_msg(err, MDG_EPROTO, MDG_MSG_net_greeting,
				    im->peer->host, "IMAP", NULL);
	if (!imap_check(im, r, err))
		return false;
	/* RFC 9051 §7.1.4: a PREAUTH in clear would talk us out of TLS. */
	if (upgrade && r == MAILIMAP_NO_ERROR_AUTHENTICATED)
		return mdg_fail_msg(err, MDG_ETLS, MDG_MSG_net_starttls_missing,
				    im->peer->host, NULL);
	if (!imap_ask_capabilities(im, err))
		return false;
	return !upgrade ||
	       (starttls(im, err) && imap_ask_capabilities(im, err));
}

bool
mdg_imap_open(const struct mdg_peer *peer, struct mdg_imap **ret,
	      struct mdg_err *err)
{
	struct mdg_imap *im = mdg_calloc(1, sizeof(*im));
	im->peer = peer;
	im->caps = MDG_BUF_LIMIT(MDG_NET_LINE_BYTES_MAX);
	if (!mdg_stream_open(peer, &im->stream, err)) {
		free(im);
		return false;
	}
	/* libetpan would put large strings into files of $TMPDIR. */
	mmap_string_set_ceil(SIZE_MAX);
	im->et = mailimap_new(0, NULL);
	MDG_BUG_ON(im->et == NULL);
	mdg_stream_give(im->stream);
	if (!greet(im, err)) {
		mdg_stream_kill(im->stream, NULL);
		mdg_imap_close(&im);
		return false;
	}
	mdg_probe_enter(peer->probe, MDG_STEP_LOGIN);
	*ret = im;
	return true;
}

void
mdg_imap_close(struct mdg_imap **imp)
{
	struct mdg_imap *im = *imp;
	if (im == NULL)
		return;
	*imp = NULL;
	/* mailimap_free() says LOGOUT on a stream that still works. */
	mdg_stream_begin(im->stream, LOGOUT_MS, MDG_NET_LINE_BYTES_MAX);
	if (im->et->imap_stream == NULL)
		mailstream_close(mdg_stream_etpan(im->stream));
	mailimap_free(im->et);
	mdg_stream_close(&im->stream);
	mdg_chunker_free(&im->chunker);
	mdg_buf_clear(&im->caps);
	free(im);
}

struct mdg_stream *
mdg_imap_stream(struct mdg_imap *im)
{
	return im->stream;
}
