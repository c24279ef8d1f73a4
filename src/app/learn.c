/* What was approved teaches which template answers what. */
#include <stdlib.h>
#include <string.h>

#include "madoguchi/app/judge.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/template.h"

enum {
	DAY_S = 86400,
	HALF_LIFE_S = 180 * DAY_S,
	FULL = 60,      /* percent of what an example of the template weighs */
	REWRITTEN = 70, /* percent changed: it was hardly this template */
	A_DAY_MAX = 20, /* of one author under one template */
	A_CUSTOMER_MAX = 5, /* of one customer under one template */
	FEED_ROWS = 100,
	FEED_BYTES = 1 << 20,
};

/* -- how much was changed
 * ------------------------------------------------------- */

enum { PAIRS = 1 << 12, COMPARED_BYTES = 32 << 10 };

/* Counts pairs of characters; slots and white space are no text. */
static size_t
count_pairs(const char *s, int *pairs, int sign)
{
	uint32_t prev = 0, c;
	size_t n = strlen(s), total = 0;

	n = n > COMPARED_BYTES ? mdg_utf8_cut(s, n, COMPARED_BYTES) : n;
	for (size_t i = 0; i < n;) {
		const char *close;
		if (s[i] == '{' && s[i + 1] == '{' &&
		    (close = strstr(s + i, "}}"))) {
			i = (size_t)(close - s) + 2;
			prev = 0;
			continue;
		}
		i += mdg_utf8_next(s + i, n - i, &c);
		if (c <= ' ' || c == 0x3000)
			continue;
		if (prev) {
			pairs[(prev * 31 + c) % PAIRS] += sign;
			total++;
		}
		prev = c;
	}
	return total;
}

/* Only what the template says counts: filled slots are no change. */
int
mdg_learn_changed(const char *template_body, const char *body)
{
	int *pairs = mdg_calloc(PAIRS, sizeof(*pairs));
	size_t all = count_pairs(template_body, pairs, 1), gone = 0;

	count_pairs(body, pairs, -1);
	for (size_t i = 0; i < PAIRS; i++)
		gone += pairs[i] > 0 ? (size_t)pairs[i] : 0;
	free(pairs);
	return all ? (int)(gone * 100 / all) : 0;
}

/* -- noting
 * ---------------------------------------------------------------------- */

static bool
position_of(struct mdg_desk *d, const struct mdg_ticket *t,
	    const char *template_id, int64_t *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	size_t i;
	json_t *one;

	*ret = 0;
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT json FROM suggestion WHERE ticket_id = ?1"
			  " AND message_id = ?2",
			  "ii", t->id, t->newest_message_id))
		return false;
	if (!mdg_rows_next(r))
		return mdg_rows_close(&r, err);
	json_t *o = json_loads(mdg_rows_text(r, 0), 0, NULL);
	json_array_foreach (json_object_get(o, "ranked"), i, one)
		if (mdg_streq(json_string_value(json_object_get(one, "id")),
			      template_id)) {
			*ret = (int64_t)i + 1;
			break;
		}
	json_decref(o);
	return mdg_rows_close(&r, err);
}

/* Nobody teaches it everything: by author and day, and by customer. */
static bool
is_too_much(struct mdg_desk *d, const struct mdg_draft *draft,
	    const struct mdg_ticket *t, const char *template_id, int64_t now_s,
	    bool *ret, struct mdg_err *err)
{
	int64_t today = 0, customer = 0;

	if (mdg_db_i64(d->db, &today, err,
		       "SELECT COUNT(*) FROM learned WHERE author_id = ?1"
		       " AND template_id = ?2 AND made_s > ?3",
		       "isi", draft->author_id, template_id,
		       now_s - DAY_S) == MDG_FAILED ||
	    mdg_db_i64(d->db, &customer, err,
		       "SELECT COUNT(*) FROM learned l"
		       " JOIN message m ON m.id = l.message_id"
		       " JOIN ticket t ON t.id = m.ticket_id"
		       " WHERE t.customer_id = ?1 AND l.template_id = ?2",
		       "is", t->customer_id, template_id) == MDG_FAILED)
		return false;
	*ret = today >= A_DAY_MAX ||
	       (t->customer_id && customer >= A_CUSTOMER_MAX);
	return true;
}

