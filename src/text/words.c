#include "madoguchi/text/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <mecab.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

/* The dictionary's file of words is given back in so many pieces. */
enum { PIECES = 16 };

struct mdg_words {
	mecab_model_t *model;
	mecab_t *tagger;
	mecab_lattice_t *lattice;
	char *words;    /* mapped by MeCab; NULL: nobody knows where */
	size_t words_n; /* bytes */
	size_t piece;   /* the next to be given back */
	size_t cut;     /* bytes of text, since one was */
};

/* Where Debian and others put IPADIC in UTF-8. */
static const char *const places[] = {
	"/var/lib/mecab/dic/ipadic-utf8",  "/usr/share/mecab/dic/ipadic-utf8",
	"/usr/lib/mecab/dic/ipadic-utf8",  "/usr/lib64/mecab/dic/ipadic",
	"/usr/local/lib/mecab/dic/ipadic",
};

/* MeCab does not tell where it mapped its files. */
static void
find_mapped(struct mdg_words *w, const char *file)
{
	MDG_AUTO(mdg_freep) char *real = realpath(file, NULL), *line = NULL;
	FILE *f = fopen("/proc/self/maps", "re");
	size_t size = 0;
	uintptr_t from, to;

	while (f && real && !w->words && getline(&line, &size, f) > 0) {
		int path = 0;
		sscanf(line, "%" SCNxPTR "-%" SCNxPTR " r--s %*s %*s %*s %n",
		       &from, &to, &path);
		if (path == 0 || !mdg_str_starts(line + path, real))
			continue;
		w->words = (char *)from;
		w->words_n = to - from;
	}
	if (f)
		fclose(f);
}

static size_t
piece_at(const struct mdg_words *w, size_t i)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return w->words_n * i / PIECES / page * page;
}

/*
 * Words lie all over the dictionary, and the kernel maps sixteen pages for one
 * that is read: after some hundred mails all 50 MB of it would be counted as
 * ours. So a piece at a time goes back to the page cache, from where it is
 * mapped anew in 0.1 ms; all at once would make one answer wait for 2 ms.
 */
static void
give_back(struct mdg_words *w, size_t cut)
{
	w->cut += cut;
	if (!w->words || w->cut < MDG_WORDS_KEEP_BYTES / PIECES)
		return;
	size_t from = piece_at(w, w->piece), to = piece_at(w, w->piece + 1);
	madvise(w->words + from, to - from, MADV_DONTNEED);
	w->piece = (w->piece + 1) % PIECES;
	w->cut = 0;
}

static bool
open_at(const char *dir, struct mdg_words *w)
{
	char rc[] = "-r", null[] = "/dev/null", d[] = "-d", name[] = "mecab";
	MDG_AUTO(mdg_freep) char *path = mdg_strdup(dir);
	char *argv[] = {name, rc, null, d, path};
	MDG_AUTO(mdg_freep)
	char *probe = mdg_asprintf("%s/sys.dic", dir);

	if (access(probe, R_OK) != 0)
		return false;
	w->model = mecab_model_new((int)MDG_LEN(argv), argv);
	if (!w->model)
		return false;
	const mecab_dictionary_info_t *info =
		mecab_model_dictionary_info(w->model);
	if (info && (mdg_strcaseeq(info->charset, "utf-8") ||
		     mdg_strcaseeq(info->charset, "utf8"))) {
		w->tagger = mecab_model_new_tagger(w->model);
		w->lattice = mecab_model_new_lattice(w->model);
	}
	if (w->tagger && w->lattice) {
		find_mapped(w, probe);
		return true;
	}
	mecab_model_destroy(w->model);
	w->model = NULL;
	return false;
}

bool
mdg_words_open(struct mdg_words **ret, struct mdg_err *err)
{
	struct mdg_words w = {0};
	const char *dir = getenv("MDG_MECAB_DIC");
	bool ok = false;

	if (dir && *dir)
		ok = open_at(dir, &w);
	else
		for (size_t i = 0; !ok && i < MDG_LEN(places); i++)
			ok = open_at(places[i], &w);
	if (!ok)
		return mdg_fail(err, MDG_ENOENT,
				"no MeCab dictionary (IPADIC, UTF-8)");
	*ret = mdg_malloc(sizeof(w));
	**ret = w;
	return true;
}

void
mdg_words_close(struct mdg_words **w)
{
	if (!*w)
		return;
	mecab_lattice_destroy((*w)->lattice);
	mecab_destroy((*w)->tagger);
	mecab_model_destroy((*w)->model);
	free(*w);
	*w = NULL;
}

/* "名詞,サ変接続,*,*,*,*,確認,カクニン,カクニン"; unknown words have 7. */
static void
read_features(struct mdg_arena *a, const char *csv, struct mdg_word *word)
{
	const char **const fields[] = {
		&word->pos,   &word->pos1,  &word->pos2, &word->pos3,
		&word->ctype, &word->cform, &word->base, &word->yomi,
	};
	char *s = mdg_arena_strdup(a, csv);

	for (size_t i = 0; i < MDG_LEN(fields); i++) {
		*fields[i] = "*";
		if (!s)
			continue;
		char *comma = strchr(s, ',');
		if (comma)
			*comma = '\0';
		if (*s)
			*fields[i] = s;
		s = comma ? comma + 1 : NULL;
	}
	if (mdg_streq(word->base, "*"))
		word->base = word->surface;
}

size_t
mdg_words_cut(struct mdg_words *w, struct mdg_arena *a, const char *text,
	      size_t n, struct mdg_word **ret)
{
	size_t count = 0;

	*ret = NULL;
	if (!w || n == 0)
		return 0;
	mecab_lattice_set_sentence2(w->lattice, text, n);
	if (!mecab_parse_lattice(w->tagger, w->lattice))
		return 0;
	const mecab_node_t *first = mecab_lattice_get_bos_node(w->lattice);
	for (const mecab_node_t *p = first; p; p = p->next)
		if (p->stat == MECAB_NOR_NODE || p->stat == MECAB_UNK_NODE)
			count++;
	*ret = mdg_arena_array(a, count, sizeof(**ret));
	struct mdg_word *out = *ret;
	for (const mecab_node_t *p = first; p; p = p->next) {
		if (p->stat != MECAB_NOR_NODE && p->stat != MECAB_UNK_NODE)
			continue;
		out->surface = mdg_arena_strndup(a, p->surface, p->length);
		out->start = (size_t)(p->surface - text);
		out->len = p->length;
		out->unknown = p->stat == MECAB_UNK_NODE;
		read_features(a, p->feature, out);
		out++;
	}
	give_back(w, n);
	return count;
}
