#include <stdlib.h>
#include <string.h>

#include "guard-int.h"
#include "madoguchi/app/reply.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/reply/lint.h"
#include "madoguchi/reply/template.h"
#include "madoguchi/store/st_mail.h"
#include "madoguchi/store/st_review.h"
#include "madoguchi/store/st_template.h"

void
mdg_check_digest(const struct mdg_draft *draft, unsigned char *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	const struct mdg_addresses *lists[] = {&draft->to, &draft->cc,
					       &draft->bcc};

	mdg_buf_printf(&b, "%s%c%s%c", draft->subject, 0, draft->body, 0);
	for (size_t l = 0; l < MDG_LEN(lists); l++) {
		for (size_t i = 0; i < lists[l]->n; i++)
			mdg_buf_printf(&b, "%s%c", lists[l]->v[i].address, 0);
		mdg_buf_putc(&b, '\1');
	}
	mdg_digest(mdg_buf_span(&b), out);
}

/* ---- the question ---- */

static unsigned
kind_flags(const char *category, int64_t apology, const char *next_state)
{
	static const char *const claims[] = {"苦情", "クレーム", "不具合",
					     "障害", "claim"};
	unsigned flags = 0;

	for (size_t i = 0; i < MDG_LEN(claims); i++)
		if (strstr(category, claims[i]))
			flags |= MDG_LINT_CLAIM;
	if (apology >= 3)
		flags |= MDG_LINT_CLAIM;
	if (mdg_streq(next_state, "working"))
		flags |= MDG_LINT_HOLD;
	return flags;
}

static bool
add_files(struct mdg_desk *d, int64_t draft, json_t *o, unsigned *flags,
	  struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	json_t *files = json_array();

	json_object_set_new(o, "files", files);
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT filename FROM upload WHERE draft_id = ?1"
			  " ORDER BY id",
			  "i", draft))
		return false;
	while (mdg_rows_next(r))
		json_array_append_new(files, json_string(mdg_rows_text(r, 0)));
	*flags |= json_array_size(files) ? MDG_LINT_ATTACHED
					 : MDG_LINT_NOT_ATTACHED;
	return mdg_rows_close(&r, err);
}

/* "company name(reading)", as much as is known */
static void
set_customer(json_t *o, struct mdg_arena *a, const char *name,
	     const char *company, const char *kana)
{
	const char *s = name;

	if (*company)
		s = *name ? mdg_arena_printf(a, "%s %s", company, name)
			  : company;
	if (*name && *kana)
		s = mdg_arena_printf(a, "%s(%s)", s, kana);
	if (*s)
		json_object_set_new(o, "customer", json_string(s));
}

static bool
add_facts(struct mdg_desk *d, const struct mdg_draft *draft, json_t *o,
	  struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	struct mdg_template_row row;
	struct mdg_template t = {.category = ""};
	unsigned flags;

	if (draft->template_id &&
	    mdg_template_newest(d->db, draft->template_id, &a, &row, err) ==
		    MDG_FOUND)
		mdg_template_parse(row.id, row.source, &a, &t, NULL);
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT COALESCE(c.name, ''), COALESCE(c.company,"
			  " ''), COALESCE(t.category, ''), COALESCE(c.kana,"
			  " '') FROM ticket t"
			  " LEFT JOIN customer c ON c.id = t.customer_id"
			  " WHERE t.id = ?1",
			  "i", draft->ticket_id))
		return false;
	flags = kind_flags(t.category, t.apology_level, draft->next_state);
	if (mdg_rows_next(r)) {
		set_customer(o, &a, mdg_rows_text(r, 0), mdg_rows_text(r, 1),
			     mdg_rows_text(r, 3));
		if (*mdg_rows_text(r, 0) && !*mdg_rows_text(r, 1))
			flags |= MDG_LINT_PERSON;
		flags |= kind_flags(mdg_rows_text(r, 2), 0, "");
	}
	if (!mdg_rows_close(&r, err) ||
	    !add_files(d, draft->id, o, &flags, err))
		return false;
	json_object_set_new(o, "flags", json_integer((json_int_t)flags));
	return true;
}

static bool
add_team(struct mdg_desk *d, int64_t win, json_t *o, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_team_rule *v;
	size_t n;
	json_t *team = json_pack("{s:[],s:[],s:[],s:[]}", "add", "off", "allow",
				 "block");

	json_object_set_new(o, "team", team);
	if (!mdg_team_rule_list(d->db, win, &a, &v, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		json_t *list = json_object_get(team, v[i].kind);
		if (!mdg_streq(v[i].kind, "add")) {
			json_array_append_new(list, json_string(v[i].subject));
			continue;
		}
		const char *id =
			mdg_arena_printf(&a, "team.%lld", (long long)v[i].id);
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", id,
					"pattern", v[i].subject, "severity",
					v[i].severity, "message", v[i].message,
					"suggestion", v[i].suggestion));
	}
	return true;
}

