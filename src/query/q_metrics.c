/*
 * Figures for Prometheus. It is asked several times a minute: only open rows
 * are counted, by their indexes, and totals are the newest id.
 */
#include <inttypes.h>
#include <string.h>

#include "madoguchi/query/query.h"

#include "madoguchi/base/str.h"
#include "madoguchi/store/st_mail.h"

enum { NAME_MAX_BYTES = 64 };

struct metric {
	const char *name, *type, *help;
	/* one row (value), or rows of (label value, value), or
	 * (label value, second label value, value) */
	const char *labels[2];
	const char *sql;
};

/* clang-format off */
static const struct metric metrics[] = {
	{"madoguchi_mails_total", "counter",
	 "Mails that the servers have listed.", {NULL, NULL},
	 "SELECT COALESCE(MAX(id), 0) FROM delivery"},
	{"madoguchi_messages_total", "counter",
	 "Messages in tickets, in and out.", {NULL, NULL},
	 "SELECT COALESCE(MAX(id), 0) FROM message"},
	{"madoguchi_mails_open", "gauge",
	 "Mails not yet in a ticket, by state.", {"state", NULL},
	 "SELECT state, COUNT(*) FROM delivery WHERE " MDG_DELIVERY_OPEN
	 " GROUP BY state"},
	{"madoguchi_tickets_total", "counter",
	 "Tickets made.", {NULL, NULL},
	 "SELECT COALESCE(MAX(id), 0) FROM ticket"},
	{"madoguchi_tickets_open", "gauge",
	 "Open tickets by window and state.", {"window", "state"},
	 "SELECT COALESCE(w.code, ''), t.state, COUNT(*) FROM ticket t"
	 " LEFT JOIN win w ON w.id = t.win_id"
	 " WHERE t.state NOT IN ('closed', 'merged') GROUP BY w.code, t.state"},
	{"madoguchi_tickets_overdue", "gauge",
	 "Open tickets whose nearest clock has run out, by window.",
	 {"window", NULL},
	 "SELECT COALESCE(w.code, ''), COUNT(*) FROM ticket t"
	 " LEFT JOIN win w ON w.id = t.win_id WHERE t.due_s < ?1"
	 " AND t.state NOT IN ('closed', 'merged') GROUP BY w.code"},
	{"madoguchi_approvals_waiting", "gauge",
	 "Replies that wait for an approval.", {NULL, NULL},
	 "SELECT COUNT(*) FROM revision WHERE state = 'waiting'"},
	{"madoguchi_outbox_total", "counter",
	 "Mails that were put into the outbox.", {NULL, NULL},
	 "SELECT COALESCE(MAX(id), 0) FROM outbox"},
	{"madoguchi_outbox_open", "gauge",
	 "Mails on their way out, by state.", {"state", NULL},
	 "SELECT state, COUNT(*) FROM outbox WHERE state IN ('queued',"
	 " 'sending', 'committing', 'unknown') GROUP BY state"},
	{"madoguchi_outbox_oldest_seconds", "gauge",
	 "Age of the oldest mail that should have gone out.", {NULL, NULL},
	 "SELECT COALESCE(MAX(?1 - COALESCE(date_s, not_before_s)), 0)"
	 " FROM outbox WHERE state IN ('queued', 'sending', 'committing',"
	 " 'unknown') AND state <> 'unknown'"
	 " AND COALESCE(date_s, not_before_s) < ?1"},
	{"madoguchi_mailbox_last_fetch_timestamp_seconds", "gauge",
	 "Last complete pass over a folder.", {"mailbox", "folder"},
	 "SELECT a.name, COALESCE(NULLIF(f.name, ''), f.found_name),"
	 " f.synced_s FROM folder f"
	 " JOIN account a ON a.id = f.account_id WHERE a.removed = 0"
	 " AND f.removed = 0 AND NOT (f.name = '' AND f.found_name = '')"
	 " ORDER BY a.name, f.id"},
	{"madoguchi_mailbox_last_compared_timestamp_seconds", "gauge",
	 "Last comparison with the server that found all accounted for.",
	 {"mailbox", "folder"},
	 "SELECT a.name, COALESCE(NULLIF(f.name, ''), f.found_name),"
	 " f.clean_s FROM folder f"
	 " JOIN account a ON a.id = f.account_id WHERE a.removed = 0"
	 " AND f.removed = 0 AND NOT (f.name = '' AND f.found_name = '')"
	 " ORDER BY a.name, f.id"},
	{"madoguchi_mailbox_quota_used_bytes", "gauge",
	 "What the mailbox holds on its server, where that has a limit.",
	 {"mailbox", NULL},
	 "SELECT a.name, q.used_bytes"
	 " FROM account_quota q JOIN account a ON a.id = q.account_id"
	 " WHERE a.removed = 0 AND q.limit_bytes > 0 ORDER BY a.name"},
	{"madoguchi_mailbox_quota_limit_bytes", "gauge",
	 "What the mailbox may hold on its server.", {"mailbox", NULL},
	 "SELECT a.name, q.limit_bytes"
	 " FROM account_quota q JOIN account a ON a.id = q.account_id"
	 " WHERE a.removed = 0 AND q.limit_bytes > 0 ORDER BY a.name"},
	{"madoguchi_token_expiry_timestamp_seconds", "gauge",
	 "End of the authorisation of a mailbox, as far as it is known.",
	 {"mailbox", NULL},
	 "SELECT a.name, o.refresh_expires_s FROM oauth o"
	 " JOIN account a ON a.id = o.account_id WHERE a.removed = 0"
	 " AND o.refresh_expires_s > 0 ORDER BY a.name"},
	{"madoguchi_alarms", "gauge",
	 "Open alarms by kind.", {"kind", NULL},
	 "SELECT kind, COUNT(*) FROM alarm"
	 " WHERE state IN ('raised', 'notified') GROUP BY kind"},
	{"madoguchi_sending", "gauge",
	 "1 for the sending mode that is set.", {"mode", NULL},
	 "SELECT value, 1 FROM setting WHERE key = 'sending'"},
	{"madoguchi_store_checked_timestamp_seconds", "gauge",
	 "Last complete check of the store's consistency.", {NULL, NULL},
	 "SELECT CAST(value AS BIGINT) FROM setting WHERE key = 'check_s'"},
	{"madoguchi_heartbeat_timestamp_seconds", "gauge",
	 "Beginning (UTC) of the day of the last daily mail.", {NULL, NULL},
	 "SELECT CAST(value AS BIGINT) * 86400 FROM setting"
	 " WHERE key = 'heartbeat_day'"},
};
/* clang-format on */

