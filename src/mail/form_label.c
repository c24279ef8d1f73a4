/* Labels of forms: folded to compare by, and what the common ones mean. */
#include "form_priv.h"

#include <string.h>

#include "line.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

/* ---- folding ---- */

/* U+FF66 … U+FF9D without their marks, as U+30xx. */
static const unsigned char kana[] = {
	0xF2, 0xA1, 0xA3, 0xA5, 0xA7, 0xA9, 0xE3, 0xE5, 0xE7, 0xC3, 0xFC, 0xA2,
	0xA4, 0xA6, 0xA8, 0xAA, 0xAB, 0xAD, 0xAF, 0xB1, 0xB3, 0xB5, 0xB7, 0xB9,
	0xBB, 0xBD, 0xBF, 0xC1, 0xC4, 0xC6, 0xC8, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE,
	0xCF, 0xD2, 0xD5, 0xD8, 0xDB, 0xDE, 0xDF, 0xE0, 0xE1, 0xE2, 0xE4, 0xE6,
	0xE8, 0xE9, 0xEA, 0xEB, 0xEC, 0xED, 0xEF, 0xF3};

/* Width, case and the width of kana; *i moves behind a mark it takes in. */
uint32_t
form_fold_char(const char *s, size_t n, size_t *i)
{
	enum { VOICED = 0xFF9E, HALF_VOICED = 0xFF9F };
	uint32_t c, mark = 0;

	*i += mdg_utf8_next(s + *i, n - *i, &c);
	if (c >= 0x3000 && c < 0xFF01)
		return c;
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c >= 'A' && c <= 'Z')
		return c + ('a' - 'A');
	if (c < 0xFF66 || c > 0xFF9D)
		return c;
	c = 0x3000u + kana[c - 0xFF66];
	if (*i >= n)
		return c;
	size_t len = mdg_utf8_next(s + *i, n - *i, &mark);
	if (mark == VOICED && c == 0x30A6)
		c = 0x30F4;
	else if (mark == VOICED && c >= 0x30AB && c <= 0x30DB)
		c++;
	else if (mark == HALF_VOICED && c >= 0x30CF && c <= 0x30DB)
		c += 2;
	else
		return c;
	*i += len;
	return c;
}

bool
form_is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == 0xA0 || c == 0x3000 ||
	       (c >= 0x2000 && c <= 0x200F) || c == 0xFEFF;
}

/* What decorates a label, or joins its words. */
static bool
is_ornament(uint32_t c)
{
	static const uint32_t signs[] = {
		U'*', U'※',  U'・', U'_',  U'-',  U'.',  U'"',  U'\'', U':',
		U'|', U'#',  U'■',  U'□',  U'◆',  U'◇',  U'●',  U'○',  U'◎',
		U'▼', U'▽',  U'▲',  U'△',  U'★',  U'☆',  U'▶',  U'►',  U'♦',
		U'…', U'‥',  U'>',  U'︓', U'【', U'】', U'「', U'」', U'<',
		U'=', U'→',  U'⇒',  U'+',  U'，', U',',  U'—',  U'―',  U'−',
		U'?', U'〓', U'◯',  U'♢'};

	if (form_is_space(c))
		return true;
	for (size_t i = 0; i < MDG_LEN(signs); i++)
		if (signs[i] == c)
			return true;
	return false;
}

static bool
opens(uint32_t c)
{
	return c == '(' || c == '[' || c == 0x3014;
}

static bool
closes(uint32_t c)
{
	return c == ')' || c == ']' || c == 0x3015;
}

/* Replaces each `from` by `to`, which is not longer. */
static void
replace(char *s, const char *from, const char *to)
{
	size_t a = strlen(from), b = strlen(to);

	for (char *p = s; (p = strstr(p, from)); p += b) {
		memcpy(p, to, b);
		memmove(p + b, p + a, strlen(p + a) + 1);
	}
}

