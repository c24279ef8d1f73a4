/* Shared by guard.c, guard_phone.c and guard_place.c. */
#ifndef MDG_APP_GUARD_INT_H
#define MDG_APP_GUARD_INT_H

#include "madoguchi/app/check.h"
#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/msg.h"

enum { MDG_GUARD_FOUND_MAX = 50 }; /* findings of one kind */

struct guard {
	struct mdg_desk *desk;
	const struct mdg_draft *draft;
	json_t *findings;
	struct mdg_arena arena;
	int64_t customer_id;
	bool is_stale;   /* the customer has written since */
	const char *own; /* the window's words: what customers quote, too */
};

/* A finding as it is kept; new. */
json_t *mdg_guard_finding(enum mdg_guard_rule rule, const char *severity,
			  size_t start, size_t end, enum mdg_msg msg,
			  const char *arg);
void mdg_guard_emit(struct guard *g, enum mdg_guard_rule rule, size_t start,
		    size_t end, enum mdg_msg msg, const char *arg);
/* One that weighs more or less than usual. */
void mdg_guard_emit_as(struct guard *g, enum mdg_guard_rule rule,
		       const char *severity, size_t start, size_t end,
		       enum mdg_msg msg, const char *arg);

/*
 * *ret: another customer has it, and this one has not; what as many as
 * `everybody` have (0: two) is everybody's. Looked for in the newest mails that
 * hold one of the phrases (terms of the index; "" is none); says: do they
 * really say it? NULL: yes.
 */
struct guard_search {
	const char *phrases[2];
	size_t max; /* mails of each */
	bool (*says)(const char *text, const void *arg);
	size_t everybody;
	bool newly_written; /* in what they wrote, not in what they quote */
	const void *arg;
};
bool mdg_guard_is_others(struct guard *g, const struct guard_search *s,
			 bool *ret, struct mdg_err *err);

/* Bytes of the phone number that begins at s[from]; 0: none. */
size_t mdg_guard_phone_len(const char *s, size_t n, size_t from);
bool mdg_guard_phone_is_others(struct guard *g, const char *phone, bool *ret,
			       struct mdg_err *err);

/* guard_quote.c: sentences of another customer's mail, and names that are
 * none of another's because the customer said them. */
bool mdg_guard_quotes(struct guard *g, struct mdg_err *err);
bool mdg_guard_spare(struct guard *g, struct mdg_err *err);

/* All that the customer wrote in this ticket, folded so. */
bool mdg_guard_inbound(struct guard *g, unsigned folds, struct mdg_buf *out,
		       struct mdg_err *err);

/* guard_name.c: companies. */
bool mdg_guard_names(struct guard *g, struct mdg_err *err);

bool mdg_guard_places(struct guard *g, struct mdg_err *err);

#endif
