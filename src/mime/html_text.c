#include "html_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

/*
 * The tree rendered as text. Line breaks are not written when they are met
 * but owed (`nl`) until text follows: a paragraph's end, a <br> and the next
 * <div> then make one break, as a browser shows it.
 */
enum {
	LISTS_MAX = 16,
	CELLS_MAX = 32,
	NL_MAX = 3, /* two blank lines */
	LABEL_MAX = 512,
	URL_MAX = 2000,
};

struct render {
	struct mdg_buf *out;
	unsigned nl;         /* line breaks owed */
	bool space;          /* a collapsible space is owed */
	bool space_broke;    /* it had a line break in it */
	unsigned tabs;       /* cell borders owed */
	bool fresh;          /* in a cell that holds nothing yet */
	unsigned quote;      /* open <blockquote>s that quote */
	unsigned quote_last; /* the same when text was last put */
	bool dashes;         /* the mark of a signature is owed */
	unsigned pre;        /* open <pre>s */
	uint32_t last;       /* last character put */
	struct {
		bool ordered;
		long next;
	} lists[LISTS_MAX];
	unsigned lists_n;
	char marker[24];         /* of a list item, owed */
	size_t cells[CELLS_MAX]; /* where the open cells began in out */
	unsigned cells_n;
	const char *href;      /* of the open link */
	char label[LABEL_MAX]; /* its text so far */
	size_t label_n;
};

static bool
at_line_start(const struct render *r)
{
	return r->out->len == 0 || r->out->ptr[r->out->len - 1] == '\n';
}

static void
put_marks(struct render *r, unsigned n, const char *end)
{
	for (unsigned i = 0; i < n && i < 20; i++)
		mdg_buf_putc(r->out, '>');
	if (n)
		mdg_buf_puts(r->out, end);
}

static void
pay_breaks(struct render *r)
{
	struct mdg_buf *b = r->out;

	while (b->len &&
	       (b->ptr[b->len - 1] == ' ' || b->ptr[b->len - 1] == '\t'))
		b->ptr[--b->len] = '\0';
	unsigned had = 0;
	while (had < b->len && had < NL_MAX && b->ptr[b->len - 1 - had] == '\n')
		had++;
	unsigned common = r->quote < r->quote_last ? r->quote : r->quote_last;
	for (unsigned i = 0; b->len && i < r->nl; i++) {
		if (!r->pre && had >= NL_MAX)
			break;
		if (had++)
			put_marks(r, common, "");
		mdg_buf_putc(b, '\n');
	}
	r->nl = 0;
	r->tabs = 0;
	r->space = false;
}

/* Clients that mark up the signature show no "-- " in front of it. */
static void
pay_dashes(struct render *r)
{
	const struct mdg_buf *b = r->out;

	r->dashes = false;
	if (b->len && at_line_start(r) && r->quote == 0 &&
	    !(b->len >= 3 && memcmp(b->ptr + b->len - 3, "--\n", 3) == 0))
		mdg_buf_puts(r->out, "-- \n");
}

/* What must stand before the next character. */
static void
pay(struct render *r, uint32_t next)
{
	if (r->nl)
		pay_breaks(r);
	if (r->dashes)
		pay_dashes(r);
	if (at_line_start(r)) {
		put_marks(r, r->quote, " ");
		for (unsigned i = 1; i < r->lists_n; i++)
			mdg_buf_puts(r->out, "  ");
		mdg_buf_puts(r->out, r->marker);
	} else if (r->tabs) {
		for (unsigned i = 0; i < r->tabs; i++)
			mdg_buf_putc(r->out, '\t');
	} else if (r->space && r->last != ' ' &&
		   !(r->space_broke && html_is_wide(r->last) &&
		     html_is_wide(next))) {
		mdg_buf_putc(r->out, ' ');
		if (r->href && r->label_n && r->label_n < LABEL_MAX - 1)
			r->label[r->label_n++] = ' ';
	}
	r->marker[0] = '\0';
	r->tabs = 0;
	r->space = false;
	r->fresh = false;
	r->quote_last = r->quote;
}

static void
put_char(struct render *r, const char *s, size_t n, uint32_t cp)
{
	if (r->nl || r->space || r->tabs || at_line_start(r))
		pay(r, cp);
	r->fresh = false;
	mdg_buf_put(r->out, s, n);
	r->last = cp;
	if (r->href && r->label_n + n < LABEL_MAX) {
		memcpy(r->label + r->label_n, s, n);
		r->label_n += n;
	}
}

static void
owe(struct render *r, unsigned n)
{
	if (r->fresh)
		return;
	if (r->nl < n)
		r->nl = n;
}

