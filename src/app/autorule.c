#include "madoguchi/app/autorule.h"

#include <string.h>

#include "madoguchi/app/act.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/rules.h"
#include "madoguchi/mail/addr.h"

enum { LABELS_MAX = 50, MARKS_MAX = 20, TIME_EVERY_S = 60, AT_ONCE = 100, TIME_TICKETS = 500 };

/* The round that is being carried out (what it changes is one further), the
 * rules that led to it (",3,7,"), and the one at work, 0: none. */
static int64_t depth;
static char chain[256];
static int64_t at_work;

bool
mdg_autorule_note(struct mdg_desk *d, const struct mdg_ticket *t,
		  const char *when, struct mdg_err *err)
{
	char one[32] = "", whole[320] = "";
	int64_t round = at_work ? depth + 1 : 0;

	if (!t->id || t->is_history || t->parent_id)
		return true;
	if (at_work) {
		snprintf(one, sizeof(one), "%lld,", (long long)at_work);
		snprintf(whole, sizeof(whole), "%s%s", *chain ? chain : ",",
			 one);
	}
	return (!at_work ||
		mdg_db_run(d->db, err,
			   "UPDATE autorule_due SET chain = chain || ?4"
			   " WHERE ticket_id = ?1 AND happened = ?2"
			   " AND depth = ?3",
			   "isis", t->id, when, round, one)) &&
	       mdg_db_run(d->db, err,
			  "INSERT INTO autorule_due (ticket_id, happened,"
			  " depth, chain) SELECT ?1, ?2, ?3, ?5 WHERE EXISTS"
			  " (SELECT 1 FROM autorule WHERE win_id = ?4"
			  " AND happens = ?2 AND enabled = 1) AND NOT EXISTS"
			  " (SELECT 1 FROM autorule_due WHERE ticket_id = ?1"
			  " AND happened = ?2 AND depth >= ?3)",
			  "isiis", t->id, when, round, t->win_id, whole);
}

/* ---- what a ticket shows ---- */

struct shown {
	struct mdg_rule_facts f;
	const char *labels[LABELS_MAX], *marks[MARKS_MAX];
	int64_t changed_s;
};

static const char *
kept(struct mdg_rows *r, int col, struct mdg_arena *a)
{
	return mdg_rows_null(r, col) ? ""
				     : mdg_arena_strdup(a, mdg_rows_text(r, col));
}

static bool
read_labels(struct mdg_desk *d, int64_t ticket, struct mdg_arena *a,
	    struct shown *s, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT label FROM ticket_label WHERE ticket_id = ?1",
			  "i", ticket))
		return false;
	while (s->f.labels_n < LABELS_MAX && mdg_rows_next(r))
		s->labels[s->f.labels_n++] = kept(r, 0, a);
	s->f.labels = s->labels;
	return mdg_rows_close(&r, err);
}

/* The flags of a mail that say so much as yes. */
static void
read_marks(struct shown *s, const char *flags, struct mdg_arena *a)
{
	json_t *o = json_loads(flags, 0, NULL), *v;
	const char *name;

	json_object_foreach (o, name, v)
		if (!json_is_false(v) && s->f.marks_n < MARKS_MAX)
			s->marks[s->f.marks_n++] = mdg_arena_strdup(a, name);
	s->f.marks = s->marks;
	json_decref(o);
}

