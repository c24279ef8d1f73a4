/* Shared by maildesk*.c. */
#ifndef MDG_APP_MAILDESK_INT_H
#define MDG_APP_MAILDESK_INT_H

#include <stdarg.h>

#include "madoguchi/app/leads.h"
#include "madoguchi/app/maildesk.h"
#include "madoguchi/reply/answer.h"
#include "madoguchi/store/st_mail.h"
#include "madoguchi/store/st_maildesk.h"
#include "madoguchi/store/st_reply.h"

enum {
	MDG_MD_TOKEN_CHARS = 26, /* 128 bits in base32 */
	MDG_MD_DAYS = 14,        /* a notice can be answered that long */
	MDG_MD_CODE_S = 1800,
	MDG_MD_CODE_TRIES = 3,
	MDG_MD_LINKS_MAX = 4,
	MDG_MD_PEOPLE_MAX = 500,
	MDG_MD_PER_HOUR = 60, /* mails of one person that are answered */
};

/* ---- maildesk_token.c ---- */

/* out: MDG_MD_TOKEN_CHARS + 1 bytes. */
void mdg_md_token_new(char *out);
/* The lasting one of a person's thread about a ticket. */
void mdg_md_token_thread(struct mdg_desk *d, int64_t person, int64_t ticket,
			 char *out);
struct mdg_span mdg_md_token_hash(const char *token, struct mdg_arena *a);

/* The tokens that a mail names, those that say most first. */
struct mdg_md_named {
	const char *id[8]; /* In-Reply-To, our address, a link's subject */
	size_t id_n;
	const char *subject;  /* or NULL */
	const char *rest[16]; /* References, the newest first; the foot */
	size_t rest_n;
};
void mdg_md_named(const struct mdg_mail *m, struct mdg_arena *a,
		  struct mdg_md_named *ret);

/* ---- maildesk_say.c: text ---- */

struct mdg_md_say {
	struct mdg_desk *d;
	enum mdg_lang lang;
	struct mdg_arena *a;
	const struct mdg_calendar *cal; /* or NULL */
	int64_t now_s;
	struct mdg_buf out;
	const char *shown; /* the draft that was written into it, or NULL */
};
/* One line of that text; arguments end with NULL. */
void mdg_md_say(struct mdg_md_say *s, enum mdg_msg id, ...)
	__attribute__((sentinel));
const char *mdg_md_text(struct mdg_md_say *s, enum mdg_msg id, ...)
	__attribute__((sentinel));
void mdg_md_blank(struct mdg_md_say *s);
void mdg_md_puts(struct mdg_md_say *s, const char *text);
/* "11月24日（火） 17:00" */
const char *mdg_md_time(struct mdg_md_say *s, int64_t at_s);
/* "今日 17:00 まで（あと 2 時間 10 分）" of a ticket, "" without one. */
const char *mdg_md_deadline(struct mdg_md_say *s, int64_t due_s);
const char *mdg_md_number(struct mdg_md_say *s, int64_t n);
/* Text with "> " or "│ " before each line, at most max bytes of it. */
void mdg_md_block(struct mdg_md_say *s, const char *mark, const char *text,
		  size_t max);
/* "- 要修正: …" for each finding. */
void mdg_md_findings(struct mdg_md_say *s, const json_t *findings);
/* The customer's mails since our last one, and what came before in brief. */
bool mdg_md_customer(struct mdg_md_say *s, const struct mdg_ticket *t,
		     struct mdg_err *err);
/* A draft as it would go out. */
bool mdg_md_draft(struct mdg_md_say *s, const struct mdg_draft *draft,
		  const struct mdg_win *w, struct mdg_err *err);
bool mdg_md_calendar(struct mdg_desk *d, const struct mdg_win *w,
		     const struct mdg_calendar **ret, struct mdg_err *err);

/* ---- maildesk_send.c ---- */

struct mdg_md_link {
	enum mdg_msg label;
	const char *body;
};
struct mdg_md_mail {
	const struct mdg_person *to;
	const struct mdg_win *win;
	const struct mdg_ticket *ticket; /* or NULL */
	const char *purpose;
	int64_t draft_id, revision_id;
	json_t *context;     /* stolen, or NULL */
	int64_t lasts_s;     /* 0: MDG_MD_DAYS */
	const char *subject; /* without a ticket */
	const char *text;
	const char *shown;    /* the draft that is in it, or NULL */
	struct mdg_span mail; /* attached as it is; empty: none */
	const char *answers;  /* Message-ID of what it answers, or NULL */
	struct mdg_md_link links[MDG_MD_LINKS_MAX];
};
bool mdg_md_send(struct mdg_desk *d, struct mdg_md_mail *m,
		 struct mdg_err *err);
/* The window of a mail that is about no ticket: the person's first. */
enum mdg_found mdg_md_home(struct mdg_desk *d, int64_t person,
			   struct mdg_arena *a, struct mdg_win *ret,
			   struct mdg_err *err);

/* They are to be told of it, if they work by mail. */
bool mdg_md_tell(struct mdg_desk *d, int64_t person, const char *kind,
		 int64_t ticket, int64_t draft, struct mdg_err *err);
/* The same who leads the window now, but for one (0: all). */
bool mdg_md_tell_leads(struct mdg_desk *d, int64_t win,
		       const struct mdg_mail_due *due, int64_t but,
		       struct mdg_err *err);

/* ---- maildesk_notice.c, maildesk_list.c ---- */

/* All of a ticket with its candidates; *lead a line above it, or "". */
bool mdg_md_ticket_notice(struct mdg_desk *d, const struct mdg_person *p,
			  const struct mdg_ticket *t, const char *lead,
			  const char *answers, struct mdg_err *err);
