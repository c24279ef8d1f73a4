#include "madoguchi/reply/answer.h"

#include <string.h>

#include "answer_int.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

enum {
	LINES_MAX = 4000,
	TEXT_MAX = 256 << 10,
	HEAD_LINES = 4,      /* where a 宛名 stands */
	HEAD_CHARS = 50,     /* how long it is at most */
	COMMAND_CHARS = 200, /* no command is longer, its argument included */
};

struct reader {
	const struct mdg_answer_input *in;
	struct mdg_arena *a;
	struct mdg_answer *out;
	struct mdg_buf text; /* what is left for a letter or a remark */
	bool text_belongs;   /* the command takes it */
	bool marked;         /* the command bore a "#" */
	size_t letters_n;    /* lines that say something */
};

static const char *
folded(const char *s, size_t n, unsigned flags, struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_fold(&b, s, n, flags);
	const char *t = mdg_buf_str(&b);
	t += strspn(t, " \t\r");
	size_t k = strlen(t);
	while (k && (t[k - 1] == ' ' || t[k - 1] == '\t' || t[k - 1] == '\r'))
		k--;
	return mdg_arena_strndup(a, t, k);
}

const char *
mdg_answer_fold(const char *s, size_t n, struct mdg_arena *a)
{
	return folded(s, n, MDG_FOLD_LOWER, a);
}

/* ---- 宛名 ---- */

static bool
ends_like_addressee(const char *line)
{
	static const char *const ends[] = {
		"様",	   "御中",   "殿",	 "各位",     "さま",
		"ご担当者", "担当者", "ご担当者さま", "ご担当者様へ", "様へ",
		"様、",	   "様,",    "御中、"};

	for (size_t i = 0; i < MDG_LEN(ends); i++)
		if (mdg_str_ends(line, ends[i]))
			return true;
	return false;
}

static bool
is_addressee(const char *line)
{
	if (mdg_utf8_len(line, strlen(line)) > HEAD_CHARS ||
	    strstr(line, "。"))
		return false;
	if (mdg_str_starts(line, "dear ") || mdg_str_starts(line, "hello ") ||
	    mdg_str_starts(line, "hi "))
		return true;
	/* "お客様" alone is how people speak of him among themselves */
	return ends_like_addressee(line) &&
	       (mdg_str_ends(line, "担当者") || strlen(line) > strlen("様"));
}

static bool
has_addressee(const char *text, struct mdg_arena *a)
{
	size_t seen = 0;

	for (const char *p = text; *p && seen < HEAD_LINES;) {
		size_t n = strcspn(p, "\n");
		const char *line = mdg_answer_fold(p, n, a);
		if (*line && is_addressee(line))
			return true;
		seen += *line != '\0';
		p += n + (p[n] == '\n');
	}
	return false;
}

/* ---- lines that are neither letter nor remark ---- */

/* "よろしくお願いします。", the writer's own name: says nothing. */
static bool
is_courtesy(const struct reader *r, const char *line)
{
	static const char *const words[] = {
		"よろしくお願い",   "宜しくお願い",	"宜しく御願い",
		"お疲れ様",	    "お疲れさま",	"おつかれさま",
		"ありがとうござい", "以上",		"確認しました",
		"確認いたしました", "問題ありません",	"問題ないです",
		"お世話になって",   "thanks",		"thank you",
		"best regards",	    "regards",		"iphoneから送信",
		"androidから送信",  "sent from my",	"outlook for",
		"スマートフォンから送信"};
	size_t n = mdg_utf8_len(line, strlen(line));

	if (n > 24)
		return false;
	for (size_t i = 0; i < MDG_LEN(words); i++)
		if (strstr(line, words[i]) &&
		    (i != 7 || mdg_str_starts(line, "以上")))
			return true;
	/* "鈴木です。", "鈴木 健一": as long as the name and little more */
	const char *name = mdg_answer_fold(r->in->name, strlen(r->in->name),
					   r->a);
	size_t k = strcspn(name, " ");
	return k >= 3 && strncmp(line, name, k) == 0 && n <= 12;
}

/* "1", "①", "1番", "候補2でお願いします" */
static int
choice_of(const char *line)
{
	static const char *const tails[] = {
		"",	"。",	  ".",	  "番",	    "番で", "で",  "でお願いします",
		"です", "にします", "番です", "を使う", "!",	"番でお願いします",
		"でお願いします。", "番目", ")", "でお願いいたします", "のまま"};

	if (mdg_str_starts(line, "候補"))
		line += strlen("候補");
	else if (mdg_str_starts(line, "返信候補"))
		line += strlen("返信候補");
	line += *line == '#';
	line += strspn(line, " ");
	if (*line < '1' || *line > '0' + MDG_ANSWER_CHOICES)
		return 0;
	for (size_t i = 0; i < MDG_LEN(tails); i++)
		if (mdg_streq(line + 1, tails[i]))
			return *line - '0';
	return 0;
}