bool
mdg_learn_approved(struct mdg_desk *d, const struct mdg_draft *draft,
		   const struct mdg_ticket *t, int64_t now_s,
		   struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_template_row row;
	struct mdg_template tpl;
	int64_t position;
	bool too_much;

	if (!draft->template_id || !t->newest_message_id)
		return true;
	enum mdg_found f =
		mdg_template_newest(d->db, draft->template_id, &a, &row, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (!mdg_template_parse(row.id, row.source, &a, &tpl, NULL))
		return true;
	/* a variant is chosen by its language, its base by what was asked */
	const char *chosen = mdg_template_base_id(&tpl, &a);
	int changed = mdg_learn_changed(tpl.body, draft->body);
	if (!position_of(d, t, chosen, &position, err) ||
	    !is_too_much(d, draft, t, chosen, now_s, &too_much, err))
		return false;
	/* what the list put first was taken because it stood there, too */
	int weight = changed > REWRITTEN ? 0
		     : changed > 30      ? FULL / 2
		     : position == 1     ? FULL * 3 / 4
					 : FULL;
	return mdg_db_run(d->db, err,
			  "INSERT INTO learned (message_id, template_id,"
			  " position, changed, weight, author_id, made_s)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
			  " ON CONFLICT (message_id) DO NOTHING",
			  "isiiiii", t->newest_message_id, chosen, position,
			  (int64_t)changed, (int64_t)(too_much ? 0 : weight),
			  draft->author_id, now_s);
}

/* -- feeding
 * ----------------------------------------------------------------------- */

/* Younger counts more; never quite nothing. */
static double
by_age(int64_t age_s)
{
	double w = 1;

	for (; age_s >= HALF_LIFE_S && w > 0.2; age_s -= HALF_LIFE_S)
		w /= 2;
	return age_s > 0 ? w * (1 - 0.5 * (double)age_s / HALF_LIFE_S) : w;
}

bool
mdg_learn_feed(struct mdg_desk *d, int64_t *io_after, int64_t now_s, char **ret,
	       struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	json_t *list = json_array();
	size_t bytes = 0;

	*ret = NULL;
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT l.id, l.template_id, l.weight, l.made_s,"
			  " t.number, m.subject, COALESCE(m.reply, m.text)"
			  " FROM learned l JOIN message m ON m.id ="
			  " l.message_id JOIN ticket t ON t.id = m.ticket_id"
			  " WHERE l.id > ?1 AND l.weight > 0"
			  " AND l.id > (SELECT MAX(id) FROM learned) - ?2"
			  " ORDER BY l.id LIMIT ?3",
			  "iii", *io_after, (int64_t)MDG_LEARNED_MAX,
			  (int64_t)FEED_ROWS)) {
		json_decref(list);
		return false;
	}
	while (bytes < FEED_BYTES && mdg_rows_next(r)) {
		const char *text = mdg_rows_text(r, 6);
		size_t n = mdg_utf8_cut(text, strlen(text),
					MDG_LEARNED_TEXT_BYTES_MAX);
		MDG_AUTO(mdg_freep)
		char *joined = mdg_asprintf("%s\n%.*s", mdg_rows_text(r, 5),
					    (int)n, text);
		char ref[24];
		*io_after = mdg_rows_i64(r, 0);
		snprintf(ref, sizeof(ref), "%lld",
			 (long long)mdg_rows_i64(r, 4));
		json_array_append_new(
			list,
			json_pack("{s:s,s:s,s:s,s:f}", "id",
				  mdg_rows_text(r, 1), "text", joined, "ref",
				  ref, "weight",
				  (double)mdg_rows_i64(r, 2) / 100 *
					  by_age(now_s - mdg_rows_i64(r, 3))));
		bytes += n;
	}
	if (json_array_size(list)) {
		json_t *o = json_pack("{s:O}", "learn", list);
		*ret = json_dumps(o, JSON_COMPACT);
		json_decref(o);
	}
	json_decref(list);
	return mdg_rows_close(&r, err);
}
