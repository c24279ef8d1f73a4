/* madoguchi form, ticket customer: mail that speaks for somebody else. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "madoguchi/app/desk.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_mail.h"

#include "desk.h"
#include "import.h"

enum { TEST_TEXT_BYTES_MAX = MDG_FIELDS_TEXT_BYTES_MAX, ZSTD_LEVEL = 1 };

/* ---- form test: the file is parsed here, confined; the desk judges ---- */

static json_t *
texts(const struct mdg_strings *l)
{
	json_t *a = json_array();

	for (size_t i = 0; i < l->n && i < MDG_RECEIVED_MAX; i++)
		json_array_append_new(a, json_string(l->v[i]));
	return a;
}

static json_t *
people(const struct mdg_addresses *l)
{
	json_t *a = json_array();

	for (size_t i = 0; i < l->n && i < MDG_RECIPIENTS_MAX; i++)
		json_array_append_new(a, json_string(l->v[i].address));
	return a;
}

/* What form.test asks about a mail. */
static json_t *
mail_json(const struct mdg_mail *m)
{
	size_t n = mdg_utf8_cut(m->text, strlen(m->text), TEST_TEXT_BYTES_MAX);
	json_t *fields = json_array();

	for (size_t i = 0; i < m->fields_n; i++) {
		const struct mdg_field *f = &m->fields[i];
		json_array_append_new(
			fields, json_pack("[s,i,i,I,I]", f->label, (int)f->kind,
					  (int)f->style, (json_int_t)f->at,
					  (json_int_t)f->value));
	}
	return json_pack(
		"{s:o,s:o,s:o,s:s,s:s%,s:o,s:o,s:o,s:b}", "from",
		people(&m->from), "reply_to", people(&m->reply_to),
		"in_reply_to",
		texts(m->in_reply_to.n ? &m->in_reply_to : &m->references),
		"subject", m->subject, "text", m->text, n, "auth_results",
		texts(&m->auth_results), "received", texts(&m->received),
		"fields", fields, "no_auto_reply", (int)m->no_auto_reply);
}

struct test {
	struct mdg_desk *desk; /* in memory: the way to the parser */
	struct mdg_import_parser parser;
	const char *path;
	json_t *args;
};

static bool
parsed(void *ctx, size_t i, const struct mdg_mail *m, const char *why,
       struct mdg_err *err)
{
	struct test *t = ctx;

	(void)i;
	(void)why;
	if (!m)
		return mdg_fail_msg(err, MDG_EFORMAT,
				    MDG_MSG_form_test_unreadable, t->path,
				    NULL);
	json_object_set_new(t->args, "mail", mail_json(m));
	return true;
}

static bool
put_raw(struct test *t, struct mdg_span raw, int64_t *ret_id,
	struct mdg_err *err)
{
	unsigned char digest[MDG_DIGEST_BYTES];
	int64_t bytes = (int64_t)raw.n;

	mdg_digest(raw, digest);
	if (!mdg_raw_add(t->desk->db, 0, ret_id, err))
		return false;
	for (int64_t k = 0; k == 0 || raw.n > 0; k++) {
		size_t n = raw.n < MDG_RAW_CHUNK_BYTES ? raw.n
						       : MDG_RAW_CHUNK_BYTES;
		size_t cap = ZSTD_compressBound(n);
		MDG_AUTO(mdg_freep) char *out = mdg_malloc(cap);
		size_t z = ZSTD_compress(out, cap, raw.p, n, ZSTD_LEVEL);
		if (ZSTD_isError(z))
			return mdg_fail(err, MDG_EBUG, "zstd: %s",
					ZSTD_getErrorName(z));
		if (!mdg_raw_chunk(t->desk->db, *ret_id, k, mdg_span(out, z),
				   err))
			return false;
		raw.p += n;
		raw.n -= n;
	}
	return mdg_raw_finish(t->desk->db, *ret_id, bytes, digest, err);
}

static bool
each(void *ctx, const struct mdg_import_mail *m, struct mdg_err *err)
{
	struct test *t = ctx;
	struct mdg_import_item item = {.delivery_id = 1};

	if (json_is_object(json_object_get(t->args, "mail")))
		return true; /* the first of a mailbox is enough */
	return put_raw(t, m->raw, &item.raw_id, err) &&
	       mdg_import_parse(&t->parser, t->desk->db, &item, 1, parsed, t,
				err);
}

static bool
prepare_test(struct mdg_cli *cli, json_t *args, struct mdg_err *err)
{
	const struct mdg_desk_config dc = {.store = "sqlite::memory:",
					   .create = true};
	struct test t = {.args = args};

	(void)cli;
	MDG_AUTO(mdg_freep)
	char *path =
		mdg_strdup(json_string_value(json_object_get(args, "mail")));
	t.path = path;
	if (!mdg_desk_open(&dc, &t.desk, err))
		return false;
	bool ok = mdg_import_each(path, each, &t, err);
	mdg_import_parser_close(&t.parser);
	mdg_desk_close(&t.desk);
	if (ok && !json_is_object(json_object_get(args, "mail")))
		return mdg_fail_msg(err, MDG_EFORMAT,
				    MDG_MSG_form_test_unreadable, path, NULL);
	return ok;
}

