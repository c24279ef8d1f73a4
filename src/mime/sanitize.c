#include "html_in.h"

#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

/*
 * HTML for display: everything that is not listed here is left out. Unlisted
 * elements lose their tags and keep their text; dropped ones go with all that
 * is in them.
 */
enum { UNWRAP, DROP, KEEP, VOID };

static int
fate_of(GumboTag tag)
{
	/* clang-format off */
	static const unsigned char fate[GUMBO_TAG_LAST + 1] = {
		[GUMBO_TAG_HEAD] = DROP, [GUMBO_TAG_TITLE] = DROP,
		[GUMBO_TAG_STYLE] = DROP, [GUMBO_TAG_SCRIPT] = DROP,
		[GUMBO_TAG_META] = DROP, [GUMBO_TAG_LINK] = DROP,
		[GUMBO_TAG_BASE] = DROP, [GUMBO_TAG_TEMPLATE] = DROP,
		[GUMBO_TAG_IFRAME] = DROP, [GUMBO_TAG_FRAME] = DROP,
		[GUMBO_TAG_FRAMESET] = DROP, [GUMBO_TAG_NOFRAMES] = DROP,
		[GUMBO_TAG_OBJECT] = DROP, [GUMBO_TAG_EMBED] = DROP,
		[GUMBO_TAG_APPLET] = DROP, [GUMBO_TAG_PARAM] = DROP,
		[GUMBO_TAG_AUDIO] = DROP, [GUMBO_TAG_VIDEO] = DROP,
		[GUMBO_TAG_SOURCE] = DROP, [GUMBO_TAG_TRACK] = DROP,
		[GUMBO_TAG_CANVAS] = DROP, [GUMBO_TAG_SVG] = DROP,
		[GUMBO_TAG_MATH] = DROP, [GUMBO_TAG_MAP] = DROP,
		[GUMBO_TAG_AREA] = DROP, [GUMBO_TAG_INPUT] = DROP,
		[GUMBO_TAG_SELECT] = DROP, [GUMBO_TAG_DATALIST] = DROP,
		[GUMBO_TAG_KEYGEN] = DROP, [GUMBO_TAG_NOSCRIPT] = DROP,
		[GUMBO_TAG_XMP] = DROP, [GUMBO_TAG_PLAINTEXT] = DROP,
		[GUMBO_TAG_NOEMBED] = DROP,
		[GUMBO_TAG_BR] = VOID, [GUMBO_TAG_HR] = VOID,
		[GUMBO_TAG_IMG] = VOID, [GUMBO_TAG_WBR] = VOID,
		[GUMBO_TAG_COL] = VOID,
		[GUMBO_TAG_A] = KEEP, [GUMBO_TAG_ABBR] = KEEP,
		[GUMBO_TAG_ADDRESS] = KEEP, [GUMBO_TAG_B] = KEEP,
		[GUMBO_TAG_BDI] = KEEP, [GUMBO_TAG_BDO] = KEEP,
		[GUMBO_TAG_BIG] = KEEP, [GUMBO_TAG_BLOCKQUOTE] = KEEP,
		[GUMBO_TAG_CAPTION] = KEEP, [GUMBO_TAG_CENTER] = KEEP,
		[GUMBO_TAG_CITE] = KEEP, [GUMBO_TAG_CODE] = KEEP,
		[GUMBO_TAG_COLGROUP] = KEEP, [GUMBO_TAG_DD] = KEEP,
		[GUMBO_TAG_DEL] = KEEP, [GUMBO_TAG_DFN] = KEEP,
		[GUMBO_TAG_DIV] = KEEP, [GUMBO_TAG_DL] = KEEP,
		[GUMBO_TAG_DT] = KEEP, [GUMBO_TAG_EM] = KEEP,
		[GUMBO_TAG_FIGURE] = KEEP, [GUMBO_TAG_FIGCAPTION] = KEEP,
		[GUMBO_TAG_FONT] = KEEP, [GUMBO_TAG_H1] = KEEP,
		[GUMBO_TAG_H2] = KEEP, [GUMBO_TAG_H3] = KEEP,
		[GUMBO_TAG_H4] = KEEP, [GUMBO_TAG_H5] = KEEP,
		[GUMBO_TAG_H6] = KEEP, [GUMBO_TAG_I] = KEEP,
		[GUMBO_TAG_INS] = KEEP, [GUMBO_TAG_KBD] = KEEP,
		[GUMBO_TAG_LI] = KEEP, [GUMBO_TAG_MARK] = KEEP,
		[GUMBO_TAG_OL] = KEEP, [GUMBO_TAG_P] = KEEP,
		[GUMBO_TAG_PRE] = KEEP, [GUMBO_TAG_Q] = KEEP,
		[GUMBO_TAG_RP] = KEEP, [GUMBO_TAG_RT] = KEEP,
		[GUMBO_TAG_RUBY] = KEEP, [GUMBO_TAG_S] = KEEP,
		[GUMBO_TAG_SAMP] = KEEP, [GUMBO_TAG_SECTION] = KEEP,
		[GUMBO_TAG_SMALL] = KEEP, [GUMBO_TAG_SPAN] = KEEP,
		[GUMBO_TAG_STRIKE] = KEEP, [GUMBO_TAG_STRONG] = KEEP,
		[GUMBO_TAG_SUB] = KEEP, [GUMBO_TAG_SUP] = KEEP,
		[GUMBO_TAG_TABLE] = KEEP, [GUMBO_TAG_TBODY] = KEEP,
		[GUMBO_TAG_TD] = KEEP, [GUMBO_TAG_TFOOT] = KEEP,
		[GUMBO_TAG_TH] = KEEP, [GUMBO_TAG_THEAD] = KEEP,
		[GUMBO_TAG_TR] = KEEP, [GUMBO_TAG_TT] = KEEP,
		[GUMBO_TAG_U] = KEEP, [GUMBO_TAG_UL] = KEEP,
		[GUMBO_TAG_VAR] = KEEP,
	};
	/* clang-format on */
	return tag < GUMBO_TAG_UNKNOWN ? fate[tag] : UNWRAP;
}

