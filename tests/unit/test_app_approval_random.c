/*
 * The clock of a lead's own queue on a desk of random work, against a slow walk
 * from minute to minute (slow_hours.h): each request is told of once, after 30
 * minutes of its window's hours, to those who may decide it, while they are
 * there and not at night, and what comes together in one mail.
 */
#include "desk_fixture.h"
#include "dice.h"
#include "slow_hours.h"

#include "madoguchi/app/check.h"
#include "madoguchi/app/warn.h"

enum {
	WINDOWS = 3,
	TICKETS = 8, /* of each window, at a time */
	MINUTES = 2500,
	DESKS = 6,
	HOUR_S = 3600,
	WAIT_S = 1800,
};

static const char *const zones[] = {
	"Asia/Tokyo",         "America/New_York", "Australia/Lord_Howe",
	"Pacific/Kiritimati", "Europe/London",    "America/St_Johns",
};

static uint64_t seed, seed_of_desk;

static uint64_t
rnd(uint64_t n)
{
	return t_splitmix(&seed) % n;
}

/* ---- the desk and what the test knows of it ---- */

struct request {
	int64_t ticket, draft;
	bool waits, told;
	int64_t ripe_s; /* after 30 minutes; SLOW_BEYOND */
};

struct window {
	char code[8];
	struct slow_hours hours;
	struct mdg_actor op, sv, deputy;
	int64_t deputy_until_s;
	struct request v[TICKETS];
	size_t n;
};

struct world {
	struct desk k;
	struct window w[WINDOWS];
	int64_t told_s; /* the last mail */
	bool night;     /* wanted at night, too */
	size_t requests, told, mails;
};

static struct mdg_actor
joins(struct desk *k, const char *login, const struct window *w,
      const char *role)
{
	struct mdg_actor who = {.lang = MDG_LANG_EN};
	MDG_AUTO(mdg_freep)
	char *email = mdg_asprintf("%s@shop.example", login);
	json_t *r = act(k, &mdg_actor_system, "user.add",
			json_pack("{s:s,s:s,s:s,s:s,s:s}", "login", login,
				  "name", login, "email", email, "window",
				  w->code, "role", role));

	who.person_id = json_integer_value(json_object_get(r, "id"));
	snprintf(who.name, sizeof(who.name), "person:%lld",
		 (long long)who.person_id);
	return who;
}

static void
add_window(struct world *o, int i)
{
	struct window *w = &o->w[i];
	const char *zone = zones[rnd(MDG_LEN(zones))];
	char login[16], address[32];

	snprintf(address, sizeof(address), "w%d@shop.example", i);
	snprintf(w->code, sizeof(w->code), "w%d", i);
	slow_hours_make(&w->hours, zone, mdg_now_s() - 86400, &seed);
	act(&o->k, &mdg_actor_system, "window.add",
	    json_pack("{s:s,s:s,s:s,s:o,s:{},s:s}", "code", w->code, "address",
		      address, "approval", "all", "calendar",
		      json_loads(w->hours.json, 0, NULL), "policy", "signature",
		      "窓口"));
	act(&o->k, &mdg_actor_system, "mailbox.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "window", w->code, "address",
		      address, "imap_host", "127.0.0.1", "smtp_host",
		      "127.0.0.1", "password", "x", "since", "all"));
	snprintf(login, sizeof(login), "asks%d", i);
	w->op = joins(&o->k, login, w, "operator");
	snprintf(login, sizeof(login), "leads%d", i);
	w->sv = joins(&o->k, login, w, "sv");
	snprintf(login, sizeof(login), "helps%d", i);
	w->deputy = joins(&o->k, login, w, "operator");
}

static void
begin(struct world *o, const char *url)
{
	*o = (struct world){.night = rnd(4) == 0};
	mdg_clock_advance(slow_moment(zones[rnd(MDG_LEN(zones))], &seed) -
			  mdg_now_s());
	o->k = open_desk_now(url, "all");
	act(&o->k, &mdg_actor_system, "sla.notify",
	    json_pack("{s:s}", "at_night", o->night ? "on" : "off"));
	for (int i = 0; i < WINDOWS; i++)
		add_window(o, i);
}

