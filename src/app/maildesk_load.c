/* All that an order is about. */
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "maildesk-int.h"

static const char *
said(const struct mdg_order *o, const char *key)
{
	const char *v = json_string_value(json_object_get(o->said, key));

	return v ? v : "";
}

/* Names of slots that are open in text; NULL: none. */
static void
add_slots(struct mdg_order *o, struct mdg_strings *to, const char *text)
{
	const char *end;

	for (const char *p = text;
	     p && (p = strstr(p, "{{")) && (end = strstr(p, "}}")); p += 2)
		mdg_strings_add(
			to, &o->a,
			mdg_arena_strndup(&o->a, p + 2, (size_t)(end - p - 2)),
			MDG_ANSWER_SLOTS_MAX);
}

/* What the person saw when answering: candidates, slots that were open. */
static void
read_words(struct mdg_order *o)
{
	struct mdg_answer_input in = {
		.reply = said(o, "reply"),
		.text = said(o, "text"),
		.signature = o->mp.signature,
		.name = o->p.name ? o->p.name : "",
	};
	const json_t *list = json_object_get(o->context, "candidates"), *one;
	struct mdg_strings open = {0};

	for (size_t i = 0; i < MDG_ANSWER_CHOICES; i++) {
		one = json_array_get(list, i);
		in.candidates[i] =
			json_string_value(json_object_get(one, "shown"));
		add_slots(o, &open,
			  json_string_value(json_object_get(one, "body")));
	}
	/* of the mail that was answered, not of the newest in its thread */
	if (!mdg_streq(o->token.purpose, "thread"))
		in.shown =
			json_string_value(json_object_get(o->context, "shown"));
	add_slots(o, &open, o->draft.id ? o->draft.body : NULL);
	in.slots = open;
	for (size_t i = 0; i < open.n; i++)
		mdg_strings_add(&in.labels, &o->a,
				mdg_answer_slot_label(open.v[i]),
				MDG_ANSWER_SLOTS_MAX);
	mdg_answer_read(&in, &o->a, &o->in);
}

bool
mdg_order_load_draft(struct mdg_order *o, struct mdg_err *err)
{
	int64_t id;

	o->draft = (struct mdg_draft){.id = 0};
	if (!o->has_ticket)
		return true;
	enum mdg_found f = mdg_draft_open(o->d->db, o->t.id, &id, err);
	if (f == MDG_FOUND)
		f = mdg_draft_by_id(o->d->db, id, &o->a, &o->draft, err);
	return f != MDG_FAILED;
}

/* Candidates are in the notice; an answer to a later mail means them, too. */
static bool
load_context(struct mdg_order *o, struct mdg_err *err)
{
	struct mdg_mail_token newest;

	o->context =
		json_loads(o->token.context ? o->token.context : "{}", 0, NULL);
	if (!o->context)
		o->context = json_object();
	if (!mdg_streq(o->token.purpose, "thread"))
		return true;
	enum mdg_found f = mdg_mail_token_newest(o->d->db, o->p.id, o->t.id,
						 &o->a, &newest, err);
	if (f == MDG_FOUND) {
		json_t *c = json_loads(newest.context, 0, NULL);
		json_object_update_missing(o->context, c);
		json_decref(c);
	}
	return f != MDG_FAILED;
}

bool
mdg_order_load(struct mdg_order *o, struct mdg_err *err)
{
	enum mdg_found f;

	o->said = json_loads(*o->row.said ? o->row.said : "{}", 0, NULL);
	if (o->row.token.n) {
		f = mdg_mail_token_get(o->d->db, o->row.token, &o->a, &o->token,
				       err);
		if (f == MDG_FAILED)
			return false;
	}
	if (!o->token.purpose)
		o->token.purpose = "";
	f = mdg_person_by_id(o->d->db, o->row.person_id, &o->a, &o->p, err);
	if (f == MDG_FAILED)
		return false;
	o->mp = (struct mdg_mail_person){.signature = "", .evidence = ""};
	if (f == MDG_FOUND && mdg_mail_person_get(o->d->db, o->p.id, &o->a,
						  &o->mp, err) == MDG_FAILED)
		return false;
	if (o->token.ticket_id) {
		if (!mdg_desk_ticket_root(o->d, o->token.ticket_id, &o->a,
					  &o->t, err))
			return false;
		o->has_ticket = true;
		f = mdg_win_by_id(o->d->db, o->t.win_id, &o->a, &o->w, err);
	} else {
		f = mdg_md_home(o->d, o->p.id, &o->a, &o->w, err);
	}
	if (f != MDG_FOUND)
		return f == MDG_NONE && mdg_fail(err, MDG_ENOENT, "no window");
	o->who = (struct mdg_actor){
		.person_id = o->p.id,
		.lang = mdg_streq(o->p.lang, "en") ? MDG_LANG_EN : MDG_LANG_JA,
	};
	snprintf(o->who.name, sizeof(o->who.name), "person:%lld as mail:%lld",
		 (long long)o->p.id, (long long)o->row.id);
	o->say = (struct mdg_md_say){.d = o->d,
				     .lang = o->who.lang,
				     .a = &o->a,
				     .now_s = mdg_now_s()};
	o->evidence = o->row.evidence;
	o->what = o->reason = "";
	o->purpose = o->has_ticket ? "ticket" : "list";
	if (!mdg_md_calendar(o->d, &o->w, &o->say.cal, err) ||
	    !mdg_order_load_draft(o, err) || !load_context(o, err))
		return false;
	read_words(o);
	return true;
}
