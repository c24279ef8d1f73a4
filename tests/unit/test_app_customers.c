/* Customers as a table, in and out, on both engines. */
#include "desk_fixture.h"

#include "madoguchi/base/csv.h"
#include "madoguchi/query/csv.h"

#define HEAD                                                                   \
	"\xEF\xBB\xBF氏名,フリガナ,会社名,メール1,メール2,電話番号,備考,住所\r\n"

static json_t *
take(struct desk *k, const struct mdg_actor *who, const char *rows, bool dry,
     bool replace)
{
	MDG_AUTO(mdg_freep) char *text = mdg_asprintf("%s%s", HEAD, rows);

	return act(k, who, "customer.csv_in",
		   json_pack("{s:s,s:b,s:b}", "text", text, "dry", dry,
			     "replace", replace));
}

static int64_t
is(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

/* outcomes: new, changed, same, conflict, refused, a digit each */
static void
counted(const json_t *r, const char *outcomes)
{
	char got[32];

	snprintf(got, sizeof(got), "%d%d%d%d%d", (int)is(r, "new"),
		 (int)is(r, "changed"), (int)is(r, "same"),
		 (int)is(r, "conflict"), (int)is(r, "refused"));
	if (strcmp(got, outcomes) != 0)
		fail_msg("%s instead of %s: %s", got, outcomes,
			 json_dumps(r, 0));
	assert_int_equal(is(r, "rows"),
			 is(r, "new") + is(r, "changed") + is(r, "same") +
				 is(r, "conflict") + is(r, "refused"));
}

static void
told(const json_t *r, size_t i, int row, const char *outcome, const char *word)
{
	json_t *o = json_array_get(json_object_get(r, "told"), i);

	assert_non_null(o);
	assert_int_equal(is(o, "row"), row);
	assert_string_equal(json_string_value(json_object_get(o, "outcome")),
			    outcome);
	const char *why = json_string_value(json_object_get(o, "why"));
	if (!strstr(why, word))
		fail_msg("\"%s\" is not in: %s", word, why);
}

static void
in_body(const char *url)
{
	static const char rows[] =
		"山田 太郎,ヤマダ タロウ,\"株式会社「あ」, 東京\",taro@c.example,"
		"Taro2@C.example,'0312345678,\"一行目\r\n\"\"二行目\"\"\",東京都\r\n"
		"\r\n"
		"鈴木花子,,,,,9012345678,'=1+1,\r\n";
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;

	assert_true(t > 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer"), 1);
	act(&k, &k.op, "customer.set",
	    json_pack("{s:i,s:s}", "customer", 1, "name", ""));
	refused(&k, &k.op, MDG_EPERM, "customer.csv_in",
		json_pack("{s:s}", "text", rows));
	/* a dry run says the same and does nothing */
	json_t *r = take(&k, &k.sv, rows, true, false);
	counted(r, "11000");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer"), 1);
	r = take(&k, &k.sv, rows, false, false);
	counted(r, "11000");
	told(r, 0, 4, "note", "09012345678");
	assert_string_equal(json_string_value(json_array_get(
				    json_object_get(r, "ignored"), 0)),
			    "住所");
	assert_int_equal(
		count(&k, "SELECT COUNT(*) FROM customer c JOIN"
			  " customer_phone p ON p.customer_id = c.id"
			  " WHERE c.name = '山田 太郎' AND c.company ="
			  " '株式会社「あ」, 東京' AND c.note ="
			  " '一行目\n\"二行目\"' AND p.phone = '0312345678'"),
		1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer WHERE"
				   " name = '鈴木花子' AND note = '=1+1'"
				   " AND phone = '09012345678'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer_address"
				   " WHERE key = 'taro2@c.example'"),
			 1);
	/* once more nothing is new */
	counted(take(&k, &k.sv, rows, false, false), "00200");
	/* who it was, and how much, but none of the words */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE kind ="
				   " 'customer.csv_in'"),
			 3);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE kind ="
				   " 'customer.csv_in' AND (codes LIKE '%taro%'"
				   " OR codes LIKE '%花子%')"),
			 0);
	close_desk(&k);
}
EACH(a_table_of_a_spreadsheet_is_taken_in, in_body);

