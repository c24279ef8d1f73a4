/* The inside of an IMAP session, shared by the imap_*.c files. */
#ifndef MDG_WORKER_IMAP_PRIVATE_H
#define MDG_WORKER_IMAP_PRIVATE_H

#include "imap.h"

struct mdg_imap {
	const struct mdg_peer *peer;
	struct mdg_stream *stream;
	mailimap *et;
	struct mdg_buf caps; /* " IDLE UIDPLUS … ", upper case */
	struct mdg_imap_state selected;
	struct mdg_chunker *chunker;
	unsigned idle_failures;
	unsigned hearsay; /* times in a row that imap_heard() ended a wait */
};

/*
 * A command: begin arms deadline and budget and sends the tag; text adds to
 * it; answer flushes and reads up to the tagged line.
 */
bool imap_begin(struct mdg_imap *im, struct mdg_err *err);
/*
 * The same without the tag: rx_max more bytes than a short answer may come;
 * the deadline is later by what `expected` bytes take on a slow line.
 */
bool imap_begin_bytes(struct mdg_imap *im, uint64_t rx_max, uint64_t expected,
		      struct mdg_err *err);
bool imap_text(struct mdg_imap *im, const char *text, struct mdg_err *err);
/* A quoted string; false (MDG_EINVAL) if it holds a control character. */
bool imap_quoted(struct mdg_imap *im, const char *s, struct mdg_err *err);
/*
 * Flush, then read lines until the server asks for more ("+": *ret_more true)
 * or answers for good (*ret_more false: call imap_finish()). Untagged lines
 * in between are passed over; news of them in *ret_news (may be NULL).
 */
bool imap_more(struct mdg_imap *im, bool *ret_more, bool *ret_news,
	       struct mdg_err *err);
/* Flush, read and parse the answer. */
bool imap_answer(struct mdg_imap *im, struct mdg_err *err);
/* Parse an answer whose first line has been read. */
bool imap_finish(struct mdg_imap *im, struct mdg_err *err);
/* An EXISTS came since the folder was selected or listed, or this was asked. */
bool imap_heard(struct mdg_imap *im);

/* What a libetpan result means; false unless it is success. */
bool imap_check(struct mdg_imap *im, int r, struct mdg_err *err);
/* The server's last words, cleaned for people. */
const char *imap_words(struct mdg_imap *im, char *out, size_t n);
/* The response code of the last answer is this atom ("NONEXISTENT"). */
bool imap_code_is(struct mdg_imap *im, const char *atom);
bool imap_ask_capabilities(struct mdg_imap *im, struct mdg_err *err);
/* A folder's name as it goes on the wire; refuses control characters. */
bool imap_wire_name(struct mdg_imap *im, const char *name, struct mdg_buf *out,
		    struct mdg_err *err);

#endif
