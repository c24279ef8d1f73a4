/*
 * slots: facts in a customer's mail that a reply needs.
 *
 * Names, company, order number, phone, postal address, model, error code, dates
 * and amounts from the newest text, each with the place it came from and how sure we are.
 * Two different values for what can only be one are a conflict: shown to the
 * operator, never chosen for them.
 */
#ifndef MDG_REPLY_SLOTS_H
#define MDG_REPLY_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/err.h"
#include "madoguchi/text/words.h"

enum mdg_fact_kind {
	MDG_FACT_NAME,     /* customer.name */
	MDG_FACT_COMPANY,  /* customer.company */
	MDG_FACT_ORDER,    /* order.no */
	MDG_FACT_TRACKING, /* tracking.no, of a carrier */
	MDG_FACT_PHONE,    /* customer.phone, digits only */
	MDG_FACT_PLACE,    /* customer.place, a postal address in one line */
	MDG_FACT_MODEL,    /* product.model, upper case, ASCII */
	MDG_FACT_ERROR,    /* error.code */
	MDG_FACT_DATE,     /* date, YYYY-MM-DD */
	MDG_FACT_AMOUNT,   /* amount, in yen */
	MDG_FACT_KIND_N
};

/* "customer.name" …: the slot of a template that the fact may fill. */
const char *mdg_fact_slot(enum mdg_fact_kind kind);

enum mdg_fact_source {
	MDG_FACT_FROM_TEXT,
	MDG_FACT_FROM_SIGNATURE,
	MDG_FACT_FROM_HEADER, /* the display name of From */
};

struct mdg_fact {
	enum mdg_fact_kind kind;
	enum mdg_fact_source source;
	const char *value;   /* in a normal form; names as written */
	size_t start, end;   /* characters in the source */
	unsigned confidence; /* percent */
	bool conflict;       /* another value is as likely */
};

struct mdg_facts {
	struct mdg_fact *v;
	size_t n;
};

enum { MDG_FACTS_MAX = 200 };

struct mdg_slots_input {
	const char *text;      /* what the customer newly wrote */
	const char *signature; /* or NULL */
	const char *from_name; /* or NULL */
	int64_t mail_s;        /* when it was written */
};

/* The compiled patterns; open before a sandbox. Words may be NULL. */
struct mdg_slots;
bool mdg_slots_open(struct mdg_slots **ret, struct mdg_words *words,
		    struct mdg_err *err);
void mdg_slots_close(struct mdg_slots **s);

/* Facts by kind, surest first; each value once per kind. */
void mdg_slots_extract(struct mdg_slots *s, const struct mdg_slots_input *in,
		       struct mdg_arena *arena, struct mdg_facts *out);

#endif
