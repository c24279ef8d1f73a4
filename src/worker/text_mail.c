/* mdg-text on a customer's mail: what fits, what it says, how hot it is. */
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/signs.h"
#include "text.h"

enum { TOP_MAX = 20, KEYWORDS = 8, WORDS_CHARS_MAX = 60 };

static const char *
text_at(const json_t *in, const char *key)
{
	const char *s = json_string_value(json_object_get(in, key));

	return s ? s : "";
}

/* -- suggestions
 * --------------------------------------------------------------- */

static json_t *
strings(const char **v, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(v[i]));
	return list;
}

static void
put_ranked(struct text_worker *w, const char *text, const json_t *in,
	   struct mdg_arena *a, json_t *out)
{
	json_int_t top = json_integer_value(json_object_get(in, "top"));
	json_t *list = json_array();
	struct mdg_suggestion *v = NULL;
	const char **words = NULL;
	size_t n = 0, words_n = 0;

	if (w->index) {
		n = mdg_suggest_rank(
			w->index, text,
			json_string_value(json_object_get(in, "window")),
			top > TOP_MAX ? TOP_MAX : (size_t)top, a, &v);
		words_n = mdg_suggest_keywords(w->index, text, KEYWORDS, a,
					       &words);
	}
	for (size_t i = 0; i < n; i++) {
		json_t *one = json_pack("{s:s,s:f,s:o}", "id", v[i].id, "score",
					v[i].score, "why",
					strings(v[i].why, v[i].why_n));
		if (i == 0) {
			json_object_set_new(one, "confidence",
					    json_real(v[i].confidence));
			json_object_set_new(one, "strong",
					    json_boolean(v[i].confidence >=
							 MDG_SUGGEST_STRONG));
		}
		json_array_append_new(list, one);
	}
	json_object_set_new(out, "ranked", list);
	json_object_set_new(out, "keywords", strings(words, words_n));
}

/* -- facts
 * ----------------------------------------------------------------------- */

/* Characters [start, end) of s. */
static json_t *
words_of(const char *s, size_t start, size_t end)
{
	size_t n = strlen(s), i = 0, at = 0, from;

	if (end - start > WORDS_CHARS_MAX)
		end = start + WORDS_CHARS_MAX;
	for (; at < start && i < n; at++)
		i += mdg_utf8_next(s + i, n - i, &(uint32_t){0});
	from = i;
	for (; at < end && i < n; at++)
		i += mdg_utf8_next(s + i, n - i, &(uint32_t){0});
	return json_stringn(s + from, i - from);
}

static void
put_fact(json_t *list, const struct mdg_fact *f, const char *source,
	 const char *text)
{
	json_array_append_new(
		list, json_pack("{s:s,s:s,s:o,s:s,s:I,s:I,s:i,s:b}", "slot",
				mdg_fact_slot(f->kind), "value", f->value,
				"words", words_of(text, f->start, f->end),
				"source", source, "start", (json_int_t)f->start,
				"end", (json_int_t)f->end, "confidence",
				(int)f->confidence, "conflict", f->conflict));
}

/* Does a fact of the subject stand in the text, too? Or against it? */
static bool
is_news(json_t *list, const struct mdg_fact *f, bool *ret_conflict)
{
	const char *slot = mdg_fact_slot(f->kind);
	size_t i;
	json_t *o;

	*ret_conflict = false;
	json_array_foreach (list, i, o) {
		if (!mdg_streq(text_at(o, "slot"), slot))
			continue;
		if (mdg_streq(text_at(o, "value"), f->value))
			return false;
		if (f->kind != MDG_FACT_DATE && f->kind != MDG_FACT_AMOUNT) {
			*ret_conflict = true;
			json_object_set_new(o, "conflict", json_true());
		}
	}
	return true;
}

/* Fields of a form, under labels that are known to the patterns. */
static const struct {
	const char *field, *label;
	enum mdg_fact_kind kind;
} form_fields[] = {
	{"name", "お名前", MDG_FACT_NAME},
	{"company", "会社名", MDG_FACT_COMPANY},
	{"phone", "電話番号", MDG_FACT_PHONE},
	{"order", "注文番号", MDG_FACT_ORDER},
};

/* What a form says in a field of its own is sure, whatever it looks like. */
static void
put_form_facts(struct text_worker *w, const json_t *form, int64_t mail_s,
	       struct mdg_arena *a, json_t *list)
{
	enum { CONFIDENCE = 95 };

	for (size_t i = 0; i < MDG_LEN(form_fields); i++) {
		const char *value = text_at(form, form_fields[i].field);
		struct mdg_slots_input line = {
			.text = mdg_arena_printf(a, "%s：%s\n",
						 form_fields[i].label, value),
			.mail_s = mail_s,
		};
		struct mdg_fact own = {
			.kind = form_fields[i].kind,
			.value = value,
			.end = mdg_utf8_len(value, strlen(value)),
			.confidence = CONFIDENCE,
		};
		struct mdg_facts f;

		if (!*value)
			continue;
		mdg_slots_extract(w->slots, &line, a, &f);
		for (size_t k = 0; k < f.n; k++)
			if (f.v[k].kind == own.kind) { /* in its normal form */
				own.value = f.v[k].value;
				break;
			}
		put_fact(list, &own, "form", value);
	}
}

