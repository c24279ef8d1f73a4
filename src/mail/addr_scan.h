/*
 * The two halves of the address reader: addr.c cuts a field into elements,
 * addr_emit.c makes addresses of them. Private.
 */
#ifndef MDG_MAIL_ADDR_SCAN_H
#define MDG_MAIL_ADDR_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/model/mail.h"

/* What one element (between separators) is made of. */
struct mdg_addr_element {
	struct mdg_buf phrase; /* all outside <>, quotes taken off */
	struct mdg_buf bare;   /* the same, quotes and comments as they stand */
	struct mdg_buf comment; /* content of comments */
	struct mdg_buf angle;   /* content of the last <> */
	bool has_angle, quoted, has_text;
};

struct mdg_addr_scanner {
	struct mdg_span t;
	size_t at;
	struct mdg_arena *a;
	struct mdg_addresses *out;
	struct mdg_buf held; /* "Yamada" of "Yamada, Taro <…>" */
	unsigned flags;
	unsigned unclosed_n; /* '(' without their ')' so far */
};

/* The end of a quoted string from `at`; 0 if it is not closed. */
size_t mdg_addr_quote_end(struct mdg_span t, size_t at);
/* Append what a quoted string or comment says. */
void mdg_addr_put_unquoted(struct mdg_buf *out, struct mdg_span s);
/* Text a@b, both sides not empty. */
bool mdg_addr_has_at(struct mdg_span s);
const char *mdg_addr_name(struct mdg_addr_scanner *s, struct mdg_span text);

void mdg_addr_emit(struct mdg_addr_scanner *s, const char *name,
		   const char *address);
void mdg_addr_emit_bare(struct mdg_addr_scanner *s, struct mdg_addr_element *e);
void mdg_addr_emit_angle(struct mdg_addr_scanner *s,
			 struct mdg_addr_element *e);

#endif
