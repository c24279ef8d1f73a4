#include "madoguchi/reply/mood.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

enum { MATCH_LIMIT = 100000, HITS_MAX = 8, JST_S = 9 * 3600, HOUR_S = 3600 };

const char *
mdg_mood_sign_name(enum mdg_mood_sign sign)
{
	static const char *const names[MDG_MOOD_SIGN_N] = {
		[MDG_MOOD_REPEAT] = "repeat",     [MDG_MOOD_ANGER] = "anger",
		[MDG_MOOD_DEMAND] = "demand",     [MDG_MOOD_FORM] = "form",
		[MDG_MOOD_HARM] = "harm",         [MDG_MOOD_NIGHT] = "night",
		[MDG_MOOD_THANKS] = "thanks",     [MDG_MOOD_THREAT] = "threat",
		[MDG_MOOD_COERCION] = "coercion", [MDG_MOOD_INSULT] = "insult",
		[MDG_MOOD_SEXUAL] = "sexual",
	};
	return names[sign];
}

/* clang-format off */
/* On folded text (NFKC): signs and digits are ASCII. */
static const struct {
	enum mdg_mood_sign sign;
	const char *pattern;
} patterns[] = {
	{MDG_MOOD_REPEAT,
	 "何度も|何回も|何十[回通]|再三|再[々度](?:の)?(?:連絡|メール|問|お願い|催促)|"
	 "(?:[二三四五2-9](?:度|回)目|[3-9]度目)(?:です|の(?:連絡|メール|問|お))|"
	 "(?:まだ|いまだ|未だ|一向に|ずっと|何日も|いつまで(?:たって|経って)も)[^。\\n]{0,24}(?:返事|返信|連絡|回答|対応)[^。\\n]{0,6}(?:ない|ませ|こない|来な|もらえ|いただけ)|"
	 "返[事信答](?:が|も|は)?(?:一切|全く|まったく)?(?:ない|来ない|こない|ありません|来ません|もらえ|いただけ)|"
	 "(?:連絡|回答)(?:が|も)(?:一切|全く|まったく)?(?:ない|来ない|こない|ありません|来ません)|音沙汰|放置|無視(?:され|し|です)|"
	 "(?:もう|すでに|かれこれ)[^。\\n]{0,8}(?:日|週間|[かヶケ箇]月|時間|年)[^。\\n]{0,4}(?:待|経|たち|たって|連絡|返)|[2-9二三四五六七八九](?:回|度|通)も[^。\\n]{0,6}(?:メール|電話|連絡|問|お願い|送)|"
	 "(?:メール|返事|連絡|電話)[^。\\n]{0,4}返って(?:こ|来)な|(?:誰も|電話に?)[^。\\n]{0,4}(?:出な|出ませ|つながらな|つながりませ|繋がらな|繋がりませ)|待たされ|"
	 "(?:また|またもや)(?:同じ|届|間違|壊れ|故障|不良|止ま)|前(?:にも|回も)(?:言|伝え|連絡|同じ|問)"},
	{MDG_MOOD_ANGER,
	 "ひど[いくす]|酷[いくす]|最悪(?!の(?:場合|ケース|事態)|でも|、|は|、)|最低(?!限|でも|[0-9０-９]|気温|料金|価格|賃金|の(?:条件|ライン))|"
	 "信じられ(?:ない|ません)|(?:あり|有り|在り)[得え](?:ない|ません)|納得(?:が|は)?(?:でき|出来|いか|いき)(?:な|ま|かね)|不誠実|誠意(?:が|を|の)|"
	 "(?:呆|あき)れ(?!顔)|怒(?:り|って|っ)(?!(?:て)?(?:い)?(?:る|ます)?わけ(?:では|じゃ))|腹(?:が|の)?立|腹立|ふざけ(?:る|た|て|ん)|いい加減に|冗談じゃ|話になら|馬鹿に(?:し|する)|バカに(?:し|する)|(?:なめ|舐め)て[いるん]|"
	 "詐欺(?:です|だ|まが|同然|じゃ|みたい)|嘘(?:つき|を(?:つ|言)|ばか|だ)|ウソ(?:つき|を)|騙(?:され|し)|だまされ|裏切|二度と(?:買|利用|使|頼|注文)|もう(?:二度と|絶対)|がっかり|失望|不愉快|不快|頭(?:に|へ)(?:来|き)|許せ|許(?:さ|し)(?:ない|がた|難)|"
	 "(?:対応|態度|説明|言い方|口調)(?:が|も|は)(?:悪|わる|最低|ひど|雑|失礼|横柄|悪い)|失礼(?:だ|な|では|じゃ|極まり|にも)|いら(?:いら|つ)|イライラ|うんざり|どういう(?:つもり|こと(?:です|だ|なん)|教育|神経)|何を考えて|やる気(?:が)?(?:ない|ある)|泣き寝入り|憤|遺憾|非常識|無責任|たらい回し|ありえん|むかつ|ムカつ|キレ(?:そう|ま|て)|おかしい(?:でしょ|だろ|じゃ|のでは|と思い)|困りはて|困り果て|台無し|怒鳴|(?:本当に|とても|すごく|ほんとに|大変)困って|(?:対応|返事|返信|連絡|発送|到着)が(?:遅すぎ|遅い(?!か))|どうなって(?:い)?る(?:の|ん)(?:です|だ|か)|おかしく(?:ない|あり)|違うじゃ(?:ない|ん)|違いすぎ|(?:正直|かなり|とても|大変)不満|偉そう|ため息|見下|無礼|横柄|不親切|不信感|残念で(?:な|たま)"},
	{MDG_MOOD_DEMAND,
	 "責任者|上司(?:を|に|と|の)|上の(?:人|者|方)(?:を|に|と|から)|社長(?:を|に|と)|店長(?:を|に)|(?:返金|謝罪|弁償|賠償|交換|補償)(?:しろ|せよ|を?(?:要求|求め)|してください!)|(?:謝罪|説明|弁償|誠意)(?:して|を見せて)(?:ください|下さい|ほしい|もらい)|(?:今日|本日|明日)中に[^。\\n]{0,8}(?:しろ|せよ|よこ|返せ)|(?:今すぐ|いますぐ|ただちに|直ちに|即刻|即座に)|いつまで(?:待|かか)|"
	 "消費者(?:センター|庁|生活|相談)|消費生活センター|国民生活センター|弁護士|訴え(?:ま|る|て|たい)|訴訟|法的(?:措置|手段|な)|裁判|警察(?:に|へ)|(?:SNS|ツイッター|Twitter|X|ネット|口コミ|レビュー|ブログ)(?:に|で)(?:[^。\\n]{0,10})?(?:書|晒|さら|拡散|広め|公開|投稿|流)|晒(?:し|す)|拡散|至急[\\s\\S]{0,200}至急|大至急|誠意(?:ある|を見せ|を示)|(?:書面|文書)で(?:回答|謝罪|説明)|納得(?:の|でき)(?:いく|る)(?:説明|回答|対応)を"},
	{MDG_MOOD_FORM,
	 "[!]{2,}|[?]{2,}|[!?]{3,}|(?:しろ|せよ|出せ|返せ|よこせ|答えろ|謝れ|説明しろ|やめろ|ふざけるな|急げ|直せ|来い|払え)(?:よ|や)?(?:[。!\\n]|$)|(?:だろ|でしょ)(?:う)?(?:が)?(?:!|よ!)|(?:早く|はやく|さっさと)(?:しろ|して!|しろ)|(?:んです|です)けど(?:!|\\?!)|ですか!"},
	{MDG_MOOD_HARM,
	 "(?:怪我|けが|ケガ)(?:を|し|人|が)|(?:火傷|やけど|ヤケド)(?:を|し)|発火|発煙|煙が(?:出|上|あが)|火(?:が|花が)(?:出|つい|散|上が)|焦げ(?:臭|て|た)|感電|爆発(?!的)|破裂し|食中毒|(?:嘔吐|下痢|じんましん|蕁麻疹|アレルギー)(?:が|を|し|症)|異物|(?:情報|データ|番号)[^。\\n]{0,10}(?:漏|流出)|漏(?:えい|洩)|不正(?:利用|アクセス|請求|ログイン)|乗っ取|身に覚えのない(?:請求|引き落と|注文|ログイン)|救急|病院に(?:運|行(?:き|って|く)|かか|いま)|(?<!息を)(?<!弱音を)吐(?:いて|いた|きま|き気|いてしま)|血が(?:出|止)|出血|指を切|(?:私|自分|うち)の(?:住所|名前|個人情報|電話番号|メールアドレス)[^。\\n]{0,14}(?:ほかの人|他の人|他人|別の人|知らない人|赤の他人)"},
	{MDG_MOOD_THANKS,
	 "(?:大変|とても|本当に|ほんとうに|すごく|非常に)?(?:助かりました|感謝(?:して|いたし|申し)|満足(?:して|です)|うれし(?:かった|い)|嬉し(?:かった|い)|親切(?:な|に)[^。\\n]{0,12}(?:ありがとう|助か|感謝))|丁寧(?:な|に)[^。\\n]{0,12}(?:ありがとう|感謝)"},
	{MDG_MOOD_THREAT,
	 "死ね|殺(?:す(?!菌|虫)|して(?:や|おく))|ぶっ(?:殺|ころ)|ころすぞ|ただ(?:じゃ|では)(?:おか|済ま|すま|置か)|覚え(?:て|と)(?:い)?(?:ろ|け|とけ)|火(?:を|つけ)つけて?(?:や|る)|爆破|刺(?:す|し)(?:ぞ|てやる|に行)|待ち伏せ|(?:家|自宅|会社|店|そっち|そこ)(?:まで|に|へ)(?:[^。\\n]{0,8})?(?:押しかけ|乗り込|行く(?:ぞ|から(?:な|待|覚))|行ってやる)|夜道|家族(?:が|も)どうな|居場所(?:を|は)(?:調べ|突き止|わかって)|潰(?:す|して)(?:ぞ|や)|つぶす(?:ぞ|から)|ガソリン(?:を)?(?:まい|撒|かけ)|覚悟し(?:と|て)(?:い|お|け|ろ)|痛い目(?:に|を)|後悔させ|呪って|(?:毎日|一日中|[0-9百千]+回)[^。\\n]{0,10}(?:電話|メール)[^。\\n]{0,4}(?:して|かけて|続けて)(?:や|いく)|(?:家|自宅)(?:を)?[^。\\n]{0,4}(?:突き止め|特定)"},
	{MDG_MOOD_COERCION,
	 "土下座|(?:家|自宅)(?:まで|に|へ)(?:[^。\\n]{0,6})?(?:謝りに|謝罪に|詫びに)(?:来|こ)|慰謝料|(?:担当|お前|あんた|お前ら|そいつ|あいつ)[^。\\n]{0,12}(?:クビ|首|辞めさせ|解雇)|クビにしろ|(?:名前|フルネーム|本名)と(?:住所|電話|顔)|(?:住所|携帯番号)(?:を|も)(?:言え|教えろ|出せ)|一生(?:タダ|ただ|無料)|(?:十|百|千|[0-9]+)万(?:円)?(?:払え|よこせ|出せ|用意しろ)|(?:さもないと|じゃないと|でなければ)[^。\\n]{0,24}(?:書く|書き込|晒|ばらま|拡散|行く|潰)(?:ぞ|から|ます)?"},
	{MDG_MOOD_INSULT,
	 "(?:バカ|馬鹿|アホ|阿呆|クズ|くず|ゴミ|カス|無能|低能|ボケ|間抜け)(?:か|野郎|ども|女|社員|会社|店員|が|め|ばっか|なのか|だろ|だな|!)|お前(?:ら|ん|は|の|が|じゃ|みたい)|おまえ(?:ら|ん|は|の)|てめ[えぇー]|貴様|きさま|消えろ|くたばれ|失せろ|頭(?:が)?(?:悪い|おかしい)(?:んじゃ|のか|の?\\?|だろ)|日本語(?:が|も)?(?:わか|分か|通じ)(?:ら|ん|な)|能無し|役立たず|給料泥棒|生きてる価値|(?:女|男|外人|外国人|年寄り|老人|バイト|田舎者|子ども?)(?:の|の分際|の)?(?:くせに|ごとき|の分際)|(?:女|外人|外国人|おばさん|バイト)(?:に|なんか|じゃ)[^。\\n]{0,10}(?:対応させ|話にな|分から|わから|出すな)|(?:男|日本人)を出せ|外人|ババア|ジジイ|ブス|デブ|ハゲ|(?:きも|キモ)(?:い|ち悪い)"},
	{MDG_MOOD_SEXUAL,
	 "下着|おっぱい|セックス|エロ(?:い|く|画)|裸(?:の|が|を)|(?:彼氏|旦那|恋人)(?:は|が|、)?(?:い|おら)(?:る|ます|ん|れ)|独身(?:です|なの|かな|ですか)|(?:デート|食事|ホテル|飲み)(?:に|へ)(?:行|誘|つき|付き)|(?:個人的|プライベート)(?:な|に)(?:連絡先|会|電話|LINE|話)|(?:LINE|ライン|携帯)(?:の(?:ID|番号))?(?:を)?(?:交換|教えて(?:よ|ほしい))[^。\\n]{0,8}(?:個人|あなた|担当)|(?:あなた|担当)の?(?:声|顔|写真)(?:が|を|も)[^。\\n]{0,10}(?:好き|見たい|送って|ほしい|かわいい)|スリーサイズ|何カップ|抱(?:かせ|きたい)|付き合って(?:よ|くだ|ほし)"},
};
/* clang-format on */

