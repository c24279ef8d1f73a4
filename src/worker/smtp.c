#include "smtp.h"

#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "smtp_private.h"

enum {
	GREETING_MS = 300000, /* RFC 5321 §4.5.3.2.1 */
	QUIT_MS = 5000,
	TEXT_MAX = 1000,
};

/* -- replies -- */

bool
smtp_broken(struct mdg_smtp *s, struct mdg_err *err)
{
	const struct mdg_err *why = mdg_stream_error(s->stream);
	if (why != NULL) {
		if (err != NULL)
			*err = *why;
		return false;
	}
	struct mdg_err e;
	mdg_fail_msg(&e, MDG_EPROTO, MDG_MSG_net_bad_answer, s->peer->host,
		     mdg_buf_str(&s->text), NULL);
	mdg_stream_kill(s->stream, &e);
	if (err != NULL)
		*err = e;
	return false;
}

bool
smtp_write(struct mdg_smtp *s, const char *p, size_t n)
{
	ssize_t r = mailstream_write(mdg_stream_etpan(s->stream), p, n);
	return r >= 0 && (size_t)r == n;
}

bool
smtp_flush(struct mdg_smtp *s)
{
	return mailstream_flush(mdg_stream_etpan(s->stream)) == 0;
}

/* "250-text", "250 text", "250"; the code, or 0. */
static int
read_code(const char *line, size_t n, bool *ret_more)
{
	if (n < 3 || line[0] < '2' || line[0] > '5')
		return 0;
	for (size_t i = 1; i < 3; i++)
		if (line[i] < '0' || line[i] > '9')
			return 0;
	if (n > 3 && line[3] != ' ' && line[3] != '-')
		return 0;
	*ret_more = n > 3 && line[3] == '-';
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

static void
keep_text(struct mdg_smtp *s, const char *p, size_t n)
{
	if (s->text.len > 0)
		mdg_buf_putc(&s->text, ' ');
	if (s->text.len + 3 * n <= TEXT_MAX)
		mdg_utf8_clean(&s->text, p, n, true);
}

int
smtp_reply(struct mdg_smtp *s)
{
	bool more = true;
	int code = 0;
	mdg_buf_reset(&s->text);
	s->code = 0;
	if (!smtp_flush(s))
		return 0;
	while (more) {
		if (mailstream_read_line(mdg_stream_etpan(s->stream),
					 s->line) == NULL)
			return 0;
		const char *p = s->line->str;
		size_t n = s->line->len;
		while (n > 0 && (p[n - 1] == '\n' || p[n - 1] == '\r'))
			n--;
		int one = read_code(p, n, &more);
		keep_text(s, one != 0 && n > 4 ? p + 4 : p,
			  one != 0 ? (n > 4 ? n - 4 : 0) : n);
		if (one == 0 || (code != 0 && one != code))
			return 0;
		code = one;
	}
	s->code = code;
	return code;
}

int
smtp_command(struct mdg_smtp *s, int64_t timeout_ms, const char *line)
{
	mdg_stream_begin(s->stream, timeout_ms, MDG_NET_LINE_BYTES_MAX);
	mdg_buf_reset(&s->text);
	s->code = 0;
	if (!smtp_write(s, line, strlen(line)))
		return 0;
	return smtp_reply(s);
}

/* -- EHLO -- */

static const char *
find_extension(const struct mdg_smtp *s, const char *name)
{
	size_t n = strlen(name);
	for (const char *p = mdg_buf_str(&s->caps); *p != '\0';) {
		if (mdg_str_case_starts(p, name) &&
		    (p[n] == '\n' || p[n] == ' ' || p[n] == '='))
			return p + n;
		const char *e = strchr(p, '\n');
		p = e != NULL ? e + 1 : p + strlen(p);
	}
	return NULL;
}

bool
mdg_smtp_has(const struct mdg_smtp *s, const char *extension)
{
	return find_extension(s, extension) != NULL;
}

static void
read_size(struct mdg_smtp *s)
{
	const char *p = find_extension(s, "SIZE");
	s->size_max = 0;
	if (p == NULL || *p != ' ')
		return;
	for (p++; *p >= '0' && *p <= '9'; p++)
		if (s->size_max < UINT64_MAX / 20)
			s->size_max = s->size_max * 10 + (uint64_t)(*p - '0');
}

/* One line at a time: keep_text() joins them, here they stay apart. */
static int
ehlo_reply(struct mdg_smtp *s)
{
	bool more = true, first = true;
	int code = 0;
	if (!smtp_flush(s))
		return 0;
	while (more) {
		if (mailstream_read_line(mdg_stream_etpan(s->stream),
					 s->line) == NULL)
			return 0;
		size_t n = strcspn(s->line->str, "\r\n");
		int one = read_code(s->line->str, n, &more);
		mdg_buf_reset(&s->text);
		keep_text(s, s->line->str, n);
		if (one == 0 || (code != 0 && one != code))
			return 0;
		code = one;
		if (!first && n > 4) {
			mdg_buf_put(&s->caps, s->line->str + 4, n - 4);
			mdg_buf_putc(&s->caps, '\n');
		}
		first = false;
	}
	s->code = code;
	return code;
}

bool
smtp_ehlo(struct mdg_smtp *s, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};
	/* RFC 3207 §4.2: what was offered before TLS counts no more. */
	mdg_buf_reset(&s->caps);
	mdg_buf_printf(&line, "EHLO %s\r\n", s->our_name);
	mdg_stream_begin(s->stream, GREETING_MS, MDG_NET_LINE_BYTES_MAX);
	if (!smtp_write(s, line.ptr, line.len))
		return smtp_broken(s, err);
	int code = ehlo_reply(s);
	if (code == 0)
		return smtp_broken(s, err);
	if (code == 500 || code == 502 || code == 501) {
		mdg_buf_reset(&s->caps);
		mdg_buf_reset(&line);
		mdg_buf_printf(&line, "HELO %s\r\n", s->our_name);
		code = smtp_command(s, GREETING_MS, mdg_buf_str(&line));
	}
	if (code == 0)
		return smtp_broken(s, err);
	if (code / 100 != 2)
		return mdg_fail_msg(err, MDG_ENET, MDG_MSG_net_greeting,
				    s->peer->host, mdg_buf_str(&s->text), NULL);
	read_size(s);
	return true;
}

