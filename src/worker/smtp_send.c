/* One mail: MAIL, RCPT, DATA, commit, dot (RFC 5321 §3.3, §4.5.2). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/gnutls.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "smtp_private.h"

enum {
	SLOWEST_BYTES_PER_S = 16 << 10,
	EARLY_MS = 2000, /* a reply before the dot is read at once */
	OUT_BYTES = 16384,
};

/* -- addresses -- */

static bool
is_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

bool
mdg_smtp_address_wire(const char *address, struct mdg_buf *out)
{
	gnutls_datum_t ascii;
	const char *at = strrchr(address, '@');
	if (at == NULL || is_ascii(at))
		return mdg_buf_puts(out, address);
	if (gnutls_idna_map(at + 1, (unsigned)strlen(at + 1), &ascii, 0) != 0)
		return mdg_buf_puts(out, address);
	mdg_buf_put(out, address, (size_t)(at + 1 - address));
	bool ok = mdg_buf_put(out, ascii.data, ascii.size);
	gnutls_free(ascii.data);
	return ok;
}

bool
mdg_smtp_address_ok(const char *s)
{
	size_t n = strlen(s);
	const char *at = strrchr(s, '@');
	if (n > MDG_ADDRESS_BYTES_MAX || at == NULL || at == s ||
	    at[1] == '\0' || !mdg_utf8_valid(s, n))
		return false;
	for (const char *p = s; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f || *p == '<' ||
		    *p == '>')
			return false;
	/* RFC 5321 §4.1.2: an @ of the local part stands in quotes. */
	return strchr(s, '@') == at || (s[0] == '"' && at[-1] == '"');
}

bool
mdg_smtp_address_quoted(const char *address, struct mdg_buf *out)
{
	const char *at = strrchr(address, '@');
	if (at == NULL || address[0] == '"')
		return false;
	size_t n = (size_t)(at - address);
	bool odd = n > 0 && (address[0] == '.' || address[n - 1] == '.');
	for (size_t i = 1; i < n; i++)
		odd |= address[i] == '.' && address[i - 1] == '.';
	if (!odd || memchr(address, '"', n) != NULL ||
	    memchr(address, '\\', n) != NULL)
		return false;
	mdg_buf_putc(out, '"');
	mdg_buf_put(out, address, n);
	mdg_buf_putc(out, '"');
	return mdg_buf_puts(out, at);
}

/* -- the body on the wire -- */

struct wire {
	struct mdg_smtp *s; /* NULL: only count */
	uint64_t bytes;
	size_t n;
	char out[OUT_BYTES];
	bool bad;
};

static void
wire_put(struct wire *w, char c)
{
	w->bytes++;
	if (w->s == NULL)
		return;
	if (w->n == sizeof(w->out)) {
		if (!w->bad && !smtp_write(w->s, w->out, w->n))
			w->bad = true;
		w->n = 0;
	}
	w->out[w->n++] = c;
}

/*
 * Every CR, LF or CRLF becomes CRLF, so that no other line end can smuggle a
 * dot past the server; dots at line starts are doubled; the last line ends.
 * Returns what a SIZE counts: without the doubled dots.
 */
static uint64_t
wire_body(struct wire *w, struct mdg_span b)
{
	bool start = true;
	uint64_t stuffed = 0;
	for (size_t i = 0; i < b.n && !w->bad; i++) {
		char c = (char)b.p[i];
		if (c == '\r' || c == '\n') {
			if (c == '\r' && i + 1 < b.n && b.p[i + 1] == '\n')
				i++;
			wire_put(w, '\r');
			wire_put(w, '\n');
			start = true;
			continue;
		}
		if (start && c == '.') {
			wire_put(w, '.');
			stuffed++;
		}
		wire_put(w, c);
		start = false;
	}
	if (!start) {
		wire_put(w, '\r');
		wire_put(w, '\n');
	}
	if (w->s != NULL && !w->bad && w->n > 0 &&
	    !smtp_write(w->s, w->out, w->n))
		w->bad = true;
	return w->bytes - stuffed;
}

