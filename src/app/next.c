#include "madoguchi/app/next.h"

#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/desk/when.h"
#include "madoguchi/reply/template.h"
#include "madoguchi/store/st_template.h"

enum { DAY_S = 86400 };

static bool
calendar_of(struct mdg_desk *d, const struct mdg_win *w,
	    const struct mdg_calendar **ret, struct mdg_err *err)
{
	int64_t id;
	enum mdg_found f = mdg_versioned_newest(d->db, MDG_CALENDAR,
						w->calendar, &id, err);

	*ret = NULL;
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	*ret = mdg_desk_calendar(d, id, err);
	return *ret != NULL;
}

bool
mdg_next_business_day(struct mdg_desk *d, int64_t win, int64_t now_s, int n,
		      int64_t *ret_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const struct mdg_calendar *cal = NULL;
	struct mdg_win w;
	int64_t at_s = now_s;

	*ret_s = now_s + (int64_t)n * DAY_S;
	if (mdg_win_by_id(d->db, win, &a, &w, err) != MDG_FOUND ||
	    !calendar_of(d, &w, &cal, err))
		return false;
	for (int i = 0; i < n && cal; i++) {
		int64_t next_s = mdg_calendar_instant_s(
			cal, (mdg_calendar_day(cal, at_s) + 1) * DAY_S);
		/* beyond the calendar's years: days of the clock */
		if (!mdg_calendar_add(cal, next_s, 0, &at_s, NULL))
			return true;
	}
	if (cal)
		*ret_s = at_s;
	return true;
}

/* ---- what a text promises ---- */

static bool
last_opening(void *arg, const struct mdg_stretch *s)
{
	if (mdg_why_counts(s->why))
		*(int64_t *)arg = s->to_s;
	return true;
}

/* When the window closes on the day of t_s; its end, if it does not open. */
static int64_t
closing_time(const struct mdg_calendar *cal, int64_t t_s)
{
	int64_t day = mdg_calendar_day(cal, t_s), end_s = 0;

	if (!mdg_calendar_stretches(
		    cal, mdg_calendar_instant_s(cal, day * DAY_S),
		    mdg_calendar_instant_s(cal, (day + 1) * DAY_S),
		    last_opening, &end_s, NULL))
		return t_s;
	return end_s ? end_s : t_s;
}

bool
mdg_next_read(const char *text, const struct mdg_calendar *cal, int64_t now_s,
	      int64_t *ret_s)
{
	static const char *const tails[] = {"までに", "まで", "頃", "ごろ",
					    "中",     "に",   " ",  "　"};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf day = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf whole = {0};
	size_t n = strlen(text);

	for (size_t i = 0; i < MDG_LEN(tails); i++) {
		size_t len = strlen(tails[i]);
		if (n > len && memcmp(text + n - len, tails[i], len) == 0) {
			n -= len;
			i = (size_t)-1;
		}
	}
	if (strspn(text, " \t") >= n)
		return false;
	mdg_buf_put(&whole, text, n);
	/* it can be read with a time behind it only if it has none itself */
	mdg_buf_printf(&day, "%s 23:59", mdg_buf_str(&whole));
	if (mdg_when_parse(mdg_buf_str(&day), cal, now_s, ret_s)) {
		*ret_s = closing_time(cal, *ret_s);
		return true;
	}
	return mdg_when_parse(mdg_buf_str(&whole), cal, now_s, ret_s);
}

/* The words that stand in the place of the template's promise, or NULL. */
static bool
promised_words(struct mdg_desk *d, const struct mdg_draft *draft,
	       struct mdg_arena *a, const char **ret, struct mdg_err *err)
{
	struct mdg_template_row row;
	struct mdg_template t;

	*ret = NULL;
	if (!draft->template_id)
		return true;
	enum mdg_found f =
		mdg_template_version(d->db, draft->template_id,
				     draft->template_version, a, &row, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (mdg_template_parse(row.id, row.source, a, &t, NULL) && *t.due_slot)
		*ret = mdg_template_read_slot(&t, t.due_slot, draft->body, a);
	return true;
}

bool
mdg_next_check(struct mdg_desk *d, struct mdg_draft *draft,
	       const struct mdg_win *w, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const struct mdg_calendar *cal;
	const char *words;
	char id[24];

	snprintf(id, sizeof(id), "%lld", (long long)draft->id);
	if (!promised_words(d, draft, &a, &words, err) ||
	    !calendar_of(d, w, &cal, err))
		return false;
	if (words && cal) {
		if (!mdg_next_read(words, cal, now_s, &draft->next_due_s) &&
		    !draft->next_due_s &&
		    mdg_streq(draft->next_state, "working"))
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_promise_unread, id, words,
					    NULL);
		if (mdg_streq(draft->next_state, "closed"))
			return mdg_fail_msg(err, MDG_ESTATE,
					    MDG_MSG_promise_closing, id, words,
					    NULL);
	}
	if (draft->next_due_s && draft->next_due_s <= now_s &&
	    !mdg_streq(draft->next_state, "closed"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_promise_over, id,
				    NULL);
	return true;
}
