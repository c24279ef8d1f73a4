/*
 * mdg-parse: every stored mail goes through it, several in flight.
 *
 * When the process dies, nobody knows which mail did it: all that were in
 * flight are parsed again, each alone. Only a mail that kills or stalls the
 * parser alone is to blame; it becomes a 取込エラー ticket. A kill from
 * outside (the OOM killer, a person) is not the mail's fault, but not for
 * ever.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "jobs.h"
#include "madoguchi/app/intake.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "worker.h"

enum {
	IN_FLIGHT_MAX = 64,
	IN_FLIGHT_BYTES = 4 << 20,
	HELD_BYTES_MAX = 16
			 << 20, /* chunks kept at hand; more are read again */
	ALONE_TRIES_MAX = 2,    /* deaths alone that count */
	OUTSIDE_KILLS_MAX = 6,  /* deaths alone by a kill from outside */
	REFUSALS_MAX = 3,       /* by the store, of what was read of it */
	DEADLINE_CHECK_MS = 1000,
};

struct parser {
	struct mdg_worker worker;
	struct core *core;
	struct queue stored;  /* written in the open batch, not yet committed */
	struct queue waiting; /* committed, to be parsed */
	struct queue alone;   /* to be parsed one by one */
	struct queue flight;  /* sent, in order */
	struct queue parsed;  /* written in the open batch */
	size_t flight_bytes, held_bytes;
	uint32_t next_id;
	uint32_t mails;        /* since the process started */
	int64_t busy_since_ms; /* the oldest in flight began at the latest */
	uv_timer_t deadline;
	bool paused_intake;
};

static void
drop_bytes(struct parser *p, struct job *j)
{
	p->held_bytes -= j->zstd.len;
	mdg_buf_clear(&j->zstd);
	mdg_buf_clear(&j->head);
}

static void
free_job(struct parser *p, struct job *j)
{
	drop_bytes(p, j);
	free(j);
}

/* Too much ahead of the parser: let the servers wait. */
static void
balance(struct parser *p)
{
	enum { HIGH = 2000, LOW = 500 };
	size_t n = p->waiting.n + p->stored.n;

	if (!p->paused_intake && n > HIGH) {
		p->paused_intake = true;
		fetchers_pause(p->core, true);
	} else if (p->paused_intake && n < LOW) {
		p->paused_intake = false;
		fetchers_pause(p->core, false);
	}
}

/* ---- feeding ---- */

static bool
send_chunk(struct parser *p, struct job *j, struct mdg_span zstd, bool last)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_parse_chunk_pack(&b,
			     &(struct mdg_parse_chunk){last, j->alone, zstd});
	p->flight_bytes += zstd.n;
	return mdg_worker_send(&p->worker, MDG_F_PARSE, j->id, &b);
}

/* From the store, chunk by chunk, as the channel drains. */
static void
feed(struct parser *p, struct job *j)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf chunk = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf ahead = {0};
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_delivery row;
	struct mdg_err err;

	if (!j->raw_id) {
		if (mdg_delivery_by_id(p->core->desk->db, j->delivery, &row, &a,
				       &err) != MDG_FOUND)
			return;
		j->raw_id = row.raw_id;
	}
	while (j->chunk >= 0 &&
	       mdg_peer_queued(&p->worker.peer) < MDG_CHAN_LOW_BYTES) {
		if (mdg_raw_read(p->core->desk->db, j->raw_id, j->chunk, &chunk,
				 &err) == MDG_FAILED) {
			mdg_error("raw of delivery %lld: %s",
				  (long long)j->delivery, mdg_err_en(&err));
			return;
		}
		bool more =
			mdg_raw_read(p->core->desk->db, j->raw_id, j->chunk + 1,
				     &ahead, &err) == MDG_FOUND;
		j->chunk = more ? j->chunk + 1 : -1;
		if (!send_chunk(p, j, mdg_buf_span(&chunk), !more))
			return;
	}
}

static void
start(struct parser *p, struct job *j)
{
	j->id = ++p->next_id;
	j->raw_id = 0;
	if (p->flight.n == 0)
		p->busy_since_ms = mdg_mono_ms();
	queue_put(&p->flight, j);
	p->mails++;
	if (j->zstd.len) {
		j->chunk = -1;
		send_chunk(p, j, mdg_buf_span(&j->zstd), true);
	} else {
		j->chunk = 0;
		feed(p, j);
	}
}

/* The attempt is on disk before the mail gets its chance to kill. */
static bool
count_attempt(struct parser *p, const struct job *j)
{
	struct mdg_err err;

	if (mdg_delivery_attempt(p->core->desk->db, j->delivery, &err))
		return true;
	mdg_error("delivery %lld: %s", (long long)j->delivery, mdg_err_en(&err));
	return false;
}

static bool
still_feeding(const struct parser *p)
{
	for (const struct job *j = p->flight.head; j; j = j->next)
		if (j->chunk >= 0)
			return true;
	return false;
}