/* ---- what people do ---- */

static void
come(struct world *o, struct window *w)
{
	static int n;
	MDG_AUTO(mdg_freep) char *id = mdg_asprintf("a%d@c", ++n);
	MDG_AUTO(mdg_freep) char *from = mdg_asprintf("a%d@c.example", n);
	struct request *r = &w->v[w->n++];

	*r = (struct request){
		.ticket = take_in(&o->k, new_mail(id, from, "返品", "1"))
				  .ticket_id};
	act(&o->k, &mdg_actor_system, "ticket.move",
	    json_pack("{s:I,s:s}", "ticket", number_of(&o->k, r->ticket), "to",
		      w->code));
	json_t *d = act(&o->k, &w->op, "draft.new",
			json_pack("{s:I,s:s}", "ticket",
				  number_of(&o->k, r->ticket), "body",
				  "様\n\n承りました。"));
	r->draft = json_integer_value(json_object_get(d, "draft"));
}

static void
ask(struct world *o, struct window *w, struct request *r)
{
	act(&o->k, &w->op, "draft.submit", draft_arg(r->draft));
	int64_t asked_s = count(&o->k, "SELECT MAX(asked_s) FROM review");

	r->waits = true;
	r->told = false;
	r->ripe_s = slow_reach(&w->hours, asked_s, WAIT_S);
	o->requests++;
}

/* Let out: another ticket takes its place. */
static void
let_out(struct world *o, struct window *w, struct request *r)
{
	bool by_deputy = w->deputy_until_s > mdg_now_s() + 60;

	act(&o->k, by_deputy ? &w->deputy : &w->sv, "approve",
	    draft_arg(r->draft));
	*r = w->v[--w->n];
}

static void
send_back(struct world *o, struct window *w, struct request *r)
{
	act(&o->k, &w->sv, "return",
	    json_pack("{s:I,s:s,s:s}", "draft", r->draft, "code", "K1", "note",
		      "もう一度"));
	r->waits = false;
}

static void
set_deputy(struct world *o, struct window *w)
{
	w->deputy_until_s = mdg_now_s() + (int64_t)rnd(12) * HOUR_S + 1;
	act(&o->k, &w->sv, "deputy.set",
	    json_pack("{s:s,s:s,s:I}", "window", w->code, "person",
		      w == &o->w[0]   ? "helps0"
		      : w == &o->w[1] ? "helps1"
				      : "helps2",
		      "until_s", (json_int_t)w->deputy_until_s));
}

static void
work(struct world *o)
{
	struct window *w = &o->w[rnd(WINDOWS)];
	struct request *r = w->n ? &w->v[rnd(w->n)] : NULL;

	switch (rnd(12)) {
	case 0:
		if (r && r->waits)
			let_out(o, w, r);
		break;
	case 1:
		if (r && r->waits)
			send_back(o, w, r);
		break;
	case 2:
		if (r && r->waits) {
			act(&o->k, &w->op, "draft.withdraw",
			    draft_arg(r->draft));
			r->waits = false;
		}
		break;
	case 3:
		if (rnd(4) == 0)
			set_deputy(o, w);
		break;
	case 4:
	case 5:
		if (w->n < TICKETS)
			come(o, w);
		break;
	default:
		if (r && !r->waits)
			ask(o, w, r);
		break;
	}
}

/* ---- the rule, once more ---- */

static bool
are_there(const struct world *o, const struct window *w, int64_t t_s)
{
	return o->night || slow_are_there(&w->hours, t_s);
}

