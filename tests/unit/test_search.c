#include "t.h"

#include "madoguchi/base/buf.h"
#include "madoguchi/store/db.h"
#include "madoguchi/store/migrate.h"
#include "madoguchi/store/search.h"
#include "pg.h"

static struct mdg_db *
open_new(const char *url)
{
	struct mdg_db *db = NULL;
	struct mdg_err err;

	if (!mdg_db_open(url, MDG_DB_CREATE, &db, &err) ||
	    !mdg_migrate(db, NULL, &err))
		fail_msg("%s", err.text);
	return db;
}

static void
put(struct mdg_db *db, int64_t doc, const char *terms)
{
	struct mdg_err err;

	if (!mdg_search_put(db, doc, terms, &err))
		fail_msg("%s", err.text);
}

/* The ids found, as text: "3 1". */
static const char *
find(struct mdg_db *db, const struct mdg_search_phrase *p, size_t n,
     int64_t before, size_t max)
{
	static char out[4096];
	int64_t ids[1000];
	struct mdg_err err;
	size_t found;
	int len = 0;

	if (!mdg_search_query(db, p, n, before, max, ids, &found, &err))
		fail_msg("%s", err.text);
	out[0] = '\0';
	for (size_t i = 0; i < found; i++)
		len += snprintf(out + len, sizeof(out) - (size_t)len, "%s%lld",
				i ? " " : "", (long long)ids[i]);
	return out;
}

static const char *
find1(struct mdg_db *db, const char *terms, bool prefix)
{
	struct mdg_search_phrase p = {terms, prefix};
	return find(db, &p, 1, 0, 1000);
}

static void
words_body(const char *url)
{
	struct mdg_db *db = open_new(url);

	/* 返品したい / 商品の返金 / 返答 */
	put(db, 1, "返品 品し した たい order a-1");
	put(db, 2, "商品 品の の返 返金");
	put(db, 3, "返答 order a-12");
	assert_string_equal(find1(db, "返品", false), "1");
	assert_string_equal(find1(db, "返", true), "3 2 1");
	assert_string_equal(find1(db, "返", false), "");
	assert_string_equal(find1(db, "返品 品し", false), "1");
	/* consecutive only */
	assert_string_equal(find1(db, "返品 した", false), "");
	const struct mdg_search_phrase both[] = {{"返品", false},
						 {"した", false}};
	assert_string_equal(find(db, both, 2, 0, 10), "1");
	const struct mdg_search_phrase none[] = {{"返品", false},
						 {"返金", false}};
	assert_string_equal(find(db, none, 2, 0, 10), "");
	assert_string_equal(find1(db, "order a-1", false), "1");
	assert_string_equal(find1(db, "order a-1", true), "3 1");
	/* nothing asked */
	assert_string_equal(find1(db, "  ", true), "");
	assert_string_equal(find(db, NULL, 0, 0, 10), "");
	const struct mdg_search_phrase half[] = {{"", false}, {"返金", false}};
	assert_string_equal(find(db, half, 2, 0, 10), "2");
	mdg_db_close(&db);
}

static void
two_characters_are_found_and_phrases_are_consecutive(void **state)
{
	(void)state;
	t_each_engine(words_body);
}

static void
odd_terms_body(const char *url)
{
	struct mdg_db *db = open_new(url);
	static const char *const odd[] = {
		"\"",        "a\"b", "'",         "a'b", "\\",  "x\\",
		"*",         "AND",  "NEAR(a",    "(",   ":*",  "a:b",
		"-",         "^",    "{terms}:a", "<->", "!",   "&|",
		"😀",         "%_",   "\t",        "ｱ",   "Ａ",  "ÄÖ",
		"a\xCC\x88", "NULL", "?1",        "$1",  ";--", "'a':1"};

	for (size_t i = 0; i < MDG_LEN(odd); i++) {
		MDG_AUTO(mdg_freep)
		char *terms = mdg_asprintf("x %s y%zu", odd[i], i);
		put(db, (int64_t)i + 1, terms);
	}
	for (size_t i = 0; i < MDG_LEN(odd); i++) {
		char want[16];
		snprintf(want, sizeof(want), "%zu", i + 1);
		MDG_AUTO(mdg_freep)
		char *phrase = mdg_asprintf("x %s y%zu", odd[i], i);
		assert_string_equal(find1(db, odd[i], false), want);
		assert_string_equal(find1(db, phrase, false), want);
	}
	/* nothing is folded: that is done before */
	assert_string_equal(find1(db, "äö", false), "");
	mdg_db_close(&db);
}

static void
no_character_of_a_term_means_anything(void **state)
{
	(void)state;
	t_each_engine(odd_terms_body);
}