static void
fold_words(char *s)
{
	static const char *const words[][2] = {
		{"入力必須", ""},
		{"必須項目", ""},
		{"必須", ""},
		{"任意", ""},
		{"required", ""},
		{"optional", ""},
		{"を教えてください", ""},
		{"を教えて下さい", ""},
		{"をお教えください", ""},
		{"をご記入ください", ""},
		{"をご記入下さい", ""},
		{"を記入してください", ""},
		{"をご入力ください", ""},
		{"を入力してください", ""},
		{"をお書きください", ""},
		{"をお聞かせください", ""},
		{"問い合わせ", "問合せ"},
		{"問合わせ", "問合せ"},
		{"問い合せ", "問合せ"},
		{"問いあわせ", "問合せ"},
	};
	static const char *const honorifics[] = {"お", "ご", "御"};

	for (size_t i = 0; i < MDG_LEN(words); i++) {
		/* a label may be nothing but such a word */
		if (strlen(s) > strlen(words[i][0]))
			replace(s, words[i][0], words[i][1]);
	}
	for (size_t i = 0; i < MDG_LEN(honorifics); i++)
		if (mdg_str_starts(s, honorifics[i]) && strlen(s) > 8) {
			memmove(s, s + 3, strlen(s + 3) + 1);
			break;
		}
}

void
form_label_fold(const char *s, size_t n, struct form_label *out)
{
	size_t depth = 0, note = 0, len = 0;
	bool cut = false;

	for (size_t i = 0; i < n && !cut;) {
		uint32_t c = form_fold_char(s, n, &i);
		char bytes[4];

		if (opens(c)) {
			depth++;
			continue;
		}
		if (closes(c)) {
			depth -= depth > 0;
			continue;
		}
		if (is_ornament(c) || c < ' ')
			continue;
		size_t w = mdg_line_encode(c, bytes);
		if (depth > 0) {
			if (note + w < sizeof(out->note)) {
				memcpy(out->note + note, bytes, w);
				note += w;
			}
			continue;
		}
		cut = len + w > MDG_LABEL_BYTES_MAX;
		if (!cut) {
			memcpy(out->s + len, bytes, w);
			len += w;
		}
	}
	out->s[cut ? 0 : len] = '\0';
	out->note[note] = '\0';
	/* all of it in brackets: "(お名前)" */
	if (len == 0 && !cut)
		memcpy(out->s, out->note, note + 1);
	fold_words(out->s);
}

const char *
mdg_form_label(struct mdg_arena *a, const char *s, size_t n)
{
	struct form_label l;

	form_label_fold(s, n, &l);
	return mdg_arena_strdup(a, l.s);
}

/* ---- meaning ---- */

