#include "madoguchi/mail/class.h"

#include <string.h>

#include "class_priv.h"
#include "line.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/bounce.h"
#include "madoguchi/mail/forward.h"
#include "madoguchi/mail/headers.h"
#include "madoguchi/mail/quote.h"

enum { MANY_HEADERS = 50 };

/* The input, read once. */
struct mail {
	const struct mdg_class_input *in;
	struct mdg_arena a;
	struct mdg_line subject; /* folded */
	char local[80];          /* local part of From, lower case */
	char auto_submitted[40]; /* RFC 3834 §5, without comments */
	char precedence[40];
	bool null_path; /* Return-Path: <> */
};

/* -- headers -- */

static const char *
header(struct mail *m, const char *name)
{
	return m->in->headers ? mdg_headers_text(m->in->headers, name, 0, &m->a)
			      : NULL;
}

static bool
has(struct mail *m, const char *name)
{
	return m->in->headers && mdg_headers_find(m->in->headers, name, 0);
}

/*
 * The keyword of a structured field: comments skipped (they nest, RFC 5322
 * §3.2.2), up to ';' or white space, lower case.
 */
static void
keyword(const char *v, char *out, size_t max)
{
	size_t depth = 0, n = 0;

	for (; v && *v && n + 1 < max; v++) {
		if (*v == '\\' && depth > 0 && v[1]) {
			v++;
		} else if (*v == '(') {
			depth++;
		} else if (*v == ')' && depth > 0) {
			depth--;
		} else if (depth > 0) {
			continue;
		} else if (*v == '"') {
			continue;
		} else if (*v == ';') {
			break;
		} else if (*v == ' ' || *v == '\t') {
			if (n > 0)
				break;
		} else {
			out[n++] = (char)mdg_ascii_lower((unsigned char)*v);
		}
	}
	out[n] = '\0';
}

/* The first of several fields of that name with something to say. */
static void
strongest(struct mail *m, const char *name, const char *weak, char *out,
	  size_t max)
{
	const char *v;

	*out = '\0';
	for (size_t k = 0;
	     k < MANY_HEADERS && m->in->headers &&
	     (v = mdg_headers_text(m->in->headers, name, k, &m->a));
	     k++) {
		char one[40];
		keyword(v, one, sizeof(one));
		if (*one && (!*out || mdg_streq(out, weak)))
			memcpy(out, one, max < sizeof(one) ? max : sizeof(one));
	}
}

static bool
path_is_null(struct mail *m)
{
	const char *v;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	if (!m->in->headers)
		return false;
	v = mdg_headers_text(m->in->headers, "Return-Path", 0, &a);
	return v && (mdg_streq(v, "<>") || *v == '\0' || mdg_streq(v, "< >"));
}

static void
read_mail(const struct mdg_class_input *in, struct mail *m)
{
	memset(m, 0, sizeof(*m));
	m->in = in;
	const char *subject = in->subject ? in->subject : "";
	mdg_line_fold(&m->subject, subject, strlen(subject));
	const char *at = in->from ? strrchr(in->from, '@') : NULL;
	if (at) {
		size_t n = (size_t)(at - in->from);
		n = n < sizeof(m->local) - 1 ? n : sizeof(m->local) - 1;
		for (size_t i = 0; i < n; i++)
			m->local[i] = (char)mdg_ascii_lower(
				(unsigned char)in->from[i]);
	}
	strongest(m, "Auto-Submitted", "no", m->auto_submitted,
		  sizeof(m->auto_submitted));
	strongest(m, "Precedence", "", m->precedence, sizeof(m->precedence));
	m->null_path = path_is_null(m);
}

static bool
from_own(struct mail *m)
{
	for (size_t i = 0; m->in->from && i < m->in->own.n; i++)
		if (mdg_strcaseeq(m->in->own.v[i], m->in->from))
			return true;
	return false;
}

/* -- reports -- */

