/* Tickets, drafts, the outbox. */
#include "madoguchi/query/query.h"
#include "madoguchi/query/queue.h"

#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/revision.h"
#include "rows.h"

static void
drop_key(json_t *rows, const char *key)
{
	size_t i;
	json_t *o;

	json_array_foreach (rows, i, o)
		json_object_del(o, key);
}

#define OPEN_DRAFT                                                             \
	"(SELECT d.state FROM draft d WHERE d.ticket_id = t.id"                \
	" AND d.state NOT IN ('sent', 'cancelled')"                            \
	" ORDER BY d.id DESC LIMIT 1)"

#define TICKET_ROWS                                                                        \
	"SELECT t.number, w.code, t.state, t.closing, t.subject,"                          \
	" c.name, p.login, t.created_s, t.inbound_s, t.due_s,"                             \
	" (SELECT COUNT(*) FROM message m WHERE m.ticket_id = t.id),"                      \
	" nm.flags, na.address, t.category, t.temperature,"                                \
	" t.harassment,"                                                                   \
	" CASE WHEN t.assignee_id IS NULL THEN lead.login END,"                            \
	" " OPEN_DRAFT ", t.closed_s, t.id"                                                \
	" FROM ticket t LEFT JOIN win w ON w.id = t.win_id"                                \
	" LEFT JOIN message nm ON nm.id = t.newest_message_id"                             \
	" LEFT JOIN message_address na ON na.message_id = nm.id"                           \
	"  AND na.role = 'customer' AND na.n = 0"                                          \
	" LEFT JOIN escalation e ON e.ticket_id = t.id"                                    \
	" LEFT JOIN person lead ON lead.id = e.person_id"                                  \
	" LEFT JOIN customer c ON c.id = t.customer_id"                                    \
	" LEFT JOIN person p ON p.id = t.assignee_id"                                      \
	" WHERE " MDG_VIEWER_SEES(                                                         \
		"t.win_id") " AND (?2 = '' OR t.state = ?2) AND (?4 = 0 OR t.win_id = ?4)" \
			    " AND t.parent_id IS NULL"

/* One for each order and way in, so that each has its index and reads what it
 * shows. ?3: whose, ?6, ?7, ?8: the row that the page before ended with. */
#define ANYBODYS " AND ?3 = 0"
#define ONES " AND t.assignee_id = ?3"
#define OPEN                                                                   \
	" AND t.state NOT IN ('closed', 'merged')"                             \
	" AND (?6 < 0 OR COALESCE(t.due_s, 9999999999) > ?6"                   \
	"  OR (COALESCE(t.due_s, 9999999999) = ?6"                             \
	"   AND (t.inbound_s > ?7 OR (t.inbound_s = ?7 AND t.id > ?8))))"
#define BY_DUE " ORDER BY t.due_s NULLS LAST, t.inbound_s, t.id LIMIT ?5"
#define RETURNED                                                               \
	" AND t.id IN (SELECT r.ticket_id FROM draft r"                        \
	"  WHERE r.state = 'returned') AND " OPEN_DRAFT " = 'returned'"
#define CLOSED                                                                 \
	" AND t.state = 'closed' AND t.closed_s <= ?6"                         \
	" AND (t.closed_s < ?6 OR t.id < ?8) AND ?7 = ?7"                      \
	" ORDER BY t.closed_s DESC, t.id DESC LIMIT ?5"

enum way { WAY_OPEN, WAY_RETURNED, WAY_CLOSED, WAYS };

static const char *const lists[WAYS][2] = {
	[WAY_OPEN] = {TICKET_ROWS ANYBODYS OPEN BY_DUE,
		      TICKET_ROWS ONES OPEN BY_DUE},
	[WAY_RETURNED] = {TICKET_ROWS ANYBODYS OPEN RETURNED BY_DUE,
			  TICKET_ROWS ONES OPEN RETURNED BY_DUE},
	[WAY_CLOSED] = {TICKET_ROWS ANYBODYS CLOSED, TICKET_ROWS ONES CLOSED},
};