/* first: by its first mail, as it was when it came; else by its newest. */
static bool
look(struct mdg_desk *d, int64_t ticket, bool first, int64_t now_s,
     struct mdg_arena *a, struct shown *s, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*s = (struct shown){.f = {.subject = "", .body = "", .from = "",
				  .from_domain = "", .to = "", .state = "",
				  .category = "", .assignee = "none",
				  .priority = "normal", .temperature = -1}};
	if (!mdg_db_query(
		    d->db, &r, err,
		    "SELECT m.subject, COALESCE(m.reply, m.text), m.from_key,"
		    " t.state, t.category, p.login, t.priority, t.temperature,"
		    " t.inbound_s, m.attachments_n, t.changed_s, (SELECT x.key"
		    "  FROM message_address x WHERE x.message_id = m.id"
		    "  AND x.role = 'to' ORDER BY x.n LIMIT 1), t.subject,"
		    " m.flags"
		    " FROM ticket t LEFT JOIN message m ON m.id = CASE ?2"
		    "  WHEN 1 THEN (SELECT MIN(f.id) FROM message f"
		    "   WHERE f.ticket_id = t.id AND f.direction = 'in')"
		    "  ELSE COALESCE(t.newest_message_id, (SELECT MAX(l.id)"
		    "   FROM message l WHERE l.ticket_id = t.id)) END"
		    " LEFT JOIN person p ON p.id = t.assignee_id"
		    " WHERE t.id = ?1",
		    "ii", ticket, (int64_t)first))
		return false;
	if (mdg_rows_next(r)) {
		s->f.subject = kept(r, mdg_rows_null(r, 0) ? 12 : 0, a);
		s->f.body = kept(r, 1, a);
		s->f.from = kept(r, 2, a);
		s->f.from_domain = mdg_addr_domain(s->f.from);
		s->f.state = kept(r, 3, a);
		s->f.category = kept(r, 4, a);
		if (!mdg_rows_null(r, 5))
			s->f.assignee = kept(r, 5, a);
		s->f.priority = mdg_rows_i64(r, 6) ? "high" : "normal";
		s->f.temperature =
			mdg_rows_null(r, 7) ? -1 : mdg_rows_i64(r, 7);
		s->f.age_min = (now_s - mdg_rows_i64(r, 8)) / 60;
		s->f.attachments = mdg_rows_i64(r, 9);
		s->changed_s = mdg_rows_i64(r, 10);
		s->f.to = kept(r, 11, a);
		read_marks(s, kept(r, 13, a), a);
	}
	return mdg_rows_close(&r, err) && read_labels(d, ticket, a, s, err);
}

static bool
all_hold(const json_t *conditions, const struct mdg_rule_facts *f)
{
	size_t i;
	json_t *v;

	json_array_foreach (conditions, i, v)
		if (!mdg_rule_condition_holds(json_string_value(v), f))
			return false;
	return true;
}

/* ---- carrying out ---- */

struct rule {
	int64_t id, win;
	json_t *conditions, *actions;
	bool stops;
};

static json_t *
arguments(const char *verb, const char *rest, int64_t number,
	  const char **ret_act)
{
	json_t *args = json_pack("{s:I}", "ticket", number);
	static const struct {
		const char *verb, *act, *arg;
		bool list;
	} map[] = {{"label", "ticket.label", "add", true},
		   {"unlabel", "ticket.label", "remove", true},
		   {"priority", "ticket.priority", "level", false},
		   {"assign", "ticket.assign", "to", false},
		   {"turn", "ticket.turn", NULL, false},
		   {"hold", "ticket.hold", "reason", false},
		   {"close", "ticket.close", "kind", false},
		   {"reopen", "ticket.reopen", NULL, false},
		   {"comment", "comment.add", "text", false},
		   {"category", "ticket.category", "category", false},
		   {"move", "ticket.move", "to", false},
		   {"send", "ticket.receipt", "template", false}};

	/* "send ID@VERSION": what the lead has seen, and no other */
	const char *at = mdg_streq(verb, "send") ? strrchr(rest, '@') : NULL;
	int64_t version = 0;
	if (at && mdg_str_i64(at + 1, 1, INT64_MAX, &version))
		json_object_set_new(args, "version", json_integer(version));
	*ret_act = NULL;
	for (size_t i = 0; i < MDG_LEN(map); i++) {
		if (!mdg_streq(map[i].verb, verb))
			continue;
		*ret_act = map[i].act;
		if (map[i].arg)
			json_object_set_new(args, map[i].arg,
					    map[i].list
						    ? json_pack("[s]", rest)
						    : json_stringn(
							      rest,
							      at ? (size_t)(at - rest)
								 : strlen(rest)));
	}
	return args;
}

static bool
write_log(struct mdg_desk *d, int64_t rule, int64_t ticket, int64_t now_s,
	  const char *outcome, const char *detail, struct mdg_err *err)
{
	if (!mdg_desk_begin(d, err))
		return false;
	if (mdg_db_run(d->db, err,
		       "INSERT INTO autorule_log (rule_id, ticket_id, fired_s,"
		       " outcome, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
		       "iiiss", rule, ticket, now_s, outcome, detail))
		return mdg_desk_commit(d, err);
	mdg_desk_rollback(d);
	return false;
}

