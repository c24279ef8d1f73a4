/*
 * desk: the store, the master key and the head of the event lane, opened as
 * one. Everything that changes anything goes through it; its transactions and
 * savepoints (one around each mail of a batch) keep the lane in step.
 */
#ifndef MDG_APP_DESK_H
#define MDG_APP_DESK_H

#include <jansson.h>

#include "madoguchi/crypto/seal.h"
#include "madoguchi/desk/calendar.h"
#include "madoguchi/desk/policy.h"
#include "madoguchi/store/db.h"
#include "madoguchi/store/st_desk.h"
#include "madoguchi/store/st_ticket.h"

/* Who does something. Nothing from outside carries one: it is derived. */
struct mdg_actor {
	int64_t person_id;     /* 0: the system, or the machine's admin */
	int64_t session_id;    /* of a browser, else 0 */
	unsigned scopes;       /* of a token (app/session.h); 0: it is none */
	bool is_machine_admin; /* root or the service's own user */
	enum mdg_lang lang;
	char name[64]; /* "system", "person:3", "person:3 as uid:0" */
};
extern const struct mdg_actor mdg_actor_system;

enum mdg_sending { MDG_SENDING_OFF, MDG_SENDING_INTERNAL, MDG_SENDING_LIVE };

enum { MDG_CALENDARS_CACHED = 16, MDG_VIEWS_RECENT = 256 };

/* What only the daemon sees; zero where there is none. */
struct mdg_probe {
	int64_t started_s; /* silence before it is nobody's fault */
	int64_t poll_s, ticks; /* of the loop, one a second */
	int64_t disk_bytes, disk_free_bytes, jump_s, jump_at_s; /* of the clock */
	/* since when, 0: not: nothing can be written; programs were replaced;
	 * the virus scanner does not answer */
	int64_t store_refuses_s, replaced_s, scan_down_s;
	const char *mixed; /* a program of another build; NULL: none */
};

struct mdg_desk {
	struct mdg_probe probe;
	struct mdg_db *db;
	struct mdg_key key; /* the master key: seals secrets, nothing else */
	struct mdg_key mac; /* signs what we write; a secret of the store */
	struct mdg_lane lane;
	struct mdg_lane lane_before; /* at begin */
	struct mdg_lane lane_saved;  /* at savepoint */
	int64_t live_since_s;        /* older mail is history */
	bool no_tags; /* a dry run: no subject names one of its tickets */
	bool scans;   /* a virus scanner is configured: app/scan.h */
	struct {
		int64_t id;
		struct mdg_calendar *cal;
	} calendars[MDG_CALENDARS_CACHED];
	struct {
		int64_t id;
		struct mdg_policy *policy;
	} policies[MDG_CALENDARS_CACHED];
	struct {
		unsigned char what[MDG_ID_HASH_BYTES];
		int64_t at_s;
	} views[MDG_VIEWS_RECENT]; /* app/views.c */
};

struct mdg_desk_config {
	const char *store;    /* URL */
	const char *key_file; /* NULL: a random key, for in-memory stores */
	bool create;
	bool readonly;
};

/* Opens and migrates the store. */
bool mdg_desk_open(const struct mdg_desk_config *c, struct mdg_desk **ret,
		   struct mdg_err *err);
void mdg_desk_close(struct mdg_desk **d);

bool mdg_desk_begin(struct mdg_desk *d, struct mdg_err *err);
bool mdg_desk_commit(struct mdg_desk *d, struct mdg_err *err);
void mdg_desk_rollback(struct mdg_desk *d);
bool mdg_desk_save(struct mdg_desk *d, struct mdg_err *err);
bool mdg_desk_release(struct mdg_desk *d, struct mdg_err *err);
bool mdg_desk_undo(struct mdg_desk *d, struct mdg_err *err);

/*
 * One event. With a ticket its rev grows; the caller writes the ticket
 * afterwards. codes (stolen, may be NULL): public codes and ids only; data
 * (stolen, may be NULL): personal data of `customer_id`.
 */
bool mdg_desk_event(struct mdg_desk *d, const struct mdg_actor *who,
		    struct mdg_ticket *t, const char *kind, json_t *codes,
		    json_t *data, struct mdg_err *err);

/* The calendar of that version, parsed once. NULL with err if it is gone. */
const struct mdg_calendar *mdg_desk_calendar(struct mdg_desk *d, int64_t id,
					     struct mdg_err *err);
/* Where it works: its first window's newest; *ret is NULL without one. */
bool mdg_desk_home(struct mdg_desk *d, const struct mdg_calendar **ret,
		   struct mdg_err *err);
