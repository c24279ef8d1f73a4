/* window.letter: language and form of a window's letters (its Japanese texts:
 * window.set); window.preview: a letter with them. */
#include <string.h>

#include "madoguchi/app/reply.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/template.h"
#include "madoguchi/text/width.h"

#include "act-int.h"

enum { COLUMNS_MIN = 40, COLUMNS_MAX = 200 };

static bool
one_of(const char *s, const char *const *words, enum mdg_msg unknown,
       struct mdg_err *err)
{
	for (; *words; words++)
		if (mdg_streq(*words, s))
			return true;
	return mdg_fail_msg(err, MDG_EINVAL, unknown, s, NULL);
}

bool
mdg_act_letter_block(struct mdg_act_call *c, const char *name,
		     const char **text, struct mdg_err *err)
{
	const char *s = mdg_arg_text(c, name, NULL);

	if (!s)
		return true;
	s += strspn(s, "\n");
	size_t n = strlen(s);
	while (n && strchr(" \t\n", s[n - 1]))
		n--;
	if (n > MDG_TEMPLATE_BYTES_MAX)
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_draft_too_long,
				    NULL);
	*text = mdg_arena_strndup(c->arena, s, n);
	return mdg_reply_block_ok(*text, err);
}

void
mdg_act_letter_show(struct mdg_act_call *c, const struct mdg_win *w)
{
	mdg_result_text(c, "window", w->code);
	mdg_result_text(c, "from_name", w->from_name);
	mdg_result_text(c, "lang", w->lang);
	mdg_result_int(c, "columns", w->columns);
	mdg_result_text(c, "quote", w->quote);
	mdg_result_text(c, "tag", w->subject_tag);
	mdg_result_text(c, "greeting", w->greeting);
	mdg_result_text(c, "closing", w->closing);
	mdg_result_text(c, "signature", w->signature);
	mdg_result_text(c, "greeting_en", w->greeting_en);
	mdg_result_text(c, "closing_en", w->closing_en);
	mdg_result_text(c, "signature_en", w->signature_en);
}

static bool
read_columns(struct mdg_act_call *c, struct mdg_win *w, struct mdg_err *err)
{
	w->columns = mdg_arg_int(c, "columns", w->columns);
	return (w->columns >= COLUMNS_MIN && w->columns <= COLUMNS_MAX) ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_columns_bad,
			    mdg_act_number(c, w->columns), NULL);
}

static bool
read_blocks(struct mdg_act_call *c, struct mdg_win *w, bool all,
	    struct mdg_err *err)
{
	const struct {
		const char *name, **text;
	} blocks[] = {
		{"greeting_en", &w->greeting_en},
		{"closing_en", &w->closing_en},
		{"signature_en", &w->signature_en},
		{"greeting", &w->greeting},
		{"closing", &w->closing},
		{"signature", &w->signature},
	};

	for (size_t i = 0; i < (all ? MDG_LEN(blocks) : 3); i++)
		if (!mdg_act_letter_block(c, blocks[i].name, blocks[i].text,
					  err))
			return false;
	return true;
}

static bool
window_letter(struct mdg_act_call *c, struct mdg_err *err)
{
	static const char *const langs[] = {"ja", "en", NULL};
	static const char *const quotes[] = {"none", "part", "whole", NULL};
	static const char *const tags[] = {"none", "head", "end", NULL};
	struct mdg_win w = c->win;

	if (!read_blocks(c, &w, false, err))
		return false;
	w.lang = mdg_arg_text(c, "lang", w.lang);
	w.quote = mdg_arg_text(c, "quote", w.quote);
	w.subject_tag = mdg_arg_text(c, "tag", w.subject_tag);
	if (!one_of(w.lang, langs, MDG_MSG_lang_unknown, err) ||
	    !one_of(w.quote, quotes, MDG_MSG_quote_unknown, err) ||
	    !one_of(w.subject_tag, tags, MDG_MSG_tag_unknown, err) ||
	    !read_columns(c, &w, err))
		return false;
	mdg_act_letter_show(c, &w);
	return mdg_win_letter_put(c->desk->db, &w, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "window.letter",
			      json_pack("{s:I}", "window", w.id), NULL, err);
}

/* The words of a template, or a line that stands for any. */
static bool
preview_source(struct mdg_act_call *c, const char **ret, struct mdg_err *err)
{
	const char *id = mdg_arg_text(c, "template", "");
	struct mdg_template_row row;
	struct mdg_template t;

	if (!*id) {
		*ret = mdg_msg_text(
			mdg_lang_from_locale(mdg_arg_text(c, "lang", "ja")),
			MDG_MSG_letter_body);
		return true;
	}
	enum mdg_found f =
		mdg_template_newest(c->desk->db, id, c->arena, &row, err);
	if (f == MDG_NONE)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_template_none, id,
				    NULL);
	if (f == MDG_FAILED ||
	    !mdg_template_parse(row.id, row.source, c->arena, &t, err))
		return false;
	*ret = t.body;
	return true;
}

static bool
window_preview(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_person p = {.name = ""};
	struct mdg_win w = c->win;
	const char *source = NULL;

	if (!read_blocks(c, &w, true, err) || !read_columns(c, &w, err) ||
	    !preview_source(c, &source, err) ||
	    mdg_person_by_id(c->desk->db, c->actor->person_id, c->arena, &p,
			     err) == MDG_FAILED)
		return false;
	mdg_result_text(c, "text",
			mdg_reply_preview(&w, source, p.name, c->arena));
	return true;
}

const struct mdg_act mdg_acts_letter[] = {
	{"window.letter",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"window", 's', true},
	  {"greeting_en", 's', false},
	  {"closing_en", 's', false},
	  {"signature_en", 's', false},
	  {"lang", 's', false},
	  {"columns", 'i', false},
	  {"quote", 's', false},
	  {"tag", 's', false}},
	 window_letter},
	{"window.preview",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_ADMIN,
	 true,
	 {{"window", 's', true},
	  {"template", 's', false},
	  {"greeting", 's', false},
	  {"closing", 's', false},
	  {"signature", 's', false},
	  {"greeting_en", 's', false},
	  {"closing_en", 's', false},
	  {"signature_en", 's', false},
	  {"lang", 's', false},
	  {"columns", 'i', false}},
	 window_preview},
	{0},
};