/* clang-format off */
static const struct {
	const char *word; /* folded */
	enum mdg_field_kind kind;
} known[] = {
	{"名前", MDG_FIELD_NAME}, {"氏名", MDG_FIELD_NAME},
	{"なまえ", MDG_FIELD_NAME}, {"おなまえ", MDG_FIELD_NAME},
	{"お名前", MDG_FIELD_NAME}, {"name", MDG_FIELD_NAME},
	{"yourname", MDG_FIELD_NAME}, {"fullname", MDG_FIELD_NAME},
	{"customername", MDG_FIELD_NAME}, {"contactname", MDG_FIELD_NAME},
	{"customer", MDG_FIELD_NAME}, {"担当者", MDG_FIELD_NAME},
	{"担当者名", MDG_FIELD_NAME}, {"担当者様名", MDG_FIELD_NAME},
	{"担当者様", MDG_FIELD_NAME}, {"申込者", MDG_FIELD_NAME},
	{"申込者名", MDG_FIELD_NAME}, {"申込者様", MDG_FIELD_NAME},
	{"依頼主", MDG_FIELD_NAME}, {"依頼者", MDG_FIELD_NAME},
	{"応募者名", MDG_FIELD_NAME}, {"注文者", MDG_FIELD_NAME},
	{"注文者名", MDG_FIELD_NAME}, {"購入者", MDG_FIELD_NAME},
	{"購入者名", MDG_FIELD_NAME}, {"会員名", MDG_FIELD_NAME},
	{"客様名", MDG_FIELD_NAME}, {"利用者名", MDG_FIELD_NAME},
	{"投稿者", MDG_FIELD_NAME}, {"記入者", MDG_FIELD_NAME},
	{"送信者名", MDG_FIELD_NAME}, {"差出人名", MDG_FIELD_NAME},
	{"ニックネーム", MDG_FIELD_NAME}, {"ハンドルネーム", MDG_FIELD_NAME},
	{"姓", MDG_FIELD_FAMILY}, {"名字", MDG_FIELD_FAMILY},
	{"苗字", MDG_FIELD_FAMILY}, {"lastname", MDG_FIELD_FAMILY},
	{"familyname", MDG_FIELD_FAMILY}, {"surname", MDG_FIELD_FAMILY},
	{"名", MDG_FIELD_GIVEN}, {"firstname", MDG_FIELD_GIVEN},
	{"givenname", MDG_FIELD_GIVEN},
	{"フリガナ", MDG_FIELD_KANA}, {"ふりがな", MDG_FIELD_KANA},
	{"カナ", MDG_FIELD_KANA}, {"かな", MDG_FIELD_KANA},
	{"よみがな", MDG_FIELD_KANA}, {"ヨミガナ", MDG_FIELD_KANA},
	{"読み仮名", MDG_FIELD_KANA}, {"ヨミ", MDG_FIELD_KANA},
	{"セイ", MDG_FIELD_KANA}, {"メイ", MDG_FIELD_KANA},
	{"ローマ字", MDG_FIELD_KANA}, {"furigana", MDG_FIELD_KANA},
	{"kana", MDG_FIELD_KANA},
	{"email", MDG_FIELD_ADDRESS}, {"mail", MDG_FIELD_ADDRESS},
	{"メール", MDG_FIELD_ADDRESS}, {"eメール", MDG_FIELD_ADDRESS},
	{"メアド", MDG_FIELD_ADDRESS}, {"メルアド", MDG_FIELD_ADDRESS},
	{"メールアドレス", MDG_FIELD_ADDRESS}, {"アドレス", MDG_FIELD_ADDRESS},
	{"youremail", MDG_FIELD_ADDRESS}, {"yourmail", MDG_FIELD_ADDRESS},
	{"mailaddress", MDG_FIELD_ADDRESS}, {"emailaddress", MDG_FIELD_ADDRESS},
	{"contactemail", MDG_FIELD_ADDRESS}, {"返信先", MDG_FIELD_ADDRESS},
	{"replyto", MDG_FIELD_ADDRESS}, {"from", MDG_FIELD_ADDRESS},
	{"差出人", MDG_FIELD_ADDRESS}, {"送信者", MDG_FIELD_ADDRESS},
	{"送信元", MDG_FIELD_ADDRESS}, {"sender", MDG_FIELD_ADDRESS},
	{"連絡先メール", MDG_FIELD_ADDRESS},
	{"電話", MDG_FIELD_PHONE}, {"電話番号", MDG_FIELD_PHONE},
	{"でんわ", MDG_FIELD_PHONE}, {"tel", MDG_FIELD_PHONE},
	{"phone", MDG_FIELD_PHONE}, {"phonenumber", MDG_FIELD_PHONE},
	{"telephone", MDG_FIELD_PHONE}, {"mobile", MDG_FIELD_PHONE},
	{"yourtel", MDG_FIELD_PHONE}, {"携帯", MDG_FIELD_PHONE},
	{"携帯番号", MDG_FIELD_PHONE}, {"携帯電話", MDG_FIELD_PHONE},
	{"連絡先", MDG_FIELD_PHONE}, {"telno", MDG_FIELD_PHONE},
	{"注文番号", MDG_FIELD_ORDER}, {"受注番号", MDG_FIELD_ORDER},
	{"予約番号", MDG_FIELD_ORDER}, {"購入番号", MDG_FIELD_ORDER},
	{"オーダー番号", MDG_FIELD_ORDER}, {"注文id", MDG_FIELD_ORDER},
	{"注文no", MDG_FIELD_ORDER}, {"取引番号", MDG_FIELD_ORDER},
	{"取引id", MDG_FIELD_ORDER}, {"order", MDG_FIELD_ORDER},
	{"ordernumber", MDG_FIELD_ORDER}, {"orderno", MDG_FIELD_ORDER},
	{"orderid", MDG_FIELD_ORDER},
	{"会社", MDG_FIELD_COMPANY}, {"会社名", MDG_FIELD_COMPANY},
	{"貴社名", MDG_FIELD_COMPANY}, {"社名", MDG_FIELD_COMPANY},
	{"御社名", MDG_FIELD_COMPANY}, {"法人名", MDG_FIELD_COMPANY},
	{"団体名", MDG_FIELD_COMPANY}, {"企業名", MDG_FIELD_COMPANY},
	{"組織名", MDG_FIELD_COMPANY}, {"勤務先", MDG_FIELD_COMPANY},
	{"学校名", MDG_FIELD_COMPANY}, {"所属", MDG_FIELD_COMPANY},
	{"会社名団体名", MDG_FIELD_COMPANY}, {"company", MDG_FIELD_COMPANY},
	{"companyname", MDG_FIELD_COMPANY},
	{"organization", MDG_FIELD_COMPANY},
	{"件名", MDG_FIELD_SUBJECT}, {"題名", MDG_FIELD_SUBJECT},
	{"タイトル", MDG_FIELD_SUBJECT}, {"表題", MDG_FIELD_SUBJECT},
	{"標題", MDG_FIELD_SUBJECT}, {"subject", MDG_FIELD_SUBJECT},
	{"yoursubject", MDG_FIELD_SUBJECT}, {"title", MDG_FIELD_SUBJECT},
	{"内容", MDG_FIELD_CONTENT}, {"本文", MDG_FIELD_CONTENT},
	{"メッセージ", MDG_FIELD_CONTENT}, {"message", MDG_FIELD_CONTENT},
	{"yourmessage", MDG_FIELD_CONTENT}, {"messagebody", MDG_FIELD_CONTENT},
	{"inquiry", MDG_FIELD_CONTENT}, {"enquiry", MDG_FIELD_CONTENT},
	{"question", MDG_FIELD_CONTENT}, {"問合せ", MDG_FIELD_CONTENT},
	{"質問", MDG_FIELD_CONTENT}, {"相談", MDG_FIELD_CONTENT},
	{"用件", MDG_FIELD_CONTENT}, {"body", MDG_FIELD_CONTENT},
	{"問合せ内容", MDG_FIELD_CONTENT}, {"質問内容", MDG_FIELD_CONTENT},
	{"相談内容", MDG_FIELD_CONTENT}, {"依頼内容", MDG_FIELD_CONTENT},
	{"用件内容", MDG_FIELD_CONTENT}, {"問合せ本文", MDG_FIELD_CONTENT},
	{"メッセージ本文", MDG_FIELD_CONTENT},
	{"困りごと", MDG_FIELD_CONTENT}, {"困り事", MDG_FIELD_CONTENT},
	{"症状", MDG_FIELD_REMARK}, {"不具合", MDG_FIELD_REMARK},
	{"姓名", MDG_FIELD_NAME}, {"邮箱", MDG_FIELD_ADDRESS},
	{"电子邮件", MDG_FIELD_ADDRESS}, {"電子郵件", MDG_FIELD_ADDRESS},
	{"信箱", MDG_FIELD_ADDRESS}, {"电话", MDG_FIELD_PHONE},
	{"電話號碼", MDG_FIELD_PHONE}, {"手机", MDG_FIELD_PHONE},
	{"留言", MDG_FIELD_CONTENT}, {"留言内容", MDG_FIELD_CONTENT},
	{"留言內容", MDG_FIELD_CONTENT}, {"이름", MDG_FIELD_NAME},
	{"성함", MDG_FIELD_NAME}, {"이메일", MDG_FIELD_ADDRESS},
	{"전화번호", MDG_FIELD_PHONE}, {"연락처", MDG_FIELD_PHONE},
	{"문의내용", MDG_FIELD_CONTENT}, {"내용", MDG_FIELD_CONTENT},
	{"備考", MDG_FIELD_REMARK}, {"要望", MDG_FIELD_REMARK},
	{"意見", MDG_FIELD_REMARK}, {"感想", MDG_FIELD_REMARK},
	{"コメント", MDG_FIELD_REMARK}, {"comment", MDG_FIELD_REMARK},
	{"comments", MDG_FIELD_REMARK}, {"その他", MDG_FIELD_REMARK},
	{"自由記入欄", MDG_FIELD_REMARK}, {"備考欄", MDG_FIELD_REMARK},
	{"remarks", MDG_FIELD_REMARK}, {"note", MDG_FIELD_REMARK},
	{"notes", MDG_FIELD_REMARK}, {"details", MDG_FIELD_REMARK},
	{"意見要望", MDG_FIELD_REMARK}, {"連絡事項", MDG_FIELD_REMARK},
	{"住所", MDG_FIELD_OTHER}, {"郵便番号", MDG_FIELD_OTHER},
	{"〒", MDG_FIELD_OTHER}, {"所在地", MDG_FIELD_OTHER},
	{"年齢", MDG_FIELD_OTHER}, {"性別", MDG_FIELD_OTHER},
	{"年代", MDG_FIELD_OTHER}, {"生年月日", MDG_FIELD_OTHER},
	{"職業", MDG_FIELD_OTHER}, {"職種", MDG_FIELD_OTHER},
	{"業種", MDG_FIELD_OTHER}, {"部署", MDG_FIELD_OTHER},
	{"部署名", MDG_FIELD_OTHER}, {"役職", MDG_FIELD_OTHER},
	{"fax", MDG_FIELD_OTHER}, {"fax番号", MDG_FIELD_OTHER},
	{"url", MDG_FIELD_OTHER}, {"ホームページ", MDG_FIELD_OTHER},
	{"種別", MDG_FIELD_OTHER}, {"種類", MDG_FIELD_OTHER},
	{"カテゴリ", MDG_FIELD_OTHER}, {"カテゴリー", MDG_FIELD_OTHER},
	{"項目", MDG_FIELD_OTHER}, {"区分", MDG_FIELD_OTHER},
	{"目的", MDG_FIELD_OTHER}, {"希望日", MDG_FIELD_OTHER},
	{"希望日時", MDG_FIELD_OTHER}, {"日時", MDG_FIELD_OTHER},
	{"送信日時", MDG_FIELD_OTHER}, {"受付日時", MDG_FIELD_OTHER},
	{"送信日", MDG_FIELD_OTHER}, {"受付番号", MDG_FIELD_OTHER},
	{"商品名", MDG_FIELD_OTHER}, {"商品", MDG_FIELD_OTHER},
	{"型番", MDG_FIELD_OTHER}, {"品番", MDG_FIELD_OTHER},
	{"数量", MDG_FIELD_OTHER}, {"予算", MDG_FIELD_OTHER},
	{"ip", MDG_FIELD_OTHER}, {"ipアドレス", MDG_FIELD_OTHER},
	{"ipaddress", MDG_FIELD_OTHER}, {"remoteip", MDG_FIELD_OTHER},
	{"ホスト", MDG_FIELD_OTHER}, {"ホスト名", MDG_FIELD_OTHER},
	{"リモートホスト", MDG_FIELD_OTHER}, {"host", MDG_FIELD_OTHER},
	{"remotehost", MDG_FIELD_OTHER}, {"useragent", MDG_FIELD_OTHER},
	{"ブラウザ", MDG_FIELD_OTHER}, {"ブラウザー", MDG_FIELD_OTHER},
	{"browser", MDG_FIELD_OTHER}, {"ua", MDG_FIELD_OTHER},
	{"referer", MDG_FIELD_OTHER}, {"リファラ", MDG_FIELD_OTHER},
	{"リファラー", MDG_FIELD_OTHER}, {"同意", MDG_FIELD_OTHER},
	{"メルマガ", MDG_FIELD_OTHER}, {"メールマガジン", MDG_FIELD_OTHER},
	{"country", MDG_FIELD_OTHER}, {"address", MDG_FIELD_OTHER},
	{"zip", MDG_FIELD_OTHER}, {"date", MDG_FIELD_OTHER},
	{"time", MDG_FIELD_OTHER}, {"budget", MDG_FIELD_OTHER},
	{"department", MDG_FIELD_OTHER}, {"website", MDG_FIELD_OTHER},
	{"個人情報の取り扱い", MDG_FIELD_OTHER}, {"きっかけ", MDG_FIELD_OTHER},
	{"プライバシーポリシー", MDG_FIELD_OTHER},
};

