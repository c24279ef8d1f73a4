/* What an ordinary mail of the customer does to a ticket that exists. */
#include "intake-int.h"

#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"

/* The pictures that mail programs put into signatures are no larger. */
enum { LOGO_BYTES_MAX = 32 << 10 };

/* ---- お礼 ---- */

/* Comes with mails by itself: who sends it has nothing to show. */
static bool
is_trimming(const struct mdg_attachment *f)
{
	static const char *const types[] = {"application/pkcs7-signature",
					    "application/x-pkcs7-signature",
					    "application/pgp-signature",
					    "application/pgp-keys",
					    "text/vcard",
					    "text/x-vcard",
					    "text/directory"};

	if (f->is_inline && f->content_id && f->bytes <= LOGO_BYTES_MAX)
		return true;
	for (size_t i = 0; i < MDG_LEN(types); i++)
		if (mdg_streq(types[i], f->media_type))
			return true;
	return false;
}

/* *ret: the subject is one that this ticket has had, or thanks itself. */
static bool
same_subject(struct mdg_desk *d, const char *subject, int64_t ticket, bool *ret,
	     struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf mine = {0};

	mdg_subject_normalise(subject ? subject : "", &mine);
	const char *s = mdg_buf_str(&mine);
	*ret = !*s || mdg_streq(s, "お礼") || mdg_streq(s, "御礼") ||
	       mdg_text_is_thanks(s);
	if (*ret)
		return true;
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT DISTINCT subject FROM message"
			  " WHERE ticket_id = ?1",
			  "i", ticket))
		return false;
	while (!*ret && mdg_rows_next(r)) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf theirs = {0};
		mdg_subject_normalise(mdg_rows_null(r, 0) ? ""
							  : mdg_rows_text(r, 0),
				      &theirs);
		*ret = mdg_streq(s, mdg_buf_str(&theirs));
	}
	return mdg_rows_close(&r, err);
}

/* Thanks alone, under a subject that says nothing more, with nothing to look
 * at. */
static bool
only_thanks(struct mdg_desk *d, const struct mdg_mail *m, int64_t ticket,
	    bool *ret, struct mdg_err *err)
{
	*ret = mdg_text_is_thanks(m->reply);
	for (size_t i = 0; *ret && i < m->attachments_n; i++)
		*ret = is_trimming(&m->attachments[i]);
	return !*ret || same_subject(d, m->subject, ticket, ret, err);
}

bool
mdg_intake_customer(struct mdg_desk *d, struct mdg_intake *in,
		    struct mdg_ticket *t, struct mdg_err *err)
{
	bool was_closed = mdg_streq(t->state, "closed");

	if (was_closed && !only_thanks(d, in->m, t->id, &in->is_thanks, err))
		return false;
	if (!t->newest_message_id || in->received_s > t->inbound_s)
		t->inbound_s = in->received_s;
	if (in->received_s < d->live_since_s)
		return true;
	/* from here on there is a promise, whatever came before */
	t->is_history = t->parent_id != 0;
	if (!mdg_intake_answered(d, in->m, t->id, &in->answered_s, err))
		return false;
	if (in->answered_s && was_closed)
		t->closing = "replied";
	if (in->is_thanks || (in->answered_s && was_closed))
		return true;
	return mdg_desk_ticket_move(t, MDG_TICKET_EV_CUSTOMER, in->now_s, err);
}
