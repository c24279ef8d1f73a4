/* Facts out of customers' mails: kept, shown, put into slots and records. */
#include <stdlib.h>
#include <string.h>

#include "act-int.h"
#include "madoguchi/app/judge.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/template.h"
#include "madoguchi/text/fold.h"

enum {
	SURE_ENOUGH = 60, /* to stand in a draft that a person will read */
	SURE = 85,        /* to stand in the customer's record */
};

/* Which facts fill the record of the customer, and where. */
static const struct {
	const char *slot, *get, *set;
} record[] = {
	{"customer.name", "SELECT name FROM customer WHERE id = ?1",
	 "UPDATE customer SET name = ?2 WHERE id = ?1"},
	{"customer.company", "SELECT company FROM customer WHERE id = ?1",
	 "UPDATE customer SET company = ?2 WHERE id = ?1"},
	{"customer.phone", "SELECT phone FROM customer WHERE id = ?1",
	 "UPDATE customer SET phone = ?2 WHERE id = ?1"},
};

/* -- keeping ------------------------------------------------------------------
 */

static const char *
short_text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s && strlen(s) <= MDG_FACT_BYTES_MAX ? s : NULL;
}

static bool
keep_one(struct mdg_desk *d, int64_t message_id, const json_t *o,
	 int64_t *ret_id, struct mdg_err *err)
{
	const char *slot = short_text(o, "slot");
	const char *value = short_text(o, "value");
	const char *words = short_text(o, "words");
	const char *source = short_text(o, "source");
	json_int_t confidence =
		json_integer_value(json_object_get(o, "confidence"));
	json_int_t start = json_integer_value(json_object_get(o, "start"));
	json_int_t end = json_integer_value(json_object_get(o, "end"));

	if (!slot || !value || !words || !source || confidence < 0 ||
	    confidence > 100 || start < 0 || end < start)
		return mdg_fail(err, MDG_EPROTO, "a fact out of form");
	return mdg_db_i64(d->db, ret_id, err,
			  "INSERT INTO fact (message_id, slot, value, words,"
			  " source, start_at, end_at, confidence, conflict,"
			  " state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
			  " 'proposed') RETURNING id",
			  "issssiiii", message_id, slot, value, words, source,
			  (int64_t)start, (int64_t)end, (int64_t)confidence,
			  (int64_t)json_is_true(
				  json_object_get(o, "conflict"))) == MDG_FOUND;
}

/* Puts a value into the customer's record, with its event. */
static bool
put_record(struct mdg_desk *d, const struct mdg_actor *who,
	   struct mdg_ticket *t, size_t k, const char *value, int64_t fact,
	   struct mdg_err *err)
{
	return mdg_db_run(d->db, err, record[k].set, "is", t->customer_id,
			  value) &&
	       mdg_db_run(d->db, err,
			  "UPDATE fact SET state = 'taken' WHERE id = ?1", "i",
			  fact) &&
	       mdg_desk_event(d, who, t, "customer.filled",
			      json_pack("{s:I,s:s,s:I}", "customer",
					t->customer_id, "slot", record[k].slot,
					"fact", fact),
			      json_pack("{s:s}", "value", value), err);
}

/* A sure one goes into the record where nothing stands yet. */
static bool
fill_record(struct mdg_desk *d, struct mdg_ticket *t, const json_t *o,
	    int64_t fact, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	const char *slot = short_text(o, "slot");
	size_t k = 0;

	while (k < MDG_LEN(record) && !mdg_streq(record[k].slot, slot))
		k++;
	if (k == MDG_LEN(record) || !t->customer_id ||
	    json_is_true(json_object_get(o, "conflict")) ||
	    json_integer_value(json_object_get(o, "confidence")) < SURE)
		return true;
	if (!mdg_db_query(d->db, &r, err, record[k].get, "i", t->customer_id))
		return false;
	bool empty = mdg_rows_next(r) && !*mdg_rows_text(r, 0);
	if (!mdg_rows_close(&r, err))
		return false;
	return !empty || put_record(d, &mdg_actor_system, t, k,
				    short_text(o, "value"), fact, err);
}

bool
mdg_facts_keep(struct mdg_desk *d, struct mdg_ticket *t, int64_t message_id,
	       const json_t *facts, struct mdg_err *err)
{
	size_t i;
	json_t *o;

	if (json_array_size(facts) > MDG_FACTS_KEPT_MAX)
		return mdg_fail(err, MDG_EPROTO, "too many facts of one mail");
	if (!mdg_db_run(d->db, err,
			"DELETE FROM fact WHERE message_id = ?1"
			" AND state = 'proposed'",
			"i", message_id))
		return false;
	json_array_foreach(facts, i, o)
	{
		int64_t id = 0;
		if (!keep_one(d, message_id, o, &id, err) ||
		    !fill_record(d, t, o, id, err))
			return false;
	}
	return true;
}

