/*
 * Automatic answers of programs that send no header saying so: told by what
 * they say of themselves, never by the subject alone.
 */
#include <string.h>

#include "class_priv.h"
#include "line.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/forward.h"
#include "madoguchi/mail/quote.h"

enum { BODY_BYTES = 6000, HEAD_LINES = 4 };

/* clang-format off */
static const char *const AUTO_SUBJECTS[] = {
	"自動返信", "自動応答", "不在のため自動", "不在につき自動", "不在:", "【自動返信", "[自動返信", "(自動返信", "【自動応答",
	"[自動応答", "【自動配信", "[自動配信", "【自動送信", "[自動送信", "自動配信",
	"自動送信", "不在通知", "不在のお知らせ", "不在連絡", "【不在", "[不在",
	"休暇中", "automatic reply", "auto reply", "auto-reply", "autoreply",
	"auto response", "out of office", "out of the office", "ooo:", "vacation",
	"away from", "abwesenheit", "abwesend", "réponse automatique", "respuesta automática",
	"automatische antwort", "automatisch antwoord", "automatisk svar",
	"risposta automatica", "resposta automática", "автоответ", "automatyczna odpowiedź",
	"absence du bureau", "fuera de la oficina", "fuori ufficio",
	"自动回复", "自动答复", "自動回覆", "自動回復", "자동 회신", "자동 응답", "자동회신", "부재중", "auto:", "受付完了",
	"受付のお知らせ", "【受付完了", "お問い合わせ受付", "お問い合わせを受け付け",
	"お問合せ受付", "【受付", "[受付", "お問い合わせありがとうございます",
	"お問合せありがとうございます", "受信確認", "ご連絡ありがとうございます",
	"開封済み:", "開封確認", "read:", "休暇のお知らせ", "休業のお知らせ", "出張中", NULL};
/* Somebody says: this mail was written by a machine. */
static const char *const AUTO_STATEMENTS[] = {
	"自動返信メールです", "自動返信です", "自動応答です",
	"自動応答メールです", "自動配信メールです", "自動送信メールです", "自動送信しています",
	"自動返信しています", "自動で返信して", "自動で送信して", "自動的に返信", "自動的に送信",
	"自動配信されて", "自動送信されて", "自動返信されて", "自動にて送信", "自動にて返信",
	"自動で配信", "自動的に配信", "this is an automat", "this is an auto-",
	"this is an auto ", "this is automat", "automatically generated",
	"this message was generated automatically", "automated response",
	"automated reply", "automatic reply", "automatic response", "auto-generated",
	"autoresponder", "不在応答", "不在通知", "に開封されました", "開封されたことを",
	"was read on", "was displayed on", NULL};
/* The subject itself says so: a bit of the text is enough. */
static const char *const MACHINE_SUBJECTS[] = {
	"automatic reply", "auto reply", "auto-reply", "autoreply", "auto response",
	"out of office", "automatische antwort", "automatisch antwoord",
	"abwesenheit", "automatisk svar",
	"risposta automatica", "resposta automática", "автоответ", "automatyczna odpowiedź",
	"réponse automatique", "respuesta automática", "absence du bureau",
	"自动回复", "自动答复", "自動回覆", "自動回復", "자동 회신", "자동 응답", "자동회신",
	NULL};
static const char *const MACHINE_MARKS[] = {
	"(自動返信", "(自動応答", "(自動配信", "(自動送信", "[自動返信", "[自動応答",
	"[自動配信", "[自動送信", "【自動返信", "【自動応答", "【自動配信", "【自動送信",
	"<自動返信", "<自動応答", "<自動配信", "※自動返信", "※自動配信",
	"-自動返信", "-自動応答", "自動返信)", "自動配信)", "自動応答)", NULL};
/* 「このメールは…自動で…送信しています」, in any order of its parts. */
static const char *const THIS_MAIL[] = {
	"このメール", "本メール", "当メール", "こちらのメール", "このeメール", "本eメール",
	"このメッセージ", "本メッセージ", "この電子メール", "本電子メール", "本通知", NULL};
static const char *const SENT_BY[] = {
	"送信", "返信", "配信", "応答", "発信", "生成", "作成", "お送り", "送られ", NULL};
