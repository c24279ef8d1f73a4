#include "madoguchi/app/health.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/app/notice.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_mail.h"

/*
 * ---- the list ----
 *
 * It is made every few seconds: the conditions repeat those of the partial
 * indexes, or SQLite reads whole tables.
 */

struct check {
	struct mdg_desk *d;
	int64_t now_s;
	struct mdg_arena *arena;
	struct mdg_condition *v;
	size_t n;
};

static void
found(struct check *c, enum mdg_condition_kind kind, const char *subject,
      int64_t value)
{
	if (c->n < MDG_CONDITIONS_MAX)
		c->v[c->n++] = (struct mdg_condition){
			kind, mdg_arena_strdup(c->arena, subject), value};
}

/* Rows of (id, value): each is a condition of "prefix:id". Closes them. */
static bool
each(struct check *c, enum mdg_condition_kind kind, const char *prefix,
     struct mdg_rows **r, struct mdg_err *err)
{
	char subject[80];

	while (mdg_rows_next(*r)) {
		snprintf(subject, sizeof(subject), "%s:%" PRId64, prefix,
			 mdg_rows_i64(*r, 0));
		found(c, kind, subject, mdg_rows_i64(*r, 1));
	}
	return mdg_rows_close(r, err);
}

static bool
silent_mailboxes(struct check *c, struct mdg_err *err)
{
	const struct mdg_probe *p = &c->d->probe;
	int64_t wait_s = 3 * p->poll_s;
	struct mdg_rows *r;

	if (!p->started_s) /* nobody fetches: a command on a stopped store */
		return true;
	if (wait_s < MDG_FETCH_SILENT_S)
		wait_s = MDG_FETCH_SILENT_S;
	int64_t limit_s = c->now_s - wait_s;
	if (p->started_s > limit_s)
		return true;
	return mdg_db_query(c->d->db, &r, err,
			    "SELECT a.id, CASE WHEN MIN(f.synced_s) > 0"
			    " THEN MIN(f.synced_s) ELSE a.created_s END"
			    " FROM account a JOIN folder f"
			    " ON f.account_id = a.id AND f.role = 'intake'"
			    " AND f.removed = 0 WHERE a.removed = 0 AND a.created_s < ?1"
			    " GROUP BY a.id, a.created_s"
			    " HAVING MIN(f.synced_s) < ?1 ORDER BY a.id",
			    "i", limit_s) &&
	       each(c, MDG_COND_FETCH, "mailbox", &r, err);
}

/* Before the authorisation ends, and when the provider took it away. */
static bool
ending_tokens(struct check *c, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(c->d->db, &r, err,
			    "SELECT o.account_id, CASE WHEN"
			    " o.refresh_expires_s > 0 THEN o.refresh_expires_s"
			    " ELSE o.expires_s END FROM oauth o"
			    " JOIN account a ON a.id = o.account_id"
			    " AND a.removed = 0 WHERE o.state = 'reauth'"
			    " OR (o.state = 'ok' AND o.refresh_expires_s > 0"
			    " AND o.refresh_expires_s < ?1)"
			    " ORDER BY o.account_id",
			    "i", c->now_s + MDG_TOKEN_WARN_S) &&
	       each(c, MDG_COND_TOKEN, "mailbox", &r, err);
}

static bool
unfetched_mails(struct check *c, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(c->d->db, &r, err,
			    "SELECT account_id, COUNT(*) FROM delivery"
			    " WHERE " MDG_DELIVERY_OPEN
			    " AND state IN ('listed', 'fetch_failed')"
			    " AND listed_s < ?1"
			    " GROUP BY account_id ORDER BY account_id",
			    "i", c->now_s - MDG_UNFETCHED_S) &&
	       each(c, MDG_COND_UNFETCHED, "mailbox", &r, err);
}

static bool
unreadable_mails(struct check *c, struct mdg_err *err)
{
	struct mdg_rows *r;

	/* until somebody has dealt with the ticket */
	return mdg_db_query(c->d->db, &r, err,
			    "SELECT number, created_s FROM ticket"
			    " WHERE state = 'error' ORDER BY number LIMIT 100",
			    "") &&
	       each(c, MDG_COND_QUARANTINE, "ticket", &r, err);
}

