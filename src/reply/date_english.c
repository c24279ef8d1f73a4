/* Dates as English letters write them, where a weekday stands beside them. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "date_scan.h"
#include "madoguchi/base/err.h"

static const char *const months[] = {
	"January", "February", "March",     "April",   "May",      "June",
	"July",    "August",   "September", "October", "November", "December"};
static const char *const weekdays[] = {"Sunday",    "Monday",   "Tuesday",
				       "Wednesday", "Thursday", "Friday",
				       "Saturday"};

/* A name, whole or its first three letters (or four), with a dot or not. */
static size_t
name_at(const char *s, size_t n, const char *const *names, size_t names_n,
	int *ret)
{
	size_t len = 0;

	while (len < n && isalpha((unsigned char)s[len]))
		len++;
	if (len < 3)
		return 0;
	for (size_t i = 0; i < names_n; i++) {
		bool whole = len == strlen(names[i]);
		if ((whole || len <= 4) && len <= strlen(names[i]) &&
		    strncasecmp(s, names[i], len) == 0) {
			*ret = (int)i;
			return len + (!whole && len < n && s[len] == '.');
		}
	}
	return 0;
}

static size_t
blanks(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && (s[i] == ' ' || s[i] == ',' || s[i] == '('))
		i++;
	return i;
}

/* "2", "2nd"; bytes read. */
static size_t
day_at(const char *s, size_t n, int *ret)
{
	static const char *const tails[] = {"st", "nd", "rd", "th"};
	size_t i = 0;

	for (*ret = 0; i < n && i < 2 && isdigit((unsigned char)s[i]); i++)
		*ret = *ret * 10 + (s[i] - '0');
	for (size_t k = 0; i && k < MDG_LEN(tails); k++)
		if (n - i >= 2 && memcmp(s + i, tails[k], 2) == 0)
			return i + 2;
	return i < n &&
			       (isalnum((unsigned char)s[i]) ||
				strchr(":/.-", s[i])) &&
			       s[i] != '.'
		       ? 0
		       : i;
}

/* The word before s[i], if it is a weekday: of this sentence, and alone
 * ("Monday to Friday, March 1" says nothing of that day). */
static int
weekday_before(const char *s, size_t i)
{
	size_t end, start;
	bool dot = false;
	int day;

	for (; i > 0 && strchr(" ,(.", s[i - 1]); i--)
		dot |= s[i - 1] == '.';
	end = start = i;
	while (start > 0 && isalpha((unsigned char)s[start - 1]))
		start--;
	if (!name_at(s + start, end - start, weekdays, MDG_LEN(weekdays),
		     &day) ||
	    (dot && end - start == strlen(weekdays[day])))
		return -1;
	bool to = (start >= 4 && memcmp(s + start - 4, " to ", 4) == 0) ||
		  (start >= 1 && s[start - 1] == '-');
	return to ? -1 : day;
}

bool
date_english_at(const char *s, size_t n, size_t i, struct date_found *ret)
{
	size_t at = i, k;
	int month, day, weekday;

	if (i > 0 && isalnum((unsigned char)s[i - 1]))
		return false;
	if ((k = name_at(s + at, n - at, months, MDG_LEN(months), &month))) {
		at += k;
		k = blanks(s + at, n - at);
		if (!k || !(at += k, k = day_at(s + at, n - at, &day)))
			return false;
		at += k;
	} else {
		if (!isdigit((unsigned char)s[i]) ||
		    !(k = day_at(s + at, n - at, &day)))
			return false;
		at += k;
		at += blanks(s + at, n - at);
		if (n - at > 3 && memcmp(s + at, "of ", 3) == 0)
			at += 3;
		k = name_at(s + at, n - at, months, MDG_LEN(months), &month);
		if (!k)
			return false;
		at += k;
	}
	*ret = (struct date_found){.start = i, .month = month + 1, .day = day};
	k = blanks(s + at, n - at);
	if (k && n - at - k >= 4 && strspn(s + at + k, "0123456789") == 4) {
		for (size_t d = 0; d < 4; d++)
			ret->year = ret->year * 10 + (s[at + k + d] - '0');
		at += k + 4;
		k = blanks(s + at, n - at);
	}
	ret->end = at;
	ret->weekday = weekday_before(s, i);
	if (ret->weekday < 0 && k &&
	    name_at(s + at + k, n - at - k, weekdays, MDG_LEN(weekdays),
		    &weekday))
		ret->weekday = weekday;
	return ret->weekday >= 0;
}
