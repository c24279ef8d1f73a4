#include "madoguchi/desk/rules.h"

#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/model/mark.h"
#include "madoguchi/text/fold.h"

enum { TEMPERATURE_MAX = 4 }; /* reply/mood.h */

enum op { OP_IS, OP_NOT, OP_CONTAINS, OP_STARTS, OP_GE, OP_LE, OP_N };
static const char *const ops[OP_N] = {"is",     "not", "contains",
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
	"subject", "body",        "from",     "from_domain", "to",
	"state",   "category",    "assignee", "priority",    "label",
	"mark",    "temperature", "age_min",  "attachments"};

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
		if (strlen(names[i]) == len && memcmp(names[i], *p, len) == 0) {
			*p += len;
			*p += strspn(*p, " ");
			return i;
		}
	return n;
}

static bool
is_number(enum field f)
{
	return f >= F_TEMPERATURE;
}

static bool
op_fits(enum field f, enum op o)
{
	return is_number(f) ? o != OP_CONTAINS && o != OP_STARTS
			    : o != OP_GE && o != OP_LE;
}

/* As far as it goes: *ret holds what was read before the flaw, *at where that
 * is. */
static enum mdg_rule_flaw
read_form(const char *text, struct condition *ret, const char **at)
{
	const char *p = text + strspn(text, " ");
	int64_t number;

	*at = p;
	size_t f = word(&p, fields, F_N);
	if (f == F_N)
		return MDG_RULE_NO_FIELD;
	ret->field = (enum field)f;
	*at = p;
	size_t o = word(&p, ops, OP_N);
	if (o == OP_N || !op_fits(ret->field, (enum op)o))
		return MDG_RULE_NO_OPERATOR;
	ret->op = (enum op)o;
	*at = ret->value = p;
	return *p && (!is_number(ret->field) ||
		      mdg_str_i64(p, 0, INT64_MAX, &number))
		       ? MDG_RULE_FINE
		       : MDG_RULE_NO_VALUE;
}

static bool
parse(const char *text, struct condition *ret)
{
	const char *at;

	return read_form(text, ret, &at) == MDG_RULE_FINE;
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
	const char *texts[] = {f->subject,     f->body,     f->from,
			       f->from_domain, f->to,       f->state,
			       f->category,    f->assignee, f->priority};
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

/* ---- what can never be met ---- */

/* What a field of few words may hold; NULL: anything. */
static const char *const *
words_of(enum field f, size_t *ret_n)
{
	static const char *const levels[] = {"high", "normal"};

	*ret_n = f == F_STATE      ? mdg_ticket_machine.states_n
		 : f == F_PRIORITY ? MDG_LEN(levels)
		 : f == F_MARK     ? MDG_MARK_N
				   : 0;
	return f == F_STATE      ? mdg_ticket_machine.states
	       : f == F_PRIORITY ? levels
	       : f == F_MARK     ? mdg_mark_names
				 : NULL;
}

static void
join(struct mdg_buf *out, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		mdg_buf_printf(out, "%s%s", i ? ", " : "", v[i]);
}

/* Could one value, n bytes, be met by what the field may hold? */
static bool
can_be(const struct condition *c, const char *value, size_t n)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf one = {0};
	size_t words_n;
	const char *const *words = words_of(c->field, &words_n);
	bool domain = c->field == F_FROM_DOMAIN && memchr(value, '@', n);
	bool address = (c->field == F_FROM || c->field == F_TO) &&
		       (c->op == OP_IS || c->op == OP_NOT) &&
		       !memchr(value, '@', n);
	bool ok = !words;

	mdg_buf_put(&one, value, n);
	for (size_t i = 0; i < words_n && !ok; i++)
		ok = any_of(c->op, words[i], mdg_buf_str(&one));
	return ok && n && !domain && !address;
}

static bool
value_can_be(const struct condition *c, struct mdg_buf *bad)
{
	int64_t number = 0;

	if (is_number(c->field)) {
		mdg_buf_puts(bad, c->value);
		return mdg_str_i64(c->value, 0, INT64_MAX, &number) &&
		       (c->field != F_TEMPERATURE || number <= TEMPERATURE_MAX);
	}
	for (const char *p = c->value;; p++) {
		size_t n = strcspn(p, "|");
		if (!can_be(c, p, n)) {
			mdg_buf_put(bad, p, n);
			return false;
		}
		p += n;
		if (!*p)
			return true;
	}
}

static void
allow(const struct condition *c, enum mdg_rule_flaw flaw, struct mdg_buf *out)
{
	size_t n;
	const char *const *words;

	if (flaw == MDG_RULE_NO_FIELD) {
		join(out, fields, F_N);
	} else if (flaw == MDG_RULE_NO_OPERATOR) {
		for (int o = 0; o < OP_N; o++)
			if (op_fits(c->field, (enum op)o))
				mdg_buf_printf(out, "%s%s",
					       out->len ? ", " : "", ops[o]);
	} else {
		words = words_of(c->field, &n);
		if (words)
			join(out, words, n);
		else
			mdg_buf_puts(out,
				     c->field == F_TEMPERATURE ? "0-4"
				     : is_number(c->field)     ? "0, 1, 2 …"
				     : c->field == F_FROM_DOMAIN
					     ? "shop.example"
				     : c->field == F_FROM || c->field == F_TO
					     ? "name@shop.example"
					     : "A, A|B");
	}
}

enum mdg_rule_flaw
mdg_rule_condition_check(const char *text, struct mdg_buf *bad,
			 struct mdg_buf *allowed)
{
	struct condition c = {0};
	const char *at;
	enum mdg_rule_flaw flaw = read_form(text, &c, &at);

	mdg_buf_reset(bad);
	mdg_buf_reset(allowed);
	if (flaw == MDG_RULE_FINE || flaw == MDG_RULE_NO_VALUE)
		flaw = *at && value_can_be(&c, bad) ? MDG_RULE_FINE
						    : MDG_RULE_NO_VALUE;
	else
		mdg_buf_put(bad, at, strcspn(at, " "));
	if (flaw != MDG_RULE_FINE)
		allow(&c, flaw, allowed);
	return flaw;
}

bool
mdg_rule_condition_names(const char *text, const char *field,
			 const char **ret_values)
{
	struct condition c;

	if (!parse(text, &c) || !mdg_streq(fields[c.field], field) ||
	    (c.op != OP_IS && c.op != OP_NOT))
		return false;
	*ret_values = c.value;
	return true;
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
	} verbs[] = {{"label", true},    {"unlabel", true}, {"priority", true},
		     {"assign", true},   {"turn", false},   {"hold", true},
		     {"close", true},    {"reopen", false}, {"comment", true},
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
