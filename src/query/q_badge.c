/* What people should notice about a mail before they read it, as codes. */
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/model/mark.h"
#include "rows.h"

/* A mark of a mail, and the badge that it is, in the order of weight. */
static const struct {
	enum mdg_mark mark;
	const char *value, *badge; /* value NULL: any */
	bool until_customer; /* settled when somebody named the customer */
} badges[] = {
	{MDG_MARK_UNREADABLE, NULL, "unreadable", false},
	{MDG_MARK_ELSEWHERE, NULL, "elsewhere", false},
	{MDG_MARK_FORM, NULL, "form", false},
	{MDG_MARK_NO_CUSTOMER, NULL, "no_customer", true},
	{MDG_MARK_FORM_UNVERIFIED, NULL, "form_unverified", true},
	{MDG_MARK_FORM_LIKE, NULL, "form_like", true},
	{MDG_MARK_SEVERAL, NULL, "several", false},
	{MDG_MARK_REPLY_TO_DIFFERS, NULL, "reply_to_differs", false},
	{MDG_MARK_RELAY, NULL, "relay", false},
	{MDG_MARK_SEALED, "yes", "sealed", false},
	{MDG_MARK_SEALED, "maybe", "protected", false},
	{MDG_MARK_PAIR, NULL, "pair", false},
	{MDG_MARK_SPOOFED, NULL, "spoofed", false},
	{MDG_MARK_UNKNOWN_SENDER, NULL, "unknown_sender", false},
	{MDG_MARK_VIRUS, NULL, "virus", false},
	{MDG_MARK_DANGER, NULL, "danger", false},
	{MDG_MARK_SPAM, NULL, "spam", false},
	{MDG_MARK_SPAM_SUSPECTED, NULL, "spam_suspected", false},
	{MDG_MARK_SALES, NULL, "sales", false},
	{MDG_MARK_FROM_SIDE, NULL, "from_side", false},
	{MDG_MARK_THANKS, NULL, "thanks", false},
};

static json_t *
of_flags(const char *text, bool has_customer)
{
	json_t *flags = text ? json_loads(text, 0, NULL) : NULL;
	json_t *list = json_array();

	for (size_t i = 0; i < MDG_LEN(badges); i++) {
		const json_t *v =
			json_object_get(flags, mdg_mark_names[badges[i].mark]);
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

	json_array_foreach (rows, i, o)
		json_object_set_new(
			o, "badges",
			of_flags(json_string_value(json_object_get(o, "flags")),
				 json_is_string(json_object_get(
					 o, "customer_address"))));
}
