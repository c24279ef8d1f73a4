/*
 * Mail that speaks for somebody else: declared form notices, and to whom an
 * answer goes.
 */
#ifndef MDG_APP_FORM_H
#define MDG_APP_FORM_H

#include "madoguchi/app/desk.h"
#include "madoguchi/mail/form.h"
#include "madoguchi/store/st_form.h"

struct mdg_form_match {
	struct mdg_form_row row;
	struct mdg_form_map map;
	bool found;    /* From and subject are those of a declared form */
	bool verified; /* and our server, or the way it came, bears it out */
};
/* The declared form of the window that a mail comes from. */
bool mdg_form_find(struct mdg_desk *d, int64_t win, const struct mdg_mail *m,
		   struct mdg_arena *a, struct mdg_form_match *ret,
		   struct mdg_err *err);

/* {"name": "お名前", …} as a map; false (for people) for an unknown field. */
bool mdg_form_map_read(const json_t *fields, struct mdg_arena *a,
		       struct mdg_form_map *ret, struct mdg_err *err);

/* What was taken from a notice, as people read it. */
json_t *mdg_form_values_json(const struct mdg_form_values *v);

/* Our own addresses, as keys. */
bool mdg_desk_own_keys(struct mdg_desk *d, struct mdg_arena *a,
		       struct mdg_strings *ret, struct mdg_err *err);

/* Why there is nobody to answer to. */
enum mdg_reply_block {
	MDG_REPLY_OPEN,
	MDG_REPLY_NO_CUSTOMER, /* a form notice without an address */
	MDG_REPLY_SUSPECTED    /* looks like a form's, from a machine */
};
/*
 * To whom an answer to this mail goes: the customer it speaks for, else its
 * Reply-To, else its From; Cc: its others without ourselves.
 */
bool mdg_reply_recipients(struct mdg_desk *d, int64_t message,
			  struct mdg_arena *a, struct mdg_addresses *to,
			  struct mdg_addresses *cc, enum mdg_reply_block *block,
			  struct mdg_err *err);

#endif