static bool
is_report(struct mail *m, const char *type)
{
	return mdg_strcaseeq(m->in->content_type, "multipart/report") &&
	       mdg_strcaseeq(m->in->report_type, type);
}

static bool
from_daemon(struct mail *m)
{
	static const char *const locals[] = {"mailer-daemon",
					     "mailer_daemon",
					     "mailerdaemon",
					     "postmaster",
					     "mail-daemon",
					     "mdaemon",
					     "double-bounce",
					     "mmsc",
					     "maildaemon",
					     "microsoftexchange",
					     NULL};
	static const char *const names[] = {
		"mail delivery",        "mailer-daemon",
		"mailer daemon",        "mail administrator",
		"system administrator", "postmaster",
		"microsoft outlook",    "メール配信",
		"mail system",          NULL};
	struct mdg_line l;

	if (mdg_line_starts_any(m->local, locals))
		return true;
	if (!m->in->from_name)
		return false;
	mdg_line_fold(&l, m->in->from_name, strlen(m->in->from_name));
	return mdg_line_starts_any(l.s, names) > 0;
}

static bool
from_nobody(const struct mail *m)
{
	return strstr(m->local, "noreply") || strstr(m->local, "no-reply") ||
	       strstr(m->local, "no_reply") || strstr(m->local, "donotreply");
}

static bool
text_is_report(struct mail *m)
{
	return mdg_bounce_text_is_report(m->in->subject, m->in->reply);
}

static bool
bounce_by_report(struct mail *m)
{
	if (is_report(m, "delivery-status"))
		return true;
	if (!m->in->has_delivery_status)
		return false;
	/* a person may pass such a part on */
	return m->null_path || from_daemon(m) || text_is_report(m) ||
	       mdg_strcaseeq(m->in->content_type, "multipart/report");
}

static bool
bounce_by_header(struct mail *m)
{
	return has(m, "X-Failed-Recipients");
}

/* A report names an address; who tells about one often does not. */
static bool
names_an_address(struct mail *m)
{
	return m->in->text && strchr(m->in->text, '@') && text_is_report(m);
}

static bool
bounce_by_words(struct mail *m)
{
	if (has(m, "List-Id") || has(m, "List-Unsubscribe"))
		return false;
	bool titled = mdg_bounce_text_is_report(m->in->subject, NULL);
	/* a postmaster may be a person, who writes about what never came */
	bool person = mdg_streq(m->local, "postmaster") && !m->null_path;
	if (from_daemon(m))
		return (titled && !person) || names_an_address(m);
	if (m->null_path)
		return !*m->auto_submitted && (titled || names_an_address(m));
	/* carriers that hide the daemon behind an address for nobody */
	return titled && from_nobody(m) && text_is_report(m);
}

static bool
is_feedback(struct mail *m)
{
	/* RFC 5965 §3; some senders write multipart/mixed */
	return is_report(m, "feedback-report") || m->in->has_feedback_report;
}

/* RFC 7489 §7.2.1.1, RFC 8460 §5.3 */
static bool
is_statistics(struct mail *m)
{
	return (strstr(m->subject.s, "report domain:") &&
		strstr(m->subject.s, "submitter:")) ||
	       is_report(m, "tlsrpt");
}

static bool
is_receipt(struct mail *m)
{
	return is_report(m, "disposition-notification") ||
	       mdg_strcaseeq(m->in->content_type,
			     "message/disposition-notification");
}

/* -- automatic answers by header -- */

static bool
auto_submitted(struct mail *m)
{
	static const char *const not_auto[] = {"no", "auto-forwarded", NULL};

	if (!*m->auto_submitted)
		return false;
	for (size_t i = 0; not_auto[i]; i++)
		if (mdg_streq(m->auto_submitted, not_auto[i]))
			return false;
	return true;
}

static bool
is_listed(struct mail *m)
{
	return has(m, "List-Id") || has(m, "List-Post") ||
	       has(m, "List-Unsubscribe");
}

