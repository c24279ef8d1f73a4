/*
 * Errors: one value, filled by whoever fails, read by whoever can tell a
 * person or decide what to do.
 *
 * Every fallible function returns bool and takes `struct mdg_err *err` last.
 * true: every ret_ argument is set. false: no ret_ argument was touched and
 * err is filled. Passing err = NULL is allowed where the reason is not needed.
 *
 * Two kinds of text:
 *   mdg_fail()      English, for logs and for errors between machines;
 *   mdg_fail_msg()  a message id with string arguments, for errors that a
 *                   person reads: rendered in the person's language by
 *                   mdg_err_text() (tables in base/messages.def).
 * Neither may hold mail content or a secret: both reach the log.
 *
 * Only mains, workers and app log; every other room fills err and returns.
 */
#ifndef MDG_BASE_ERR_H
#define MDG_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/msg.h"

/* What a machine may decide by. Exit codes and HTTP states derive from it. */
enum mdg_code {
	MDG_OK = 0,
	MDG_EINVAL,    /* the caller's argument is wrong */
	MDG_EFORMAT,   /* bytes are not in the form they should have */
	MDG_ETOOBIG,   /* a named limit (limits.h) was passed */
	MDG_ENOENT,    /* no such thing */
	MDG_EEXIST,    /* there already is one */
	MDG_EPERM,     /* the actor's role does not allow it */
	MDG_ECONFLICT, /* someone else changed it first; read again */
	MDG_ESTATE,    /* not possible in the state it is in */
	MDG_EBUSY,     /* held by another process; try later */
	MDG_EIO,       /* the operating system said no */
	MDG_EFULL,     /* no space left on the device */
	MDG_ENET,      /* no connection, or it broke */
	MDG_ETLS,      /* the peer could not be verified */
	MDG_EAUTH,     /* the peer refused our name or password */
	MDG_ETIMEOUT,  /* the deadline passed */
	MDG_EPROTO,    /* the peer broke the protocol */
	MDG_EDB,       /* the store refused a statement */
	MDG_EBUG,      /* ours */
	MDG_ESTALE,    /* what the caller saw of it is not true any more */
	MDG_CODE_N
};

enum { MDG_ERR_TEXT_MAX = 1024 };

struct mdg_err {
	enum mdg_code code;
	enum mdg_msg id;             /* MDG_MSG_NONE: `text` is English */
	char text[MDG_ERR_TEXT_MAX]; /* English, or args each ending in NUL */
	size_t args_len;
};

/* Fill err (if given) with English text; always returns false. */
bool mdg_fail(struct mdg_err *err, enum mdg_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Fill err with a message for people. The arguments are `const char *` in
 * valid UTF-8, as many as the message has places, closed by NULL. Over-long
 * arguments are cut on a character boundary.
 */
bool mdg_fail_msg(struct mdg_err *err, enum mdg_code code, enum mdg_msg id,
		  ...) __attribute__((sentinel));

/*
 * The text of err in `lang`, written to `out` (always NUL-terminated,
 * at most n bytes). Returns out.
 */
const char *mdg_err_text(const struct mdg_err *err, enum mdg_lang lang,
			 char *out, size_t n);

/* The same in English, for the log; lives until the next call. */
const char *mdg_err_en(const struct mdg_err *err);

/* "not-found", "conflict", …: stable names for --json and the API. */
const char *mdg_code_name(enum mdg_code code);
/* The reverse; MDG_EBUG for an unknown name. */
enum mdg_code mdg_code_from_name(const char *name);

/* sysexits(3) value for a command line: 64 usage, 65 data, 69 unavailable… */
int mdg_code_exit(enum mdg_code code);

/* Cleanup attribute for locals: MDG_AUTO(mdg_buf_clear) struct mdg_buf b; */
#define MDG_AUTO(fn) __attribute__((cleanup(fn)))
#define MDG_USE_RESULT __attribute__((warn_unused_result))
#define MDG_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* A bug of ours: says where, then aborts. The supervisor restarts us. */
#define MDG_BUG_ON(cond)                                                       \
	do {                                                                   \
		if (__builtin_expect(!!(cond), 0))                             \
			mdg_bug(__FILE__, __LINE__, #cond);                    \
	} while (0)
void mdg_bug(const char *file, int line, const char *cond)
	__attribute__((noreturn));

#endif