struct mdg_moods {
	pcre2_code *code[MDG_LEN(patterns)];
	pcre2_match_data *match;
	pcre2_match_context *context;
};

bool
mdg_moods_open(struct mdg_moods **ret, struct mdg_err *err)
{
	struct mdg_moods *m = mdg_calloc(1, sizeof(*m));

	m->match = pcre2_match_data_create(8, NULL);
	m->context = pcre2_match_context_create(NULL);
	MDG_BUG_ON(!m->match || !m->context);
	pcre2_set_match_limit(m->context, MATCH_LIMIT);
	for (size_t i = 0; i < MDG_LEN(patterns); i++) {
		int code;
		size_t at;
		m->code[i] = pcre2_compile(
			(PCRE2_SPTR)patterns[i].pattern, PCRE2_ZERO_TERMINATED,
			PCRE2_UTF | PCRE2_MULTILINE, &code, &at, NULL);
		if (!m->code[i]) {
			mdg_moods_close(&m);
			return mdg_fail(err, MDG_EBUG,
					"mood pattern %zu at %zu", i, at);
		}
		pcre2_jit_compile(m->code[i], PCRE2_JIT_COMPLETE);
	}
	*ret = m;
	return true;
}

void
mdg_moods_close(struct mdg_moods **pm)
{
	struct mdg_moods *m = *pm;

	if (!m)
		return;
	for (size_t i = 0; i < MDG_LEN(patterns); i++)
		pcre2_code_free(m->code[i]);
	pcre2_match_data_free(m->match);
	pcre2_match_context_free(m->context);
	free(m);
	*pm = NULL;
}

