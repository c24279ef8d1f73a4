/*
 * HTML of a mail: read once into a tree (gumbo), then rendered as text for
 * people and as clean HTML for display.
 *
 * Everything is bounded: MDG_HTML_BYTES_MAX read, MDG_HTML_DEPTH_MAX open
 * elements (deeper tags are dropped, their text stays), and a memory budget;
 * past it the text is what remains without the tags, and there is no display
 * form. Nothing recurses on the input's depth.
 */
#ifndef MDG_MIME_HTML_H
#define MDG_MIME_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/buf.h"

struct mdg_html;

/* s is valid UTF-8 and must outlive the tree. Never fails. */
struct mdg_html *mdg_html_new(const char *s, size_t n);
void mdg_html_free(struct mdg_html **h);
/* A limit was met: part of the structure is lost (not the text). Known when
 * the tree was read. */
bool mdg_html_is_partial(struct mdg_html *h);

/*
 * Text as a person reads it: blocks and <br> break lines, lists get ・ or
 * numbers, cells a TAB, links "text <url>", quotes "> ", ruby （…）; what is
 * hidden, scripts, styles and comments are out.
 */
void mdg_html_text(struct mdg_html *h, struct mdg_buf *out);

/*
 * At most so many characters, not counting spaces, does the text have. Far
 * cheaper than the text: the tree is read when it is first needed.
 */
size_t mdg_html_weight_max(const struct mdg_html *h);

/*
 * Clean HTML for display: listed elements, attributes, CSS properties and
 * URL schemes only, well-formed, written by us. No script, form, frame, SVG,
 * or load from the network: src of remote images becomes data-remote.
 * Empty when the structure was lost.
 */
void mdg_html_clean(struct mdg_html *h, struct mdg_buf *out);

/*
 * The charset the document names for itself (<meta charset>, <meta
 * http-equiv>, XML declaration) in its first 4 kB, lower case; false if none.
 */
bool mdg_html_charset(struct mdg_span html, char *out, size_t n);

#endif
