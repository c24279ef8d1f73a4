/* madoguchi ticket print: a ticket on paper, as text or as HTML for A4. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "madoguchi/base/str.h"

#include "desk.h"

struct page {
	struct mdg_cli *cli;
	struct mdg_buf out;
	bool html;
};

/* Text from outside: cleaned, and nothing of it is markup. */
static void
put(struct page *p, const char *s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf clean = {0};

	mdg_utf8_clean(&clean, s, strlen(s), false);
	if (!p->html) {
		mdg_buf_puts(&p->out, mdg_buf_str(&clean));
		return;
	}
	for (const char *c = mdg_buf_str(&clean); *c; c++)
		switch (*c) {
		case '&':
			mdg_buf_puts(&p->out, "&amp;");
			break;
		case '<':
			mdg_buf_puts(&p->out, "&lt;");
			break;
		case '>':
			mdg_buf_puts(&p->out, "&gt;");
			break;
		case '"':
			mdg_buf_puts(&p->out, "&quot;");
			break;
		default:
			mdg_buf_putc(&p->out, *c);
		}
}

static void
field(struct page *p, enum mdg_msg title, const char *value)
{
	if (!*value)
		return;
	mdg_buf_puts(&p->out, p->html ? "<tr><th>" : "");
	put(p, mdg_msg_text(p->cli->lang, title));
	mdg_buf_puts(&p->out, p->html ? "</th><td>" : ": ");
	put(p, value);
	mdg_buf_puts(&p->out, p->html ? "</td></tr>\n" : "\n");
}

/* With seconds and offset: on paper "today" means nothing. */
static void
field_time(struct page *p, enum mdg_msg title, int64_t t_s)
{
	time_t t = (time_t)t_s;
	struct tm at;
	char when[64];

	if (!t_s)
		return;
	localtime_r(&t, &at);
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S %z", &at);
	field(p, title, when);
}

static void
begin_table(struct page *p)
{
	mdg_buf_puts(&p->out, p->html ? "<table>\n" : "");
}

static void
end_table(struct page *p)
{
	mdg_buf_puts(&p->out, p->html ? "</table>\n" : "");
}

static void
heading(struct page *p, const char *text, bool first)
{
	if (p->html)
		mdg_buf_puts(&p->out, first ? "<h1>" : "<h2>");
	else
		mdg_buf_puts(&p->out, first ? "" : "\n");
	put(p, text);
	if (p->html)
		mdg_buf_puts(&p->out, first ? "</h1>\n" : "</h2>\n");
	else
		mdg_buf_puts(&p->out, "\n----------------------------------------"
				      "\n");
}

/* Everybody of one role, with names and whole addresses. */
static void
people(struct page *p, const json_t *all, int64_t message, const char *role,
       enum mdg_msg title)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf list = {0};
	size_t i;
	json_t *v;

	json_array_foreach ((json_t *)all, i, v) {
		const char *name = mdg_json_text(v, "name");
		if (mdg_json_int(v, "message") != message ||
		    !mdg_streq(mdg_json_text(v, "role"), role))
			continue;
		mdg_buf_printf(&list, "%s%s%s%s%s", list.len ? ", " : "", name,
			       *name ? " <" : "", mdg_json_text(v, "address"),
			       *name ? ">" : "");
	}
	field(p, title, mdg_buf_str(&list));
}

static void
body(struct page *p, const char *text)
{
	if (!*text)
		return;
	mdg_buf_puts(&p->out, p->html ? "<pre>" : "\n");
	put(p, text);
	mdg_buf_puts(&p->out, p->html ? "</pre>\n" : "\n");
}

static void
files(struct page *p, const json_t *ticket, int64_t message)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf list = {0};
	size_t i;
	json_t *v;

	json_array_foreach (json_object_get(ticket, "attachments"), i, v)
		if (mdg_json_int(v, "message") == message)
			mdg_buf_printf(&list, "%s%s (%" PRId64 " bytes)",
				       list.len ? ", " : "",
				       mdg_json_text(v, "filename"),
				       mdg_json_int(v, "bytes"));
	field(p, MDG_MSG_col_file, mdg_buf_str(&list));
}

static void
message(struct page *p, const json_t *ticket, const json_t *m)
{
	const json_t *all = json_object_get(ticket, "addresses");
	int64_t id = mdg_json_int(m, "id");

	heading(p,
		mdg_cli_word(p->cli, "direction",
			     mdg_json_text(m, "direction")),
		false);
	begin_table(p);
	field_time(p, MDG_MSG_col_when, mdg_json_int(m, "received_s"));
	people(p, all, id, "from", MDG_MSG_col_from);
	people(p, all, id, "to", MDG_MSG_col_to);
	people(p, all, id, "cc", MDG_MSG_col_cc);
	field(p, MDG_MSG_col_subject, mdg_json_text(m, "subject"));
	files(p, ticket, id);
	end_table(p);
	body(p, mdg_json_text(m, "text"));
	body(p, mdg_json_text(m, "signature"));
	body(p, mdg_json_text(m, "quoted"));
}

