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

#include <iconv.h>
#include <jansson.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"

/* rows: an array of objects. */
void mdg_csv_put(struct mdg_buf *out, const json_t *rows);
/* "utf-8" (NULL too) or "cp932", what Japanese spreadsheets wrote until 2016.
 */
bool mdg_csv_encoding(const char *word, bool *ret_cp932, struct mdg_err *err);
/*
 * The same table in CP932, without a mark. cd: iconv_open("CP932", "UTF-8"), by
 * the caller, who may be confined by now. A character that CP932 does not have
 * is refused, with its name; `name`: what the table is called.
 */
bool mdg_csv_cp932(iconv_t cd, struct mdg_buf *b, const char *name,
		   struct mdg_err *err);

#endif
