#include "attach.h"

#include <sodium.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/charset.h"

#include "danger.h"
#include "flowed.h"
#include "seal.h"

static struct mdg_attachment *
add(struct mime_tree *t)
{
	struct mdg_mail *m = t->mail;
	size_t n = m->attachments_n;

	if (n >= MDG_ATTACHMENTS_MAX) {
		mdg_mail_warn(m, "limit:attachments");
		return NULL;
	}
	if ((n & (n - 1)) == 0) {
		struct mdg_attachment *v =
			mdg_arena_array(&m->arena, n ? n * 2 : 1, sizeof(*v));
		if (n)
			memcpy(v, m->attachments, n * sizeof(*v));
		m->attachments = v;
	}
	return &m->attachments[m->attachments_n++];
}

static bool
is_inline(const struct mime_tree *t, const struct mime_part *p)
{
	if (p->disp != DISP_NONE)
		return p->disp == DISP_INLINE;
	return p->content_id &&
	       mdg_streq(t->parts[p->parent].media, "multipart/related");
}

/* RFC 1847, RFC 8551, RFC 5652: say what cannot be read. */
static void
note_sealed(struct mime_tree *t, const struct mime_part *p)
{
	static const char *const media[][2] = {
		{"application/pkcs7-mime", "smime:opaque"},
		{"application/x-pkcs7-mime", "smime:opaque"},
		{"application/pgp-encrypted", "pgp:encrypted"},
		{"application/ms-tnef", "tnef:not-unpacked"},
		{"message/partial", "mime:partial"},
		{"message/external-body", "mime:external"},
	};

	for (size_t i = 0; i < MDG_LEN(media); i++)
		if (mdg_streq(p->media, media[i][0]))
			mdg_mail_warn(t->mail, media[i][1]);
}

static void
note_locked(struct mime_tree *t, const struct mdg_attachment *a)
{
	if (a->sealed == MDG_SEALED_YES)
		mdg_mail_warn(t->mail, "attachment:encrypted");
	else if (a->sealed == MDG_SEALED_MAYBE)
		mdg_mail_warn(t->mail, "attachment:protected");
}

/*
 * An attached mail is as dangerous as what is attached to it. It gets smaller
 * with each level, so all of it costs a few times the mail at most.
 */
static enum mdg_danger
of_mail(const struct mime_tree *t, const struct mime_part *p)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();
	MDG_AUTO(mime_tree_clear) struct mime_tree inner = {0};
	enum mdg_danger most = MDG_DANGER_NO;

	if (t->level >= MDG_MAIL_IN_MAIL_MAX)
		return MDG_DANGER_ARCHIVE;
	bool encoded = p->encoding == GMIME_CONTENT_ENCODING_BASE64 ||
		       p->encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
	if (encoded)
		mime_part_decode(p, &raw);
	if (raw.full)
		return MDG_DANGER_ARCHIVE;
	mime_tree_read(encoded ? mdg_buf_span(&raw) : p->body, m, &inner);
	inner.level = t->level + 1;
	mime_attach_rest(&inner);
	for (size_t i = 0; i < m->attachments_n && !most; i++)
		most = m->attachments[i].danger;
	return most;
}

static bool
is_mail(const struct mime_part *p)
{
	return mdg_streq(p->media, "message/rfc822") ||
	       mdg_streq(p->media, "message/global") ||
	       (p->filename && strlen(p->filename) > 4 &&
		mdg_strcaseeq(p->filename + strlen(p->filename) - 4, ".eml"));
}

void
mime_attach_rest(struct mime_tree *t)
{
	for (size_t i = 0; i < t->parts_n; i++) {
		const struct mime_part *p = &t->parts[i];

		if (p->multi || p->shown)
			continue;
		/* A mail without a body is no attachment. */
		if (t->parts_n == 1 && !p->body.n && !p->filename &&
		    p->disp != DISP_ATTACHMENT)
			continue;
		struct mdg_attachment *a = add(t);
		if (!a)
			return;
		a->filename = p->filename;
		a->media_type = p->media;
		a->content_id = p->content_id;
		a->is_inline = is_inline(t, p);
		a->part = (uint32_t)i;
		mime_part_digest(p, a);
		if (!a->danger && is_mail(p))
			a->danger = of_mail(t, p);
		note_sealed(t, p);
		note_locked(t, a);
	}
}

bool
mime_uu_take(struct mime_tree *t, struct mdg_span text, struct mdg_buf *rest)
{
	struct mdg_arena *arena = &t->mail->arena;
	struct mime_uu u;
	size_t from = 0;

	while (mime_uu_find(text, from, &u)) {
		MDG_AUTO(mdg_buf_clear)
		struct mdg_buf content = {0}, name = {0};
		struct mdg_attachment *a = add(t);

		if (!a)
			break;
		mime_uu_decode(&u, &content);
		mdg_charset_decode_raw(u.name, &name, NULL);
		a->filename = mdg_filename_safe(arena, mdg_buf_str(&name));
		a->media_type = "application/octet-stream";
		a->part = (uint32_t)(t->parts_n + t->mail->attachments_n - 1);
		a->bytes = content.len;
		crypto_generichash(a->digest, sizeof(a->digest),
				   (const unsigned char *)mdg_buf_str(&content),
				   content.len, NULL, 0);
		struct mime_seal seal = {0};
		mime_seal_feed(&seal, mdg_buf_str(&content), content.len);
		a->danger = mime_danger(&seal, a->filename, a->media_type);
		a->sealed = mime_seal_end(&seal);
		note_locked(t, a);
		if (t->uu_out && t->uu_wanted == a->part) {
			mdg_buf_put(t->uu_out, mdg_buf_str(&content),
				    content.len);
			t->uu_out->full |= content.full;
		}
		size_t at = (size_t)(u.block.p - text.p);
		mdg_buf_put(rest, text.p + from, at - from);
		from = at + u.block.n;
	}
	if (!from)
		return false;
	mdg_buf_put(rest, text.p + from, text.n - from);
	return true;
}