static bool
late_mails(struct check *c, struct mdg_err *err)
{
	struct mdg_rows *r;
	enum mdg_sending mode;

	if (!mdg_desk_sending(c->d, &mode, err))
		return false;
	if (mode == MDG_SENDING_OFF)
		return true;
	/* date_s: the first attempt, after which not_before_s moves on */
	return mdg_db_query(
		       c->d->db, &r, err,
		       "SELECT account_id, COUNT(*) FROM outbox"
		       " WHERE state IN ('queued', 'sending', 'committing',"
		       " 'unknown') AND state <> 'unknown'"
		       " AND kind <> 'alarm'"
		       " AND COALESCE(date_s, not_before_s) < ?1"
		       " GROUP BY account_id ORDER BY account_id",
		       "i", c->now_s - MDG_OUTBOX_LATE_S) &&
	       each(c, MDG_COND_OUTBOX, "mailbox", &r, err);
}

static bool
unknown_results(struct check *c, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(c->d->db, &r, err,
			    "SELECT id, created_s FROM outbox"
			    " WHERE state IN ('queued', 'sending',"
			    " 'committing', 'unknown')"
			    " AND state = 'unknown' AND kind <> 'alarm'"
			    " ORDER BY id + 0 LIMIT 100",
			    "") &&
	       each(c, MDG_COND_UNKNOWN, "outbox", &r, err);
}

static bool
machine(struct check *c, struct mdg_err *err)
{
	const struct mdg_probe *p = &c->d->probe;

	(void)err;
	if (p->disk_bytes && p->disk_free_bytes < MDG_DISK_LOW_BYTES)
		found(c, MDG_COND_DISK, "",
		      p->disk_free_bytes >> 20 << 20);
	if (p->jump_at_s && c->now_s - p->jump_at_s < MDG_CLOCK_SAID_S)
		found(c, MDG_COND_CLOCK, "", p->jump_s);
	if (p->replaced_s && c->now_s - p->replaced_s >= MDG_UPGRADE_SAID_S)
		found(c, MDG_COND_UPGRADE, "", p->replaced_s);
	if (p->mixed)
		found(c, MDG_COND_MIXED, p->mixed, 0);
	return true;
}

static bool
integrity(struct check *c, struct mdg_err *err)
{
	const char *fault, *at;
	int64_t at_s;

	if (!mdg_setting_get(c->d->db, "check_fault", c->arena, &fault, err) ||
	    !mdg_setting_get(c->d->db, "check_s", c->arena, &at, err))
		return false;
	if (!mdg_str_i64(at, 1, INT64_MAX, &at_s))
		at_s = 0;
	if (*fault || (at_s && c->now_s - at_s > MDG_CHECK_LATE_S))
		found(c, MDG_COND_INTEGRITY, *fault ? "fault" : "late", at_s);
	return true;
}

/* Who should hear of trouble did not: said for some days. */
static bool
unheard(struct check *c, struct mdg_err *err)
{
	const char *at;
	int64_t at_s;

	if (!mdg_setting_get(c->d->db, "alarm_bounced_s", c->arena, &at, err))
		return false;
	if (mdg_str_i64(at, 1, INT64_MAX, &at_s) &&
	    c->now_s - at_s < MDG_UNHEARD_S)
		found(c, MDG_COND_UNHEARD, "", at_s);
	return true;
}

static bool
silent_scanner(struct check *c, struct mdg_err *err)
{
	(void)err;
	int64_t since_s = c->d->probe.scan_down_s;

	if (since_s && c->now_s - since_s >= MDG_SCAN_SILENT_S)
		found(c, MDG_COND_SCAN, "", since_s);
	return true;
}

/* What was kept before an upgrade or a restore, and is there still. */
static bool
kept_copies(struct check *c, struct mdg_err *err)
{
	struct mdg_db_copy *v;
	const char *at;
	int64_t erased_s;
	size_t n;

	if (!mdg_setting_get(c->d->db, "erased_s", c->arena, &at, err) ||
	    !mdg_db_copies(c->d->db, c->arena, &v, &n, err))
		return false;
	if (!mdg_str_i64(at, 1, INT64_MAX, &erased_s))
		erased_s = 0;
	for (size_t i = 0; i < n; i++)
		if (v[i].made_s <= erased_s ||
		    c->now_s - v[i].made_s > MDG_COPY_OLD_S)
			found(c, MDG_COND_COPY,
			      mdg_arena_printf(c->arena, "copy:%s", v[i].name),
			      v[i].made_s);
	return true;
}

