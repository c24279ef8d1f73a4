/* The tree behind struct mdg_html; private to html*.c and sanitize.c. */
#ifndef MDG_MIME_HTML_IN_H
#define MDG_MIME_HTML_IN_H

#include <gumbo.h>
#include <stdint.h>

#include "madoguchi/mime/html.h"

struct mdg_html {
	const GumboNode *root; /* by html_root() */
	bool read;             /* so that it is there, if it can be */
	struct mdg_buf trimmed; /* the input, if html_trim() took from it */
	const char *s;
	size_t n;
	bool partial;
	/* names that style sheets hide, and blocks in which sheets speak of
	 * some screens only */
	struct mdg_span css_hidden[16], css_media[16];
	size_t css_hidden_n, css_media_n;
	bool css_unsure; /* there were more of these */
	struct html_block *blocks; /* gumbo's memory */
	size_t used_bytes;
};

/* The tree; NULL: the budget was passed. */
const GumboNode *html_root(struct mdg_html *h);
/* The text, where there is no tree. */
void html_flat_text(const struct mdg_html *h, struct mdg_buf *out);
/* Take out of h->s what gumbo need not or must not see. */
void html_trim(struct mdg_html *h);
/* Take note of what the style sheet from p to end hides. */
void html_css_read(struct mdg_html *h, const char *p, const char *end);
/* Does a style sheet hide this element? */
bool html_css_hides(const struct mdg_html *h, const GumboNode *n);
/* Without the spaces around. */
struct mdg_span html_trim_span(const char *s, const char *end);
/* Equal but for the case of letters? */
bool html_is(struct mdg_span s, const char *word);
/* Its i-th child; NULL past the end and for what has none. */
const GumboNode *mdg_html_child(const GumboNode *n, size_t i);
const char *mdg_html_attr(const GumboNode *n, const char *name);
/*
 * A declaration of the style attribute: "display" in "Display : NONE" gives
 * "none" (lower case, no spaces around). false if absent.
 */
bool mdg_html_style(const GumboNode *n, const char *property, char *out,
		    size_t size);
/*
 * The declarations of a style attribute one by one: *s is moved behind the
 * next one, whose name and value have no spaces around. false at the end.
 */
bool html_style_next(const char **s, struct mdg_span *name,
		     struct mdg_span *value);

/* How an element takes part in the flow of text. */
enum html_flow { FLOW_INLINE, FLOW_SKIP, FLOW_BLOCK, FLOW_SPACED };
int html_flow(GumboTag tag);
bool html_style_starts(const GumboNode *n, const char *property,
		       const char *value);
bool html_is_hidden(const GumboNode *n);
bool html_is_quote(const GumboNode *n);    /* of a <blockquote> */
bool html_is_signature(const GumboNode *n); /* a <div> of Gmail's */
bool html_is_tight(const GumboNode *n);    /* no blank line around it */
bool html_keeps_space(const GumboNode *n); /* white-space: pre */
bool html_is_wide(uint32_t c);
bool html_is_ghost(uint32_t c);

#endif
