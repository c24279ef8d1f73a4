/* Messages between the core and mdg-smtp; part of ipc/proto.h. */
#ifndef MDG_IPC_PROTO_SMTP_H
#define MDG_IPC_PROTO_SMTP_H

#include "madoguchi/ipc/proto.h"

/* -- mdg-smtp ------------------------------------------------------------ */
enum mdg_send_outcome {
	MDG_SEND_ACCEPTED,
	MDG_SEND_TEMPFAIL,
	MDG_SEND_PERMFAIL,
	MDG_SEND_UNKNOWN, /* the answer to the end of DATA was lost */
	MDG_SEND_OUTCOME_N
};

struct mdg_send { /* SEND; frame id = outbox id's low bits, echoed back */
	int64_t outbox_id;
	const char *mail_from; /* "" is <> */
	struct mdg_strings rcpts;
	const char *envid; /* for delivery reports (RFC 3461); "" for none */
	struct mdg_span bytes; /* empty: what came in BYTES before */
};

struct mdg_send_rcpt {
	const char *address;
	uint32_t outcome; /* enum mdg_send_outcome */
	uint32_t code;    /* 250, 451, 550 …; 0 without an answer */
	const char *text; /* the server's words, or what failed */
};

struct mdg_send_result { /* RESULT */
	int64_t outbox_id;
	bool account_problem; /* login, TLS, connect: not this mail's fault */
	const char *phase;    /* connect, auth, mail, rcpt, data, final */
	struct mdg_send_rcpt *v;
	size_t n;
};

MDG_CODEC(send);
MDG_CODEC(send_result);

#endif
