/*
 * Forms that are written as questions: "Q1. お名前", and "A. 山田 太郎" on the
 * line below. People number what they ask, too: only a mail that asks for a
 * name or an address so, and for something else, is such a form.
 */
#include <string.h>

#include "form_priv.h"
#include "line.h"
#include "madoguchi/base/str.h"

enum { HEAD_BYTES = 60, DIGITS_MAX = 3 };

static bool
skip(struct form_rest *h, const char *set)
{
	size_t n;
	uint32_t c = form_peek(h, &n);

	if (!c || c >= 0x80 || !strchr(set, (int)c))
		return false;
	h->p += n;
	return true;
}

static size_t
skip_digits(struct form_rest *h)
{
	size_t n = 0;

	while (n < DIGITS_MAX && skip(h, "0123456789"))
		n++;
	return n;
}

/* One of the words in any case and width; how many of the list, 0 for none. */
static bool
skip_word(struct form_rest *h, const char *const *words)
{
	for (; *words; words++) {
		struct form_rest at = *h;
		const char *w = *words;
		size_t left = strlen(w), n, k;
		uint32_t want;

		for (; left; w += k, left -= k) {
			k = mdg_utf8_next(w, left, &want);
			if (form_peek(&at, &n) != want)
				break;
			at.p += n;
		}
		if (left)
			continue;
		*h = at;
		return true;
	}
	return false;
}

static const char *const opens[] = {"【", "[", "(", "<", "〔", NULL};
static const char *const closes[] = {"】", "]", ")", ">", "〕", NULL};

/*
 * "Q1.", "Q.1 ", "(Q1)", "Q1 - ", "問1　": a word, its number, and what sets
 * them apart. One of `words` needs a number where `numbered`.
 */
static bool
skip_number(struct form_rest *ret, const char *const *letters,
	    const char *const *words, bool numbered)
{
	struct form_rest h = *ret;
	bool open = skip_word(&h, opens), word = skip_word(&h, words);

	if (!word && !skip_word(&h, letters))
		return false;
	struct form_rest behind = h;
	bool dot = skip(&behind, ".");
	if (!dot)
		form_skip_spaces(&behind);
	bool digits = skip_digits(&behind) > 0;
	size_t n;
	/* "A.03-1234" is no number of an answer */
	digits = digits && (!dot || form_is_space(form_peek(&behind, &n)));
	if (digits)
		h = behind;
	else if (word && numbered)
		return false;
	if (open && !skip_word(&h, closes))
		return false;
	bool apart = open || skip(&h, ".:)");
	struct form_rest was = h;
	form_skip_spaces(&h);
	if (!apart && h.p > was.p)
		apart = skip(&h, "-") || digits;
	skip(&h, ".:");
	form_skip_spaces(&h);
	*ret = h;
	return apart;
}

bool
form_skip_question(const char **p, const char *end)
{
	static const char *const letters[] = {"q", NULL};
	static const char *const words[] = {"question", "設問", "質問", "問",
					    NULL};
	struct form_rest h = {*p, end};

	if (!skip_number(&h, letters, words, true) || h.p == h.end)
		return false;
	*p = h.p;
	return true;
}

static bool
skip_answer(const char **p, const char *end)
{
	static const char *const letters[] = {"a", NULL};
	static const char *const words[] = {"answer", "ans", "回答",
					    "答え",   "答",  NULL};
	static const char *const arrows[] = {"→", "⇒", "➡", "=>", "->", NULL};
	struct form_rest h = {*p, end};

	form_skip_spaces(&h);
	if (!skip_number(&h, letters, words, false) && !skip_word(&h, arrows))
		return false;
	form_skip_spaces(&h);
	*p = h.p;
	return true;
}

const char *
form_answer_below(const char *p, const char *end, const char **value)
{
	while (p < end && *p == '\n')
		p++;
	const char *at = p;
	const char *nl = memchr(p, '\n', (size_t)(end - p));
	if (!skip_answer(&at, nl ? nl : end))
		return NULL;
	*value = at;
	return p;
}

/* What the question on this line asks for. */
static enum mdg_field_kind
asked(const char *s, size_t n)
{
	const char *p = s, *end = s + n;
	struct form_label l;

	while (p < end &&
	       (*p == ' ' || !strncmp(p, "■", 3) || !strncmp(p, "●", 3)))
		p += *p == ' ' ? 1 : 3;
	if (!form_skip_question(&p, end))
		return MDG_FIELD_NONE;
	form_label_fold(p, form_question_len(p, end), &l);
	return form_label_kind(&l, false);
}

bool
form_asks_questions(const char *text, size_t len)
{
	size_t known = 0;
	bool who = false;

	for (size_t at = 0; at < len;) {
		const char *nl = memchr(text + at, '\n', len - at);
		size_t n = nl ? (size_t)(nl - text) - at : len - at;
		enum mdg_field_kind kind =
			asked(text + at, n < HEAD_BYTES * 4 ? n : 0);

		known += kind != MDG_FIELD_NONE;
		who = who || kind == MDG_FIELD_NAME ||
		      kind == MDG_FIELD_FAMILY || kind == MDG_FIELD_ADDRESS;
		at += n + 1;
	}
	return who && known >= 2;
}

/* "お名前をご記入ください。", "お名前は？": without what ends a sentence. */
size_t
form_question_len(const char *p, const char *end)
{
	static const char *const ends[] = {"。", "？", "?",  ".",
					   " ",  "　", "は", NULL};
	size_t n = (size_t)(end - p), i = 0;

	while (ends[i]) {
		size_t k = strlen(ends[i]);
		bool is = n > k && memcmp(p + n - k, ends[i], k) == 0;

		n -= is ? k : 0;
		i = is ? 0 : i + 1;
	}
	return n;
}
