/*
 * template_import: templates of other desks, as texts or tables, made ours.
 *
 * A row is what another tool knows of a template. Its placeholders
 * ({{name}}, {%customer.fullName%}, %{recipient.name}, ${x}, {name}, %name%,
 * [[x]], [お客様名], 【氏名】, <注文番号>, ○○様, ○月○日 …) become slots of
 * ours: those whose meaning is known by its name, the others as x1, x2 …, told
 * to the caller. 【重要】 is no placeholder.
 */
#ifndef MDG_REPLY_TEMPLATE_IMPORT_H
#define MDG_REPLY_TEMPLATE_IMPORT_H

#include "madoguchi/reply/template.h"

enum {
	MDG_TEMPLATE_IMPORT_MAX = 1000, /* rows of one table */
	MDG_TEMPLATE_NOTES_MAX = 200,
};

/* What is not said is "". */
struct mdg_template_row_in {
	const char *id, *title, *category, *body;
	const char *slots;    /* as in a template's file; "": out of the body */
	const char *examples; /* a line each */
	const char *keywords, *roles, *next_state, *due_slot, *language;
	const char *windows;
	const char *approval, *apology_level;
};

#define MDG_TEMPLATE_ROW_EMPTY                                                 \
	{                                                                      \
		"", "", "", "", "", "", "", "", "", "", "", "", "", ""         \
	}

/*
 * A template's file made of a row. An id that is none of ours is made of the
 * title, the same each time. ret_notes: "[[foo]] = x1" for each placeholder
 * that has no known meaning.
 */
const char *mdg_template_adopt(const struct mdg_template_row_in *row,
			       struct mdg_arena *a,
			       struct mdg_strings *ret_notes);

/*
 * A table as spreadsheets write it (RFC 4180, a BOM or none), its first row
 * naming the columns: id, title, category, body … or タイトル, 分類, 本文 …
 * ret_ignored: columns that nobody knows. MDG_EFORMAT without title and body.
 */
bool mdg_template_read_table(const char *file, const char *text,
			     struct mdg_arena *a,
			     struct mdg_template_row_in **ret, size_t *ret_n,
			     struct mdg_strings *ret_ignored,
			     struct mdg_err *err);

/* A template as a row: what mdg_template_adopt() makes the same one of. */
void mdg_template_as_row(const struct mdg_template *t, struct mdg_arena *a,
			 struct mdg_template_row_in *ret);

/* Appends body with its placeholders as our slots. */
void mdg_template_map_slots(const char *body, struct mdg_arena *a,
			    struct mdg_buf *out, struct mdg_strings *ret_notes);

#endif
