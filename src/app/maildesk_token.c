/* Tokens: made, hashed, and found in what mail programs make of our mails. */
#include <string.h>

#include <sodium.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "maildesk-int.h"

enum { TOKEN_BYTES = 16 };

void
mdg_md_token_new(char *out)
{
	unsigned char b[TOKEN_BYTES];

	randombytes_buf(b, sizeof(b));
	mdg_base32(b, sizeof(b), out);
}

void
mdg_md_token_thread(struct mdg_desk *d, int64_t person, int64_t ticket,
		    char *out)
{
	static const char purpose[] = "mail-thread";
	unsigned char b[TOKEN_BYTES], in[16];
	crypto_generichash_state st;

	for (int i = 0; i < 8; i++) {
		in[i] = (unsigned char)(person >> (8 * i));
		in[8 + i] = (unsigned char)(ticket >> (8 * i));
	}
	crypto_generichash_init(&st, d->mac.bytes, sizeof(d->mac.bytes),
				sizeof(b));
	crypto_generichash_update(&st, (const unsigned char *)purpose,
				  sizeof(purpose));
	crypto_generichash_update(&st, in, sizeof(in));
	crypto_generichash_final(&st, b, sizeof(b));
	mdg_base32(b, sizeof(b), out);
}

struct mdg_span
mdg_md_token_hash(const char *token, struct mdg_arena *a)
{
	unsigned char *h = mdg_arena_alloc(a, MDG_DIGEST_BYTES);
	char *low = mdg_arena_strdup(a, token);

	for (char *p = low; *p; p++)
		*p = (char)mdg_ascii_lower(*p);
	mdg_digest(mdg_span_str(low), h);
	return mdg_span(h, MDG_DIGEST_BYTES);
}

/* ---- erased ---- */

enum { ERASE_MAX = 1000 };

bool
mdg_maildesk_erase(struct mdg_desk *d, int64_t ticket,
		   bool (*bury)(struct mdg_desk *d, int64_t delivery,
				int64_t raw, struct mdg_err *err),
		   struct mdg_err *err)
{
	static const char *const sql[] = {
		"DELETE FROM outbox_chunk WHERE id / 4096 IN (SELECT outbox_id"
		" FROM mail_token WHERE ticket_id = ?1)",
		"UPDATE outbox SET state = 'cancelled', mime_bytes = NULL"
		" WHERE state = 'queued' AND id IN (SELECT outbox_id"
		" FROM mail_token WHERE ticket_id = ?1)",
		"DELETE FROM mail_token WHERE ticket_id = ?1",
		"DELETE FROM mail_due WHERE ticket_id = ?1",
		"UPDATE mail_order SET said = '' WHERE ticket_id = ?1",
	};
	int64_t ids[ERASE_MAX], raw;
	struct mdg_rows *r;
	size_t n;

	do {
		if (!mdg_db_query(d->db, &r, err,
				  "SELECT d.id FROM mail_order o"
				  " JOIN delivery d ON d.id = o.delivery_id"
				  " WHERE o.ticket_id = ?1"
				  " AND d.state <> 'erased'"
				  " AND d.message_id IS NULL ORDER BY d.id",
				  "i", ticket) ||
		    !mdg_rows_ids(&r, ids, ERASE_MAX, &n, err))
			return false;
		for (size_t i = 0; i < n; i++)
			if (mdg_db_i64(d->db, &raw, err,
				       "SELECT COALESCE(raw_id, 0)"
				       " FROM delivery WHERE id = ?1",
				       "i", ids[i]) != MDG_FOUND ||
			    !bury(d, ids[i], raw, err))
				return false;
	} while (n == ERASE_MAX);
	for (size_t i = 0; i < MDG_LEN(sql); i++)
		if (!mdg_db_run(d->db, err, sql[i], "i", ticket))
			return false;
	return true;
}

/* ---- found in a mail ---- */

/* MDG_MD_TOKEN_CHARS of base32 at p, and then the end of them; NULL if not. */
static const char *
token_at(const char *p, struct mdg_arena *a)
{
	static const char signs[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

	return strspn(p, signs) == MDG_MD_TOKEN_CHARS
		       ? mdg_arena_strndup(a, p, MDG_MD_TOKEN_CHARS)
		       : NULL;
}

static const char *
of_id(const char *id, struct mdg_arena *a)
{
	return mdg_str_case_starts(id, "mdgd.") ? token_at(id + 5, a) : NULL;
}

static void
add_id(struct mdg_md_named *n, const char *token)
{
	for (size_t i = 0; token && i < n->id_n; i++)
		if (mdg_strcaseeq(n->id[i], token))
			return;
	if (token && n->id_n < MDG_LEN(n->id))
		n->id[n->id_n++] = token;
}

static void
add_rest(struct mdg_md_named *n, const char *token)
{
	if (token && n->rest_n < MDG_LEN(n->rest))
		n->rest[n->rest_n++] = token;
}

/* support+mdg-TOKEN@example.jp */
static void
from_address(struct mdg_md_named *n, const char *address, struct mdg_arena *a)
{
	const char *p = mdg_strcasestr(address, "+mdg-");

	if (p)
		add_id(n, token_at(p + 5, a));
}

void
mdg_md_named(const struct mdg_mail *m, struct mdg_arena *a,
	     struct mdg_md_named *ret)
{
	const struct mdg_addresses *lists[] = {&m->to, &m->cc};
	const char *p;

	*ret = (struct mdg_md_named){.id_n = 0};
	for (size_t i = m->in_reply_to.n; i-- > 0;)
		add_id(ret, of_id(m->in_reply_to.v[i], a));
	for (size_t l = 0; l < MDG_LEN(lists); l++)
		for (size_t i = 0; i < lists[l]->n; i++)
			from_address(ret, lists[l]->v[i].address, a);
	for (size_t i = 0; i < m->delivered_to.n; i++)
		from_address(ret, m->delivered_to.v[i], a);
	/* ours stands at the end; a subject that was answered has it once */
	for (p = m->subject; (p = mdg_strcasestr(p, "[mdg-")); p += 5)
		if (token_at(p + 5, a))
			ret->subject = token_at(p + 5, a);
	for (size_t i = m->references.n; i-- > 0;)
		add_rest(ret, of_id(m->references.v[i], a));
	for (p = m->text; (p = mdg_strcasestr(p, "mdg-")); p += 4)
		add_rest(ret, token_at(p + 4, a));
}
