/* Requests about folders: names, mails wanted again, what a policy does. */
#include <stdlib.h>
#include <string.h>

#include "imap_worker.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"

enum { QUOTA_EVERY_MS = 60 * 60 * 1000 };

/* The keyword a stored mail gets, where that is wanted. */
static const char keyword[] = "$Madoguchi";

/* Where no folder is marked \Sent: names in use, decoded. */
static const char *const sent_names[] = {
	"Sent",         "Sent Items", "Sent Messages",  "INBOX.Sent",
	"INBOX/Sent",   "送信済み",   "送信済みメール", "送信済みアイテム",
	"送信済トレイ", "送信箱",
};

const char *
imap_worker_sent(struct imap_worker *w, struct mdg_arena *a, struct mdg_err *err)
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

struct folder *
imap_worker_folder(struct imap_worker *w, int64_t id)
{
	for (size_t i = 0; i < w->config.folders_n; i++)
		if (w->config.folders[i].folder_id == id)
			return &w->folders[i];
	return NULL;
}

const char *
imap_worker_name(struct imap_worker *w, struct folder *f, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	if (f->config->name[0] != '\0')
		return f->config->name;
	if (f->name == NULL) {
		const char *found = imap_worker_sent(w, &a, err);
		if (found == NULL)
			return NULL;
		f->name = mdg_arena_strdup(&w->arena, found);
	}
	return f->name;
}

bool
imap_worker_result(struct imap_worker *w, enum mdg_frame_type type,
		   uint32_t request, int64_t folder_id,
		   const struct mdg_err *why, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_folder_result r = {.folder_id = folder_id,
				      .ok = why->code == MDG_OK,
				      .err = *why};
	/* A line that broke breaks the session too; its reason is told then. */
	if (w->im != NULL && mdg_stream_error(mdg_imap_stream(w->im)) != NULL) {
		if (err != NULL)
			*err = *mdg_stream_error(mdg_imap_stream(w->im));
		return false;
	}
	if (w->core_gone) {
		if (err != NULL)
			*err = w->core_err;
		return false;
	}
	mdg_folder_result_pack(&b, &r);
	return mdg_netmain_send(&w->net, type, request, &b, err);
}

bool
imap_serve_fetch(struct imap_worker *w, const struct request *rq,
		 struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_uids u;
	struct mdg_err why = {0};
	if (!mdg_uids_unpack(mdg_buf_span(&rq->payload), &a, &u))
		return mdg_fail(err, MDG_EPROTO, "a bad FETCH_UIDS frame");
	struct folder *f = imap_worker_folder(w, u.folder_id);
	if (f == NULL)
		return true; /* of a configuration before ours */
	if (imap_worker_fetch(w, f, u.uidvalidity, u.v, u.n, &why))
		return imap_worker_synced(w, f, err);
	return imap_worker_result(w, MDG_F_FOLDER_PROBLEM, rq->id, u.folder_id,
				  &why, err);
}

static bool
act(struct imap_worker *w, struct folder *f, const struct mdg_server_act *s,
    struct mdg_err *err)
{
	struct mdg_imap_state st;
	const char *name = imap_worker_name(w, f, err);
	w->opened = NULL;
	if (name == NULL || !mdg_imap_select(w->im, name, true, &st, err))
		return false;
	/* Those UIDs are of other mails by now. */
	if (st.uidvalidity != s->uidvalidity)
		return mdg_fail(err, MDG_ECONFLICT, "another UIDVALIDITY");
	switch (s->kind) {
	case MDG_SERVER_KEYWORD:
		return mdg_imap_keyword(w->im, s->v, s->n, keyword, err);
	case MDG_SERVER_MOVE:
		return mdg_imap_move(w->im, s->v, s->n, s->target, err);
	default:
		return mdg_imap_delete(w->im, s->v, s->n, err);
	}
}

bool
imap_serve_act(struct imap_worker *w, const struct request *rq,
	       struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_server_act s;
	struct mdg_err why = {0};
	if (!mdg_server_act_unpack(mdg_buf_span(&rq->payload), &a, &s))
		return mdg_fail(err, MDG_EPROTO, "a bad SERVER_ACT frame");
	struct folder *f = imap_worker_folder(w, s.folder_id);
	if (f == NULL)
		return true;
	if (act(w, f, &s, &why))
		why = (struct mdg_err){0};
	return imap_worker_result(w, MDG_F_SERVER_ACTED, rq->id, s.folder_id,
				  &why, err);
}

static const char *
use_name(enum mdg_folder_use u)
{
	static const char *const names[MDG_USE_N] = {
		"", "inbox", "sent", "trash", "junk", "drafts", "archive", "all"};
	return u < MDG_USE_N ? names[u] : "";
}

bool
imap_serve_folders(struct imap_worker *w, const struct request *rq,
		   struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_imap_name *v;
	struct mdg_folder_names out;
	struct mdg_err why = {0};
	if (!mdg_imap_folders(w->im, &a, &v, &out.n, &why))
		return imap_worker_result(w, MDG_F_FOLDER_PROBLEM, rq->id, 0,
					  &why, err);
	if (out.n > MDG_FOLDERS_TOLD_MAX)
		out.n = MDG_FOLDERS_TOLD_MAX;
	out.v = mdg_arena_array(&a, out.n, sizeof(*out.v));
	for (size_t i = 0; i < out.n; i++)
		out.v[i] = (struct mdg_folder_name){v[i].raw, v[i].name,
						    use_name(v[i].use),
						    v[i].selectable};
	mdg_folder_names_pack(&b, &out);
	return mdg_netmain_send(&w->net, MDG_F_FOLDERS, rq->id, &b, err);
}

/* A server without an answer to this is as good as one without a limit. */
bool
imap_worker_quota(struct imap_worker *w, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_quota q;
	int64_t now_ms = mdg_mono_ms();
	if (!mdg_imap_has(w->im, "QUOTA") || now_ms < w->quota_at_ms)
		return true;
	w->quota_at_ms = now_ms + QUOTA_EVERY_MS;
	if (!mdg_imap_quota(w->im, &q.used_bytes, &q.limit_bytes, err))
		return mdg_stream_error(mdg_imap_stream(w->im)) == NULL;
	mdg_quota_pack(&b, &q);
	return mdg_netmain_send(&w->net, MDG_F_QUOTA, 0, &b, err);
}