/* Each action for itself: one that cannot be done stops no other. */
static bool
fire(struct mdg_desk *d, const struct rule *rule, int64_t ticket,
     int64_t number, int64_t now_s, struct mdg_err *err)
{
	struct mdg_actor who = {.is_machine_admin = true,
				.lang = MDG_LANG_JA};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf failed = {0};
	size_t i;
	json_t *v;

	snprintf(who.name, sizeof(who.name), "rule:%lld", (long long)rule->id);
	json_array_foreach (rule->actions, i, v) {
		const char *verb, *rest, *act;
		struct mdg_err why;
		json_t *result = NULL;
		if (!mdg_rule_action(json_string_value(v), &verb, &rest))
			continue;
		json_t *args = arguments(verb, rest, number, &act);
		at_work = rule->id;
		bool ok = mdg_act_call(d, &who, act, args, &result, &why);
		at_work = 0;
		const char *skipped = json_string_value(
			json_object_get(result, "skipped"));
		if (!ok || skipped)
			mdg_buf_printf(&failed, "%s%s: %s",
				       failed.len ? "; " : "", verb,
				       ok ? skipped : mdg_code_name(why.code));
		json_decref(args);
		json_decref(result);
	}
	return write_log(d, rule->id, ticket, now_s,
			 failed.len ? "failed" : "done", mdg_buf_str(&failed),
			 err);
}

static size_t
load_rules(struct mdg_desk *d, int64_t win, const char *happens,
	   struct rule *v, size_t max, bool *ret_ok, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	size_t n = 0;

	*ret_ok = mdg_db_query(d->db, &r, err,
			       "SELECT id, conditions, actions, stops"
			       " FROM autorule WHERE win_id = ?1"
			       " AND happens = ?2 AND enabled = 1"
			       " ORDER BY position, id",
			       "is", win, happens);
	if (!*ret_ok)
		return 0;
	while (n < max && mdg_rows_next(r))
		v[n++] = (struct rule){
			mdg_rows_i64(r, 0), win,
			json_loads(mdg_rows_text(r, 1), 0, NULL),
			json_loads(mdg_rows_text(r, 2), 0, NULL),
			mdg_rows_i64(r, 3) != 0};
	*ret_ok = mdg_rows_close(&r, err);
	return n;
}

/* A time rule speaks once of a ticket, until somebody changes it. */
static bool
has_fired(struct mdg_desk *d, int64_t rule, int64_t ticket, int64_t changed_s,
	  bool *ret, struct mdg_err *err)
{
	int64_t one;
	enum mdg_found f = mdg_db_i64(
		d->db, &one, err,
		"SELECT 1 FROM autorule_log WHERE rule_id = ?1"
		" AND ticket_id = ?2 AND fired_s >= ?3 LIMIT 1",
		"iii", rule, ticket, changed_s);

	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

/* Did it lead to this round? *ret_last: and nothing after it. */
static bool
has_led(int64_t rule, bool *ret_last)
{
	char one[32];

	snprintf(one, sizeof(one), ",%lld,", (long long)rule);
	const char *at = strstr(chain, one);
	*ret_last = at && !at[strlen(one)];
	return at != NULL;
}

static bool
run_rules(struct mdg_desk *d, int64_t ticket, const char *happens,
	  int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct rule rules[AT_ONCE];
	struct mdg_ticket t;
	struct shown s;
	bool ok = mdg_desk_ticket_root(d, ticket, &a, &t, err), stopped = false;
	size_t n = 0;

	if (ok)
		n = load_rules(d, t.win_id, happens, rules, AT_ONCE, &ok, err);
	for (size_t i = 0; i < n; i++) {
		bool before = false;
		/* each sees what the one before has done */
		ok = ok && !stopped &&
		     look(d, t.id, false, now_s, &a, &s, err) &&
		     (!mdg_streq(happens, "time") ||
		      has_fired(d, rules[i].id, t.id, s.changed_s, &before,
				err));
		bool turn = ok && !before &&
			    all_hold(rules[i].conditions, &s.f);
		if (turn && has_led(rules[i].id, &before)) {
			/* set off by itself alone is no news */
			ok = before || write_log(d, rules[i].id, t.id, now_s,
						 "loop", happens, err);
		} else if (turn) {
			ok = fire(d, &rules[i], t.id, t.number, now_s, err) &&
			     mdg_desk_ticket_root(d, t.id, &a, &t, err);
			/* moved, it is under other rules */
			stopped = rules[i].stops || t.win_id != rules[i].win;
		}
		json_decref(rules[i].conditions);
		json_decref(rules[i].actions);
		if (stopped)
			ok = true;
	}
	return ok || stopped;
}

static bool
forget(struct mdg_desk *d, int64_t id, struct mdg_err *err)
{
	if (!mdg_desk_begin(d, err))
		return false;
	if (mdg_db_run(d->db, err, "DELETE FROM autorule_due WHERE id = ?1",
		       "i", id))
		return mdg_desk_commit(d, err);
	mdg_desk_rollback(d);
	return false;
}

static enum mdg_found
next_due(struct mdg_desk *d, struct mdg_arena *a, int64_t *id, int64_t *ticket,
	 const char **happened, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found f = MDG_NONE;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT id, ticket_id, happened, depth, chain"
			  " FROM autorule_due ORDER BY id LIMIT 1",
			  ""))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		*id = mdg_rows_i64(r, 0);
		*ticket = mdg_rows_i64(r, 1);
		*happened = mdg_arena_strdup(a, mdg_rows_text(r, 2));
		depth = mdg_rows_i64(r, 3);
		snprintf(chain, sizeof(chain), "%s", mdg_rows_text(r, 4));
		f = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? f : MDG_FAILED;
}

