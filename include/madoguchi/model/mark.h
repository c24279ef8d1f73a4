/*
 * mark: what is remarkable about a mail, as the keys of message.flags (JSON).
 * What is true, a text or a number there says yes. Rules may ask for them
 * ("mark is sales"), and people see most of them as badges (query/q_badge.c).
 */
#ifndef MDG_MODEL_MARK_H
#define MDG_MODEL_MARK_H

enum mdg_mark {
	MDG_MARK_DANGER,          /* an attachment that may do harm */
	MDG_MARK_ELSEWHERE,       /* ours, sent with another tool */
	MDG_MARK_FORM,            /* the name of the form */
	MDG_MARK_FORM_LIKE,       /* seems to be one that nobody declared */
	MDG_MARK_FORM_UNVERIFIED, /* … but its sender is not proven */
	MDG_MARK_FROM_SIDE, /* the customer answered an inquiry (照会) */
	/* its writer had no part in the mail it answers, so it joins no others;
	 * people see unknown_sender, if it is new to the whole ticket */
	MDG_MARK_LOOSE,
	MDG_MARK_NO_AUTO_REPLY,    /* asks for no automatic answer */
	MDG_MARK_NO_CUSTOMER,      /* why the form names nobody */
	MDG_MARK_OFFER,            /* who may be the customer */
	MDG_MARK_PAIR,             /* a file and its password, in two mails */
	MDG_MARK_RELAY,            /* through the relay of a market place */
	MDG_MARK_REPLY_TO_DIFFERS, /* from the address in a form */
	MDG_MARK_SALES,
	MDG_MARK_SEALED,  /* "yes", "maybe": needs a password */
	MDG_MARK_SEVERAL, /* addresses in a form */
	MDG_MARK_SPAM,
	MDG_MARK_SPAM_SUSPECTED, /* points of mail systems */
	MDG_MARK_SPOOFED,        /* the name shows another address */
	MDG_MARK_THANKS,
	MDG_MARK_UNKNOWN_SENDER, /* an answer from an address new to it */
	MDG_MARK_UNREADABLE,
	MDG_MARK_VIRUS, /* the name of what was found */
	MDG_MARK_WARNINGS,
	MDG_MARK_N
};

extern const char *const mdg_mark_names[MDG_MARK_N];

#endif
