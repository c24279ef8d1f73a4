/* File names of attachments: made safe, and written into headers. */
#include <stdint.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/param.h"
#include "token.h"

enum { EXTENSION_MAX = 24, LINE_COLUMNS = 76 };

/* A kana and its voicing mark as one character; 0 if they make none. */
static uint32_t
compose_kana(uint32_t kana, uint32_t mark)
{
	uint32_t base = kana >= 0x30A1 && kana <= 0x30FE ? kana - 0x60 : kana;
	uint32_t shift = kana - base;
	bool voiced = mark == 0x3099;

	if (base >= 0x306F && base <= 0x307B && (base - 0x306F) % 3 == 0)
		return kana + (voiced ? 1 : 2);
	if (!voiced)
		return 0;
	if ((base >= 0x304B && base <= 0x3061 && base % 2 == 1) ||
	    base == 0x3064 || base == 0x3066 || base == 0x3068 ||
	    base == 0x309D)
		return kana + 1;
	if (base == 0x3046)
		return 0x3094 + shift;
	if (kana >= 0x30EF && kana <= 0x30F2)
		return kana + 8;
	return 0;
}

/* Marks that are not seen but change what is seen. */
static bool
is_hidden(uint32_t cp)
{
	return (cp >= 0x200B && cp <= 0x200F && cp != 0x200D) || cp == 0x061C ||
	       cp == 0x2028 || cp == 0x2029 || cp == 0xFEFF || cp == 0x00AD ||
	       cp == 0x2060;
}

static void
put_name(const char *s, size_t n, struct mdg_buf *out)
{
	uint32_t cp, next;

	for (size_t i = 0; i < n;) {
		i += mdg_utf8_next(s + i, n - i, &cp);
		if (i < n) {
			size_t len = mdg_utf8_next(s + i, n - i, &next);
			bool mark = next == 0x3099 || next == 0x309A;
			uint32_t one = mark ? compose_kana(cp, next) : 0;
			if (one) {
				cp = one;
				i += len;
			}
		}
		if (!is_hidden(cp))
			mdg_utf8_put(out, cp);
	}
}

static struct mdg_span
last_component(struct mdg_span s)
{
	while (s.n && (s.p[s.n - 1] == '/' || s.p[s.n - 1] == '\\'))
		s.n--;
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == '/' || s.p[i - 1] == '\\')
			return mdg_span_from(s, i);
	bool drive = s.n >= 2 && s.p[1] == ':' && (s.p[0] | 0x20) >= 'a' &&
		     (s.p[0] | 0x20) <= 'z';
	return drive ? mdg_span_from(s, 2) : s;
}

/* Cut the stem, keep the extension. */
static const char *
shorten(struct mdg_arena *a, const char *s, size_t n)
{
	const char *dot = memrchr(s, '.', n);
	size_t ext = dot && dot > s ? n - (size_t)(dot - s) : 0;

	if (n <= MDG_FILENAME_BYTES_MAX)
		return mdg_arena_strndup(a, s, n);
	if (ext > EXTENSION_MAX)
		ext = 0;
	size_t stem = mdg_utf8_cut(s, n - ext, MDG_FILENAME_BYTES_MAX - ext);
	while (stem && s[stem - 1] == ' ')
		stem--;
	return mdg_arena_printf(a, "%.*s%.*s", (int)stem, s, (int)ext,
				s + n - ext);
}

const char *
mdg_filename_safe(struct mdg_arena *a, const char *utf8)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf clean = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf name = {0};
	size_t dots = 0;

	mdg_utf8_clean(&clean, utf8, strlen(utf8), true);
	struct mdg_span all = mdg_buf_span(&clean);
	put_name((const char *)all.p, all.n, &name);
	struct mdg_span s = mdg_span_trim(
		last_component(mdg_span_trim(mdg_buf_span(&name))));
	while (s.n > 1 && (s.p[s.n - 1] == '.' || s.p[s.n - 1] == ' '))
		s.n--; /* Windows would drop them */
	while (dots < s.n && (s.p[dots] == '.' || s.p[dots] == ' '))
		dots++;
	if (dots == s.n)
		return NULL;
	return shorten(a, (const char *)s.p, s.n);
}

static bool
is_attribute_char(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("!#$&+-.^_`|~", c));
}

/* Fits between quotes as it stands, and no reader decodes anything in it. */
static bool
is_quotable(const char *v)
{
	for (const char *p = v; *p; p++)
		if ((unsigned char)*p < 0x20 || (unsigned char)*p >= 0x7F)
			return false;
	return strlen(v) <= 60 && !strstr(v, "=?") && !strchr(v, '%');
}

static void
put_quoted(struct mdg_buf *out, const char *name, const char *v)
{
	mdg_buf_printf(out, ";\r\n %s=\"", name);
	for (; *v; v++) {
		if (*v == '"' || *v == '\\')
			mdg_buf_putc(out, '\\');
		mdg_buf_putc(out, *v);
	}
	mdg_buf_putc(out, '"');
}

/* Percent-encode characters of s until the line is full; returns how many
 * bytes of s were taken. */
static size_t
put_extended(struct mdg_buf *out, const char *s, size_t n, size_t room)
{
	size_t i = 0;
	uint32_t cp;

	while (i < n) {
		size_t len = mdg_utf8_next(s + i, n - i, &cp);
		bool plain = len == 1 && is_attribute_char((unsigned char)s[i]);
		size_t cost = plain ? 1 : 3 * len;
		if (cost > room)
			break;
		room -= cost;
		for (size_t k = 0; k < len; k++, i++)
			if (plain)
				mdg_buf_putc(out, s[i]);
			else
				mdg_buf_printf(out, "%%%02X",
					       (unsigned char)s[i]);
	}
	return i;
}

void
mdg_param_put(struct mdg_buf *out, const char *name, const char *value)
{
	size_t n = strlen(value), done = 0, part = 0;
	size_t frame = strlen(name) + 1 + 9; /* space, "*nn*=", "UTF-8''" */

	if (is_quotable(value)) {
		put_quoted(out, name, value);
		return;
	}
	/* in one piece if it fits, else numbered */
	MDG_AUTO(mdg_buf_clear) struct mdg_buf one = {0};
	if (put_extended(&one, value, n, LINE_COLUMNS - frame - 3) == n) {
		mdg_buf_printf(out, ";\r\n %s*=UTF-8''%s", name,
			       mdg_buf_str(&one));
		return;
	}
	while (done < n) {
		mdg_buf_printf(out, ";\r\n %s*%zu*=%s", name, part,
			       part ? "" : "UTF-8''");
		done += put_extended(out, value + done, n - done,
				     LINE_COLUMNS - frame - 6);
		part++;
	}
}

void
mdg_param_put_words(struct mdg_buf *out, const char *name, const char *value)
{
	size_t column = strlen(name) + 3;

	if (is_quotable(value)) {
		put_quoted(out, name, value);
		return;
	}
	mdg_buf_printf(out, ";\r\n %s=\"", name);
	mdg_words_put_encoded(value, strlen(value), &column, out);
	mdg_buf_putc(out, '"');
}
