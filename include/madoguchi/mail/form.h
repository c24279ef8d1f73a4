/*
 * Form notices: mails that a web form sends for a customer.
 *
 * mdg_form_scan() runs in the parser and notes every line of the body that
 * has the look of a label, in any layout. mdg_form_pick() runs where it is
 * known which form it is, and only compares labels and cuts the text.
 *
 * Whom to believe: what stands above the customer's own text was written by
 * the form, so the first of several equal labels counts there; below it the
 * last one does, because a label that the customer typed can only stand
 * before those of the form.
 */
#ifndef MDG_MAIL_FORM_H
#define MDG_MAIL_FORM_H

#include <stdbool.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/model/mail.h"

/* Fills m->fields from m->text. Linear in the text that it looks at. */
void mdg_form_scan(struct mdg_mail *m);

/*
 * The form of a label to compare by: width, case, kana width, honorific
 * お/ご, spaces, ornament and notes like （必須） removed. "" if nothing is
 * left or it is too long.
 */
const char *mdg_form_label(struct mdg_arena *a, const char *s, size_t n);
/* What a folded label means; `exact`: the whole label is such a word. */
enum mdg_field_kind mdg_form_kind(const char *label, bool exact);

/* The labels of a declared form; NULL: every known word for it. */
struct mdg_form_map {
	const char *label[MDG_FIELD_N]; /* folded */
	bool reply_to; /* Reply-To is the customer, whatever the body says */
};
/* "name" "address" "phone" "order" "company" "content" "kana" "subject"
 * "family" "given"; MDG_FIELD_NONE for any other word. */
enum mdg_field_kind mdg_form_kind_from_name(const char *name);
const char *mdg_form_kind_name(enum mdg_field_kind kind);

/* Why a form has no address to answer to. */
enum mdg_form_fault {
	MDG_FORM_OK,
	MDG_FORM_NO_ADDRESS, /* none in the body */
	MDG_FORM_OWN,        /* it is one of ours */
	MDG_FORM_ROBOT,      /* noreply@… */
	MDG_FORM_FAULT_N
};
const char *mdg_form_fault_name(enum mdg_form_fault f); /* "own" … */

struct mdg_form_values {
	const char *text[MDG_FIELD_N]; /* NULL: not there */
	struct mdg_address customer;   /* address "" with a fault */
	enum mdg_form_fault fault;
	bool several;          /* the field named more than one address */
	bool reply_to_differs; /* Reply-To names somebody else */
	size_t known_n;        /* different kinds that were found */
};
/* ours: keys of our own addresses. map may be NULL. */
void mdg_form_pick(const struct mdg_mail *m, const struct mdg_form_map *map,
		   const struct mdg_strings *ours, struct mdg_arena *a,
		   struct mdg_form_values *out);

/*
 * Does a mail that nobody declared look like a form's? v: what
 * mdg_form_pick() found in it without a map.
 */
bool mdg_form_suspected(const struct mdg_mail *m,
			const struct mdg_form_values *v,
			const struct mdg_strings *ours);

/* "no-reply@…", "mailer-daemon@…": nobody reads what is sent there. */
bool mdg_addr_is_robot(const char *key);

/*
 * Does a subject fit a declared pattern? '*' stands for anything; a pattern
 * without one may stand anywhere in it; "" fits all. Width and case are the
 * same.
 */
bool mdg_form_subject_fits(const char *pattern, const char *subject);

#endif