/* "お届け日：8月3日" of a slot that may be filled. */
static bool
take_slot(struct reader *r, const char *s, size_t n)
{
	const struct mdg_answer_input *in = r->in;
	const char *line = mdg_answer_fold(s, n, r->a);

	for (size_t i = 0; i < in->labels.n && i < in->slots.n; i++) {
		const char *names[] = {in->labels.v[i], in->slots.v[i]};
		for (size_t k = 0; k < 2; k++) {
			const char *name = mdg_answer_fold(
				names[k], strlen(names[k]), r->a);
			size_t m = strlen(name);
			if (strncmp(line, name, m) != 0)
				continue;
			const char *p = line + m;
			p += strspn(p, " \t");
			if (*p != ':' && *p != '=')
				continue;
			/* the value as it was typed, behind the first colon */
			const char *raw = s;
			while (raw < s + n && *raw != ':' && *raw != '=' &&
			       strncmp(raw, "：", 3) != 0 &&
			       strncmp(raw, "＝", 3) != 0)
				raw++;
			raw += raw < s + n && *raw != ':' && *raw != '='
				       ? 3
				       : 1;
			if (raw > s + n)
				return false;
			size_t len = (size_t)(s + n - raw);
			while (len && strchr(" \t\r", *raw)) {
				raw++;
				len--;
			}
			while (len >= 3 && memcmp(raw, "　", 3) == 0) {
				raw += 3;
				len -= 3;
			}
			if (!len)
				return true; /* left open again */
			mdg_strings_add(&r->out->slot_names, r->a,
					in->slots.v[i], MDG_ANSWER_SLOTS_MAX);
			mdg_strings_add(&r->out->slot_values, r->a,
					mdg_arena_strndup(r->a, raw, len),
					MDG_ANSWER_SLOTS_MAX);
			return true;
		}
	}
	return false;
}

/* ---- commands ---- */

static void
doubt(struct mdg_answer *out, enum mdg_answer_doubt why, const char *other)
{
	if (out->doubt != MDG_ANSWER_CLEAR)
		return;
	out->doubt = why;
	out->other = other;
}

static void
found(struct reader *r, enum mdg_answer_cmd cmd, const char *line, size_t arg,
      bool takes_text, bool marked)
{
	struct mdg_answer *out = r->out;

	if (out->cmd != MDG_ANSWER_NONE && out->cmd != cmd) {
		doubt(out, MDG_ANSWER_TWO, line);
		return;
	}
	if (out->cmd == cmd && *out->arg)
		return;
	out->cmd = cmd;
	out->words = line;
	out->arg = line + (arg <= strlen(line) ? arg : strlen(line));
	r->text_belongs |= takes_text;
	r->marked |= marked;
}

/*
 * One line; alone: nothing but commands, digits and courtesies was written so
 * far. A line without "#" commands only there.
 */
static bool
take_command(struct reader *r, const char *line, const char *typed, bool alone)
{
	bool marked = *line == '#', takes = false;
	const char *begin = line;
	size_t arg = 0;

	if (!*line || mdg_utf8_len(line, strlen(line)) > COMMAND_CHARS)
		return false;
	if (marked) {
		line++;
		line += strspn(line, "# \t");
	}
	if (!marked && !alone)
		return false;
	/* "1 承認依頼" */
	int k = *line >= '1' && *line <= '0' + MDG_ANSWER_CHOICES &&
				(line[1] == ' ' || line[1] == '\t')
			? *line - '0'
			: 0;
	const char *rest = k ? line + 1 + strspn(line + 1, " \t") : line;
	enum mdg_answer_cmd cmd = mdg_answer_cmd_of(rest, &arg, &takes);
	if (cmd != MDG_ANSWER_NONE) {
		if (k)
			r->out->choice = k;
		/* capitals as they were typed, where that is possible */
		found(r, cmd,
		      strlen(typed) == strlen(begin) ? typed + (rest - begin)
						     : rest,
		      arg, takes, marked);
		return true;
	}
	if (marked && *line && !choice_of(line)) {
		doubt(r->out, MDG_ANSWER_UNKNOWN, line);
		return true;
	}
	return false;
}

static void
take_choice(struct reader *r, int k)
{
	if (r->out->choice && r->out->choice != k)
		doubt(r->out, MDG_ANSWER_TWO,
		      mdg_arena_printf(r->a, "%d", k));
	r->out->choice = k;
}

static void
keep(struct reader *r, const char *s, size_t n, bool says)
{
	mdg_buf_put(&r->text, s, n);
	mdg_buf_putc(&r->text, '\n');
	r->letters_n += says;
}

static void
take_line(struct reader *r, const char *s, size_t n)
{
	const char *line = mdg_answer_fold(s, n, r->a);
	bool alone = r->letters_n == 0 && r->out->cmd == MDG_ANSWER_NONE;
	int k = r->letters_n == 0 ? choice_of(line) : 0;

	if (!*line)
		keep(r, s, n, false);
	else if (k)
		take_choice(r, k);
	else if (take_command(r, line, folded(s, n, 0, r->a), alone))
		return;
	else if (take_slot(r, s, n))
		return;
	else
		keep(r, s, n, !is_courtesy(r, line));
}

/*
 * A command word alone in a line of the text: a contradiction to the first
 * command; and nothing that a customer should read.
 */
