/*
 * rules: the conditions of automatic rules (自動ルール). Pure.
 *
 *   subject contains 返金|返品     category is 返品     from_domain is shop.example
 *   temperature >= 3               age_min >= 120       assignee is none
 *   label not 対応不要             body contains 弁護士  mark is sales
 *
 * A condition is field, operator, value. Operators: is, not, contains, starts
 * for texts; is, not, >=, <= for numbers. "|" divides values of which one is
 * enough (for `not`: none may be). Texts are compared folded (width, case).
 */
#ifndef MDG_DESK_RULES_H
#define MDG_DESK_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "madoguchi/base/buf.h"

/* What a ticket shows to rules. Texts are never NULL. */
struct mdg_rule_facts {
	const char *subject, *body, *from, *from_domain, *to;
	const char *state, *category, *assignee; /* login, "none" */
	const char *priority;                    /* high | normal */
	const char *const *labels;
	size_t labels_n;
	const char *const *marks; /* what the newest mail seems to be: sales,
				   * spam_suspected, danger, spoofed … */
	size_t marks_n;
	int64_t temperature;     /* -1: not known */
	int64_t age_min;         /* since the customer last wrote */
	int64_t attachments;
};

enum mdg_rule_flaw {
	MDG_RULE_FINE,
	MDG_RULE_NO_FIELD,
	MDG_RULE_NO_OPERATOR,
	MDG_RULE_NO_VALUE,
};

/* What keeps it from being read, or from ever making a difference: *bad is the
 * word, *allowed what could stand there, "a, b". */
enum mdg_rule_flaw mdg_rule_condition_check(const char *text,
					    struct mdg_buf *bad,
					    struct mdg_buf *allowed);
/* Does it compare that field with whole values? Then *ret: "a|b", of text. */
bool mdg_rule_condition_names(const char *text, const char *field,
			      const char **ret_values);
/* Does it hold? False for what cannot be read. */
bool mdg_rule_condition_holds(const char *text,
			      const struct mdg_rule_facts *f);

/* Does it go by a mark, which is only a guess? Nothing is closed for one. */
bool mdg_rule_is_guess(const char *text);

/* "label 返品" -> the verb and the rest; false for unknown verbs. Verbs: label,
 * unlabel, priority, assign, turn, hold, close, reopen, comment, category,
 * move, send. */
bool mdg_rule_action(const char *text, const char **ret_verb,
		     const char **ret_rest);

#endif
