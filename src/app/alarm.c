#include "madoguchi/app/alarm.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/app/health.h"
#include "madoguchi/app/notice.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/alarm_machine.h"
#include "madoguchi/store/st_reply.h"
#include "madoguchi/store/st_watch.h"

enum { KEEP_S = 90 * 86400 };

/* ---- rows ---- */

static bool
move(struct mdg_desk *d, struct mdg_alarm *v, int event, int64_t now_s,
     struct mdg_err *err)
{
	int from = mdg_machine_state(&mdg_alarm_machine, v->state);
	int to = mdg_machine_next(&mdg_alarm_machine, from, event);

	if (to < 0)
		return true;
	v->state = mdg_machine_state_name(&mdg_alarm_machine, to);
	v->changed_s = now_s;
	return mdg_alarm_update(d->db, v, err);
}

static bool
tell(struct mdg_desk *d, const char *event, const char *kind,
     const char *subject, struct mdg_err *err)
{
	return mdg_desk_event(d, &mdg_actor_system, NULL, event,
			      json_pack("{s:s,s:s}", "kind", kind, "subject",
					subject),
			      NULL, err);
}

static const struct mdg_condition *
condition_of(const struct mdg_alarm *v, const struct mdg_condition *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (mdg_streq(mdg_condition_name(c[i].kind), v->kind) &&
		    mdg_streq(c[i].subject, v->subject))
			return &c[i];
	return NULL;
}

static const struct mdg_alarm *
alarm_of(const struct mdg_condition *c, const struct mdg_alarm *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (mdg_streq(mdg_condition_name(c->kind), v[i].kind) &&
		    mdg_streq(c->subject, v[i].subject))
			return &v[i];
	return NULL;
}

/* One alarm that we have: gone, there again, or with another value. */
static bool
follow(struct mdg_desk *d, struct mdg_alarm *v, const struct mdg_condition *c,
       int64_t now_s, struct mdg_err *err)
{
	bool over = mdg_streq(v->state, "over");

	if (!c)
		return over || (move(d, v, MDG_ALARM_EV_GONE, now_s, err) &&
				tell(d, "alarm.over", v->kind, v->subject,
				     err));
	v->value = c->value;
	if (over)
		return move(d, v, MDG_ALARM_EV_AGAIN, now_s, err) &&
		       tell(d, "alarm.again", v->kind, v->subject, err);
	return mdg_alarm_update(d->db, v, err);
}

static bool
differs(const struct mdg_alarm *v, size_t n, const struct mdg_condition *c,
	size_t c_n)
{
	for (size_t i = 0; i < n; i++) {
		const struct mdg_condition *is = condition_of(&v[i], c, c_n);
		if ((is != NULL) == mdg_streq(v[i].state, "over") ||
		    (is && is->value != v[i].value))
			return true;
	}
	for (size_t i = 0; i < c_n; i++)
		if (!alarm_of(&c[i], v, n))
			return true;
	return false;
}

static bool
write_rows(struct mdg_desk *d, struct mdg_alarm *v, size_t n,
	   const struct mdg_condition *c, size_t c_n, int64_t now_s,
	   struct mdg_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (!follow(d, &v[i], condition_of(&v[i], c, c_n), now_s, err))
			return false;
	for (size_t i = 0; i < c_n; i++)
		if (!alarm_of(&c[i], v, n) &&
		    (!mdg_alarm_add(d->db, mdg_condition_name(c[i].kind),
				    c[i].subject, c[i].value, now_s, err) ||
		     !tell(d, "alarm.raised", mdg_condition_name(c[i].kind),
			   c[i].subject, err)))
			return false;
	return mdg_alarm_forget(d->db, now_s - KEEP_S, err);
}

static bool
update_rows(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_condition *c;
	struct mdg_alarm *v;
	size_t c_n, n;

	if (!mdg_health_check(d, now_s, &a, &c, &c_n, err) ||
	    !mdg_alarm_open(d->db, 2 * MDG_CONDITIONS_MAX, &a, &v, &n, err))
		return false;
	if (!differs(v, n, c, c_n))
		return true;
	if (!mdg_desk_begin(d, err))
		return false;
	if (write_rows(d, v, n, c, c_n, now_s, err))
		return mdg_desk_commit(d, err);
	mdg_desk_rollback(d);
	return false;
}

/* ---- the mail ---- */

static void
put_msg(struct mdg_buf *out, enum mdg_lang lang, enum mdg_msg id,
	const char *arg)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	mdg_buf_puts(out, mdg_msg_format(lang, id, arg != NULL, &arg, text,
					 sizeof(text)));
}

