/*
 * A raw mail read into a record. Runs only where there is nothing to steal:
 * in mdg-parse, behind its sandbox.
 *
 * gmime finds the parts and undoes transfer encodings; everything that has to
 * do with text (charsets, header words, addresses, file names, quotes) is
 * done by the mail room. A broken mail gives a record with warnings, never an
 * error.
 */
#ifndef MDG_MIME_PARSE_H
#define MDG_MIME_PARSE_H

#include <stdbool.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/model/mail.h"

struct mdg_mime_options {
	struct mdg_strings own; /* our addresses */
	bool want_hash;         /* fill in mdg_mail.content_hash */
	/* A loop mark makes the mail ours. For use without the core, which
	 * verifies the mark and decides itself. */
	bool trust_loop_mark;
};

/* Load what needs files: call once before the process confines itself. */
void mdg_mime_init(void);

/*
 * Fill *ret (initialised; its arena is used). MDG_EFORMAT only when there is
 * nothing to read: no byte but spaces and line ends.
 */
bool mdg_mime_parse(struct mdg_span raw, const struct mdg_mime_options *opt,
		    struct mdg_mail *ret, struct mdg_err *err);

/*
 * The transfer-decoded content of one attachment, by mdg_attachment.part.
 * MDG_ENOENT: the mail has no such attachment. MDG_ETOOBIG: out is full.
 */
bool mdg_mime_extract(struct mdg_span raw, uint32_t part, struct mdg_buf *out,
		      struct mdg_err *err);

/*
 * The form for display (mime/html.h) of all HTML that the text was chosen
 * from. Made whenever it is looked at, so that what is mended in the cleaning
 * counts for old mails, too. Nothing if the mail has none, or its structure
 * was lost. MDG_ETOOBIG: more than MDG_HTML_BYTES_MAX.
 */
bool mdg_mime_display(struct mdg_span raw, struct mdg_buf *out,
		      struct mdg_err *err);

#endif
