/* 誤送信防止: what only the desk knows of a reply that is about to go out. */
#include <string.h>

#include "guard-int.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/store/search.h"
#include "madoguchi/store/st_mail.h"
#include "madoguchi/store/st_upload.h"
#include "madoguchi/text/fold.h"
#include "madoguchi/text/terms.h"

enum {
	HOLDERS_MAX = 20, /* mails looked at that hold a number */
	NUMBER_DIGITS_MIN = 5,
	NUMBER_BYTES_MAX = 40,
};

void
mdg_guard_emit(struct guard *g, enum mdg_guard_rule rule, size_t start,
	       size_t end, enum mdg_msg msg, const char *arg)
{
	mdg_guard_emit_as(g, rule, mdg_guard_severity(rule), start, end, msg,
			  arg);
}

void
mdg_guard_emit_as(struct guard *g, enum mdg_guard_rule rule,
		  const char *severity, size_t start, size_t end,
		  enum mdg_msg msg, const char *arg)
{
	json_array_append_new(
		g->findings,
		mdg_guard_finding(rule, severity, start, end, msg, arg));
}

static bool
read_ticket(struct guard *g, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(g->desk->db, &r, err,
			  "SELECT t.customer_id, CASE"
			  " WHEN t.newest_message_id >"
			  " COALESCE(d.seen_message_id, 0) THEN 1 ELSE 0 END"
			  " FROM ticket t JOIN draft d ON d.id = ?2"
			  " WHERE t.id = ?1",
			  "ii", g->draft->ticket_id, g->draft->id))
		return false;
	if (mdg_rows_next(r)) {
		g->customer_id = mdg_rows_i64(r, 0);
		g->is_stale = mdg_rows_i64(r, 1) != 0;
	}
	return mdg_rows_close(&r, err);
}

/* *ret: the address is another customer's, and nobody's of this ticket. */
static bool
is_others(struct guard *g, const char *address, bool *ret, struct mdg_err *err)
{
	const char *key = mdg_addr_key(&g->arena, address);
	int64_t owner;
	bool known;

	*ret = false;
	enum mdg_found f = mdg_db_i64(
		g->desk->db, &owner, err,
		"SELECT customer_id FROM customer_address WHERE key = ?1", "s",
		key);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (owner == g->customer_id)
		return true;
	if (!mdg_participant_is(g->desk->db, g->draft->ticket_id, key, &known,
				err))
		return false;
	*ret = !known;
	return true;
}

/* ---- addresses in the text ---- */

