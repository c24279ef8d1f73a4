#include "madoguchi/app/receipt.h"

#include <string.h>

#include "madoguchi/app/reply.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/token.h"
#include "madoguchi/desk/hours.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/reply/template.h"
#include "madoguchi/text/language.h"
#include "receipt-int.h"

enum {
	LATE_S = 12 * 3600, /* a receipt that comes later is a riddle */
	NAME_CHARS_MAX = 20,
};

/* ---- may it be answered? ---- */

/* Local parts behind which nobody reads (RFC 3834 §2, and custom). */
static bool
is_machine(const char *address)
{
	static const char *const whole[] = {
		"mailer-daemon", "postmaster", "daemon",       "nobody",
		"root",          "listserv",   "majordomo",    "newsletter",
		"notification",  "alert",      "alerts",       "bounce",
		"autoreply",     "auto-reply", "notifications"};
	static const char *const parts[] = {
		"noreply",    "no-reply",     "no_reply",    "no.reply",
		"donotreply", "do-not-reply", "do_not_reply"};
	static const char *const heads[] = {"owner-", "bounce-", "bounces-",
					    "bounce+", "bounces+"};
	static const char *const tails[] = {"-owner", "-request", "-bounces",
					    "-bounce"};
	char local[80];
	const char *at = strrchr(address, '@');
	size_t n = at ? (size_t)(at - address) : 0;

	if (n == 0 || n >= sizeof(local))
		return true;
	for (size_t i = 0; i < n; i++)
		local[i] = (char)mdg_ascii_lower((unsigned char)address[i]);
	local[n] = '\0';
	for (size_t i = 0; i < MDG_LEN(whole); i++)
		if (mdg_streq(local, whole[i]))
			return true;
	for (size_t i = 0; i < MDG_LEN(parts); i++)
		if (strstr(local, parts[i]))
			return true;
	for (size_t i = 0; i < MDG_LEN(heads); i++)
		if (mdg_str_starts(local, heads[i]))
			return true;
	for (size_t i = 0; i < MDG_LEN(tails); i++)
		if (mdg_str_ends(local, tails[i]))
			return true;
	return false;
}

static bool
is_ours(struct mdg_desk *d, const char *key, bool *ret, struct mdg_err *err)
{
	int64_t n;
	bool ok = mdg_db_i64(d->db, &n, err,
			     "SELECT (SELECT COUNT(*) FROM win_address"
			     " WHERE key = ?1) + (SELECT COUNT(*) FROM account"
			     " WHERE LOWER(address) = ?1)",
			     "s", key) == MDG_FOUND;

	*ret = ok && n > 0;
	return ok;
}

static bool
names_us(struct mdg_desk *d, const struct mdg_mail *m, bool *ret,
	 struct mdg_err *err)
{
	const struct mdg_addresses *lists[] = {&m->to, &m->cc};

	*ret = false;
	for (size_t l = 0; l < MDG_LEN(lists); l++)
		for (size_t i = 0; i < lists[l]->n && !*ret; i++)
			if (!is_ours(d, lists[l]->v[i].key, ret, err))
				return false;
	return true;
}

static bool
why_not(struct mdg_desk *d, const struct mdg_mail *m,
	const struct mdg_ticket *t, int64_t received_s, int64_t now_s,
	const char **ret, struct mdg_err *err)
{
	enum mdg_sending mode;
	bool ours, addressed;

	*ret = NULL;
	if (!mdg_desk_sending(d, &mode, err))
		return false;
	if (mode == MDG_SENDING_OFF || t->is_history)
		*ret = "not_live";
	else if (now_s - received_s > LATE_S)
		*ret = "late";
	else if (m->no_auto_reply)
		*ret = "automatic";
	else if (m->from_spoofed)
		*ret = "spoofed";
	else if (m->from.n != 1 || !mdg_addr_valid(m->from.v[0].address))
		*ret = "sender";
	else if (is_machine(m->from.v[0].address))
		*ret = "machine";
	if (*ret)
		return true;
	if (!is_ours(d, m->from.v[0].key, &ours, err) ||
	    !names_us(d, m, &addressed, err))
		return false;
	*ret = ours ? "own" : addressed ? NULL : "not_addressed";
	return true;
}

