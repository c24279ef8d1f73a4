/*
 * The desk without its processes: intake, actions, approval and outbox on
 * both engines, the mails made by hand.
 */
#include "t.h"

#include "madoguchi/app/act.h"
#include "madoguchi/app/intake.h"
#include "madoguchi/app/outbox.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "pg.h"

static const char calendar[] =
	"{\"zone\":\"Asia/Tokyo\",\"weekly\":{\"mon\":[[\"00:00\",\"24:00\"]],"
	"\"tue\":[[\"00:00\",\"24:00\"]],\"wed\":[[\"00:00\",\"24:00\"]],"
	"\"thu\":[[\"00:00\",\"24:00\"]],\"fri\":[[\"00:00\",\"24:00\"]],"
	"\"sat\":[[\"00:00\",\"24:00\"]],\"sun\":[[\"00:00\",\"24:00\"]]}}";

struct desk {
	struct mdg_desk *d;
	struct mdg_actor op, op2, sv;
	int64_t account, folder, uid;
	const char *url;
};

static const char *
why(const struct mdg_err *err)
{
	static char text[2048];

	return mdg_err_text(err, MDG_LANG_EN, text, sizeof(text));
}

/* fmt as json_pack's; the result, borrowed until the next call. */
static json_t *last;

static bool
try_act(struct desk *k, const struct mdg_actor *who, struct mdg_err *err,
	const char *act, json_t *args)
{
	json_t *result = NULL;
	bool ok = mdg_act_call(k->d, who, act, args, &result, err);

	json_decref(args);
	json_decref(last);
	last = result;
	return ok;
}

static json_t *
act(struct desk *k, const struct mdg_actor *who, const char *name,
    json_t *args)
{
	struct mdg_err err;

	if (!try_act(k, who, &err, name, args))
		fail_msg("%s: %s", name, why(&err));
	return last;
}

static void
refused(struct desk *k, const struct mdg_actor *who, enum mdg_code code,
	const char *name, json_t *args)
{
	struct mdg_err err;

	if (try_act(k, who, &err, name, args))
		fail_msg("%s was not refused", name);
	assert_int_equal(err.code, code);
}

static struct mdg_actor
person(struct desk *k, const char *login, const char *role)
{
	struct mdg_actor who = {.lang = MDG_LANG_EN};
	json_t *r = act(k, &mdg_actor_system, "user.add",
			json_pack("{s:s,s:s,s:s,s:s,s:s}", "login", login,
				  "name", login, "email", "x@shop.example",
				  "window", "shop", "role", role));

	who.person_id = json_integer_value(json_object_get(r, "id"));
	snprintf(who.name, sizeof(who.name), "person:%lld",
		 (long long)who.person_id);
	return who;
}

static struct desk
open_desk(const char *url, const char *approval)
{
	struct desk k = {.url = url};
	struct mdg_err err;
	struct mdg_desk_config dc = {.store = url, .create = true};

	if (!mdg_desk_open(&dc, &k.d, &err))
		fail_msg("%s", why(&err));
	act(&k, &mdg_actor_system, "window.add",
	    json_pack("{s:s,s:s,s:s,s:o,s:{s:i,s:i},s:s}", "code", "shop",
		      "address", "support@shop.example", "approval", approval,
		      "calendar", json_loads(calendar, 0, NULL), "policy",
		      "first_response_min", 60, "next_response_min", 60,
		      "signature", "ショップ窓口"));
	k.op = person(&k, "op", "operator");
	k.op2 = person(&k, "op2", "operator");
	k.sv = person(&k, "sv", "sv");
	json_t *r = act(&k, &mdg_actor_system, "mailbox.add",
			json_pack("{s:s,s:s,s:s,s:s,s:s}", "window", "shop",
				  "address", "support@shop.example",
				  "imap_host", "127.0.0.1", "password", "x",
				  "since", "all"));
	k.account = json_integer_value(json_object_get(r, "id"));
	if (mdg_db_i64(k.d->db, &k.folder, &err, "SELECT id FROM folder", "") !=
	    MDG_FOUND)
		fail_msg("%s", why(&err));
	return k;
}

static void
close_desk(struct desk *k)
{
	json_decref(last);
	last = NULL;
	mdg_desk_close(&k->d);
}