static void
put_text(struct render *r, const char *s)
{
	size_t n = strlen(s), len;
	uint32_t cp;

	for (; n; s += len, n -= len) {
		len = mdg_utf8_next(s, n, &cp);
		if (cp == '\r' || html_is_ghost(cp))
			continue;
		if (r->pre && cp == '\n') {
			r->nl++;
			r->last = ' ';
		} else if (r->pre && (cp == ' ' || cp == '\t')) {
			put_char(r, s, len, cp);
		} else if (cp == ' ' || cp == '\n' || cp == '\t' ||
			   cp == '\f') {
			r->space_broke = r->space ? r->space_broke || cp == '\n'
						  : cp == '\n';
			r->space = true;
		} else if (cp == 0xa0) {
			put_char(r, " ", 1, ' ');
		} else if (cp == 0xfffd) { /* gumbo's numbers overflow */
			put_char(r, "\xef\xbf\xbd", 3, cp);
		} else if (cp >= ' ' && !(cp >= 0x7f && cp < 0xa0)) {
			put_char(r, s, len, cp);
		}
	}
}

/* Without scheme, "www.", and a final slash. */
static struct mdg_span
bare_url(const char *s, size_t n)
{
	static const char *const heads[] = {"https://", "http://",
					    "mailto:", "www."};

	for (size_t i = 0; i < MDG_LEN(heads); i++) {
		size_t k = strlen(heads[i]);

		if (n >= k && strncasecmp(s, heads[i], k) == 0) {
			s += k;
			n -= k;
		}
	}
	while (n && (s[n - 1] == '/' || s[n - 1] == ' '))
		n--;
	return mdg_span(s, n);
}

static void
link_close(struct render *r)
{
	const char *url = r->href;
	bool mail = mdg_str_case_starts(url, "mailto:");

	r->href = NULL;
	if (!r->label_n || !(mail || mdg_str_case_starts(url, "http://") ||
			     mdg_str_case_starts(url, "https://")))
		return;
	size_t n = mail ? strcspn(url, "?") : strlen(url);
	struct mdg_span want = bare_url(url, n);
	struct mdg_span have = bare_url(r->label, r->label_n);
	if (want.n == 0 || n > URL_MAX)
		return;
	if (have.n == want.n && strncasecmp((const char *)have.p,
					    (const char *)want.p, want.n) == 0)
		return;
	if (mail) {
		r->label[r->label_n] = '\0';
		char *addr = mdg_strndup((const char *)want.p, want.n);
		bool shown = mdg_strcasestr(r->label, addr) != NULL;
		free(addr);
		if (shown)
			return;
		url = (const char *)want.p;
		n = want.n;
	}
	/* A link around a whole block ends behind its last line. */
	bool space = r->space;
	unsigned nl = r->nl, tabs = r->tabs;
	r->nl = r->tabs = 0;
	r->space = false;
	mdg_buf_puts(r->out, " <");
	mdg_utf8_clean(r->out, url, n, true);
	mdg_buf_putc(r->out, '>');
	r->last = '>';
	r->space = space;
	r->nl = nl;
	r->tabs = tabs;
}

static void
list_open(struct render *r, const GumboNode *n, bool ordered)
{
	const char *start = mdg_html_attr(n, "start");
	int64_t v = 1;

	owe(r, r->lists_n ? 1 : 2);
	if (start)
		mdg_str_i64(start, -99999, 99999, &v);
	if (r->lists_n < LISTS_MAX) {
		r->lists[r->lists_n].ordered = ordered;
		r->lists[r->lists_n].next = (long)v;
	}
	r->lists_n++;
}

static void
item_open(struct render *r, const GumboNode *n)
{
	const char *value = mdg_html_attr(n, "value");
	int64_t v;

	owe(r, 1);
	if (!r->lists_n || r->lists_n > LISTS_MAX)
		return;
	if (html_style_starts(n, "list-style", "none") ||
	    html_style_starts(n, "list-style-type", "none"))
		return;
	if (!r->lists[r->lists_n - 1].ordered) {
		snprintf(r->marker, sizeof(r->marker), "・");
		return;
	}
	long *next = &r->lists[r->lists_n - 1].next;
	if (value && mdg_str_i64(value, -99999, 99999, &v))
		*next = (long)v;
	snprintf(r->marker, sizeof(r->marker), "%ld. ", (*next)++);
}

static void
cell_open(struct render *r)
{
	if (r->nl == 0 && !at_line_start(r))
		r->tabs++;
	if (r->cells_n < CELLS_MAX)
		r->cells[r->cells_n] = r->out->len;
	r->cells_n++;
	r->fresh = true;
}

/* A cell of one line does not break the row, whatever blocks are in it. */
static void
cell_close(struct render *r)
{
	if (!r->cells_n)
		return;
	r->cells_n--;
	r->space = false;
	r->fresh = false;
	if (r->cells_n >= CELLS_MAX)
		return;
	size_t from = r->cells[r->cells_n];
	const char *nl = from < r->out->len ? memchr(r->out->ptr + from, '\n',
						     r->out->len - from)
					    : NULL;
	/* The break owed to the row itself stands at its very beginning. */
	if (from < r->out->len &&
	    (!nl || !memchr(nl + strspn(nl, "\n"), '\n',
			    (size_t)(r->out->ptr + r->out->len - nl) -
				    strspn(nl, "\n"))) &&
	    (!nl || nl == r->out->ptr + from))
		r->nl = 0;
}

