/*
 * What our own server says about where a mail came from: its
 * Authentication-Results (RFC 8601) and the Received fields it wrote.
 */
#ifndef MDG_MAIL_AUTHRES_H
#define MDG_MAIL_AUTHRES_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/model/mail.h"

/* Stands for the topmost field, of servers that give no name of theirs. */
#define MDG_AUTHSERV_TOP "top"

/*
 * Does the field that `server` wrote say that DKIM, SPF or DMARC passed for
 * `domain` (one above it, with a dot of its own, counts as well)? Only the
 * topmost field of that name is believed: others came with the mail.
 */
bool mdg_auth_passed(const struct mdg_strings *results, const char *server,
		     const char *domain);

/*
 * The same where somebody is to be trusted with more: only DKIM or DMARC
 * count, and only the topmost field of all, which must be the server's.
 */
bool mdg_auth_signed(const struct mdg_strings *results, const char *server,
		     const char *domain);

/* What one field says of one method ("spf", "dkim", "dmarc"). */
struct mdg_auth_verdict {
	char result[24];  /* "pass", "fail" …; "" if it says nothing of it */
	char domain[256]; /* whom the result is about; "" if it does not say */
	bool aligned;     /* that is the domain asked for, or one above
			 * or below it */
};
/*
 * The topmost field that `server` wrote; where it wrote none, or is "", the
 * topmost of all; "" without any. To be told to people, not to be believed.
 */
const char *mdg_auth_field(const struct mdg_strings *results,
			   const char *server);
/* The name of the server that wrote the field; "" if there is none. */
void mdg_auth_server(const char *field, char *out, size_t n);
/* Of several signatures the one that serves `domain` best. */
void mdg_auth_verdict(const char *field, const char *method,
		      const char *domain, struct mdg_auth_verdict *ret);

/* Is it an address, with or without "/24", or the word "local"? */
bool mdg_route_valid(const char *route);
/*
 * Did the mail come in from `route`? Of the Received fields, newest first,
 * the first that names a client other than this machine decides; all
 * addresses it names must lie in the route. "local": none names one.
 */
bool mdg_route_taken(const struct mdg_strings *received, const char *route);

#endif
