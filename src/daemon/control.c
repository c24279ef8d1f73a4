/*
 * The control socket: JSON calls of people on this machine.
 *
 * The peer's uid comes from the kernel (SO_PEERCRED); a frame never carries an
 * actor, only the wish to speak for somebody, which root and our own user may
 * have.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "client.h"
#include "core.h"
#include "madoguchi/app/junk.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "peer.h"

enum {
	BACKLOG = 64,
	UNREAD_BYTES_MAX = 4 << 20, /* answers that a client does not read */
	/* of the 1,024 files that a process may have where nobody says more:
	 * the rest is for the store and for workers that start again */
	CALLERS_MAX = 400,
};

struct caller {
	struct client client;
	struct mdg_peer peer;
	int64_t uid;
	struct caller *next;
	uint64_t heard; /* when it last spoke: the larger, the later */
};

struct client *
client_hold(struct client *cl)
{
	cl->holders++;
	return cl;
}

void
client_release(struct client *cl)
{
	if (--cl->holders == 0)
		cl->freed(cl);
}

void
client_drained(struct client *cl)
{
	if (cl->drained && !(cl->counts && control_full(cl)))
		cl->drained(cl->drained_arg);
}

void
client_left(struct client *cl)
{
	cl->gone = true;
	client_drained(cl);
}

bool
control_data(struct client *cl, uint32_t id, struct mdg_span piece)
{
	cl->untaken += cl->counts ? piece.n : 0;
	return !cl->gone && mdg_peer_send(cl->peer, MDG_F_DATA, id, piece);
}

bool
control_full(const struct client *cl)
{
	if (cl->gone)
		return false;
	return cl->counts ? cl->untaken > MDG_WEB_AHEAD_BYTES
			  : mdg_peer_queued(cl->peer) > MDG_CHAN_HIGH_BYTES;
}

void
control_news(struct client *cl, uint32_t id, const json_t *news)
{
	MDG_AUTO(mdg_freep) char *text = json_dumps(news, JSON_COMPACT);

	if (!cl->gone && text)
		mdg_peer_send(cl->peer, MDG_F_PROGRESS, id, mdg_span_str(text));
}

void
control_head(struct client *cl, uint32_t id, const json_t *what)
{
	if (cl->counts)
		control_news(cl, id, what);
}

bool
client_took(struct client *cl, int64_t bytes)
{
	if (bytes < 0 || (uint64_t)bytes > cl->untaken)
		return false;
	cl->untaken -= (size_t)bytes;
	if (!control_full(cl))
		client_drained(cl);
	return true;
}

bool
control_on_drained(struct client *cl, void (*drained)(void *arg), void *arg)
{
	if (drained && cl->drained)
		return false;
	cl->drained = drained;
	cl->drained_arg = arg;
	return true;
}

static json_t *
error_json(const struct mdg_err *err, enum mdg_lang lang)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	mdg_err_text(err, lang, text, sizeof(text));
	/* what it is about, for who has better words for a browser */
	return json_pack("{s:{s:s,s:s,s:s*}}", "error", "code",
			 mdg_code_name(err->code), "message", text, "about",
			 err->id ? mdg_msg_name(err->id) : NULL);
}

void
control_answer(struct client *cl, uint32_t id, json_t *result,
	       const struct mdg_err *err)
{
	json_t *o = err ? error_json(err, cl->lang)
			: json_pack("{s:o}", "result", result);
	char *text = json_dumps(o, JSON_COMPACT);

	if (!cl->gone && text)
		mdg_peer_send(cl->peer, MDG_F_ANSWER, id, mdg_span_str(text));
	free(text);
	json_decref(o);
}

void
control_rescued(struct core *c)
{
	int64_t ids[MDG_LIST_MAX];
	struct mdg_err err;
	size_t n;

	/* one that is there twice is done once */
	if (mdg_junk_rescued(c->desk, ids, MDG_LEN(ids), &n, &err))
		for (size_t i = 0; i < n; i++)
			parser_retry(c, ids[i]);
	else
		mdg_error("rescued mails: %s", mdg_err_en(&err));
}