/* The response times of that version, likewise. */
const struct mdg_policy *mdg_desk_policy(struct mdg_desk *d, int64_t id,
					 struct mdg_err *err);
bool mdg_desk_sending(struct mdg_desk *d, enum mdg_sending *ret,
		      struct mdg_err *err);

/* Notes in the view log that somebody looked; failing is no one's problem. */
void mdg_desk_viewed(struct mdg_desk *d, const struct mdg_actor *who,
		     const char *kind, int64_t subject_id);

/* Sealed secrets: "account:3". */
bool mdg_desk_secret_put(struct mdg_desk *d, const char *name,
			 const char *value, struct mdg_err *err);
bool mdg_desk_secret_get(struct mdg_desk *d, const char *name,
			 struct mdg_arena *a, const char **ret,
			 struct mdg_err *err);

/* Seals every secret with `fresh` instead, in one transaction. */
bool mdg_desk_rekey(struct mdg_desk *d, const struct mdg_key *fresh,
		    struct mdg_err *err);

/* ---- tickets ---- */

/*
 * Moves t by an event of the ticket machine; false (MDG_ESTATE, for people)
 * when it is not possible now. Closing fields are cleared or set with it.
 */
bool mdg_desk_ticket_move(struct mdg_ticket *t, int event, int64_t now_s,
			  struct mdg_err *err);

/* Follows merged_into to the living ticket. */
bool mdg_desk_ticket_root(struct mdg_desk *d, int64_t id, struct mdg_arena *a,
			  struct mdg_ticket *ret, struct mdg_err *err);

/*
 * Takes back what waits or is approved but not yet sent: an approval is for
 * what the customer had written until then. The caller writes t.
 */
bool mdg_desk_void_approvals(struct mdg_desk *d, struct mdg_ticket *t,
			     struct mdg_err *err);

/* The same, where something else than the customer's mail is the reason. */
bool mdg_desk_void_replies(struct mdg_desk *d, struct mdg_ticket *t,
			   const char *reason, struct mdg_err *err);

/*
 * The newest reply that another tool sent in this ticket and the author of
 * this draft has not seen; message_id 0: none. It must be seen before the
 * draft goes on: nobody is to be answered twice.
 */
struct mdg_elsewhere {
	int64_t message_id, sent_s;
};
bool mdg_elsewhere_unseen(struct mdg_desk *d, int64_t ticket, int64_t draft,
			  struct mdg_elsewhere *ret, struct mdg_err *err);
bool mdg_elsewhere_seen(struct mdg_desk *d, int64_t ticket, int64_t draft,
			struct mdg_err *err);

/*
 * Merges `from` into `into` (both roots): messages, drafts and the outbox
 * move, ids keep pointing; an open question stays open, its time runs on.
 * app/regroup.h takes it back.
 */
bool mdg_desk_ticket_merge(struct mdg_desk *d, const struct mdg_actor *who,
			   struct mdg_ticket *into, struct mdg_ticket *from,
			   struct mdg_err *err);

/* ---- response-time clocks (desk/sla.h says what they mean) ---- */

/*
 * Computes the clocks of a ticket anew from its events and writes their rows
 * and t->due_s (the caller writes the ticket). Call it after the event that
 * may have changed them. The policy and calendar versions are those the clock
 * was started with.
 */
bool mdg_desk_clocks(struct mdg_desk *d, struct mdg_ticket *t,
		     struct mdg_err *err);
/* They stand for nothing any more: nothing in it is to be answered. */
bool mdg_desk_clocks_stop(struct mdg_desk *d, struct mdg_ticket *t,
			  struct mdg_err *err);
/*
 * The same computation, told interval by interval: an array of clocks with
 * the stretches that count and those that do not, and why.
 */
bool mdg_desk_clocks_explain(struct mdg_desk *d, const struct mdg_ticket *t,
			     int64_t now_s, json_t *ret_array,
			     struct mdg_err *err);
/* The same against the rows as they stand: an object for each difference;
 * *checked grows by the clocks that were compared. */
bool mdg_desk_clocks_check(struct mdg_desk *d, const struct mdg_ticket *t,
			   int64_t now_s, json_t *ret_array, size_t *checked,
			   struct mdg_err *err);
/* What time alone changes: warnings and breaches, with an event each, and
 * tickets whose follow-up date has come. */
bool mdg_desk_clock_tick(struct mdg_desk *d, int64_t now_s,
			 struct mdg_err *err);

#endif