/* On paper a login means nothing: "佐藤 美咲 (sato)". */
static void
person(struct page *p, enum mdg_msg title, const json_t *ticket,
       const char *login)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf both = {0};
	size_t i;
	json_t *v;

	json_array_foreach (json_object_get(ticket, "people"), i, v)
		if (*login && mdg_streq(mdg_json_text(v, "login"), login))
			mdg_buf_printf(&both, "%s (%s)",
				       mdg_json_text(v, "name"), login);
	field(p, title, both.len ? mdg_buf_str(&both) : login);
}

static void
comment(struct page *p, const json_t *ticket, const json_t *c)
{
	heading(p, mdg_msg_text(p->cli->lang, MDG_MSG_col_comment), false);
	begin_table(p);
	field_time(p, MDG_MSG_col_when, mdg_json_int(c, "created_s"));
	person(p, MDG_MSG_col_author, ticket, mdg_json_text(c, "author"));
	end_table(p);
	body(p, mdg_json_text(c, "text"));
}

static const char html_head[] =
	"<!DOCTYPE html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\">\n"
	"<style>\n@page { size: A4; margin: 18mm 16mm; }\n"
	"body { font: 10.5pt/1.5 \"Noto Sans CJK JP\", \"IPAexGothic\","
	" sans-serif; }\n"
	"h1 { font-size: 14pt; } h2 { font-size: 11pt; margin: 6mm 0 1mm;"
	" border-bottom: 0.3mm solid #000; break-after: avoid; }\n"
	"table { border-collapse: collapse; }\n"
	"th { text-align: left; padding-right: 4mm; vertical-align: top;"
	" white-space: nowrap; font-weight: normal; }\n"
	"td { overflow-wrap: anywhere; }\n"
	"pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere;"
	" margin: 2mm 0; }\n</style>\n<title>";

static void
print_ticket(struct page *p, const json_t *t)
{
	char title[64];
	size_t i;
	json_t *v;

	snprintf(title, sizeof(title), "%s %" PRId64,
		 mdg_msg_text(p->cli->lang, MDG_MSG_col_ticket),
		 mdg_json_int(t, "ticket"));
	if (p->html) {
		mdg_buf_puts(&p->out, html_head);
		put(p, title);
		mdg_buf_puts(&p->out, "</title></head><body>\n");
	}
	heading(p, title, true);
	begin_table(p);
	field(p, MDG_MSG_col_subject, mdg_json_text(t, "subject"));
	field(p, MDG_MSG_col_window, mdg_json_text(t, "window_name"));
	field(p, MDG_MSG_col_customer, mdg_json_text(t, "customer"));
	field(p, MDG_MSG_col_state,
	      mdg_cli_word(p->cli, "ticket", mdg_json_text(t, "state")));
	person(p, MDG_MSG_col_assignee, t, mdg_json_text(t, "assignee"));
	field_time(p, MDG_MSG_col_created, mdg_json_int(t, "created_s"));
	field_time(p, MDG_MSG_col_due, mdg_json_int(t, "due_s"));
	field_time(p, MDG_MSG_col_printed, mdg_json_int(t, "now_s"));
	end_table(p);
	json_array_foreach (json_object_get(t, "messages"), i, v)
		message(p, t, v);
	json_array_foreach (json_object_get(t, "comments"), i, v)
		comment(p, t, v);
	mdg_buf_puts(&p->out, p->html ? "</body></html>\n" : "");
}

int
mdg_cli_ticket_print(struct mdg_cli *cli, int argc, char **argv)
{
	struct page p = {.cli = cli};
	const char *format = "text";
	const struct mdg_opt opts[] = {{"format", &format, NULL},
				       {NULL, NULL, NULL}};
	json_t *args, *result;
	struct mdg_err err;
	int64_t number;

	if (!mdg_cli_options(cli, opts, &argc, argv))
		return EX_USAGE;
	p.html = mdg_streq(format, "html");
	if (argc != 1 || !mdg_str_i64(argv[0], 1, INT64_MAX, &number) ||
	    (!p.html && !mdg_streq(format, "text")))
		return mdg_cli_usage(cli);
	args = json_pack("{s:I}", "ticket", number);
	bool ok = mdg_cli_call(cli, "ticket.print", args, &result, &err);
	json_decref(args);
	if (!ok)
		return mdg_cli_fail(cli, &err);
	if (cli->json) {
		mdg_cli_json(result);
	} else {
		print_ticket(&p, result);
		fputs(mdg_buf_str(&p.out), stdout);
	}
	mdg_buf_clear(&p.out);
	json_decref(result);
	return EX_OK;
}
