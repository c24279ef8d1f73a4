/*
 * The mis-send guard as a whole, the words by the reply check and the rest by
 * the desk: cases of tests/data/lint/guard_desk.txt, written before anybody
 * looked how it works.
 */
#include "desk_fixture.h"

#include "madoguchi/app/check.h"
#include "madoguchi/store/st_reply.h"
#include "worker/text_draft.h"

/* Wednesday, 18 November 2026, noon in Japan */
#define NOW_S 1794970800

static const struct customer {
	const char *key, *name, *address, *cc, *subject, *text;
} customers[] = {
	{"tanaka", "田中 花子", "tanaka.hanako@aoba.example",
	 "boss@aoba.example", "加湿器の水漏れ",
	 "株式会社青葉商会の田中花子と申します。\n注文番号 AB-10042 で買った"
	 "加湿器についてです。\n加湿器のタンクから水が漏れて、床まで濡れて"
	 "しまいました。\n請求書は弊社経理の鈴木宛にお願いします。\n"
	 "写真を添付します。\n\n〒105-0011 東京都港区芝公園4-2-8\n"
	 "電話 03-1111-2222"},
	{"takahashi", "髙橋 健一", "kenichi@ume.example", NULL, "掃除機の件",
	 "髙橋です。注文番号 AB-20077 の掃除機のことで連絡しました。\n"
	 "梅田の事務所で使っている掃除機が、昨日から異音を立てて止まって"
	 "しまいます。\n〒530-0001 大阪府大阪市北区梅田3-1-3\n06-6123-4567"},
	{"saito", "齋藤 由美", "yumi@saku.example", NULL, "発送について",
	 "齋藤です。注文番号 AB-30055 はいつ届きますか。"},
	{"watanabe", "渡邊 誠", "makoto@nami.example", NULL, "契約の確認",
	 "渡邊と申します。契約の内容を教えてください。"},
	{"yamazaki", "山﨑 陽子", "yoko@hama.example", NULL, "住所変更",
	 "山﨑です。住所の変更をお願いします。"},
	{"kobayashi", "小林 翔太", "shota@kawa.example", NULL, "予約",
	 "小林翔太（コバヤシ ショウタ）です。予約をお願いします。"},
	{"otsuka", "大塚 誠", "otsuka@minato-seiki.example", NULL, "見積依頼",
	 "株式会社みなと精機 購買部の大塚です。見積をお願いします。"},
	{"sato", "サトウ ミキ", "miki@yama.example", NULL, "登録の確認",
	 "サトウ ミキ（佐藤）です。登録を確認してください。"},
	{"smith", "John Smith", "john@smith.example", NULL, "My order",
	 "Hello, this is John Smith. I attached a photo of the parcel."},
	{"brown", "Emily Brown", "emily@brown.example", NULL, "Question",
	 "Hello, I am Emily Brown. Do you ship to Canada?"},
	{"chiba", "千葉 隆", "chiba@c.example", NULL, "店舗",
	 "千葉です。お店の場所を教えてください。"},
	{"shopnews", "お知らせ", "noreply@shop-news.example", NULL, "ご案内",
	 "新しいサービスのご案内です。"},
};
enum { CUSTOMERS = sizeof(customers) / sizeof(customers[0]) };

struct world {
	struct desk k;
	int64_t ticket[CUSTOMERS];
	struct mdg_lint *lint;
	struct mdg_words *words;
};

static int64_t
write_in(struct desk *k, const struct customer *c, const char *text)
{
	MDG_AUTO(mdg_freep) char *id = mdg_asprintf("%s@c", c->key);
	struct mdg_mail *m = new_mail(id, c->address, c->subject, text);

	m->from.v[0].name = mdg_arena_strdup(&m->arena, c->name);
	if (c->cc)
		mdg_addresses_add(&m->cc, &m->arena, "", c->cc, c->cc);
	return take_in(k, m).ticket_id;
}

static struct world
open_world(const char *url)
{
	struct world w = {.k = open_desk(url, "all")};
	struct mdg_err err;

	mdg_words_open(&w.words, NULL);
	if (!mdg_lint_open(&w.lint, w.words, &err))
		fail_msg("%s", why(&err));
	for (size_t i = 0; i < CUSTOMERS; i++)
		w.ticket[i] = write_in(&w.k, &customers[i], customers[i].text);
	index_all(&w.k);
	return w;
}