static bool
auto_by_submitted(struct mail *m)
{
	if (!auto_submitted(m))
		return false;
	/* our own form speaks for the customer in Reply-To */
	if (from_own(m) && mdg_streq(m->auto_submitted, "auto-generated") &&
	    has(m, "Reply-To"))
		return false;
	/* newsletters are generated too, but nobody's answer */
	return !is_listed(m) || mdg_streq(m->auto_submitted, "auto-replied");
}

static bool
auto_by_header(struct mail *m)
{
	static const char *const names[] = {
		"X-Autoreply",        "X-Auto-Reply",
		"X-Autorespond",      "X-Autoresponder",
		"X-Mail-Autoreply",   "X-Autoreply-From",
		"X-Autoreply-To",     "Autoresponder",
		"X-Vacation",         "X-FC-MachineGenerated",
		"X-Auto-Responder",   "X-Auto-Reply-From",
		"X-Autoreply-Sender", NULL};

	for (size_t i = 0; names[i]; i++) {
		const char *v = header(m, names[i]);
		if (v && !mdg_strcaseeq(v, "no") &&
		    !mdg_strcaseeq(v, "false") && !mdg_streq(v, "0"))
			return true;
	}
	const char *gen = header(m, "X-Autogenerated");
	if (gen && mdg_strcaseeq(gen, "reply"))
		return true;
	return mdg_streq(m->precedence, "auto_reply") ||
	       mdg_streq(m->precedence, "auto-reply");
}

/* -- lists and newsletters -- */

/*
 * A group address that delivers the desk's mail (a Google group, a mailing
 * list of the team) puts its own list headers on every customer's mail.
 */
static bool
list_is_ours(struct mail *m)
{
	const char *id = header(m, "List-Id");
	struct mdg_line l;

	if (!id)
		return false;
	mdg_line_fold(&l, id, strlen(id));
	for (size_t i = 0; i < m->in->own.n; i++) {
		struct mdg_line own;
		mdg_line_fold(&own, m->in->own.v[i], strlen(m->in->own.v[i]));
		char *at = strchr(own.s, '@');
		if (!at || own.n < 5)
			continue;
		*at = '.';
		const char *p = strstr(l.s, own.s);
		if (p && (p == l.s || p[-1] == '<' || p[-1] == ' '))
			return true;
	}
	return false;
}

static bool
bulk_precedence(const struct mail *m)
{
	return mdg_streq(m->precedence, "bulk") ||
	       mdg_streq(m->precedence, "junk") ||
	       mdg_streq(m->precedence, "list");
}

static bool
bulk_by_header(struct mail *m)
{
	static const char *const lists[] = {
		"List-Id",      "List-Post",      "X-Mailman-Version",
		"X-ML-Name",    "X-MLServer",     "X-Mailing-List",
		"Mailing-List", "List-Subscribe", NULL};
	static const char *const campaigns[] = {
		"List-Unsubscribe", "List-Help", "X-Campaign",   "X-CampaignId",
		"X-Campaign-Id",    "X-MC-User", "X-Newsletter", NULL};

	if (list_is_ours(m))
		return false;
	if (bulk_precedence(m))
		return true;
	for (size_t i = 0; lists[i]; i++)
		if (has(m, lists[i]))
			return true;
	/*
	 * Mail services put these on everything they carry: notices of our
	 * own forms, and answers that people write in a sales tool.
	 */
	if (from_own(m) || has(m, "In-Reply-To"))
		return false;
	for (size_t i = 0; campaigns[i]; i++)
		if (has(m, campaigns[i]))
			return true;
	return mdg_class_is_campaign_id(header(m, "Feedback-ID"));
}

/* -- decision -- */

static bool
auto_by_words(struct mail *m)
{
	return !from_own(m) &&
	       mdg_class_words_are_auto(&m->subject, m->in->reply);
}

