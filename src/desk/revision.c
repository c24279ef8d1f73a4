#include "madoguchi/desk/revision.h"

#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

/* One field: "name" SP length LF bytes LF. Readable in a hex dump, exact. */
static void
put(struct mdg_buf *b, const char *name, const void *p, size_t n)
{
	mdg_buf_printf(b, "%s %zu\n", name, n);
	mdg_buf_put(b, p, n);
	mdg_buf_putc(b, '\n');
}

static void
put_str(struct mdg_buf *b, const char *name, const char *s)
{
	if (s)
		put(b, name, s, strlen(s));
	else
		mdg_buf_printf(b, "%s -\n", name);
}

static void
put_i64(struct mdg_buf *b, const char *name, int64_t v)
{
	char text[24];
	struct mdg_buf t = MDG_BUF_LIMIT(sizeof(text));

	mdg_buf_printf(&t, "%lld", (long long)v);
	put(b, name, t.ptr, t.len);
	mdg_buf_clear(&t);
}

static void
put_address(struct mdg_buf *b, const char *name, const struct mdg_address *a)
{
	put_str(b, name, a->name);
	put_str(b, name, a->address);
}

static void
put_addresses(struct mdg_buf *b, const char *name,
	      const struct mdg_addresses *l)
{
	put_i64(b, name, (int64_t)l->n);
	for (size_t i = 0; i < l->n; i++)
		put_address(b, name, &l->v[i]);
}

void
mdg_revision_encode(const struct mdg_revision *r, struct mdg_buf *b)
{
	mdg_buf_puts(b, "madoguchi revision 1\n");
	put_i64(b, "account", r->account_id);
	put_str(b, "mail-from", r->mail_from);
	put_address(b, "from", &r->from);
	put_addresses(b, "to", &r->to);
	put_addresses(b, "cc", &r->cc);
	put_addresses(b, "bcc", &r->bcc);
	put_addresses(b, "reply-to", &r->reply_to);
	put_str(b, "subject", r->subject);
	put_str(b, "text", r->text);
	put_str(b, "message-id", r->message_id);
	put_str(b, "in-reply-to", r->in_reply_to);
	put_i64(b, "references", (int64_t)r->references.n);
	for (size_t i = 0; i < r->references.n; i++)
		put_str(b, "references", r->references.v[i]);
	put_i64(b, "files", (int64_t)r->files_n);
	for (size_t i = 0; i < r->files_n; i++) {
		const struct mdg_revision_file *f = &r->files[i];
		put_str(b, "filename", f->filename);
		put_str(b, "media-type", f->media_type);
		put_i64(b, "upload", f->upload_id);
		put_i64(b, "bytes", f->bytes);
		put(b, "digest", f->digest, sizeof(f->digest));
	}
	put_i64(b, "newest", r->newest_message_id);
}

struct reader {
	const char *p, *end;
	struct mdg_arena *arena;
	bool bad;
};

/* The next field's bytes; NULL value for "-". */
static const char *
get(struct reader *r, const char *name, size_t *n)
{
	size_t name_n = strlen(name);
	size_t left = (size_t)(r->end - r->p);
	const char *eol = left ? memchr(r->p, '\n', left) : NULL;

	*n = 0;
	if (r->bad || !eol || (size_t)(eol - r->p) < name_n + 2 ||
	    memcmp(r->p, name, name_n) != 0 || r->p[name_n] != ' ') {
		r->bad = true;
		return NULL;
	}
	const char *num = r->p + name_n + 1;
	r->p = eol + 1;
	if (*num == '-')
		return NULL;
	for (; num < eol; num++) {
		if (*num < '0' || *num > '9' || *n > MDG_BUF_MAX) {
			r->bad = true;
			return NULL;
		}
		*n = *n * 10 + (size_t)(*num - '0');
	}
	if ((size_t)(r->end - r->p) < *n + 1 || r->p[*n] != '\n') {
		r->bad = true;
		return NULL;
	}
	const char *v = r->p;
	r->p += *n + 1;
	return v;
}

static const char *
get_str(struct reader *r, const char *name)
{
	size_t n;
	const char *v = get(r, name, &n);

	return v ? mdg_arena_strndup(r->arena, v, n) : NULL;
}

static int64_t
get_i64(struct reader *r, const char *name)
{
	int64_t v = 0;

	if (!mdg_str_i64(get_str(r, name), INT64_MIN, INT64_MAX, &v))
		r->bad = true;
	return v;
}

static size_t
get_count(struct reader *r, const char *name, size_t max)
{
	int64_t n = get_i64(r, name);

	if (n < 0 || (uint64_t)n > max)
		r->bad = true;
	return r->bad ? 0 : (size_t)n;
}

static void
get_address(struct reader *r, const char *name, struct mdg_address *a)
{
	const char *text = get_str(r, name), *address = get_str(r, name);

	*a = (struct mdg_address){text ? text : "", address ? address : "", ""};
}

static void
get_addresses(struct reader *r, const char *name, struct mdg_addresses *l)
{
	l->n = get_count(r, name, MDG_RECIPIENTS_MAX);
	l->v = mdg_arena_array(r->arena, l->n, sizeof(*l->v));
	for (size_t i = 0; i < l->n; i++)
		get_address(r, name, &l->v[i]);
}

static void
get_files(struct reader *r, struct mdg_revision *ret)
{
	ret->files_n = get_count(r, "files", MDG_ATTACHMENTS_MAX);
	ret->files =
		mdg_arena_array(r->arena, ret->files_n, sizeof(*ret->files));
	for (size_t i = 0; i < ret->files_n; i++) {
		struct mdg_revision_file *f = &ret->files[i];
		size_t n;
		f->filename = get_str(r, "filename");
		f->media_type = get_str(r, "media-type");
		f->upload_id = get_i64(r, "upload");
		f->bytes = get_i64(r, "bytes");
		const char *digest = get(r, "digest", &n);
		if (digest && n == sizeof(f->digest))
			memcpy(f->digest, digest, n);
		else
			r->bad = true;
	}
}

bool
mdg_revision_decode(struct mdg_span in, struct mdg_arena *a,
		    struct mdg_revision *ret)
{
	static const char head[] = "madoguchi revision 1\n";
	struct reader rd = {(const char *)in.p, (const char *)in.p + in.n, a,
			    false};
	struct reader *r = &rd;

	if (in.n < sizeof(head) - 1 || memcmp(in.p, head, sizeof(head) - 1))
		return false;
	r->p += sizeof(head) - 1;
	*ret = (struct mdg_revision){0};
	ret->account_id = get_i64(r, "account");
	ret->mail_from = get_str(r, "mail-from");
	get_address(r, "from", &ret->from);
	get_addresses(r, "to", &ret->to);
	get_addresses(r, "cc", &ret->cc);
	get_addresses(r, "bcc", &ret->bcc);
	get_addresses(r, "reply-to", &ret->reply_to);
	ret->subject = get_str(r, "subject");
	ret->text = get_str(r, "text");
	ret->message_id = get_str(r, "message-id");
	ret->in_reply_to = get_str(r, "in-reply-to");
	size_t n = get_count(r, "references", MDG_REFERENCES_MAX);
	for (size_t i = 0; i < n && !r->bad; i++) {
		const char *id = get_str(r, "references");
		if (id)
			mdg_strings_add(&ret->references, a, id,
					MDG_REFERENCES_MAX);
	}
	get_files(r, ret);
	ret->newest_message_id = get_i64(r, "newest");
	return !r->bad && r->p == r->end && ret->subject && ret->text &&
	       ret->message_id && ret->mail_from;
}