/* A new process instead of this one, which did nothing wrong. */
static void
another(struct parser *p)
{
	p->mails = 0;
	p->worker.failures = 0;
	mdg_worker_kill(&p->worker);
	p->worker.ready = false;
}

static void
pump(struct parser *p)
{
	if (!p->worker.ready || p->core->stopping ||
	    batch_store_rests(p->core))
		return;
	for (struct job *j = p->flight.head; j; j = j->next)
		if (j->chunk >= 0)
			feed(p, j);
	if (p->flight.n && p->flight.head->alone)
		return;
	if (p->alone.n) {
		if (p->flight.n == 0 && p->alone.head->fresh && p->mails) {
			another(p);
			return;
		}
		/* a commit pumps by itself: only then look whose turn it is */
		if (p->flight.n == 0 && batch_commit(p->core) &&
		    p->flight.n == 0 && p->alone.n &&
		    count_attempt(p, p->alone.head))
			start(p, queue_take(&p->alone));
		return;
	}
	while (p->waiting.n && p->flight.n < IN_FLIGHT_MAX &&
	       p->flight_bytes < IN_FLIGHT_BYTES && !still_feeding(p))
		start(p, queue_take(&p->waiting));
	balance(p);
}

static void
on_drained(struct mdg_peer *peer)
{
	struct mdg_worker *w = peer->owner;

	pump(w->owner);
}

/* ---- answers ---- */

/* The first bytes of the raw mail, for the dumb scan. */
static bool
poison(struct parser *p, const struct job *j, const char *reason)
{
	struct core *c = p->core;
	struct mdg_err err;

	mdg_error("delivery %lld cannot be read (%s): it becomes an error "
		  "ticket, its raw mail is kept",
		  (long long)j->delivery, reason);
	if (!batch_open(c))
		return false;
	if (mdg_desk_save(c->desk, &err) &&
	    mdg_intake_poison(c->desk, j->delivery, mdg_buf_span(&j->head),
			      reason, &err) &&
	    mdg_desk_release(c->desk, &err)) {
		batch_wrote(c, 1, 1024);
		return true;
	}
	batch_broken(c, &err);
	return false;
}

static bool
take_in(struct parser *p, struct job *j, const struct mdg_frame *f)
{
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();
	struct core *c = p->core;
	struct mdg_intake_result res;
	struct mdg_err err;

	if (f->type == MDG_F_UNREADABLE) {
		if (!mdg_err_unpack(f->payload, &err))
			return false;
		return poison(p, j, mdg_code_name(err.code));
	}
	if (!mdg_mail_unpack(f->payload, m)) {
		mdg_error("mdg-parse sent a record out of form");
		return false;
	}
	if (!j->fresh && maildesk_claims(c, m)) {
		queue_drop(&p->parsed, j);
		j->fresh = j->alone = true;
		queue_put(&p->alone, j);
		return true;
	}
	if (!batch_open(c)) {
		/* nothing is written, but the mail must come by again */
		parser_rolled_back(c);
		return true;
	}
	if (!mdg_desk_save(c->desk, &err)) {
		batch_broken(c, &err);
		return true;
	}
	MDG_FAULT("intake.mail");
	if (mdg_intake_mail(c->desk, j->delivery, m, &res, &err) &&
	    mdg_desk_release(c->desk, &err)) {
		batch_wrote(c, 1, f->payload.n);
		return true;
	}
	if (batch_store_refuses(&err) || !mdg_desk_undo(c->desk, NULL)) {
		batch_broken(c, &err);
		return true;
	}
	mdg_error("delivery %lld: %s", (long long)j->delivery, mdg_err_en(&err));
	/* a deadlock or a store out of memory is not the mail's fault */
	if (++j->refusals >= REFUSALS_MAX)
		return poison(p, j, "intake");
	queue_drop(&p->parsed, j);
	j->alone = true;
	queue_put(&p->alone, j);
	return true;
}

static bool
on_frame(struct mdg_worker *w, const struct mdg_frame *f)
{
	struct parser *p = w->owner;
	struct job *j = p->flight.head;

	if (j && j->id == f->id && f->type == MDG_F_HEAD)
		return job_keep_head(j, f->payload);
	if ((f->type != MDG_F_PARSED && f->type != MDG_F_UNREADABLE) || !j ||
	    j->id != f->id) {
		mdg_error("mdg-parse answered what was not asked");
		return false;
	}
	queue_take(&p->flight);
	p->busy_since_ms = mdg_mono_ms();
	p->flight_bytes = p->flight.n ? p->flight_bytes - j->zstd.len : 0;
	/* kept until its transaction is committed */
	bool was_fresh = j->fresh;
	queue_put(&p->parsed, j);
	if (!take_in(p, j, f))
		return false;
	if ((p->mails > MDG_PARSE_RECYCLE_N || was_fresh) && p->flight.n == 0)
		another(p);
	pump(p);
	/* nothing more comes now: why wait? */
	if (!parser_is_busy(p->core))
		batch_awaited(p->core);
	return true;
}

