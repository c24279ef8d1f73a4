#include "madoguchi/app/act.h"

#include <string.h>

#include "madoguchi/app/autorule.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/tag.h"

#include "act-int.h"

// clang-format off
static const struct mdg_act *const tables[] = {
	mdg_acts_people,
	mdg_acts_letter,
	mdg_acts_session,
	mdg_acts_token,
	mdg_acts_window,
	mdg_acts_mailbox, mdg_acts_mailbox_change,
	mdg_acts_selftest,
	mdg_acts_folder,
	mdg_acts_oauth,
	mdg_acts_ticket,
	mdg_acts_form,
	mdg_acts_fact,
	mdg_acts_search,
	mdg_acts_incident,
	mdg_acts_similar,
	mdg_acts_sla,
	mdg_acts_report,
	mdg_acts_draft,
	mdg_acts_approve,
	mdg_acts_review,
	mdg_acts_rule,
	mdg_acts_template,
	mdg_acts_outbox,
	mdg_acts_desk,
	mdg_acts_golive,
	mdg_acts_audit,
	mdg_acts_regroup,
	mdg_acts_alarm,
	mdg_acts_mail,
	mdg_acts_scan,
	mdg_acts_upload,
	mdg_acts_customer,
	mdg_acts_lock,
	mdg_acts_autorule, mdg_acts_auto_do,
	mdg_acts_new,
	mdg_acts_note,
	mdg_acts_person,
	mdg_acts_spam, mdg_acts_junk,
	mdg_acts_queue,
	mdg_acts_shift,
	mdg_acts_maildesk,
};
// clang-format on

const struct mdg_act *const *
mdg_act_tables(size_t *ret_n)
{
	*ret_n = MDG_LEN(tables);
	return tables;
}

const struct mdg_act *
mdg_act_find(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(tables); i++)
		for (const struct mdg_act *act = tables[i]; act->name; act++)
			if (mdg_streq(act->name, name))
				return act;
	return NULL;
}

/* ---- arguments ---- */

const char *
mdg_arg_text(const struct mdg_act_call *c, const char *name,
	     const char *otherwise)
{
	const char *s = json_string_value(json_object_get(c->args, name));

	return s ? s : otherwise;
}

int64_t
mdg_arg_int(const struct mdg_act_call *c, const char *name, int64_t otherwise)
{
	const json_t *v = json_object_get(c->args, name);

	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

bool
mdg_arg_flag(const struct mdg_act_call *c, const char *name)
{
	return json_is_true(json_object_get(c->args, name));
}

void
mdg_result_text(struct mdg_act_call *c, const char *name, const char *v)
{
	json_object_set_new(c->result, name, v ? json_string(v) : json_null());
}

void
mdg_result_int(struct mdg_act_call *c, const char *name, int64_t v)
{
	json_object_set_new(c->result, name, json_integer(v));
}

const char *
mdg_act_number(struct mdg_act_call *c, int64_t v)
{
	return mdg_arena_printf(c->arena, "%lld", (long long)v);
}

static bool
has_type(const json_t *v, char type)
{
	switch (type) {
	case 's':
		return json_is_string(v);
	case 'i':
		return json_is_integer(v);
	case 'b':
		return json_is_boolean(v);
	case 'a':
		return json_is_array(v) &&
		       json_array_size(v) <= MDG_RECIPIENTS_MAX;
	case 'o':
		return json_is_object(v);
	default:
		return false;
	}
}

static const struct mdg_act_arg *
known_arg(const struct mdg_act *act, const char *name)
{
	for (size_t i = 0; i < MDG_ACT_ARGS_MAX && act->args[i].name; i++)
		if (mdg_streq(act->args[i].name, name))
			return &act->args[i];
	return NULL;
}

static bool
check_args(const struct mdg_act *act, const json_t *args, struct mdg_err *err)
{
	const char *name;
	json_t *v;

	/* jansson's iteration takes a mutable object but does not change it */
	json_object_foreach ((json_t *)args, name, v) {
		const struct mdg_act_arg *a = known_arg(act, name);
		if (mdg_streq(name, "if") && !act->reads && json_is_object(v))
			continue;
		if (!a)
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_act_arg_unknown, act->name,
					    name, NULL);
		if (!json_is_null(v) && !has_type(v, a->type))
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_act_arg_type, act->name,
					    name, NULL);
	}
	for (size_t i = 0; i < MDG_ACT_ARGS_MAX && act->args[i].name; i++) {
		const struct mdg_act_arg *a = &act->args[i];
		v = json_object_get(args, a->name);
		if (a->required && (!v || json_is_null(v)))
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_act_arg_missing, act->name,
					    a->name, NULL);
	}
	return true;
}

/* ---- what it is about, and who may ---- */

static bool
none(enum mdg_found f, struct mdg_err *err, enum mdg_msg id, const char *arg)
{
	return f == MDG_NONE ? mdg_fail_msg(err, MDG_ENOENT, id, arg, NULL)
			     : false;
}

