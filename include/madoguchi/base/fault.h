/*
 * Named crash points, for tests that really kill the process.
 *
 * In builds with --enable-faults, the environment variable
 *     MDG_FAULT=name[:n][,name[:n]…]
 * makes the n-th (default 1st) passage through MDG_FAULT("name") kill the
 * process with SIGKILL. A file named by MDG_FAULT_ONCE (if set) must exist and
 * is removed just before the kill, so that a restarted process goes on.
 * "fault point NAME" is written to stderr. Of the workers of one core only
 * the first process of each program has the points: its successor goes on.
 * Other builds compile the points away.
 *
 * tests/crash lists the names with `grep MDG_FAULT(`: each is a literal.
 */
#ifndef MDG_BASE_FAULT_H
#define MDG_BASE_FAULT_H

#include <stdbool.h>

#ifdef MDG_FAULTS
/* Whether a process of this program was started before. */
bool mdg_fault_spent(const char *program);
void mdg_fault_point(const char *name);
#define MDG_FAULT(name) mdg_fault_point(name)
#else
#define mdg_fault_spent(program) (false)
#define MDG_FAULT(name) ((void)0)
#endif

#endif
