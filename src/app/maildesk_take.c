/* A mail that came in: is it one of our own people, speaking to the desk? */
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/token.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/authres.h"
#include "madoguchi/mail/verdict.h"
#include "maildesk-int.h"

enum { SAID_BYTES_MAX = 256 << 10, HOUR_S = 3600 };

struct taking {
	struct mdg_desk *d;
	const struct mdg_mail *m;
	struct mdg_arena *a;
	struct mdg_md_named named;
	struct mdg_mail_token token; /* purpose NULL: none of ours */
	const char *from_key;
	int64_t from_person; /* who works by mail with that address, or 0 */
	bool cross;          /* tokens of two different matters */
	bool directed;       /* named where a program puts it, not in the text */
};

static bool
is_anything(const struct mdg_md_named *n)
{
	return n->id_n || n->subject || n->rest_n;
}

static enum mdg_found
look(struct taking *t, const char *token, struct mdg_mail_token *ret,
     struct mdg_err *err)
{
	return token ? mdg_mail_token_get(t->d->db,
					  mdg_md_token_hash(token, t->a), t->a,
					  ret, err)
		     : MDG_NONE;
}

static bool
is_other_matter(const struct mdg_mail_token *a, const struct mdg_mail_token *b)
{
	return a->person_id != b->person_id ||
	       (a->ticket_id && b->ticket_id && a->ticket_id != b->ticket_id);
}

/* The one that says most, and whether others speak of something else. */
static bool
choose(struct taking *t, struct mdg_err *err)
{
	struct mdg_mail_token one;
	enum mdg_found f = MDG_NONE;

	for (size_t i = 0; i < t->named.id_n + 1; i++) {
		const char *name = i < t->named.id_n ? t->named.id[i]
						     : t->named.subject;
		f = look(t, name, &one, err);
		if (f == MDG_FAILED)
			return false;
		if (f == MDG_NONE)
			continue;
		t->directed = true;
		if (!t->token.purpose)
			t->token = one;
		else if (is_other_matter(&t->token, &one))
			t->cross = true;
		/* a link's subject says more than the thread */
		else if (mdg_streq(t->token.purpose, "thread"))
			t->token = one;
	}
	if (t->token.purpose && !mdg_streq(t->token.purpose, "thread"))
		return true;
	for (size_t i = 0; i < t->named.rest_n; i++) {
		f = look(t, t->named.rest[i], &one, err);
		if (f == MDG_FAILED)
			return false;
		if (f == MDG_NONE)
			continue;
		if (!t->token.purpose || !is_other_matter(&t->token, &one)) {
			t->token = one;
			return true;
		}
	}
	return true;
}

static bool
begin(struct taking *t, struct mdg_err *err)
{
	enum mdg_found f = MDG_NONE;

	mdg_md_named(t->m, t->a, &t->named);
	if (t->m->from.n == 1)
		t->from_key = t->m->from.v[0].key;
	if (*t->from_key)
		f = mdg_mail_person_by_key(t->d->db, t->from_key,
					   &t->from_person, err);
	if (f == MDG_FAILED)
		return false;
	if (f == MDG_NONE)
		t->from_person = 0;
	/* a report about one of ours names it inside */
	if (t->m->bounce && t->m->bounce->original_message_id &&
	    mdg_str_starts(t->m->bounce->original_message_id, "mdgd.") &&
	    t->named.id_n < MDG_LEN(t->named.id))
		t->named.id[t->named.id_n++] = mdg_arena_strndup(
			t->a, t->m->bounce->original_message_id + 5,
			MDG_MD_TOKEN_CHARS);
	return choose(t, err);
}

