/*
 * suggest: what mdg-text is told and asked, and what is kept of its answers.
 * JSON texts are the payloads of CATALOGUE and SUGGEST; free() them.
 * (app/judge.h: what becomes of the answers about a mail.)
 */
#ifndef MDG_APP_SUGGEST_H
#define MDG_APP_SUGGEST_H

#include "madoguchi/app/desk.h"
#include "madoguchi/store/st_reply.h"

/* The templates in use; one that cannot be read is left out. NULL with err. */
char *mdg_suggest_catalogue(struct mdg_desk *d, struct mdg_err *err);


#endif
