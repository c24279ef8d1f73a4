/*
 * web: what the parts of mdg-web share. One loop, one thread.
 *
 *   main      the command line, what is opened, confinement, the loop
 *   server    libmicrohttpd inside the loop: requests and responses
 *   core      the channel to the core: calls and their answers, news
 *   local     what is read out of the store here
 *   table     the table of the API
 *   shapes    what its routes answer
 *   routes    how a request becomes a call
 *   session   signing in and out, the cookie, forged requests
 *   views     what a route shows in a form of its own: mails, files
 *   events    the stream of news to open pages
 *   files     the UI, read once
 *   openapi   the description of the table
 *   rate      how often an address may ask
 */
#ifndef MDG_WEB_WEB_H
#define MDG_WEB_WEB_H

#include <iconv.h>
#include <jansson.h>
#include <microhttpd.h>
#include <uv.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/ipc/chan.h"
#include "madoguchi/query/shape.h"
#include "madoguchi/store/db.h"

enum { TOKEN_CHARS = 64, ADDRESS_CHARS = 46 };

struct web_file;
struct web_stream;
struct rate;
struct req;

struct web {
	uv_loop_t *loop;
	struct MHD_Daemon *mhd;
	uv_poll_t mhd_poll, chan_poll;
	uv_timer_t timer; /* libmicrohttpd's deadlines */
	uv_timer_t beat;  /* of the streams */
	struct mdg_chan chan;
	struct mdg_db *db; /* read-only; NULL: the core is asked */
	const char *store, *listen;
	char *url,
		*authority; /* "https://desk.example.jp", "desk.example.jp" */
	bool https, configured;
	iconv_t cp932;   /* opened before the sandbox closes */
	json_t *acts;    /* by name */
	json_t *openapi; /* made of the routes and the acts */
	struct req *reqs;
	uint32_t next_id;
	size_t queued_bytes; /* files on their way */
	struct web_file *files;
	struct web_stream *streams;
	size_t streams_n;
	int64_t seq; /* of the last news */
	struct rate *rate;
};

struct route {
	const char *method, *path;
	const char *act;   /* of the core; NULL: only run() */
	const char *about; /* what it does, for the description */
	unsigned flags;
	/* before the call (NULL: none); true: it has answered or will */
	bool (*run)(struct req *q);
	/* of the answer (NULL: it is the JSON itself) */
	void (*show)(struct req *q, json_t *result);
};
enum {
	ROUTE_OPEN = 1,  /* nobody has to be signed in */
	ROUTE_KEEP = 2,  /* browsers may keep the answer, and ask by its ETag */
	ROUTE_BYTES = 4, /* the body is a file, not JSON */
	ROUTE_CSV = 8,   /* ?format=csv&encoding=: its list for a spreadsheet */
	ROUTE_FILE = 16, /* the answer is a file, sent on as it comes */
	ROUTE_SEEN = 32, /* writes over what was read: If-Match must say what */
};
extern const struct route routes[];
extern const size_t routes_n;
/* Of acts, of "METHOD /path" where there is none, and of what they are made. */
extern const struct mdg_shape shapes[];

/* ---- a request ---- */
struct req {
	struct web *web;
	struct req *next;
	struct MHD_Connection *conn;
	uint32_t id; /* of its call */
	uint64_t begun_ns;
	int64_t news_seq; /* the newest change then */
	const struct route *route;
	const char *method;
	char *path;
	json_t *args;
	json_t *seen; /* what the change is meant for, of If-Match */
	char token[TOKEN_CHARS + 1]; /* "" for nobody */
	char address[ADDRESS_CHARS + 1];
	bool by_cookie, as_csv, as_cp932;
	enum mdg_lang lang;
	struct mdg_buf body;
	bool too_big, started, suspended, waits;
	struct MHD_Response *response;
	unsigned status;
	struct mdg_buf file; /* DATA that came and has not left */
	/* of a file that is being sent */
	bool streams, ended, broken, sleeps;
	int64_t taken; /* and not yet told */
	/* of the call that it waits for; exactly one of result and error */
	void (*answered)(struct req *q, json_t *result, json_t *error);
	char *secret;  /* a password on its way to argon2id */
	json_t *state; /* of a route that calls more than once */
};

/* ---- server.c ---- */
bool server_open(struct web *w, struct mdg_err *err);
void server_watch(struct web *w);
void server_run(struct web *w);
const char *header(const struct req *q, const char *name); /* or NULL */
/* The answer; each is given once. Responses are stolen. */
void respond(struct req *q, unsigned status, struct MHD_Response *r);
void respond_json(struct req *q, unsigned status, json_t *stolen);
void respond_text(struct req *q, unsigned status, const char *type,
		  const char *text);
/* RFC 9457; text says what happened and what to do. */
void respond_problem(struct req *q, unsigned status, const char *code,
		     const char *text);
void respond_msg(struct req *q, unsigned status, const char *code,
		 enum mdg_msg id);
/* An error found here. */
void respond_err(struct req *q, const struct mdg_err *err);
/* The core's {"code", "message"}. */
void respond_error(struct req *q, const json_t *error);

/* ---- core.c ---- */
bool core_hello(struct web *w, struct mdg_err *err);
void core_watch(struct web *w);
/* args is stolen. */
void core_call(struct req *q, const char *act, json_t *args,
	       void (*answered)(struct req *q, json_t *result, json_t *error));
void core_forget(struct req *q); /* its browser has gone */
void core_taken(struct req *q);  /* q->taken has left */

/* ---- routes.c ---- */
void route_request(struct req *q);
/* What it shows, with its ETag; 304 for one who has it. */
void route_show(struct req *q, const json_t *result);
/* Where that which a route changes is read: the longest address that its own
 * begins with. NULL: nowhere. */
const struct route *route_shown(const struct route *r);
/* Calls the act of its route with the arguments as they are now. */
void route_call(struct req *q);

/* ---- session.c ---- */
void session_read(struct req *q);      /* the token out of the cookie */
bool session_is_forged(struct req *q); /* answered, if so */
bool session_open(struct req *q);
bool session_close(struct req *q);
bool session_password(struct req *q);    /* one's own */
bool session_password_of(struct req *q); /* somebody's, by an administrator */
void session_show(struct req *q, json_t *result);

/* ---- views.c ---- */
void view_mail(struct req *q, json_t *result);
void view_metrics(struct req *q, json_t *result);
bool view_file_how(struct req *q);
void view_file(struct req *q, json_t *result);
/* The file begins: this is what it is. */
void view_file_begin(struct req *q, const json_t *what);
/* More of it has come, or its end. */
void view_file_wake(struct req *q);
bool view_upload(struct req *q);

/* ---- events.c ---- */
bool events_open(struct req *q);
void events_news(struct web *w, const json_t *news);
void events_init(struct web *w);

/* ---- files.c ---- */
bool files_load(struct web *w, const char *dir, struct mdg_err *err);
bool files_serve(struct req *q);

/* ---- local.c ---- */
bool local_tickets(struct req *q);

/* ---- openapi.c ---- */
/* NULL: a route has no shape, or a bad one. */
json_t *openapi_make(const struct web *w, struct mdg_err *err);
bool openapi_show(struct req *q);

/* ---- rate.c ---- */
enum rate_kind { RATE_API, RATE_LOGIN, RATE_KINDS };
/* May this address ask now? *wait_s: else when. */
bool rate_take(struct web *w, const char *address, enum rate_kind kind,
	       int64_t *wait_s);

#endif
