/*
 * Declared form notices, and whom a mail is from when its writer speaks for
 * somebody else.
 */
#ifndef MDG_STORE_ST_FORM_H
#define MDG_STORE_ST_FORM_H

#include "madoguchi/model/mail.h"
#include "madoguchi/store/db.h"

struct mdg_form_row {
	int64_t id, win_id;
	const char *name;
	const char *address, *from_key; /* who sends the notices */
	const char *subject;            /* pattern, see mail/form.h */
	const char *fields;             /* JSON: {"name": "お名前", …} */
	const char *server;      /* whose Authentication-Results count, or "" */
	const char *pass_domain; /* that must have passed there */
	const char *route;       /* the way it comes in, or "" */
};

/* MDG_EEXIST: the window has one of that name. */
bool mdg_form_add(struct mdg_db *db, const struct mdg_form_row *f,
		  int64_t now_s, int64_t *ret_id, struct mdg_err *err);
enum mdg_found mdg_form_by_name(struct mdg_db *db, int64_t win,
				const char *name, struct mdg_arena *a,
				struct mdg_form_row *ret, struct mdg_err *err);
bool mdg_form_remove(struct mdg_db *db, int64_t id, struct mdg_err *err);
/* Those of a window that this address sends; *ret_n <= max. */
bool mdg_forms_from(struct mdg_db *db, int64_t win, const char *from_key,
		    struct mdg_arena *a, struct mdg_form_row *ret, size_t max,
		    size_t *ret_n, struct mdg_err *err);

/* Does a declared form of the window write from this address? */
bool mdg_form_sends_from(struct mdg_db *db, int64_t win, const char *key,
			 bool *ret, struct mdg_err *err);

/* For whom a mail speaks: replaces what was known. */
bool mdg_message_customer_put(struct mdg_db *db, int64_t message,
			      const struct mdg_address *who,
			      struct mdg_err *err);
/*
 * A mail of a ticket whose writer spoke for somebody before: for the same one
 * again.
 */
bool mdg_message_customer_carry(struct mdg_db *db, int64_t ticket,
				int64_t message, const char *from_key,
				struct mdg_err *err);

#endif
