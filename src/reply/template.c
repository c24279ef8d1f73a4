#include "madoguchi/reply/template.h"

#include <stdio.h>
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

static const char slot_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789_.";

/* {{name}} at or behind *p: its name, and *p moved behind it. */
static bool
next_slot(const char **p, const char **name, size_t *n)
{
	for (const char *q = *p; (q = strstr(q, "{{")); q += 2) {
		const char *s = q + 2 + strspn(q + 2, " ");
		size_t len = strspn(s, slot_chars);
		const char *e = s + len + strspn(s + len, " ");
		if (len && e[0] == '}' && e[1] == '}') {
			*name = s;
			*n = len;
			*p = e + 2;
			return true;
		}
	}
	return false;
}

static bool
has(const struct mdg_strings *l, const char *s, size_t n)
{
	for (size_t i = 0; i < l->n; i++)
		if (strlen(l->v[i]) == n && memcmp(l->v[i], s, n) == 0)
			return true;
	return false;
}

/* ---- front matter ---- */

struct reader {
	const char *file;
	const char *p;
	int line;
	struct mdg_arena *arena;
	struct mdg_template *t;
	struct mdg_err *err;
};

static bool
wrong(struct reader *r, enum mdg_msg id, const char *what)
{
	char line[16];

	snprintf(line, sizeof(line), "%d", r->line);
	return mdg_fail_msg(r->err, MDG_EFORMAT, id, r->file, line, what, NULL);
}

/* The next line without its end, on the arena; NULL at the end of the text. */
static char *
next_line(struct reader *r)
{
	if (!*r->p)
		return NULL;
	size_t n = strcspn(r->p, "\n");
	size_t kept = n > 0 && r->p[n - 1] == '\r' ? n - 1 : n;
	char *line = mdg_arena_strndup(r->arena, r->p, kept);
	r->p += n + (r->p[n] == '\n');
	r->line++;
	return line;
}

/* What a slot may hold: how it is checked and offered. */
static const char *const slot_types[] = {
	"text",  "lines", "steps", "name",     "date",  "datetime",
	"money", "phone", "url",   "order_no", "model", "error_code",
};

static bool
is_slot_type(const char *s)
{
	for (size_t i = 0; i < MDG_LEN(slot_types); i++)
		if (mdg_streq(slot_types[i], s))
			return true;
	return false;
}

/* "customer.name:name due_at:datetime topic" */
static bool
read_slots(struct reader *r, const char *s)
{
	struct mdg_template *t = r->t;

	while (*(s += strspn(s, " ,"))) {
		size_t n = strcspn(s, " ,:");
		const char *name = mdg_arena_strndup(r->arena, s, n);
		const char *type = "text";
		s += n;
		if (*s == ':') {
			n = strcspn(++s, " ,");
			type = mdg_arena_strndup(r->arena, s, n);
			s += n;
		}
		if (!*name || !is_slot_type(type))
			return wrong(r, MDG_MSG_template_bad_value, "slots");
		mdg_strings_add(&t->slots, r->arena, name,
				MDG_TEMPLATE_SLOTS_MAX);
		mdg_strings_add(&t->slot_types, r->arena, type,
				MDG_TEMPLATE_SLOTS_MAX);
	}
	return true;
}

static bool
set_number(struct reader *r, int64_t *ret, const char *key, const char *value)
{
	return mdg_str_i64(value, 0, 1000000, ret) ||
	       wrong(r, MDG_MSG_template_bad_value, key);
}

static bool
set_field(struct reader *r, const char *key, const char *value)
{
	struct mdg_template *t = r->t;
	const struct {
		const char *key;
		const char **text;
	} texts[] = {
		{"id", &t->id},
		{"title", &t->title},
		{"category", &t->category},
		{"next_state", &t->next_state},
		{"roles", &t->roles},
		{"keywords", &t->keywords},
		{"due_slot", &t->due_slot},
		{"language", &t->language},
		{"windows", &t->windows},
	};

	for (size_t i = 0; i < MDG_LEN(texts); i++)
		if (mdg_streq(texts[i].key, key)) {
			*texts[i].text = value;
			return true;
		}
	if (mdg_streq(key, "version"))
		return set_number(r, &t->version, key, value);
	if (mdg_streq(key, "apology_level"))
		return set_number(r, &t->apology_level, key, value);
	if (mdg_streq(key, "approval")) {
		t->needs_approval = mdg_streq(value, "yes");
		return mdg_streq(value, "yes") || mdg_streq(value, "no") ||
		       wrong(r, MDG_MSG_template_bad_value, key);
	}
	if (mdg_streq(key, "slots"))
		return read_slots(r, value);
	if (mdg_streq(key, "examples"))
		return !*value || wrong(r, MDG_MSG_template_bad_value, key);
	return wrong(r, MDG_MSG_template_bad_key, key);
}

