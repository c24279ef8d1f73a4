#include "madoguchi/app/customers.h"

#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/text/fold.h"

enum { PHONE_PART_MIN = 4 }; /* fewer digits are in every number */

/* ---- forms to compare by ---- */

/* What people write between the digits: also the sign for a long vowel, which
 * is where the hyphen is on a kana keyboard. */
static bool
is_between(uint32_t c)
{
	return c == 0x30FC || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 ||
	       (c && c < 0x80 && strchr("-()+. ", (int)c));
}

/* Behind a word that only says what it is. */
static const char *
behind_label(const char *s)
{
	static const char *const labels[] = {
		"電話番号", "電話", "携帯番号", "携帯", "連絡先",
		"下4桁", "下四桁", "下4けた", "末尾",
		"telephone", "tel", "phone", "mobile"};

	for (size_t i = 0; i < MDG_LEN(labels); i++)
		if (mdg_str_starts(s, labels[i])) {
			s += strlen(labels[i]);
			return s + strspn(s, ":. ");
		}
	return s;
}

/* From abroad: +81, 0081 or 010 81; and 81 alone where a number at home would
 * begin with 0. */
static const char *
at_home(const char *n, bool plus)
{
	const char *rest = mdg_str_starts(n, "01081")	      ? n + 5
			   : mdg_str_starts(n, "0081")	      ? n + 4
			   : mdg_str_starts(n, "81") &&
					     (plus || strlen(n) >= 11)
				   ? n + 2
				   : NULL;

	return rest ? rest + (*rest == '0') /* +81 (0)3 … */ : NULL;
}

/* The digits of a number; none if there is a word in it. */
static void
read_digits(const char *text, struct mdg_buf *digits, bool *ret_plus)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};

	*ret_plus = false;
	mdg_fold(&folded, text, strlen(text), MDG_FOLD_SEARCH);
	for (const char *p = behind_label(mdg_buf_str(&folded)); *p;) {
		uint32_t c;
		p += mdg_utf8_next(p, strlen(p), &c);
		if (c >= '0' && c <= '9') {
			mdg_buf_putc(digits, (char)c);
		} else if (!is_between(c)) {
			mdg_buf_reset(digits);
			return;
		}
		*ret_plus = *ret_plus || c == '+';
	}
}

void
mdg_phone_key(const char *text, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf digits = {0};
	bool plus;

	read_digits(text, &digits, &plus);
	const char *n = mdg_buf_str(&digits);
	const char *home = at_home(n, plus);
	if (digits.len < 9 || digits.len > 18 ||
	    (!home && digits.len > 15))
		return;
	if (home)
		mdg_buf_putc(out, '0');
	mdg_buf_puts(out, home ? home : n);
}

/* What people type of a number that they do not know whole: its last four
 * digits, or some in its middle. */
static void
phone_part(const char *text, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf digits = {0};
	bool plus;

	mdg_phone_key(text, out);
	if (out->len)
		return;
	read_digits(text, &digits, &plus);
	if (digits.len >= PHONE_PART_MIN && !plus)
		mdg_buf_puts(out, mdg_buf_str(&digits));
}

void
mdg_name_key(const char *text, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	uint32_t last = 0;
	const char *p;

	mdg_fold(&folded, text, strlen(text), MDG_FOLD_NAME);
	/* ぁ–ゖ (U+3041–3096) stand 0x60 before ァ–ヶ */
	for (p = mdg_buf_str(&folded); *p;) {
		uint32_t cp;
		size_t n = mdg_utf8_next(p, strlen(p), &cp);
		if (n == 0)
			break;
		if (cp >= 0x3041 && cp <= 0x3096)
			cp += 0x60;
		if (cp == 0x3005 && last) /* 々: the same once more */
			cp = last;
		mdg_utf8_put(out, cp);
		last = cp;
		p += n;
	}
}

/* ---- phones ---- */

