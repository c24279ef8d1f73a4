/*
 * when: a moment as people write it, in the time zone of a calendar.
 *
 *   2026-11-24 9:00   2026年11月24日 9時30分   2026-11-24T09:00:00+09:00
 *   11/24 9:00        11月24日 午後3時半        9:00      18時
 *   明日 9:00         明後日10時               月曜 9:00  来週火曜日 15:00
 *   翌営業日          tomorrow 9:00            2時間後    +30m
 *
 * Full-width forms are the same. A day without a time is its first opening; a
 * time without a day, a day without a year or a weekday is the next one to
 * come (来週: of the week that begins next Monday).
 */
#ifndef MDG_DESK_WHEN_H
#define MDG_DESK_WHEN_H

#include "madoguchi/desk/calendar.h"

/* False for what cannot be read, and for a day or time that is none. The
 * moment may lie in the past where a full date says so. */
bool mdg_when_parse(const char *text, const struct mdg_calendar *cal,
		    int64_t now_s, int64_t *ret_s);
/* For looking back: the day that it lies in, since 1970-01-01 there. A day
 * without a time is that day, open or not; one without a year, or a weekday, is
 * the last one that was, today included. */
bool mdg_when_day(const char *text, const struct mdg_calendar *cal,
		  int64_t now_s, int64_t *ret_day);

#endif
