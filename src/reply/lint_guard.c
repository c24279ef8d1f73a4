/* The mis-send guard: what must agree with the calendar and the customer. */
#include <string.h>

#include "date_scan.h"
#include "lint_run.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "names.h"

/* -- dates -------------------------------------------------------------- */

static bool
is_quoted(const struct draft *d, size_t at)
{
	for (size_t i = d->lines_n; i-- > 0;)
		if (d->lines[i].at <= at)
			return d->lines[i].kind == LINE_QUOTE;
	return false;
}

static void
emit_folded(struct lint_run *run, size_t start, size_t end)
{
	const struct draft *d = &run->draft;

	if (!is_quoted(d, d->folded_at[start]))
		lint_emit(run, d->folded_at[start], d->folded_at[end]);
}

static void
weekday(struct lint_run *run, long arg)
{
	static const char *const names[] = {"日", "月", "火", "水",
					    "木", "金", "土"};
	const struct draft *d = &run->draft;
	struct date_found f;
	size_t at = 0;

	(void)arg;
	while (date_scan_next(d->folded, d->folded_n, &at, &f)) {
		if (f.weekday < 0 || f.day < 1 ||
		    f.day > date_month_days(f.year, f.month))
			continue;
		int64_t days = date_days(&f, run->today);
		int is = date_weekday(days);
		size_t from = d->folded_at[f.start];
		if (is == f.weekday || is_quoted(d, from))
			continue;
		int y, m, day;
		mdg_civil_from_days(days, &y, &m, &day);
		lint_emit_with(run, from, d->folded_at[f.end],
			       mdg_arena_printf(run->arena,
						"%d年%d月%d日（%s）", y, m, day,
						names[is]));
	}
}

static void
no_such_date(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;
	struct date_found f;
	size_t at = 0;

	(void)arg;
	while (date_scan_next(d->folded, d->folded_n, &at, &f))
		if ((f.is_kanji || f.year) &&
		    (f.day < 1 || f.day > date_month_days(f.year, f.month)))
			emit_folded(run, f.start, f.end);
}

enum { REIWA = 2018 };

/* No year of 平成 comes after 31. */
static int
last_year_of_era(const char *s)
{
	return memcmp(s, "平成", 6) == 0   ? 2019
	       : memcmp(s, "昭和", 6) == 0 ? 1989
					   : 9999;
}

/* 令和8年(2026年) and 2026年(令和8年) must name one year that was or will be.
 */
static void
era(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;

	(void)arg;
	for (size_t i = 0; i < d->folded_n; i++) {
		size_t len;
		int y = date_era_year(d->folded + i, d->folded_n - i, &len);
		if (!y)
			continue;
		int last = last_year_of_era(d->folded + i);
		if (y > last) {
			lint_emit_with(run, d->folded_at[i],
				       d->folded_at[i + len],
				       mdg_arena_printf(run->arena, "令和%d年",
							y - REIWA));
			continue;
		}
		const char *s = d->folded + i + len;
		size_t n = d->folded_n - i - len;
		int other = 0;
		if (n > 5 && (*s == '(' || *s == '/') &&
		    strspn(s + 1, "0123456789") >= 4)
			for (size_t k = 1; k <= 4; k++)
				other = other * 10 + (s[k] - '0');
		/* the year before it: 2026年( */
		const char *b = d->folded + i;
		if (!other && i >= 8 && b[-1] == '(' &&
		    memcmp(b - 4, "年", 3) == 0)
			for (size_t k = 8; k > 4; k--)
				other = other * 10 + (b[-(long)k] - '0');
		if (other >= 1900 && other <= 2100 && other != y)
			emit_folded(run, i, i + len);
	}
}

/* -- numbers ------------------------------------------------------------ */

struct number {
	char digits[24];
	size_t n;
	size_t groups; /* parted by spaces or hyphens */
	size_t end;
};

/* A run of digits in groups of four or more, from byte i. */
static bool
read_number(const char *s, size_t n, size_t i, struct number *out)
{
	*out = (struct number){.groups = 1};
	if (i > 0 && ((s[i - 1] >= '0' && s[i - 1] <= '9') || s[i - 1] == '-'))
		return false;
	while (i < n && out->n + 1 < sizeof(out->digits)) {
		if (s[i] >= '0' && s[i] <= '9') {
			out->digits[out->n++] = s[i++];
		} else if ((s[i] == ' ' || s[i] == '-') && i + 1 < n &&
			   s[i + 1] >= '0' && s[i + 1] <= '9' && out->n > 0) {
			out->groups++;
			i++;
		} else {
			break;
		}
	}
	out->end = i;
	return out->n > 0;
}

