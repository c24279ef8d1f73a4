/* The pattern of a team's rule: compiled, or told where it is broken. */
#include "lint_run.h"

#include <stdio.h>
#include <string.h>

#include "madoguchi/base/str.h"

enum { SHOWN_CHARS = 12 };

pcre2_code *
lint_pattern(const char *pattern, int *why, size_t *at)
{
	return pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
			     PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C,
			     why, at, NULL);
}

/* What people get wrong, as codes of the group "pattern". */
static const char *
reason(int why)
{
	static const struct {
		int why;
		const char *code;
	} known[] = {
		{PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS, "open_parenthesis"},
		{PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS,
		 "close_parenthesis"},
		{PCRE2_ERROR_MISSING_SQUARE_BRACKET, "open_bracket"},
		{PCRE2_ERROR_CLASS_RANGE_ORDER, "range"},
		{PCRE2_ERROR_QUANTIFIER_INVALID, "repeat"},
		{PCRE2_ERROR_QUANTIFIER_OUT_OF_ORDER, "range"},
		{PCRE2_ERROR_END_BACKSLASH, "backslash"},
		{PCRE2_ERROR_UNKNOWN_ESCAPE, "backslash"},
	};

	for (size_t i = 0; i < MDG_LEN(known); i++)
		if (known[i].why == why)
			return known[i].code;
	return "other";
}

bool
mdg_lint_pattern_check(const char *pattern, struct mdg_err *err)
{
	char before[SHOWN_CHARS * 4 + 1], chars[24];
	int why;
	size_t at, from = 0;
	pcre2_code *code = lint_pattern(pattern, &why, &at);

	pcre2_code_free(code);
	if (code)
		return true;
	at = mdg_utf8_cut(pattern, strlen(pattern), at);
	size_t n = mdg_utf8_len(pattern, at);
	if (n > SHOWN_CHARS)
		from = mdg_utf8_offset(pattern, at, n - SHOWN_CHARS);
	snprintf(before, sizeof(before), "%.*s", (int)(at - from),
		 pattern + from);
	snprintf(chars, sizeof(chars), "%zu", n);
	return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_rule_bad, pattern, chars,
			    before, reason(why), NULL);
}
