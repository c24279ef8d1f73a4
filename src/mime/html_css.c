/*
 * What style sheets take off the page: ".preheader { display: none }".
 *
 * Only selectors of one class or one id are read. A name that "@media" speaks
 * of too is shown on some screen, so it counts as shown.
 */
#include <string.h>
#include <strings.h>

#include "html_in.h"
#include "madoguchi/base/err.h"

/* Behind the comment that begins at p, or p. */
static const char *
pass_comment(const char *p, const char *end)
{
	if (end - p < 4 || memcmp(p, "/*", 2) != 0)
		return p;
	const char *close = memmem(p + 2, (size_t)(end - p) - 2, "*/", 2);
	return close ? close + 2 : end;
}

/* The first of `signs` from p on; end if there is none. */
static const char *
find_any(const char *p, const char *end, const char *signs)
{
	while (p < end && (!*p || !strchr(signs, *p))) {
		const char *next = pass_comment(p, end);
		p = next > p ? next : p + 1;
	}
	return p;
}

/* Behind the block of an at-rule, or its semicolon. */
static const char *
pass_at_rule(struct mdg_html *h, const char *p, const char *end)
{
	const char *from = p;
	size_t depth = 0;

	p = find_any(p, end, "{;");
	if (p == end || *p == ';')
		return p == end ? end : p + 1;
	do {
		p = find_any(p, end, "{}");
		if (p == end)
			break;
		depth += *p == '{';
		depth -= *p == '}';
		p++;
	} while (depth);
	if (h->css_media_n < MDG_LEN(h->css_media))
		h->css_media[h->css_media_n++] =
			mdg_span(from, (size_t)(p - from));
	else
		h->css_unsure = true;
	return p;
}

static bool
is_name_char(char c)
{
	return ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

/* ".x", "#x", "p.x" */
static bool
is_simple(struct mdg_span s, struct mdg_span *name)
{
	const char *p = (const char *)s.p, *end = p + s.n;

	while (p < end && is_name_char(*p))
		p++;
	*name = mdg_span(p, (size_t)(end - p));
	if (name->n < 2 || (*p != '.' && *p != '#'))
		return false;
	while (++p < end)
		if (!is_name_char(*p))
			return false;
	return true;
}

static void
note(struct mdg_html *h, struct mdg_span name, bool hides)
{
	size_t i = 0;

	while (i < h->css_hidden_n &&
	       !(h->css_hidden[i].n == name.n &&
		 memcmp(h->css_hidden[i].p, name.p, name.n) == 0))
		i++;
	if (!hides && i < h->css_hidden_n)
		h->css_hidden[i] = h->css_hidden[--h->css_hidden_n];
	else if (hides && i == h->css_hidden_n && i < MDG_LEN(h->css_hidden))
		h->css_hidden[h->css_hidden_n++] = name;
}

/* Do declarations say whether it is shown? */
static bool
says(struct mdg_span body, bool *hides)
{
	enum { LOOK_BYTES = 1000 };
	char text[LOOK_BYTES + 1];
	const char *s = text;
	struct mdg_span name, v;
	bool said = false;

	size_t len = body.n < LOOK_BYTES ? body.n : LOOK_BYTES;
	memcpy(text, body.p, len);
	text[len] = '\0';
	while (html_style_next(&s, &name, &v)) {
		bool display = html_is(name, "display");

		if (!display && !html_is(name, "visibility"))
			continue;
		const char *word = display ? "none" : "hidden";
		size_t n = strlen(word);
		*hides = v.n >= n &&
			 strncasecmp((const char *)v.p, word, n) == 0;
		said = true;
		if (*hides)
			break;
	}
	return said;
}

static void
read_rule(struct mdg_html *h, const char *p, const char *open,
	  struct mdg_span body)
{
	bool hides;

	if (!says(body, &hides))
		return;
	while (p < open) {
		const char *comma = find_any(p, open, ",");
		struct mdg_span name;

		if (is_simple(html_trim_span(p, comma), &name))
			note(h, name, hides);
		p = comma + (comma < open);
	}
}

void
html_css_read(struct mdg_html *h, const char *p, const char *end)
{
	while (p < end) {
		const char *next = pass_comment(p, end);

		if (next > p) {
			p = next;
		} else if (*p == '@') {
			p = pass_at_rule(h, p, end);
		} else if (*p <= ' ' || strchr("}<>!", *p)) {
			p++;
		} else {
			const char *open = find_any(p, end, "{");
			const char *close = find_any(open, end, "}");

			if (close == end)
				return;
			read_rule(
				h, p, open,
				mdg_span(open + 1, (size_t)(close - open) - 1));
			p = close + 1;
		}
	}
}

/* Is `name` (with its sign) among those of the element? */
static bool
is_named(const char *names, struct mdg_span name)
{
	const char *p = names;

	for (size_t n; p && *p; p += n) {
		p += strspn(p, " \t\r\n");
		n = strcspn(p, " \t\r\n");
		if (n == name.n - 1 && memcmp(p, name.p + 1, n) == 0)
			return true;
	}
	return false;
}

bool
html_css_hides(const struct mdg_html *h, const GumboNode *n)
{
	const char *style = mdg_html_attr(n, "style");
	bool hides = true;

	if (!h->css_hidden_n || h->css_unsure)
		return false;
	if (style && says(mdg_span(style, strlen(style)), &hides) && !hides)
		return false;
	for (size_t i = 0; i < h->css_hidden_n; i++) {
		struct mdg_span name = h->css_hidden[i];

		if (!is_named(mdg_html_attr(n, *name.p == '#' ? "id" : "class"),
			      name))
			continue;
		hides = true;
		for (size_t k = 0; k < h->css_media_n; k++)
			hides = hides &&
				!memmem(h->css_media[k].p, h->css_media[k].n,
					name.p, name.n);
		if (hides)
			return true;
	}
	return false;
}
