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
	struct mdg_buf said; /* of it, what is no greeting */
	bool ends;           /* "Regards," was the last line */
	bool text_belongs;   /* the command takes it */
	bool marked;         /* the command bore a "#" */
	size_t letters_n;    /* lines that say something */
	const char *name;    /* the writer's, folded */
	struct mdg_answer_names names;
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
		"様",       "御中",   "殿",           "各位",         "さま",
		"ご担当者", "担当者", "ご担当者さま", "ご担当者様へ", "様へ",
		"様、",     "様,",    "御中、"};

	for (size_t i = 0; i < MDG_LEN(ends); i++)
		if (mdg_str_ends(line, ends[i]))
			return true;
	return false;
}

static bool
is_addressee(const char *line)
{
	if (mdg_utf8_len(line, strlen(line)) > HEAD_CHARS || strstr(line, "。"))
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
	line = mdg_answer_bare_order(line);
	/* "1 承認依頼" */
	const char *rest = line;
	int k = mdg_answer_number_before(line, &rest);
	enum mdg_answer_cmd cmd = mdg_answer_cmd_of(rest, r->a, &arg, &takes);
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
	if (marked && *line && !mdg_answer_choice(line)) {
		doubt(r->out, MDG_ANSWER_UNKNOWN, line);
		return true;
	}
	return false;
}

static void
take_choice(struct reader *r, int k)
{
	if (r->out->choice && r->out->choice != k)
		doubt(r->out, MDG_ANSWER_TWO, mdg_arena_printf(r->a, "%d", k));
	r->out->choice = k;
}

static void
keep(struct reader *r, const char *s, size_t n, bool says)
{
	mdg_buf_put(&r->text, s, n);
	mdg_buf_putc(&r->text, '\n');
	r->letters_n += says;
}

/* "1 追跡番号：1234" */
static bool
take_choice_and_slot(struct reader *r, const char *line, const char *s,
		     size_t n)
{
	const char *rest;
	int k = mdg_answer_number_before(line, &rest);
	size_t skip, i;

	if (!k || r->letters_n)
		return false;
	/* what was folded is as many characters as were typed in front of it */
	skip = mdg_utf8_offset(s, n, mdg_utf8_len(line, (size_t)(rest - line)));
	if (!mdg_answer_slot_at(&r->names, s + skip, s + n, false, &i))
		return false;
	take_choice(r, k);
	return mdg_answer_slots(r->in, &r->names, s + skip, n - skip, r->out);
}

static void
take_line(struct reader *r, const char *s, size_t n)
{
	const char *line = mdg_answer_fold(s, n, r->a);
	const char *typed = folded(s, n, 0, r->a);
	bool alone = r->letters_n == 0 && r->out->cmd == MDG_ANSWER_NONE;
	size_t at, len;
	int k;

	mdg_answer_core(line, r->name, &at, &len);
	const char *core = mdg_arena_strndup(r->a, line + at, len);
	if (strlen(typed) == strlen(line))
		typed = mdg_arena_strndup(r->a, typed + at, len);
	k = r->letters_n == 0 ? mdg_answer_choice(core) : 0;
	if (*line && !(r->ends && mdg_answer_is_given_name(core) &&
		       !mdg_answer_speaks_of_command(core, r->a)))
		r->ends = mdg_answer_is_farewell(line);
	else if (*line)
		core = "";
	if (!*core)
		keep(r, s, n, false);
	else if (k) {
		take_choice(r, k);
		r->marked |= *core == '#';
	} else if (take_choice_and_slot(r, line, s, n) ||
		   take_command(r, core, typed, alone) ||
		   mdg_answer_slots(r->in, &r->names, s, n, r->out))
		return;
	else {
		mdg_buf_printf(&r->said, "%s\n", core);
		keep(r, s, n, true);
	}
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
			*line ? mdg_answer_cmd_of(line, r->a, &arg, &takes)
			      : MDG_ANSWER_NONE;
		p += n + (p[n] == '\n');
		if (cmd == MDG_ANSWER_NONE || (letter && line[arg]))
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
		size_t at, len;
		mdg_answer_core(line, r->name, &at, &len);
		if (len) {
			r->out->code = NULL;
			return false;
		}
		p += n;
	}
	return true;
}

/* A letter without what was written to us above it: "下記でお願いします。" */
static const char *
below_preface(const char *text, struct mdg_arena *a)
{
	bool prose = false, above = false; /* here; in a paragraph before */
	const char *from = text;

	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n");
		const char *line = mdg_answer_fold(p, n, a);
		if (*line && is_addressee(line))
			return above ? from : text;
		prose |= strstr(line, "。") != NULL;
		p += n + (p[n] == '\n');
		if (!*line) {
			above |= prose;
			prose = false;
			from = p;
		}
	}
	return text;
}

