/* What all steps that put tickets together or apart share. */
#include "regroup-int.h"

#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"

/* ---- before and after ---- */

/* Fields that go together, and the JSON keys they have. */
static const char *const state_keys[] = {"state", "closing", "hold_reason",
					 "closed_s", "follow_up_s"};
static const char *const mail_keys[] = {"inbound_s", "newest"};
static const char *const assignee_keys[] = {"assignee"};
static const char *const priority_keys[] = {"priority"};

json_t *
mdg_regroup_fields(const struct mdg_ticket *t)
{
	return json_pack("{s:s,s:s?,s:s?,s:I,s:I,s:I,s:I,s:I,s:I}", "state",
			 t->state, "closing", t->closing, "hold_reason",
			 t->hold_reason, "closed_s", t->closed_s,
			 "follow_up_s", t->follow_up_s, "inbound_s",
			 t->inbound_s, "newest", t->newest_message_id,
			 "assignee", t->assignee_id, "priority", t->priority);
}

static bool
same(const json_t *a, const json_t *b, const char *const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!json_equal(json_object_get(a, keys[i]),
				json_object_get(b, keys[i])))
			return false;
	return true;
}

static int64_t
int_of(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

void
mdg_regroup_restore(struct mdg_ticket *t, const json_t *before,
		    const json_t *after, bool is_newest)
{
	json_t *now = mdg_regroup_fields(t);

	if (is_newest && same(now, after, state_keys, MDG_LEN(state_keys))) {
		int state = mdg_machine_state(&mdg_ticket_machine,
					      text_of(before, "state"));
		if (state >= 0)
			t->state = mdg_machine_state_name(&mdg_ticket_machine,
							  state);
		t->closing = text_of(before, "closing");
		t->hold_reason = text_of(before, "hold_reason");
		t->closed_s = int_of(before, "closed_s");
		t->follow_up_s = int_of(before, "follow_up_s");
	}
	if (same(now, after, mail_keys, MDG_LEN(mail_keys))) {
		t->inbound_s = int_of(before, "inbound_s");
		t->newest_message_id = int_of(before, "newest");
	}
	if (same(now, after, assignee_keys, MDG_LEN(assignee_keys)))
		t->assignee_id = int_of(before, "assignee");
	if (same(now, after, priority_keys, MDG_LEN(priority_keys)))
		t->priority = int_of(before, "priority");
	json_decref(now);
}

bool
mdg_regroup_is_newest(struct mdg_desk *d, const struct mdg_regroup *g,
		      int64_t ticket, bool *ret, struct mdg_err *err)
{
	int64_t newest = 0;

	if (mdg_regroup_newest_move(d->db, ticket, &newest, err) == MDG_FAILED)
		return false;
	*ret = newest <= g->id;
	return true;
}

bool
mdg_regroup_begin(struct mdg_desk *d, const struct mdg_actor *who,
		  const char *kind, const struct mdg_ticket *one,
		  const struct mdg_ticket *two, struct mdg_regroup *ret,
		  json_t **ret_before, struct mdg_err *err)
{
	*ret = (struct mdg_regroup){
		.kind = kind,
		.ticket_id = one->id,
		.other_id = two->id,
		.actor = who->name,
		.state = "{}",
		.done_s = mdg_now_s(),
	};
	if (!mdg_regroup_add(d->db, ret, err))
		return false;
	*ret_before = json_pack("{s:o,s:o}", "one", mdg_regroup_fields(one),
				"two", mdg_regroup_fields(two));
	return true;
}

bool
mdg_regroup_end(struct mdg_desk *d, struct mdg_regroup *g, json_t *before,
		const struct mdg_ticket *one, const struct mdg_ticket *two,
		struct mdg_err *err)
{
	json_t *o = json_pack("{s:o,s:{s:o,s:o}}", "before", before, "after",
			      "one", mdg_regroup_fields(one), "two",
			      mdg_regroup_fields(two));
	MDG_AUTO(mdg_freep) char *text = json_dumps(o, JSON_COMPACT);

	json_decref(o);
	g->state = text;
	return mdg_regroup_update(d->db, g, err);
}

/* ---- messages on the move, as clocks see them ---- */

static bool
is_thanks(const char *flags)
{
	json_t *o = json_loads(flags, 0, NULL);
	bool thanks = json_is_true(json_object_get(o, "thanks"));

	json_decref(o);
	return thanks;
}

bool
mdg_regroup_took(struct mdg_desk *d, int64_t regroup, int64_t after_id,
		 json_t **ret, struct mdg_err *err)
{
	struct mdg_rows *r;
	json_t *list = json_array();

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT m.id, m.direction, m.received_s, m.flags"
			  " FROM regroup_item i JOIN message m"
			  " ON m.id = i.item_id WHERE i.regroup_id = ?1"
			  " AND i.kind = 'message' AND m.id > ?2"
			  " AND m.class = 'ordinary' ORDER BY m.id",
			  "ii", regroup, after_id)) {
		json_decref(list);
		return false;
	}
	while (mdg_rows_next(r)) {
		bool out = mdg_streq(mdg_rows_text(r, 1), "out");
		if (out || !is_thanks(mdg_rows_text(r, 3)))
			json_array_append_new(
				list, json_pack("{s:I,s:I}", "message",
						mdg_rows_i64(r, 0),
						out ? "out_s" : "in_s",
						mdg_rows_i64(r, 2)));
	}
	*ret = list;
	if (mdg_rows_close(&r, err))
		return true;
	json_decref(list);
	return false;
}

