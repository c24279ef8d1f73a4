/* What one mail is counted by. */
#include "madoguchi/app/surge.h"

#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/signs.h"
#include "madoguchi/reply/suggest.h"

enum { HOUR_S = 3600, SIGNS_MAX = 40, FACT_SURE = 60 };

/* ---- signs ---- */

struct signs {
	struct mdg_buf text;
	size_t n;
};

static void
signs_clear(struct signs *s)
{
	mdg_buf_clear(&s->text);
}

/* mdg-text may be hostile: nothing but short lines. */
static void
add_sign(struct signs *s, const char *kind, const char *term)
{
	if (!term || !*term || strlen(term) > MDG_SURGE_TERM_BYTES_MAX ||
	    strpbrk(term, "\r\n\t") || s->n == SIGNS_MAX)
		return;
	s->n++;
	mdg_buf_printf(&s->text, "%s %s\n", kind, term);
}

static void
add_facts(struct signs *s, const json_t *facts)
{
	static const char *const slots[][2] = {{"product.model", "model"},
					       {"error.code", "error"}};
	json_t *f;
	size_t i;

	json_array_foreach((json_t *)facts, i, f)
	{
		const char *slot =
			json_string_value(json_object_get(f, "slot"));
		const char *source =
			json_string_value(json_object_get(f, "source"));
		const char *value =
			json_string_value(json_object_get(f, "value"));
		if (!slot || !source || mdg_streq(source, "signature") ||
		    json_integer_value(json_object_get(f, "confidence")) <
			    FACT_SURE)
			continue;
		for (size_t k = 0; k < MDG_LEN(slots); k++)
			if (mdg_streq(slot, slots[k][0]))
				add_sign(s, slots[k][1], value);
	}
}

static void
add_list(struct signs *s, const char *kind, const json_t *list, size_t max)
{
	for (size_t i = 0; i < json_array_size(list) && i < max; i++)
		add_sign(s, kind, json_string_value(json_array_get(list, i)));
}

static void
collect(struct signs *s, const struct mdg_ticket *t, const json_t *answer)
{
	const json_t *best =
		json_array_get(json_object_get(answer, "ranked"), 0);

	add_sign(s, "category", t->category);
	if (json_is_true(json_object_get(best, "strong")))
		add_sign(s, "template",
			 json_string_value(json_object_get(best, "id")));
	add_facts(s, json_object_get(answer, "facts"));
	add_list(s, "watched", json_object_get(answer, "watched"),
		 MDG_SURGE_TERMS_MAX);
	add_list(s, "word", json_object_get(answer, "words"),
		 MDG_SIGN_WORDS_MAX);
}

bool
mdg_surge_note(struct mdg_desk *d, const struct mdg_ticket *t, int64_t message,
	       const json_t *answer, struct mdg_err *err)
{
	MDG_AUTO(signs_clear) struct signs s = {0};
	int64_t now_s = mdg_now_s(), came_s = now_s;
	int64_t open_h = (now_s - MDG_SURGE_GRACE_S) / HOUR_S;

	if (mdg_db_i64(d->db, &came_s, err,
		       "SELECT received_s FROM message WHERE id = ?1", "i",
		       message) == MDG_FAILED)
		return false;
	if (came_s > now_s)
		came_s = now_s;
	/* hours before were counted */
	int64_t hour = came_s / HOUR_S < open_h ? open_h : came_s / HOUR_S;
	collect(&s, t, answer);
	return mdg_db_run(d->db, err,
			  "INSERT INTO surge_mail (message_id, ticket_id,"
			  " customer_id, hour, late, signs)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
			  " ON CONFLICT (message_id) DO NOTHING",
			  "iiiiis", message, t->id,
			  t->customer_id ? t->customer_id : -t->id, hour,
			  (int64_t)(hour > came_s / HOUR_S + 1),
			  mdg_buf_str(&s.text));
}

/* ---- erasing ---- */

bool
mdg_surge_erase_message(struct mdg_desk *d, int64_t message,
			struct mdg_err *err)
{
	return mdg_db_run(d->db, err,
			  "DELETE FROM surge_mail WHERE message_id = ?1", "i",
			  message);
}

#define ITS_LAST_OF(id)                                                        \
	id " IN (SELECT incident_id FROM incident_ticket"                      \
	   " WHERE ticket_id = ?1) AND NOT EXISTS (SELECT 1"                   \
	   " FROM incident_ticket x WHERE x.incident_id = " id                 \
	   " AND x.ticket_id <> ?1)"

bool
mdg_surge_erase_ticket(struct mdg_desk *d, int64_t ticket, struct mdg_err *err)
{
	return mdg_db_run(d->db, err,
			  "UPDATE incident SET face_term = '', term ="
			  " CASE kind WHEN 'word' THEN '' ELSE term END"
			  " WHERE " ITS_LAST_OF("incident.id"),
			  "i", ticket) &&
	       mdg_db_run(d->db, err,
			  "DELETE FROM incident_word WHERE " ITS_LAST_OF(
				  "incident_word.incident_id"),
			  "i", ticket) &&
	       mdg_db_run(d->db, err,
			  "DELETE FROM incident_ticket WHERE ticket_id = ?1",
			  "i", ticket);
}

/* ---- watched terms ---- */

json_t *
mdg_surge_terms(struct mdg_desk *d)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	json_t *list = json_array();

	if (!mdg_db_query(d->db, &r, NULL,
			  "SELECT term FROM surge_term ORDER BY term", ""))
		return list;
	while (mdg_rows_next(r))
		json_array_append_new(list, json_string(mdg_rows_text(r, 0)));
	return list;
}

/* ---- bulk answers ---- */

bool
mdg_incident_of_draft(struct mdg_desk *d, int64_t draft, int64_t *ret,
		      struct mdg_err *err)
{
	*ret = 0;
	return mdg_db_i64(d->db, ret, err,
			  "SELECT incident_id FROM incident_reply"
			  " WHERE draft_id = ?1",
			  "i", draft) != MDG_FAILED;
}