/* -- judging --------------------------------------------------------------- */

struct judging {
	struct mdg_moods *m;
	struct mdg_arena *arena;
	struct mdg_mood *out;
	const char *text; /* folded */
	size_t n;
	const uint32_t *at;
};

static void
add(struct judging *j, enum mdg_mood_sign sign, size_t from, size_t to)
{
	if (j->out->n == MDG_MOOD_REASONS_MAX)
		return;
	j->out->v[j->out->n++] = (struct mdg_mood_reason){
		.sign = sign,
		.words = mdg_arena_strndup(j->arena, j->text + from, to - from),
		.start = j->at[from],
		.end = j->at[to],
	};
}

/* It is said of something else, or denied. */
static bool
is_denied(const struct judging *j, size_t to)
{
	static const char *const after[] = {
		"わけではあり", "わけではな", "わけじゃな",   "というほどでは",
		"とは思いませ", "とは思わな", "つもりはあり", "という名前",
		"という商品",   "という題",
	};
	size_t left = j->n - to;

	left = left > 60 ? 60 : left;
	for (size_t i = 0; i < left; i++)
		if (j->text[to + i] == '\n' ||
		    memcmp(j->text + to + i, "。", i + 3 <= left ? 3 : 0) == 0)
			left = i;
	for (size_t i = 0; i < MDG_LEN(after); i++)
		if (memmem(j->text + to, left, after[i], strlen(after[i])))
			return true;
	return false;
}

