/*
 * answer: what a person of ours says in a mail to the desk.
 *
 * People answer a notice as they answer any mail: one word ("承認"), a digit
 * ("２", "②"), lines "項目名：値", a letter to the customer, a remark. This
 * reads it, without knowing who wrote it or whether they may:
 *
 * - Commands are words of a table (ja and en), compared after NFKC, without
 *   "#", blanks and a trailing 。 or ！. Alone they need no mark; among other
 *   text only lines with "#" count, and a first line whose command takes the
 *   text that follows ("差し戻し F4 日付", "コメント …").
 * - A letter to the customer has a 宛名 (様, 御中, ご担当者 …, "Dear …") in one
 *   of its first lines; every other text is a remark and stays one.
 * - What is quoted commands nothing. One thing is taken from it: what was
 *   changed between the marks ▼1 and ▲1 that we put around each candidate.
 *
 * Doubt is told (`doubt`), never resolved: few words that speak of a command
 * ("承認しません", "これ承認でいいですか") are asked back about.
 */
#ifndef MDG_REPLY_ANSWER_H
#define MDG_REPLY_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/model/mail.h"

enum mdg_answer_cmd {
	MDG_ANSWER_NONE,
	MDG_ANSWER_APPROVE,  /* 承認 */
	MDG_ANSWER_CORRECT,  /* 修正して承認 */
	MDG_ANSWER_RETURN,   /* 差し戻し */
	MDG_ANSWER_SUBMIT,   /* 承認依頼 */
	MDG_ANSWER_WITHDRAW, /* 依頼取消 */
	MDG_ANSWER_SEND,     /* 送信 */
	MDG_ANSWER_CANCEL,   /* 取消 */
	MDG_ANSWER_SCHEDULE, /* 予約 */
	MDG_ANSWER_HOLD,     /* 保留 */
	MDG_ANSWER_NO_REPLY, /* 返信不要 */
	MDG_ANSWER_THANKS,   /* お礼 */
	MDG_ANSWER_SPAM,     /* 迷惑 */
	MDG_ANSWER_RESCUE,   /* 救出 */
	MDG_ANSWER_ASSIGN,   /* 担当 */
	MDG_ANSWER_TAKE,     /* 交代 */
	MDG_ANSWER_CATEGORY, /* 分類 */
	MDG_ANSWER_COMMENT,  /* コメント */
	MDG_ANSWER_INQUIRE,  /* 照会 */
	MDG_ANSWER_PROMISE,  /* お約束 */
	MDG_ANSWER_DONE,     /* 完了 */
	MDG_ANSWER_LIST,     /* 一覧 */
	MDG_ANSWER_HELP,     /* ヘルプ */
	MDG_ANSWER_TEST,     /* テスト */
	MDG_ANSWER_CMD_N
};

enum {
	MDG_ANSWER_CHOICES = 3,
	MDG_ANSWER_SLOTS_MAX = 50,
	MDG_ANSWER_CODE_CHARS = 6,
};

struct mdg_answer_input {
	const char *reply;     /* newly written (mail/quote.h) */
	const char *text;      /* all of the mail, for the marks */
	const char *signature; /* the writer's own, as registered, or "" */
	const char *name;      /* the writer's */
	/* what the marks held when we wrote them; NULL: no such candidate */
	const char *candidates[MDG_ANSWER_CHOICES];
	const char
		*shown; /* the draft, as the answered mail showed it; or NULL */
	/* names of slots that may be filled: as shown, and as they are */
	struct mdg_strings labels, slots;
};

struct mdg_answer {
	enum mdg_answer_cmd cmd;
	const char *arg;   /* what stood behind the command in its line */
	const char *words; /* the command as it was written, for answers */
	int choice;        /* 1–3, 0: none */
	const char *code;  /* six digits that were the whole answer, or NULL */
	struct mdg_strings slot_names, slot_values;
	const char *text; /* the rest: a letter, a remark, or "" */
	bool is_letter;   /* it has a 宛名 */
	bool beside;      /* a remark that the command does not take */
	int edited;       /* 1–3: the candidate that was changed in place */
	const char *edited_text;
	/* Nothing may be done: what is in the way */
	enum mdg_answer_doubt {
		MDG_ANSWER_CLEAR,
		MDG_ANSWER_EMPTY,      /* nothing was written */
		MDG_ANSWER_UNKNOWN,    /* "#" and a word that is no command */
		MDG_ANSWER_TWO,        /* two commands, `other` is the second */
		MDG_ANSWER_WITH_TEXT,  /* a bare command, and other text */
		MDG_ANSWER_TWO_EDITED, /* two candidates were changed */
		MDG_ANSWER_TWO_LETTERS, /* a letter, and a candidate chosen */
		MDG_ANSWER_UNMARKED,    /* a letter with a line that commands */
		MDG_ANSWER_SPOKEN,      /* a command is spoken of, not given */
		MDG_ANSWER_FAMILIAR, /* "田中さん": a letter, or a remark? */
		MDG_ANSWER_LETTER,   /* a letter, and a command it is not for */
		MDG_ANSWER_SHOWN,    /* the draft was changed in the quote */
	} doubt;
	const char *other;
	const char *leftover; /* of the own signature, in a letter; or NULL */
};

void mdg_answer_read(const struct mdg_answer_input *in, struct mdg_arena *a,
		     struct mdg_answer *ret);

/* Japanese for the name of a template's slot: "注文番号" for order.no; the name
 * itself where there is no word. */
const char *mdg_answer_slot_label(const char *slot);

#endif
