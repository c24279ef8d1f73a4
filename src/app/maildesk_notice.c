/* What a person is told of a ticket, and asked about a reply. */
#include <string.h>

#include "madoguchi/app/check.h"
#include "madoguchi/app/judge.h"
#include "madoguchi/app/reply.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/diff.h"
#include "madoguchi/mail/compose.h"
#include "madoguchi/reply/template.h"
#include "madoguchi/store/st_review.h"
#include "madoguchi/store/st_template.h"
#include "maildesk-int.h"
#include "reply-int.h"

enum { ATTACHED_MAX = 4 << 20 };

static enum mdg_lang
lang_of(const struct mdg_person *p)
{
	return mdg_streq(p->lang, "en") ? MDG_LANG_EN : MDG_LANG_JA;
}

static bool
begin(struct mdg_desk *d, const struct mdg_person *p, int64_t win,
      struct mdg_arena *a, struct mdg_win *w, struct mdg_md_say *s,
      struct mdg_err *err)
{
	*s = (struct mdg_md_say){
		.d = d, .lang = lang_of(p), .a = a, .now_s = mdg_now_s()};
	enum mdg_found f = mdg_win_by_id(d->db, win, a, w, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE &&
		       mdg_fail(err, MDG_ENOENT, "no window %lld",
				(long long)win);
	return mdg_md_calendar(d, w, &s->cal, err);
}

/* ---- candidates ---- */

bool
mdg_md_candidate(struct mdg_desk *d, const struct mdg_ticket *t,
		 const struct mdg_win *w, const struct mdg_person *p,
		 const char *template_id, struct mdg_arena *a,
		 const char **ret_title, const char **ret_body,
		 struct mdg_strings *ret_open, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf body = {0};
	struct mdg_slot_values v = {0};
	struct mdg_template_row row;
	struct mdg_template tpl;
	json_t *filled = json_array(), *open = json_array();

	*ret_body = NULL;
	enum mdg_found f =
		mdg_template_newest(d->db, template_id, a, &row, err);
	bool ok = f != MDG_FAILED;
	if (f == MDG_FOUND &&
	    mdg_template_parse(row.id, row.source, a, &tpl, NULL)) {
		mdg_slot_values_put(
			&v, a, "ticket",
			mdg_arena_printf(a, "%lld", (long long)t->number));
		mdg_slot_values_put(&v, a, "window", w->name);
		mdg_slot_values_put(&v, a, "operator", p->name);
		ok = mdg_facts_fill(d, t, &v, a, filled, open, err);
		if (ok) {
			mdg_template_render(&tpl, &v, &body, ret_open, a);
			*ret_title = mdg_arena_strdup(a, row.title);
			*ret_body = mdg_arena_strdup(a, mdg_buf_str(&body));
		}
	}
	json_decref(filled);
	json_decref(open);
	return ok;
}

/* The ranked templates of a ticket's newest mail; NULL: none yet. */
static json_t *
ranked(struct mdg_desk *d, const struct mdg_ticket *t)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	json_t *list = NULL;

	if (!mdg_db_query(d->db, &r, NULL,
			  "SELECT json FROM suggestion WHERE ticket_id = ?1"
			  " AND message_id = ?2",
			  "ii", t->id, t->newest_message_id))
		return NULL;
	if (mdg_rows_next(r)) {
		json_t *o = json_loads(mdg_rows_text(r, 0), 0, NULL);
		list = json_incref(json_object_get(o, "ranked"));
		json_decref(o);
	}
	return list;
}

/* "{{order.no}}" as "【注文番号】" for people to see. */
static const char *
shown(const char *body, struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	for (const char *p = body; *p;) {
		const char *open = strstr(p, "{{"), *end;
		if (!open || !(end = strstr(open, "}}"))) {
			mdg_buf_puts(&b, p);
			break;
		}
		mdg_buf_put(&b, p, (size_t)(open - p));
		mdg_buf_printf(&b, "【%s】",
			       mdg_answer_slot_label(mdg_arena_strndup(
				       a, open + 2, (size_t)(end - open - 2))));
		p = end + 2;
	}
	return mdg_arena_strdup(a, mdg_buf_str(&b));
}

