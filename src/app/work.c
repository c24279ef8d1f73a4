#include "madoguchi/app/work.h"

#include <string.h>

#include "madoguchi/app/warn.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"

bool
mdg_work_is_absent(struct mdg_desk *d, int64_t person, int64_t now_s, bool *ret,
		   struct mdg_err *err)
{
	int64_t one;
	enum mdg_found f = mdg_db_i64(
		d->db, &one, err,
		"SELECT 1 FROM person p LEFT JOIN person_work w"
		" ON w.person_id = p.id WHERE p.id = ?1 AND (p.disabled = 1"
		" OR (w.absent = 1 AND (w.absent_until_s IS NULL"
		" OR w.absent_until_s > ?2)))",
		"ii", person, now_s);

	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

bool
mdg_work_links_since(struct mdg_desk *d, int64_t person, int64_t *ret_s,
		     struct mdg_err *err)
{
	*ret_s = 0;
	return mdg_db_i64(d->db, ret_s, err,
			  "SELECT links_since_s FROM person_work"
			  " WHERE person_id = ?1",
			  "i", person) != MDG_FAILED;
}

static bool
let_go(struct mdg_desk *d, const struct mdg_actor *who, struct mdg_ticket *t,
       const char *kind, int64_t now_s, struct mdg_err *err)
{
	int64_t was = t->assignee_id;

	/* an error ticket has no queue to go back to */
	if (!mdg_streq(t->state, "error") &&
	    !mdg_desk_ticket_move(t, MDG_TICKET_EV_RELEASE, now_s, err))
		return false;
	t->assignee_id = 0;
	return mdg_desk_event(
		d, who, t, kind,
		json_pack("{s:I,s:s}", "was", was, "state", t->state), NULL,
		err);
}

static bool
release_one(struct mdg_desk *d, const struct mdg_actor *who, int64_t id,
	    int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_round r = {.a = &a};
	struct mdg_ticket t;

	return mdg_ticket_by_id(d->db, id, &a, &t, err) == MDG_FOUND &&
	       let_go(d, who, &t, "ticket.release", now_s, err) &&
	       mdg_warn_own(d, &r, &t, err) && mdg_ticket_update(d->db, &t, err);
}

bool
mdg_work_leave_absent(struct mdg_desk *d, struct mdg_ticket *t,
		      struct mdg_err *err)
{
	int64_t now_s = mdg_now_s();
	bool away = false;

	if (!t->assignee_id || mdg_streq(t->state, "closed") ||
	    mdg_streq(t->state, "merged"))
		return true;
	if (!mdg_work_is_absent(d, t->assignee_id, now_s, &away, err))
		return false;
	return !away ||
	       (let_go(d, &mdg_actor_system, t, "ticket.left", now_s, err) &&
		mdg_warn_nobodys(d, t, err));
}

bool
mdg_work_release(struct mdg_desk *d, const struct mdg_actor *who,
		 int64_t person, int64_t win, int64_t now_s, int64_t *ret_n,
		 struct mdg_err *err)
{
	int64_t id;

	for (*ret_n = 0;; ++*ret_n) {
		enum mdg_found f = mdg_db_i64(
			d->db, &id, err,
			"SELECT id FROM ticket WHERE assignee_id = ?1"
			" AND state NOT IN ('closed', 'merged')"
			" AND (?2 = 0 OR win_id = ?2) ORDER BY id LIMIT 1",
			"ii", person, win);
		if (f == MDG_FAILED ||
		    (f == MDG_FOUND && !release_one(d, who, id, now_s, err)))
			return false;
		if (f == MDG_NONE)
			break;
	}
	return mdg_db_run(d->db, err,
			  "DELETE FROM draft_lock WHERE person_id = ?1"
			  " AND (?2 = 0 OR EXISTS (SELECT 1 FROM ticket t"
			  " WHERE t.id = draft_lock.ticket_id"
			  " AND t.win_id = ?2))",
			  "ii", person, win);
}

/* ---- whose turn ---- */

struct turn {
	int64_t person, load, assigned_s;
	int fit; /* 2: knows this category, 1: takes any, 0: others */
};

static int
fits(const char *skills, const char *category)
{
	size_t n = category ? strlen(category) : 0;

	if (!*skills || !n)
		return 1;
	for (const char *p = skills; n && *p; p += strspn(p, "\n")) {
		size_t len = strcspn(p, "\n");
		if (len == n && memcmp(p, category, n) == 0)
			return 2;
		p += len;
	}
	return 0;
}

static bool
before(const struct turn *a, const struct turn *b)
{
	if (a->fit != b->fit)
		return a->fit > b->fit;
	if (a->load != b->load)
		return a->load < b->load;
	return a->assigned_s < b->assigned_s;
}

enum mdg_found
mdg_work_whose(struct mdg_desk *d, const struct mdg_ticket *t, int64_t now_s,
	       int64_t *ret_person, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	struct turn best = {.person = 0};

	if (!mdg_db_query(
		    d->db, &r, err,
		    "SELECT p.id, COALESCE(w.capacity, 0),"
		    " COALESCE(w.skills, ''), COALESCE(w.assigned_s, 0),"
		    " (SELECT COUNT(*) FROM ticket t WHERE t.assignee_id = p.id"
		    "  AND t.state NOT IN ('closed', 'merged')"
		    "  AND t.state IN ('new', 'working'))"
		    " FROM member m JOIN person p ON p.id = m.person_id"
		    " LEFT JOIN person_work w ON w.person_id = p.id"
		    " WHERE m.win_id = ?1 AND m.role = 'operator'"
		    " AND p.disabled = 0 AND (w.absent IS NULL OR w.absent = 0"
		    "  OR w.absent_until_s <= ?2) ORDER BY p.id",
		    "ii", t->win_id, now_s))
		return MDG_FAILED;
	while (mdg_rows_next(r)) {
		int64_t capacity = mdg_rows_i64(r, 1);
		const struct turn one = {
			.person = mdg_rows_i64(r, 0),
			.load = mdg_rows_i64(r, 4),
			.assigned_s = mdg_rows_i64(r, 3),
			.fit = fits(mdg_rows_text(r, 2), t->category),
		};
		if ((capacity && one.load >= capacity) || !one.fit)
			continue;
		if (!best.person || before(&one, &best))
			best = one;
	}
	if (!mdg_rows_close(&r, err))
		return MDG_FAILED;
	*ret_person = best.person;
	return best.person ? MDG_FOUND : MDG_NONE;
}

bool
mdg_work_given(struct mdg_desk *d, int64_t person, int64_t now_s,
	       struct mdg_err *err)
{
	return mdg_db_run(d->db, err,
			  "INSERT INTO person_work (person_id, absent,"
			  " capacity, skills, assigned_s, links_since_s)"
			  " VALUES (?1, 0, 0, '', ?2, 0)"
			  " ON CONFLICT (person_id) DO UPDATE SET"
			  " assigned_s = excluded.assigned_s",
			  "ii", person, now_s);
}
