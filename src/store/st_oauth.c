#include "madoguchi/store/st_oauth.h"

#include "madoguchi/store/st_desk.h"

enum mdg_found
mdg_oauth_get(struct mdg_db *db, int64_t account, struct mdg_arena *a,
	      struct mdg_oauth *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT flow, client_id, scope, token_url, start_url,"
			  " redirect_uri, ca_file, state, expires_s,"
			  " refresh_expires_s FROM oauth WHERE account_id = ?1",
			  "i", account))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		const char *ca = mdg_rows_text_or_null(r, 6);
		*ret = (struct mdg_oauth){
			.account_id = account,
			.flow = mdg_arena_strdup(a, mdg_rows_text(r, 0)),
			.client_id = mdg_arena_strdup(a, mdg_rows_text(r, 1)),
			.scope = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
			.token_url = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
			.start_url = mdg_arena_strdup(a, mdg_rows_text(r, 4)),
			.redirect_uri =
				mdg_arena_strdup(a, mdg_rows_text(r, 5)),
			.ca_file = ca ? mdg_arena_strdup(a, ca) : NULL,
			.state = mdg_arena_strdup(a, mdg_rows_text(r, 7)),
			.expires_s = mdg_rows_i64(r, 8),
			.refresh_expires_s = mdg_rows_i64(r, 9),
		};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_oauth_put(struct mdg_db *db, const struct mdg_oauth *o, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO oauth (account_id, flow, client_id,"
			  " scope, token_url, start_url, redirect_uri, ca_file,"
			  " state, expires_s, refresh_expires_s) VALUES (?1,"
			  " ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
			  " ON CONFLICT (account_id) DO UPDATE SET"
			  " flow = excluded.flow,"
			  " client_id = excluded.client_id,"
			  " scope = excluded.scope,"
			  " token_url = excluded.token_url,"
			  " start_url = excluded.start_url,"
			  " redirect_uri = excluded.redirect_uri,"
			  " ca_file = excluded.ca_file,"
			  " state = excluded.state,"
			  " expires_s = excluded.expires_s,"
			  " refresh_expires_s = excluded.refresh_expires_s",
			  "issssssssii", o->account_id, o->flow, o->client_id,
			  o->scope, o->token_url, o->start_url, o->redirect_uri,
			  o->ca_file, o->state, o->expires_s,
			  o->refresh_expires_s) &&
	       mdg_account_auth(db, o->account_id, "oauth2", err);
}

bool
mdg_oauth_set_state(struct mdg_db *db, int64_t account, const char *state,
		    int64_t expires_s, int64_t refresh_expires_s,
		    struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE oauth SET state = ?2, expires_s = ?3,"
			  " refresh_expires_s = ?4 WHERE account_id = ?1",
			  "isii", account, state, expires_s, refresh_expires_s);
}
