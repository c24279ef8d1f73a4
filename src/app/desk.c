#include "madoguchi/app/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/migrate.h"

const struct mdg_actor mdg_actor_system = {
	.is_machine_admin = true,
	.lang = MDG_LANG_JA,
	.name = "system",
};

enum { LANE = 1 }; /* one daemon writes a SQLite store */

/*
 * The key that signs tokens is made once and stays, whatever becomes of the
 * master key: mail of years ago is still recognised.
 */
static bool
load_mac(struct mdg_desk *d, bool may_make, struct mdg_err *err)
{
	static const char name[] = "mac";
	MDG_AUTO(mdg_buf_clear) struct mdg_buf sealed = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf plain = {0};
	enum mdg_found f = mdg_secret_get(d->db, name, &sealed, err);

	if (f == MDG_NONE && may_make) {
		struct mdg_key fresh;
		mdg_random(&fresh, sizeof(fresh));
		mdg_seal(&d->key, name, mdg_span(&fresh, sizeof(fresh)),
			 &sealed);
		mdg_key_clear(&fresh);
		/* another daemon may be faster: read what is there then */
		if (!mdg_db_run(d->db, err,
				"INSERT INTO secret (name, sealed)"
				" VALUES (?1, ?2) ON CONFLICT DO NOTHING",
				"sb", name, mdg_buf_span(&sealed)))
			return false;
		mdg_buf_reset(&sealed);
		f = mdg_secret_get(d->db, name, &sealed, err);
	}
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (!mdg_unseal(&d->key, name, mdg_buf_span(&sealed), &plain, err))
		return false;
	if (plain.len != sizeof(d->mac))
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_seal_broken, name,
				    NULL);
	memcpy(&d->mac, plain.ptr, sizeof(d->mac));
	explicit_bzero(plain.ptr, plain.len);
	return true;
}

/*
 * A key rotation that was broken off between its commit and the renaming of
 * the key: the new key lies beside the old one.
 */
static bool
load_any_mac(struct mdg_desk *d, const struct mdg_desk_config *c,
	     struct mdg_err *err)
{
	struct mdg_err why;
	struct mdg_key fresh;

	if (load_mac(d, !c->readonly, err))
		return true;
	if (err->code != MDG_EFORMAT || !c->key_file)
		return false;
	MDG_AUTO(mdg_freep) char *path = mdg_asprintf("%s.new", c->key_file);
	if (!mdg_key_load(path, &fresh, &why))
		return false;
	struct mdg_key old = d->key;
	d->key = fresh;
	bool ok = load_mac(d, false, &why);
	if (!ok)
		d->key = old;
	mdg_key_clear(&fresh);
	mdg_key_clear(&old);
	return ok;
}

static bool
load(struct mdg_desk *d, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *since;

	if (!mdg_lane_load(d->db, LANE, &d->lane, err) ||
	    !mdg_setting_get(d->db, "live_since_s", &a, &since, err))
		return false;
	if (!mdg_str_i64(since, 0, INT64_MAX, &d->live_since_s))
		d->live_since_s = 0;
	return true;
}

/*
 * Older than its note: whatever waits in it to be sent may have gone out, as
 * with a copy that `madoguchi restore` has put back.
 */
static bool
look_behind(struct mdg_desk *d, const char *store, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	char is[24], was[24], text[MDG_ERR_TEXT_MAX * 2];
	const char *restored;
	struct mdg_err word;

	if (mdg_db_noted(d->db) <= d->lane.seq)
		return true;
	if (!mdg_setting_get(d->db, "restored", &a, &restored, err))
		return false;
	if (*restored) { /* it is known */
		mdg_db_note(d->db, d->lane.seq);
		return true;
	}
	snprintf(is, sizeof(is), "%lld", (long long)d->lane.seq);
	snprintf(was, sizeof(was), "%lld", (long long)mdg_db_noted(d->db));
	mdg_fail_msg(&word, MDG_EFORMAT, MDG_MSG_store_behind, store, is, was,
		     NULL);
	mdg_error("%s", mdg_err_text(&word, MDG_LANG_EN, text, sizeof(text)));
	if (!mdg_db_run(d->db, err,
			"UPDATE setting SET value = 'off'"
			" WHERE key = 'sending'",
			"") ||
	    !mdg_setting_put(d->db, "restored", "yes", err))
		return false;
	mdg_db_note(d->db, d->lane.seq);
	return true;
}

