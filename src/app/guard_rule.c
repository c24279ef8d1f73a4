/* The core's own checks of a mis-send: their names, what they weigh, and what
 * is kept of them. */
#include "guard-int.h"
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

json_t *
mdg_guard_finding(enum mdg_guard_rule rule, const char *severity, size_t start,
		  size_t end, enum mdg_msg msg, const char *arg)
{
	char ja[MDG_ERR_TEXT_MAX], en[MDG_ERR_TEXT_MAX];
	const char *args[] = {arg};

	mdg_msg_format(MDG_LANG_JA, msg, 1, args, ja, sizeof(ja));
	mdg_msg_format(MDG_LANG_EN, msg, 1, args, en, sizeof(en));
	return json_pack("{s:s,s:s,s:I,s:I,s:{s:s,s:s},s:s}", "rule",
			 mdg_guard_name(rule), "severity", severity, "start",
			 (json_int_t)start, "end", (json_int_t)end, "message",
			 "ja", ja, "en", en, "suggestion", "");
}
