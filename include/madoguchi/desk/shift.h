/*
 * Shifts: when the people of a window may be told something.
 *
 * One rule for every mail that waits for people's hours: while the window is
 * open by day; and at night (22 to 6 in its zone) only where somebody is known
 * to work then, which is where the hours that it is in are a shift: at most
 * 16 on end. A window that never closes says nothing about who is awake.
 */
#ifndef MDG_DESK_SHIFT_H
#define MDG_DESK_SHIFT_H

#include <stdbool.h>
#include <stdint.h>

#include "madoguchi/desk/calendar.h"

enum {
	MDG_SHIFT_MAX_S = 16 * 3600,
	MDG_NIGHT_FROM_MIN = 22 * 60,
	MDG_NIGHT_TO_MIN = 6 * 60,
	MDG_MORNING_MIN = 9 * 60, /* of those who never close */
};

/* May they be told at that time? */
bool mdg_shift_is_on(const struct mdg_calendar *cal, int64_t t_s);
/* The first such time from there on; t_s itself if there is none in a year. */
int64_t mdg_shift_next(const struct mdg_calendar *cal, int64_t t_s);
/* Are they there, in a shift that began on that local day, or, where hours are
 * no shift, since the morning? */
bool mdg_shift_has_begun(const struct mdg_calendar *cal, int64_t t_s);

#endif
