/* Where in a text the words of a query are found. */
#include "madoguchi/text/terms.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

/* A folded text without signs, and where its bytes come from. */
struct key {
	struct mdg_buf text;
	uint32_t *at; /* of each byte, its character; one behind the last */
};

static void
key_clear(struct key *k)
{
	mdg_buf_clear(&k->text);
	free(k->at);
	k->at = NULL;
}

static bool
is_sign(uint32_t c)
{
	return c != 0x30FC && !u_isalnum((UChar32)c) &&
	       u_charType((UChar32)c) != U_NON_SPACING_MARK;
}

static void
key_of(struct key *k, const char *s, size_t n)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	size_t to = 0, len;

	*k = (struct key){.at = NULL};
	mdg_fold_mapped(&folded, &k->at, s, n, MDG_FOLD_TERMS);
	const char *p = mdg_buf_str(&folded);
	for (size_t i = 0; i < folded.len; i += len) {
		uint32_t cp;
		len = mdg_utf8_next(p + i, folded.len - i, &cp);
		if (is_sign(cp))
			continue;
		mdg_buf_put(&k->text, p + i, len);
		for (size_t j = 0; j < len; j++)
			k->at[to++] = k->at[i];
	}
}

static int
by_start(const void *va, const void *vb)
{
	const struct mdg_terms_mark *a = va, *b = vb;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->end > b->end ? -1 : a->end < b->end; /* the longer first */
}

static size_t
find(const struct key *text, const struct key *word, struct mdg_terms_mark *ret,
     size_t n)
{
	const char *all = mdg_buf_str(&text->text);
	const char *p = all;

	while (word->text.len && n < MDG_TERMS_MARKS_MAX &&
	       (p = strstr(p, mdg_buf_str(&word->text)))) {
		size_t i = (size_t)(p - all);
		p += word->text.len;
		/* the last byte's character is the last one that is marked */
		ret[n++] = (struct mdg_terms_mark){
			text->at[i], text->at[i + word->text.len - 1] + 1};
	}
	return n;
}

static size_t
drop_inner(struct mdg_terms_mark *m, size_t n)
{
	size_t kept = 0;

	qsort(m, n, sizeof(*m), by_start);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || m[i].start >= m[kept - 1].end)
			m[kept++] = m[i];
	return kept;
}

size_t
mdg_terms_marks(const char *text, size_t n, const char *query,
		struct mdg_terms_mark ret[MDG_TERMS_MARKS_MAX])
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	struct key k;
	size_t found = 0;

	/* 　 parts words, too */
	mdg_fold(&folded, query, strlen(query), MDG_FOLD_TERMS);
	key_of(&k, text, n);
	for (const char *p = mdg_buf_str(&folded); *p;) {
		size_t len = *p == '"' ? strcspn(p + 1, "\"") + 1
				       : strcspn(p, " \t\r\n\"");
		struct key word;
		key_of(&word, p, len);
		found = find(&k, &word, ret, found);
		key_clear(&word);
		p += len;
		p += strspn(p, *p == '"' ? "\"" : " \t\r\n");
	}
	key_clear(&k);
	return drop_inner(ret, found);
}
