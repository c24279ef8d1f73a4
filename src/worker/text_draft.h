/* A reply of ours, judged: the part of mdg-text that runs the checks. */
#ifndef MDG_WORKER_TEXT_DRAFT_H
#define MDG_WORKER_TEXT_DRAFT_H

#include <jansson.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/reply/lint.h"

/*
 * {"draft", "customer"?, "files"?, "flags"?, "at"?, "team"?} -> {"findings"}.
 * team: {"add": [{"id", "pattern", "severity", "message", "suggestion"}],
 * "off": [], "allow": [], "block": []}.
 */
json_t *text_judge_draft(struct mdg_lint *lint, const json_t *in,
			 struct mdg_arena *a);

#endif
