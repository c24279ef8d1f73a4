/*
 * Which labels of a form count, and what their values are. Runs in the core:
 * labels are compared and the text is cut, nothing is searched for but lines,
 * one address and one number.
 */
#include <string.h>

#include "form_priv.h"
#include "line.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"

enum { VALUE_BYTES = 400, VALUE_LINES = 4 };

const struct mdg_field *
form_field(const struct form_pick *k, size_t i)
{
	return &k->m->fields[i];
}

/* What the field is about, for this form. */
enum mdg_field_kind
form_kind_at(const struct form_pick *k, size_t i)
{
	const struct mdg_field *f = form_field(k, i);

	for (int n = MDG_FIELD_NAME; k->map && n <= MDG_FIELD_CONTENT; n++)
		if (k->map->label[n] && mdg_streq(k->map->label[n], f->label))
			return (enum mdg_field_kind)n;
	return f->kind;
}

/* Is there a label for it that was declared, and in this mail? */
bool
form_declared(const struct form_pick *k, enum mdg_field_kind kind)
{
	if (!k->map || !k->map->label[kind])
		return false;
	for (size_t i = 0; i < k->m->fields_n; i++)
		if (mdg_streq(k->map->label[kind], form_field(k, i)->label))
			return true;
	return false;
}

bool
form_is_for(const struct form_pick *k, size_t i, enum mdg_field_kind kind,
	    bool declared)
{
	if (declared)
		return mdg_streq(k->map->label[kind], form_field(k, i)->label);
	return form_kind_at(k, i) == kind;
}

/* ---- values ---- */

size_t
form_line_end(const struct form_pick *k, size_t at)
{
	const char *nl = memchr(k->m->text + at, '\n', k->len - at);

	return nl ? (size_t)(nl - k->m->text) : k->len;
}

/* A string of JSON, with what follows it there; s is changed in place. */
const char *
form_unquote(char *s)
{
	char *close = strrchr(s, '"'), *to = s;

	if (*s != '"' || close == s || close[1 + strspn(close + 1, ",}] \t\n")])
		return s;
	*close = '\0';
	for (const char *p = s + 1; *p; p++) {
		if (p[0] == '\\' && p[1] && strchr("n\"\\/", p[1])) {
			p++;
			*to++ = *p == 'n' ? '\n' : *p;
		} else {
			*to++ = *p;
		}
	}
	*to = '\0';
	return s;
}

/* Cuts blanks and the frame of a drawn table. */
static const char *
trimmed(const struct form_pick *k, size_t from, size_t to)
{
	const char *s = k->m->text;
	size_t n, first = from, last = from;
	uint32_t c = 0;

	while (first < to) {
		size_t len = mdg_utf8_next(s + first, to - first, &c);
		if (!form_is_space(c) && c != '\n')
			break;
		first += len;
	}
	for (size_t i = last = first; i < to; i += n) {
		n = mdg_utf8_next(s + i, to - i, &c);
		if (!form_is_space(c) && c != '\n' && c != '|' && c != 0x2502)
			last = i + n;
	}
	n = mdg_utf8_cut(s + first, last - first, VALUE_BYTES);
	char *v = mdg_arena_strndup(k->a, s + first, n);
	for (char *t = v; (t = strchr(t, '\t'));)
		*t = ' ';
	return form_unquote(v);
}

/* Does a label that this form may well have stand at the start of a line? */
static bool
label_at(const struct form_pick *k, size_t from, size_t to)
{
	for (size_t i = 0; i < k->m->fields_n; i++) {
		const struct mdg_field *f = form_field(k, i);
		if (f->at < from || f->at >= to)
			continue;
		if (form_kind_at(k, i) != MDG_FIELD_NONE ||
		    f->style == MDG_FIELD_MARK || f->style == MDG_FIELD_BRACKET)
			return true;
	}
	return false;
}