static void
close_world(struct world *w)
{
	mdg_lint_close(&w->lint);
	mdg_words_close(&w->words);
	close_desk(&w->k);
}

static size_t
customer_at(const char *key, size_t n)
{
	for (size_t i = 0; i < CUSTOMERS; i++)
		if (strlen(customers[i].key) == n &&
		    strncmp(customers[i].key, key, n) == 0)
			return i;
	fail_msg("no customer %.*s", (int)n, key);
	return 0;
}

/* %key% is the number of that customer's ticket. */
static char *
filled(struct world *w, const char *s, size_t n)
{
	struct mdg_buf out = {0};
	const char *end = s + n, *close;

	for (; s < end; s++) {
		if (*s == '%' &&
		    (close = memchr(s + 1, '%', (size_t)(end - s) - 1))) {
			size_t c = customer_at(s + 1, (size_t)(close - s) - 1);
			mdg_buf_printf(
				&out, "%lld",
				(long long)number_of(&w->k, w->ticket[c]));
			s = close;
		} else {
			mdg_buf_put(&out, s, 1);
		}
	}
	char *ret = mdg_strdup(mdg_buf_str(&out));
	mdg_buf_clear(&out);
	return ret;
}

static void
attach(struct desk *k, int64_t draft, const char *name)
{
	json_t *r = act(k, &k->op, "upload.begin",
			json_pack("{s:I,s:s,s:s,s:i}", "draft",
				  (json_int_t)draft, "filename", name,
				  "media_type", "application/pdf", "bytes", 3));
	json_int_t id = json_integer_value(json_object_get(r, "upload"));

	act(k, &k->op, "upload.put",
	    json_pack("{s:I,s:I,s:i,s:s}", "draft", (json_int_t)draft, "upload",
		      id, "n", 0, "base64", "YWJj"));
	act(k, &k->op, "upload.end",
	    json_pack("{s:I,s:I}", "draft", (json_int_t)draft, "upload", id));
}

/* What stands after "to=", "cc=" … in the line of a case; new, or NULL. */
static char *
option(struct world *w, const char *line, const char *key)
{
	const char *p = strstr(line, key);

	if (!p)
		return NULL;
	p += strlen(key);
	return filled(w, p, strcspn(p, " \n"));
}

static void
surround(struct world *w, size_t c, int64_t draft, const char *line)
{
	MDG_AUTO(mdg_freep) char *to = option(w, line, "to=");
	MDG_AUTO(mdg_freep) char *cc = option(w, line, "cc=");
	MDG_AUTO(mdg_freep) char *file = option(w, line, "file=");
	MDG_AUTO(mdg_freep) char *then = option(w, line, "then=");
	struct mdg_err err;

	if (to)
		act(&w->k, &w->k.op, "draft.edit",
		    json_pack("{s:I,s:[s]}", "draft", (json_int_t)draft, "to",
			      to));
	if (cc)
		act(&w->k, &w->k.op, "draft.edit",
		    json_pack("{s:I,s:[s]}", "draft", (json_int_t)draft, "cc",
			      cc));
	if (file)
		attach(&w->k, draft, file);
	if (then) {
		size_t who = strcmp(then, "own") == 0 ? c : (c + 1) % CUSTOMERS;
		/* all of it was a while ago, also where no clock can be set */
		assert_true(mdg_db_run(w->k.d->db, &err,
				       "UPDATE ticket SET inbound_s ="
				       " inbound_s - 5",
				       "") &&
			    mdg_db_run(w->k.d->db, &err,
				       "UPDATE draft SET created_s ="
				       " created_s - 5, changed_s ="
				       " changed_s - 5",
				       ""));
		struct mdg_mail *m = new_mail(NULL, customers[who].address,
					      customers[who].subject,
					      "やはり急いでください。");
		m->message_id = mdg_arena_printf(&m->arena, "t%lld@c",
						 (long long)draft);
		char subject[120];
		snprintf(subject, sizeof(subject), "Re: %s",
			 customers[who].subject);
		m->subject = mdg_arena_strdup(&m->arena, subject);
		MDG_AUTO(mdg_freep)
		char *ref = mdg_asprintf("%s@c", customers[who].key);
		mdg_strings_add(&m->references, &m->arena, ref, 8);
		int64_t t = take_in(&w->k, m).ticket_id;
		assert_int_equal(t, w->ticket[who]);
	}
}

