/* What the tasks of tasks.c, task_test.c and task_folders.c share. */
#ifndef MDG_DAEMON_TASKS_H
#define MDG_DAEMON_TASKS_H

#include "core.h"
#include "madoguchi/app/mailbox.h"

extern const struct mdg_act task_acts[];
/* Is the mailbox in an answer of mailbox.list? */
bool task_mailbox_listed(const json_t *listed, const char *name);
/* The mailbox that "name" names, if they may see it; false: they were told. */
bool task_mailbox(struct core *c, struct client *cl, uint32_t id,
		  const struct mdg_actor *who, const json_t *args,
		  struct mdg_arena *a, struct mdg_account *ret);

void task_mailbox_test(struct core *c, struct client *cl, uint32_t id,
		       const struct mdg_actor *who, const json_t *args);
/* mailbox.change: tried as the account would be, then saved. */
void task_mailbox_change(struct core *c, struct client *cl, uint32_t id,
			 const struct mdg_actor *who, const json_t *args);
/* Tries it, then saves it: args (stolen) are of mailbox.change, the arena is
 * taken over. */
void task_test_plan(struct core *c, struct client *cl, uint32_t id,
		    const struct mdg_actor *who, json_t *args,
		    const struct mdg_mailbox_plan *plan, struct mdg_arena *a);
void task_reconcile(struct core *c, struct client *cl, uint32_t id,
		    const struct mdg_actor *who, const json_t *args);
void task_folders(struct core *c, struct client *cl, uint32_t id,
		  const struct mdg_actor *who, const json_t *args);

#endif
