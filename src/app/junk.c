#include "madoguchi/app/junk.h"

#include <inttypes.h>
#include <string.h>

#include "madoguchi/app/leads.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/token.h"
#include "madoguchi/store/st_maildesk.h"
#include "maildesk-int.h"

/* ---- keeping ---- */

/* The ticket whose mail of ours it says to answer, by our own mark; 0: none.
 * Such a one is most likely a customer's, filed by mistake. */
static int64_t
answered_ticket(struct mdg_desk *d, const struct mdg_mail *m)
{
	const struct mdg_strings *lists[] = {&m->in_reply_to, &m->references};
	int64_t ticket;

	for (size_t k = 0; k < MDG_LEN(lists); k++)
		for (size_t i = 0; i < lists[k]->n; i++)
			if (mdg_token_ticket(&d->mac, lists[k]->v[i], &ticket))
				return ticket;
	return 0;
}

/* What was said of the same bytes, in this folder before it was made anew, or
 * in another of the account: "" if they are new. */
static bool
known(struct mdg_desk *d, const struct mdg_delivery *row, struct mdg_arena *a,
      const char **ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret = "";
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT state FROM junk WHERE account_id = ?1"
			  " AND digest = (SELECT digest FROM raw"
			  "  WHERE id = ?2) ORDER BY state DESC LIMIT 1",
			  "ii", row->account_id, row->raw_id))
		return false;
	if (mdg_rows_next(r))
		*ret = mdg_arena_strdup(a, mdg_rows_text(r, 0));
	return mdg_rows_close(&r, err);
}

bool
mdg_junk_keep(struct mdg_desk *d, const struct mdg_delivery *row, int64_t win,
	      const struct mdg_mail *m, bool unreadable, bool *ret,
	      struct mdg_err *err)
{
	static const struct mdg_address nobody = {
		.name = "", .address = "", .key = ""};
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const struct mdg_address *who = m->from.n ? &m->from.v[0] : &nobody;
	int64_t about = answered_ticket(d, m);
	const char *said;

	*ret = true;
	if (!known(d, row, &a, &said, err))
		return false;
	if (mdg_streq(said, "rescued")) {
		*ret = false;
		return true;
	}
	return mdg_db_run(d->db, err,
			  "INSERT INTO junk (delivery_id, win_id, account_id,"
			  " digest, from_name, from_address, from_key,"
			  " subject, unreadable, about_ticket, received_s,"
			  " state) SELECT ?1, ?2, ?3, digest, ?4, ?5, ?6, ?7,"
			  " ?8, ?9, ?10, ?11 FROM raw WHERE id = ?12"
			  " ON CONFLICT DO NOTHING",
			  "iiissssiIisi", row->id, win, row->account_id,
			  who->name, who->address, who->key,
			  m->subject ? m->subject : "", (int64_t)unreadable,
			  about ? &about : NULL, row->internaldate_s,
			  *said ? "again" : "kept", row->raw_id) &&
	       mdg_delivery_done(d->db, row->id, 0, err) &&
	       mdg_desk_event(d, &mdg_actor_system, NULL, "mail.junk",
			      json_pack("{s:I,s:I}", "delivery", row->id,
					"window", win),
			      NULL, err);
}

/* ---- taking out ---- */

bool
mdg_junk_rescue(struct mdg_desk *d, int64_t win, int64_t junk, int64_t person,
		int64_t now_s, struct mdg_err *err)
{
	char number[24];
	int64_t n;

	snprintf(number, sizeof(number), "%" PRId64, junk);
	if (!mdg_db_run_n(d->db, &n, err,
			  "UPDATE delivery SET state = 'stored', attempts = 1,"
			  " reason = NULL WHERE id = ?1 AND state = 'done'"
			  " AND raw_id IS NOT NULL AND EXISTS (SELECT 1"
			  "  FROM junk WHERE delivery_id = ?1 AND win_id = ?2"
			  "  AND state <> 'rescued')",
			  "ii", junk, win))
		return false;
	if (n == 0)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_junk_none, number,
				    NULL);
	return mdg_db_run(d->db, err,
			  "UPDATE junk SET state = 'rescued', decided_by = ?2,"
			  " decided_s = ?3 WHERE delivery_id = ?1",
			  "iii", junk, person, now_s);
}

