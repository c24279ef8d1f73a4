/* Placeholders of other desks. */
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/reply/template_import.h"
#include "madoguchi/text/fold.h"

enum { NAME_CHARS_MAX = 40, CIRCLES_MAX = 8, BEFORE_BYTES = 48 };

/* What placeholders are called, folded, without spaces and signs. */
static const struct {
	const char *slot, *names;
} meanings[] = {
	{"customer.name",
	 " name fullname firstname lastname customer customername"
	 " customerfullname customerfirstname recipient recipientname"
	 " recipientnamefull requestername ticketrequestername contactname"
	 " ticketusername username clientname お客様名 お客様氏名 お客様のお名前"
	 " お客様 顧客名 氏名 ご氏名 名前 お名前 宛名 姓名 姓 会員名 相手名 宛先名 "},
	{"customer.company",
	 " company companyname customercompany organization 会社名 御社名 貴社名"
	 " お客様会社名 企業名 法人名 "},
	{"customer.phone", " phone phonenumber tel customerphone 電話番号 "},
	{"operator",
	 " agent agentname staff staffname operator operatorname"
	 " agentfullname userfullname sender 担当 担当者 担当者名"
	 " 対応者 対応者名 オペレーター オペレーター名 署名者 自分の名前"
	 " 送信者名 "},
	{"window", " mailbox mailboxname window group groupname team brand"
		   " 窓口 窓口名 部署 部署名 "},
	{"ticket",
	 " ticket ticketid ticketnumber ticketno conversationnumber caseid"
	 " casenumber 受付番号 お問い合わせ番号 問い合わせ番号 お問合せ番号"
	 " 問合せ番号 管理番号 チケット番号 "},
	{"order.no", " order orderno orderid ordernumber 注文番号 ご注文番号"
		     " 受注番号 オーダー番号 "},
	{"tracking.no",
	 " tracking trackingno trackingnumber 追跡番号 送り状番号 伝票番号"
	 " お問い合わせ伝票番号 "},
	{"product.name",
	 " product productname item itemname 商品 商品名 製品 製品名 品名 "},
	{"product.model", " model modelno 型番 品番 機種 機種名 型式 "},
	{"serial.no", " serial serialno serialnumber 製造番号 シリアル番号 "},
	{"error.code", " error errorcode エラーコード エラー番号 "},
	{"carrier", " carrier 配送会社 運送会社 配送業者 "},
	{"amount", " amount price total 金額 合計金額 代金 請求額 料金 "},
	{"url", " url link リンク "},
	{"due.at", " due duedate deadline 期限 回答期限 期日 返信期限 "},
	{"date", " date 日付 日時 年月日 "},
	{"address", " address 住所 送付先 返送先 "},
	{"topic", " subject topic ticketsubject 件名 用件 お問い合わせ内容"
		  " 問い合わせ内容 "},
};

static const char *
meaning_of(const char *name)
{
	MDG_AUTO(mdg_freep) char *word = mdg_asprintf(" %s ", name);

	for (size_t i = 0; *name && i < MDG_LEN(meanings); i++)
		if (strstr(meanings[i].names, word))
			return meanings[i].slot;
	return NULL;
}

struct mapping {
	struct mdg_arena *a;
	struct mdg_buf *out;
	struct mdg_strings *notes;
	struct mdg_strings unknown; /* x1 is the first */
	size_t dates;
};

static const char *
unknown_slot(struct mapping *m, const char *as_written)
{
	size_t k = 0;

	while (k < m->unknown.n && !mdg_streq(m->unknown.v[k], as_written))
		k++;
	if (k == m->unknown.n) {
		mdg_strings_add(&m->unknown, m->a, as_written,
				MDG_TEMPLATE_SLOTS_MAX);
		mdg_strings_add(m->notes, m->a,
				mdg_arena_printf(m->a, "%s = {{x%zu}}",
						 as_written, k + 1),
				MDG_TEMPLATE_NOTES_MAX);
	}
	return mdg_arena_printf(m->a, "x%zu", k + 1);
}

