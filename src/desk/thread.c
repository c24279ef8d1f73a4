#include "madoguchi/desk/thread.h"

#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

const char *
mdg_evidence_name(enum mdg_evidence e)
{
	static const char *const names[MDG_EV_N] = {
		"new",   "tag",       "ancestor", "ref",
		"token", "duplicate", "bounce",   "manual"};

	return e < MDG_EV_N ? names[e] : "new";
}

static bool
names(const struct mdg_thread_mail *m, const char *key)
{
	for (size_t i = 0; i < m->keys_n; i++)
		if (strcmp(m->keys[i], key) == 0)
			return true;
	return false;
}

/*
 * Is the writer of one named in the other? What we wrote names its reader,
 * not us; two mails of ours must share one.
 */
static bool
know_each_other(const struct mdg_thread_mail *a,
		const struct mdg_thread_mail *b)
{
	for (size_t i = 0; a->is_ours && b->is_ours && i < a->keys_n; i++)
		if (names(b, a->keys[i]))
			return true;
	return (!a->is_ours && *a->from_key && names(b, a->from_key)) ||
	       (!b->is_ours && *b->from_key && names(a, b->from_key));
}

/*
 * Two people at least in both: an address that everybody writes to (the
 * desk's own, when nobody told us) is one, and proves nothing alone.
 */
static bool
share_two(const struct mdg_thread_mail *a, const struct mdg_thread_mail *b)
{
	size_t n = a->names_us && b->names_us;

	if (a->keys_n + a->names_us < 2 || b->keys_n + b->names_us < 2)
		return true; /* it says too little: undisclosed recipients */
	for (size_t i = 0; i < a->keys_n && n < 2; i++) {
		const struct mdg_thread_mail before = {.keys = a->keys,
						       .keys_n = i};
		n += names(b, a->keys[i]) && !names(&before, a->keys[i]);
	}
	return n >= 2;
}

/* Was the mail to many written to the writer of the other, or answered by us?
 */
static bool
is_reader(const struct mdg_thread_mail *bulk, const struct mdg_thread_mail *m)
{
	return m->is_ours ? *bulk->from_key && names(m, bulk->from_key)
			  : *m->from_key && names(bulk, m->from_key);
}

static bool
same_subject(const char *a, const char *b)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf x = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf y = {0};

	mdg_subject_normalise(a, &x);
	mdg_subject_normalise(b, &y);
	return x.len == y.len && strcmp(mdg_buf_str(&x), mdg_buf_str(&y)) == 0;
}

enum mdg_evidence
mdg_thread_judge(const struct mdg_thread_mail *a,
		 const struct mdg_thread_candidate *c)
{
	const struct mdg_thread_mail *b = &c->mail;
	bool a_bulk = a->mail_class == MDG_CLASS_BULK;
	bool b_bulk = b->mail_class == MDG_CLASS_BULK;
	bool known = know_each_other(a, b);

	/* everybody who answers a newsletter names its id: that joins nobody
	 * but the one it was written to */
	if (a_bulk != b_bulk)
		known = a_bulk ? is_reader(a, b) : is_reader(b, a);
	if (c->is_exact && !a_bulk && !b_bulk &&
	    (known || same_subject(a->subject, b->subject)))
		return MDG_EV_REF;
	if (known && c->is_exact)
		return MDG_EV_REF;
	return known && share_two(a, b) ? MDG_EV_ANCESTOR : MDG_EV_NEW;
}

/* ---- subjects ---- */

/* Marks that mail programs put before a subject; already folded. */
static const char *const marks[] = {
	"re",   "fw",   "fwd",  "aw",   "wg",   "sv",  "vs",
	"tr",   "antw", "odp",  "ynt",  "rif",  "ref", "返信",
	"転送", "回答", "回复", "转发", "答复",
};

/* Length of "re:", "re[2]:", "re^2:", "re(2):" at s; 0 if there is none. */
static size_t
mark_len(const char *s)
{
	for (size_t i = 0; i < MDG_LEN(marks); i++) {
		if (!mdg_str_starts(s, marks[i]))
			continue;
		const char *p = s + strlen(marks[i]);
		size_t num = 0;
		if (*p == '[' || *p == '(' || *p == '^') {
			num = strspn(p + 1, "0123456789") + 1;
			p += num;
			if (*p == ']' || *p == ')')
				p++;
		}
		p += strspn(p, " ");
		if (*p == ':')
			return (size_t)(p + 1 - s);
	}
	return 0;
}

/* Length of a "[…]" at s that is a list's or our own tag; 0 if it is not. */
static size_t
tag_len(const char *s)
{
	if (*s != '[')
		return 0;
	const char *end = strchr(s, ']');
	if (!end || end - s > 80)
		return 0;
	size_t n = (size_t)(end - s);
	bool has_digit = false, has_mark = false;
	for (size_t i = 1; i < n; i++) {
		has_digit |= s[i] >= '0' && s[i] <= '9';
		has_mark |= s[i] == ':' || s[i] == '#';
	}
	return has_digit && has_mark ? n + 1 : 0;
}

void
mdg_subject_normalise(const char *subject, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};

	mdg_fold(&folded, subject, strlen(subject), MDG_FOLD_SEARCH);
	const char *p = mdg_buf_str(&folded);
	for (size_t n = 1; n > 0;) {
		p += strspn(p, " \t");
		n = mark_len(p);
		n = n ? n : tag_len(p);
		p += n;
	}
	/* blanks come and go when subjects are folded; tags may stand last */
	for (; *p; p++) {
		size_t n = tag_len(p);
		if (n)
			p += n - 1;
		else if (*p != ' ' && *p != '\t')
			mdg_buf_putc(out, *p);
	}
}

bool
mdg_subject_tag_find(const char *subject, struct mdg_subject_tag *ret)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};

	mdg_fold(&folded, subject, strlen(subject), MDG_FOLD_SEARCH);
	for (const char *p = mdg_buf_str(&folded); (p = strchr(p, '#')); p++) {
		size_t digits = strspn(p + 1, "0123456789");
		char number[20];
		if (digits < 1 || digits >= sizeof(number))
			continue;
		memcpy(number, p + 1, digits);
		number[digits] = '\0';
		const char *q = p + 1 + digits;
		ret->check[0] = '\0';
		if (*q == '-') {
			size_t n = strspn(q + 1, "abcdefghijklmnopqrstuvwxyz"
						 "0123456789");
			if (n >= sizeof(ret->check))
				continue;
			memcpy(ret->check, q + 1, n);
			ret->check[n] = '\0';
			q += n + 1;
		}
		if (*q == ']' &&
		    mdg_str_i64(number, 1, INT64_MAX, &ret->number))
			return true;
	}
	return false;
}
