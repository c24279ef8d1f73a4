/*
 * A year of a simulated desk with outages, defective models and slow burns put
 * in, and what two methods see of it: the desk's own and the plain scan.
 *
 * 600 keys, shares from 25 % to 0.06 % by rank; a mail has a key or has not,
 * whatever else it has; mails by hour and weekday; days differ (cv 0.18) and
 * each key's days too (cv 0.26). Events strike keys of 3.9 %, 0.22 % and some
 * 0.06 %, twelve of each kind a year. The same pseudorandom numbers each time.
 */
#ifndef MDG_TESTS_SURGE_YEAR_H
#define MDG_TESTS_SURGE_YEAR_H

#include <stdbool.h>
#include <stdint.h>

#include "madoguchi/desk/surge.h"

enum {
	KEYS = 601,
	DAYS = 7 * 58,
	FIRST_DAY = 7 * 6, /* the weeks before are the usual to learn */
	EVERY_DAYS = 5,    /* from one event to the next */
	EVENTS = (DAYS - FIRST_DAY) / EVERY_DAYS,
	KINDS = 6,
	VOLUMES = 3,
};

/* WIDE: the plain scan, its limit as wide as the false alarms asked for let. */
enum method { OURS, PLAIN, WIDE, METHODS };

/* What happens: a rank's share of all mail rises by `more` for some hours. */
struct kind {
	const char *name;
	uint32_t key, keys; /* the first of those it may strike, how many */
	uint32_t partner;   /* an error code in 4 of 5 of its mails, or 0 */
	double more;
	int hours, at_h;
	struct {
		double seen, delay_h;
	} asked[VOLUMES]; /* 0: nothing */
};
extern const struct kind surge_kinds[KINDS];

struct event {
	const struct kind *kind;
	uint32_t key, partner;
	int64_t from_h, to_h;
	unsigned mails;
	struct {
		int64_t seen_h; /* -1: not */
		unsigned mails, incidents;
		double off_h; /* the told beginning from the true one */
	} by[METHODS];
};

struct sim {
	struct mdg_surge *s;
	double volume, day, share[KEYS], key_day[KEYS];
	struct event events[EVENTS];
	struct plain *plain[METHODS]; /* or NULL */
	int64_t ticket;
	unsigned false_alarms[METHODS];
	double watched; /* keys newly on the watch list, without reason */
	int64_t watch_until[KEYS];
};

/* One year at so many mails a day; limits of the plain scan or NULL. */
void surge_year(struct sim *m, double volume, int year,
		const double limits[METHODS]);

#endif