static const char *const attributes[] = {
	"align", "alt",     "bgcolor", "border", "cellpadding", "cellspacing",
	"cite",  "color",   "colspan", "dir",    "face",        "height",
	"lang",  "rowspan", "size",    "span",   "start",       "title",
	"type",  "valign",  "value",   "width",
};

static const char *const properties[] = {
	"background-color",
	"border",
	"border-bottom",
	"border-bottom-color",
	"border-bottom-style",
	"border-bottom-width",
	"border-collapse",
	"border-color",
	"border-left",
	"border-left-color",
	"border-left-style",
	"border-left-width",
	"border-radius",
	"border-right",
	"border-right-color",
	"border-right-style",
	"border-right-width",
	"border-spacing",
	"border-style",
	"border-top",
	"border-top-color",
	"border-top-style",
	"border-top-width",
	"border-width",
	"color",
	"direction",
	"display",
	"font",
	"font-family",
	"font-size",
	"font-style",
	"font-variant",
	"font-weight",
	"height",
	"letter-spacing",
	"line-height",
	"list-style",
	"list-style-type",
	"margin",
	"margin-bottom",
	"margin-left",
	"margin-right",
	"margin-top",
	"max-width",
	"padding",
	"padding-bottom",
	"padding-left",
	"padding-right",
	"padding-top",
	"table-layout",
	"text-align",
	"text-decoration",
	"text-indent",
	"text-transform",
	"vertical-align",
	"visibility",
	"white-space",
	"width",
	"word-break",
	"word-spacing",
	"word-wrap",
	"overflow-wrap",
	"writing-mode",
};

