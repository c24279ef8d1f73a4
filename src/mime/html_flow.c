#include "html_in.h"

#include <string.h>

#include "madoguchi/base/str.h"

/* How an element takes part in the flow. Unlisted ones are inline. */
int
html_flow(GumboTag tag)
{
	/* clang-format off */
	static const unsigned char flow[GUMBO_TAG_LAST + 1] = {
		[GUMBO_TAG_HEAD] = FLOW_SKIP, [GUMBO_TAG_TITLE] = FLOW_SKIP,
		[GUMBO_TAG_STYLE] = FLOW_SKIP, [GUMBO_TAG_SCRIPT] = FLOW_SKIP,
		[GUMBO_TAG_META] = FLOW_SKIP, [GUMBO_TAG_LINK] = FLOW_SKIP,
		[GUMBO_TAG_BASE] = FLOW_SKIP, [GUMBO_TAG_TEMPLATE] = FLOW_SKIP,
		[GUMBO_TAG_IFRAME] = FLOW_SKIP, [GUMBO_TAG_OBJECT] = FLOW_SKIP,
		[GUMBO_TAG_EMBED] = FLOW_SKIP, [GUMBO_TAG_APPLET] = FLOW_SKIP,
		[GUMBO_TAG_AUDIO] = FLOW_SKIP, [GUMBO_TAG_VIDEO] = FLOW_SKIP,
		[GUMBO_TAG_SVG] = FLOW_SKIP, [GUMBO_TAG_MATH] = FLOW_SKIP,
		[GUMBO_TAG_SELECT] = FLOW_SKIP, [GUMBO_TAG_DATALIST] = FLOW_SKIP,
		[GUMBO_TAG_CANVAS] = FLOW_SKIP, [GUMBO_TAG_NOFRAMES] = FLOW_SKIP,
		[GUMBO_TAG_RP] = FLOW_SKIP, [GUMBO_TAG_MAP] = FLOW_SKIP,
		[GUMBO_TAG_FRAMESET] = FLOW_SKIP,
		[GUMBO_TAG_DIV] = FLOW_BLOCK, [GUMBO_TAG_BODY] = FLOW_BLOCK,
		[GUMBO_TAG_SECTION] = FLOW_BLOCK, [GUMBO_TAG_ARTICLE] = FLOW_BLOCK,
		[GUMBO_TAG_NAV] = FLOW_BLOCK, [GUMBO_TAG_ASIDE] = FLOW_BLOCK,
		[GUMBO_TAG_HEADER] = FLOW_BLOCK, [GUMBO_TAG_FOOTER] = FLOW_BLOCK,
		[GUMBO_TAG_MAIN] = FLOW_BLOCK, [GUMBO_TAG_ADDRESS] = FLOW_BLOCK,
		[GUMBO_TAG_CENTER] = FLOW_BLOCK, [GUMBO_TAG_FORM] = FLOW_BLOCK,
		[GUMBO_TAG_FIELDSET] = FLOW_BLOCK, [GUMBO_TAG_LEGEND] = FLOW_BLOCK,
		[GUMBO_TAG_DETAILS] = FLOW_BLOCK, [GUMBO_TAG_SUMMARY] = FLOW_BLOCK,
		[GUMBO_TAG_FIGURE] = FLOW_BLOCK, [GUMBO_TAG_FIGCAPTION] = FLOW_BLOCK,
		[GUMBO_TAG_TABLE] = FLOW_BLOCK, [GUMBO_TAG_CAPTION] = FLOW_BLOCK,
		[GUMBO_TAG_TR] = FLOW_BLOCK, [GUMBO_TAG_LI] = FLOW_BLOCK,
		[GUMBO_TAG_DT] = FLOW_BLOCK, [GUMBO_TAG_DD] = FLOW_BLOCK,
		[GUMBO_TAG_HR] = FLOW_BLOCK, [GUMBO_TAG_BLOCKQUOTE] = FLOW_BLOCK,
		[GUMBO_TAG_PRE] = FLOW_BLOCK, [GUMBO_TAG_LISTING] = FLOW_BLOCK,
		[GUMBO_TAG_XMP] = FLOW_BLOCK, [GUMBO_TAG_PLAINTEXT] = FLOW_BLOCK,
		[GUMBO_TAG_TEXTAREA] = FLOW_BLOCK, [GUMBO_TAG_UL] = FLOW_BLOCK,
		[GUMBO_TAG_OL] = FLOW_BLOCK, [GUMBO_TAG_DIR] = FLOW_BLOCK,
		[GUMBO_TAG_MENU] = FLOW_BLOCK,
		[GUMBO_TAG_P] = FLOW_SPACED, [GUMBO_TAG_H1] = FLOW_SPACED,
		[GUMBO_TAG_H2] = FLOW_SPACED, [GUMBO_TAG_H3] = FLOW_SPACED,
		[GUMBO_TAG_H4] = FLOW_SPACED, [GUMBO_TAG_H5] = FLOW_SPACED,
		[GUMBO_TAG_H6] = FLOW_SPACED, [GUMBO_TAG_DL] = FLOW_SPACED,
	};
	/* clang-format on */
	return tag <= GUMBO_TAG_LAST ? flow[tag] : FLOW_INLINE;
}

bool
html_style_starts(const GumboNode *n, const char *property, const char *value)
{
	char v[64];

	return mdg_html_style(n, property, v, sizeof(v)) &&
	       mdg_str_starts(v, value);
}

