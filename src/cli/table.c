/* Results for people: lists, fields, times. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/width.h"
#include "madoguchi/mail/utf7imap.h"

#include "desk.h"

enum { CELL_COLUMNS_MAX = 44, SCREEN_MIN = 20, INDENT = 4, GAP = 2 };

const char *
mdg_cli_word(const struct mdg_cli *cli, const char *group, const char *code)
{
	const char *word = mdg_msg_word(cli->lang, group, strlen(group), code);

	return word ? word : code;
}

void
mdg_cli_json(const json_t *o)
{
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
}

/* ---- times ---- */

static const char *const weekdays[2][7] = {
	[MDG_LANG_EN] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	[MDG_LANG_JA] = {"日", "月", "火", "水", "木", "金", "土"},
};

void
mdg_cli_time(const struct mdg_cli *cli, int64_t t_s, struct mdg_buf *out)
{
	time_t t = (time_t)t_s, now = (time_t)mdg_now_s();
	struct tm at, today;
	bool ja = cli->lang == MDG_LANG_JA;

	localtime_r(&t, &at);
	localtime_r(&now, &today);
	const char *day = weekdays[ja ? MDG_LANG_JA : MDG_LANG_EN][at.tm_wday];
	if (at.tm_year == today.tm_year && at.tm_yday == today.tm_yday)
		mdg_buf_puts(out, mdg_msg_text(cli->lang, MDG_MSG_cli_today));
	else if (at.tm_year != today.tm_year)
		mdg_buf_printf(out, "%d/%d/%d", at.tm_year + 1900,
			       at.tm_mon + 1, at.tm_mday);
	else
		mdg_buf_printf(out, ja ? "%d/%d(%s)" : "%d/%d %s",
			       at.tm_mon + 1, at.tm_mday, day);
	mdg_buf_printf(out, " %d:%02d", at.tm_hour, at.tm_min);
}

static void
due(const struct mdg_cli *cli, int64_t due_s, int64_t now_s,
    struct mdg_buf *out)
{
	char left[80], text[200];
	bool late = due_s < now_s;
	const char *args[] = {left};

	mdg_msg_duration(cli->lang, due_s - now_s, left, sizeof(left));
	mdg_cli_time(cli, due_s, out);
	mdg_buf_putc(out, ' ');
	mdg_buf_puts(out,
		     mdg_msg_format(cli->lang,
				    late ? MDG_MSG_cli_late : MDG_MSG_cli_left,
				    1, args, text, sizeof(text)));
}

/* ---- cells ---- */

static void
number(const json_t *v, char type, struct mdg_buf *out)
{
	int64_t n = json_integer_value(v);

	if (type != 'B' || n < 10000)
		mdg_buf_printf(out, "%" PRId64, n);
	else if (n < 10000000)
		mdg_buf_printf(out, "%" PRId64 " kB", n / 1000);
	else
		mdg_buf_printf(out, "%" PRId64 " MB", n / 1000000);
}

/* Codes in the words of their group, one after the other. */
static void
words(const struct mdg_cli *cli, const json_t *list, const char *group,
      struct mdg_buf *out)
{
	size_t i;
	json_t *v;

	json_array_foreach (list, i, v)
		if (group && json_is_string(v))
			mdg_buf_printf(out, "%s%s", i ? ", " : "",
				       mdg_cli_word(cli, group,
						    json_string_value(v)));
}

/* The same of codes in one text, "a,b". */
static void
words_of_text(const struct mdg_cli *cli, const char *s, const char *group,
	      struct mdg_buf *out)
{
	for (size_t n; *s; s += n + (s[n] == ',')) {
		char code[40];
		n = strcspn(s, ",");
		snprintf(code, sizeof(code), "%.*s", (int)n, s);
		mdg_buf_printf(out, "%s%s", out->len ? ", " : "",
			       mdg_cli_word(cli, group, code));
	}
}

void
mdg_cli_cell(const struct mdg_cli *cli, const json_t *o,
	     const struct mdg_col *col, int64_t now_s, struct mdg_buf *out)
{
	const json_t *v = json_object_get(o, col->key);
	const char *s = json_string_value(v);

	if (json_is_boolean(v)) {
		if (json_is_true(v))
			mdg_buf_puts(out,
				     mdg_msg_text(cli->lang, MDG_MSG_cli_yes));
	} else if (json_is_integer(v)) {
		int64_t n = json_integer_value(v);
		if (col->type == 't' && n)
			mdg_cli_time(cli, n, out);
		else if (col->type == 'd' && n)
			due(cli, n, now_s, out);
		else if (col->type != 't' && col->type != 'd')
			number(v, col->type, out);
	} else if (json_is_array(v)) {
		words(cli, v, col->group, out);
	} else if (json_is_real(v)) {
		mdg_buf_printf(out, "%.2f", json_real_value(v));
	} else if (s) {
		if (col->type == 'w')
			s = mdg_cli_word(cli, col->group, s);
		if (col->type == 'c') {
			words_of_text(cli, s, col->group, out);
			return;
		}
		if (col->type == 'm') {
			mdg_utf7imap_show(s, out);
			return;
		}
		mdg_utf8_clean(out, s, strlen(s), true);
	}
}

static bool
is_right(const struct mdg_col *c)
{
	return c->type == 'i' || c->type == 'B';
}

