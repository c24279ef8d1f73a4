/* What the steps of one mail's intake hand to each other. */
#ifndef MDG_APP_INTAKE_INT_H
#define MDG_APP_INTAKE_INT_H

#include "madoguchi/app/form.h"
#include "madoguchi/app/intake.h"
#include "madoguchi/model/mark.h"

struct mdg_intake_thread {
	int64_t ticket_id; /* 0: a new one */
	enum mdg_evidence evidence;
	int64_t duplicate_of; /* message.id of the same mail, or 0 */
	int64_t linked;       /* a new ticket that goes on with this one */
	bool is_loose; /* its people do not know the writer: joins no others */
};

/* A mail that led to a ticket. */
struct mdg_intake_via {
	int64_t ticket_id, message_id;
};

/* For whom the mail speaks, and what people are told about it. */
struct mdg_intake_speaker {
	const char *form;       /* name of the declared form, or NULL */
	const char *unverified; /* the same, but nothing bears it out */
	bool form_like;
	struct mdg_form_values values;
	const struct mdg_address *customer; /* of a declared form, or NULL */
	const struct mdg_address *offer;    /* who may be meant, or NULL */
	const char *offer_why;              /* "form", "forward" */
	const char *relay;
	enum mdg_sealed sealed; /* the worst of its attachments */
	int64_t pair;           /* ticket.id: a file and its password */
	struct mdg_mail mail;   /* a form's, as the customer's; not cleared */
	struct mdg_mail from_customer; /* the same, as if sent by him */
};

struct mdg_intake {
	const struct mdg_mail *m;
	int64_t delivery_id, account_id, win_id, raw_id;
	int64_t recovers; /* the 取込エラー ticket that this mail was, or 0 */
	int64_t received_s, now_s;
	int64_t answered_s; /* with another tool, before we read it; 0: no */
	enum mdg_mail_class mail_class;
	bool is_thanks, unknown_sender;
	bool is_spam;    /* of a new ticket: its sender is marked as 迷惑 */
	bool is_rescued; /* out of the junk folder, by a person */
	int spam_points; /* of mail systems (mail/verdict.h) */
	bool is_suspect; /* they are as many as the window wants */
	bool is_sales;   /* of a new ticket: it seems to offer us something */
	bool from_side;  /* a customer's answer in a side thread (照会) */
	bool is_sent;    /* out of a Sent folder: we wrote it, with some tool */
	struct mdg_intake_thread thread;
	struct mdg_thread_mail self; /* from_key NULL: not made yet */
	struct mdg_strings ours;     /* keys of our own addresses */
	bool ours_known;
	struct mdg_intake_speaker speaker;
	struct mdg_arena *arena;
};

/* A mail of a Sent folder: our own copy, or a reply by another tool. */
bool mdg_intake_sent(struct mdg_desk *d, struct mdg_intake *in,
		     struct mdg_intake_result *ret, struct mdg_err *err);
/* When a mail of ours, found in this ticket, answered m's writer; 0: none. */
bool mdg_intake_answered(struct mdg_desk *d, const struct mdg_mail *m,
			 int64_t ticket, int64_t *ret_sent_s,
			 struct mdg_err *err);

void mdg_intake_mark(json_t *flags, enum mdg_mark mark, json_t *value);
/* Is the writer nobody of this ticket, and none of us? */
bool mdg_intake_is_stranger(struct mdg_desk *d, struct mdg_intake *in,
			    int64_t ticket, bool *ret, struct mdg_err *err);

/* Fills in->thread and in->unknown_sender; merges tickets that this mail
 * shows to be one. */
bool mdg_intake_thread(struct mdg_desk *d, struct mdg_intake *in,
		       struct mdg_err *err);

/*
 * The same id and writer, other bytes: the copy that came through a list has
 * a footer more, or a notice above. Anything else under a used id is another
 * mail.
 */
bool mdg_intake_is_copy(struct mdg_desk *d, const struct mdg_intake *in,
			const struct mdg_ref_hit *h, bool *ret,
			struct mdg_err *err);
/* A mail that shares an id with the new one, as desk/thread judges it. */
struct mdg_thread_mail mdg_intake_hit_mail(const struct mdg_intake *in,
					   const struct mdg_ref_hit *h);
