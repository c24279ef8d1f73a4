/* People who work by mail, for tests without processes: what they are sent,
 * and what they answer. */
#ifndef MDG_TESTS_MAILDESK_FIXTURE_H
#define MDG_TESTS_MAILDESK_FIXTURE_H

#include "desk_fixture.h"

/* LOGIN@people.example, who works by mail in "shop". */
void md_works_by_mail(struct desk *k, const char *login, const char *role);
/* Writes what is due, past what is waited for suggestions. */
void md_tick(struct desk *k);
/* Message-ID of the newest mail to that person. */
const char *md_newest_to(struct desk *k, const char *address,
			 struct mdg_arena *a);
/* What became of the newest order, for messages of tests. */
const char *md_newest_text(struct desk *k, const char *address);
/* All orders that came in, one after the other, with their checks. */
void md_carry_out(struct desk *k);
/* What that person answers to the newest mail; carried out at once. */
void md_says(struct desk *k, const char *id, const char *who, const char *text,
	     bool is_signed);
/* sato (operator) and suzuki (sv) work by mail, and sato has a customer's
 * ticket, whose id is returned. */
int64_t md_begin(struct desk *k);

#endif