/* Counts different words of one sign. */
static size_t
find(struct judging *j, size_t k)
{
	const char *seen[HITS_MAX];
	size_t at = 0, hits = 0;

	while (at <= j->n && hits < HITS_MAX) {
		int rc = pcre2_match(j->m->code[k], (PCRE2_SPTR)j->text, j->n,
				     at, PCRE2_NO_UTF_CHECK, j->m->match,
				     j->m->context);
		if (rc < 1)
			break;
		size_t *v = pcre2_get_ovector_pointer(j->m->match);
		size_t from = v[0], to = v[1];
		at = to > at ? to : at + 1;
		const char *words =
			mdg_arena_strndup(j->arena, j->text + from, to - from);
		bool known = is_denied(j, to);
		for (size_t i = 0; i < hits && !known; i++)
			known = mdg_streq(seen[i], words);
		if (known)
			continue;
		seen[hits++] = words;
		add(j, patterns[k].sign, from, to);
	}
	return hits;
}

static void
give_points(struct mdg_mood *out, enum mdg_mood_sign sign, int points)
{
	for (size_t i = 0; i < out->n; i++)
		if (out->v[i].sign == sign) {
			out->v[i].points = points;
			return;
		}
}

static bool
is_night(int64_t mail_s)
{
	int64_t hour = (mail_s + JST_S) / HOUR_S % 24;

	return mail_s > 0 && (hour >= 22 || hour < 5);
}

