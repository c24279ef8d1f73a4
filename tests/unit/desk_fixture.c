#include "desk_fixture.h"

#include "madoguchi/app/autorule.h"
#include "madoguchi/app/check.h"
#include "madoguchi/app/index.h"

const char t_always_open[] =
	"{\"zone\":\"Asia/Tokyo\",\"weekly\":{\"mon\":[[\"00:00\",\"24:00\"]],"
	"\"tue\":[[\"00:00\",\"24:00\"]],\"wed\":[[\"00:00\",\"24:00\"]],"
	"\"thu\":[[\"00:00\",\"24:00\"]],\"fri\":[[\"00:00\",\"24:00\"]],"
	"\"sat\":[[\"00:00\",\"24:00\"]],\"sun\":[[\"00:00\",\"24:00\"]]}}";

const char *
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

json_t *
act(struct desk *k, const struct mdg_actor *who, const char *name, json_t *args)
{
	struct mdg_err err;

	if (!try_act(k, who, &err, name, args))
		fail_msg("%s: %s", name, why(&err));
	return last;
}

struct mdg_err
refused(struct desk *k, const struct mdg_actor *who, enum mdg_code code,
	const char *name, json_t *args)
{
	struct mdg_err err;

	if (try_act(k, who, &err, name, args))
		fail_msg("%s was not refused", name);
	assert_int_equal(err.code, code);
	return err;
}

struct mdg_actor
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

/* People are told nothing at night: the day begins at ten in Tokyo. */
static void
begin_day(struct desk *k)
{
	enum { DAY = 86400, TEN = 10 * 3600 };
	int64_t at = (mdg_now_s() + 9 * 3600) % DAY;

	/* without a clock that moves they want to be told at any hour */
	if (!mdg_clock_advance((TEN - at + DAY) % DAY) &&
	    !mdg_setting_put(k->d->db, "warn_at_night", "on", NULL))
		fail_msg("no setting");
}

struct desk
open_desk(const char *url, const char *approval)
{
	struct desk k = open_desk_now(url, approval);

	begin_day(&k);
	return k;
}

struct desk
open_desk_now(const char *url, const char *approval)
{
	struct desk k = {.url = url};
	struct mdg_err err;
	struct mdg_desk_config dc = {.store = url, .create = true};

	if (!mdg_desk_open(&dc, &k.d, &err))
		fail_msg("%s", why(&err));
	act(&k, &mdg_actor_system, "window.add",
	    json_pack("{s:s,s:s,s:s,s:o,s:{s:i,s:i},s:s}", "code", "shop",
		      "address", "support@shop.example", "approval", approval,
		      "calendar", json_loads(t_always_open, 0, NULL), "policy",
		      "first_response_min", 60, "next_response_min", 60,
		      "signature", "ショップ窓口"));
	k.op = person(&k, "op", "operator");
	k.op2 = person(&k, "op2", "operator");
	k.sv = person(&k, "sv", "sv");
	json_t *r =
		act(&k, &mdg_actor_system, "mailbox.add",
		    json_pack("{s:s,s:s,s:s,s:s,s:s}", "window", "shop",
			      "address", "support@shop.example", "imap_host",
			      "127.0.0.1", "password", "x", "since", "all"));
	k.account = json_integer_value(json_object_get(r, "id"));
	if (mdg_db_i64(k.d->db, &k.folder, &err, "SELECT MIN(id) FROM folder",
		       "") != MDG_FOUND)
		fail_msg("%s", why(&err));
	return k;
}

void
close_desk(struct desk *k)
{
	json_decref(last);
	last = NULL;
	mdg_desk_close(&k->d);
}

struct mdg_mail *
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
struct mdg_intake_result
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
		.internaldate_s = mdg_now_s() + k->ahead_s,
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

	digest[0] = (unsigned char)k->uid;
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

int64_t
number_of(struct desk *k, int64_t ticket_id)
{
	int64_t n = 0;

	mdg_db_i64(k->d->db, &n, NULL,
		   "SELECT number FROM ticket WHERE id = ?1", "i", ticket_id);
	return n;
}

