/*
 * The Date field as broken mailers write it (RFC 5322 §3.3, §4.3 and what
 * Japanese phones, forms and scripts send instead).
 *
 * gmime's reader takes unknown zone names and "+09:00" for UTC without a
 * word, so the project has its own.
 */
#ifndef MDG_MIME_DATE_H
#define MDG_MIME_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "madoguchi/base/buf.h"

/*
 * Understood: comments; any day name; "21 Nov 2026", "Nov 21 2026" (asctime),
 * "2026-11-21", "2026/11/21", "2026年11月21日", 令和; two- and three-digit
 * years; seconds missing; '.' between hours and minutes; 午前/午後, AM/PM;
 * "+0900", "+09:00", "UTC+9", obsolete and common zone names. Without a zone:
 * +0000, but +0900 where the date is written in Japanese.
 *
 * false: no date there, or an absurd one (before 1970 or after 2200, or a
 * day that does not exist). Nothing is guessed.
 */
bool mdg_date_parse(struct mdg_span value, int64_t *ret_s);

#endif
