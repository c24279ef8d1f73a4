/*
 * health: what is wrong now, as a list computed from the store and from what
 * the daemon sees. The same state gives the same list; app/alarm.h remembers
 * what was said about it.
 */
#ifndef MDG_APP_HEALTH_H
#define MDG_APP_HEALTH_H

#include "madoguchi/app/desk.h"

enum {
	MDG_CONDITIONS_MAX = 300, /* more help nobody */
	MDG_FETCH_SILENT_S = 900, /* or three polls, if that is longer */
	MDG_OUTBOX_LATE_S = 1800,
	MDG_UNFETCHED_S = 3600,
	MDG_TOKEN_WARN_S = 3 * 86400,
	MDG_CLOCK_JUMP_S = 60,
	MDG_CLOCK_SAID_S = 3600,   /* how long a jump is worth telling */
	MDG_UNHEARD_S = 3 * 86400, /* and a notice that came back */
	MDG_CHECK_LATE_S = 8 * 86400,
	MDG_UPGRADE_SAID_S = 600,    /* a package restarts by itself */
	MDG_SCAN_SILENT_S = 15, /* it may be starting anew */
	MDG_COPY_OLD_S = 30 * 86400, /* nobody goes back to it any more */
};
#define MDG_DISK_LOW_BYTES ((int64_t)500 << 20)

enum mdg_condition_kind {
	MDG_COND_FETCH,      /* a mailbox was not read for long */
	MDG_COND_TOKEN,      /* its authorisation ends, or has ended */
	MDG_COND_UNFETCHED,  /* mails that the server does not give */
	MDG_COND_QUARANTINE, /* 取込エラー */
	MDG_COND_OUTBOX,     /* mails wait for long */
	MDG_COND_UNKNOWN,    /* 送信結果不明 */
	MDG_COND_DISK,
	MDG_COND_CLOCK,
	MDG_COND_INTEGRITY,
	/* from 1 December: no closed days of next year after its 3 January */
	MDG_COND_CALENDAR,
	MDG_COND_UNHEARD, /* a mail to those who watch came back */
	MDG_COND_COPY,    /* of the store: holds what was erased, or is old */
	MDG_COND_UPGRADE, /* newer programs wait for a restart */
	MDG_COND_MIXED,   /* a program is of another build than the core */
	MDG_COND_SCAN,    /* the virus scanner does not answer */
	MDG_COND_N
};

struct mdg_condition {
	enum mdg_condition_kind kind;
	const char *subject; /* "mailbox:3", "ticket:10042", "outbox:7", "" */
	int64_t value;       /* a count, a time, bytes: by kind */
};

/* Up to MDG_CONDITIONS_MAX, on the arena. */
bool mdg_health_check(struct mdg_desk *d, int64_t now_s, struct mdg_arena *a,
		      struct mdg_condition **ret, size_t *ret_n,
		      struct mdg_err *err);

/* "fetch", "quarantine" …: stored, in JSON and in metrics. */
const char *mdg_condition_name(enum mdg_condition_kind k);
/* MDG_COND_N for an unknown name. */
enum mdg_condition_kind mdg_condition_from_name(const char *name);

/*
 * One sentence for people: what, which one, and what to do next. subject and
 * value as stored.
 */
bool mdg_condition_text(struct mdg_desk *d, const char *kind,
			const char *subject, int64_t value, enum mdg_lang lang,
			struct mdg_buf *out, struct mdg_err *err);

/* A mail to those who watch came back. */
bool mdg_health_unheard(struct mdg_desk *d, struct mdg_err *err);
/* The store's consistency was checked: "" or what is wrong, in English. */
bool mdg_health_checked(struct mdg_desk *d, const char *fault,
			struct mdg_err *err);

#endif
