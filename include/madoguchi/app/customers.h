/*
 * customers: one person with several addresses and phones, found whatever way
 * the name or the number is written.
 *
 * Names are compared as in mdg_fold(MDG_FOLD_NAME) with hiragana as katakana
 * (高 髙, 崎 﨑, 辺 邊 邉, さとう サトウ ｻﾄｳ); phones by their digits (03-1234-5678,
 * 0312345678, +81 3 1234 5678).
 */
#ifndef MDG_APP_CUSTOMERS_H
#define MDG_APP_CUSTOMERS_H

#include "madoguchi/app/desk.h"

/* Digits to compare by, national form; "" for what is no number. */
void mdg_phone_key(const char *text, struct mdg_buf *out);
/* The form of a name to compare by. */
void mdg_name_key(const char *text, struct mdg_buf *out);

/* The customer with that phone number, the newest of several. */
enum mdg_found mdg_customer_by_phone(struct mdg_desk *d, const char *phone,
				     int64_t *ret_id, struct mdg_err *err);
bool mdg_customer_phone_put(struct mdg_desk *d, int64_t id, const char *phone,
			    struct mdg_err *err);

/* Those whose name, reading, company, address or phone holds the text, as an
 * array "customers" in ret. viewer: only those with a ticket in a window of
 * theirs, or with none at all. */
bool mdg_customers_find(struct mdg_desk *d, int64_t viewer, const char *text,
			json_t *ret, struct mdg_err *err);

/* Everything of `from` becomes of `into`, which keeps its own words. */
bool mdg_customers_merge(struct mdg_desk *d, int64_t into, int64_t from,
			 struct mdg_err *err);

#endif
