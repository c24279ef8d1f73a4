/*
 * csv: rows of a query as a spreadsheet reads them (RFC 4180).
 *
 * A byte order mark first, or Excel takes it for CP932. The columns are the
 * members of all rows, in the order in which they first come; lists become
 * their items with commas between. A text that a spreadsheet would change gets
 * an apostrophe in front (base/csv.h).
 */
#ifndef MDG_QUERY_CSV_H
#define MDG_QUERY_CSV_H

#include <jansson.h>

#include "madoguchi/base/buf.h"

/* rows: an array of objects. */
void mdg_csv_put(struct mdg_buf *out, const json_t *rows);

#endif
