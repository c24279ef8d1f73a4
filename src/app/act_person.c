/* customer.show, customer.set, customer.merge: one person, however many
 * addresses and numbers. */
#include <string.h>

#include "madoguchi/app/customers.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/query/query.h"

#include "act-int.h"

enum { WORDS_BYTES_MAX = 2000 };

/* Someone with a ticket where the actor works, or with none at all. */
static bool
need(struct mdg_act_call *c, const char *arg, int64_t *ret,
     struct mdg_err *err)
{
	int64_t one;

	*ret = mdg_arg_int(c, arg, 0);
	enum mdg_found f = mdg_db_i64(
		c->desk->db, &one, err,
		"SELECT 1 FROM customer c WHERE c.id = ?2 AND (?1 = 0"
		" OR EXISTS (SELECT 1 FROM ticket t JOIN member m"
		"  ON m.win_id = t.win_id WHERE t.customer_id = c.id"
		"  AND m.person_id = ?1 AND m.role <> 'none')"
		" OR NOT EXISTS (SELECT 1 FROM ticket t"
		"  WHERE t.customer_id = c.id))",
		"ii", c->viewer, *ret);
	return f == MDG_FOUND ||
	       (f == MDG_NONE &&
		mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_customer_none,
			     mdg_act_number(c, *ret), NULL));
}

static bool
show(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t id;

	return need(c, "customer", &id, err) &&
	       mdg_query_customer_card(c->desk->db, c->viewer, id, c->result,
				       err);
}

static bool
set_words(struct mdg_act_call *c, int64_t id, struct mdg_err *err)
{
	/* statements are kept by the address of their text: one for each */
	static const struct {
		const char *arg, *sql;
	} words[] = {
		{"name", "UPDATE customer SET name = ?2 WHERE id = ?1"},
		{"kana", "UPDATE customer SET kana = ?2 WHERE id = ?1"},
		{"company", "UPDATE customer SET company = ?2 WHERE id = ?1"},
		{"note", "UPDATE customer SET note = ?2 WHERE id = ?1"}};

	for (size_t i = 0; i < MDG_LEN(words); i++) {
		const char *v = mdg_arg_text(c, words[i].arg, NULL);
		if (v && strlen(v) > WORDS_BYTES_MAX)
			return mdg_fail_msg(err, MDG_ETOOBIG,
					    MDG_MSG_customer_too_long,
					    words[i].arg, NULL);
		if (v && !mdg_db_run(c->desk->db, err, words[i].sql, "is", id,
				     v))
			return false;
	}
	return true;
}

static bool
add_address(struct mdg_act_call *c, int64_t id, const char *address,
	    struct mdg_err *err)
{
	const char *key = mdg_addr_key(c->arena, address);
	int64_t owner;

	if (!mdg_addr_valid(address))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_address_bad,
				    address, NULL);
	enum mdg_found f = mdg_db_i64(c->desk->db, &owner, err,
				      "SELECT customer_id FROM customer_address"
				      " WHERE key = ?1",
				      "s", key);
	if (f == MDG_FOUND && owner != id)
		return mdg_fail_msg(err, MDG_EEXIST, MDG_MSG_customer_other,
				    address, mdg_act_number(c, owner),
				    mdg_act_number(c, id), NULL);
	return f == MDG_FOUND ||
	       (f == MDG_NONE &&
		mdg_db_run(c->desk->db, err,
			   "INSERT INTO customer_address (key, customer_id,"
			   " address) VALUES (?1, ?2, ?3)",
			   "sis", key, id, address));
}

static bool
set(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t id;
	size_t i;
	json_t *v;

	if (!need(c, "customer", &id, err) || !set_words(c, id, err))
		return false;
	json_array_foreach (json_object_get(c->args, "addresses"), i, v)
		if (!add_address(c, id, json_string_value(v), err))
			return false;
	json_array_foreach (json_object_get(c->args, "phones"), i, v)
		if (!mdg_customer_phone_put(c->desk, id, json_string_value(v),
					    err))
			return false;
	mdg_result_int(c, "customer", id);
	return mdg_desk_event(c->desk, c->actor, NULL, "customer.set",
			      json_pack("{s:I}", "customer", id), NULL, err);
}

static bool
merge(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t from, into;

	if (!need(c, "customer", &from, err) || !need(c, "into", &into, err))
		return false;
	if (from == into)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_customer_same,
				    NULL);
	mdg_result_int(c, "customer", into);
	return mdg_customers_merge(c->desk, into, from, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "customer.merge",
			      json_pack("{s:I,s:I}", "customer", into, "from",
					from),
			      NULL, err);
}

const struct mdg_act mdg_acts_person[] = {
	{"customer.show", MDG_SCOPE_ANY, MDG_MEMBER_OPERATOR, MDG_VIEWS,
	 {{"customer", 'i', true}}, show},
	{"customer.set", MDG_SCOPE_ANY, MDG_MEMBER_OPERATOR, false,
	 {{"customer", 'i', true}, {"name", 's', false}, {"kana", 's', false},
	  {"company", 's', false}, {"note", 's', false},
	  {"addresses", 'a', false}, {"phones", 'a', false}},
	 set},
	{"customer.merge", MDG_SCOPE_ANY, MDG_MEMBER_SV, false,
	 {{"customer", 'i', true}, {"into", 'i', true}}, merge},
	{0},
};
