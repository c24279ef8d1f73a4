/*
 * core: what the parts of madoguchid share. One loop, one thread, one store.
 *
 *   fetcher    mdg-imap per account -> batch
 *   parser     mdg-parse            -> batch
 *   batch      group commit: raw mails and parsed mails, many a transaction
 *   sender     outbox -> mdg-smtp per account
 *   texter     mdg-text: questions and answers
 *   maildesk   people who work by mail: their orders, what they are told
 *   judger     each mail put to mdg-text, approvals taught to it
 *   scanner    mdg-scan: what came and what is added, shown to clamd
 *   tokens     mdg-token, on demand: access that has to be renewed
 *   control    the socket: calls -> app/act, tasks that take a while
 *   web        mdg-web: calls of people who are signed in
 *   indexer    the search index, behind everything else
 *   surging    what many mails tell together, when an hour is over
 *   watch      disk, clock, alarms, and whether all this works
 */
#ifndef MDG_DAEMON_CORE_H
#define MDG_DAEMON_CORE_H

#include <uv.h>

#include "madoguchi/app/act.h"
#include "madoguchi/app/config.h"
#include "madoguchi/app/desk.h"
#include "madoguchi/app/erase.h"
#include "madoguchi/app/lookback.h"
#include "madoguchi/app/maildesk.h"
#include "madoguchi/ipc/proto.h"

struct fetcher;
struct sender;
struct parser;
struct texter;
struct judger;
struct tokens;
struct mdg_surging;
struct scanner;
struct web;

enum { ACCOUNTS_MAX = 200 };

struct client;
struct mdg_order;
struct mdg_worker;

/* A process of watch.c, on a handle of its own; pid 0: none runs. */
struct watch_child {
	pid_t pid;
	int fd;
	int64_t begun_ms; /* monotonic */
};

struct core {
	uv_loop_t *loop;
	struct mdg_desk *desk;
	struct mdg_config config;
	int64_t own_uid;

	struct fetcher *fetchers[ACCOUNTS_MAX];
	struct sender *senders[ACCOUNTS_MAX];
	size_t accounts_n;
	struct parser *parser;
	struct texter *texter;
	struct judger *judger;
	struct tokens *tokens;
	struct scanner *scanner; /* NULL: none is configured */
	struct mdg_surging *surging;
	struct web *web;
	uv_pipe_t control;
	struct caller *callers; /* who is connected there */
	size_t callers_n;

	/* the open group commit */
	struct {
		bool open;
		size_t mails, bytes;
		int64_t opened_ms; /* monotonic */
		uv_timer_t timer;
	} batch;

	uv_timer_t tick;   /* clocks, outbox, watchdog */
	uv_timer_t outbox; /* when the next mail may go out */
	uv_timer_t indexer;
	uv_timer_t maildesk;
	int64_t maildesk_ms;     /* its last tick, monotonic */
	struct mdg_order *order; /* of one of our people, being carried out */
	struct mdg_order_wants order_wants;
	bool intake_busy;         /* a fetcher is in the middle of a pass */
	int64_t store_problem_ms; /* 0: the store takes what we write */
	struct mdg_err store_problem;
	bool stopping;
	struct { /* watch.c; *_ms monotonic but for wall_ms */
		int64_t wall_ms, mono_ms;
		int64_t looked_ms, said_ms, wrote_ms, idle_ms;
		uint64_t begun;
		struct watch_child check, clean;
		int64_t check_next_s, clean_next_s, retain_s;
		bool stumbled;                   /* over something in the store */
		bool scrub;                      /* something was erased */
		char clean_mark[MDG_ERASE_MARK]; /* what is being cleaned */
	} watch;
	pid_t backup_pid; /* 0: none is being made */
	int backup_percent;
};

/* ---- batch.c ---- */
void batch_init(struct core *c);
/* Opens the transaction if none is open; false when the store refuses. */
bool batch_open(struct core *c);
/* Counts what was written; commits when the batch is full. */
void batch_wrote(struct core *c, size_t mails, size_t bytes);
/* Commits what is open: before a person's action, at the end, when idle. */
bool batch_commit(struct core *c);
/* The parser has nothing left: commits what it waits for, unless that has only
 * just begun and more of it is coming. */
