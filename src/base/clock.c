#include "madoguchi/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef MDG_FAULTS
static int64_t
offset_ms(int64_t add_ms)
{
	static bool known;
	static int64_t offset;

	if (!known) {
		const char *env = getenv("MDG_CLOCK_OFFSET");
		offset = env ? strtoll(env, NULL, 10) * 1000 : 0;
		known = true;
	}
	offset += add_ms;
	return offset;
}
#else
static int64_t
offset_ms(int64_t add_ms)
{
	(void)add_ms;
	return 0;
}
#endif

int64_t
mdg_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 + offset_ms(0);
}

int64_t
mdg_now_s(void)
{
	return mdg_now_ms() / 1000;
}

int64_t
mdg_mono_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

bool
mdg_clock_advance(int64_t by_s)
{
#ifdef MDG_FAULTS
	offset_ms(by_s * 1000);
	return true;
#else
	(void)by_s;
	return false;
#endif
}

int64_t
mdg_clock_offset_s(void)
{
	return offset_ms(0) / 1000;
}

int64_t
mdg_days_from_civil(int y, int m, int d)
{
	/* Hinnant, "chrono-compatible low-level date algorithms" */
	y -= m <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

void
mdg_civil_from_days(int64_t days, int *y, int *m, int *d)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t doe = days - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*d = (int)(doy - (153 * mp + 2) / 5 + 1);
	*m = (int)(mp + (mp < 10 ? 3 : -9));
	*y = (int)(yoe + era * 400 + (*m <= 2));
}

char *
mdg_time_rfc3339(int64_t t_s, char *out, size_t n)
{
	int y, m, d;
	int64_t days = t_s / 86400;
	int64_t rest = t_s % 86400;

	if (rest < 0) {
		rest += 86400;
		days--;
	}
	mdg_civil_from_days(days, &y, &m, &d);
	snprintf(out, n, "%04d-%02d-%02dT%02d:%02d:%02dZ", y, m, d,
		 (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
	return out;
}

static int
month_days(int y, int m)
{
	static const int days[] = {31, 28, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31};
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	return m == 2 && leap ? 29 : days[m - 1];
}

/* The n digits at s as a number, -1 if they are not all digits. */
static int
digits(const char *s, int n)
{
	int v = 0;

	for (; n > 0; n--, s++) {
		if (*s < '0' || *s > '9')
			return -1;
		v = v * 10 + (*s - '0');
	}
	return v;
}

/* RFC 3339 §5.6 "time-offset", whole, to seconds. */
static bool
parse_offset(const char *s, int64_t *ret_s)
{
	*ret_s = 0;
	if ((*s == 'Z' || *s == 'z') && s[1] == '\0')
		return true;
	if ((*s != '+' && *s != '-') || strlen(s) != 6 || s[3] != ':')
		return false;
	int h = digits(s + 1, 2), m = digits(s + 4, 2);
	if (h < 0 || h > 23 || m < 0 || m > 59)
		return false;
	*ret_s = (*s == '-' ? -1 : 1) * (h * 3600 + m * 60);
	return true;
}

bool
mdg_time_parse(const char *s, int64_t *ret_s)
{
	int64_t off;

	/* "2026-11-21T09:00:00" is 19 long; every place is fixed */
	if (!s || strlen(s) < 20 || s[4] != '-' || s[7] != '-' ||
	    (s[10] != 'T' && s[10] != 't' && s[10] != ' ') || s[13] != ':' ||
	    s[16] != ':')
		return false;
	int y = digits(s, 4), mo = digits(s + 5, 2), d = digits(s + 8, 2);
	int h = digits(s + 11, 2), mi = digits(s + 14, 2),
	    se = digits(s + 17, 2);
	if (y < 1900 || mo < 1 || mo > 12 || d < 1 || d > month_days(y, mo) ||
	    h < 0 || h > 23 || mi < 0 || mi > 59 || se < 0 || se > 60)
		return false;
	s += 19;
	if (*s == '.') {
		size_t n = strspn(s + 1, "0123456789");
		if (n == 0)
			return false;
		s += 1 + n;
	}
	if (!parse_offset(s, &off))
		return false;
	*ret_s = mdg_days_from_civil(y, mo, d) * 86400 + h * 3600 + mi * 60 +
		 se - off;
	return true;
}
