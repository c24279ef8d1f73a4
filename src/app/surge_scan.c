/* Hour by hour: signs get numbers, and desk/surge.h counts them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/app/notice.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/str.h"
#include "surge-int.h"

enum { TUNES_MAX = 1000 };

struct mdg_surging *
mdg_surging_new(void)
{
	return mdg_calloc(1, sizeof(struct mdg_surging));
}

static void
reset(struct mdg_surging *s)
{
	for (size_t i = 0; i < MDG_SURGING_KEYS; i++)
		free(s->slots[i].sign);
	mdg_surge_free(&s->surge);
	json_decref(s->watched);
	free(s->tunes);
	*s = (struct mdg_surging){0};
}

void
mdg_surging_free(struct mdg_surging **s)
{
	if (*s)
		reset(*s);
	free(*s);
	*s = NULL;
}

/* ---- signs and their numbers ---- */

static uint32_t
bucket(const char *sign)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (; *sign; sign++)
		h = (h ^ (unsigned char)*sign) * 16777619u;
	return h % BUCKETS;
}

static uint32_t
find_slot(const struct mdg_surging *s, const char *sign)
{
	uint32_t k = s->buckets[bucket(sign)];

	while (k && !mdg_streq(s->slots[k].sign, sign))
		k = s->slots[k].next;
	return k;
}

static void
free_slot(struct mdg_surging *s, uint32_t k)
{
	uint32_t *at = &s->buckets[bucket(s->slots[k].sign)];

	while (*at != k)
		at = &s->slots[*at].next;
	*at = s->slots[k].next;
	free(s->slots[k].sign);
	s->slots[k] = (struct slot){0};
	mdg_surge_forget(s->surge, k);
}

/* Room for new signs: first what has gone, then what was hardly ever said. */
static bool
sweep(struct mdg_surging *s)
{
	int64_t now = mdg_surge_hour(s->surge);
	size_t freed = 0;

	for (unsigned n = 0; n <= 2 && !freed; n++)
		for (uint32_t k = 1; k < MDG_SURGING_KEYS; k++) {
			const struct slot *slot = &s->slots[k];
			if (slot->last_h > now - 24 * (int64_t)(n ? n : 37) ||
			    (n && slot->n > n))
				continue;
			free_slot(s, k);
			freed++;
		}
	return freed > 0;
}

static void
tune_slot(struct mdg_surging *s, uint32_t k)
{
	const char *sign = s->slots[k].sign;
	const char *term = strchr(sign, ' ') + 1;
	bool wanted = false;

	for (size_t i = 0; i < s->tunes_n; i++)
		if (mdg_streq(s->tunes[i].sign, sign))
			mdg_surge_tune(s->surge, k, s->tunes[i].real,
				       s->tunes[i].noise);
	for (size_t i = 0; i < json_array_size(s->watched); i++)
		wanted = wanted ||
			 (mdg_str_starts(sign, "watched ") &&
			  mdg_streq(term, json_string_value(json_array_get(
						  s->watched, i))));
	mdg_surge_want(s->surge, k, wanted);
}

/* 0: no room. */
static uint32_t
slot_of(struct mdg_surging *s, const char *sign)
{
	uint32_t k = find_slot(s, sign);

	for (int again = 0; !k && again < 2; again++) {
		for (uint32_t i = 1; i < MDG_SURGING_KEYS && !k; i++)
			k = s->slots[i].sign ? 0 : i;
		if (!k && !sweep(s))
			return 0;
		if (!k)
			continue;
		uint32_t *head = &s->buckets[bucket(sign)];
		s->slots[k] =
			(struct slot){.sign = mdg_strdup(sign), .next = *head};
		*head = k;
		tune_slot(s, k);
	}
	if (k) {
		s->slots[k].n++;
		s->slots[k].last_h = mdg_surge_hour(s->surge);
	}
	return k;
}

/* ---- what the leads said ---- */

static bool
read_tunes(struct mdg_surging *s, struct mdg_desk *d, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	free(s->tunes);
	s->tunes = mdg_calloc(TUNES_MAX, sizeof(*s->tunes));
	s->tunes_n = 0;
	json_decref(s->watched);
	s->watched = mdg_surge_terms(d);
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT kind, term, CAST(SUM(CASE verdict"
			  " WHEN 'real' THEN 1 ELSE 0 END) AS BIGINT),"
			  " COUNT(*) FROM incident WHERE verdict IS NOT NULL"
			  " GROUP BY kind, term ORDER BY MAX(id) DESC",
			  ""))
		return false;
	while (s->tunes_n < TUNES_MAX && mdg_rows_next(r)) {
		struct tune *t = &s->tunes[s->tunes_n++];
		snprintf(t->sign, sizeof(t->sign), "%s %s", mdg_rows_text(r, 0),
			 mdg_rows_text(r, 1));
		t->real = (unsigned)mdg_rows_i64(r, 2);
		t->noise = (unsigned)mdg_rows_i64(r, 3) - t->real;
		if (mdg_streq(mdg_rows_text(r, 0), "all"))
			mdg_surge_tune(s->surge, MDG_SURGE_ALL, t->real,
				       t->noise);
	}
	if (!mdg_rows_close(&r, err))
		return false;
	for (uint32_t k = 1; k < MDG_SURGING_KEYS; k++)
		if (s->slots[k].sign)
			tune_slot(s, k);
	return true;
}