/* ---- what it says ---- */

/* A name that is one: no address, link or sentence goes out in our mail. */
static bool
name_ok(const char *name)
{
	size_t chars = 0;

	for (const char *p = name; *p; p++) {
		unsigned char c = (unsigned char)*p;
		chars += (c & 0xc0) != 0x80;
		if ((c < 0x80 && strchr("@:/\\.<>\"[]{}()=&%$#!?;,*|~^`", c)) ||
		    (c >= '0' && c <= '9'))
			return false;
	}
	return chars > 0 && chars <= NAME_CHARS_MAX && !strstr(name, "様") &&
	       !strstr(name, "。");
}

/* The template without a name to put in. */
static void
to_nobody_in_particular(struct mdg_template *t, struct mdg_arena *a)
{
	static const struct {
		const char *slot, *nobody;
	} forms[] = {{"{{customer.name}} 様", "お客様"},
		     {"{{customer.name}}", "customer"}};

	for (size_t i = 0; i < MDG_LEN(forms); i++) {
		const char *at = strstr(t->body, forms[i].slot);
		if (!at || (i > 0 && !mdg_streq(t->language, "en")))
			continue;
		t->body = mdg_arena_printf(a, "%.*s%s%s", (int)(at - t->body),
					   t->body, forms[i].nobody,
					   at + strlen(forms[i].slot));
		return;
	}
}

static bool
fill(struct mdg_desk *d, const struct mdg_mail *m, const struct mdg_ticket *t,
     const struct mdg_win *w, struct mdg_arena *a, struct mdg_template *tpl,
     struct mdg_slot_values *v, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf hours = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf due = {0};
	const char *name = m->from.v[0].name;
	const enum mdg_lang lang =
		mdg_streq(tpl->language, "en") ? MDG_LANG_EN : MDG_LANG_JA;
	int64_t id;
	enum mdg_found f = mdg_versioned_newest(d->db, MDG_CALENDAR,
						w->calendar, &id, err);

	if (f == MDG_FAILED)
		return false;
	if (f == MDG_FOUND) {
		const struct mdg_calendar *cal = mdg_desk_calendar(d, id, err);
		if (!cal)
			return false;
		mdg_hours_words(cal, lang, &hours);
		if (t->due_s)
			mdg_day_words(cal, t->due_s, lang, &due);
	}
	if (name_ok(name))
		mdg_slot_values_put(v, a, "customer.name", name);
	else
		to_nobody_in_particular(tpl, a);
	mdg_slot_values_put(v, a, "ticket",
			    mdg_arena_printf(a, "%lld", (long long)t->number));
	mdg_slot_values_put(v, a, "window", w->name);
	mdg_slot_values_put(v, a, "hours", mdg_buf_str(&hours));
	mdg_slot_values_put(v, a, "due.at", mdg_buf_str(&due));
	return true;
}

/* Does the customer write English? Where that does not tell, the window does.
 */
static bool
is_english(const struct mdg_mail *m, const struct mdg_win *w)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_buf_printf(&b, "%s\n%s", m->subject ? m->subject : "",
		       m->reply  ? m->reply
		       : m->text ? m->text
				 : "");
	switch (mdg_text_language(mdg_buf_str(&b), b.len)) {
	case MDG_TEXT_LATIN:
		return true;
	case MDG_TEXT_JAPANESE:
		return false;
	default:
		return mdg_streq(w->lang, "en");
	}
}

/* The window's template, or its English variant if there is one. What a rule
 * sends is the very version that was chosen for it. */
static enum mdg_found
find_template(struct mdg_desk *d, const struct mdg_mail *m,
	      const struct mdg_win *w, const char *id, bool any_version,
	      struct mdg_arena *a, struct mdg_template_row *ret,
	      struct mdg_err *err)
{
	enum mdg_found f = MDG_NONE;