/* "o:due:inbound:id" or "c:closed:0:id"; order_s -1: from the beginning. */
struct cursor {
	bool closed;
	int64_t order_s, inbound_s, id;
};
#define NEVER_DUE 9999999999LL

static bool
read_cursor(const char *text, struct cursor *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *copy = mdg_strdup(text ? text : "");
	char *part[4], *p = copy;
	size_t n = 0;

	*ret = (struct cursor){.order_s = -1};
	if (!*copy)
		return true;
	while (p && n < MDG_LEN(part)) {
		part[n++] = p;
		p = strchr(p, ':');
		if (p)
			*p++ = '\0';
	}
	ret->closed = mdg_streq(part[0], "c");
	if (n == MDG_LEN(part) && !p &&
	    (ret->closed || mdg_streq(part[0], "o")) &&
	    mdg_str_i64(part[1], 0, INT64_MAX, &ret->order_s) &&
	    mdg_str_i64(part[2], 0, INT64_MAX, &ret->inbound_s) &&
	    mdg_str_i64(part[3], 0, INT64_MAX, &ret->id))
		return true;
	return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cursor_bad, text, NULL);
}

static int64_t
number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

/* Where the next page begins, if one row more than asked for was there. */
static void
put_next(json_t *list, int64_t limit, json_t *ret)
{
	char next[80];

	if ((int64_t)json_array_size(list) <= limit)
		return;
	json_array_remove(list, (size_t)limit);
	const json_t *o = json_array_get(list, (size_t)limit - 1);
	if (mdg_streq(json_string_value(json_object_get(o, "state")), "closed"))
		snprintf(next, sizeof(next), "c:%lld:0:%lld",
			 (long long)number(o, "closed_s"),
			 (long long)number(o, "id"));
	else
		snprintf(next, sizeof(next), "o:%lld:%lld:%lld",
			 (long long)(json_is_null(json_object_get(o, "due_s"))
					     ? NEVER_DUE
					     : number(o, "due_s")),
			 (long long)number(o, "inbound_s"),
			 (long long)number(o, "id"));
	json_object_set_new(ret, "next", json_string(next));
}

struct list {
	const struct mdg_ticket_filter *f;
	const char *state;      /* "" for any */
	int64_t person, window; /* 0: any; -1: there is none */
	int64_t limit;
	json_t *rows;
};

static bool
ticket_rows(struct mdg_db *db, const struct list *l, enum way way,
	    const struct cursor *at, struct mdg_err *err)
{
	struct mdg_rows *r;
	int64_t left = l->limit - (int64_t)json_array_size(l->rows);
	int64_t from_s =
		way == WAY_CLOSED && at->order_s < 0 ? INT64_MAX : at->order_s;

	return left <= 0 ||
	       (mdg_db_query(db, &r, err, lists[way][l->person != 0],
			     "isiiiiii", l->f->viewer, l->state, l->person,
			     l->window, left, from_s, at->inbound_s, at->id) &&
		mdg_rows_json(&r,
			      "ticket:i window:s state:s closing:s subject:s "
			      "customer:s assignee:s created_s:i inbound_s:i "
			      "due_s:i messages:i flags:s customer_address:s "
			      "category:s temperature:i harassment:b owner:s "
			      "draft_state:s closed_s:i id:i",
			      l->rows, err));
}

/* The row that a word names; none names nobody's. */
static bool
named(struct mdg_db *db, const char *sql, const char *word, int64_t *ret,
      struct mdg_err *err)
{
	*ret = 0;
	if (!word || !*word)
		return true;
	enum mdg_found f = mdg_db_i64(db, ret, err, sql, "s", word);
	if (f == MDG_NONE)
		*ret = -1;
	return f != MDG_FAILED;
}

