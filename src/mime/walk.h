/*
 * The parts of a mail as a flat list in walk order: gmime finds them, we read
 * their headers and contents ourselves.
 */
#ifndef MDG_MIME_WALK_H
#define MDG_MIME_WALK_H

#include <gmime/gmime.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/mail/headers.h"
#include "madoguchi/mail/param.h"
#include "madoguchi/model/mail.h"

#include "scan.h"

enum mime_disposition { DISP_NONE, DISP_INLINE, DISP_ATTACHMENT };

struct mime_part {
	const char *media; /* "type/subtype", lower case, always of that form */
	bool typed;        /* the part itself says so */
	bool multi;        /* has parts: those up to `end` */
	uint32_t parent;   /* of the root: itself */
	uint32_t end;      /* the part after its last descendant */
	struct mdg_params type, disposition;
	enum mime_disposition disp;
	const char *filename;   /* safe, or NULL */
	const char *content_id; /* without <>, or NULL */
	struct mdg_span body;   /* as transferred */
	GMimeContentEncoding encoding;
	bool shown; /* its text is in the mail's text */
};

struct mime_tree {
	struct mime_scan scan;
	struct mdg_headers headers; /* of the mail */
	struct mime_part *parts;
	size_t parts_n;
	struct mdg_mail *mail; /* takes the warnings; its arena is used */
	GPtrArray *objects;    /* gmime's, that the parts borrow from */
	GPtrArray *arrays;     /* and what those borrow from */
	/* When one uuencoded file is wanted: its number, and where to. */
	uint32_t uu_wanted;
	struct mdg_buf *uu_out;
	unsigned level; /* of a mail in a mail … */
};

void mime_tree_read(struct mdg_span raw, struct mdg_mail *m,
		    struct mime_tree *ret);
void mime_tree_clear(struct mime_tree *t);

/* The content behind the transfer encoding, appended to out (up to its cap).
 * What is broken in it is passed over. */
void mime_part_decode(const struct mime_part *p, struct mdg_buf *out);
/* Text that is all base64 or quoted-printable still, whatever was said of it:
 * the text behind it. */
bool mime_undo_coding(struct mdg_buf *text);
/* Size and digest of that content, and whether it is sealed, in bounded
 * memory. */
void mime_part_digest(const struct mime_part *p, struct mdg_attachment *ret);

#endif
