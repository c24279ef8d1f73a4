#include "madoguchi/mail/bounce.h"

#include <string.h>

#include "bounce_priv.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/headers.h"
#include "madoguchi/mail/msgid.h"

/* One group of fields (RFC 3464 §2.3), as found. */
struct group {
	char *final, *original, *action, *status, *diag;
};

struct reader {
	const struct mdg_bounce_input *in;
	struct mdg_arena *a;
	struct mdg_b_rcpts *text; /* what the words tell */
	struct mdg_bounce *b;
};

static const char *const ACTIONS[] = {"failed",  "delayed",  "delivered",
				      "relayed", "expanded", NULL};

/* "rfc822; <a@b>" (RFC 3464 §2.3.1), "utf-8; …" (RFC 6533 §3). */
static char *
typed_address(const char *value, struct mdg_arena *a)
{
	const char *semi = strchr(value, ';');
	const char *s = semi ? semi + 1 : value;
	char *x = mdg_b_bare_address(s, strlen(s), a);

	if (x)
		return x;
	s += strspn(s, " \t<\"");
	size_t n = strcspn(s, " \t>\"");
	if (n == 0 || n > MDG_ADDRESS_BYTES_MAX)
		return NULL;
	return mdg_arena_strndup(a, s, n);
}

static const char *
known_action(const char *value)
{
	static const struct {
		const char *start, *action;
	} kin[] = {{"fail", "failed"},       {"delay", "delayed"},
		   {"deliver", "delivered"}, {"relay", "relayed"},
		   {"expand", "expanded"},   {"reject", "failed"},
		   {"error", "failed"},      {"defer", "delayed"}};

	for (size_t i = 0; ACTIONS[i]; i++)
		if (mdg_str_case_starts(value, ACTIONS[i]))
			return ACTIONS[i];
	for (size_t i = 0; i < MDG_LEN(kin); i++)
		if (mdg_str_case_starts(value, kin[i].start))
			return kin[i].action;
	return NULL;
}

static const char *
action_of(const struct reader *r, const struct group *g, const char *status,
	  const char *diag)
{
	const char *act = g && g->action ? known_action(g->action) : NULL;

	if (act)
		return act;
	if (status && *status == '2')
		return "delivered";
	const char *words = mdg_b_action_of_text(r->in->subject);
	if (!words)
		words = mdg_b_action_of_text(r->text->all);
	if (status && *status == '5')
		return "failed";
	if (words)
		return words;
	int cls = diag ? mdg_b_reply_class(diag) : 0;
	if ((status && *status == '4') || cls == 4)
		return "delayed";
	return "failed";
}

static void
fill(const struct reader *rd, const struct group *g, const char *address,
     const char *status, const char *diag)
{
	struct mdg_bounce_recipient *r = &rd->b->recipients[rd->b->n++];

	r->address = address;
	r->diagnostic = diag && *diag ? diag : NULL;
	if (!status && diag)
		status = mdg_b_find_status(diag, rd->a);
	r->status = status;
	r->action = action_of(rd, g, status, diag);
	if (!mdg_streq(r->action, "failed") &&
	    !mdg_streq(r->action, "delayed")) {
		r->reason = mdg_bounce_reason_name(MDG_B_OTHER);
		return;
	}
	enum mdg_b_reason why = mdg_b_reason_of(status, diag, rd->text->all);
	r->reason = mdg_bounce_reason_name((unsigned)why);
	bool lasting =
		status ? *status == '5' : !diag || mdg_b_reply_class(diag) != 4;
	r->hard = mdg_b_reason_is_dead(why) && lasting &&
		  mdg_streq(r->action, "failed");
}

/* -- the machine part -- */

static char **
field_slot(struct group *g, const char *name, size_t n)
{
	struct {
		const char *name;
		char **slot;
	} slots[] = {
		{"final-recipient", &g->final},
		{"original-recipient", &g->original},
		{"action", &g->action},
		{"status", &g->status},
		{"diagnostic-code", &g->diag},
	};

	for (size_t i = 0; i < MDG_LEN(slots); i++)
		if (strlen(slots[i].name) == n &&
		    mdg_str_case_starts(name, slots[i].name))
			return slots[i].slot;
	return NULL;
}

static const char *
words_for(const struct mdg_b_rcpts *text, const char *address)
{
	for (size_t i = 0; i < text->n; i++)
		if (mdg_strcaseeq(text->v[i].address, address))
			return text->v[i].words;
	return NULL;
}

