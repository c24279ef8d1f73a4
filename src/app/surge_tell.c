/* 急増アラート by mail to the leads. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/app/leads.h"
#include "madoguchi/app/surge.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_warn.h"

enum { INCIDENTS_MAX = 20, WINS_MAX = 50, SUBJECTS = 5, WORDS = 6 };

struct telling {
	struct mdg_desk *d;
	int64_t now_s, incident, win;
	const struct mdg_calendar *cal;
};

static const char *
kind_name(enum mdg_lang lang, const char *kind)
{
	static const struct {
		const char *kind;
		enum mdg_msg name;
	} names[] = {
		{"all", MDG_MSG_sign_all},
		{"category", MDG_MSG_sign_category},
		{"template", MDG_MSG_sign_template},
		{"word", MDG_MSG_sign_word},
		{"model", MDG_MSG_sign_model},
		{"error", MDG_MSG_sign_error},
		{"watched", MDG_MSG_sign_watched},
	};

	for (size_t i = 0; i < MDG_LEN(names); i++)
		if (mdg_streq(kind, names[i].kind))
			return mdg_msg_text(lang, names[i].name);
	return kind;
}

/* ---- the mail ---- */

static bool
put_words(const struct telling *t, enum mdg_lang lang, struct mdg_buf *out,
	  struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf words = {0};

	if (!mdg_db_query(t->d->db, &r, err,
			  "SELECT term, tickets FROM incident_word"
			  " WHERE incident_id = ?1 ORDER BY n LIMIT ?2",
			  "ii", t->incident, (int64_t)WORDS))
		return false;
	while (mdg_rows_next(r))
		mdg_buf_printf(&words, "%s%s (%" PRId64 ")",
			       words.len ? ", " : "", mdg_rows_text(r, 0),
			       mdg_rows_i64(r, 1));
	if (words.len) {
		const char *arg = mdg_buf_str(&words);
		mdg_put_line(out, lang, MDG_MSG_surge_words, 1, &arg);
	}
	return mdg_rows_close(&r, err);
}

static bool
put_tickets(const struct telling *t, enum mdg_lang lang, struct mdg_buf *out,
	    struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	char number[24];

	if (!mdg_db_query(t->d->db, &r, err,
			  "SELECT k.number, k.subject FROM incident_ticket i"
			  " JOIN ticket k ON k.id = i.ticket_id"
			  " WHERE i.incident_id = ?1 AND k.win_id = ?2"
			  " ORDER BY k.id DESC LIMIT ?3",
			  "iii", t->incident, t->win, (int64_t)SUBJECTS))
		return false;
	while (mdg_rows_next(r)) {
		snprintf(number, sizeof(number), "%" PRId64,
			 mdg_rows_i64(r, 0));
		const char *args[] = {number, mdg_rows_text(r, 1)};
		mdg_put_line(out, lang, MDG_MSG_surge_ticket, 2, args);
	}
	return mdg_rows_close(&r, err);
}

/* Which sign, since when, how many: the first lines; and the subject. */
static bool
put_head(const struct telling *t, enum mdg_lang lang, struct mdg_buf *out,
	 char *subject, size_t subject_n, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	char id[24], began[40], hours[24], customers[24], usual[32], all[24];

	if (!mdg_db_query(
		    t->d->db, &r, err,
		    "SELECT face_kind, face_term, began_s, window_h, customers,"
		    " expected_milli, (SELECT COUNT(*)"
		    " FROM incident_ticket x WHERE x.incident_id = ?1)"
		    " FROM incident WHERE id = ?1",
		    "i", t->incident))
		return false;
	if (mdg_rows_next(r)) {
		const char *kind = mdg_rows_text(r, 0);
		bool whole = mdg_streq(kind, "all");
		snprintf(id, sizeof(id), "%" PRId64, t->incident);
		mdg_put_minute(t->cal, mdg_rows_i64(r, 2), began);
		snprintf(hours, sizeof(hours), "%" PRId64, mdg_rows_i64(r, 3));
		snprintf(customers, sizeof(customers), "%" PRId64,
			 mdg_rows_i64(r, 4));
		snprintf(usual, sizeof(usual), "%.1f",
			 (double)mdg_rows_i64(r, 5) / 1000);
		snprintf(all, sizeof(all), "%" PRId64, mdg_rows_i64(r, 6));
		const char *what[] = {kind_name(lang, kind),
				      whole ? "" : mdg_rows_text(r, 1),
				      customers, usual};
		mdg_msg_format(lang, MDG_MSG_surge_subject, 4, what, subject,
			       subject_n);
		const char *head[] = {id, what[0], what[1]};
		mdg_put_line(out, lang, MDG_MSG_surge_head, 3, head);
		const char *since[] = {began, hours, customers, usual, all};
		mdg_put_line(out, lang, MDG_MSG_surge_since, 5, since);
	}
	return mdg_rows_close(&r, err);
}