bool
mdg_query_tickets(struct mdg_db *db, const struct mdg_ticket_filter *f,
		  int64_t now_s, json_t *ret, struct mdg_err *err)
{
	static const struct cursor start = {.order_s = -1};
	bool all = mdg_streq(f->state, "all");
	bool returned = mdg_streq(f->state, "returned");
	struct list l = {
		.f = f, .state = f->state && !all && !returned ? f->state : ""};
	int64_t limit = f->limit < 1              ? 1
			: f->limit > MDG_LIST_MAX ? MDG_LIST_MAX
						  : f->limit;
	struct cursor at;

	l.limit = limit + 1;
	if (!read_cursor(f->after, &at, err) ||
	    !named(db, "SELECT id FROM person WHERE login = ?1", f->assignee,
		   &l.person, err) ||
	    !named(db, "SELECT id FROM win WHERE code = ?1", f->window,
		   &l.window, err))
		return false;
	json_object_set_new(ret, "now_s", json_integer(now_s));
	json_t *list = l.rows = mdg_json_list(ret, "tickets");
	if (!at.closed &&
	    !ticket_rows(db, &l, returned ? WAY_RETURNED : WAY_OPEN, &at, err))
		return false;
	if ((all || mdg_streq(l.state, "closed")) &&
	    !ticket_rows(db, &l, WAY_CLOSED, at.closed ? &at : &start, err))
		return false;
	put_next(list, limit, ret);
	mdg_json_badges(list);
	drop_key(list, "flags");
	drop_key(list, "customer_address");
	drop_key(list, "id");
	return true;
}

static bool
ticket_head(struct mdg_db *db, const struct mdg_ticket *t, json_t *ret,
	    struct mdg_err *err)
{
	struct mdg_rows *r;
	json_t *one = json_array();

	if (!mdg_db_query(
		    db, &r, err,
		    "SELECT t.number, w.code, t.state, t.closing,"
		    " t.hold_reason, t.subject, c.name, p.login,"
		    " t.category, t.priority, t.temperature, t.created_s,"
		    " t.inbound_s, t.due_s, t.is_history, t.rev FROM ticket t"
		    " LEFT JOIN win w ON w.id = t.win_id"
		    " LEFT JOIN customer c ON c.id = t.customer_id"
		    " LEFT JOIN person p ON p.id = t.assignee_id"
		    " WHERE t.id = ?1",
		    "i", t->id) ||
	    !mdg_rows_json(&r,
			   "ticket:i window:s state:s closing:s hold_reason:s "
			   "subject:s customer:s assignee:s category:s "
			   "priority:i temperature:i created_s:i inbound_s:i "
			   "due_s:i history:b rev:i",
			   one, err)) {
		json_decref(one);
		return false;
	}
	json_object_update(ret, json_array_get(one, 0));
	json_decref(one);
	return true;
}

/* id is what a person types: "12.1", the first of message 12. */

/* Who did not get a reply, as far as is known. */
static bool
undelivered(struct mdg_db *db, int64_t ticket, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT o.id, x.address,"
			  " COALESCE(x.bounce, 'refused'), x.text"
			  " FROM outbox_rcpt x"
			  " JOIN outbox o ON o.id = x.outbox_id"
			  " WHERE o.ticket_id = ?1 AND o.kind = 'reply'"
			  " AND x.state IN ('bounced', 'permfail')"
			  " ORDER BY o.id, x.n",
			  "i", ticket))
		return false;
	return mdg_rows_json(&r, "outbox:i address:s kind:s text:s",
			     mdg_json_list(ret, "undelivered"), err);
}

