/* What the core asks for beside fetching: the Sent copy, all UIDs, a test. */
#include <stdlib.h>
#include <string.h>

#include "imap_worker.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/ipc/wire.h"
#include "utf7imap.h"

/* Where no folder is marked \Sent: names in use, decoded. */
static const char *const sent_names[] = {
	"Sent",         "Sent Items", "Sent Messages",  "INBOX.Sent",
	"INBOX/Sent",   "送信済み",   "送信済みメール", "送信済みアイテム",
	"送信済トレイ", "送信箱",
};

/* The Sent folder's name from `a`, or NULL. */
static const char *
sent_folder(struct imap_worker *w, struct mdg_arena *a, struct mdg_err *err)
{
	struct mdg_imap_name *v;
	size_t n;
	if (!mdg_imap_folders(w->im, a, &v, &n, err))
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (v[i].use == MDG_USE_SENT && v[i].selectable)
			return v[i].raw;
	for (size_t k = 0; k < MDG_LEN(sent_names); k++)
		for (size_t i = 0; i < n; i++)
			if (v[i].selectable &&
			    mdg_strcaseeq(v[i].name, sent_names[k]))
				return v[i].raw;
	mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_net_folder_missing, w->peer.host,
		     "\\Sent", NULL);
	return NULL;
}

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
	w->opened = NULL;
	if (ap.folder == NULL)
		ap.folder = sent_folder(w, &a, &why);
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
	const char *name = NULL;
	if (!mdg_id_unpack(mdg_buf_span(&rq->payload), &id))
		return mdg_fail(err, MDG_EPROTO, "a bad LIST_UIDS frame");
	for (size_t i = 0; i < w->config.folders_n; i++)
		if (w->config.folders[i].folder_id == id)
			name = w->config.folders[i].name;
	if (name == NULL)
		return mdg_fail(err, MDG_ENOENT,
				"LIST_UIDS of no folder of "
				"ours");
	w->opened = NULL;
	bool ok = mdg_imap_select(w->im, name, false, &st, err) &&
		  mdg_imap_list(w->im, 0, keep_uid, &u, err) &&
		  send_uids(w, rq, id, st.uidvalidity, &u, err);
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
		if (mdg_imap_select(im, name, false, &st, why))
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
	bool ok = true;
	while (ok && w->queue_n > 0) {
		struct request rq = w->queue[0];
		w->queue_n--;
		memmove(w->queue, w->queue + 1,
			w->queue_n * sizeof(w->queue[0]));
		ok = rq.type == MDG_F_APPEND ? serve_append(w, &rq, err)
					     : serve_uids(w, &rq, err);
		mdg_buf_clear(&rq.payload);
	}
	return ok;
}
