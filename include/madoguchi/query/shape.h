/*
 * shape: what an answer looks like, in a line, and the JSON Schema (2020-12)
 * of it for the description of the API.
 *
 *   "now_s:t tickets:[TicketRow] next?:s"
 *
 * An object: its members by name, "?" behind the name: it may be missing;
 * "+Name": the members of that shape as well; "*:T": members of any name.
 * Types, "~" behind one: it may be null:
 *
 *   i integer  n number  s text  b boolean  o any object
 *   t time     t0 the same, 0 for none      d seconds  m minutes
 *   B bytes    r rate (1: all)
 *   [T] list   {...} object   Name another shape   <a|b> one of these
 *   @name      one of the states of a machine of desk/, or of the words of the
 *              shape of that name
 */
#ifndef MDG_QUERY_SHAPE_H
#define MDG_QUERY_SHAPE_H

#include <jansson.h>

#include "madoguchi/base/err.h"

struct mdg_shape {
	const char *name, *text;
};

/* The line of that name; NULL: there is none. The table ends with name NULL. */
const char *mdg_shape_find(const struct mdg_shape *table, const char *name);
/* Of one that begins with "@": a string of its words, else an object, which
 * has no other members. Names become "#/components/schemas/Name". */
json_t *mdg_shape_schema(const struct mdg_shape *table, const char *name,
			 struct mdg_err *err);

#endif
