/*
 * What people answer to the desk's mails, as mail programs send it, from the
 * text of the mail to what is understood. tests/data/answer/answers.txt holds
 * the mails and what each of them means. Nothing may be done that was not
 * meant: that is worse than asking back.
 */
#include "t.h"

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/quote.h"
#include "madoguchi/reply/answer.h"
#include "madoguchi/text/fold.h"

enum { TEXT_MAX = 200000, MEANT_LEAST = 199 };

static char notice[TEXT_MAX], request[TEXT_MAX], cases[TEXT_MAX];

static void
load(const char *name, char *out)
{
	char path[512];
	const char *top = getenv("top_srcdir");

	snprintf(path, sizeof(path), "%s/tests/data/answer/%s", top ? top : ".",
		 name);
	FILE *f = fopen(path, "rb");
	if (!f)
		fail_msg("cannot read %s", path);
	size_t n = fread(out, 1, TEXT_MAX - 1, f);
	out[n] = '\0';
	fclose(f);
}

/* ---- the quoted mail, as programs write it ---- */

#define DESK "みどり商店 お客様窓口"
#define DESK_AT DESK " <support@midori.example>"
#define SUBJECT "[#10042] 荷物が届きません [mdg-abcdefghijklmnopqrstuvwxyz]"

static const struct {
	const char *program, *head, *mark;
} programs[] = {
	{"outlook-ja",
	 "差出人: " DESK_AT "\n送信日時: 2026年11月22日 10:15\n"
	 "宛先: 佐藤 太郎 <sato@midori.example>\n件名: " SUBJECT "\n\n",
	 ""},
	{"outlook-web",
	 "________________________________\n差出人: " DESK_AT
	 "\n送信日時: 2026年11月22日 10:15\n"
	 "宛先: 佐藤 太郎 <sato@midori.example>\n件名: " SUBJECT "\n\n",
	 ""},
	{"outlook-en",
	 "From: " DESK_AT "\nSent: Sunday, November 22, 2026 10:15 AM\n"
	 "To: Sato Taro <sato@midori.example>\nSubject: " SUBJECT "\n\n",
	 ""},
	{"gmail", "2026年11月22日(日) 10:15 " DESK_AT ":\n\n", "> "},
	{"gmail-en", "On Sun, Nov 22, 2026 at 10:15 AM " DESK_AT " wrote:\n\n",
	 "> "},
	{"applemail", "2026/11/22 10:15、" DESK_AT "のメール：\n\n", "> "},
	{"iphone",
	 "iPhoneから送信\n\n2026/11/22 10:15、" DESK_AT "のメール：\n\n", "> "},
	{"thunderbird", "On 2026/11/22 10:15, " DESK " wrote:\n", "> "},
	{"thunderbird-bottom", "On 2026/11/22 10:15, " DESK " wrote:\n", "> "},
	{"android",
	 "-------- 元のメッセージ --------\n差出人: " DESK_AT
	 "\n日付: 2026/11/22 10:15 (GMT+09:00)\n"
	 "宛先: 佐藤 太郎 <sato@midori.example>\n件名: " SUBJECT "\n\n",
	 ""},
	{"docomo",
	 "------------ Original Message ------------\nFrom: " DESK_AT
	 "\nTo: sato@midori.example\nDate: 2026/11/22 10:15\nSubject: " SUBJECT
	 "\n\n",
	 ">"},
	{"becky", "On Sun, 22 Nov 2026 10:15:00 +0900\n" DESK_AT " wrote:\n\n",
	 "> "},
	{"becky-bottom",
	 "On Sun, 22 Nov 2026 10:15:00 +0900\n" DESK_AT " wrote:\n\n", "> "},
};

/* "{q:gmail A => B}" */
static void
put_quoted(struct mdg_buf *out, char *what, const char *mail)
{
	char *from = strchr(what, ' '),
	     *to = from ? strstr(from, " => ") : NULL;
	size_t i = 0;

	if (from) {
		*from++ = '\0';
		assert_non_null(to);
		*to = '\0';
		to += 4;
		assert_non_null(strstr(mail, from));
	}
	while (i < MDG_LEN(programs) && !mdg_streq(programs[i].program, what))
		i++;
	if (i == MDG_LEN(programs))
		fail_msg("no program %s", what);
	mdg_buf_puts(out, programs[i].head);
	for (const char *p = mail; *p;) {
		size_t n = strcspn(p, "\n");
		MDG_AUTO(mdg_freep) char *line = mdg_strndup(p, n);
		const char *hit = from ? strstr(line, from) : NULL;
		mdg_buf_puts(out, programs[i].mark);
		if (hit) {
			mdg_buf_put(out, line, (size_t)(hit - line));
			mdg_buf_puts(out, to);
			mdg_buf_puts(out, hit + strlen(from));
		} else {
			mdg_buf_puts(out, line);
		}
		mdg_buf_putc(out, '\n');
		p += n + (p[n] == '\n');
	}
}