static const struct mdg_col value_cols[] = {
	{MDG_MSG_col_name, "name", 's', NULL},
	{MDG_MSG_col_kana, "kana", 's', NULL},
	{MDG_MSG_col_address, "address", 's', NULL},
	{MDG_MSG_col_phone, "phone", 's', NULL},
	{MDG_MSG_col_order, "order", 's', NULL},
	{MDG_MSG_col_company, "company", 's', NULL},
	{MDG_MSG_col_subject, "subject", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

void
mdg_cli_print_speaker(struct mdg_cli *cli, const json_t *message)
{
	const char *address = mdg_json_text(message, "customer_address");
	json_t *flags = json_loads(mdg_json_text(message, "flags"), 0, NULL);
	const json_t *values = json_object_get(flags, "form_values");
	MDG_AUTO(mdg_buf_clear) struct mdg_buf who = {0};

	if (*address) {
		const char *name = mdg_json_text(message, "customer_name");
		mdg_utf8_clean(&who, name, strlen(name), true);
		mdg_buf_puts(&who, *name ? " <" : "<");
		mdg_utf8_clean(&who, address, strlen(address), true);
		mdg_buf_puts(&who, ">");
		mdg_cli_say(cli, MDG_MSG_cli_speaks_for, mdg_buf_str(&who),
			    NULL);
	}
	if (json_object_size(values))
		mdg_cli_fields(cli, values, value_cols, 0);
	json_decref(flags);
}

static void
print_test(struct mdg_cli *cli, const json_t *r)
{
	const char *form = mdg_json_text(r, "form");
	bool verified = json_is_true(json_object_get(r, "verified"));
	const char *fault = mdg_json_text(r, "no_customer");

	if (*form)
		mdg_cli_say(cli,
			    verified ? MDG_MSG_cli_form_fits
				     : MDG_MSG_cli_form_unverified,
			    form, NULL);
	else
		mdg_cli_say(cli,
			    json_is_true(json_object_get(r, "form_like"))
				    ? MDG_MSG_cli_form_like
				    : MDG_MSG_cli_form_unknown,
			    NULL);
	mdg_cli_fields(cli, json_object_get(r, "values"), value_cols, 0);
	if (*fault)
		mdg_cli_say(cli, MDG_MSG_cli_form_no_customer,
			    mdg_cli_word(cli, "no_customer", fault), NULL);
	mdg_cli_text(mdg_json_text(r, "content"), "   ");
}

static void
print_added(struct mdg_cli *cli, const json_t *r)
{
	mdg_cli_say(cli, MDG_MSG_cli_form_added, mdg_json_text(r, "form"),
		    NULL);
}

static void
print_customer(struct mdg_cli *cli, const json_t *r)
{
	char number[24];

	snprintf(number, sizeof(number), "%" PRId64, mdg_json_int(r, "ticket"));
	mdg_cli_say(cli, MDG_MSG_cli_customer_now, number,
		    mdg_json_text(r, "address"), NULL);
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_form[] = {
	{.cmd = {"form add",
		 "--window CODE --name NAME --from ADDRESS [--subject PATTERN] "
		 "[--field FIELD=LABEL]... [--server NAME] [--domain DOMAIN] "
		 "[--route ADDRESS|local]",
		 MDG_MSG_cli_help_form_add, mdg_desk_run},
	 .act = "form.add",
	 .print = print_added,
	 .args = {MDG_NEED("window", "window", 's'),
		  MDG_NEED("name", "name", 's'), MDG_NEED("from", "address", 's'),
		  MDG_OPT("subject", "subject", 's'),
		  MDG_OPT("field", "fields", 'o'),
		  MDG_OPT("server", "server", 's'),
		  MDG_OPT("domain", "domain", 's'),
		  MDG_OPT("route", "route", 's')}},
	{.cmd = {"form list", "", MDG_MSG_cli_help_form_list, mdg_desk_run},
	 .act = "form.list",
	 .list = "forms", .empty = MDG_MSG_cli_no_forms,
	 .cols = {{MDG_MSG_col_name, "form", 's', NULL},
		  {MDG_MSG_col_window, "window", 's', NULL},
		  {MDG_MSG_col_address, "address", 's', NULL},
		  {MDG_MSG_col_subject, "subject", 's', NULL},
		  {MDG_MSG_col_fields, "fields", 's', NULL},
		  {MDG_MSG_col_server, "server", 's', NULL},
		  {MDG_MSG_col_domain, "domain", 's', NULL},
		  {MDG_MSG_col_route, "route", 's', NULL}}},
	{.cmd = {"form remove", "NAME --window CODE",
		 MDG_MSG_cli_help_form_remove, mdg_desk_run},
	 .act = "form.remove",
	 .args = {MDG_WORD("name", 's'), MDG_NEED("window", "window", 's')}},
	{.cmd = {"form test", "FILE --window CODE", MDG_MSG_cli_help_form_test,
		 mdg_desk_run},
	 .act = "form.test",
	 .prepare = prepare_test,
	 .print = print_test,
	 .args = {MDG_WORD("mail", 's'), MDG_NEED("window", "window", 's')}},
	{.cmd = {"ticket customer", "TICKET --to ADDRESS [--name NAME]",
		 MDG_MSG_cli_help_ticket_customer, mdg_desk_run},
	 .act = "ticket.customer",
	 .print = print_customer,
	 .args = {MDG_WORD("ticket", 'i'), MDG_NEED("to", "address", 's'),
		  MDG_OPT("name", "name", 's')}},
	{.cmd = {.name = NULL}},
};
// clang-format on