static bool
luhn(const struct number *x)
{
	int sum = 0;

	for (size_t i = 0; i < x->n; i++) {
		int v = x->digits[x->n - 1 - i] - '0';
		if (i % 2 == 1)
			v = v * 2 > 9 ? v * 2 - 9 : v * 2;
		sum += v;
	}
	return sum % 10 == 0;
}

/* One of the words stands within the bytes before i. */
static bool
follows(const char *s, size_t i, const char *const *words)
{
	enum { REACH_BYTES = 60 };
	size_t from = i > REACH_BYTES ? i - REACH_BYTES : 0;

	return lint_has_any(s + from, i - from, words);
}

static void
card_number(struct lint_run *run, long arg)
{
	static const char *const words[] = {"カード", "クレジット", "VISA",
					    "JCB", NULL};
	static const char *const others[] = {
		"注文番号", "伝票", "追跡", "受付番号", "問い合わせ番号", NULL};
	const struct draft *d = &run->draft;
	struct number x;

	(void)arg;
	for (size_t i = 0; i < d->folded_n; i++) {
		if (d->folded[i] < '0' || d->folded[i] > '9' ||
		    !read_number(d->folded, d->folded_n, i, &x))
			continue;
		bool likely = x.groups == 4 || x.groups == 3 ||
			      follows(d->folded, i, words);
		if (x.n >= 14 && x.n <= 16 && x.digits[0] >= '3' &&
		    x.digits[0] <= '6' && likely && luhn(&x) &&
		    !follows(d->folded, i, others))
			lint_emit(run, d->folded_at[i], d->folded_at[x.end]);
		i = x.end > i ? x.end - 1 : i;
	}
}

/* The check digit of an individual number (12 digits). */
static bool
my_number_ok(const struct number *x)
{
	int sum = 0;

	for (int i = 1; i <= 11; i++) {
		int digit = x->digits[11 - i] - '0';
		sum += digit * (i <= 6 ? i + 1 : i - 5);
	}
	int check = sum % 11 <= 1 ? 0 : 11 - sum % 11;
	return x->digits[11] - '0' == check;
}

static void
my_number(struct lint_run *run, long arg)
{
	static const char *const words[] = {"個人番号", "マイナンバー", NULL};
	const struct draft *d = &run->draft;
	struct number x;

	(void)arg;
	for (size_t i = 0; i < d->folded_n; i++) {
		if (d->folded[i] < '0' || d->folded[i] > '9' ||
		    !read_number(d->folded, d->folded_n, i, &x))
			continue;
		if (x.n == 12 && follows(d->folded, i, words) &&
		    my_number_ok(&x))
			lint_emit(run, d->folded_at[i], d->folded_at[x.end]);
		i = x.end > i ? x.end - 1 : i;
	}
}

/* -- names -------------------------------------------------------------- */

static void
addressee(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;

	(void)arg;
	if (!run->in->customer || !*run->in->customer)
		return;
	/* any line of the block may be the one that names the customer */
	const struct line *named = NULL;
	for (size_t i = 0; i < d->lines_n; i++) {
		const struct line *l = &d->lines[i];
		if (l->kind != LINE_ADDRESSEE)
			continue;
		switch (names_compare(l->s, l->n, run->in->customer)) {
		case NAMES_SAME:
		case NAMES_UNKNOWN:
			return;
		case NAMES_OTHER:
			named = l;
			break;
		case NAMES_NONE:
			break;
		}
	}
	if (named)
		lint_emit_with(run, named->at, named->at + named->chars,
			       mdg_arena_printf(run->arena, "%s 様",
						run->in->customer));
}

/* The people that may be named beside the customer. */
static const char *const companions[] = {
	"お届け先", "送り先",   "ご担当", "ご家族", "ご主人",
	"代理",     "受取人",   "先方",   "ご紹介", "宛先",
	"ご同伴",   "ご友人",   "お連れ", "奥様",   "ご契約者",
	"名義",     "受け取り", "贈り先", "送り主", NULL};

