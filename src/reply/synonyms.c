#include "synonyms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"

extern const char *const mdg_synonym_lines[];

enum { WORDS_MAX = 4, OUT_MAX = 1000 };

/* A word that means the same is worth this much of the word itself. */
static const double SAME = 0.55, RELATED = 0.25;

struct form {
	const char *text;
	uint32_t group, next; /* next form of the same text + 1 */
	struct mdg_features f;
};

struct mdg_synonyms {
	struct mdg_arena arena;
	struct form *forms; /* of one group side by side */
	uint32_t forms_n;
	double *weight;           /* by group */
	uint32_t *first;          /* first form of each group, and the end */
	uint32_t *slots, slots_n; /* by text: form + 1 */
};

static uint32_t
find_slot(const struct mdg_synonyms *s, const char *text)
{
	uint32_t h = 2166136261u;

	for (const char *p = text; *p; p++)
		h = (h ^ (unsigned char)*p) * 16777619u;
	uint32_t i = (h ^ (h >> 15)) & (s->slots_n - 1);
	while (s->slots[i] && strcmp(s->forms[s->slots[i] - 1].text, text) != 0)
		i = (i + 1) & (s->slots_n - 1);
	return i;
}

static void
add_form(struct mdg_synonyms *s, struct mdg_words *words, const char *text,
	 uint32_t group)
{
	struct form *f = &s->forms[s->forms_n];
	struct mdg_cut cut;

	*f = (struct form){.text = text, .group = group};
	mdg_cut_text(words, &s->arena, text, &cut);
	mdg_features_add(&s->arena, &cut, &f->f);
	uint32_t slot = find_slot(s, text);
	f->next = s->slots[slot];
	s->slots[slot] = ++s->forms_n;
}

struct mdg_synonyms *
mdg_synonyms_new(struct mdg_words *words)
{
	struct mdg_synonyms *s = mdg_calloc(1, sizeof(*s));
	uint32_t groups = 0, forms = 0;

	for (; mdg_synonym_lines[groups]; groups++)
		for (const char *p = mdg_synonym_lines[groups]; *p; p++)
			forms += *p == ' ';
	s->forms = mdg_arena_array(&s->arena, forms, sizeof(*s->forms));
	s->weight = mdg_arena_array(&s->arena, groups, sizeof(*s->weight));
	s->first = mdg_arena_array(&s->arena, groups + 1, sizeof(*s->first));
	for (s->slots_n = 64; s->slots_n < forms * 2; s->slots_n *= 2)
		;
	s->slots = mdg_arena_array(&s->arena, s->slots_n, sizeof(*s->slots));
	for (uint32_t g = 0; g < groups; g++) {
		char *line = mdg_arena_strdup(&s->arena, mdg_synonym_lines[g]);
		char *save, *word = strtok_r(line, " ", &save);
		s->weight[g] = *word == '=' ? SAME : RELATED;
		s->first[g] = s->forms_n;
		while ((word = strtok_r(NULL, " ", &save)))
			add_form(s, words, word, g);
	}
	s->first[groups] = s->forms_n;
	return s;
}

void
mdg_synonyms_free(struct mdg_synonyms **s)
{
	if (!*s)
		return;
	mdg_arena_clear(&(*s)->arena);
	free(*s);
	*s = NULL;
}

struct found {
	const struct mdg_synonyms *s;
	struct mdg_arena *arena;
	struct mdg_synonym *v;
	size_t n;
};

static void
add_other(struct found *r, const struct form *said, const struct form *other)
{
	size_t n = other->f.n;
	double weight = r->s->weight[said->group] / sqrt((double)(n ? n : 1));

	for (size_t i = 0; i < n && r->n < OUT_MAX; i++) {
		const char *show = other->f.v[i].show;
		if (show)
			show = mdg_arena_printf(r->arena, "%s→%s", said->text,
						other->text);
		r->v[r->n++] =
			(struct mdg_synonym){other->f.v[i].key, show, weight};
	}
}

static void
look_up(struct found *r, const char *text)
{
	const struct mdg_synonyms *s = r->s;

	for (uint32_t i = s->slots[find_slot(s, text)]; i;
	     i = s->forms[i - 1].next) {
		const struct form *said = &s->forms[i - 1];
		for (uint32_t k = s->first[said->group];
		     k < s->first[said->group + 1]; k++)
			if (k != i - 1)
				add_other(r, said, &s->forms[k]);
	}
}

static void
cut_back(struct mdg_buf *b, size_t len)
{
	b->len = len;
	if (b->ptr)
		b->ptr[len] = '\0';
}

size_t
mdg_synonyms_of(const struct mdg_synonyms *s, struct mdg_arena *a,
		const struct mdg_cut *cut, struct mdg_synonym **ret)
{
	static const char *const no_start[] = {"助詞", "助動詞", "記号"};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct found r = {s, a, mdg_arena_array(a, OUT_MAX, sizeof(*r.v)), 0};

	for (size_t i = 0; i < cut->n; i++) {
		bool starts = true;
		for (size_t k = 0; k < MDG_LEN(no_start); k++)
			starts = starts &&
				 strcmp(cut->v[i].pos, no_start[k]) != 0;
		mdg_buf_reset(&b);
		for (size_t n = i; starts && n < i + WORDS_MAX && n < cut->n;
		     n++) {
			size_t len = b.len;
			mdg_buf_puts(&b, cut->v[n].surface);
			look_up(&r, mdg_buf_str(&b));
			if (strcmp(cut->v[n].base, cut->v[n].surface) == 0)
				continue;
			/* the last word may stand in any of its forms */
			cut_back(&b, len);
			mdg_buf_puts(&b, cut->v[n].base);
			look_up(&r, mdg_buf_str(&b));
			cut_back(&b, len);
			mdg_buf_puts(&b, cut->v[n].surface);
		}
	}
	*ret = r.v;
	return r.n;
}
