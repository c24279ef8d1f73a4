#include "madoguchi/crypto/token.h"

#include <string.h>

#include <sodium.h>

#include "madoguchi/base/str.h"
#include "madoguchi/crypto/digest.h"

enum {
	FORM_1 = 1,
	PAYLOAD_BYTES = 1 + 8 + 8,
	PAYLOAD_CHARS = (PAYLOAD_BYTES * 8 + 4) / 5,
	TAG_BYTES = 16,
	TAG_CHARS = (TAG_BYTES * 8 + 4) / 5,
};

static void
keyed(const struct mdg_key *k, const char *purpose, const void *in, size_t n,
      unsigned char *out, size_t out_n)
{
	crypto_generichash_state st;

	crypto_generichash_init(&st, k->bytes, sizeof(k->bytes), out_n);
	/* the NUL closes the purpose */
	crypto_generichash_update(&st, (const unsigned char *)purpose,
				  strlen(purpose) + 1);
	crypto_generichash_update(&st, in, n);
	crypto_generichash_final(&st, out, out_n);
}

char *
mdg_token_message_id(const struct mdg_key *k, int64_t ticket_id,
		     const char *domain, struct mdg_arena *a)
{
	unsigned char payload[PAYLOAD_BYTES] = {FORM_1}, tag[TAG_BYTES];
	char payload_text[PAYLOAD_CHARS + 1], tag_text[TAG_CHARS + 1];

	for (int i = 0; i < 8; i++)
		payload[1 + i] = (unsigned char)(ticket_id >> (8 * i));
	randombytes_buf(payload + 9, 8);
	keyed(k, "message-id", payload, sizeof(payload), tag, sizeof(tag));
	mdg_base32(payload, sizeof(payload), payload_text);
	mdg_base32(tag, sizeof(tag), tag_text);
	return mdg_arena_printf(a, "mdg.%s.%s@%s", payload_text, tag_text,
				domain);
}

bool
mdg_token_ticket(const struct mdg_key *k, const char *id, int64_t *ret)
{
	unsigned char payload[PAYLOAD_BYTES], tag[TAG_BYTES], want[TAG_BYTES];

	if (strlen(id) < 4 + PAYLOAD_CHARS + 1 + TAG_CHARS + 1 ||
	    !mdg_str_case_starts(id, "mdg.") || id[4 + PAYLOAD_CHARS] != '.' ||
	    id[4 + PAYLOAD_CHARS + 1 + TAG_CHARS] != '@')
		return false;
	if (mdg_unbase32(id + 4, PAYLOAD_CHARS, payload, sizeof(payload)) !=
		    PAYLOAD_BYTES ||
	    mdg_unbase32(id + 5 + PAYLOAD_CHARS, TAG_CHARS, tag, sizeof(tag)) !=
		    TAG_BYTES ||
	    payload[0] != FORM_1)
		return false;
	keyed(k, "message-id", payload, sizeof(payload), want, sizeof(want));
	if (sodium_memcmp(tag, want, sizeof(tag)) != 0)
		return false;
	uint64_t v = 0;
	for (int i = 0; i < 8; i++)
		v |= (uint64_t)payload[1 + i] << (8 * i);
	*ret = (int64_t)v;
	return true;
}

void
mdg_token_tag(const struct mdg_key *k, int64_t number, char *out)
{
	unsigned char h[crypto_generichash_BYTES_MIN];
	char text[32];

	keyed(k, "subject-tag", &number, sizeof(number), h, sizeof(h));
	mdg_base32(h, sizeof(h), text);
	memcpy(out, text, MDG_TAG_CHECK_CHARS);
	out[MDG_TAG_CHECK_CHARS] = '\0';
}

bool
mdg_token_tag_ok(const struct mdg_key *k, int64_t number, const char *check)
{
	char want[MDG_TAG_CHECK_CHARS + 1];

	mdg_token_tag(k, number, want);
	return mdg_strcaseeq(want, check);
}

static void
loop_mark(const struct mdg_key *k, const char *id, char *out)
{
	unsigned char h[TAG_BYTES];

	keyed(k, "loop", id, strlen(id), h, sizeof(h));
	mdg_base32(h, sizeof(h), out);
}

char *
mdg_token_loop_mark(const struct mdg_key *k, const char *id,
		    struct mdg_arena *a)
{
	char mark[TAG_CHARS + 1];

	loop_mark(k, id, mark);
	return mdg_arena_strdup(a, mark);
}

bool
mdg_token_loop_ok(const struct mdg_key *k, const char *id, const char *mark)
{
	char want[TAG_CHARS + 1];

	loop_mark(k, id, want);
	return mdg_strcaseeq(want, mark);
}

void
mdg_token_tombstone(const struct mdg_key *k, const unsigned char *digest,
		    unsigned char out[MDG_TOMBSTONE_BYTES])
{
	keyed(k, "erased", digest, MDG_DIGEST_BYTES, out, MDG_TOMBSTONE_BYTES);
}