/* ---- the end of the process ---- */

static void
judge(struct parser *p, struct job *j, int sig)
{
	bool outside = sig == SIGKILL && !p->worker.we_killed;

	if (!j->alone) {
		j->alone = true;
	} else if (outside) {
		j->outside_kills++;
	} else {
		j->deaths++;
	}
	if (j->deaths < ALONE_TRIES_MAX &&
	    j->outside_kills < OUTSIDE_KILLS_MAX) {
		queue_put(&p->alone, j);
		return;
	}
	/* like any other, it is over when its transaction is committed */
	if (poison(p, j, "parser"))
		queue_put(&p->parsed, j);
	else
		queue_put(&p->alone, j);
}

static void
on_gone(struct mdg_worker *w, int sig)
{
	struct parser *p = w->owner;
	struct queue lost = {0};

	p->flight_bytes = 0;
	p->mails = 0;
	queue_move(&p->flight, &lost);
	for (struct job *j; (j = queue_take(&lost));)
		judge(p, j, sig);
	batch_commit(p->core);
}

static void
on_ready(struct mdg_worker *w)
{
	struct parser *p = w->owner;

	w->peer.on_drained = on_drained;
	pump(p);
}

static void
on_deadline(uv_timer_t *t)
{
	struct parser *p = t->data;

	if (p->flight.n &&
	    mdg_mono_ms() - p->busy_since_ms > MDG_PARSE_DEADLINE_MS) {
		mdg_warn("mdg-parse is stuck and is killed");
		mdg_worker_kill(&p->worker);
	}
	pump(p);
}

/* ---- from and to the batch ---- */

void
parser_add(struct core *c, int64_t delivery, struct mdg_span zstd)
{
	struct parser *p = c->parser;
	struct job *j = mdg_calloc(1, sizeof(*j));

	j->delivery = delivery;
	if (zstd.n && p->held_bytes + zstd.n < HELD_BYTES_MAX) {
		mdg_buf_put(&j->zstd, zstd.p, zstd.n);
		p->held_bytes += zstd.n;
	}
	queue_put(&p->stored, j);
	balance(p);
}

void
parser_retry(struct core *c, int64_t delivery)
{
	struct parser *p = c->parser;
	struct job *j = mdg_calloc(1, sizeof(*j));

	j->delivery = delivery;
	j->alone = true;
	queue_put(&p->alone, j);
	pump(p);
}

void
parser_committed(struct core *c)
{
	struct parser *p = c->parser;

	for (struct job *j; (j = queue_take(&p->parsed));)
		free_job(p, j);
	queue_move(&p->stored, &p->waiting);
	pump(p);
}

/* What was stored comes again from the server, what was parsed from here. */
void
parser_rolled_back(struct core *c)
{
	struct parser *p = c->parser;

	for (struct job *j; (j = queue_take(&p->stored));)
		free_job(p, j);
	queue_move(&p->parsed, &p->waiting);
}

bool
parser_is_busy(const struct core *c)
{
	return c->parser->flight.n + c->parser->waiting.n > 0;
}

bool
parser_is_idle(const struct core *c)
{
	const struct parser *p = c->parser;

	return p->waiting.n + p->stored.n + p->flight.n + p->alone.n == 0;
}

void
parser_init(struct core *c)
{
	struct parser *p = mdg_calloc(1, sizeof(*p));

	c->parser = p;
	p->core = c;
	jobs_load_stored(c->desk, &p->waiting, &p->alone, ALONE_TRIES_MAX);
	uv_timer_init(c->loop, &p->deadline);
	p->deadline.data = p;
	uv_timer_start(&p->deadline, on_deadline, DEADLINE_CHECK_MS,
		       DEADLINE_CHECK_MS);
	p->worker = (struct mdg_worker){
		.core = c,
		.role = MDG_ROLE_PARSE,
		.restarts = true,
		.owner = p,
		.on_ready = on_ready,
		.on_frame = on_frame,
		.on_gone = on_gone,
	};
	mdg_worker_start(&p->worker);
}

static void
on_timer_closed(uv_handle_t *h)
{
	struct parser *p = h->data;

	free(p);
}

static void
stopped(struct mdg_worker *w)
{
	struct parser *p = w->owner;
	struct queue *all[] = {&p->stored, &p->waiting, &p->alone, &p->flight,
			       &p->parsed};

	for (size_t i = 0; i < MDG_LEN(all); i++)
		for (struct job *j; (j = queue_take(all[i]));)
			free_job(p, j);
	uv_close((uv_handle_t *)&p->deadline, on_timer_closed);
}

void
parser_stop(struct core *c)
{
	mdg_worker_stop(&c->parser->worker, stopped);
}
