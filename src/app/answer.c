/* What mdg-text says, member by member: it has read words of strangers. */
#include <limits.h>
#include <string.h>

#include "madoguchi/app/check.h"
#include "madoguchi/app/judge.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/mood.h"

enum kind { TEXT, NUMBER, PLACE, FLAG, TEXTS, LIST, ONE };

struct member {
	const char *key;
	enum kind kind;
	bool may_miss;
	const struct member *of;  /* LIST, ONE */
	const char *const *words; /* TEXT: one of these; NULL: any */
};

static const struct member ranked[] = {
	{"id", TEXT, false, NULL, NULL},
	{"score", NUMBER, false, NULL, NULL},
	{"why", TEXTS, false, NULL, NULL},
	{"confidence", NUMBER, true, NULL, NULL},
	{"strong", FLAG, true, NULL, NULL},
	{0},
};

static const struct member fact[] = {
	{"slot", TEXT, false, NULL, NULL},
	{"value", TEXT, false, NULL, NULL},
	{"words", TEXT, false, NULL, NULL},
	{"source", TEXT, false, NULL, NULL},
	{"start", PLACE, false, NULL, NULL},
	{"end", PLACE, false, NULL, NULL},
	{"confidence", PLACE, false, NULL, NULL},
	{"conflict", FLAG, false, NULL, NULL},
	{0},
};

static const struct member sign[] = {
	{"sign", TEXT, false, NULL, NULL},
	{"points", PLACE, false, NULL, NULL},
	{"words", TEXT, false, NULL, NULL},
	{"start", PLACE, false, NULL, NULL},
	{"end", PLACE, false, NULL, NULL},
	{0},
};

static const struct member mood[] = {
	{"temperature", PLACE, false, NULL, NULL},
	{"harassment", FLAG, false, NULL, NULL},
	{"reasons", LIST, false, sign, NULL},
	{0},
};

static const struct member mail[] = {
	{"ranked", LIST, false, ranked, NULL},
	{"keywords", TEXTS, false, NULL, NULL},
	{"facts", LIST, false, fact, NULL},
	{"mood", ONE, false, mood, NULL},
	{"words", TEXTS, false, NULL, NULL},
	{"watched", TEXTS, false, NULL, NULL},
	{0},
};

static const struct member learned[] = {
	{"learned", PLACE, false, NULL, NULL},
	{0},
};

static const struct member fix[] = {
	{"start", PLACE, false, NULL, NULL},
	{"end", PLACE, false, NULL, NULL},
	{"text", TEXT, false, NULL, NULL},
	{0},
};

static const struct member message[] = {
	{"ja", TEXT, false, NULL, NULL},
	{"en", TEXT, false, NULL, NULL},
	{0},
};

static const char *const severities[] = {"error", "warn", "info", NULL};

static const struct member finding[] = {
	{"rule", TEXT, false, NULL, NULL},
	{"severity", TEXT, false, NULL, severities},
	{"start", PLACE, false, NULL, NULL},
	{"end", PLACE, false, NULL, NULL},
	{"message", ONE, false, message, NULL},
	{"suggestion", TEXT, false, NULL, NULL},
	{"fix", ONE, true, fix, NULL},
	{0},
};

static const struct member draft[] = {
	{"findings", LIST, false, finding, NULL},
	{0},
};

static json_t *take(const json_t *o, const struct member *m);

static bool
is_text(const json_t *o, const char *const *words)
{
	if (!json_is_string(o) ||
	    json_string_length(o) > MDG_ANSWER_TEXT_BYTES_MAX)
		return false;
	for (size_t i = 0; words && words[i]; i++)
		if (mdg_streq(words[i], json_string_value(o)))
			return true;
	return !words;
}

static json_t *
take_list(const json_t *list, const struct member *of)
{
	json_t *out, *one;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) > MDG_ANSWER_LIST_MAX)
		return NULL;
	out = json_array();
	json_array_foreach ((json_t *)list, i, one) {
		json_t *kept = of                   ? take(one, of)
			       : is_text(one, NULL) ? json_incref(one)
						    : NULL;
		if (!kept) {
			json_decref(out);
			return NULL;
		}
		json_array_append_new(out, kept);
	}
	return out;
}

static json_t *
take_member(json_t *v, const struct member *m)
{
	bool ok = false;

	switch (m->kind) {
	case TEXT:
		ok = is_text(v, m->words);
		break;
	case NUMBER:
		ok = json_is_number(v);
		break;
	case PLACE:
		ok = json_is_integer(v) && json_integer_value(v) >= 0 &&
		     json_integer_value(v) <= INT_MAX;
		break;
	case FLAG:
		ok = json_is_boolean(v);
		break;
	case TEXTS:
	case LIST:
		return take_list(v, m->of);
	case ONE:
		return take(v, m->of);
	}
	return ok ? json_incref(v) : NULL;
}

/* What is known of it, NULL if any of that is out of form. New. */
static json_t *
take(const json_t *o, const struct member *m)
{
	json_t *out = json_object();

	for (; m->key; m++) {
		json_t *v = json_object_get(o, m->key);
		json_t *kept = v ? take_member(v, m) : NULL;
		if (kept)
			json_object_set_new(out, m->key, kept);
		else if (v || !m->may_miss)
			goto broken;
	}
	if (json_integer_value(json_object_get(out, "start")) <=
		    json_integer_value(json_object_get(out, "end")) &&
	    json_integer_value(json_object_get(out, "temperature")) <=
		    MDG_MOOD_MAX)
		return out;
broken:
	json_decref(out);
	return NULL;
}

json_t *
mdg_judge_answer(const json_t *answer)
{
	return take(answer, mail);
}

json_t *
mdg_learn_answer(const json_t *answer)
{
	return take(answer, learned);
}

json_t *
mdg_check_answer(const json_t *answer)
{
	return take(answer, draft);
}