	if (any_version && is_english(m, w))
		f = mdg_template_newest(d->db, mdg_arena_printf(a, "%s.en", id),
					a, ret, err);
	return f == MDG_NONE ? mdg_template_newest(d->db, id, a, ret, err) : f;
}

struct body {
	const char *text; /* NULL: none */
	const char *template_id;
	int64_t version;
	bool is_english;
};

/* No text when the template is gone, is not the version wanted (ret->version;
 * 0: any), is for other windows, or has a slot left open. */
static bool
body_of(struct mdg_desk *d, const struct mdg_mail *m,
	const struct mdg_ticket *t, const struct mdg_win *w,
	struct mdg_arena *a, struct body *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf body = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf open = {0};
	struct mdg_slot_values values = {0};
	struct mdg_template_row row;
	struct mdg_template tpl;
	enum mdg_found f = find_template(d, m, w, ret->template_id,
					 !ret->version, a, &row, err);

	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (ret->version && row.version != ret->version)
		return true;
	if (!mdg_template_parse(row.id, row.source, a, &tpl, NULL) ||
	    !mdg_template_is_for(tpl.windows, w->code))
		return true;
	if (!fill(d, m, t, w, a, &tpl, &values, err))
		return false;
	mdg_template_render(&tpl, &values, &body, NULL, a);
	mdg_template_open_slots(mdg_buf_str(&body), &open);
	*ret = (struct body){.template_id = row.id,
			     .version = row.version,
			     .is_english = mdg_streq(tpl.language, "en")};
	if (!open.len)
		ret->text = mdg_arena_strdup(a, mdg_buf_str(&body));
	return true;
}

static const char *
subject_of(struct mdg_desk *d, const struct mdg_ticket *t, bool english,
	   struct mdg_arena *a)
{
	char check[MDG_TAG_CHECK_CHARS + 1];

	/* answers of phones that drop References find back by it */
	mdg_token_tag(&d->mac, t->number, check);
	return mdg_arena_printf(a, "%s [#%lld-%s]",
				english ? "We have received your message"
					: "お問い合わせを受け付けました",
				(long long)t->number, check);
}

/* ---- into the outbox ---- */

static bool
put(struct mdg_desk *d, const struct mdg_ticket *t, struct mdg_revision *rev,
    const char *policy, const char *to, int64_t now_s, int64_t *ret_outbox,
    struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf canonical = {0};
	struct mdg_strings rcpts = {.v = &to, .n = 1};

	mdg_revision_encode(rev, &canonical);
	struct mdg_revision_row row = {
		.ticket_id = t->id,
		.account_id = rev->account_id,
		.message_id = rev->message_id,
		.newest_message_id = rev->newest_message_id,
		.canonical = mdg_buf_span(&canonical),
		.findings = "[]",
		.comment = policy,
		.state = "approved",
		.requested_s = now_s,
	};
	mdg_digest(row.canonical, row.digest);
	if (!mdg_revision_add(d->db, &row, err))
		return false;
	struct mdg_outbox_row o = {
		.kind = "receipt",
		.ticket_id = t->id,
		.revision_id = row.id,
		.account_id = rev->account_id,
		.message_id = rev->message_id,
		.mail_from = rev->mail_from,
		.state = "queued",
		.not_before_s = now_s,
		.created_s = now_s,
	};
	bool ok = mdg_outbox_add(d->db, &o, &rcpts, err);
	*ret_outbox = o.id;
	return ok;
}

static bool
skipped(struct mdg_desk *d, struct mdg_ticket *t, const char *why,
	struct mdg_err *err)
{
	return mdg_desk_event(d, &mdg_actor_system, t, "receipt.skipped",
			      json_pack("{s:s}", "why", why), NULL, err);
}