static bool
value_starts(struct mdg_span v, const char *word)
{
	size_t n = strlen(word);

	return v.n >= n && strncasecmp((const char *)v.p, word, n) == 0;
}

/* "0", "0px", "0.0em". */
static bool
is_zero(struct mdg_span v)
{
	size_t i = 0;

	while (i < v.n && (v.p[i] == '0' || v.p[i] == '.'))
		i++;
	return i > 0 && (i == v.n || v.p[i] < '0' || v.p[i] > '9');
}

/* Of these, a height is the least one. */
static bool
is_cell(const GumboNode *n)
{
	GumboTag t = n->v.element.tag;

	return t == GUMBO_TAG_TD || t == GUMBO_TAG_TH || t == GUMBO_TAG_TR ||
	       t == GUMBO_TAG_TABLE;
}

bool
html_is_hidden(const GumboNode *n)
{
	const char *s;
	struct mdg_span name, v;
	bool flat = false, clipped = false;

	if (html_flow(n->v.element.tag) == FLOW_SKIP)
		return true;
	if (n->v.element.attributes.length == 0)
		return false;
	if (mdg_html_attr(n, "hidden"))
		return true;
	for (s = mdg_html_attr(n, "style");
	     s && html_style_next(&s, &name, &v);) {
		if ((html_is(name, "display") && value_starts(v, "none")) ||
		    (html_is(name, "visibility") &&
		     value_starts(v, "hidden")) ||
		    (html_is(name, "mso-hide") && value_starts(v, "all")))
			return true;
		bool zero = is_zero(v);
		if (zero &&
		    (html_is(name, "font-size") || html_is(name, "opacity")))
			return true;
		flat |= zero && (html_is(name, "max-height") ||
				 (!is_cell(n) && (html_is(name, "height") ||
						  html_is(name, "width"))));
		clipped |=
			html_is(name, "overflow") && value_starts(v, "hidden");
	}
	return flat && clipped;
}

/* History in a container of Gmail that has lost its <blockquote> and its head.
 */
static bool
is_bare_container(const GumboNode *n)
{
	enum { NODES = 500 };
	const char *class = mdg_html_attr(n, "class");
	const GumboNode *c = n, *next;

	if (!class || !mdg_str_starts(class, "gmail_quote"))
		return false;
	for (unsigned k = 0; k < NODES; k++) {
		next = c->type == GUMBO_NODE_ELEMENT ? mdg_html_child(c, 0)
						     : NULL;
		while (!next) {
			if (c == n)
				return true;
			next = mdg_html_child(c->parent,
					      c->index_within_parent + 1);
			c = c->parent;
		}
		c = next;
		if (c->type != GUMBO_NODE_ELEMENT)
			continue;
		class = mdg_html_attr(c, "class");
		if (c->v.element.tag == GUMBO_TAG_BLOCKQUOTE ||
		    (class && mdg_str_starts(class, "gmail_")))
			return false;
	}
	return false;
}

bool
html_is_signature(const GumboNode *n)
{
	const char *class = mdg_html_attr(n, "class");

	return class && strstr(class, "gmail_signature");
}

/* Indented text is marked up by <blockquote> too: no quote without a bar. */
bool
html_is_quote(const GumboNode *n)
{
	if (n->v.element.tag == GUMBO_TAG_DIV)
		return is_bare_container(n);
	if (mdg_html_attr(n, "type") || mdg_html_attr(n, "cite") ||
	    !mdg_html_attr(n, "style"))
		return true;
	const char *class = mdg_html_attr(n, "class");
	if (class && (strstr(class, "quote") || strstr(class, "cite")))
		return true;
	char v[64];
	return mdg_html_style(n, "border-left", v, sizeof(v)) ||
	       mdg_html_style(n, "border-left-width", v, sizeof(v)) ||
	       mdg_html_style(n, "border-left-style", v, sizeof(v)) ||
	       mdg_html_style(n, "border-color", v, sizeof(v));
}

/* Wide scripts that are written without spaces: a line break between two of
 * them in the source is no space (CSS Text 3 §4.1.3). */
bool
html_is_wide(uint32_t c)
{
	return (c >= 0x2e80 && c <= 0xa4cf && !(c >= 0x3130 && c <= 0x318f)) ||
	       (c >= 0xf900 && c <= 0xfaff) || (c >= 0xff01 && c <= 0xff9f) ||
	       (c >= 0x20000 && c <= 0x3ffff);
}

/* Zero-width characters that only mislead; joiners of emoji stay. */
bool
html_is_ghost(uint32_t c)
{
	return c == 0x00ad || c == 0x034f || c == 0x200b || c == 0x200c ||
	       c == 0x200e || c == 0x200f || (c >= 0x2060 && c <= 0x2064) ||
	       c == 0xfeff || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

bool
html_is_tight(const GumboNode *n)
{
	const char *class = mdg_html_attr(n, "class");
	char v[64];

	if (class && mdg_str_starts(class, "Mso"))
		return true;
	if (mdg_html_style(n, "margin", v, sizeof(v)))
		return v[0] == '0';
	return html_style_starts(n, "margin-bottom", "0") &&
	       (html_style_starts(n, "margin-top", "0") ||
		!mdg_html_style(n, "margin-top", v, sizeof(v)));
}

bool
html_keeps_space(const GumboNode *n)
{
	return html_style_starts(n, "white-space", "pre") &&
	       !html_style_starts(n, "white-space", "pre-line");
}
