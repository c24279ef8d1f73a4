/*
 * reply: from a draft to a revision, from a revision to bytes, and what a
 * reply that went out does to its ticket. All inside the caller's transaction.
 */
#ifndef MDG_APP_REPLY_H
#define MDG_APP_REPLY_H

#include "madoguchi/app/desk.h"
#include "madoguchi/desk/revision.h"
#include "madoguchi/store/st_reply.h"

/* Moves a draft by its machine (0: no draft); MDG_ESTATE if not possible. */
bool mdg_reply_draft_event(struct mdg_desk *d, int64_t draft, int event,
			   struct mdg_err *err);
/* The same for a draft in hand; rev grows, the row is written. */
bool mdg_reply_draft_move(struct mdg_desk *d, struct mdg_draft *draft,
			  int event, struct mdg_err *err);

/*
 * The immutable revision of a draft as it stands: account, addresses, final
 * wrapped text with the window's greeting, closing and signature, a fresh
 * Message-ID with our token, and the newest mail of the customer.
 */
bool mdg_reply_revise(struct mdg_desk *d, const struct mdg_draft *draft,
		      const struct mdg_ticket *t, const struct mdg_win *w,
		      struct mdg_arena *a, struct mdg_revision *ret,
		      struct mdg_err *err);

/*
 * What a window puts around the words of a draft: in Japanese, or in English
 * where these are, and with {{operator}}, {{window}} and {{ticket}} filled.
 */
struct mdg_letter {
	const char *greeting, *closing, *signature;
	size_t columns;
	bool is_english;
	const char *operator_name; /* NULL: nobody's */
};
bool mdg_reply_letter(struct mdg_desk *d, const struct mdg_draft *draft,
		      const struct mdg_win *w, struct mdg_arena *a,
		      struct mdg_letter *ret, struct mdg_err *err);
/* A text of a window names no other slots than these. */
bool mdg_reply_block_ok(const char *text, struct mdg_err *err);

/*
 * 冒頭文 (below the 宛名), body and 結び with blank lines between, unwrapped,
 * without what body and window would say both (reply_once.c); and where the body stands in it, in characters: its first head_n are the
 * first, what begins at rest_from begins at rest_at.
 */
struct mdg_reply_text {
	const char *text;
	size_t head_n, rest_from, rest_at, rest_n;
};
void mdg_reply_join(const struct mdg_draft *draft, const struct mdg_letter *l,
		    struct mdg_arena *a, struct mdg_reply_text *ret);
/* The same, wrapped, with the signature: what is sent, but for the quote. */
const char *mdg_reply_final_text(const struct mdg_draft *draft,
				 const struct mdg_letter *l,
				 struct mdg_arena *a);

/* The same of a template's body for nobody yet, written by `who`: what is not
 * known of the customer stays as it stands. */
const char *mdg_reply_preview(const struct mdg_win *w, const char *source,
			      const char *who, struct mdg_arena *a);

/* The subject as the window wants it (desk/thread.h). */
const char *mdg_reply_subject(struct mdg_desk *d, const struct mdg_ticket *t,
			      const struct mdg_win *w, const char *subject,
			      struct mdg_arena *a);

/*
 * The customer's newest mail, quoted with a head: "part", what they newly
 * wrote; "whole", also what they quoted; "3-7", these lines of the part;
 * "none". "" if there is nothing to quote. MDG_EINVAL: no such choice.
 */
bool mdg_reply_quote(struct mdg_desk *d, const struct mdg_draft *draft,
		     const struct mdg_ticket *t, const struct mdg_win *w,
		     const char *choice, struct mdg_arena *a, const char **ret,
		     struct mdg_err *err);

/* MIME of an outbox row's revision, in pieces, after checking its digest
 * again. */
bool mdg_reply_compose(struct mdg_desk *d, const struct mdg_outbox_row *o,
		       int64_t date_s,
		       bool (*sink)(void *arg, struct mdg_span piece,
				    struct mdg_err *err),
		       void *arg, struct mdg_err *err);

/* The reply was accepted: message, ticket's next state, clocks, event. */
bool mdg_reply_sent(struct mdg_desk *d, const struct mdg_outbox_row *o,
		    int64_t sent_s, struct mdg_err *err);

/* An event about an outbox row on its ticket. */
bool mdg_reply_event(struct mdg_desk *d, const struct mdg_outbox_row *o,
		     const char *kind, struct mdg_err *err);
/* The same with what showed it: "bounce", "reply", … */
bool mdg_reply_event_why(struct mdg_desk *d, const struct mdg_outbox_row *o,
			 const char *kind, const char *why,
			 struct mdg_err *err);
bool mdg_reply_event_by(struct mdg_desk *d, const struct mdg_actor *who,
			const struct mdg_outbox_row *o, const char *kind,
			struct mdg_err *err);

#endif
