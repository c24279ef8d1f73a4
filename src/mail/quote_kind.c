/* What a line near the end of a mail is. */
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "quote_priv.h"

/* clang-format off */
static const char *const PS[] = {
	"追伸", "追記", "二伸", "p.s", "ps.", "ps:", "ps ", "※追伸", "(追伸", "【追伸",
	"[追伸", "※追記", "【追記", NULL};
static const char *const CLOSINGS[] = {
	"よろしくお願い", "宜しくお願い", "よろしくおねがい", "宜しく御願い",
	"何卒", "以上", "敬具", "草々", "かしこ", "取り急ぎ", "とり急ぎ", "失礼いたします",
	"失礼します", "お待ちして", "ありがとうございま", "有難うございま",
	"よろしく。", "宜しく。", "best regards", "kind regards", "regards",
	"sincerely", "thanks", "thank you", "cheers", "best wishes", "yours",
	"warm regards", "many thanks", "敬白", "拝", "不一", NULL};
static const char *const CLOSING_ENDS[] = {
	"お願いします", "お願いいたします", "お願い致します", "お願い申し上げます",
	"ください", "下さい", NULL};

static const char *const PROSE_ENDS[] = {
	"。", "?", "？", "！", "、", ",", "です", "ます", "ました", "ません", "でした",
	"でしょうか", "ですか", "ますか", "ください", "下さい", "ましょう", "ない", "たい",
	"した", "する", "いる", "ある", "って", "けど", "ので", "から", "願います", NULL};
/* Words that make a sentence, not a line of an address card. */
const char *const mdg_q_prose_parts[] = {
	"。", "です。", "ので、", "ますが", "ですが", "ましたが", "していただ", "いただけ",
	"お願い", "でしょうか", "と申します", "ください", NULL};

static const char *const ORG_WORDS[] = {
	"株式会社", "有限会社", "合同会社", "合資会社", "一般社団法人", "社団法人",
	"財団法人", "医療法人", "学校法人", "特定非営利", "npo法人", "宗教法人", "(株)",
	"(有)", "㈱", "㈲", "co.,", "co., ltd", "inc.", " inc", "ltd", " corp",
	"corporation", "llc", "gmbh", "大学", "高等学校", "小学校", "中学校", "高校",
	"病院", "クリニック", "市役所", "区役所", "役場", "県庁", "事務所", "商店", "組合",
	"協会", "工業", "製作所", "商会", "代表取締役", "取締役", "部長", "課長", "係長",
	"主任", "マネージャー", "店長", "代表", "社長", "営業部", "総務部", "人事部",
	"経理部", "開発部", "管理部", "企画部", "購買部", "事業部", "department", "manager",
	"director", "担当:", "担当者:", "担当 ", "responsible", "university", "工務店",
	"supervisor", "engineer", "個人事業", "保育園", "幼稚園", "法人", "商事", NULL};
static const char *const ORG_ENDS[] = {
	"部", "課", "室", "係", "センター", "グループ", "チーム", "営業所", "支店", "支社",
	"本社", "本店", "工場", "研究所", "学部", "学科", "研究科", "店", "会", "本部",
	"office", "dept.", "division", " k.k.", " g.k.", " kk", " plc", " b.v.", "窓口", "ビル", "階", "號室", "号室", NULL};
