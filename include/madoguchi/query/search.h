/*
 * search: tickets by the words of their mails.
 *
 * A mail is found when all phrases occur in its subject, sender, text or names
 * of attachments (store/search.h, app/index.h). What comes back is a ticket a
 * row, newest mail first, each with the mail that was found.
 */
#ifndef MDG_QUERY_SEARCH_H
#define MDG_QUERY_SEARCH_H

#include <jansson.h>

#include "madoguchi/store/search.h"

struct mdg_search_filter {
	const char *state, *window, *assignee; /* NULL: any */
	int64_t from_s,
		to_s;   /* when the mail came; to_s is not in it, 0: open */
	int64_t before; /* 0, or "before" of the last answer */
	int64_t viewer; /* query.h */
	size_t limit;   /* tickets, at least 1 */
};

/*
 * ret.tickets: {ticket window state closing subject customer assignee due_s
 * message direction class from_name from_address mail_subject received_s reply
 * text}; ret.before: where to go on, or null when nothing is left. An answer
 * looks at 1,000 mails at most, so with a narrow filter it may be short, even
 * empty, though there is more. A ticket comes once in an answer, but may come
 * again in the next one with an older mail.
 */
bool mdg_query_search(struct mdg_db *db,
		      const struct mdg_search_phrase *phrases, size_t n,
		      const struct mdg_search_filter *f, json_t *ret,
		      struct mdg_err *err);

#endif