static bool
listed(const char *s, size_t n, const char *const *list, size_t list_n)
{
	int first = n ? mdg_ascii_lower((unsigned char)*s) : 0;

	for (size_t i = 0; i < list_n; i++)
		if (list[i][0] == first && strncasecmp(list[i], s, n) == 0 &&
		    !list[i][n])
			return true;
	return false;
}

static void
put_escaped(struct mdg_buf *out, const char *s, size_t n, bool attribute)
{
	static const char special[256] = {
		['&'] = 1, ['<'] = 1, ['>'] = 1, ['"'] = 2, ['\''] = 2};

	while (n) {
		size_t k = 0;

		while (k < n &&
		       (!special[(unsigned char)s[k]] ||
			(!attribute && special[(unsigned char)s[k]] == 2)))
			k++;
		mdg_buf_put(out, s, k);
		if (k < n)
			mdg_buf_printf(out, "&#%d;", s[k++]);
		s += k;
		n -= k;
	}
}

static void
put_attribute(struct mdg_buf *out, const char *name, const char *v, size_t n)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf clean = {0};

	mdg_utf8_clean(&clean, v, n, true);
	mdg_buf_putc(out, ' ');
	mdg_buf_puts(out, name);
	mdg_buf_puts(out, "=\"");
	put_escaped(out, mdg_buf_str(&clean), clean.len, true);
	mdg_buf_putc(out, '"');
}

/* Browsers pass over controls and spaces inside a scheme. */
static bool
has_scheme(const char *url, const char *scheme)
{
	while (*url && *url <= ' ' && *url >= 0)
		url++;
	return mdg_str_case_starts(url, scheme);
}

static bool
has_any_scheme(const char *url, const char *const *schemes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (has_scheme(url, schemes[i]))
			return true;
	return false;
}

/* Values that can load, run or cover something. */
static bool
css_value_is_safe(const char *v, size_t n)
{
	static const char *const bad[] = {
		"url",     "expression", "script:", "import", "behavior",
		"binding", "image",      "var(",    "fixed",  "absolute",
		"sticky",  "attr(",      "\\",      "<",      ">",
		"@",       "{",          "}",       "&",      "\"",
		"/*",
	};
	/* With which of them may something bad begin? */
	static const char begins[256] = {
		['u'] = 1, ['e'] = 1, ['s'] = 1,  ['i'] = 1, ['b'] = 1,
		['v'] = 1, ['f'] = 1, ['a'] = 1,  ['U'] = 1, ['E'] = 1,
		['S'] = 1, ['I'] = 1, ['B'] = 1,  ['V'] = 1, ['F'] = 1,
		['A'] = 1, ['<'] = 1, ['\\'] = 1, ['>'] = 1, ['@'] = 1,
		['{'] = 1, ['}'] = 1, ['&'] = 1,  ['"'] = 1, ['/'] = 1,
	};

	for (size_t i = 0; i < n; i++) {
		if (!begins[(unsigned char)v[i]])
			continue;
		for (size_t k = 0; k < MDG_LEN(bad); k++)
			if (mdg_str_case_starts(v + i, bad[k]))
				return false;
	}
	return true;
}

static void
put_style(struct mdg_buf *out, const char *style)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf clean = {0};
	const char *s = style;

	while (*s) {
		size_t n = strcspn(s, ";");
		const char *name = s + strspn(s, " \t\r\n\f");
		size_t name_n = strcspn(name, " \t\r\n\f:;");
		const char *colon = memchr(s, ':', n);

		if (colon && name < colon &&
		    listed(name, name_n, properties, MDG_LEN(properties)) &&
		    css_value_is_safe(colon + 1, (size_t)(s + n - colon - 1))) {
			if (clean.len)
				mdg_buf_putc(&clean, ';');
			mdg_buf_put(&clean, name, name_n);
			mdg_buf_put(&clean, colon, (size_t)(s + n - colon));
		}
		s += n + (s[n] == ';');
	}
	if (clean.len)
		put_attribute(out, "style", clean.ptr, clean.len);
}