static void
conflict_body(const char *url)
{
	static const char first[] = "山田,,A社,taro@c.example,,03-1111-2222,,\n"
				    "佐藤,,,jiro@c.example,,03-3333-4444,,\n";
	static const char other[] = "山田一郎,,,taro@c.example,,,常連,\n";
	struct desk k = open_desk(url, "all");

	counted(take(&k, &k.sv, first, false, false), "20000");
	json_t *r = take(&k, &k.sv, other, false, false);
	counted(r, "00010");
	told(r, 0, 2, "conflict", "--replace");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer WHERE"
				   " name = '山田' AND note = '常連'"),
			 1);
	counted(take(&k, &k.sv, other, false, true), "01000");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer WHERE"
				   " name = '山田一郎' AND company = 'A社'"),
			 1);
	/* two persons, our own address, bad ones, nobody's row, a comma */
	r = take(&k, &k.sv,
		 "x,,,taro@c.example,jiro@c.example,,,\n"
		 "x,,,support@shop.example,,,,\n"
		 "x,,,neu@c.example,,123,,\n"
		 "x,,,,,,,\n"
		 "x,,,neu@c.example,,,,,もう一つ\n"
		 "x\xEF\xBF\xBD,,,neu@c.example,,,,\n"
		 "田中,,,,,0333334444,,\n",
		 false, true);
	counted(r, "00007");
	told(r, 0, 2, "refused", "customer merge");
	told(r, 1, 3, "refused", "support@shop.example");
	told(r, 2, 4, "refused", "123");
	told(r, 6, 8, "refused", "customer set");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer"), 2);
	/* the same number, an address of one's own: somebody else at home */
	counted(take(&k, &k.sv, "田中,,,goro@c.example,,0333334444,,\n", false,
		     true),
		"10000");
	/* by the number alone: it is the one with that name */
	counted(take(&k, &k.sv, "田中,タナカ,,,,+81 3-3333-4444,,\n", false,
		     false),
		"01000");
	/* an open quote: nothing of the table */
	refused(&k, &k.sv, MDG_EFORMAT, "customer.csv_in",
		json_pack("{s:s}", "text",
			  "氏名,メール\nあ,a@c.example\n\"い,b@c.example\n"));
	refused(&k, &k.sv, MDG_EFORMAT, "customer.csv_in",
		json_pack("{s:s}", "text", "氏名,住所\nあ,東京\n"));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer"), 3);
	close_desk(&k);
}
EACH(nothing_is_overwritten_silently, conflict_body);

static void
windows_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_actor other = person(&k, "sv2", "sv");
	json_t *r;

	take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"));
	act(&k, &mdg_actor_system, "window.add",
	    json_pack("{s:s,s:s,s:s,s:o,s:{s:i}}", "code", "two", "address",
		      "two@shop.example", "approval", "all", "calendar",
		      json_loads(t_always_open, 0, NULL), "policy",
		      "first_response_min", 60));
	act(&k, &mdg_actor_system, "user.role",
	    json_pack("{s:s,s:s,s:s}", "login", "sv2", "window", "two", "role",
		      "sv"));
	act(&k, &mdg_actor_system, "user.role",
	    json_pack("{s:s,s:s,s:s}", "login", "sv2", "window", "shop", "role",
		      "none"));
	r = act(&k, &other, "customer.csv_out", json_object());
	assert_int_equal(json_array_size(json_object_get(r, "customers")), 0);
	r = take(&k, &other,
		 "別人,,,taro@c.example,,,見た,\n"
		 "新人,,,new@c.example,,,,\n",
		 false, true);
	counted(r, "10001");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer"
				   " WHERE note = '見た'"),
			 0);
	r = act(&k, &k.sv, "customer.csv_out", json_object());
	assert_int_equal(json_array_size(json_object_get(r, "customers")), 2);
	close_desk(&k);
}
EACH(a_lead_reaches_only_customers_of_his_windows, windows_body);