/* X様 in a sentence where X is a person: compare X with the customer. */
static void
other_names_in(struct lint_run *run, size_t sentence, const char *customer)
{
	const struct sentence *s = &run->draft.sentences[sentence];
	const struct mdg_word *w = run->morph[sentence].words;
	size_t n = run->morph[sentence].words_n;

	for (size_t i = 1; i < n; i++) {
		size_t first = i;
		if (!mdg_streq(w[i].surface, "様"))
			continue;
		while (first > 0 && mdg_streq(w[first - 1].pos2, "人名"))
			first--;
		if (first == i)
			continue;
		size_t start = w[first].start, end = w[i].start + w[i].len;
		if (names_compare(s->s + start, end - start, customer) !=
		    NAMES_OTHER)
			continue;
		if (follows(s->s, start, companions))
			continue;
		lint_emit(run, s->at[start], s->at[end]);
	}
}

static void
other_name(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;
	const char *customer = run->in->customer;

	(void)arg;
	/* without a name from outside, the last line of the addressee is it */
	for (size_t i = 0; i < d->lines_n && !run->in->customer; i++)
		if (d->lines[i].kind == LINE_ADDRESSEE)
			customer = names_bare(run->arena, d->lines[i].s,
					      d->lines[i].n);
	if (!customer || !*customer)
		return;
	for (size_t i = 0; i < d->sentences_n; i++)
		if (d->sentences[i].kind == LINE_BODY)
			other_names_in(run, i, customer);
}

static void
kisha_to_person(struct lint_run *run, long arg)
{
	static const char *const words[] = {"貴社", "御社"};
	const struct draft *d = &run->draft;

	(void)arg;
	if (!(run->in->flags & MDG_LINT_PERSON))
		return;
	for (size_t i = 0; i < d->sentences_n; i++)
		for (size_t k = 0; k < MDG_LEN(words); k++) {
			const struct sentence *s = &d->sentences[i];
			const char *p = memmem(s->s, s->len, words[k], 6);
			if (p)
				lint_emit(run, s->at[p - s->s],
					  s->at[p - s->s + 6]);
		}
}

/* -- attachments -------------------------------------------------------- */

/* A sentence that says that something comes with this mail. */
static const char *
says_attached(const struct sentence *s)
{
	static const char *const says[] = {
		"添付いたし",   "添付して", "添付し",   "添付の",
		"添付ファイル", "添付資料", "添付させ", "添付申し上げ",
		"別添",         "添付に"};
	static const char *const theirs[] = {
		"添付していただ",   "添付のうえ",   "添付いただ",
		"添付してください", "添付ください", "添付の上",
		"添付してお送り",   "添付され",     "添付して頂",
		"添付し、ご返信",   "添付をお願い", NULL};

	if (lint_has_any(s->s, s->len, theirs))
		return NULL;
	for (size_t i = 0; i < MDG_LEN(says); i++) {
		const char *p = memmem(s->s, s->len, says[i], strlen(says[i]));
		if (p)
			return p;
	}
	return NULL;
}

static void
attachment_missing(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;

	(void)arg;
	if (!(run->in->flags & MDG_LINT_NOT_ATTACHED))
		return;
	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		const char *p = says_attached(s);
		if (p)
			lint_emit(run, s->at[p - s->s],
				  s->at[p - s->s + (long)strlen("添付")]);
	}
}

static void
attachment_unmentioned(struct lint_run *run, long arg)
{
	static const char *const words[] = {"添付", "同封",     "別紙",
					    "資料", "ファイル", NULL};
	const struct draft *d = &run->draft;

	(void)arg;
	if (!(run->in->flags & MDG_LINT_ATTACHED))
		return;
	for (size_t i = 0; i < d->sentences_n; i++)
		if (lint_has_any(d->sentences[i].s, d->sentences[i].len, words))
			return;
	lint_emit(run, d->chars, d->chars);
}

static const struct lint_check checks[] = {
	{"weekday", weekday},
	{"no_such_date", no_such_date},
	{"era", era},
	{"card_number", card_number},
	{"my_number", my_number},
	{"addressee", addressee},
	{"other_name", other_name},
	{"kisha_to_person", kisha_to_person},
	{"attachment_missing", attachment_missing},
	{"attachment_unmentioned", attachment_unmentioned},
};

lint_check_fn *
lint_guard_find(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(checks); i++)
		if (mdg_streq(checks[i].name, name))
			return checks[i].fn;
	return NULL;
}
