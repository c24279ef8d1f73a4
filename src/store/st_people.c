/* People, their roles, and windows. */
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_desk.h"

bool
mdg_person_add(struct mdg_db *db, const struct mdg_person *p, int64_t now_s,
	       int64_t *ret_id, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "INSERT INTO person (login, name, email, os_uid,"
			  " lang, is_admin, disabled, created_s)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
			  " RETURNING id",
			  "sssIsiii", p->login, p->name, p->email,
			  p->os_uid < 0 ? NULL : &p->os_uid, p->lang,
			  (int64_t)p->is_admin, (int64_t)p->disabled,
			  now_s) == MDG_FOUND;
}

static enum mdg_found
read_person(struct mdg_rows *r, struct mdg_arena *a, struct mdg_person *ret,
	    struct mdg_err *err)
{
	enum mdg_found found = MDG_NONE;

	if (mdg_rows_next(r)) {
		*ret = (struct mdg_person){
			.id = mdg_rows_i64(r, 0),
			.login = mdg_arena_strdup(a, mdg_rows_text(r, 1)),
			.name = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
			.email = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
			.os_uid = mdg_rows_null(r, 4) ? -1 : mdg_rows_i64(r, 4),
			.lang = mdg_arena_strdup(a, mdg_rows_text(r, 5)),
			.is_admin = mdg_rows_i64(r, 6) != 0,
			.disabled = mdg_rows_i64(r, 7) != 0,
		};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

#define PERSON_COLUMNS                                                         \
	"SELECT id, login, name, email, os_uid, lang, is_admin, disabled"      \
	" FROM person WHERE "

enum mdg_found
mdg_person_by_login(struct mdg_db *db, const char *login, struct mdg_arena *a,
		    struct mdg_person *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err, PERSON_COLUMNS "login = ?1", "s", login))
		return MDG_FAILED;
	return read_person(r, a, ret, err);
}

enum mdg_found
mdg_person_by_id(struct mdg_db *db, int64_t id, struct mdg_arena *a,
		 struct mdg_person *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err, PERSON_COLUMNS "id = ?1", "i", id))
		return MDG_FAILED;
	return read_person(r, a, ret, err);
}

enum mdg_found
mdg_person_by_uid(struct mdg_db *db, int64_t uid, struct mdg_arena *a,
		  struct mdg_person *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  PERSON_COLUMNS "os_uid = ?1 ORDER BY id LIMIT 1", "i",
			  uid))
		return MDG_FAILED;
	return read_person(r, a, ret, err);
}

bool
mdg_person_disable(struct mdg_db *db, int64_t id, bool disabled,
		   struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE person SET disabled = ?2 WHERE id = ?1", "ii",
			  id, (int64_t)disabled);
}

/* ---- roles ---- */

static const struct {
	const char *name, *ja;
} roles[MDG_MEMBER_N] = {
	[MDG_MEMBER_NONE] = {"none", "なし"},
	[MDG_MEMBER_VIEWER] = {"viewer", "閲覧のみ"},
	[MDG_MEMBER_OPERATOR] = {"operator", "オペレーター"},
	[MDG_MEMBER_SV] = {"sv", "SV"},
	[MDG_MEMBER_ADMIN] = {"admin", "管理者"},
};

const char *
mdg_member_role_name(enum mdg_member_role r)
{
	return r < MDG_MEMBER_N ? roles[r].name : "none";
}

enum mdg_member_role
mdg_member_role_from_name(const char *name)
{
	for (size_t i = 0; i < MDG_MEMBER_N; i++)
		if (mdg_strcaseeq(roles[i].name, name) ||
		    mdg_streq(roles[i].ja, name))
			return (enum mdg_member_role)i;
	return MDG_MEMBER_N;
}

bool
mdg_member_put(struct mdg_db *db, int64_t win, int64_t person,
	       enum mdg_member_role role, bool is_novice, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO member (win_id, person_id, role,"
			  " is_novice) VALUES (?1, ?2, ?3, ?4)"
			  " ON CONFLICT (win_id, person_id) DO UPDATE SET"
			  " role = excluded.role,"
			  " is_novice = excluded.is_novice",
			  "iisi", win, person, mdg_member_role_name(role),
			  (int64_t)is_novice);
}

bool
mdg_member_get(struct mdg_db *db, int64_t win, int64_t person,
	       enum mdg_member_role *ret, bool *ret_novice, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT role, is_novice FROM member"
			  " WHERE win_id = ?1 AND person_id = ?2",
			  "ii", win, person))
		return false;
	*ret = MDG_MEMBER_NONE;
	*ret_novice = false;
	if (mdg_rows_next(r)) {
		*ret = mdg_member_role_from_name(mdg_rows_text(r, 0));
		*ret_novice = mdg_rows_i64(r, 1) != 0;
	}
	return mdg_rows_close(&r, err);
}

bool
mdg_member_best(struct mdg_db *db, int64_t person, enum mdg_member_role *ret,
		struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT role FROM member WHERE person_id = ?1", "i",
			  person))
		return false;
	*ret = MDG_MEMBER_NONE;
	while (mdg_rows_next(r)) {
		enum mdg_member_role role =
			mdg_member_role_from_name(mdg_rows_text(r, 0));
		if (role < MDG_MEMBER_N && role > *ret)
			*ret = role;
	}
	return mdg_rows_close(&r, err);
}

