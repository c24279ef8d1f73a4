/*
 * An outgoing mail as bytes: a pure function of its arguments.
 *
 * The same arguments give the same bytes, on every machine: boundary from the
 * Message-ID, date and offset given. UTF-8 throughout; there is no Bcc field.
 */
#ifndef MDG_MAIL_COMPOSE_H
#define MDG_MAIL_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/model/mail.h"

struct mdg_outgoing_file {
	const char *filename;   /* made safe again here */
	const char *media_type; /* "application/pdf"; NULL: octet-stream */
	struct mdg_span content;
	/* or, if set, in pieces: piece n into to (reset first), none is the end
	 */
	bool (*read)(void *ctx, int64_t n, struct mdg_buf *to,
		     struct mdg_err *err);
	void *ctx;
};

struct mdg_outgoing {
	struct mdg_addresses from, to, cc, reply_to;
	const char *subject;
	const char *text;              /* final, wrapped, UTF-8, LF line ends */
	const char *html;              /* the same for display, or NULL */
	const char *message_id;        /* ids without angle brackets */
	const char *in_reply_to;       /* or NULL */
	struct mdg_strings references; /* oldest first */
	int64_t date_s;
	int zone_min; /* offset from UTC in minutes: +540 in Japan */
	const char *auto_submitted; /* NULL, "auto-replied", "auto-generated" */
	const char *loop_mark;      /* X-Madoguchi-Loop, or NULL */
	const struct mdg_outgoing_file *files;
	size_t files_n;
	/* A mail as mdg_compose() made it, attached as message/rfc822 as it
	 * is; empty: none. */
	struct mdg_span mail;
};

/* The values to start from: everything empty, +0900. */
void mdg_outgoing_init(struct mdg_outgoing *o);

/*
 * Append the mail to out, CRLF line ends. Fails, with out as it was, if a
 * header value holds a control or line separator, an address cannot be
 * written, there is no sender, recipient or Message-ID, or out is too small.
 * Ids of others that cannot be written are left out.
 */
bool mdg_compose(const struct mdg_outgoing *o, struct mdg_buf *out,
		 struct mdg_err *err);
/* The same bytes in pieces, in bounded memory. */
bool mdg_compose_to(const struct mdg_outgoing *o,
		    bool (*sink)(void *arg, struct mdg_span piece,
				 struct mdg_err *err),
		    void *arg, struct mdg_err *err);

#endif
