/*
 * The copy of the store, made by a process of its own from a handle that only
 * reads: mail flows on meanwhile. It shows the moment at which it began.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "core.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/digest.h"
#include "madoguchi/crypto/vault.h"
#include "madoguchi/ipc/chan.h"
#include "madoguchi/ipc/spawn.h"
#include "peer.h"

struct backup {
	struct mdg_peer peer;
	struct core *core;
	struct client *client;
	uint32_t id;
	json_t *answer;
	pid_t pid;
	struct mdg_err err; /* as the copying process says */
};

static void
on_closed(void *owner)
{
	free(owner);
}

static bool
on_frame(struct mdg_peer *p, const struct mdg_frame *f)
{
	struct backup *b = p->owner;
	int64_t percent;

	if (f->type != MDG_F_PROGRESS)
		return f->type == MDG_F_PROBLEM &&
		       mdg_err_unpack(f->payload, &b->err);
	json_t *news =
		json_loadb((const char *)f->payload.p, f->payload.n, 0, NULL);
	percent = json_integer_value(json_object_get(news, "percent"));
	bool ok = news && percent >= 0 && percent <= 100;
	if (ok) {
		b->core->backup_percent = (int)percent;
		control_news(b->client, b->id, news);
	}
	json_decref(news);
	return ok;
}

/* It has ended. */
static void
on_end(struct mdg_peer *p)
{
	struct backup *b = p->owner;
	int status = 0;

	while (waitpid(b->pid, &status, 0) < 0 && errno == EINTR)
		;
	b->core->backup_pid = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == EX_OK) {
		control_answer(b->client, b->id, b->answer, NULL);
	} else {
		const char *file =
			json_string_value(json_object_get(b->answer, "file"));
		MDG_AUTO(mdg_freep) char *part = mdg_asprintf("%s.part", file);

		MDG_AUTO(mdg_freep) char *copy = mdg_asprintf("%s.copy", file);

		(void)unlink(part);
		(void)unlink(copy);
		if (!b->err.code)
			mdg_fail_msg(&b->err, MDG_EIO, MDG_MSG_backup_broken,
				     NULL);
		json_decref(b->answer);
		control_answer(b->client, b->id, NULL, &b->err);
	}
	client_release(b->client);
	mdg_peer_close(&b->peer, on_closed);
}

static bool
start(struct backup *b, const char *file, struct mdg_err *err)
{
	struct core *c = b->core;
	const char *to =
		json_string_value(json_object_get(b->answer, "recipient"));
	const char *argv[8] = {"madoguchid", "--backup", file};
	size_t n = 3;

	if (c->config.path) {
		argv[n++] = "--config";
		argv[n++] = c->config.path;
	}
	if (to) {
		argv[n++] = "--recipient";
		argv[n++] = to;
	}
	int fd;

	if (c->backup_pid)
		return mdg_fail_msg(err, MDG_EBUSY, MDG_MSG_backup_running,
				    NULL);
	/* what was answered for is in it */
	if (!batch_commit_or(c, err))
		return false;
	if (!mdg_spawn(argv, &b->pid, &fd, err))
		return false;
	if (!mdg_peer_open(&b->peer, c->loop, fd, MDG_FRAME_BYTES_MAX, err)) {
		kill(b->pid, SIGKILL);
		waitpid(b->pid, NULL, 0);
		return false;
	}
	c->backup_pid = b->pid;
	c->backup_percent = 0;
	return true;
}

void
start_backup(struct core *c, struct client *cl, uint32_t id,
	     const struct mdg_actor *who, const json_t *args)
{
	json_t *answer = task_checked(c, cl, id, who, "backup", args);
	struct backup *b;
	struct mdg_err err;

	if (!answer)
		return;
	b = mdg_calloc(1, sizeof(*b));
	b->core = c;
	b->client = client_hold(cl);
	b->id = id;
	b->answer = answer;
	b->peer.owner = b;
	b->peer.on_frame = on_frame;
	b->peer.on_end = on_end;
	if (start(b, json_string_value(json_object_get(answer, "file")), &err))
		return;
	control_answer(cl, id, NULL, &err);
	client_release(cl);
	json_decref(answer);
	free(b);
}