static void
look_for_second(struct reader *r)
{
	struct mdg_answer *out = r->out;
	bool takes, letter = has_addressee(out->text, r->a);
	size_t arg;

	if ((out->cmd == MDG_ANSWER_NONE || r->text_belongs) && !letter)
		return;
	for (const char *p = out->text; *p;) {
		size_t n = strcspn(p, "\n");
		const char *line = mdg_answer_fold(p, n, r->a);
		enum mdg_answer_cmd cmd =
			*line ? mdg_answer_cmd_of(line, &arg, &takes)
			      : MDG_ANSWER_NONE;
		p += n + (p[n] == '\n');
		if (cmd == MDG_ANSWER_NONE || line[arg])
			continue;
		if (letter)
			doubt(out, MDG_ANSWER_UNMARKED, line);
		else if (cmd != out->cmd)
			doubt(out, MDG_ANSWER_TWO, line);
	}
}

/* ---- all of it ---- */

static const char *
stripped(const char *s, struct mdg_arena *a)
{
	size_t n;

	while (*s == '\n' || *s == '\r' || *s == ' ')
		s++;
	n = strlen(s);
	while (n && strchr("\n\r \t", s[n - 1]))
		n--;
	return mdg_arena_strndup(a, s, n);
}

static bool
only_code(struct reader *r, const char *text)
{
	const char *line = mdg_answer_fold(text, strlen(text), r->a);
	size_t n = strspn(line, "0123456789");

	if (n != MDG_ANSWER_CODE_CHARS ||
	    strspn(line + n, " .\n") != strlen(line + n))
		return false;
	r->out->code = mdg_arena_strndup(r->a, line, n);
	return true;
}

/* The six digits may be followed by a courtesy. */
static bool
take_code(struct reader *r, const char *text)
{
	size_t n = strcspn(text, "\n");
	const char *line = mdg_answer_fold(text, n, r->a);

	if (!only_code(r, line))
		return false;
	for (const char *p = text + n; *p;) {
		p += *p == '\n';
		n = strcspn(p, "\n");
		line = mdg_answer_fold(p, n, r->a);
		if (*line && !is_courtesy(r, line)) {
			r->out->code = NULL;
			return false;
		}
		p += n;
	}
	return true;
}

static void
conclude(struct reader *r)
{
	struct mdg_answer *out = r->out;
	bool letter_of_own = false;

	out->text = stripped(mdg_buf_str(&r->text), r->a);
	if (!r->letters_n && !r->text_belongs)
		out->text = "";
	look_for_second(r);
	if (mdg_answer_edited(r->in, r->a, &out->edited, &out->edited_text) >
	    1)
		doubt(out, MDG_ANSWER_TWO_EDITED, NULL);
	/* new lines inside the marks are read as newly written, too */
	if (out->edited && *out->text &&
	    mdg_answer_within(out->text, out->edited_text, r->a))
		out->text = "";
	out->is_letter = *out->text && has_addressee(out->text, r->a);
	letter_of_own = out->is_letter;
	if (out->edited && letter_of_own)
		doubt(out, MDG_ANSWER_TWO_LETTERS, NULL);
	if (out->choice && letter_of_own)
		doubt(out, MDG_ANSWER_TWO_LETTERS, NULL);
	/* an unmarked bare word with words of doubt below it */
	if (out->cmd != MDG_ANSWER_NONE && *out->text && !r->text_belongs &&
	    !r->marked && !(out->is_letter && out->cmd == MDG_ANSWER_SEND))
		doubt(out, MDG_ANSWER_WITH_TEXT, NULL);
	if (out->choice && *out->text && !out->is_letter && !r->text_belongs)
		doubt(out, MDG_ANSWER_WITH_TEXT, NULL);
	if (out->cmd == MDG_ANSWER_NONE && !out->choice && !out->edited &&
	    !*out->text && !out->slot_names.n && !out->code)
		doubt(out, MDG_ANSWER_EMPTY, NULL);
	if (out->is_letter || out->edited)
		out->leftover = mdg_answer_leftover(
			out->edited ? out->edited_text : out->text,
			r->in->signature, r->a);
}

void
mdg_answer_read(const struct mdg_answer_input *in, struct mdg_arena *a,
		struct mdg_answer *ret)
{
	struct reader r = {.in = in, .a = a, .out = ret};
	size_t lines = 0;

	*ret = (struct mdg_answer){.arg = "", .words = "", .text = "",
				   .edited_text = ""};
	const char *s = stripped(mdg_answer_unsign(in->reply, in->signature,
						   a),
				 a);
	if (strlen(s) > TEXT_MAX)
		s = mdg_arena_strndup(a, s,
				      mdg_utf8_cut(s, strlen(s), TEXT_MAX));
	if (take_code(&r, s))
		return;
	for (const char *p = s; *p && lines < LINES_MAX; lines++) {
		size_t n = strcspn(p, "\n");
		take_line(&r, p, n);
		p += n + (p[n] == '\n');
	}
	conclude(&r);
	mdg_buf_clear(&r.text);
}