/* "smtp; 550 5.1.1 …" without its type. */
static char *
diagnostic_of(const char *value)
{
	const char *semi = strchr(value, ';');

	if (semi && semi - value <= 20 &&
	    !memchr(value, ' ', (size_t)(semi - value)))
		value = semi + 1;
	return (char *)(value + strspn(value, " \t"));
}

static bool
seen(const struct mdg_bounce *b, const char *address)
{
	for (size_t i = 0; i < b->n; i++)
		if (mdg_strcaseeq(b->recipients[i].address, address))
			return true;
	return false;
}

static void
close_group(const struct reader *r, struct group *g)
{
	struct mdg_arena *a = r->a;
	char *addr = NULL;

	/* the address we wrote to, before aliases and forwarding */
	if (g->original)
		addr = typed_address(g->original, a);
	if ((!addr || !strchr(addr, '@')) && g->final) {
		char *f = typed_address(g->final, a);
		addr = f ? f : addr;
	}
	if (addr && r->b->n < MDG_BOUNCE_RECIPIENTS_MAX && !seen(r->b, addr)) {
		const char *diag = g->diag ? diagnostic_of(g->diag) : NULL;
		const char *status =
			g->status ? mdg_b_find_status(g->status, a) : NULL;
		if (!diag || !*diag)
			diag = words_for(r->text, addr);
		fill(r, g, addr, status, diag);
	}
	memset(g, 0, sizeof(*g));
}

/* The logical line at p: value with folds undone; returns its end. */
static const char *
unfold(const char *p, struct mdg_arena *a, char **ret)
{
	const char *e = p + strcspn(p, "\n");

	while (*e && (e[1] == ' ' || e[1] == '\t'))
		e += 1 + strcspn(e + 1, "\n");
	size_t n = (size_t)(e - p);
	*ret = mdg_b_one_line(p, n < 4000 ? n : mdg_utf8_cut(p, n, 4000), a);
	return *e ? e + 1 : e;
}

static void
read_status(const struct reader *r)
{
	struct group g = {0};

	for (const char *p = r->in->status_text; *p;) {
		char *line;
		p = unfold(p, r->a, &line);
		if (!*line) {
			close_group(r, &g);
			continue;
		}
		char *colon = strchr(line, ':');
		size_t n = colon ? (size_t)(colon - line) : 0;
		while (n > 0 && line[n - 1] == ' ')
			n--;
		char **slot = colon ? field_slot(&g, line, n) : NULL;
		if (!slot)
			continue;
		/* some servers forget the blank line between groups */
		if (*slot && slot == &g.final)
			close_group(r, &g);
		if (!*slot)
			*slot = colon + 1 + strspn(colon + 1, " ");
	}
	close_group(r, &g);
}

/* -- without it -- */

static void
from_words(const struct reader *r, const struct mdg_b_rcpts *l)
{
	for (size_t i = 0; i < l->n && r->b->n < MDG_BOUNCE_RECIPIENTS_MAX;
	     i++) {
		const char *w = l->v[i].words;
		const char *status = mdg_b_find_status(w, r->a);
		if (!status && l->n == 1)
			status = mdg_b_find_status(r->text->all, r->a);
		fill(r, NULL, l->v[i].address, status, w);
	}
}

/* X-Failed-Recipients of Exim and Gmail: addresses, comma-separated. */
static void
from_header(const struct mdg_bounce_input *in, struct mdg_arena *a,
	    struct mdg_b_rcpts *text, struct mdg_b_rcpts *out)
{
	const char *v;

	for (size_t k = 0;
	     k < 20 && in->headers &&
	     (v = mdg_headers_text(in->headers, "X-Failed-Recipients", k, a));
	     k++)
		for (const char *p = v; *p;) {
			size_t n = strcspn(p, ",");
			char *addr = mdg_b_bare_address(p, n, a);
			const char *w = addr ? words_for(text, addr) : NULL;
			if (addr)
				mdg_b_add(out, addr, w ? w : "");
			p += n + (p[n] == ',');
		}
}

/* A report speaks to us: the addresses it was sent to did not fail. */
static void
drop_addressee(const struct mdg_bounce_input *in, struct mdg_arena *a,
	       struct mdg_b_rcpts *l)
{
	static const char *const names[] = {"To", "Delivered-To",
					    "X-Original-To", NULL};

	for (size_t k = 0; names[k] && in->headers; k++) {
		const char *v = mdg_headers_text(in->headers, names[k], 0, a);
		char *to = v ? mdg_b_bare_address(v, strlen(v), a) : NULL;
		size_t n = 0;
		for (size_t i = 0; to && l->n > 1 && i < l->n; i++)
			if (!mdg_strcaseeq(l->v[i].address, to))
				l->v[n++] = l->v[i];
		if (n > 0)
			l->n = n;
	}
}

