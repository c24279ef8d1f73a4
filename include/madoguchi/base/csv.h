/*
 * csv: cells of a table as spreadsheets write and read them (RFC 4180).
 *
 * A spreadsheet runs a text that begins as a formula does, drops the zeros in
 * front of digits and rounds long numbers. Such a text goes out with an
 * apostrophe in front, and comes in without it.
 */
#ifndef MDG_BASE_CSV_H
#define MDG_BASE_CSV_H

#include <stdbool.h>

#include "madoguchi/base/arena.h"

/* Must an apostrophe stand in front of this text? */
bool mdg_csv_guards(const char *s);

/*
 * The next cell behind *pp, on the arena, its apostrophe taken off, line ends
 * as LF; *end: it is the last of its row. NULL: its quote is never closed.
 */
const char *mdg_csv_cell(const char **pp, struct mdg_arena *a, bool *end);

#endif
