#include "maildesk_fixture.h"

#include "madoguchi/app/check.h"
#include "madoguchi/app/maildesk.h"

void
md_works_by_mail(struct desk *k, const char *login, const char *role)
{
	char email[64];

	snprintf(email, sizeof(email), "%s@people.example", login);
	act(k, &mdg_actor_system, "user.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s}", "login", login, "name", login,
		      "email", email, "window", "shop", "role", role));
	act(k, &mdg_actor_system, "user.mail",
	    json_pack("{s:s,s:s}", "login", login, "how", "on"));
}

void
md_tick(struct desk *k)
{
	struct mdg_err err;

	/* past what is waited for suggestions */
	if (!mdg_maildesk_tick(k->d, mdg_now_s() + 20, &err))
		fail_msg("%s", why(&err));
}

const char *
md_newest_to(struct desk *k, const char *address, struct mdg_arena *a)
{
	struct mdg_rows *r;
	struct mdg_err err;
	const char *id = NULL;

	if (!mdg_db_query(k->d->db, &r, &err,
			  "SELECT o.message_id FROM outbox o JOIN outbox_rcpt x"
			  " ON x.outbox_id = o.id WHERE o.kind = 'notice'"
			  " AND x.address = ?1 ORDER BY o.id DESC LIMIT 1",
			  "s", address))
		fail_msg("%s", why(&err));
	if (mdg_rows_next(r))
		id = mdg_arena_strdup(a, mdg_rows_text(r, 0));
	mdg_rows_close(&r, &err);
	assert_non_null(id);
	return id;
}

void
md_carry_out(struct desk *k)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_order *o = NULL;
	struct mdg_draft draft;
	struct mdg_err err;
	struct mdg_order_wants wants;
	const char *body;
	int64_t check;

	while (mdg_order_next(k->d, &o, &err) == MDG_FOUND) {
		do {
			json_t *findings = NULL;
			if (!mdg_order_step(o, &wants, &err))
				fail_msg("%s", why(&err));
			check = wants.draft;
			body = wants.body;
			if (wants.raw) {
				/* what every file holds here */
				mdg_order_piece(o, mdg_span("abc", 3));
				mdg_order_file(o, NULL);
				check = 1;
				continue;
			}
			if (!check)
				break;
			if (mdg_draft_by_id(k->d->db, check, &a, &draft,
					    &err) != MDG_FOUND)
				fail_msg("%s", why(&err));
			if (body)
				draft.body = body;
			if (!mdg_check_keep(k->d, &draft, NULL, &findings,
					    &err))
				fail_msg("%s", why(&err));
			json_decref(findings);
		} while (check);
		mdg_order_free(&o);
	}
	md_tick(k);
}

void
md_says(struct desk *k, const char *id, const char *who, const char *text,
	bool is_signed)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_mail *m = new_mail(id, who, "Re: x", text);

	mdg_strings_add(&m->in_reply_to, &m->arena, md_newest_to(k, who, &a),
			1);
	if (is_signed)
		mdg_strings_add(&m->auth_results, &m->arena,
				"mx.example; dkim=pass header.d=people.example",
				1);
	assert_int_equal(take_in(k, m).ticket_id, 0);
	md_carry_out(k);
}

int64_t
md_begin(struct desk *k)
{
	md_works_by_mail(k, "sato", "operator");
	md_works_by_mail(k, "suzuki", "sv");
	act(k, &mdg_actor_system, "maildesk.set",
	    json_pack("{s:s,s:s}", "server", "mx.example", "at_night", "on"));
	md_tick(k);
	int64_t ticket = take_in(k, new_mail("c1@c.example", "taro@c.example",
					     "返品", "返品したいです。"))
				 .ticket_id;
	act(k, &k->sv, "ticket.assign",
	    json_pack("{s:I,s:s}", "ticket", number_of(k, ticket), "to",
		      "sato"));
	md_tick(k);
	return ticket;
}

const char *
md_newest_text(struct desk *k, const char *address)
{
	static char out[4096];
	struct mdg_rows *r;
	struct mdg_err err;

	*out = '\0';
	if (!mdg_db_query(k->d->db, &r, &err,
			  "SELECT what || ' ' || state || ' ' || reason"
			  " FROM mail_order ORDER BY id DESC LIMIT 1",
			  ""))
		fail_msg("%s", why(&err));
	if (mdg_rows_next(r))
		snprintf(out, sizeof(out), "%s: %s", address,
			 mdg_rows_text(r, 0));
	mdg_rows_close(&r, &err);
	return out;
}
