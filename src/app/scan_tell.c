/* ウイルス検出 by mail to the leads. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/app/leads.h"
#include "madoguchi/app/scan.h"
#include "madoguchi/app/warn.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_warn.h"

enum { FOUND_MAX = 500, NAMED_MAX = 50 };

struct finding {
	bool is_mail;
	int64_t item_id, about_id, ticket, win;
	const char *name;
};

struct telling {
	struct mdg_desk *d;
	int64_t now_s, win;
	struct mdg_arena *a;
	struct finding *v;
	size_t n;
};

static bool
load(struct telling *t, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	t->v = mdg_arena_array(t->a, FOUND_MAX, sizeof(*t->v));
	if (!mdg_db_query(t->d->db, &r, err,
			  "SELECT s.kind, s.item_id, s.about_id, s.name,"
			  " t.number, t.win_id FROM scan s"
			  " LEFT JOIN message m ON s.kind = 'mail'"
			  " AND m.id = s.about_id"
			  " LEFT JOIN draft f ON s.kind = 'upload'"
			  " AND f.id = s.about_id"
			  " LEFT JOIN ticket t"
			  " ON t.id = COALESCE(m.ticket_id, f.ticket_id)"
			  " WHERE s.state = 'found' AND s.told = 0"
			  " ORDER BY s.kind, s.item_id LIMIT ?1",
			  "i", (int64_t)FOUND_MAX))
		return false;
	while (t->n < FOUND_MAX && mdg_rows_next(r))
		t->v[t->n++] = (struct finding){
			.is_mail = mdg_streq(mdg_rows_text(r, 0), "mail"),
			.item_id = mdg_rows_i64(r, 1),
			.about_id = mdg_rows_i64(r, 2),
			.name = mdg_arena_strdup(t->a, mdg_rows_text(r, 3)),
			.ticket = mdg_rows_i64(r, 4),
			.win = mdg_rows_i64(r, 5),
		};
	return mdg_rows_close(&r, err);
}

static void
put_finding(const struct finding *f, enum mdg_lang lang, struct mdg_buf *out)
{
	char number[24], draft[24];
	const char *args[] = {number, f->name, draft};

	snprintf(number, sizeof(number), "%" PRId64, f->ticket);
	snprintf(draft, sizeof(draft), "%" PRId64, f->about_id);
	mdg_put_line(out, lang,
		     f->is_mail ? MDG_MSG_scan_mail_line
				: MDG_MSG_scan_mail_upload,
		     3, args);
}

static bool
mail_lead(const struct telling *t, int64_t person, const char *win_name,
	  struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct mdg_person p;
	char subject[300], many[24];
	const char *args[] = {win_name, many}, *more[] = {many};
	size_t n = 0;

	if (mdg_person_by_id(t->d->db, person, &a, &p, err) != MDG_FOUND)
		return false;
	enum mdg_lang lang = mdg_person_lang(&p);
	mdg_put_line(&text, lang, MDG_MSG_scan_mail_head, 0, NULL);
	mdg_buf_putc(&text, '\n');
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].win == t->win && n++ < NAMED_MAX)
			put_finding(&t->v[i], lang, &text);
	snprintf(many, sizeof(many), "%zu", n > NAMED_MAX ? n - NAMED_MAX : n);
	if (n > NAMED_MAX)
		mdg_put_line(&text, lang, MDG_MSG_scan_mail_more, 1, more);
	mdg_buf_putc(&text, '\n');
	mdg_put_line(&text, lang, MDG_MSG_scan_mail_end, 0, NULL);
	snprintf(many, sizeof(many), "%zu", n);
	mdg_msg_format(lang,
		       n == 1 ? MDG_MSG_scan_mail_subject_1
			      : MDG_MSG_scan_mail_subject_n,
		       2, args, subject, sizeof(subject));
	return mdg_person_mail(t->d, &p, subject, mdg_buf_str(&text), err);
}

static bool
mark_told(const struct telling *t, struct mdg_err *err)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].win == t->win &&
		    !mdg_db_run(t->d->db, err,
				"UPDATE scan SET told = 1 WHERE kind = ?1"
				" AND item_id = ?2",
				"si", t->v[i].is_mail ? "mail" : "upload",
				t->v[i].item_id))
			return false;
	return true;
}

/* false in *ret_told: not at this hour. */
static bool
tell_window(const struct telling *t, bool *ret_told, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	int64_t leads[MDG_LEADS_MAX];
	const struct mdg_lead_ask q = {
		.win = t->win, .now_s = t->now_s, .by_mail = true};
	bool there, mail;
	struct mdg_win w;
	size_t n = 0;

	*ret_told = false;
	enum mdg_found f = mdg_win_by_id(t->d->db, t->win, &a, &w, err);
	if (f != MDG_FOUND) /* the mail is of no window: nobody leads it */
		return f == MDG_NONE && mark_told(t, err);
	if (!mdg_win_is_there(t->d, t->win, t->now_s, &there, err) ||
	    !mdg_setting_is_on(t->d, "warn_mail", true, &mail, err))
		return false;
	if (mail && !there)
		return true;
	if (mail && !mdg_leads(t->d->db, &q, leads, MDG_LEADS_MAX, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!mail_lead(t, leads[i], w.name, err))
			return false;
	*ret_told = true;
	return mark_told(t, err);
}

static bool
tell_all(struct telling *t, struct mdg_err *err)
{
	bool any = false, told;
	char now[24];

	for (size_t i = 0; i < t->n; i++) {
		size_t k = 0;
		while (t->v[k].win != t->v[i].win)
			k++;
		t->win = t->v[i].win;
		if (k < i)
			continue; /* with an earlier one */
		if (!tell_window(t, &told, err))
			return false;
		any = any || told;
	}
	snprintf(now, sizeof(now), "%" PRId64, t->now_s);
	return !any || mdg_setting_put(t->d->db, "scan_told", now, err);
}

bool
mdg_scan_tell(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct telling t = {.d = d, .now_s = now_s, .a = &a};
	enum mdg_sending mode;
	const char *text;
	int64_t told_s;

	if (!load(&t, err) || !mdg_desk_sending(d, &mode, err) ||
	    !mdg_setting_get(d->db, "scan_told", &a, &text, err))
		return false;
	/* many in one mail; a clock that went back waits for nothing */
	if (!t.n || mode == MDG_SENDING_OFF ||
	    (mdg_str_i64(text, 0, INT64_MAX, &told_s) && now_s >= told_s &&
	     now_s - told_s < MDG_WARN_PAUSE_S))
		return true;
	if (!mdg_desk_begin(d, err))
		return false;
	if (tell_all(&t, err))
		return mdg_desk_commit(d, err);
	mdg_desk_rollback(d);
	return false;
}