/* -- verdicts -- */

struct sending {
	struct mdg_smtp *s;
	const struct mdg_smtp_job *job;
	struct mdg_arena *a;
	struct mdg_send_rcpt *v;
	const char *from; /* as they go on the wire */
	const char **to;
	bool *open;      /* rows still without a verdict */
	size_t accepted; /* by RCPT */
	const char *phase;
	bool account;
	bool dsn; /* reports are asked for */
};

static const char *
own_words(struct sending *d, enum mdg_msg id, const char *arg)
{
	char text[1024];
	const char *args[] = {d->s->peer->host, arg};
	return mdg_arena_strdup(d->a,
				mdg_msg_format(MDG_LANG_JA, id, MDG_LEN(args),
					       args, text, sizeof(text)));
}

static void
decide(struct sending *d, size_t i, enum mdg_send_outcome outcome, int code,
       const char *text)
{
	if (!d->open[i])
		return;
	d->open[i] = false;
	d->v[i].outcome = outcome;
	d->v[i].code = (uint32_t)code;
	d->v[i].text = text;
}

static void
decide_rest(struct sending *d, enum mdg_send_outcome outcome, int code,
	    const char *text)
{
	for (size_t i = 0; i < d->job->rcpts_n; i++)
		decide(d, i, outcome, code, text);
}

/* The last reply's words, or what broke the stream. */
static const char *
words(struct sending *d)
{
	char text[1024];
	const struct mdg_err *why = mdg_stream_error(d->s->stream);
	if (d->s->code != 0 || why == NULL)
		return mdg_arena_strdup(d->a, mdg_buf_str(&d->s->text));
	return mdg_arena_strdup(
		d->a, mdg_err_text(why, MDG_LANG_JA, text, sizeof(text)));
}

/* Before the dot: no answer and 4xx may be tried again. */
static enum mdg_send_outcome
outcome_of(struct sending *d, int code)
{
	switch (code) {
	case 530: /* login wanted, login too weak, no login */
	case 534:
	case 535:
	case 538:
		d->account = true;
		return MDG_SEND_TEMPFAIL;
	default:
		return code / 100 == 5 ? MDG_SEND_PERMFAIL : MDG_SEND_TEMPFAIL;
	}
}

static void
fail_rest(struct sending *d, int code)
{
	decide_rest(d, outcome_of(d, code), code, words(d));
}

/* -- the steps: each false when nothing is left to do -- */

static bool
check_addresses(struct sending *d)
{
	bool utf8 = mdg_smtp_has(d->s, "SMTPUTF8");
	const char *from = d->from;
	size_t left = 0;
	d->phase = "mail";
	if (from[0] != '\0' && !mdg_smtp_address_ok(from))
		decide_rest(d, MDG_SEND_PERMFAIL, 0,
			    own_words(d, MDG_MSG_net_address_bad, from));
	if (!utf8 && !is_ascii(from))
		decide_rest(d, MDG_SEND_PERMFAIL, 0,
			    own_words(d, MDG_MSG_net_utf8_address, from));
	for (size_t i = 0; i < d->job->rcpts_n; i++) {
		const char *to = d->to[i];
		if (!mdg_smtp_address_ok(to))
			decide(d, i, MDG_SEND_PERMFAIL, 0,
			       own_words(d, MDG_MSG_net_address_bad, to));
		else if (!utf8 && !is_ascii(to))
			decide(d, i, MDG_SEND_PERMFAIL, 0,
			       own_words(d, MDG_MSG_net_utf8_address, to));
		left += d->open[i];
	}
	return left > 0;
}