/* The rest of the line, or the next line that is not blank. */
static const char *
value_of(const struct form_pick *k, size_t i)
{
	size_t from = form_field(k, i)->value, end = form_line_end(k, from);
	bool another = false;

	for (size_t n = i + 1; n < k->m->fields_n; n++)
		if (form_field(k, n)->style == MDG_FIELD_INLINE &&
		    form_field(k, n)->at >= from &&
		    form_field(k, n)->at < end) {
			end = form_field(k, n)->at;
			another = true;
		}
	const char *v = trimmed(k, from, end);
	for (int lines = 0;
	     !*v && !another && lines < VALUE_LINES && end < k->len; lines++) {
		from = end + 1;
		end = form_line_end(k, from);
		if (label_at(k, from, end))
			return "";
		if (!form_is_rule(k->m->text + from, end - from))
			v = trimmed(k, from, end);
	}
	return v;
}

/* 連絡先 may be a telephone, or an address; 差出人 a name only. */
static bool
may_be(enum mdg_field_kind kind, const char *v)
{
	bool address = strchr(v, '@') || strstr(v, "＠");

	return *v && (kind != MDG_FIELD_ADDRESS || address) &&
	       (kind != MDG_FIELD_PHONE || !address);
}

/*
 * The occurrence that counts, of those that may be an `as`: above the content
 * the first one, else the last one below it.
 */
static size_t
occurrence(const struct form_pick *k, enum mdg_field_kind kind,
	   enum mdg_field_kind as)
{
	bool declared = form_declared(k, kind);
	size_t n = k->m->fields_n, found = n;

	for (size_t i = 0; i < n; i++) {
		if (i == k->content || !form_is_for(k, i, kind, declared))
			continue;
		bool above = i < k->content;
		if (above && found < n)
			continue;
		if (!above && found < k->content)
			break;
		if (may_be(as, value_of(k, i)))
			found = i;
	}
	return found;
}

static const char *
text_of(const struct form_pick *k, enum mdg_field_kind kind)
{
	size_t i = occurrence(k, kind, kind);

	if (i == k->m->fields_n && kind == MDG_FIELD_ADDRESS)
		i = occurrence(k, MDG_FIELD_PHONE, kind);
	return i < k->m->fields_n ? value_of(k, i) : NULL;
}

/* ---- the customer ---- */

static bool
is_in(const struct mdg_strings *l, const char *key)
{
	for (size_t i = 0; l && i < l->n; i++)
		if (mdg_streq(l->v[i], key))
			return true;
	return false;
}

static bool
is_atext(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~.", c));
}