bool
mdg_junk_rescued(struct mdg_desk *d, int64_t *ids, size_t max, size_t *ret_n,
		 struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(d->db, &r, err,
			    "SELECT d.id FROM delivery d JOIN junk j"
			    " ON j.delivery_id = d.id AND j.state = 'rescued'"
			    " WHERE d.state IN ('listed', 'stored',"
			    " 'quarantined', 'fetch_failed')"
			    " AND d.state = 'stored' ORDER BY d.id LIMIT ?1",
			    "i", (int64_t)max) &&
	       mdg_rows_ids(&r, ids, max, ret_n, err);
}

/* ---- telling the leads ---- */

enum { WINS_MAX = 500, LINES = 50, NAME_CHARS = 30, SUBJECT_CHARS = 70 };

struct list {
	struct mdg_desk *d;
	struct mdg_arena a;
	struct mdg_win win;
	const struct mdg_calendar *cal;
	int64_t n; /* since the last list */
};

/* Cut, and without what a mail client makes a link of: nobody is to press it
 * by mistake. */
static const char *
harmless(struct mdg_arena *a, const char *s, size_t chars)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t n = mdg_utf8_offset(s, strlen(s), chars);

	for (size_t i = 0; i < n; i++)
		if (i + 3 <= n && memcmp(s + i, "://", 3) == 0)
			mdg_buf_puts(&b, "：");
		else
			mdg_buf_putc(&b,
				     s[i] == '\n' || s[i] == '\r' ? ' ' : s[i]);
	return mdg_arena_printf(a, "%s%s", mdg_buf_str(&b), s[n] ? "…" : "");
}

static bool
put_lines(struct list *l, enum mdg_lang lang, struct mdg_buf *out,
	  struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	char at[40];

	if (!mdg_db_query(l->d->db, &r, err,
			  "SELECT j.delivery_id, j.received_s, j.from_name,"
			  " j.from_address, j.subject, j.unreadable, t.number"
			  " FROM junk j LEFT JOIN ticket t"
			  " ON t.id = j.about_ticket WHERE j.win_id = ?1"
			  " AND j.told_s IS NULL AND j.state = 'kept'"
			  " ORDER BY CASE WHEN t.id IS NULL THEN 1 ELSE 0 END,"
			  " j.received_s DESC, j.delivery_id DESC LIMIT ?2",
			  "ii", l->win.id, (int64_t)LINES))
		return false;
	while (mdg_rows_next(r)) {
		mdg_put_minute(l->cal, mdg_rows_i64(r, 1), at);
		const char *subject =
			mdg_rows_i64(r, 5)
				? mdg_msg_text(lang, MDG_MSG_junk_unreadable)
				: harmless(&l->a, mdg_rows_text(r, 4),
					   SUBJECT_CHARS);
		const char *args[] = {
			mdg_arena_printf(&l->a, "%" PRId64, mdg_rows_i64(r, 0)),
			at, harmless(&l->a, mdg_rows_text(r, 2), NAME_CHARS),
			harmless(&l->a, mdg_rows_text(r, 3), SUBJECT_CHARS),
			subject};
		mdg_put_line(out, lang, MDG_MSG_junk_line, 5, args);
		if (mdg_rows_null(r, 6))
			continue;
		const char *about =
			mdg_arena_printf(&l->a, "%" PRId64, mdg_rows_i64(r, 6));
		mdg_put_line(out, lang, MDG_MSG_junk_about, 1, &about);
	}
	return mdg_rows_close(&r, err);
}