/* -- slots
 * ---------------------------------------------------------------------- */

/* As it stands in a letter: 3850 is 3,850円. */
static const char *
for_letter(struct mdg_arena *a, const char *slot, const char *value)
{
	size_t n = strlen(value), out = 0;

	if (!mdg_streq(slot, "amount") || n == 0 || n > 12 ||
	    strspn(value, "0123456789") != n)
		return value;
	char *s = mdg_arena_alloc(a, n + n / 3 + 2);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			s[out++] = ',';
		s[out++] = value[i];
	}
	return mdg_arena_printf(a, "%s円", s);
}

static bool
is_put(const struct mdg_slot_values *v, const char *slot)
{
	for (size_t i = 0; i < v->names.n; i++)
		if (mdg_streq(v->names.v[i], slot) && *v->values.v[i])
			return true;
	return false;
}

struct slot_facts {
	const char *slot;
	json_t *list; /* of the newest mail that speaks of it */
	int64_t message_id;
};

static json_t *
fact_json(struct mdg_rows *r)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:I}", "slot", mdg_rows_text(r, 1),
			 "value", mdg_rows_text(r, 2), "words",
			 mdg_rows_text(r, 3), "source", mdg_rows_text(r, 4),
			 "confidence", mdg_rows_i64(r, 5));
}

/* One value, or the surest of several that agree: false where it is unclear. */
static bool
is_clear(const json_t *list, bool conflict)
{
	const char *first = json_string_value(
		json_object_get(json_array_get(list, 0), "value"));

	for (size_t i = 1; i < json_array_size(list); i++)
		if (!mdg_streq(first,
			       json_string_value(json_object_get(
				       json_array_get(list, i), "value"))) &&
		    json_integer_value(json_object_get(json_array_get(list, i),
						       "confidence")) >=
			    SURE_ENOUGH)
			return false;
	return !conflict &&
	       json_integer_value(json_object_get(json_array_get(list, 0),
						  "confidence")) >= SURE_ENOUGH;
}

/* One begins with the other, apart from spaces and variants of kanji. */
static bool
agree(const char *x, const char *y)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_fold(&a, x, strlen(x), MDG_FOLD_NAME);
	mdg_fold(&b, y, strlen(y), MDG_FOLD_NAME);
	return mdg_str_starts(mdg_buf_str(&a), mdg_buf_str(&b)) ||
	       mdg_str_starts(mdg_buf_str(&b), mdg_buf_str(&a));
}

/* What the customer's record says stands, unless the mail is sure of another:
 * then both are shown. */
static bool
record_stands(const struct slot_facts *s, const char *recorded, json_t *open)
{
	const json_t *first = json_array_get(s->list, 0);
	const char *said = json_string_value(json_object_get(first, "value"));
	json_int_t sure =
		json_integer_value(json_object_get(first, "confidence"));

	if (sure < SURE || agree(recorded, said))
		return true;
	json_array_append_new(
		open, json_pack("{s:s,s:s,s:s,s:s,s:i}", "slot", s->slot,
				"value", recorded, "words", recorded, "source",
				"record", "confidence", SURE_ENOUGH));
	return false;
}

static void
settle(struct slot_facts *s, bool conflict, const json_t *recorded,
       struct mdg_slot_values *v, struct mdg_arena *a, json_t *filled,
       json_t *open)
{
	json_t *o;
	size_t i;

	if (!s->slot || is_put(v, s->slot))
		return;
	const char *of_record =
		json_string_value(json_object_get(recorded, s->slot));
	if (of_record && record_stands(s, of_record, open)) {
		mdg_slot_values_put(v, a, s->slot, of_record);
		return;
	}
	if (!of_record && is_clear(s->list, conflict)) {
		o = json_array_get(s->list, 0);
		mdg_slot_values_put(
			v, a, s->slot,
			for_letter(a, s->slot,
				   json_string_value(
					   json_object_get(o, "value"))));
		json_array_append(filled, o);
		return;
	}
	json_array_foreach(s->list, i, o) json_array_append(open, o);
}

/* {"customer.name": …} as far as it is known; NULL with err. */
static json_t *
read_record(struct mdg_desk *d, int64_t customer_id, struct mdg_err *err)
{
	json_t *o = json_object();

	for (size_t k = 0; k < MDG_LEN(record); k++) {
		MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
		if (!mdg_db_query(d->db, &r, err, record[k].get, "i",
				  customer_id)) {
			json_decref(o);
			return NULL;
		}
		if (mdg_rows_next(r) && *mdg_rows_text(r, 0))
			json_object_set_new(o, record[k].slot,
					    json_string(mdg_rows_text(r, 0)));
	}
	return o;
}