void batch_awaited(struct core *c);
/* The same, and tells a person why not. */
bool batch_commit_or(struct core *c, struct mdg_err *err);
/* Is it the store that cannot take it now, and not the mail? */
bool batch_store_refuses(const struct mdg_err *err);
/* It refused just now: what cannot be stored would be parsed for nothing, round
 * and round. */
bool batch_store_rests(const struct core *c);
/* A statement in the batch failed: take everything back and start over. */
void batch_broken(struct core *c, const struct mdg_err *err);

/* ---- fetcher.c ---- */
void fetchers_refresh(struct core *c); /* accounts were added or removed */
bool fetchers_committing(struct core *c, struct mdg_err *err);
void fetchers_committed(struct core *c);
void fetchers_rolled_back(struct core *c);
/* The store takes writes again: those that wait for their next start, now. */
void fetchers_hurry(struct core *c);
/* Those that hang are started again. */
void fetchers_watch(struct core *c);
/* What they start with was changed: all anew, whatever failed before. */
void fetchers_restart(struct core *c);
void workers_restart(struct core *c); /* with the access as it is now */
void fetchers_poke(struct core *c);   /* look at every folder now */
void fetchers_act(struct core *c);    /* what policies wait to do */
void fetchers_pause(struct core *c, bool pause);
void fetcher_copy_wanted(struct core *c, int64_t account);
void fetchers_copy(struct core *c); /* Sent copies that are still wanted */
/* UIDs on the server of one folder, ascending; done() gets NULL when it cannot
 * be had. */
struct uid_list {
	int64_t folder_id;
	uint32_t uidvalidity;
	uint32_t *v;
	size_t n;
};
bool fetcher_list_uids(struct core *c, int64_t account, int64_t folder,
		       void (*done)(void *arg, const struct uid_list *l),
		       void *arg);
/* Compares such a list (ascending), writes down what it shows, and has what is
 * missing fetched again. */
bool fetcher_compare(struct core *c, const struct uid_list *l, mdg_look_fn fn,
		     void *ctx, struct mdg_arena *a, struct mdg_look *ret,
		     struct mdg_err *err);
/* The folders on the server; l NULL: why not. false: not connected. */
bool fetcher_list_folders(struct core *c, int64_t account,
			  void (*done)(void *arg,
				       const struct mdg_folder_names *l,
				       const struct mdg_err *why),
			  void *arg);
/* What the account's worker said last, "" if all is well. */
const char *fetcher_problem(struct core *c, int64_t account, enum mdg_lang lang,
			    char *out, size_t n);
/* The same as "problem" of each row of a "mailbox" that has none yet. */
void fetchers_tell(struct core *c, enum mdg_lang lang, json_t *rows);
/* CONFIG of an account, for its workers and for tests. */
bool account_access(struct core *c, const struct mdg_account *acc, bool smtp,
		    struct mdg_arena *a, struct mdg_access *ret,
		    struct mdg_err *err);

/* Why a worker got no CONFIG; kills it unless access may still come. */
void account_not_set_up(struct mdg_worker *w, int64_t account,
			const struct mdg_err *why);
/* New access, or none any more: those that wait for it start with it. */
void account_renewed(struct core *c, int64_t account);
/* It is reached in another way from now on, or reads other folders: nothing
 * more is taken from where it was. */
void account_changed(struct core *c, int64_t account);

/* ---- tokens.c ---- */
/* An access token that may be used now. EBUSY: it is being renewed and
 * account_renewed() follows; EAUTH: a person has to authorize. */
bool tokens_access(struct core *c, const struct mdg_account *acc,
		   struct mdg_arena *a, const char **ret, struct mdg_err *err);
