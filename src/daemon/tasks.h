/* What the tasks of tasks.c, task_test.c and task_folders.c share. */
#ifndef MDG_DAEMON_TASKS_H
#define MDG_DAEMON_TASKS_H

#include "core.h"

extern const struct mdg_act task_acts[];
/* Is the mailbox in an answer of mailbox.list? */
bool task_mailbox_listed(const json_t *listed, const char *name);
/* The mailbox that "name" names, if they may see it; false: they were told. */
bool task_mailbox(struct core *c, struct client *cl, uint32_t id,
		  const struct mdg_actor *who, const json_t *args,
		  struct mdg_arena *a, struct mdg_account *ret);

void task_mailbox_test(struct core *c, struct client *cl, uint32_t id,
		       const struct mdg_actor *who, const json_t *args);
void task_reconcile(struct core *c, struct client *cl, uint32_t id,
		    const struct mdg_actor *who, const json_t *args);
void task_folders(struct core *c, struct client *cl, uint32_t id,
		  const struct mdg_actor *who, const json_t *args);

#endif
