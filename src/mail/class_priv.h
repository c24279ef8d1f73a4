/* Inside of the mail class: what words tell. */
#ifndef MDG_MAIL_CLASS_PRIV_H
#define MDG_MAIL_CLASS_PRIV_H

#include <stdbool.h>

#include "line.h"

/* A subject that machines write; alone it is weak evidence. */
bool mdg_class_subject_is_auto(const struct mdg_line *subject);
/* A vacation notice or a receipt, by subject and text together. */
bool mdg_class_words_are_auto(const struct mdg_line *subject, const char *text);
/* A newsletter: it tells how to be left, and speaks to many. */
bool mdg_class_words_are_bulk(const struct mdg_line *subject, const char *local,
			      const char *text, const char *reply);

/* Does a program tell of what somebody wrote elsewhere? */
bool mdg_class_words_are_notice(const struct mdg_line *subject,
				const char *text);

/* A Feedback-ID that a sender chose; services that put theirs on every mail,
 * also on what one person writes to another, say their name at its end. */
bool mdg_class_is_campaign_id(const char *id);

#endif
