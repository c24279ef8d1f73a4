/* customer.show, customer.set, customer.merge: one person, however many
 * addresses and numbers; customer.csv_*: all of them as a table. */
#include <string.h>

#include "madoguchi/app/customers.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/query/query.h"

#include "act-int.h"

/* Someone with a ticket where the actor works, or with none at all. */
static bool
need(struct mdg_act_call *c, const char *arg, int64_t *ret,
     struct mdg_err *err)
{
	bool may;

	*ret = mdg_arg_int(c, arg, 0);
	return mdg_customer_visible(c->desk, c->viewer, *ret, &may, err) &&
	       (may || mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_customer_none,
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
		if (v && strlen(v) > MDG_CUSTOMER_WORDS_MAX)
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

/* Everybody's personal data: the chain tells how much went out, and to whom. */
static bool
csv_out(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t after = mdg_arg_int(c, "after", 0);

	if (!mdg_customers_give(c->desk, c->viewer, after, c->result, err))
		return false;
	size_t n = json_array_size(json_object_get(c->result, "customers"));
	return mdg_desk_event(c->desk, c->actor, NULL, "customer.csv_out",
			      json_pack("{s:I,s:I}", "after", after,
					"customers", (json_int_t)n),
			      NULL, err);
}

/* A dry run does it all and takes it back, to tell the same. */
static bool
csv_in(struct mdg_act_call *c, struct mdg_err *err)
{
	static const char *const counts[] = {"rows", "new", "changed", "same",
					     "conflict", "refused"};
	bool dry = mdg_arg_flag(c, "dry");
	const struct mdg_customers_in how = {
		.viewer = c->viewer,
		.first_row = mdg_arg_int(c, "row", 2),
		.replace = mdg_arg_flag(c, "replace"),
		.lang = c->actor->lang,
		.now_s = c->now_s,
	};

	if ((dry && !mdg_desk_save(c->desk, err)) ||
	    !mdg_customers_take(c->desk, &how, mdg_arg_text(c, "text", ""),
				c->arena, c->result, err) ||
	    (dry && !mdg_desk_undo(c->desk, err)))
		return false;
	json_t *codes = json_pack("{s:b,s:b}", "dry", dry, "replace",
				  how.replace);
	for (size_t i = 0; i < MDG_LEN(counts); i++)
		json_object_set(codes, counts[i],
				json_object_get(c->result, counts[i]));
	return mdg_desk_event(c->desk, c->actor, NULL, "customer.csv_in", codes,
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
	{"customer.csv_out", MDG_SCOPE_ANY, MDG_MEMBER_SV, false,
	 {{"after", 'i', false}}, csv_out},
	{"customer.csv_in", MDG_SCOPE_ANY, MDG_MEMBER_SV, false,
	 {{"text", 's', true}, {"row", 'i', false}, {"dry", 'b', false},
	  {"replace", 'b', false}}, csv_in},
	{0},
};
