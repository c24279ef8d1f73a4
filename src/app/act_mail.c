/* mail.reparse: 再取込; attachment.*, message.html: what came with a mail. */
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/query.h"
#include "madoguchi/store/st_mail.h"
#include "madoguchi/store/st_scan.h"

#include "act-int.h"

struct error_mail {
	int64_t delivery, ticket;
};

/* Mails that could not be read, of one ticket (0: all), in windows where the
 * actor may work. */
static bool
find(struct mdg_act_call *c, int64_t ticket, struct error_mail *v,
     size_t *ret_n, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret_n = 0;
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT d.id, m.ticket_id FROM delivery d"
			  " JOIN message m ON m.id = d.message_id"
			  " JOIN ticket t ON t.id = m.ticket_id"
			  " WHERE d.state = 'quarantined'"
			  " AND (?1 = 0 OR m.ticket_id = ?1)"
			  " AND (?2 = 0 OR t.win_id IN (SELECT win_id"
			  "  FROM member WHERE person_id = ?2"
			  "  AND role IN ('operator', 'sv', 'admin')))"
			  " ORDER BY d.id LIMIT ?3",
			  "iii", ticket, c->viewer, (int64_t)MDG_LIST_MAX))
		return false;
	while (mdg_rows_next(r))
		v[(*ret_n)++] = (struct error_mail){mdg_rows_i64(r, 0),
						    mdg_rows_i64(r, 1)};
	return mdg_rows_close(&r, err);
}

static bool
retry(struct mdg_act_call *c, const struct error_mail *m, json_t *list,
      struct mdg_err *err)
{
	struct mdg_ticket t;

	json_array_append_new(list, json_integer(m->delivery));
	return mdg_desk_ticket_root(c->desk, m->ticket, c->arena, &t, err) &&
	       mdg_delivery_retry(c->desk->db, m->delivery, err) &&
	       mdg_desk_event(c->desk, c->actor, &t, "mail.retry",
			      json_pack("{s:I}", "delivery", m->delivery), NULL,
			      err) &&
	       mdg_ticket_update(c->desk->db, &t, err);
}

static bool
mail_reparse(struct mdg_act_call *c, struct mdg_err *err)
{
	struct error_mail *v =
		mdg_arena_array(c->arena, MDG_LIST_MAX, sizeof(*v));
	int64_t number = mdg_arg_int(c, "ticket", 0);
	struct mdg_ticket t = {.id = 0};
	json_t *list = json_array();
	size_t n;

	json_object_set_new(c->result, "deliveries", list);
	if (!number && !mdg_arg_flag(c, "quarantined"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_reparse_what,
				    NULL);
	if (number) {
		enum mdg_found f = mdg_ticket_by_number(c->desk->db, number,
							c->arena, &t, err);
		if (f == MDG_NONE)
			return mdg_fail_msg(err, MDG_ENOENT,
					    MDG_MSG_ticket_none,
					    mdg_act_number(c, number), NULL);
		if (f == MDG_FAILED ||
		    !mdg_desk_ticket_root(c->desk, t.id, c->arena, &t, err))
			return false;
	}
	if (!find(c, t.id, v, &n, err))
		return false;
	if (number && n == 0)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_reparse_none,
				    mdg_act_number(c, number), NULL);
	for (size_t i = 0; i < n; i++)
		if (!retry(c, &v[i], list, err))
			return false;
	mdg_result_int(c, "mails", (int64_t)n);
	return true;
}

/* ---- attachments ---- */

static bool
attachment_list(struct mdg_act_call *c, struct mdg_err *err)
{
	mdg_result_int(c, "ticket", c->ticket.number);
	return mdg_query_attachments(c->desk->db, c->ticket.id, c->result, err);
}

static enum mdg_msg
danger_word(enum mdg_danger d)
{
	static const enum mdg_msg words[MDG_DANGER_N] = {
		[MDG_DANGER_PROGRAM] = MDG_MSG_danger_program,
		[MDG_DANGER_SCRIPT] = MDG_MSG_danger_script,
		[MDG_DANGER_IMAGE] = MDG_MSG_danger_disk_image,
		[MDG_DANGER_MACRO] = MDG_MSG_danger_macro,
		[MDG_DANGER_ARCHIVE] = MDG_MSG_danger_archive,
		[MDG_DANGER_DISGUISED] = MDG_MSG_danger_disguised,
	};

	return words[d < MDG_DANGER_N ? d : MDG_DANGER_PROGRAM];
}

/* What the virus scanner said of the mail lets this person have a part of it,
 * or all. */
