/* The names of rules, for those who have no engine (the core). */
#include <string.h>

#include "lint_rules.h"
#include "madoguchi/reply/lint.h"

bool
mdg_lint_rule_exists(const char *id)
{
	size_t n = strlen(id);
	bool family = n > 1 && id[n - 1] == '.';

	for (const char *const *p = lint_rule_lines; *p; p++)
		if (strncmp(*p, id, n) == 0 && (family || (*p)[n] == '\t'))
			return true;
	return false;
}

bool
mdg_lint_rule_blocks(const char *id)
{
	static const char error[] = "\terror\t";
	size_t n = strlen(id);

	for (const char *const *p = lint_rule_lines; *p; p++) {
		const char *s = *p;
		if (strncmp(s, id, n) != 0 || s[n] != '\t')
			continue;
		/* id, family, engine, scope, severity */
		for (int i = 0; s && i < 4; i++)
			s = strchr(s + (i > 0), '\t');
		return s && strncmp(s, error, strlen(error)) == 0;
	}
	return false;
}
