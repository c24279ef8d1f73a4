/* What only the desk knows of a reply: whose numbers and places are in it. */
#include "desk_fixture.h"

#include "madoguchi/app/check.h"
#include "madoguchi/store/st_reply.h"

static int64_t
mail_from(struct desk *k, const char *from, const char *text)
{
	static int n;
	MDG_AUTO(mdg_freep) char *id = mdg_asprintf("m%d@c", n++);

	return take_in(k, new_mail(id, from, "お願い", text)).ticket_id;
}

/* Aoki and Chiba have written, then Yamada, who is to be answered. */
static int64_t
three_customers(struct desk *k)
{
	mail_from(k, "aoki@c.example",
		  "青木です。\n〒104-0061 東京都中央区銀座1-2-3 銀座ビル405\n"
		  "電話は090-1234-5678です。\n支店は埼玉県さいたま市大宮区"
		  "桜木町一丁目7番地5、会場は東京都港区芝公園4-2-8です。\n"
		  "御社の東京都千代田区丸の内1-9-1へ伺います。");
	mail_from(k, "chiba@c.example",
		  "千葉です。会場は港区芝公園4丁目2番8号ですか。\n"
		  "電話 (03)3333-4444\n"
		  "自宅は北海道札幌市中央区北一条西二丁目1番地です。");
	act(k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:s}", "window", "shop", "signature",
		      "ショップ窓口\n東京都千代田区丸の内1-9-1\n"
		      "0120-000-111"));
	return mail_from(k, "yamada@c.example",
			 "山田です。住所は大阪府大阪市北区梅田３丁目１番３号、"
			 "電話は06-6123-4567です。");
}

/* The rules found, each once, as "a b". */
static void
find_in(struct desk *k, int64_t ticket, const char *body, struct mdg_buf *out)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	json_t *findings = json_array(), *o;
	struct mdg_draft draft;
	struct mdg_err err;
	size_t i;
	int64_t id = draft_for(k, ticket, body);

	if (mdg_draft_by_id(k->d->db, id, &a, &draft, &err) != MDG_FOUND ||
	    !mdg_guard_find(k->d, &draft, findings, &err))
		fail_msg("%s", why(&err));
	json_array_foreach (findings, i, o) {
		const char *rule =
			json_string_value(json_object_get(o, "rule"));
		json_int_t from = json_integer_value(
				   json_object_get(o, "start")),
			   to = json_integer_value(json_object_get(o, "end"));
		assert_true(from < to &&
			    (size_t)to <= mdg_utf8_len(body, strlen(body)));
		if (!strstr(mdg_buf_str(out), rule))
			mdg_buf_printf(out, "%s%s", out->len ? " " : "", rule);
	}
	json_decref(findings);
	act(k, &k->op, "draft.discard", draft_arg(id));
}

static void
check_all(const char *url, const char *const *bodies, size_t n,
	  const char *want)
{
	struct desk k = open_desk(url, "all");
	int64_t t = three_customers(&k);
	size_t wrong = 0;

	index_all(&k);
	for (size_t i = 0; i < n; i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf found = {0};
		find_in(&k, t, bodies[i], &found);
		if (strcmp(mdg_buf_str(&found), want) != 0) {
			print_message("%s: \"%s\"\n", bodies[i],
				      mdg_buf_str(&found));
			wrong++;
		}
	}
	close_desk(&k);
	assert_int_equal(wrong, 0);
}

static void
others_place_body(const char *url)
{
	static const char *const bodies[] = {
		"東京都中央区銀座1-2-3へお送りします。",
		"東京都中央区銀座１丁目２番３号 銀座ビル405へお送りします。",
		"お届け先は、中央区銀座一丁目２－３でございます。",
		"お届け先：\n〒104-0061\n東京都中央区銀座1-2-3-405",
		"さいたま市大宮区桜木町1-7-5に伺います。",
		"埼玉県さいたま市大宮区 桜木町１丁目７−５へ発送いたしました。",
		"札幌市中央区北一条西2-1へお届けします。",
	};
	check_all(url, bodies, MDG_LEN(bodies), "guard.other-place");
}

