/* Templates as rows of a table, and rows as templates. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/csv.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/template_import.h"
#include "madoguchi/text/fold.h"

enum { COLUMNS_MAX = 60 };

/* ---- cells ---- */

static const struct {
	size_t at; /* in struct mdg_template_row_in */
	const char *names;
} columns[] = {
#define AT(field) offsetof(struct mdg_template_row_in, field)
	{AT(id), " id code key コード 管理番号 番号 "},
	{AT(title), " title name subject タイトル 題名 件名 名称 名前"
		    " テンプレート名 定型文名 文例名 "},
	{AT(category), " category folder group カテゴリ カテゴリー 分類"
		       " フォルダ フォルダー グループ 種別 "},
	{AT(body), " body text content message 本文 内容 文面 定型文 文章 "},
	{AT(slots), " slots 差し込み項目 "},
	{AT(examples), " examples 例文 問い合わせ例 "},
	{AT(keywords), " keywords tags キーワード タグ ラベル "},
	{AT(roles), " roles 役割 使える人 "},
	{AT(next_state), " nextstate 送信後の状態 "},
	{AT(due_slot), " dueslot お約束の項目 "},
	{AT(language), " language lang locale 言語 "},
	{AT(windows), " windows window 窓口 使う窓口 "},
	{AT(approval), " approval 承認 要承認 "},
	{AT(apology_level), " apologylevel お詫び "},
#undef AT
};

/* Where a column goes; -1: nobody knows it. */
static int
column_of(const char *name)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf word = {0};

	mdg_fold(&b, name, strlen(name), MDG_FOLD_LOWER | MDG_FOLD_NOSPACE);
	mdg_buf_putc(&word, ' ');
	for (const char *p = mdg_buf_str(&b); *p; p++)
		if (*p != '_' && *p != '-')
			mdg_buf_putc(&word, *p);
	mdg_buf_putc(&word, ' ');
	for (size_t i = 0; word.len > 2 && i < MDG_LEN(columns); i++)
		if (strstr(columns[i].names, mdg_buf_str(&word)))
			return (int)i;
	return -1;
}

static const char **
field(struct mdg_template_row_in *row, int column)
{
	return (const char **)(void *)((char *)row + columns[column].at);
}

static size_t
read_head(const char **p, struct mdg_arena *a, int map[COLUMNS_MAX],
	  struct mdg_strings *ignored)
{
	size_t n = 0;
	bool end = false, taken[MDG_LEN(columns)] = {false};

	while (!end && n < COLUMNS_MAX) {
		const char *name = mdg_csv_cell(p, a, &end);
		if (!name)
			return 0;
		int c = column_of(name);
		if (c >= 0 && taken[c])
			c = -1; /* 件名 beside テンプレート名 */
		if (c >= 0)
			taken[c] = true;
		else if (*name)
			mdg_strings_add(ignored, a, name, COLUMNS_MAX);
		map[n++] = c;
	}
	return n;
}

bool
mdg_template_read_table(const char *file, const char *text, struct mdg_arena *a,
			struct mdg_template_row_in **ret, size_t *ret_n,
			struct mdg_strings *ret_ignored, struct mdg_err *err)
{
	static const char bom[] = "\xEF\xBB\xBF";
	struct mdg_template_row_in *v =
		mdg_arena_array(a, MDG_TEMPLATE_IMPORT_MAX, sizeof(*v));
	const char *p = text + (mdg_str_starts(text, bom) ? strlen(bom) : 0);
	int map[COLUMNS_MAX];
	size_t n = 0, width = read_head(&p, a, map, ret_ignored);
	bool has_title = false, has_body = false;

	for (size_t i = 0; i < width; i++) {
		has_title = has_title || map[i] == column_of("title");
		has_body = has_body || map[i] == column_of("body");
	}
	if (!has_title || !has_body)
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_template_table,
				    file, NULL);
	for (int64_t number = 2; *p; number++) {
		struct mdg_template_row_in row = MDG_TEMPLATE_ROW_EMPTY;
		bool end = false;
		for (size_t k = 0; !end; k++) {
			const char *cell = mdg_csv_cell(&p, a, &end);
			if (!cell)
				return mdg_fail_msg(
					err, MDG_EFORMAT,
					MDG_MSG_csv_open_quote,
					mdg_arena_printf(a, "%" PRId64, number),
					NULL);
			if (k < width && map[k] >= 0)
				*field(&row, map[k]) = cell;
		}
		if (!*row.title && !*row.body)
			continue;
		if (n == MDG_TEMPLATE_IMPORT_MAX)
			return mdg_fail_msg(err, MDG_ETOOBIG,
					    MDG_MSG_template_too_many, file,
					    NULL);
		v[n++] = row;
	}
	*ret = v;
	*ret_n = n;
	return true;
}

/* ---- a row as a template ---- */

/* A value of the front matter is one line. */
static void
put_line(struct mdg_buf *b, const char *key, const char *value)
{
	if (!*value)
		return;
	mdg_buf_printf(b, "%s: ", key);
	for (const char *p = value; *p; p++)
		mdg_buf_putc(b, strchr("\r\n\t", *p) ? ' ' : *p);
	mdg_buf_putc(b, '\n');
}

