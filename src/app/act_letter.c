/* window.letter: language and form of a window's letters (its Japanese texts:
 * window.set). */
#include <string.h>

#include "madoguchi/app/reply.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
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

/* A text as it will stand: without blank lines around it. */
static bool
read_block(struct mdg_act_call *c, const char *name, const char **text,
	   struct mdg_err *err)
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
window_letter(struct mdg_act_call *c, struct mdg_err *err)
{
	static const char *const langs[] = {"ja", "en", NULL};
	static const char *const quotes[] = {"none", "part", "whole", NULL};
	static const char *const tags[] = {"none", "head", "end", NULL};
	struct mdg_win w = c->win;
	const struct {
		const char *name, **text;
	} blocks[] = {
		{"greeting_en", &w.greeting_en},
		{"closing_en", &w.closing_en},
		{"signature_en", &w.signature_en},
	};

	for (size_t i = 0; i < MDG_LEN(blocks); i++)
		if (!read_block(c, blocks[i].name, blocks[i].text, err))
			return false;
	w.lang = mdg_arg_text(c, "lang", w.lang);
	w.quote = mdg_arg_text(c, "quote", w.quote);
	w.subject_tag = mdg_arg_text(c, "tag", w.subject_tag);
	w.columns = mdg_arg_int(c, "columns", w.columns);
	if (!one_of(w.lang, langs, MDG_MSG_lang_unknown, err) ||
	    !one_of(w.quote, quotes, MDG_MSG_quote_unknown, err) ||
	    !one_of(w.subject_tag, tags, MDG_MSG_tag_unknown, err))
		return false;
	if (w.columns < COLUMNS_MIN || w.columns > COLUMNS_MAX)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_columns_bad,
				    mdg_act_number(c, w.columns), NULL);
	mdg_act_letter_show(c, &w);
	return mdg_win_letter_put(c->desk->db, &w, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "window.letter",
			      json_pack("{s:I}", "window", w.id), NULL, err);
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
	{0},
};