/* Longer labels, by how they end; the first that fits decides. */
#define END(s, kind) {s, sizeof(s) - 1, MDG_FIELD_##kind}
static const struct {
	const char *end;
	size_t n;
	enum mdg_field_kind kind;
} endings[] = {
	END("会社名", COMPANY), END("団体名", COMPANY),
	END("商品名", OTHER), END("店舗名", OTHER),
	END("製品名", OTHER), END("建物名", OTHER),
	END("companyname", COMPANY),
	END("フリガナ", KANA), END("ふりがな", KANA),
	END("カナ", KANA), END("かな", KANA),
	END("kana", KANA),
	END("名前", NAME), END("氏名", NAME),
	END("担当者名", NAME), END("客様名", NAME),
	END("メールアドレス", ADDRESS), END("eメール", ADDRESS),
	END("email", ADDRESS), END("emailaddress", ADDRESS),
	END("mailaddress", ADDRESS), END("電子メール", ADDRESS),
	END("先メール", ADDRESS),
	END("アドレス確認", ADDRESS), END("アドレス確認用", ADDRESS),
	END("電話番号", PHONE), END("携帯番号", PHONE),
	END("携帯電話", PHONE), END("phonenumber", PHONE),
	END("注文番号", ORDER), END("受注番号", ORDER),
	END("予約番号", ORDER), END("注文id", ORDER),
	END("ordernumber", ORDER),
	END("件名", SUBJECT),
	END("内容", CONTENT), END("本文", CONTENT),
	END("メッセージ", CONTENT), END("内容詳細", CONTENT),
	END("問合せ詳細", CONTENT), END("詳細", CONTENT),
	END("質問事項", CONTENT), END("相談事項", CONTENT),
	END("用件", CONTENT), END("yourmessage", CONTENT),
	END("要望", REMARK), END("意見", REMARK),
	END("感想", REMARK), END("備考", REMARK),
	END("コメント", REMARK), END("記入欄", REMARK),
	END("comments", REMARK),
	END("住所", OTHER), END("種別", OTHER),
	END("種類", OTHER), END("カテゴリ", OTHER),
	END("カテゴリー", OTHER), END("項目", OTHER),
	END("区分", OTHER), END("方法", OTHER),
	END("希望日", OTHER), END("希望日時", OTHER),
	END("日時", OTHER), END("時間帯", OTHER),
	END("番号", OTHER), END("きっかけ", OTHER),
	END("同意", OTHER), END("取り扱いについて", OTHER),
	END("取扱いについて", OTHER), END("取扱について", OTHER),
	END("規約について", OTHER), END("ポリシー", OTHER),
	END("取り扱い", OTHER), END("取扱い", OTHER),
	END("年月日", OTHER), END("url", OTHER),
	END("希望", OTHER), END("配信", OTHER),
	END("ip", OTHER), END("ホスト", OTHER),
};
/* clang-format on */

