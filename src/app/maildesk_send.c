/* A mail of the desk to one of its people: token, thread, text, links. */
#include <string.h>

#include "freeze.h"
#include "madoguchi/app/notice.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/token.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/compose.h"
#include "madoguchi/mail/msgid.h"
#include "madoguchi/store/st_watch.h"
#include "maildesk-int.h"

enum { DAY_S = 86400, TITLE_CHARS = 60 };

/* ---- links that write the answer ---- */

static void
put_percent(struct mdg_buf *out, const char *s, size_t n)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";

	for (; n; n--, s++)
		if (strchr(plain, *s))
			mdg_buf_putc(out, *s);
		else
			mdg_buf_printf(out, "%%%02X", (unsigned char)*s);
}

static void
put_html(struct mdg_buf *out, const char *s)
{
	for (; *s; s++)
		switch (*s) {
		case '&':
			mdg_buf_puts(out, "&amp;");
			break;
		case '<':
			mdg_buf_puts(out, "&lt;");
			break;
		case '>':
			mdg_buf_puts(out, "&gt;");
			break;
		case '"':
			mdg_buf_puts(out, "&quot;");
			break;
		case '\n':
			mdg_buf_puts(out, "<br>\n");
			break;
		default:
			mdg_buf_putc(out, *s);
		}
}

static void
put_links(const struct mdg_md_mail *m, enum mdg_lang lang, const char *reply_to,
	  const char *subject, struct mdg_buf *out)
{
	bool any = false;

	for (size_t i = 0; i < MDG_MD_LINKS_MAX && m->links[i].body; i++) {
		mdg_buf_puts(out, any ? " &nbsp; " : "<p>");
		any = true;
		mdg_buf_puts(out, "<a href=\"mailto:");
		/* RFC 6068 §2: the "@" of the address stands as it is */
		const char *at = strrchr(reply_to, '@');
		put_percent(out, reply_to,
			    at ? (size_t)(at - reply_to) : strlen(reply_to));
		if (at) {
			mdg_buf_putc(out, '@');
			put_percent(out, at + 1, strlen(at + 1));
		}
		mdg_buf_puts(out, "?subject=");
		put_percent(out, subject, strlen(subject));
		mdg_buf_puts(out, "&amp;body=");
		put_percent(out, m->links[i].body, strlen(m->links[i].body));
		mdg_buf_puts(out, "\">");
		put_html(out, mdg_msg_text(lang, m->links[i].label));
		mdg_buf_puts(out, "</a>");
	}
	if (any)
		mdg_buf_puts(out, "</p>\n");
}

/* ---- the mail ---- */

struct names {
	char token[MDG_MD_TOKEN_CHARS + 1], thread[MDG_MD_TOKEN_CHARS + 1];
	const char *message_id, *root, *reply_to, *subject, *link_subject;
};

/* support@example.jp -> support+mdg-TOKEN@example.jp, where that arrives. */
static bool
reply_address(struct mdg_desk *d, const struct mdg_win *w, const char *token,
	      struct mdg_arena *a, const char **ret, struct mdg_err *err)
{
	const char *plus, *at = strrchr(w->address, '@');

	if (!mdg_setting_get(d->db, "maildesk_plus", a, &plus, err))
		return false;
	*ret = mdg_streq(plus, "on") && at
		       ? mdg_arena_printf(a, "%.*s+mdg-%s%s",
					  (int)(at - w->address), w->address,
					  token, at)
		       : w->address;
	return true;
}

static bool
name_it(struct mdg_desk *d, const struct mdg_md_mail *m, struct mdg_arena *a,
	struct names *n, struct mdg_err *err)
{
	const char *domain = mdg_addr_domain(m->win->address);
	int64_t ticket = m->ticket ? m->ticket->id : 0;
	char hash[2 * MDG_DIGEST_BYTES + 1];

