#include "fields.h"

#include <sodium.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/charset.h"
#include "madoguchi/mail/msgid.h"
#include "madoguchi/mail/verdict.h"
#include "madoguchi/mail/words.h"
#include "madoguchi/mime/date.h"

/* What Outlook and Exchange put into Thread-Index for a whole thread. */
enum { THREAD_INDEX_BYTES = 22, AUTH_RESULTS_MAX = 10, DELIVERED_MAX = 10 };

static struct mdg_span
raw_field(const struct mime_tree *t, const char *name, size_t nth)
{
	const struct mdg_header *h = mdg_headers_find(&t->headers, name, nth);

	return h ? h->raw : mdg_span(NULL, 0);
}

static void
read_addresses(struct mime_tree *t, const char *name, struct mdg_addresses *out,
	       unsigned *flags)
{
	const struct mdg_header *h;

	for (size_t i = 0; (h = mdg_headers_find(&t->headers, name, i)); i++)
		mdg_addr_parse(h->raw, &t->mail->arena, out, flags);
}

static void
read_all_addresses(struct mime_tree *t)
{
	struct mdg_mail *m = t->mail;
	const struct {
		const char *name;
		struct mdg_addresses *to;
	} lists[] = {{"From", &m->from},
		     {"Sender", &m->sender},
		     {"Reply-To", &m->reply_to},
		     {"To", &m->to},
		     {"Cc", &m->cc}};

	for (size_t i = 0; i < MDG_LEN(lists); i++) {
		unsigned flags = 0;

		read_addresses(t, lists[i].name, lists[i].to, &flags);
		if (flags & MDG_ADDR_SPOOFED && lists[i].to == &m->from)
			m->from_spoofed = true;
		if (flags & MDG_ADDR_BROKEN)
			mdg_mail_warn(m, "address:broken");
		if (flags & MDG_ADDR_CUT)
			mdg_mail_warn(m, "limit:address-header");
	}
}

static void
read_subject(struct mime_tree *t)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_mail *m = t->mail;
	const struct mdg_header *h;
	unsigned flags = 0;

	for (size_t i = 0;
	     (h = mdg_headers_find(&t->headers, "Subject", i)) && b.len == 0;
	     i++)
		mdg_words_decode(h->raw, &b, &flags);
	const char *s = mdg_buf_str(&b);
	size_t n = mdg_utf8_cut(s, b.len, MDG_SUBJECT_BYTES_MAX);
	if (n < b.len)
		mdg_mail_warn(m, "limit:subject");
	if (flags & MDG_CHARSET_MISLABELLED)
		mdg_mail_warn(m, "charset:mislabelled-subject");
	if (flags & MDG_CHARSET_REPLACED)
		mdg_mail_warn(m, "charset:replaced-subject");
	m->subject = mdg_arena_strndup(&m->arena, s, n);
}

/* Fields that are longer than any real one are cut. */
static void
read_texts(struct mime_tree *t, const char *name, struct mdg_strings *out,
	   size_t max, size_t bytes_max)
{
	struct mdg_arena *a = &t->mail->arena;
	const char *s;

	for (size_t i = 0;
	     i < max && (s = mdg_headers_text(&t->headers, name, i, a)); i++) {
		size_t n = strlen(s);
		if (n > bytes_max)
			s = mdg_arena_strndup(a, s,
					      mdg_utf8_cut(s, n, bytes_max));
		mdg_strings_add(out, a, s, max);
	}
}

/* Some programs encode every field alike. */
static bool
read_date(struct mdg_span raw, int64_t *ret_s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};

	if (!memmem(raw.p, raw.n, "=?", 2))
		return mdg_date_parse(raw, ret_s);
	mdg_words_decode(raw, &text, NULL);
	return mdg_date_parse(mdg_buf_span(&text), ret_s);
}

static void
read_thread_index(struct mime_tree *t)
{
	struct mdg_span raw = raw_field(t, "Thread-Index", 0);
	char out[THREAD_INDEX_BYTES * 4];
	GMimeEncoding state;

	if (raw.n == 0 || raw.n > MDG_MSGID_BYTES_MAX)
		return;
	char *in = mdg_arena_alloc(&t->mail->arena, raw.n);
	size_t n = 0;
	for (size_t i = 0; i < raw.n && n < sizeof(out) / 2; i++)
		if (raw.p[i] > ' ')
			in[n++] = (char)raw.p[i];
	g_mime_encoding_init_decode(&state, GMIME_CONTENT_ENCODING_BASE64);
	if (g_mime_encoding_step(&state, in, n, out) < THREAD_INDEX_BYTES)
		return;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	mdg_base64(&b, (const unsigned char *)out, THREAD_INDEX_BYTES);
	t->mail->thread_index =
		mdg_arena_strdup(&t->mail->arena, mdg_buf_str(&b));
}

/* What mail systems said of it, each with its name in front. */
static void
read_verdicts(struct mime_tree *t)
{
	struct mdg_mail *m = t->mail;

	for (size_t i = 0; mdg_verdict_fields[i]; i++) {
		struct mdg_strings v = {0};
		read_texts(t, mdg_verdict_fields[i], &v, 2,
			   MDG_TRACE_BYTES_MAX);
		for (size_t k = 0; k < v.n; k++)
			mdg_strings_add(
				&m->verdicts, &m->arena,
				mdg_arena_printf(&m->arena, "%s: %.1000s",
						 mdg_verdict_fields[i], v.v[k]),
				MDG_VERDICTS_MAX);
	}
}