static void
head(struct mdg_buf *out, const char *name, const char *type, const char *help)
{
	mdg_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
		       type);
}

/* Exposition format: backslash, quote and line end are escaped. */
static void
label(struct mdg_buf *out, const char *name, const char *value, char before)
{
	mdg_buf_putc(out, before);
	mdg_buf_printf(out, "%s=\"", name);
	for (const char *s = value; *s; s++) {
		if (*s == '\n') {
			mdg_buf_puts(out, "\\n");
			continue;
		}
		if (*s == '\\' || *s == '"')
			mdg_buf_putc(out, '\\');
		mdg_buf_putc(out, *s);
	}
	mdg_buf_putc(out, '"');
}

static bool
one(struct mdg_db *db, const struct metric *m, int64_t now_s,
    struct mdg_buf *out, struct mdg_err *err)
{
	bool needs_now = strstr(m->sql, "?1") != NULL;
	struct mdg_rows *r;

	head(out, m->name, m->type, m->help);
	if (!(needs_now ? mdg_db_query(db, &r, err, m->sql, "i", now_s)
			: mdg_db_query(db, &r, err, m->sql, "")))
		return false;
	while (mdg_rows_next(r)) {
		int col = 0;
		mdg_buf_puts(out, m->name);
		for (; col < 2 && m->labels[col]; col++)
			label(out, m->labels[col], mdg_rows_text(r, col),
			      col ? ',' : '{');
		mdg_buf_printf(out, "%s %" PRId64 "\n", col ? "}" : "",
			       mdg_rows_i64(r, col));
	}
	return mdg_rows_close(&r, err);
}

static void
figure(struct mdg_buf *out, const char *name, const char *help, int64_t v)
{
	bool counts = mdg_str_ends(name, "_total");

	head(out, name, counts ? "counter" : "gauge", help);
	mdg_buf_printf(out, "%s %" PRId64 "\n", name, v);
}

bool
mdg_query_metrics(struct mdg_db *db, const struct mdg_live_figures *live,
		  int64_t now_s, struct mdg_buf *out, struct mdg_err *err)
{
	head(out, "madoguchi_info", "gauge", "The version that runs.");
	mdg_buf_puts(out,
		     "madoguchi_info{version=\"" PACKAGE_VERSION "\"} 1\n");
	for (size_t i = 0; i < MDG_LEN(metrics); i++)
		if (!one(db, &metrics[i], now_s, out, err))
			return false;
	figure(out, "madoguchi_store_bytes", "Size of the store on disk.",
	       mdg_db_size_bytes(db));
	figure(out, "madoguchi_now_timestamp_seconds",
	       "When these figures were made.", now_s);
	if (live->started_s) {
		figure(out, "madoguchi_loop_ticks_total",
		       "Seconds that the loop of the daemon has turned.",
		       live->ticks);
		figure(out, "madoguchi_events_total",
		       "Events in the audit trail of this daemon.",
		       live->events);
		figure(out, "madoguchi_start_timestamp_seconds",
		       "When the daemon started.", live->started_s);
		figure(out, "madoguchi_store_refuses",
		       "1 while the store takes no changes.",
		       live->store_refuses);
	}
	if (live->disk_bytes) {
		figure(out, "madoguchi_disk_bytes",
		       "Size of the file system of the store.",
		       live->disk_bytes);
		figure(out, "madoguchi_disk_free_bytes",
		       "Free on the file system of the store.",
		       live->disk_free_bytes);
	}
	return true;
}
