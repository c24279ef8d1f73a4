/*
 * The daily word that all is well, or what is not: its absence is what people
 * notice when everything is down. It carries the head of the chain of events
 * to the leads, so that nobody can write history anew.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/app/alarm.h"
#include "madoguchi/app/health.h"
#include "madoguchi/app/notice.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_watch.h"

static const char default_time[] = "09:00";

bool
mdg_heartbeat_time(const char *text, int *ret_min)
{
	int h, m;
	char rest;

	if (mdg_streq(text, "off")) {
		*ret_min = -1;
		return true;
	}
	if (strlen(text) != 5 ||
	    sscanf(text, "%2d:%2d%c", &h, &m, &rest) != 2 || h < 0 || h > 23 ||
	    m < 0 || m > 59)
		return false;
	*ret_min = h * 60 + m;
	return true;
}

/* ---- what it says ---- */

struct beat {
	struct mdg_desk *d;
	enum mdg_lang lang;
	struct mdg_arena *arena;
	struct mdg_buf *out;
};

static void
line(struct beat *b, enum mdg_msg id, const char *one, const char *two)
{
	char text[MDG_ERR_TEXT_MAX * 2];
	const char *args[] = {one, two};

	mdg_buf_puts(b->out, mdg_msg_format(b->lang, id, MDG_LEN(args), args,
					    text, sizeof(text)));
	mdg_buf_putc(b->out, '\n');
}

static bool
number(struct beat *b, const char *sql, int64_t arg, const char **ret,
       struct mdg_err *err)
{
	int64_t n;

	if (mdg_db_i64(b->d->db, &n, err, sql, "i", arg) != MDG_FOUND)
		return false;
	*ret = mdg_arena_printf(b->arena, "%" PRId64, n);
	return true;
}

/* How many rows came since the last one of these mails: ids only grow. */
static bool
traffic(struct beat *b, struct mdg_err *err)
{
	const char *after, *in, *out;
	int64_t id;

	if (!mdg_setting_get(b->d->db, "heartbeat_message", b->arena, &after,
			     err))
		return false;
	if (!mdg_str_i64(after, 0, INT64_MAX, &id))
		id = 0;
	if (!number(b,
		    "SELECT COUNT(*) FROM message WHERE id > ?1"
		    " AND direction = 'in'",
		    id, &in, err) ||
	    !number(b,
		    "SELECT COUNT(*) FROM message WHERE id > ?1"
		    " AND direction = 'out'",
		    id, &out, err))
		return false;
	line(b, MDG_MSG_heartbeat_traffic, in, out);
	return true;
}

static bool
tickets(struct beat *b, int64_t now_s, struct mdg_err *err)
{
	const char *open, *late;

	if (!number(b,
		    "SELECT COUNT(*) FROM ticket WHERE state NOT IN"
		    " ('closed', 'merged') AND ?1 > 0",
		    now_s, &open, err) ||
	    !number(b,
		    "SELECT COUNT(*) FROM ticket WHERE state NOT IN"
		    " ('closed', 'merged') AND due_s < ?1",
		    now_s, &late, err))
		return false;
	line(b, MDG_MSG_heartbeat_tickets, open, late);
	return true;
}

static bool
mailboxes(struct beat *b, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	char at[32];
	int zone_min;

	if (!mdg_db_query(b->d->db, &r, err,
			  "SELECT a.name, MIN(f.synced_s) FROM account a"
			  " JOIN folder f ON f.account_id = a.id"
			  " AND f.role = 'intake' AND f.removed = 0"
			  " WHERE a.removed = 0"
			  " GROUP BY a.id, a.name ORDER BY a.name",
			  ""))
		return false;
	while (mdg_rows_next(r)) {
		int64_t s = mdg_rows_i64(r, 1);
		if (!mdg_desk_zone_min(b->d, s, &zone_min, err))
			return false;
		mdg_time_rfc3339(s + zone_min * 60, at, sizeof(at));
		at[10] = ' ';
		at[16] = '\0';
		line(b, MDG_MSG_heartbeat_mailbox, mdg_rows_text(r, 0),
		     s ? at : "-");
	}
	return mdg_rows_close(&r, err);
}

static bool
alarms(struct beat *b, const struct mdg_alarm *v, size_t n, struct mdg_err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (mdg_streq(v[i].state, "over"))
			continue;
		mdg_buf_puts(b->out, b->lang == MDG_LANG_JA ? "・" : "- ");
		if (!mdg_condition_text(b->d, v[i].kind, v[i].subject,
					v[i].value, b->lang, b->out, err))
			return false;
		mdg_buf_putc(b->out, '\n');
	}
	return true;
}

