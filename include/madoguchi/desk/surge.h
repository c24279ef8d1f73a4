/*
 * surge: what many small mails tell together (急増アラート).
 *
 * Counts of keys (a category, a term, a model number, an error code) are looked
 * at hour by hour. A key whose share of the mails has risen beyond chance opens
 * an incident; keys whose tickets overlap are one incident. Pure: the caller
 * feeds what arrived and tells when an hour is over.
 *
 * Method: for windows of 1 to 168 hours, c customers wrote of the key and o of
 * other things. s is the key's share in the 28 days that end 24 hours before
 * the window; of a rare key, the mean share of all keys of this desk that were
 * counted as often (surge_prior.c). Expected are m = (o + 1/2) s/(1 - s):
 * measuring by other mail takes out weekday, hour of day and campaigns, and the
 * surge itself is not in its measure. Days differ: each has a level of its own,
 * gamma distributed around 1, of variance phi/(1 - s)²; what the first day of a
 * window had before the window tells its level. So c is negative binomial: of
 * mean m with those levels, and of the variance of levels, s and o.
 * An alarm is a count that chance brings less than so many times a week
 * (surge_judge.c), the watch list one that it brings 20 times as often.
 * Against a share nothing shows when everything rises, so all mail is judged by
 * itself, by hour of the week: against the same hours of the four weeks before,
 * without the tickets that an open incident explains.
 * Sources: scan rates Alm (1983), shares Robbins (1956) and Kiefer and
 * Wolfowitz (1956), negative binomial tails as in Noufaily et al. (2013), who
 * refined Farrington et al. (1996); residuals, no fixed limits: Fricker et al.
 * (2008); no one method wins: Dórea et al. (2013), Bédubourg and Le Strat
 * (2017).
 *
 * Limits: quiet in the first 14 days, when nothing is usual yet. phi and
 * weights are set figures, measured on simulated desks only. After a surge its
 * own mails count as usual for 28 days, so a second one of the same key is seen
 * later (taking them out made it no better). A holiday week in the four before
 * makes all mail look high. A surge of fewer than three customers is none.
 */
#ifndef MDG_DESK_SURGE_H
#define MDG_DESK_SURGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MDG_SURGE_ALL = 0, /* the key of every mail */
	MDG_SURGE_KEYS_MAX = 4096,
	MDG_SURGE_SEEN_MAX = 1 << 17, /* the newest, of 168 hours */
	MDG_SURGE_OPEN_MAX = 32,
	MDG_SURGE_INCIDENT_KEYS_MAX = 16,
	MDG_SURGE_TICKETS_MAX = 4000, /* of one incident */
	MDG_SURGE_QUIET_H = 24,       /* then an incident is over */
	MDG_SURGE_TUNE_MAX = 4,
};

/* One mail has one line for each of its keys and one for MDG_SURGE_ALL. */
struct mdg_surge_seen {
	uint32_t key; /* the caller's numbers, from 1 on, below `keys` */
	int64_t ticket, customer;
};

struct mdg_surge_finding {
	uint32_t key;
	int window_h;
	unsigned customers;
	double expected, p;
	double by_chance; /* how often in a week a key does so */
	double weight;    /* of window and key: what makes it an alarm, too */
};

struct mdg_surge_incident {
	int64_t id;                     /* 1, 2, … as opened */
	int64_t began_h;                /* likely start */
	int64_t opened_h;               /* hour whose end brought the alarm */
	int64_t last_h;                 /* last hour in alarm */
	bool closed;                    /* gone after the next scan */
	struct mdg_surge_finding first; /* what opened it */
	uint32_t keys[MDG_SURGE_INCIDENT_KEYS_MAX];
	size_t n_keys;
	int64_t *tickets; /* ascending */
	size_t n_tickets;
};

struct mdg_surge_word {
	uint32_t key;
	unsigned tickets; /* of the incident */
	double expected, weight;
};

struct mdg_surge;

/* `keys` counts MDG_SURGE_ALL; from_h is the first hour, since 1970 or any. */
struct mdg_surge *mdg_surge_new(size_t keys, int64_t from_h);
void mdg_surge_free(struct mdg_surge **s);

/* Days begin at hours of which this is the rest by 24; at first 0. */
void mdg_surge_midnight(struct mdg_surge *s, int hour);

/*
 * Counts into the hour at hand. One customer counts once for a key in 24 hours.
 * false: no such key.
 */
bool mdg_surge_add(struct mdg_surge *s, const struct mdg_surge_seen *seen);

/* The hour at hand is over: judges it, then goes on to the next. */
void mdg_surge_scan(struct mdg_surge *s);
int64_t mdg_surge_hour(const struct mdg_surge *s);

/* As of the last scan; valid until the next. */
const struct mdg_surge_incident *mdg_surge_open(const struct mdg_surge *s,
						size_t *ret_n);
/* Unusual, but no alarm; the least likely first. */
const struct mdg_surge_finding *mdg_surge_watch(const struct mdg_surge *s,
						size_t *ret_n);

/* Keys that stand out in an incident, the most telling first; how many. */
size_t mdg_surge_words(const struct mdg_surge *s,
		       const struct mdg_surge_incident *in,
		       struct mdg_surge_word *ret, size_t max);

/*
 * The lead's verdicts on incidents that this key opened: each false one makes
 * its alarm four times as strict, each true one takes one such step back.
 */
void mdg_surge_tune(struct mdg_surge *s, uint32_t key, unsigned real,
		    unsigned not_real);

/* A term that the lead watches: its alarm is as wide as the watch list. */
void mdg_surge_want(struct mdg_surge *s, uint32_t key, bool wanted);
/* The number may stand for another key from now on. */
void mdg_surge_forget(struct mdg_surge *s, uint32_t key);
/* Mails of other hours came in the hour at hand: how many says nothing. */
void mdg_surge_excuse(struct mdg_surge *s);

/* P(X >= c) of a negative binomial of mean m and shape a. */
double mdg_surge_tail(unsigned c, double m, double a);

#endif
