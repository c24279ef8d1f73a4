/*
 * 誤送信防止: the company of another customer in the text or in the name of a
 * file, and the customer's own in another form (有限会社 for 株式会社).
 *
 * A company is what stands at 株式会社 and its like, or before 様 and 御中. It
 * is another's if one of a few others wrote it as the name of a company, and
 * this customer never did.
 */
#include <string.h>

#include "guard-int.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_upload.h"
#include "madoguchi/text/fold.h"
#include "madoguchi/text/terms.h"

enum {
	HOLDERS_MAX = 30,
	EVERYBODY = 4, /* as many customers as that: it is no secret */
	NAME_CHARS_MIN = 2,
	NAME_CHARS_MAX = 20,
	HIRAGANA_MAX = 8,
	FOLDS = MDG_FOLD_LOWER | MDG_FOLD_SIGNS | MDG_FOLD_VARIANTS,
};

static const char *const forms[][2] = {
	{"株式会社", "(株)"}, {"有限会社", "(有)"}, {"合同会社", "(同)"}};

/* The form that s begins with; *len its bytes; -1: none. */
static int
form_at(const char *s, size_t *len)
{
	for (int k = 0; k < (int)MDG_LEN(forms); k++)
		for (size_t i = 0; i < 2; i++)
			if (mdg_str_starts(s, forms[k][i])) {
				*len = strlen(forms[k][i]);
				return k;
			}
	return -1;
}

/* The form that ends at s[end]. */
static int
form_before(const char *s, size_t end)
{
	for (int k = 0; k < (int)MDG_LEN(forms); k++)
		for (size_t i = 0; i < 2; i++) {
			size_t n = strlen(forms[k][i]);
			if (end >= n &&
			    memcmp(s + end - n, forms[k][i], n) == 0)
				return k;
		}
	return -1;
}

static bool
is_hiragana(uint32_t c)
{
	return c >= 0x3041 && c <= 0x3096;
}

/* What names of companies are made of, hiragana apart. */
static bool
is_name(uint32_t c)
{
	return (c >= 0x30A1 && c <= 0x30FC) || c == 0x3005 || c == '&' ||
	       (c >= 0x4E00 && c <= 0x9FFF) || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9');
}

static size_t
char_before(const char *s, size_t i, uint32_t *c)
{
	do
		i--;
	while (i > 0 && ((unsigned char)s[i] & 0xC0) == 0x80);
	mdg_utf8_next(s + i, 4, c);
	return i;
}

/* Where the name that ends at end begins, without hiragana before it. */
static size_t
name_start(const char *s, size_t end)
{
	size_t at = end, chars = 0;
	uint32_t c;

	while (at > 0 && chars++ < NAME_CHARS_MAX) {
		size_t p = char_before(s, at, &c);
		if (!is_name(c))
			break;
		at = p;
	}
	return at;
}

/* Where the name that begins at from ends: あおば製作所. */
static size_t
name_end(const char *s, size_t n, size_t from)
{
	size_t at = from, hiragana = 0, chars = 0;
	uint32_t c;

	while (at < n && chars++ < NAME_CHARS_MAX) {
		size_t len = mdg_utf8_next(s + at, n - at, &c);
		bool hira = is_hiragana(c);
		if ((hira &&
		     (hiragana < at - from || hiragana / 3 == HIRAGANA_MAX)) ||
		    (!hira && !is_name(c)))
			break;
		hiragana += hira ? len : 0;
		at += len;
	}
	return hiragana < at - from ? at : from;
}

struct company {
	const char *s; /* the text it stands in */
	size_t from, to;
	size_t bytes;
	int form, behind; /* -1: none is said; does the form stand behind? */
	bool title;       /* 様, 御中 */
};

/*
 * Does the text name it as a company? Its beginning in hiragana is what both
 * have: (みなと)精機.
 */
static bool
says_company(const char *text, const void *arg)
{
	const struct company *c = arg;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	const size_t n = c->to - c->from;
	size_t len;

	mdg_fold(&b, text, strlen(text), FOLDS);
	const char *s = mdg_buf_str(&b), *p = s;
	for (; (p = memmem(p, b.len - (size_t)(p - s), c->s + c->from, n));
	     p += n) {
		size_t start = (size_t)(p - s), mine = c->from;
		uint32_t x = 0, y = 0;
		while (start > 0 && mine > 0) {
			size_t i = char_before(s, start, &x),
			       k = char_before(c->s, mine, &y);
			if (x != y || !is_hiragana(x))
				break;
			start = i;
			mine = k;
		}
		if (form_before(s, start) >= 0)
			return true;
		if (start > 0)
			char_before(s, start, &x);
		bool apart = start == 0 || (!is_name(x) && !is_hiragana(x));
		if ((apart || start < (size_t)(p - s)) &&
		    form_at(p + n, &len) >= 0)
			return true;
		mdg_utf8_next(p + n, 4, &y);
		if (c->form >= 0 && apart && !is_name(y))
			return true;
	}
	return false;
}