static void
sum_up(struct judging *j, const size_t *hits, int64_t mail_s)
{
	struct mdg_mood *out = j->out;
	int sum = 0;
	const int points[MDG_MOOD_SIGN_N] = {
		[MDG_MOOD_REPEAT] = hits[MDG_MOOD_REPEAT] > 0,
		[MDG_MOOD_ANGER] = hits[MDG_MOOD_ANGER] > 2   ? 2
				   : hits[MDG_MOOD_ANGER] > 0 ? 1
							      : 0,
		[MDG_MOOD_DEMAND] = hits[MDG_MOOD_DEMAND] > 2   ? 2
				    : hits[MDG_MOOD_DEMAND] > 0 ? 1
								: 0,
		[MDG_MOOD_FORM] = hits[MDG_MOOD_FORM] > 0,
		[MDG_MOOD_HARM] = hits[MDG_MOOD_HARM] > 0 ? 2 : 0,
	};

	for (int s = 0; s < MDG_MOOD_SIGN_N; s++) {
		sum += points[s];
		if (points[s])
			give_points(out, (enum mdg_mood_sign)s, points[s]);
		out->harassment = out->harassment ||
				  (s >= MDG_MOOD_THREAT && hits[s] > 0);
	}
	if (sum > 0 && is_night(mail_s) && out->n < MDG_MOOD_REASONS_MAX) {
		out->v[out->n++] = (struct mdg_mood_reason){
			.sign = MDG_MOOD_NIGHT, .points = 1, .words = ""};
		sum++;
	}
	if (sum > 0 && hits[MDG_MOOD_THANKS] > 0) {
		give_points(out, MDG_MOOD_THANKS, -1);
		sum--;
	}
	/* whoever threatens or insults is hot, in whatever words */
	if (out->harassment && hits[MDG_MOOD_SEXUAL] == 0 && sum < MDG_MOOD_HOT)
		sum = MDG_MOOD_HOT;
	out->temperature = sum > MDG_MOOD_MAX ? MDG_MOOD_MAX : sum;
}

void
mdg_mood_judge(struct mdg_moods *m, const char *text, int64_t mail_s,
	       struct mdg_arena *arena, struct mdg_mood *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	struct judging j = {.m = m, .arena = arena, .out = out};
	size_t hits[MDG_MOOD_SIGN_N] = {0};
	size_t n = strlen(text);
	uint32_t *at;

	*out = (struct mdg_mood){
		.v = mdg_arena_array(arena, MDG_MOOD_REASONS_MAX,
				     sizeof(*out->v)),
	};
	if (n > MDG_SUGGEST_TEXT_BYTES_MAX)
		n = mdg_utf8_cut(text, n, MDG_SUGGEST_TEXT_BYTES_MAX);
	mdg_fold_mapped(&folded, &at, text, n, MDG_FOLD_SIGNS);
	j.text = mdg_buf_str(&folded);
	j.n = folded.len;
	j.at = at;
	for (size_t k = 0; k < MDG_LEN(patterns); k++)
		hits[patterns[k].sign] += find(&j, k);
	sum_up(&j, hits, mail_s);
	free(at);
}