/* What the loop has to look at again once an action went through. */
static void
after_action(struct core *c, const struct mdg_act *act, const json_t *result)
{
	const json_t *retried = json_object_get(result, "deliveries");
	json_t *id;
	size_t i;

	if (act->reads)
		return;
	if (mdg_str_starts(act->name, "mailbox.") ||
	    mdg_streq(act->name, "alarm.account"))
		fetchers_refresh(c);
	if (mdg_streq(act->name, "mailbox.password") ||
	    mdg_str_starts(act->name, "mailbox.folder."))
		workers_restart(c);
	if (mdg_streq(act->name, "mailbox.change"))
		account_changed(c, json_integer_value(
					   json_object_get(result, "id")));
	/* what was done on the server meanwhile, by us or by another tool */
	if (mdg_streq(act->name, "mailbox.policy") ||
	    mdg_streq(act->name, "draft.submit") ||
	    mdg_streq(act->name, "approve"))
		fetchers_poke(c);
	/* what was erased is not to be known any more, in no count either */
	if (mdg_str_starts(act->name, "template.") ||
	    strstr(act->name, ".erase"))
		texter_templates_changed(c);
	if (mdg_streq(act->name, "mail.reparse"))
		json_array_foreach (retried, i, id)
			parser_retry(c, json_integer_value(id));
	if (mdg_streq(act->name, "junk.rescue"))
		control_rescued(c);
	judger_wake(c);
	scanner_wake(c);
	maildesk_wake(c);
	senders_pump(c);
}

void
control_run(struct client *cl, uint32_t id, const struct mdg_actor *who,
	    const char *name, const json_t *args)
{
	control_run_and(cl, id, who, name, args, NULL);
}

void
control_run_and(struct client *cl, uint32_t id, const struct mdg_actor *who,
		const char *name, const json_t *args, json_t *more)
{
	struct core *c = cl->core;
	struct mdg_err err;
	json_t *result;
	const struct mdg_act *act = mdg_act_find(name);
	/* a person never waits behind a batch */
	if (act && !act->reads && !batch_commit_or(c, &err)) {
		control_answer(cl, id, NULL, &err);
		json_decref(more);
		return;
	}
	json_t *empty = json_object();
	if (mdg_act_call(c->desk, who, name, args ? args : empty, &result,
			 &err)) {
		json_incref(result);
		if (more)
			json_object_update_missing(result, more);
		/* "erased" is said once it is true of the files, too */
		if (mdg_streq(name, "customer.erase"))
			watch_scrub(c);
		if (mdg_streq(name, "status"))
			fetchers_tell(c, who->lang,
				      json_object_get(result, "folders"));
		if (mdg_streq(name, "status") && c->backup_pid)
			json_object_set_new(result, "backup_percent",
					    json_integer(c->backup_percent));
		if (mdg_streq(name, "mailbox.list"))
			fetchers_tell(c, who->lang,
				      json_object_get(result, "mailboxes"));
		control_answer(cl, id, result, NULL);
		after_action(c, act, result);
		json_decref(result);
	} else {
		control_answer(cl, id, NULL, &err);
	}
	json_decref(more);
	json_decref(empty);
}

json_t *
client_call(struct client *cl, uint32_t id, struct mdg_span payload)
{
	struct mdg_err err;
	json_error_t why;
	json_t *call = json_loadb((const char *)payload.p, payload.n,
				  JSON_REJECT_DUPLICATES, &why);
	const json_t *args = json_object_get(call, "args");

	if (!json_is_object(call)) {
		mdg_fail(&err, MDG_EPROTO, "not a JSON object: %s", why.text);
	} else if (!json_is_string(json_object_get(call, "act")) ||
		   (args && !json_is_object(args))) {
		mdg_fail(&err, MDG_EPROTO, "a call needs act and args");
	} else {
		cl->lang = mdg_lang_from_locale(
			json_string_value(json_object_get(call, "lang")));
		return call;
	}
	control_answer(cl, id, NULL, &err);
	json_decref(call);
	return NULL;
}

void
client_run(struct client *cl, uint32_t id, const struct mdg_actor *who,
	   const json_t *call)
{
	const char *name = json_string_value(json_object_get(call, "act"));
	const json_t *args = json_object_get(call, "args");

	if (!task_start(cl->core, cl, id, who, name, args))
		control_run(cl, id, who, name, args);
}

static uint64_t
next_heard(void)
{
	static uint64_t n;

	return ++n;
}

