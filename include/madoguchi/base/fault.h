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
 * MDG_FAULT_WORDS=words makes each passage of a text that holds those words
 * kill the process, however often it is started: a poisoned mail.
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
void mdg_fault_words(const char *text);
#define MDG_FAULT_WORDS(text) mdg_fault_words(text)
#else
#define mdg_fault_spent(program) (false)
#define MDG_FAULT(name) ((void)0)
#define MDG_FAULT_WORDS(text) ((void)0)
#endif

#endif