	mdg_md_token_new(n->token);
	mdg_md_token_thread(d, m->to->id, ticket, n->thread);
	mdg_hex(mdg_md_token_hash(n->thread, a).p, MDG_DIGEST_BYTES, hash);
	n->message_id = mdg_arena_printf(a, "mdgd.%s@%s", n->token, domain);
	/* never sent: what all mails of the thread answer */
	n->root = mdg_arena_printf(a, "mdgt.%.24s@%s", hash, domain);
	if (m->ticket) {
		const char *title = m->ticket->subject;
		size_t k = mdg_utf8_offset(title, strlen(title), TITLE_CHARS);
		const char *head = mdg_arena_printf(
			a, "[#%lld] %.*s", (long long)m->ticket->number, (int)k,
			title);
		n->subject =
			mdg_arena_printf(a, "%s [mdg-%s]", head, n->thread);
		n->link_subject =
			mdg_arena_printf(a, "Re: %s [mdg-%s]", head, n->token);
	} else {
		n->subject = mdg_arena_printf(a, "%s [mdg-%s]", m->subject,
					      n->token);
		n->link_subject = mdg_arena_printf(a, "Re: %s", n->subject);
	}
	return reply_address(d, m->win, n->token, a, &n->reply_to, err);
}

static bool
compose(struct mdg_desk *d, const struct mdg_md_mail *m, const struct names *n,
	struct mdg_arena *a, struct mdg_freezer *out, struct mdg_err *err)
{
	enum mdg_lang lang =
		mdg_streq(m->to->lang, "en") ? MDG_LANG_EN : MDG_LANG_JA;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf html = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct mdg_address from = {m->win->name, m->win->address, ""};
	struct mdg_address reply = {m->win->name, n->reply_to, ""};
	struct mdg_outgoing o;

	mdg_buf_puts(&text, m->text);
	mdg_buf_printf(&text, "\n-- \n%s mdg-%s\n",
		       mdg_msg_text(lang, MDG_MSG_md_foot), n->token);
	mdg_buf_puts(&html, "<html><body>\n");
	put_links(m, lang, n->reply_to, n->link_subject, &html);
	mdg_buf_puts(&html, "<div>");
	put_html(&html, mdg_buf_str(&text));
	mdg_buf_puts(&html, "</div>\n</body></html>\n");
	mdg_outgoing_init(&o);
	o.from = (struct mdg_addresses){&from, 1};
	o.reply_to = (struct mdg_addresses){&reply, 1};
	mdg_addresses_add(&o.to, a, m->to->name, m->to->email, "");
	o.subject = n->subject;
	o.text = mdg_buf_str(&text);
	o.html = mdg_buf_str(&html);
	o.mail = m->mail;
	o.message_id = n->message_id;
	o.in_reply_to = m->answers && mdg_msgid_valid(m->answers) ? m->answers
								  : n->root;
	mdg_strings_add(&o.references, a, n->root, MDG_REFERENCES_MAX);
	if (m->answers)
		mdg_strings_add(&o.references, a, m->answers,
				MDG_REFERENCES_MAX);
	o.date_s = mdg_now_s();
	o.auto_submitted = m->answers ? "auto-replied" : "auto-generated";
	o.loop_mark = mdg_token_loop_mark(&d->mac, n->message_id, a);
	return mdg_desk_zone_min(d, o.date_s, &o.zone_min, err) &&
	       mdg_compose_to(&o, mdg_freeze_piece, out, err);
}

static bool
put_token(struct mdg_desk *d, const struct mdg_md_mail *m, const char *token,
	  const char *purpose, const char *context, int64_t outbox,
	  int64_t now_s, struct mdg_arena *a, struct mdg_err *err)
{
	int64_t lasts_s = m->lasts_s && !mdg_streq(purpose, "thread")
				  ? m->lasts_s
				  : (int64_t)MDG_MD_DAYS * DAY_S;
	const struct mdg_mail_token t = {
		.hash = mdg_md_token_hash(token, a),
		.person_id = m->to->id,
		.purpose = purpose,
		.ticket_id = m->ticket ? m->ticket->id : 0,
		.draft_id = m->draft_id,
		.revision_id = m->revision_id,
		.outbox_id = outbox,
		.context = context,
		.made_s = now_s,
		.expires_s = now_s + lasts_s,
	};

	return mdg_mail_token_put(d->db, &t, err);
}

