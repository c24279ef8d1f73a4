/*
 * confine: what a process gives up before it reads a byte from outside.
 *
 * All our processes run as one uid, so separation is made here: Landlock for
 * files, seccomp for system calls, rlimits for memory and processes, and
 * non-dumpable so that siblings cannot read its memory. A worker opens its
 * data (converters, dictionaries, CA files) first, then confines itself, then
 * sends HELLO.
 *
 *   role   files            network         may create processes
 *   parse  none             none            no
 *   text   none             none            no
 *   scan   none             none but the one connection it was made with   no
 *   imap   ro list          connect         no
 *   smtp   ro list          connect         no
 *   token  ro list          connect         no, but threads (libcurl's resolver)
 *   web    ro list          accept only     no
 *   core   (not confined, only made non-dumpable: it owns the store)
 *
 * parse, text, scan: open and socket calls answer EACCES (libraries probe), and
 * everything outside a short list kills the process. imap, smtp, token, web:
 * ptrace, kill, exec, fork and their kin answer EPERM, and web has no socket
 * but the one that it listens on.
 * A kernel without Landlock: a warning is logged and the rest applies.
 * Builds with sanitizers skip seccomp's kill list and RLIMIT_AS, which the
 * sanitizers' own run-time cannot live under.
 */
#ifndef MDG_IPC_CONFINE_H
#define MDG_IPC_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/err.h"

enum mdg_role {
	MDG_ROLE_CORE,
	MDG_ROLE_PARSE,
	MDG_ROLE_TEXT,
	MDG_ROLE_IMAP,
	MDG_ROLE_SMTP,
	MDG_ROLE_TOKEN,
	MDG_ROLE_WEB,
	MDG_ROLE_SCAN,
	MDG_ROLE_N
};

/* "madoguchid", "mdg-parse", … */
const char *mdg_role_program(enum mdg_role role);

/*
 * ro_paths: files and folders that stay readable, ends with NULL (may be
 * NULL). The resolver's and the system's CA files are added for imap, smtp and token.
 */
bool mdg_confine(enum mdg_role role, const char *const *ro_paths,
		 struct mdg_err *err);

#endif
