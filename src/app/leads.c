#include "madoguchi/app/leads.h"

#include <string.h>

#include "madoguchi/app/notice.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/shift.h"

bool
mdg_leads_all(struct mdg_desk *d, int64_t now_s, struct mdg_lead_of *v,
	      size_t *ret_n, struct mdg_err *err)
{
	enum { WINS_MAX = 200 };
	struct mdg_lead_ask q = {.now_s = now_s, .by_mail = true};
	int64_t wins[WINS_MAX], ids[MDG_LEADS_MAX];
	struct mdg_rows *r;
	size_t wins_n, n;

	*ret_n = 0;
	if (!mdg_db_query(d->db, &r, err, "SELECT id FROM win ORDER BY id",
			  "") ||
	    !mdg_rows_ids(&r, wins, WINS_MAX, &wins_n, err))
		return false;
	for (size_t w = 0; w < wins_n; w++) {
		q.win = wins[w];
		if (!mdg_leads(d->db, &q, ids, MDG_LEADS_MAX, &n, err))
			return false;
		for (size_t i = 0; i < n && *ret_n < MDG_LEADS_ALL_MAX; i++)
			v[(*ret_n)++] = (struct mdg_lead_of){q.win, ids[i]};
	}
	return true;
}

bool
mdg_win_calendar(struct mdg_desk *d, int64_t win,
		 const struct mdg_calendar **ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_win w;
	int64_t id;

	if (mdg_win_by_id(d->db, win, &a, &w, err) != MDG_FOUND ||
	    mdg_versioned_newest(d->db, MDG_CALENDAR, w.calendar, &id, err) !=
		    MDG_FOUND)
		return false;
	*ret = mdg_desk_calendar(d, id, err);
	return *ret != NULL;
}

bool
mdg_win_has_begun(struct mdg_desk *d, int64_t win, int64_t now_s,
		  int64_t *ret_day, bool *ret, struct mdg_err *err)
{
	const struct mdg_calendar *cal;

	if (!mdg_win_calendar(d, win, &cal, err))
		return false;
	*ret_day = mdg_calendar_day(cal, now_s);
	*ret = mdg_shift_has_begun(cal, now_s);
	return true;
}

bool
mdg_win_is_there(struct mdg_desk *d, int64_t win, int64_t now_s, bool *ret,
		 struct mdg_err *err)
{
	const struct mdg_calendar *cal;

	if (!mdg_setting_is_on(d, "warn_at_night", false, ret, err))
		return false;
	if (*ret)
		return true;
	if (!mdg_win_calendar(d, win, &cal, err))
		return false;
	*ret = mdg_shift_is_on(cal, now_s);
	return true;
}

bool
mdg_setting_is_on(struct mdg_desk *d, const char *key, bool otherwise,
		  bool *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *text;

	if (!mdg_setting_get(d->db, key, &a, &text, err))
		return false;
	*ret = *text ? mdg_streq(text, "on") : otherwise;
	return true;
}

void
mdg_put_line(struct mdg_buf *out, enum mdg_lang lang, enum mdg_msg id, size_t n,
	     const char *const *args)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	mdg_buf_puts(out,
		     mdg_msg_format(lang, id, n, args, text, sizeof(text)));
	mdg_buf_putc(out, '\n');
}

void
mdg_put_minute(const struct mdg_calendar *cal, int64_t t_s, char out[40])
{
	if (cal)
		mdg_calendar_rfc3339(cal, t_s, out, 40);
	else
		mdg_time_rfc3339(t_s, out, 40);
	out[10] = ' ';
	out[16] = '\0';
}

enum mdg_lang
mdg_person_lang(const struct mdg_person *p)
{
	return mdg_streq(p->lang, "en") ? MDG_LANG_EN : MDG_LANG_JA;
}

bool
mdg_person_mail(struct mdg_desk *d, const struct mdg_person *p,
		const char *subject, const char *text, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_strings to = {0};
	int64_t outbox;

	mdg_strings_add(&to, &a, p->email, 1);
	struct mdg_notice m = {
		.kind = "notice",
		.to = &to,
		.subject = subject,
		.text = text,
	};
	enum mdg_found f = mdg_notice_account(d, 0, &m.account_id, err);
	return f == MDG_FOUND ? mdg_notice_put(d, &m, &outbox, err)
			      : f == MDG_NONE;
}