static bool
put(struct mdg_desk *d, const struct mdg_md_mail *m, const char *context,
    struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_freezer_clear) struct mdg_freezer mime = {.d = d};
	struct mdg_strings to = {0};
	struct names n;
	int64_t now_s = mdg_now_s();
	struct mdg_outbox_row o = {
		.kind = "notice",
		.mail_from = m->win->address,
		.state = "queued",
		.not_before_s = now_s,
		.created_s = now_s,
	};

	switch (mdg_account_for(d->db, m->win->id,
				mdg_addr_domain(m->to->email), &o.account_id,
				err)) {
	case MDG_FAILED:
		return false;
	case MDG_NONE:
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_win_no_account,
				    m->win->name, NULL);
	case MDG_FOUND:
		break;
	}
	mdg_strings_add(&to, &a, m->to->email, 1);
	if (!name_it(d, m, &a, &n, err))
		return false;
	o.message_id = n.message_id;
	if (!mdg_outbox_add(d->db, &o, &to, err))
		return false;
	mime.outbox_id = o.id;
	return compose(d, m, &n, &a, &mime, err) &&
	       mdg_freeze_end(&mime, now_s, err) &&
	       put_token(d, m, n.token, m->purpose, context, o.id, now_s, &a,
			 err) &&
	       (!m->ticket ||
		put_token(d, m, n.thread, "thread", "{}", 0, now_s, &a, err));
}

bool
mdg_md_send(struct mdg_desk *d, struct mdg_md_mail *m, struct mdg_err *err)
{
	json_t *o = m->context ? json_copy(m->context) : json_object();

	/* to see whether it is changed in the quote of the answer */
	json_object_del(o, "shown");
	if (m->shown)
		json_object_set_new(o, "shown", json_string(m->shown));
	MDG_AUTO(mdg_freep) char *context = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	json_decref(m->context);
	m->context = NULL;
	return put(d, m, context, err);
}

enum mdg_found
mdg_md_home(struct mdg_desk *d, int64_t person, struct mdg_arena *a,
	    struct mdg_win *ret, struct mdg_err *err)
{
	int64_t id;
	enum mdg_found f = mdg_db_i64(
		d->db, &id, err,
		"SELECT w.id FROM win w LEFT JOIN member m"
		" ON m.win_id = w.id AND m.person_id = ?1"
		" AND m.role <> 'none' ORDER BY CASE WHEN m.win_id IS NULL"
		" THEN 1 ELSE 0 END, w.id LIMIT 1",
		"i", person);

	return f == MDG_FOUND ? mdg_win_by_id(d->db, id, a, ret, err) : f;
}

/* ---- what is to be sent ---- */

bool
mdg_md_tell(struct mdg_desk *d, int64_t person, const char *kind,
	    int64_t ticket, int64_t draft, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_mail_person mp;
	const struct mdg_mail_due due = {.person_id = person,
					 .kind = kind,
					 .ticket_id = ticket,
					 .draft_id = draft,
					 .made_s = mdg_now_s()};
	enum mdg_found f =
		person ? mdg_mail_person_get(d->db, person, &a, &mp, err)
		       : MDG_NONE;

	return f == MDG_NONE ||
	       (f == MDG_FOUND && mdg_mail_due_add(d->db, &due, err));
}

bool
mdg_md_tell_leads(struct mdg_desk *d, int64_t win,
		  const struct mdg_mail_due *due, int64_t but,
		  struct mdg_err *err)
{
	const struct mdg_lead_ask q = {
		.win = win, .now_s = mdg_now_s(), .but = but, .by_mail = true};
	int64_t leads[MDG_LEADS_MAX];
	size_t n;

	if (!mdg_leads(d->db, &q, leads, MDG_LEN(leads), &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!mdg_md_tell(d, leads[i], due->kind, due->ticket_id,
				 due->draft_id, err))
			return false;
	return true;
}