static bool
is_host(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* Every address in a value, typed in any width. */
static void
read_addresses(const struct form_pick *k, const char *v,
	       struct mdg_addresses *out)
{
	enum { MANY = 8 };
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t n = strlen(v);
	uint32_t c;

	for (size_t i = 0; i < n;) {
		i += mdg_utf8_next(v + i, n - i, &c);
		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0;
		mdg_utf8_put(&b, c);
	}
	const char *s = mdg_buf_str(&b);
	for (const char *at = s; (at = strchr(at, '@')) && out->n < MANY;
	     at++) {
		const char *p = at, *e = at + 1;
		while (p > s && is_atext(p[-1]))
			p--;
		while (is_host(*e))
			e++;
		while (e > at && (e[-1] == '.' || e[-1] == '-'))
			e--;
		const char *one = mdg_arena_strndup(k->a, p, (size_t)(e - p));
		if (!mdg_addr_valid(one))
			continue;
		const char *key = mdg_addr_key(k->a, one);
		bool again = false;
		for (size_t i = 0; i < out->n; i++)
			again = again || mdg_streq(out->v[i].key, key);
		if (!again)
			mdg_addresses_add(out, k->a, "", one, key);
	}
}

/* "山田 <taro@…>": what stands before the address. */
static const char *
name_before(const struct form_pick *k, const char *v)
{
	size_t n = strcspn(v, "<@(");

	if (v[n] == '@' || n == 0)
		return NULL;
	while (n > 0 && (v[n - 1] == ' ' || v[n - 1] == '"'))
		n--;
	if (n > 0 && *v == '"') {
		v++;
		n--;
	}
	return n > 0 ? mdg_arena_strndup(k->a, v, n) : NULL;
}

static void
read_name(const struct form_pick *k, struct mdg_form_values *out)
{
	static const char *const titles[] = {" 様", "様", "さま", "殿"};
	const char **name = &out->text[MDG_FIELD_NAME];
	const char *family = out->text[MDG_FIELD_FAMILY];
	const char *given = out->text[MDG_FIELD_GIVEN];

	if (!*name && family && given)
		*name = mdg_arena_printf(k->a, "%s %s", family, given);
	else if (!*name)
		*name = family ? family : given;
	if (!*name && out->text[MDG_FIELD_ADDRESS])
		*name = name_before(k, out->text[MDG_FIELD_ADDRESS]);
	for (size_t i = 0; *name && i < MDG_LEN(titles); i++)
		if (mdg_str_ends(*name, titles[i]) &&
		    strlen(*name) > strlen(titles[i])) {
			*name = mdg_arena_strndup(
				k->a, *name, strlen(*name) - strlen(titles[i]));
			break;
		}
}

static bool
is_held(const struct mdg_addresses *l, const char *key)
{
	for (size_t i = 0; i < l->n; i++)
		if (mdg_streq(l->v[i].key, key))
			return true;
	return false;
}

/* Is the address written anywhere in the body? */
static bool
body_has(const struct form_pick *k, const char *address)
{
	return mdg_strcasestr(k->m->text, address) != NULL;
}

static void
judge(const struct mdg_strings *ours, const struct mdg_address *who,
      const char *name, struct mdg_form_values *out)
{
	if (is_in(ours, who->key))
		out->fault = MDG_FORM_OWN;
	else if (mdg_addr_is_robot(who->key))
		out->fault = MDG_FORM_ROBOT;
	bool bad = out->fault != MDG_FORM_OK;
	out->customer = (struct mdg_address){
		name ? name : "", bad ? "" : who->address, bad ? "" : who->key};
}

/*
 * The address to answer to: that of the field; Reply-To only where the body
 * holds it too, or where the form is declared to write it.
 */
static void
read_customer(const struct form_pick *k, const struct mdg_strings *ours,
	      struct mdg_form_values *out)
{
	const struct mdg_addresses *reply_to = &k->m->reply_to;
	const char *name = out->text[MDG_FIELD_NAME];
	const char *v = out->text[MDG_FIELD_ADDRESS];
	struct mdg_addresses found = {0};

	if (v)
		read_addresses(k, v, &found);
	out->several = found.n > 1;
	bool agrees = reply_to->n == 1 && found.n > 0 &&
		      is_held(&found, reply_to->v[0].key);
	bool declared = k->map && k->map->reply_to && reply_to->n == 1;
	out->reply_to_differs = reply_to->n > 0 && found.n > 0 && !agrees;
	if (agrees || declared ||
	    (found.n == 0 && reply_to->n == 1 && *reply_to->v[0].key &&
	     body_has(k, reply_to->v[0].address)))
		judge(ours, &reply_to->v[0], name, out);
	else if (found.n > 0)
		judge(ours, &found.v[0], name, out);
	if (*out->customer.address || out->fault)
		return;
	out->fault = MDG_FORM_NO_ADDRESS;
	out->customer = (struct mdg_address){name ? name : "", "", ""};
}

void
mdg_form_pick(const struct mdg_mail *m, const struct mdg_form_map *map,
	      const struct mdg_strings *ours, struct mdg_arena *a,
	      struct mdg_form_values *out)
{
	struct form_pick k = {m, map, a, strlen(m->text), m->fields_n};

	*out = (struct mdg_form_values){.customer = {"", "", ""}};
	k.content = form_find_content(&k);
	for (int i = MDG_FIELD_NAME; i < MDG_FIELD_CONTENT; i++) {
		out->text[i] = text_of(&k, (enum mdg_field_kind)i);
		out->known_n += out->text[i] != NULL;
	}
	if (k.content < m->fields_n) {
		out->text[MDG_FIELD_CONTENT] = form_content_of(&k);
		out->known_n++;
	}
	read_name(&k, out);
	read_customer(&k, ours, out);
}
