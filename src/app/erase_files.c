/* After an erasure: the files of the store. */
#include <stdio.h>

#include "erase-int.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/digest.h"

bool
mdg_erase_want(struct mdg_desk *d, struct mdg_err *err)
{
	unsigned char raw[(MDG_ERASE_MARK - 1) / 2];
	char mark[MDG_ERASE_MARK];

	mdg_random(raw, sizeof(raw));
	mdg_hex(raw, sizeof(raw), mark);
	return mdg_setting_put(d->db, "scrub", mark, err);
}

bool
mdg_erase_asked(struct mdg_desk *d, struct mdg_err *err)
{
	char now[24];

	snprintf(now, sizeof(now), "%lld", (long long)mdg_now_s());
	return mdg_setting_put(d->db, "erased_s", now, err);
}

bool
mdg_erase_wanted(struct mdg_desk *d, struct mdg_arena *a, const char **ret,
		 struct mdg_err *err)
{
	return mdg_setting_get(d->db, "scrub", a, ret, err);
}

bool
mdg_erase_cleaned(struct mdg_desk *d, const char *mark, struct mdg_err *err)
{
	/* only now: a crash before this cleans once more */
	MDG_FAULT("erase.scrubbed");
	return mdg_db_run(d->db, err,
			  "DELETE FROM setting WHERE key = 'scrub'"
			  " AND value = ?1",
			  "s", mark);
}

bool
mdg_erase_finish(struct mdg_desk *d, bool *ret_done, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *mark;
	bool clean;

	*ret_done = false;
	if (!mdg_erase_wanted(d, &a, &mark, err))
		return false;
	if (*mark && !mdg_db_scrub(d->db, &clean, err))
		return false;
	if (*mark && !clean)
		return true;
	if (*mark && !mdg_erase_cleaned(d, mark, err))
		return false;
	*ret_done = true;
	return true;
}