/* -- opening and closing -- */

static bool
starttls(struct mdg_smtp *s, struct mdg_err *err)
{
	if (!mdg_smtp_has(s, "STARTTLS"))
		return mdg_fail_msg(err, MDG_ETLS, MDG_MSG_net_starttls_missing,
				    s->peer->host, NULL);
	int code = smtp_command(s, MDG_NET_COMMAND_MS, "STARTTLS\r\n");
	if (code == 0)
		return smtp_broken(s, err);
	if (code != 220)
		return mdg_fail_msg(err, MDG_ENET, MDG_MSG_net_command_refused,
				    s->peer->host, mdg_buf_str(&s->text), NULL);
	return mdg_stream_starttls(s->stream, err) && smtp_ehlo(s, err);
}

static bool
greet(struct mdg_smtp *s, struct mdg_err *err)
{
	/* somebody looks on while a mailbox is tested */
	mdg_stream_begin(s->stream,
			 s->peer->probe ? MDG_NET_CONNECT_MS : GREETING_MS,
			 MDG_NET_LINE_BYTES_MAX);
	int code = smtp_reply(s);
	if (code == 0 && mdg_stream_error(s->stream) != NULL)
		return smtp_broken(s, err);
	if (code != 220)
		return mdg_fail_msg(err, code == 0 ? MDG_EPROTO : MDG_ENET,
				    MDG_MSG_net_greeting, s->peer->host,
				    mdg_buf_str(&s->text), NULL);
	if (!smtp_ehlo(s, err))
		return false;
	return s->peer->tls != MDG_TLS_STARTTLS || starttls(s, err);
}

static bool
name_ok(const char *s)
{
	size_t n = strlen(s);
	for (const char *p = s; *p != '\0'; p++)
		if (*p <= ' ' || *p >= 0x7f)
			return false;
	return n > 0 && n <= 255;
}

bool
mdg_smtp_open(const struct mdg_peer *peer, const char *our_name,
	      struct mdg_smtp **ret, struct mdg_err *err)
{
	struct mdg_smtp *s = mdg_calloc(1, sizeof(*s));
	s->peer = peer;
	s->our_name =
		our_name != NULL && name_ok(our_name) ? our_name : "localhost";
	s->caps = MDG_BUF_LIMIT(MDG_NET_LINE_BYTES_MAX);
	if (!mdg_stream_open(peer, &s->stream, err)) {
		free(s);
		return false;
	}
	s->line = mmap_string_new("");
	MDG_BUG_ON(s->line == NULL);
	if (!greet(s, err)) {
		mdg_stream_kill(s->stream, NULL);
		mdg_smtp_close(&s);
		return false;
	}
	mdg_probe_enter(peer->probe, MDG_STEP_LOGIN);
	*ret = s;
	return true;
}

void
mdg_smtp_close(struct mdg_smtp **sp)
{
	struct mdg_smtp *s = *sp;
	if (s == NULL)
		return;
	*sp = NULL;
	if (mdg_stream_error(s->stream) == NULL)
		(void)smtp_command(s, QUIT_MS, "QUIT\r\n");
	mdg_stream_close(&s->stream);
	mmap_string_free(s->line);
	mdg_buf_clear(&s->caps);
	mdg_buf_clear(&s->text);
	free(s);
}
