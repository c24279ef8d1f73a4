/* The core's own checks of a mis-send: their names, and what they weigh. */
#include "madoguchi/app/check.h"
#include "madoguchi/base/str.h"

static const struct {
	const char *name, *severity;
} rules[MDG_GUARD_N] = {
	[MDG_GUARD_COMPANY_FORM] = {"guard.company-form", "error"},
	[MDG_GUARD_FILE_NAME] = {"guard.file-name", "error"},
	[MDG_GUARD_NEW_RECIPIENT] = {"guard.new-recipient", "warn"},
	[MDG_GUARD_NO_REPLY] = {"guard.no-reply", "error"},
	[MDG_GUARD_OTHER_ADDRESS] = {"guard.other-address", "error"},
	[MDG_GUARD_OTHER_COMPANY] = {"guard.other-company", "warn"},
	[MDG_GUARD_OTHER_FILE] = {"guard.other-file", "error"},
	[MDG_GUARD_OTHER_NUMBER] = {"guard.other-number", "error"},
	[MDG_GUARD_OTHER_PLACE] = {"guard.other-place", "error"},
	[MDG_GUARD_OTHER_QUOTE] = {"guard.other-quote", "error"},
	[MDG_GUARD_OTHER_RECIPIENT] = {"guard.other-recipient", "error"},
	[MDG_GUARD_STALE] = {"guard.stale", "error"},
	[MDG_GUARD_UNCHECKED] = {"guard.unchecked", "warn"},
};

const char *
mdg_guard_name(enum mdg_guard_rule rule)
{
	return rules[rule].name;
}

const char *
mdg_guard_severity(enum mdg_guard_rule rule)
{
	return rules[rule].severity;
}

enum mdg_guard_rule
mdg_guard_by_name(const char *name)
{
	enum mdg_guard_rule i = 0;

	while (i < MDG_GUARD_N && !mdg_streq(rules[i].name, name))
		i++;
	return i;
}