/* The guard's rules that are found, " a b ". */
static void
find_in(struct world *w, int64_t id, struct mdg_buf *out)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	json_t *findings = NULL, *o;
	struct mdg_draft draft;
	struct mdg_err err;
	size_t i;

	if (mdg_draft_by_id(w->k.d->db, id, &a, &draft, &err) != MDG_FOUND)
		fail_msg("%s", why(&err));
	MDG_AUTO(mdg_freep)
	char *text = mdg_check_question(w->k.d, &draft, &err);
	json_t *question = json_loads(text, 0, NULL);
	json_object_set_new(question, "at", json_integer(NOW_S));
	json_t *answer = text_judge_draft(w->lint, question, &a);
	if (!mdg_check_keep(w->k.d, &draft, answer, &findings, &err))
		fail_msg("%s", why(&err));
	mdg_buf_puts(out, " ");
	json_array_foreach (findings, i, o) {
		const char *rule =
			json_string_value(json_object_get(o, "rule"));
		if (strncmp(rule, "guard.", 6) == 0)
			mdg_buf_printf(out, "%s ", rule);
	}
	json_decref(question);
	json_decref(answer);
	json_decref(findings);
}

static bool
as_wanted(const char *want, const char *found)
{
	char list[200], *save = NULL;

	if (strcmp(want, "- ") == 0)
		return strcmp(found, " ") == 0;
	snprintf(list, sizeof(list), "%s", want);
	for (char *p = strtok_r(list, " ", &save); p;
	     p = strtok_r(NULL, " ", &save)) {
		char one[80];
		snprintf(one, sizeof(one), " %s ", p);
		if (strstr(found, one))
			return true;
	}
	return false;
}

static bool
holds(struct world *w, const char *line, const char *body)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf found = {0};
	MDG_AUTO(mdg_freep) char *text = filled(w, body, strlen(body));
	char name[80], who[40], want[200], rest[200] = "";

	if (sscanf(line, "=== %79[^|]| %39[^ |] | %199[^|]|%199[^\n]", name,
		   who, want, rest) < 3)
		fail_msg("%s", line);
	size_t c = customer_at(who, strlen(who));
	int64_t draft = draft_for(&w->k, w->ticket[c], text);
	surround(w, c, draft, rest);
	find_in(w, draft, &found);
	act(&w->k, &w->k.op, "draft.discard", draft_arg(draft));
	if (as_wanted(want, mdg_buf_str(&found)) == !strstr(rest, "gap"))
		return true;
	fprintf(stderr, "%s: wanted %s, found%s\n", name, want,
		mdg_buf_str(&found));
	return false;
}

static void
found_or_spared_body(const char *url)
{
	const char *top = getenv("top_srcdir");
	MDG_AUTO(mdg_freep)
	char *path = mdg_asprintf("%s/tests/data/lint/guard_desk.txt",
				  top ? top : ".");
	MDG_AUTO(mdg_buf_clear) struct mdg_buf body = {0};
	FILE *f = fopen(path, "r");
	char line[1000], head[1000] = "";
	size_t n = 0, wrong = 0;

	assert_non_null(f);
	struct world w = open_world(url);
	for (bool more = true; more;) {
		more = fgets(line, sizeof(line), f) != NULL;
		if (line[0] == '#' && !body.len)
			continue;
		if (more && strncmp(line, "=== ", 4) != 0) {
			mdg_buf_puts(&body, line);
			continue;
		}
		if (head[0]) {
			n++;
			wrong += !holds(&w, head, mdg_buf_str(&body));
		}
		mdg_buf_clear(&body);
		snprintf(head, sizeof(head), "%s", line);
	}
	fclose(f);
	close_world(&w);
	if (wrong)
		fail_msg("%zu of %zu cases", wrong, n);
	assert_true(n > 100);
}
EACH(what_goes_to_the_wrong_person_is_found_and_nothing_else,
     found_or_spared_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(
		what_goes_to_the_wrong_person_is_found_and_nothing_else),
};
DESK_TESTS(tests);
