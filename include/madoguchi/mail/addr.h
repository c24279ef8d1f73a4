/*
 * Address headers: From, To, Cc, Reply-To, Sender (RFC 5322 §3.4) as they
 * really arrive. The rule: the sender is never lost. Whatever looks like an
 * address comes out, however broken the text around it is.
 */
#ifndef MDG_MAIL_ADDR_H
#define MDG_MAIL_ADDR_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/model/mail.h"

enum mdg_addr_flags {
	MDG_ADDR_SPOOFED = 1, /* a display name shows another address */
	MDG_ADDR_BROKEN = 2,  /* not RFC 5322: read by guessing */
	MDG_ADDR_CUT = 4,     /* a limit was met, something was left out */
};

/*
 * Append the mailboxes of a raw field body to out, groups flattened.
 * flags: enum mdg_addr_flags are or-ed into it; may be NULL.
 */
void mdg_addr_parse(struct mdg_span raw, struct mdg_arena *a,
		    struct mdg_addresses *out, unsigned *flags);

/*
 * The form of an address to compare by: lower case, A-labels, needless quotes
 * and a final dot of the domain removed.
 */
const char *mdg_addr_key(struct mdg_arena *a, const char *address);
bool mdg_addr_same(const char *address1, const char *address2);
/* The form for SMTP: the domain in A-labels, all else as it is. */
const char *mdg_addr_wire(struct mdg_arena *a, const char *address);
/* What is behind the last '@', or "". */
const char *mdg_addr_domain(const char *address);

/*
 * May it be put into SMTP and headers? One local part, one domain, no
 * controls, spaces, angle brackets or separators, within the limit.
 */
bool mdg_addr_valid(const char *address);
/* Only ASCII (ask it of the wire form): no server needs SMTPUTF8 for it. */
bool mdg_addr_ascii(const char *address);

/*
 * Append `name <address>` for an outgoing header, the name quoted or as
 * encoded words where needed; *column is the column on the line, moved on.
 * Controls in the name become spaces. The address must be valid.
 */
void mdg_addr_format(const struct mdg_address *addr, struct mdg_buf *out,
		     size_t *column);
/* A whole list, folded between mailboxes. */
void mdg_addrs_format(const struct mdg_addresses *list, struct mdg_buf *out,
		      size_t *column);

#endif
