/*
 * Where in a mail the sender speaks: the newly written text, the quoted
 * history, the signature block.
 *
 * Every line of the input lands in exactly one of the three, in order; none
 * is changed. Losing what a customer wrote is the worst error here, leaving a
 * quote in the reply a small one: whatever is doubtful stays in the reply.
 *
 * Linear in the length of the text, whatever it holds.
 */
#ifndef MDG_MAIL_QUOTE_H
#define MDG_MAIL_QUOTE_H

#include <stdbool.h>

#include "madoguchi/base/arena.h"

struct mdg_quote_parts {
	const char *reply;     /* newly written; blank lines around are cut */
	const char *quoted;    /* heads and quoted lines, marks included */
	const char *signature; /* rules of the block included */
	/* Which rules decided, for --explain: "head:gmail sig:rule", "" if
	 * nothing was found. */
	const char *rule;
};

/*
 * `text` is valid UTF-8 with LF lines, as a person reads the mail (quotes of
 * HTML rendered with "> "). `is_reply`: the mail has In-Reply-To or
 * References, or mdg_quote_subject_is_reply(). The results hang on `a`;
 * none of them is NULL.
 */
void mdg_quote_split(const char *text, bool is_reply, struct mdg_arena *a,
		     struct mdg_quote_parts *out);

/* "Re: …", "RE[2]:", "返信：", "AW:", "[ml 12] Re:": the mail answers another.
 */
bool mdg_quote_subject_is_reply(const char *subject);

#endif
