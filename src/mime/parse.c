#include "madoguchi/mime/parse.h"

#include <sodium.h>
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/bounce.h"
#include "madoguchi/mail/charset.h"
#include "madoguchi/mail/class.h"
#include "madoguchi/mail/form.h"
#include "madoguchi/mail/forward.h"
#include "madoguchi/mail/password.h"
#include "madoguchi/mail/quote.h"

#include "attach.h"
#include "fields.h"
#include "text.h"
#include "walk.h"

/* Of a delivery report: enough of its parts to read it. */
enum { REPORT_BYTES_MAX = 256 << 10 };

/* glib's log would be opened from inside the sandbox. */
static void
no_log(const gchar *domain, GLogLevelFlags level, const gchar *text,
       gpointer user)
{
	(void)domain;
	(void)level;
	(void)text;
	(void)user;
}

void
mdg_mime_init(void)
{
	MDG_BUG_ON(sodium_init() < 0);
	g_log_set_default_handler(no_log, NULL);
	g_mime_init();
	mdg_charset_init();
}

static bool
is_reply(const struct mdg_mail *m)
{
	return m->in_reply_to.n || m->references.n ||
	       mdg_quote_subject_is_reply(m->subject);
}

static void
split_text(struct mdg_mail *m)
{
	struct mdg_quote_parts q;

	mdg_quote_split(m->text, is_reply(m), &m->arena, &q);
	m->reply = q.reply;
	m->quoted = q.quoted;
	m->signature = q.signature;
	if (q.rule[0])
		mdg_mail_explain(m, "quote:%s", q.rule);
}

/* -- delivery reports ---------------------------------------------------- */

static bool
is_status(const struct mime_part *p)
{
	return mdg_streq(p->media, "message/delivery-status") ||
	       mdg_streq(p->media, "message/global-delivery-status");
}

static bool
is_feedback(const struct mime_part *p)
{
	return mdg_streq(p->media, "message/feedback-report");
}

static bool
is_returned(const struct mime_part *p)
{
	return mdg_streq(p->media, "message/rfc822") ||
	       mdg_streq(p->media, "message/global") ||
	       mdg_streq(p->media, "text/rfc822-headers") ||
	       mdg_streq(p->media, "message/rfc822-headers") ||
	       mdg_streq(p->media, "message/global-headers");
}

/* The first part of that sort as text, on the arena; NULL if there is none. */
static const char *
find_part_text(struct mime_tree *t, bool (*is)(const struct mime_part *))
{
	for (size_t i = 0; i < t->parts_n; i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};

		if (t->parts[i].multi || !is(&t->parts[i]))
			continue;
		mime_part_text(t, &t->parts[i], &out);
		const char *s = mdg_buf_str(&out);
		return mdg_arena_strndup(
			&t->mail->arena, s,
			mdg_utf8_cut(s, out.len, REPORT_BYTES_MAX));
	}
	return NULL;
}

static bool
has_part(const struct mime_tree *t, bool (*is)(const struct mime_part *))
{
	for (size_t i = 0; i < t->parts_n; i++)
		if (is(&t->parts[i]))
			return true;
	return false;
}

static void
classify(struct mime_tree *t, const struct mdg_mime_options *opt)
{
	struct mdg_mail *m = t->mail;
	const struct mime_part *root = t->parts_n ? t->parts : NULL;
	struct mdg_class_why why = {.rule = ""};
	struct mdg_class_input in = {
		.headers = &t->headers,
		.subject = m->subject,
		.content_type = root ? root->media : "text/plain",
		.report_type = root ? mdg_params_get(&root->type, "report-type")
				    : NULL,
		.from = m->from.n ? m->from.v[0].address : NULL,
		.from_name = m->from.n ? m->from.v[0].name : NULL,
		.reply = m->reply,
		.text = m->text,
		.has_delivery_status = has_part(t, is_status),
		.has_feedback_report = has_part(t, is_feedback),
		.has_own_token = opt->trust_loop_mark && m->loop_mark,
		.own = opt->own,
	};

	m->mail_class = mdg_class_decide(&in, &why);
	m->no_auto_reply = why.no_auto_reply;
	mdg_mail_explain(m, "class:%s", why.rule);
	if (m->mail_class != MDG_CLASS_BOUNCE)
		return;
	struct mdg_bounce_input b = {
		.headers = &t->headers,
		.subject = m->subject,
		.status_text = find_part_text(t, is_status),
		.human_text = m->text,
		.returned = find_part_text(t, is_returned),
	};
	m->bounce = mdg_bounce_parse(&b, &m->arena);
}