static struct mdg_mail *
new_mail(const char *id, const char *from, const char *subject,
	 const char *text)
{
	struct mdg_mail *m = mdg_mail_new();

	m->message_id = id ? mdg_arena_strdup(&m->arena, id) : NULL;
	m->subject = mdg_arena_strdup(&m->arena, subject);
	m->text = m->reply = mdg_arena_strdup(&m->arena, text);
	mdg_addresses_add(&m->from, &m->arena, from, from, from);
	mdg_addresses_add(&m->to, &m->arena, "", "support@shop.example",
			  "support@shop.example");
	mdg_digest(mdg_span_str(mdg_arena_printf(&m->arena, "%s|%s|%s",
						 id ? id : "", subject, text)),
		   m->content_hash);
	return m;
}

/* Both transactions of one mail; returns what became of it. */
static struct mdg_intake_result
take_in(struct desk *k, struct mdg_mail *m)
{
	unsigned char digest[MDG_DIGEST_BYTES] = {0};
	struct mdg_intake_result res;
	struct mdg_delivery row = {
		.account_id = k->account,
		.folder_id = k->folder,
		.uidvalidity = 1,
		.uid = ++k->uid,
		.bytes = 10,
		.internaldate_s = mdg_now_s(),
	};
	const struct mdg_intake_chunk c = {
		.account_id = k->account,
		.folder_id = k->folder,
		.uidvalidity = 1,
		.uid = k->uid,
		.last = true,
		.raw_bytes = 10,
		.digest = digest,
		.zstd = mdg_span("zstd bytes", 10),
	};
	struct mdg_err err;
	int64_t raw = 0, delivery = 0;
	bool wanted;

	if (!mdg_desk_begin(k->d, &err) ||
	    !mdg_intake_listed(k->d, &row, &wanted, &err) ||
	    !mdg_intake_raw(k->d, &c, &raw, &delivery, &err) ||
	    !mdg_desk_commit(k->d, &err) || !mdg_desk_begin(k->d, &err) ||
	    !mdg_desk_save(k->d, &err) ||
	    !mdg_intake_mail(k->d, delivery, m, &res, &err) ||
	    !mdg_desk_release(k->d, &err) || !mdg_desk_commit(k->d, &err))
		fail_msg("%s", why(&err));
	mdg_mail_free(&m);
	return res;
}

static int64_t
number_of(struct desk *k, int64_t ticket_id)
{
	int64_t n = 0;

	mdg_db_i64(k->d->db, &n, NULL, "SELECT number FROM ticket WHERE id = ?1",
		   "i", ticket_id);
	return n;
}

static int64_t
count(struct desk *k, const char *sql)
{
	int64_t n = -1;

	mdg_db_i64(k->d->db, &n, NULL, sql, "");
	return n;
}

static const char *
state_of(struct desk *k, int64_t number)
{
	json_t *r = act(k, &mdg_actor_system, "ticket.show",
			json_pack("{s:I}", "ticket", number));

	return json_string_value(json_object_get(r, "state"));
}

/* ---- intake ---- */

static void
one_mail_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result r =
		take_in(&k, new_mail("a@c", "taro@c", "返品", "返品したい"));

	assert_true(r.is_new_ticket);
	assert_string_equal(state_of(&k, number_of(&k, r.ticket_id)), "new");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM delivery"
				   " WHERE state = 'done'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " kind = 'first_response' AND"
				   " state = 'running'"),
			 1);
	close_desk(&k);
}

static void
threads_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result a, b, c, e;
	struct mdg_mail *m;

	a = take_in(&k, new_mail("a@c", "taro@c", "返品", "1"));
	m = new_mail("b@c", "taro@c", "Re: 返品", "2");
	mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 5);
	b = take_in(&k, m);
	assert_int_equal(a.ticket_id, b.ticket_id);
	assert_int_equal(b.evidence, MDG_EV_REF);
	/* same subject, other person: never joined */
	c = take_in(&k, new_mail("c@d", "jiro@d", "返品", "3"));
	assert_true(c.is_new_ticket);
	/* the very same mail again */
	e = take_in(&k, new_mail("a@c", "taro@c", "返品", "1"));
	assert_int_equal(e.evidence, MDG_EV_DUPLICATE);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message"), 3);
	/* the same id with other content is another mail */
	e = take_in(&k, new_mail("a@c", "evil@e", "別件", "4"));
	assert_true(e.is_new_ticket);
	close_desk(&k);
}