static void
pages_body(const char *url)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf rows = {0};
	struct desk k = open_desk(url, "all");

	for (int i = 0; i < 1000; i++)
		mdg_buf_printf(&rows, "客%d,,,k%d@c.example,,,,\n", i, i);
	counted(take(&k, &k.sv, mdg_buf_str(&rows), false, false), "10000000");
	mdg_buf_puts(&rows, "客,,,one@c.example,,,,\n");
	MDG_AUTO(mdg_freep)
	char *text = mdg_asprintf("%s%s", HEAD, mdg_buf_str(&rows));
	refused(&k, &k.sv, MDG_ETOOBIG, "customer.csv_in",
		json_pack("{s:s}", "text", text));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer"), 1000);
	counted(take(&k, &k.sv, "客,,,one@c.example,,,,\n", false, false),
		"10000");
	json_t *r = act(&k, &k.sv, "customer.csv_out", json_object());
	assert_int_equal(json_array_size(json_object_get(r, "customers")),
			 1000);
	r = act(&k, &k.sv, "customer.csv_out",
		json_pack("{s:I}", "after", (json_int_t)is(r, "next")));
	assert_int_equal(json_array_size(json_object_get(r, "customers")), 1);
	assert_null(json_object_get(r, "next"));
	close_desk(&k);
}
EACH(many_customers_go_page_by_page, pages_body);

static void
out_body(const char *url)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf csv = {0};
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	static const char *const cells[] = {
		"name",       "kana",
		"company",    "addresses",
		"phones",     "note",
		"=cmd|x",     "",
		"＝A社",      "a@c.example, b@c.example",
		"0311112222", "'@x\n\"y\""};
	struct desk k = open_desk(url, "all");

	act(&k, &k.sv, "customer.csv_in",
	    json_pack("{s:s}", "text",
		      "name,company,addresses,phones,note\n"
		      "=cmd|x,＝A社,b@c.example; a@c.example,'0311112222,"
		      "\"''@x\n\"\"y\"\"\"\n"));
	refused(&k, &k.op, MDG_EPERM, "customer.csv_out", json_object());
	json_t *r = act(&k, &k.sv, "customer.csv_out", json_object());
	assert_null(json_object_get(r, "next"));
	mdg_csv_put(&csv, json_object_get(r, "customers"));
	const char *text = mdg_buf_str(&csv), *p = text + 3;
	assert_non_null(strstr(text, "\"'=cmd|x\""));
	assert_non_null(strstr(text, "\"'＝A社\""));
	assert_non_null(strstr(text, "\"'0311112222\""));
	for (size_t i = 0; i < MDG_LEN(cells); i++) {
		bool end;
		assert_string_equal(mdg_csv_cell(&p, &a, &end), cells[i]);
		assert_int_equal(end, i % 6 == 5);
	}
	assert_string_equal(p, "");
	/* what went out comes back as it was */
	r = act(&k, &k.sv, "customer.csv_in", json_pack("{s:s}", "text", text));
	counted(r, "00100");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE kind ="
				   " 'customer.csv_out'"),
			 1);
	close_desk(&k);
}
EACH(a_table_is_written_out_and_read_back, out_body);

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_a_spreadsheet_is_taken_in),
		cmocka_unit_test(nothing_is_overwritten_silently),
		cmocka_unit_test(a_lead_reaches_only_customers_of_his_windows),
		cmocka_unit_test(many_customers_go_page_by_page),
		cmocka_unit_test(a_table_is_written_out_and_read_back),
		cmocka_unit_test(t_all_engines_ran),
	};

	mdg_crypto_init();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	t_pg_stop();
	return failed;
}
