/* The Sent copy: look first, then append; twice leaves one. */
#include <stdlib.h>
#include <string.h>

#include "imap_private.h"
#include "madoguchi/base/limits.h"

enum { SEARCH_BYTES_MAX = 1 << 20 };

static bool
id_ok(const char *id)
{
	size_t n = strlen(id);
	if (n == 0 || n > MDG_MSGID_BYTES_MAX)
		return false;
	for (; *id != '\0'; id++)
		if (*id <= ' ' || *id >= 0x7f || strchr("\"\\<>", *id) != NULL)
			return false;
	return true;
}

bool
mdg_imap_find(struct mdg_imap *im, const char *raw, const char *message_id,
	      uint32_t *ret_uid, struct mdg_err *err)
{
	struct mdg_imap_state st;
	if (!id_ok(message_id))
		return mdg_fail(err, MDG_EINVAL, "not a Message-ID");
	if (!mdg_imap_select(im, raw, false, &st, err))
		return false;
	/* HEADER looks for a part of the value: the brackets make it whole. */
	if (!imap_begin_bytes(im, SEARCH_BYTES_MAX, 0, err) ||
	    !imap_check(im, mailimap_send_current_tag(im->et), err) ||
	    !imap_text(im, "UID SEARCH HEADER Message-ID \"<", err) ||
	    !imap_text(im, message_id, err) || !imap_text(im, ">\"\r\n", err) ||
	    !imap_answer(im, err))
		return false;
	const struct mailimap_response_info *info = im->et->imap_response_info;
	uint32_t uid = 0;
	clist *found = info != NULL ? info->rsp_search_result : NULL;
	for (clistiter *i = found != NULL ? clist_begin(found) : NULL;
	     i != NULL; i = clist_next(i)) {
		uint32_t one = *(const uint32_t *)clist_content(i);
		uid = one > uid ? one : uid;
	}
	*ret_uid = uid;
	return true;
}

/* RFC 4315 §3, as libetpan keeps it. */
static uint32_t
appended_uid(struct mdg_imap *im)
{
	const struct mailimap_response_info *info = im->et->imap_response_info;
	if (info == NULL || info->rsp_extension_list == NULL)
		return 0;
	for (clistiter *i = clist_begin(info->rsp_extension_list); i != NULL;
	     i = clist_next(i)) {
		const struct mailimap_extension_data *x = clist_content(i);
		if (x->ext_extension != &mailimap_extension_uidplus ||
		    x->ext_type != MAILIMAP_UIDPLUS_RESP_CODE_APND)
			continue;
		const struct mailimap_uidplus_resp_code_apnd *apnd =
			x->ext_data;
		clistiter *first = clist_begin(apnd->uid_set->set_list);
		if (first == NULL)
			continue;
		const struct mailimap_set_item *it = clist_content(first);
		return it->set_first;
	}
	return 0;
}

static bool
send_literal(struct mdg_imap *im, struct mdg_span bytes, struct mdg_err *err)
{
	ssize_t r = mailstream_write(im->et->imap_stream, bytes.p, bytes.n);
	if (r < 0 || (size_t)r != bytes.n)
		return imap_check(im, MAILIMAP_ERROR_STREAM, err);
	return imap_text(im, "\r\n", err);
}

static bool
append(struct mdg_imap *im, const char *name, struct mdg_span bytes,
       struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	char size[32];
	bool more = true;
	snprintf(size, sizeof(size), " (\\Seen) {%zu}\r\n", bytes.n);
	if (!imap_wire_name(im, name, &raw, err) || !imap_begin(im, err) ||
	    !imap_begin_bytes(im, 0, bytes.n, err) ||
	    !imap_text(im, "APPEND ", err) ||
	    !imap_quoted(im, mdg_buf_str(&raw), err) ||
	    !imap_text(im, size, err) || !imap_more(im, &more, NULL, err))
		return false;
	if (!more) {
		/* A server that says OK without having taken it is lying. */
		if (imap_finish(im, err))
			return imap_check(im, MAILIMAP_ERROR_PARSE, err);
		return false;
	}
	return send_literal(im, bytes, err) && imap_answer(im, err);
}

bool
mdg_imap_append_once(struct mdg_imap *im, const char *raw,
		     const char *message_id, struct mdg_span bytes,
		     uint32_t *ret_uid, struct mdg_err *err)
{
	uint32_t uid;
	if (!mdg_imap_find(im, raw, message_id, &uid, err))
		return false;
	if (uid == 0) {
		if (!append(im, raw, bytes, err))
			return false;
		uid = appended_uid(im);
	}
	*ret_uid = uid;
	return true;
}
