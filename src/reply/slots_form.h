/* Normal forms of what a customer's mail names. */
#ifndef MDG_REPLY_SLOTS_FORM_H
#define MDG_REPLY_SLOTS_FORM_H

#include <stddef.h>

#include "madoguchi/base/arena.h"

/* Without the spaces around it and without 様. */
char *form_name(struct mdg_arena *a, const char *s, size_t n);
/* In one line, each space once. */
char *form_place(struct mdg_arena *a, const char *s);
/* ASCII letters in upper case. */
char *form_upper(struct mdg_arena *a, const char *s, size_t n);
/* text[start, end) as digits with a leading 0; NULL if it is no customer's
 * phone. */
char *form_phone(struct mdg_arena *a, const char *text, size_t start,
		 size_t end);
/* Yen as a number: 1万2千円, 一億円, 1.5万円; NULL if there is none. */
char *form_amount(struct mdg_arena *a, const char *s, size_t n);

#endif
