#include "madoguchi/desk/shift.h"

enum { DAY_S = 86400, QUARTER_S = 900, YEAR_S = 366 * DAY_S };

/* ---- hours on end ---- */

struct search {
	int64_t t_s;
	int64_t from_s, to_s; /* open without a break, last seen */
};

static bool
look(void *arg, const struct mdg_stretch *s)
{
	struct search *w = arg;

	if (!mdg_why_counts(s->why))
		return w->to_s <= w->t_s; /* else it was seen whole */
	if (w->to_s != s->from_s)
		w->from_s = s->from_s;
	w->to_s = s->to_s;
	return true;
}

/* The hours that t is in, as far as that is a shift. */
static bool
find_shift(const struct mdg_calendar *cal, int64_t t_s, int64_t *ret_from_s)
{
	struct search w = {t_s, INT64_MIN, INT64_MIN};
	const int64_t far_s = MDG_SHIFT_MAX_S + 1;

	if (!mdg_calendar_stretches(cal, t_s - far_s, t_s + far_s, look, &w,
				    NULL) ||
	    w.from_s > t_s || w.to_s <= t_s ||
	    w.to_s - w.from_s > MDG_SHIFT_MAX_S)
		return false;
	*ret_from_s = w.from_s;
	return true;
}

static int64_t
minute_of_day(const struct mdg_calendar *cal, int64_t t_s)
{
	int64_t local_s = t_s + mdg_calendar_offset_s(cal, t_s);

	return (local_s % DAY_S + DAY_S) % DAY_S / 60;
}

/* ---- the rule ---- */

bool
mdg_shift_is_on(const struct mdg_calendar *cal, int64_t t_s)
{
	int64_t minute = minute_of_day(cal, t_s), from_s;

	if (!mdg_calendar_is_open(cal, t_s))
		return false;
	return (minute >= MDG_NIGHT_TO_MIN && minute < MDG_NIGHT_FROM_MIN) ||
	       find_shift(cal, t_s, &from_s);
}

int64_t
mdg_shift_next(const struct mdg_calendar *cal, int64_t t_s)
{
	int64_t at_s = t_s, end_s = t_s + YEAR_S;

	while (at_s < end_s) {
		if (!mdg_calendar_add(cal, at_s, 0, &at_s, NULL))
			break;
		if (mdg_shift_is_on(cal, at_s))
			return at_s;
		at_s += QUARTER_S - at_s % QUARTER_S;
	}
	return t_s;
}

bool
mdg_shift_has_begun(const struct mdg_calendar *cal, int64_t t_s)
{
	int64_t from_s;

	if (!mdg_shift_is_on(cal, t_s))
		return false;
	if (!find_shift(cal, t_s, &from_s))
		return minute_of_day(cal, t_s) >= MDG_MORNING_MIN;
	return mdg_calendar_day(cal, from_s) == mdg_calendar_day(cal, t_s);
}