static const char *
id_of_header(const struct mdg_headers *h, const char *name, struct mdg_arena *a)
{
	const char *v = mdg_headers_text(h, name, 0, a);
	const char *lt = v ? strrchr(v, '<') : NULL;
	const char *gt = lt ? strchr(lt, '>') : NULL;

	return gt && gt > lt + 1
		       ? mdg_arena_strndup(a, lt + 1, (size_t)(gt - lt - 1))
		       : NULL;
}

/*
 * RFC 3464 §2.2.1: what the sender called the transaction. We call it by the
 * Message-ID, which is what it is good for when nothing was returned.
 */
static const char *
envelope_id(const char *status, struct mdg_arena *a)
{
	static const char name[] = "Original-Envelope-Id:";

	for (const char *p = status; p && *p;) {
		size_t n = strcspn(p, "\r\n");
		if (mdg_str_case_starts(p, name)) {
			const char *v = p + strlen(name);
			v += strspn(v, " \t<");
			size_t len = strcspn(v, " \t>\r\n");
			if (mdg_str_case_starts(v, "mdg.") &&
			    memchr(v, '@', len) && len < MDG_MSGID_BYTES_MAX)
				return mdg_arena_strndup(a, v, len);
		}
		p += n;
		p += strspn(p, "\r\n");
	}
	return NULL;
}

static const char *
original_id(const struct mdg_bounce_input *in, struct mdg_arena *a)
{
	const char *id = NULL;

	if (in->returned)
		id = mdg_b_find_msgid(in->returned, true, a);
	if (!id && in->status_text)
		id = envelope_id(in->status_text, a);
	if (!id && in->status_text)
		id = mdg_b_find_msgid(in->status_text, false, a);
	if (!id && in->human_text)
		id = mdg_b_find_msgid(in->human_text, false, a);
	if (!id && in->headers)
		id = id_of_header(in->headers, "In-Reply-To", a);
	if (!id && in->headers)
		id = id_of_header(in->headers, "References", a);
	return id;
}

/* Ids that the bounced mail itself named, out of its headers as returned. */
static void
original_refs(const char *block, struct mdg_arena *a, struct mdg_strings *out)
{
	static const char *const names[] = {"References", "In-Reply-To"};
	struct mdg_headers h;

	mdg_headers_scan(mdg_span_str(block), a, &h);
	for (size_t i = 0; i < MDG_LEN(names); i++) {
		const struct mdg_header *f = mdg_headers_find(&h, names[i], 0);
		if (f)
			mdg_msgids_parse(f->raw, a, out, MDG_REFERENCES_MAX);
	}
}

/* Old servers print the headers below their words: from the id's line on. */
static const char *
printed_headers(const char *text)
{
	const char *id = mdg_strcasestr(text, "\nmessage-id:");
	const char *refs = mdg_strcasestr(text, "\nreferences:");
	const char *reply = mdg_strcasestr(text, "\nin-reply-to:");
	const char *first = id;

	if (refs && (!first || refs < first))
		first = refs;
	if (reply && (!first || reply < first))
		first = reply;
	return first ? first + 1 : NULL;
}

struct mdg_bounce *
mdg_bounce_parse(const struct mdg_bounce_input *in, struct mdg_arena *a)
{
	struct mdg_b_rcpts *named = mdg_arena_alloc(a, sizeof(*named));
	struct reader r = {
		.in = in,
		.a = a,
		.text = mdg_arena_alloc(a, sizeof(*r.text)),
		.b = mdg_arena_alloc(a, sizeof(*r.b)),
	};

	r.text->all = "";
	r.b->recipients = mdg_arena_array(a, MDG_BOUNCE_RECIPIENTS_MAX,
					  sizeof(*r.b->recipients));
	if (in->human_text)
		mdg_b_from_text(in->human_text, a, r.text);
	drop_addressee(in, a, r.text);
	if (in->status_text)
		read_status(&r);
	if (r.b->n == 0) {
		from_header(in, a, r.text, named);
		from_words(&r, named->n > 0 ? named : r.text);
	}
	r.b->original_message_id = original_id(in, a);
	const char *block = in->returned     ? in->returned
			    : in->human_text ? printed_headers(in->human_text)
					     : NULL;
	if (block)
		original_refs(block, a, &r.b->original_references);
	return r.b;
}
