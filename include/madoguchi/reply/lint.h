/*
 * lint: is this reply fit to be sent?
 *
 * Rules are data (src/reply/keigo_rules.tsv). A rule of engine "regex" is a
 * pattern over one sentence, "morph" a pattern over its words (MeCab), and
 * "struct" and "context" name a check written in C. Sentences are joined over
 * wrapped lines and compared in NFKC; what is quoted (> lines, 「」), URLs,
 * code and the signature are masked. Findings carry offsets in characters of
 * the text as given.
 *
 * MDG_LINT_ERROR (要修正) blocks a reply, WARN (確認) is to be looked at, INFO
 * (参考) teaches.
 */
#ifndef MDG_REPLY_LINT_H
#define MDG_REPLY_LINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/msg.h"
#include "madoguchi/text/words.h"

enum mdg_lint_severity { MDG_LINT_INFO, MDG_LINT_WARN, MDG_LINT_ERROR };

/* "info", "warn", "error" */
const char *mdg_lint_severity_name(enum mdg_lint_severity s);

struct mdg_finding {
	const char *rule;
	enum mdg_lint_severity severity;
	size_t start, end; /* characters; equal when something is absent */
	const char *message[MDG_LANG_N]; /* a team's own is as they wrote it */
	const char *suggestion;          /* "" if there is none */
	/* only if asked for: what [fix_start, fix_end) is to be, or NULL */
	const char *fix;
	size_t fix_start, fix_end;
};

struct mdg_findings {
	struct mdg_finding *v;
	size_t n;
};

enum {
	MDG_LINT_CLAIM = 1,        /* claim, defect, delay, outage */
	MDG_LINT_HOLD = 2,         /* a holding reply: needs a date */
	MDG_LINT_ATTACHED = 4,     /* there is an attachment */
	MDG_LINT_NOT_ATTACHED = 8, /* there is none */
	MDG_LINT_PERSON = 16,      /* the customer is no company */
};

/*
 * What a team has decided for itself. Rules are named as findings name them,
 * whole or by their family ("mixup.").
 */
struct mdg_lint_team_rule {
	const char *id;      /* "team.12" */
	const char *pattern; /* PCRE2 over a folded sentence */
	enum mdg_lint_severity severity;
	const char *message, *suggestion;
};
struct mdg_lint_team {
	const struct mdg_lint_team_rule *add;
	size_t add_n;
	const char *const *off;   /* NULL-terminated: rules not wanted */
	const char *const *allow; /* … phrases in which nothing is found */
	const char *const *block; /* … rules that are errors here */
};

struct mdg_lint_input {
	const char *text;
	size_t n;
	/* as we know it, or NULL: "株式会社青葉商会 田中 一郎(たなか
	 * いちろう)", company and reading only if known */
	const char *customer;
	const char *const *files; /* names of the files attached, NULL-ended */
	unsigned flags;           /* MDG_LINT_… */
	int64_t now_s;            /* the day of sending; 0: today */
	const struct mdg_lint_team *team; /* or NULL */
	bool want_fixes;
};

/*
 * The compiled rules. Opened once, before a sandbox that forbids executable
 * memory (the patterns are compiled by PCRE2's JIT where it may, and are
 * interpreted where not). Words are borrowed and may be NULL: then the rules
 * that need them are silent.
 */
struct mdg_lint;
bool mdg_lint_open(struct mdg_lint **ret, struct mdg_words *words,
		   struct mdg_err *err);
void mdg_lint_close(struct mdg_lint **l);

/* Findings in the order of the text; in the arena. Of a longer text the first
 * MDG_LINT_BYTES_MAX bytes are judged. */
void mdg_lint_run(struct mdg_lint *l, const struct mdg_lint_input *in,
		  struct mdg_arena *arena, struct mdg_findings *out);

/* Is there such a rule ("mixup.orareru") or family of rules ("mixup.")? */
bool mdg_lint_rule_exists(const char *id);
/* Does that rule say "error" of itself? */
bool mdg_lint_rule_blocks(const char *id);
/* Can the pattern of a team be used? A broken one finds nothing: the message
 * for people says where it is broken. */
bool mdg_lint_pattern_check(const char *pattern, struct mdg_err *err);

/* -- the rules themselves, for tests and for the list of rules ---------- */

struct mdg_lint_rule {
	const char *id;
	const char *family;
	const char *engine;
	const char *scope;
	enum mdg_lint_severity severity;
	const char *pattern;
	const char *except;
	const char *message_ja;
	const char *message_en;
	const char *suggestion;
	const char *bad; /* examples, separated by " ¦ " */
	const char *good;
};

/* Number of rules; *ret points to all of them. */
size_t mdg_lint_rules(const struct mdg_lint *l,
		      const struct mdg_lint_rule **ret);

#endif
