#include "t.h"

#include <sys/stat.h>
#include <unistd.h>

#include "madoguchi/crypto/chain.h"
#include "madoguchi/crypto/passkey.h"
#include "madoguchi/crypto/token.h"

static const struct mdg_key key = {{1, 2, 3}}, other_key = {{9}};

static void
a_secret_opens_only_with_its_key_and_its_name(void **state)
{
	(void)state;
	struct mdg_buf sealed = {0}, out = {0};
	struct mdg_err err;

	mdg_seal(&key, "account:1", mdg_span("pässword", 9), &sealed);
	assert_true(mdg_unseal(&key, "account:1", mdg_buf_span(&sealed), &out,
			       &err));
	assert_string_equal(mdg_buf_str(&out), "pässword");
	assert_false(mdg_unseal(&key, "account:2", mdg_buf_span(&sealed), &out,
				&err));
	assert_false(mdg_unseal(&other_key, "account:1", mdg_buf_span(&sealed),
				&out, &err));
	for (size_t i = 0; i < sealed.len; i++) {
		sealed.ptr[i] ^= 1;
		assert_false(mdg_unseal(&key, "account:1",
					mdg_buf_span(&sealed), &out, &err));
		sealed.ptr[i] ^= 1;
	}
	mdg_buf_clear(&sealed);
	mdg_buf_clear(&out);
}

static void
a_message_id_of_ours_names_its_ticket_and_cannot_be_forged(void **state)
{
	(void)state;
	struct mdg_arena a = {0};
	int64_t ticket = 0;
	char *id = mdg_token_message_id(&key, 4242, "example.jp", &a);

	assert_true(mdg_token_ticket(&key, id, &ticket));
	assert_int_equal(ticket, 4242);
	assert_false(mdg_token_ticket(&other_key, id, &ticket));
	for (char *p = id; *p != '@'; p++) {
		char was = *p;
		*p = was == 'a' ? 'b' : 'a';
		assert_false(mdg_token_ticket(&key, id, &ticket));
		*p = was;
	}
	assert_false(mdg_token_ticket(&key, "mdg.@", &ticket));
	assert_false(mdg_token_ticket(&key, "", &ticket));
	/* two mails of one ticket have different ids */
	assert_string_not_equal(
		id, mdg_token_message_id(&key, 4242, "example.jp", &a));
	mdg_arena_clear(&a);
}

static void
a_subject_tag_is_checked_whatever_its_case(void **state)
{
	(void)state;
	char tag[MDG_TAG_CHECK_CHARS + 1];

	mdg_token_tag(&key, 10042, tag);
	assert_true(mdg_token_tag_ok(&key, 10042, tag));
	assert_false(mdg_token_tag_ok(&key, 10043, tag));
	tag[0] = (char)(tag[0] >= 'a' ? tag[0] - 32 : tag[0]);
	assert_true(mdg_token_tag_ok(&key, 10042, tag));
}

static void
a_master_key_that_others_can_read_is_refused(void **state)
{
	(void)state;
	char dir[] = "/tmp/mdg-key-XXXXXX", path[64];
	struct mdg_key k, again;
	struct mdg_err err;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/k", dir);
	assert_true(mdg_key_create(path, &k, &err));
	assert_true(mdg_key_load(path, &again, &err));
	assert_memory_equal(&k, &again, sizeof(k));
	assert_false(mdg_key_create(path, &k, &err));
	assert_int_equal(err.code, MDG_EEXIST);
	chmod(path, 0640);
	assert_false(mdg_key_load(path, &again, &err));
	assert_int_equal(err.code, MDG_EPERM);
	/* as systemd hands it over: root's, behind an ACL */
	chmod(path, 0440);
	assert_int_equal(mdg_key_load(path, &again, &err),
			 getuid() == 0 && getgid() == 0);
	unlink(path);
	rmdir(dir);
}

static void
every_field_of_an_event_changes_its_hash(void **state)
{
	(void)state;
	const unsigned char zero[MDG_DIGEST_BYTES] = {0};
	unsigned char h[MDG_DIGEST_BYTES], g[MDG_DIGEST_BYTES];
	const struct mdg_chain_link l = {1, 2,	 3,   4,  5,
					 "a", "bc", "{}", {NULL, 0}};

	mdg_chain_hash(zero, &l, h);
	struct mdg_chain_link m[8] = {l, l, l, l, l, l, l, l};
	m[0].lane++;
	m[1].seq++;
	m[2].time_s++;
	m[3].ticket_id++;
	m[4].ticket_rev++;
	m[5].actor = "ab", m[5].kind = "c"; /* same bytes, cut elsewhere */
	m[6].codes = "{ }";
	m[7].commitment = mdg_span("x", 1);
	for (size_t i = 0; i < 8; i++) {
		mdg_chain_hash(zero, &m[i], g);
		assert_memory_not_equal(h, g, sizeof(h));
	}
	mdg_chain_hash(h, &l, g);
	assert_memory_not_equal(h, g, sizeof(h));
}

static void
a_password_is_long_and_not_one_character(void **state)
{
	struct mdg_err err;

	(void)state;
	assert_false(mdg_password_check("", &err));
	assert_false(mdg_password_check("aaaaaaaaaaaaaa", &err));
	assert_false(mdg_password_check("十一文字しかないのです", &err));
	assert_true(mdg_password_check("正しい馬と電池とホチキス", &err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_opens_only_with_its_key_and_its_name),
		cmocka_unit_test(
			a_message_id_of_ours_names_its_ticket_and_cannot_be_forged),
		cmocka_unit_test(a_subject_tag_is_checked_whatever_its_case),
		cmocka_unit_test(a_master_key_that_others_can_read_is_refused),
		cmocka_unit_test(every_field_of_an_event_changes_its_hash),
		cmocka_unit_test(a_password_is_long_and_not_one_character),
	};
	mdg_crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
