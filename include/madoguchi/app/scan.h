/*
 * scan: the virus scanner's word on mails that came and on files of drafts.
 *
 * A mail is a ticket before it is scanned. Until then (未検査), and when the
 * scanner would not take it, its attachments are opened by leads only; when
 * something was found, by nobody until a lead releases the mail with a reason.
 * Nothing is deleted. Inside the caller's transaction unless it says otherwise.
 */
#ifndef MDG_APP_SCAN_H
#define MDG_APP_SCAN_H

#include "madoguchi/app/desk.h"
#include "madoguchi/store/st_scan.h"

/* A message that was just written is to be scanned; raw_id 0: not this one.
 * What was found in the same bytes before stays found. */
bool mdg_scan_mail(struct mdg_desk *d, int64_t message, int64_t raw_id,
		   struct mdg_err *err);
bool mdg_scan_upload(struct mdg_desk *d, int64_t upload, int64_t draft,
		     struct mdg_err *err);

/* What was said: state "clean", "found" (name: the signature) or "skipped"
 * (why). A finding takes back what waits or is approved with that file. */
bool mdg_scan_keep(struct mdg_desk *d, const struct mdg_scan *s,
		   const char *state, const char *name, struct mdg_err *err);
/* Nothing was said of it: again, later each time. */
bool mdg_scan_failed(struct mdg_desk *d, const struct mdg_scan *s,
		     struct mdg_err *err);

/* Refuses a draft with a file in which something was found; *ret_waiting: with
 * one that is not scanned. */
bool mdg_scan_check_draft(struct mdg_desk *d, int64_t draft, bool *ret_waiting,
			  struct mdg_err *err);

/* At the start of the daemon; a transaction of its own. */
bool mdg_scan_start(struct mdg_desk *d, bool on, struct mdg_err *err);
/* Tells the leads of what was found, in the hours of their windows, many in
 * one mail; a transaction of its own. */
bool mdg_scan_tell(struct mdg_desk *d, int64_t now_s, struct mdg_err *err);

#endif