/* The known words by hash: index + 1, 0 for an empty place. */
enum { PLACES = 1024 };

static unsigned
place_of(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return (h ^ h >> 15) % PLACES;
}

static const uint16_t *
places(void)
{
	static uint16_t table[PLACES]; /* made once, then constant */
	static bool made;

	for (size_t i = 0; !made && i < MDG_LEN(known); i++) {
		unsigned at = place_of(known[i].word);
		while (table[at])
			at = (at + 1) % PLACES;
		table[at] = (uint16_t)(i + 1);
	}
	made = true;
	return table;
}

static enum mdg_field_kind
kind_of_word(const char *s, bool exact)
{
	const uint16_t *table = places();
	size_t n = strlen(s);

	for (unsigned at = place_of(s); table[at]; at = (at + 1) % PLACES)
		if (mdg_streq(known[table[at] - 1].word, s))
			return known[table[at] - 1].kind;
	if (exact)
		return MDG_FIELD_NONE;
	for (size_t i = 0; i < MDG_LEN(endings); i++) {
		size_t k = endings[i].n;
		if (k <= n && s[n - 1] == endings[i].end[k - 1] &&
		    memcmp(s + n - k, endings[i].end, k) == 0)
			return endings[i].kind;
	}
	return MDG_FIELD_NONE;
}

