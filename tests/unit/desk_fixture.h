/*
 * A desk without its processes, for tests: intake, actions, approval and
 * outbox on a store of either engine, the mails made by hand.
 */
#ifndef MDG_TESTS_DESK_FIXTURE_H
#define MDG_TESTS_DESK_FIXTURE_H

#include "t.h"

#include "madoguchi/app/act.h"
#include "madoguchi/app/intake.h"
#include "madoguchi/app/outbox.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "pg.h"

/* One window "shop" with a mailbox; answers are due within the hour, at any
 * hour. */
struct desk {
	struct mdg_desk *d;
	struct mdg_actor op, op2, sv;
	int64_t account, folder, uid;
	int64_t ahead_s; /* the clock of the mail server */
	const char *url;
};
extern const char t_always_open[]; /* its calendar */

/* The desk, on an empty store; it has no key but a random one. */
struct desk open_desk(const char *url, const char *approval);
/* The same without waiting for ten in the morning. */
struct desk open_desk_now(const char *url, const char *approval);
void close_desk(struct desk *k);

const char *why(const struct mdg_err *err);

/* args is stolen; the result is borrowed until the next call. */
json_t *act(struct desk *k, const struct mdg_actor *who, const char *name,
	    json_t *args);
/* The action must fail with that code. */
struct mdg_err refused(struct desk *k, const struct mdg_actor *who,
		       enum mdg_code code, const char *name, json_t *args);
/*
 * What mdg-text finds in the draft, or in another text for it (findings are
 * stolen); what to quote to say that it was read. Good until the next call.
 */
const char *checked(struct desk *k, int64_t draft, const char *body,
		    json_t *findings);
struct mdg_actor person(struct desk *k, const char *login, const char *role);

/* A mail to the window; take_in() frees it. */
struct mdg_mail *new_mail(const char *id, const char *from, const char *subject,
			  const char *text);
/* Both transactions of one mail; returns what became of it. */
struct mdg_intake_result take_in(struct desk *k, struct mdg_mail *m);

int64_t number_of(struct desk *k, int64_t ticket_id);
/* A mail of the ticket with this number carries it. */
bool has_badge(struct desk *k, int64_t number, const char *badge);
int64_t count(struct desk *k, const char *sql);
const char *state_of(struct desk *k, int64_t number);

/* A draft of op. */
int64_t draft_for(struct desk *k, int64_t ticket, const char *body);
json_t *draft_arg(int64_t draft);
/* The next mail that may go out, past any cancel window. */
bool claim(struct desk *k, struct mdg_arena *a, struct mdg_outbox_job *job);
/* What the server said to taro@c.example. */
void answer(struct desk *k, int64_t outbox, const char *outcome);

/* Lets time pass and the daemon's tick come; skipped where no clock moves. */
void pass(struct desk *k, int64_t seconds);

/* Search knows every mail. */
void index_all(struct desk *k);

/* What auto.add takes: a rule of the shop with one condition and one action. */
json_t *rule(const char *name, const char *on, const char *condition,
	     const char *action);
/* The daemon works off what rules have to do now. */
void rules_act(struct desk *k);

/* EACH(what_holds, body_of_it): a test that runs its body on each engine. */
#define EACH(name, body)                                                       \
	static void name(void **state)                                         \
	{                                                                      \
		(void)state;                                                   \
		t_each_engine(body);                                           \
	}                                                                      \
	typedef int name##_is_a_test
#define DESK_TESTS(tests)                                                      \
	int main(void)                                                         \
	{                                                                      \
		mdg_crypto_init();                                             \
		int failed = cmocka_run_group_tests(tests, NULL, NULL);        \
		t_pg_stop();                                                   \
		return failed;                                                 \
	}                                                                      \
	typedef int tests##_are_run

#endif
