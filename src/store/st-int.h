/* NULL on both ways between rows and records, for st_*.c. */
#ifndef MDG_STORE_ST_INT_H
#define MDG_STORE_ST_INT_H

#include "madoguchi/base/arena.h"
#include "madoguchi/store/db.h"

/* 0 is no id and no time: stored as NULL. The value must outlive the call. */
static inline const int64_t *
or_null(const int64_t *v)
{
	return *v ? v : NULL;
}

static inline const char *
text_or_null(struct mdg_rows *r, int col, struct mdg_arena *a)
{
	const char *s = mdg_rows_text_or_null(r, col);

	return s ? mdg_arena_strdup(a, s) : NULL;
}

#endif