static void
no_others_place_body(const char *url)
{
	static const char *const bodies[] = {
		"大阪府大阪市北区梅田3-1-3へお送りします。",
		"大阪市北区梅田三丁目1番3号へお送りします。",
		"福岡県福岡市博多区博多駅前2-1-1へお送りください。",
		"東京都中央区銀座1-2-34へお送りします。",
		"東京都中央区銀座4-5-6へお送りします。",
		"会場は東京都港区芝公園4-2-8でございます。",
		"返送先は東京都千代田区丸の内1-9-1でございます。",
		"12月1-2日は市の祭りのため、銀座店は休業いたします。",
		"手順1-2-3をお試しください。",
		"市区町村コードの1-2-3桁目をご入力ください。",
		"札幌市中央区北一条西2-11へお届けします。",
	};
	check_all(url, bodies, MDG_LEN(bodies), "");
}

static void
others_phone_body(const char *url)
{
	static const char *const bodies[] = {
		"090-1234-5678へお電話いたします。",
		"09012345678へお電話いたします。",
		"090 1234 5678へお電話いたします。",
		"０９０（１２３４）５６７８へお電話いたします。",
		"０９０－１２３４－５６７８へお電話いたします。",
		"+81 90-1234-5678へお電話いたします。",
		"090(1234)5678へお電話いたします。",
		"お電話番号は(090)1234-5678でお間違いないでしょうか。",
		"03-3333-4444へお電話いたします。",
		"０３（３３３３）４４４４へお電話いたします。",
	};
	check_all(url, bodies, MDG_LEN(bodies), "guard.other-number");
}

static void
no_others_phone_body(const char *url)
{
	static const char *const bodies[] = {
		"06-6123-4567へお電話いたします。",
		"０６（６１２３）４５６７へお電話いたします。",
		"0661234567へお電話いたします。",
		"+81 6 6123 4567へお電話いたします。",
		"窓口は0120-000-111でございます。",
		"（０１２０）０００－１１１へお電話ください。",
		"03-9999-0000へお電話ください。",
		"090-1234-56789は製造番号でございます。",
		"受付時間は09:00-18:00でございます。",
		"2026-11-21 10:30に発送いたしました。",
	};
	check_all(url, bodies, MDG_LEN(bodies), "");
}

static const char *
said(const json_t *shown)
{
	const json_t *list = json_object_get(shown, "findings");
	size_t n = json_array_size(list);
	const char *s = json_string_value(
		json_object_get(json_array_get(list, n - 1), "message"));

	assert_non_null(s);
	return s;
}

/* English for op, who asked; Japanese for the lead, who decides. */
static void
readers_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_actor lead = k.sv;
	int64_t d, t = three_customers(&k);

	lead.lang = MDG_LANG_JA;
	index_all(&k);
	d = draft_for(&k, t, "090-1234-5678へお電話いたします。");
	const json_t *asked = act(
		&k, &k.op, "draft.submit",
		json_pack("{s:I,s:s}", "draft", d, "override", "本人の番号"));
	assert_non_null(strstr(said(asked), "customer"));
	const json_t *shown = act(&k, &lead, "approval.show", draft_arg(d));
	assert_non_null(strstr(said(shown), "お客様"));
	const json_t *request =
		json_array_get(json_object_get(shown, "requests"), 0);
	assert_non_null(strstr(said(request), "お客様"));
	shown = act(&k, &k.sv, "approval.show", draft_arg(d));
	assert_non_null(strstr(said(shown), "customer"));
	close_desk(&k);
}

EACH(findings_are_said_in_the_language_of_who_reads_them, readers_body);
EACH(a_place_of_another_customer_is_found_however_it_is_written,
     others_place_body);
EACH(a_place_of_theirs_of_ours_or_of_many_is_left_alone, no_others_place_body);
EACH(a_phone_of_another_customer_is_found_however_it_is_written,
     others_phone_body);
EACH(a_phone_of_theirs_of_ours_or_of_nobody_is_left_alone,
     no_others_phone_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(
		a_place_of_another_customer_is_found_however_it_is_written),
	cmocka_unit_test(a_place_of_theirs_of_ours_or_of_many_is_left_alone),
	cmocka_unit_test(
		a_phone_of_another_customer_is_found_however_it_is_written),
	cmocka_unit_test(a_phone_of_theirs_of_ours_or_of_nobody_is_left_alone),
	cmocka_unit_test(findings_are_said_in_the_language_of_who_reads_them),
	cmocka_unit_test(t_all_engines_ran),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