/* The window's words, and what is known of the customer. */
static bool
is_own(struct guard *g, const struct company *c, bool *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_fold(&b, g->own, strlen(g->own), FOLDS);
	if (!mdg_db_query(g->desk->db, &r, err,
			  "SELECT name, company FROM customer WHERE id = ?1",
			  "i", g->customer_id))
		return false;
	for (int k = 0; mdg_rows_next(r) && k < 2; k++) {
		const char *name = mdg_rows_text(r, 0),
			   *company = mdg_rows_text(r, 1);
		mdg_buf_putc(&b, '\n');
		mdg_fold(&b, name, strlen(name), FOLDS);
		mdg_buf_putc(&b, '\n');
		mdg_fold(&b, company, strlen(company), FOLDS);
	}
	*ret = memmem(mdg_buf_str(&b), b.len, c->s + c->from, c->to - c->from);
	return mdg_rows_close(&r, err);
}

static bool
is_others_company(struct guard *g, const struct company *c, bool *ret,
		  struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf terms = {0};
	bool own = false;

	*ret = false;
	if (!is_own(g, c, &own, err) || own)
		return own;
	/* the pairs of the name; its last sign alone ends a run */
	mdg_terms_doc(c->s + c->from, c->to - c->from, &terms);
	char *last = terms.len ? strrchr(terms.ptr, ' ') : NULL;
	if (last)
		*last = '\0';
	const struct guard_search s = {
		.phrases = {mdg_buf_str(&terms), ""},
		.max = HOLDERS_MAX,
		.everybody = EVERYBODY,
		.says = says_company,
		.arg = c,
	};
	return mdg_guard_is_others(g, &s, ret, err);
}

/* The customer writes the company with a form, but with none like this. */
static bool
is_other_form(const struct company *c, const char *inbound)
{
	const size_t n = c->to - c->from;
	bool other = false;
	size_t len;

	for (const char *p = inbound;
	     (p = memmem(p, strlen(p), c->s + c->from, n)); p += n) {
		int before = form_before(inbound, (size_t)(p - inbound)),
		    behind = form_at(p + n, &len);
		if (before < 0 && behind < 0)
			continue;
		if ((c->behind ? behind : before) == c->form)
			return false;
		other = true;
	}
	return other;
}

static bool
judge(struct guard *g, const struct company *c, const char *inbound,
      const uint32_t *at, struct mdg_err *err)
{
	const bool in_file = !at;
	const size_t start = in_file ? 0 : at[c->from],
		     end = in_file ? 0 : at[c->to];
	const char *name =
		mdg_arena_strndup(&g->arena, c->s + c->from, c->to - c->from);
	bool others;

	if (c->form >= 0 && is_other_form(c, inbound)) {
		mdg_guard_emit(g, MDG_GUARD_COMPANY_FORM, start, end,
			       MDG_MSG_guard_company_form, name);
		return true;
	}
	if (!is_others_company(g, c, &others, err))
		return false;
	if (others)
		mdg_guard_emit_as(g,
				  in_file ? MDG_GUARD_FILE_NAME
					  : MDG_GUARD_OTHER_COMPANY,
				  c->title || in_file ? "error" : "warn", start,
				  end, MDG_MSG_guard_other_company, name);
	return true;
}

/* Does the name end before 様 or 御中? */
static bool
has_title(const char *s)
{
	return mdg_str_starts(s, "様") || mdg_str_starts(s, "御中") ||
	       mdg_str_starts(s, " 御中") || mdg_str_starts(s, " 様");
}

/* The company at s[i], if one is named there. */
static bool
company_at(const char *s, size_t n, size_t i, struct company *c)
{
	size_t len;

	*c = (struct company){.s = s, .bytes = n, .form = form_at(s + i, &len)};
	if (c->form >= 0) {
		c->from = i + len;
		c->to = name_end(s, n, c->from);
		c->behind = c->to == c->from;
		if (c->behind) {
			c->to = i;
			c->from = name_start(s, i);
		}
		c->title = has_title(s + (c->behind ? i + len : c->to)) ||
			   (!c->behind && i > 0 && s[i - 1] == '\n') || i == 0;
	} else if (has_title(s + i) && s[i] != ' ') {
		c->title = true;
		c->to = i;
		c->from = name_start(s, i);
		/* 株式会社みなと精機様 has been seen at its form */
		if (form_before(s, c->from) >= 0)
			return false;
	} else {
		return false;
	}
	return c->to > c->from &&
	       mdg_utf8_len(s + c->from, c->to - c->from) >= NAME_CHARS_MIN;
}

static bool
names_in(struct guard *g, const char *text, bool in_file, const char *inbound,
	 struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	MDG_AUTO(mdg_freep) uint32_t *at = NULL;
	size_t found = 0;

	mdg_fold_mapped(&b, &at, text, strlen(text), FOLDS);
	const char *s = mdg_buf_str(&b);
	for (size_t i = 0; i < b.len && found < MDG_GUARD_FOUND_MAX; i++) {
		struct company c;
		if (!company_at(s, b.len, i, &c))
			continue;
		found++;
		if (!judge(g, &c, inbound, in_file ? NULL : at, err))
			return false;
	}
	return true;
}

bool
mdg_guard_names(struct guard *g, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf inbound = {0};
	struct mdg_upload *v;
	size_t n;

	if (!mdg_guard_inbound(g, FOLDS, &inbound, err) ||
	    !names_in(g, g->draft->body, false, mdg_buf_str(&inbound), err) ||
	    !mdg_upload_list(g->desk->db, g->draft->id, &g->arena, &v, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!names_in(g, v[i].filename, true, mdg_buf_str(&inbound),
			      err))
			return false;
	return true;
}