static int64_t
mails_to(struct world *o, int64_t person)
{
	int64_t n = 0;

	mdg_db_i64(o->k.d->db, &n, NULL,
		   "SELECT COUNT(*) FROM notice n JOIN outbox_rcpt r"
		   " ON r.outbox_id = n.outbox_id JOIN person p"
		   " ON p.email = r.address WHERE p.id = ?1"
		   " AND n.subject LIKE '%承認%'",
		   "i", person);
	return n;
}

/* The daemon's second: who is told now, and is it what the rule says? */
static void
tick(struct world *o)
{
	int64_t now_s = mdg_now_s(), before[WINDOWS][2];
	bool expected = false, paused = now_s - o->told_s < MDG_WARN_PAUSE_S;
	struct mdg_err err;

	for (int i = 0; i < WINDOWS; i++) {
		before[i][0] = mails_to(o, o->w[i].sv.person_id);
		before[i][1] = mails_to(o, o->w[i].deputy.person_id);
	}
	if (mdg_approval_due(o->k.d, now_s)) {
		assert_true(mdg_desk_begin(o->k.d, &err));
		if (!mdg_approval_tick(o->k.d, now_s, &err))
			fail_msg("%s", why(&err));
		assert_true(mdg_desk_commit(o->k.d, &err));
	}
	for (int i = 0; i < WINDOWS; i++) {
		struct window *w = &o->w[i];
		bool there = are_there(o, w, now_s), mail = false;
		for (size_t n = 0; n < w->n; n++) {
			struct request *r = &w->v[n];
			int64_t told = 0;
			if (r->waits && !r->told && r->ripe_s <= now_s &&
			    there && !paused) {
				r->told = mail = expected = true;
				o->told++;
			}
			mdg_db_i64(o->k.d->db, &told, NULL,
				   "SELECT COUNT(*) FROM review w JOIN revision"
				   " v ON v.id = w.revision_id WHERE"
				   " w.draft_id = ?1 AND v.state = 'waiting'"
				   " AND w.escalated_s IS NOT NULL",
				   "i", r->draft);
			if ((told == 1) != (r->waits && r->told))
				fail_msg("seed %llu: draft %lld of %s is%s "
					 "told of at %lld, ripe %lld, there "
					 "%d, paused %d\n%s",
					 (unsigned long long)seed_of_desk,
					 (long long)r->draft, w->code,
					 told ? "" : " not", (long long)now_s,
					 (long long)r->ripe_s, there, paused,
					 w->hours.json);
		}
		bool stands_in = w->deputy_until_s > now_s;
		assert_int_equal(mails_to(o, w->sv.person_id) - before[i][0],
				 mail);
		assert_int_equal(mails_to(o, w->deputy.person_id) -
					 before[i][1],
				 mail && stands_in);
		o->mails += mail;
	}
	if (expected)
		o->told_s = now_s;
}

static void
random_body(const char *url)
{
	static struct world o;

	if (!slow_zones_known() || !mdg_clock_advance(0))
		skip();
	seed_of_desk = seed;
	begin(&o, url);
	for (int i = 0; i < MINUTES; i++) {
		/* some minutes, now and then a night */
		mdg_clock_advance(rnd(60) ? 60 * (int64_t)rnd(8)
					  : (int64_t)rnd(12) * HOUR_S);
		work(&o);
		tick(&o);
	}
	assert_true(o.requests > MINUTES / 10 && o.told > 20 &&
		    o.mails < o.told);
	printf("# %zu requests, %zu told of in %zu mails\n", o.requests, o.told,
	       o.mails);
	close_desk(&o.k);
}

static void
a_request_is_told_of_after_30_minutes_of_work_and_by_day(void **state)
{
	(void)state;
	char dir[256], url[512];

	seed = 8;
	for (int n = 0; n < DESKS; n++) {
		t_dir_make(dir, sizeof(dir));
		snprintf(url, sizeof(url), "sqlite:%s/desk.db", dir);
		random_body(url);
		t_dir_remove(dir);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(
		a_request_is_told_of_after_30_minutes_of_work_and_by_day),
};
DESK_TESTS(tests);