enum mdg_found
mdg_customer_by_phone(struct mdg_desk *d, const char *phone, int64_t *ret_id,
		      struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf key = {0};

	mdg_phone_key(phone, &key);
	if (!key.len)
		return MDG_NONE;
	return mdg_db_i64(d->db, ret_id, err,
			  "SELECT customer_id FROM customer_phone"
			  " WHERE key = ?1 ORDER BY customer_id DESC LIMIT 1",
			  "s", mdg_buf_str(&key));
}

bool
mdg_customer_phone_put(struct mdg_desk *d, int64_t id, const char *phone,
		       struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf key = {0};

	mdg_phone_key(phone, &key);
	if (!key.len)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_phone_bad, phone,
				    NULL);
	return mdg_db_run(d->db, err,
			  "INSERT INTO customer_phone (key, customer_id,"
			  " phone) VALUES (?1, ?2, ?3)"
			  " ON CONFLICT (key, customer_id) DO UPDATE"
			  " SET phone = excluded.phone",
			  "sis", mdg_buf_str(&key), id, phone) &&
	       mdg_db_run(d->db, err,
			  "UPDATE customer SET phone = ?2 WHERE id = ?1"
			  " AND phone = ''",
			  "is", id, phone);
}

/* ---- finding ---- */

struct finder {
	struct mdg_buf name, phone;
	const char *text;
};

static bool
name_has(const struct finder *f, const char *s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf key = {0};

	if (!*s || !f->name.len)
		return false;
	mdg_name_key(s, &key);
	return strstr(mdg_buf_str(&key),
		      mdg_buf_str((struct mdg_buf *)&f->name));
}

static bool
phone_has(const struct finder *f, const char *s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf key = {0};

	if (!*s || !f->phone.len)
		return false;
	mdg_phone_key(s, &key);
	return key.len && strstr(mdg_buf_str(&key),
				 mdg_buf_str((struct mdg_buf *)&f->phone));
}

/* One that was found, unless it is not the viewer's to see. */
static bool
add(struct mdg_desk *d, int64_t viewer, struct mdg_rows *r, json_t *list,
    struct mdg_err *err)
{
	int64_t id = mdg_rows_i64(r, 0), tickets;
	bool visible;

	if (!mdg_customer_visible(d, viewer, id, &visible, err))
		return false;
	if (!visible)
		return true;
	if (mdg_db_i64(d->db, &tickets, err,
		       "SELECT COUNT(*) FROM ticket WHERE customer_id = ?1",
		       "i", id) != MDG_FOUND)
		return false;
	json_array_append_new(
		list,
		json_pack("{s:I,s:s,s:s,s:s,s:s?,s:s?,s:I,s:I}", "customer", id,
			  "name", mdg_rows_text(r, 1), "kana",
			  mdg_rows_text(r, 2), "company", mdg_rows_text(r, 3),
			  "address",
			  mdg_rows_null(r, 4) ? NULL : mdg_rows_text(r, 4),
			  "phone",
			  mdg_rows_null(r, 5) ? NULL : mdg_rows_text(r, 5),
			  "created_s", mdg_rows_i64(r, 6), "tickets", tickets));
	return true;
}

/* A person, once: rows of one customer follow each other. one: 0 for all. */
static bool
walk(struct mdg_desk *d, int64_t viewer, int64_t one, const struct finder *f,
     json_t *list, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	int64_t last = 0;

	if (!mdg_db_query(
		    d->db, &r, err,
		    "SELECT c.id, c.name, c.kana, c.company, a.address,"
		    " COALESCE(p.phone, c.phone), c.created_s FROM customer c"
		    " LEFT JOIN customer_address a ON a.customer_id = c.id"
		    " LEFT JOIN customer_phone p ON p.customer_id = c.id"
		    " WHERE c.id >= ?1 AND c.id <= ?2"
		    " ORDER BY c.id, a.key, p.key",
		    "ii", one, one ? one : INT64_MAX))
		return false;
	while (mdg_rows_next(r) && json_array_size(list) < MDG_LIST_MAX) {
		if (mdg_rows_i64(r, 0) == last)
			continue;
		const char *address =
			mdg_rows_null(r, 4) ? "" : mdg_rows_text(r, 4);
		const char *phone =
			mdg_rows_null(r, 5) ? "" : mdg_rows_text(r, 5);
		if (!name_has(f, mdg_rows_text(r, 1)) &&
		    !name_has(f, mdg_rows_text(r, 2)) &&
		    !name_has(f, mdg_rows_text(r, 3)) &&
		    !name_has(f, address) && !phone_has(f, phone))
			continue;
		last = mdg_rows_i64(r, 0);
		if (!add(d, viewer, r, list, err))
			return false;
	}
	return mdg_rows_close(&r, err);
}