static bool
scan_allows(struct mdg_act_call *c, int64_t raw, int64_t message,
	    const char *name, struct mdg_err *err)
{
	struct mdg_scan s = {.state = "clean"};

	if (mdg_scan_get(c->desk->db, MDG_SCAN_MAIL, raw, c->arena, &s, err) ==
	    MDG_FAILED)
		return false;
	if (mdg_streq(s.state, "found"))
		return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_attachment_virus,
				    s.name, name, mdg_act_number(c, message),
				    NULL);
	if (mdg_streq(s.state, "clean") || c->role >= MDG_MEMBER_SV)
		return true;
	return mdg_fail_msg(err, MDG_EPERM,
			    mdg_streq(s.state, "released")
				    ? MDG_MSG_attachment_released
				    : MDG_MSG_attachment_unscanned,
			    name, NULL);
}

/* What it is; the bytes come from a parser, which the daemon asks. */
static bool
attachment_save(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_attachment_row a;
	int64_t message = mdg_arg_int(c, "message", 0);
	int64_t n = mdg_arg_int(c, "n", 0);
	char digest[2 * MDG_DIGEST_BYTES + 1];
	enum mdg_found f = mdg_attachment_get(c->desk->db, message, n - 1,
					      c->arena, &a, err);

	if (f == MDG_NONE)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_attachment_none,
				    mdg_act_number(c, message),
				    mdg_act_number(c, n),
				    mdg_act_number(c, c->ticket.number), NULL);
	if (f == MDG_FAILED)
		return false;
	if (a.danger && c->role < MDG_MEMBER_SV)
		return mdg_fail_msg(
			err, MDG_EPERM, MDG_MSG_attachment_danger,
			a.filename ? a.filename : a.media_type,
			mdg_msg_text(c->actor->lang, danger_word(a.danger)),
			NULL);
	if (a.raw_id &&
	    !scan_allows(c, a.raw_id, message,
			 a.filename ? a.filename : a.media_type, err))
		return false;
	mdg_hex(a.digest, sizeof(a.digest), digest);
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_int(c, "message", message);
	mdg_result_int(c, "n", n);
	mdg_result_text(c, "filename", a.filename);
	mdg_result_text(c, "media_type", a.media_type);
	mdg_result_int(c, "bytes", a.bytes);
	mdg_result_text(c, "digest", digest);
	return true;
}

/* The same way: the form for display is made when it is looked at. Its
 * pictures are attachments, by their content id. */
static bool
message_html(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t message = mdg_arg_int(c, "message", 0), raw;
	enum mdg_found f = mdg_message_page(c->desk->db, message, &raw, err);

	if (f == MDG_NONE)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_page_none,
				    mdg_act_number(c, message),
				    mdg_act_number(c, c->ticket.number), NULL);
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_int(c, "message", message);
	return f == MDG_FOUND &&
	       mdg_query_inline(c->desk->db, message, c->result, err);
}

/* The whole of a mail that came, as it came. */
static bool
message_raw(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t message = mdg_arg_int(c, "message", 0), bytes = 0, raw = 0;
	enum mdg_found f = mdg_db_i64(
		c->desk->db, &raw, err,
		"SELECT raw_id FROM message WHERE id = ?1"
		" AND raw_id IS NOT NULL",
		"i", message);

	if (f == MDG_FOUND)
		f = mdg_db_i64(c->desk->db, &bytes, err,
			       "SELECT bytes FROM raw WHERE id = ?1", "i",
			       raw);
	if (f == MDG_NONE)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_message_none,
				    mdg_act_number(c, message), NULL);
	const char *name = mdg_arena_printf(c->arena, "%lld-%lld.eml",
					    (long long)c->ticket.number,
					    (long long)message);
	if (f == MDG_FAILED || !scan_allows(c, raw, message, name, err))
		return false;
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_int(c, "message", message);
	mdg_result_int(c, "bytes", bytes);
	mdg_result_text(c, "filename", name);
	mdg_result_text(c, "media_type", "message/rfc822");
	return true;
}

const struct mdg_act mdg_acts_mail[] = {
	{"message.raw",
	 MDG_SCOPE_MESSAGE,
	 MDG_MEMBER_VIEWER,
	 MDG_VIEWS,
	 {{"message", 'i', true}},
	 message_raw},
	{"attachment.list",
	 MDG_SCOPE_TICKET,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{"ticket", 'i', true}},
	 attachment_list},
	{"attachment.save",
	 MDG_SCOPE_MESSAGE,
	 MDG_MEMBER_VIEWER,
	 MDG_VIEWS,
	 {{"message", 'i', true}, {"n", 'i', true}},
	 attachment_save},
	{"message.html",
	 MDG_SCOPE_MESSAGE,
	 MDG_MEMBER_VIEWER,
	 MDG_VIEWS,
	 {{"message", 'i', true}},
	 message_html},
	{"mail.reparse",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"ticket", 'i', false}, {"quarantined", 'b', false}},
	 mail_reparse},
	{0},
};
