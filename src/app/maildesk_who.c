/* Plans: their common parts, who is to have a ticket, and codes. */
#include <stdio.h>
#include <string.h>

#include "madoguchi/app/act.h"
#include "madoguchi/app/check.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "maildesk-int.h"

/* Says it, and that is the answer. */
bool
mdg_plan_say(struct mdg_order *o, enum mdg_msg id, const char *arg,
	 struct mdg_err *err)
{
	/* the request is still open: it can be answered from here, too */
	if (mdg_streq(o->token.purpose, "approve"))
		o->purpose = "approve";
	mdg_md_say(&o->say, id, arg ? arg : "", NULL);
	return mdg_order_answer(o, err);
}

bool
mdg_plan_call(struct mdg_order *o, const char *act, json_t *args, bool strong)
{
	o->act = act;
	o->args = args;
	o->strong = strong;
	return true;
}

json_t *
mdg_plan_ticket(const struct mdg_order *o)
{
	return json_pack("{s:I}", "ticket", (json_int_t)o->t.number);
}

json_t *
mdg_plan_draft(const struct mdg_order *o)
{
	return json_pack("{s:I}", "draft", (json_int_t)o->draft.id);
}

/* Who is meant: a login, or part of a name that only one person has. */
static bool
find_person(struct mdg_order *o, const char *text, const char **ret,
	    struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	size_t n = 0;

	*ret = NULL;
	if (!mdg_db_query(o->d->db, &r, err,
			  "SELECT p.login, p.name FROM person p"
			  " WHERE p.disabled = 0 AND (p.is_admin = 1 OR"
			  " EXISTS (SELECT 1 FROM member m"
			  " WHERE m.person_id = p.id AND m.win_id = ?1))",
			  "i", o->w.id))
		return false;
	while (mdg_rows_next(r)) {
		const char *login = mdg_rows_text(r, 0);
		bool exact = mdg_strcaseeq(login, text);
		if (!exact && !strstr(mdg_rows_text(r, 1), text))
			continue;
		*ret = mdg_arena_strdup(&o->a, login);
		n = exact ? 1 : n + 1;
		if (exact)
			break;
	}
	if (n != 1)
		*ret = NULL;
	return mdg_rows_close(&r, err);
}

static const char *
person_words(struct mdg_order *o)
{
	char *s = mdg_arena_strdup(&o->a, o->in.arg);
	size_t n;
	static const char *const tails[] = {"さん", "様", "。", "に", "へ",
					    "を",   " "};

	for (bool again = true; again;) {
		again = false;
		n = strlen(s);
		for (size_t i = 0; i < MDG_LEN(tails); i++)
			if (mdg_str_ends(s, tails[i])) {
				s[n - strlen(tails[i])] = '\0';
				again = true;
				break;
			}
	}
	return s;
}

/* 担当 鈴木: hands over. 担当 10042: takes that one. 担当, 交代: takes this. */
bool
mdg_plan_assign(struct mdg_order *o, struct mdg_err *err)
{
	const char *words = person_words(o), *to = o->p.login;
	int64_t number = o->has_ticket ? o->t.number : 0, whose = 0;

	if (o->in.cmd == MDG_ANSWER_TAKE &&
	    mdg_streq(o->token.purpose, "approve") && o->draft.id)
		return mdg_plan_call(o, "approval.takeover", mdg_plan_draft(o), true);
	if (*words == '#')
		words++;
	if (*words && o->in.cmd == MDG_ANSWER_ASSIGN &&
	    !mdg_str_i64(words, MDG_TICKET_NUMBER_FIRST, INT64_MAX, &number)) {
		if (!find_person(o, words, &to, err))
			return false;
		if (!to)
			return mdg_plan_say(o, MDG_MSG_md_who, words, err);
	}
	if (!number)
		return mdg_plan_say(o, MDG_MSG_md_which_ticket, NULL, err);
	if (mdg_db_i64(o->d->db, &whose, err,
		       "SELECT COALESCE(assignee_id, 0) FROM ticket"
		       " WHERE number = ?1",
		       "i", number) == MDG_FAILED)
		return false;
	/* nobody's ticket is there to be taken; all else is handing over */
	return mdg_plan_call(o, "ticket.assign",
		    json_pack("{s:I,s:s}", "ticket", (json_int_t)number, "to",
			      to),
		    whose != 0 || !mdg_streq(to, o->p.login));
}

/* ---- a code ---- */

bool
mdg_plan_code(struct mdg_order *o, struct mdg_err *err)
{
	const char *want = json_string_value(
		json_object_get(o->context, "code"));
	json_int_t tries = json_integer_value(
		json_object_get(o->context, "tries"));
	static const char *const acts[] = {"approve", "draft.submit",
					   "ticket.assign",
					   "approval.takeover"};

	if (o->token.used_s || !want)
		return mdg_order_refuse(o, "used", true, err);
	if (!o->in.code)
		return mdg_order_refuse(o, "no_code", false, err);
	if (!mdg_desk_begin(o->d, err))
		return false;
	bool right = mdg_streq(want, o->in.code);
	json_object_set_new(o->context, "tries", json_integer(tries + 1));
	MDG_AUTO(mdg_freep) char *kept = json_dumps(o->context, JSON_COMPACT);
	if (!mdg_mail_token_context(o->d->db, o->token.hash, kept, err) ||
	    ((right || tries + 1 >= MDG_MD_CODE_TRIES) &&
	     !mdg_mail_token_used(o->d->db, o->token.hash, mdg_now_s(), err)) ||
	    !mdg_desk_commit(o->d, err)) {
		mdg_desk_rollback(o->d);
		return false;
	}
	if (!right)
		return mdg_order_refuse(o, "code", true, err);
	o->evidence = "code";
	o->what = mdg_arena_strdup(
		&o->a,
		json_string_value(json_object_get(o->context, "what")));
	o->in.words = o->what;
	o->checks = json_is_true(json_object_get(o->context, "checks"));
	const char *act = json_string_value(json_object_get(o->context, "act"));
	for (size_t i = 0; i < MDG_LEN(acts); i++)
		if (mdg_streq(acts[i], act))
			return mdg_plan_call(o, acts[i],
				    json_incref(json_object_get(o->context,
								"args")),
				    true);
	return mdg_fail(err, MDG_EBUG, "no action behind the code");
}