/* A whole address is looked up: pages ask for that with every ticket. */
static bool
by_address(struct mdg_desk *d, const char *text, int64_t *ret_one,
	   struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	*ret_one = 0;
	if (!mdg_addr_valid(text))
		return true;
	enum mdg_found f = mdg_db_i64(d->db, ret_one, err,
				      "SELECT customer_id FROM customer_address"
				      " WHERE key = ?1",
				      "s", mdg_addr_key(&a, text));
	if (f == MDG_NONE)
		*ret_one = -1;
	return f != MDG_FAILED;
}

bool
mdg_customers_find(struct mdg_desk *d, int64_t viewer, const char *text,
		   json_t *ret, struct mdg_err *err)
{
	struct finder f = {.text = text};
	json_t *list = json_array();
	int64_t one;

	json_object_set_new(ret, "customers", list);
	if (!by_address(d, text, &one, err))
		return false;
	mdg_name_key(text, &f.name);
	phone_part(text, &f.phone);
	bool ok = walk(d, viewer, one, &f, list, err);
	mdg_buf_clear(&f.name);
	mdg_buf_clear(&f.phone);
	return ok;
}

bool
mdg_customer_visible(struct mdg_desk *d, int64_t viewer, int64_t id, bool *ret,
		     struct mdg_err *err)
{
	int64_t one;
	enum mdg_found f = mdg_db_i64(
		d->db, &one, err,
		"SELECT 1 FROM customer c WHERE c.id = ?2 AND (?1 = 0"
		" OR EXISTS (SELECT 1 FROM ticket t JOIN member m"
		"  ON m.win_id = t.win_id WHERE t.customer_id = c.id"
		"  AND m.person_id = ?1 AND m.role <> 'none')"
		" OR NOT EXISTS (SELECT 1 FROM ticket t"
		"  WHERE t.customer_id = c.id))",
		"ii", viewer, id);

	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

/* ---- one person after all ---- */

bool
mdg_customers_merge(struct mdg_desk *d, int64_t into, int64_t from,
		    struct mdg_err *err)
{
	return mdg_db_run(d->db, err,
			  "UPDATE customer_address SET customer_id = ?1"
			  " WHERE customer_id = ?2",
			  "ii", into, from) &&
	       mdg_db_run(d->db, err,
			  "INSERT INTO customer_phone (key, customer_id, phone)"
			  " SELECT key, ?1, phone FROM customer_phone"
			  " WHERE customer_id = ?2 ON CONFLICT DO NOTHING",
			  "ii", into, from) &&
	       mdg_db_run(d->db, err,
			  "DELETE FROM customer_phone WHERE customer_id = ?1",
			  "i", from) &&
	       mdg_db_run(d->db, err,
			  "UPDATE ticket SET customer_id = ?1"
			  " WHERE customer_id = ?2",
			  "ii", into, from) &&
	       mdg_db_run(d->db, err,
			  "UPDATE event_data SET customer_id = ?1"
			  " WHERE customer_id = ?2",
			  "ii", into, from) &&
	       mdg_db_run(d->db, err, "DELETE FROM customer WHERE id = ?1", "i",
			  from);
}