/* Columns of the terminal; 0 for a file or a pipe, or one that does not say. */
static size_t
screen_columns(void)
{
	struct winsize w;

	if (!isatty(STDOUT_FILENO) ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col == 0)
		return 0;
	return w.ws_col > SCREEN_MIN ? w.ws_col : SCREEN_MIN;
}

/* Cuts text to so many columns, "…" at its end; only for terminals. */
static void
cut(struct mdg_buf *b, size_t max)
{
	size_t at = 0, width = 0;
	uint32_t cp;

	if (mdg_text_width(mdg_buf_str(b), b->len) <= max)
		return;
	while (at < b->len) {
		size_t n = mdg_utf8_next(b->ptr + at, b->len - at, &cp);
		width += mdg_text_char_width(cp);
		if (width > max - 2)
			break;
		at += n;
	}
	b->len = at;
	mdg_buf_puts(b, "…");
}

static void
pad(size_t n)
{
	while (n-- > 0)
		putchar(' ');
}

static void
put_cell(const char *s, size_t width, bool right, bool last)
{
	size_t w = mdg_text_width(s, strlen(s));
	size_t gap = width > w ? width - w : 0;

	if (right)
		pad(gap);
	fputs(s, stdout);
	if (!last)
		pad((right ? 0 : gap) + GAP);
}

static size_t
cols_n(const struct mdg_col *cols)
{
	size_t n = 0;

	while (n < MDG_DESK_COLS_MAX && cols[n].key)
		n++;
	return n;
}

/* What is wider than the screen goes on below, between two columns and at the
 * same ones in each row. */
static void
find_starts(const size_t *width, size_t n, size_t screen, bool *ret)
{
	size_t at = 0;

	for (size_t c = 0; c < n; c++) {
		ret[c] = c && screen && at + width[c] > screen;
		at = (ret[c] ? INDENT : at) + width[c] + GAP;
	}
}

static void
put_row(const struct mdg_col *cols, size_t n, const char *const *texts,
	const size_t *width, const bool *starts)
{
	for (size_t c = 0; c < n; c++) {
		if (starts[c])
			printf("\n%*s", INDENT, "");
		put_cell(texts[c], width[c], is_right(&cols[c]),
			 c + 1 == n || starts[c + 1]);
	}
	putchar('\n');
}

void
mdg_cli_table(const struct mdg_cli *cli, const json_t *rows,
	      const struct mdg_col *cols, int64_t now_s)
{
	size_t n = cols_n(cols), rows_n = json_array_size(rows);
	size_t width[MDG_DESK_COLS_MAX];
	bool starts[MDG_DESK_COLS_MAX];
	const char *texts[MDG_DESK_COLS_MAX];
	struct mdg_buf *cell = mdg_calloc(rows_n * n + 1, sizeof(*cell));
	bool tty = isatty(STDOUT_FILENO);
	size_t screen = screen_columns(), max = CELL_COLUMNS_MAX;

	if (screen && screen - INDENT < max)
		max = screen - INDENT;
	for (size_t c = 0; c < n; c++) {
		texts[c] = mdg_msg_text(cli->lang, cols[c].title);
		width[c] = mdg_text_width(texts[c], strlen(texts[c]));
	}
	for (size_t i = 0; i < rows_n * n; i++) {
		mdg_cli_cell(cli, json_array_get(rows, i / n), &cols[i % n],
			     now_s, &cell[i]);
		if (tty)
			cut(&cell[i], max);
		size_t w = mdg_text_width(mdg_buf_str(&cell[i]), cell[i].len);
		if (w > width[i % n])
			width[i % n] = w;
	}
	find_starts(width, n, screen, starts);
	put_row(cols, n, texts, width, starts);
	for (size_t i = 0; i < rows_n; i++) {
		for (size_t c = 0; c < n; c++)
			texts[c] = mdg_buf_str(&cell[i * n + c]);
		put_row(cols, n, texts, width, starts);
	}
	for (size_t i = 0; i < rows_n * n; i++)
		mdg_buf_clear(&cell[i]);
	mdg_freep(&cell);
}

void
mdg_cli_fields(const struct mdg_cli *cli, const json_t *o,
	       const struct mdg_col *cols, int64_t now_s)
{
	size_t n = cols_n(cols), width = 0;

	for (size_t c = 0; c < n; c++) {
		const char *title = mdg_msg_text(cli->lang, cols[c].title);
		size_t w = mdg_text_width(title, strlen(title));
		width = w > width ? w : width;
	}
	for (size_t c = 0; c < n; c++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf cell = {0};
		mdg_cli_cell(cli, o, &cols[c], now_s, &cell);
		if (!cell.len)
			continue;
		put_cell(mdg_msg_text(cli->lang, cols[c].title), width, false,
			 false);
		puts(mdg_buf_str(&cell));
	}
}

void
mdg_cli_text(const char *text, const char *indent)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf clean = {0};

	mdg_utf8_clean(&clean, text, strlen(text), false);
	for (const char *p = mdg_buf_str(&clean); *p;) {
		size_t n = strcspn(p, "\n");
		printf("%s%.*s\n", n ? indent : "", (int)n, p);
		p += n + (p[n] == '\n');
	}
}

void
mdg_cli_part(const struct mdg_cli *cli, const json_t *result, const char *key,
	     const struct mdg_col *cols)
{
	const json_t *rows = json_object_get(result, key);

	if (json_array_size(rows) == 0)
		return;
	putchar('\n');
	mdg_cli_table(cli, rows, cols, mdg_json_int(result, "now_s"));
}
