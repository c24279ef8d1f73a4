/* A candidate, a letter or filled slots, as a draft. */
#include <string.h>

#include "madoguchi/app/act.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/template.h"
#include "maildesk-int.h"

bool
mdg_order_has_letter(const struct mdg_order *o)
{
	return o->in.choice || o->in.edited || o->in.is_letter ||
	       o->in.slot_names.n;
}

static const json_t *
candidate(const struct mdg_order *o, int n)
{
	return json_array_get(json_object_get(o->context, "candidates"),
			      (size_t)(n - 1));
}

/* All places of `from` by `to`. */
static const char *
replaced(const char *text, const char *from, const char *to,
	 struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	const char *hit;

	for (; (hit = strstr(text, from)); text = hit + strlen(from)) {
		mdg_buf_put(&b, text, (size_t)(hit - text));
		mdg_buf_puts(&b, to);
	}
	mdg_buf_puts(&b, text);
	return mdg_arena_strdup(a, mdg_buf_str(&b));
}

/* "【注文番号】" as it was shown back to "{{order.no}}": it is still open. */
static const char *
unshown(struct mdg_order *o, const char *text, const char *body)
{
	for (const char *p = body; p && (p = strstr(p, "{{")); p += 2) {
		const char *end = strstr(p, "}}");
		if (!end)
			break;
		const char *slot = mdg_arena_strndup(&o->a, p + 2,
						     (size_t)(end - p - 2));
		text = replaced(text,
				mdg_arena_printf(&o->a, "【%s】",
						 mdg_answer_slot_label(slot)),
				mdg_arena_printf(&o->a, "{{%s}}", slot),
				&o->a);
	}
	return text;
}

static const char *
filled(struct mdg_order *o, const char *text)
{
	for (size_t i = 0; i < o->in.slot_names.n; i++)
		text = replaced(text,
				mdg_arena_printf(&o->a, "{{%s}}",
						 o->in.slot_names.v[i]),
				o->in.slot_values.v[i], &o->a);
	return text;
}

/* The text that was meant, and the template it comes from; false: answered. */
static bool
chosen(struct mdg_order *o, const char **ret_body, const char **ret_template,
       struct mdg_err *err)
{
	int n = o->in.edited ? o->in.edited : o->in.choice;
	const json_t *c = n ? candidate(o, n) : NULL;
	const char *body = json_string_value(json_object_get(c, "body"));

	*ret_template = json_string_value(json_object_get(c, "template"));
	*ret_body = NULL;
	if (o->in.edited)
		*ret_body = unshown(o, o->in.edited_text, body);
	else if (o->in.is_letter)
		*ret_body = o->in.text;
	else if (n)
		*ret_body = body;
	else if (o->draft.id)
		*ret_body = o->draft.body;
	if (*ret_body)
		return true;
	mdg_md_say(&o->say,
		   n ? MDG_MSG_md_no_such_candidate : MDG_MSG_md_no_draft,
		   mdg_md_number(&o->say, n), NULL);
	mdg_order_answer(o, err);
	return false;
}

static bool
refused(struct mdg_order *o, const struct mdg_err *why, struct mdg_err *err)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	o->refused = true;
	o->reason = mdg_code_name(why->code);
	mdg_err_text(why, o->say.lang, text, sizeof(text));
	mdg_md_say(&o->say, MDG_MSG_md_not_done, text, NULL);
	return mdg_order_answer(o, err);
}

static bool
put(struct mdg_order *o, const char *body, const char *template_id,
    struct mdg_err *err)
{
	struct mdg_person by = {.name = "-"};
	struct mdg_err why;
	json_t *args;
	bool ok;

	if (o->draft.id && o->draft.author_id != o->p.id) {
		if (mdg_person_by_id(o->d->db, o->draft.author_id, &o->a, &by,
				     err) == MDG_FAILED)
			return false;
		o->refused = true;
		o->reason = "other_draft";
		mdg_md_say(&o->say, MDG_MSG_md_other_draft, by.name, NULL);
		return mdg_order_answer(o, err);
	}
	if (o->draft.id && o->took_files && mdg_streq(o->draft.body, body))
		return true;
	if (o->draft.id) {
		args = json_pack("{s:I,s:s}", "draft", (json_int_t)o->draft.id,
				 "body", body);
		ok = mdg_order_act(o, "draft.edit", args, NULL, &why);
	} else {
		args = json_pack("{s:I,s:s,s:s*}", "ticket",
				 (json_int_t)o->t.number, "body", body,
				 "template", template_id);
		ok = mdg_order_act(o, "draft.new", args, NULL, &why);
	}
	if (!ok)
		return refused(o, &why, err);
	return mdg_order_load_draft(o, err);
}

/* What is still missing, and only that. */
static bool
ask_for_slots(struct mdg_order *o, struct mdg_err *err)
{
	const char *seen = "\n";
	size_t n = 0;
	struct mdg_md_say *s = &o->say;

	mdg_md_say(s, MDG_MSG_md_slots, NULL);
	mdg_md_blank(s);
	for (const char *p = o->draft.body; (p = strstr(p, "{{")); p += 2) {
		const char *end = strstr(p, "}}");
		if (!end)
			break;
		const char *label = mdg_answer_slot_label(mdg_arena_strndup(
			&o->a, p + 2, (size_t)(end - p - 2)));
		const char *line = mdg_arena_printf(&o->a, "\n%s\n", label);
		if (strstr(seen, line))
			continue;
		seen = mdg_arena_printf(&o->a, "%s%s", seen, line);
		mdg_md_puts(s, mdg_arena_printf(&o->a, "%s：", label));
		n++;
	}
	mdg_md_blank(s);
	mdg_md_say(s, MDG_MSG_md_slots_draft, NULL);
	mdg_md_block(s, "│ ", o->draft.body, 16000);
	return mdg_order_answer(o, err);
}

bool
mdg_order_write(struct mdg_order *o, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf open = {0};
	const char *body, *template_id;

	if (!chosen(o, &body, &template_id, err))
		return o->over;
	if (!put(o, filled(o, body), template_id, err))
		return false;
	if (o->over)
		return true;
	o->what = "draft";
	if (mdg_order_has_files(o)) {
		/* first they go into the draft: then all of it once more */
		o->wants_files = o->over = true;
		return true;
	}
	mdg_template_open_slots(o->draft.body, &open);
	if (open.len)
		return ask_for_slots(o, err);
	if (o->in.leftover) {
		mdg_md_say(&o->say, MDG_MSG_md_own_signature, o->in.leftover,
			   NULL);
		return mdg_order_preview(o, MDG_MSG_md_mend, err);
	}
	if (o->files_lost)
		return mdg_order_preview(o, MDG_MSG_md_files, err);
	/* what was changed in place is shown before it goes on */
	if (o->in.edited && o->in.cmd == MDG_ANSWER_NONE)
		return mdg_order_preview(o, MDG_MSG_md_edited, err);
	return true;
}