bool
mdg_query_ticket(struct mdg_db *db, const struct mdg_ticket *t, int64_t now_s,
		 json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	json_object_set_new(ret, "now_s", json_integer(now_s));
	if (!ticket_head(db, t, ret, err) || !mdg_query_judged(db, t, ret, err))
		return false;
	if (!mdg_db_query(db, &r, err,
			  "SELECT m.id, direction, class, evidence,"
			  " m.message_id, from_name, from_address, subject,"
			  " received_s, COALESCE(reply, text), quoted,"
			  " signature, flags, attachments_n, has_html,"
			  " a.name, a.address"
			  " FROM message m LEFT JOIN message_address a"
			  " ON a.message_id = m.id AND a.role = 'customer'"
			  " AND a.n = 0 WHERE ticket_id = ?1 ORDER BY m.id",
			  "i", t->id) ||
	    !mdg_rows_json(&r,
			   "id:i direction:s class:s evidence:s message_id:s "
			   "from_name:s from_address:s subject:s received_s:i "
			   "text:s quoted:s signature:s flags:s attachments:i "
			   "html:b "
			   "customer_name:s customer_address:s",
			   mdg_json_list(ret, "messages"), err))
		return false;
	mdg_json_badges(json_object_get(ret, "messages"));
	if (!mdg_db_query(
		    db, &r, err,
		    "SELECT d.id, d.state, p.login, d.subject,"
		    " d.template_id, d.changed_s, d.not_before_s FROM draft d"
		    " JOIN person p ON p.id = d.author_id"
		    " WHERE d.ticket_id = ?1 ORDER BY d.id",
		    "i", t->id) ||
	    !mdg_rows_json(&r,
			   "draft:i state:s author:s subject:s template:s "
			   "changed_s:i not_before_s:i",
			   mdg_json_list(ret, "drafts"), err))
		return false;
	if (!mdg_db_query(db, &r, err,
			  "SELECT kind, state, started_s, due_s, stopped_s"
			  " FROM clock WHERE ticket_id = ?1 ORDER BY started_s",
			  "i", t->id) ||
	    !mdg_rows_json(&r,
			   "clock:s state:s started_s:i due_s:i stopped_s:i",
			   mdg_json_list(ret, "clocks"), err))
		return false;
	return undelivered(db, t->id, ret, err) &&
	       mdg_query_attachments(db, t->id, ret, err) &&
	       mdg_query_notes(db, t->id, now_s, ret, err) &&
	       mdg_query_regroup(db, t->id, ret, err);
}

static void
addresses(json_t *ret, const char *name, const struct mdg_addresses *l)
{
	json_t *list = mdg_json_list(ret, name);

	for (size_t i = 0; i < l->n; i++)
		json_array_append_new(list, json_pack("{s:s,s:s}", "name",
						      l->v[i].name, "address",
						      l->v[i].address));
}

/* The very mail that is, or was, up for approval. */
static bool
newest_revision(struct mdg_db *db, const struct mdg_draft *d, json_t *ret,
		struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_revision_row row;
	struct mdg_revision rev;
	char digest[2 * MDG_DIGEST_BYTES + 1];
	enum mdg_found f = mdg_revision_newest(db, d->id, &a, &row, err);

	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (!mdg_revision_decode(row.canonical, &a, &rev))
		return mdg_fail(err, MDG_EFORMAT, "revision %lld is broken",
				(long long)row.id);
	mdg_hex(row.digest, sizeof(row.digest), digest);
	json_t *o = json_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s?}", "revision",
			      row.id, "state", row.state, "digest", digest,
			      "from", rev.from.address, "subject", rev.subject,
			      "text", rev.text, "message_id", rev.message_id,
			      "in_reply_to", rev.in_reply_to);
	addresses(o, "to", &rev.to);
	addresses(o, "cc", &rev.cc);
	addresses(o, "bcc", &rev.bcc);
	for (size_t i = 0; i < rev.files_n; i++) {
		const struct mdg_revision_file *u = &rev.files[i];
		mdg_hex(u->digest, sizeof(u->digest), digest);
		json_array_append_new(
			i ? json_object_get(o, "files")
			  : mdg_json_list(o, "files"),
			json_pack("{s:I,s:s,s:s,s:I,s:s}", "upload",
				  u->upload_id, "filename", u->filename,
				  "media_type", u->media_type, "bytes",
				  u->bytes, "digest", digest));
	}
	json_object_set_new(ret, "mail", o);
	return true;
}

static bool
uploads(struct mdg_db *db, int64_t draft, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT u.id, filename, media_type, bytes,"
			    " s.state, s.name FROM upload u"
			    " LEFT JOIN scan s ON s.kind = 'upload'"
			    "  AND s.item_id = u.id WHERE draft_id = ?1"
			    " AND digest IS NOT NULL ORDER BY u.id",
			    "i", draft) &&
	       mdg_rows_json(&r,
			     "upload:i filename:s media_type:s bytes:i "
			     "scan:s scan_name:s",
			     mdg_json_list(ret, "files"), err);
}