static bool
tell(struct list *l, int64_t person, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_mail_person by_mail;
	struct mdg_person p;
	char subject[300];

	if (mdg_person_by_id(l->d->db, person, &l->a, &p, err) != MDG_FOUND)
		return false;
	enum mdg_lang lang = mdg_person_lang(&p);
	enum mdg_found f =
		mdg_mail_person_get(l->d->db, person, &l->a, &by_mail, err);
	const char *args[] = {l->win.name,
			      mdg_arena_printf(&l->a, "%" PRId64, l->n),
			      mdg_arena_printf(&l->a, "%" PRId64,
					       l->n > LINES ? l->n - LINES : 0),
			      l->win.code};
	mdg_msg_format(lang, MDG_MSG_junk_subject, 2, args, subject,
		       sizeof(subject));
	mdg_put_line(&b, lang, MDG_MSG_junk_head, 2, args);
	mdg_buf_putc(&b, '\n');
	if (f == MDG_FAILED || !put_lines(l, lang, &b, err))
		return false;
	mdg_buf_putc(&b, '\n');
	if (l->n > LINES)
		mdg_put_line(&b, lang, MDG_MSG_junk_more, 4, args);
	mdg_put_line(&b, lang,
		     f == MDG_FOUND ? MDG_MSG_junk_how_mail : MDG_MSG_junk_how,
		     4, args);
	struct mdg_md_mail m = {.to = &p,
				.win = &l->win,
				.purpose = "list",
				.subject = subject,
				.text = mdg_buf_str(&b)};
	return f == MDG_FOUND ? mdg_md_send(l->d, &m, err)
			      : mdg_person_mail(l->d, &p, subject,
						mdg_buf_str(&b), err);
}

static bool
tell_all(struct list *l, const char *key, const char *today, int64_t now_s,
	 struct mdg_err *err)
{
	const struct mdg_lead_ask q = {
		.win = l->win.id, .now_s = now_s, .by_mail = true};
	int64_t leads[MDG_LEADS_MAX];
	size_t n;

	if (!mdg_leads(l->d->db, &q, leads, MDG_LEN(leads), &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!tell(l, leads[i], err))
			return false;
	/* without a lead they wait for one */
	return (n == 0 ||
		mdg_db_run(l->d->db, err,
			   "UPDATE junk SET told_s = ?2 WHERE win_id = ?1"
			   " AND told_s IS NULL AND state = 'kept'",
			   "ii", l->win.id, now_s)) &&
	       mdg_setting_put(l->d->db, key, today, err);
}

static bool
one_window(struct list *l, int64_t win, int64_t now_s, struct mdg_err *err)
{
	const char *key = mdg_arena_printf(&l->a, "junk_day:%" PRId64, win);
	const char *last, *today;
	int64_t day;
	bool begun;

	if (mdg_win_by_id(l->d->db, win, &l->a, &l->win, err) != MDG_FOUND ||
	    !mdg_win_calendar(l->d, win, &l->cal, err) ||
	    !mdg_win_has_begun(l->d, win, now_s, &day, &begun, err) ||
	    !mdg_setting_get(l->d->db, key, &l->a, &last, err) ||
	    mdg_db_i64(l->d->db, &l->n, err,
		       "SELECT COUNT(*) FROM junk WHERE win_id = ?1"
		       " AND told_s IS NULL AND state = 'kept'",
		       "i", win) != MDG_FOUND)
		return false;
	today = mdg_arena_printf(&l->a, "%" PRId64, day);
	if (!begun || mdg_streq(last, today))
		return true;
	if (!mdg_desk_begin(l->d, err))
		return false;
	/* the first one only notes the day: a list is of a whole one */
	if ((*last ? tell_all(l, key, today, now_s, err)
		   : mdg_setting_put(l->d->db, key, today, err)) &&
	    mdg_desk_commit(l->d, err))
		return true;
	mdg_desk_rollback(l->d);
	return false;
}

bool
mdg_junk_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	int64_t wins[WINS_MAX];
	enum mdg_sending mode;
	struct mdg_rows *r;
	size_t n;

	if (!mdg_desk_sending(d, &mode, err))
		return false;
	if (mode == MDG_SENDING_OFF)
		return true;
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT DISTINCT win_id FROM junk"
			  " WHERE told_s IS NULL AND state = 'kept'"
			  " ORDER BY win_id",
			  "") ||
	    !mdg_rows_ids(&r, wins, WINS_MAX, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct list l = {.d = d};
		bool ok = one_window(&l, wins[i], now_s, err);
		mdg_arena_clear(&l.a);
		if (!ok)
			return false;
	}
	return true;
}