/* "一覧", "ヘルプ" and nothing else: they need no notice to answer to. */
static bool
is_bare(const struct taking *t)
{
	const struct mdg_answer_input in = {
		.reply = t->m->reply ? t->m->reply : t->m->text,
		.text = "",
		.signature = t->m->signature ? t->m->signature : "",
		.name = t->m->from.n ? t->m->from.v[0].name : "",
	};
	struct mdg_answer out;

	if (!t->from_person)
		return false;
	mdg_answer_read(&in, t->a, &out);
	return (out.cmd == MDG_ANSWER_LIST || out.cmd == MDG_ANSWER_HELP) &&
	       out.doubt == MDG_ANSWER_CLEAR && !*out.text;
}

bool
mdg_maildesk_claims(struct mdg_desk *d, const struct mdg_mail *m, bool *ret,
		    struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct taking t = {.d = d, .m = m, .a = &a, .from_key = ""};

	*ret = false;
	if (!begin(&t, err))
		return false;
	*ret = t.token.purpose ||
	       (t.from_person && (is_anything(&t.named) || is_bare(&t)));
	return true;
}

/* ---- what bears it out ---- */

static bool
evidence(struct taking *t, const char **ret, struct mdg_err *err)
{
	const char *server, *route, *tenant;

	*ret = "";
	if (!mdg_setting_get(t->d->db, "maildesk_server", t->a, &server, err) ||
	    !mdg_setting_get(t->d->db, "maildesk_route", t->a, &route, err) ||
	    !mdg_setting_get(t->d->db, "maildesk_tenant", t->a, &tenant, err))
		return false;
	if (*server && mdg_auth_signed(&t->m->auth_results, server,
				       mdg_addr_domain(t->from_key)))
		*ret = "signed";
	else if (*route && mdg_route_taken(&t->m->received, route))
		*ret = "route";
	else if (*tenant && mdg_verdict_tenant(&t->m->verdicts, tenant))
		*ret = "tenant";
	return true;
}

/* ---- the order ---- */

static void
put_text(json_t *o, const char *key, const char *text)
{
	size_t n = text ? strlen(text) : 0;

	json_object_set_new(
		o, key,
		json_stringn(text ? text : "",
			     mdg_utf8_cut(text ? text : "", n, SAID_BYTES_MAX)));
}