static bool
fill(struct mdg_desk *d, const struct mdg_ticket *t, const json_t *recorded,
     struct mdg_slot_values *v, struct mdg_arena *a, json_t *filled,
     json_t *open, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	struct slot_facts s = {.list = json_array()};
	bool conflict = false;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT f.message_id, f.slot, f.value, f.words,"
			  " f.source, f.confidence, f.conflict, f.state"
			  " FROM fact f JOIN message m ON m.id = f.message_id"
			  " WHERE m.ticket_id = ?1 AND f.state <> 'refused'"
			  " ORDER BY f.slot, CASE f.state WHEN 'taken' THEN 0"
			  " ELSE 1 END, f.message_id DESC, f.confidence DESC,"
			  " f.id",
			  "i", t->id)) {
		json_decref(s.list);
		return false;
	}
	while (mdg_rows_next(r)) {
		const char *slot = mdg_rows_text(r, 1);
		if (!s.slot || !mdg_streq(s.slot, slot)) {
			settle(&s, conflict, recorded, v, a, filled, open);
			json_decref(s.list);
			s = (struct slot_facts){mdg_arena_strdup(a, slot),
						json_array(),
						mdg_rows_i64(r, 0)};
			conflict = mdg_rows_i64(r, 6) &&
				   !mdg_streq(mdg_rows_text(r, 7), "taken");
		}
		if (mdg_rows_i64(r, 0) == s.message_id)
			json_array_append_new(s.list, fact_json(r));
	}
	settle(&s, conflict, recorded, v, a, filled, open);
	json_decref(s.list);
	return mdg_rows_close(&r, err);
}

bool
mdg_facts_fill(struct mdg_desk *d, const struct mdg_ticket *t,
	       struct mdg_slot_values *v, struct mdg_arena *a, json_t *filled,
	       json_t *open, struct mdg_err *err)
{
	json_t *recorded = read_record(d, t->customer_id, err);
	const char *slot;
	json_t *value;

	if (!recorded)
		return false;
	bool ok = fill(d, t, recorded, v, a, filled, open, err);
	/* what no mail speaks of */
	json_object_foreach(recorded, slot, value)
	{
		bool unclear = false;
		for (size_t i = 0; i < json_array_size(open); i++)
			unclear = unclear ||
				  mdg_streq(slot,
					    json_string_value(json_object_get(
						    json_array_get(open, i),
						    "slot")));
		if (ok && !unclear && !is_put(v, slot))
			mdg_slot_values_put(v, a, slot,
					    json_string_value(value));
	}
	json_decref(recorded);
	return ok;
}

/* -- ticket.fact: a person settles what was unclear
 * ------------------------------ */

static bool
ticket_fact(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	int64_t id = mdg_arg_int(c, "fact", 0);
	bool refuse = mdg_arg_flag(c, "refuse");

	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT f.slot, f.value, f.message_id FROM fact f"
			  " JOIN message m ON m.id = f.message_id"
			  " WHERE f.id = ?1 AND m.ticket_id = ?2",
			  "ii", id, c->ticket.id))
		return false;
	if (!mdg_rows_next(r))
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_fact_none,
				    mdg_act_number(c, id),
				    mdg_act_number(c, c->ticket.number), NULL);
	const char *slot = mdg_arena_strdup(c->arena, mdg_rows_text(r, 0));
	const char *value = mdg_arena_strdup(c->arena, mdg_rows_text(r, 1));
	if (!mdg_rows_close(&r, err) ||
	    !mdg_db_run(c->desk->db, err,
			"UPDATE fact SET state = ?2 WHERE id = ?1", "is", id,
			refuse ? "refused" : "taken"))
		return false;
	if (!refuse &&
	    !mdg_db_run(c->desk->db, err,
			"UPDATE fact SET state = 'refused' WHERE slot = ?1"
			" AND value <> ?2 AND message_id IN (SELECT id FROM"
			" message WHERE ticket_id = ?3)",
			"ssi", slot, value, c->ticket.id))
		return false;
	for (size_t k = 0; k < MDG_LEN(record) && !refuse; k++)
		if (mdg_streq(record[k].slot, slot) && c->ticket.customer_id &&
		    !put_record(c->desk, c->actor, &c->ticket, k, value, id,
				err))
			return false;
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_text(c, "slot", slot);
	mdg_result_text(c, "value", value);
	mdg_result_text(c, "state", refuse ? "refused" : "taken");
	return mdg_desk_event(c->desk, c->actor, &c->ticket, "ticket.fact",
			      json_pack("{s:I,s:s,s:s}", "fact", id, "slot",
					slot, "state",
					refuse ? "refused" : "taken"),
			      NULL, err) &&
	       mdg_ticket_update(c->desk->db, &c->ticket, err);
}

const struct mdg_act mdg_acts_fact[] = {
	{"ticket.fact",
	 MDG_SCOPE_TICKET,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"ticket", 'i', true}, {"fact", 'i', true}, {"refuse", 'b', false}},
	 ticket_fact},
	{0},
};
