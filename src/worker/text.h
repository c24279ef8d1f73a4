/* Shared by the files of mdg-text. */
#ifndef MDG_WORKER_TEXT_H
#define MDG_WORKER_TEXT_H

#include <jansson.h>

#include "madoguchi/ipc/chan.h"
#include "madoguchi/reply/lint.h"
#include "madoguchi/reply/mood.h"
#include "madoguchi/reply/slots.h"
#include "madoguchi/reply/suggest.h"

struct text_worker {
	struct mdg_chan chan;
	struct mdg_words *words; /* NULL: no dictionary, grams alone */
	struct mdg_suggest *index;
	struct mdg_slots *slots;
	struct mdg_moods *moods;
	struct mdg_lint *lint;
};

/* A customer's mail, and the answers that were approved; see text_main.c. */
json_t *text_judge_mail(struct text_worker *w, const json_t *in,
			struct mdg_arena *a);
json_t *text_learn(struct text_worker *w, const json_t *in);

#endif