static int64_t timed_s; /* when the time rules last ran */

static bool
tick_time(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	int64_t ids[TIME_TICKETS];
	struct mdg_rows *r;
	size_t n = 0;

	timed_s = now_s;
	depth = 0;
	*chain = '\0';
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT t.id FROM ticket t WHERE t.state NOT IN"
			  " ('closed', 'merged') AND t.parent_id IS NULL"
			  " AND EXISTS (SELECT 1 FROM autorule u"
			  "  WHERE u.win_id = t.win_id AND u.happens = 'time'"
			  "  AND u.enabled = 1) ORDER BY t.inbound_s LIMIT 500",
			  ""))
		return false;
	while (n < TIME_TICKETS && mdg_rows_next(r))
		ids[n++] = mdg_rows_i64(r, 0);
	if (!mdg_rows_close(&r, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!run_rules(d, ids[i], "time", now_s, err))
			return false;
	return true;
}

bool
mdg_autorule_due(struct mdg_desk *d, int64_t now_s)
{
	struct mdg_err err;
	int64_t one;

	if (mdg_db_i64(d->db, &one, &err,
		       "SELECT 1 FROM autorule_due LIMIT 1", "") == MDG_FOUND)
		return true;
	return (now_s >= timed_s + TIME_EVERY_S || now_s < timed_s) &&
	       mdg_db_i64(d->db, &one, &err,
			  "SELECT 1 FROM autorule WHERE happens = 'time'"
			  " AND enabled = 1 LIMIT 1",
			  "") == MDG_FOUND;
}

bool
mdg_autorule_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *happened;
	int64_t id, ticket;

	for (int i = 0; i < AT_ONCE; i++) {
		enum mdg_found f =
			next_due(d, &a, &id, &ticket, &happened, err);
		if (f == MDG_NONE)
			break;
		if (f == MDG_FAILED)
			return false;
		bool loop = depth >= MDG_AUTORULE_CHAIN_MAX;
		int64_t one;
		/* erased meanwhile: nothing is left to do */
		f = mdg_db_i64(d->db, &one, err,
			       "SELECT 1 FROM ticket WHERE id = ?1", "i",
			       ticket);
		if (f == MDG_FAILED)
			return false;
		if (f == MDG_FOUND &&
		    !(loop ? write_log(d, 0, ticket, now_s, "loop", happened,
				       err)
			   : run_rules(d, ticket, happened, now_s, err)))
			return false;
		if (!forget(d, id, err))
			return false;
	}
	if (now_s >= timed_s + TIME_EVERY_S || now_s < timed_s)
		return tick_time(d, now_s, err);
	return true;
}

/* ---- dry run ---- */

bool
mdg_autorule_try(struct mdg_desk *d, int64_t win, const json_t *conditions,
		 int64_t since_s, json_t *ret_tickets, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket t;
	struct shown s;
	int64_t id = 0;

	for (;;) {
		enum mdg_found f = mdg_db_i64(
			d->db, &id, err,
			"SELECT id FROM ticket WHERE win_id = ?1 AND id > ?2"
			" AND created_s >= ?3 AND parent_id IS NULL"
			" AND state <> 'merged' ORDER BY id LIMIT 1",
			"iii", win, id, since_s);
		if (f != MDG_FOUND)
			return f == MDG_NONE;
		if (mdg_ticket_by_id(d->db, id, &a, &t, err) != MDG_FOUND ||
		    !look(d, id, true, t.created_s, &a, &s, err))
			return false;
		if (json_array_size(ret_tickets) < MDG_LIST_MAX &&
		    all_hold(conditions, &s.f))
			json_array_append_new(
				ret_tickets,
				json_pack("{s:I,s:s,s:s,s:I}", "ticket",
					  t.number, "subject", s.f.subject,
					  "from", s.f.from, "received_s",
					  t.created_s));
		mdg_arena_clear(&a);
	}
}
