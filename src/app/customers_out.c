/* Customers as rows of a table, given out. */
#include "madoguchi/app/customers.h"
#include "madoguchi/base/limits.h"

/* Into the member `key` of the rows, which stand in the order of ids. */
static bool
add_contacts(struct mdg_rows **r, const char *key, const int64_t *ids,
	     json_t *list, struct mdg_err *err)
{
	size_t i = 0, n = json_array_size(list);

	while (mdg_rows_next(*r)) {
		while (i < n && ids[i] < mdg_rows_i64(*r, 0))
			i++;
		if (i < n && ids[i] == mdg_rows_i64(*r, 0))
			json_array_append_new(
				json_object_get(json_array_get(list, i), key),
				json_string(mdg_rows_text(*r, 1)));
	}
	return mdg_rows_close(r, err);
}

bool
mdg_customers_give(struct mdg_desk *d, int64_t viewer, int64_t after,
		   json_t *ret, struct mdg_err *err)
{
	int64_t ids[MDG_LIST_MAX];
	json_t *list = json_array();
	struct mdg_rows *r;
	size_t n = 0;

	json_object_set_new(ret, "customers", list);
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT c.id, c.name, c.kana, c.company, c.note"
			  " FROM customer c WHERE c.id > ?2 AND (?1 = 0"
			  " OR EXISTS (SELECT 1 FROM ticket t JOIN member m"
			  "  ON m.win_id = t.win_id WHERE t.customer_id = c.id"
			  "  AND m.person_id = ?1 AND m.role <> 'none')"
			  " OR NOT EXISTS (SELECT 1 FROM ticket t"
			  "  WHERE t.customer_id = c.id))"
			  " AND (c.name <> '' OR c.phone <> ''"
			  " OR EXISTS (SELECT 1 FROM customer_address x"
			  "  WHERE x.customer_id = c.id))"
			  " ORDER BY c.id LIMIT ?3",
			  "iii", viewer, after, (int64_t)MDG_LIST_MAX))
		return false;
	for (; n < MDG_LIST_MAX && mdg_rows_next(r); n++) {
		ids[n] = mdg_rows_i64(r, 0);
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:s,s:[],s:[],s:s}", "name",
					mdg_rows_text(r, 1), "kana",
					mdg_rows_text(r, 2), "company",
					mdg_rows_text(r, 3), "addresses",
					"phones", "note", mdg_rows_text(r, 4)));
	}
	if (!mdg_rows_close(&r, err) || n == 0)
		return n == 0;
	if (n == MDG_LIST_MAX)
		json_object_set_new(ret, "next", json_integer(ids[n - 1]));
	return mdg_db_query(d->db, &r, err,
			    "SELECT customer_id, address FROM customer_address"
			    " WHERE customer_id >= ?1 AND customer_id <= ?2"
			    " ORDER BY customer_id, key",
			    "ii", ids[0], ids[n - 1]) &&
	       add_contacts(&r, "addresses", ids, list, err) &&
	       mdg_db_query(d->db, &r, err,
			    "SELECT customer_id, phone FROM customer_phone"
			    " WHERE customer_id >= ?1 AND customer_id <= ?2"
			    " UNION SELECT id, phone FROM customer c"
			    " WHERE id >= ?1 AND id <= ?2 AND phone <> ''"
			    " AND NOT EXISTS (SELECT 1 FROM customer_phone p"
			    "  WHERE p.customer_id = c.id)"
			    " ORDER BY 1, 2",
			    "ii", ids[0], ids[n - 1]) &&
	       add_contacts(&r, "phones", ids, list, err);
}