/* The whole reply as the customer would read it, not yet wrapped. */
static bool
whole(struct mdg_desk *d, const struct mdg_draft *draft, struct mdg_arena *a,
      struct mdg_reply_text *ret, const char **ret_text, struct mdg_err *err)
{
	struct mdg_letter l;
	struct mdg_win w;
	enum mdg_found f = mdg_win_by_id(d->db, draft->win_id, a, &w, err);

	if (f != MDG_FOUND)
		return f == MDG_NONE &&
		       mdg_fail(err, MDG_ENOENT, "draft %lld has no window",
				(long long)draft->id);
	if (!mdg_reply_letter(d, draft, &w, a, &l, err))
		return false;
	mdg_reply_join(draft, &l, a, ret);
	*ret_text = *l.signature ? mdg_arena_printf(a, "%s\n%s\n", ret->text,
						    l.signature)
				 : ret->text;
	return true;
}

char *
mdg_check_question(struct mdg_desk *d, const struct mdg_draft *draft,
		   struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_reply_text t;
	const char *text;
	char *out = NULL;

	if (!whole(d, draft, &a, &t, &text, err))
		return NULL;
	json_t *o = json_pack("{s:s,s:I}", "draft", text, "at",
			      (json_int_t)mdg_now_s());
	if (add_facts(d, draft, o, err) && add_team(d, draft->win_id, o, err))
		out = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return out;
}

/* ---- the answer ---- */

/* From a place in the whole reply to one in the body; false: not in it. */
static bool
to_body(const struct mdg_reply_text *t, json_int_t *at)
{
	size_t v = (size_t)*at;

	if (v <= t->head_n && t->head_n > 0)
		return true;
	if (v >= t->rest_at && v <= t->rest_at + t->rest_n) {
		*at = (json_int_t)(v - t->rest_at + t->rest_from);
		return true;
	}
	/* in what the window adds: shown where it is nearest */
	*at = (json_int_t)(v < t->rest_at ? t->rest_from
					  : t->rest_from + t->rest_n);
	return false;
}

/* A fix in what the window adds is not one of the draft. */
static void
place_fix(json_t *finding, const struct mdg_reply_text *t)
{
	const json_t *fix = json_object_get(finding, "fix");
	json_int_t start = json_integer_value(json_object_get(fix, "start"));
	json_int_t end = json_integer_value(json_object_get(fix, "end"));
	const char *text = json_string_value(json_object_get(fix, "text"));

	if (!fix)
		return;
	if (!to_body(t, &start) || !to_body(t, &end))
		json_object_del(finding, "fix");
	else
		json_object_set_new(finding, "fix",
				    json_pack("{s:I,s:I,s:s}", "start", start,
					      "end", end, "text", text));
}

static json_t *
placed(const json_t *finding, const struct mdg_reply_text *t)
{
	json_int_t start =
		json_integer_value(json_object_get(finding, "start"));
	json_int_t end = json_integer_value(json_object_get(finding, "end"));
	json_t *out;

	bool from = to_body(t, &start), to = to_body(t, &end);
	out = json_copy((json_t *)finding);
	if (!from || !to) {
		json_object_set_new(out, "window_text", json_true());
		end = start;
	}
	json_object_set_new(out, "start", json_integer(start));
	json_object_set_new(out, "end", json_integer(end));
	place_fix(out, t);
	return out;
}

static json_t *
unchecked(void)
{
	return mdg_guard_finding(MDG_GUARD_UNCHECKED,
				 mdg_guard_severity(MDG_GUARD_UNCHECKED), 0, 0,
				 MDG_MSG_guard_unchecked, "");
}

/* A warning of the guard that the window wants to block. */
static bool
block_guards(struct mdg_desk *d, int64_t win, json_t *findings,
	     struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_team_rule *v;
	size_t n, i;
	json_t *f;

	if (!mdg_team_rule_list(d->db, win, &a, &v, &n, err))
		return false;
	json_array_foreach (findings, i, f) {
		const char *rule =
			json_string_value(json_object_get(f, "rule"));
		for (size_t k = 0; rule && k < n; k++)
			if (mdg_streq(v[k].kind, "block") &&
			    mdg_streq(v[k].subject, rule))
				json_object_set_new(f, "severity",
						    json_string("error"));
	}
	return true;
}

bool
mdg_check_keep(struct mdg_desk *d, const struct mdg_draft *draft,
	       const json_t *answer, json_t **ret_findings, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const json_t *found = json_object_get(answer, "findings");
	unsigned char digest[MDG_DIGEST_BYTES];
	struct mdg_reply_text t;
	const char *text;
	json_t *list, *one;
	size_t i;

	if (!whole(d, draft, &a, &t, &text, err))
		return false;
	list = json_array();
	json_array_foreach (found, i, one)
		json_array_append_new(list, placed(one, &t));
	if (!answer)
		json_array_append_new(list, unchecked());
	if (!mdg_guard_find(d, draft, list, err) ||
	    !block_guards(d, draft->win_id, list, err)) {
		json_decref(list);
		return false;
	}
	MDG_AUTO(mdg_freep) char *dump = json_dumps(list, JSON_COMPACT);
	mdg_check_digest(draft, digest);
	if (!mdg_draft_check_put(d->db, draft->id, digest, dump, mdg_now_s(),
				 err)) {
		json_decref(list);
		return false;
	}
	*ret_findings = list;
	return true;
}

