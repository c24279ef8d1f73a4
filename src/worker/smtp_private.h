/* The inside of an SMTP session, shared by the smtp_*.c files. */
#ifndef MDG_WORKER_SMTP_PRIVATE_H
#define MDG_WORKER_SMTP_PRIVATE_H

#include "smtp.h"

struct mdg_smtp {
	const struct mdg_peer *peer;
	const char *our_name;
	struct mdg_stream *stream;
	MMAPString *line;
	struct mdg_buf caps; /* "\nSIZE 1000\nAUTH PLAIN …\n" */
	uint64_t size_max;   /* 0: not told */
	int code;            /* of the last reply, 0: none came */
	struct mdg_buf text; /* its words, cleaned, one line */
};

/*
 * Write bytes, then (smtp_reply) read one whole reply. smtp_reply() returns
 * its code, 0 when the stream broke or the answer is not SMTP.
 */
bool smtp_write(struct mdg_smtp *s, const char *p, size_t n);
int smtp_reply(struct mdg_smtp *s);
/* Flush without reading. */
bool smtp_flush(struct mdg_smtp *s);
/* One command line with its CRLF, and the reply's code. */
int smtp_command(struct mdg_smtp *s, int64_t timeout_ms, const char *line);
/* Why there was no reply; false. */
bool smtp_broken(struct mdg_smtp *s, struct mdg_err *err);
bool smtp_ehlo(struct mdg_smtp *s, struct mdg_err *err);

/* What MAIL and RCPT say more to a server that offers DSN. */
void smtp_dsn_mail(struct mdg_buf *line, const char *from, const char *envid);
void smtp_dsn_rcpt(struct mdg_buf *line, const char *from,
		   const char *address);

#endif