void
mime_fields_read(struct mime_tree *t)
{
	struct mdg_mail *m = t->mail;
	struct mdg_arena *a = &m->arena;
	const struct mdg_header *h;

	if (t->headers.cut)
		mdg_mail_warn(m, "limit:headers");
	for (size_t i = 0; !m->message_id &&
			   (h = mdg_headers_find(&t->headers, "Message-ID", i));
	     i++)
		m->message_id = mdg_msgid_parse(h->raw, a);
	for (size_t i = 0;
	     (h = mdg_headers_find(&t->headers, "In-Reply-To", i)); i++)
		mdg_msgids_parse(h->raw, a, &m->in_reply_to,
				 MDG_REFERENCES_MAX);
	for (size_t i = 0; (h = mdg_headers_find(&t->headers, "References", i));
	     i++)
		mdg_msgids_parse(h->raw, a, &m->references, MDG_REFERENCES_MAX);
	for (size_t i = 0;
	     !m->has_date && (h = mdg_headers_find(&t->headers, "Date", i));
	     i++)
		m->has_date = read_date(h->raw, &m->date_s);
	if (!m->has_date && mdg_headers_find(&t->headers, "Date", 0))
		mdg_mail_warn(m, "date:unreadable");
	read_all_addresses(t);
	read_subject(t);
	read_texts(t, "Delivered-To", &m->delivered_to, DELIVERED_MAX,
		   MDG_ADDRESS_BYTES_MAX);
	read_texts(t, "X-Original-To", &m->delivered_to, DELIVERED_MAX,
		   MDG_ADDRESS_BYTES_MAX);
	read_texts(t, "Authentication-Results", &m->auth_results,
		   AUTH_RESULTS_MAX, MDG_TRACE_BYTES_MAX);
	read_texts(t, "Received", &m->received, MDG_RECEIVED_MAX,
		   MDG_TRACE_BYTES_MAX);
	read_verdicts(t);
	read_thread_index(t);
	m->loop_mark = mdg_headers_text(&t->headers, "X-Madoguchi-Loop", 0, a);
}

/* -- content hash -------------------------------------------------------- */

/* CR before LF is left out, so that CRLF and LF copies agree. The digest
 * gets large pieces: one call a line would cost more than the bytes. */
static void
hash_lines(crypto_generichash_state *h, struct mdg_span s)
{
	unsigned char chunk[8192];
	size_t o = 0;

	while (s.n) {
		size_t room = sizeof(chunk) - o;
		size_t max = s.n < room ? s.n : room, n = max;
		const unsigned char *cr = memchr(s.p, '\r', max);
		bool drop = false;

		if (cr) {
			n = (size_t)(cr - s.p);
			drop = n + 1 < s.n && cr[1] == '\n';
			n += !drop;
		}
		memcpy(chunk + o, s.p, n);
		o += n;
		s.p += n + drop;
		s.n -= n + drop;
		if (o == sizeof(chunk)) {
			crypto_generichash_update(h, chunk, o);
			o = 0;
		}
	}
	crypto_generichash_update(h, chunk, o);
}

static struct mdg_span
trim(struct mdg_span s)
{
	while (s.n && s.p[s.n - 1] <= ' ')
		s.n--;
	while (s.n && s.p[0] <= ' ') {
		s.p++;
		s.n--;
	}
	return s;
}

/* Is there more in the mail than its parts and attachments show? */
static bool
was_cut(const struct mime_tree *t)
{
	return t->scan.cut || t->parts_n == 0 || t->parts_n >= MDG_PARTS_MAX ||
	       t->mail->attachments_n >= MDG_ATTACHMENTS_MAX;
}

/* The digests of attachments are there already; they are most of the bytes. */
static void
hash_parts(const struct mime_tree *t, crypto_generichash_state *h)
{
	const struct mdg_mail *m = t->mail;

	for (size_t i = 0; i < m->attachments_n; i++) {
		const struct mdg_attachment *a = &m->attachments[i];
		const char *name = a->filename ? a->filename : "";

		crypto_generichash_update(h, (const unsigned char *)name,
					  strlen(name) + 1);
		crypto_generichash_update(h, a->digest, MDG_DIGEST_BYTES);
	}
	for (size_t i = 0; i < t->parts_n; i++) {
		if (t->parts[i].multi || !t->parts[i].shown)
			continue;
		hash_lines(h, trim(t->parts[i].body));
		crypto_generichash_update(h, (const unsigned char *)"", 1);
	}
}

void
mime_content_hash(struct mime_tree *t)
{
	static const char *const fields[] = {"From", "To",      "Cc",
					     "Date", "Subject", "Message-ID"};
	struct mdg_span raw = t->scan.raw;
	crypto_generichash_state h;
	size_t end = t->headers.end < raw.n ? t->headers.end : raw.n;

	crypto_generichash_init(&h, NULL, 0, MDG_DIGEST_BYTES);
	for (size_t i = 0; i < MDG_LEN(fields); i++) {
		struct mdg_span v = trim(raw_field(t, fields[i], 0));

		/* with its NUL, so that fields cannot run together */
		crypto_generichash_update(&h, (const unsigned char *)fields[i],
					  strlen(fields[i]) + 1);
		hash_lines(&h, v);
		crypto_generichash_update(&h, (const unsigned char *)"", 1);
	}
	if (was_cut(t))
		hash_lines(&h, trim(mdg_span(raw.p + end, raw.n - end)));
	else
		hash_parts(t, &h);
	crypto_generichash_final(&h, t->mail->content_hash, MDG_DIGEST_BYTES);
}
