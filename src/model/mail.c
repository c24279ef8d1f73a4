#include "madoguchi/model/mail.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

void
mdg_mail_init(struct mdg_mail *m)
{
	*m = (struct mdg_mail){
		.subject = "",
		.text = "",
		.reply = "",
		.quoted = "",
		.signature = "",
	};
}

void
mdg_mail_clear(struct mdg_mail *m)
{
	mdg_arena_clear(&m->arena);
	mdg_mail_init(m);
}

struct mdg_mail *
mdg_mail_new(void)
{
	struct mdg_mail *m = mdg_malloc(sizeof(*m));

	mdg_mail_init(m);
	return m;
}

void
mdg_mail_free(struct mdg_mail **m)
{
	if (!*m)
		return;
	mdg_arena_clear(&(*m)->arena);
	free(*m);
	*m = NULL;
}

/* Lists grow at powers of two; an old copy stays in the arena until the end. */
static void *
grow(struct mdg_arena *a, void *v, size_t n, size_t size)
{
	if (n & (n - 1))
		return v;
	void *fresh = mdg_arena_array(a, n ? n * 2 : 1, size);
	if (n)
		memcpy(fresh, v, n * size);
	return fresh;
}

void
mdg_strings_add(struct mdg_strings *l, struct mdg_arena *a, const char *s,
		size_t max)
{
	if (l->n >= max)
		return;
	l->v = grow(a, l->v, l->n, sizeof(*l->v));
	l->v[l->n++] = mdg_arena_strdup(a, s);
}

void
mdg_addresses_add(struct mdg_addresses *l, struct mdg_arena *a,
		  const char *name, const char *address, const char *key)
{
	if (l->n >= MDG_ADDRESSES_MAX)
		return;
	l->v = grow(a, l->v, l->n, sizeof(*l->v));
	l->v[l->n++] = (struct mdg_address){
		.name = mdg_arena_strdup(a, name),
		.address = mdg_arena_strdup(a, address),
		.key = mdg_arena_strdup(a, key),
	};
}

const char *
mdg_mail_own_id(const struct mdg_mail *m, char out[MDG_OWN_ID_BYTES])
{
	if (m->message_id)
		return m->message_id;
	char hex[2 * MDG_DIGEST_BYTES + 1];
	mdg_hex(m->content_hash, sizeof(m->content_hash), hex);
	snprintf(out, MDG_OWN_ID_BYTES, "%s@noid.invalid", hex);
	return out;
}

void
mdg_mail_warn(struct mdg_mail *m, const char *code)
{
	for (size_t i = 0; i < m->warnings.n; i++)
		if (mdg_streq(m->warnings.v[i], code))
			return;
	mdg_strings_add(&m->warnings, &m->arena, code, MDG_WARNINGS_MAX);
}

void
mdg_mail_explain(struct mdg_mail *m, const char *fmt, ...)
{
	char line[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	line[mdg_utf8_cut(line, strlen(line), sizeof(line) - 4)] = '\0';
	mdg_strings_add(&m->explain, &m->arena, line, MDG_WARNINGS_MAX);
}

static const char *const class_names[MDG_CLASS_N] = {
	[MDG_CLASS_ORDINARY] = "ordinary", [MDG_CLASS_AUTO_REPLY] = "auto_reply",
	[MDG_CLASS_BOUNCE] = "bounce",	   [MDG_CLASS_FEEDBACK] = "feedback",
	[MDG_CLASS_BULK] = "bulk",	   [MDG_CLASS_SELF] = "self",
};

const char *
mdg_mail_class_name(enum mdg_mail_class c)
{
	return c < MDG_CLASS_N ? class_names[c] : "ordinary";
}

enum mdg_mail_class
mdg_mail_class_from_name(const char *name)
{
	size_t i = 0;

	while (i < MDG_CLASS_N && !mdg_streq(class_names[i], name))
		i++;
	return (enum mdg_mail_class)i;
}

const char *
mdg_text_source_name(enum mdg_text_source s)
{
	static const char *const names[MDG_TEXT_SOURCE_N] = {
		[MDG_TEXT_NONE] = "none",
		[MDG_TEXT_PLAIN] = "plain",
		[MDG_TEXT_HTML] = "html",
	};

	return s < MDG_TEXT_SOURCE_N ? names[s] : "none";
}
