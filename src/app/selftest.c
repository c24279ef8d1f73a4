#include "madoguchi/app/selftest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "act-int.h"
#include "madoguchi/app/notice.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/token.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/authres.h"
#include "madoguchi/mail/compose.h"

/* Stands in the Message-ID for a ticket, and is none. */
enum { NO_TICKET = -1 };

static const char *
key_of(struct mdg_arena *a, int64_t account)
{
	return mdg_arena_printf(a, "selftest:%" PRId64, account);
}

/* {message_id, field}: which mail is awaited; field once it has come. */
static bool
await(struct mdg_desk *d, int64_t account, const char *message_id,
      const char *field, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	json_t *o = json_pack("{s:s,s:s*}", "message_id", message_id, "field",
			      field);
	MDG_AUTO(mdg_freep) char *text = json_dumps(o, JSON_COMPACT);

	json_decref(o);
	return mdg_setting_put(d->db, key_of(&a, account), text, err);
}

static bool
awaited(struct mdg_desk *d, int64_t account, const char *message_id,
	json_t **ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *text;

	*ret = NULL;
	if (!mdg_setting_get(d->db, key_of(&a, account), &a, &text, err))
		return false;
	json_t *o = *text ? json_loads(text, 0, NULL) : NULL;
	if (mdg_streq(json_string_value(json_object_get(o, "message_id")),
		      message_id))
		*ret = o;
	else
		json_decref(o);
	return true;
}

/* ---- before ---- */

static bool
reads_mail(struct mdg_db *db, int64_t account, bool *ret, struct mdg_err *err)
{
	int64_t one;
	enum mdg_found f = mdg_db_i64(db, &one, err,
				      "SELECT 1 FROM folder WHERE account_id ="
				      " ?1 AND role = 'intake' AND removed = 0"
				      " LIMIT 1",
				      "i", account);

	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

/* Whether it may be sent; the name it will be known by. */
static bool
selftest(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_account acc;
	enum mdg_sending mode;
	const char *id;
	bool reads;

	if (!mdg_act_account(c, &acc, err) ||
	    !mdg_desk_sending(c->desk, &mode, err) ||
	    !reads_mail(c->desk->db, acc.id, &reads, err))
		return false;
	if (!*acc.smtp_host || !reads)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_selftest_no_way,
				    acc.name, NULL);
	if (mode == MDG_SENDING_OFF && !mdg_arg_flag(c, "force"))
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_selftest_off,
				    acc.name, NULL);
	id = mdg_token_message_id(&c->desk->mac, NO_TICKET,
				  mdg_addr_domain(acc.address), c->arena);
	mdg_result_text(c, "message_id", id);
	mdg_result_text(c, "address", acc.address);
	return await(c->desk, acc.id, id, NULL, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "mailbox.selftest",
			      json_pack("{s:I}", "account", acc.id), NULL, err);
}

const struct mdg_act mdg_acts_selftest[] = {
	{"mailbox.selftest", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false,
	 {{"name", 's', true}, {"force", 'b', false}},
	 selftest},
	{0},
};

bool
mdg_selftest_compose(struct mdg_desk *d, const char *address,
		     const char *message_id, enum mdg_lang lang,
		     struct mdg_buf *out, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_address from = {"Madoguchi", address, ""};
	char text[MDG_ERR_TEXT_MAX * 2], subject[200];
	struct mdg_outgoing m;

	mdg_outgoing_init(&m);
	m.from = (struct mdg_addresses){&from, 1};
	m.to = m.from;
	m.subject = mdg_msg_format(lang, MDG_MSG_selftest_subject, 0, NULL,
				   subject, sizeof(subject));
	m.text = mdg_msg_format(lang, MDG_MSG_selftest_text, 1, &address, text,
				sizeof(text));
	m.message_id = message_id;
	m.date_s = mdg_now_s();
	m.auto_submitted = "auto-generated";
	m.loop_mark = mdg_token_loop_mark(&d->mac, message_id, &a);
	return mdg_desk_zone_min(d, m.date_s, &m.zone_min, err) &&
	       mdg_compose(&m, out, err);
}

/* ---- when it comes in ---- */

