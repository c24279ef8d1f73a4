#include "madoguchi/app/judge.h"

#include "madoguchi/app/autorule.h"

#include <stdlib.h>
#include <string.h>

#include "madoguchi/app/surge.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/thread.h"

enum { TOP = 5 };

/* -- questions --------------------------------------------------------------
 */

/* id, subject, text, signature, from_name, time, flags, window */
#define QUESTION                                                               \
	"SELECT m.id, m.subject, COALESCE(m.reply, m.text), m.signature,"      \
	" m.from_name, COALESCE(m.date_s, m.received_s), m.flags,"             \
	" (SELECT w.code FROM win w WHERE w.id = t.win_id)"                    \
	" FROM message m"

static char *
question(struct mdg_rows *r, json_t *watch)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf subject = {0};
	const char *text = mdg_rows_text(r, 2);
	mdg_subject_words(mdg_rows_text(r, 1), &subject);
	size_t n = mdg_utf8_cut(text, strlen(text), MDG_SUGGEST_TEXT_BYTES_MAX);
	json_t *o = json_pack("{s:s,s:s%,s:s,s:s,s:I,s:s,s:i}", "subject",
			      mdg_buf_str(&subject), "text", text, n,
			      "signature", mdg_rows_text(r, 3), "from",
			      mdg_rows_text(r, 4), "at", mdg_rows_i64(r, 5),
			      "window", mdg_rows_text(r, 7), "top", TOP);
	/* a form names the customer apart from what he wrote */
	json_t *flags = json_loads(mdg_rows_text(r, 6), 0, NULL);
	json_t *form = json_object_get(flags, "form_values");
	if (form)
		json_object_set(o, "form", form);
	json_decref(flags);
	json_object_set_new(o, "watch", watch);
	char *line = json_dumps(o, JSON_COMPACT);

	json_decref(o);
	return line;
}

static bool
advance(struct mdg_desk *d, int64_t upto, struct mdg_err *err)
{
	return mdg_db_run(d->db, err,
			  "INSERT INTO text_state (id, upto_message_id)"
			  " VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET"
			  " upto_message_id = excluded.upto_message_id"
			  " WHERE text_state.upto_message_id <"
			  " excluded.upto_message_id",
			  "i", upto);
}

bool
mdg_judge_next(struct mdg_desk *d, int64_t *ret_message, char **ret,
	       struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	int64_t upto = 0;

	*ret = NULL;
	if (mdg_db_i64(d->db, &upto, err,
		       "SELECT upto_message_id FROM text_state WHERE id = 1",
		       "") == MDG_FAILED ||
	    !mdg_db_query(d->db, &r, err,
			  QUESTION " JOIN ticket t ON t.id = m.ticket_id"
				   " AND t.newest_message_id = m.id"
				   " WHERE m.id > ?1 AND m.direction = 'in'"
				   " AND m.class = 'ordinary'"
				   " AND t.is_history = 0"
				   " ORDER BY m.id LIMIT 1",
			  "i", upto))
		return false;
	if (mdg_rows_next(r)) {
		*ret_message = mdg_rows_i64(r, 0);
		*ret = question(r, mdg_surge_terms(d));
	}
	return mdg_rows_close(&r, err);
}

char *
mdg_judge_question(struct mdg_desk *d, int64_t ticket_id, int64_t *ret_message,
		   struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(d->db, &r, err,
			  QUESTION " JOIN ticket t"
				   " ON t.newest_message_id = m.id"
				   " WHERE t.id = ?1",
			  "i", ticket_id))
		return NULL;
	if (!mdg_rows_next(r)) {
		mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_suggest_no_mail, NULL);
		return NULL;
	}
	*ret_message = mdg_rows_i64(r, 0);
	return question(r, mdg_surge_terms(d));
}

/* -- answers -----------------------------------------------------------------
 */

/* Titles are for people; the worker knows ids only. */
static void
add_titles(struct mdg_desk *d, json_t *ranked)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_template_row row;
	size_t i;
	json_t *one;

	json_array_foreach (ranked, i, one) {
		const char *id = json_string_value(json_object_get(one, "id"));
		if (!id ||
		    mdg_template_newest(d->db, id, &a, &row, NULL) != MDG_FOUND)
			continue;
		json_object_set_new(one, "title", json_string(row.title));
		json_object_set_new(one, "category", json_string(row.category));
	}
}

/* The category that most of the best say, the first counting most. */
static const char *
category(const json_t *ranked)
{
	const char *best = NULL;
	double most = 0;

	for (size_t i = 0; i < json_array_size(ranked); i++) {
		const char *c = json_string_value(
			json_object_get(json_array_get(ranked, i), "category"));
		double sum = 0;
		for (size_t k = 0; c && k < json_array_size(ranked); k++) {
			const json_t *o = json_array_get(ranked, k);
			double s =
				json_number_value(json_object_get(o, "score"));
			if (mdg_streq(c, json_string_value(json_object_get(
						 o, "category"))))
				sum += s * s * s * s;
		}
		if (sum > most) {
			most = sum;
			best = c;
		}
	}
	return best;
}