static bool
on_frame(struct mdg_peer *p, const struct mdg_frame *f)
{
	struct caller *k = p->owner;
	struct client *cl = &k->client;
	struct mdg_actor who;
	struct mdg_err err;

	k->heard = next_heard();
	if (f->type != MDG_F_CALL || mdg_peer_queued(p) > UNREAD_BYTES_MAX)
		return false;
	json_t *call = client_call(cl, f->id, f->payload);
	const char *as = json_string_value(json_object_get(call, "as"));
	if (!call)
		return true;
	client_hold(cl);
	if (mdg_actor_from_uid(cl->core->desk, k->uid, cl->core->own_uid, as,
			       cl->lang, &who, &err))
		client_run(cl, f->id, &who, call);
	else
		control_answer(cl, f->id, NULL, &err);
	client_release(cl);
	json_decref(call);
	return true;
}

/* ---- connections ---- */

static void
on_closed(void *owner)
{
	struct caller *k = owner;

	client_release(&k->client);
}

static void
on_end(struct mdg_peer *p)
{
	struct caller *k = p->owner;

	if (k->client.gone)
		return;
	for (struct caller **at = &k->client.core->callers; *at;
	     at = &(*at)->next)
		if (*at == k) {
			*at = k->next;
			k->client.core->callers_n--;
			break;
		}
	mdg_peer_close(&k->peer, on_closed);
	client_left(&k->client);
}

/* Who hangs about keeps nobody out: of those that ask nothing now, the one
 * that has said nothing for longest has to go. */
static bool
make_room(struct core *c)
{
	struct caller *idle = NULL;

	if (c->callers_n < CALLERS_MAX)
		return true;
	for (struct caller *k = c->callers; k; k = k->next)
		if (k->client.holders == 1 && (!idle || k->heard < idle->heard))
			idle = k;
	if (idle)
		on_end(&idle->peer);
	return idle != NULL;
}

static void
on_drained(struct mdg_peer *p)
{
	struct caller *k = p->owner;

	client_drained(&k->client);
}

static void
on_freed(struct client *cl)
{
	free(cl); /* the first field of its caller */
}

static void
on_connection(uv_stream_t *server, int status)
{
	struct core *c = server->data;
	struct caller *k;
	struct ucred cred;
	socklen_t len = sizeof(cred);
	struct mdg_err err;
	uv_os_fd_t fd;

	if (status < 0)
		return;
	k = mdg_calloc(1, sizeof(*k));
	k->client = (struct client){
		.core = c, .peer = &k->peer, .holders = 1, .freed = on_freed};
	k->peer.owner = k;
	k->peer.on_frame = on_frame;
	k->peer.on_end = on_end;
	k->peer.on_drained = on_drained;
	k->heard = next_heard();
	bool room = make_room(c);
	k->next = c->callers;
	c->callers = k;
	c->callers_n++;
	if (!mdg_peer_accept(&k->peer, server, MDG_CTL_FRAME_BYTES_MAX, &err) ||
	    !room || uv_fileno((uv_handle_t *)&k->peer.pipe, &fd) != 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0) {
		on_end(&k->peer);
		return;
	}
	k->uid = cred.uid;
}

/* A socket file that nobody listens on is what a crash left behind. */
static bool
remove_stale(const char *path, struct mdg_err *err)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(sa.sun_path)) {
		close(fd);
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_socket_too_long,
				    path, NULL);
	}
	memcpy(sa.sun_path, path, strlen(path) + 1);
	int rc = connect(fd, (struct sockaddr *)&sa, sizeof(sa));
	close(fd);
	if (rc == 0)
		return mdg_fail_msg(err, MDG_EBUSY, MDG_MSG_socket_in_use, path,
				    NULL);
	unlink(path);
	return true;
}

bool
control_open(struct core *c, struct mdg_err *err)
{
	const char *path = c->config.socket;

	if (!remove_stale(path, err))
		return false;
	uv_pipe_init(c->loop, &c->control, 0);
	c->control.data = c;
	/* who may call is decided by uid, not by the file's mode */
	mode_t old = umask(0111);
	int rc = uv_pipe_bind(&c->control, path);
	umask(old);
	if (rc == 0)
		rc = uv_listen((uv_stream_t *)&c->control, BACKLOG,
			       on_connection);
	if (rc != 0)
		return mdg_fail_msg(err, MDG_EIO, MDG_MSG_socket_not_made, path,
				    uv_strerror(rc), NULL);
	return true;
}
