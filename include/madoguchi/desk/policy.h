/*
 * policy: which response times are promised to whom. JSON, a version of it
 * never changes:
 *
 *   {"first_response_min": 480, "next_response_min": 480,
 *    "resolution_min": 0, "business": true, "warn_percent": [50, 80],
 *    "rules": [{"name": "claims",
 *               "when": {"category": ["苦情"], "temperature_min": 3},
 *               "first_response_min": 120}]}
 *
 * Minutes are working minutes (clock minutes with "business": false); 0 is no
 * such target. The first rule whose every condition holds gives what it
 * names, the rest is as above it. Conditions: category, mailbox, customer
 * (lists, any of them; the mailbox by name, the customer by id), priority
 * (at least), temperature_min (at least; unknown is below all). warn_percent:
 * parts of the time after which to warn, ascending, at most four.
 */
#ifndef MDG_DESK_POLICY_H
#define MDG_DESK_POLICY_H

#include "madoguchi/desk/sla.h"

enum {
	MDG_POLICY_RULES_MAX = 100,
	MDG_POLICY_LIST_MAX = 100,
	MDG_POLICY_BYTES_MAX = 64 << 10,
};

/* What is known of a ticket. */
struct mdg_policy_facts {
	const char *category; /* NULL: not yet known */
	const char *mailbox;
	int64_t customer_id;  /* 0: unknown */
	int64_t priority;
	int64_t temperature;  /* -1: not yet known */
};

struct mdg_policy;

/* false names the member that is wrong, and what may stand there. */
bool mdg_policy_parse(const char *json, struct mdg_policy **ret,
		      struct mdg_err *err);
void mdg_policy_free(struct mdg_policy **p);
/* false: one set of targets for all; nothing need be known. */
bool mdg_policy_has_rules(const struct mdg_policy *p);
/* The targets for such a ticket; borrowed from p. rule: its name, NULL none. */
const struct mdg_sla_policy *
mdg_policy_targets(const struct mdg_policy *p,
		   const struct mdg_policy_facts *facts,
		   const char **ret_rule);

#endif