/*
 * Does the calendar close on any day of that year? Its first three days do not
 * count: they came with the year before (mdg_calendar_proposal()).
 */
static bool
closes_in(const char *json, int year)
{
	json_t *cal = json_loads(json, 0, NULL), *day;
	char from[12], to[12];
	bool any = false;
	size_t i;

	snprintf(from, sizeof(from), "%04d-01-04", year % 10000);
	snprintf(to, sizeof(to), "%04d-12-31", year % 10000);
	json_array_foreach (json_object_get(cal, "closed"), i, day) {
		const char *s = json_string_value(day);
		any |= s && strcmp(s, from) >= 0 && strcmp(s, to) <= 0;
	}
	json_decref(cal);
	return any;
}

static bool
calendars(struct check *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	char subject[80];
	int y, m, day, zone_min;

	if (!mdg_desk_zone_min(c->d, c->now_s, &zone_min, err))
		return false;
	int64_t local_s = c->now_s + zone_min * 60;
	mdg_civil_from_days(local_s / 86400, &y, &m, &day);
	/* from the morning of 1 December on: nobody is woken for it */
	if (m < 12 || (day == 1 && local_s % 86400 < 9 * 3600))
		return true;
	if (!mdg_db_query(c->d->db, &r, err,
			  "SELECT c.name, c.json FROM calendar c"
			  " WHERE c.version = (SELECT MAX(version)"
			  " FROM calendar x WHERE x.name = c.name)"
			  " AND c.name IN (SELECT calendar FROM win)"
			  " ORDER BY c.name",
			  ""))
		return false;
	while (mdg_rows_next(r)) {
		if (closes_in(mdg_rows_text(r, 1), y + 1))
			continue;
		snprintf(subject, sizeof(subject), "calendar:%.60s",
			 mdg_rows_text(r, 0));
		found(c, MDG_COND_CALENDAR, subject, y + 1);
	}
	return mdg_rows_close(&r, err);
}

bool
mdg_health_check(struct mdg_desk *d, int64_t now_s, struct mdg_arena *a,
		 struct mdg_condition **ret, size_t *ret_n,
		 struct mdg_err *err)
{
	static bool (*const checks[])(struct check * c,
				      struct mdg_err * err) = {
		silent_mailboxes, ending_tokens, unfetched_mails,
		unreadable_mails, late_mails,    unknown_results,
		machine,          integrity,     calendars,
		unheard,          kept_copies,     silent_scanner,
	};
	struct check c = {
		.d = d,
		.now_s = now_s,
		.arena = a,
		.v = mdg_arena_array(a, MDG_CONDITIONS_MAX, sizeof(*c.v)),
	};

	for (size_t i = 0; i < MDG_LEN(checks); i++)
		if (!checks[i](&c, err))
			return false;
	*ret = c.v;
	*ret_n = c.n;
	return true;
}

bool
mdg_health_unheard(struct mdg_desk *d, struct mdg_err *err)
{
	char now[24];

	snprintf(now, sizeof(now), "%" PRId64, mdg_now_s());
	return mdg_setting_put(d->db, "alarm_bounced_s", now, err);
}

bool
mdg_health_checked(struct mdg_desk *d, const char *fault, struct mdg_err *err)
{
	char now[24];

	snprintf(now, sizeof(now), "%" PRId64, mdg_now_s());
	return mdg_setting_put(d->db, "check_fault", fault, err) &&
	       mdg_setting_put(d->db, "check_s", now, err);
}

/* ---- in words ---- */

