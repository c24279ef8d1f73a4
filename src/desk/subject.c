/* Subjects: the marks and tags of mail programs, lists and ourselves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/thread.h"
#include "madoguchi/text/fold.h"

/* Marks that mail programs put before a subject; already folded. Behind the
 * first ones stand those that may also be a word of the writer's. */
static const char *const marks[] = {
	"re",  "fw",   "fwd",  "aw",   "wg",   "antw", "odp",
	"ynt", "返信", "転送", "回复", "转发", "答复", "sv",
	"vs",  "tr",   "rif",  "ref",  "回答",
};
enum { MARKS_SURE = 13 };

/* Length of "re:", "re[2]:", "re^2:", "re(2):" at s; 0 if there is none. */
static size_t
mark_len(const char *s, size_t marks_n)
{
	for (size_t i = 0; i < marks_n; i++) {
		if (!mdg_str_starts(s, marks[i]))
			continue;
		const char *p = s + strlen(marks[i]);
		size_t num = 0;
		if (*p == '[' || *p == '(' || *p == '^') {
			num = strspn(p + 1, "0123456789") + 1;
			p += num;
			if (*p == ']' || *p == ')')
				p++;
		}
		p += strspn(p, " ");
		if (*p == ':')
			return (size_t)(p + 1 - s);
	}
	return 0;
}

/* Length of a "[…]" at s that is a list's or our own tag; 0 if it is not. */
static size_t
tag_len(const char *s)
{
	if (*s != '[')
		return 0;
	const char *end = strchr(s, ']');
	if (!end || end - s > 80)
		return 0;
	size_t n = (size_t)(end - s);
	bool has_digit = false, has_mark = false;
	for (size_t i = 1; i < n; i++) {
		has_digit |= s[i] >= '0' && s[i] <= '9';
		has_mark |= s[i] == ':' || s[i] == '#';
	}
	return has_digit && has_mark ? n + 1 : 0;
}

void
mdg_subject_normalise(const char *subject, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};

	mdg_fold(&folded, subject, strlen(subject), MDG_FOLD_SEARCH);
	const char *p = mdg_buf_str(&folded);
	for (size_t n = 1; n > 0;) {
		p += strspn(p, " \t");
		n = mark_len(p, MDG_LEN(marks));
		n = n ? n : tag_len(p);
		p += n;
	}
	/* blanks come and go when subjects are folded; tags may stand last */
	for (; *p; p++) {
		size_t n = tag_len(p);
		if (n)
			p += n - 1;
		else if (*p != ' ' && *p != '\t')
			mdg_buf_putc(out, *p);
	}
}

bool
mdg_subject_tag_find(const char *subject, struct mdg_subject_tag *ret)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};

	mdg_fold(&folded, subject, strlen(subject), MDG_FOLD_SEARCH);
	for (const char *p = mdg_buf_str(&folded); (p = strchr(p, '#')); p++) {
		size_t digits = strspn(p + 1, "0123456789");
		char number[20];
		if (digits < 1 || digits >= sizeof(number))
			continue;
		memcpy(number, p + 1, digits);
		number[digits] = '\0';
		const char *q = p + 1 + digits;
		ret->check[0] = '\0';
		if (*q == '-') {
			size_t n = strspn(q + 1, "abcdefghijklmnopqrstuvwxyz"
						 "0123456789");
			if (n >= sizeof(ret->check))
				continue;
			memcpy(ret->check, q + 1, n);
			ret->check[n] = '\0';
			q += n + 1;
		}
		if (*q == ']' &&
		    mdg_str_i64(number, 1, INT64_MAX, &ret->number))
			return true;
	}
	return false;
}

/* ---- the subject of a reply ---- */

/* Length of our tag of that ticket at s, "[#10042-k7q2]"; 0 if it is not. */
static size_t
own_tag_len(const char *s, int64_t number)
{
	struct mdg_subject_tag tag;
	size_t n = tag_len(s);
	MDG_AUTO(mdg_freep) char *one = n ? mdg_strndup(s, n) : NULL;

	return one && mdg_str_starts(one, "[#") &&
			       mdg_subject_tag_find(one, &tag) &&
			       tag.number == number
		       ? n
		       : 0;
}

