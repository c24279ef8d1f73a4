/*
 * How much automatic mail may go out: by address, by domain, by account. The
 * counts are rows, so a restart forgets nothing. An account that comes to its
 * limit sends none for a while, whatever comes: the breaker.
 */
#include <inttypes.h>
#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "receipt-int.h"

enum {
	HOUR_S = 3600,
	DAY_S = 86400,
	ADDRESS_AN_HOUR = 3,
	ADDRESS_A_DAY = 8,
	DOMAIN_AN_HOUR = 200, /* half a country writes from one */
	ACCOUNT_AN_HOUR = 500,
	PAUSE_S = 2 * HOUR_S,
};

static const char *
subject(struct mdg_arena *a, const char *kind, const char *what)
{
	return mdg_arena_printf(a, "%s:%s", kind, what);
}

static bool
sent_since(struct mdg_desk *d, const char *what, int64_t since_s, int64_t *ret,
	   struct mdg_err *err)
{
	return mdg_db_i64(d->db, ret, err,
			  "SELECT COUNT(*) FROM auto_sent WHERE subject = ?1"
			  " AND sent_s > ?2",
			  "si", what, since_s) == MDG_FOUND;
}

static const char *
pause_key(struct mdg_arena *a, int64_t account)
{
	return mdg_arena_printf(a, "receipt.paused_until_s.%" PRId64, account);
}

/* The breaker: noted, said once, and it closes by itself. */
static bool
pause_account(struct mdg_desk *d, struct mdg_arena *a, int64_t account,
	      int64_t now_s, struct mdg_err *err)
{
	char until[24];

	snprintf(until, sizeof(until), "%" PRId64, now_s + PAUSE_S);
	return mdg_setting_put(d->db, pause_key(a, account), until, err) &&
	       mdg_desk_event(d, &mdg_actor_system, NULL, "receipt.paused",
			      json_pack("{s:I,s:I}", "account", account,
					"until_s", now_s + PAUSE_S),
			      NULL, err);
}

static bool
is_paused(struct mdg_desk *d, struct mdg_arena *a, int64_t account,
	  int64_t now_s, bool *ret, struct mdg_err *err)
{
	const char *until;
	int64_t until_s;

	if (!mdg_setting_get(d->db, pause_key(a, account), a, &until, err))
		return false;
	*ret = mdg_str_i64(until, 0, INT64_MAX, &until_s) && now_s < until_s;
	return true;
}

bool
mdg_receipt_limit(struct mdg_desk *d, struct mdg_arena *a, int64_t account,
		  const char *key, int64_t now_s, const char **ret_why,
		  struct mdg_err *err)
{
	const char *address = subject(a, "address", key);
	const char *domain = subject(a, "domain", mdg_addr_domain(key));
	const char *sender =
		mdg_arena_printf(a, "account:%" PRId64, account);
	const struct {
		const char *what;
		int64_t span_s, max;
		const char *why;
	} limits[] = {
		{address, HOUR_S, ADDRESS_AN_HOUR, "limit_address"},
		{address, DAY_S, ADDRESS_A_DAY, "limit_address"},
		{domain, HOUR_S, DOMAIN_AN_HOUR, "limit_domain"},
		{sender, HOUR_S, ACCOUNT_AN_HOUR, "limit_account"},
	};
	bool paused;
	int64_t n;

	*ret_why = NULL;
	if (!is_paused(d, a, account, now_s, &paused, err))
		return false;
	if (paused)
		*ret_why = "paused";
	for (size_t i = 0; i < MDG_LEN(limits) && !*ret_why; i++) {
		if (!sent_since(d, limits[i].what, now_s - limits[i].span_s, &n,
				err))
			return false;
		if (n >= limits[i].max)
			*ret_why = limits[i].why;
	}
	return !mdg_streq(*ret_why ? *ret_why : "", "limit_account") ||
	       pause_account(d, a, account, now_s, err);
}

bool
mdg_receipt_count(struct mdg_desk *d, struct mdg_arena *a, int64_t account,
		  const char *key, int64_t now_s, int64_t outbox,
		  struct mdg_err *err)
{
	const char *what[] = {
		subject(a, "address", key),
		subject(a, "domain", mdg_addr_domain(key)),
		mdg_arena_printf(a, "account:%" PRId64, account),
	};

	for (size_t i = 0; i < MDG_LEN(what); i++)
		if (!mdg_db_run(d->db, err,
				"INSERT INTO auto_sent (subject, sent_s,"
				" outbox_id) VALUES (?1, ?2, ?3)",
				"sii", what[i], now_s, outbox))
			return false;
	/* now and then those that count no more */
	return outbox % 64 != 0 ||
	       mdg_db_run(d->db, err,
			  "DELETE FROM auto_sent WHERE sent_s < ?1", "i",
			  now_s - 2 * DAY_S);
}