/* value: t a time, i a number, B bytes */
static const struct {
	const char *name;
	enum mdg_msg text;
	char value;
} kinds[MDG_COND_N] = {
	[MDG_COND_FETCH] = {"fetch", MDG_MSG_alarm_fetch, 't'},
	[MDG_COND_TOKEN] = {"token", MDG_MSG_alarm_token, 't'},
	[MDG_COND_UNFETCHED] = {"unfetched", MDG_MSG_alarm_unfetched, 'i'},
	[MDG_COND_QUARANTINE] = {"quarantine", MDG_MSG_alarm_quarantine, 't'},
	[MDG_COND_OUTBOX] = {"outbox_age", MDG_MSG_alarm_outbox, 'i'},
	[MDG_COND_UNKNOWN] = {"unknown", MDG_MSG_alarm_unknown, 't'},
	[MDG_COND_DISK] = {"disk", MDG_MSG_alarm_disk, 'B'},
	[MDG_COND_CLOCK] = {"clock", MDG_MSG_alarm_clock, 'i'},
	[MDG_COND_INTEGRITY] = {"integrity", MDG_MSG_alarm_integrity, 't'},
	[MDG_COND_CALENDAR] = {"calendar", MDG_MSG_alarm_calendar, 'i'},
	[MDG_COND_UNHEARD] = {"unheard", MDG_MSG_alarm_unheard, 't'},
	[MDG_COND_SCAN] = {"scan", MDG_MSG_alarm_scan, 't'},
	[MDG_COND_COPY] = {"copy", MDG_MSG_alarm_copy, 't'},
	[MDG_COND_UPGRADE] = {"upgrade", MDG_MSG_alarm_upgrade, 't'},
	[MDG_COND_MIXED] = {"mixed", MDG_MSG_alarm_mixed, 'i'},
};

const char *
mdg_condition_name(enum mdg_condition_kind k)
{
	return k < MDG_COND_N ? kinds[k].name : "";
}

enum mdg_condition_kind
mdg_condition_from_name(const char *name)
{
	int k = 0;

	while (k < MDG_COND_N && !mdg_streq(kinds[k].name, name))
		k++;
	return (enum mdg_condition_kind)k;
}

/* "mailbox:3" as people know it. */
static bool
subject_name(struct mdg_desk *d, const char *subject, struct mdg_arena *a,
	     const char **ret, struct mdg_err *err)
{
	const char *colon = strchr(subject, ':');
	struct mdg_account acc;
	int64_t id;

	*ret = colon ? mdg_arena_strdup(a, colon + 1) : subject;
	if (!mdg_str_starts(subject, "mailbox:") ||
	    !mdg_str_i64(*ret, 1, INT64_MAX, &id))
		return true;
	enum mdg_found f = mdg_account_by_id(d->db, id, a, &acc, err);
	if (f == MDG_FOUND)
		*ret = acc.name;
	return f != MDG_FAILED;
}

static bool
value_text(struct mdg_desk *d, char type, int64_t v, char *out, size_t n,
	   struct mdg_err *err)
{
	int zone_min, y, m, day;

	if (type == 'i') {
		snprintf(out, n, "%" PRId64, v);
		return true;
	}
	if (type == 'B') {
		snprintf(out, n, "%" PRId64 " MB", v >> 20);
		return true;
	}
	if (!mdg_desk_zone_min(d, v, &zone_min, err))
		return false;
	int64_t at_s = v + zone_min * 60;
	mdg_civil_from_days(at_s / 86400, &y, &m, &day);
	snprintf(out, n, "%04d-%02d-%02d %02d:%02d", y, m, day,
		 (int)(at_s / 3600 % 24), (int)(at_s / 60 % 60));
	return true;
}

bool
mdg_condition_text(struct mdg_desk *d, const char *kind, const char *subject,
		   int64_t value, enum mdg_lang lang, struct mdg_buf *out,
		   struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	enum mdg_condition_kind k = mdg_condition_from_name(kind);
	char text[MDG_ERR_TEXT_MAX * 2], v[40];
	const char *args[2];

	if (k == MDG_COND_N) {
		mdg_buf_printf(out, "%s %s", kind, subject);
		return true;
	}
	if (!subject_name(d, subject, &a, &args[0], err) ||
	    !value_text(d, kinds[k].value, value, v, sizeof(v), err))
		return false;
	args[1] = v;
	mdg_buf_puts(out, mdg_msg_format(lang, kinds[k].text, 2, args, text,
					 sizeof(text)));
	return true;
}