/* The newest schema, and word of what was there before. */
static bool
migrate(struct mdg_desk *d, const struct mdg_desk_config *c,
	struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *kept = NULL;
	int have;

	if (!mdg_migrate_version(d->db, &have, err))
		return false;
	if (!have && !c->create)
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_store_empty,
				    c->store, NULL);
	if (!mdg_migrate(d->db, &kept, err))
		return false;
	if (kept)
		mdg_info("schema now %d; the store as it was: %s",
			 mdg_migrate_newest(), kept);
	return true;
}

bool
mdg_desk_open(const struct mdg_desk_config *c, struct mdg_desk **ret,
	      struct mdg_err *err)
{
	struct mdg_desk *d = mdg_calloc(1, sizeof(*d));
	unsigned flags = (c->create ? MDG_DB_CREATE : 0u) |
			 (c->readonly ? MDG_DB_READONLY : 0u);
	bool ok = true;

	mdg_crypto_init();
	if (c->key_file)
		ok = mdg_key_load(c->key_file, &d->key, err);
	else
		mdg_random(&d->key, sizeof(d->key));
	ok = ok && mdg_db_open(c->store, flags, &d->db, err) &&
	     (c->readonly || (mdg_db_lock(d->db, LANE, err) &&
			      migrate(d, c, err))) &&
	     load_any_mac(d, c, err) && load(d, err) &&
	     (c->readonly || c->create || look_behind(d, c->store, err));
	if (!ok) {
		mdg_desk_close(&d);
		return false;
	}
	*ret = d;
	return true;
}

void
mdg_desk_close(struct mdg_desk **d)
{
	if (!*d)
		return;
	for (size_t i = 0; i < MDG_CALENDARS_CACHED; i++)
		mdg_calendar_free(&(*d)->calendars[i].cal);
	for (size_t i = 0; i < MDG_CALENDARS_CACHED; i++)
		mdg_policy_free(&(*d)->policies[i].policy);
	mdg_db_close(&(*d)->db);
	mdg_key_clear(&(*d)->key);
	mdg_key_clear(&(*d)->mac);
	free(*d);
	*d = NULL;
}

/* ---- transactions ---- */

bool
mdg_desk_begin(struct mdg_desk *d, struct mdg_err *err)
{
	d->lane_before = d->lane;
	return mdg_db_begin(d->db, err);
}

bool
mdg_desk_commit(struct mdg_desk *d, struct mdg_err *err)
{
	if (mdg_db_commit(d->db, err)) {
		if (d->lane.seq != d->lane_before.seq)
			mdg_db_note(d->db, d->lane.seq);
		return true;
	}
	mdg_desk_rollback(d);
	return false;
}

void
mdg_desk_rollback(struct mdg_desk *d)
{
	mdg_db_rollback(d->db);
	d->lane = d->lane_before;
}

bool
mdg_desk_save(struct mdg_desk *d, struct mdg_err *err)
{
	d->lane_saved = d->lane;
	return mdg_db_savepoint(d->db, "one", err);
}

bool
mdg_desk_release(struct mdg_desk *d, struct mdg_err *err)
{
	return mdg_db_release(d->db, "one", err);
}

bool
mdg_desk_undo(struct mdg_desk *d, struct mdg_err *err)
{
	d->lane = d->lane_saved;
	return mdg_db_rollback_to(d->db, "one", err) &&
	       mdg_db_release(d->db, "one", err);
}

/* ---- events ---- */

bool
mdg_desk_event(struct mdg_desk *d, const struct mdg_actor *who,
	       struct mdg_ticket *t, const char *kind, json_t *codes,
	       json_t *data, struct mdg_err *err)
{
	char *codes_text = codes ? json_dumps(codes, JSON_COMPACT) : NULL;
	char *data_text = data ? json_dumps(data, JSON_COMPACT) : NULL;

	if (t)
		t->rev++;
	bool ok = mdg_event_add(d->db, &d->lane,
				&(struct mdg_event){
					.time_s = mdg_now_s(),
					.ticket_id = t ? t->id : 0,
					.ticket_rev = t ? t->rev : 0,
					.actor = who->name,
					.kind = kind,
					.codes = codes_text ? codes_text : "{}",
					.data = data_text,
					.customer_id = t ? t->customer_id : 0,
				},
				err);
	free(codes_text);
	free(data_text);
	json_decref(codes);
	json_decref(data);
	return ok;
}

/* ---- calendars, policies ---- */

const struct mdg_calendar *
mdg_desk_calendar(struct mdg_desk *d, int64_t id, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_calendar *cal;
	const char *json;
	size_t slot = (size_t)id % MDG_CALENDARS_CACHED;

	if (d->calendars[slot].cal && d->calendars[slot].id == id)
		return d->calendars[slot].cal;
	if (mdg_versioned_json(d->db, MDG_CALENDAR, id, &a, &json, err) !=
	    MDG_FOUND)
		return NULL;
	if (!mdg_calendar_parse(json, &cal, err))
		return NULL;
	mdg_calendar_free(&d->calendars[slot].cal);
	d->calendars[slot].id = id;
	d->calendars[slot].cal = cal;
	return cal;
}

