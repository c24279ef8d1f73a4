/*
 * One attachment, the page for display of a mail, or the mail as it came, for a
 * client: a parser of its own makes it of the stored mail, so that a mail that
 * kills it holds up nothing else. Pieces go on as fast as the client takes them;
 * memory stays the same whatever the size.
 */
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_mail.h"
#include "madoguchi/store/st_upload.h"
#include "worker.h"

enum { FRAME_ID = 1 };

struct extract {
	struct mdg_worker worker;
	struct core *core;
	struct client *client; /* NULL: for the core itself, by piece and done */
	uint32_t id;
	json_t *answer;
	bool (*piece)(void *arg, struct mdg_span piece);
	void (*done)(void *arg, const struct mdg_err *why);
	void *arg;
	int64_t raw_id, part;
	int64_t chunk; /* next to feed; -1: all are fed */
	bool ended, begun;
	uv_timer_t deadline; /* until the first piece */
	enum mdg_msg unreadable;
	struct mdg_err err; /* what to say instead of the answer */
};

static void
on_closed(uv_handle_t *h)
{
	free(h->data);
}

static void
finish(struct extract *x)
{
	bool ok = x->ended && !x->err.code;

	if (x->done) {
		x->done(x->arg, ok ? NULL : &x->err);
		uv_close((uv_handle_t *)&x->deadline, on_closed);
		return;
	}
	if (ok) {
		control_answer(x->client, x->id, x->answer, NULL);
	} else {
		json_decref(x->answer);
		control_answer(x->client, x->id, NULL, &x->err);
	}
	client_release(x->client);
	uv_close((uv_handle_t *)&x->deadline, on_closed);
}

/* The raw mail, chunk by chunk, as the channel drains. */
static void
feed(struct extract *x)
{
	struct mdg_db *db = x->core->desk->db;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf chunk = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf ahead = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf frame = {0};
	enum mdg_found more;

	while (x->chunk >= 0 &&
	       mdg_peer_queued(&x->worker.peer) < MDG_CHAN_LOW_BYTES) {
		if (mdg_raw_read(db, x->raw_id, x->chunk, &chunk, &x->err) !=
			    MDG_FOUND ||
		    (more = mdg_raw_read(db, x->raw_id, x->chunk + 1, &ahead,
					 &x->err)) == MDG_FAILED) {
			if (!x->err.code)
				mdg_fail(&x->err, MDG_ENOENT,
					 "the stored mail is gone");
			mdg_worker_kill(&x->worker);
			return;
		}
		x->chunk = more == MDG_FOUND ? x->chunk + 1 : -1;
		mdg_buf_reset(&frame);
		mdg_parse_chunk_pack(&frame, &(struct mdg_parse_chunk){
						     more != MDG_FOUND, false,
						     mdg_buf_span(&chunk)});
		if (!mdg_worker_send(&x->worker, MDG_F_PARSE, FRAME_ID,
				     &frame)) {
			mdg_worker_kill(&x->worker);
			return;
		}
	}
}

static void
on_worker_drained(struct mdg_peer *p)
{
	struct mdg_worker *w = p->owner;

	feed(w->owner);
}

static bool
give(struct extract *x, struct mdg_span piece)
{
	if (!x->begun)
		control_head(x->client, x->id, x->answer);
	x->begun = true;
	return control_data(x->client, x->id, piece);
}

/* What we sent ourselves is kept as it was: no parser is needed. */
static void
give_upload(struct extract *x)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf piece = {0};
	enum mdg_found f = MDG_FOUND;

	while (f == MDG_FOUND && !control_full(x->client)) {
		f = mdg_upload_read(x->core->desk->db, x->part, x->chunk++,
				    &piece, &x->err);
		if (f == MDG_FOUND && !give(x, mdg_buf_span(&piece)))
			f = MDG_FAILED;
	}
	if (f == MDG_FOUND)
		return;
	if (f == MDG_FAILED && !x->err.code)
		mdg_fail(&x->err, MDG_ENET, "the client has left");
	x->ended = f == MDG_NONE;
	control_on_drained(x->client, NULL, NULL);
	finish(x);
}

static void
on_client_drained(void *arg)
{
	struct extract *x = arg;

	if (x->raw_id)
		mdg_peer_resume(&x->worker.peer);
	else
		give_upload(x);
}

static void
on_ready(struct mdg_worker *w)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct extract *x = w->owner;

	w->peer.on_drained = on_worker_drained;
	mdg_id_pack(&b, x->part);
	mdg_worker_send(w, MDG_F_EXTRACT, FRAME_ID, &b);
	feed(x);
}

static bool
on_frame(struct mdg_worker *w, const struct mdg_frame *f)
{
	struct extract *x = w->owner;
	struct mdg_err why;

	if (f->type == MDG_F_UNREADABLE) {
		if (!mdg_err_unpack(f->payload, &why))
			return false;
		mdg_fail_msg(&x->err, MDG_EFORMAT, x->unreadable,
			     mdg_code_name(why.code), NULL);
		mdg_worker_kill(w);
		return true;
	}
	if (f->type != MDG_F_PART || f->payload.n > MDG_PART_PIECE_BYTES)
		return false;
	uv_timer_stop(&x->deadline);
	bool took = x->piece ? x->piece(x->arg, f->payload)
			     : give(x, f->payload);
	x->ended = took && f->id == 0;
	if (!took || x->ended) {
		mdg_worker_kill(w);
		return true;
	}
	if (x->client && control_full(x->client))
		mdg_peer_pause(&w->peer);
	return true;
}