static void
bridge_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result a, b, c;
	struct mdg_mail *m;

	/* two answers arrive before the mail they answer */
	m = new_mail("b@c", "taro@c", "Re: 修理", "b");
	mdg_strings_add(&m->references, &m->arena, "b0@c", 5);
	b = take_in(&k, m);
	m = new_mail("c@c", "taro@c", "Re: 修理", "c");
	mdg_strings_add(&m->references, &m->arena, "c0@c", 5);
	c = take_in(&k, m);
	assert_true(b.ticket_id != c.ticket_id);
	m = new_mail("d@c", "taro@c", "Re: 修理", "d");
	mdg_strings_add(&m->references, &m->arena, "b@c", 5);
	mdg_strings_add(&m->references, &m->arena, "c@c", 5);
	a = take_in(&k, m);
	assert_int_equal(a.ticket_id, b.ticket_id);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"
				   " WHERE state = 'merged'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(DISTINCT ticket_id)"
				   " FROM message"),
			 1);
	close_desk(&k);
}

static void
rollback_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	struct mdg_audit audit;

	take_in(&k, new_mail("a@c", "taro@c", "1", "1"));
	assert_true(mdg_desk_begin(k.d, &err));
	assert_true(mdg_desk_save(k.d, &err));
	assert_true(mdg_desk_event(k.d, &mdg_actor_system, NULL, "x",
				   NULL, json_pack("{s:s}", "name", "太郎"),
				   &err));
	assert_true(mdg_desk_undo(k.d, &err));
	assert_true(mdg_desk_event(k.d, &mdg_actor_system, NULL, "y",
				   NULL, json_pack("{s:s}", "name", "花子"),
				   &err));
	assert_true(mdg_desk_commit(k.d, &err));
	take_in(&k, new_mail("b@c", "taro@c", "2", "2"));
	assert_true(mdg_event_verify(k.d->db, &audit, &err));
	assert_string_equal(audit.bad, "");
	/* erasing personal data keeps the chain whole, changing it does not */
	assert_true(mdg_db_run(k.d->db, &err,
			       "DELETE FROM event_data WHERE data LIKE ?1", "s",
			       "%太郎%"));
	assert_true(mdg_event_verify(k.d->db, &audit, &err));
	assert_string_equal(audit.bad, "");
	assert_true(mdg_db_run(k.d->db, &err,
			       "UPDATE event_data SET data = 'x'"
			       " WHERE data LIKE ?1",
			       "s", "%花子%"));
	assert_true(mdg_event_verify(k.d->db, &audit, &err));
	assert_true(strstr(audit.bad, "changed") != NULL);
	close_desk(&k);
}

/* ---- replies ---- */

static int64_t
draft_for(struct desk *k, int64_t ticket, const char *body)
{
	json_t *r = act(k, &k->op, "draft.new",
			json_pack("{s:I,s:s}", "ticket", number_of(k, ticket),
				  "body", body));

	return json_integer_value(json_object_get(r, "draft"));
}

static json_t *
draft_arg(int64_t draft)
{
	return json_pack("{s:I}", "draft", draft);
}

static bool
claim(struct desk *k, struct mdg_arena *a, struct mdg_outbox_job *job)
{
	struct mdg_err err;
	enum mdg_found f;

	/* the cancel window is over */
	mdg_db_run(k->d->db, NULL, "UPDATE outbox SET not_before_s = 0", "");
	f = mdg_outbox_claim(k->d, k->account, a, job, &err);
	if (f == MDG_FAILED)
		fail_msg("%s", why(&err));
	return f == MDG_FOUND;
}

static void
answer(struct desk *k, int64_t outbox, const char *outcome)
{
	struct mdg_err err;
	const struct mdg_outbox_answer v = {"taro@c.example", outcome, 250,
					    "ok"};

	if (!mdg_outbox_committing(k->d, outbox, &err) ||
	    !mdg_outbox_finish(k->d, outbox, false, &v, 1, &err))
		fail_msg("%s", why(&err));
}

