/* Who has to look at a reply before it goes out, and why one comes back. */
#include <string.h>

#include "madoguchi/app/check.h"
#include "madoguchi/app/judge.h"
#include "madoguchi/app/scan.h"
#include "madoguchi/app/surge.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/reply/template.h"
#include "madoguchi/store/st_mail.h"
#include "madoguchi/store/st_review.h"
#include "madoguchi/store/st_template.h"
#include "madoguchi/store/st_upload.h"

enum {
	CLEAN_RUN = 31, /* Beta(1,1): P(error rate < 5 %) > 0.8 */
	RECENT = 10,
	MAJORS = 2,
	SAMPLE_ONE_IN = 10,
};

/* ---- 注意案件 ---- */

static void
add(struct mdg_buf *b, const char *why)
{
	mdg_buf_printf(b, "%s%s", b->len ? "," : "", why);
}

/* Refunds and amounts that we promise. */
static bool
speaks_of_money(const char *body)
{
	static const char *const words[] = {
		"返金", "補償", "賠償", "弁償",   "無償",
		"値引", "減額", "免除", "refund", "compensat"};

	for (size_t i = 0; i < MDG_LEN(words); i++)
		if (strstr(body, words[i]))
			return true;
	for (const char *p = body; (p = strstr(p, "円")); p += strlen("円")) {
		size_t at = (size_t)(p - body);
		bool digit = at > 0 && ((p[-1] >= '0' && p[-1] <= '9'));
		bool wide = at >= 3 && (unsigned char)p[-3] == 0xEF &&
			    (unsigned char)p[-2] == 0xBC &&
			    (unsigned char)p[-1] >= 0x90 &&
			    (unsigned char)p[-1] <= 0x99;
		if (digit || wide)
			return true;
	}
	return strstr(body, "¥") || strstr(body, "￥");
}

static bool
from_ticket(struct mdg_desk *d, const struct mdg_ticket *t, struct mdg_buf *b,
	    struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (t->priority > 0)
		add(b, "priority");
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT COALESCE(category, ''),"
			  " COALESCE(temperature, 0), harassment FROM ticket"
			  " WHERE id = ?1",
			  "i", t->id))
		return false;
	if (mdg_rows_next(r)) {
		const char *c = mdg_rows_text(r, 0);
		if (strstr(c, "苦情") || mdg_streq(c, "claim"))
			add(b, "claim");
		if (mdg_rows_i64(r, 1) >= MDG_TEMPERATURE_HOT)
			add(b, "temperature");
		if (mdg_rows_i64(r, 2))
			add(b, "harassment");
	}
	return mdg_rows_close(&r, err);
}

static bool
from_template(struct mdg_desk *d, const struct mdg_draft *draft,
	      struct mdg_arena *a, struct mdg_buf *b, struct mdg_err *err)
{
	struct mdg_template_row row;
	struct mdg_template t;
	enum mdg_found f;

	if (!draft->template_id)
		return true;
	f = mdg_template_newest(d->db, draft->template_id, a, &row, err);
	if (f == MDG_FOUND &&
	    mdg_template_parse(row.id, row.source, a, &t, NULL)) {
		if (t.needs_approval)
			add(b, "template");
		if (strstr(t.category, "苦情"))
			add(b, "claim");
	}
	return f != MDG_FAILED;
}

/* One of the recipients has not been in the ticket; mail to one came back. */
static bool
from_addresses(struct mdg_desk *d, const struct mdg_draft *draft,
	       struct mdg_buf *b, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const struct mdg_addresses *lists[] = {&draft->to, &draft->cc,
					       &draft->bcc};
	bool is_new = false, is_dead = false;

	for (size_t l = 0; l < MDG_LEN(lists); l++)
		for (size_t i = 0; i < lists[l]->n; i++) {
			bool known, dead;
			const char *key =
				mdg_addr_key(&a, lists[l]->v[i].address);
			if (!mdg_participant_is(d->db, draft->ticket_id, key,
						&known, err) ||
			    !mdg_address_is_dead(d->db, key, &dead, err))
				return false;
			is_new = is_new || !known;
			is_dead = is_dead || dead;
		}
	if (is_new)
		add(b, "new_address");
	if (is_dead)
		add(b, "dead_address");
	return true;
}

static bool
from_people(struct mdg_desk *d, const struct mdg_draft *draft,
	    struct mdg_buf *b, struct mdg_err *err)
{
	int64_t files, bytes;
	bool unscanned;