/* The alarms in one state, a paragraph each under a heading. */
static bool
section(struct mdg_desk *d, const struct mdg_alarm *v, size_t n,
	const char *state, enum mdg_msg heading, enum mdg_lang lang,
	size_t *ret_n, struct mdg_buf *out, struct mdg_err *err)
{
	*ret_n = 0;
	for (size_t i = 0; i < n; i++) {
		if (!mdg_streq(v[i].state, state))
			continue;
		if ((*ret_n)++ == 0) {
			put_msg(out, lang, heading, NULL);
			mdg_buf_puts(out, "\n\n");
		}
		mdg_buf_puts(out, lang == MDG_LANG_JA ? "・" : "- ");
		if (!mdg_condition_text(d, v[i].kind, v[i].subject, v[i].value,
					lang, out, err))
			return false;
		mdg_buf_puts(out, "\n\n");
	}
	return true;
}

static bool
put_mail(struct mdg_desk *d, const struct mdg_strings *to, const char *subject,
	 struct mdg_buf *text, enum mdg_lang lang, int64_t *ret_outbox,
	 struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *set;
	struct mdg_notice n = {.kind = "alarm", .to = to, .subject = subject};
	enum mdg_found f = mdg_notice_account(d, 0, &n.account_id, err);

	if (f != MDG_FOUND)
		return f == MDG_NONE &&
		       mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_alarm_no_account,
				    NULL);
	if (!mdg_setting_get(d->db, "alarm_account", &a, &set, err))
		return false;
	if (!*set)
		put_msg(text, lang, MDG_MSG_alarm_mail_one_account, NULL);
	put_msg(text, lang, MDG_MSG_alarm_mail_foot, NULL);
	mdg_buf_putc(text, '\n');
	n.text = mdg_buf_str(text);
	return mdg_notice_put(d, &n, ret_outbox, err);
}

static bool
mail_in(struct mdg_desk *d, const struct mdg_alarm *v, size_t n,
	enum mdg_lang lang, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct mdg_strings to = {0};
	size_t now_n, before_n, over_n;
	char subject[200], count[24];
	const char *arg = count;
	int64_t outbox;

	if (!mdg_alarm_people(d, false, lang, &a, &to, err))
		return false;
	if (to.n == 0)
		return true;
	if (!section(d, v, n, "raised", MDG_MSG_alarm_mail_raised, lang, &now_n,
		     &text, err) ||
	    !section(d, v, n, "over", MDG_MSG_alarm_mail_over, lang, &over_n,
		     &text, err) ||
	    !section(d, v, n, "notified", MDG_MSG_alarm_mail_before, lang,
		     &before_n, &text, err))
		return false;
	snprintf(count, sizeof(count), "%zu", now_n ? now_n : over_n);
	mdg_msg_format(lang, now_n ? MDG_MSG_alarm_subject_raised
				   : MDG_MSG_alarm_subject_over,
		       1, &arg, subject, sizeof(subject));
	return put_mail(d, &to, subject, &text, lang, &outbox, err);
}

/* Everything that is to be said goes into one mail, and is said. */
static bool
say(struct mdg_desk *d, struct mdg_alarm *v, size_t n, int64_t now_s,
    struct mdg_err *err)
{
	char now[24];

	for (int lang = 0; lang < MDG_LANG_N; lang++)
		if (!mail_in(d, v, n, (enum mdg_lang)lang, err))
			return false;
	for (size_t i = 0; i < n; i++)
		if (!mdg_streq(v[i].state, "notified") &&
		    !move(d, &v[i], MDG_ALARM_EV_MAILED, now_s, err))
			return false;
	snprintf(now, sizeof(now), "%" PRId64, now_s);
	return mdg_setting_put(d->db, "alarm_mail_s", now, err) &&
	       mdg_desk_event(d, &mdg_actor_system, NULL, "alarm.mailed",
			      json_pack("{s:I}", "alarms", (json_int_t)n), NULL,
			      err);
}

/* Is there something to say, and may it be said now? */
static bool
is_due(struct mdg_desk *d, const struct mdg_alarm *v, size_t n, int64_t now_s,
       bool *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *last, *on;
	int64_t last_s, first_s = INT64_MAX;
	enum mdg_sending mode;

	*ret = false;
	for (size_t i = 0; i < n; i++)
		if (!mdg_streq(v[i].state, "notified") &&
		    v[i].changed_s < first_s)
			first_s = v[i].changed_s;
	if (first_s > now_s - MDG_ALARM_GATHER_S)
		return true;
	if (!mdg_setting_get(d->db, "alarm_mail_s", &a, &last, err) ||
	    !mdg_setting_get(d->db, "alarm_mail", &a, &on, err) ||
	    !mdg_desk_sending(d, &mode, err))
		return false;
	if (!mdg_str_i64(last, 0, now_s, &last_s))
		last_s = 0;
	*ret = mode != MDG_SENDING_OFF && !mdg_streq(on, "off") &&
	       now_s - last_s >= MDG_ALARM_PAUSE_S;
	return true;
}