static void
approval_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	struct mdg_outbox_job job;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	refused(&k, &k.op2, MDG_EEXIST, "draft.new",
		json_pack("{s:I,s:s}", "ticket", number_of(&k, t), "body",
			  "x"));
	refused(&k, &k.sv, MDG_ESTATE, "approve", draft_arg(d));
	act(&k, &k.op, "draft.submit", draft_arg(d));
	refused(&k, &k.op, MDG_EPERM, "approve", draft_arg(d));
	act(&k, &k.sv, "approve", draft_arg(d));
	refused(&k, &k.sv, MDG_ESTATE, "approve", draft_arg(d));
	/* nothing leaves until somebody says so */
	assert_false(claim(&k, &a, &job));
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(claim(&k, &a, &job));
	assert_non_null(memmem(job.bytes.p, job.bytes.n, "In-Reply-To: <a@c>",
			       18));
	assert_false(claim(&k, &a, &job));
	answer(&k, job.outbox_id, "accepted");
	assert_string_equal(state_of(&k, number_of(&k, t)), "closed");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " kind = 'first_response' AND"
				   " state = 'met'"),
			 1);
	close_desk(&k);
}

static void
edit_voids_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d, "body", "別の本文"));
	refused(&k, &k.sv, MDG_ESTATE, "approve", draft_arg(d));
	act(&k, &k.op, "draft.submit", draft_arg(d));
	/* the customer writes again: the request is void */
	struct mdg_mail *m = new_mail("b@c", "taro@c.example", "Re: 返品", "2");
	mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 5);
	take_in(&k, m);
	refused(&k, &k.sv, MDG_ESTATE, "approve", draft_arg(d));
	/* also after approval, as long as it waits in the outbox */
	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.sv, "approve", draft_arg(d));
	m = new_mail("c@c", "taro@c.example", "Re: 返品", "3");
	mdg_strings_add(&m->in_reply_to, &m->arena, "b@c", 5);
	take_in(&k, m);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox WHERE"
				   " state = 'queued'"),
			 0);
	close_desk(&k);
}

static void
changed_revision_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	struct mdg_outbox_job job;
	struct mdg_err err;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.sv, "approve", draft_arg(d));
	act(&k, &mdg_actor_system, "golive", json_object());
	/* somebody with the database in hand */
	assert_true(mdg_db_run(k.d->db, &err,
			       "UPDATE revision SET canonical = ?1", "b",
			       mdg_span("madoguchi revision 1\n", 21)));
	mdg_db_run(k.d->db, NULL, "UPDATE outbox SET not_before_s = 0", "");
	assert_int_equal(mdg_outbox_claim(k.d, k.account, &a, &job, &err),
			 MDG_FAILED);
	assert_int_equal(err.code, MDG_EFORMAT);
	/* it is shown, and holds up nobody */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox WHERE"
				   " state = 'failed'"),
			 1);
	assert_false(claim(&k, &a, &job));
	close_desk(&k);
}

/* Also a reply that waits for its next attempt is not the answer any more. */
static void
retry_voids_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	struct mdg_outbox_job job;
	struct mdg_err err;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.sv, "approve", draft_arg(d));
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(claim(&k, &a, &job));
	assert_true(mdg_outbox_lost(k.d, 0, &err));
	struct mdg_mail *m = new_mail("b@c", "taro@c.example", "Re: 返品", "2");
	mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 5);
	take_in(&k, m);
	assert_false(claim(&k, &a, &job));
	/* written anew and sent */
	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.sv, "approve", draft_arg(d));
	assert_true(claim(&k, &a, &job));
	close_desk(&k);
}

static void
own_words_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	json_t *r = act(&k, &k.sv, "draft.new",
			json_pack("{s:I,s:s}", "ticket", number_of(&k, t),
				  "body", "太郎 様\n\n承りました。"));
	int64_t d = json_integer_value(json_object_get(r, "draft"));

	act(&k, &k.op, "draft.submit", draft_arg(d));
	refused(&k, &k.sv, MDG_EPERM, "approve", draft_arg(d));
	close_desk(&k);
}

