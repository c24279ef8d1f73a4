/* Customers as rows of a table, taken in: none of the rows is trusted. */
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/store/st_desk.h"
#include "madoguchi/store/st_mail.h"

#include "customers-int.h"

struct take {
	struct mdg_desk *d;
	const struct mdg_customers_in *how;
	struct mdg_arena *a;
	struct mdg_csv_row row;
	int64_t number; /* of the row */
	json_t *told;
	struct mdg_err no, *err; /* no: what is wrong with the row */
};

/* ---- is it right? ---- */

static const char *
number(struct take *t, int64_t v)
{
	return mdg_arena_printf(t->a, "%lld", (long long)v);
}

static void
tell(struct take *t, const char *outcome, const struct mdg_err *why)
{
	char text[2048];

	mdg_err_text(why, t->how->lang, text, sizeof(text));
	json_array_append_new(t->told,
			      json_pack("{s:I,s:s,s:s}", "row", t->number,
					"outcome", outcome, "why", text));
}

/* 9012345678: a spreadsheet has taken the number for a number. */
static const char *
with_zero(struct take *t, const char *phone)
{
	size_t n = strspn(phone, "0123456789");
	struct mdg_err note;

	if (phone[n] || *phone == '0' || n < 9 || n > 10)
		return phone;
	const char *whole = mdg_arena_printf(t->a, "0%s", phone);
	mdg_fail_msg(&note, MDG_EINVAL, MDG_MSG_customers_zero, phone, whole,
		     NULL);
	tell(t, "note", &note);
	return whole;
}

static bool
check_address(struct take *t, const char *address)
{
	int64_t win;

	if (!mdg_addr_valid(address))
		return mdg_fail_msg(&t->no, MDG_EINVAL, MDG_MSG_address_bad,
				    address, NULL);
	enum mdg_found f = mdg_win_by_address(
		t->d->db, mdg_addr_key(t->a, address), &win, t->err);
	return f == MDG_NONE ||
	       (f == MDG_FOUND &&
		mdg_fail_msg(&t->no, MDG_EINVAL, MDG_MSG_customer_ours, address,
			     NULL));
}

static bool
check_phone(struct take *t, const char **phone)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf key = {0};

	*phone = with_zero(t, *phone);
	mdg_phone_key(*phone, &key);
	return key.len || mdg_fail_msg(&t->no, MDG_EINVAL, MDG_MSG_phone_bad,
				       *phone, NULL);
}

static bool
too_long(struct take *t, int column)
{
	return mdg_fail_msg(&t->no, MDG_ETOOBIG, MDG_MSG_customer_too_long,
			    mdg_csv_column(column), NULL);
}

static bool
check(struct take *t)
{
	struct mdg_csv_row *r = &t->row;

	if (r->too_wide)
		return mdg_fail_msg(&t->no, MDG_EFORMAT, MDG_MSG_customers_wide,
				    NULL);
	for (int i = 0; i < CSV_WORDS_N; i++)
		if (strstr(r->words[i], "\xEF\xBF\xBD"))
			return mdg_fail_msg(&t->no, MDG_EFORMAT,
					    MDG_MSG_customers_garbled,
					    mdg_csv_column(i), NULL);
	if (!r->addresses.n && !r->phones.n)
		return mdg_fail_msg(&t->no, MDG_EINVAL, MDG_MSG_customers_bare,
				    NULL);
	for (int i = 0; i < CSV_WORDS_N; i++)
		if (strlen(r->words[i]) > MDG_CUSTOMER_WORDS_MAX)
			return too_long(t, i);
	if (r->addresses.n > MDG_CSV_CONTACTS_MAX ||
	    r->phones.n > MDG_CSV_CONTACTS_MAX)
		return too_long(t, r->phones.n > MDG_CSV_CONTACTS_MAX
					   ? CSV_PHONES
					   : CSV_ADDRESSES);
	for (size_t i = 0; i < r->addresses.n; i++)
		if (!check_address(t, r->addresses.v[i]))
			return false;
	for (size_t i = 0; i < r->phones.n; i++)
		if (!check_phone(t, &r->phones.v[i]))
			return false;
	return true;
}

/* ---- whose is it? ---- */

