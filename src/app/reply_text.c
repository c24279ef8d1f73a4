/* The text of a reply: the draft's body among the window's own words. */
#include <string.h>

#include "madoguchi/app/reply.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/width.h"

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
	return 0;
}

void
mdg_reply_join(const struct mdg_draft *draft, const struct mdg_win *w,
	       struct mdg_arena *a, struct mdg_reply_text *ret)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	const char *body = draft->body;
	size_t head = *w->greeting ? addressee_len(body) : 0;
	const char *rest = body + head + strspn(body + head, "\n");
	size_t rest_n = strlen(rest);

	while (rest_n && rest[rest_n - 1] == '\n')
		rest_n--;
	*ret = (struct mdg_reply_text){
		.head_n = mdg_utf8_len(body, head),
		.rest_from = mdg_utf8_len(body, (size_t)(rest - body)),
		.rest_n = mdg_utf8_len(rest, rest_n),
	};
	mdg_buf_put(&b, body, head);
	if (head)
		mdg_buf_puts(&b, "\n\n");
	if (*w->greeting)
		mdg_buf_printf(&b, "%s\n\n", w->greeting);
	ret->rest_at = mdg_utf8_len(mdg_buf_str(&b), b.len);
	mdg_buf_put(&b, rest, rest_n);
	mdg_buf_putc(&b, '\n');
	if (*w->closing)
		mdg_buf_printf(&b, "\n%s\n", w->closing);
	ret->text = mdg_arena_strdup(a, mdg_buf_str(&b));
}

const char *
mdg_reply_final_text(const struct mdg_draft *draft, const struct mdg_win *w,
		     struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	struct mdg_reply_text t;

	mdg_reply_join(draft, w, a, &t);
	mdg_text_wrap(t.text, strlen(t.text), MDG_WRAP_COLUMNS, &out);
	if (*w->signature)
		mdg_buf_printf(&out, "\n%s\n", w->signature);
	return mdg_arena_strdup(a, mdg_buf_str(&out));
}
