/* Who gets alarms. */
#include "madoguchi/app/alarm.h"
#include "madoguchi/app/leads.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

static void
add_once(struct mdg_strings *to, struct mdg_arena *a, const char *address)
{
	for (size_t i = 0; i < to->n; i++)
		if (mdg_strcaseeq(to->v[i], address))
			return;
	mdg_strings_add(to, a, address, MDG_RECIPIENTS_MAX);
}

/* Addresses that were set read Japanese: nobody says otherwise of them. */
static bool
configured_people(struct mdg_desk *d, enum mdg_lang lang, struct mdg_arena *a,
		  bool *ret_any, struct mdg_strings *ret, struct mdg_err *err)
{
	const char *text;
	json_t *v;
	size_t i;

	if (!mdg_setting_get(d->db, "alarm_to", a, &text, err))
		return false;
	json_t *list = json_loads(text, 0, NULL);
	*ret_any = json_array_size(list) > 0;
	if (lang == MDG_LANG_JA)
		json_array_foreach (list, i, v)
			if (json_is_string(v))
				add_once(ret, a, json_string_value(v));
	json_decref(list);
	return true;
}

/* Those who govern the desk and are there; *ret_away: they are not. */
static bool
add_admins(struct mdg_desk *d, enum mdg_lang lang, struct mdg_arena *a,
	   bool *ret_away, struct mdg_strings *ret, struct mdg_err *err)
{
	const struct mdg_lead_ask q = {.now_s = mdg_now_s(), .by_mail = true};
	int64_t ids[MDG_LEADS_MAX];
	struct mdg_person p;
	bool there;
	size_t n;

	*ret_away = true;
	if (!mdg_leads(d->db, &q, ids, MDG_LEADS_MAX, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (mdg_person_by_id(d->db, ids[i], a, &p, err) != MDG_FOUND ||
		    !mdg_person_is_there(d->db, 0, ids[i], q.now_s, &there,
					 err))
			return false;
		*ret_away = *ret_away && !there;
		if (mdg_person_lang(&p) == lang)
			add_once(ret, a, p.email);
	}
	return true;
}

static bool
add_leads(struct mdg_desk *d, enum mdg_lang lang, struct mdg_arena *a,
	  struct mdg_strings *ret, struct mdg_err *err)
{
	struct mdg_lead_of *v =
		mdg_arena_array(a, MDG_LEADS_ALL_MAX, sizeof(*v));
	struct mdg_person p;
	size_t n;

	if (!mdg_leads_all(d, mdg_now_s(), v, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (mdg_person_by_id(d->db, v[i].person, a, &p, err) !=
		    MDG_FOUND)
			return false;
		if (mdg_person_lang(&p) == lang)
			add_once(ret, a, p.email);
	}
	return true;
}

bool
mdg_alarm_people(struct mdg_desk *d, bool leads, enum mdg_lang lang,
		 struct mdg_arena *a, struct mdg_strings *ret,
		 struct mdg_err *err)
{
	bool any, away = false;

	return configured_people(d, lang, a, &any, ret, err) &&
	       (any || add_admins(d, lang, a, &away, ret, err)) &&
	       ((!leads && !away) || add_leads(d, lang, a, ret, err));
}
