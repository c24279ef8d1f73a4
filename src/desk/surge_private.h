/* surge: counts (surge_count.c), what is usual (surge_prior.c), judged
 * (surge_judge.c) and gathered (surge.c). */
#ifndef MDG_DESK_SURGE_PRIVATE_H
#define MDG_DESK_SURGE_PRIVATE_H

#include "madoguchi/desk/surge.h"

enum {
	SURGE_RING_H = 1024, /* >= 28 days + 24 h + 168 h + 1 */
	SURGE_BASE_H = 28 * 24,
	SURGE_GAP_H = 24,
	SURGE_WEEK_H = 168,
	SURGE_PRIOR_MAX = 60,    /* more of a key speak for themselves */
	SURGE_USUAL_H = 14 * 24, /* of history before the first alarm */
};

struct surge_seen {
	int64_t hour, ticket, customer;
	int64_t before; /* number of the key's line before this one, or -1 */
};

struct surge_key {
	uint32_t *upto; /* all counted up to the hour's end; NULL: nothing is */
	int64_t last;   /* number of its newest line, or -1 */
	int64_t told_h; /* end of its last closed incident */
	double strict;  /* factor of its alarm's p */
	double wanted;  /* the same, of a term that is watched */
};

/* By how often a key was counted in the weeks before. */
struct surge_prior {
	bool learned;
	int64_t learned_h;
	double usual[SURGE_PRIOR_MAX];  /* what is to be expected */
	double unsure[SURGE_PRIOR_MAX]; /* its variance, of mean 1 */
};

struct mdg_surge {
	struct surge_key *keys;
	size_t n_keys;
	int64_t from_h, hour;
	int midnight_h;          /* days begin at this rest of hours by 24 */
	struct surge_seen *seen; /* number n lies at n % SEEN_MAX */
	int64_t n_seen;
	struct mdg_surge_incident open[MDG_SURGE_OPEN_MAX];
	size_t n_open;
	int64_t last_id;
	struct mdg_surge_finding *watch;
	size_t n_watch;
	struct surge_prior prior;
};

/* Counted in the hours [from, to). */
unsigned surge_count(const struct mdg_surge *s, uint32_t key, int64_t from,
		     int64_t to);
/* The hour at hand ends, the next begins. */
void surge_turn(struct mdg_surge *s);
/* Mean that the share of the key before `base_to` gives for `all` mails. */
double surge_expected(const struct mdg_surge *s, uint32_t key, int64_t base_to,
		      double all, double *ret_h);
/* Tickets of a key since `from`, ascending, each once; at most max. */
size_t surge_tickets(const struct mdg_surge *s, uint32_t key, int64_t from,
		     int64_t *ret, size_t max);
/* Hour at which the rise of the key most likely began. */
int64_t surge_began(const struct mdg_surge *s, uint32_t key);
/* How far c stands above m: the log likelihood ratio. */
double surge_ratio(double c, double m);

void surge_prior_learn(struct mdg_surge *s);
void surge_prior_ask(const struct surge_prior *p, unsigned h, double *ret_usual,
		     double *ret_unsure);

/* One hour's look at every key. */
struct surge_look;
struct surge_look *surge_look_new(struct mdg_surge *s);
void surge_look_free(struct surge_look **look);
/* The least likely window of a key; false: none is unusual. */
bool surge_worst(const struct mdg_surge *s, const struct surge_look *look,
		 uint32_t key, struct mdg_surge_finding *ret);
bool surge_worst_of_all(const struct mdg_surge *s, int64_t *room,
			struct mdg_surge_finding *ret);
/* How often in a week one key may alarm by chance. */
double surge_alarm(const struct mdg_surge *s, const struct surge_look *look);

#endif