static bool
meant_too(struct take *t, int64_t *id, int64_t found)
{
	if (*id && *id != found)
		return mdg_fail_msg(&t->no, MDG_EEXIST, MDG_MSG_customers_two,
				    number(t, *id), number(t, found), NULL);
	*id = found;
	return true;
}

static bool
by_address(struct take *t, int64_t *id)
{
	for (size_t i = 0; i < t->row.addresses.n; i++) {
		int64_t found;
		enum mdg_found f = mdg_db_i64(
			t->d->db, &found, t->err,
			"SELECT customer_id FROM customer_address"
			" WHERE key = ?1",
			"s", mdg_addr_key(t->a, t->row.addresses.v[i]));
		if (f == MDG_FAILED ||
		    (f == MDG_FOUND && !meant_too(t, id, found)))
			return false;
	}
	return true;
}

static bool
same_name(const char *a, const char *b)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf x = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf y = {0};

	mdg_name_key(a, &x);
	mdg_name_key(b, &y);
	return !x.len || !y.len || mdg_streq(mdg_buf_str(&x), mdg_buf_str(&y));
}

/* A family has one number: another name is another person. */
static bool
by_phone(struct take *t, const char *phone, int64_t *id, int64_t *ret_other)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf key = {0};

	mdg_phone_key(phone, &key);
	if (!mdg_db_query(t->d->db, &r, t->err,
			  "SELECT c.id, c.name FROM customer_phone p"
			  " JOIN customer c ON c.id = p.customer_id"
			  " WHERE p.key = ?1 ORDER BY c.id",
			  "s", mdg_buf_str(&key)))
		return false;
	while (mdg_rows_next(r))
		if (!same_name(mdg_rows_text(r, 1), t->row.words[CSV_NAME]))
			*ret_other = mdg_rows_i64(r, 0);
		else if (!meant_too(t, id, mdg_rows_i64(r, 0)))
			return false;
	return mdg_rows_close(&r, t->err);
}

static bool
may_see(struct take *t, int64_t id)
{
	bool may = false;

	if (!mdg_customer_visible(t->d, t->how->viewer, id, &may, t->err))
		return false;
	return may || mdg_fail_msg(&t->no, MDG_EPERM,
				   MDG_MSG_customers_elsewhere, NULL);
}

/* *id 0: nobody yet. */
static bool
find(struct take *t, int64_t *id)
{
	int64_t other = 0;

	*id = 0;
	if (!by_address(t, id))
		return false;
	for (size_t i = 0; !*id && i < t->row.phones.n; i++)
		if (!by_phone(t, t->row.phones.v[i], id, &other))
			return false;
	if (*id)
		return may_see(t, *id);
	return !other || t->row.addresses.n > 0 ||
	       (may_see(t, other) &&
		mdg_fail_msg(&t->no, MDG_EEXIST, MDG_MSG_customers_phone,
			     number(t, other), NULL));
}

/* ---- taking it in ---- */

struct done {
	bool changed, stayed;
};

static bool
put_words(struct take *t, int64_t id, struct done *done)
{
	/* statements are kept by the address of their text: one for each */
	static const char *const get[] = {
		"SELECT name FROM customer WHERE id = ?1",
		"SELECT kana FROM customer WHERE id = ?1",
		"SELECT company FROM customer WHERE id = ?1",
		"SELECT note FROM customer WHERE id = ?1"};
	static const char *const set[] = {
		"UPDATE customer SET name = ?2 WHERE id = ?1",
		"UPDATE customer SET kana = ?2 WHERE id = ?1",
		"UPDATE customer SET company = ?2 WHERE id = ?1",
		"UPDATE customer SET note = ?2 WHERE id = ?1"};
	struct mdg_err stays;

	for (int i = 0; i < CSV_WORDS_N; i++) {
		MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
		const char *word = t->row.words[i];
		if (!*word)
			continue;
		if (!mdg_db_query(t->d->db, &r, t->err, get[i], "i", id))
			return false;
		bool any = mdg_rows_next(r) && *mdg_rows_text(r, 0);
		bool same = any && mdg_streq(mdg_rows_text(r, 0), word);
		if (!mdg_rows_close(&r, t->err))
			return false;
		if (any && !same && !t->how->replace) {
			mdg_fail_msg(&stays, MDG_EEXIST,
				     MDG_MSG_customers_stays, mdg_csv_column(i),
				     number(t, id), NULL);
			tell(t, "conflict", &stays);
			done->stayed = true;
		} else if (!same) {
			done->changed = true;
			if (!mdg_db_run(t->d->db, t->err, set[i], "is", id,
					word))
				return false;
		}
	}
	return true;
}

