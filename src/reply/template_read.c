/* What stands in the place of a slot, in a text that was made of a template. */
#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/reply/template.h"

/* "{{ name }}" in s; *ret_end behind it. */
static const char *
find_slot(const char *s, const char *name, const char **ret_end)
{
	size_t n = strlen(name);

	for (; (s = strstr(s, "{{")); s += 2) {
		const char *p = s + 2 + strspn(s + 2, " ");
		if (strncmp(p, name, n) != 0)
			continue;
		p += n + strspn(p + n, " ");
		if (p[0] == '}' && p[1] == '}') {
			*ret_end = p + 2;
			return s;
		}
	}
	return NULL;
}

/* The words before it on its line, back to the slot before. */
static const char *
words_before(const char *body, const char *slot, struct mdg_arena *a)
{
	const char *from = slot;

	while (from > body && from[-1] != '\n' && from[-1] != '}')
		from--;
	return mdg_arena_strndup(a, from, (size_t)(slot - from));
}

static const char *
words_behind(const char *end, struct mdg_arena *a)
{
	return mdg_arena_strndup(a, end, strcspn(end, "\n{"));
}

static const char *
trimmed(const char *s, size_t n, struct mdg_arena *a)
{
	while (n && (*s == ' ' || *s == '\t')) {
		s++;
		n--;
	}
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	return n ? mdg_arena_strndup(a, s, n) : NULL;
}

const char *
mdg_template_read_slot(const struct mdg_template *t, const char *slot,
		       const char *text, struct mdg_arena *a)
{
	const char *end, *at = find_slot(t->body, slot, &end);

	if (!at)
		return NULL;
	const char *before = words_before(t->body, at, a);
	const char *behind = words_behind(end, a);
	if (!*before && !*behind)
		return NULL;
	for (const char *line = text; *line;) {
		size_t n = strcspn(line, "\n");
		const char *one = mdg_arena_strndup(a, line, n);
		const char *from = *before ? strstr(one, before) : one;
		line += n + (line[n] == '\n');
		if (!from)
			continue;
		from += strlen(before);
		const char *to = *behind ? strstr(from, behind)
					 : from + strlen(from);
		if (to && to > from)
			return trimmed(from, (size_t)(to - from), a);
	}
	return NULL;
}
