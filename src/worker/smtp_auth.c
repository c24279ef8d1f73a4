/* AUTH: RFC 4954; PLAIN (RFC 4616), LOGIN (as it is used), XOAUTH2. */
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "smtp_private.h"

enum { COMMAND_LINE_MAX = 512 }; /* RFC 5321 §4.5.3.1.4, with CRLF */

static void
wipe(struct mdg_buf *b)
{
	if (b->ptr != NULL)
		explicit_bzero(b->ptr, b->cap);
	mdg_buf_clear(b);
}

/* "AUTH PLAIN LOGIN", or "AUTH=LOGIN" as old servers say. */
static bool
offers(const struct mdg_smtp *s, const char *mechanism)
{
	size_t n = strlen(mechanism);
	for (const char *p = mdg_buf_str(&s->caps); *p != '\0';) {
		const char *e = strchr(p, '\n');
		e = e != NULL ? e : p + strlen(p);
		bool auth = mdg_str_case_starts(p, "AUTH ") ||
			    mdg_str_case_starts(p, "AUTH=");
		for (const char *w = p + 4; auth && w < e; w++)
			if ((w[0] == ' ' || w[0] == '=') &&
			    mdg_str_case_starts(w + 1, mechanism) &&
			    strchr(" \n", w[1 + n]) != NULL)
				return true;
		p = *e == '\n' ? e + 1 : e;
	}
	return false;
}

static int
say_base64(struct mdg_smtp *s, const char *before, const void *p, size_t n)
{
	MDG_AUTO(wipe) struct mdg_buf line = {0};
	mdg_buf_puts(&line, before);
	mdg_base64(&line, p, n);
	mdg_buf_puts(&line, "\r\n");
	return smtp_command(s, MDG_NET_COMMAND_MS, mdg_buf_str(&line));
}

/* One message; with the command if the line may be that long. */
static int
auth_one(struct mdg_smtp *s, const char *mechanism, const struct mdg_buf *m)
{
	char command[64];
	snprintf(command, sizeof(command), "AUTH %s ", mechanism);
	if (strlen(command) + (m->len + 2) / 3 * 4 + 2 <= COMMAND_LINE_MAX)
		return say_base64(s, command, m->ptr, m->len);
	snprintf(command, sizeof(command), "AUTH %s\r\n", mechanism);
	int code = smtp_command(s, MDG_NET_COMMAND_MS, command);
	return code == 334 ? say_base64(s, "", m->ptr, m->len) : code;
}

static int
auth_plain(struct mdg_smtp *s, const char *user, const char *secret)
{
	MDG_AUTO(wipe) struct mdg_buf b = {0};
	mdg_buf_putc(&b, '\0');
	mdg_buf_puts(&b, user);
	mdg_buf_putc(&b, '\0');
	mdg_buf_puts(&b, secret);
	return auth_one(s, "PLAIN", &b);
}

static int
auth_xoauth2(struct mdg_smtp *s, const char *user, const char *secret)
{
	MDG_AUTO(wipe) struct mdg_buf b = {0};
	mdg_buf_printf(&b, "user=%s\001auth=Bearer %s\001\001", user, secret);
	int code = auth_one(s, "XOAUTH2", &b);
	/* The error report comes as a question; its answer is an empty line. */
	return code == 334 ? smtp_command(s, MDG_NET_COMMAND_MS, "\r\n") : code;
}

static int
auth_login(struct mdg_smtp *s, const char *user, const char *secret)
{
	int code = smtp_command(s, MDG_NET_COMMAND_MS, "AUTH LOGIN\r\n");
	if (code == 334)
		code = say_base64(s, "", user, strlen(user));
	if (code == 334)
		code = say_base64(s, "", secret, strlen(secret));
	return code;
}

bool
mdg_smtp_login(struct mdg_smtp *s, const char *user, const char *secret,
	       enum mdg_auth_kind kind, struct mdg_err *err)
{
	int code;
	if (kind == MDG_AUTH_NONE)
		return true;
	if (!mdg_stream_is_private(s->stream))
		return mdg_fail_msg(err, MDG_ETLS, MDG_MSG_net_not_private,
				    s->peer->host, NULL);
	if (kind == MDG_AUTH_XOAUTH2)
		code = auth_xoauth2(s, user, secret);
	else if (offers(s, "PLAIN"))
		code = auth_plain(s, user, secret);
	else if (offers(s, "LOGIN"))
		code = auth_login(s, user, secret);
	else
		return mdg_fail_msg(err, MDG_EAUTH, MDG_MSG_net_login_method,
				    s->peer->host, NULL);
	if (code == 235)
		return true;
	if (code == 0)
		return smtp_broken(s, err);
	return mdg_fail_msg(err, code / 100 == 4 ? MDG_EBUSY : MDG_EAUTH,
			    code / 100 == 4 ? MDG_MSG_net_login_busy
					    : MDG_MSG_net_login_refused,
			    s->peer->host, mdg_buf_str(&s->text), NULL);
}
