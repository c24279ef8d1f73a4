/* The text of a reply: the draft's body among the window's own words. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/app/reply.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/token.h"
#include "madoguchi/desk/thread.h"
#include "madoguchi/reply/template.h"
#include "madoguchi/text/language.h"
#include "madoguchi/text/width.h"
#include "reply-int.h"

/* ---- the window's own words ---- */

static const char *const block_slots[] = {"operator", "window", "ticket"};

bool
mdg_reply_block_ok(const char *text, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf open = {0};
	MDG_AUTO(mdg_freep) char *names = NULL;
	char *rest, *name;

	mdg_template_open_slots(text, &open);
	names = rest = mdg_buf_steal(&open);
	while (rest && (name = strsep(&rest, ", "))) {
		bool known = !*name;
		for (size_t i = 0; i < MDG_LEN(block_slots); i++)
			known = known || mdg_streq(block_slots[i], name);
		if (!known)
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_letter_slot, name, NULL);
	}
	return true;
}

/* ticket NULL: of no ticket yet, the slot stays open. */
static void
fill_letter(const struct mdg_win *w, const char *body, const char *who,
	    const char *ticket, struct mdg_arena *a, struct mdg_letter *ret)
{
	const bool en = mdg_text_language(body, strlen(body)) == MDG_TEXT_LATIN;
	const char *blocks[] = {en ? w->greeting_en : w->greeting,
				en ? w->closing_en : w->closing,
				en && *w->signature_en ? w->signature_en
						       : w->signature};
	struct mdg_slot_values values = {0};

	mdg_slot_values_put(&values, a, "operator", who);
	mdg_slot_values_put(&values, a, "window", w->name);
	if (ticket)
		mdg_slot_values_put(&values, a, "ticket", ticket);
	for (size_t i = 0; i < MDG_LEN(blocks); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		const struct mdg_template t = {.body = blocks[i]};
		mdg_template_render(&t, &values, &b, NULL, a);
		/* a file ends in a line end, and its lines may be blank */
		while (b.len && strchr(" \t\n", b.ptr[b.len - 1]))
			b.len--;
		blocks[i] = mdg_arena_strndup(a, mdg_buf_str(&b), b.len);
	}
	*ret = (struct mdg_letter){blocks[0], blocks[1],
				   blocks[2], (size_t)w->columns,
				   en,        mdg_arena_strdup(a, who)};
}

bool
mdg_reply_letter(struct mdg_desk *d, const struct mdg_draft *draft,
		 const struct mdg_win *w, struct mdg_arena *a,
		 struct mdg_letter *ret, struct mdg_err *err)
{
	struct mdg_person p = {.name = ""}; /* a receipt has no author */
	int64_t number;
	char text[24];

	if (mdg_person_by_id(d->db, draft->author_id, a, &p, err) ==
		    MDG_FAILED ||
	    mdg_db_i64(d->db, &number, err,
		       "SELECT number FROM ticket WHERE id = ?1", "i",
		       draft->ticket_id) != MDG_FOUND)
		return false;
	snprintf(text, sizeof(text), "%" PRId64, number);
	fill_letter(w, draft->body, p.name, text, a, ret);
	return true;
}

/* ---- the text ---- */

static bool
is_dear(const char *s, size_t n)
{
	static const char *const words[] = {"Dear ", "Hello ", "Hello,", "Hi ",
					    "To "};

	for (size_t i = 0; i < MDG_LEN(words); i++)
		if (n >= strlen(words[i]) &&
		    memcmp(s, words[i], strlen(words[i])) == 0)
			return s[n - 1] == ',' || s[n - 1] == ':';
	return false;
}