/* ---- what was understood, in the words of the cases ---- */

static const char *const acts[MDG_ANSWER_CMD_N] = {
	[MDG_ANSWER_APPROVE] = "approve",
	[MDG_ANSWER_CORRECT] = "approve_changed",
	[MDG_ANSWER_RETURN] = "return",
	[MDG_ANSWER_SUBMIT] = "request",
	[MDG_ANSWER_WITHDRAW] = "withdraw",
	[MDG_ANSWER_SEND] = "send",
	[MDG_ANSWER_CANCEL] = "cancel",
	[MDG_ANSWER_SCHEDULE] = "schedule",
	[MDG_ANSWER_HOLD] = "hold",
	[MDG_ANSWER_NO_REPLY] = "noreply",
	[MDG_ANSWER_THANKS] = "thanks",
	[MDG_ANSWER_SPAM] = "spam",
	[MDG_ANSWER_ASSIGN] = "assign",
	[MDG_ANSWER_TAKE] = "take",
	[MDG_ANSWER_CATEGORY] = "category",
	[MDG_ANSWER_COMMENT] = "comment",
	[MDG_ANSWER_INQUIRE] = "inquiry",
	[MDG_ANSWER_PROMISE] = "promise",
	[MDG_ANSWER_DONE] = "done",
	[MDG_ANSWER_LIST] = "list",
	[MDG_ANSWER_RESCUE] = "rescue",
	[MDG_ANSWER_HELP] = "help",
	[MDG_ANSWER_TEST] = "test",
};

/* These ask back where nothing stands behind them. */
static bool
lacks_words(const struct mdg_answer *r)
{
	switch (r->cmd) {
	case MDG_ANSWER_SCHEDULE:
	case MDG_ANSWER_HOLD:
	case MDG_ANSWER_PROMISE:
	case MDG_ANSWER_CATEGORY:
		return !*r->arg;
	case MDG_ANSWER_RETURN:
	case MDG_ANSWER_COMMENT:
		return !*r->arg && !*r->text;
	case MDG_ANSWER_INQUIRE:
		return !*r->arg || !*r->text;
	case MDG_ANSWER_CORRECT:
		return !r->is_letter;
	default:
		return false;
	}
}

static void
understood(const struct mdg_answer *r, bool lead, struct mdg_buf *out)
{
	const char *act = r->cmd ? acts[r->cmd] : NULL;

	if (r->doubt == MDG_ANSWER_EMPTY)
		mdg_buf_puts(out, "empty");
	else if (r->doubt != MDG_ANSWER_CLEAR || lacks_words(r) ||
		 (lead && (r->choice || (r->is_letter && !act))) ||
		 (!lead && r->cmd == MDG_ANSWER_APPROVE))
		mdg_buf_puts(out, "ask");
	else if (r->edited)
		mdg_buf_printf(out, "edit %d", r->edited);
	else if (r->choice)
		mdg_buf_printf(out, "pick %d", r->choice);
	else if (r->is_letter && r->cmd != MDG_ANSWER_CORRECT)
		mdg_buf_puts(out, "draft");
	else if (!act && r->slot_names.n)
		mdg_buf_puts(out, "slots");
	else if (!act)
		mdg_buf_puts(out, "comment");
	if (act && !mdg_streq(mdg_buf_str(out), "ask"))
		mdg_buf_printf(out, "%s%s", out->len ? " " : "", act);
}

static void
details(const struct mdg_answer *r, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_buf_printf(&b, "%s\n%s\n", r->arg, r->text);
	for (size_t i = 0; i < r->slot_names.n; i++)
		mdg_buf_printf(&b, "%s=%s\n", r->slot_names.v[i],
			       r->slot_values.v[i]);
	mdg_fold(out, mdg_buf_str(&b), b.len, MDG_FOLD_LOWER);
}

/* "hold 写真": the act, and words that it must hold. */
static bool
is_meant(const char *alternative, const char *got, const char *said)
{
	size_t n = strlen(got);
	char word[200];

	if (strncmp(alternative, got, n) != 0 ||
	    (alternative[n] && alternative[n] != ' '))
		return false;
	for (const char *p = alternative + n; *p;) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		p += strspn(p, " ");
		size_t k = strcspn(p, " ");
		snprintf(word, sizeof(word), "%.*s", (int)k, p);
		mdg_fold(&b, word, strlen(word), MDG_FOLD_LOWER);
		if (!strstr(said, mdg_buf_str(&b)))
			return false;
		p += k;
	}
	return true;
}

