/* customer.*, retention.*: personal data: what we have, given out, erased. */
#include <string.h>

#include "madoguchi/app/customers.h"
#include "madoguchi/app/erase.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/query.h"

#include "act-int.h"

enum { DAYS_MAX = 36500 };

static bool
customer_find(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_customers_find(c->desk, c->viewer,
				  mdg_arg_text(c, "text", ""), c->result, err);
}

static bool
need_customer(struct mdg_act_call *c, int64_t *ret, struct mdg_err *err)
{
	int64_t one;

	*ret = mdg_arg_int(c, "customer", 0);
	enum mdg_found f = mdg_db_i64(c->desk->db, &one, err,
				      "SELECT 1 FROM customer WHERE id = ?1",
				      "i", *ret);
	return f == MDG_FOUND ||
	       (f == MDG_NONE &&
		mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_customer_none,
			     mdg_act_number(c, *ret), NULL));
}

static bool
customer_export(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t id;

	return need_customer(c, &id, err) &&
	       mdg_query_customer(c->desk->db, id, c->result, err);
}

/* A piece of a raw mail of theirs: base64 of one zstd chunk. */
static bool
customer_mail(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t id;

	return need_customer(c, &id, err) &&
	       mdg_query_customer_chunk(c->desk->db, id, mdg_arg_int(c, "raw", 0),
					mdg_arg_int(c, "chunk", 0), c->result,
					err);
}

static bool
customer_erase(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_erased sum;
	struct mdg_db_copy *copies;
	json_t *names;
	int64_t id;
	size_t n;

	if (!need_customer(c, &id, err) ||
	    !mdg_erase_customer(c->desk, c->actor, id, &sum, err) ||
	    !mdg_db_copies(c->desk->db, c->arena, &copies, &n, err))
		return false;
	mdg_result_int(c, "customer", id);
	mdg_result_int(c, "tickets", sum.tickets);
	mdg_result_int(c, "mails", sum.mails);
	names = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(names, json_string(copies[i].name));
	json_object_set_new(c->result, "copies", names);
	return true;
}

static bool
retention_set(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *how = mdg_arg_text(c, "how", "erase");
	int64_t days = mdg_arg_int(c, "days", 0);
	bool off = mdg_streq(how, "off"), ok;

	if (!off && !mdg_streq(how, "erase") && !mdg_streq(how, "delete"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_retention_how, how,
				    NULL);
	if (!off && (days < 1 || days > DAYS_MAX))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_retention_days,
				    NULL);
	if (off)
		ok = mdg_db_run(c->desk->db, err,
				"DELETE FROM retention WHERE win_id = ?1", "i",
				c->win.id);
	else
		ok = mdg_db_run(c->desk->db, err,
				"INSERT INTO retention (win_id, days, how)"
				" VALUES (?1, ?2, ?3) ON CONFLICT (win_id)"
				" DO UPDATE SET days = excluded.days,"
				" how = excluded.how",
				"iis", c->win.id, days, how);
	mdg_result_text(c, "window", c->win.code);
	mdg_result_text(c, "how", how);
	mdg_result_int(c, "days", days);
	return ok && mdg_desk_event(c->desk, c->actor, NULL, "retention.set",
				    json_pack("{s:I,s:s,s:I}", "window",
					      c->win.id, "how", how, "days",
					      days),
				    NULL, err);
}

static bool
retention_list(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_query_retention(c->desk->db, c->viewer, c->result, err);
}

const struct mdg_act mdg_acts_customer[] = {
	{"customer.find", MDG_SCOPE_ANY, MDG_MEMBER_OPERATOR, true,
	 {{"text", 's', true}},
	 customer_find},
	{"customer.export", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, MDG_VIEWS,
	 {{"customer", 'i', true}},
	 customer_export},
	{"customer.mail", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, MDG_VIEWS,
	 {{"customer", 'i', true}, {"raw", 'i', true}, {"chunk", 'i', true}},
	 customer_mail},
	{"customer.erase", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false,
	 {{"customer", 'i', true}},
	 customer_erase},
	{"retention.set", MDG_SCOPE_WINDOW, MDG_MEMBER_ADMIN, false,
	 {{"window", 's', true}, {"days", 'i', false}, {"how", 's', false}},
	 retention_set},
	{"retention.list", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true, {{0}},
	 retention_list},
	{0},
};