void
backup_stop(struct core *c)
{
	if (c->backup_pid)
		kill(c->backup_pid, SIGKILL);
}

/* ---- the copying process ---- */

/* What it says on its way: each of its steps is `span` percent of all. */
struct told {
	struct mdg_chan *chan;
	int from, span, said;
};

static void
tell(void *arg, int64_t done, int64_t all)
{
	struct told *t = arg;
	int percent = t->from + (all > 0 ? (int)(t->span * done / all) : 0);
	char text[40];

	if (percent <= t->said)
		return;
	t->said = percent;
	snprintf(text, sizeof(text), "{\"percent\":%d}", percent);
	/* nobody listens: the copy is worth the same */
	mdg_chan_send(t->chan, MDG_F_PROGRESS, 0, mdg_span_str(text), NULL);
}

/* copy -> file, encrypted; the name appears when it is whole. */
static bool
encrypt(const char *copy, const char *file, const char *recipient,
	const struct mdg_progress *news, struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *part = mdg_asprintf("%s.part", file);
	struct mdg_vault_pair to = {.salt = {0}};
	char public[2 * MDG_VAULT_KEY_BYTES + 1];

	snprintf(public, sizeof(public), "%s", recipient);
	if (!mdg_unhex(public, to.public, sizeof(to.public)) ||
	    !mdg_unhex(recipient + sizeof(public) - 1, to.salt,
		       sizeof(to.salt)))
		return mdg_fail(err, MDG_EINVAL, "not a recipient");
	int in = open(copy, O_RDONLY | O_CLOEXEC);
	int out = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool ok = (in >= 0 && out >= 0) ||
		  mdg_fail(err, MDG_EIO, "%s: %s", part, strerror(errno));
	ok = ok && mdg_vault_seal(in, out, &to, news, err);
	if (ok && (fsync(out) != 0 || link(part, file) != 0))
		ok = errno == EEXIST
			     ? mdg_fail_msg(err, MDG_EEXIST,
					    MDG_MSG_store_backup_exists, file,
					    NULL)
			     : mdg_fail(err, MDG_EIO, "%s: %s", file,
					strerror(errno));
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	(void)unlink(part);
	return ok;
}

static bool
copy_store(struct mdg_db *db, const char *file, const char *recipient,
	   struct mdg_chan *chan, struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *copy = mdg_asprintf("%s.copy", file);
	struct told t = {chan, 0, recipient ? 50 : 100, 0};
	const struct mdg_progress news = {tell, &t};

	if (!recipient)
		return mdg_db_backup(db, file, &news, err);
	if (access(file, F_OK) == 0)
		return mdg_fail_msg(err, MDG_EEXIST,
				    MDG_MSG_store_backup_exists, file, NULL);
	(void)unlink(copy);
	bool ok = mdg_db_backup(db, copy, &news, err);
	t.from = t.span;
	ok = ok && encrypt(copy, file, recipient, &news, err);
	(void)unlink(copy);
	return ok;
}

int
backup_copy(const struct mdg_config *conf, const char *file,
	    const char *recipient)
{
	MDG_AUTO(mdg_chan_clear) struct mdg_chan chan = {.fd = -1};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_db *db;
	struct mdg_err err;

	if (nice(10) == -1)
		mdg_debug("nice is not possible");
	mdg_chan_init(&chan, MDG_WORKER_FD, 0);
	mdg_crypto_init();
	bool ok = mdg_db_open(conf->store, MDG_DB_READONLY, &db, &err);
	if (ok) {
		ok = copy_store(db, file, recipient, &chan, &err);
		mdg_db_close(&db);
	}
	if (ok)
		return EX_OK;
	mdg_err_pack(&b, &err);
	mdg_chan_send(&chan, MDG_F_PROBLEM, 0, mdg_buf_span(&b), NULL);
	return mdg_code_exit(err.code);
}