static bool
is_address_char(unsigned char c)
{
	return (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '.' ||
	       c == '_' || c == '-' || c == '+';
}

static bool
addresses_in_text(struct guard *g, struct mdg_err *err)
{
	const char *s = g->draft->body;
	size_t n = strlen(s), found = 0;

	for (size_t i = 0; i < n && found < MDG_GUARD_FOUND_MAX; i++) {
		size_t from = i, to = i + 1;
		bool others;
		if (s[i] != '@')
			continue;
		while (from > 0 && is_address_char((unsigned char)s[from - 1]))
			from--;
		while (to < n && is_address_char((unsigned char)s[to]))
			to++;
		while (to > i && s[to - 1] == '.')
			to--;
		if (from == i || to == i + 1)
			continue;
		const char *a =
			mdg_arena_strndup(&g->arena, s + from, to - from);
		if (!is_others(g, a, &others, err))
			return false;
		if (others) {
			size_t start = mdg_utf8_len(s, from);
			mdg_guard_emit(g, MDG_GUARD_OTHER_ADDRESS, start,
				       start + (to - from),
				       MDG_MSG_guard_other_address, a);
			found++;
		}
		i = to;
	}
	return true;
}

/* ---- numbers in the text ---- */

/* The customer who wrote the mail, if it says what is looked for; else 0. */
static bool
read_holder(struct guard *g, int64_t message, const struct guard_search *s,
	    int64_t *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret = 0;
	if (!mdg_db_query(g->desk->db, &r, err,
			  "SELECT COALESCE(t.customer_id, 0), m.text,"
			  " COALESCE(m.reply, m.text)"
			  " FROM message m JOIN ticket t ON t.id = m.ticket_id"
			  " WHERE m.id = ?1 AND m.direction = 'in'",
			  "i", message))
		return false;
	if (mdg_rows_next(r) &&
	    (!s->says ||
	     s->says(mdg_rows_text(r, s->newly_written ? 2 : 1), s->arg)))
		*ret = mdg_rows_i64(r, 0);
	return mdg_rows_close(&r, err);
}

bool
mdg_guard_is_others(struct guard *g, const struct guard_search *s, bool *ret,
		    struct mdg_err *err)
{
	int64_t *ids = mdg_arena_array(&g->arena, s->max, sizeof(*ids));
	const size_t everybody = s->everybody ? s->everybody : 2;
	int64_t *others =
		mdg_arena_array(&g->arena, everybody, sizeof(*others));
	size_t n, others_n = 0;

	*ret = false;
	for (size_t k = 0; k < MDG_LEN(s->phrases); k++) {
		const struct mdg_search_phrase p = {s->phrases[k], false};
		if (!*s->phrases[k])
			continue;
		if (!mdg_search_query(g->desk->db, &p, 1, 0, s->max, ids, &n,
				      err))
			return false;
		for (size_t i = 0; i < n; i++) {
			int64_t holder;
			if (!read_holder(g, ids[i], s, &holder, err))
				return false;
			bool again = holder == 0;
			for (size_t o = 0; o < others_n; o++)
				again = again || others[o] == holder;
			if (again)
				continue;
			/* theirs too, or everybody's */
			if (holder == g->customer_id ||
			    others_n + 1 == everybody) {
				*ret = false;
				return true;
			}
			others[others_n++] = holder;
			*ret = true;
		}
	}
	return true;
}

/* A number that was written by one other customer, and never by this one? */
static bool
is_others_number(struct guard *g, const char *number, bool *ret,
		 struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf terms = {0};

	mdg_terms_doc(number, strlen(number), &terms);
	const char *first = mdg_buf_str(&terms);
	const struct guard_search s = {
		.phrases = {mdg_arena_strndup(&g->arena, first,
					      strcspn(first, " ")),
			    ""},
		.max = HOLDERS_MAX,
	};
	return mdg_guard_is_others(g, &s, ret, err);
}

static bool
is_number_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '-';
}

/* Does s end with one of the words that a postal code stands behind? */
static bool
is_postal(const char *s, size_t from)
{
	static const char *const marks[] = {"〒", "郵便番号"};

	while (from > 0 && (s[from - 1] == ' ' || s[from - 1] == ':'))
		from--;
	for (size_t i = 0; i < MDG_LEN(marks); i++) {
		size_t n = strlen(marks[i]);
		if (from >= n && memcmp(s + from - n, marks[i], n) == 0)
			return true;
	}
	return false;
}

/* An order, customer or slip number: no amount, date, time, URL or place. */
static bool
is_likely(const char *s, size_t n, size_t from, size_t to)
{
	size_t digits = 0;

	for (size_t i = from; i < to; i++)
		digits += s[i] >= '0' && s[i] <= '9';
	if (digits < NUMBER_DIGITS_MIN || to - from > NUMBER_BYTES_MAX)
		return false;
	if (is_postal(s, from))
		return false;
	if (to < n && (s[to] == '/' || s[to] == '.' || s[to] == '@' ||
		       s[to] == ',' || s[to] == '_'))
		return false;
	if (from > 0 &&
	    (s[from - 1] == '/' || s[from - 1] == '.' || s[from - 1] == '@' ||
	     s[from - 1] == ',' || s[from - 1] == '_' || s[from - 1] == '='))
		return false;
	return !(n - to >= 3 && memcmp(s + to, "円", 3) == 0);
}

/* The window's own words: customers quote them too. */
static bool
read_own_words(struct guard *g, struct mdg_err *err)
{
	struct mdg_win w;

	g->own = "";
	if (!g->draft->win_id)
		return true;
	if (mdg_win_by_id(g->desk->db, g->draft->win_id, &g->arena, &w, err) !=
	    MDG_FOUND)
		return false;
	g->own = mdg_arena_printf(&g->arena, "%s\n%s\n%s\n%s\n%s\n%s",
				  w.greeting, w.closing, w.signature,
				  w.greeting_en, w.closing_en, w.signature_en);
	return true;
}