bool
mdg_query_draft(struct mdg_db *db, const struct mdg_draft *d, json_t *ret,
		struct mdg_err *err)
{
	struct mdg_rows *r;
	json_t *head = json_pack(
		"{s:I,s:s,s:s,s:s,s:s?,s:s,s:s?,s:s?,s:I,s:I,s:I}", "draft",
		d->id, "state", d->state, "subject", d->subject, "body",
		d->body, "template", d->template_id, "next", d->next_state,
		"return_code", d->return_code, "return_note", d->return_note,
		"rev", d->rev, "next_due_s", d->next_due_s, "not_before_s",
		d->not_before_s);

	json_object_update(ret, head);
	json_decref(head);
	addresses(ret, "to", &d->to);
	addresses(ret, "cc", &d->cc);
	addresses(ret, "bcc", &d->bcc);
	if (!newest_revision(db, d, ret, err) || !uploads(db, d->id, ret, err))
		return false;
	if (!mdg_db_query(db, &r, err,
			  "SELECT v.id, v.n, v.state, q.login, v.requested_s,"
			  " p.login, v.decided_s, v.comment FROM revision v"
			  " LEFT JOIN person q ON q.id = v.requested_by"
			  " LEFT JOIN person p ON p.id = v.decided_by"
			  " WHERE v.draft_id = ?1 ORDER BY v.n",
			  "i", d->id))
		return false;
	return mdg_rows_json(&r,
			     "revision:i n:i state:s requested_by:s "
			     "requested_s:i decided_by:s decided_s:i comment:s",
			     mdg_json_list(ret, "revisions"), err);
}

#define OUTBOX_ROWS                                                            \
	"SELECT o.id, o.kind, o.state, t.number, o.draft_id,"                  \
	" o.not_before_s, o.attempts, o.sent_s, o.copy_state,"                 \
	" o.reason, o.message_id, (SELECT x.text"                              \
	"  FROM outbox_rcpt x WHERE x.outbox_id = o.id"                        \
	"  AND x.text IS NOT NULL ORDER BY x.n LIMIT 1)"                       \
	" FROM outbox o LEFT JOIN ticket t ON t.id = o.ticket_id"              \
	" WHERE " MDG_VIEWER_SEES("t.win_id") " AND o.id < ?2"
#define OUTBOX_ORDER " ORDER BY o.id DESC LIMIT ?3"

bool
mdg_query_outbox(struct mdg_db *db, const struct mdg_outbox_filter *f,
		 json_t *ret, struct mdg_err *err)
{
	/* what is neither sent nor cancelled, as the partial indexes say it */
	static const char waits[] =
		OUTBOX_ROWS " AND o.id IN (SELECT id FROM outbox WHERE state IN"
			    " ('queued', 'sending', 'committing', 'unknown')"
			    " UNION ALL SELECT id FROM outbox"
			    " WHERE state = 'failed')" OUTBOX_ORDER;
	size_t limit = f->limit < 1              ? 1
		       : f->limit > MDG_LIST_MAX ? MDG_LIST_MAX
						 : (size_t)f->limit;
	json_t *list = mdg_json_list(ret, "outbox");
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  f->all ? OUTBOX_ROWS OUTBOX_ORDER : waits, "iii",
			  f->viewer, f->before > 0 ? f->before : INT64_MAX,
			  (int64_t)limit + 1) ||
	    !mdg_rows_json(&r,
			   "outbox:i kind:s state:s ticket:i draft:i "
			   "not_before_s:i attempts:i sent_s:i copy:s "
			   "reason:s message_id:s answer:s",
			   list, err))
		return false;
	if (json_array_size(list) > limit) {
		json_array_remove(list, limit);
		json_object_set_new(
			ret, "next",
			json_integer(number(json_array_get(list, limit - 1),
					    "outbox")));
	}
	return true;
}