static bool
keep_suggestion(struct mdg_desk *d, int64_t ticket_id, int64_t message_id,
		const json_t *answer, struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *text = NULL;
	json_t *o = json_object();
	static const char *const kept[] = {"ranked", "mood", "keywords"};

	for (size_t i = 0; i < MDG_LEN(kept); i++)
		json_object_set(o, kept[i], json_object_get(answer, kept[i]));
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return mdg_db_run(d->db, err,
			  "INSERT INTO suggestion (ticket_id, message_id,"
			  " made_s, json) VALUES (?1, ?2, ?3, ?4)"
			  " ON CONFLICT (ticket_id) DO UPDATE SET"
			  " message_id = excluded.message_id,"
			  " made_s = excluded.made_s, json = excluded.json",
			  "iiis", ticket_id, message_id, mdg_now_s(), text);
}

/* What a person has said of it stays. */
static bool
is_sorted(struct mdg_desk *d, const struct mdg_ticket *t, bool *ret,
	  struct mdg_err *err)
{
	int64_t one;
	enum mdg_found f = mdg_db_i64(d->db, &one, err,
				      "SELECT 1 FROM event WHERE ticket_id = ?1"
				      " AND kind = 'ticket.category' LIMIT 1",
				      "i", t->id);

	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

/* How hot it is is a matter of record: approvals hang on it. */
static bool
keep_mood(struct mdg_desk *d, struct mdg_ticket *t, int64_t message_id,
	  const json_t *mood, const char *cat, struct mdg_err *err)
{
	json_int_t now =
		json_integer_value(json_object_get(mood, "temperature"));
	bool harassment = json_is_true(json_object_get(mood, "harassment"));
	int64_t was = 0, was_harassment = 0;

	if (mdg_db_i64(d->db, &was, err,
		       "SELECT COALESCE(temperature, 0) FROM ticket"
		       " WHERE id = ?1",
		       "i", t->id) == MDG_FAILED ||
	    mdg_db_i64(d->db, &was_harassment, err,
		       "SELECT harassment FROM ticket WHERE id = ?1", "i",
		       t->id) == MDG_FAILED ||
	    !mdg_db_run(d->db, err,
			"UPDATE ticket SET temperature = ?2, harassment = ?3"
			" WHERE id = ?1",
			"iii", t->id, (int64_t)now, (int64_t)harassment))
		return false;
	bool sorted;
	if (!is_sorted(d, t, &sorted, err))
		return false;
	if (sorted)
		cat = NULL;
	/* no event tells of this category: the report's row is mended here */
	if (cat && !mdg_streq(cat, t->category ? t->category : "") &&
	    !mdg_db_run(d->db, err,
			"UPDATE figure SET category = ?2 WHERE ticket_id = ?1",
			"is", t->id, cat))
		return false;
	if (cat)
		t->category = cat;
	if (now == was && harassment == (was_harassment != 0))
		return mdg_ticket_update(d->db, t, err);
	return mdg_desk_event(d, &mdg_actor_system, t, "ticket.mood",
			      json_pack("{s:I,s:I,s:I,s:b}", "message",
					message_id, "temperature", now, "was",
					was, "harassment", harassment),
			      NULL, err) &&
	       mdg_ticket_update(d->db, t, err) &&
	       mdg_autorule_note(d, t, "change", err);
}

bool
mdg_judge_keep(struct mdg_desk *d, int64_t message_id, json_t *answer,
	       struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	json_t *ranked = json_object_get(answer, "ranked");
	const json_t *mood = json_object_get(answer, "mood");
	struct mdg_ticket t;
	int64_t id = 0;

	enum mdg_found f = mdg_db_i64(d->db, &id, err,
				      "SELECT ticket_id FROM message"
				      " WHERE id = ?1",
				      "i", message_id);
	if (f == MDG_FOUND)
		f = mdg_ticket_by_id(d->db, id, &a, &t, err);
	if (f == MDG_FAILED)
		return false;
	add_titles(d, ranked);
	/* erased, merged or answered to meanwhile: it has a newer one */
	if (f == MDG_NONE || t.newest_message_id != message_id)
		return advance(d, message_id, err);
	return mdg_facts_keep(d, &t, message_id,
			      json_object_get(answer, "facts"), err) &&
	       keep_suggestion(d, t.id, message_id, answer, err) &&
	       keep_mood(d, &t, message_id, mood, category(ranked), err) &&
	       mdg_surge_note(d, &t, message_id, answer, err) &&
	       advance(d, message_id, err);
}

bool
mdg_judge_pass(struct mdg_desk *d, int64_t message_id, struct mdg_err *err)
{
	return advance(d, message_id, err);
}
