/*
 * What mail systems wrote about a mail on its way: spam filters and Exchange.
 * Anybody can write such fields, so they are evidence for people and never
 * acquit; what Exchange says of its own people counts where it was declared.
 */
#ifndef MDG_MAIL_VERDICT_H
#define MDG_MAIL_VERDICT_H

#include "madoguchi/model/mail.h"

/* The fields that mdg_mail.verdicts is made of; ends with NULL. */
extern const char *const mdg_verdict_fields[];

enum { MDG_SPAM_UNKNOWN = -1, MDG_SPAM_FILED = 5, MDG_SPAM_MAX = 10 };

/*
 * How sure mail systems are that it is spam, 0 to 10; 5 is where they would
 * file it as such themselves. The worst of SpamAssassin and its kin
 * (X-Spam-Flag, -Status, -Score, -Level, X-Spamd-Result), Exchange (SCL), and
 * the topmost Authentication-Results (a policy that failed: 3).
 * MDG_SPAM_UNKNOWN if nobody said anything.
 */
int mdg_verdict_spam(const struct mdg_mail *m);

/*
 * Did Exchange say, once and without contradiction, that somebody signed in to
 * that Microsoft 365 tenant (its id) wrote it? Exchange Online writes these
 * fields anew on what comes in from outside; nobody else does, so this holds
 * only for a mailbox of that tenant.
 */
bool mdg_verdict_tenant(const struct mdg_strings *verdicts, const char *tenant);
/* "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" */
bool mdg_tenant_valid(const char *tenant);

#endif
