#include "madoguchi/app/form.h"

#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/authres.h"

/* ---- declared forms ---- */

bool
mdg_form_map_read(const json_t *fields, struct mdg_arena *a,
		  struct mdg_form_map *ret, struct mdg_err *err)
{
	const char *name;
	json_t *v;

	*ret = (struct mdg_form_map){.reply_to = false};
	/* jansson's iteration takes a mutable object but does not change it */
	json_object_foreach((json_t *)fields, name, v)
	{
		enum mdg_field_kind kind = mdg_form_kind_from_name(name);
		const char *label = json_string_value(v);
		if (kind == MDG_FIELD_NONE || !label)
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_form_field_unknown, name,
					    NULL);
		if (kind == MDG_FIELD_ADDRESS &&
		    mdg_strcaseeq(label, "Reply-To")) {
			ret->reply_to = true;
			continue;
		}
		ret->label[kind] = mdg_form_label(a, label, strlen(label));
		if (!*ret->label[kind])
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_form_label_bad, name, label,
					    NULL);
	}
	return true;
}

static bool
load_map(const struct mdg_form_row *row, struct mdg_arena *a,
	 struct mdg_form_map *ret, struct mdg_err *err)
{
	json_error_t why;
	json_t *o = json_loads(row->fields, 0, &why);
	bool ok = o ? mdg_form_map_read(o, a, ret, err)
		    : mdg_fail(err, MDG_EFORMAT, "form %lld has no fields",
			       (long long)row->id);

	json_decref(o);
	return ok;
}

static bool
is_verified(const struct mdg_form_row *row, const struct mdg_mail *m)
{
	return (*row->server && mdg_auth_passed(&m->auth_results, row->server,
						row->pass_domain)) ||
	       (*row->route && mdg_route_taken(&m->received, row->route));
}

bool
mdg_form_find(struct mdg_desk *d, int64_t win, const struct mdg_mail *m,
	      struct mdg_arena *a, struct mdg_form_match *ret,
	      struct mdg_err *err)
{
	struct mdg_form_row rows[MDG_FORMS_MAX];
	size_t n = 0;

	*ret = (struct mdg_form_match){.found = false};
	if (m->from.n != 1 || !*m->from.v[0].key)
		return true;
	if (!mdg_forms_from(d->db, win, m->from.v[0].key, a, rows,
			    MDG_LEN(rows), &n, err))
		return false;
	for (size_t i = 0; i < n && !ret->verified; i++) {
		if (!mdg_form_subject_fits(rows[i].subject, m->subject))
			continue;
		ret->found = true;
		ret->row = rows[i];
		ret->verified = is_verified(&rows[i], m);
	}
	return !ret->found || load_map(&ret->row, a, &ret->map, err);
}

json_t *
mdg_form_values_json(const struct mdg_form_values *v)
{
	json_t *o = json_object();

	for (int i = MDG_FIELD_NAME; i < MDG_FIELD_CONTENT; i++)
		if (v->text[i] && i != MDG_FIELD_ADDRESS)
			json_object_set_new(
				o, mdg_form_kind_name((enum mdg_field_kind)i),
				json_string(v->text[i]));
	if (*v->customer.address)
		json_object_set_new(o, "address",
				    json_string(v->customer.address));
	return o;
}

/* ---- who is who ---- */

bool
mdg_desk_own_keys(struct mdg_desk *d, struct mdg_arena *a,
		  struct mdg_strings *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(d->db, &r, err, "SELECT key FROM win_address", ""))
		return false;
	while (mdg_rows_next(r))
		mdg_strings_add(ret, a, mdg_rows_text(r, 0), MDG_ADDRESSES_MAX);
	return mdg_rows_close(&r, err);
}

/* ---- the answer ---- */

static bool
read_roles(struct mdg_desk *d, int64_t message, struct mdg_arena *a,
	   struct mdg_addresses *customer, struct mdg_addresses *reply_to,
	   struct mdg_addresses *from, struct mdg_addresses *cc,
	   struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT role, name, address, key"
			  " FROM message_address a"
			  " WHERE message_id = ?1 AND role IN ('from',"
			  " 'reply_to', 'cc', 'to', 'customer') AND NOT EXISTS"
			  " (SELECT 1 FROM win_address w WHERE w.key = a.key)"
			  " ORDER BY role, n",
			  "i", message))
		return false;
	while (mdg_rows_next(r)) {
		const char *role = mdg_rows_text(r, 0);
		struct mdg_addresses *l =
			mdg_streq(role, "from")       ? from
			: mdg_streq(role, "reply_to") ? reply_to
			: mdg_streq(role, "customer") ? customer
						      : cc;
		if (l->n < MDG_RECIPIENTS_MAX &&
		    mdg_addr_valid(mdg_rows_text(r, 2)))
			mdg_addresses_add(l, a, mdg_rows_text(r, 1),
					  mdg_rows_text(r, 2),
					  mdg_rows_text(r, 3));
	}
	return mdg_rows_close(&r, err);
}

/* A mail that speaks for somebody we do not know yet. */
static bool
blocked(struct mdg_desk *d, int64_t message, const struct mdg_addresses *from,
	enum mdg_reply_block *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	json_error_t why;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT flags FROM message WHERE id = ?1", "i",
			  message))
		return false;
	if (mdg_rows_next(r)) {
		json_t *o = json_loads(mdg_rows_text(r, 0), 0, &why);
		/* without one left, From is an address of ours */
		bool machine =
			from->n == 0 || mdg_addr_is_robot(from->v[0].key);
		if (json_object_get(o, "form"))
			*ret = MDG_REPLY_NO_CUSTOMER;
		else if (machine && (json_object_get(o, "form_like") ||
				     json_object_get(o, "form_unverified")))
			*ret = MDG_REPLY_SUSPECTED;
		json_decref(o);
	}
	return mdg_rows_close(&r, err);
}

bool
mdg_reply_recipients(struct mdg_desk *d, int64_t message, struct mdg_arena *a,
		     struct mdg_addresses *to, struct mdg_addresses *cc,
		     enum mdg_reply_block *block, struct mdg_err *err)
{
	struct mdg_addresses customer = {0}, reply_to = {0}, from = {0};
	struct mdg_addresses others = {0};

	*block = MDG_REPLY_OPEN;
	*to = *cc = (struct mdg_addresses){0};
	if (!read_roles(d, message, a, &customer, &reply_to, &from, &others,
			err))
		return false;
	if (customer.n) {
		*to = customer;
		return true; /* the others got what we got, not what he wrote */
	}
	if (!blocked(d, message, &from, block, err))
		return false;
	if (*block != MDG_REPLY_OPEN)
		return true;
	*to = reply_to.n ? reply_to : from;
	*cc = others;
	return true;
}
