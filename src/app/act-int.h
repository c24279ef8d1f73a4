/* Shared by the tables of actions, act_*.c. */
#ifndef MDG_APP_ACT_INT_H
#define MDG_APP_ACT_INT_H

#include "madoguchi/app/act.h"

extern const struct mdg_act mdg_acts_people[];
extern const struct mdg_act mdg_acts_letter[];
extern const struct mdg_act mdg_acts_session[];
extern const struct mdg_act mdg_acts_token[];
extern const struct mdg_act mdg_acts_window[];
extern const struct mdg_act mdg_acts_mailbox[];
extern const struct mdg_act mdg_acts_mailbox_change[];
extern const struct mdg_act mdg_acts_selftest[];
extern const struct mdg_act mdg_acts_oauth[];
extern const struct mdg_act mdg_acts_folder[];
extern const struct mdg_act mdg_acts_ticket[];
extern const struct mdg_act mdg_acts_form[];
extern const struct mdg_act mdg_acts_fact[];
extern const struct mdg_act mdg_acts_search[];
extern const struct mdg_act mdg_acts_incident[];
extern const struct mdg_act mdg_acts_similar[];
extern const struct mdg_act mdg_acts_sla[];
extern const struct mdg_act mdg_acts_report[];
extern const struct mdg_act mdg_acts_draft[];
extern const struct mdg_act mdg_acts_approve[];
extern const struct mdg_act mdg_acts_review[];
extern const struct mdg_act mdg_acts_rule[];
extern const struct mdg_act mdg_acts_template[];
extern const struct mdg_act mdg_acts_outbox[];
extern const struct mdg_act mdg_acts_desk[];
extern const struct mdg_act mdg_acts_audit[];
extern const struct mdg_act mdg_acts_regroup[];
extern const struct mdg_act mdg_acts_alarm[];
extern const struct mdg_act mdg_acts_mail[];
extern const struct mdg_act mdg_acts_scan[];
extern const struct mdg_act mdg_acts_upload[];
extern const struct mdg_act mdg_acts_golive[];
extern const struct mdg_act mdg_acts_customer[];
extern const struct mdg_act mdg_acts_lock[];
extern const struct mdg_act mdg_acts_autorule[];
extern const struct mdg_act mdg_acts_auto_do[];
extern const struct mdg_act mdg_acts_new[];
extern const struct mdg_act mdg_acts_note[];
extern const struct mdg_act mdg_acts_person[];
extern const struct mdg_act mdg_acts_spam[];
extern const struct mdg_act mdg_acts_junk[];
extern const struct mdg_act mdg_acts_queue[];
extern const struct mdg_act mdg_acts_shift[];
extern const struct mdg_act mdg_acts_maildesk[];

/* The argument `name`, if it is there, as a text of a letter will stand: without
 * blank lines around it; with slots that it may have. */
bool mdg_act_letter_block(struct mdg_act_call *c, const char *name,
			  const char **text, struct mdg_err *err);
/* What window.letter sets, into the result. */
void mdg_act_letter_show(struct mdg_act_call *c, const struct mdg_win *w);
/* May the actor do it, if it is a token? */
bool mdg_act_may_token(struct mdg_act_call *c, const struct mdg_act *act,
		       struct mdg_err *err);

/* An argument, or the given value when it is not there. */
const char *mdg_arg_text(const struct mdg_act_call *c, const char *name,
			 const char *otherwise);
int64_t mdg_arg_int(const struct mdg_act_call *c, const char *name,
		    int64_t otherwise);
bool mdg_arg_flag(const struct mdg_act_call *c, const char *name);

/* The account that the argument "name" names. */
bool mdg_act_account(struct mdg_act_call *c, struct mdg_account *ret,
		     struct mdg_err *err);

/* "implicit", "starttls", "none" as they are stored (enum mdg_tls_mode); -1 for
 * others. */
int64_t mdg_act_tls_mode(const char *name);
const char *mdg_act_tls_name(int64_t mode);
/* The protocol's own port with that TLS. */
int64_t mdg_act_port(bool smtp, int64_t tls);
/* Can there be such an account? */
bool mdg_act_account_check(const struct mdg_account *acc, struct mdg_err *err);

/* result[name] = value */
void mdg_result_text(struct mdg_act_call *c, const char *name, const char *v);
void mdg_result_int(struct mdg_act_call *c, const char *name, int64_t v);

/*
 * The moment that an argument names as people write it (desk/when.h), in the
 * time zone of the window at hand: one to come, within a year. Without the
 * argument *ret_s stays.
 */
bool mdg_act_when(struct mdg_act_call *c, const char *name, int64_t *ret_s,
		  struct mdg_err *err);

/*
 * The start of the day that an argument names, where the desk works, or of the
 * one behind it (`over`); without it, of the day that was `ago` days ago (0 if
 * that is less than 0).
 */
bool mdg_act_day(struct mdg_act_call *c, const char *name, int64_t ago,
		 bool over, int64_t *ret_s, struct mdg_err *err);
/* The same in a calendar at hand. */
bool mdg_act_when_in(struct mdg_act_call *c, const char *name,
		     const struct mdg_calendar *cal, int64_t *ret_s,
		     struct mdg_err *err);

/* Decimal text of v on the call's arena. */
const char *mdg_act_number(struct mdg_act_call *c, int64_t v);

/* The offer of a customer, said yes to. */
bool mdg_act_accept_customer(struct mdg_act_call *c, struct mdg_err *err);
/* A folder's name as typed, as the server spells it. */
bool mdg_act_folder_name(struct mdg_act_call *c, const char *typed,
			 const char **ret, struct mdg_err *err);
/* First sync, argument `since`: "all", "now", or the mail of the last N days.
 */
bool mdg_act_since(struct mdg_act_call *c, const char *otherwise, int64_t *ret,
		   struct mdg_err *err);

/* Words that actions and rules take: each fails with what is there instead.
 * An assignee is there and may answer in c->win. */
bool mdg_act_assignee(struct mdg_act_call *c, const char *login,
		      struct mdg_person *ret, struct mdg_err *err);
bool mdg_act_category(struct mdg_act_call *c, const char *name,
		      struct mdg_err *err);
bool mdg_act_closing(const char *kind, struct mdg_err *err);
bool mdg_act_priority(const char *level, struct mdg_err *err);

/* One writes at a time: takes the ticket's draft lock or uses it on; refuses
 * while another one holds it. */
bool mdg_act_lock(struct mdg_act_call *c, struct mdg_err *err);
bool mdg_act_unlock(struct mdg_act_call *c, struct mdg_err *err);
/* May the ticket in hand get this incident's answer? Then, once there is the
 * draft, it is noted. */
bool mdg_act_incident_reply(struct mdg_act_call *c, int64_t incident,
			    struct mdg_err *err);
bool mdg_act_incident_replied(struct mdg_act_call *c, int64_t incident,
			      struct mdg_err *err);

/* Replies have an author: refuses an actor who is nobody in particular. */
bool mdg_act_need_person(struct mdg_act_call *c, struct mdg_err *err);
/* The draft in hand is edited: takes a request for approval back, tells of it
 * by an event of that kind. more is stolen and may be NULL. */
bool mdg_act_draft_edited(struct mdg_act_call *c, const char *kind,
			  json_t *more, struct mdg_err *err);
/* Event, ticket row and result of a draft that was just changed. more is
 * stolen and may be NULL. */
bool mdg_act_draft_event(struct mdg_act_call *c, const char *kind, json_t *more,
			 struct mdg_err *err);

#endif
