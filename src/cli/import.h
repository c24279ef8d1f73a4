/*
 * import: mails from files through the desk's own intake.
 *
 * import_read.c finds the mails (mbox, Maildir, .eml), import_parse.c has
 * them read by a confined mdg-parse, import.c stores and threads them.
 */
#ifndef MDG_CLI_IMPORT_H
#define MDG_CLI_IMPORT_H

#include <sys/types.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/ipc/chan.h"
#include "madoguchi/model/mail.h"
#include "madoguchi/store/db.h"

#include "offline.h"

/* One mail as it lies in a file; the bytes live until each() returns. */
struct mdg_import_mail {
	const char *file;
	struct mdg_span raw;
	int64_t date_s; /* Date, From_ line or the file's time */
};
typedef bool (*mdg_import_fn)(void *ctx, const struct mdg_import_mail *m,
			      struct mdg_err *err);
/* Every mail of path, in order. */
bool mdg_import_each(const char *path, mdg_import_fn fn, void *ctx,
		     struct mdg_err *err);

/* The parser; started when it is first needed, again when it died. */
struct mdg_import_parser {
	struct mdg_chan chan;
	pid_t pid; /* 0: none */
};
void mdg_import_parser_close(struct mdg_import_parser *p);

enum { MDG_IMPORT_BATCH = 100 };
/* A stored mail on its way through the parser. */
struct mdg_import_item {
	int64_t delivery_id, raw_id;
	size_t zstd_bytes;
};
/* m NULL: no parser survives it, or it cannot be read: why says it. */
typedef bool (*mdg_parsed_fn)(void *ctx, size_t i, const struct mdg_mail *m,
			      const char *why, struct mdg_err *err);
/*
 * Parses all items, several at once, and hands them out in order. After a
 * crash or a timeout those in flight are parsed again, each alone.
 */
bool mdg_import_parse(struct mdg_import_parser *p, struct mdg_db *db,
		      const struct mdg_import_item *items, size_t n,
		      mdg_parsed_fn fn, void *ctx, struct mdg_err *err);

#endif