/* Is it said to be the number of a ticket? */
static bool
is_called_ticket(const char *s, size_t from)
{
	enum { REACH_BYTES = 30 };
	static const char *const words[] = {"受付番号", "受付no", "合わせ番号",
					    "合せ番号", "icket",  "[#",
					    "eference"};
	const size_t n = from < REACH_BYTES ? from : REACH_BYTES;

	for (size_t i = 0; i < MDG_LEN(words); i++)
		if (memmem(s + from - n, n, words[i], strlen(words[i])))
			return true;
	return false;
}

/* *ret: a ticket of that number is there, and not this customer's. */
static bool
is_others_ticket(struct guard *g, const char *number, bool *ret,
		 struct mdg_err *err)
{
	int64_t n, customer;

	*ret = false;
	if (!mdg_str_i64(number, 1, INT64_MAX, &n))
		return true;
	enum mdg_found f = mdg_db_i64(
		g->desk->db, &customer, err,
		"SELECT COALESCE(customer_id, 0) FROM ticket WHERE number = ?1",
		"i", n);
	*ret = f == MDG_FOUND && customer && customer != g->customer_id;
	return f != MDG_FAILED;
}

/* Is the number at [from, to) of the folded text another customer's? */
static bool
judge_number(struct guard *g, const struct mdg_buf *folded, size_t from,
	     size_t to, bool phone, bool in_file, bool *ret,
	     struct mdg_err *err)
{
	const char *s = mdg_buf_str(folded);
	const char *number = mdg_arena_strndup(&g->arena, s + from, to - from);

	*ret = false;
	if (phone)
		return mdg_guard_phone_is_others(g, number, ret, err);
	if (!is_likely(s, folded->len, from, to) || strstr(g->own, number))
		return true;
	if ((in_file || is_called_ticket(s, from)) &&
	    (!is_others_ticket(g, number, ret, err) || *ret))
		return *ret;
	return is_others_number(g, number, ret, err);
}

/* text: the body or, in_file, the name of a file, which has no places. */
static bool
numbers_in(struct guard *g, const char *text, bool in_file, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	MDG_AUTO(mdg_freep) uint32_t *at = NULL;
	size_t found = 0;

	mdg_fold_mapped(&folded, &at, text, strlen(text), MDG_FOLD_SIGNS);
	const char *s = mdg_buf_str(&folded);
	for (size_t i = 0; i < folded.len && found < MDG_GUARD_FOUND_MAX; i++) {
		size_t to = i + mdg_guard_phone_len(s, folded.len, i);
		bool phone = to > i, others;
		while (!phone && to < folded.len && is_number_char(s[to]))
			to++;
		if (to == i)
			continue;
		if (!judge_number(g, &folded, i, to, phone, in_file, &others,
				  err))
			return false;
		if (others) {
			mdg_guard_emit(
				g, MDG_GUARD_OTHER_NUMBER, in_file ? 0 : at[i],
				in_file ? 0 : at[to],
				MDG_MSG_guard_other_number,
				mdg_arena_strndup(&g->arena, s + i, to - i));
			found++;
		}
		i = to - phone;
	}
	return true;
}