static void
put_candidate(struct mdg_md_say *s, size_t n, const char *title,
	      const char *body, const struct mdg_strings *open)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf names = {0};
	const char *number = mdg_md_number(s, (int64_t)n);

	mdg_md_puts(s, mdg_arena_printf(s->a, "▼%s▼ %s", number, title));
	mdg_md_puts(s, shown(body, s->a));
	mdg_md_puts(s, mdg_arena_printf(s->a, "▲%s▲", number));
	for (size_t i = 0; i < open->n; i++)
		mdg_buf_printf(&names, "%s%s", i ? "、" : "",
			       mdg_answer_slot_label(open->v[i]));
	if (open->n)
		mdg_md_say(s, MDG_MSG_md_candidate_open, mdg_buf_str(&names),
			   NULL);
	mdg_md_blank(s);
}

/* Up to three candidates; *ret_n how many, *context what is to be known of
 * them when they are chosen. */
static bool
candidates(struct mdg_md_say *s, const struct mdg_ticket *t,
	   const struct mdg_win *w, const struct mdg_person *p, json_t *context,
	   size_t *ret_n, struct mdg_err *err)
{
	json_t *list = ranked(s->d, t), *kept = json_array(), *one;
	size_t i, n = 0;
	bool ok = true;

	json_object_set_new(context, "candidates", kept);
	json_array_foreach (list, i, one) {
		const char *id = json_string_value(json_object_get(one, "id"));
		const char *title, *body;
		struct mdg_strings open = {0};
		if (!id || n == MDG_ANSWER_CHOICES || !ok)
			break;
		ok = mdg_md_candidate(s->d, t, w, p, id, s->a, &title, &body,
				      &open, err);
		if (!ok || !body)
			continue;
		if (n == 0)
			mdg_md_say(s, MDG_MSG_md_candidates, NULL);
		put_candidate(s, ++n, title, body, &open);
		json_array_append_new(
			kept, json_pack("{s:s,s:s,s:s}", "template", id, "body",
					body, "shown", shown(body, s->a)));
	}
	if (n == 0)
		mdg_md_say(s, MDG_MSG_md_no_candidates, NULL);
	json_decref(list);
	*ret_n = n;
	return ok;
}

bool
mdg_md_ticket_notice(struct mdg_desk *d, const struct mdg_person *p,
		     const struct mdg_ticket *t, const char *lead,
		     const char *answers, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_md_say s;
	struct mdg_win w;
	size_t n;
	json_t *context = json_object();

	if (!begin(d, p, t->win_id, &a, &w, &s, err)) {
		json_decref(context);
		return false;
	}
	if (*lead)
		mdg_md_puts(&s, lead);
	mdg_md_say(&s, MDG_MSG_md_ticket, mdg_md_number(&s, t->number),
		   t->subject, mdg_md_deadline(&s, t->due_s), NULL);
	mdg_md_help(&s, false);
	mdg_md_blank(&s);
	bool ok = mdg_md_customer(&s, t, err) &&
		  candidates(&s, t, &w, p, context, &n, err);
	if (!ok) {
		json_decref(context);
		mdg_buf_clear(&s.out);
		return false;
	}
	struct mdg_md_mail m = {
		.to = p,
		.win = &w,
		.ticket = t,
		.purpose = "ticket",
		.context = context,
		.text = mdg_buf_str(&s.out),
		.answers = answers,
		.links = {{n ? MDG_MSG_md_link_one : MDG_MSG_md_link_help,
			   n ? "1" : "ヘルプ"},
			  {MDG_MSG_md_link_no_reply, "返信不要"},
			  {MDG_MSG_md_link_list, "一覧"}},
	};
	ok = mdg_md_send(d, &m, err);
	mdg_buf_clear(&s.out);
	return ok;
}

/* ---- a request for approval ---- */

static bool
into_buf(void *arg, struct mdg_span piece, struct mdg_err *err)
{
	return mdg_buf_put(arg, piece.p, piece.n) ||
	       mdg_fail(err, MDG_ETOOBIG, "the mail is too big to attach");
}

/* The mail as it would go out now; empty if it is too big to show. */
static bool
exact(struct mdg_desk *d, const struct mdg_revision_row *row,
      struct mdg_revision *rev, struct mdg_arena *a, struct mdg_buf *out,
      struct mdg_err *err)
{
	struct mdg_outgoing m;
	struct mdg_err why;

