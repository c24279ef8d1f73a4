/* What people should notice about a mail before they read it, as codes. */
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "rows.h"

/* A flag of a message, and the badge that it is, in the order of weight. */
static const struct {
	const char *flag, *value, *badge; /* value NULL: any */
	bool until_customer; /* settled when somebody named the customer */
} badges[] = {
	{"unreadable", NULL, "unreadable", false},
	{"elsewhere", NULL, "elsewhere", false},
	{"form", NULL, "form", false},
	{"no_customer", NULL, "no_customer", true},
	{"form_unverified", NULL, "form_unverified", true},
	{"form_like", NULL, "form_like", true},
	{"several", NULL, "several", false},
	{"reply_to_differs", NULL, "reply_to_differs", false},
	{"relay", NULL, "relay", false},
	{"sealed", "yes", "sealed", false},
	{"sealed", "maybe", "protected", false},
	{"pair", NULL, "pair", false},
	{"spoofed", NULL, "spoofed", false},
	{"unknown_sender", NULL, "unknown_sender", false},
	{"virus", NULL, "virus", false},
	{"danger", NULL, "danger", false},
	{"spam", NULL, "spam", false},
	{"spam_suspected", NULL, "spam_suspected", false},
	{"sales", NULL, "sales", false},
	{"from_side", NULL, "from_side", false},
	{"thanks", NULL, "thanks", false},
};

static json_t *
of_flags(const char *text, bool has_customer)
{
	json_t *flags = text ? json_loads(text, 0, NULL) : NULL;
	json_t *list = json_array();

	for (size_t i = 0; i < MDG_LEN(badges); i++) {
		const json_t *v = json_object_get(flags, badges[i].flag);
		if (!v || json_is_false(v) ||
		    (has_customer && badges[i].until_customer) ||
		    (badges[i].value &&
		     !mdg_streq(json_string_value(v), badges[i].value)))
			continue;
		json_array_append_new(list, json_string(badges[i].badge));
	}
	const char *why = json_string_value(
		json_object_get(json_object_get(flags, "offer"), "why"));
	if (!has_customer && mdg_streq(why, "forward"))
		json_array_append_new(list, json_string("forward"));
	json_decref(flags);
	return list;
}

void
mdg_json_badges(json_t *rows)
{
	size_t i;
	json_t *o;

	json_array_foreach(rows, i, o) json_object_set_new(
		o, "badges",
		of_flags(json_string_value(json_object_get(o, "flags")),
			 json_is_string(
				 json_object_get(o, "customer_address"))));
}