/* Bytes of the 宛名: the first paragraph, if it ends in a form of address. */
static size_t
addressee_len(const char *body)
{
	static const char *const titles[] = {"様", "御中", "各位", "さま",
					     "殿"};
	const char *end = strstr(body, "\n\n");
	size_t n = end ? (size_t)(end - body) : strcspn(body, "\n");
	size_t lines = 1;

	for (size_t i = 0; i < n; i++)
		lines += body[i] == '\n';
	if (lines > 4 || memmem(body, n, "。", strlen("。")))
		n = strcspn(body, "\n");
	for (size_t i = 0; i < MDG_LEN(titles); i++) {
		size_t len = strlen(titles[i]);
		if (n >= len && memcmp(body + n - len, titles[i], len) == 0)
			return n;
	}
	return is_dear(body, n) ? n : 0;
}

void
mdg_reply_join(const struct mdg_draft *draft, const struct mdg_letter *letter,
	       struct mdg_arena *a, struct mdg_reply_text *ret)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_letter once = *letter, *l = &once;
	const char *body = draft->body;
	size_t head = *l->greeting ? addressee_len(body) : 0;
	const char *rest = body + head + strspn(body + head, "\n");
	size_t rest_n = strlen(rest);

	while (rest_n && rest[rest_n - 1] == '\n')
		rest_n--;
	mdg_reply_once(rest, &rest_n, l, a);
	*ret = (struct mdg_reply_text){
		.head_n = mdg_utf8_len(body, head),
		.rest_from = mdg_utf8_len(body, (size_t)(rest - body)),
		.rest_n = mdg_utf8_len(rest, rest_n),
	};
	mdg_buf_put(&b, body, head);
	if (head)
		mdg_buf_puts(&b, "\n\n");
	if (*l->greeting)
		mdg_buf_printf(&b, "%s\n\n", l->greeting);
	ret->rest_at = mdg_utf8_len(mdg_buf_str(&b), b.len);
	mdg_buf_put(&b, rest, rest_n);
	mdg_buf_putc(&b, '\n');
	if (*l->closing)
		mdg_buf_printf(&b, "\n%s\n", l->closing);
	ret->text = mdg_arena_strdup(a, mdg_buf_str(&b));
}

const char *
mdg_reply_final_text(const struct mdg_draft *draft, const struct mdg_letter *l,
		     struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	struct mdg_reply_text t;

	mdg_reply_join(draft, l, a, &t);
	mdg_text_wrap(t.text, strlen(t.text), l->columns, &out);
	if (*l->signature)
		mdg_buf_printf(&out, "\n%s\n", l->signature);
	return mdg_arena_strdup(a, mdg_buf_str(&out));
}

const char *
mdg_reply_preview(const struct mdg_win *w, const char *source, const char *who,
		  struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf body = {0};
	const struct mdg_template t = {.body = source};
	struct mdg_slot_values values = {0};
	struct mdg_letter l;

	mdg_slot_values_put(&values, a, "operator", who);
	mdg_slot_values_put(&values, a, "window", w->name);
	mdg_template_render(&t, &values, &body, NULL, a);
	const struct mdg_draft draft = {
		.body = mdg_arena_strdup(a, mdg_buf_str(&body))};
	fill_letter(w, draft.body, who, NULL, a, &l);
	return mdg_reply_final_text(&draft, &l, a);
}

/* ---- the subject ---- */

const char *
mdg_reply_subject(struct mdg_desk *d, const struct mdg_ticket *t,
		  const struct mdg_win *w, const char *subject,
		  struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	char check[MDG_TAG_CHECK_CHARS + 1];
	struct mdg_subject_form form = {
		mdg_streq(w->subject_tag, "head")  ? MDG_SUBJECT_TAG_HEAD
		: mdg_streq(w->subject_tag, "end") ? MDG_SUBJECT_TAG_END
						   : MDG_SUBJECT_TAG_NONE,
		t->number, check};

	mdg_token_tag(&d->mac, t->number, check);
	mdg_subject_of_reply(subject, false, &form, &b);
	return mdg_arena_strdup(a, mdg_buf_str(&b));
}
