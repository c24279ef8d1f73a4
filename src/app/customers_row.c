/* Rows of a table of customers, as people and spreadsheets write them. */
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/csv.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

#include "customers-int.h"

static const struct {
	const char *key, *names;
} columns[CSV_N] = {
	[CSV_NAME] = {"name",
		      " name fullname 名前 お名前 氏名 顧客名 お客様名 "},
	[CSV_KANA] = {"kana",
		      " kana フリガナ ふりがな カナ 氏名カナ 氏名フリガナ "},
	[CSV_COMPANY] = {"company", " company 会社 会社名 法人名 企業名 "},
	[CSV_NOTE] = {"note", " note notes memo メモ 備考 "},
	[CSV_ADDRESSES] = {"addresses",
			   " addresses address email mail mailaddress メール"
			   " メールアドレス アドレス eメール "},
	[CSV_PHONES] = {"phones",
			" phones phone tel telephone mobile 電話 電話番号"
			" 携帯 携帯電話 携帯番号 携帯電話番号 "},
};

static int
column_of(const char *name)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf word = {0};

	mdg_fold(&b, name, strlen(name), MDG_FOLD_LOWER | MDG_FOLD_NOSPACE);
	mdg_buf_putc(&word, ' ');
	for (const char *p = mdg_buf_str(&b); *p; p++)
		if (!strchr("_-0123456789", *p)) /* メール1, メール2 */
			mdg_buf_putc(&word, *p);
	mdg_buf_putc(&word, ' ');
	for (int i = 0; word.len > 2 && i < CSV_N; i++)
		if (strstr(columns[i].names, mdg_buf_str(&word)))
			return i;
	return -1;
}

/* Without controls and without white space around it. */
static const char *
clean(struct mdg_arena *a, const char *s, bool one_line)
{
	static const char wide[] = "\xE3\x80\x80";
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_utf8_clean(&b, s, strlen(s), one_line);
	char *p = mdg_arena_strdup(a, mdg_buf_str(&b));
	for (size_t n = 1; n;) {
		n = strspn(p, " \t\n");
		n += mdg_str_starts(p + n, wide) ? strlen(wide) : 0;
		p += n;
	}
	for (size_t n = strlen(p); n;) {
		if (strchr(" \t\n", p[n - 1]))
			p[--n] = '\0';
		else if (mdg_str_ends(p, wide))
			p[n -= strlen(wide)] = '\0';
		else
			break;
	}
	return p;
}

static void
split(struct mdg_arena *a, const char *cell, struct mdg_strings *out)
{
	static const char *const wide[] = {"、", "，", "；"};
	char *s = mdg_arena_strdup(a, cell), *at, *one;

	for (size_t i = 0; i < MDG_LEN(wide); i++)
		while ((at = strstr(s, wide[i])))
			memcpy(at, ",  ", 3);
	while ((one = strsep(&s, ",;\n"))) {
		const char *word = clean(a, one, true);
		if (*word)
			mdg_strings_add(out, a, word, MDG_CSV_CONTACTS_MAX + 1);
	}
}

static void
put_cell(struct mdg_csv_row *row, int column, const char *cell,
	 struct mdg_arena *a)
{
	if (column == CSV_ADDRESSES)
		split(a, cell, &row->addresses);
	else if (column == CSV_PHONES)
		split(a, cell, &row->phones);
	else if (column >= 0)
		row->words[column] = clean(a, cell, column != CSV_NOTE);
}

static bool
open_quote(int64_t row, struct mdg_err *err)
{
	char n[24];

	snprintf(n, sizeof(n), "%lld", (long long)row);
	return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_csv_open_quote, n, NULL);
}

bool
mdg_csv_read_head(const char **p, struct mdg_arena *a, struct mdg_csv_head *ret,
		  json_t *ignored, struct mdg_err *err)
{
	bool end = false, taken[CSV_N] = {false};

	for (ret->n = 0; !end && ret->n < MDG_CSV_COLUMNS_MAX; ret->n++) {
		const char *name = mdg_csv_cell(p, a, &end);
		if (!name)
			return open_quote(1, err);
		int c = column_of(name);
		if (c >= 0 && c < CSV_WORDS_N && taken[c])
			c = -1; /* 名前 beside 氏名 */
		if (c >= 0)
			taken[c] = true;
		else if (*name)
			json_array_append_new(ignored, json_string(name));
		ret->map[ret->n] = c;
	}
	return (end && (taken[CSV_ADDRESSES] || taken[CSV_PHONES])) ||
	       mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_customers_table, NULL);
}

bool
mdg_csv_read_row(const char **p, struct mdg_arena *a,
		 const struct mdg_csv_head *head, int64_t number,
		 struct mdg_csv_row *ret, bool *ret_any, struct mdg_err *err)
{
	bool end = false;

	*ret = (struct mdg_csv_row){.words = {"", "", "", ""}};
	*ret_any = false;
	for (size_t k = 0; !end; k++) {
		const char *cell = mdg_csv_cell(p, a, &end);
		if (!cell)
			return open_quote(number, err);
		*ret_any = *ret_any || *cell;
		if (k < head->n)
			put_cell(ret, head->map[k], cell, a);
		else if (*cell)
			ret->too_wide = true;
	}
	return true;
}

const char *
mdg_csv_column(int column)
{
	return columns[column].key;
}