/* Who writes is told by the form's fields; he may name another order. */
static bool
form_knows(json_t *list, const struct mdg_fact *f)
{
	const char *slot = mdg_fact_slot(f->kind);
	size_t i;
	json_t *o;

	json_array_foreach (list, i, o)
		if (mdg_streq(text_at(o, "source"), "form") &&
		    mdg_streq(text_at(o, "slot"), slot))
			return true;
	return false;
}

static void
put_facts(struct text_worker *w, const json_t *in, struct mdg_arena *a,
	  json_t *out)
{
	struct mdg_slots_input mail = {
		.text = text_at(in, "text"),
		.signature = text_at(in, "signature"),
		.from_name = text_at(in, "from"),
		.mail_s = json_integer_value(json_object_get(in, "at")),
	};
	const char *const text[] = {mail.text, mail.signature, mail.from_name};
	static const char *const names[] = {"text", "signature", "from"};
	struct mdg_slots_input subject = {.text = text_at(in, "subject")};
	const json_t *form = json_object_get(in, "form");
	json_t *list = json_array();
	struct mdg_facts f;

	if (mail.mail_s == 0)
		mail.mail_s = mdg_now_s();
	subject.mail_s = mail.mail_s;
	if (form) {
		mail.from_name = ""; /* the form's */
		put_form_facts(w, form, mail.mail_s, a, list);
	}
	mdg_slots_extract(w->slots, &mail, a, &f);
	for (size_t i = 0; i < f.n; i++) {
		bool conflict = false;
		if (form_knows(list, &f.v[i]) &&
		    (f.v[i].kind != MDG_FACT_ORDER ||
		     !is_news(list, &f.v[i], &conflict)))
			continue;
		f.v[i].conflict = f.v[i].conflict || conflict;
		put_fact(list, &f.v[i], names[f.v[i].source],
			 text[f.v[i].source]);
	}
	mdg_slots_extract(w->slots, &subject, a, &f);
	for (size_t i = 0; i < f.n && json_array_size(list) < MDG_FACTS_MAX;
	     i++) {
		bool conflict;
		if (!is_news(list, &f.v[i], &conflict))
			continue;
		f.v[i].conflict = f.v[i].conflict || conflict;
		put_fact(list, &f.v[i], "subject", subject.text);
	}
	json_object_set_new(out, "facts", list);
}

/* -- mood
 * ------------------------------------------------------------------------- */

static void
put_mood(struct text_worker *w, const json_t *in, const char *joined,
	 struct mdg_arena *a, json_t *out)
{
	struct mdg_mood m;
	json_t *list = json_array();

	mdg_mood_judge(w->moods, joined,
		       json_integer_value(json_object_get(in, "at")), a, &m);
	for (size_t i = 0; i < m.n; i++)
		json_array_append_new(list,
				      json_pack("{s:s,s:i,s:s,s:I,s:I}", "sign",
						mdg_mood_sign_name(m.v[i].sign),
						"points", m.v[i].points,
						"words", m.v[i].words, "start",
						(json_int_t)m.v[i].start, "end",
						(json_int_t)m.v[i].end));
	json_object_set_new(out, "mood",
			    json_pack("{s:i,s:b,s:o}", "temperature",
				      m.temperature, "harassment", m.harassment,
				      "reasons", list));
}

/* What it is counted by, and which of the terms it holds that a lead watches.
 */
static void
put_signs(struct text_worker *w, const json_t *in, const char *joined,
	  struct mdg_arena *a, json_t *out)
{
	const json_t *watch = json_object_get(in, "watch");
	json_t *held = json_array(), *term;
	const char **v;
	size_t i;

	size_t n = mdg_signs_find(w->words, joined, MDG_SIGN_WORDS_MAX, a, &v);
	json_object_set_new(out, "words", strings(v, n));
	json_array_foreach ((json_t *)watch, i, term) {
		const char *s = json_string_value(term);
		if (s && mdg_signs_holds(joined, s))
			json_array_append(held, term);
	}
	json_object_set_new(out, "watched", held);
}

json_t *
text_judge_mail(struct text_worker *w, const json_t *in, struct mdg_arena *a)
{
	const char *joined = mdg_arena_printf(
		a, "%s\n%s", text_at(in, "subject"), text_at(in, "text"));
	json_t *out = json_object();

	MDG_FAULT_WORDS(joined);
	put_ranked(w, joined, in, a, out);
	put_facts(w, in, a, out);
	put_mood(w, in, joined, a, out);
	put_signs(w, in, joined, a, out);
	return out;
}

/* -- learning
 * ---------------------------------------------------------------------- */

json_t *
text_learn(struct text_worker *w, const json_t *in)
{
	const json_t *list = json_object_get(in, "learn");
	json_int_t learned = 0;
	size_t i;
	json_t *o;

	json_array_foreach (list, i, o) {
		const struct mdg_suggest_past past = {
			.id = text_at(o, "id"),
			.text = text_at(o, "text"),
			.ref = text_at(o, "ref"),
			.weight =
				json_number_value(json_object_get(o, "weight")),
		};
		/* its template may have been retired meanwhile */
		if (w->index && mdg_suggest_learn(w->index, &past, NULL))
			learned++;
	}
	return json_pack("{s:I}", "learned", learned);
}
