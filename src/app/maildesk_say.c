/* What the desk's mails are written of. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/app/reply.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/hours.h"
#include "madoguchi/query/query.h"
#include "maildesk-int.h"

enum { ARGS_MAX = 9, HISTORY_MAX = 4, HISTORY_CHARS = 60, MAIL_BYTES = 16000 };

static const char *
formatted(struct mdg_md_say *s, enum mdg_msg id, va_list ap)
{
	char text[MDG_ERR_TEXT_MAX * 2];
	const char *args[ARGS_MAX], *arg;
	size_t n = 0;

	while (n < ARGS_MAX && (arg = va_arg(ap, const char *)))
		args[n++] = arg;
	return mdg_arena_strdup(
		s->a, mdg_msg_format(s->lang, id, n, args, text, sizeof(text)));
}

const char *
mdg_md_text(struct mdg_md_say *s, enum mdg_msg id, ...)
{
	va_list ap;

	va_start(ap, id);
	const char *text = formatted(s, id, ap);
	va_end(ap);
	return text;
}

void
mdg_md_say(struct mdg_md_say *s, enum mdg_msg id, ...)
{
	va_list ap;

	va_start(ap, id);
	mdg_md_puts(s, formatted(s, id, ap));
	va_end(ap);
}

void
mdg_md_puts(struct mdg_md_say *s, const char *text)
{
	size_t n = strlen(text);

	mdg_buf_put(&s->out, text, n);
	if (!n || text[n - 1] != '\n')
		mdg_buf_putc(&s->out, '\n');
}

void
mdg_md_blank(struct mdg_md_say *s)
{
	if (s->out.len && !mdg_str_ends(mdg_buf_str(&s->out), "\n\n"))
		mdg_buf_putc(&s->out, '\n');
}

const char *
mdg_md_number(struct mdg_md_say *s, int64_t n)
{
	return mdg_arena_printf(s->a, "%" PRId64, n);
}

const char *
mdg_md_time(struct mdg_md_say *s, int64_t at_s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf day = {0};
	char text[40];

	if (!s->cal) {
		mdg_time_rfc3339(at_s, text, sizeof(text));
		return mdg_arena_strdup(s->a, text);
	}
	mdg_calendar_rfc3339(s->cal, at_s, text, sizeof(text));
	if (s->lang == MDG_LANG_JA)
		mdg_day_words(s->cal, at_s, MDG_LANG_JA, &day);
	else
		mdg_buf_put(&day, text, 10);
	return mdg_arena_printf(s->a, "%s %.5s", mdg_buf_str(&day), text + 11);
}

const char *
mdg_md_deadline(struct mdg_md_say *s, int64_t due_s)
{
	int64_t left_s = due_s - s->now_s;
	char span[80];

	if (!due_s)
		return mdg_md_text(s, MDG_MSG_md_no_due, NULL);
	mdg_msg_duration(s->lang, left_s, span, sizeof(span));
	return mdg_md_text(s, left_s < 0 ? MDG_MSG_md_late : MDG_MSG_md_left,
			   mdg_md_time(s, due_s), span, NULL);
}

void
mdg_md_block(struct mdg_md_say *s, const char *mark, const char *text,
	     size_t max)
{
	size_t n = strlen(text), keep = mdg_utf8_cut(text, n, max);

	for (const char *p = text; p < text + keep;) {
		size_t k = strcspn(p, "\n");
		if (p + k > text + keep)
			k = (size_t)(text + keep - p);
		mdg_buf_puts(&s->out, mark);
		mdg_buf_put(&s->out, p, k);
		mdg_buf_putc(&s->out, '\n');
		p += k + 1;
	}
	if (keep < n)
		mdg_md_say(s, MDG_MSG_md_cut, NULL);
}

static const char *
text_of(const json_t *o, const char *key)
{
	const char *v = json_string_value(json_object_get(o, key));

	return v ? v : "";
}

void
mdg_md_findings(struct mdg_md_say *s, const json_t *findings)
{
	size_t i;
	json_t *f;

	if (!json_array_size(findings))
		mdg_md_say(s, MDG_MSG_md_no_findings, NULL);
	json_array_foreach (findings, i, f) {
		const char *severity = text_of(f, "severity");
		enum mdg_msg id =
			mdg_streq(severity, "error")  ? MDG_MSG_md_finding_error
			: mdg_streq(severity, "warn") ? MDG_MSG_md_finding_warn
						      : MDG_MSG_md_finding_info;
		mdg_md_say(s, id, text_of(f, "message"), NULL);
	}
}

/* ---- the customer ---- */

/* Is it one of the first n mails? */
static bool
is_one_of(const json_t *mails, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (json_integer_value(json_object_get(json_array_get(mails, i),
						       "id")) == id)
			return true;
	return false;
}

