/* Forms that nobody declared, and small questions about declared ones. */
#include <string.h>

#include "form_priv.h"
#include "line.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

bool
mdg_addr_is_robot(const char *key)
{
	static const char *const begins[] = {"noreply",
					     "no-reply",
					     "no_reply",
					     "no.reply",
					     "donotreply",
					     "do-not-reply",
					     "do_not_reply",
					     "do.not.reply",
					     "mailer-daemon",
					     "postmaster",
					     "bounce",
					     "nobody",
					     "auto-reply",
					     "autoreply",
					     "auto_reply",
					     "noreplies",
					     "mail-daemon",
					     "notification",
					     NULL};
	static const char *const holds[] = {"noreply",   "no-reply",
					    "no_reply",  "donotreply",
					    "not-reply", "not_reply"};
	char local[80];
	size_t n = strcspn(key, "@");

	if (n >= sizeof(local))
		n = sizeof(local) - 1;
	memcpy(local, key, n);
	local[n] = '\0';
	if (mdg_line_starts_any(local, begins))
		return true;
	for (size_t i = 0; i < MDG_LEN(holds); i++)
		if (strstr(local, holds[i]))
			return true;
	return false;
}

bool
mdg_form_suspected(const struct mdg_mail *m, const struct mdg_form_values *v,
		   const struct mdg_strings *ours)
{
	enum { KINDS = 3 };
	const char *from = m->from.n ? m->from.v[0].key : "";
	bool is_ours = false;

	for (size_t i = 0; i < ours->n; i++)
		is_ours = is_ours || mdg_streq(ours->v[i], from);
	if (v->known_n < KINDS || !*v->customer.key ||
	    !v->text[MDG_FIELD_CONTENT] || !v->text[MDG_FIELD_ADDRESS])
		return false;
	/* somebody who writes about themselves */
	if (mdg_streq(from, v->customer.key))
		return false;
	/* an answer that quotes a form is not the form */
	if (m->in_reply_to.n || m->references.n)
		return false;
	return is_ours || mdg_addr_is_robot(from) || !*from ||
	       m->no_auto_reply || !v->reply_to_differs;
}

static const char *const fault_names[MDG_FORM_FAULT_N] = {
	"", "no_address", "own_address", "robot_address"};

const char *
mdg_form_fault_name(enum mdg_form_fault f)
{
	return fault_names[f];
}

/* ---- the subject of a declared form ---- */

/* Width, case and spaces make no difference. */
static void
fold_subject(const char *s, struct mdg_buf *out)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n;) {
		uint32_t c = form_fold_char(s, n, &i);
		if (!form_is_space(c))
			mdg_utf8_put(out, c);
	}
}

/* '*' stands for anything; the whole of s must fit. */
static bool
fits(const char *p, const char *s)
{
	const char *star = NULL, *again = NULL;

	while (*s) {
		if (*p == '*') {
			star = ++p;
			again = s;
		} else if (*p == *s) {
			p++;
			s++;
		} else if (star) {
			p = star;
			s = ++again;
		} else {
			return false;
		}
	}
	while (*p == '*')
		p++;
	return !*p;
}

bool
mdg_form_subject_fits(const char *pattern, const char *subject)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf p = {0}, s = {0};

	fold_subject(pattern, &p);
	fold_subject(subject, &s);
	if (!strchr(mdg_buf_str(&p), '*'))
		return strstr(mdg_buf_str(&s), mdg_buf_str(&p)) != NULL;
	return fits(mdg_buf_str(&p), mdg_buf_str(&s));
}
