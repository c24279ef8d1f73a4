/*
 * receipt: the automatic answer that a mail has come in (自動受付).
 *
 * Only a new ticket by an ordinary mail that names an address of ours in To
 * or Cc gets one; never history, lists, machines, our own addresses, or a
 * sender whose name hides another address. It goes out with an empty envelope
 * sender, Auto-Submitted: auto-replied (RFC 3834) and our loop mark; it holds
 * nothing of what the customer wrote. Its revision is approved by the version
 * of the window's template, which an admin has chosen; who writes in English
 * gets its variant "ID.en", if there is one.
 */
#ifndef MDG_APP_RECEIPT_H
#define MDG_APP_RECEIPT_H

#include "madoguchi/app/desk.h"
#include "madoguchi/model/mail.h"

/*
 * A new ticket was made of m: puts a receipt into the outbox, or notes why
 * not as an event of t (the caller writes t). Nothing happens in a window
 * without receipts.
 */
bool mdg_receipt_consider(struct mdg_desk *d, const struct mdg_mail *m,
			  struct mdg_ticket *t, int64_t received_s,
			  struct mdg_err *err);

/* The template of a window's receipts; NULL: it sends none. */
bool mdg_receipt_template(struct mdg_desk *d, int64_t win,
			  struct mdg_arena *a, const char **ret,
			  struct mdg_err *err);
bool mdg_receipt_set(struct mdg_desk *d, int64_t win, const char *template_id,
		     int64_t now_s, struct mdg_err *err);

#endif