struct subject {
	const char *written, *folded;
	size_t written_n;
	const uint32_t *at; /* character of written, by byte of folded */
};

/* Appends what folded [from, to) was written as. */
static void
put_written(const struct subject *s, size_t from, size_t to,
	    struct mdg_buf *out)
{
	size_t a = mdg_utf8_offset(s->written, s->written_n, s->at[from]);
	size_t b = mdg_utf8_offset(s->written, s->written_n, s->at[to]);

	if (b > a)
		mdg_buf_put(out, s->written + a, b - a);
}

/* The subject without marks at its head and without our tags, but for the
 * first if it may stay. */
static void
put_bare(const struct subject *s, size_t n, int64_t number, bool keeps_tag,
	 bool *had_mark, struct mdg_buf *out)
{
	bool head = true;

	for (size_t i = 0, len; i < n; i += len) {
		const char *p = s->folded + i;
		uint32_t c;
		size_t own = own_tag_len(p, number);
		size_t mark = head && !own ? mark_len(p, MARKS_SURE) : 0;
		size_t list = head && !own && !mark ? tag_len(p) : 0;
		len = mdg_utf8_next(p, n - i, &c);
		if (own && !keeps_tag) {
			len = own;
			while (out->len && i + len < n && p[len] == ' ' &&
			       out->ptr[out->len - 1] == ' ')
				len++;
		} else if (own || list) {
			keeps_tag = keeps_tag && !own;
			len = own ? own : list;
			put_written(s, i, i + len, out);
		} else if (mark) {
			*had_mark = true;
			len = mark + strspn(p + mark, " ");
		} else if (head && (*p == ' ' || *p == '\t')) {
			if (out->len)
				mdg_buf_putc(out, ' ');
		} else {
			head = false;
			put_written(s, i, i + len, out);
		}
	}
	while (out->len && out->ptr[out->len - 1] == ' ')
		out->len--;
}

void
mdg_subject_words(const char *subject, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	struct subject s = {subject, NULL, strlen(subject), NULL};
	uint32_t *at;
	bool head = true;

	mdg_fold_mapped(&folded, &at, subject, s.written_n, MDG_FOLD_SEARCH);
	s.folded = mdg_buf_str(&folded);
	s.at = at;
	for (size_t i = 0, len; i < folded.len; i += len) {
		const char *p = s.folded + i;
		uint32_t c;
		size_t skip = head ? mark_len(p, MDG_LEN(marks)) : 0;
		skip = skip ? skip : tag_len(p);
		len = skip ? skip : mdg_utf8_next(p, folded.len - i, &c);
		if (skip || (!out->len && (*p == ' ' || *p == '\t')))
			continue;
		head = false;
		put_written(&s, i, i + len, out);
	}
	free(at);
	while (out->len && out->ptr[out->len - 1] == ' ')
		out->ptr[--out->len] = '\0';
}

void
mdg_subject_of_reply(const char *subject, bool is_reply,
		     const struct mdg_subject_form *f, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf bare = {0};
	struct subject s = {subject, NULL, strlen(subject), NULL};
	bool tagged = f->tag != MDG_SUBJECT_TAG_NONE, had_mark = false;
	uint32_t *at;
	char tag[40];

	mdg_fold_mapped(&folded, &at, subject, s.written_n, MDG_FOLD_SEARCH);
	s.folded = mdg_buf_str(&folded);
	s.at = at;
	put_bare(&s, folded.len, f->number, !tagged, &had_mark, &bare);
	free(at);
	snprintf(tag, sizeof(tag), "[#%lld-%s]", (long long)f->number,
		 f->check);
	if (is_reply || had_mark)
		mdg_buf_puts(out, "Re: ");
	if (f->tag == MDG_SUBJECT_TAG_HEAD)
		mdg_buf_printf(out, "%s ", tag);
	mdg_buf_put(out, mdg_buf_str(&bare), bare.len);
	if (f->tag == MDG_SUBJECT_TAG_END)
		mdg_buf_printf(out, "%s%s", bare.len ? " " : "", tag);
}
