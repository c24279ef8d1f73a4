/* scan.release: what the virus scanner found is a false alarm. */
#include <string.h>

#include "madoguchi/base/str.h"
#include "scan-int.h"

#include "act-int.h"

/* By a lead, with a reason; its files are opened by leads then. */
static bool
scan_release(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t message = mdg_arg_int(c, "message", 0), raw;
	const char *reason = mdg_arg_text(c, "reason", "");
	struct mdg_scan s = {.state = ""};

	enum mdg_found f = mdg_db_i64(c->desk->db, &raw, err,
				      "SELECT raw_id FROM message"
				      " WHERE id = ?1 AND raw_id IS NOT NULL",
				      "i", message);
	if (f == MDG_FOUND)
		f = mdg_scan_get(c->desk->db, MDG_SCAN_MAIL, raw, c->arena, &s,
				 err);
	if (f == MDG_FAILED)
		return false;
	if (!mdg_streq(s.state, "found"))
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_scan_not_found,
				    mdg_act_number(c, message), NULL);
	if (!reason[strspn(reason, " \t\n")])
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_scan_reason,
				    NULL);
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_int(c, "message", message);
	mdg_result_text(c, "signature", s.name);
	return mdg_scan_set(c->desk->db, s.kind, s.item_id, "released", s.name,
			    c->now_s, err) &&
	       mdg_scan_mark(c->desk, message, NULL, err) &&
	       mdg_desk_event(c->desk, c->actor, &c->ticket, "scan.released",
			      json_pack("{s:I,s:s}", "message", message,
					"signature", s.name),
			      json_pack("{s:s}", "reason", reason), err) &&
	       mdg_ticket_update(c->desk->db, &c->ticket, err);
}

const struct mdg_act mdg_acts_scan[] = {
	{"scan.release",
	 MDG_SCOPE_MESSAGE,
	 MDG_MEMBER_SV,
	 false,
	 {{"message", 'i', true}, {"reason", 's', true}},
	 scan_release},
	{0},
};