/* ---- windows ---- */

bool
mdg_win_add(struct mdg_db *db, const struct mdg_win *w, int64_t now_s,
	    int64_t *ret_id, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "INSERT INTO win (code, name, address, from_name,"
			  " greeting, closing, signature, calendar, policy,"
			  " approval, self_approval, created_s) VALUES (?1, ?2,"
			  " ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
			  " RETURNING id",
			  "ssssssssssii", w->code, w->name, w->address,
			  w->from_name, w->greeting, w->closing, w->signature,
			  w->calendar, w->policy, w->approval,
			  (int64_t)w->self_approval, now_s) == MDG_FOUND;
}

bool
mdg_win_letter_put(struct mdg_db *db, const struct mdg_win *w,
		   struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE win SET greeting_en = ?2, closing_en = ?3,"
			  " signature_en = ?4, lang = ?5, quote = ?6,"
			  " subject_tag = ?7, columns = ?8 WHERE id = ?1",
			  "issssssi", w->id, w->greeting_en, w->closing_en,
			  w->signature_en, w->lang, w->quote, w->subject_tag,
			  w->columns);
}

/* The columns of a window, the numbers last. */
#define WIN_COLUMNS                                                            \
	"SELECT id, code, name, address, from_name, greeting, closing,"        \
	" signature, calendar, policy, approval, greeting_en, closing_en,"     \
	" signature_en, lang, quote, subject_tag, self_approval, columns,"      \
	" spam_points FROM win WHERE "

static enum mdg_found
read_win(struct mdg_rows *r, struct mdg_arena *a, struct mdg_win *ret,
	 struct mdg_err *err)
{
	enum mdg_found found = MDG_NONE;

	if (mdg_rows_next(r)) {
		struct mdg_win w = {.id = mdg_rows_i64(r, 0)};
		const char **const texts[] = {
			&w.code,         &w.name,        &w.address,
			&w.from_name,    &w.greeting,    &w.closing,
			&w.signature,    &w.calendar,    &w.policy,
			&w.approval,     &w.greeting_en, &w.closing_en,
			&w.signature_en, &w.lang,        &w.quote,
			&w.subject_tag};
		const int n = (int)MDG_LEN(texts);
		for (int i = 0; i < n; i++)
			*texts[i] =
				mdg_arena_strdup(a, mdg_rows_text(r, i + 1));
		w.self_approval = mdg_rows_i64(r, n + 1) != 0;
		w.columns = mdg_rows_i64(r, n + 2);
		w.spam_points = mdg_rows_i64(r, n + 3);
		*ret = w;
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

enum mdg_found
mdg_win_by_id(struct mdg_db *db, int64_t id, struct mdg_arena *a,
	      struct mdg_win *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err, WIN_COLUMNS "id = ?1", "i", id))
		return MDG_FAILED;
	return read_win(r, a, ret, err);
}

enum mdg_found
mdg_win_by_code(struct mdg_db *db, const char *code, struct mdg_arena *a,
		struct mdg_win *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err, WIN_COLUMNS "code = ?1", "s", code))
		return MDG_FAILED;
	return read_win(r, a, ret, err);
}

bool
mdg_win_update(struct mdg_db *db, const struct mdg_win *w, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE win SET name = ?2, from_name = ?3,"
			  " greeting = ?4, closing = ?5, signature = ?6,"
			  " approval = ?7, self_approval = ?8,"
			  " spam_points = ?9 WHERE id = ?1",
			  "issssssii", w->id, w->name, w->from_name,
			  w->greeting, w->closing, w->signature, w->approval,
			  (int64_t)w->self_approval, w->spam_points);
}

bool
mdg_win_address_put(struct mdg_db *db, int64_t win, const char *key,
		    const char *address, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO win_address (key, win_id, address)"
			  " VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET"
			  " win_id = excluded.win_id,"
			  " address = excluded.address",
			  "sis", key, win, address);
}

enum mdg_found
mdg_win_by_address(struct mdg_db *db, const char *key, int64_t *ret_win,
		   struct mdg_err *err)
{
	return mdg_db_i64(db, ret_win, err,
			  "SELECT win_id FROM win_address WHERE key = ?1", "s",
			  key);
}

bool
mdg_win_account_put(struct mdg_db *db, int64_t win, int64_t account,
		    const char *domain, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO win_account (win_id, account_id, domain)"
			  " VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
			  "iis", win, account, domain);
}

enum mdg_found
mdg_win_of_account(struct mdg_db *db, int64_t account, int64_t *ret_win,
		   struct mdg_err *err)
{
	return mdg_db_i64(db, ret_win, err,
			  "SELECT win_id FROM win_account"
			  " WHERE account_id = ?1 ORDER BY win_id LIMIT 1",
			  "i", account);
}

enum mdg_found
mdg_account_for(struct mdg_db *db, int64_t win, const char *domain,
		int64_t *ret_account, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_account, err,
			  "SELECT w.account_id FROM win_account w"
			  " JOIN account c ON c.id = w.account_id"
			  " WHERE w.win_id = ?1 AND c.removed = 0"
			  " AND w.domain IN (?2, '')"
			  " ORDER BY w.domain DESC, w.account_id LIMIT 1",
			  "is", win, domain);
}