static void
on_deadline(uv_timer_t *t)
{
	struct extract *x = t->data;

	mdg_warn("mdg-parse is stuck and is killed");
	mdg_worker_kill(&x->worker);
}

static void
freed(struct mdg_worker *w)
{
	finish(w->owner);
}

static void
on_gone(struct mdg_worker *w, int signal)
{
	struct extract *x = w->owner;

	(void)signal;
	if (!x->ended && !x->err.code)
		mdg_fail_msg(&x->err, MDG_EFORMAT, x->unreadable, "parser",
			     NULL);
	if (x->client)
		control_on_drained(x->client, NULL, NULL);
	w->stopped = true;
	w->freed = freed;
}

/* Ends what cannot begin. */
static void
refuse(struct extract *x, const char *why)
{
	if (!x->err.code)
		mdg_fail(&x->err, MDG_ENOENT, "%s", why);
	control_on_drained(x->client, NULL, NULL);
	finish(x);
}

/* NULL: the client was told why not. */
static struct extract *
begin(struct core *c, struct client *cl, uint32_t id,
      const struct mdg_actor *who, const char *act, const json_t *args)
{
	json_t *answer = task_checked(c, cl, id, who, act, args);

	if (!answer)
		return NULL;
	struct extract *x = mdg_calloc(1, sizeof(*x));
	*x = (struct extract){
		.core = c,
		.client = client_hold(cl),
		.id = id,
		.answer = answer,
	};
	uv_timer_init(c->loop, &x->deadline);
	x->deadline.data = x;
	if (control_on_drained(cl, on_client_drained, x))
		return x;
	mdg_fail(&x->err, MDG_EBUSY, "one file at a time");
	finish(x);
	return NULL;
}

static void
start(struct extract *x, enum mdg_msg unreadable)
{
	x->unreadable = unreadable;
	x->worker = (struct mdg_worker){
		.core = x->core,
		.role = MDG_ROLE_PARSE,
		.owner = x,
		.on_ready = on_ready,
		.on_frame = on_frame,
		.on_gone = on_gone,
	};
	uv_timer_start(&x->deadline, on_deadline, MDG_PARSE_DEADLINE_MS, 0);
	mdg_worker_start(&x->worker);
}

static int64_t
answered(const struct extract *x, const char *name)
{
	return json_integer_value(json_object_get(x->answer, name));
}

void
task_save(struct core *c, struct client *cl, uint32_t id,
	  const struct mdg_actor *who, const json_t *args)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct extract *x = begin(c, cl, id, who, "attachment.save", args);
	struct mdg_attachment_row row;

	if (!x)
		return;
	if (mdg_attachment_get(c->desk->db, answered(x, "message"),
			       answered(x, "n") - 1, &a, &row,
			       &x->err) != MDG_FOUND) {
		refuse(x, "the attachment is gone");
		return;
	}
	x->raw_id = row.raw_id;
	x->part = row.part;
	if (x->raw_id)
		start(x, MDG_MSG_attachment_unreadable);
	else
		give_upload(x);
}

void
task_draft_file(struct core *c, struct client *cl, uint32_t id,
		const struct mdg_actor *who, const json_t *args)
{
	struct extract *x = begin(c, cl, id, who, "draft.file", args);

	if (!x)
		return;
	x->part = answered(x, "upload");
	give_upload(x);
}

void
task_page(struct core *c, struct client *cl, uint32_t id,
	  const struct mdg_actor *who, const json_t *args)
{
	struct extract *x = begin(c, cl, id, who, "message.html", args);

	if (!x)
		return;
	x->part = MDG_PART_DISPLAY;
	if (mdg_message_page(c->desk->db, answered(x, "message"), &x->raw_id,
			     &x->err) == MDG_FOUND)
		start(x, MDG_MSG_page_unreadable);
	else
		refuse(x, "the mail is gone");
}

void
extract_part(struct core *c, int64_t raw, int64_t part,
	     bool (*piece)(void *arg, struct mdg_span piece),
	     void (*done)(void *arg, const struct mdg_err *why), void *arg)
{
	struct extract *x = mdg_calloc(1, sizeof(*x));

	*x = (struct extract){
		.core = c,
		.raw_id = raw,
		.part = part,
		.piece = piece,
		.done = done,
		.arg = arg,
	};
	uv_timer_init(c->loop, &x->deadline);
	x->deadline.data = x;
	start(x, MDG_MSG_attachment_unreadable);
}

void
task_raw(struct core *c, struct client *cl, uint32_t id,
	 const struct mdg_actor *who, const json_t *args)
{
	struct extract *x = begin(c, cl, id, who, "message.raw", args);

	if (!x)
		return;
	x->part = MDG_PART_RAW;
	if (mdg_db_i64(c->desk->db, &x->raw_id, &x->err,
		       "SELECT raw_id FROM message WHERE id = ?1"
		       " AND raw_id IS NOT NULL",
		       "i", answered(x, "message")) == MDG_FOUND)
		start(x, MDG_MSG_page_unreadable);
	else
		refuse(x, "the mail is gone");
}
