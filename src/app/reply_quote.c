/* What of the customer's mail stands below a reply. */
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/language.h"
#include "madoguchi/text/width.h"

#include "reply-int.h"

enum { LINES_MAX = 99999 };

struct answered {
	const char *name, *address, *text;
	int64_t date_s;
};

static bool
read_answered(struct mdg_desk *d, int64_t message, bool whole,
	      struct mdg_arena *a, struct answered *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret = (struct answered){.text = ""};
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT from_name, from_address,"
			  " COALESCE(date_s, received_s), text,"
			  " COALESCE(reply, text) FROM message WHERE id = ?1",
			  "i", message))
		return false;
	if (mdg_rows_next(r))
		*ret = (struct answered){
			mdg_arena_strdup(a, mdg_rows_text(r, 0)),
			mdg_arena_strdup(a, mdg_rows_text(r, 1)),
			mdg_arena_strdup(a, mdg_rows_text(r, whole ? 3 : 4)),
			mdg_rows_i64(r, 2)};
	return mdg_rows_close(&r, err);
}

/* "3-7", "3": from 1. */
static bool
read_range(const char *s, int64_t *from, int64_t *to)
{
	char first[8];
	size_t n = strcspn(s, "-");

	if (n == 0 || n >= sizeof(first))
		return false;
	memcpy(first, s, n);
	first[n] = '\0';
	if (!mdg_str_i64(first, 1, LINES_MAX, from))
		return false;
	*to = *from;
	return !s[n] ||
	       (mdg_str_i64(s + n + 1, 1, LINES_MAX, to) && *to >= *from);
}

static const char *
lines_of(const char *text, int64_t from, int64_t to, struct mdg_arena *a)
{
	const char *start = NULL;
	int64_t n = 1;

	for (const char *p = text; *p; n++) {
		if (n == from)
			start = p;
		p += strcspn(p, "\n");
		p += *p == '\n';
		if (start && (n == to || !*p))
			return mdg_arena_strndup(a, start, (size_t)(p - start));
	}
	return "";
}

/* As mail programs write it, so that ours finds it again (mail/quote.h). */
static bool
put_head(struct mdg_desk *d, int64_t ticket, const struct answered *m, bool en,
	 struct mdg_buf *out, struct mdg_err *err)
{
	static const char *const days[] = {"日", "月", "火", "水",
					   "木", "金", "土"};
	static const char *const en_days[] = {"Sun", "Mon", "Tue", "Wed",
					      "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr",
					     "May", "Jun", "Jul", "Aug",
					     "Sep", "Oct", "Nov", "Dec"};
	enum { DAY_MIN = 1440, THURSDAY = 4 };
	int y, mon, day, zone;

	if (!mdg_reply_zone(d, ticket, m->date_s, &zone, err))
		return false;
	int64_t min = m->date_s / 60 + zone, days_n = min / DAY_MIN;
	int at = (int)(min % DAY_MIN), wd = (int)((days_n + THURSDAY) % 7);
	mdg_civil_from_days(days_n, &y, &mon, &day);
	if (en)
		mdg_buf_printf(out, "On %s, %d %s %d at %02d:%02d, ",
			       en_days[wd], day, months[mon - 1], y, at / 60,
			       at % 60);
	else
		mdg_buf_printf(out, "%d年%d月%d日(%s) %02d:%02d ", y, mon, day,
			       days[wd], at / 60, at % 60);
	mdg_buf_printf(out, "%s%s<%s>%s\n", m->name, *m->name ? " " : "",
		       m->address, en ? " wrote:" : ":");
	return true;
}

/* Each line behind ">", wrapped like the rest; bounded. */
static void
put_quoted(const char *text, size_t columns, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t n = strlen(text);
	bool cut = n > MDG_QUOTE_BYTES_MAX;

	if (cut)
		n = mdg_utf8_cut(text, n, MDG_QUOTE_BYTES_MAX);
	while (n && (text[n - 1] == '\n' || text[n - 1] == ' '))
		n--;
	mdg_text_wrap(text, n, columns - 2, &b);
	for (const char *p = mdg_buf_str(&b); *p;) {
		size_t len = strcspn(p, "\n");
		mdg_buf_printf(out, ">%s%.*s\n", len && *p != '>' ? " " : "",
			       (int)len, p);
		p += len + (p[len] == '\n');
	}
	if (cut)
		mdg_buf_puts(out, "> …\n");
}

bool
mdg_reply_quote(struct mdg_desk *d, const struct mdg_draft *draft,
		const struct mdg_ticket *t, const struct mdg_win *w,
		const char *choice, struct mdg_arena *a, const char **ret,
		struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	bool whole = mdg_streq(choice, "whole");
	struct answered m;
	int64_t from = 1, to = LINES_MAX;

	*ret = "";
	if (!whole && !mdg_streq(choice, "part") &&
	    !mdg_streq(choice, "none") && !read_range(choice, &from, &to))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_quote_unknown,
				    choice, NULL);
	if (mdg_streq(choice, "none") || !t->newest_message_id)
		return true;
	if (!read_answered(d, t->newest_message_id, whole, a, &m, err))
		return false;
	const char *text = lines_of(m.text, from, to, a);
	if (strspn(text, " \n") == strlen(text))
		return true;
	bool en = mdg_text_language(draft->body, strlen(draft->body)) ==
		  MDG_TEXT_LATIN;
	if (!put_head(d, t->id, &m, en, &out, err))
		return false;
	put_quoted(text, (size_t)w->columns, &out);
	*ret = mdg_arena_strdup(a, mdg_buf_str(&out));
	return true;
}