static const char *const PREFS[] = {
	"北海道", "東京都", "大阪府", "京都府", "神奈川県", "埼玉県", "千葉県", "茨城県",
	"栃木県", "群馬県", "愛知県", "静岡県", "岐阜県", "三重県", "新潟県", "富山県",
	"石川県", "福井県", "山梨県", "長野県", "滋賀県", "兵庫県", "奈良県", "和歌山県",
	"鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県",
	"高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県",
	"沖縄県", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", NULL};
static const char *const TOWN_WORDS[] = {
	"市", "区", "町", "村", "丁目", "番地", "street", "avenue", " road", NULL};

/* Labels of address cards; the rest of the line is the value. */
static const char *const CONTACT_LABELS[] = {
	"tel", "fax", "phone", "mobile", "cell", "電話", "携帯", "ファックス",
	"ファクス", "ファクシミリ", "直通", "内線", "代表電話", "e-mail", "email", "mail",
	"メール", "e mail", "mailto", "〒", "郵便番号", "t:", "f:", "m:", "e:", "p:",
	"t ", "f ", "m ", "e ", "☎", "📞", "📱", "✉", "tel/fax", "℡", "フリーダイヤル", NULL};
static const char *const URL_LABELS[] = {
	"url", "hp", "web", "website", "ホームページ", "http", "www.", "blog", "ブログ",
	"twitter", "x:", "instagram", "facebook", "line id", "line:", "lineid",
	"line公式", "skype", "youtube", "sns", "w:", "公式サイト", "webサイト", NULL};
/* What a customer tells: these lines are content wherever they stand. */
static const char *const FACT_WORDS[] = {
	"注文", "オーダー", "受注", "型番", "品番", "機種", "商品", "品名", "製品", "製造",
	"シリアル", "serial", "model", "order", "会員", "お客様番号", "お客様コード",
	"顧客番号", "ユーザーid", "ログインid", "アカウント", "金額", "数量", "個数",
	"購入", "サイズ", "カラー", "色:", "症状", "エラー", "error", "os:", "バージョン",
	"version", "ブラウザ", "日時", "希望", "お名前", "氏名", "フリガナ", "ふりがな",
	"ご住所", "お電話番号", "口座", "銀行", "支店名", "届け先", "送付先", "返送先",
	"伝票", "追跡", "問い合わせ番号", "受付番号", "問合せ番号", "契約", "予約", "件名",
	"内容", "台数", "品物", "ポイント", "パスワード", "人数", "お届け", "お支払", "領収",
	"宛名", "納期", "見積", "請求", "管理番号", "生年月日", "性別", "年齢", NULL};

static const char *const FORM_LABELS[] = {
	"お名前", "ご氏名", "氏名", "フリガナ", "ふりがな", "ご住所", "お電話", "ご連絡先",
	"お届け先", "届け先", "送付先", "返送先", "送り先", "宛名", "ご希望", NULL};

static const char *const ANNOUNCES[] = {
	"以下", "下記", "次の通り", "次のとおり", "通りです", "とおりです", "こちらです",
	"こちらになります", "following", "below", "as follows", NULL};
/* Sentences after which an address is an answer, not a signature. */
static const char *const HINTS[] = {
	"以下", "下記", "次の", "通りです", "とおりです", "こちらです", "こちらになります",
	"届け先", "送付先", "送り先", "返送先", "配送先", "発送先", "連絡先", "住所", "宛先",
	"宛名", "電話番号", "メールアドレス", "アドレスは", "変更後", "変更前", "お名前", "氏名",
	"登録", "following", "below", "address is", "as follows", "まで連絡", "までご連絡",
	"へ送", "へお送", "まで送", "まで郵送", "請求先", "名義", NULL};
/* clang-format on */

static bool
is_mark(uint32_t c)
{
	if (c < 0x80)
		return strchr("-=_*~+#^:;'`|/\\<>%@.,\"", (int)c) != NULL;
	return (c >= 0x2010 && c <= 0x2027) || (c >= 0x2200 && c <= 0x22FF) ||
	       (c >= 0x2500 && c <= 0x27BF) || (c >= 0x2900 && c <= 0x2BFF) ||
	       c == 0x301C || c == 0x3013 || c == 0x30FB || c == 0x30FC ||
	       c == 0xFF0D || c == 0xFF1D || c == 0xFF0A || c == 0xFF3F ||
	       c == 0xFF5E || c == 0xFFE3 || c == 0xFF0B || c == 0xFF03 ||
	       c == 0x203B || c == 0xB0 || c == 0xB7 || c == 0xAF ||
	       c == 0xFF1A || c == 0xFF0E || c == 0xFF65 || c == 0x3030 ||
	       c == 0xFF70 || c == 0xFFDA || (c >= 0x1F300 && c <= 0x1FAFF) ||
	       c == 0x309C || c == 0xFF9F || c == 0x3002 || c == 0xFF61 ||
	       c == 0x3003 || c == 0x2029 || c == 0xFF5C || c == 0xFF3B;
}

static bool
is_dot(uint32_t c)
{
	return c == '.' || c == 0x2026 || c == 0x2025 || c == 0x30FB ||
	       c == 0x3002 || c == 0xFF0E || c == 0xFF65 || c == 0xFF61;
}

static bool
is_gap(uint32_t c)
{
	return c == ' ' || c == '\t' || c == 0x3000 || c == 0xA0 || c == 'o' ||
	       c == 'O' || c == 'x';
}

/* A line that is drawn, not written: three marks or more and nothing else. */
static bool
is_rule(const char *s, size_t n)
{
	size_t marks = 0, dots = 0, chars = 0;

	for (size_t i = 0; i < n && chars < 400;) {
		uint32_t c;
		i += mdg_utf8_next(s + i, n - i, &c);
		chars++;
		if (is_mark(c) || (c >= 0x2190 && c <= 0x21FF)) {
			marks++;
			dots += is_dot(c);
		} else if (!is_gap(c) && !(c >= 0xFE00 && c <= 0xFE0F)) {
			return false;
		}
	}
	return marks >= 3 && (dots < marks || marks >= 10);
}

/* Cut drawings around the words of a line: "┃ TEL 03-… ┃", "★山田★". */
static void
undecorate(const char **s, size_t *n)
{
	size_t i = 0;

	while (i < *n) {
		uint32_t c;
		size_t w = mdg_utf8_next(*s + i, *n - i, &c);
		if ((c < 0x80 && c != '-' && c != '=' && c != '*' && c != '~' &&
		     c != '#' && c != '|' && c != ' ' && c != '_' && c != '<' &&
		     c != '/' && c != ':') ||
		    (!is_mark(c) && c >= 0x80 && c != 0x3000))
			break;
		i += w;
	}
	*s += i;
	*n -= i;
}

/* "- りんご", "■商品について": an item of a list, not somebody's name. */
static bool
is_item(const char *s, size_t n)
{
	static const char *const bullets[] = {"- ", "-- ", "* ", "・", "●",
					      "○",  "■",   "□",  "※",  "→",
					      "⇒",  "◎",   "▼",  NULL};
	size_t k = 0;

	while (k < n && s[k] == ' ')
		k++;
	for (size_t i = 0; bullets[i]; i++) {
		size_t w = strlen(bullets[i]);
		if (n - k > w && !memcmp(s + k, bullets[i], w))
			return true;
	}
	return false;
}

static bool
is_name_char(uint32_t c)
{
	return (c >= 0x3041 && c <= 0x30FF) || (c >= 0x4E00 && c <= 0x9FFF) ||
	       c == 0x3005 || c == 0x3006 || (c >= 'a' && c <= 'z') ||
	       (c >= 0xC0 && c <= 0x24F) || c == ' ' || c == '.' || c == '(' ||
	       c == ')' || c == '/' || c == '\'' || c == '-' ||
	       (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF66 && c <= 0xFF9F) ||
	       (c >= 0x20000 && c <= 0x2FFFF);
}

/* Kanji, kana or words of letters, short, no sentence. */
static bool
is_name(const struct mdg_line *l)
{
	size_t chars = 0, kana = 0, kanji = 0, words = 1;

	for (size_t i = 0; i < l->n;) {
		uint32_t c;
		i += mdg_utf8_next(l->s + i, l->n - i, &c);
		if (!is_name_char(c))
			return false;
		chars++;
		kana += c >= 0x3041 && c <= 0x309F;
		kanji += c >= 0x4E00 && c <= 0x9FFF;
		words += c == ' ';
	}
	if (chars < 2 || chars > 40 || words > 6)
		return false;
	/* "Taro Yamada", not "On Monday I called you." */
	if (kana + kanji == 0 && (words > 4 || l->s[l->n - 1] == '.'))
		return false;
	if (kana > 8 || kanji > 14)
		return false;
	return true;
}

/* What is left of a line beside its label, numbers and addresses. */
static size_t
words_left(const struct mdg_line *l)
{
	size_t left = 0;

	for (const char *p = l->s; *p;) {
		size_t tok = strcspn(p, " ");
		const char *a, *e;
		char t[MDG_LINE_MAX + 1];
		memcpy(t, p, tok);
		t[tok] = '\0';
		if (!mdg_line_find_addr(t, &a, &e) && !mdg_line_has_url(t))
			for (size_t i = 0; i < tok; i++)
				left += (p[i] & 0xC0) != 0x80 &&
					!(p[i] >= '0' && p[i] <= '9') &&
					!strchr("-+()/:.,<>[]", p[i]);
		p += tok;
		p += strspn(p, " ");
	}
	return left;
}

static enum mdg_q_kind
contact_kind(const struct mdg_line *l)
{
	const char *a, *e;
	size_t lab = mdg_line_starts_any(l->s, CONTACT_LABELS);
	bool addr = mdg_line_find_addr(l->s, &a, &e);
	bool phone = mdg_line_has_phone(l->s);
	bool url = mdg_line_has_url(l->s);
	size_t left = words_left(l);

	if (mdg_line_has_postcode(l->s) && left <= 60)
		return MDG_K_CONTACT;
	if ((addr || phone) && (left <= 16 || (lab && left <= 40)))
		return MDG_K_CONTACT;
	if (mdg_line_starts_any(l->s, URL_LABELS) && left <= 24 &&
	    (url || strchr(l->s, ':') || strchr(l->s, '@')))
		return MDG_K_URL;
	if (url && left <= 8)
		return MDG_K_URL;
	return MDG_K_N;
}

static bool
is_street(const struct mdg_line *l)
{
	if (!mdg_line_starts_any(l->s, PREFS) && !mdg_line_holds(l, TOWN_WORDS))
		return false;
	if (mdg_line_starts_any(l->s, PREFS) && l->n <= 150)
		return true;
	return strpbrk(l->s, "0123456789") && l->n <= 120;
}

/* Prose, though it does not end so. */
static bool
speaks(const struct mdg_line *l, size_t width)
{
	return mdg_line_holds(l, mdg_q_prose_parts) ||
	       (width > 44 && strstr(l->s, "、")) || width >= 100;
}

static enum mdg_q_kind
card_kind(const struct mdg_line *l, size_t width, enum mdg_q_kind k)
{
	if (mdg_line_holds(l, FACT_WORDS) &&
	    (strchr(l->s, ':') || strpbrk(l->s, "0123456789")) &&
	    !strstr(l->s, "登録番号") && !mdg_str_starts(l->s, "担当") &&
	    k != MDG_K_CONTACT && !mdg_line_has_url(l->s))
		return MDG_K_FACT;
	if (k != MDG_K_N)
		return k;
	if (mdg_line_holds(l, ORG_WORDS) ||
	    mdg_line_ends_any(l->s, l->n, ORG_ENDS) || is_street(l))
		return width <= 80 ? MDG_K_ORG : MDG_K_PROSE;
	if (is_name(l) && width <= 34)
		return MDG_K_NAME;
	return width <= 60 ? MDG_K_SHORT : MDG_K_PROSE;
}

/* 「お手数ですが、よろしくお願いいたします。」 */
static const char *const CLOSING_PARTS[] = {
	"よろしくお願い", "宜しくお願い",       "よろしくおねがい",
	"宜しく御願い",   "お待ちしております", NULL};

static bool
is_closing(const struct mdg_line *l)
{
	return l->n <= 150 && (mdg_line_starts_any(l->s, CLOSINGS) ||
			       mdg_line_holds(l, CLOSING_PARTS) ||
			       mdg_line_ends_any(l->s, l->n, CLOSING_ENDS));
}

enum mdg_q_kind
mdg_q_kind(const char *s, size_t n)
{
	struct mdg_line l;

	if (mdg_line_is_blank(s, n))
		return MDG_K_BLANK;
	if (n >= 4 && !memcmp(s, "- --", 4)) { /* RFC 4880 §7.1 */
		s += 2;
		n -= 2;
	}
	if (n >= 2 && !memcmp(s, "--", 2) && mdg_line_is_blank(s + 2, n - 2))
		return MDG_K_DASHES;
	if (is_rule(s, n))
		return MDG_K_RULE;
	size_t width = mdg_line_width(s, n, 200);
	mdg_line_fold(&l, s, n);
	if (mdg_q_is_mobile(&l))
		return MDG_K_MOBILE;
	enum mdg_q_kind footer = mdg_q_footer_kind(&l);
	if (footer != MDG_K_N)
		return footer;
	bool item = is_item(s, n);
	size_t whole = n;
	undecorate(&s, &n);
	if (n < whole)
		mdg_line_fold(&l, s, n);
	if (mdg_line_starts_any(l.s, PS))
		return MDG_K_PS;
	if (is_closing(&l))
		return MDG_K_CLOSING;
	if (mdg_line_starts_any(l.s, FORM_LABELS) && strchr(l.s, ':'))
		return MDG_K_FACT;
	if (mdg_line_ends_any(l.s, l.n, PROSE_ENDS))
		return MDG_K_PROSE;
	enum mdg_q_kind k = contact_kind(&l);
	if (k == MDG_K_N && speaks(&l, width))
		return MDG_K_PROSE;
	k = card_kind(&l, width, k);
	return item && k == MDG_K_NAME ? MDG_K_SHORT : k;
}

enum mdg_q_kind
mdg_q_kind_at(const struct mdg_q *q, size_t i)
{
	struct mdg_q_line *l = &q->v[i];

	if (!l->kind)
		l->kind = (uint8_t)(mdg_q_kind(mdg_q_str(q, i), l->len) + 1);
	return (enum mdg_q_kind)(l->kind - 1);
}

bool
mdg_q_is_rule(const struct mdg_q *q, size_t i)
{
	return is_rule(mdg_q_str(q, i), q->v[i].len);
}

bool
mdg_q_announces(const char *s, size_t n, bool weakly)
{
	struct mdg_line l;

	mdg_line_fold(&l, s, n);
	if (l.n > 0 && l.s[l.n - 1] == ':')
		return true;
	return mdg_line_holds(&l, weakly ? HINTS : ANNOUNCES);
}
