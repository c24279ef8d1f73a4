/*
 * words: Japanese text cut into words by MeCab with the IPADIC dictionary.
 *
 * The dictionary is opened once (before a sandbox closes the file system) and
 * mapped; cutting needs no files afterwards. Without a dictionary
 * mdg_words_open() fails with MDG_ENOENT; a NULL `struct mdg_words *` is
 * accepted everywhere and cuts nothing, so callers go on with what they can
 * do without words. Not shared between threads. Of the mapped files (53 MB)
 * some 37 MB are resident at most: MDG_WORDS_KEEP_BYTES.
 *
 * MDG_MECAB_DIC names another dictionary directory ("none": no dictionary).
 */
#ifndef MDG_TEXT_WORDS_H
#define MDG_TEXT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/err.h"

struct mdg_words;

/* The features of IPADIC; "*" where the dictionary has nothing. */
struct mdg_word {
	const char *surface;
	size_t start;      /* offset in bytes in the text */
	size_t len;        /* in bytes, as surface */
	const char *pos;   /* 名詞 */
	const char *pos1;  /* サ変接続 */
	const char *pos2;  /* 人名 */
	const char *pos3;  /* 姓 */
	const char *ctype; /* 五段・ラ行 */
	const char *cform; /* 連用形 */
	const char *base;  /* dictionary form; the surface if unknown */
	const char *yomi;  /* reading in katakana, "*" if unknown */
	bool unknown;      /* not in the dictionary */
};

bool mdg_words_open(struct mdg_words **ret, struct mdg_err *err);
void mdg_words_close(struct mdg_words **w);

/* Cut n bytes of text; the words live in the arena. Returns their number. */
size_t mdg_words_cut(struct mdg_words *w, struct mdg_arena *a, const char *text,
		     size_t n, struct mdg_word **ret);

#endif
