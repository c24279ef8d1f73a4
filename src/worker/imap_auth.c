/* Logging in: RFC 3501 §6.2, RFC 4616 (PLAIN), RFC 4959 (SASL-IR), XOAUTH2. */
#include <string.h>

#include "imap_private.h"
#include "madoguchi/base/str.h"

static void
wipe(struct mdg_buf *b)
{
	if (b->ptr != NULL)
		explicit_bzero(b->ptr, b->cap);
	mdg_buf_clear(b);
}

static bool
refused(struct mdg_imap *im, struct mdg_err *err)
{
	static const char *const later[] = {"UNAVAILABLE", "INUSE", "LIMIT",
					    "SERVERBUG", "CONTACTADMIN"};
	char words[200];
	for (size_t i = 0; i < MDG_LEN(later); i++)
		if (imap_code_is(im, later[i]))
			return mdg_fail_msg(
				err, MDG_EBUSY, MDG_MSG_net_login_busy,
				im->peer->host,
				imap_words(im, words, sizeof(words)), NULL);
	return mdg_fail_msg(err, MDG_EAUTH, MDG_MSG_net_login_refused,
			    im->peer->host,
			    imap_words(im, words, sizeof(words)), NULL);
}

/* AUTHENTICATE with one client message, at once where SASL-IR is offered. */
static bool
authenticate(struct mdg_imap *im, const char *mechanism,
	     const struct mdg_buf *message, struct mdg_err *err)
{
	MDG_AUTO(wipe) struct mdg_buf line = {0};
	mdg_base64(&line, (const unsigned char *)message->ptr, message->len);
	mdg_buf_puts(&line, "\r\n");
	bool at_once = mdg_imap_has(im, "SASL-IR");
	if (!imap_begin(im, err) || !imap_text(im, "AUTHENTICATE ", err) ||
	    !imap_text(im, mechanism, err) ||
	    !imap_text(im, at_once ? " " : "\r\n", err) ||
	    (at_once && !imap_text(im, mdg_buf_str(&line), err)))
		return false;
	for (unsigned asked = 0;; asked++) {
		bool more;
		if (!imap_more(im, &more, NULL, err))
			return false;
		if (!more)
			return imap_finish(im, err);
		/* A second question is XOAUTH2's error report: answer with an
		 * empty line, then comes the NO. */
		bool ours = !at_once && asked == 0;
		if (asked > 2)
			return imap_check(im, MAILIMAP_ERROR_PARSE, err);
		if (!imap_text(im, ours ? mdg_buf_str(&line) : "\r\n", err))
			return false;
	}
}

static bool
login_plain(struct mdg_imap *im, const char *user, const char *secret,
	    struct mdg_err *err)
{
	MDG_AUTO(wipe) struct mdg_buf b = {0};
	mdg_buf_putc(&b, '\0');
	mdg_buf_puts(&b, user);
	mdg_buf_putc(&b, '\0');
	mdg_buf_puts(&b, secret);
	return authenticate(im, "PLAIN", &b, err);
}

static bool
login_xoauth2(struct mdg_imap *im, const char *user, const char *secret,
	      struct mdg_err *err)
{
	MDG_AUTO(wipe) struct mdg_buf b = {0};
	mdg_buf_printf(&b, "user=%s\001auth=Bearer %s\001\001", user, secret);
	return authenticate(im, "XOAUTH2", &b, err);
}

static bool
login_command(struct mdg_imap *im, const char *user, const char *secret,
	      struct mdg_err *err)
{
	return imap_begin(im, err) && imap_text(im, "LOGIN ", err) &&
	       imap_quoted(im, user, err) && imap_text(im, " ", err) &&
	       imap_quoted(im, secret, err) && imap_text(im, "\r\n", err) &&
	       imap_answer(im, err);
}

static bool
has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return true;
	return false;
}

bool
mdg_imap_login(struct mdg_imap *im, const char *user, const char *secret,
	       enum mdg_auth_kind kind, struct mdg_err *err)
{
	bool ok;
	if (!mdg_stream_is_private(im->stream))
		return mdg_fail_msg(err, MDG_ETLS, MDG_MSG_net_not_private,
				    im->peer->host, NULL);
	if (has_control(user) || has_control(secret))
		return mdg_fail_msg(err, MDG_EAUTH, MDG_MSG_net_login_refused,
				    im->peer->host, "control character", NULL);
	if (kind == MDG_AUTH_XOAUTH2) {
		ok = login_xoauth2(im, user, secret, err);
	} else if (mdg_imap_has(im, "AUTH=PLAIN")) {
		ok = login_plain(im, user, secret, err);
	} else if (!mdg_imap_has(im, "LOGINDISABLED")) {
		ok = login_command(im, user, secret, err);
	} else {
		return mdg_fail_msg(err, MDG_EAUTH, MDG_MSG_net_login_method,
				    im->peer->host, NULL);
	}
	if (!ok)
		return mdg_stream_error(im->stream) == NULL ? refused(im, err)
							    : false;
	im->et->imap_state = MAILIMAP_STATE_AUTHENTICATED;
	mdg_probe_enter(im->peer->probe, MDG_STEP_FOLDER);
	return imap_ask_capabilities(im, err);
}

void
mdg_imap_id(struct mdg_imap *im)
{
	if (!mdg_imap_has(im, "ID"))
		return;
	(void)(imap_begin(im, NULL) &&
	       imap_text(im, "ID (\"name\" \"" PACKAGE_NAME "\")\r\n", NULL) &&
	       imap_answer(im, NULL));
}
