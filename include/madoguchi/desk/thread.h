/*
 * thread: does this mail belong with that one?
 *
 * Evidence, strongest first (RFC 5322 §3.6.4 for the ids):
 *
 *   token      names a Message-ID that we signed for a ticket
 *   ref        names the id of a mail we hold (or that mail names ours): same
 *              subject, or the writer of one is named in the other
 *   ancestor   both name an id that we never saw: the writer of one must be
 *              named in the other, and they must share one more address
 *   tag        the subject carries [#number-check] with the right check part,
 *              or a bare number and the writer is a participant
 *   new        nothing: a new ticket
 *
 * A mail to many (a newsletter, our own by Bcc) belongs only with those it was
 * addressed to: everybody who answers it names its id.
 *
 * Judged mail by mail, not mail by ticket: whether two mails join depends on
 * these two alone, so tickets come out the same in any order of arrival. What
 * looks alike by subject and sender alone is never joined: Japanese subjects
 * are generic, and strangers in one thread are the worst fault a desk can have.
 *
 * Pure: the caller looks candidates up.
 */
#ifndef MDG_DESK_THREAD_H
#define MDG_DESK_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/model/mail.h"

enum mdg_evidence {
	MDG_EV_NEW,
	MDG_EV_TAG,
	MDG_EV_ANCESTOR,
	MDG_EV_REF,
	MDG_EV_TOKEN,
	MDG_EV_DUPLICATE, /* the same mail, delivered again */
	MDG_EV_BOUNCE,    /* a report about a mail of that ticket */
	MDG_EV_MANUAL,    /* a person put it there */
	MDG_EV_N
};
const char *mdg_evidence_name(enum mdg_evidence e);

/* What the judgement needs of a mail. Keys are mdg_address.key. */
struct mdg_thread_mail {
	const char *from_key;
	const char *const *keys; /* From, Reply-To, To, Cc without our own */
	size_t keys_n;
	const char *subject; /* as it stands */
	enum mdg_mail_class mail_class;
	bool is_ours;  /* we wrote it: that it comes from us joins nobody */
	bool names_us; /* one of ours was among the keys */
};

struct mdg_thread_candidate {
	int64_t ticket_id;
	bool is_exact; /* the shared id is one of the two mails' own */
	struct mdg_thread_mail mail;
	bool is_answer; /* it names the id of the mail that is judged */
};

/*
 * MDG_EV_REF or MDG_EV_ANCESTOR when `a` and the candidate belong together,
 * MDG_EV_NEW when not.
 */
enum mdg_evidence mdg_thread_judge(const struct mdg_thread_mail *a,
				   const struct mdg_thread_candidate *c);
/* Is the writer of one named in the other? */
bool mdg_thread_knows(const struct mdg_thread_mail *a,
		      const struct mdg_thread_mail *b);
/*
 * Did the writer of the newer have part in the older? To name people in a new
 * mail proves nothing. Without this, an id and a subject join a mail to
 * another, but never two tickets.
 */
bool mdg_thread_admits(const struct mdg_thread_mail *older,
		       const struct mdg_thread_mail *newer);

/*
 * A subject without reply and forward marks, list and ticket tags, width and
 * case: "Re: Re[2]: ＲＥ：[お客様窓口 #10042-k7q2] 返品について" ->
 * "返品について".
 */
void mdg_subject_normalise(const char *subject, struct mdg_buf *out);
/* What the writer says in it, as it stands: without those marks and tags. */
void mdg_subject_words(const char *subject, struct mdg_buf *out);

struct mdg_subject_tag {
	int64_t number;
	char check[8]; /* "" without one */
};
/* "[窓口 #10042-k7q2]", "［＃１００４２］"; false without a tag. */
bool mdg_subject_tag_find(const char *subject, struct mdg_subject_tag *ret);

/* Where a window wants the tag of the ticket in what it sends. */
enum mdg_subject_tag_place {
	MDG_SUBJECT_TAG_NONE, /* one that is there stays where it is */
	MDG_SUBJECT_TAG_HEAD,
	MDG_SUBJECT_TAG_END,
};
struct mdg_subject_form {
	enum mdg_subject_tag_place tag;
	int64_t number;
	const char *check; /* crypto/token.h */
};
/*
 * Appends the subject of a reply: one "Re: " in place of all marks at its head
 * (ＲＥ：, RE[2]:, 返信:, AW:, FW: …), the ticket's tag once and where it is
 * wanted, the rest as it was written. is_reply: it answers a mail; without, a
 * subject that bears no mark gets none. To do it twice changes nothing.
 */
void mdg_subject_of_reply(const char *subject, bool is_reply,
			  const struct mdg_subject_form *f,
			  struct mdg_buf *out);

/* Ordinary mail that is only thanks: short, no question, no request. */
bool mdg_text_is_thanks(const char *reply);
/* Does it offer us something (営業)? A hint for people, never more. */
bool mdg_text_is_sales(const char *text);

#endif
