/*
 * hours: a calendar in the words of a letter.
 */
#ifndef MDG_DESK_HOURS_H
#define MDG_DESK_HOURS_H

#include "madoguchi/base/buf.h"
#include "madoguchi/base/msg.h"
#include "madoguchi/desk/calendar.h"

/* "月曜日から金曜日の9時から18時まで（祝日を除く）", "Monday to Friday, 9:00 to
 * 18:00 (except public holidays)"; nothing for a calendar without weekly
 * hours. */
void mdg_hours_words(const struct mdg_calendar *cal, enum mdg_lang lang,
		     struct mdg_buf *out);

/* "11月24日（火）", "Tuesday, November 24": the local date at that instant. */
void mdg_day_words(const struct mdg_calendar *cal, int64_t t_s,
		   enum mdg_lang lang, struct mdg_buf *out);

#endif
