/* The lines of keigo_rules.tsv, compiled in by tsv2c.awk; ends with NULL. */
#ifndef MDG_REPLY_LINT_RULES_H
#define MDG_REPLY_LINT_RULES_H

extern const char *const lint_rule_lines[];

#endif