static bool
send_mail(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_alarm *v;
	size_t n;
	bool due;
	int64_t account;

	if (!mdg_alarm_open(d->db, 2 * MDG_CONDITIONS_MAX, &a, &v, &n, err) ||
	    !is_due(d, v, n, now_s, &due, err))
		return false;
	if (!due)
		return true;
	enum mdg_found f = mdg_notice_account(d, 0, &account, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (!mdg_desk_begin(d, err))
		return false;
	if (say(d, v, n, now_s, err))
		return mdg_desk_commit(d, err);
	mdg_desk_rollback(d);
	return false;
}

/* ---- an account that does not send ---- */

static bool
reroute(struct mdg_desk *d, int64_t id, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct mdg_outbox_row o;
	struct mdg_account was;
	struct mdg_strings to = {0};
	const char *subject, *words;
	struct mdg_notice n = {.kind = "alarm", .to = &to};
	struct mdg_outbox_rcpt *rcpts;
	size_t rcpts_n;
	int64_t fresh;

	if (mdg_outbox_by_id(d->db, id, &a, &o, err) != MDG_FOUND ||
	    mdg_notice_get(d->db, id, &a, &subject, &words, err) != MDG_FOUND ||
	    !mdg_outbox_rcpts(d->db, id, &a, &rcpts, &rcpts_n, err) ||
	    mdg_notice_account(d, o.account_id, &n.account_id, err) !=
		    MDG_FOUND ||
	    mdg_account_by_id(d->db, o.account_id, &a, &was, err) != MDG_FOUND)
		return false;
	for (size_t i = 0; i < rcpts_n; i++)
		if (!mdg_streq(rcpts[i].state, "accepted"))
			mdg_strings_add(&to, &a, rcpts[i].address,
					MDG_RECIPIENTS_MAX);
	if (n.account_id == o.account_id || to.n == 0)
		return true; /* there is no other */
	put_msg(&text, MDG_LANG_JA, MDG_MSG_alarm_mail_rerouted, was.name);
	mdg_buf_printf(&text, "\n\n%s", words);
	n.subject = subject;
	n.text = mdg_buf_str(&text);
	return mdg_outbox_move(d->db, id, "queued", "cancelled",
			       "sent by another account", err) &&
	       mdg_notice_drop(d->db, id, err) &&
	       mdg_notice_put(d, &n, &fresh, err) &&
	       mdg_desk_event(d, &mdg_actor_system, NULL, "alarm.rerouted",
			      json_pack("{s:I,s:I}", "outbox", fresh, "was",
					id),
			      NULL, err);
}

static bool
reroute_stuck(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	int64_t id, other = 0;
	enum mdg_sending mode;
	enum mdg_found f =
		mdg_notice_stuck(d->db, now_s - MDG_ALARM_REROUTE_S, &id, err);

	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (!mdg_desk_sending(d, &mode, err))
		return false;
	if (mode == MDG_SENDING_OFF ||
	    mdg_db_i64(d->db, &other, err,
		       "SELECT COUNT(*) FROM account WHERE removed = 0"
		       " AND smtp_host <> ''",
		       "") != MDG_FOUND)
		return mode == MDG_SENDING_OFF;
	if (other < 2)
		return true;
	if (!mdg_desk_begin(d, err))
		return false;
	if (reroute(d, id, err))
		return mdg_desk_commit(d, err);
	mdg_desk_rollback(d);
	return false;
}

bool
mdg_alarm_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	return update_rows(d, now_s, err) && send_mail(d, now_s, err) &&
	       reroute_stuck(d, now_s, err) &&
	       mdg_heartbeat_tick(d, now_s, err);
}

bool
mdg_alarm_test(struct mdg_desk *d, enum mdg_lang lang, int64_t *ret_outbox,
	       struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct mdg_strings to = {0};

	for (int l = 0; l < MDG_LANG_N; l++)
		if (!mdg_alarm_people(d, false, (enum mdg_lang)l, &a, &to, err))
			return false;
	if (to.n == 0)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_alarm_nobody, NULL);
	put_msg(&text, lang, MDG_MSG_alarm_mail_test, NULL);
	mdg_buf_puts(&text, "\n\n");
	return put_mail(d, &to, mdg_msg_text(lang, MDG_MSG_alarm_subject_test),
			&text, lang, ret_outbox, err);
}

/* ---- to read ---- */

bool
mdg_alarm_json(struct mdg_desk *d, enum mdg_lang lang, json_t *ret,
	       struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	json_t *list = json_array();
	struct mdg_alarm *v;
	size_t n, open = 0;

	json_object_set_new(ret, "alarms", list);
	if (!mdg_alarm_open(d->db, 2 * MDG_CONDITIONS_MAX, &a, &v, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
		if (mdg_streq(v[i].state, "over"))
			continue;
		open++;
		if (!mdg_condition_text(d, v[i].kind, v[i].subject, v[i].value,
					lang, &text, err))
			return false;
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:s,s:I,s:I,s:s}", "kind",
					v[i].kind, "subject", v[i].subject,
					"state", v[i].state, "raised_s",
					v[i].raised_s, "value", v[i].value,
					"text", mdg_buf_str(&text)));
	}
	json_object_set_new(ret, "open", json_integer((json_int_t)open));
	return true;
}