	*out = MDG_BUF_LIMIT(ATTACHED_MAX);
	if (!mdg_revision_decode(row->canonical, a, rev))
		return mdg_fail(err, MDG_EFORMAT, "revision %lld is broken",
				(long long)row->id);
	mdg_outgoing_init(&m);
	m.from = (struct mdg_addresses){&rev->from, 1};
	m.to = rev->to;
	m.cc = rev->cc;
	m.reply_to = rev->reply_to;
	m.subject = rev->subject;
	m.text = rev->text;
	m.message_id = rev->message_id;
	m.in_reply_to = rev->in_reply_to;
	m.references = rev->references;
	m.date_s = mdg_now_s();
	mdg_reply_files_read(d, rev, a, &m);
	if (!mdg_compose_to(&m, into_buf, out, &why))
		mdg_buf_reset(out);
	return true;
}

static void
put_changes(struct mdg_md_say *s, const char *old, const char *now)
{
	struct mdg_diff_part *v;
	size_t n, shown_n = 0;

	mdg_diff(old, now, s->a, &v, &n);
	for (size_t i = 0; i < n && shown_n < 40; i++) {
		if (v[i].op == '=')
			continue;
		mdg_md_block(s, v[i].op == '-' ? "－ " : "＋ ", v[i].text,
			     2000);
		shown_n++;
	}
	if (!shown_n)
		mdg_md_say(s, MDG_MSG_md_no_changes, NULL);
}

/* Against the request before, else against the template. */
static bool
changes(struct mdg_md_say *s, const struct mdg_draft *draft,
	const struct mdg_revision_row *row, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	struct mdg_template_row tpl;
	struct mdg_template t;
	const char *old = NULL;

	if (!mdg_db_query(s->d->db, &r, err,
			  "SELECT w.body FROM review w JOIN revision v"
			  " ON v.id = w.revision_id WHERE w.draft_id = ?1"
			  " AND v.n < ?2 ORDER BY v.n DESC LIMIT 1",
			  "ii", draft->id, row->n))
		return false;
	if (mdg_rows_next(r))
		old = mdg_arena_strdup(s->a, mdg_rows_text(r, 0));
	if (!mdg_rows_close(&r, err))
		return false;
	mdg_md_blank(s);
	if (old) {
		mdg_md_say(s, MDG_MSG_md_changes_request, NULL);
		put_changes(s, old, draft->body);
		return true;
	}
	if (!draft->template_id)
		return true;
	enum mdg_found f =
		mdg_template_version(s->d->db, draft->template_id,
				     draft->template_version, s->a, &tpl, err);
	if (f == MDG_FOUND &&
	    mdg_template_parse(tpl.id, tpl.source, s->a, &t, NULL)) {
		mdg_md_say(s, MDG_MSG_md_changes_template, tpl.title, NULL);
		put_changes(s, t.body, draft->body);
	}
	return f != MDG_FAILED;
}

/* "new_address,overridden" in words. */
static const char *
care_words(struct mdg_md_say *s, const char *codes)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	for (size_t n; *codes; codes += n + (codes[n] == ',')) {
		n = strcspn(codes, ",");
		const char *code = mdg_arena_strndup(s->a, codes, n);
		const char *word = mdg_msg_word(s->lang, "care", 4, code);
		mdg_buf_printf(&b, "%s%s",
			       !b.len                   ? ""
			       : s->lang == MDG_LANG_JA ? "、"
							: ", ",
			       word ? word : code);
	}
	return mdg_arena_strdup(s->a, mdg_buf_str(&b));
}

static bool
says_why(struct mdg_md_say *s, const struct mdg_draft *draft,
	 const struct mdg_revision_row *row, struct mdg_err *err)
{
	struct mdg_review asked;
	struct mdg_person by;
	enum mdg_found f =
		mdg_person_by_id(s->d->db, draft->author_id, s->a, &by, err);

	if (f == MDG_FAILED)
		return false;
	mdg_md_say(s, MDG_MSG_md_asked_by, f == MDG_FOUND ? by.name : "-",
		   NULL);
	f = mdg_review_get(s->d->db, row->id, s->a, &asked, err);
	if (f == MDG_FOUND && *asked.care)
		mdg_md_say(s, MDG_MSG_md_care, care_words(s, asked.care), NULL);
	if (f == MDG_FOUND && *asked.overridden)
		mdg_md_say(s, MDG_MSG_md_overridden, asked.overridden,
			   asked.reason, NULL);
	if (*row->comment)
		mdg_md_say(s, MDG_MSG_md_comment, row->comment, NULL);
	return f != MDG_FAILED;
}