/* The request for approval of a draft, as that person is to see it. */
bool mdg_md_approval_notice(struct mdg_desk *d, const struct mdg_person *p,
			    int64_t draft, const char *lead,
			    const char *answers, struct mdg_err *err);
/* What is open, the most urgent first. */
bool mdg_md_list(struct mdg_desk *d, const struct mdg_person *p,
		 const char *lead, const char *answers, struct mdg_err *err);
/* Two lines of how to answer, with all commands if `all`. */
void mdg_md_help(struct mdg_md_say *s, bool all);
/* Refused orders of the last day, for a lead; *ret_n how many. */
bool mdg_md_refused(struct mdg_md_say *s, int64_t since_s, size_t *ret_n,
		    struct mdg_err *err);

/* A template's body for this ticket; names of slots still open. */
bool mdg_md_candidate(struct mdg_desk *d, const struct mdg_ticket *t,
		      const struct mdg_win *w, const struct mdg_person *p,
		      const char *template_id, struct mdg_arena *a,
		      const char **ret_title, const char **ret_body,
		      struct mdg_strings *ret_open, struct mdg_err *err);

/* ---- maildesk_do.c, maildesk_plan.c: an order ---- */

struct mdg_order {
	struct mdg_desk *d;
	struct mdg_arena a;
	struct mdg_mail_order row;
	json_t *said;
	struct mdg_person p;
	struct mdg_mail_person mp;
	struct mdg_mail_token token; /* purpose "" without one */
	bool has_ticket;
	struct mdg_ticket t;
	struct mdg_win w;
	struct mdg_actor who;
	struct mdg_answer in;
	struct mdg_draft draft; /* id 0: none is open */
	struct mdg_md_say say;
	json_t *context;
	/* the action that is to be called, once all is clear */
	const char *act;
	json_t *args;
	bool strong; /* needs more than token and From */
	bool checks; /* mdg-text looks at the draft first */
	bool checked;
	bool by_policy;   /* nobody said to submit it: show it if in doubt */
	const char *what; /* the command as a code, for the record */
	const char *evidence;
	/* files of the mail: the next one to take, and what it goes into */
	size_t file, files_lost;
	int64_t upload, piece_n;
	struct mdg_buf piece;
	struct mdg_err file_err; /* code 0: none */
	bool wants_files, took_files;
	bool inquired; /* the side thread is there already */
	bool over;
	bool refused;
	const char *reason;
	/* what the answer says can be done next */
	const char *purpose;
	json_t *next;
};

/* Fills o->act and o->args out of what was said, or answers. */
bool mdg_order_plan(struct mdg_order *o, struct mdg_err *err);
/* Parts of it: says it, and that is the answer; names the action. */
bool mdg_plan_say(struct mdg_order *o, enum mdg_msg id, const char *arg,
		  struct mdg_err *err);
bool mdg_plan_call(struct mdg_order *o, const char *act, json_t *args,
		   bool strong);
json_t *mdg_plan_ticket(const struct mdg_order *o);
json_t *mdg_plan_draft(const struct mdg_order *o);
/* The request once more, as it is now, instead of deciding. */
bool mdg_plan_ask_again(struct mdg_order *o, int64_t draft, enum mdg_msg lead,
			struct mdg_err *err);
bool mdg_plan_approve(struct mdg_order *o, struct mdg_err *err);
bool mdg_plan_correct(struct mdg_order *o, struct mdg_err *err);
bool mdg_plan_return(struct mdg_order *o, struct mdg_err *err);
bool mdg_plan_assign(struct mdg_order *o, struct mdg_err *err);
bool mdg_plan_code(struct mdg_order *o, struct mdg_err *err);
/* Why an order was refused, in words; the code itself if there are none. */
const char *mdg_md_reason(enum mdg_lang lang, const char *reason);
/* The order's answer: lead, then all that was said to o->say. */
bool mdg_order_answer(struct mdg_order *o, struct mdg_err *err);
/* Puts what was written (a candidate, a letter, slots) into the draft. */
bool mdg_order_write(struct mdg_order *o, struct mdg_err *err);
bool mdg_order_has_letter(const struct mdg_order *o);
/* ---- maildesk_files.c ---- */
/* What the mail has for the draft, for the row. */
json_t *mdg_order_files_said(const struct mdg_mail *m);
/* Files that are still to be taken into the draft. */
bool mdg_order_has_files(const struct mdg_order *o);
/* If there are, nothing is done before they are in the draft: o->over. */
bool mdg_order_files_first(struct mdg_order *o);
const char *mdg_order_file_names(struct mdg_order *o);
/* The next one, begun; false: there is none left. */
bool mdg_order_next_file(struct mdg_order *o, struct mdg_order_wants *ret,
			 struct mdg_err *err);

/* An action in the person's name; result may be NULL. */
bool mdg_order_act(struct mdg_order *o, const char *name, json_t *args,
		   json_t **ret, struct mdg_err *err);
/* "Nothing was done", and why. */
bool mdg_order_refuse(struct mdg_order *o, const char *reason, bool show_lead,
		      struct mdg_err *err);
/* The draft once more, with what is in the way of it. */
/* The draft as it stands in o, its findings before it. */
bool mdg_order_show(struct mdg_order *o, enum mdg_msg how, struct mdg_err *err);
bool mdg_plan_show_corrected(struct mdg_order *o, struct mdg_err *err);
bool mdg_order_preview(struct mdg_order *o, enum mdg_msg how,
		       struct mdg_err *err);
/* All that the row names; reads what was said. */
bool mdg_order_load(struct mdg_order *o, struct mdg_err *err);
bool mdg_order_load_draft(struct mdg_order *o, struct mdg_err *err);

#endif
