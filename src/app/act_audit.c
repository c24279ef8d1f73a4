/* audit.*: the chain of events, and who looked at what. */
#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/query/query.h"

#include "act-int.h"

/* Is the head that was mailed once an event of this chain, and which? */
static bool
find_head(struct mdg_act_call *c, const char *text, struct mdg_err *err)
{
	unsigned char want[MDG_DIGEST_BYTES];
	int64_t lane, seq, time_s;

	if (!mdg_unhex(text, want, sizeof(want)))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_audit_head_bad,
				    NULL);
	enum mdg_found f =
		mdg_event_by_hash(c->desk->db, want, &lane, &seq, &time_s, err);
	if (f == MDG_FAILED)
		return false;
	json_object_set_new(c->result, "head_found",
			    json_boolean(f == MDG_FOUND));
	if (f == MDG_FOUND) {
		mdg_result_int(c, "head_lane", lane);
		mdg_result_int(c, "head_seq", seq);
		mdg_result_int(c, "head_time_s", time_s);
	}
	return true;
}

static bool
audit_verify(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *want = mdg_arg_text(c, "head", NULL);
	struct mdg_audit audit;
	char head[2 * MDG_DIGEST_BYTES + 1];

	if (!mdg_event_verify(c->desk->db, &audit, err))
		return false;
	mdg_hex(audit.head, sizeof(audit.head), head);
	mdg_result_int(c, "events", audit.events);
	mdg_result_int(c, "lanes", audit.lanes);
	mdg_result_int(c, "erased", audit.erased);
	mdg_result_text(c, "head", head);
	mdg_result_text(c, "fault", *audit.bad ? audit.bad : NULL);
	return !want || find_head(c, want, err);
}

static bool
audit_views(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t number = mdg_arg_int(c, "ticket", 0), ticket = 0;
	enum mdg_found f = MDG_FOUND;

	if (number)
		f = mdg_db_i64(c->desk->db, &ticket, err,
			       "SELECT id FROM ticket WHERE number = ?1", "i",
			       number);
	if (f == MDG_NONE)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_ticket_none,
				    mdg_act_number(c, number), NULL);
	mdg_result_int(c, "now_s", c->now_s);
	return f == MDG_FOUND &&
	       mdg_query_views(c->desk->db, ticket,
			       mdg_arg_text(c, "user", NULL),
			       c->now_s - 86400 * mdg_arg_int(c, "days", 30),
			       c->result, err);
}

static bool
audit_search(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *login = mdg_arg_text(c, "user", NULL);
	struct mdg_person p;
	struct mdg_audit_filter f = {
		.kind = mdg_arg_text(c, "kind", NULL),
		.ticket = mdg_arg_int(c, "ticket", 0),
		.before = mdg_arg_text(c, "before", NULL),
		.limit = mdg_arg_int(c, "limit", 100),
	};

	if (login) {
		enum mdg_found found = mdg_person_by_login(c->desk->db, login,
							   c->arena, &p, err);
		if (found != MDG_FOUND)
			return found == MDG_NONE &&
			       mdg_fail_msg(err, MDG_ENOENT,
					    MDG_MSG_person_none, login, NULL);
		f.actor = mdg_arena_printf(c->arena, "person:%lld",
					   (long long)p.id);
	}
	if (!mdg_act_day(c, "from", -1, false, &f.from_s, err) ||
	    !mdg_act_day(c, "to", -1, true, &f.to_s, err))
		return false;
	f.to_s = f.to_s ? f.to_s : INT64_MAX;
	return mdg_query_audit(c->desk->db, &f, c->result, err);
}

/* Another process showed a ticket out of the store; it says so. */
static bool
ticket_viewed(struct mdg_act_call *c, struct mdg_err *err)
{
	(void)err;
	mdg_result_int(c, "ticket", c->ticket.number);
	return true;
}

const struct mdg_act mdg_acts_audit[] = {
	{"audit.verify",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{"head", 's', false}},
	 audit_verify},
	{"audit.search",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 true,
	 {{"user", 's', false},
	  {"kind", 's', false},
	  {"ticket", 'i', false},
	  {"from", 's', false},
	  {"to", 's', false},
	  {"before", 's', false},
	  {"limit", 'i', false}},
	 audit_search},
	{"audit.views",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 true,
	 {{"ticket", 'i', false}, {"user", 's', false}, {"days", 'i', false}},
	 audit_views},
	{"ticket.viewed",
	 MDG_SCOPE_TICKET,
	 MDG_MEMBER_VIEWER,
	 MDG_VIEWS,
	 {{"ticket", 'i', true}},
	 ticket_viewed},
	{0},
};