/* The mail server refused one that should be good: get another. */
void tokens_refused(struct core *c, int64_t account);
void tokens_tick(struct core *c); /* renews what ends soon */
void tokens_stop(struct core *c);
void tokens_authorize(struct core *c, struct client *cl, uint32_t id,
		      const struct mdg_actor *who, const json_t *args);
void tokens_authorize_finish(struct core *c, struct client *cl, uint32_t id,
			     const struct mdg_actor *who, const json_t *args);

/* ---- parser.c ---- */
void parser_init(struct core *c);
/* A stored mail; zstd: its only chunk if it is at hand (copied), else empty. */
void parser_add(struct core *c, int64_t delivery, struct mdg_span zstd);
void parser_committed(struct core *c);
void parser_rolled_back(struct core *c);
bool parser_is_idle(const struct core *c);
/* Has it mails that are committed already? */
bool parser_is_busy(const struct core *c);
/* A delivery that a person wants read once more, alone. */
void parser_retry(struct core *c, int64_t delivery);
void parser_stop(struct core *c);

/* ---- sender.c ---- */
void senders_refresh(struct core *c);
void sender_renewed(struct core *c, int64_t account);
void sender_changed(struct core *c, const struct mdg_account *acc);
void senders_pump(struct core *c);
void senders_watch(struct core *c); /* those that hang with a mail */

/* ---- texter.c ---- */
/* request: JSON, stolen; NULL: why is in err. done() gets one of err and what
 * read() took of the answer, which is its own; where read() takes nothing,
 * mdg-text is started again. */
void texter_ask(struct core *c, char *request,
		json_t *(*read)(const json_t *answer), struct mdg_err *err,
		void (*done)(void *arg, json_t *result,
			     const struct mdg_err *err),
		void *arg);
void texter_start(struct core *c);
bool texter_is_ready(const struct core *c);
/* The findings about a draft as it stands; nothing is kept. */
void texter_check(struct core *c, const struct mdg_draft *draft,
		  void (*done)(void *arg, json_t *result,
			       const struct mdg_err *err),
		  void *arg);
void texter_templates_changed(struct core *c);
void texter_stop(struct core *c);

/* ---- judger.c ---- */
void judger_init(struct core *c);
/* There may be mail to ask about, or something to teach. */
void judger_wake(struct core *c);
/* mdg-text begins anew: it knows the templates and nothing else. */
void judger_forgot(struct core *c);
/* Asks about a ticket's newest mail now, and keeps the answer. */
void judger_suggest(struct core *c, int64_t ticket_id,
		    void (*done)(void *arg, json_t *result,
				 const struct mdg_err *err),
		    void *arg);
void judger_stop(struct core *c);

/* ---- scanner.c ---- */
bool scanner_init(struct core *c, struct mdg_err *err);
/* There may be something to scan. */
void scanner_wake(struct core *c);
/* done(arg) once the files of that draft are scanned, or cannot be now. */
void scanner_await(struct core *c, int64_t draft, void (*done)(void *arg),
		   void *arg);
void scanner_stop(struct core *c);
void scanner_free(struct core *c);

/* ---- maildesk.c ---- */
void maildesk_init(struct core *c);
/* There may be an order, or somebody to be told. */
void maildesk_wake(struct core *c);
void maildesk_stop(struct core *c);
/* Does this mail command the desk? Then it is read by a parser that no other
 * mail has had in its hands. */
bool maildesk_claims(struct core *c, const struct mdg_mail *m);

/* ---- control.c, tasks.c ---- */
bool control_open(struct core *c, struct mdg_err *err);
/* Reads again what people took out of a junk folder. */
void control_rescued(struct core *c);
/* The answer of a call; result and err exclude each other. Steals result. */
void control_answer(struct client *cl, uint32_t id, json_t *result,
		    const struct mdg_err *err);
/* A piece of the file that a call gives, before its answer; false: the client
 * has left. drained(arg) once it took what is queued, or left; false: it gets
 * a file already. NULL ends it. */
