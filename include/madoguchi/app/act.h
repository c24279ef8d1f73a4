/*
 * act: the one table of everything that can be done.
 *
 * Command line, browser, mail and rules all go through mdg_act_call(): it
 * finds the action, checks its arguments against the table and the actor's
 * role against what the arguments name, and runs it in one transaction with
 * its event. There is no second way to change anything.
 *
 * Arguments and results are JSON objects. Whoever changes something may say
 * what they saw of it: "if" {"shown": an action that reads, "tags": those of
 * which its answer must have one now (query/tag.h)}; that action gets those of
 * the arguments that it must have. The role is checked in the window of the ticket, draft, revision or outbox row that is
 * named; actions on the installation need an administrator.
 */
#ifndef MDG_APP_ACT_H
#define MDG_APP_ACT_H

#include "madoguchi/app/desk.h"
#include "madoguchi/store/st_regroup.h"
#include "madoguchi/store/st_reply.h"

/* What an action is about, and so where the role is looked up. */
enum mdg_act_scope {
	MDG_SCOPE_DESK,    /* the installation */
	MDG_SCOPE_WINDOW,  /* "window": code */
	MDG_SCOPE_TICKET,  /* "ticket": 受付番号 */
	MDG_SCOPE_DRAFT,   /* "draft": id */
	MDG_SCOPE_OUTBOX,  /* "outbox": id */
	MDG_SCOPE_OFFER,   /* "offer": id; its ticket */
	MDG_SCOPE_MESSAGE, /* "message": id; its ticket */
	MDG_SCOPE_ANY, /* the best role in any window; lists show no other */
};

struct mdg_act_call {
	struct mdg_desk *desk;
	const struct mdg_actor *actor;
	const json_t *args;
	struct mdg_arena *arena;
	int64_t now_s;
	/* loaded by scope */
	struct mdg_win win;
	struct mdg_ticket ticket;
	struct mdg_draft draft;
	struct mdg_outbox_row outbox;
	struct mdg_offer offer;
	enum mdg_member_role role;
	bool is_novice;
	int64_t viewer; /* whose windows lists show; 0: all of them */
	json_t *result; /* object, filled by the action */
};

enum { MDG_VIEWS = 2 };

struct mdg_act_arg {
	const char *name;
	char type; /* s text, i integer, b flag, a array of text, o object */
	bool required;
};
enum { MDG_ACT_ARGS_MAX = 20 };

struct mdg_act {
	const char *name;
	enum mdg_act_scope scope;
	enum mdg_member_role role;
	/* true: changes nothing, no transaction; MDG_VIEWS: and shows what
	 * people wrote, which is noted in the view log. false: changes the
	 * desk, and is refused if it forgets its event. */
	unsigned char reads;
	struct mdg_act_arg args[MDG_ACT_ARGS_MAX];
	bool (*run)(struct mdg_act_call *c, struct mdg_err *err);
};

/* The table, for help, documentation and tests; NULL name ends it. */
const struct mdg_act *const *mdg_act_tables(size_t *ret_n);
const struct mdg_act *mdg_act_find(const char *name);

/* The scopes of which a token must have one to do it (app/session.h); 0: no
 * token may. */
unsigned mdg_act_scopes(const struct mdg_act *act);

/*
 * Finds, checks and runs. *ret is a new object. A read-only action may be
 * called while a batch transaction is open; a changing one may not.
 */
bool mdg_act_call(struct mdg_desk *d, const struct mdg_actor *who,
		  const char *name, const json_t *args, json_t **ret,
		  struct mdg_err *err);

/* The same of an action in hand: what mdg_act_call() does once it is found. */
bool mdg_act_run(struct mdg_desk *d, const struct mdg_actor *who,
		 const struct mdg_act *act, const json_t *args, json_t **ret,
		 struct mdg_err *err);

/* Would it be run? Of one that is not in the table: act->run is not called. */
bool mdg_act_allowed(struct mdg_desk *d, const struct mdg_actor *who,
		     const struct mdg_act *act, const json_t *args,
		     struct mdg_err *err);

/*
 * The actor behind a local socket's peer. uid 0 and the daemon's own uid are
 * the machine's admin and may speak for anybody (as_user); other uids are the
 * person that has them.
 */
bool mdg_actor_from_uid(struct mdg_desk *d, int64_t uid, int64_t own_uid,
			const char *as_user, enum mdg_lang lang,
			struct mdg_actor *ret, struct mdg_err *err);

#endif
