/* Folders: LIST, EXAMINE and SELECT, STATUS. */
#include <stdlib.h>
#include <string.h>

#include "imap_private.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/utf7imap.h"

/* 10,000 names; libetpan makes some 30 times as much of the shortest lines. */
enum { LIST_BYTES_MAX = 3 << 19 };

/* -- LIST -- */

static const struct {
	const char *flag;
	enum mdg_folder_use use;
} uses[] = {
	{"Sent", MDG_USE_SENT},     {"Trash", MDG_USE_TRASH},
	{"Junk", MDG_USE_JUNK},     {"Spam", MDG_USE_JUNK},
	{"Drafts", MDG_USE_DRAFTS}, {"Archive", MDG_USE_ARCHIVE},
	{"All", MDG_USE_ALL},       {"AllMail", MDG_USE_ALL},
	{"Inbox", MDG_USE_INBOX},
};

static void
read_flags(const struct mailimap_mbx_list_flags *f, struct mdg_imap_name *out)
{
	out->selectable = true;
	if (f == NULL)
		return;
	if (f->mbf_type == MAILIMAP_MBX_LIST_FLAGS_SFLAG &&
	    f->mbf_sflag == MAILIMAP_MBX_LIST_SFLAG_NOSELECT)
		out->selectable = false;
	for (clistiter *i = clist_begin(f->mbf_oflags); i != NULL;
	     i = clist_next(i)) {
		const struct mailimap_mbx_list_oflag *o = clist_content(i);
		if (o->of_type != MAILIMAP_MBX_LIST_OFLAG_FLAG_EXT)
			continue;
		if (mdg_strcaseeq(o->of_flag_ext, "NonExistent"))
			out->selectable = false;
		for (size_t k = 0; k < MDG_LEN(uses); k++)
			if (mdg_strcaseeq(o->of_flag_ext, uses[k].flag))
				out->use = uses[k].use;
	}
}

/* libetpan gives names as they came; only UTF-8 goes further. */
static void
keep_name(struct mdg_arena *a, const struct mailimap_mailbox_list *l,
	  struct mdg_imap_name *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	mdg_utf7imap_show(l->mb_name, &b);
	out->name = mdg_arena_strdup(a, mdg_buf_str(&b));
	size_t n = strlen(l->mb_name);
	out->raw = mdg_utf8_valid(l->mb_name, n)
			   ? mdg_arena_strdup(a, l->mb_name)
			   : out->name;
	read_flags(l->mb_flag, out);
	if (mdg_strcaseeq(l->mb_name, "INBOX"))
		out->use = MDG_USE_INBOX;
}

bool
mdg_imap_folders(struct mdg_imap *im, struct mdg_arena *a,
		 struct mdg_imap_name **ret, size_t *ret_n, struct mdg_err *err)
{
	clist *list = NULL;
	if (!imap_begin_bytes(im, LIST_BYTES_MAX, 0, err))
		return false;
	if (!imap_check(im, mailimap_list(im->et, "", "*", &list), err))
		return false;
	size_t n = (size_t)clist_count(list), k = 0;
	if (n > MDG_FOLDER_NAMES_MAX)
		n = MDG_FOLDER_NAMES_MAX;
	struct mdg_imap_name *v = mdg_arena_array(a, n, sizeof(*v));
	for (clistiter *i = clist_begin(list); i != NULL && k < n;
	     i = clist_next(i))
		keep_name(a, clist_content(i), &v[k++]);
	mailimap_list_result_free(list);
	*ret = v;
	*ret_n = n;
	return true;
}

/* -- SELECT, STATUS -- */

static bool
no_folder(struct mdg_imap *im, const char *raw, struct mdg_err *err)
{
	static const char *const other[] = {"NOPERM", "UNAVAILABLE", "INUSE",
					    "LIMIT", "SERVERBUG"};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf name = {0};
	if (mdg_stream_error(im->stream) != NULL)
		return false;
	for (size_t i = 0; i < MDG_LEN(other); i++)
		if (imap_code_is(im, other[i]))
			return false;
	mdg_utf7imap_show(raw, &name);
	return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_net_folder_missing,
			    im->peer->host, mdg_buf_str(&name), NULL);
}

bool
mdg_imap_select(struct mdg_imap *im, const char *name, bool write,
		struct mdg_imap_state *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	if (!imap_wire_name(im, name, &raw, err) ||
	    !imap_begin_bytes(im, 0, 0, err))
		return false;
	uint64_t modseq = 0;
	int r;
	if (write)
		r = mailimap_select(im->et, mdg_buf_str(&raw));
	else if (mdg_imap_has(im, "CONDSTORE"))
		r = mailimap_examine_condstore(im->et, mdg_buf_str(&raw),
					       &modseq);
	else
		r = mailimap_examine(im->et, mdg_buf_str(&raw));
	if (!imap_check(im, r, err))
		return no_folder(im, mdg_buf_str(&raw), err);
	const struct mailimap_selection_info *s = im->et->imap_selection_info;
	/* RFC 3501 §2.3.1.1: without it UIDs mean nothing from one session to
	 * the next. */
	if (s == NULL || s->sel_uidvalidity == 0)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_net_bad_answer,
				    im->peer->host, "UIDVALIDITY", NULL);
	im->selected = (struct mdg_imap_state){
		.uidvalidity = s->sel_uidvalidity,
		.uidnext = s->sel_uidnext,
		.exists = s->sel_exists,
		.modseq = modseq,
	};
	*ret = im->selected;
	(void)imap_heard(im); /* its own EXISTS is no news */
	return true;
}

static void
read_status(const struct mailimap_mailbox_data_status *st,
	    struct mdg_imap_state *ret)
{
	for (clistiter *i = st->st_info_list != NULL
				    ? clist_begin(st->st_info_list)
				    : NULL;
	     i != NULL; i = clist_next(i)) {
		const struct mailimap_status_info *s = clist_content(i);
		if (s->st_att == MAILIMAP_STATUS_ATT_MESSAGES)
			ret->exists = s->st_value;
		else if (s->st_att == MAILIMAP_STATUS_ATT_UIDNEXT)
			ret->uidnext = s->st_value;
		else if (s->st_att == MAILIMAP_STATUS_ATT_UIDVALIDITY)
			ret->uidvalidity = s->st_value;
	}
}

bool
mdg_imap_status(struct mdg_imap *im, const char *name,
		struct mdg_imap_state *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	if (!imap_wire_name(im, name, &raw, err) || !imap_begin(im, err))
		return false;
	if (!imap_text(im, "STATUS ", err) ||
	    !imap_quoted(im, mdg_buf_str(&raw), err) ||
	    !imap_text(im, " (MESSAGES UIDNEXT UIDVALIDITY)\r\n", err))
		return false;
	if (!imap_answer(im, err))
		return no_folder(im, mdg_buf_str(&raw), err);
	const struct mailimap_response_info *info = im->et->imap_response_info;
	if (info == NULL || info->rsp_status == NULL)
		return imap_check(im, MAILIMAP_ERROR_PARSE, err);
	struct mdg_imap_state st = {0};
	read_status(info->rsp_status, &st);
	*ret = st;
	return true;
}
