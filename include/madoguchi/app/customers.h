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
#include "madoguchi/base/arena.h"

enum { MDG_CUSTOMER_WORDS_MAX = 2000 }; /* bytes of a name, a note … */

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

/* Has it a ticket in a window of the viewer's (0: anybody), or none at all? */
bool mdg_customer_visible(struct mdg_desk *d, int64_t viewer, int64_t id,
			  bool *ret, struct mdg_err *err);

/* How a table of customers is taken in. */
struct mdg_customers_in {
	int64_t viewer;    /* whose customers may be touched; 0: all */
	int64_t first_row; /* number of the row behind the head, to tell of */
	bool replace;      /* over what is known already */
	enum mdg_lang lang;
	int64_t now_s;
};

/*
 * A table with a head (name, kana, company, note, addresses, phones, or 氏名,
 * メールアドレス …): each row is the customer with one of its addresses, else
 * with one of its numbers and the same name, else a new one. What was empty is
 * filled in, addresses and numbers are added; what is known stays unless
 * `replace`. ret: "rows", of these "new", "changed", "same", "conflict"
 * (something stayed), "refused" (nothing was taken), "told": row, outcome (also
 * "note"), why; "ignored": columns that nobody knows. MDG_ETOOBIG above
 * MDG_LIST_MAX rows, MDG_EFORMAT for what is no such table.
 */
bool mdg_customers_take(struct mdg_desk *d, const struct mdg_customers_in *how,
			const char *text, struct mdg_arena *a, json_t *ret,
			struct mdg_err *err);
/* Such rows as "customers", at most MDG_LIST_MAX behind the customer `after`;
 * "next": where to go on, if there may be more. */
bool mdg_customers_give(struct mdg_desk *d, int64_t viewer, int64_t after,
			json_t *ret, struct mdg_err *err);

/* Everything of `from` becomes of `into`, which keeps its own words. */
bool mdg_customers_merge(struct mdg_desk *d, int64_t into, int64_t from,
			 struct mdg_err *err);

#endif
