/* A row of a table of customers; read by customers_row.c. */
#ifndef MDG_APP_CUSTOMERS_INT_H
#define MDG_APP_CUSTOMERS_INT_H

#include "madoguchi/app/customers.h"

enum { MDG_CSV_COLUMNS_MAX = 100, MDG_CSV_CONTACTS_MAX = 50 /* of one row */ };

enum {
	CSV_NAME,
	CSV_KANA,
	CSV_COMPANY,
	CSV_NOTE,
	CSV_WORDS_N,
	CSV_ADDRESSES = CSV_WORDS_N,
	CSV_PHONES,
	CSV_N
};

/* What the first row says: to which column the i-th cell belongs, -1: none. */
struct mdg_csv_head {
	int map[MDG_CSV_COLUMNS_MAX];
	size_t n;
};

/* One more contact than may be says that there were too many. */
struct mdg_csv_row {
	const char *words[CSV_WORDS_N];
	struct mdg_strings addresses, phones;
	bool too_wide; /* more cells than the head has */
};

/* As we write it in the first row. */
const char *mdg_csv_column(int column);
/* ignored: names that nobody knows are added. */
bool mdg_csv_read_head(const char **p, struct mdg_arena *a,
		       struct mdg_csv_head *ret, json_t *ignored,
		       struct mdg_err *err);
/* number: of the row, for an error. *ret_any: there is anything in it. */
bool mdg_csv_read_row(const char **p, struct mdg_arena *a,
		      const struct mdg_csv_head *head, int64_t number,
		      struct mdg_csv_row *ret, bool *ret_any,
		      struct mdg_err *err);

#endif
