/*
 * mood: how hot a mail is (温度感 0–4), and whether it is harassment
 * (カスハラ), with the words that say so.
 *
 * A sum of signs: asked before in vain, strong displeasure, demands with
 * authority behind them, harsh form, harm to people or data. Each sign gives
 * its points once however often it occurs; at night any of them weighs one
 * more. Negations and everyday uses (最悪の場合, 怒っているわけでは) are no
 * sign. Harassment is judged apart: a hot mail may be in the right.
 */
#ifndef MDG_REPLY_MOOD_H
#define MDG_REPLY_MOOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/err.h"

enum mdg_mood_sign {
	MDG_MOOD_REPEAT,
	MDG_MOOD_ANGER,
	MDG_MOOD_DEMAND,
	MDG_MOOD_FORM,
	MDG_MOOD_HARM,
	MDG_MOOD_NIGHT,
	MDG_MOOD_THANKS, /* takes one away */
	MDG_MOOD_THREAT, /* from here on: harassment */
	MDG_MOOD_COERCION,
	MDG_MOOD_INSULT,
	MDG_MOOD_SEXUAL,
	MDG_MOOD_SIGN_N
};

/* "repeat", "anger" … */
const char *mdg_mood_sign_name(enum mdg_mood_sign sign);

struct mdg_mood_reason {
	enum mdg_mood_sign sign;
	int points;
	const char *words; /* as they stand in the mail; "" for the hour */
	size_t start, end; /* characters in the text */
};

enum { MDG_MOOD_HOT = 3, MDG_MOOD_MAX = 4, MDG_MOOD_REASONS_MAX = 24 };

struct mdg_mood {
	int temperature; /* 0–4 */
	bool harassment;
	struct mdg_mood_reason *v;
	size_t n;
};

/* The compiled patterns; open before a sandbox. */
struct mdg_moods;
bool mdg_moods_open(struct mdg_moods **ret, struct mdg_err *err);
void mdg_moods_close(struct mdg_moods **m);

/* mail_s: when it was written; 0: not known. */
void mdg_mood_judge(struct mdg_moods *m, const char *text, int64_t mail_s,
		    struct mdg_arena *arena, struct mdg_mood *out);

#endif