/* What is not among the first n mails, which were shown. */
static bool
before(struct mdg_md_say *s, const struct mdg_ticket *t, const json_t *mails,
       size_t n, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	int told = 0;

	if (!mdg_db_query(s->d->db, &r, err,
			  "SELECT direction, received_s, COALESCE(reply, text),"
			  " id FROM message WHERE ticket_id = ?1"
			  " AND class = 'ordinary'"
			  " ORDER BY received_s DESC, id DESC LIMIT ?2",
			  "ii", t->id, (int64_t)(HISTORY_MAX + n)))
		return false;
	while (mdg_rows_next(r)) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf one = {0};
		const char *text = mdg_rows_text(r, 2);
		if (told == HISTORY_MAX ||
		    is_one_of(mails, n, mdg_rows_i64(r, 3)))
			continue;
		mdg_utf8_clean(
			&one, text,
			mdg_utf8_offset(text, strlen(text), HISTORY_CHARS),
			true);
		if (told++ == 0)
			mdg_md_say(s, MDG_MSG_md_before, NULL);
		mdg_md_say(s,
			   mdg_streq(mdg_rows_text(r, 0), "out")
				   ? MDG_MSG_md_before_out
				   : MDG_MSG_md_before_in,
			   mdg_md_time(s, mdg_rows_i64(r, 1)),
			   mdg_buf_str(&one), NULL);
	}
	if (told)
		mdg_md_blank(s);
	return mdg_rows_close(&r, err);
}

bool
mdg_md_customer(struct mdg_md_say *s, const struct mdg_ticket *t,
		struct mdg_err *err)
{
	json_t *mails = json_array(), *m;
	bool ok = mdg_query_answered(s->d->db, t, mails, err);
	size_t i;

	json_array_foreach (mails, i, m) {
		int64_t files =
			json_integer_value(json_object_get(m, "attachments"));
		if (mdg_streq(text_of(m, "direction"), "out"))
			break;
		mdg_md_say(s, MDG_MSG_md_customer, text_of(m, "from_name"),
			   text_of(m, "from_address"),
			   mdg_md_time(s, json_integer_value(json_object_get(
						  m, "received_s"))),
			   NULL);
		if (files)
			mdg_md_say(s, MDG_MSG_md_customer_files,
				   mdg_md_number(s, files), NULL);
		mdg_md_block(s, "│ ", text_of(m, "text"), MAIL_BYTES);
		mdg_md_blank(s);
	}
	ok = ok && before(s, t, mails, i, err);
	json_decref(mails);
	return ok;
}

/* ---- a draft ---- */

static void
people(struct mdg_md_say *s, enum mdg_msg id, const struct mdg_addresses *l)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	for (size_t i = 0; i < l->n; i++)
		mdg_buf_printf(&b, "%s%s%s<%s>", i ? ", " : "", l->v[i].name,
			       *l->v[i].name ? " " : "", l->v[i].address);
	if (l->n)
		mdg_md_say(s, id, mdg_buf_str(&b), NULL);
}

bool
mdg_md_draft(struct mdg_md_say *s, const struct mdg_draft *draft,
	     const struct mdg_win *w, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	struct mdg_letter letter;

	if (!mdg_reply_letter(s->d, draft, w, s->a, &letter, err))
		return false;
	people(s, MDG_MSG_md_to, &draft->to);
	people(s, MDG_MSG_md_cc, &draft->cc);
	people(s, MDG_MSG_md_bcc, &draft->bcc);
	mdg_md_say(s, MDG_MSG_md_subject, draft->subject, NULL);
	if (!mdg_db_query(s->d->db, &r, err,
			  "SELECT filename, bytes FROM upload"
			  " WHERE draft_id = ?1 AND digest IS NOT NULL"
			  " ORDER BY id",
			  "i", draft->id))
		return false;
	while (mdg_rows_next(r))
		mdg_md_say(s, MDG_MSG_md_file, mdg_rows_text(r, 0),
			   mdg_md_number(s, (mdg_rows_i64(r, 1) + 1023) / 1024),
			   NULL);
	mdg_md_puts(s, "----------------------------------------");
	s->shown = mdg_reply_final_text(draft, &letter, s->a);
	mdg_md_puts(s, s->shown);
	mdg_md_puts(s, "----------------------------------------");
	return mdg_rows_close(&r, err);
}

bool
mdg_md_calendar(struct mdg_desk *d, const struct mdg_win *w,
		const struct mdg_calendar **ret, struct mdg_err *err)
{
	int64_t id;
	enum mdg_found f = mdg_versioned_newest(d->db, MDG_CALENDAR,
						w->calendar, &id, err);

	*ret = NULL;
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	*ret = mdg_desk_calendar(d, id, err);
	return *ret != NULL;
}
