/*
 * What mailbox.change would make of an account, so that it can be tried before
 * it is: a wrong server is refused while the old one goes on working.
 *
 * An account that goes to another place (host, port, login) begins with folders
 * of its own there. Mails are known again by their content, as after another
 * UIDVALIDITY; what the old place said of UIDs, policies and sizes counts no
 * more, even where the new one happens to use the same UIDVALIDITY.
 */
#ifndef MDG_APP_MAILBOX_H
#define MDG_APP_MAILBOX_H

#include <jansson.h>

#include "madoguchi/app/desk.h"
#include "madoguchi/store/st_folder.h"

struct mdg_mailbox_plan {
	struct mdg_account was, acc;
	const char *password; /* NULL: as it is */
	bool moves;
	bool reaches; /* more than its name: worth a try */
	/* what is read then; id 0: not read yet */
	struct mdg_folder *folders;
	size_t folders_n;
};

/* args: of mailbox.change. All of *ret is on the arena or borrowed. */
bool mdg_mailbox_plan(struct mdg_desk *d, const json_t *args,
		      struct mdg_arena *a, struct mdg_mailbox_plan *ret,
		      struct mdg_err *err);

#endif