/* Letters go with few commands; a number and a letter with none. */
static void
look_for_letters(struct reader *r)
{
	static const enum mdg_answer_cmd with_letter[] = {
		MDG_ANSWER_NONE,     MDG_ANSWER_SUBMIT,  MDG_ANSWER_SEND,
		MDG_ANSWER_SCHEDULE, MDG_ANSWER_CORRECT, MDG_ANSWER_COMMENT,
		MDG_ANSWER_INQUIRE,  MDG_ANSWER_TEST};
	struct mdg_answer *out = r->out;
	bool fits = false;

	for (size_t i = 0; i < MDG_LEN(with_letter); i++)
		fits |= with_letter[i] == out->cmd;
	if (out->edited &&
	    (out->is_letter || (out->choice && out->choice != out->edited)))
		doubt(out, MDG_ANSWER_TWO_LETTERS, NULL);
	if (out->choice && out->is_letter)
		doubt(out, MDG_ANSWER_TWO_LETTERS, NULL);
	if ((out->is_letter || out->choice || out->edited) && !fits)
		doubt(out, MDG_ANSWER_LETTER, out->words);
}

/* What is neither a command nor text that is sure to be meant as such. */
static void
look_for_doubt(struct reader *r)
{
	struct mdg_answer *out = r->out;
	bool nothing = out->cmd == MDG_ANSWER_NONE && !out->choice &&
		       !out->edited && !out->slot_names.n && !out->code;

	/* an unmarked bare word with words of doubt below it */
	if (out->cmd != MDG_ANSWER_NONE && *out->text && !r->text_belongs &&
	    !r->marked && !(out->is_letter && out->cmd == MDG_ANSWER_SEND))
		doubt(out, MDG_ANSWER_WITH_TEXT, NULL);
	if (out->choice && *out->text && !out->is_letter && !r->text_belongs &&
	    !r->marked)
		doubt(out, MDG_ANSWER_WITH_TEXT, NULL);
	if (out->slot_names.n && *out->text && !out->is_letter &&
	    out->cmd == MDG_ANSWER_NONE)
		doubt(out, MDG_ANSWER_WITH_TEXT,
		      mdg_answer_slot_label(out->slot_names.v[0]));
	if (nothing && !*out->text)
		doubt(out, MDG_ANSWER_EMPTY, NULL);
	if (nothing && !out->is_letter && *out->text) {
		if (mdg_answer_is_familiar(out->text, r->a))
			doubt(out, MDG_ANSWER_FAMILIAR, NULL);
		else if (mdg_answer_speaks_of_command(mdg_buf_str(&r->said),
						      r->a))
			doubt(out, MDG_ANSWER_SPOKEN, out->text);
	}
	if (!r->marked &&
	    (out->cmd == MDG_ANSWER_APPROVE || out->cmd == MDG_ANSWER_SEND ||
	     out->cmd == MDG_ANSWER_SUBMIT ||
	     out->cmd == MDG_ANSWER_SCHEDULE) &&
	    !out->is_letter && !out->choice && !out->edited &&
	    mdg_answer_shown_changed(r->in, r->a))
		doubt(out, MDG_ANSWER_SHOWN, out->words);
}

static void
conclude(struct reader *r)
{
	struct mdg_answer *out = r->out;

	out->text = stripped(mdg_buf_str(&r->text), r->a);
	if (!r->letters_n && !r->text_belongs)
		out->text = "";
	look_for_second(r);
	if (mdg_answer_edited(r->in, r->a, &out->edited, &out->edited_text) > 1)
		doubt(out, MDG_ANSWER_TWO_EDITED, NULL);
	/* new lines inside the marks are read as newly written, too */
	if (out->edited && *out->text &&
	    mdg_answer_within(out->text, out->edited_text, r->a))
		out->text = "";
	out->is_letter = *out->text && has_addressee(out->text, r->a);
	if (out->is_letter && out->cmd != MDG_ANSWER_COMMENT &&
	    out->cmd != MDG_ANSWER_INQUIRE)
		out->text = below_preface(out->text, r->a);
	look_for_letters(r);
	look_for_doubt(r);
	out->beside = *out->text && !out->is_letter && !r->text_belongs &&
		      (out->cmd != MDG_ANSWER_NONE || out->choice);
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

	*ret = (struct mdg_answer){
		.arg = "", .words = "", .text = "", .edited_text = ""};
	r.name = mdg_answer_fold(in->name, strlen(in->name), a);
	mdg_answer_names_of(in, a, &r.names);
	const char *s = mdg_answer_unsign(in->reply, in->signature, a);
	s = stripped(mdg_answer_unsign_name(s, in->name, a), a);
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
	mdg_buf_clear(&r.said);
}
