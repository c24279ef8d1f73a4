#include "zone.h"

#include <stdlib.h>
#include <string.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

/*
 * Names that ICU knows but the IANA database does not: three letters that
 * mean different zones to different people. "JST" is refused so that nobody
 * learns to write it.
 */
static const char *const not_iana[] = {
	"ACT", "AET", "AGT", "ART", "AST",         "BET",     "BST",
	"CAT", "CNT", "CST", "CTT", "EAT",         "ECT",     "IET",
	"IST", "JST", "MIT", "NET", "NST",         "PLT",     "PNT",
	"PRT", "PST", "SST", "VST", "Etc/Unknown", "Factory",
};

static bool
is_iana_name(const char *name, const UChar *u, int32_t len)
{
	UChar canonical[MDG_ZONE_NAME_BYTES_MAX + 1];
	UBool system_id = false;
	UErrorCode st = U_ZERO_ERROR;

	for (size_t i = 0; i < MDG_LEN(not_iana); i++)
		if (mdg_streq(name, not_iana[i]))
			return false;
	if (mdg_str_starts(name, "SystemV/"))
		return false;
	ucal_getCanonicalTimeZoneID(u, len, canonical,
				    (int32_t)MDG_LEN(canonical), &system_id,
				    &st);
	return U_SUCCESS(st) && system_id;
}

static int64_t
offset_now(UCalendar *c, UErrorCode *st)
{
	return ((int64_t)ucal_get(c, UCAL_ZONE_OFFSET, st) +
		ucal_get(c, UCAL_DST_OFFSET, st)) /
	       1000;
}

/* All changes of offset in [from, to). */
static bool
read_steps(UCalendar *c, int64_t from_s, int64_t to_s, struct mdg_zone *z)
{
	UErrorCode st = U_ZERO_ERROR;
	UDate at;
	size_t cap = 64;

	z->steps = mdg_malloc(cap * sizeof(*z->steps));
	ucal_setMillis(c, (double)from_s * 1000, &st);
	z->steps[0] = (struct mdg_zone_step){from_s, offset_now(c, &st)};
	z->n = 1;
	while (U_SUCCESS(st) && z->n < MDG_ZONE_STEPS_MAX &&
	       ucal_getTimeZoneTransitionDate(c, UCAL_TZ_TRANSITION_NEXT, &at,
					      &st) &&
	       at < (double)to_s * 1000) {
		ucal_setMillis(c, at, &st);
		int64_t offset = offset_now(c, &st);
		/* a transition may change the name or the DST flag alone */
		if (offset == z->steps[z->n - 1].offset_s)
			continue;
		if (z->n == cap) {
			cap *= 2;
			z->steps =
				mdg_realloc(z->steps, cap * sizeof(*z->steps));
		}
		z->steps[z->n++] =
			(struct mdg_zone_step){(int64_t)(at / 1000), offset};
	}
	return U_SUCCESS(st);
}

bool
mdg_zone_load_icu(const char *name, int64_t from_s, int64_t to_s,
		  struct mdg_zone *ret)
{
	UChar u[MDG_ZONE_NAME_BYTES_MAX + 1];
	UErrorCode st = U_ZERO_ERROR;
	int32_t len;
	struct mdg_zone z = {0};

	u_strFromUTF8(u, (int32_t)MDG_LEN(u), &len, name, -1, &st);
	if (U_FAILURE(st) || !is_iana_name(name, u, len))
		return false;
	UCalendar *c = ucal_open(u, len, "en", UCAL_GREGORIAN, &st);
	bool ok = U_SUCCESS(st) && read_steps(c, from_s, to_s, &z);
	if (c)
		ucal_close(c);
	if (!ok) {
		mdg_zone_clear(&z);
		return false;
	}
	z.name = mdg_strdup(name);
	*ret = z;
	return true;
}

bool
mdg_zone_load(const char *name, int64_t from_s, int64_t to_s,
	      struct mdg_zone *ret)
{
	if (!*name || strlen(name) > MDG_ZONE_NAME_BYTES_MAX)
		return false;
	return mdg_zone_load_tzif(name, from_s, to_s, ret) ||
	       mdg_zone_load_icu(name, from_s, to_s, ret);
}

void
mdg_zone_clear(struct mdg_zone *z)
{
	free(z->name);
	free(z->steps);
	*z = (struct mdg_zone){0};
}

size_t
mdg_zone_step_at(const struct mdg_zone *z, int64_t t_s)
{
	size_t lo = 0, hi = z->n;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;
		if (z->steps[mid].at_s <= t_s)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}
