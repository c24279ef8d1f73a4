/*
 * Opening hours the slow way: random ones, as the JSON that the desk reads and
 * as a map of the minutes of some weeks, drawn by the C library's zones. It
 * shares nothing with src/desk and counts by walking from minute to minute.
 */
#ifndef MDG_TESTS_SLOW_HOURS_H
#define MDG_TESTS_SLOW_HOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SLOW_DAYS = 24, SLOW_MINUTES = SLOW_DAYS * 1440 };
#define SLOW_BEYOND INT64_MAX /* not within the map */

struct slow_hours {
	char zone[64];
	int64_t from_s; /* of the map: a whole minute */
	bool open[SLOW_MINUTES];
	char json[20000]; /* of the calendar */
};

/* Does the C library know zones here? Without tzdata it does not. */
bool slow_zones_known(void);
/* Hours of that zone from then on: any spans on any days, days of their own.
 * The seed is a t_splitmix() one. */
void slow_hours_make(struct slow_hours *h, const char *zone, int64_t from_s,
		     uint64_t *seed);
/* A moment of 2000-2037 in that zone, mostly near a change of its offset. */
int64_t slow_moment(const char *zone, uint64_t *seed);

/* NULL: every second is open. */
bool slow_is_open(const struct slow_hours *h, int64_t t_s);
/* May people be told something: open by day, at night (22 to 6) only within
 * at most 16 hours on end. */
bool slow_are_there(const struct slow_hours *h, int64_t t_s);
/* Where the minute of t ends. */
int64_t slow_minute_end(int64_t t_s);
int64_t slow_map_end(const struct slow_hours *h);
int64_t slow_counted(const struct slow_hours *h, int64_t from_s, int64_t to_s);
/* When so many open seconds are over; 0: from if open, else the next opening;
 * SLOW_BEYOND. */
int64_t slow_reach(const struct slow_hours *h, int64_t from_s, int64_t count_s);

#endif
