/* The second step of signing in; act_session.c, act_token.c. */
#ifndef MDG_APP_SESSION_INT_H
#define MDG_APP_SESSION_INT_H

#include "act-int.h"

enum mdg_second_step {
	MDG_SECOND_OFF, /* none is asked for */
	MDG_SECOND_WANTED,
	MDG_SECOND_RIGHT,    /* and used up */
	MDG_SECOND_RECOVERY, /* a recovery code, used up */
	MDG_SECOND_WRONG,
};
bool mdg_act_second_step(struct mdg_act_call *c, int64_t person,
			 const char *code, enum mdg_second_step *ret,
			 struct mdg_err *err);

#endif