/* *ret_why: NULL if it is in the outbox now. */
static bool
send_one(struct mdg_desk *d, const struct mdg_mail *m, struct mdg_ticket *t,
	 const char *template_id, int64_t version, struct mdg_arena *a,
	 int64_t now_s, const char **ret_why, struct mdg_err *err)
{
	const struct mdg_address *who = &m->from.v[0];
	struct mdg_win w;
	struct mdg_revision rev;
	struct body body = {.template_id = template_id, .version = version};
	int64_t outbox;

	if (mdg_win_by_id(d->db, t->win_id, a, &w, err) != MDG_FOUND ||
	    !body_of(d, m, t, &w, a, &body, err))
		return false;
	if (!body.text) {
		*ret_why = "template";
		return true;
	}
	struct mdg_draft draft = {.ticket_id = t->id,
				  .subject =
					  subject_of(d, t, body.is_english, a),
				  .body = body.text};
	mdg_addresses_add(&draft.to, a, "", who->address, who->key);
	struct mdg_err no_account = {0};
	if (!mdg_reply_revise(d, &draft, t, &w, a, &rev, &no_account)) {
		if (no_account.code == MDG_ESTATE) {
			*ret_why = "no_account";
			return true;
		}
		*err = no_account;
		return false;
	}
	rev.mail_from = ""; /* RFC 3834 §3.3: nothing answers it */
	if (!mdg_receipt_limit(d, a, rev.account_id, who->key, now_s, ret_why,
			       err))
		return false;
	return *ret_why ||
	       (put(d, t, &rev,
		    mdg_arena_printf(a, "%s@%lld", body.template_id,
				     (long long)body.version),
		    who->address, now_s, &outbox, err) &&
		mdg_receipt_count(d, a, rev.account_id, who->key, now_s, outbox,
				  err) &&
		mdg_desk_event(d, &mdg_actor_system, t, "receipt.queued",
			       json_pack("{s:I,s:s,s:I}", "outbox", outbox,
					 "template", body.template_id,
					 "version", body.version),
			       NULL, err));
}

bool
mdg_receipt_send(struct mdg_desk *d, const struct mdg_mail *m,
		 struct mdg_ticket *t, const char *template_id, int64_t version,
		 int64_t received_s, const char **ret_why, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	int64_t now_s = mdg_now_s();

	return why_not(d, m, t, received_s, now_s, ret_why, err) &&
	       (*ret_why || send_one(d, m, t, template_id, version, &a, now_s,
				     ret_why, err)) &&
	       (!*ret_why || skipped(d, t, *ret_why, err));
}

bool
mdg_receipt_consider(struct mdg_desk *d, const struct mdg_mail *m,
		     struct mdg_ticket *t, int64_t received_s,
		     struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *template_id, *why;

	if (!mdg_receipt_template(d, t->win_id, &a, &template_id, err))
		return false;
	return !template_id ||
	       mdg_receipt_send(d, m, t, template_id, 0, received_s, &why, err);
}

/* ---- whether a window sends any ---- */

bool
mdg_receipt_template(struct mdg_desk *d, int64_t win, struct mdg_arena *a,
		     const char **ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret = NULL;
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT template_id FROM win_receipt"
			  " WHERE win_id = ?1",
			  "i", win))
		return false;
	if (mdg_rows_next(r))
		*ret = mdg_arena_strdup(a, mdg_rows_text(r, 0));
	return mdg_rows_close(&r, err);
}

bool
mdg_receipt_set(struct mdg_desk *d, int64_t win, const char *template_id,
		int64_t now_s, struct mdg_err *err)
{
	if (!template_id)
		return mdg_db_run(d->db, err,
				  "DELETE FROM win_receipt WHERE win_id = ?1",
				  "i", win);
	return mdg_db_run(d->db, err,
			  "INSERT INTO win_receipt (win_id, template_id,"
			  " set_s) VALUES (?1, ?2, ?3) ON CONFLICT (win_id)"
			  " DO UPDATE SET template_id = excluded.template_id,"
			  " set_s = excluded.set_s",
			  "isi", win, template_id, now_s);
}
