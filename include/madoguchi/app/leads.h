/*
 * leads: mail of the desk to its own people, one by one, in the hours of their
 * windows. All inside the caller's transaction.
 */
#ifndef MDG_APP_LEADS_H
#define MDG_APP_LEADS_H

#include "madoguchi/app/desk.h"
#include "madoguchi/store/st_lead.h"


/* Whoever leads a window now whom a mail reaches, with the window. */
struct mdg_lead_of {
	int64_t win, person;
};
enum { MDG_LEADS_ALL_MAX = 2000 };
/* v holds MDG_LEADS_ALL_MAX. */
bool mdg_leads_all(struct mdg_desk *d, int64_t now_s, struct mdg_lead_of *v,
		   size_t *ret_n, struct mdg_err *err);

/* The newest version of a window's calendar. */
bool mdg_win_calendar(struct mdg_desk *d, int64_t win,
		      const struct mdg_calendar **ret, struct mdg_err *err);
/* Has business begun today in this window, and what day is it there? */
bool mdg_win_has_begun(struct mdg_desk *d, int64_t win, int64_t now_s,
		       int64_t *ret_day, bool *ret, struct mdg_err *err);
/* Are people there who may be told something (desk/shift.h), or was asked to be
 * told at any hour (setting warn_at_night)? */
bool mdg_win_is_there(struct mdg_desk *d, int64_t win, int64_t now_s, bool *ret,
		      struct mdg_err *err);
/* A setting that is on or off. */
bool mdg_setting_is_on(struct mdg_desk *d, const char *key, bool otherwise,
		       bool *ret, struct mdg_err *err);
/* A text and a line end. */
void mdg_put_line(struct mdg_buf *out, enum mdg_lang lang, enum mdg_msg id,
		  size_t n, const char *const *args);
/* "2026-11-24 09:00" in the calendar's zone; cal NULL: UTC. */
void mdg_put_minute(const struct mdg_calendar *cal, int64_t t_s, char out[40]);
enum mdg_lang mdg_person_lang(const struct mdg_person *p);
/* One person; done without a word if no account sends. */
bool mdg_person_mail(struct mdg_desk *d, const struct mdg_person *p,
		     const char *subject, const char *text,
		     struct mdg_err *err);

#endif
