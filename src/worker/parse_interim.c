/*
 * Until the mail room brings class and delivery reports: every mail is
 * ordinary. Goes with them.
 */
#include "madoguchi/mail/bounce.h"
#include "madoguchi/mail/class.h"

enum mdg_mail_class
mdg_class_decide(const struct mdg_class_input *in, struct mdg_class_why *why)
{
	(void)in;
	if (why)
		why->rule = "none";
	return MDG_CLASS_ORDINARY;
}

struct mdg_bounce *
mdg_bounce_parse(const struct mdg_bounce_input *in, struct mdg_arena *a)
{
	(void)in;
	return mdg_arena_alloc(a, sizeof(struct mdg_bounce));
}