/* That its writer, who writes now, came to a ticket that did not know him does
 * not make him a part of it. */
bool mdg_intake_vouches_for_himself(const struct mdg_intake *in,
				    const struct mdg_ref_hit *h);
/*
 * Answers that came before what they answer. A mail that names several ties
 * no strangers together: is this answer in its ticket by another mail that it
 * names, of people who have nothing to do with the new one? is_weak: the
 * writer of the answer had no part in the new mail.
 */
bool mdg_intake_claimed(struct mdg_desk *d, const struct mdg_intake *in,
			const struct mdg_ref_hit *answer, bool is_weak,
			bool *ret, struct mdg_err *err);
/* What holds an answer in its ticket: nothing, if all in there hangs on it, so
 * that the whole goes where it would have gone, had the new mail come first;
 * other mails; or too many to tell. */
enum mdg_hold { MDG_HOLD_MANY, MDG_HOLD_FREE, MDG_HOLD_TIED };
bool mdg_intake_hold(struct mdg_desk *d, const struct mdg_ref_hit *answer,
		     enum mdg_hold *ret, struct mdg_err *err);
/* This person turns out to have no part in the ticket but by naming a mail of
 * it. */
bool mdg_intake_loosen(struct mdg_desk *d, int64_t ticket,
		       const char *from_key, struct mdg_err *err);
/* Fills in->self, when there is what to judge. */
bool mdg_intake_need_self(struct mdg_desk *d, struct mdg_intake *in,
			  struct mdg_err *err);
/*
 * The new mail has more right to the answer than what it was put to: takes it,
 * and what answers it, out into a ticket of its own, unless some other mail
 * (via) has led to the ticket. 0 where people have begun with it: then the
 * answer is no reason to go there.
 */
bool mdg_intake_reclaim(struct mdg_desk *d, const struct mdg_intake *in,
			const struct mdg_ref_hit *answer,
			const struct mdg_intake_via *via, size_t via_n,
			int64_t *ret_ticket, struct mdg_err *err);

/*
 * A mail that could not be read before: takes what stood for it away. A ticket
 * that held nothing else becomes in->recovers; where a person has put it with
 * others, the mail goes there.
 */
bool mdg_intake_unpoison(struct mdg_desk *d, struct mdg_intake *in,
			 int64_t message, struct mdg_err *err);
/* The recovered ticket as a new one of this mail (*t), in its own place. */
bool mdg_intake_recover(struct mdg_desk *d, const struct mdg_intake *in,
			struct mdg_ticket *t, struct mdg_err *err);
/* The mail went to `into`: the recovered ticket points there. */
bool mdg_intake_recovered_in(struct mdg_desk *d, const struct mdg_intake *in,
			     struct mdg_ticket *into, struct mdg_err *err);

/* An ordinary mail of the customer moves the ticket, unless it only thanks. */
bool mdg_intake_customer(struct mdg_desk *d, struct mdg_intake *in,
			 struct mdg_ticket *t, struct mdg_err *err);

/* What the mail only hints at: offers on its ticket. */
bool mdg_intake_offer(struct mdg_desk *d, const struct mdg_intake *in,
		      const struct mdg_ticket *t, bool is_new, int64_t message,
		      struct mdg_err *err);
/* Fills in->ours once. */
bool mdg_intake_ours(struct mdg_desk *d, struct mdg_intake *in,
		     struct mdg_err *err);
/*
 * Fills in->speaker before the thread is looked for; a declared form's mail
 * becomes the customer's, and ordinary.
 */
bool mdg_intake_speaker(struct mdg_desk *d, struct mdg_intake *in,
			struct mdg_err *err);
/* Is there a mail that belongs to this one, by the habit of passwords? */
bool mdg_intake_pair(struct mdg_desk *d, struct mdg_intake *in,
		     struct mdg_err *err);
/* The customer's row of a message that was just written. */
bool mdg_intake_speaker_put(struct mdg_desk *d, const struct mdg_intake *in,
			    int64_t ticket, int64_t message, bool is_new,
			    struct mdg_err *err);
/* The mail, From the customer where a form speaks for him: an automatic
 * answer never goes to the form. */
const struct mdg_mail *mdg_intake_as_customers(struct mdg_intake *in);
void mdg_intake_speaker_flags(const struct mdg_intake *in, json_t *o);

#endif
