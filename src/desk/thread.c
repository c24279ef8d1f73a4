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

/* What we wrote names its reader, not us; two mails of ours must share one. */
bool
mdg_thread_knows(const struct mdg_thread_mail *a,
		 const struct mdg_thread_mail *b)
{
	for (size_t i = 0; a->is_ours && b->is_ours && i < a->keys_n; i++)
		if (names(b, a->keys[i]))
			return true;
	return (!a->is_ours && *a->from_key && names(b, a->from_key)) ||
	       (!b->is_ours && *b->from_key && names(a, b->from_key));
}

bool
mdg_thread_admits(const struct mdg_thread_mail *older,
		  const struct mdg_thread_mail *newer)
{
	return newer->is_ours
		       ? mdg_thread_knows(older, newer)
		       : *newer->from_key && names(older, newer->from_key);
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
	const struct mdg_thread_mail *older = c->is_answer ? a : b;
	bool known = mdg_thread_knows(a, b);

	/* everybody who answers a newsletter names its id: that joins nobody
	 * but the one it was written to */
	if (a_bulk != b_bulk)
		known = a_bulk ? is_reader(a, b) : is_reader(b, a);
	/* nor does what we sent by Bcc, and its readers all have the subject */
	if (c->is_exact && !a_bulk && !b_bulk &&
	    (!older->is_ours || older->keys_n) &&
	    (known || same_subject(a->subject, b->subject)))
		return MDG_EV_REF;
	if (known && c->is_exact)
		return MDG_EV_REF;
	return known && share_two(a, b) ? MDG_EV_ANCESTOR : MDG_EV_NEW;
}
