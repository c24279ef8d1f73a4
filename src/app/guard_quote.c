/*
 * 誤送信防止: what is quoted or pasted out of another customer's mail, and whom
 * the customer named: a person whose name this customer wrote is no stranger.
 */
#include <string.h>

#include "guard-int.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"
#include "madoguchi/text/terms.h"

enum {
	SENTENCES_MAX = 40, /* looked at in a draft */
	QUOTED_CHARS_MIN = 12,
	PASTED_CHARS_MIN = 28,
	TERMS_MAX = 10, /* of a sentence that are searched for */
	HOLDERS_MAX = 10,
	SHOWN_CHARS = 20,
	MAILS_MAX = 50, /* of a ticket that are looked at for names */
	FOLDS = MDG_FOLD_NAME | MDG_FOLD_KANA,
};

static bool
holds_sentence(const char *text, const void *arg)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_fold(&b, text, strlen(text), FOLDS);
	return strstr(mdg_buf_str(&b), arg);
}

/* What many write word for word. */
static bool
is_set_phrase(const char *s)
{
	static const char *const words[] = {
		"よろしく",       "宜しく",
		"お世話になって", "ありがとうございま",
		"恐れ入ります",   "お忙しい",
		"thank",          "regards"};

	for (size_t i = 0; i < MDG_LEN(words); i++)
		if (strstr(s, words[i]))
			return true;
	return false;
}

/* The first terms of a sentence, as one phrase. */
static const char *
phrase_of(struct guard *g, const char *s, size_t n)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf terms = {0};
	size_t k = 0, end = 0;

	mdg_terms_doc(s, n, &terms);
	const char *t = mdg_buf_str(&terms);
	while (t[end] && k < TERMS_MAX) {
		end += strcspn(t + end, " ");
		if (++k < TERMS_MAX && t[end])
			end++;
	}
	while (end > 0 && t[end - 1] == ' ')
		end--;
	return mdg_arena_strndup(&g->arena, t, end);
}

static bool
judge_sentence(struct guard *g, const char *s, size_t n, bool quoted,
	       struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	const char *body = g->draft->body;
	bool others;

	mdg_fold(&folded, s, n, FOLDS);
	const size_t chars = mdg_utf8_len(mdg_buf_str(&folded), folded.len);
	if (chars < (quoted ? QUOTED_CHARS_MIN : PASTED_CHARS_MIN) ||
	    is_set_phrase(mdg_buf_str(&folded)))
		return true;
	const struct guard_search search = {
		.phrases = {phrase_of(g, s, n), ""},
		.max = HOLDERS_MAX,
		.says = holds_sentence,
		.newly_written = true,
		.arg = mdg_buf_str(&folded),
	};
	if (!mdg_guard_is_others(g, &search, &others, err))
		return false;
	if (others) {
		const size_t at = mdg_utf8_len(body, (size_t)(s - body));
		const size_t len = mdg_utf8_len(s, n);
		mdg_guard_emit(
			g, MDG_GUARD_OTHER_QUOTE, at, at + len,
			MDG_MSG_guard_other_quote,
			len > SHOWN_CHARS
				? mdg_arena_printf(&g->arena, "%.*s…",
						   (int)mdg_utf8_offset(
							   s, n, SHOWN_CHARS),
						   s)
				: mdg_arena_strndup(&g->arena, s, n));
	}
	return true;
}

bool
mdg_guard_quotes(struct guard *g, struct mdg_err *err)
{
	static const char stop[] = "。";
	const char *s = g->draft->body;
	size_t looked = 0;

	while (*s && looked < SENTENCES_MAX) {
		const size_t line = strcspn(s, "\n");
		const size_t marks = strspn(s, "> ");
		const bool quoted = memchr(s, '>', marks);
		for (size_t i = marks; i < line && looked < SENTENCES_MAX;
		     looked++) {
			const char *end =
				memmem(s + i, line - i, stop, sizeof(stop) - 1);
			size_t n = end ? (size_t)(end - s) - i : line - i;
			if (!judge_sentence(g, s + i, n, quoted, err))
				return false;
			i += n + (end ? sizeof(stop) - 1 : 0);
		}
		s += line + (s[line] != '\0');
	}
	return true;
}

/* ---- names ---- */

bool
mdg_guard_inbound(struct guard *g, unsigned folds, struct mdg_buf *out,
		  struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(g->desk->db, &r, err,
			  "SELECT text FROM message WHERE ticket_id = ?1"
			  " AND direction = 'in' ORDER BY id DESC LIMIT ?2",
			  "ii", g->draft->ticket_id, (int64_t)MAILS_MAX))
		return false;
	while (mdg_rows_next(r)) {
		const char *text = mdg_rows_text(r, 0);
		mdg_fold(out, text, strlen(text), folds);
		mdg_buf_putc(out, '\n');
	}
	return mdg_rows_close(&r, err);
}

/* The name that is found there in the body, folded, without its title. */
static const char *
name_at(struct guard *g, const json_t *finding)
{
	static const char *const titles[] = {"様", "さま", "さん", "殿", "氏"};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	const char *body = g->draft->body;
	const size_t n = strlen(body);
	const size_t from = mdg_utf8_offset(
			     body, n,
			     (size_t)json_integer_value(
				     json_object_get(finding, "start"))),
		     to = mdg_utf8_offset(
			     body, n,
			     (size_t)json_integer_value(
				     json_object_get(finding, "end")));

	if (from >= to)
		return "";
	mdg_fold(&b, body + from, to - from, FOLDS);
	char *name = mdg_arena_strdup(&g->arena, mdg_buf_str(&b));
	for (size_t i = 0; i < MDG_LEN(titles); i++)
		if (mdg_str_ends(name, titles[i]))
			name[strlen(name) - strlen(titles[i])] = '\0';
	return name;
}

bool
mdg_guard_spare(struct guard *g, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf inbound = {0};

	for (size_t i = json_array_size(g->findings); i-- > 0;) {
		const json_t *one = json_array_get(g->findings, i);
		if (!mdg_streq(json_string_value(json_object_get(one, "rule")),
			       "guard.other-name"))
			continue;
		const char *name = name_at(g, one);
		if (!inbound.len && !mdg_guard_inbound(g, FOLDS, &inbound, err))
			return false;
		if (*name && strstr(mdg_buf_str(&inbound), name))
			json_array_remove(g->findings, i);
	}
	return true;
}