static bool
load_ticket(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t number = mdg_arg_int(c, "ticket", 0);
	enum mdg_found f = mdg_ticket_by_number(c->desk->db, number, c->arena,
						&c->ticket, err);

	if (f != MDG_FOUND)
		return none(f, err, MDG_MSG_ticket_none,
			    mdg_act_number(c, number));
	if (c->ticket.merged_into)
		return mdg_desk_ticket_root(c->desk, c->ticket.id, c->arena,
					    &c->ticket, err);
	return true;
}

static bool
load_draft(struct mdg_act_call *c, int64_t id, struct mdg_err *err)
{
	enum mdg_found f =
		mdg_draft_by_id(c->desk->db, id, c->arena, &c->draft, err);

	if (f != MDG_FOUND)
		return none(f, err, MDG_MSG_draft_none, mdg_act_number(c, id));
	return mdg_desk_ticket_root(c->desk, c->draft.ticket_id, c->arena,
				    &c->ticket, err);
}

static bool
load_outbox(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t id = mdg_arg_int(c, "outbox", 0);
	enum mdg_found f =
		mdg_outbox_by_id(c->desk->db, id, c->arena, &c->outbox, err);

	if (f != MDG_FOUND)
		return none(f, err, MDG_MSG_outbox_none, mdg_act_number(c, id));
	if (c->outbox.draft_id)
		return load_draft(c, c->outbox.draft_id, err);
	return true;
}

static bool
load_offer(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t id = mdg_arg_int(c, "offer", 0);
	enum mdg_found f =
		mdg_offer_by_id(c->desk->db, id, c->arena, &c->offer, err);

	if (f != MDG_FOUND)
		return none(f, err, MDG_MSG_offer_none, mdg_act_number(c, id));
	return mdg_desk_ticket_root(c->desk, c->offer.ticket_id, c->arena,
				    &c->ticket, err);
}

static bool
load_message(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t id = mdg_arg_int(c, "message", 0), ticket;
	enum mdg_found f = mdg_db_i64(
		c->desk->db, &ticket, err,
		"SELECT ticket_id FROM message WHERE id = ?1", "i", id);

	if (f != MDG_FOUND)
		return none(f, err, MDG_MSG_message_none,
			    mdg_act_number(c, id));
	return mdg_desk_ticket_root(c->desk, ticket, c->arena, &c->ticket, err);
}

static bool
load_subject(struct mdg_act_call *c, const struct mdg_act *act,
	     struct mdg_err *err)
{
	const char *code;
	enum mdg_found f;
	bool ok = true;

	switch (act->scope) {
	case MDG_SCOPE_TICKET:
		ok = load_ticket(c, err);
		break;
	case MDG_SCOPE_DRAFT:
		ok = load_draft(c, mdg_arg_int(c, "draft", 0), err);
		break;
	case MDG_SCOPE_OUTBOX:
		ok = load_outbox(c, err);
		break;
	case MDG_SCOPE_OFFER:
		ok = load_offer(c, err);
		break;
	case MDG_SCOPE_MESSAGE:
		ok = load_message(c, err);
		break;
	case MDG_SCOPE_WINDOW:
		code = mdg_arg_text(c, "window", "");
		f = mdg_win_by_code(c->desk->db, code, c->arena, &c->win, err);
		return f == MDG_FOUND || none(f, err, MDG_MSG_win_none, code);
	case MDG_SCOPE_DESK:
	case MDG_SCOPE_ANY:
		return true;
	}
	if (!ok || !c->ticket.win_id)
		return ok;
	f = mdg_win_by_id(c->desk->db, c->ticket.win_id, c->arena, &c->win,
			  err);
	return f == MDG_FOUND;
}

static bool
load_role(struct mdg_act_call *c, const struct mdg_act *act,
	  struct mdg_err *err)
{
	struct mdg_person p;

	if (c->actor->person_id == 0) {
		c->role = c->actor->is_machine_admin ? MDG_MEMBER_ADMIN
						     : MDG_MEMBER_NONE;
		return true;
	}
	if (mdg_person_by_id(c->desk->db, c->actor->person_id, c->arena, &p,
			     err) != MDG_FOUND)
		return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_act_who, NULL);
	if (p.disabled)
		return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_person_disabled,
				    p.login, NULL);
	if (c->win.id && !mdg_member_get(c->desk->db, c->win.id, p.id, &c->role,
					 &c->is_novice, err))
		return false;
	if (act->scope == MDG_SCOPE_ANY &&
	    !mdg_member_best(c->desk->db, p.id, &c->role, err))
		return false;
	if (p.is_admin)
		c->role = MDG_MEMBER_ADMIN;
	else
		c->viewer = p.id;
	return true;
}

/* ---- the call ---- */

static bool
prepare(struct mdg_act_call *c, const struct mdg_act *act, struct mdg_err *err)
{
	if (!mdg_act_may_token(c, act, err) || !check_args(act, c->args, err) ||
	    !load_subject(c, act, err) || !load_role(c, act, err))
		return false;
	if (c->role < act->role)
		return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_act_forbidden,
				    act->name, mdg_member_role_name(act->role),
				    NULL);
	return true;
}