static const char *
our_id(const struct mdg_template_row_in *row, struct mdg_arena *a)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz0123456789-._";
	const char *name = *row->id ? row->id : row->title;
	uint32_t sum = 2166136261u; /* FNV-1a: the same id each time */

	if (*row->id && strspn(row->id, chars) == strlen(row->id))
		return row->id;
	for (const char *p = name; *p; p++)
		sum = (sum ^ (unsigned char)*p) * 16777619u;
	return mdg_arena_printf(a, "import-%08" PRIx32, sum);
}

static const char *
type_of(const char *slot)
{
	static const struct {
		const char *slot, *type;
	} types[] = {
		{"customer.name", "name"},
		{"customer.phone", "phone"},
		{"order.no", "order_no"},
		{"amount", "money"},
		{"url", "url"},
		{"due.at", "datetime"},
		{"error.code", "error_code"},
		{"product.model", "model"},
		{"address", "lines"},
	};

	for (size_t i = 0; i < MDG_LEN(types); i++)
		if (mdg_streq(types[i].slot, slot))
			return types[i].type;
	return mdg_str_starts(slot, "date") ? "date" : "text";
}

/* The slots of the body, each once, with what they hold. */
static const char *
slots_of(const char *body, struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf open = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	struct mdg_strings seen = {0};

	mdg_template_open_slots(body, &open);
	char *rest = mdg_arena_strdup(a, mdg_buf_str(&open)), *name;
	while (rest && (name = strsep(&rest, ", "))) {
		bool known = !*name;
		for (size_t i = 0; i < seen.n; i++)
			known = known || mdg_streq(seen.v[i], name);
		if (known)
			continue;
		mdg_strings_add(&seen, a, name, MDG_TEMPLATE_SLOTS_MAX);
		mdg_buf_printf(&out, "%s%s:%s", out.len ? " " : "", name,
			       type_of(name));
	}
	return mdg_arena_strdup(a, mdg_buf_str(&out));
}

static bool
is_yes(const char *s)
{
	static const char *const words[] = {"yes",  "true", "1", "要",
					    "必要", "はい", "○"};

	for (size_t i = 0; i < MDG_LEN(words); i++)
		if (mdg_streq(words[i], s))
			return true;
	return false;
}

const char *
mdg_template_adopt(const struct mdg_template_row_in *row, struct mdg_arena *a,
		   struct mdg_strings *ret_notes)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf body = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};

	if (*row->slots)
		mdg_buf_puts(&body, row->body);
	else
		mdg_template_map_slots(row->body, a, &body, ret_notes);
	mdg_buf_puts(&out, "---\n");
	put_line(&out, "id", our_id(row, a));
	put_line(&out, "title", *row->title ? row->title : our_id(row, a));
	put_line(&out, "category", *row->category ? row->category : "取込");
	mdg_buf_puts(&out, "version: 1\n");
	put_line(&out, "apology_level", row->apology_level);
	put_line(&out, "roles", row->roles);
	put_line(&out, "approval", is_yes(row->approval) ? "yes" : "no");
	put_line(&out, "keywords", row->keywords);
	mdg_buf_printf(&out, "slots: %s\n",
		       *row->slots ? row->slots
				   : slots_of(mdg_buf_str(&body), a));
	put_line(&out, "next_state", row->next_state);
	put_line(&out, "due_slot", row->due_slot);
	put_line(&out, "language",
		 mdg_str_case_starts(row->language, "en") ? "en" : "");
	put_line(&out, "windows", row->windows);
	if (*row->examples)
		mdg_buf_puts(&out, "examples:\n");
	for (const char *p = row->examples; *p;) {
		size_t n = strcspn(p, "\n");
		if (n)
			mdg_buf_printf(&out, "  - %.*s\n", (int)n, p);
		p += n + (p[n] == '\n');
	}
	const char *text = mdg_buf_str(&body);
	text += strspn(text, "\n");
	mdg_buf_printf(&out, "---\n%s%s", text,
		       mdg_str_ends(text, "\n") ? "" : "\n");
	return mdg_arena_strdup(a, mdg_buf_str(&out));
}

void
mdg_template_as_row(const struct mdg_template *t, struct mdg_arena *a,
		    struct mdg_template_row_in *ret)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf slots = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf examples = {0};

	for (size_t i = 0; i < t->slots.n; i++)
		mdg_buf_printf(&slots, "%s%s:%s", i ? " " : "", t->slots.v[i],
			       t->slot_types.v[i]);
	for (size_t i = 0; i < t->examples.n; i++)
		mdg_buf_printf(&examples, "%s%s", i ? "\n" : "",
			       t->examples.v[i]);
	*ret = (struct mdg_template_row_in){
		.id = t->id,
		.title = t->title,
		.category = t->category,
		.body = t->body,
		.slots = mdg_arena_strdup(a, mdg_buf_str(&slots)),
		.examples = mdg_arena_strdup(a, mdg_buf_str(&examples)),
		.keywords = t->keywords,
		.roles = t->roles,
		.next_state = t->next_state,
		.due_slot = t->due_slot,
		.language = t->language,
		.windows = t->windows,
		.approval = t->needs_approval ? "yes" : "no",
		.apology_level =
			mdg_arena_printf(a, "%" PRId64, t->apology_level),
	};
}
