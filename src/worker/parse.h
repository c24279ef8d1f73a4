/*
 * mdg-parse: three ways to run one program.
 *
 *   mdg-parse               the core's worker, on its channel
 *   mdg-parse --json …      by hand: opens the files and prints
 *   mdg-parse --pipe …      the child of that, confined like the worker
 */
#ifndef MDG_WORKER_PARSE_H
#define MDG_WORKER_PARSE_H

#include "madoguchi/ipc/chan.h"
#include "madoguchi/mime/parse.h"

struct parse_args {
	bool json, pipe, explain;
	int timeout_ms; /* for one mail */
	struct mdg_strings own;
	const char **files; /* ends with NULL */
};

/* Between parent and child of the stand-alone mode: a mail and its line, cut
 * into frames. Their id is 1 in the last one, else 0. */
enum { PIPE_PIECE_BYTES = 1 << 20 };
bool parse_pipe_send(struct mdg_chan *c, uint16_t type, struct mdg_span whole,
		     struct mdg_err *err);
/* One whole; *ret is borrowed from c or, if it came in pieces, from pieces. */
bool parse_pipe_recv(struct mdg_chan *c, int timeout_ms, uint16_t *type,
		     struct mdg_buf *pieces, struct mdg_span *ret,
		     struct mdg_err *err);

/* Each returns an exit code. */
int parse_worker(void);
int parse_pipe(const struct parse_args *a);
int parse_alone(const struct parse_args *a);

/* Give memory back after a large mail. */
void parse_tidy(struct mdg_chan *c, size_t mail_bytes);

#endif