/* The names of the files: what parts words there is no part of a number. */
static bool
numbers_in_files(struct guard *g, struct mdg_err *err)
{
	struct mdg_upload *v;
	size_t n;

	if (!mdg_upload_list(g->desk->db, g->draft->id, &g->arena, &v, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		char *name = mdg_arena_strdup(&g->arena, v[i].filename);
		for (char *p = name; *p; p++)
			if (strchr("_.()[]", *p))
				*p = ' ';
		if (!numbers_in(g, name, true, err))
			return false;
	}
	return true;
}

/* ---- recipients ---- */

/* shop-no-reply@, No.Reply@, do_not_reply+3@ … */
static bool
is_no_reply(struct mdg_arena *a, const char *address)
{
	static const char *const anywhere[] = {
		"noreply",    "noreplies",       "donotreply",   "dontreply",
		"noresponse", "unmonitored",     "mailerdaemon", "sendonly",
		"replynot",   "notificationonly"};
	static const char *const first[] = {"bounce", "postmaster"};
	size_t n = strcspn(address, "@"), k = 0;
	char *bare = mdg_arena_alloc(a, n + 1);

	for (size_t i = 0; i < n; i++)
		if (!strchr("-_.", address[i]))
			bare[k++] =
				(char)(address[i] >= 'A' && address[i] <= 'Z'
					       ? address[i] | 0x20
					       : address[i]);
	bare[k] = '\0';
	for (size_t i = 0; i < MDG_LEN(anywhere); i++)
		if (strstr(bare, anywhere[i]))
			return true;
	for (size_t i = 0; i < MDG_LEN(first); i++) {
		size_t len = strlen(first[i]);
		if (strncasecmp(address, first[i], len) == 0 &&
		    strchr("@-_.+s", address[len]))
			return true;
	}
	return false;
}

static bool
recipients(struct guard *g, const struct mdg_addresses *l, struct mdg_err *err)
{
	for (size_t i = 0; i < l->n; i++) {
		const char *address = l->v[i].address;
		const char *key = mdg_addr_key(&g->arena, address);
		bool known, others;
		int64_t win;
		if (is_no_reply(&g->arena, address))
			mdg_guard_emit(g, MDG_GUARD_NO_REPLY, 0, 0,
				       MDG_MSG_guard_no_reply, address);
		if (!is_others(g, address, &others, err) ||
		    !mdg_participant_is(g->desk->db, g->draft->ticket_id, key,
					&known, err))
			return false;
		enum mdg_found f =
			mdg_win_by_address(g->desk->db, key, &win, err);
		if (f == MDG_FAILED)
			return false;
		if (others)
			mdg_guard_emit(g, MDG_GUARD_OTHER_RECIPIENT, 0, 0,
				       MDG_MSG_guard_other_recipient, address);
		else if (!known && f == MDG_NONE)
			mdg_guard_emit(g, MDG_GUARD_NEW_RECIPIENT, 0, 0,
				       MDG_MSG_guard_new_recipient, address);
	}
	return true;
}

/* ---- files, and what came meanwhile ---- */

/* A file that another customer sent, or that was sent to another. */
static bool
others_files(struct guard *g, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(g->desk->db, &r, err,
			  "SELECT u.filename FROM upload u"
			  " WHERE u.draft_id = ?1"
			  " AND EXISTS (SELECT 1 FROM attachment a"
			  "  JOIN message m ON m.id = a.message_id"
			  "  JOIN ticket t ON t.id = m.ticket_id"
			  "  WHERE a.digest = u.digest"
			  "  AND t.customer_id <> ?2 AND m.direction = 'in')"
			  " AND NOT EXISTS (SELECT 1 FROM attachment a"
			  "  JOIN message m ON m.id = a.message_id"
			  "  JOIN ticket t ON t.id = m.ticket_id"
			  "  WHERE a.digest = u.digest"
			  "  AND t.customer_id = ?2) ORDER BY u.id",
			  "ii", g->draft->id, g->customer_id))
		return false;
	while (mdg_rows_next(r))
		mdg_guard_emit(g, MDG_GUARD_OTHER_FILE, 0, 0,
			       MDG_MSG_guard_other_file, mdg_rows_text(r, 0));
	return mdg_rows_close(&r, err);
}

bool
mdg_guard_find(struct mdg_desk *d, const struct mdg_draft *draft,
	       json_t *findings, struct mdg_err *err)
{
	struct guard g = {.desk = d, .draft = draft, .findings = findings};
	bool ok = read_ticket(&g, err) && recipients(&g, &draft->to, err) &&
		  recipients(&g, &draft->cc, err) &&
		  recipients(&g, &draft->bcc, err) &&
		  addresses_in_text(&g, err) && read_own_words(&g, err) &&
		  numbers_in(&g, draft->body, false, err) &&
		  numbers_in_files(&g, err) && mdg_guard_places(&g, err) &&
		  mdg_guard_quotes(&g, err) && mdg_guard_names(&g, err) &&
		  mdg_guard_spare(&g, err) && others_files(&g, err);

	if (ok && g.is_stale)
		mdg_guard_emit(&g, MDG_GUARD_STALE, 0, 0, MDG_MSG_guard_stale,
			       "");
	mdg_arena_clear(&g.arena);
	return ok;
}