static bool
front_matter(struct reader *r)
{
	char *line = next_line(r);

	if (!line || !mdg_streq(line, "---"))
		return wrong(r, MDG_MSG_template_bad_key, "---");
	while ((line = next_line(r)) && !mdg_streq(line, "---")) {
		if (mdg_str_starts(line, "  - ")) {
			mdg_strings_add(&r->t->examples, r->arena, line + 4,
					MDG_TEMPLATE_EXAMPLES_MAX);
			continue;
		}
		size_t n = strcspn(line, ":");
		if (!line[n] || n == 0)
			return wrong(r, MDG_MSG_template_bad_key, line);
		line[n] = '\0';
		const char *value = line + n + 1;
		if (!set_field(r, line, value + strspn(value, " ")))
			return false;
	}
	return line || wrong(r, MDG_MSG_template_no_end, "---");
}

/* Declared and used slots are the same set. */
static bool
check_slots(struct reader *r)
{
	const char *p = r->t->body, *name;
	size_t n;
	struct mdg_strings used = {0};

	while (next_slot(&p, &name, &n)) {
		const char *s = mdg_arena_strndup(r->arena, name, n);
		if (!has(&r->t->slots, name, n))
			return wrong(r, MDG_MSG_template_slot_undeclared, s);
		mdg_strings_add(&used, r->arena, s, 1000);
	}
	for (size_t i = 0; i < r->t->slots.n; i++)
		if (!has(&used, r->t->slots.v[i], strlen(r->t->slots.v[i])))
			return wrong(r, MDG_MSG_template_slot_unused,
				     r->t->slots.v[i]);
	return true;
}

bool
mdg_template_parse(const char *file, const char *source, struct mdg_arena *a,
		   struct mdg_template *ret, struct mdg_err *err)
{
	struct mdg_template t = {.id = "",
				 .title = "",
				 .category = "",
				 .body = "",
				 .next_state = "",
				 .roles = "",
				 .keywords = "",
				 .due_slot = "",
				 .language = "",
				 .windows = ""};
	struct reader r = {file, source, 0, a, &t, err};

	if (strlen(source) > MDG_TEMPLATE_BYTES_MAX ||
	    !mdg_utf8_valid(source, strlen(source)))
		return wrong(&r, MDG_MSG_template_bad_text, file);
	if (!front_matter(&r))
		return false;
	t.body = mdg_arena_strdup(a, r.p + strspn(r.p, "\r\n"));
	if (!*t.id)
		return wrong(&r, MDG_MSG_template_missing, "id");
	if (!*t.title)
		return wrong(&r, MDG_MSG_template_missing, "title");
	if (!*t.category)
		return wrong(&r, MDG_MSG_template_missing, "category");
	if (t.version == 0)
		return wrong(&r, MDG_MSG_template_missing, "version");
	if (!*t.body)
		return wrong(&r, MDG_MSG_template_missing, "body");
	if (!check_slots(&r))
		return false;
	*ret = t;
	return true;
}

bool
mdg_template_is_for(const char *windows, const char *code)
{
	const size_t n = strlen(code);

	if (!*windows)
		return true;
	for (const char *p = windows; *(p += strspn(p, " ,"));) {
		size_t k = strcspn(p, " ,");
		if (k == n && memcmp(p, code, n) == 0)
			return true;
		p += k;
	}
	return false;
}

/* ---- rendering ---- */

void
mdg_slot_values_put(struct mdg_slot_values *v, struct mdg_arena *a,
		    const char *name, const char *value)
{
	if (!*value)
		return;
	for (size_t i = 0; i < v->names.n; i++)
		if (mdg_streq(v->names.v[i], name)) {
			v->values.v[i] = mdg_arena_strdup(a, value);
			return;
		}
	mdg_strings_add(&v->names, a, name, MDG_TEMPLATE_SLOTS_MAX);
	mdg_strings_add(&v->values, a, value, MDG_TEMPLATE_SLOTS_MAX);
}

static const char *
value_of(const struct mdg_slot_values *v, const char *name, size_t n)
{
	for (size_t i = 0; i < v->names.n && i < v->values.n; i++)
		if (strlen(v->names.v[i]) == n &&
		    memcmp(v->names.v[i], name, n) == 0)
			return v->values.v[i];
	return NULL;
}

void
mdg_template_render(const struct mdg_template *t,
		    const struct mdg_slot_values *v, struct mdg_buf *out,
		    struct mdg_strings *ret_open, struct mdg_arena *a)
{
	const char *p = t->body, *from = p, *name;
	size_t n;

	while (next_slot(&p, &name, &n)) {
		const char *value = value_of(v, name, n);
		const char *start = name;
		while (start[-1] == ' ')
			start--;
		mdg_buf_put(out, from, (size_t)(start - 2 - from));
		from = p;
		if (value) {
			mdg_buf_puts(out, value);
			continue;
		}
		mdg_buf_printf(out, "{{%.*s}}", (int)n, name);
		if (ret_open && !has(ret_open, name, n))
			mdg_strings_add(ret_open, a,
					mdg_arena_strndup(a, name, n),
					MDG_TEMPLATE_SLOTS_MAX);
	}
	mdg_buf_puts(out, from);
}

void
mdg_template_open_slots(const char *text, struct mdg_buf *out)
{
	const char *p = text, *name;
	size_t n;

	while (next_slot(&p, &name, &n))
		mdg_buf_printf(out, "%s%.*s", out->len ? ", " : "", (int)n,
			       name);
}