static void
put_link(struct mdg_buf *out, const char *href)
{
	static const char *const schemes[] = {
		"http:", "https:", "mailto:", "tel:"};

	href += strspn(href, " \t\r\n");
	if (!has_any_scheme(href, schemes, MDG_LEN(schemes)))
		return;
	put_attribute(out, "href", href, strlen(href));
	mdg_buf_puts(out, " rel=\"noopener noreferrer nofollow\"");
	mdg_buf_puts(out, " target=\"_blank\"");
}

static void
put_source(struct mdg_buf *out, const char *src)
{
	static const char *const remote[] = {"http:", "https:"};

	src += strspn(src, " \t\r\n");
	if (has_scheme(src, "cid:"))
		put_attribute(out, "src", src, strlen(src));
	else if (has_any_scheme(src, remote, MDG_LEN(remote)))
		put_attribute(out, "data-remote", src, strlen(src));
}

static void
open_tag(struct mdg_buf *out, const GumboNode *n)
{
	const GumboVector *v = &n->v.element.attributes;
	GumboTag tag = n->v.element.tag;

	mdg_buf_putc(out, '<');
	mdg_buf_puts(out, gumbo_normalized_tagname(tag));
	for (unsigned i = 0; i < v->length; i++) {
		const GumboAttribute *a = v->data[i];

		if (a->attr_namespace != GUMBO_ATTR_NAMESPACE_NONE)
			continue;
		if (mdg_streq(a->name, "style"))
			put_style(out, a->value);
		else if (mdg_streq(a->name, "href") && tag == GUMBO_TAG_A)
			put_link(out, a->value);
		else if (mdg_streq(a->name, "src") && tag == GUMBO_TAG_IMG)
			put_source(out, a->value);
		else if (listed(a->name, strlen(a->name), attributes,
				MDG_LEN(attributes)) &&
			 !(mdg_streq(a->name, "cite") &&
			   !has_any_scheme(a->value,
					   (const char *[]){"http:", "https:"},
					   2)))
			put_attribute(out, a->name, a->value, strlen(a->value));
	}
	mdg_buf_putc(out, '>');
}

static int
node_fate(const GumboNode *n)
{
	if (n->type != GUMBO_NODE_ELEMENT ||
	    n->v.element.tag_namespace != GUMBO_NAMESPACE_HTML)
		return DROP;
	return fate_of(n->v.element.tag);
}

/* Returns whether its children are to be read. */
static bool
node_open(struct mdg_buf *out, const GumboNode *n)
{
	if (n->type == GUMBO_NODE_TEXT || n->type == GUMBO_NODE_WHITESPACE ||
	    n->type == GUMBO_NODE_CDATA) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf clean = {0};

		mdg_utf8_clean(&clean, n->v.text.text, strlen(n->v.text.text),
			       false);
		put_escaped(out, mdg_buf_str(&clean), clean.len, false);
		return false;
	}
	int fate = node_fate(n);
	if (fate == KEEP || fate == VOID)
		open_tag(out, n);
	return fate == KEEP || fate == UNWRAP;
}

static void
node_close(struct mdg_buf *out, const GumboNode *n)
{
	if (node_fate(n) != KEEP)
		return;
	mdg_buf_puts(out, "</");
	mdg_buf_puts(out, gumbo_normalized_tagname(n->v.element.tag));
	mdg_buf_putc(out, '>');
}

void
mdg_html_clean(struct mdg_html *h, struct mdg_buf *out)
{
	const GumboNode *n = html_root(h);

	while (n) {
		const GumboNode *next =
			node_open(out, n) ? mdg_html_child(n, 0) : NULL;

		while (!next) {
			node_close(out, n);
			if (n == h->root)
				return;
			next = mdg_html_child(n->parent,
					      n->index_within_parent + 1);
			n = n->parent;
		}
		n = next;
	}
}