/*
 * One that nobody waits for any more leaves no verdict either. A filter behind
 * our own server may write a field of its own above: the declared server goes
 * first.
 */
static bool
keep_verdict(struct mdg_desk *d, int64_t account, const struct mdg_mail *m,
	     struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *server;
	json_t *o;

	if (!mdg_setting_get(d->db, "maildesk_server", &a, &server, err) ||
	    !awaited(d, account, m->message_id, &o, err))
		return false;
	bool ok = !o || await(d, account, m->message_id,
			      mdg_auth_field(&m->auth_results, server), err);
	json_decref(o);
	return ok;
}

bool
mdg_selftest_intake(struct mdg_desk *d, const struct mdg_delivery *row,
		    const struct mdg_mail *m, bool from_sent, bool *ret_is,
		    struct mdg_err *err)
{
	int64_t ticket;

	*ret_is = m->message_id && m->loop_mark &&
		  mdg_token_ticket(&d->mac, m->message_id, &ticket) &&
		  ticket == NO_TICKET &&
		  mdg_token_loop_ok(&d->mac, m->message_id, m->loop_mark);
	return !*ret_is ||
	       ((from_sent || keep_verdict(d, row->account_id, m, err)) &&
		mdg_raw_drop(d->db, row->raw_id, err) &&
		mdg_db_run(d->db, err,
			   "UPDATE delivery SET state = 'erased',"
			   " raw_id = NULL, reason = 'selftest' WHERE id = ?1",
			   "i", row->id) &&
		mdg_desk_event(d, &mdg_actor_system, NULL, "mail.selftest",
			       json_pack("{s:I}", "delivery", row->id), NULL,
			       err));
}

enum mdg_found
mdg_selftest_look(struct mdg_desk *d, int64_t account, const char *message_id,
		  struct mdg_arena *a, const char **ret_field,
		  struct mdg_err *err)
{
	json_t *o;

	if (!awaited(d, account, message_id, &o, err))
		return MDG_FAILED;
	const char *field = json_string_value(json_object_get(o, "field"));
	if (field)
		*ret_field = mdg_arena_strdup(a, field);
	json_decref(o);
	return field ? MDG_FOUND : MDG_NONE;
}

bool
mdg_selftest_end(struct mdg_desk *d, int64_t account, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	return mdg_db_run(d->db, err, "DELETE FROM setting WHERE key = ?1", "s",
			  key_of(&a, account));
}

/* ---- what it tells ---- */

/* pass, and for whom; not a word; anything else: what to do. */
static const struct {
	const char *method;
	enum mdg_msg other, wrong;
} methods[] = {
	{"spf", MDG_MSG_selftest_spf_other, MDG_MSG_selftest_spf_wrong},
	{"dkim", MDG_MSG_selftest_dkim_other, MDG_MSG_selftest_dkim_wrong},
	{"dmarc", MDG_MSG_selftest_dmarc_wrong, MDG_MSG_selftest_dmarc_wrong},
};

void
mdg_selftest_judge(const char *field, const char *address, enum mdg_lang lang,
		   json_t *steps)
{
	const char *domain = mdg_addr_domain(address);
	char server[256], step[32], text[MDG_ERR_TEXT_MAX * 2];

	mdg_auth_server(field, server, sizeof(server));
	for (size_t i = 0; i < MDG_LEN(methods); i++) {
		struct mdg_auth_verdict v;
		mdg_auth_verdict(field, methods[i].method, domain, &v);
		bool passed = mdg_streq(v.result, "pass");
		bool ok = passed && v.aligned;
		enum mdg_msg id = !*v.result ? MDG_MSG_selftest_unsaid
				  : ok       ? MDG_MSG_selftest_right
				  : passed   ? methods[i].other
					     : methods[i].wrong;
		const char *args[] = {domain, server, v.result,
				      *v.domain ? v.domain : "-"};
		snprintf(step, sizeof(step), "mail.%s", methods[i].method);
		mdg_msg_format(lang, id, MDG_LEN(args), args, text,
			       sizeof(text));
		json_array_append_new(
			steps,
			json_pack("{s:s,s:b,s:b,s:s}", "step", step, "ok",
				  ok || !*v.result, "said", *v.result != '\0',
				  "message", text));
	}
}