/* What the action that shows it has to say now, to the same person. */
static bool
show_again(const struct mdg_act_call *c, const struct mdg_act *show,
	   char tag[MDG_TAG_CHARS + 1], struct mdg_err *err)
{
	json_t *args = json_object();
	struct mdg_act_call s = {
		.desk = c->desk,
		.actor = c->actor,
		.args = args,
		.arena = c->arena,
		.now_s = c->now_s,
		.result = json_object(),
	};

	for (size_t i = 0; i < MDG_ACT_ARGS_MAX && show->args[i].name; i++)
		if (show->args[i].required)
			json_object_set(
				args, show->args[i].name,
				json_object_get(c->args, show->args[i].name));
	bool ok = check_args(show, args, err) && load_subject(&s, show, err) &&
		  load_role(&s, show, err) && show->run(&s, err);
	if (ok)
		mdg_json_tag(s.result, tag);
	json_decref(s.result);
	json_decref(args);
	return ok;
}

/* Is what they saw still there? Asked in the transaction of the change. */
static bool
is_as_seen(const struct mdg_act_call *c, struct mdg_err *err)
{
	const json_t *cond = json_object_get(c->args, "if"), *one;
	const char *name = json_string_value(json_object_get(cond, "shown"));
	const struct mdg_act *show = name ? mdg_act_find(name) : NULL;
	char tag[MDG_TAG_CHARS + 1];
	size_t i;

	if (!cond)
		return true;
	if (!show || !show->reads || c->role < show->role)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_act_arg_unknown,
				    name ? name : "", "if", NULL);
	if (!show_again(c, show, tag, err))
		return false;
	json_array_foreach (json_object_get(cond, "tags"), i, one)
		if (mdg_streq(json_string_value(one), tag))
			return true;
	return mdg_fail_msg(err, MDG_ESTALE, MDG_MSG_act_changed, NULL);
}

/*
 * Writing actions that change nothing of the desk, such as using a session on:
 * they need no event.
 */
static const char *const quiet[] = {"upload.begin", "upload.put",
				    "session.open", NULL};

static bool
is_quiet(const struct mdg_act *act)
{
	for (size_t i = 0; quiet[i]; i++)
		if (mdg_streq(quiet[i], act->name))
			return true;
	return false;
}

/* Every change is in the chain: an action that forgets its event fails. */
static bool
has_event(const struct mdg_act_call *c, const struct mdg_act *act,
	  uint64_t writes, struct mdg_err *err)
{
	return is_quiet(act) || c->desk->lane.seq != c->desk->lane_before.seq ||
	       mdg_db_writes(c->desk->db) == writes ||
	       mdg_fail(err, MDG_EBUG, "%s changed the desk without an event",
			act->name);
}

/* "ticket.show" of a ticket, "customer.export" of the customer in args. */
static void
note_view(struct mdg_act_call *c, const struct mdg_act *act)
{
	char kind[32];

	snprintf(kind, sizeof(kind), "%.*s", (int)strcspn(act->name, "."),
		 act->name);
	mdg_desk_viewed(c->desk, c->actor, kind,
			c->ticket.id ? c->ticket.id
				     : mdg_arg_int(c, "customer", 0));
}

bool
mdg_act_run(struct mdg_desk *d, const struct mdg_actor *who,
	    const struct mdg_act *act, const json_t *args, json_t **ret,
	    struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_act_call c = {
		.desk = d,
		.actor = who,
		.args = args,
		.arena = &a,
		.now_s = mdg_now_s(),
	};

	if (!act->reads && !mdg_desk_begin(d, err))
		return false;
	uint64_t writes = mdg_db_writes(d->db);
	c.result = json_object();
	bool ok = prepare(&c, act, err) && is_as_seen(&c, err) &&
		  act->run(&c, err);
	if (!act->reads) {
		ok = ok && has_event(&c, act, writes, err) &&
		     mdg_autorule_note(d, &c.ticket, "change", err);
		if (ok)
			ok = mdg_desk_commit(d, err);
		else
			mdg_desk_rollback(d);
	}
	if (!ok) {
		json_decref(c.result);
		return false;
	}
	if (act->reads == MDG_VIEWS)
		note_view(&c, act);
	*ret = c.result;
	return true;
}

bool
mdg_act_allowed(struct mdg_desk *d, const struct mdg_actor *who,
		const struct mdg_act *act, const json_t *args,
		struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_act_call c = {
		.desk = d,
		.actor = who,
		.args = args,
		.arena = &a,
		.now_s = mdg_now_s(),
	};

	if (json_object_get(args, "if"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_act_arg_unknown,
				    act->name, "if", NULL);
	return prepare(&c, act, err);
}

bool
mdg_act_call(struct mdg_desk *d, const struct mdg_actor *who, const char *name,
	     const json_t *args, json_t **ret, struct mdg_err *err)
{
	const struct mdg_act *act = mdg_act_find(name);

	return act ? mdg_act_run(d, who, act, args, ret, err)
		   : mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_act_unknown, name,
				  NULL);
}
