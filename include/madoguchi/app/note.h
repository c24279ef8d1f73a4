/*
 * note: what the team writes on a ticket for itself: comments (コメント) with
 * mentions, labels (ラベル). Never part of a mail.
 */
#ifndef MDG_APP_NOTE_H
#define MDG_APP_NOTE_H

#include "madoguchi/app/desk.h"

enum { MDG_NOTE_BYTES_MAX = 20000, MDG_LABEL_BYTES_MAX = 60 };

/*
 * A comment, with its event; "@sato" in it tells sato. mentioned (may be NULL)
 * gets their logins. An actor who is nobody in particular signs as person 0.
 */
bool mdg_note_add(struct mdg_desk *d, const struct mdg_actor *who,
		  struct mdg_ticket *t, const char *text, int64_t now_s,
		  struct mdg_arena *a, json_t *mentioned, struct mdg_err *err);

#endif
