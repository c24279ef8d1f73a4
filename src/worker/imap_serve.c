/* What the core asks for beside fetching: the Sent copy, all UIDs, a test. */
#include <stdlib.h>
#include <string.h>

#include "imap_worker.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/ipc/wire.h"
#include "madoguchi/mail/utf7imap.h"

/* false only when the session or the core is lost. */
static bool
serve_append(struct imap_worker *w, const struct request *rq,
	     struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_append ap;
	struct mdg_err why = {0};
	uint32_t uid;
	if (!mdg_append_unpack(mdg_buf_span(&rq->payload), &a, &ap))
		return mdg_fail(err, MDG_EPROTO, "a bad APPEND frame");
	if (ap.bytes.n == 0)
		ap.bytes = mdg_buf_span(&rq->bytes);
	w->opened = NULL;
	if (ap.folder == NULL)
		ap.folder = imap_worker_sent(w, &a, &why);
	bool ok = ap.folder != NULL &&
		  mdg_imap_append_once(w->im, ap.folder, ap.message_id,
				       ap.bytes, &uid, &why);
	mdg_wr_u8(&b, ok);
	mdg_err_pack(&b, &why);
	if (!mdg_netmain_send(&w->net, MDG_F_APPENDED, rq->id, &b, err))
		return false;
	if (ok || mdg_stream_error(mdg_imap_stream(w->im)) == NULL)
		return true;
	if (err != NULL)
		*err = why;
	return false;
}

struct uids {
	uint32_t *v;
	size_t n, cap;
};

static bool
keep_uid(void *ctx, const struct mdg_imap_item *it, struct mdg_err *err)
{
	struct uids *u = ctx;
	(void)err;
	if (u->n == u->cap) {
		u->cap = u->cap == 0 ? 1024 : 2 * u->cap;
		u->v = mdg_realloc(u->v, u->cap * sizeof(*u->v));
	}
	u->v[u->n++] = it->uid;
	return true;
}

static bool
send_uids(struct imap_worker *w, const struct request *rq, int64_t folder_id,
	  uint32_t uidvalidity, const struct uids *u, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t at = 0;
	do {
		size_t k = u->n - at < MDG_UIDS_MAX ? u->n - at : MDG_UIDS_MAX;
		struct mdg_uids out = {.folder_id = folder_id,
				       .uidvalidity = uidvalidity,
				       .last = at + k == u->n,
				       .v = u->n > 0 ? u->v + at : NULL,
				       .n = k};
		mdg_uids_pack(&b, &out);
		if (!mdg_netmain_send(&w->net, MDG_F_UIDS, rq->id, &b, err))
			return false;
		at += k;
	} while (at < u->n);
	return true;
}

/*
 * A folder that cannot be read ends us with the reason: an empty answer would
 * look like a folder whose mails are all gone.
 */
static bool
serve_uids(struct imap_worker *w, const struct request *rq, struct mdg_err *err)
{
	int64_t id;
	struct uids u = {0};
	struct mdg_imap_state st;
	struct mdg_err why = {0};
	if (!mdg_id_unpack(mdg_buf_span(&rq->payload), &id))
		return mdg_fail(err, MDG_EPROTO, "a bad LIST_UIDS frame");
	struct folder *f = imap_worker_folder(w, id);
	if (f == NULL)
		return mdg_fail(err, MDG_ENOENT, "LIST_UIDS of no folder of "
						 "ours");
	w->opened = NULL;
	const char *name = imap_worker_name(w, f, &why);
	bool ok = name != NULL &&
		  mdg_imap_select(w->im, name, false, &st, &why);
	struct mdg_imap_walk walk = {.asks = MDG_IMAP_UIDS};
	while (ok && !walk.done)
		ok = mdg_imap_list(w->im, &walk, keep_uid, &u, &why);
	if (ok)
		ok = send_uids(w, rq, id, st.uidvalidity, &u, err);
	else
		ok = imap_worker_result(w, MDG_F_FOLDER_PROBLEM, rq->id, id,
					&why, err);
	free(u.v);
	return ok;
}

/* The folders there are, so that a person can pick the right name. */
static bool
say_choices(struct mdg_imap *im, const char *missing, const char *host,
	    struct mdg_err *why)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf names = MDG_BUF_LIMIT(700);
	MDG_AUTO(mdg_buf_clear) struct mdg_buf name = {0};
	struct mdg_imap_name *v;
	size_t n;
	if (!mdg_imap_folders(im, &a, &v, &n, NULL))
		return false;
	for (size_t i = 0; i < n; i++)
		if (v[i].selectable)
			mdg_buf_printf(&names, "%s%s",
				       names.len > 0 ? ", " : "", v[i].name);
	mdg_utf7imap_show(missing, &name);
	return mdg_fail_msg(why, MDG_ENOENT, MDG_MSG_net_folder_choices, host,
			    mdg_buf_str(&name), mdg_buf_str(&names), NULL);
}

static bool
test_folders(struct imap_worker *w, struct mdg_imap *im, struct mdg_err *why)
{
	struct mdg_imap_state st;
	for (size_t i = 0; i < w->config.folders_n; i++) {
		const char *name = w->config.folders[i].name;
		/* The one marked \\Sent need not be there. */
		if (name[0] == '\0' ||
		    mdg_imap_select(im, name, false, &st, why))
			continue;
		return why->code == MDG_ENOENT &&
		       say_choices(im, name, w->config.access.host, why);
	}
	return w->config.folders_n > 0 ||
	       mdg_imap_select(im, "INBOX", false, &st, why);
}

bool
imap_worker_test(struct imap_worker *w, uint32_t id, struct mdg_err *err)
{
	const struct mdg_access *ac = &w->config.access;
	struct mdg_probe probe;
	struct mdg_peer peer;
	struct mdg_imap *im = NULL;
	struct mdg_err why = {0};
	mdg_probe_init(&probe);
	mdg_netmain_peer(&w->net, ac, &probe, &peer);
	bool ok = mdg_imap_open(&peer, &im, &why) &&
		  mdg_imap_login(im, ac->login, ac->secret,
				 (enum mdg_auth_kind)ac->auth, &why) &&
		  test_folders(w, im, &why);
	bool sent =
		mdg_netmain_report(&w->net, id, &probe, ok ? NULL : &why, err);
	mdg_imap_close(&im);
	return sent;
}

bool
imap_worker_serve(struct imap_worker *w, struct mdg_err *err)
{
	static const struct {
		uint16_t type;
		bool (*run)(struct imap_worker *w, const struct request *rq,
			    struct mdg_err *err);
	} table[] = {
		{MDG_F_APPEND, serve_append},
		{MDG_F_LIST_UIDS, serve_uids},
		{MDG_F_FETCH_UIDS, imap_serve_fetch},
		{MDG_F_SERVER_ACT, imap_serve_act},
		{MDG_F_LIST_FOLDERS, imap_serve_folders},
	};
	bool ok = true;
	while (w->queue_n > 0) {
		struct request *rq = &w->queue[0];
		for (size_t i = 0; ok && i < MDG_LEN(table); i++)
			if (table[i].type == rq->type)
				ok = table[i].run(w, rq, err);
		/* A session that broke at it: the next one serves it again. */
		if (!ok)
			return false;
		mdg_buf_clear(&rq->payload);
		mdg_buf_clear(&rq->bytes);
		w->queue_n--;
		memmove(w->queue, w->queue + 1,
			w->queue_n * sizeof(w->queue[0]));
	}
	return true;
}
