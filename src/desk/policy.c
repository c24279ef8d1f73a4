#include "madoguchi/desk/policy.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

struct rule {
	const char *name;
	const json_t *when; /* borrowed from the policy's json; NULL: always */
	struct mdg_sla_policy targets;
};

struct mdg_policy {
	json_t *json;
	struct rule *rules; /* the last one is what holds for all others */
	size_t n;
};

/* ---- reading ---- */

static bool
wrong(struct mdg_err *err, const char *member, const char *may_be)
{
	return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_policy_member, member,
			    may_be, NULL);
}

static bool
read_minutes(const json_t *o, const char *name, int64_t *ret,
	     struct mdg_err *err)
{
	const json_t *v = json_object_get(o, name);

	if (!v)
		return true;
	if (!json_is_integer(v) || json_integer_value(v) < 0 ||
	    json_integer_value(v) > MDG_SLA_MINUTES_MAX)
		return wrong(err, name, "0 … 5256000");
	*ret = json_integer_value(v);
	return true;
}

static bool
read_warnings(const json_t *o, int out[MDG_SLA_WARN_MAX], struct mdg_err *err)
{
	const json_t *list = json_object_get(o, "warn_percent"), *v;
	json_int_t before = 0;
	size_t i;

	if (!list)
		return true;
	if (!json_is_array(list) || json_array_size(list) > MDG_SLA_WARN_MAX)
		return wrong(err, "warn_percent", "[50, 80]");
	memset(out, 0, MDG_SLA_WARN_MAX * sizeof(*out));
	json_array_foreach(list, i, v)
	{
		json_int_t n = json_integer_value(v);
		if (!json_is_integer(v) || n <= before || n > 99)
			return wrong(err, "warn_percent", "[50, 80]");
		out[i] = (int)n;
		before = n;
	}
	return true;
}

static bool
read_targets(const json_t *o, struct mdg_sla_policy *t, struct mdg_err *err)
{
	const json_t *business = json_object_get(o, "business");

	if (business && !json_is_boolean(business))
		return wrong(err, "business", "true, false");
	if (business)
		t->clock_time = json_is_false(business);
	return read_minutes(o, "first_response_min", &t->first_response_min,
			    err) &&
	       read_minutes(o, "next_response_min", &t->next_response_min,
			    err) &&
	       read_minutes(o, "resolution_min", &t->resolution_min, err) &&
	       read_warnings(o, t->warn_percent, err);
}

static bool
check_members(const json_t *o, const char *const *known, const char *said,
	      struct mdg_err *err)
{
	const char *name;
	json_t *v;

	/* jansson's iteration takes a mutable object but does not change it */
	json_object_foreach((json_t *)o, name, v)
	{
		size_t i = 0;
		while (known[i] && !mdg_streq(known[i], name))
			i++;
		if (!known[i])
			return wrong(err, name, said);
	}
	return true;
}

static bool
check_list(const json_t *when, const char *name, bool numbers,
	   struct mdg_err *err)
{
	const json_t *list = json_object_get(when, name), *v;
	size_t i;

	if (!list)
		return true;
	if (!json_is_array(list) || json_array_size(list) == 0 ||
	    json_array_size(list) > MDG_POLICY_LIST_MAX)
		return wrong(err, name, numbers ? "[1, 2]" : "[\"…\"]");
	json_array_foreach(list, i, v)
	{
		if (numbers ? !json_is_integer(v) : !json_is_string(v))
			return wrong(err, name, numbers ? "[1, 2]" : "[\"…\"]");
	}
	return true;
}

static bool
check_level(const json_t *when, const char *name, int64_t max,
	    const char *may_be, struct mdg_err *err)
{
	const json_t *v = json_object_get(when, name);

	return !v ||
	       (json_is_integer(v) && json_integer_value(v) >= 0 &&
		json_integer_value(v) <= max) ||
	       wrong(err, name, may_be);
}

static bool
check_when(const json_t *when, struct mdg_err *err)
{
	static const char *const known[] = {"category",        "mailbox",
					    "customer",        "priority",
					    "temperature_min", NULL};

	if (!json_is_object(when))
		return wrong(err, "when", "{\"category\": [\"…\"]}");
	return check_members(when, known,
			     "category, mailbox, customer, priority, "
			     "temperature_min",
			     err) &&
	       check_list(when, "category", false, err) &&
	       check_list(when, "mailbox", false, err) &&
	       check_list(when, "customer", true, err) &&
	       check_level(when, "priority", 1, "0, 1", err) &&
	       check_level(when, "temperature_min", 4, "0 … 4", err);
}

