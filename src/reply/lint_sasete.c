/*
 * The one-key fix of a sentence that says させていただく again and again: one is
 * kept, all others are said plainly.
 */
#include <string.h>

#include "lint_run.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

/* More than that nobody says in a sentence. */
enum { TIMES_MAX = 8 };

/* Nouns of doing (確認, ご連絡, キャンセル, 確認を) and お調べ, お知らせ. */
#define NOUN "(?<=[一-龥々]{2}|[ァ-ヶー]{2}|[をと])"
#define HUMBLE                                                                         \
	"(?<=お[一-龥][ぁ-ん]|お[一-龥][ぁ-ん]{2}|お[一-龥]{2}[ぁ-ん]|" \
	"お[一-龥]{2}[ぁ-ん]{2})"
/* 進めさせて, まとめさせて: another verb */
#define VERB "(?<=[一-龥ぁ-ん][えけげせてねべめれ])"
#define SAID "させて(?:いただ|頂)"
#define OTHERS "さ?せて(?:いただ|頂)"

/* The first that matches wins; what matches none cannot be mended. */
static const struct {
	const char *pattern, *with;
} plain[] = {
	{NOUN SAID "き(?=ます|まし|た[いく]|つつ)", "いたし"},
	{HUMBLE SAID "き(?=ます|まし|た[いく]|つつ)", "いたし"},
	{NOUN SAID "[きい](?=[、たて])", "し"},
	{HUMBLE SAID "[きい](?=[、たて])", "し"},
	{NOUN SAID "く(?=こと|予定|場合|所存)", "いたす"},
	{HUMBLE SAID "く(?=こと|予定|場合|所存)", "いたす"},
	{VERB SAID "[きい](?=ます|まし|[、たてつ])", ""},
	{VERB SAID "く(?=こと|予定|場合|所存)", "る"},
};

struct place {
	size_t from, to;  /* bytes of the sentence */
	const char *with; /* NULL: stays as it is */
};

/* Does the pattern match at a place of the sentence? Its bytes, or 0. */
static size_t
match_at(struct mdg_lint *l, const char *pattern, const struct sentence *s,
	 size_t at)
{
	int why;
	size_t where, n = 0;
	pcre2_code *code =
		pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
			      PCRE2_UTF, &why, &where, NULL);

	MDG_BUG_ON(!code);
	if (pcre2_match(code, (PCRE2_SPTR)s->s, s->len, at,
			PCRE2_ANCHORED | PCRE2_NO_UTF_CHECK, l->match,
			l->context) > 0)
		n = pcre2_get_ovector_pointer(l->match)[1] - at;
	pcre2_code_free(code);
	return n;
}

static struct place
read_place(struct mdg_lint *l, const struct sentence *s, size_t at, size_t n)
{
	for (size_t i = 0; i < MDG_LEN(plain); i++) {
		size_t len = match_at(l, plain[i].pattern, s, at);
		if (len)
			return (struct place){at, at + len, plain[i].with};
	}
	return (struct place){at, at + n, NULL};
}

static size_t
list_places(struct mdg_lint *l, const struct sentence *s,
	    struct place v[static TIMES_MAX])
{
	size_t n = 0;

	for (size_t at = 0; at < s->len && n < TIMES_MAX;) {
		uint32_t c;
		size_t len = match_at(l, OTHERS, s, at);
		if (len)
			v[n++] = read_place(l, s, at, len);
		at = len ? v[n - 1].to
			 : at + mdg_utf8_next(s->s + at, s->len - at, &c);
	}
	return n;
}

static void
put_raw(struct lint_run *run, struct mdg_buf *b, size_t from, size_t to)
{
	const char *text = run->in->text;
	size_t start = mdg_utf8_offset(text, run->draft.n, from);

	mdg_buf_put(b, text + start,
		    mdg_utf8_offset(text, run->draft.n, to) - start);
}

bool
lint_fix_sasete(struct lint_run *run, struct mdg_finding *f)
{
	const struct sentence *s =
		lint_sentence_at(&run->draft, f->start, f->end);
	struct place v[TIMES_MAX];
	struct mdg_buf b = {0};
	size_t n = s ? list_places(run->lint, s, v) : 0, kept = 0, at = 0;

	/* the first stays if no other has to */
	for (size_t i = 0; i < n; i++)
		kept += !v[i].with;
	for (size_t i = 0; i < n && kept == 0; i++)
		if (v[i].with) {
			v[i].with = NULL;
			kept++;
		}
	if (n < 2 || kept > 1)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!v[i].with)
			continue;
		if (!f->fix_end)
			f->fix_start = at = s->at[v[i].from];
		put_raw(run, &b, at, s->at[v[i].from]);
		mdg_buf_puts(&b, v[i].with);
		f->fix_end = at = s->at[v[i].to];
	}
	f->fix = mdg_arena_strndup(run->arena, mdg_buf_str(&b), b.len);
	mdg_buf_clear(&b);
	return true;
}