static void
chain_head(struct beat *b)
{
	char head[2 * MDG_DIGEST_BYTES + 1], seq[24];

	mdg_hex(b->d->lane.hash, MDG_DIGEST_BYTES, head);
	snprintf(seq, sizeof(seq), "%" PRId64, b->d->lane.seq);
	mdg_buf_putc(b->out, '\n');
	line(b, MDG_MSG_heartbeat_head, seq, head);
}

static bool
mail_in(struct mdg_desk *d, enum mdg_lang lang, const struct mdg_alarm *v,
	size_t n, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct beat b = {d, lang, &a, &text};
	struct mdg_strings to = {0};
	char subject[200], count[24];
	const char *arg = count;
	size_t open = 0;
	int64_t outbox;

	if (!mdg_alarm_people(d, true, lang, &a, &to, err))
		return false;
	if (to.n == 0)
		return true;
	for (size_t i = 0; i < n; i++)
		open += !mdg_streq(v[i].state, "over");
	snprintf(count, sizeof(count), "%zu", open);
	mdg_msg_format(lang,
		       open ? MDG_MSG_heartbeat_subject_bad
			    : MDG_MSG_heartbeat_subject_ok,
		       1, &arg, subject, sizeof(subject));
	line(&b, open ? MDG_MSG_heartbeat_bad : MDG_MSG_heartbeat_ok, count,
	     NULL);
	if (!alarms(&b, v, n, err))
		return false;
	mdg_buf_putc(&text, '\n');
	if (!traffic(&b, err) || !tickets(&b, now_s, err) ||
	    !mailboxes(&b, err))
		return false;
	chain_head(&b);
	struct mdg_notice m = {
		.kind = "alarm",
		.to = &to,
		.subject = subject,
		.text = mdg_buf_str(&text),
	};
	return mdg_notice_account(d, 0, &m.account_id, err) == MDG_FOUND &&
	       mdg_notice_put(d, &m, &outbox, err);
}

/* ---- when ---- */

static bool
put_number(struct mdg_desk *d, const char *key, int64_t n, struct mdg_err *err)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, n);
	return mdg_setting_put(d->db, key, text, err);
}

static bool
send_all(struct mdg_desk *d, int64_t day, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_alarm *v;
	size_t n;
	int64_t newest;

	if (!mdg_alarm_open(d->db, 2 * MDG_CONDITIONS_MAX, &a, &v, &n, err) ||
	    mdg_db_i64(d->db, &newest, err,
		       "SELECT COALESCE(MAX(id), 0) FROM message",
		       "") != MDG_FOUND)
		return false;
	for (int lang = 0; lang < MDG_LANG_N; lang++)
		if (!mail_in(d, (enum mdg_lang)lang, v, n, now_s, err))
			return false;
	return put_number(d, "heartbeat_day", day, err) &&
	       put_number(d, "heartbeat_message", newest, err) &&
	       mdg_desk_event(d, &mdg_actor_system, NULL, "heartbeat",
			      json_pack("{s:I}", "seq",
					(json_int_t)d->lane.seq),
			      NULL, err);
}

/* The first one goes out on the day after sending was switched on. */
static bool
due_day(struct mdg_desk *d, int64_t now_s, int64_t *ret_day, bool *ret_first,
	struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *at, *last, *on;
	int zone_min, want_min;
	int64_t last_day;

	*ret_day = 0;
	*ret_first = false;
	if (!mdg_setting_get(d->db, "heartbeat", &a, &at, err) ||
	    !mdg_setting_get(d->db, "alarm_mail", &a, &on, err) ||
	    !mdg_setting_get(d->db, "heartbeat_day", &a, &last, err) ||
	    !mdg_desk_zone_min(d, now_s, &zone_min, err))
		return false;
	if (!mdg_heartbeat_time(*at ? at : default_time, &want_min) ||
	    want_min < 0 || mdg_streq(on, "off"))
		return true;
	int64_t local_s = now_s + zone_min * 60;
	int64_t day = local_s / 86400;
	if (!mdg_str_i64(last, 1, INT64_MAX, &last_day)) {
		*ret_day = day;
		*ret_first = true;
	} else if ((day > last_day || day < last_day - 1) &&
		   local_s % 86400 / 60 >= want_min) {
		*ret_day = day;
	}
	return true;
}

bool
mdg_heartbeat_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	enum mdg_sending mode;
	int64_t day, account;
	bool first;

	if (!mdg_desk_sending(d, &mode, err) ||
	    !due_day(d, now_s, &day, &first, err))
		return false;
	if (mode == MDG_SENDING_OFF || !day)
		return true;
	enum mdg_found f = mdg_notice_account(d, 0, &account, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (!mdg_desk_begin(d, err))
		return false;
	if (first ? put_number(d, "heartbeat_day", day, err)
		  : send_all(d, day, now_s, err))
		return mdg_desk_commit(d, err);
	mdg_desk_rollback(d);
	return false;
}