/* Newsletters of those who know no header for them. */
static bool
bulk_by_words(struct mail *m)
{
	if (from_own(m) || has(m, "In-Reply-To") || has(m, "References") ||
	    (m->in->subject && (mdg_quote_subject_is_reply(m->in->subject) ||
				mdg_forward_subject(m->in->subject))))
		return false;
	return mdg_class_words_are_bulk(&m->subject, m->local, m->in->text,
					m->in->reply);
}

static bool
is_self(struct mail *m)
{
	return m->in->has_own_token;
}

static const struct rule {
	const char *name;
	bool (*match)(struct mail *m);
	enum mdg_mail_class cls;
} RULES[] = {
	{"own-token", is_self, MDG_CLASS_SELF},
	{"report-feedback", is_feedback, MDG_CLASS_FEEDBACK},
	{"report-statistics", is_statistics, MDG_CLASS_BULK},
	{"report-delivery", bounce_by_report, MDG_CLASS_BOUNCE},
	{"report-receipt", is_receipt, MDG_CLASS_AUTO_REPLY},
	{"x-failed-recipients", bounce_by_header, MDG_CLASS_BOUNCE},
	{"bounce-words", bounce_by_words, MDG_CLASS_BOUNCE},
	{"auto-submitted", auto_by_submitted, MDG_CLASS_AUTO_REPLY},
	{"auto-header", auto_by_header, MDG_CLASS_AUTO_REPLY},
	{"bulk-header", bulk_by_header, MDG_CLASS_BULK},
	{"auto-words", auto_by_words, MDG_CLASS_AUTO_REPLY},
	{"bulk-words", bulk_by_words, MDG_CLASS_BULK},
};

static bool
suppressed(struct mail *m)
{
	const char *v = header(m, "X-Auto-Response-Suppress");
	static const char *const kinds[] = {"all", "autoreply", "oof", NULL};
	struct mdg_line l;

	if (!v)
		return false;
	mdg_line_fold(&l, v, strlen(v));
	return mdg_line_holds(&l, kinds);
}

/* RFC 3834 §2: no answer to what is no person, or asks for none. */
static bool
must_not_answer(struct mail *m, enum mdg_mail_class cls)
{
	static const char *const nobody[] = {
		"noreply",    "no-reply",     "no_reply",     "no.reply",
		"donotreply", "do-not-reply", "do_not_reply", "mailer-daemon",
		"postmaster", "bounce",       "owner-",       "listserv",
		"majordomo",  "notification", "nobody",       NULL};
	size_t n = strlen(m->local);

	if (cls != MDG_CLASS_ORDINARY || m->null_path || suppressed(m) ||
	    !m->in->from || !*m->local || from_own(m))
		return true;
	if (auto_submitted(m) || (bulk_precedence(m) && !list_is_ours(m)))
		return true;
	if (mdg_line_starts_any(m->local, nobody) || from_nobody(m))
		return true;
	if (n > 8 && !strcmp(m->local + n - 8, "-request"))
		return true;
	return mdg_class_subject_is_auto(&m->subject) ||
	       (!has(m, "In-Reply-To") && !has(m, "References") &&
		mdg_class_words_are_notice(&m->subject, m->in->text));
}

static void
mail_clear(struct mail *m)
{
	mdg_arena_clear(&m->a);
}

enum mdg_mail_class
mdg_class_decide(const struct mdg_class_input *in, struct mdg_class_why *why)
{
	MDG_AUTO(mail_clear) struct mail m;
	enum mdg_mail_class cls = MDG_CLASS_ORDINARY;
	const char *rule = "ordinary";

	read_mail(in, &m);
	for (size_t i = 0; i < MDG_LEN(RULES); i++)
		if (RULES[i].match(&m)) {
			cls = RULES[i].cls;
			rule = RULES[i].name;
			break;
		}
	if (why) {
		why->rule = rule;
		why->no_auto_reply = must_not_answer(&m, cls);
	}
	return cls;
}