bool
mdg_desk_home(struct mdg_desk *d, const struct mdg_calendar **ret,
	      struct mdg_err *err)
{
	int64_t id;

	*ret = NULL;
	enum mdg_found f = mdg_db_i64(
		d->db, &id, err,
		"SELECT c.id FROM win w JOIN calendar c ON c.name = w.calendar"
		" ORDER BY w.id, c.version DESC LIMIT 1",
		"");
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	*ret = mdg_desk_calendar(d, id, err);
	return *ret != NULL;
}

const struct mdg_policy *
mdg_desk_policy(struct mdg_desk *d, int64_t id, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_policy *policy;
	const char *json;
	size_t slot = (size_t)id % MDG_CALENDARS_CACHED;

	if (d->policies[slot].policy && d->policies[slot].id == id)
		return d->policies[slot].policy;
	if (mdg_versioned_json(d->db, MDG_POLICY, id, &a, &json, err) !=
		    MDG_FOUND ||
	    !mdg_policy_parse(json, &policy, err))
		return NULL;
	mdg_policy_free(&d->policies[slot].policy);
	d->policies[slot].id = id;
	d->policies[slot].policy = policy;
	return policy;
}

bool
mdg_desk_sending(struct mdg_desk *d, enum mdg_sending *ret,
		 struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *mode;

	if (!mdg_setting_get(d->db, "sending", &a, &mode, err))
		return false;
	*ret = mdg_streq(mode, "live")	     ? MDG_SENDING_LIVE
	       : mdg_streq(mode, "internal") ? MDG_SENDING_INTERNAL
					     : MDG_SENDING_OFF;
	return true;
}

/* ---- secrets ---- */

bool
mdg_desk_secret_put(struct mdg_desk *d, const char *name, const char *value,
		    struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf sealed = {0};

	mdg_seal(&d->key, name, mdg_span_str(value), &sealed);
	return mdg_secret_put(d->db, name, mdg_buf_span(&sealed), err);
}

bool
mdg_desk_secret_get(struct mdg_desk *d, const char *name, struct mdg_arena *a,
		    const char **ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf sealed = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf plain = {0};

	switch (mdg_secret_get(d->db, name, &sealed, err)) {
	case MDG_FAILED:
		return false;
	case MDG_NONE:
		*ret = "";
		return true;
	case MDG_FOUND:
		break;
	}
	if (!mdg_unseal(&d->key, name, mdg_buf_span(&sealed), &plain, err))
		return false;
	*ret = mdg_arena_strdup(a, mdg_buf_str(&plain));
	return true;
}

/* ---- another master key ---- */

static bool
rekey_one(struct mdg_desk *d, const char *name, const struct mdg_key *fresh,
	  struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf sealed = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf plain = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf again = {0};

	if (mdg_secret_get(d->db, name, &sealed, err) != MDG_FOUND ||
	    !mdg_unseal(&d->key, name, mdg_buf_span(&sealed), &plain, err))
		return false;
	mdg_seal(fresh, name, mdg_buf_span(&plain), &again);
	if (plain.ptr)
		explicit_bzero(plain.ptr, plain.len);
	return mdg_secret_put(d->db, name, mdg_buf_span(&again), err);
}

static bool
rekey_all(struct mdg_desk *d, const struct mdg_key *fresh, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_strings names = {0};
	struct mdg_rows *r;

	if (!mdg_db_query(d->db, &r, err, "SELECT name FROM secret", ""))
		return false;
	while (mdg_rows_next(r))
		mdg_strings_add(&names, &a, mdg_rows_text(r, 0), SIZE_MAX);
	if (!mdg_rows_close(&r, err))
		return false;
	for (size_t i = 0; i < names.n; i++)
		if (!rekey_one(d, names.v[i], fresh, err))
			return false;
	return mdg_desk_event(d, &mdg_actor_system, NULL, "key.rotated",
			      json_pack("{s:I}", "secrets",
					(json_int_t)names.n),
			      NULL, err);
}

bool
mdg_desk_rekey(struct mdg_desk *d, const struct mdg_key *fresh,
	       struct mdg_err *err)
{
	if (!mdg_desk_begin(d, err))
		return false;
	if (!rekey_all(d, fresh, err)) {
		mdg_desk_rollback(d);
		return false;
	}
	if (!mdg_desk_commit(d, err))
		return false;
	d->key = *fresh;
	return true;
}