enum mdg_field_kind
mdg_form_kind(const char *label, bool exact)
{
	enum mdg_field_kind kind = kind_of_word(label, exact);
	char piece[MDG_LABEL_BYTES_MAX + 1];

	/* "Name / お名前": any of the words will do */
	while (kind == MDG_FIELD_NONE && strchr(label, '/')) {
		size_t n = strcspn(label, "/");
		if (n >= sizeof(piece))
			break;
		memcpy(piece, label, n);
		piece[n] = '\0';
		kind = kind_of_word(piece, exact);
		label += n + 1;
		if (kind == MDG_FIELD_NONE && !strchr(label, '/'))
			kind = kind_of_word(label, exact);
	}
	return kind;
}

/* A note in brackets may say which half of a name, or how it is read. */
enum mdg_field_kind
form_label_kind(const struct form_label *l, bool exact)
{
	static const char *const readings[] = {
		"フリガナ", "ふりがな", "カナ", "かな", "よみ", "ヨミ",
		"kana",     "セイ",     "メイ", "せい", "めい", "ローマ字"};
	enum mdg_field_kind kind = mdg_form_kind(l->s, exact);

	if (kind != MDG_FIELD_NAME)
		return kind;
	for (size_t i = 0; i < MDG_LEN(readings); i++)
		if (strstr(l->note, readings[i]))
			return MDG_FIELD_KANA;
	if (mdg_streq(l->note, "姓") || mdg_streq(l->note, "名字"))
		return MDG_FIELD_FAMILY;
	return mdg_streq(l->note, "名") ? MDG_FIELD_GIVEN : kind;
}

static const char *const kind_names[MDG_FIELD_N] = {
	"",      "name",    "family",  "given",   "kana", "address", "phone",
	"order", "company", "subject", "content", "",     ""};

enum mdg_field_kind
mdg_form_kind_from_name(const char *name)
{
	for (int i = MDG_FIELD_NAME; i <= MDG_FIELD_CONTENT; i++)
		if (mdg_streq(kind_names[i], name))
			return (enum mdg_field_kind)i;
	return MDG_FIELD_NONE;
}

const char *
mdg_form_kind_name(enum mdg_field_kind kind)
{
	return kind_names[kind];
}
