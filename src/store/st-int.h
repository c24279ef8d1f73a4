/* NULL on both ways between rows and records, for st_*.c. */
#ifndef MDG_STORE_ST_INT_H
#define MDG_STORE_ST_INT_H

#include <string.h>

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

/* Clocks that passed ?1, the longest passed first, ?2 of them: by the index
 * clock_next, else SQLite walks them all. */
#define PASSED                                                                 \
	"(SELECT ticket_id, next_s FROM clock WHERE next_s IS NOT NULL"        \
	" AND next_s <= ?1 ORDER BY next_s LIMIT ?2)"
#define IN_PASSED "IN (SELECT ticket_id FROM " PASSED " p)"

/* Room for one more behind n rows; v moves. */
static inline void *
more_room(struct mdg_arena *a, void *v, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return v;
	*room = n ? n * 4 : 4;
	void *to = mdg_arena_array(a, *room, size);
	if (n)
		memcpy(to, v, n * size);
	return to;
}

#endif
