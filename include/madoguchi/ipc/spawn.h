/*
 * spawn: start one of our programs with a channel on its fd 3.
 *
 * fork + exec, so that nothing of the parent's memory is inherited; stdin is
 * /dev/null, stderr is shared (the log), every other fd is closed; the child
 * dies with its parent (PR_SET_PDEATHSIG).
 */
#ifndef MDG_IPC_SPAWN_H
#define MDG_IPC_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "madoguchi/base/err.h"

/*
 * argv[0] is the program's name without directory ("mdg-parse"); it is looked
 * up in $MDG_LIBEXEC (tests, uninstalled runs), beside the running program,
 * then in the installed libexec folder. argv ends with NULL. On success *fd is
 * a connected stream socket (close-on-exec, blocking).
 */
bool mdg_spawn(const char *const *argv, pid_t *ret_pid, int *ret_fd,
	       struct mdg_err *err);

/*
 * Opens the programs of these names (NULL ends) now and starts these, whatever
 * an upgrade puts in their place later: parts of two versions never meet, and
 * what runs goes on until it is started anew. Once in a process.
 */
void mdg_spawn_hold(const char *const *names);
/* Other files have taken the place of programs that are held. */
bool mdg_spawn_replaced(void);

#endif
