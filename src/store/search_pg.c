/*
 * Search on PostgreSQL: a tsvector written by us, with positions, and GIN.
 *
 * The server keeps 256 positions of a term, none beyond 16383, and 1 MB in
 * all: in a longer document a term is still found alone, not as a part of a
 * phrase that stands further back; the end of an enormous one is left out.
 */
#include <stdlib.h>
#include <string.h>

#include "madoguchi/store/search.h"
#include "pg-int.h"

enum {
	POSITION_MAX = 16383,
	POSITIONS_MAX = 255,
	TERM_BYTES_MAX = 2000,     /* the server refuses 2048 */
	VECTOR_BYTES_MAX = 900000, /* the server refuses 1 MB */
	LEXEME_COST = 8,           /* bytes of a term besides its text */
	POSITION_COST = 2,
};

struct term {
	const char *p;
	size_t n;
	size_t at; /* 1, 2, … */
};

/* All places of one term, in order. */
struct group {
	const struct term *t;
	size_t n;
};

static int
group_cmp(const void *va, const void *vb)
{
	const struct group *a = va, *b = vb;

	return a->t->at < b->t->at ? -1 : a->t->at > b->t->at;
}

static int
term_cmp(const void *va, const void *vb)
{
	const struct term *a = va, *b = vb;
	int c = memcmp(a->p, b->p, a->n < b->n ? a->n : b->n);

	if (c)
		return c;
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* The next run of non-spaces at *p; n is 0 at the end. */
static struct term
next_term(const char **p)
{
	*p += strspn(*p, " ");
	struct term t = {.p = *p, .n = strcspn(*p, " ")};
	*p += t.n;
	return t;
}

static struct term *
split(const char *terms, size_t *ret_n)
{
	size_t max = 1, n = 0;

	for (const char *s = terms; *s; s++)
		max += *s == ' ';
	struct term *all = mdg_calloc(max, sizeof(*all));
	for (const char *p = terms;;) {
		struct term t = next_term(&p);
		if (!t.n)
			break;
		t.at = n + 1;
		all[n++] = t;
	}
	*ret_n = n;
	return all;
}

/* 'term', as tsvector and tsquery read it. */
static void
put_quoted(struct mdg_buf *out, struct term t)
{
	mdg_buf_putc(out, '\'');
	for (size_t i = 0; i < t.n && i < TERM_BYTES_MAX; i++) {
		if (t.p[i] == '\'' || t.p[i] == '\\')
			mdg_buf_putc(out, t.p[i]);
		mdg_buf_putc(out, t.p[i]);
	}
	mdg_buf_putc(out, '\'');
}

/* One term with all its positions; returns what it costs in the vector. */
static size_t
put_group(struct mdg_buf *out, const struct group *g)
{
	size_t cost = g->t->n + LEXEME_COST;

	mdg_buf_putc(out, ' ');
	put_quoted(out, *g->t);
	for (size_t i = 0; i < g->n && i < POSITIONS_MAX; i++) {
		if (g->t[i].at > POSITION_MAX)
			break;
		mdg_buf_printf(out, "%c%zu", i ? ',' : ':', g->t[i].at);
		cost += POSITION_COST;
	}
	return cost;
}

/* all: sorted by term_cmp(). Groups in the order of the document. */
static struct group *
group(const struct term *all, size_t n, size_t *ret_n)
{
	struct group *g = mdg_calloc(n + 1, sizeof(*g));
	size_t groups_n = 0;

	for (size_t i = 0; i < n; i++) {
		struct group *last = groups_n ? &g[groups_n - 1] : NULL;
		if (last && last->t->n == all[i].n &&
		    !memcmp(last->t->p, all[i].p, all[i].n))
			last->n++;
		else
			g[groups_n++] = (struct group){&all[i], 1};
	}
	qsort(g, groups_n, sizeof(*g), group_cmp);
	*ret_n = groups_n;
	return g;
}

static void
put_vector(struct mdg_buf *out, const char *terms)
{
	size_t n, groups_n, cost = 0;
	struct term *all = split(terms, &n);

	qsort(all, n, sizeof(*all), term_cmp);
	struct group *g = group(all, n, &groups_n);
	/* what does not fit is the end of the document */
	for (size_t i = 0; i < groups_n && cost < VECTOR_BYTES_MAX; i++)
		cost += put_group(out, &g[i]);
	free(g);
	free(all);
}

bool
mdg_pg_search_put(struct mdg_db *db, int64_t doc, const char *terms,
		  struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf v = {0};

	put_vector(&v, terms);
	return mdg_db_run(db, err,
			  "INSERT INTO search(doc, terms)"
			  " VALUES(?1, CAST(?2 AS TSVECTOR))"
			  " ON CONFLICT (doc) DO UPDATE"
			  " SET terms = excluded.terms",
			  "is", doc, mdg_buf_str(&v));
}

bool
mdg_pg_search_remove(struct mdg_db *db, int64_t doc, const char *terms,
		     struct mdg_err *err)
{
	(void)terms;
	return mdg_db_run(db, err, "DELETE FROM search WHERE doc = ?1", "i",
			  doc);
}

/* ('ab' <-> 'bc' <-> 'cd':*) */
void
mdg_pg_search_phrase(struct mdg_buf *out, const struct mdg_search_phrase *p)
{
	const char *at = p->terms;
	struct term t = next_term(&at);

	mdg_buf_puts(out, out->len ? " & (" : "(");
	while (t.n) {
		put_quoted(out, t);
		t = next_term(&at);
		if (t.n)
			mdg_buf_puts(out, " <-> ");
	}
	mdg_buf_puts(out, p->prefix ? ":*)" : ")");
}

const char mdg_pg_search_sql[] =
	"SELECT doc FROM search WHERE terms @@ CAST(?1 AS TSQUERY)"
	" AND doc < ?2 ORDER BY doc DESC LIMIT ?3";
const char mdg_pg_search_clear_sql[] = "DELETE FROM search";
