#include "t.h"

#include "madoguchi/base/str.h"
#include "madoguchi/reply/slots.h"

/* 2026-11-21 12:00 in Japan, a Saturday */
#define MAIL_S 1795230000

static struct mdg_words *words;
static struct mdg_slots *slots;

static int
setup(void **state)
{
	struct mdg_err err;

	(void)state;
	mdg_words_open(&words, NULL);
	if (mdg_slots_open(&slots, words, &err))
		return 0;
	fprintf(stderr, "%s\n", err.text);
	return -1;
}

static int
teardown(void **state)
{
	(void)state;
	mdg_slots_close(&slots);
	mdg_words_close(&words);
	return 0;
}

static struct mdg_facts
extract(struct mdg_arena *a, const char *text, const char *signature,
	const char *from)
{
	struct mdg_slots_input in = {text, signature, from, MAIL_S};
	struct mdg_facts f;

	mdg_slots_extract(slots, &in, a, &f);
	return f;
}

/* All values of a kind, joined by spaces. */
static void
assert_values(const char *text, enum mdg_fact_kind kind, const char *want)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_facts f = extract(&a, text, NULL, NULL);
	const char *got = "";

	for (size_t i = 0; i < f.n; i++)
		if (f.v[i].kind == kind)
			got = mdg_arena_printf(&a, "%s%s%s", got,
					       *got ? "|" : "", f.v[i].value);
	if (!mdg_streq(got, want))
		fail_msg("%s: \"%s\", not \"%s\"", text, got, want);
}

static void
names_are_found_where_people_give_them(void **state)
{
	(void)state;
	assert_values("お名前：田中 一郎\n電話：090-1234-5678", MDG_FACT_NAME,
		      "田中 一郎");
	assert_values("はじめまして、佐藤花子と申します。", MDG_FACT_NAME,
		      "佐藤花子");
	assert_values("商品が届きました。", MDG_FACT_NAME, "");
	if (!words)
		return;
	assert_values("青葉商会の鈴木です。お世話になります。", MDG_FACT_NAME,
		      "鈴木");
	assert_values("色は黒です。", MDG_FACT_NAME, "");
}

static void
numbers_are_told_apart(void **state)
{
	(void)state;
	assert_values("注文番号１２３４５６７８の件です", MDG_FACT_ORDER,
		      "12345678");
	assert_values("注文番号はab-12345です", MDG_FACT_ORDER, "AB-12345");
	assert_values("注文してから10日たちました", MDG_FACT_ORDER, "");
	assert_values("090-1234-5678 または 03(1234)5678", MDG_FACT_PHONE,
		      "09012345678|0312345678");
	assert_values("折り返しは（０６）６３４１－７７２０へ", MDG_FACT_PHONE,
		      "0663417720");
	assert_values("〇九〇－一二三四－五六七八", MDG_FACT_PHONE,
		      "09012345678");
	assert_values("0120-123-456 に電話しました", MDG_FACT_PHONE, "");
	assert_values("FAX: 03-1234-5678", MDG_FACT_PHONE, "");
	assert_values("ＭＤ－５１２Ｘを使っています", MDG_FACT_MODEL,
		      "MD-512X");
	assert_values("エラーコード：E-21と出ます", MDG_FACT_ERROR, "E-21");
	assert_values("エラー0x80070005", MDG_FACT_ERROR, "0X80070005");
	assert_values("エラーコード：E-21と出ます", MDG_FACT_MODEL, "");
	assert_values("エラーが3回出ました", MDG_FACT_ERROR, "");
}

static void
places_stand_in_one_line_as_written(void **state)
{
	(void)state;
	assert_values("届け先は\n〒550-0014\n大阪府大阪市西区北堀江2-3-15\n"
		      "メゾン堀江 902号室\nです",
		      MDG_FACT_PLACE,
		      "〒550-0014 大阪府大阪市西区北堀江2-3-15 "
		      "メゾン堀江 902号室");
	assert_values("長野県軽井沢町大字長倉百二番地の五に移りました",
		      MDG_FACT_PLACE, "長野県軽井沢町大字長倉百二番地の五");
	assert_values("新住所：さいたま市浦和区常盤９－１７－３",
		      MDG_FACT_PLACE, "さいたま市浦和区常盤９－１７－３");
	assert_values("東京都港区芝公園4-2-8の店舗に行きました",
		      MDG_FACT_PLACE, "");
	assert_values("埼玉県川越市のお店で3-4回買いました", MDG_FACT_PLACE,
		      "");
	assert_values("郵便番号は150-0001です", MDG_FACT_PLACE, "");
}

static void
amounts_are_yen(void **state)
{
	(void)state;
	assert_values("代金3,850円を払いました", MDG_FACT_AMOUNT, "3850");
	assert_values("1.5万円と￥500", MDG_FACT_AMOUNT, "15000|500");
	assert_values("一万二千円です", MDG_FACT_AMOUNT, "12000");
}

static void
days_are_anchored_to_the_mail(void **state)
{
	(void)state;
	assert_values("11月20日に届きました", MDG_FACT_DATE, "2026-11-20");
	assert_values("令和8年11月3日に買いました", MDG_FACT_DATE,
		      "2026-11-03");
	assert_values("昨日届きました", MDG_FACT_DATE, "2026-11-20");
	assert_values("3日前に注文しました", MDG_FACT_DATE, "2026-11-18");
	assert_values("先週の金曜に電話しました", MDG_FACT_DATE, "2026-11-13");
	assert_values("来週の月曜日に届けてください", MDG_FACT_DATE,
		      "2026-11-23");
	assert_values("1月10日を希望します", MDG_FACT_DATE, "2027-01-10");
	assert_values("2月1日に買いました", MDG_FACT_DATE, "2026-02-01");
	assert_values("2026/10/05に購入", MDG_FACT_DATE, "2026-10-05");
}

static void
conflicts_are_shown_and_places_are_given(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_facts f = extract(&a,
				     "注文番号は11112222です。\n"
				     "注文番号は33334444です。",
				     NULL, NULL);

	(void)state;
	assert_int_equal(f.n, 2);
	assert_true(f.v[0].conflict && f.v[1].conflict);
	assert_int_equal(f.v[0].start, 5);
	assert_int_equal(f.v[0].end, 13);

	f = extract(&a, "田中と申します。", "田中 一郎\n03-1234-5678",
		    "田中 一郎");
	for (size_t i = 0; i < f.n; i++)
		assert_false(f.v[i].conflict);
	f = extract(&a, "田中と申します。", NULL, "鈴木 花子");
	/* only the dictionary knows that 鈴木 is a name */
	assert_true(!words || (f.n == 2 && f.v[0].conflict));
	f = extract(&a, "", "", "");
	assert_int_equal(f.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found_where_people_give_them),
		cmocka_unit_test(numbers_are_told_apart),
		cmocka_unit_test(places_stand_in_one_line_as_written),
		cmocka_unit_test(amounts_are_yen),
		cmocka_unit_test(days_are_anchored_to_the_mail),
		cmocka_unit_test(conflicts_are_shown_and_places_are_given),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