static bool
mail_lead(const struct telling *t, int64_t person, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct mdg_person p;
	char subject[200] = "", id[24];
	const char *arg = id;

	if (mdg_person_by_id(t->d->db, person, &a, &p, err) != MDG_FOUND)
		return false;
	enum mdg_lang lang = mdg_person_lang(&p);
	if (!put_head(t, lang, &text, subject, sizeof(subject), err) ||
	    !put_words(t, lang, &text, err) ||
	    !put_tickets(t, lang, &text, err))
		return false;
	snprintf(id, sizeof(id), "%" PRId64, t->incident);
	mdg_put_line(&text, lang, MDG_MSG_surge_end, 1, &arg);
	return mdg_person_mail(t->d, &p, subject, mdg_buf_str(&text), err);
}

/* ---- whom, and when ---- */

static bool
was_told(const struct telling *t, int64_t person, bool *ret,
	 struct mdg_err *err)
{
	struct mdg_lead_ask q = {.now_s = t->now_s, .by_mail = true};
	int64_t wins[WINS_MAX];
	struct mdg_rows *r;
	size_t n;

	*ret = false;
	if (!mdg_db_query(t->d->db, &r, err,
			  "SELECT win_id FROM incident_told"
			  " WHERE incident_id = ?1",
			  "i", t->incident) ||
	    !mdg_rows_ids(&r, wins, WINS_MAX, &n, err))
		return false;
	for (size_t i = 0; i < n && !*ret; i++) {
		q.win = wins[i];
		if (!mdg_lead_is(t->d->db, &q, person, ret, err))
			return false;
	}
	return true;
}

static bool
tell_window(struct telling *t, bool *ret_done, struct mdg_err *err)
{
	int64_t leads[MDG_LEADS_MAX];
	const struct mdg_lead_ask q = {
		.win = t->win, .now_s = t->now_s, .by_mail = true};
	bool there, mail, told;
	size_t n;

	*ret_done = false;
	if (!mdg_win_calendar(t->d, t->win, &t->cal, err) ||
	    !mdg_win_is_there(t->d, t->win, t->now_s, &there, err) ||
	    !mdg_setting_is_on(t->d, "warn_mail", true, &mail, err))
		return false;
	if (mail && !there)
		return true;
	if (mail && !mdg_leads(t->d->db, &q, leads, MDG_LEADS_MAX, &n, err))
		return false;
	for (size_t i = 0; mail && i < n; i++)
		if (!was_told(t, leads[i], &told, err) ||
		    (!told && !mail_lead(t, leads[i], err)))
			return false;
	*ret_done = true;
	return mdg_db_run(t->d->db, err,
			  "INSERT INTO incident_told (incident_id, win_id)"
			  " VALUES (?1, ?2)",
			  "ii", t->incident, t->win);
}

static bool
tell(struct mdg_desk *d, int64_t incident, int64_t now_s, struct mdg_err *err)
{
	struct telling t = {.d = d, .now_s = now_s, .incident = incident};
	int64_t wins[WINS_MAX];
	struct mdg_rows *r;
	size_t n, done = 0;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT DISTINCT t.win_id FROM incident_ticket i"
			  " JOIN ticket t ON t.id = i.ticket_id"
			  " WHERE i.incident_id = ?1 AND t.win_id > 0"
			  " AND t.win_id NOT IN"
			  " (SELECT win_id FROM incident_told"
			  " WHERE incident_id = ?1) ORDER BY t.win_id",
			  "i", incident) ||
	    !mdg_rows_ids(&r, wins, WINS_MAX, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool ok;
		t.win = wins[i];
		if (!tell_window(&t, &ok, err))
			return false;
		done += ok;
	}
	return done < n || mdg_db_run(d->db, err,
				      "UPDATE incident SET told_s = ?2"
				      " WHERE id = ?1",
				      "ii", incident, now_s);
}

bool
mdg_surge_tell(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	int64_t ids[INCIDENTS_MAX];
	enum mdg_sending mode;
	struct mdg_rows *r;
	size_t n;

	/* what is over before anybody was there is in the list, and the digest
	 */
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT id FROM incident WHERE told_s IS NULL"
			  " AND state = 'open' ORDER BY id LIMIT ?1",
			  "i", (int64_t)INCIDENTS_MAX) ||
	    !mdg_rows_ids(&r, ids, INCIDENTS_MAX, &n, err) ||
	    !mdg_desk_sending(d, &mode, err))
		return false;
	if (!n || mode == MDG_SENDING_OFF)
		return true;
	if (!mdg_desk_begin(d, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!tell(d, ids[i], now_s, err)) {
			mdg_desk_rollback(d);
			return false;
		}
	return mdg_desk_commit(d, err);
}