	if (!from_addresses(d, draft, b, err) ||
	    !mdg_upload_total(d->db, draft->id, &files, &bytes, err) ||
	    !mdg_scan_check_draft(d, draft->id, &unscanned, err))
		return false;
	if (files)
		add(b, "file");
	if (unscanned)
		add(b, "unscanned");
	return true;
}

static bool
has_rule(const json_t *findings, const char *rule)
{
	size_t i;
	json_t *f;

	json_array_foreach (findings, i, f)
		if (mdg_streq(json_string_value(json_object_get(f, "rule")),
			      rule))
			return true;
	return false;
}

bool
mdg_care(struct mdg_desk *d, const struct mdg_draft *draft,
	 const struct mdg_ticket *t, const json_t *findings, bool overridden,
	 struct mdg_arena *a, const char **ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	int64_t incident;

	if (!from_ticket(d, t, &b, err) ||
	    !from_template(d, draft, a, &b, err) ||
	    !from_people(d, draft, &b, err))
		return false;
	if (speaks_of_money(draft->body))
		add(&b, "money");
	if (overridden)
		add(&b, "overridden");
	if (!mdg_incident_of_draft(d, draft->id, &incident, err))
		return false;
	if (incident)
		add(&b, "bulk");
	if (has_rule(findings, mdg_guard_name(MDG_GUARD_UNCHECKED)))
		add(&b, "unchecked");
	*ret = mdg_arena_strdup(a, mdg_buf_str(&b));
	return true;
}

/* ---- the record of a novice ---- */

bool
mdg_care_novice(struct mdg_desk *d, int64_t win, int64_t person,
		const unsigned char *digest, bool *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_review_mark v[CLEAN_RUN];
	size_t n, clean = 0, majors = 0;

	if (!mdg_review_record(d->db, win, person, &a, v, CLEAN_RUN, &n, err))
		return false;
	*ret = true;
	/* one critical or two major ones in ten: everything again */
	for (size_t i = 0; i < n; i++) {
		const struct mdg_return_code *c = mdg_return_code(v[i].code);
		char weight = c ? c->weight : 'M';
		if (mdg_streq(v[i].outcome, "approved")) {
			clean++;
			continue;
		}
		if (weight == '-' || weight == 'm') {
			clean++; /* not the writer's, or a trifle */
			continue;
		}
		if (i < RECENT && (weight == 'c' || ++majors >= MAJORS))
			return true;
	}
	if (n < CLEAN_RUN || clean < n - 1)
		return true;
	*ret = digest[0] % SAMPLE_ONE_IN == 0;
	return true;
}

/* ---- 差し戻し ---- */

static const struct mdg_return_code codes[] = {
	{"F1", 'c', MDG_MSG_return_F1}, {"F2", 'M', MDG_MSG_return_F2},
	{"F3", 'M', MDG_MSG_return_F3}, {"F4", 'c', MDG_MSG_return_F4},
	{"A1", 'M', MDG_MSG_return_A1}, {"A2", 'm', MDG_MSG_return_A2},
	{"A3", 'M', MDG_MSG_return_A3}, {"A4", 'm', MDG_MSG_return_A4},
	{"A5", 'M', MDG_MSG_return_A5}, {"K1", 'M', MDG_MSG_return_K1},
	{"K2", 'm', MDG_MSG_return_K2}, {"K3", 'c', MDG_MSG_return_K3},
	{"K4", 'm', MDG_MSG_return_K4}, {"K5", 'm', MDG_MSG_return_K5},
	{"E1", 'M', MDG_MSG_return_E1}, {"E2", 'M', MDG_MSG_return_E2},
	{"E3", 'm', MDG_MSG_return_E3}, {"P1", 'c', MDG_MSG_return_P1},
	{"P2", 'c', MDG_MSG_return_P2}, {"P3", 'c', MDG_MSG_return_P3},
	{"P4", 'c', MDG_MSG_return_P4}, {"R1", 'c', MDG_MSG_return_R1},
	{"R2", 'M', MDG_MSG_return_R2}, {"T1", 'm', MDG_MSG_return_T1},
	{"T2", 'M', MDG_MSG_return_T2}, {"T3", '-', MDG_MSG_return_T3},
	{"S1", 'm', MDG_MSG_return_S1}, {"S2", 'm', MDG_MSG_return_S2},
	{"S3", 'm', MDG_MSG_return_S3},
};

const struct mdg_return_code *
mdg_return_codes(size_t *ret_n)
{
	*ret_n = MDG_LEN(codes);
	return codes;
}

const struct mdg_return_code *
mdg_return_code(const char *code)
{
	for (size_t i = 0; code && i < MDG_LEN(codes); i++)
		if (mdg_streq(codes[i].code, code))
			return &codes[i];
	return NULL;
}
