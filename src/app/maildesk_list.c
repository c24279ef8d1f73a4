/* The queue as a mail, and how to answer. */
#include <string.h>

#include "madoguchi/app/desk.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/query.h"
#include "maildesk-int.h"

enum { LINES_MAX = 40, DAY_S = 86400 };

void
mdg_md_help(struct mdg_md_say *s, bool all)
{
	mdg_md_say(s, all ? MDG_MSG_md_help_all : MDG_MSG_md_help_short, NULL);
}

static const char *
text_of(const json_t *o, const char *key)
{
	const char *v = json_string_value(json_object_get(o, key));

	return v ? v : "";
}

static int64_t
number_of(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

/* One ticket: number, deadline, who, about what. */
static void
put_ticket(struct mdg_md_say *s, const json_t *t)
{
	const char *who = text_of(t, "customer");

	mdg_md_say(s, MDG_MSG_md_list_line,
		   mdg_md_number(s, number_of(t, "ticket")),
		   mdg_md_deadline(s, number_of(t, "due_s")),
		   text_of(t, "subject"), *who ? who : "-", NULL);
}

enum part { MINE, NOBODYS, OTHERS };

static size_t
put_part(struct mdg_md_say *s, const json_t *list, const char *login,
	 enum part part, enum mdg_msg head)
{
	size_t i, n = 0;
	json_t *t;

	json_array_foreach(list, i, t)
	{
		const char *whose = text_of(t, "assignee");
		enum part is = mdg_streq(whose, login) ? MINE
			       : *whose		       ? OTHERS
						       : NOBODYS;
		bool late = number_of(t, "due_s") &&
			    number_of(t, "due_s") < s->now_s;
		/* of others, a lead sees what is late */
		if (is != part || (part == OTHERS && !late))
			continue;
		if (n++ == 0)
			mdg_md_say(s, head, NULL);
		if (n <= LINES_MAX)
			put_ticket(s, t);
	}
	if (n > LINES_MAX)
		mdg_md_say(s, MDG_MSG_md_list_more,
			   mdg_md_number(s, (int64_t)(n - LINES_MAX)), NULL);
	if (n)
		mdg_md_blank(s);
	return n;
}

static bool
put_approvals(struct mdg_md_say *s, int64_t viewer, struct mdg_err *err)
{
	json_t *o = json_object(), *v;
	size_t i;
	bool ok = mdg_query_approvals(s->d->db, viewer, s->now_s, o, err);
	json_t *list = json_object_get(o, "approvals");

	if (json_array_size(list))
		mdg_md_say(s, MDG_MSG_md_list_approvals, NULL);
	json_array_foreach(list, i, v) if (i < LINES_MAX)
		mdg_md_say(s, MDG_MSG_md_list_approval,
			   mdg_md_number(s, number_of(v, "ticket")),
			   text_of(v, "subject"), text_of(v, "requested_by"),
			   mdg_md_time(s, number_of(v, "asked_s")), NULL);
	if (json_array_size(list))
		mdg_md_blank(s);
	json_decref(o);
	return ok;
}

/* お礼: what is nice to read in the morning. */
static bool
put_thanks(struct mdg_md_say *s, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	size_t n = 0;

	if (!mdg_db_query(s->d->db, &r, err,
			  "SELECT t.number, t.subject FROM message m"
			  " JOIN ticket t ON t.id = m.ticket_id"
			  " WHERE m.received_s > ?1 AND m.flags LIKE"
			  " '%\"thanks\":true%' ORDER BY m.id DESC LIMIT 20",
			  "i", s->now_s - DAY_S))
		return false;
	while (mdg_rows_next(r)) {
		if (n++ == 0)
			mdg_md_say(s, MDG_MSG_md_list_thanks, NULL);
		mdg_md_say(s, MDG_MSG_md_list_thank,
			   mdg_md_number(s, mdg_rows_i64(r, 0)),
			   mdg_rows_text(r, 1), NULL);
	}
	if (n)
		mdg_md_blank(s);
	return mdg_rows_close(&r, err);
}

const char *
mdg_md_reason(enum mdg_lang lang, const char *reason)
{
	static const struct {
		const char *code;
		enum mdg_msg words;
	} v[] = {
		{"sender", MDG_MSG_md_reason_sender},
		{"person", MDG_MSG_md_reason_person},
		{"token", MDG_MSG_md_reason_token},
		{"cross", MDG_MSG_md_reason_cross},
		{"expired", MDG_MSG_md_reason_expired},
		{"used", MDG_MSG_md_reason_used},
		{"no_code", MDG_MSG_md_reason_no_code},
		{"code", MDG_MSG_md_reason_code},
		{"crashed", MDG_MSG_md_reason_crashed},
		{"too_many", MDG_MSG_md_reason_too_many},
		{"leaver", MDG_MSG_md_reason_leaver},
		{"replay", MDG_MSG_md_reason_replay},
		{"automatic", MDG_MSG_md_reason_automatic},
	};

	for (size_t i = 0; i < MDG_LEN(v); i++)
		if (mdg_streq(v[i].code, reason))
			return mdg_msg_text(lang, v[i].words);
	return reason;
}

bool
mdg_md_refused(struct mdg_md_say *s, int64_t since_s, size_t *ret_n,
	       struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret_n = 0;
	if (!mdg_db_query(s->d->db, &r, err,
			  "SELECT o.done_s, COALESCE(p.name, '-'), o.reason,"
			  " COALESCE(t.number, 0) FROM mail_order o"
			  " LEFT JOIN person p ON p.id = o.person_id"
			  " LEFT JOIN ticket t ON t.id = o.ticket_id"
			  " WHERE o.state = 'refused' AND o.done_s > ?1"
			  " AND o.reason IN ('sender', 'person', 'token',"
			  " 'cross', 'expired', 'used', 'code', 'too_many',"
			  " 'leaver', 'replay',"
			  " 'automatic')"
			  " ORDER BY o.done_s DESC LIMIT 50",
			  "i", since_s))
		return false;
	while (mdg_rows_next(r)) {
		if ((*ret_n)++ == 0)
			mdg_md_say(s, MDG_MSG_md_list_refused, NULL);
		mdg_md_say(s, MDG_MSG_md_list_refusal,
			   mdg_md_time(s, mdg_rows_i64(r, 0)),
			   mdg_rows_text(r, 1),
			   mdg_md_reason(s->lang, mdg_rows_text(r, 2)),
			   mdg_rows_i64(r, 3)
				   ? mdg_md_number(s, mdg_rows_i64(r, 3))
				   : "-",
			   NULL);
	}
	if (*ret_n)
		mdg_md_blank(s);
	return mdg_rows_close(&r, err);
}

static bool
put_lists(struct mdg_md_say *s, const struct mdg_person *p, bool lead,
	  struct mdg_err *err)
{
	const struct mdg_ticket_filter f = {
		.viewer = p->is_admin ? 0 : p->id, .limit = 200};
	json_t *o = json_object();
	size_t n, refused;
	bool ok = mdg_query_tickets(s->d->db, &f, s->now_s, o, err);
	const json_t *list = json_object_get(o, "tickets");

	if (ok && lead)
		ok = put_approvals(s, f.viewer, err);
	n = put_part(s, list, p->login, MINE, MDG_MSG_md_list_mine);
	n += put_part(s, list, p->login, NOBODYS, MDG_MSG_md_list_nobodys);
	if (lead)
		n += put_part(s, list, p->login, OTHERS,
			      MDG_MSG_md_list_late);
	if (n == 0)
		mdg_md_say(s, MDG_MSG_md_list_empty, NULL);
	if (ok && lead)
		ok = put_thanks(s, err) &&
		     mdg_md_refused(s, s->now_s - DAY_S, &refused, err);
	json_decref(o);
	return ok;
}

bool
mdg_md_list(struct mdg_desk *d, const struct mdg_person *p, const char *lead,
	    const char *answers, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_md_say s = {.d = d,
			       .lang = mdg_streq(p->lang, "en") ? MDG_LANG_EN
								: MDG_LANG_JA,
			       .a = &a,
			       .now_s = mdg_now_s()};
	enum mdg_member_role role;
	struct mdg_win w;

	enum mdg_found f = mdg_md_home(d, p->id, &a, &w, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (!mdg_md_calendar(d, &w, &s.cal, err) ||
	    !mdg_member_best(d->db, p->id, &role, err))
		return false;
	if (*lead)
		mdg_md_puts(&s, lead);
	bool ok = put_lists(&s, p, role >= MDG_MEMBER_SV || p->is_admin, err);
	mdg_md_say(&s, MDG_MSG_md_list_how, NULL);
	struct mdg_md_mail m = {
		.to = p,
		.win = &w,
		.purpose = "list",
		.subject = mdg_md_text(&s, MDG_MSG_md_list_subject, NULL),
		.text = mdg_buf_str(&s.out),
		.answers = answers,
		.links = {{MDG_MSG_md_link_list, "一覧"},
			  {MDG_MSG_md_link_help, "ヘルプ"}},
	};
	ok = ok && mdg_md_send(d, &m, err);
	mdg_buf_clear(&s.out);
	return ok;
}

bool
mdg_maildesk_test(struct mdg_desk *d, int64_t person, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_md_say s = {.d = d, .a = &a, .now_s = mdg_now_s()};
	struct mdg_person p;
	struct mdg_win w;

	enum mdg_found f = mdg_person_by_id(d->db, person, &a, &p, err);
	if (f == MDG_FOUND)
		f = mdg_md_home(d, person, &a, &w, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	s.lang = mdg_streq(p.lang, "en") ? MDG_LANG_EN : MDG_LANG_JA;
	mdg_md_say(&s, MDG_MSG_md_test, p.name, NULL);
	struct mdg_md_mail m = {
		.to = &p,
		.win = &w,
		.purpose = "test",
		.subject = mdg_md_text(&s, MDG_MSG_md_test_subject, NULL),
		.text = mdg_buf_str(&s.out),
		.links = {{MDG_MSG_md_link_test, "テスト"}},
	};
	bool ok = mdg_md_send(d, &m, err);
	mdg_buf_clear(&s.out);
	return ok;
}
