/* Text forms other than plain and HTML, and plain parts that say nothing. */
#ifndef MDG_MIME_STUB_H
#define MDG_MIME_STUB_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/buf.h"

/* Could this plain part be a stub for an HTML part of html_bytes? Cheap. */
bool mime_stub_doubt(const char *plain, size_t html_bytes);
/* How many characters the HTML must say for that (spaces do not count). */
size_t mime_stub_needs(const char *plain);
/* Is it one, given what the HTML says? */
bool mime_stub_is(const char *plain, const char *html_text);

/* text/enriched (RFC 1896) as plain text. */
void mime_enriched_text(const struct mdg_buf *in, struct mdg_buf *out);
/* What a calendar invitation is about, in a few lines (RFC 5545). */
void mime_calendar_text(const char *ics, struct mdg_buf *out);

#endif
