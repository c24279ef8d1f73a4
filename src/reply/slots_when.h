/* Days in a mail, also relative ones, anchored to the day it was written. */
#ifndef MDG_REPLY_SLOTS_WHEN_H
#define MDG_REPLY_SLOTS_WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct when {
	size_t start, end; /* bytes */
	int64_t days;      /* since 1970-01-01 */
	unsigned confidence;
};

/* The next day named at or behind *at; moves *at behind it. *ret holds the day
 * named before, its end 0 if there was none. */
bool when_next(const char *s, size_t n, size_t *at, int64_t mail_day,
	       struct when *ret);

#endif
