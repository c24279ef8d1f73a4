#include "madoguchi/mail/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/authres.h"

const char *const mdg_verdict_fields[] = {"X-Spam-Flag",
					  "X-Spam-Status",
					  "X-Spam-Score",
					  "X-Spam-Level",
					  "X-Spamd-Result",
					  "X-MS-Exchange-Organization-SCL",
					  "X-Forefront-Antispam-Report",
					  "X-MS-Exchange-CrossTenant-Id",
					  "X-MS-Exchange-CrossTenant-AuthAs",
					  NULL};

enum { AUTH_FAILED = 3, SCORE_SANE = 1000 };

/* ---- numbers ---- */

/* A decimal at p, in tenths; false if there is none. strtod follows the
 * locale, and mail does not. */
static bool
tenths(const char *p, int *ret)
{
	bool minus = *p == '-';
	int n = 0;

	p += *p == '-' || *p == '+';
	if (*p < '0' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9' && n < SCORE_SANE; p++)
		n = n * 10 + (*p - '0');
	n *= 10;
	if (*p == '.' && p[1] >= '0' && p[1] <= '9')
		n += p[1] - '0';
	*ret = minus ? -n : n;
	return true;
}

/* A score as a share of what is needed to be filed, which is 5. */
static int
points(int score, int needed)
{
	int n = needed > 0 ? score * MDG_SPAM_FILED / needed : score / 10;

	return n < 0 ? 0 : n > MDG_SPAM_MAX ? MDG_SPAM_MAX : n;
}

/* "score=7.3" in a list of such. */
static bool
named(const char *v, const char *name, int *ret)
{
	const char *p = mdg_strcasestr(v, name);

	return p && tenths(p + strlen(name), ret);
}

/* ---- one field ---- */

static int
flag_points(const char *v)
{
	return mdg_str_case_starts(v, "yes") ? MDG_SPAM_FILED + 1 : 0;
}

/* "Yes, score=7.3 required=5.0 tests=…" */
static int
status_points(const char *v)
{
	int score, needed = 50, n = 0;

	named(v, "required=", &needed);
	if (named(v, "score=", &score) || named(v, "hits=", &score))
		n = points(score, needed);
	if (mdg_str_case_starts(v, "yes") && n < MDG_SPAM_FILED)
		n = MDG_SPAM_FILED;
	return n;
}

/* "7.3", "7.3 (+++++++)", "7.3/5.0" */
static int
score_points(const char *v)
{
	const char *slash = strchr(v, '/');
	int score, needed = 50;

	if (!tenths(v, &score))
		return MDG_SPAM_UNKNOWN;
	if (slash)
		tenths(slash + 1 + strspn(slash + 1, " "), &needed);
	return points(score, needed);
}

/* "*******", "+++" */
static int
level_points(const char *v)
{
	size_t n = strspn(v, *v == '+' ? "+" : "*");

	return n > MDG_SPAM_MAX ? MDG_SPAM_MAX : (int)n;
}

/* rspamd: "default: False [3.20 / 15.00]; …" */
static int
rspamd_points(const char *v)
{
	const char *open = strchr(v, '[');

	return open ? score_points(open + 1 + strspn(open + 1, " "))
		    : MDG_SPAM_UNKNOWN;
}

/* Exchange: -1 to 9, 5 and more is spam. */
static int
scl_points(const char *v)
{
	int n;

	if (!tenths(v, &n))
		return MDG_SPAM_UNKNOWN;
	return points(n, 50);
}

/* "CIP:…;SCL:5;…" */
static int
forefront_points(const char *v)
{
	for (const char *p = v; (p = mdg_strcasestr(p, "SCL:")); p++)
		if (p == v || strchr("; ", p[-1]))
			return scl_points(p + 4);
	return MDG_SPAM_UNKNOWN;
}

static const struct {
	const char *field;
	int (*points)(const char *v);
} readers[] = {
	{"X-Spam-Flag", flag_points},
	{"X-Spam-Status", status_points},
	{"X-Spam-Score", score_points},
	{"X-Spam-Level", level_points},
	{"X-Spamd-Result", rspamd_points},
	{"X-MS-Exchange-Organization-SCL", scl_points},
	{"X-Forefront-Antispam-Report", forefront_points},
};

/* What stands behind "name: ", NULL if it is another one. */
static const char *
value_of(const char *verdict, const char *name)
{
	size_t n = strlen(name);

	if (!mdg_str_case_starts(verdict, name) || verdict[n] != ':')
		return NULL;
	return verdict + n + 1 + strspn(verdict + n + 1, " \t");
}

/* ---- all of them ---- */

static int
auth_points(const struct mdg_mail *m)
{
	struct mdg_auth_verdict v;

	if (m->auth_results.n == 0)
		return MDG_SPAM_UNKNOWN;
	mdg_auth_verdict(m->auth_results.v[0], "dmarc", "", &v);
	return mdg_streq(v.result, "fail") ? AUTH_FAILED : 0;
}

int
mdg_verdict_spam(const struct mdg_mail *m)
{
	int most = auth_points(m);

	for (size_t i = 0; i < m->verdicts.n; i++)
		for (size_t k = 0; k < MDG_LEN(readers); k++) {
			const char *v =
				value_of(m->verdicts.v[i], readers[k].field);
			int n = v ? readers[k].points(v) : MDG_SPAM_UNKNOWN;
			if (n > most)
				most = n;
		}
	return most;
}

/* The value of a field that stands there just once; NULL otherwise. */
static const char *
only(const struct mdg_strings *verdicts, const char *name)
{
	const char *found = NULL;

	for (size_t i = 0; i < verdicts->n; i++) {
		const char *v = value_of(verdicts->v[i], name);
		if (v && found)
			return NULL;
		if (v)
			found = v;
	}
	return found;
}

bool
mdg_verdict_tenant(const struct mdg_strings *verdicts, const char *tenant)
{
	const char *id = only(verdicts, "X-MS-Exchange-CrossTenant-Id");
	const char *as = only(verdicts, "X-MS-Exchange-CrossTenant-AuthAs");

	return mdg_tenant_valid(tenant) && id && as &&
	       mdg_strcaseeq(id, tenant) && mdg_strcaseeq(as, "Internal");
}

bool
mdg_tenant_valid(const char *tenant)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	for (size_t i = 0; i < sizeof(form); i++)
		if (form[i] == 'x' ? !tenant[i] || !strchr("0123456789abcdef"
							   "ABCDEF",
							   tenant[i])
				   : tenant[i] != form[i])
			return false;
	return true;
}
