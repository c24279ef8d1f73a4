/*
 * The mis-send guard: people whose names stand in kana. コバヤシ様 is no
 * 田中 花子, though nothing of the one is in the other.
 */
#include <string.h>

#include "lint_run.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"
#include "names.h"

enum { NAME_CHARS_MIN = 2, NAME_CHARS_MAX = 12, HIRA_MIN = 3, HIRA_MAX = 6 };

static bool
is_katakana(uint32_t c)
{
	return c >= 0x30A1 && c <= 0x30FA;
}

static bool
is_hiragana(uint32_t c)
{
	return c >= 0x3041 && c <= 0x3096;
}

static bool
is_kanji(uint32_t c)
{
	return c == 0x3005 || (c >= 0x4E00 && c <= 0x9FFF);
}

/* The character before s[i], and where it begins. */
static size_t
step_back(const char *s, size_t i, uint32_t *c)
{
	do
		i--;
	while (i > 0 && ((unsigned char)s[i] & 0xC0) == 0x80);
	mdg_utf8_next(s + i, 4, c);
	return i;
}

/* オーナー様 is a word; ー stands in no family name. */
static bool
katakana_before(const char *s, const struct mdg_word *w, size_t i,
		size_t *start)
{
	size_t at = w[i].start, chars = 0;
	uint32_t c = 0;

	while (at > 0) {
		size_t p = step_back(s, at, &c);
		if (!is_katakana(c))
			break;
		at = p;
		chars++;
	}
	bool part_of_word = at > 0 && (is_kanji(c) || c == 0x30FC || c == '-' ||
				       (c | 0x20) - 'a' < 26);
	bool known = w[i - 1].start == at && !w[i - 1].unknown &&
		     !mdg_streq(w[i - 1].pos1, "固有名詞");
	if (chars < NAME_CHARS_MIN || chars > NAME_CHARS_MAX || part_of_word ||
	    known)
		return false;
	*start = at;
	return true;
}

/* こばやし様: the longest end of what stands there that is a name. */
static bool
hiragana_before(struct lint_run *run, const char *s, size_t end, size_t *start)
{
	static const char *const nobody[] = {"あなた", "どちら",  "どなた",
					     "おかげ", "みなさ",  "いずれ",
					     "たがい", "ごくろう"};
	size_t at[HIRA_MAX + 1] = {end}, k = 0;
	uint32_t c;

	while (k < HIRA_MAX && at[k] > 0) {
		size_t p = step_back(s, at[k], &c);
		if (!is_hiragana(c))
			break;
		at[++k] = p;
	}
	for (size_t i = 0; i < MDG_LEN(nobody); i++)
		if (text_ends(s, end, nobody[i]))
			return false;
	for (; k >= HIRA_MIN; k--) {
		char name[HIRA_MAX * 3 + 1];
		struct mdg_word *w;
		size_t n = end - at[k];
		memcpy(name, s + at[k], n);
		/* the same in katakana: U+30A1 is U+3041 and 0x60 */
		for (size_t i = 0; i < n; i += 3) {
			uint32_t v;
			mdg_utf8_next(name + i, n - i, &v);
			v += 0x60;
			name[i] = (char)(0xE0 | (v >> 12));
			name[i + 1] = (char)(0x80 | ((v >> 6) & 0x3F));
			name[i + 2] = (char)(0x80 | (v & 0x3F));
		}
		if (mdg_words_cut(run->lint->words, run->arena, name, n, &w) ==
			    1 &&
		    !w[0].unknown && mdg_streq(w[0].pos1, "固有名詞")) {
			*start = at[k];
			return true;
		}
	}
	return false;
}

bool
lint_kana_before(struct lint_run *run, const char *s, const struct mdg_word *w,
		 size_t i, size_t *start)
{
	if (i == 0 || !mdg_streq(w[i].surface, "様"))
		return false;
	return katakana_before(s, w, i, start) ||
	       hiragana_before(run, s, w[i].start, start);
}

/* ヤマザキ may be ヤマサキ: compared without what voices them. */
static void
put_plain(struct mdg_buf *out, const char *s, size_t n)
{
	static const char voiced[] = "がぎぐげござじずぜぞだぢづでどばびぶべぼ"
				     "ぱぴぷぺぽ",
			  plain[] = "かきくけこさしすせそたちつてとはひふへほ"
				    "はひふへほ";
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_fold(&b, s, n, MDG_FOLD_KANA);
	for (size_t i = 0; i < b.len;) {
		const char *at = NULL;
		uint32_t c;
		size_t len = mdg_utf8_next(b.ptr + i, b.len - i, &c);
		if (len == 3)
			at = memmem(voiced, strlen(voiced), b.ptr + i, len);
		if (at)
			mdg_buf_put(out, plain + (at - voiced), len);
		else
			mdg_buf_put(out, b.ptr + i, len);
		i += len;
	}
}

static bool
is_kana(const char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		uint32_t c;
		i += mdg_utf8_next(s + i, n - i, &c);
		if (!is_katakana(c) && !is_hiragana(c) && c != ' ' &&
		    c != 0x3000)
			return false;
	}
	return n > 0;
}

/* How the dictionary reads a name in kanji; false: it does not know it. */
static bool
read_out(struct lint_run *run, const char *person, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_word *w;

	mdg_fold(&b, person, strlen(person), MDG_FOLD_VARIANTS);
	size_t n = mdg_words_cut(run->lint->words, run->arena,
				 mdg_arena_strdup(run->arena, mdg_buf_str(&b)),
				 b.len, &w);
	/* what begins with no family name may be read in any way */
	if (n == 0 || !mdg_streq(w[0].pos3, "姓"))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (mdg_streq(w[i].yomi, "*"))
			break;
		if (i > 0)
			mdg_buf_putc(out, ' ');
		put_plain(out, w[i].yomi, strlen(w[i].yomi));
	}
	return out->len > 0;
}

bool
lint_kana_is_other(struct lint_run *run, const char *name, size_t n,
		   const char *customer)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf said = {0}, known = {0};
	char *bare = names_bare(run->arena, name, n);

	if (!bare || !is_kana(bare, strlen(bare)))
		return false;
	const char *person = names_person(run->arena, customer);
	const char *open = strpbrk(customer, "(");
	if (is_kana(person, strlen(person))) {
		put_plain(&known, person, strlen(person));
	} else if (open || strstr(customer, "（")) {
		return names_compare(name, n, customer) == NAMES_OTHER;
	} else if (!read_out(run, person, &known)) {
		return false;
	}
	put_plain(&said, bare, strlen(bare));
	mdg_buf_puts(&said, "様");
	return names_compare(mdg_buf_str(&said), said.len,
			     mdg_buf_str(&known)) == NAMES_OTHER;
}

bool
lint_names_company(const char *s, size_t n)
{
	static const char *const forms[] = {"会社", "(株)", "(有)", "㈱",
					    "㈲",   "法人", NULL};

	return lint_has_any(s, n, forms) && !memmem(s, n, "様", 3);
}