bool
mdg_regroup_gave(struct mdg_desk *d, int64_t regroup, int64_t after_id,
		 json_t **ret, struct mdg_err *err)
{
	struct mdg_rows *r;
	json_t *list = json_array();

	*ret = list;
	if (mdg_db_query(d->db, &r, err,
			 "SELECT item_id FROM regroup_item"
			 " WHERE regroup_id = ?1 AND kind = 'message'"
			 " AND item_id > ?2 ORDER BY item_id",
			 "ii", regroup, after_id)) {
		while (mdg_rows_next(r))
			json_array_append_new(
				list, json_integer(mdg_rows_i64(r, 0)));
		if (mdg_rows_close(&r, err))
			return true;
	}
	json_decref(list);
	return false;
}

bool
mdg_regroup_newest_mail(struct mdg_desk *d, struct mdg_ticket *t,
			struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT id, received_s FROM message"
			  " WHERE ticket_id = ?1 AND direction = 'in'"
			  " AND class = 'ordinary'"
			  " ORDER BY received_s DESC, id DESC LIMIT 1",
			  "i", t->id))
		return false;
	t->newest_message_id = 0;
	if (mdg_rows_next(r)) {
		t->newest_message_id = mdg_rows_i64(r, 0);
		t->inbound_s = mdg_rows_i64(r, 1);
	}
	return mdg_rows_close(&r, err);
}

bool
mdg_regroup_participants(struct mdg_desk *d, int64_t ticket,
			 struct mdg_err *err)
{
	return mdg_db_run(d->db, err,
			  "INSERT INTO ticket_participant (ticket_id, key,"
			  " address, name) SELECT CAST(?1 AS BIGINT), a.key,"
			  " MIN(a.address), MIN(a.name) FROM message m"
			  " JOIN message_address a ON a.message_id = m.id"
			  " WHERE m.ticket_id = ?1 AND m.direction = 'in'"
			  " AND (a.role = 'cc' OR (a.role = 'from'"
			  "  AND a.n = 0)) GROUP BY a.key"
			  " ON CONFLICT DO NOTHING",
			  "i", ticket);
}

bool
mdg_regroup_participants_come(struct mdg_desk *d, int64_t from, int64_t into,
			      struct mdg_err *err)
{
	return mdg_db_run(d->db, err,
			  "INSERT INTO ticket_participant (ticket_id, key,"
			  " address, name) SELECT CAST(?2 AS BIGINT), key,"
			  " address, name FROM ticket_participant"
			  " WHERE ticket_id = ?1 ON CONFLICT DO NOTHING",
			  "ii", from, into);
}

bool
mdg_regroup_participants_go(struct mdg_desk *d, int64_t from, int64_t into,
			    struct mdg_err *err)
{
	return mdg_db_run(d->db, err,
			  "DELETE FROM ticket_participant WHERE ticket_id = ?1"
			  " AND key IN (SELECT p.key FROM ticket_participant p"
			  "  WHERE p.ticket_id = ?2) AND NOT EXISTS (SELECT 1"
			  "  FROM message m JOIN message_address a"
			  "  ON a.message_id = m.id WHERE m.ticket_id = ?1"
			  "  AND m.direction = 'in'"
			  "  AND (a.role = 'cc' OR (a.role = 'from'"
			  "   AND a.n = 0))"
			  "  AND a.key = ticket_participant.key)",
			  "ii", from, into);
}
