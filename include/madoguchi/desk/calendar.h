/*
 * A calendar: when a window works, in a time zone of its own.
 *
 * One rule decides everything: the window is open at an instant if the wall
 * clock of the zone, at that instant, shows a time within a span [from, to)
 * of its date. So an hour that the clock skips in spring counts nothing (a
 * span that begins in it begins when it is over), and an hour that the clock
 * shows twice in autumn counts both times. Counted time is the measure of
 * that set of instants; it is additive, whatever the zone does.
 *
 * The spans of a date: its own in "open", else none if it is in "closed" or a
 * national holiday, else those of its weekday.
 *
 * A calendar never changes after mdg_calendar_parse(). It covers the local
 * years MDG_HOLIDAY_FIRST_YEAR … MDG_HOLIDAY_LAST_YEAR. Instants are unix
 * seconds.
 *
 *   {"zone": "Asia/Tokyo",                     an IANA name
 *    "weekly": {"mon": [["09:00","12:00"],["13:00","18:00"]], …},
 *    "national_holidays": "jp",                or null
 *    "closed": ["2026-12-29"],
 *    "open": {"2026-12-30": [["10:00","15:00"]]}}
 *
 * Needed: zone and weekly; a weekday left out has no hours. Spans are in
 * order and do not overlap, and may end at "24:00".
 */
#ifndef MDG_DESK_CALENDAR_H
#define MDG_DESK_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "madoguchi/base/err.h"

struct mdg_calendar;

bool mdg_calendar_parse(const char *json, struct mdg_calendar **ret,
			struct mdg_err *err);
void mdg_calendar_free(struct mdg_calendar **cal);
/* The same calendar as JSON, in one fixed form; free with free(). */
char *mdg_calendar_to_json(const struct mdg_calendar *cal);

/*
 * The calendar that a new desk is offered: Tokyo, weekdays 9–18 without the
 * holidays, closed from 29 December of that year to 3 January. As JSON; free
 * with free().
 */
char *mdg_calendar_proposal(int year);

const char *mdg_calendar_zone(const struct mdg_calendar *cal);
/* Seconds east of UTC at that instant. */
int64_t mdg_calendar_offset_s(const struct mdg_calendar *cal, int64_t t_s);
/* The local date at that instant, in days since 1970-01-01. */
int64_t mdg_calendar_day(const struct mdg_calendar *cal, int64_t t_s);
/*
 * When the wall clock first shows wall_s (as seconds since 1970-01-01 of the
 * zone), or is beyond it: a time that is skipped is when the skip is over, one
 * that is shown twice is the first of them. A day begins at its day * 86400.
 */
int64_t mdg_calendar_instant_s(const struct mdg_calendar *cal, int64_t wall_s);
/* The first instant after t with another offset, INT64_MAX if none is known. */
int64_t mdg_calendar_offset_end_s(const struct mdg_calendar *cal, int64_t t_s);
/* RFC 3339 with the zone's offset; out has >= 32 bytes. */
char *mdg_calendar_rfc3339(const struct mdg_calendar *cal, int64_t t_s,
			   char *out, size_t n);
/* How many dates of that year are in "closed" (a reminder wants to know). */
size_t mdg_calendar_closed_n(const struct mdg_calendar *cal, int year);

bool mdg_calendar_is_open(const struct mdg_calendar *cal, int64_t t_s);

/*
 * The first instant at which `count_s` open seconds have passed since start:
 * it may be a closing time. With 0: start itself if open, else the next
 * opening. Fails if the calendar does not open often enough.
 */
bool mdg_calendar_add(const struct mdg_calendar *cal, int64_t start_s,
		      int64_t count_s, int64_t *ret_s, struct mdg_err *err);

/* Open seconds in [from, to); 0 if to <= from. Fails outside the years. */
bool mdg_calendar_between(const struct mdg_calendar *cal, int64_t from_s,
			  int64_t to_s, int64_t *ret_s, struct mdg_err *err);

/* Why a stretch of time counts or does not. */
enum mdg_why {
	MDG_WHY_OPEN,         /* weekly hours */
	MDG_WHY_SPECIAL_OPEN, /* hours of that date alone */
	MDG_WHY_CLOCK,        /* every hour counts: clock time */
	MDG_WHY_BEFORE_HOURS, /* first here that does not count */
	MDG_WHY_AFTER_HOURS,
	MDG_WHY_BREAK,   /* between two spans: lunch */
	MDG_WHY_DAY_OFF, /* the weekday has no hours */
	MDG_WHY_HOLIDAY, /* name: the national holiday */
	MDG_WHY_CLOSED_DATE,
	MDG_WHY_WAITING, /* paused: the customer has the ball */
	MDG_WHY_HOLD,    /* paused: on hold at the customer's side */
	MDG_WHY_CLOSED,  /* paused: was closed, then reopened */
	MDG_WHY_N
};
/* "open", "special-open", "lunch"…: stable, for --json. */
const char *mdg_why_name(enum mdg_why why);
/* The same for people. */
enum mdg_msg mdg_why_msg(enum mdg_why why);
static inline bool
mdg_why_counts(enum mdg_why why)
{
	return why <= MDG_WHY_CLOCK;
}

struct mdg_stretch {
	int64_t from_s, to_s; /* half open, never empty */
	enum mdg_why why;
	const char *name; /* of the holiday, else NULL; static */
};

/*
 * Calls each(arg, stretch) for [from, to), cut at every change of reason and
 * of local date, in order and without gaps. each returning false ends it.
 */
bool mdg_calendar_stretches(const struct mdg_calendar *cal, int64_t from_s,
			    int64_t to_s,
			    bool (*each)(void *arg,
					 const struct mdg_stretch *s),
			    void *arg, struct mdg_err *err);

#endif