/* The words between the signs, to look up: no case, width, space, _ . - */
static const char *
plain_name(struct mapping *m, const char *s, size_t n)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};

	n = mdg_utf8_cut(s, n, n);
	mdg_fold(&b, s, n, MDG_FOLD_LOWER | MDG_FOLD_NOSPACE);
	for (const char *p = mdg_buf_str(&b); *p && !strchr(",|:", *p); p++)
		if (!strchr("_.-%*", *p))
			mdg_buf_putc(&out, *p);
	if (mdg_str_ends(mdg_buf_str(&out), "様") && out.len > strlen("様") &&
	    !meaning_of(mdg_buf_str(&out)))
		return mdg_arena_strndup(m->a, mdg_buf_str(&out),
					 out.len - strlen("様"));
	return mdg_arena_strdup(m->a, mdg_buf_str(&out));
}

/* A name that is one of ours already. */
static bool
is_our_name(const char *s, size_t n)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz0123456789_.";

	for (size_t i = 0; i < n; i++)
		if (!strchr(chars, s[i]))
			return false;
	return n > 0;
}

static bool
is_word(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!((s[i] >= '0' && s[i] <= '9') ||
		      (s[i] >= 'A' && s[i] <= 'Z') ||
		      (s[i] >= 'a' && s[i] <= 'z') || strchr("_.-", s[i])))
			return false;
	return n > 1;
}

/* A placeholder at s: its length; what stands for it is written. */
static size_t
signs_at(struct mapping *m, const char *s)
{
	/* by the signs alone, by an ASCII word, or only by a known name */
	enum sure { ALWAYS, WORDS, KNOWN };
	static const struct {
		const char *open, *close;
		enum sure sure;
	} pairs[] = {
		{"{{", "}}", ALWAYS}, {"{%", "%}", ALWAYS},
		{"%{", "}", ALWAYS},  {"${", "}", ALWAYS},
		{"#{", "}", ALWAYS},  {"[[", "]]", ALWAYS},
		{"{", "}", WORDS},    {"%", "%", WORDS},
		{"<<", ">>", WORDS},  {"[", "]", KNOWN},
		{"［", "］", KNOWN},  {"【", "】", KNOWN},
		{"<", ">", KNOWN},    {"＜", "＞", KNOWN},
		{"〔", "〕", KNOWN},  {"《", "》", KNOWN},
		{"≪", "≫", KNOWN},    {"｛", "｝", KNOWN},
		{"$", "$", KNOWN},    {"#", "#", KNOWN},
	};

	for (size_t i = 0; i < MDG_LEN(pairs); i++) {
		if (!mdg_str_starts(s, pairs[i].open))
			continue;
		const char *in = s + strlen(pairs[i].open);
		const char *end = strstr(in, pairs[i].close);
		if (!end || end == in || memchr(in, '\n', (size_t)(end - in)))
			continue;
		size_t n = (size_t)(end - in);
		size_t len = (size_t)(end - s) + strlen(pairs[i].close);
		if (mdg_utf8_len(in, n) > NAME_CHARS_MAX)
			continue;
		while (n && *in == ' ') {
			in++;
			n--;
		}
		while (n && in[n - 1] == ' ')
			n--;
		const char *slot = meaning_of(plain_name(m, in, n));
		if (!slot && i == 0 && is_our_name(in, n))
			slot = mdg_arena_strndup(m->a, in, n);
		if (!slot && (pairs[i].sure == ALWAYS ||
			      (pairs[i].sure == WORDS && is_word(in, n))))
			slot = unknown_slot(m, mdg_arena_strndup(m->a, s, len));
		if (!slot)
			continue;
		mdg_buf_printf(m->out, "{{%s}}", slot);
		return len;
	}
	return 0;
}

static size_t
circle(const char *s)
{
	static const char *const signs[] = {"○", "〇", "◯",  "●", "△",
					    "×", "＿", "＊", "■"};

	for (size_t i = 0; i < MDG_LEN(signs); i++)
		if (mdg_str_starts(s, signs[i]))
			return strlen(signs[i]);
	return 0;
}

static size_t
circles(const char *s, size_t *ret_n)
{
	size_t len = 0, one;

	*ret_n = 0;
	while ((one = circle(s + len))) {
		len += one;
		++*ret_n;
	}
	return len;
}

