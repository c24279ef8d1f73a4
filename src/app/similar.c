/* ticket.similar: earlier tickets about the same, and what was answered. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "act-int.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/search.h"
#include "madoguchi/text/terms.h"

enum {
	HITS_MAX = 200, /* newest mails looked at for one word */
	FOUND_MAX = 8 * HITS_MAX,
	CHECKED_MAX = 60, /* mails whose ticket is looked up */
	SHOWN_DEFAULT = 5,
	SHOWN_MAX = 20,
};

struct hit {
	int64_t message_id;
	double score;
	unsigned words; /* bits: which keywords */
};

struct similar {
	struct mdg_act_call *c;
	json_t *keywords;
	struct hit *v;
	size_t n;
	double all; /* what a mail with every word would have */
};

static int
by_message(const void *a, const void *b)
{
	int64_t x = ((const struct hit *)a)->message_id;
	int64_t y = ((const struct hit *)b)->message_id;

	return x < y ? -1 : x > y;
}

static int
by_score(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return x->message_id > y->message_id ? -1 : 1; /* newest first */
}

/* The rarer a word, the more it says; what every mail has says nothing. */
static bool
look_for(struct similar *s, size_t k, struct mdg_err *err)
{
	const char *word = json_string_value(json_array_get(s->keywords, k));
	struct mdg_terms_phrase *terms;
	int64_t ids[HITS_MAX];
	size_t found;
	size_t n = word ? mdg_terms_query(word, s->c->arena, &terms) : 0;
	struct mdg_search_phrase phrases[MDG_TERMS_PHRASES_MAX];

	if (n == 0)
		return true;
	for (size_t i = 0; i < n; i++)
		phrases[i] = (struct mdg_search_phrase){terms[i].terms,
							terms[i].prefix};
	if (!mdg_search_query(s->c->desk->db, phrases, n, 0, HITS_MAX, ids,
			      &found, err))
		return false;
	double weight = 1 / (1 + log1p((double)found));
	s->all += weight;
	for (size_t i = 0; i < found && s->n < FOUND_MAX; i++)
		s->v[s->n++] = (struct hit){ids[i], weight, 1u << k};
	return true;
}

static void
add_up(struct similar *s)
{
	size_t n = 0;

	qsort(s->v, s->n, sizeof(*s->v), by_message);
	for (size_t i = 0; i < s->n; i++) {
		if (n > 0 && s->v[n - 1].message_id == s->v[i].message_id) {
			s->v[n - 1].score += s->v[i].score;
			s->v[n - 1].words |= s->v[i].words;
		} else {
			s->v[n++] = s->v[i];
		}
	}
	s->n = n;
	qsort(s->v, s->n, sizeof(*s->v), by_score);
}

static bool
is_listed(const json_t *list, int64_t number)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_integer_value(json_object_get(json_array_get(list, i),
						       "ticket")) == number)
			return true;
	return false;
}

/* Its ticket, if that is another one of this window and was answered. */
static bool
add_ticket(struct similar *s, const struct hit *h, json_t *list,
	   struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	json_t *words = json_array();

	if (!mdg_db_query(
		    s->c->desk->db, &r, err,
		    "SELECT t.number, t.subject, t.state, o.received_s,"
		    " COALESCE(o.reply, o.text), l.template_id"
		    " FROM message m JOIN ticket t ON t.id = m.ticket_id"
		    " JOIN message o ON o.id = (SELECT MAX(x.id) FROM message x"
		    "  WHERE x.ticket_id = t.id AND x.direction = 'out')"
		    " LEFT JOIN learned l ON l.message_id = m.id"
		    " WHERE m.id = ?1 AND m.direction = 'in' AND t.id <> ?2"
		    " AND t.win_id = ?3 AND t.state <> 'merged'",
		    "iii", h->message_id, s->c->ticket.id,
		    s->c->ticket.win_id)) {
		json_decref(words);
		return false;
	}
	if (!mdg_rows_next(r) || is_listed(list, mdg_rows_i64(r, 0))) {
		json_decref(words);
		return mdg_rows_close(&r, err);
	}
	for (size_t k = 0; k < json_array_size(s->keywords); k++)
		if (h->words & (1u << k))
			json_array_append(words,
					  json_array_get(s->keywords, k));
	json_array_append_new(
		list,
		json_pack("{s:I,s:s,s:s,s:i,s:o,s:I,s:s,s:s?}", "ticket",
			  mdg_rows_i64(r, 0), "subject", mdg_rows_text(r, 1),
			  "state", mdg_rows_text(r, 2), "percent",
			  (int)(100 * h->score / s->all), "words", words,
			  "answered_s", mdg_rows_i64(r, 3), "answer",
			  mdg_rows_text(r, 4), "template",
			  mdg_rows_null(r, 5) ? NULL : mdg_rows_text(r, 5)));
	return mdg_rows_close(&r, err);
}

static bool
find(struct similar *s, size_t max, json_t *list, struct mdg_err *err)
{
	size_t n = json_array_size(s->keywords);

	s->v = mdg_arena_array(s->c->arena, FOUND_MAX, sizeof(*s->v));
	for (size_t k = 0; k < n && k < 8; k++)
		if (!look_for(s, k, err))
			return false;
	add_up(s);
	for (size_t i = 0;
	     i < s->n && i < CHECKED_MAX && json_array_size(list) < max; i++)
		if (!add_ticket(s, &s->v[i], list, err))
			return false;
	return true;
}

static bool
ticket_similar(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	int64_t max = mdg_arg_int(c, "limit", SHOWN_DEFAULT);
	struct similar s = {.c = c};
	json_t *list = json_array();

	json_object_set_new(c->result, "similar", list);
	mdg_result_int(c, "ticket", c->ticket.number);
	if (max < 1 || max > SHOWN_MAX)
		max = SHOWN_DEFAULT;
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT json FROM suggestion WHERE ticket_id = ?1",
			  "i", c->ticket.id))
		return false;
	json_t *o = mdg_rows_next(r) ? json_loads(mdg_rows_text(r, 0), 0, NULL)
				     : NULL;
	s.keywords = json_object_get(o, "keywords");
	bool ok = mdg_rows_close(&r, err) &&
		  (!s.keywords || find(&s, (size_t)max, list, err));
	json_object_set(c->result, "words", s.keywords);
	json_decref(o);
	return ok;
}

const struct mdg_act mdg_acts_similar[] = {
	{"ticket.similar",
	 MDG_SCOPE_TICKET,
	 MDG_MEMBER_VIEWER,
	 MDG_VIEWS,
	 {{"ticket", 'i', true}, {"limit", 'i', false}},
	 ticket_similar},
	{0},
};
