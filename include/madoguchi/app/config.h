/*
 * config: what is needed before the store can be opened, and no more.
 * Mailboxes, people, windows and templates live in the store.
 *
 * madoguchi.conf holds `key = value` lines; `#` begins a comment line.
 * contrib/madoguchi.conf documents every key.
 */
#ifndef MDG_APP_CONFIG_H
#define MDG_APP_CONFIG_H

#include "madoguchi/base/arena.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/log.h"

enum { MDG_POLL_MIN_S = 30, MDG_POLL_MAX_S = 3600, MDG_POLL_DEFAULT_S = 60 };

struct mdg_config {
	const char *path;          /* the file that was read, NULL: none */
	const char *store;         /* URL */
	const char *key_file;      /* the master key */
	const char *socket;        /* of the control channel */
	const char *templates_dir; /* seed of a new desk */
	enum mdg_level log_level;
	const char *web_listen;    /* ADDRESS:PORT, "" for no browser */
	const char *web_url;       /* what people type; "" for http://listen */
	const char *clamd; /* the virus scanner's socket; "" for none */
	unsigned poll_s; /* how often a mailbox is asked at least */
};

/*
 * path NULL: $MADOGUCHI_CONF, else sysconfdir/madoguchi/madoguchi.conf. Only
 * that last one may be missing: then everything has its default. Errors name
 * file, line and the valid choices, for people.
 */
bool mdg_config_load(const char *path, struct mdg_arena *a,
		     struct mdg_config *ret, struct mdg_err *err);

#endif