bool
mdg_check_kept(struct mdg_desk *d, const struct mdg_draft *draft,
	       json_t **ret_findings, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	unsigned char digest[MDG_DIGEST_BYTES];
	const char *text;

	*ret_findings = NULL;
	mdg_check_digest(draft, digest);
	enum mdg_found f =
		mdg_draft_check_get(d->db, draft->id, digest, &a, &text, err);
	if (f == MDG_FOUND)
		*ret_findings = json_loads(text, 0, NULL);
	return f != MDG_FAILED;
}

void
mdg_check_word(json_t *findings, enum mdg_lang lang)
{
	size_t i;
	json_t *f;

	json_array_foreach (findings, i, f)
		json_object_set(
			f, "message",
			json_object_get(json_object_get(f, "message"),
					lang == MDG_LANG_JA ? "ja" : "en"));
}

/* Six letters that change with what was looked at. */
static void
short_code(const struct mdg_buf *b, char out[MDG_CHECK_CODE_BYTES])
{
	unsigned char digest[MDG_DIGEST_BYTES];

	mdg_digest(mdg_buf_span(b), digest);
	snprintf(out, MDG_CHECK_CODE_BYTES, "%02x%02x%02x", digest[0],
		 digest[1], digest[2]);
}

void
mdg_check_code(const struct mdg_draft *draft, const json_t *findings,
	       char out[MDG_CHECK_CODE_BYTES])
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	unsigned char digest[MDG_DIGEST_BYTES];
	size_t i, n = 0;
	json_t *f;

	mdg_check_digest(draft, digest);
	mdg_buf_put(&b, digest, sizeof(digest));
	json_array_foreach (findings, i, f) {
		const char *rule =
			json_string_value(json_object_get(f, "rule"));
		const char *severity =
			json_string_value(json_object_get(f, "severity"));
		if (mdg_streq(severity ? severity : "", "info"))
			continue;
		mdg_buf_printf(&b, "%s %s %lld\n", severity, rule,
			       (long long)json_integer_value(
				       json_object_get(f, "start")));
		n++;
	}
	out[0] = '\0';
	if (n)
		short_code(&b, out);
}

/* ---- 送信確認 ---- */

static bool
people(struct mdg_desk *d, const struct mdg_draft *draft,
       const struct mdg_addresses *l, struct mdg_buf *code, json_t *ret,
       bool *ret_new, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	for (size_t i = 0; i < l->n; i++) {
		const char *key = mdg_addr_key(&a, l->v[i].address);
		bool known, ours;
		int64_t win;
		if (!mdg_participant_is(d->db, draft->ticket_id, key, &known,
					err))
			return false;
		enum mdg_found f = mdg_win_by_address(d->db, key, &win, err);
		if (f == MDG_FAILED)
			return false;
		ours = f == MDG_FOUND;
		*ret_new = *ret_new || (!known && !ours);
		mdg_buf_printf(code, "%s\n", key);
		json_array_append_new(
			ret, json_pack("{s:s,s:s,s:b,s:b}", "name",
				       l->v[i].name, "address", l->v[i].address,
				       "known", known, "ours", ours));
	}
	mdg_buf_puts(code, "\n");
	return true;
}

static bool
files(struct mdg_desk *d, int64_t draft, struct mdg_buf *code, json_t *ret,
      struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT filename, bytes, digest, id, media_type"
			  " FROM upload"
			  " WHERE draft_id = ?1 ORDER BY id",
			  "i", draft))
		return false;
	while (mdg_rows_next(r)) {
		struct mdg_span digest = mdg_rows_blob(r, 2);
		json_array_append_new(
			ret, json_pack("{s:s,s:I,s:I,s:s}", "filename",
				       mdg_rows_text(r, 0), "bytes",
				       (json_int_t)mdg_rows_i64(r, 1), "upload",
				       (json_int_t)mdg_rows_i64(r, 3),
				       "media_type", mdg_rows_text(r, 4)));
		mdg_buf_put(code, digest.p, digest.n);
	}
	return mdg_rows_close(&r, err);
}

bool
mdg_check_confirm(struct mdg_desk *d, const struct mdg_draft *draft,
		  json_t **ret, bool *ret_new_people, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	char code[MDG_CHECK_CODE_BYTES];
	json_t *o =
		json_pack("{s:[],s:[],s:[],s:[]}", "to", "cc", "bcc", "files");

	*ret_new_people = false;
	if (!people(d, draft, &draft->to, &b, json_object_get(o, "to"),
		    ret_new_people, err) ||
	    !people(d, draft, &draft->cc, &b, json_object_get(o, "cc"),
		    ret_new_people, err) ||
	    !people(d, draft, &draft->bcc, &b, json_object_get(o, "bcc"),
		    ret_new_people, err) ||
	    !files(d, draft->id, &b, json_object_get(o, "files"), err)) {
		json_decref(o);
		return false;
	}
	short_code(&b, code);
	json_object_set_new(o, "code", json_string(code));
	*ret = o;
	return true;
}