static bool
put_contacts(struct take *t, int64_t id, struct done *done)
{
	int64_t one;

	for (size_t i = 0; i < t->row.addresses.n; i++) {
		const char *address = t->row.addresses.v[i];
		enum mdg_found f = mdg_db_i64(
			t->d->db, &one, t->err,
			"INSERT INTO customer_address (key, customer_id,"
			" address) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"
			" RETURNING customer_id",
			"sis", mdg_addr_key(t->a, address), id, address);
		if (f == MDG_FAILED)
			return false;
		done->changed = done->changed || f == MDG_FOUND;
	}
	for (size_t i = 0; i < t->row.phones.n; i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf key = {0};
		mdg_phone_key(t->row.phones.v[i], &key);
		enum mdg_found f =
			mdg_db_i64(t->d->db, &one, t->err,
				   "SELECT 1 FROM customer_phone WHERE key = ?1"
				   " AND customer_id = ?2",
				   "si", mdg_buf_str(&key), id);
		if (f == MDG_FOUND)
			continue; /* as it was written first */
		done->changed = true;
		if (f == MDG_FAILED ||
		    !mdg_customer_phone_put(t->d, id, t->row.phones.v[i],
					    t->err))
			return false;
	}
	return true;
}

/* *ret: what became of the row, a member of the answer. */
static bool
take_row(struct take *t, const char **ret)
{
	struct done done = {false, false};
	int64_t id;

	t->no = (struct mdg_err){.id = MDG_MSG_NONE};
	if (!check(t) || !find(t, &id)) {
		if (t->no.id == MDG_MSG_NONE)
			return false;
		tell(t, "refused", &t->no);
		*ret = "refused";
		return true;
	}
	bool is_new = id == 0;
	if (is_new &&
	    mdg_db_i64(t->d->db, &id, t->err,
		       "INSERT INTO customer (name, company, phone, note,"
		       " created_s) VALUES ('', '', '', '', ?1) RETURNING id",
		       "i", t->how->now_s) != MDG_FOUND)
		return false;
	if (!put_words(t, id, &done) || !put_contacts(t, id, &done))
		return false;
	*ret = is_new         ? "new"
	       : done.stayed  ? "conflict"
	       : done.changed ? "changed"
			      : "same";
	return true;
}

bool
mdg_customers_take(struct mdg_desk *d, const struct mdg_customers_in *how,
		   const char *text, struct mdg_arena *a, json_t *ret,
		   struct mdg_err *err)
{
	static const char bom[] = "\xEF\xBB\xBF";
	static const char *const outcomes[] = {"new", "changed", "same",
					       "conflict", "refused"};
	struct take t = {
		.d = d,
		.how = how,
		.a = a,
		.number = how->first_row,
		.told = json_array(),
		.err = err,
	};
	const char *p = text + (mdg_str_starts(text, bom) ? strlen(bom) : 0);
	json_t *ignored = json_array();
	struct mdg_csv_head head;
	size_t rows = 0;

	json_object_set_new(ret, "told", t.told);
	json_object_set_new(ret, "ignored", ignored);
	for (size_t i = 0; i < MDG_LEN(outcomes); i++)
		json_object_set_new(ret, outcomes[i], json_integer(0));
	if (!mdg_csv_read_head(&p, a, &head, ignored, err))
		return false;
	for (; *p; t.number++) {
		const char *outcome;
		bool any;
		if (!mdg_csv_read_row(&p, a, &head, t.number, &t.row, &any,
				      err))
			return false;
		if (!any)
			continue;
		if (++rows > MDG_LIST_MAX)
			return mdg_fail_msg(err, MDG_ETOOBIG,
					    MDG_MSG_customers_many, NULL);
		if (!take_row(&t, &outcome))
			return false;
		json_object_set_new(
			ret, outcome,
			json_integer(json_integer_value(
					     json_object_get(ret, outcome)) +
				     1));
	}
	json_object_set_new(ret, "rows", json_integer((json_int_t)rows));
	return true;
}