static char *
said(const struct taking *t)
{
	const struct mdg_mail *m = t->m;
	json_t *o = json_object();

	put_text(o, "from", m->from.n ? m->from.v[0].address : "");
	put_text(o, "subject", m->subject);
	put_text(o, "reply", m->reply ? m->reply : m->text);
	put_text(o, "text", m->text);
	put_text(o, "signature", m->signature);
	put_text(o, "message_id", m->message_id);
	json_object_set_new(o, "files", mdg_order_files_said(m));
	char *text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

/* Why it is not carried out, whoever it is from; "" if it may be. NULL: it is
 * no order at all. */
static bool
judged(struct taking *t, const char **ret, struct mdg_err *err)
{
	struct mdg_person p;
	bool participant = false;
	int64_t now_s = mdg_now_s();

	*ret = "";
	if (!t->token.purpose) {
		*ret = is_anything(&t->named) ? "token" : "";
		return true;
	}
	enum mdg_found f = mdg_person_by_id(t->d->db, t->token.person_id, t->a,
					    &p, err);
	if (f == MDG_FAILED)
		return false;
	bool same = f == MDG_FOUND &&
		    mdg_streq(mdg_addr_key(t->a, p.email), t->from_key);
	if (!same && t->from_person) {
		*ret = "person";
	} else if (!same) {
		/* a customer who was sent a notice by mistake is a customer */
		if (t->token.ticket_id && *t->from_key &&
		    !mdg_participant_is(t->d->db, t->token.ticket_id,
					t->from_key, &participant, err))
			return false;
		*ret = t->directed && !participant ? "sender" : NULL;
	} else if (t->m->no_auto_reply) {
		*ret = "automatic"; /* an absence notice, or nearly one */
	} else if (t->cross) {
		*ret = "cross";
	} else if (f == MDG_FOUND && p.disabled) {
		*ret = "leaver";
	} else if (t->token.expires_s < now_s) {
		*ret = "expired";
	}
	return true;
}

static bool
add_order(struct taking *t, int64_t delivery, int64_t received_s,
	  const char *reason, struct mdg_err *err)
{
	int64_t person = t->token.purpose ? t->token.person_id
					  : t->from_person;
	unsigned char mark[MDG_ID_HASH_BYTES];
	char own[MDG_OWN_ID_BYTES];
	const char *proof;
	bool known;
	int64_t n;

	/* a swarm of forged ones does not lock out the person */
	if (!evidence(t, &proof, err) ||
	    !mdg_mail_order_count(t->d->db, person, mdg_now_s() - HOUR_S,
				  *reason != '\0', &n, err))
		return false;
	mdg_digest_id(mdg_mail_own_id(t->m, own), mark);
	if (!mdg_mail_order_known(t->d->db, mdg_span(mark, sizeof(mark)),
				  &known, err))
		return false;
	if (known)
		reason = "replay";
	else if (n >= MDG_MD_PER_HOUR)
		reason = "too_many";
	MDG_AUTO(mdg_freep) char *words = said(t);
	const struct mdg_mail_order o = {
		.delivery_id = delivery,
		.token = t->token.purpose ? t->token.hash
					  : (struct mdg_span){0},
		.mark = mdg_span(mark, sizeof(mark)),
		.person_id = person,
		.ticket_id = t->token.ticket_id,
		.state = "new",
		.evidence = proof,
		.said = words,
		.what = "",
		.reason = reason,
		.received_s = received_s,
	};
	return mdg_mail_order_add(t->d->db, &o, err) &&
	       mdg_desk_event(t->d, &mdg_actor_system, NULL, "maildesk.in",
			      json_pack("{s:I,s:I,s:I,s:s,s:s}", "delivery",
					delivery, "person", person, "ticket",
					t->token.ticket_id, "evidence", proof,
					"reason", reason),
			      NULL, err);
}

/* Vacation answers and reports about our own mails: noted, never answered. */
static bool
ignore(struct taking *t, int64_t delivery, struct mdg_err *err)
{
	return mdg_desk_event(
		       t->d, &mdg_actor_system, NULL, "maildesk.ignored",
		       json_pack("{s:I,s:I,s:s}", "delivery", delivery,
				 "person", t->token.person_id, "class",
				 mdg_mail_class_name(t->m->mail_class)),
		       NULL, err) &&
	       mdg_delivery_done(t->d->db, delivery, 0, err);
}

static bool
is_ours_back(struct taking *t)
{
	const char *id = t->m->message_id;

	return id && t->m->loop_mark && mdg_str_starts(id, "mdgd.") &&
	       mdg_token_loop_ok(&t->d->mac, id, t->m->loop_mark);
}

bool
mdg_maildesk_take(struct mdg_desk *d, const struct mdg_mail *m,
		  int64_t delivery, int64_t received_s, bool *ret_taken,
		  struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct taking t = {.d = d, .m = m, .a = &a, .from_key = ""};
	const char *reason;

	*ret_taken = false;
	if (!begin(&t, err))
		return false;
	/* a machine of ours, not one that quotes what a customer was sent */
	if (is_ours_back(&t) || (t.token.purpose &&
				 (t.directed || t.from_person) &&
				 m->mail_class != MDG_CLASS_ORDINARY)) {
		*ret_taken = true;
		return ignore(&t, delivery, err);
	}
	if (m->mail_class != MDG_CLASS_ORDINARY ||
	    (!t.token.purpose &&
	     !(t.from_person && (is_anything(&t.named) || is_bare(&t)))))
		return true;
	if (!judged(&t, &reason, err))
		return false;
	if (!reason)
		return true;
	/* whoever is not one of us may be a customer: nothing is done, and the
	 * mail is an inquiry like any other */
	*ret_taken = !mdg_streq(reason, "sender");
	return add_order(&t, delivery, received_s, reason, err) &&
	       (!*ret_taken || mdg_delivery_done(d->db, delivery, 0, err));
}