bool control_data(struct client *cl, uint32_t id, struct mdg_span piece);
/* Has it enough for now? */
bool control_full(const struct client *cl);
/* How far a long call is. */
void control_news(struct client *cl, uint32_t id, const json_t *news);
/* What the file is, before its first piece, for who has to know by then. */
void control_head(struct client *cl, uint32_t id, const json_t *what);
bool control_on_drained(struct client *cl, void (*drained)(void *arg),
			void *arg);
/* A call that takes a while; false if `name` is not one of those. */
bool task_start(struct core *c, struct client *cl, uint32_t id,
		const struct mdg_actor *who, const char *name,
		const json_t *args);
/* Runs a read-only action for its role check; NULL after answering. */
json_t *task_checked(struct core *c, struct client *cl, uint32_t id,
		     const struct mdg_actor *who, const char *act,
		     const json_t *args);
/* ---- bulk.c: one answer to the tickets of an incident ---- */
void bulk_draft(struct core *c, struct client *cl, uint32_t id,
		const struct mdg_actor *who, const json_t *args);
void bulk_approve(struct core *c, struct client *cl, uint32_t id,
		  const struct mdg_actor *who, const json_t *args);
void task_suggest(struct core *c, struct client *cl, uint32_t id,
		  const struct mdg_actor *who, const json_t *args);
/*
 * ---- checker.c: the checks of a draft, then the action that needs them
 * (act NULL: the findings are the answer) ----
 */
void checker_start(struct core *c, struct client *cl, uint32_t id,
		   const struct mdg_actor *who, const char *act,
		   const json_t *args);
bool checker_wants(const char *act, const json_t *args);
/* An action by an actor who is known, answered. */
void control_run(struct client *cl, uint32_t id, const struct mdg_actor *who,
		 const char *name, const json_t *args);
/* The same; `more` (stolen, may be NULL) joins what it answers, where that says
 * nothing itself. */
void control_run_and(struct client *cl, uint32_t id,
		     const struct mdg_actor *who, const char *name,
		     const json_t *args, json_t *more);
/* attachment.save, message.html: the bytes, then the answer. */
void task_save(struct core *c, struct client *cl, uint32_t id,
	       const struct mdg_actor *who, const json_t *args);
void task_draft_file(struct core *c, struct client *cl, uint32_t id,
		     const struct mdg_actor *who, const json_t *args);
/* A part of a stored mail for the core itself, piece by piece (n 0: the last,
 * empty or not); false of piece() ends it. Then done(), once. */
void extract_part(struct core *c, int64_t raw, int64_t part,
		  bool (*piece)(void *arg, struct mdg_span piece),
		  void (*done)(void *arg, const struct mdg_err *why),
		  void *arg);
void task_raw(struct core *c, struct client *cl, uint32_t id,
	      const struct mdg_actor *who, const json_t *args);
void task_page(struct core *c, struct client *cl, uint32_t id,
	       const struct mdg_actor *who, const json_t *args);
/* Clients may leave while a task runs. */
struct client *client_hold(struct client *cl);
void client_release(struct client *cl);

/* ---- web.c ---- */
void web_init(struct core *c); /* if the configuration wants it */
void web_watch(struct core *c);
void web_stop(struct core *c);

/* ---- watch.c ---- */
void watch_init(struct core *c);
/* Every second; true while the core really works. */
bool watch_tick(struct core *c);
/* After something was erased: cleans the files, now or soon. */
void watch_scrub(struct core *c);
void watch_stop(struct core *c);

/* ---- backup.c ---- */
void start_backup(struct core *c, struct client *cl, uint32_t id,
		  const struct mdg_actor *who, const json_t *args);
void backup_stop(struct core *c);
/* madoguchid --backup FILE: an exit status. */
int backup_copy(const struct mdg_config *conf, const char *file,
		const char *recipient);
/* madoguchid --check-store and --clean-store (PostgreSQL after an erasure): in
 * a process of its own; its exit status. */
int watch_check_store(const struct mdg_config *conf);
int watch_clean_store(const struct mdg_config *conf);

/* ---- indexer.c ---- */
void indexer_init(struct core *c);
void indexer_wake(struct core *c);

#endif
