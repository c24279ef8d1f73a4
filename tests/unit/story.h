/*
 * Days of a desk that are told by dates: the clock stands where the story
 * says, and on the way to the next moment everything comes due in its time.
 * Times are "2027-05-06 09:00" of Tokyo, or any RFC 3339 time.
 */
#ifndef MDG_TESTS_STORY_H
#define MDG_TESTS_STORY_H

#include "desk_fixture.h"

extern const char t_office[]; /* Mon-Fri 9-12, 13-18, Japanese holidays */
extern const char t_night[];  /* every day from 22 to 6 */
extern const char t_berlin[]; /* the same in Europe/Berlin */

int64_t t_time(const char *when);
/*
 * A desk at that moment whose window has these hours and this policy (JSON).
 * It is live and has an account that sends. Skips where no clock moves.
 */
struct desk story_begin(const char *url, const char *when, const char *calendar,
			const char *policy);
/* It is that time now, and the daemon has done what it does by time. */
void at(struct desk *k, const char *when);
/* window.set */
void set_hours(struct desk *k, const char *window, const char *calendar);
void set_policy(struct desk *k, const char *window, const char *policy);
void add_window(struct desk *k, const char *code, const char *calendar,
		const char *policy);
/* A person with a mail address of their own in that window. */
struct mdg_actor joins(struct desk *k, const char *login, const char *window,
		       const char *role);

/* A mail arrives: the number of its ticket; answers is an id or NULL. */
int64_t writes(struct desk *k, const char *id, const char *from,
	       const char *text, const char *answers);
/* A reply goes out now; next: closed, waiting, working (a promise). */
void replies(struct desk *k, int64_t ticket, const char *next,
	     const char *until);
/* ticket.x with further arguments of json_pack's object, {ticket} added. */
json_t *does(struct desk *k, const struct mdg_actor *who, const char *name,
	     int64_t ticket, json_t *more);

/* The newest clock of that kind. */
int64_t clock_figure(struct desk *k, int64_t ticket, const char *kind,
		     const char *column);
int64_t clocks_of(struct desk *k, int64_t ticket, const char *kind);
void due_at(struct desk *k, int64_t ticket, const char *kind, const char *when);
void clock_is(struct desk *k, int64_t ticket, const char *kind,
	      const char *state);
/*
 * sla.check finds nothing, and for every ticket sla.explain tells the rows of
 * the table, whose stretches sum up to what was counted.
 */
void figures_agree(struct desk *k);
/* Mails about due times to that person so far. */
int64_t mails_to(struct desk *k, const char *login);
/* The lead who owns the overdue ticket, "" if none does. */
const char *escalated_to(struct desk *k, int64_t ticket);
/* row[0][key] of report.summary of that day or stretch. */
double summary(struct desk *k, const char *from, const char *to,
	       const char *key);

#endif