static void
special_open(struct render *r, const GumboNode *n)
{
	const char *s;

	switch ((int)n->v.element.tag) {
	case GUMBO_TAG_BR:
		r->space = false;
		if (!r->fresh)
			r->nl++;
		break;
	case GUMBO_TAG_HR:
		put_text(r, "________________________________");
		owe(r, 1);
		break;
	case GUMBO_TAG_IMG:
		s = mdg_html_attr(n, "alt");
		if (s)
			put_text(r, s);
		break;
	case GUMBO_TAG_A:
		s = mdg_html_attr(n, "href");
		r->href =
			s && *s && *s != '#' ? s + strspn(s, " \t\r\n") : NULL;
		r->label_n = 0;
		break;
	case GUMBO_TAG_RT:
		put_text(r, "（");
		break;
	case GUMBO_TAG_UL:
	case GUMBO_TAG_MENU:
	case GUMBO_TAG_DIR:
		list_open(r, n, false);
		break;
	case GUMBO_TAG_OL:
		list_open(r, n, true);
		break;
	case GUMBO_TAG_LI:
		item_open(r, n);
		break;
	case GUMBO_TAG_TD:
	case GUMBO_TAG_TH:
		cell_open(r);
		break;
	case GUMBO_TAG_PRE:
	case GUMBO_TAG_LISTING:
	case GUMBO_TAG_XMP:
	case GUMBO_TAG_PLAINTEXT:
	case GUMBO_TAG_TEXTAREA:
		r->pre++;
		break;
	case GUMBO_TAG_DIV:
		r->dashes |= html_is_signature(n);
		/* fall through */
	case GUMBO_TAG_BLOCKQUOTE:
		r->quote += html_is_quote(n);
		break;
	default:
		break;
	}
}

static void
special_close(struct render *r, const GumboNode *n)
{
	switch ((int)n->v.element.tag) {
	case GUMBO_TAG_A:
		if (r->href)
			link_close(r);
		break;
	case GUMBO_TAG_RT:
		put_text(r, "）");
		break;
	case GUMBO_TAG_UL:
	case GUMBO_TAG_MENU:
	case GUMBO_TAG_DIR:
	case GUMBO_TAG_OL:
		r->lists_n -= r->lists_n > 0;
		owe(r, r->lists_n ? 1 : 2);
		break;
	case GUMBO_TAG_LI:
		r->marker[0] = '\0';
		break;
	case GUMBO_TAG_TD:
	case GUMBO_TAG_TH:
		cell_close(r);
		break;
	case GUMBO_TAG_PRE:
	case GUMBO_TAG_LISTING:
	case GUMBO_TAG_XMP:
	case GUMBO_TAG_PLAINTEXT:
	case GUMBO_TAG_TEXTAREA:
		r->pre -= r->pre > 0;
		break;
	case GUMBO_TAG_DIV:
		r->dashes &= !html_is_signature(n);
		/* fall through */
	case GUMBO_TAG_BLOCKQUOTE:
		r->quote -= html_is_quote(n);
		break;
	default:
		break;
	}
}

static bool
is_shown(const struct mdg_html *h, const GumboNode *n)
{
	return n->type == GUMBO_NODE_ELEMENT && !html_is_hidden(n) &&
	       !html_css_hides(h, n);
}

/* Returns whether its children are to be read. */
static bool
node_open(struct render *r, const struct mdg_html *h, const GumboNode *n)
{
	if (n->type == GUMBO_NODE_TEXT || n->type == GUMBO_NODE_CDATA ||
	    n->type == GUMBO_NODE_WHITESPACE)
		put_text(r, n->v.text.text);
	if (!is_shown(h, n))
		return false;
	int flow = html_flow(n->v.element.tag);
	if (flow == FLOW_BLOCK)
		owe(r, 1);
	else if (flow == FLOW_SPACED)
		owe(r, html_is_tight(n) ? 1 : 2);
	r->pre += html_keeps_space(n);
	special_open(r, n);
	return true;
}

static void
node_close(struct render *r, const GumboNode *n)
{
	if (n->type != GUMBO_NODE_ELEMENT)
		return;
	int flow = html_flow(n->v.element.tag);
	special_close(r, n);
	if (html_keeps_space(n))
		r->pre -= r->pre > 0;
	if (flow == FLOW_BLOCK)
		owe(r, 1);
	else if (flow == FLOW_SPACED)
		owe(r, html_is_tight(n) ? 1 : 2);
}

void
mdg_html_text(struct mdg_html *h, struct mdg_buf *out)
{
	struct render r = {.out = out};
	const GumboNode *n = html_root(h);

	if (!n)
		return html_flat_text(h, out);
	/* In document order by the parents' links: no recursion. */
	while (n) {
		bool entered = node_open(&r, h, n);
		const GumboNode *next = entered ? mdg_html_child(n, 0) : NULL;

		while (!next) {
			if (entered)
				node_close(&r, n);
			if (n == h->root)
				return;
			next = mdg_html_child(n->parent,
					      n->index_within_parent + 1);
			n = n->parent;
			entered = true;
		}
		n = next;
	}
}