/* Who speaks so is away now. */
static const char *const AWAY[] = {
	"不在", "休暇", "休業", "留守", "出張中", "外出し", "育休", "産休", "休職", "夏休み",
	"席を外し", "席をはずし",
	"out of office", "out of the office", "on vacation", "on holiday",
	"on leave", "annual leave", "away from", "i am away", "i'm away",
	"currently away", "limited access to", "maternity leave",
	"nicht im büro", "im urlaub", "abwesend", "außer haus", "nicht erreichbar",
	"absent", "en congé", "en vacances", "hors du bureau", "fuera de la oficina",
	"vacaciones", "ausente", "férias", "fuori ufficio", "in ferie", "assente",
	"afwezig", "op vakantie", "на отпуск", "в отпуске", "休假", "外出", "出差",
	"不在办公室", "不在辦公室", "휴가", "부재", "출장", NULL};
/* Who spoke here is gone, or the address is. */
static const char *const GONE[] = {
	"退職いたし", "退職致し", "退職しまし", "退社いたし", "退社しまし", "使用しておりません",
	"使われておりません", "使われていません", "使用していません",
	"使用されており", "使用されていません", "廃止", "変更いたしました", "変更しました",
	"変更になりました", "後任", "送信専用", "no longer with", "has left the company",
	"no longer works", "no longer in use", "has changed", NULL};
static const char *const NOW[] = {
	"ただいま", "ただ今", "只今", "現在", "現在、", "out of", "i am", "i'm", "i will be",
	"thank you for", "currently", NULL};
static const char *const AWAY_MORE[] = {
	"お急ぎ", "緊急", "至急", "戻り", "返信が遅", "返信は", "ご返信できま", "連絡が遅",
	"ご連絡できま", "対応できま", "確認できま", "返信いたします", "まで不在", "ご対応でき", "確認ができ", "返信ができ", "対応ができ",
	"ご連絡ができ",
	"return", "urgent", "immediate", "will reply", "respond", "get back to you", NULL};
/* The machine took something in. */
static const char *const RECEIVED[] = {
	"受け付けました", "受付いたしました", "受け付けいたしました", "承りました", "受信しました",
	"受信いたしました", "受け付けております", "受付けました", "受付しました",
	"お問い合わせいただき", "お問合せいただき", "ご連絡いただき", "担当者より",
	"have received your", "received your message", "has been received", NULL};
/* Someone tells about such a mail, or asks. */
static const char *const TOLD[] = {
	"」", "届き", "届か", "が来", "来ま", "を受け取", "受信しまし", "と表示", "とあり",
	"と書", "との", "でしたが", "ましたが", "ですが", "されません", "ありません", "をもら",
	"をいただ", "を頂", "でしょうか", "ですか", "ませんか", "?", "という", "停止", "設定", NULL};
/* Someone tells of an absence that is over, or of somebody else's. */
static const char *const AWAY_TOLD[] = {
	"?", "でしょうか", "届", "ましたが", "でしたが", "受け取", "不在票", "不在連絡",
	"のため、再", "来週", "再来週", "来月", NULL};
/* Labels of a web form's notice; two of them make one. */
static const char *const FORM_LABELS[] = {
	"お名前", "氏名", "ご氏名", "名前", "お客様名", "貴社名", "会社名", "御社名",
	"メールアドレス", "e-mail", "email", "mail", "電話番号", "お電話番号", "ご連絡先",
	"お問い合わせ内容", "お問合せ内容", "問い合わせ内容", "ご用件", "内容", "件名",
	"your-name", "your-email", "name", "フリガナ", "ふりがな", "ご住所", "住所",
	"メッセージ", "ご質問", "種別", "お問い合わせ種別", NULL};
static const char *const FORM_WORDS[] = {
	"フォームから", "フォームより", "フォームに", "お問い合わせがありました",
	"お問合せがありました", "問い合わせがあり", NULL};
static const char *const ASKS[] = {
	"?", "でしょうか", "ですか", "ますか", "ませんか", "教えてください", "教えて下さい", NULL};
/* clang-format on */

struct body {
	bool statement, statement_early;
	bool away, away_now, gone, received, more, form, asks;
	size_t lines, labels;
};

static bool
states_auto(const struct mdg_line *l)
{
	if (mdg_line_holds(l, AUTO_STATEMENTS))
		return true;
	return mdg_line_holds(l, THIS_MAIL) && strstr(l->s, "自動") &&
	       mdg_line_holds(l, SENT_BY) && !strstr(l->s, "ウイルス");
}

