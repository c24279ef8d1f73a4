/* search: tickets by words, with the place where the words stand. */
#include <string.h>

#include "act-int.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/search.h"
#include "madoguchi/text/fold.h"
#include "madoguchi/text/terms.h"

enum {
	LIMIT_DEFAULT = 20,
	LIMIT_MAX = 100,
	LEAD = 20, /* characters shown before the first mark */
	SHOWN = 100,
};

/* Byte offset of character k, at most n. */
static size_t
byte_of(const char *s, size_t n, size_t k)
{
	size_t i = 0;
	uint32_t cp;

	while (k-- > 0 && i < n)
		i += mdg_utf8_next(s + i, n - i, &cp);
	return i;
}

static json_t *
marks_within(const struct mdg_terms_mark *m, size_t n, size_t from, size_t to)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		if (m[i].start >= from && m[i].end <= to)
			json_array_append_new(
				list, json_pack("[I,I]",
						(json_int_t)(m[i].start - from),
						(json_int_t)(m[i].end - from)));
	return list;
}

/* A piece of text around its first mark; false if it has none. */
static bool
excerpt(json_t *hit, const char *text, const char *words)
{
	struct mdg_terms_mark m[MDG_TERMS_MARKS_MAX];
	size_t len = strlen(text);
	size_t n = mdg_terms_marks(text, len, words, m);

	if (n == 0)
		return false;
	size_t from = m[0].start > LEAD ? m[0].start - LEAD : 0;
	size_t start = byte_of(text, len, from);
	size_t end = start + byte_of(text + start, len - start, SHOWN);
	json_object_set_new(hit, "excerpt",
			    json_stringn(text + start, end - start));
	json_object_set_new(hit, "marks",
			    marks_within(m, n, from, from + SHOWN));
	return true;
}

/* Where it stands: in what was newly written, in the subject, in the rest. */
static void
show_place(json_t *hit, const char *words)
{
	static const char *const fields[] = {"reply", "mail_subject", "text",
					     "from_name", "from_address"};
	bool found = false;

	for (size_t i = 0; i < MDG_LEN(fields) && !found; i++) {
		const char *s =
			json_string_value(json_object_get(hit, fields[i]));
		found = s && excerpt(hit, s, words);
	}
	if (!found) {
		json_object_set_new(hit, "excerpt", json_string(""));
		json_object_set_new(hit, "marks", json_array());
	}
	json_object_del(hit, "reply");
	json_object_del(hit, "text");
}

/* A lone number may be a 受付番号: its ticket is told apart from the hits. */
static bool
by_number(struct mdg_act_call *c, const char *words, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	struct mdg_ticket t;
	int64_t number;

	mdg_fold(&folded, words, strlen(words),
		 MDG_FOLD_SEARCH | MDG_FOLD_NOSPACE);
	const char *p = mdg_buf_str(&folded);
	if (!mdg_str_i64(p + (*p == '#'), 1, INT64_MAX, &number))
		return true;
	enum mdg_found f =
		mdg_ticket_by_number(c->desk->db, number, c->arena, &t, err);
	enum mdg_member_role role = MDG_MEMBER_ADMIN;
	bool novice;
	if (f == MDG_FAILED ||
	    (f == MDG_FOUND && c->viewer &&
	     !mdg_member_get(c->desk->db, t.win_id, c->viewer, &role, &novice,
			     err)))
		return false;
	if (f == MDG_FOUND && role >= MDG_MEMBER_VIEWER)
		mdg_result_int(c, "number", number);
	return true;
}

static bool
search(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *words = mdg_arg_text(c, "words", "");
	int64_t limit = mdg_arg_int(c, "limit", LIMIT_DEFAULT);
	struct mdg_search_filter f = {
		.state = mdg_arg_text(c, "state", NULL),
		.window = mdg_arg_text(c, "window", NULL),
		.assignee = mdg_arg_text(c, "assignee", NULL),
		.before = mdg_arg_int(c, "before", 0),
		.viewer = c->viewer,
		.limit = limit < 1           ? 1
			 : limit > LIMIT_MAX ? LIMIT_MAX
					     : (size_t)limit,
	};
	struct mdg_terms_phrase *terms;
	struct mdg_search_phrase phrases[MDG_TERMS_PHRASES_MAX];
	size_t i, n = mdg_terms_query(words, c->arena, &terms);
	json_t *hit;

	if (n == 0)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_search_no_words,
				    NULL);
	for (i = 0; i < n; i++)
		phrases[i] = (struct mdg_search_phrase){terms[i].terms,
							terms[i].prefix};
	mdg_result_int(c, "now_s", c->now_s);
	if (!mdg_act_day(c, "from", -1, false, &f.from_s, err) ||
	    !mdg_act_day(c, "to", -1, true, &f.to_s, err) ||
	    !by_number(c, words, err))
		return false;
	if (!mdg_query_search(c->desk->db, phrases, n, &f, c->result, err))
		return false;
	json_array_foreach (json_object_get(c->result, "tickets"), i, hit)
		show_place(hit, words);
	return true;
}

const struct mdg_act mdg_acts_search[] = {
	{"search",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_VIEWER,
	 MDG_VIEWS,
	 {{"words", 's', true},
	  {"state", 's', false},
	  {"window", 's', false},
	  {"assignee", 's', false},
	  {"from", 's', false},
	  {"to", 's', false},
	  {"before", 'i', false},
	  {"limit", 'i', false}},
	 search},
	{0},
};