static bool
read_rule(const json_t *o, const struct mdg_sla_policy *base, struct rule *ret,
	  struct mdg_err *err)
{
	static const char *const known[] = {"name",
					    "when",
					    "first_response_min",
					    "next_response_min",
					    "resolution_min",
					    "business",
					    "warn_percent",
					    NULL};
	const char *name = json_string_value(json_object_get(o, "name"));

	if (!json_is_object(o) || !name || !*name)
		return wrong(err, "rules",
			     "[{\"name\": \"…\", \"when\": {…}}]");
	*ret = (struct rule){name, json_object_get(o, "when"), *base};
	return check_members(o, known,
			     "name, when, first_response_min, "
			     "next_response_min, resolution_min, business, "
			     "warn_percent",
			     err) &&
	       check_when(ret->when, err) &&
	       read_targets(o, &ret->targets, err);
}

static bool
read_all(struct mdg_policy *p, struct mdg_err *err)
{
	static const char *const known[] = {"first_response_min",
					    "next_response_min",
					    "resolution_min",
					    "business",
					    "warn_percent",
					    "rules",
					    NULL};
	const json_t *rules = json_object_get(p->json, "rules");
	struct mdg_sla_policy base = {.warn_percent = {50, 80}};

	if (!check_members(p->json, known,
			   "first_response_min, next_response_min, "
			   "resolution_min, business, warn_percent, rules",
			   err) ||
	    !read_targets(p->json, &base, err))
		return false;
	if (rules && (!json_is_array(rules) ||
		      json_array_size(rules) > MDG_POLICY_RULES_MAX))
		return wrong(err, "rules",
			     "[{\"name\": \"…\", \"when\": {…}}]");
	size_t n = json_array_size(rules);
	p->rules = mdg_calloc(n + 1, sizeof(*p->rules));
	for (; p->n < n; p->n++)
		if (!read_rule(json_array_get(rules, p->n), &base,
			       &p->rules[p->n], err))
			return false;
	p->rules[p->n++] = (struct rule){.targets = base};
	return true;
}

bool
mdg_policy_parse(const char *json, struct mdg_policy **ret, struct mdg_err *err)
{
	struct mdg_policy *p = mdg_calloc(1, sizeof(*p));
	json_error_t why;
	bool ok;

	p->json = strlen(json) <= MDG_POLICY_BYTES_MAX
			  ? json_loads(json, JSON_REJECT_DUPLICATES, &why)
			  : NULL;
	ok = json_is_object(p->json)
		     ? read_all(p, err)
		     : mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_policy_no_json,
				    NULL);
	if (ok)
		*ret = p;
	else
		mdg_policy_free(&p);
	return ok;
}

void
mdg_policy_free(struct mdg_policy **p)
{
	if (!*p)
		return;
	json_decref((*p)->json);
	free((*p)->rules);
	free(*p);
	*p = NULL;
}

/* ---- choosing ---- */

bool
mdg_policy_has_rules(const struct mdg_policy *p)
{
	return p->n > 1;
}

static bool
has_text(const json_t *when, const char *name, const char *value)
{
	const json_t *list = json_object_get(when, name), *v;
	size_t i;

	if (!list)
		return true;
	json_array_foreach(list, i,
			   v) if (value && mdg_streq(json_string_value(v),
						     value)) return true;
	return false;
}

static bool
has_number(const json_t *when, const char *name, int64_t value)
{
	const json_t *list = json_object_get(when, name), *v;
	size_t i;

	if (!list)
		return true;
	json_array_foreach(list, i,
			   v) if (json_integer_value(v) == value) return true;
	return false;
}

static bool
holds(const struct rule *r, const struct mdg_policy_facts *f)
{
	const json_t *priority = json_object_get(r->when, "priority");
	const json_t *heat = json_object_get(r->when, "temperature_min");

	return has_text(r->when, "category", f->category) &&
	       has_text(r->when, "mailbox", f->mailbox) &&
	       has_number(r->when, "customer", f->customer_id) &&
	       (!priority || f->priority >= json_integer_value(priority)) &&
	       (!heat || f->temperature >= json_integer_value(heat));
}

const struct mdg_sla_policy *
mdg_policy_targets(const struct mdg_policy *p,
		   const struct mdg_policy_facts *facts, const char **ret_rule)
{
	size_t i = 0;

	while (i + 1 < p->n && !holds(&p->rules[i], facts))
		i++;
	if (ret_rule)
		*ret_rule = p->rules[i].name;
	return &p->rules[i].targets;
}
