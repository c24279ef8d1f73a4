/* A confined mdg-parse at work on several mails at once. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/ipc/confine.h"
#include "madoguchi/ipc/proto.h"
#include "madoguchi/ipc/spawn.h"
#include "madoguchi/store/st_mail.h"

#include "import.h"

/*
 * Compressed bytes that may be on their way to a parser that is busy writing:
 * they fit in the socket, so that neither side waits for the other for ever.
 */
enum { AHEAD_BYTES = 48 << 10, AHEAD_MAILS = 16 };

void
mdg_import_parser_close(struct mdg_import_parser *p)
{
	if (!p->pid)
		return;
	mdg_chan_clear(&p->chan);
	kill(p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
	p->pid = 0;
}

static bool
start(struct mdg_import_parser *p, struct mdg_err *err)
{
	static const char *const argv[] = {"mdg-parse", NULL};
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_hello hello;
	struct mdg_frame f;
	int fd;

	if (p->pid)
		return true;
	if (!mdg_spawn(argv, &p->pid, &fd, err))
		return false;
	mdg_chan_init(&p->chan, fd, 0);
	if (mdg_chan_recv(&p->chan, MDG_PARSE_DEADLINE_MS, &f, err) &&
	    f.type == MDG_F_HELLO && mdg_hello_unpack(f.payload, &a, &hello) &&
	    hello.version == MDG_PROTO_VERSION &&
	    hello.role == MDG_ROLE_PARSE &&
	    mdg_streq(hello.build_id, PACKAGE_VERSION))
		return true;
	mdg_import_parser_close(p);
	return mdg_fail_msg(err, MDG_EIO, MDG_MSG_import_no_parser, NULL);
}

/*
 * The raw chunks of one mail. Not being able to write says the parser is
 * dead, which the next read finds out.
 */
static bool
send_one(struct mdg_import_parser *p, struct mdg_db *db,
	 const struct mdg_import_item *item, uint32_t id, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf now = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf next = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf frame = {0};
	enum mdg_found f = mdg_raw_read(db, item->raw_id, 0, &now, err);

	for (int64_t n = 1; f == MDG_FOUND; n++) {
		f = mdg_raw_read(db, item->raw_id, n, &next, err);
		const struct mdg_parse_chunk c = {
			.last = f == MDG_NONE,
			.zstd = mdg_buf_span(&now),
		};
		mdg_buf_reset(&frame);
		mdg_parse_chunk_pack(&frame, &c);
		if (f == MDG_FAILED)
			return false;
		mdg_chan_send(&p->chan, MDG_F_PARSE, id, mdg_buf_span(&frame),
			      NULL);
		struct mdg_buf swap = now;
		now = next;
		next = swap;
	}
	return f == MDG_NONE;
}

struct run {
	struct mdg_import_parser *parser;
	struct mdg_db *db;
	const struct mdg_import_item *items;
	size_t n;
	mdg_parsed_fn fn;
	void *ctx;
};

enum got { GOT_FAILED, GOT_DEAD, GOT_ONE };

/* The answer for item i; GOT_DEAD when the parser has to be replaced. */
static enum got
receive_one(struct run *r, size_t i, struct mdg_err *err)
{
	MDG_AUTO(mdg_mail_clear) struct mdg_mail m;
	struct mdg_err why;
	struct mdg_frame f;
	bool ok;

	mdg_mail_init(&m);
	/* HEAD comes before the answer to one that is parsed alone; the whole
	 * mail is at hand here */
	do {
		if (!mdg_chan_recv(&r->parser->chan, MDG_PARSE_DEADLINE_MS, &f,
				   &why) ||
		    f.id != (uint32_t)i + 1)
			return GOT_DEAD;
	} while (f.type == MDG_F_HEAD);
	if (f.type == MDG_F_PARSED && mdg_mail_unpack(f.payload, &m))
		ok = r->fn(r->ctx, i, &m, NULL, err);
	else if (f.type == MDG_F_UNREADABLE && mdg_err_unpack(f.payload, &why))
		ok = r->fn(r->ctx, i, NULL, "unreadable", err);
	else
		return GOT_DEAD;
	return ok ? GOT_ONE : GOT_FAILED;
}

/* Once more with nothing else in flight: only this failure counts. */
static bool
parse_alone(struct run *r, size_t i, struct mdg_err *err)
{
	if (!start(r->parser, err) ||
	    !send_one(r->parser, r->db, &r->items[i], (uint32_t)i + 1, err))
		return false;
	switch (receive_one(r, i, err)) {
	case GOT_FAILED:
		return false;
	case GOT_ONE:
		return true;
	case GOT_DEAD:
		break;
	}
	mdg_import_parser_close(r->parser);
	return r->fn(r->ctx, i, NULL, "parser died", err);
}

/* Fills the parser's queue from *sent on. */
static bool
send_ahead(struct run *r, size_t done, size_t *sent, size_t *ahead_bytes,
	   struct mdg_err *err)
{
	while (*sent < r->n) {
		const struct mdg_import_item *item = &r->items[*sent];
		if (*sent > done &&
		    (*sent - done >= AHEAD_MAILS ||
		     *ahead_bytes + item->zstd_bytes > AHEAD_BYTES))
			return true;
		if (!send_one(r->parser, r->db, item, (uint32_t)*sent + 1, err))
			return false;
		*ahead_bytes += item->zstd_bytes;
		++*sent;
	}
	return true;
}

bool
mdg_import_parse(struct mdg_import_parser *p, struct mdg_db *db,
		 const struct mdg_import_item *items, size_t n,
		 mdg_parsed_fn fn, void *ctx, struct mdg_err *err)
{
	struct run r = {p, db, items, n, fn, ctx};
	size_t done = 0, sent = 0, ahead_bytes = 0;

	while (done < n) {
		if (!start(p, err) ||
		    !send_ahead(&r, done, &sent, &ahead_bytes, err))
			return false;
		switch (receive_one(&r, done, err)) {
		case GOT_FAILED:
			return false;
		case GOT_ONE:
			ahead_bytes -= items[done++].zstd_bytes;
			continue;
		case GOT_DEAD:
			break;
		}
		mdg_import_parser_close(p);
		for (; done < sent; done++)
			if (!parse_alone(&r, done, err))
				return false;
		ahead_bytes = 0;
	}
	return true;
}
