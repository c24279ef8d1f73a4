#include "madoguchi/app/notice.h"

#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/token.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/compose.h"
#include "madoguchi/store/st_reply.h"
#include "madoguchi/store/st_watch.h"
#include "madoguchi/text/width.h"
#include "freeze.h"

bool
mdg_desk_zone_min(struct mdg_desk *d, int64_t at_s, int *ret,
		  struct mdg_err *err)
{
	const struct mdg_calendar *cal;

	if (!mdg_desk_home(d, &cal, err))
		return false;
	*ret = cal ? (int)(mdg_calendar_offset_s(cal, at_s) / 60) : 540;
	return true;
}

/* ---- by which account ---- */

static enum mdg_found
configured(struct mdg_desk *d, int64_t *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *text;
	int64_t id;

	if (!mdg_setting_get(d->db, "alarm_account", &a, &text, err))
		return MDG_FAILED;
	if (!mdg_str_i64(text, 1, INT64_MAX, &id))
		return MDG_NONE;
	return mdg_db_i64(d->db, ret, err,
			  "SELECT id FROM account WHERE id = ?1"
			  " AND removed = 0 AND smtp_host <> ''",
			  "i", id);
}

enum mdg_found
mdg_notice_account(struct mdg_desk *d, int64_t after, int64_t *ret,
		   struct mdg_err *err)
{
	enum mdg_found f = after ? MDG_NONE : configured(d, ret, err);

	if (f != MDG_NONE)
		return f;
	/* those that seem to work first, then in turn */
	return mdg_db_i64(
		d->db, ret, err,
		"SELECT a.id FROM account a LEFT JOIN alarm w"
		" ON w.kind = 'fetch' AND w.state <> 'cleared'"
		" AND w.subject = 'mailbox:' || a.id"
		" WHERE a.removed = 0 AND a.smtp_host <> ''"
		" ORDER BY CASE WHEN a.id = ?1 THEN 1 ELSE 0 END,"
		" CASE WHEN w.id IS NULL THEN 0 ELSE 1 END,"
		" CASE WHEN a.id > ?1 THEN 0 ELSE 1 END, a.id LIMIT 1",
		"i", after);
}

/* ---- the mail ---- */

static bool
compose(struct mdg_desk *d, const struct mdg_notice *n,
	const struct mdg_account *acc, const char *message_id,
	struct mdg_arena *a, struct mdg_freezer *out, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct mdg_address from = {"Madoguchi", acc->address, ""};
	struct mdg_outgoing m;

	mdg_text_wrap(n->text, strlen(n->text), MDG_WRAP_COLUMNS, &text);
	mdg_outgoing_init(&m);
	m.from = (struct mdg_addresses){&from, 1};
	for (size_t i = 0; i < n->to->n; i++)
		mdg_addresses_add(&m.to, a, "", n->to->v[i], "");
	m.subject = n->subject;
	m.text = mdg_buf_str(&text);
	m.message_id = message_id;
	m.date_s = mdg_now_s();
	m.auto_submitted = "auto-generated";
	m.loop_mark = mdg_token_loop_mark(&d->mac, message_id, a);
	return mdg_desk_zone_min(d, m.date_s, &m.zone_min, err) &&
	       mdg_compose_to(&m, mdg_freeze_piece, out, err);
}

bool
mdg_notice_put(struct mdg_desk *d, const struct mdg_notice *n,
	       int64_t *ret_outbox, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_freezer_clear) struct mdg_freezer mime = {.d = d};
	struct mdg_account acc;
	int64_t now_s = mdg_now_s();

	if (mdg_account_by_id(d->db, n->account_id, &a, &acc, err) != MDG_FOUND)
		return mdg_fail(err, MDG_ENOENT, "no account %lld",
				(long long)n->account_id);
	struct mdg_outbox_row o = {
		.kind = n->kind,
		.account_id = acc.id,
		.message_id = mdg_token_message_id(
			&d->mac, 0, mdg_addr_domain(acc.address), &a),
		.mail_from = acc.address,
		.state = "queued",
		.not_before_s = now_s,
		.created_s = now_s,
	};
	if (!mdg_outbox_add(d->db, &o, n->to, err))
		return false;
	mime.outbox_id = o.id;
	if (!compose(d, n, &acc, o.message_id, &a, &mime, err) ||
	    !mdg_freeze_end(&mime, now_s, err) ||
	    !mdg_notice_add(d->db, o.id, n->subject, n->text, err))
		return false;
	*ret_outbox = o.id;
	return true;
}
