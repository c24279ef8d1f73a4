#include "madoguchi/store/st_form.h"

#include "madoguchi/base/arena.h"

bool
mdg_form_add(struct mdg_db *db, const struct mdg_form_row *f, int64_t now_s,
	     int64_t *ret_id, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "INSERT INTO form_notice (win_id, name, address,"
			  " from_key, subject, fields, server, pass_domain,"
			  " route, created_s)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
			  " RETURNING id",
			  "issssssssi", f->win_id, f->name, f->address,
			  f->from_key, f->subject, f->fields, f->server,
			  f->pass_domain, f->route, now_s) == MDG_FOUND;
}

#define FORM_COLUMNS                                                           \
	"SELECT id, win_id, name, address, from_key, subject, fields, server," \
	" pass_domain, route FROM form_notice WHERE win_id = ?1"

static void
read_form(struct mdg_rows *r, struct mdg_arena *a, struct mdg_form_row *ret)
{
	*ret = (struct mdg_form_row){
		.id = mdg_rows_i64(r, 0),
		.win_id = mdg_rows_i64(r, 1),
		.name = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
		.address = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
		.from_key = mdg_arena_strdup(a, mdg_rows_text(r, 4)),
		.subject = mdg_arena_strdup(a, mdg_rows_text(r, 5)),
		.fields = mdg_arena_strdup(a, mdg_rows_text(r, 6)),
		.server = mdg_arena_strdup(a, mdg_rows_text(r, 7)),
		.pass_domain = mdg_arena_strdup(a, mdg_rows_text(r, 8)),
		.route = mdg_arena_strdup(a, mdg_rows_text(r, 9)),
	};
}

enum mdg_found
mdg_form_by_name(struct mdg_db *db, int64_t win, const char *name,
		 struct mdg_arena *a, struct mdg_form_row *ret,
		 struct mdg_err *err)
{
	enum mdg_found found = MDG_NONE;
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err, FORM_COLUMNS " AND name = ?2", "is", win,
			  name))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		read_form(r, a, ret);
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_form_remove(struct mdg_db *db, int64_t id, struct mdg_err *err)
{
	return mdg_db_run(db, err, "DELETE FROM form_notice WHERE id = ?1", "i",
			  id);
}

bool
mdg_forms_from(struct mdg_db *db, int64_t win, const char *from_key,
	       struct mdg_arena *a, struct mdg_form_row *ret, size_t max,
	       size_t *ret_n, struct mdg_err *err)
{
	struct mdg_rows *r;
	size_t n = 0;

	if (!mdg_db_query(db, &r, err,
			  FORM_COLUMNS " AND from_key = ?2 ORDER BY id", "is",
			  win, from_key))
		return false;
	while (n < max && mdg_rows_next(r))
		read_form(r, a, &ret[n++]);
	*ret_n = n;
	return mdg_rows_close(&r, err);
}

bool
mdg_form_sends_from(struct mdg_db *db, int64_t win, const char *key, bool *ret,
		    struct mdg_err *err)
{
	int64_t one;
	enum mdg_found f = mdg_db_i64(db, &one, err,
				      "SELECT 1 FROM form_notice"
				      " WHERE win_id = ?1 AND from_key = ?2"
				      " LIMIT 1",
				      "is", win, key);

	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

bool
mdg_message_customer_put(struct mdg_db *db, int64_t message,
			 const struct mdg_address *who, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO message_address (message_id, role, n,"
			  " name, address, key)"
			  " VALUES (?1, 'customer', 0, ?2, ?3, ?4)"
			  " ON CONFLICT (message_id, role, n) DO UPDATE SET"
			  " name = excluded.name, address = excluded.address,"
			  " key = excluded.key",
			  "isss", message, who->name, who->address, who->key);
}

bool
mdg_message_customer_carry(struct mdg_db *db, int64_t ticket, int64_t message,
			   const char *from_key, struct mdg_err *err)
{
	int64_t before;
	enum mdg_found f = mdg_db_i64(
		db, &before, err,
		"SELECT m.id FROM message m JOIN message_address a"
		" ON a.message_id = m.id AND a.role = 'customer'"
		" WHERE m.ticket_id = ?1 AND m.from_key = ?3 AND m.id <> ?2"
		" ORDER BY m.id DESC LIMIT 1",
		"iis", ticket, message, from_key);

	if (f != MDG_FOUND)
		return f == MDG_NONE;
	return mdg_db_run(db, err,
			  "INSERT INTO message_address (message_id, role, n,"
			  " name, address, key)"
			  " SELECT ?2, role, n, name, address, key"
			  " FROM message_address WHERE message_id = ?1"
			  " AND role = 'customer' AND n = 0",
			  "ii", before, message);
}