enum verdict { MEANT, HARMLESS, ASKED, WRONG };

static enum verdict
judge(const char *wanted, const char *got, const char *said)
{
	char list[400], *save = NULL;
	bool asks = mdg_streq(got, "ask") || mdg_streq(got, "empty");
	int i = 0;

	snprintf(list, sizeof(list), "%s", wanted);
	for (char *one = strtok_r(list, "|", &save); one;
	     one = strtok_r(NULL, "|", &save), i++) {
		one += strspn(one, " ");
		while (*one && one[strlen(one) - 1] == ' ')
			one[strlen(one) - 1] = '\0';
		if (is_meant(one, got, said))
			return i ? HARMLESS : MEANT;
	}
	return asks ? ASKED : WRONG;
}

static enum verdict
look_at(const char *head, const char *mail, bool show)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf got = {0}, said = {0};
	static const char *const v[] = {
		"田中 花子 様\n\nお問い合わせいただき、ありがとうございます。\n"
		"追跡番号は【追跡番号】、お届けは【お届け予定日】の予定です。",
		"田中 花子 様\n\nお届けが遅れており、申し訳ございません。\n"
		"3営業日以内にお届けいたします。",
		"田中 花子 様\n\nお調べのうえ、明日 17:00 までにご連絡いたします。"};
	bool lead = strstr(head, " lead ") != NULL;
	struct mdg_quote_parts parts;
	struct mdg_answer r;

	mdg_quote_split(mail, true, &a, &parts);
	struct mdg_answer_input in = {.reply = parts.reply,
				      .text = mail,
				      .signature = "",
				      .name = lead ? "山田 花子" : "佐藤 太郎"};
	for (size_t i = 0; i < MDG_LEN(v) && !lead; i++)
		in.candidates[i] = v[i];
	if (lead)
		in.shown =
			"田中 花子 様\n\nお荷物は11月25日にお届けの予定です。\n\n"
			"みどり商店 お客様窓口\n";
	mdg_strings_add(&in.labels, &a, "追跡番号", 9);
	mdg_strings_add(&in.labels, &a, "お届け予定日", 9);
	in.slots = in.labels;
	mdg_answer_read(&in, &a, &r);
	understood(&r, lead, &got);
	details(&r, &said);
	const char *wanted = strchr(head, '|') + 1;
	enum verdict is = judge(wanted, mdg_buf_str(&got), mdg_buf_str(&said));
	if (is == WRONG || (show && is != MEANT))
		print_message(
			"%s %.8s wanted%s\n    got %s (doubt %d, %s) %s\n",
			is == WRONG   ? "WRONG"
			: is == ASKED ? "asked"
				      : "else ",
			head, wanted, mdg_buf_str(&got), (int)r.doubt,
			r.other ? r.other : "-", r.text);
	return is;
}

static void
nothing_is_done_that_was_not_meant(void **state)
{
	size_t n[4] = {0}, all = 0;
	bool show = getenv("MDG_EVAL") != NULL;

	(void)state;
	load("notice.txt", notice);
	load("request.txt", request);
	load("answers.txt", cases);
	for (char *p = strstr(cases, "\n==="), *next; p; p = next) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf mail = {0};
		char *save = NULL;
		next = strstr(p + 1, "\n===");
		if (next)
			*next = '\0';
		char *head = p + strlen("\n=== "), *body = strchr(head, '\n');
		assert_non_null(body);
		*body++ = '\0';
		(void)save;
		while (*body) {
			size_t k = strcspn(body, "\n");
			MDG_AUTO(mdg_freep) char *line = mdg_strndup(body, k);
			if (mdg_str_starts(line, "{q:")) {
				line[k - 1] = '\0';
				put_quoted(&mail, line + 3,
					   strstr(head, " lead ") ? request
								  : notice);
			} else {
				mdg_buf_printf(&mail, "%s\n", line);
			}
			body += k + (body[k] == '\n');
		}
		n[look_at(head, mdg_buf_str(&mail), show)]++;
		all++;
		if (next)
			*next = '\n';
	}
	print_message("%zu answers: %zu as meant, %zu otherwise without harm,"
		      " %zu asked back, %zu wrong\n",
		      all, n[MEANT], n[HARMLESS], n[ASKED], n[WRONG]);
	assert_int_equal(n[WRONG], 0);
	/* may only grow */
	assert_true(n[MEANT] >= MEANT_LEAST);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(nothing_is_done_that_was_not_meant),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
