/*
 * alarm: what was wrong, what was said about it, and the daily word that all
 * is well. Rows with a machine (desk/machine.h), so that a restart neither
 * repeats nor forgets; mails go in batches, seldom, and through the outbox.
 *
 * Settings: alarm_mail (on, off), alarm_to (JSON array; empty: the
 * administrators), alarm_account, heartbeat ("09:00", "off").
 */
#ifndef MDG_APP_ALARM_H
#define MDG_APP_ALARM_H

#include "madoguchi/app/desk.h"

enum {
	MDG_ALARM_GATHER_S = 30,  /* alarms of one cause come together */
	MDG_ALARM_PAUSE_S = 900,  /* between two mails */
	MDG_ALARM_REROUTE_S = 300, /* then another account sends it */
};

/*
 * Looks at everything, moves the alarms, and writes what mail is due. Opens
 * and commits its own transactions, none if nothing changes.
 */
bool mdg_alarm_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err);

/* A mail by hand, to see that alarms arrive. Inside a transaction. */
bool mdg_alarm_test(struct mdg_desk *d, enum mdg_lang lang,
		    int64_t *ret_outbox, struct mdg_err *err);

/* {"open": n, "alarms": [{kind, subject, state, text, raised_s, …}]} */
bool mdg_alarm_json(struct mdg_desk *d, enum mdg_lang lang, json_t *ret,
		    struct mdg_err *err);

/* Who gets alarms; leads: also the leads, who get the daily mail. */
bool mdg_alarm_people(struct mdg_desk *d, bool leads, enum mdg_lang lang,
		      struct mdg_arena *a, struct mdg_strings *ret,
		      struct mdg_err *err);

/* heartbeat.c: the daily mail, if its time has come. */
bool mdg_heartbeat_tick(struct mdg_desk *d, int64_t now_s,
			struct mdg_err *err);
/* "HH:MM" to minutes of the day, -1 for off; false for anything else. */
bool mdg_heartbeat_time(const char *text, int *ret_min);

#endif