/* Everything a lead needs to decide, and the context of the answer. */
static bool
put_request(struct mdg_md_say *s, const struct mdg_ticket *t,
	    const struct mdg_draft *draft, const struct mdg_win *w,
	    const struct mdg_revision_row *row, json_t *context,
	    struct mdg_err *err)
{
	json_t *findings = json_loads(row->findings, 0, NULL);
	json_t *confirm = NULL;
	bool new_people, again = mdg_streq(row->state, "void");

	mdg_md_say(s, MDG_MSG_md_request, mdg_md_number(s, t->number),
		   t->subject, mdg_md_deadline(s, t->due_s), NULL);
	bool ok = says_why(s, draft, row, err);
	mdg_md_blank(s);
	mdg_md_say(s, again ? MDG_MSG_md_how_again : MDG_MSG_md_how_approve,
		   NULL);
	mdg_md_blank(s);
	mdg_md_say(s, MDG_MSG_md_exact, NULL);
	ok = ok && mdg_md_draft(s, draft, w, err) &&
	     changes(s, draft, row, err);
	mdg_md_blank(s);
	mdg_md_say(s, MDG_MSG_md_findings, NULL);
	mdg_check_word(findings, s->lang);
	mdg_md_findings(s, findings);
	mdg_md_blank(s);
	ok = ok && mdg_md_customer(s, t, err) &&
	     mdg_check_confirm(s->d, draft, &confirm, &new_people, err);
	if (ok && new_people)
		mdg_md_say(s, MDG_MSG_md_new_people, NULL);
	json_object_set(context, "confirm", json_object_get(confirm, "code"));
	json_object_set_new(context, "again", json_boolean(again));
	json_object_set_new(context, "newest",
			    json_integer(t->newest_message_id));
	json_decref(findings);
	json_decref(confirm);
	return ok;
}

bool
mdg_md_approval_notice(struct mdg_desk *d, const struct mdg_person *p,
		       int64_t draft_id, const char *lead, const char *answers,
		       struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf mail = {0};
	struct mdg_revision_row row;
	struct mdg_revision rev;
	struct mdg_draft draft;
	struct mdg_md_say s;
	struct mdg_ticket t;
	struct mdg_win w;

	enum mdg_found f = mdg_draft_by_id(d->db, draft_id, &a, &draft, err);
	if (f == MDG_FOUND)
		f = mdg_revision_newest(d->db, draft_id, &a, &row, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	/* decided meanwhile: there is nothing to ask */
	if (!mdg_streq(row.state, "waiting") && !mdg_streq(row.state, "void"))
		return true;
	if (!mdg_desk_ticket_root(d, draft.ticket_id, &a, &t, err) ||
	    !begin(d, p, t.win_id, &a, &w, &s, err))
		return false;
	json_t *context = json_object();
	if (*lead)
		mdg_md_puts(&s, lead);
	if (!put_request(&s, &t, &draft, &w, &row, context, err) ||
	    !exact(d, &row, &rev, &a, &mail, err)) {
		json_decref(context);
		mdg_buf_clear(&s.out);
		return false;
	}
	if (!mail.len)
		mdg_md_say(&s, MDG_MSG_md_not_attached, NULL);
	struct mdg_md_mail m = {
		.to = p,
		.win = &w,
		.ticket = &t,
		.purpose = "approve",
		.draft_id = draft.id,
		.revision_id = row.id,
		.context = context,
		.text = mdg_buf_str(&s.out),
		.shown = s.shown,
		.mail = mdg_buf_span(&mail),
		.answers = answers,
		.links = {{MDG_MSG_md_link_approve, "承認"},
			  {MDG_MSG_md_link_return, "差し戻し "}},
	};
	bool ok = mdg_md_send(d, &m, err);
	mdg_buf_clear(&s.out);
	return ok;
}