static bool
step_mail(struct sending *d)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};
	struct wire *w = mdg_calloc(1, sizeof(*w));
	uint64_t size = wire_body(w, d->job->bytes);
	bool wide = false, utf8 = !is_ascii(d->from);
	free(w);
	if (d->s->size_max > 0 && size > d->s->size_max) {
		char n[32];
		snprintf(n, sizeof(n), "%llu", (unsigned long long)size);
		decide_rest(d, MDG_SEND_PERMFAIL, 0,
			    own_words(d, MDG_MSG_net_too_big, n));
		return false;
	}
	for (size_t i = 0; i < d->job->bytes.n && !wide; i++)
		wide = d->job->bytes.p[i] >= 0x80;
	for (size_t i = 0; i < d->job->rcpts_n; i++)
		utf8 |= d->open[i] && !is_ascii(d->to[i]);
	mdg_buf_printf(&line, "MAIL FROM:<%s>", d->from);
	if (mdg_smtp_has(d->s, "SIZE"))
		mdg_buf_printf(&line, " SIZE=%llu", (unsigned long long)size);
	if (wide && mdg_smtp_has(d->s, "8BITMIME"))
		mdg_buf_puts(&line, " BODY=8BITMIME");
	if (utf8)
		mdg_buf_puts(&line, " SMTPUTF8");
	size_t plain = line.len;
	d->dsn = mdg_smtp_has(d->s, "DSN");
	if (d->dsn)
		smtp_dsn_mail(&line, d->from, d->job->envid);
	mdg_buf_puts(&line, "\r\n");
	int code = smtp_command(d->s, MDG_NET_COMMAND_MS * 5 / 2,
				mdg_buf_str(&line));
	/* RFC 5321 §4.1.1.11: offered, and yet not known */
	if (d->dsn && (code == 501 || code == 555)) {
		d->dsn = false;
		line.ptr[line.len = plain] = '\0';
		mdg_buf_puts(&line, "\r\n");
		code = smtp_command(d->s, MDG_NET_COMMAND_MS * 5 / 2,
				    mdg_buf_str(&line));
	}
	if (code / 100 != 2)
		fail_rest(d, code);
	return code / 100 == 2;
}

static int
rcpt(struct sending *d, const char *address)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};
	mdg_buf_printf(&line, "RCPT TO:<%s>", address);
	if (d->dsn)
		smtp_dsn_rcpt(&line, d->from, address);
	mdg_buf_puts(&line, "\r\n");
	return smtp_command(d->s, MDG_NET_COMMAND_MS * 5 / 2,
			    mdg_buf_str(&line));
}

static void
one_rcpt(struct sending *d, size_t i)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf quoted = {0};
	const char *to = d->to[i];
	int code = rcpt(d, to);
	/* Phone mailboxes end in dots; most servers take them as they are,
	 * a strict one wants quotes. */
	if ((code == 501 || code == 553) &&
	    mdg_smtp_address_quoted(to, &quoted))
		code = rcpt(d, mdg_buf_str(&quoted));
	if (code / 100 == 2)
		d->accepted++;
	else if (code == 552) /* RFC 5321 §4.5.3.1.10: too many, so 452 */
		decide(d, i, MDG_SEND_TEMPFAIL, code, words(d));
	else
		decide(d, i, outcome_of(d, code), code, words(d));
}

static bool
step_rcpt(struct sending *d)
{
	d->phase = "rcpt";
	for (size_t i = 0; i < d->job->rcpts_n; i++) {
		if (!d->open[i])
			continue;
		one_rcpt(d, i);
		if (mdg_stream_error(d->s->stream) != NULL || d->s->code == 0 ||
		    d->s->code == 421) {
			decide_rest(d, MDG_SEND_TEMPFAIL, d->s->code, words(d));
			return false;
		}
	}
	if (d->accepted == 0)
		(void)smtp_command(d->s, MDG_NET_COMMAND_MS, "RSET\r\n");
	return d->accepted > 0;
}

/* The server speaks before the dot: it does not want the mail. */
static bool
refused_early(struct sending *d)
{
	enum mdg_stream_ready r;
	while ((r = mdg_stream_wait(d->s->stream, 0)) == MDG_READY_WAKE)
		;
	if (r == MDG_READY_TIMEOUT)
		return false;
	int code = 0;
	if (r == MDG_READY_DATA) {
		mdg_stream_begin(d->s->stream, EARLY_MS,
				 MDG_NET_LINE_BYTES_MAX);
		code = smtp_reply(d->s);
	}
	/* "250" here is no answer to anything: the session is out of step. */
	fail_rest(d, code / 100 == 2 ? 0 : code);
	(void)smtp_broken(d->s, NULL);
	return true;
}

