#include "madoguchi/base/csv.h"

#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

enum { DIGITS_KEPT = 11 }; /* more are shown as 1.23E+11 */

bool
mdg_csv_guards(const char *s)
{
	/* Excel in Japan takes the wide ones as well */
	static const char *const wide[] = {"＝", "＋", "－", "＠"};
	size_t n;

	s += strspn(s, "'"); /* one more, so that ours can be taken off */
	n = strspn(s, "0123456789");
	if (!*s || strchr("=+-@\t\r\n", *s))
		return *s != '\0';
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++)
		if (mdg_str_starts(s, wide[i]))
			return true;
	return n > 1 && !s[n] && (*s == '0' || n > DIGITS_KEPT);
}

const char *
mdg_csv_cell(const char **pp, struct mdg_arena *a, bool *end)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	const char *p = *pp;
	bool quoted = *p == '"';

	for (p += quoted; *p; p++) {
		if (quoted && *p == '"') {
			if (p[1] != '"') {
				quoted = false;
				continue;
			}
			p++;
		} else if (!quoted && strchr(",\r\n", *p)) {
			break;
		}
		if (*p != '\r')
			mdg_buf_putc(&b, *p);
	}
	if (quoted)
		return NULL;
	*end = *p != ',';
	p += *p == ',' || *p == '\r';
	p += *end && *p == '\n';
	*pp = p;
	const char *s = mdg_buf_str(&b);
	return mdg_arena_strdup(a, s + (*s == '\'' && mdg_csv_guards(s)));
}
