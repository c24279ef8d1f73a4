/* What a new window starts with. */
#include "madoguchi/base/clock.h"
#include "madoguchi/desk/calendar.h"

#include "desk.h"

enum { FIRST_RESPONSE_MIN = 480, NEXT_RESPONSE_MIN = 480 };

static json_t *
proposed_calendar(const char *zone)
{
	int year, month, day;

	mdg_civil_from_days(mdg_now_s() / 86400, &year, &month, &day);
	MDG_AUTO(mdg_freep) char *text = mdg_calendar_proposal(year);
	json_t *o = json_loads(text, 0, NULL);
	if (zone)
		json_object_set_new(o, "zone", json_string(zone));
	return o;
}

static void
put_text(json_t *args, const char *key, char *text)
{
	if (!json_object_get(args, key))
		json_object_set_new(args, key, json_string(text));
	mdg_freep(&text);
}

bool
mdg_cli_window_defaults(json_t *args, const char *zone, struct mdg_err *err)
{
	const char *name = mdg_json_text(args, "name");
	const char *address = mdg_json_text(args, "address");
	struct mdg_calendar *cal;

	if (!*name)
		name = mdg_json_text(args, "code");
	if (!json_object_get(args, "calendar"))
		json_object_set_new(args, "calendar", proposed_calendar(zone));
	/* a bad zone is told now, before anything is made */
	MDG_AUTO(mdg_freep)
	char *text =
		json_dumps(json_object_get(args, "calendar"), JSON_COMPACT);
	if (!mdg_calendar_parse(text, &cal, err))
		return false;
	mdg_calendar_free(&cal);
	if (!json_object_get(args, "policy"))
		json_object_set_new(
			args, "policy",
			json_pack("{s:i,s:i,s:i,s:b}", "first_response_min",
				  FIRST_RESPONSE_MIN, "next_response_min",
				  NEXT_RESPONSE_MIN, "resolution_min", 0,
				  "business", 1));
	put_text(args, "greeting",
		 mdg_asprintf("いつもお世話になっております。\n"
			      "%sでございます。",
			      name));
	put_text(args, "closing",
		 mdg_strdup("ご不明な点がございましたら、このメールへの返信にて"
			    "お知らせください。\n"
			    "どうぞよろしくお願い申し上げます。"));
	put_text(args, "signature", mdg_asprintf("-- \n%s\n%s", name, address));
	return true;
}