int64_t
count(struct desk *k, const char *sql)
{
	int64_t n = -1;

	mdg_db_i64(k->d->db, &n, NULL, sql, "");
	return n;
}

const char *
state_of(struct desk *k, int64_t number)
{
	json_t *r = act(k, &mdg_actor_system, "ticket.show",
			json_pack("{s:I}", "ticket", number));

	return json_string_value(json_object_get(r, "state"));
}

int64_t
draft_for(struct desk *k, int64_t ticket, const char *body)
{
	json_t *r = act(k, &k->op, "draft.new",
			json_pack("{s:I,s:s}", "ticket", number_of(k, ticket),
				  "body", body));

	return json_integer_value(json_object_get(r, "draft"));
}

json_t *
draft_arg(int64_t draft)
{
	return json_pack("{s:I}", "draft", draft);
}

bool
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

void
answer(struct desk *k, int64_t outbox, const char *outcome)
{
	struct mdg_err err;
	const struct mdg_outbox_answer v = {"taro@c.example", outcome, 250,
					    "ok"};

	if (!mdg_outbox_committing(k->d, outbox, &err) ||
	    !mdg_outbox_finish(k->d, outbox, false, &v, 1, &err))
		fail_msg("%s", why(&err));
}

void
pass(struct desk *k, int64_t seconds)
{
	struct mdg_err err;

	mdg_clock_advance(seconds);
	if (!mdg_desk_begin(k->d, &err) ||
	    !mdg_desk_clock_tick(k->d, mdg_now_s(), &err) ||
	    !mdg_desk_commit(k->d, &err))
		fail_msg("%s", why(&err));
}

json_t *
rule(const char *name, const char *on, const char *condition,
     const char *action)
{
	return json_pack("{s:s,s:s,s:s,s:[s],s:[s]}", "window", "shop", "name",
			 name, "on", on, "conditions", condition, "actions",
			 action);
}

void
rules_act(struct desk *k)
{
	struct mdg_err err;

	for (int i = 0; i < 20 && mdg_autorule_due(k->d, mdg_now_s()); i++)
		if (!mdg_autorule_tick(k->d, mdg_now_s(), &err))
			fail_msg("%s", why(&err));
}

void
index_all(struct desk *k)
{
	bool pending = true;
	struct mdg_err err;
	size_t n;

	while (pending)
		if (!mdg_desk_begin(k->d, &err) ||
		    !mdg_index_step(k->d, &n, &err) ||
		    !mdg_desk_commit(k->d, &err) ||
		    !mdg_index_pending(k->d, &pending, &err))
			fail_msg("%s", why(&err));
}

bool
has_badge(struct desk *k, int64_t number, const char *badge)
{
	json_t *m, *b;
	bool found = false;
	size_t i, n;
	json_t *list = json_object_get(
		act(k, &k->op, "ticket.show",
		    json_pack("{s:I}", "ticket", (json_int_t)number)),
		"messages");

	json_array_foreach (list, i, m)
		json_array_foreach (json_object_get(m, "badges"), n, b)
			found = found || mdg_streq(json_string_value(b), badge);
	return found;
}

const char *
checked(struct desk *k, int64_t id, const char *body, json_t *findings)
{
	static char code[MDG_CHECK_CODE_BYTES];
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	json_t *answer = json_pack("{s:o}", "findings", findings), *list = NULL;
	struct mdg_draft draft;
	struct mdg_err err;

	assert_int_equal(mdg_draft_by_id(k->d->db, id, &a, &draft, &err),
			 MDG_FOUND);
	if (body)
		draft.body = body;
	assert_true(mdg_desk_begin(k->d, &err));
	assert_true(mdg_check_keep(k->d, &draft, answer, &list, &err));
	assert_true(mdg_desk_commit(k->d, &err));
	mdg_check_code(&draft, list, code);
	json_decref(answer);
	json_decref(list);
	return code;
}
