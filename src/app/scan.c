#include "madoguchi/app/scan.h"

#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/model/mark.h"
#include "scan-int.h"

enum { AGAIN_FIRST_S = 5, AGAIN_MAX_S = 3600 };

/* ---- the mark on a message ---- */

static enum mdg_found
flags_of(struct mdg_desk *d, int64_t message, json_t **ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret = NULL;
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT flags FROM message WHERE id = ?1", "i",
			  message))
		return MDG_FAILED;
	if (mdg_rows_next(r))
		*ret = json_loads(mdg_rows_text(r, 0), 0, NULL);
	if (!mdg_rows_close(&r, err)) {
		json_decref(*ret);
		return MDG_FAILED;
	}
	return *ret ? MDG_FOUND : MDG_NONE;
}

bool
mdg_scan_mark(struct mdg_desk *d, int64_t message, const char *signature,
	      struct mdg_err *err)
{
	json_t *flags;
	enum mdg_found f = flags_of(d, message, &flags, err);

	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (signature)
		json_object_set_new(flags, mdg_mark_names[MDG_MARK_VIRUS],
				    json_string(signature));
	else
		json_object_del(flags, mdg_mark_names[MDG_MARK_VIRUS]);
	MDG_AUTO(mdg_freep) char *text = json_dumps(flags, JSON_COMPACT);
	json_decref(flags);
	return mdg_db_run(d->db, err,
			  "UPDATE message SET flags = ?2 WHERE id = ?1", "is",
			  message, text);
}

/* ---- to be scanned ---- */

bool
mdg_scan_mail(struct mdg_desk *d, int64_t message, int64_t raw_id,
	      struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_scan s;

	if (!d->scans || !raw_id)
		return true;
	/* read once more, it is another message of the same bytes */
	return mdg_scan_add(d->db, MDG_SCAN_MAIL, raw_id, message, mdg_now_s(),
			    err) &&
	       mdg_scan_get(d->db, MDG_SCAN_MAIL, raw_id, &a, &s, err) ==
		       MDG_FOUND &&
	       (!mdg_streq(s.state, "found") ||
		mdg_scan_mark(d, message, s.name, err));
}

bool
mdg_scan_upload(struct mdg_desk *d, int64_t upload, int64_t draft,
		struct mdg_err *err)
{
	return !d->scans || mdg_scan_add(d->db, MDG_SCAN_UPLOAD, upload, draft,
					 mdg_now_s(), err);
}

/* ---- what was said ---- */

static bool
tell_of(struct mdg_desk *d, int64_t ticket, const char *kind, json_t *codes,
	bool voids, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket t;

	if (!mdg_desk_ticket_root(d, ticket, &a, &t, err)) {
		json_decref(codes);
		return false;
	}
	return mdg_desk_event(d, &mdg_actor_system, &t, kind, codes, NULL,
			      err) &&
	       (!voids ||
		mdg_desk_void_replies(d, &t, "a virus was found", err)) &&
	       mdg_ticket_update(d->db, &t, err);
}

/* Of the message or the draft that it is about. */
static json_t *
codes_of(const struct mdg_scan *s, bool is_found, const char *name)
{
	const char *what = is_found ? "signature" : "reason";

	return mdg_streq(s->kind, MDG_SCAN_MAIL)
		       ? json_pack("{s:I,s:s}", "message", s->about_id, what,
				   name)
		       : json_pack("{s:I,s:I,s:s}", "draft", s->about_id,
				   "upload", s->item_id, what, name);
}

bool
mdg_scan_keep(struct mdg_desk *d, const struct mdg_scan *s, const char *state,
	      const char *name, struct mdg_err *err)
{
	bool is_mail = mdg_streq(s->kind, MDG_SCAN_MAIL);
	bool is_found = mdg_streq(state, "found");
	int64_t ticket;

	if (!mdg_scan_set(d->db, s->kind, s->item_id, state, name, mdg_now_s(),
			  err))
		return false;
	if (mdg_streq(state, "clean"))
		return true;
	enum mdg_found f = mdg_db_i64(
		d->db, &ticket, err,
		is_mail ? "SELECT ticket_id FROM message WHERE id = ?1"
			: "SELECT ticket_id FROM draft WHERE id = ?1",
		"i", s->about_id);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	return (!is_mail || !is_found ||
		mdg_scan_mark(d, s->about_id, name, err)) &&
	       tell_of(d, ticket, is_found ? "scan.found" : "scan.skipped",
		       codes_of(s, is_found, name), is_found && !is_mail, err);
}

bool
mdg_scan_failed(struct mdg_desk *d, const struct mdg_scan *s,
		struct mdg_err *err)
{
	int64_t wait_s = AGAIN_FIRST_S;

	for (int64_t i = 0; i < s->tries && wait_s < AGAIN_MAX_S; i++)
		wait_s *= 2;
	if (wait_s > AGAIN_MAX_S)
		wait_s = AGAIN_MAX_S;
	return mdg_scan_later(d->db, s->kind, s->item_id, mdg_now_s() + wait_s,
			      err);
}

/* ---- drafts ---- */

bool
mdg_scan_check_draft(struct mdg_desk *d, int64_t draft, bool *ret_waiting,
		     struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *file, *name;
	int64_t found, waiting, skipped;
	char number[24];

	if (!mdg_scan_of_draft(d->db, draft, "waiting", &a, &waiting, &file,
			       &name, err) ||
	    !mdg_scan_of_draft(d->db, draft, "skipped", &a, &skipped, &file,
			       &name, err) ||
	    !mdg_scan_of_draft(d->db, draft, "found", &a, &found, &file, &name,
			       err))
		return false;
	*ret_waiting = waiting + skipped > 0;
	if (!found)
		return true;
	snprintf(number, sizeof(number), "%lld", (long long)draft);
	return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_upload_virus, file, name,
			    number, NULL);
}

/* ---- start ---- */

bool
mdg_scan_start(struct mdg_desk *d, bool on, struct mdg_err *err)
{
	d->scans = on;
	if (!mdg_desk_begin(d, err))
		return false;
	if (on ? mdg_scan_again(d->db, err) : mdg_scan_forget(d->db, err))
		return mdg_desk_commit(d, err);
	mdg_desk_rollback(d);
	return false;
}