/* Two tickets turn out to be one while both are being answered. */
static void
merge_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	struct mdg_outbox_job job;
	int64_t one = take_in(&k, new_mail("a@c", "taro@c.example", "修理",
					   "a"))
			      .ticket_id;
	int64_t two = take_in(&k, new_mail("b@c", "taro@c.example", "修理",
					   "b"))
			      .ticket_id;
	int64_t d = draft_for(&k, two, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.sv, "approve", draft_arg(d));
	act(&k, &mdg_actor_system, "golive", json_object());
	act(&k, &k.op, "ticket.close",
	    json_pack("{s:I}", "ticket", number_of(&k, one)));
	/* a thank-you alone would leave the first one closed */
	struct mdg_mail *m = new_mail("c@c", "taro@c.example", "Re: 修理",
				      "ありがとうございました。");
	mdg_strings_add(&m->references, &m->arena, "a@c", 5);
	mdg_strings_add(&m->references, &m->arena, "b@c", 5);
	assert_int_equal(take_in(&k, m).ticket_id, one);
	assert_false(claim(&k, &a, &job));
	assert_string_equal(state_of(&k, number_of(&k, one)), "new");
	/* its draft is found where people look, and its clock runs on */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM draft d JOIN ticket t"
				   " ON t.id = d.ticket_id"
				   " WHERE t.state = 'new'"
				   " AND d.state = 'editing'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock c JOIN ticket t"
				   " ON t.id = c.ticket_id WHERE c.state IN"
				   " ('running', 'paused')"
				   " AND t.state = 'merged'"),
			 0);
	assert_true(count(&k, "SELECT COUNT(*) FROM clock c JOIN ticket t"
			      " ON t.id = c.ticket_id"
			      " WHERE c.state = 'running'"
			      " AND t.state = 'new'") > 0);
	close_desk(&k);
}

static void
lost_answer_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job job;
	struct mdg_err err;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(claim(&k, &a, &job));
	/* the sender dies before the end of the mail: safe, tried again */
	assert_true(mdg_outbox_lost(k.d, 0, &err));
	assert_true(claim(&k, &a, &job));
	/* and after it was allowed: nobody knows, a person decides */
	assert_true(mdg_outbox_committing(k.d, job.outbox_id, &err));
	assert_true(mdg_outbox_lost(k.d, 0, &err));
	assert_false(claim(&k, &a, &job));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox WHERE"
				   " state = 'unknown'"),
			 1);
	refused(&k, &k.op, MDG_EPERM, "outbox.resolve",
		json_pack("{s:I,s:s}", "outbox", job.outbox_id, "as", "again"));
	act(&k, &k.sv, "outbox.resolve",
	    json_pack("{s:I,s:s}", "outbox", job.outbox_id, "as", "sent"));
	assert_string_equal(state_of(&k, number_of(&k, t)), "closed");
	close_desk(&k);
}

/* A sender that was taken over, or has a bug. */
static void
silent_sender_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job job;
	struct mdg_err err;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;

	act(&k, &mdg_actor_system, "golive", json_object());
	for (int account_problem = 0; account_problem < 2; account_problem++) {
		int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");
		act(&k, &k.op, "draft.submit", draft_arg(d));
		assert_true(claim(&k, &a, &job));
		assert_true(mdg_outbox_committing(k.d, job.outbox_id, &err));
		assert_true(mdg_outbox_finish(k.d, job.outbox_id,
					      account_problem, NULL, 0, &err));
		assert_false(claim(&k, &a, &job));
		act(&k, &k.sv, "outbox.resolve",
		    json_pack("{s:I,s:s}", "outbox", job.outbox_id, "as",
			      "sent"));
		act(&k, &k.op, "ticket.reopen",
		    json_pack("{s:I}", "ticket", number_of(&k, t)));
	}
	close_desk(&k);
}

static void
same_bytes_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job one, two;
	struct mdg_err err;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(claim(&k, &a, &one));
	assert_true(mdg_outbox_lost(k.d, 0, &err));
	assert_true(claim(&k, &a, &two));
	assert_true(mdg_span_eq(one.bytes, two.bytes));
	close_desk(&k);
}