/* ---- counting ---- */

static void
count_mail(struct mdg_surging *s, int64_t ticket, int64_t customer,
	   const char *signs)
{
	struct mdg_surge_seen seen = {MDG_SURGE_ALL, ticket, customer};
	char sign[SIGN_BYTES];

	mdg_surge_add(s->surge, &seen);
	while (*signs) {
		size_t n = strcspn(signs, "\n");
		if (n < sizeof(sign)) {
			memcpy(sign, signs, n);
			sign[n] = '\0';
			seen.key = strchr(sign, ' ') ? slot_of(s, sign) : 0;
			if (seen.key)
				mdg_surge_add(s->surge, &seen);
		}
		signs += n + (signs[n] == '\n');
	}
}

static bool
count_hour(struct mdg_surging *s, struct mdg_desk *d, struct mdg_err *err)
{
	enum { LATE_MANY = 3 };
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	size_t late = 0;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT ticket_id, customer_id, late, signs"
			  " FROM surge_mail WHERE hour = ?1"
			  " ORDER BY message_id",
			  "i", mdg_surge_hour(s->surge)))
		return false;
	while (mdg_rows_next(r)) {
		late += mdg_rows_i64(r, 2) != 0;
		count_mail(s, mdg_rows_i64(r, 0), mdg_rows_i64(r, 1),
			   mdg_rows_text(r, 3));
	}
	if (!mdg_rows_close(&r, err))
		return false;
	if (late >= LATE_MANY)
		mdg_surge_excuse(s->surge);
	mdg_surge_scan(s->surge);
	return true;
}

/* ---- when ---- */

static bool
keep(struct mdg_surging *s, struct mdg_desk *d, struct mdg_err *err)
{
	if (!mdg_desk_begin(d, err))
		return false;
	MDG_FAULT("surge.keep");
	if (mdg_surging_write(s, d, err) && mdg_desk_commit(d, err)) {
		s->rebuilt = false;
		return true;
	}
	mdg_desk_rollback(d);
	memset(s->rows, 0, sizeof(s->rows));
	return false;
}

static int64_t
open_hour(int64_t now_s)
{
	return (now_s - MDG_SURGE_GRACE_S) / HOUR_S;
}

bool
mdg_surging_due(const struct mdg_surging *s, int64_t now_s)
{
	return !s->surge || mdg_surge_hour(s->surge) < open_hour(now_s);
}

/* From the first mail on that is kept: what was before it is not known. */
static bool
begin(struct mdg_surging *s, struct mdg_desk *d, int64_t open_h,
      struct mdg_err *err)
{
	int64_t first_h;
	enum mdg_found f = mdg_db_i64(d->db, &first_h, err,
				      "SELECT hour FROM surge_mail"
				      " WHERE hour >= ?1 ORDER BY hour LIMIT 1",
				      "i", open_h - HISTORY_H);

	if (f == MDG_FAILED)
		return false;
	s->surge = mdg_surge_new(MDG_SURGING_KEYS,
				 f == MDG_FOUND && first_h < open_h ? first_h
								    : open_h);
	s->rebuilt = true;
	int zone_min;
	if (!mdg_desk_zone_min(d, open_h * HOUR_S, &zone_min, err))
		return false;
	mdg_surge_midnight(s->surge, (24 * 60 - zone_min) / 60 % 24);
	return true;
}

bool
mdg_surging_tick(struct mdg_surging *s, struct mdg_desk *d, int64_t now_s,
		 int64_t budget_ms, struct mdg_err *err)
{
	int64_t end_ms = mdg_mono_ms() + budget_ms, open_h = open_hour(now_s);

	/* a clock that leapt: what was counted is of no use */
	if (s->surge && (mdg_surge_hour(s->surge) < open_h - HISTORY_H ||
			 mdg_surge_hour(s->surge) > open_h + 1))
		reset(s);
	if ((!s->surge && !begin(s, d, open_h, err)) || !read_tunes(s, d, err))
		return false;
	while (mdg_surge_hour(s->surge) < open_h) {
		if (!count_hour(s, d, err))
			return false;
		if (mdg_mono_ms() >= end_ms)
			break;
	}
	return mdg_surge_hour(s->surge) < open_h || keep(s, d, err);
}