/* "○月○日", "○○月○○日（○）" */
static size_t
day_at(const char *s)
{
	size_t n, len = circles(s, &n), more;

	if (n == 0 || n > 4)
		return 0;
	if (mdg_str_starts(s + len, "年")) {
		len += strlen("年");
		more = circles(s + len, &n);
		if (n == 0)
			return 0;
		len += more;
	}
	if (!mdg_str_starts(s + len, "月"))
		return 0;
	len += strlen("月");
	more = circles(s + len, &n);
	len += more;
	if (n == 0 || !mdg_str_starts(s + len, "日"))
		return 0;
	len += strlen("日");
	const char *open = mdg_str_starts(s + len, "（") ? "（" : "(";
	if (mdg_str_starts(s + len, open)) {
		size_t in = len + strlen(open);
		more = circles(s + in, &n);
		in += more;
		if (mdg_str_starts(s + in, "曜"))
			in += strlen("曜");
		if (n == 1 && (mdg_str_starts(s + in, "）") || s[in] == ')'))
			len = in + (s[in] == ')' ? 1 : strlen("）"));
	}
	return len;
}

/* What the words before say of a run of circles. */
static const char *
told_before(const char *text, const char *s)
{
	static const struct {
		const char *word, *slot;
	} words[] = {
		{"注文番号", "order.no"},       {"追跡番号", "tracking.no"},
		{"送り状番号", "tracking.no"},  {"伝票番号", "tracking.no"},
		{"受付番号", "ticket"},         {"お問い合わせ番号", "ticket"},
		{"型番", "product.model"},      {"商品名", "product.name"},
		{"担当", "operator"},           {"担当者", "operator"},
		{"会社名", "customer.company"},
	};
	size_t n = (size_t)(s - text);
	const char *from = n > BEFORE_BYTES ? s - BEFORE_BYTES : text;
	const char *end = s, *line = s;

	while (line > from && line[-1] != '\n')
		line--;
	/* "：", " ", "は", "「" between */
	for (bool again = true; again;) {
		static const char *const between[] = {"：", ":",  " ", "　",
						      "は", "「", "の"};
		again = false;
		for (size_t i = 0; i < MDG_LEN(between); i++) {
			size_t len = strlen(between[i]);
			if ((size_t)(end - line) < len ||
			    memcmp(end - len, between[i], len) != 0)
				continue;
			end -= len;
			again = true;
		}
	}
	for (size_t i = 0; i < MDG_LEN(words); i++) {
		size_t len = strlen(words[i].word);
		if ((size_t)(end - line) >= len &&
		    memcmp(end - len, words[i].word, len) == 0)
			return words[i].slot;
	}
	return NULL;
}

static size_t
circles_at(struct mapping *m, const char *text, const char *s)
{
	size_t n, len = day_at(s);
	const char *slot;

	if (len) {
		m->dates++;
		if (m->dates == 1)
			mdg_buf_puts(m->out, "{{date}}");
		else
			mdg_buf_printf(m->out, "{{date%zu}}", m->dates);
		return len;
	}
	len = circles(s, &n);
	if (n < 2 || n > CIRCLES_MAX)
		return 0;
	const char *after = s + len + strspn(s + len, " ");
	if (mdg_str_starts(after, "　"))
		after += strlen("　");
	if (mdg_str_starts(after, "様") || mdg_str_starts(after, "さま")) {
		mdg_buf_puts(m->out, "{{customer.name}} ");
		return (size_t)(after - s);
	}
	if (mdg_str_starts(s + len, "円")) {
		mdg_buf_puts(m->out, "{{amount}}");
		return len + strlen("円");
	}
	slot = told_before(text, s);
	mdg_buf_printf(m->out, "{{%s}}",
		       slot ? slot
			    : unknown_slot(m, mdg_arena_strndup(m->a, s, len)));
	return len;
}

void
mdg_template_map_slots(const char *body, struct mdg_arena *a,
		       struct mdg_buf *out, struct mdg_strings *ret_notes)
{
	struct mapping m = {.a = a, .out = out, .notes = ret_notes};

	for (const char *p = body; *p;) {
		size_t len = signs_at(&m, p);
		uint32_t c;
		if (!len)
			len = circles_at(&m, body, p);
		if (!len) {
			size_t n; /* a rule of circles is copied as a whole */
			len = circles(p, &n);
			if (n <= CIRCLES_MAX)
				len = mdg_utf8_next(p, strlen(p), &c);
			mdg_buf_put(out, p, len);
		} else if (mdg_str_starts(p + len, "様") && out->len &&
			   out->ptr[out->len - 1] == '}') {
			mdg_buf_putc(out, ' '); /* {{customer.name}} 様 */
		}
		p += len;
	}
}
