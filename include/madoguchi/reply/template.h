/*
 * template: a reply that a strict supervisor would sign, with slots.
 *
 * A UTF-8 file: front matter between two lines "---", then the body.
 *
 *   ---
 *   id: t02-hold
 *   title: 一次回答（確認のお時間をいただく）
 *   category: 受付
 *   version: 1
 *   slots: customer.name:name topic dept due_at:datetime
 *   next_state: working
 *   apology_level: 1
 *   approval: no
 *   keywords: …
 *   examples:
 *     - まだ返事が来ないのですが
 *   ---
 *   {{customer.name}} 様
 *   …
 *
 * Required: id, title, category, slots, version. A slot is {{name}} with name
 * out of [a-z0-9_.]; each slot of the body is declared in `slots` and the
 * other way round; behind a colon may stand its type (text if none).
 * due_slot names the slot that holds a promise. language: en marks the English
 * variant of the template whose id it has, with ".en" behind. next_state:
 * closed | waiting | working. approval: yes asks for a lead's approval also of
 * skilled operators. windows: codes of the windows it is for; all, if not said.
 *
 * Rendering puts values in as they are; a slot without a value stays visible
 * as {{name}} and blocks the request for approval.
 */
#ifndef MDG_REPLY_TEMPLATE_H
#define MDG_REPLY_TEMPLATE_H

#include <stdbool.h>
#include <stdint.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/model/mail.h" /* struct mdg_strings */

enum {
	MDG_TEMPLATE_SLOTS_MAX = 50,
	MDG_TEMPLATE_EXAMPLES_MAX = 200,
};

struct mdg_template {
	const char *id, *title, *category, *body;
	const char *next_state;       /* "" if not said */
	const char *roles, *keywords; /* "" if not said */
	const char *language;         /* "" for Japanese, "en" */
	const char *windows;          /* "" for all */
	int64_t version, apology_level;
	bool needs_approval;
	const char *due_slot; /* "" if not said */
	struct mdg_strings slots, examples;
	struct mdg_strings slot_types; /* of slots, one by one */
};

/*
 * file: shown in errors ("templates/t02-hold.txt:3: …"). Everything is copied
 * into the arena. MDG_EFORMAT with a message for people.
 */
bool mdg_template_parse(const char *file, const char *source,
			struct mdg_arena *a, struct mdg_template *ret,
			struct mdg_err *err);

/* Is it for this window, by the code? windows: as in the template. */
bool mdg_template_is_for(const char *windows, const char *code);

/* The template that it is a variant of, else its own id. */
const char *mdg_template_base_id(const struct mdg_template *t,
				 struct mdg_arena *a);

/* Its body, and what is asked in the words of its variants among v[0 … n):
 * who writes in English asks for the same. */
const char *mdg_template_known_by(const struct mdg_template *t,
				  const struct mdg_template *v, size_t n,
				  struct mdg_arena *a);

/* All *.txt of a directory, in the order of their names. */
bool mdg_template_load_dir(const char *dir, struct mdg_arena *a,
			   struct mdg_template **ret, size_t *ret_n,
			   struct mdg_err *err);

struct mdg_slot_values {
	struct mdg_strings names, values;
};
/* Empty values are no values; a later value of the same name wins. */
void mdg_slot_values_put(struct mdg_slot_values *v, struct mdg_arena *a,
			 const char *name, const char *value);

/* Appends the filled body; names of open slots to *ret_open (may be NULL). */
void mdg_template_render(const struct mdg_template *t,
			 const struct mdg_slot_values *v, struct mdg_buf *out,
			 struct mdg_strings *ret_open, struct mdg_arena *a);

/* What stands in the slot's place in a text made of the template, told by the
 * words around it; NULL where these were rewritten. */
const char *mdg_template_read_slot(const struct mdg_template *t,
				   const char *slot, const char *text,
				   struct mdg_arena *a);

/* Appends the names of slots still open in any text: "due_at, dept". */
void mdg_template_open_slots(const char *text, struct mdg_buf *out);

#endif