static void
roles_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_actor stranger = {.person_id = 999, .name = "person:999"};
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	json_t *n = json_pack("{s:I}", "ticket", number_of(&k, t));

	refused(&k, &stranger, MDG_EPERM, "ticket.show", json_incref(n));
	refused(&k, &k.op, MDG_EPERM, "golive", json_object());
	refused(&k, &k.sv, MDG_EPERM, "user.disable",
		json_pack("{s:s}", "login", "op"));
	refused(&k, &k.op, MDG_EINVAL, "ticket.show",
		json_pack("{s:s}", "ticket", "1"));
	refused(&k, &k.op, MDG_EINVAL, "ticket.show",
		json_pack("{s:I,s:i}", "ticket", (json_int_t)1, "x", 1));
	refused(&k, &k.op, MDG_ENOENT, "ticket.show",
		json_pack("{s:I}", "ticket", (json_int_t)1));
	refused(&k, &k.op, MDG_EINVAL, "no.such.act", json_object());
	act(&k, &k.op, "ticket.assign",
	    json_pack("{s:I,s:s}", "ticket", number_of(&k, t), "to", "op"));
	act(&k, &mdg_actor_system, "user.disable",
	    json_pack("{s:s}", "login", "op"));
	/* the ticket is everybody's again, and its story says so */
	assert_string_equal(state_of(&k, number_of(&k, t)), "new");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE"
				   " kind = 'ticket.release'"
				   " AND ticket_rev IS NOT NULL"),
			 1);
	refused(&k, &k.op, MDG_EPERM, "ticket.show", n);
	close_desk(&k);
}

static bool
tells(struct desk *k, const struct mdg_actor *who, const char *name,
      json_t *args, const char *word)
{
	char *text = json_dumps(act(k, who, name, args), 0);
	bool found = strstr(text, word) != NULL;

	free(text);
	return found;
}

/* Two windows: who is in one learns nothing of the other. */
static void
other_window_body(const char *url)
{
	static const struct {
		const char *act, *word;
	} lists[] = {
		{"ticket.list", "返品"},  {"outbox.list", "queued"},
		{"mailbox.list", "shop"}, {"window.list", "shop"},
		{"user.list", "op2"},     {"status", "queued"},
	};
	struct desk k = open_desk(url, "none");
	struct mdg_actor them = {.lang = MDG_LANG_EN}, nobody = them;
	json_t *number, *r;

	act(&k, &mdg_actor_system, "window.add",
	    json_pack("{s:s,s:s,s:o,s:{}}", "code", "repair", "address",
		      "repair@other.example", "calendar",
		      json_loads(calendar, 0, NULL), "policy"));
	r = act(&k, &mdg_actor_system, "user.add",
		json_pack("{s:s,s:s,s:s,s:s,s:s}", "login", "them", "name", "t",
			  "email", "t@x.example", "window", "repair", "role",
			  "admin"));
	them.person_id = json_integer_value(json_object_get(r, "id"));
	r = act(&k, &mdg_actor_system, "user.add",
		json_pack("{s:s,s:s,s:s}", "login", "nobody", "name", "n",
			  "email", "n@x.example"));
	nobody.person_id = json_integer_value(json_object_get(r, "id"));
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	act(&k, &k.op, "draft.submit",
	    draft_arg(draft_for(&k, t, "太郎 様\n\n承りました。")));
	for (size_t i = 0; i < MDG_LEN(lists); i++) {
		assert_true(tells(&k, &k.op, lists[i].act, json_object(),
				  lists[i].word));
		assert_false(tells(&k, &them, lists[i].act, json_object(),
				   lists[i].word));
		refused(&k, &nobody, MDG_EPERM, lists[i].act, json_object());
	}
	number = json_pack("{s:s}", "what", "a@c");
	assert_true(tells(&k, &k.op, "trace", json_incref(number), "mail.in"));
	refused(&k, &them, MDG_ENOENT, "trace", json_incref(number));
	refused(&k, &nobody, MDG_EPERM, "trace", number);
	refused(&k, &them, MDG_EPERM, "ticket.show",
		json_pack("{s:I}", "ticket", number_of(&k, t)));
	/* a role that was taken away is none */
	act(&k, &mdg_actor_system, "user.role",
	    json_pack("{s:s,s:s,s:s}", "login", "op2", "window", "shop",
		      "role", "none"));
	refused(&k, &k.op2, MDG_EPERM, "ticket.list", json_object());
	close_desk(&k);
}