static void
remove_body(const char *url)
{
	struct mdg_db *db = open_new(url);
	struct mdg_err err;

	put(db, 1, "aa bb aa");
	put(db, 2, "aa cc");
	assert_true(mdg_search_remove(db, 1, "aa bb aa", &err));
	assert_string_equal(find1(db, "aa", false), "2");
	assert_string_equal(find1(db, "bb", false), "");
	assert_string_equal(find1(db, "b", true), "");
	bool done;
	assert_true(mdg_db_scrub(db, &done, &err) && done);
	put(db, 1, "dd bb");
	assert_string_equal(find1(db, "bb", false), "1");
	assert_string_equal(find1(db, "aa", false), "2");

	/* with the transaction or not at all */
	assert_true(mdg_db_begin(db, &err));
	put(db, 3, "ee");
	assert_string_equal(find1(db, "ee", false), "3");
	assert_true(mdg_db_savepoint(db, "mail", &err));
	put(db, 4, "ee");
	assert_true(mdg_db_rollback_to(db, "mail", &err));
	assert_string_equal(find1(db, "ee", false), "3");
	mdg_db_rollback(db);
	assert_string_equal(find1(db, "ee", false), "");
	mdg_db_close(&db);
}

static void
what_is_removed_is_not_found(void **state)
{
	(void)state;
	t_each_engine(remove_body);
}

static void
paging_body(const char *url)
{
	struct mdg_db *db = open_new(url);
	struct mdg_search_phrase p = {"common", false};
	struct mdg_err err;
	char terms[64];

	assert_true(mdg_db_begin(db, &err));
	for (int i = 1; i <= 300; i++) {
		snprintf(terms, sizeof(terms), "common n%d %s", i,
			 i % 100 ? "x" : "rare");
		put(db, i, terms);
	}
	assert_true(mdg_db_commit(db, &err));
	assert_string_equal(find(db, &p, 1, 0, 3), "300 299 298");
	assert_string_equal(find(db, &p, 1, 298, 3), "297 296 295");
	assert_string_equal(find(db, &p, 1, 3, 10), "2 1");
	assert_string_equal(find(db, &p, 1, 1, 10), "");
	assert_string_equal(find(db, &p, 1, 0, 0), "");
	assert_string_equal(find1(db, "rare", false), "300 200 100");
	mdg_db_close(&db);

	/* another process with reading rights only */
	assert_true(mdg_db_open(url, MDG_DB_READONLY, &db, &err));
	assert_string_equal(find1(db, "rare", false), "300 200 100");
	mdg_db_close(&db);
}

static void
results_come_newest_first_by_pages(void **state)
{
	(void)state;
	t_each_engine(paging_body);
}

static void
huge_body(const char *url)
{
	struct mdg_db *db = open_new(url);
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_err err;

	for (int i = 0; i < 200000; i++)
		mdg_buf_printf(&b, "t%d same ", i);
	put(db, 1, mdg_buf_str(&b));
	assert_string_equal(find1(db, "same", false), "1");
	assert_string_equal(find1(db, "t5 same t6", false), "1");
	assert_true(mdg_search_remove(db, 1, mdg_buf_str(&b), &err));
	assert_string_equal(find1(db, "same", false), "");

	/* one enormous term is no reason to refuse a mail */
	mdg_buf_reset(&b);
	for (int i = 0; i < 5000; i++)
		mdg_buf_puts(&b, "long");
	mdg_buf_puts(&b, " end");
	put(db, 2, mdg_buf_str(&b));
	assert_string_equal(find1(db, "end", false), "2");
	mdg_buf_reset(&b);
	for (int i = 0; i < 20000; i++)
		mdg_buf_puts(&b, "q ");
	struct mdg_search_phrase p = {mdg_buf_str(&b), false};
	struct mdg_search_phrase many[2] = {p, p};
	int64_t ids[1];
	size_t n;
	assert_false(mdg_search_query(db, many, 2, 0, 1, ids, &n, &err));
	assert_int_equal(err.code, MDG_ETOOBIG);
	mdg_db_close(&db);
}

static void
a_huge_document_or_term_is_taken(void **state)
{
	(void)state;
	t_each_engine(huge_body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			two_characters_are_found_and_phrases_are_consecutive),
		cmocka_unit_test(no_character_of_a_term_means_anything),
		cmocka_unit_test(what_is_removed_is_not_found),
		cmocka_unit_test(results_come_newest_first_by_pages),
		cmocka_unit_test(a_huge_document_or_term_is_taken),
		cmocka_unit_test(t_all_engines_ran),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	t_pg_stop();
	return failed;
}