static bool
step_data(struct sending *d)
{
	d->phase = "data";
	int code = smtp_command(d->s, MDG_NET_COMMAND_MS * 5 / 2, "DATA\r\n");
	if (code != 354) {
		/* A 2xx to DATA means nothing that could be relied on. */
		fail_rest(d, code / 100 == 2 ? 0 : code);
		if (code / 100 < 4)
			(void)smtp_broken(d->s, NULL);
		return false;
	}
	struct wire *w = mdg_calloc(1, sizeof(*w));
	w->s = d->s;
	mdg_stream_begin(
		d->s->stream,
		MDG_NET_COMMAND_MS +
			(int64_t)(d->job->bytes.n / SLOWEST_BYTES_PER_S * 1000),
		MDG_NET_LINE_BYTES_MAX);
	(void)wire_body(w, d->job->bytes);
	bool ok = !w->bad && smtp_flush(d->s);
	free(w);
	d->s->code = 0;
	if (!ok) {
		fail_rest(d, 0);
		return false;
	}
	if (refused_early(d))
		return false;
	bool go = d->job->commit(d->job->ctx);
	/* No dot has been sent yet: whatever happened until here, the server
	 * has taken nothing. */
	if (!go || refused_early(d)) {
		decide_rest(d, MDG_SEND_TEMPFAIL, 0, "not committed");
		mdg_stream_kill(d->s->stream, NULL);
		return false;
	}
	return true;
}

static void
step_final(struct sending *d)
{
	d->phase = "final";
	int code = smtp_command(d->s, MDG_SMTP_FINAL_MS, ".\r\n");
	enum mdg_send_outcome outcome = MDG_SEND_UNKNOWN;
	if (code / 100 == 2)
		outcome = MDG_SEND_ACCEPTED;
	else if (code / 100 == 4 || code / 100 == 5)
		outcome = outcome_of(d, code);
	decide_rest(d, outcome, code, words(d));
	if (outcome == MDG_SEND_UNKNOWN)
		(void)smtp_broken(d->s, NULL);
}

static const char *
wire_address(struct mdg_arena *a, const char *address)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	mdg_smtp_address_wire(address, &b);
	return mdg_arena_strdup(a, mdg_buf_str(&b));
}

bool
mdg_smtp_send(struct mdg_smtp *s, const struct mdg_smtp_job *job,
	      struct mdg_arena *a, struct mdg_send_rcpt *ret,
	      const char **ret_phase, bool *ret_account, struct mdg_err *err)
{
	struct sending d = {.s = s, .job = job, .a = a, .v = ret};
	d.open = mdg_arena_array(a, job->rcpts_n, sizeof(*d.open));
	d.to = mdg_arena_array(a, job->rcpts_n, sizeof(*d.to));
	d.from = wire_address(a, job->mail_from);
	for (size_t i = 0; i < job->rcpts_n; i++) {
		d.to[i] = wire_address(a, job->rcpts[i]);
		d.open[i] = true;
		ret[i] = (struct mdg_send_rcpt){.address = job->rcpts[i],
						.outcome = MDG_SEND_TEMPFAIL,
						.text = ""};
	}
	if (check_addresses(&d) && step_mail(&d) && step_rcpt(&d) &&
	    step_data(&d))
		step_final(&d);
	*ret_phase = d.phase;
	*ret_account = d.account;
	const struct mdg_err *why = mdg_stream_error(s->stream);
	if (why == NULL && (s->code != 0 || mdg_buf_str(&s->text)[0] == '\0'))
		return s->code != 421 ||
		       mdg_fail_msg(err, MDG_ENET, MDG_MSG_net_closed,
				    s->peer->host, NULL);
	return smtp_broken(s, err);
}