/* "■お名前: 山田", "[ 氏名 ] 山田" */
static bool
is_form_label(const struct mdg_line *in)
{
	static const char *const marks[] = {"【", "■", "◆", "●",  "◎", "○",
					    "・", "□", "▼", "《", "※", NULL};
	struct mdg_line l = *in;
	size_t w;

	mdg_line_strip(&l, "-=_~+#<>[]( ");
	while ((w = mdg_line_starts_any(l.s, marks)) > 0)
		mdg_line_fold(&l, l.s + w, l.n - w);
	w = mdg_line_starts_any(l.s, FORM_LABELS);
	if (w == 0)
		return false;
	const char *p = l.s + w + strspn(l.s + w, " ");
	return *p == ':' || *p == ']' || *p == ')' || *p == '\0' ||
	       mdg_str_starts(p, "】") || mdg_str_starts(p, "》") ||
	       (p > l.s + w && in->n != l.n);
}

/* Without one of these it is nobody's automatic answer. */
static void
claims(struct body *b, const struct mdg_line *l)
{
	bool early = b->lines++ < HEAD_LINES;

	if (states_auto(l) && !mdg_line_holds(l, TOLD)) {
		b->statement = true;
		b->statement_early = b->statement_early || early;
	}
	if (early && mdg_line_holds(l, AWAY) && !mdg_line_holds(l, AWAY_TOLD)) {
		b->away = true;
		b->away_now = b->away_now || mdg_line_holds(l, NOW);
	}
}

static void
details(struct body *b, const struct mdg_line *l)
{
	b->gone = b->gone || mdg_line_holds(l, GONE);
	b->received = b->received || mdg_line_holds(l, RECEIVED);
	b->more = b->more || mdg_line_holds(l, AWAY_MORE);
	b->form = b->form || mdg_line_holds(l, FORM_WORDS);
	b->asks = b->asks || mdg_line_holds(l, ASKS);
	b->labels += is_form_label(l);
}

static void
read_body(const char *s, struct body *b,
	  void (*look)(struct body *, const struct mdg_line *))
{
	const char *stop = s + strnlen(s, BODY_BYTES);

	while (s < stop) {
		struct mdg_line l;
		size_t n = strcspn(s, "\n");
		mdg_line_fold(&l, s, n);
		if (l.n > 0)
			look(b, &l);
		s += n + (s[n] == '\n');
	}
}

bool
mdg_class_subject_is_auto(const struct mdg_line *subject)
{
	static const char *const told[] = {
		"届き", "届か", "について", "ません", "来ない", "の件",
		"設定", "?",    "停止",     "したい", "方法",   NULL};
	struct mdg_line l = *subject;

	if (!mdg_line_starts_any(l.s, AUTO_SUBJECTS))
		return false;
	/* behind the machine's prefix stands the subject of somebody else */
	char *end = strpbrk(l.s, ":])");
	char *end2 = strstr(l.s, "】");
	if (end2 && (!end || end2 < end))
		end = end2;
	if (end)
		*end = '\0';
	return !mdg_line_holds(&l, told);
}

/* "【自動返信】休業のお知らせ", "休業のお知らせ(自動配信)", not "Re: …" */
static bool
subject_is_machine(const struct mdg_line *subject)
{
	static const char *const told[] = {"届き", "届か", "ません", "来ない",
					   "?",    "停止", NULL};

	if (mdg_line_holds(subject, told) ||
	    mdg_quote_subject_is_reply(subject->s) ||
	    mdg_forward_subject(subject->s))
		return false;
	if (mdg_class_subject_is_auto(subject) && strstr(subject->s, "自動"))
		return true;
	return mdg_line_holds(subject, MACHINE_MARKS) ||
	       (mdg_line_starts_any(subject->s, MACHINE_SUBJECTS) &&
		mdg_class_subject_is_auto(subject));
}

bool
mdg_class_words_are_auto(const struct mdg_line *subject, const char *text)
{
	struct body b = {.lines = 0};
	bool titled = mdg_class_subject_is_auto(subject);
	bool machine = subject_is_machine(subject);

	if (!text)
		text = "";
	read_body(text, &b, claims);
	if (!titled && !machine && !b.statement && !b.away_now)
		return false;
	read_body(text, &b, details);
	/* a form's notice speaks for the customer, its receipt for nobody */
	if ((b.form || b.labels >= 2) && !(b.statement && b.received))
		return false;
	if (titled && b.statement)
		return true;
	if (b.asks)
		return false;
	if (machine && (b.away || b.gone || b.received || b.more))
		return true;
	if (titled)
		return b.away_now || (b.more && (b.received || b.away));
	if (b.statement_early && (b.received || b.more || b.lines <= 3))
		return true;
	if (b.statement && (b.away_now || b.received))
		return true;
	return b.away_now && b.more;
}
