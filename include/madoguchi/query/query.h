/*
 * query: read models. Each fills a JSON object for people and scripts to read;
 * nothing here changes anything, so it also runs on a read-only handle.
 *
 * viewer: the person who reads; lists hold only what belongs to a window in
 * which they have a role. 0: everything.
 */
#ifndef MDG_QUERY_QUERY_H
#define MDG_QUERY_QUERY_H

#include <jansson.h>

#include "madoguchi/store/st_reply.h"
#include "madoguchi/store/st_ticket.h"

bool mdg_query_people(struct mdg_db *db, int64_t viewer, int64_t now_s,
		      json_t *ret, struct mdg_err *err);
/* Where a person is signed in, and as what. */
bool mdg_query_sessions(struct mdg_db *db, int64_t person, int64_t current,
			int64_t now_s, json_t *ret, struct mdg_err *err);
/* Tokens of programs; person 0: of all. */
bool mdg_query_tokens(struct mdg_db *db, int64_t person, int64_t now_s,
		      json_t *ret, struct mdg_err *err);
bool mdg_query_who(struct mdg_db *db, int64_t person, json_t *ret,
		   struct mdg_err *err);
bool mdg_query_windows(struct mdg_db *db, int64_t viewer, json_t *ret,
		       struct mdg_err *err);
bool mdg_query_mailboxes(struct mdg_db *db, int64_t viewer, json_t *ret,
			 struct mdg_err *err);
bool mdg_query_forms(struct mdg_db *db, int64_t viewer, json_t *ret,
		     struct mdg_err *err);

struct mdg_ticket_filter {
	const char *state;    /* NULL: everything that is not closed; "all" */
	const char *assignee; /* login, or NULL */
	const char *window;   /* code, or NULL */
	const char *after;    /* "next" of the page before, or NULL */
	int64_t viewer;
	int64_t limit;
};
/* What is due first stands first; behind it what is closed, newest first.
 * "next": there is more. State "returned": a lead sent the reply back. */
bool mdg_query_tickets(struct mdg_db *db, const struct mdg_ticket_filter *f,
		       int64_t now_s, json_t *ret, struct mdg_err *err);
bool mdg_query_ticket(struct mdg_db *db, const struct mdg_ticket *t,
		      int64_t now_s, json_t *ret, struct mdg_err *err);
bool mdg_query_attachments(struct mdg_db *db, int64_t ticket, json_t *ret,
			   struct mdg_err *err);
/* Pictures within the HTML of a mail: inline[] of {n, content_id}. */
bool mdg_query_inline(struct mdg_db *db, int64_t message, json_t *ret,
		      struct mdg_err *err);
/* Suggestions, mood and facts; part of mdg_query_ticket(). */
bool mdg_query_judged(struct mdg_db *db, const struct mdg_ticket *t,
		      json_t *ret, struct mdg_err *err);
bool mdg_query_draft(struct mdg_db *db, const struct mdg_draft *draft,
		     json_t *ret, struct mdg_err *err);
/* What a reply answers, newest first: the ticket's newest mail, what the
 * customer wrote before it, and our mail that they answered. */
bool mdg_query_answered(struct mdg_db *db, const struct mdg_ticket *t,
			json_t *list, struct mdg_err *err);
/* The customer's mails, the draft, its requests with what became of them. */
bool mdg_query_review(struct mdg_db *db, const struct mdg_draft *draft,
		      const struct mdg_ticket *t, int64_t now_s, json_t *ret,
		      struct mdg_err *err);
/* What the mail system took for spam, of a window; all: also what was taken out
 * again. */
bool mdg_query_junk(struct mdg_db *db, int64_t win, int64_t since_s, bool all,
		    json_t *ret, struct mdg_err *err);
/* What waits for a lead, the nearest promise first. */
bool mdg_query_approvals(struct mdg_db *db, int64_t viewer, int64_t now_s,
			 json_t *ret, struct mdg_err *err);
/* The newest first; "next" is `before` of the next page. */
struct mdg_outbox_filter {
	int64_t viewer;
	bool all; /* also what was sent or cancelled */
	int64_t before, limit;
};
bool mdg_query_outbox(struct mdg_db *db, const struct mdg_outbox_filter *f,
		      json_t *ret, struct mdg_err *err);
/*
 * Every step of one mail (Message-ID) or ticket (number), out of the events
 * and deliveries. ret stays empty when there is nothing of that name.
 */
bool mdg_query_trace(struct mdg_db *db, int64_t viewer, const char *what,
		     json_t *ret, struct mdg_err *err);
/* The view log since then; ticket 0 and login NULL: everything. */
bool mdg_query_views(struct mdg_db *db, int64_t ticket, const char *login,
		     int64_t since_s, json_t *ret, struct mdg_err *err);
/* One customer for who answers: words, addresses, numbers, all tickets. */
bool mdg_query_customer_card(struct mdg_db *db, int64_t viewer, int64_t id,
			     json_t *ret, struct mdg_err *err);
/* Everything about one, apart from the raw mails … */
bool mdg_query_customer(struct mdg_db *db, int64_t id, json_t *ret,
			struct mdg_err *err);
/* … which come in pieces: ret.zstd in hex, not set behind the last. */
bool mdg_query_customer_chunk(struct mdg_db *db, int64_t id, int64_t raw,
			      int64_t chunk, json_t *ret, struct mdg_err *err);
bool mdg_query_retention(struct mdg_db *db, int64_t viewer, json_t *ret,
			 struct mdg_err *err);
/* The history, newest first; NULL and 0: any. "next": before, for more. */
struct mdg_audit_filter {
	const char *actor; /* "person:3" */
	const char *kind;  /* "draft.submit", or "draft" for all of a draft */
	int64_t ticket;    /* 受付番号 */
	int64_t from_s, to_s;
	const char *before; /* "next" of the page before */
	int64_t limit;
};
bool mdg_query_audit(struct mdg_db *db, const struct mdg_audit_filter *f,
		     json_t *ret, struct mdg_err *err);
/* What only the daemon knows; zeros leave it out. */
struct mdg_live_figures {
	int64_t started_s, disk_bytes, disk_free_bytes, events, ticks;
	bool store_refuses;
};
/* Prometheus text; METRICS in madoguchi(1) tells each one. Reads few rows. */
bool mdg_query_metrics(struct mdg_db *db, const struct mdg_live_figures *live,
		       int64_t now_s, struct mdg_buf *out, struct mdg_err *err);
bool mdg_query_status(struct mdg_db *db, int64_t viewer, int64_t now_s,
		      json_t *ret, struct mdg_err *err);

#endif
