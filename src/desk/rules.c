#include "madoguchi/desk/rules.h"

#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

enum op { OP_IS, OP_NOT, OP_CONTAINS, OP_STARTS, OP_GE, OP_LE, OP_N };
static const char *const ops[OP_N] = {"is",	"not", "contains",
				      "starts", ">=",  "<="};

enum field {
	F_SUBJECT,
	F_BODY,
	F_FROM,
	F_FROM_DOMAIN,
	F_TO,
	F_STATE,
	F_CATEGORY,
	F_ASSIGNEE,
	F_PRIORITY,
	F_LABEL,
	F_MARK,
	F_TEMPERATURE, /* numbers from here on */
	F_AGE_MIN,
	F_ATTACHMENTS,
	F_N
};
static const char *const fields[F_N] = {
	"subject",  "body",	"from",	    "from_domain", "to",
	"state",    "category", "assignee", "priority",	   "label",
	"mark",	    "temperature", "age_min", "attachments"};

struct condition {
	enum field field;
	enum op op;
	const char *value;
};

static size_t
word(const char **p, const char *const *names, size_t n)
{
	size_t len = strcspn(*p, " ");

	for (size_t i = 0; i < n; i++)
		if (strlen(names[i]) == len &&
		    memcmp(names[i], *p, len) == 0) {
			*p += len;
			*p += strspn(*p, " ");
			return i;
		}
	return n;
}

static bool
parse(const char *text, struct condition *ret)
{
	const char *p = text + strspn(text, " ");
	int64_t number;
	size_t f = word(&p, fields, F_N), o;

	if (f == F_N)
		return false;
	o = word(&p, ops, OP_N);
	if (o == OP_N || !*p)
		return false;
	bool numeric = f >= F_TEMPERATURE;
	if (numeric ? (o == OP_CONTAINS || o == OP_STARTS ||
		       !mdg_str_i64(p, 0, INT64_MAX, &number))
		    : (o == OP_GE || o == OP_LE))
		return false;
	*ret = (struct condition){(enum field)f, (enum op)o, p};
	return true;
}

bool
mdg_rule_condition_ok(const char *text)
{
	struct condition c;

	return parse(text, &c);
}

static bool
compare(enum op op, const char *have, const char *want)
{
	if (op == OP_CONTAINS)
		return strstr(have, want) != NULL;
	if (op == OP_STARTS)
		return mdg_str_starts(have, want);
	return mdg_streq(have, want);
}

static void
fold(struct mdg_buf *out, const char *s, size_t n)
{
	mdg_fold(out, s, n, MDG_FOLD_SEARCH);
}

/* One of the values, divided by "|". */
static bool
any_of(enum op op, const char *have, const char *values)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf h = {0};
	bool hit = false;

	fold(&h, have, strlen(have));
	for (const char *p = values; !hit && *p;) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf w = {0};
		size_t n = strcspn(p, "|");
		fold(&w, p, n);
		hit = n && compare(op, mdg_buf_str(&h), mdg_buf_str(&w));
		p += n + (p[n] == '|');
	}
	return hit;
}

static bool
number_holds(const struct condition *c, int64_t have)
{
	int64_t want = 0;

	mdg_str_i64(c->value, 0, INT64_MAX, &want);
	switch (c->op) {
	case OP_GE:
		return have >= want;
	case OP_LE:
		return have >= 0 && have <= want;
	case OP_NOT:
		return have != want;
	default:
		return have == want;
	}
}

bool
mdg_rule_condition_holds(const char *text, const struct mdg_rule_facts *f)
{
	const char *texts[] = {f->subject,  f->body,	 f->from,
			       f->from_domain, f->to,	 f->state,
			       f->category, f->assignee, f->priority};
	struct condition c;
	bool hit = false;

	if (!parse(text, &c))
		return false;
	switch (c.field) {
	case F_TEMPERATURE:
		return number_holds(&c, f->temperature);
	case F_AGE_MIN:
		return number_holds(&c, f->age_min);
	case F_ATTACHMENTS:
		return number_holds(&c, f->attachments);
	case F_LABEL:
		for (size_t i = 0; i < f->labels_n && !hit; i++)
			hit = any_of(c.op, f->labels[i], c.value);
		break;
	case F_MARK:
		for (size_t i = 0; i < f->marks_n && !hit; i++)
			hit = any_of(c.op, f->marks[i], c.value);
		break;
	default:
		hit = any_of(c.op, texts[c.field], c.value);
	}
	return c.op == OP_NOT ? !hit : hit;
}

bool
mdg_rule_is_guess(const char *text)
{
	struct condition c;

	return parse(text, &c) && c.field == F_MARK && c.op != OP_NOT;
}

bool
mdg_rule_action(const char *text, const char **ret_verb, const char **ret_rest)
{
	static const struct {
		const char *verb;
		bool needs;
	} verbs[] = {{"label", true},	{"unlabel", true}, {"priority", true},
		     {"assign", true},	{"turn", false},   {"hold", true},
		     {"close", true},	{"reopen", false}, {"comment", true},
		     {"category", true}, {"move", true},    {"send", true}};
	size_t n = strcspn(text, " ");

	for (size_t i = 0; i < MDG_LEN(verbs); i++) {
		if (strlen(verbs[i].verb) != n ||
		    memcmp(verbs[i].verb, text, n) != 0)
			continue;
		*ret_verb = verbs[i].verb;
		*ret_rest = text + n + strspn(text + n, " ");
		return verbs[i].needs == (**ret_rest != '\0');
	}
	return false;
}