static void
open_slot_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "{{customer.name}} 様\n\n{{due_at}}");

	refused(&k, &k.op, MDG_ESTATE, "draft.submit", draft_arg(d));
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d, "body", "太郎 様\n\n本文"));
	act(&k, &k.op, "draft.submit", draft_arg(d));
	close_desk(&k);
}

#define EACH(name)                                                             \
	static void name(void **state)                                         \
	{                                                                      \
		(void)state;                                                   \
		t_each_engine(name##_body);                                    \
	}                                                                      \
	typedef int name##_is_a_test
#define a_mail_becomes_a_ticket_with_a_clock_body one_mail_body
EACH(a_mail_becomes_a_ticket_with_a_clock);
#define mails_join_by_ids_and_never_by_looks_body threads_body
EACH(mails_join_by_ids_and_never_by_looks);
#define a_later_mail_shows_that_two_tickets_are_one_body bridge_body
EACH(a_later_mail_shows_that_two_tickets_are_one);
#define what_is_undone_leaves_no_gap_in_the_chain_body rollback_body
EACH(what_is_undone_leaves_no_gap_in_the_chain);
#define a_reply_goes_out_once_a_lead_approved_it_body approval_body
EACH(a_reply_goes_out_once_a_lead_approved_it);
#define an_edit_or_a_new_mail_voids_the_approval_body edit_voids_body
EACH(an_edit_or_a_new_mail_voids_the_approval);
#define what_was_not_approved_is_not_sent_body changed_revision_body
EACH(what_was_not_approved_is_not_sent);
#define a_lost_answer_waits_for_a_person_body lost_answer_body
EACH(a_lost_answer_waits_for_a_person);
#define a_silent_sender_sends_nothing_twice_body silent_sender_body
EACH(a_silent_sender_sends_nothing_twice);
#define a_new_mail_voids_what_waits_for_a_retry_body retry_voids_body
EACH(a_new_mail_voids_what_waits_for_a_retry);
#define nobody_approves_what_they_wrote_body own_words_body
EACH(nobody_approves_what_they_wrote);
#define a_merge_takes_drafts_and_promises_along_body merge_body
EACH(a_merge_takes_drafts_and_promises_along);
#define a_retry_sends_the_very_same_bytes_body same_bytes_body
EACH(a_retry_sends_the_very_same_bytes);
#define roles_and_arguments_are_checked_body roles_body
EACH(roles_and_arguments_are_checked);
#define nobody_sees_a_window_they_have_no_role_in_body other_window_body
EACH(nobody_sees_a_window_they_have_no_role_in);
#define an_open_slot_blocks_the_request_body open_slot_body
EACH(an_open_slot_blocks_the_request);

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mail_becomes_a_ticket_with_a_clock),
		cmocka_unit_test(mails_join_by_ids_and_never_by_looks),
		cmocka_unit_test(a_later_mail_shows_that_two_tickets_are_one),
		cmocka_unit_test(what_is_undone_leaves_no_gap_in_the_chain),
		cmocka_unit_test(a_reply_goes_out_once_a_lead_approved_it),
		cmocka_unit_test(an_edit_or_a_new_mail_voids_the_approval),
		cmocka_unit_test(what_was_not_approved_is_not_sent),
		cmocka_unit_test(a_lost_answer_waits_for_a_person),
		cmocka_unit_test(a_silent_sender_sends_nothing_twice),
		cmocka_unit_test(a_new_mail_voids_what_waits_for_a_retry),
		cmocka_unit_test(nobody_approves_what_they_wrote),
		cmocka_unit_test(a_merge_takes_drafts_and_promises_along),
		cmocka_unit_test(a_retry_sends_the_very_same_bytes),
		cmocka_unit_test(roles_and_arguments_are_checked),
		cmocka_unit_test(nobody_sees_a_window_they_have_no_role_in),
		cmocka_unit_test(an_open_slot_blocks_the_request),
		cmocka_unit_test(t_all_engines_ran),
	};
	mdg_crypto_init();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	t_pg_stop();
	return failed;
}