/* -- who else speaks in it ------------------------------------------------ */

/* The sender of a mail that is attached whole. */
static void
attached_sender(struct mime_tree *t, const struct mime_part *p)
{
	MDG_AUTO(mdg_buf_clear)
	struct mdg_buf head = MDG_BUF_LIMIT(MDG_HEADER_BLOCK_MAX);
	struct mdg_arena *a = &t->mail->arena;
	struct mdg_addresses from = {0};
	const struct mdg_header *h;
	struct mdg_headers fields;

	mime_part_decode(p, &head);
	mdg_headers_scan(mdg_buf_span(&head), a, &fields);
	if ((h = mdg_headers_find(&fields, "From", 0)))
		mdg_addr_parse(h->raw, a, &from, NULL);
	if (from.n && *from.v[0].key)
		mdg_addresses_add(&t->mail->forwarded, a, from.v[0].name,
				  from.v[0].address, from.v[0].key);
}

static void
read_speakers(struct mime_tree *t)
{
	struct mdg_mail *m = t->mail;

	if (m->mail_class == MDG_CLASS_BOUNCE ||
	    m->mail_class == MDG_CLASS_FEEDBACK)
		return;
	m->tells_password = mdg_mail_tells_password(m->reply);
	mdg_form_scan(m);
	mdg_forward_read(m->text, mdg_forward_subject(m->subject), &m->arena,
			 &m->forwarded);
	for (size_t i = 0; i < t->parts_n; i++)
		if (!t->parts[i].multi && m->forwarded.n < MDG_FORWARDED_MAX &&
		    mdg_streq(t->parts[i].media, "message/rfc822"))
			attached_sender(t, &t->parts[i]);
}

/* -- the whole ----------------------------------------------------------- */

static bool
is_nothing(struct mdg_span raw)
{
	for (size_t i = 0; i < raw.n; i++)
		if (raw.p[i] > ' ')
			return false;
	return true;
}

bool
mdg_mime_parse(struct mdg_span raw, const struct mdg_mime_options *opt,
	       struct mdg_mail *ret, struct mdg_err *err)
{
	MDG_AUTO(mime_tree_clear) struct mime_tree t = {0};

	if (is_nothing(raw))
		return mdg_fail(err, MDG_EFORMAT, "there is nothing to read");
	mime_tree_read(raw, ret, &t);
	mime_fields_read(&t);
	mime_text_read(&t, NULL);
	mime_attach_rest(&t);
	split_text(ret);
	classify(&t, opt);
	read_speakers(&t);
	if (opt->want_hash)
		mime_content_hash(&t);
	return true;
}

bool
mdg_mime_extract(struct mdg_span raw, uint32_t part, struct mdg_buf *out,
		 struct mdg_err *err)
{
	MDG_AUTO(mime_tree_clear) struct mime_tree t;
	MDG_AUTO(mdg_mail_clear) struct mdg_mail m;

	mdg_mail_init(&m);
	mime_tree_read(raw, &m, &t);
	if (part < t.parts_n && !t.parts[part].multi) {
		mime_part_decode(&t.parts[part], out);
	} else {
		t.uu_wanted = part;
		t.uu_out = out;
		mime_text_read(&t, NULL);
		if (part < t.parts_n || part - t.parts_n >= m.attachments_n)
			return mdg_fail(err, MDG_ENOENT, "no such attachment");
	}
	if (out->full)
		return mdg_fail(err, MDG_ETOOBIG, "the attachment is too big");
	return true;
}

bool
mdg_mime_display(struct mdg_span raw, struct mdg_buf *out, struct mdg_err *err)
{
	MDG_AUTO(mime_tree_clear) struct mime_tree t;
	MDG_AUTO(mdg_mail_clear) struct mdg_mail m;

	out->max = MDG_HTML_BYTES_MAX;
	mdg_mail_init(&m);
	mime_tree_read(raw, &m, &t);
	mime_text_read(&t, out);
	if (out->full) /* half a document is none */
		return mdg_fail(err, MDG_ETOOBIG, "the page is too big");
	return true;
}
