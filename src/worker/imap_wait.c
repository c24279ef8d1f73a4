/* Waiting for news: RFC 2177, as a hint and never more. */
#include <string.h>

#include "imap_private.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"

enum { IDLE_FAILURES_MAX = 2, HEARSAY_MAX = 5 };

/* An EXISTS came with the answer to a command: nobody else will tell of that
 * mail again. */
bool
imap_heard(struct mdg_imap *im)
{
	struct mailimap_selection_info *s = im->et->imap_selection_info;
	bool heard = s != NULL && s->sel_has_exists;
	if (heard)
		s->sel_has_exists = 0;
	return heard;
}

/* A server that says so with each answer is not asked for ever. */
static bool
is_believed(struct mdg_imap *im)
{
	bool heard = imap_heard(im) && im->hearsay < HEARSAY_MAX;
	im->hearsay = heard ? im->hearsay + 1 : 0;
	return heard;
}

/* While idling, whole lines are read; only EXISTS and EXPUNGE are news. */
static bool
idle_lines(struct mdg_imap *im, bool *ret_news, struct mdg_err *err)
{
	const char *line = mailimap_read_line(im->et);
	if (line == NULL)
		return imap_check(im, MAILIMAP_ERROR_STREAM, err);
	if (strncmp(line, "* BYE", 5) == 0) {
		struct mdg_err why;
		mdg_fail_msg(&why, MDG_ENET, MDG_MSG_net_closed, im->peer->host,
			     NULL);
		mdg_stream_kill(im->stream, &why);
		return imap_check(im, MAILIMAP_ERROR_STREAM, err);
	}
	/* "* OK Still here" comes every two minutes from some servers. */
	if (line[0] == '*' && strncmp(line, "* OK", 4) != 0)
		*ret_news = true;
	return true;
}

static bool
idle_until(struct mdg_imap *im, int64_t until_ms, bool *ret_news,
	   bool *ret_woken, struct mdg_err *err)
{
	while (!*ret_news && !*ret_woken) {
		int64_t left = until_ms - mdg_mono_ms();
		if (left <= 0)
			return true;
		switch (mdg_stream_wait(im->stream, left)) {
		case MDG_READY_TIMEOUT:
			return true;
		case MDG_READY_WAKE:
			*ret_woken = true;
			break;
		case MDG_READY_FAILED:
			return imap_check(im, MAILIMAP_ERROR_STREAM, err);
		case MDG_READY_DATA:
			mdg_stream_begin(im->stream, MDG_NET_COMMAND_MS,
					 MDG_NET_LINE_BYTES_MAX);
			if (!idle_lines(im, ret_news, err))
				return false;
			break;
		}
	}
	return true;
}

static bool
just_wait(struct mdg_imap *im, int64_t timeout_ms, bool *ret_woken,
	  struct mdg_err *err)
{
	int64_t until = mdg_mono_ms() + timeout_ms;
	for (;;) {
		int64_t left = until - mdg_mono_ms();
		if (left <= 0)
			return mdg_imap_noop(im, err);
		switch (mdg_stream_wait(im->stream, left)) {
		case MDG_READY_FAILED:
			return imap_check(im, MAILIMAP_ERROR_STREAM, err);
		case MDG_READY_WAKE:
			*ret_woken = true;
			return true;
		case MDG_READY_DATA: /* or it hung up: NOOP will tell */
		case MDG_READY_TIMEOUT:
			return mdg_imap_noop(im, err);
		}
	}
}

bool
mdg_imap_idle(struct mdg_imap *im, int64_t timeout_ms, bool *ret_news,
	      bool *ret_woken, struct mdg_err *err)
{
	bool more, news = false, woken = false, ok;
	*ret_news = is_believed(im);
	*ret_woken = false;
	if (*ret_news)
		return true;
	if (timeout_ms > MDG_IDLE_MAX_MS)
		timeout_ms = MDG_IDLE_MAX_MS;
	int64_t until = mdg_mono_ms() + timeout_ms;
	if (!mdg_imap_has(im, "IDLE") ||
	    im->idle_failures >= IDLE_FAILURES_MAX) {
		ok = just_wait(im, timeout_ms, &woken, err);
		*ret_news = imap_heard(im);
		*ret_woken = woken;
		return ok;
	}
	if (!imap_begin(im, err) || !imap_text(im, "IDLE\r\n", err) ||
	    !imap_more(im, &more, &news, err))
		return false;
	if (!more) { /* NO or BAD: after two of them only polling */
		im->idle_failures++;
		*ret_news = news;
		*ret_woken = false;
		return imap_finish(im, err) ||
		       mdg_stream_error(im->stream) == NULL;
	}
	if (!idle_until(im, until, &news, &woken, err))
		return false;
	mdg_stream_begin(im->stream, MDG_NET_COMMAND_MS,
			 MDG_NET_LINE_BYTES_MAX);
	ok = imap_text(im, "DONE\r\n", err) && imap_answer(im, err);
	if (!ok && mdg_stream_error(im->stream) != NULL)
		return false;
	*ret_news = imap_heard(im) || news;
	*ret_woken = woken;
	return true;
}

void
mdg_imap_never_idle(struct mdg_imap *im)
{
	im->idle_failures = IDLE_FAILURES_MAX;
}

bool
mdg_imap_noop(struct mdg_imap *im, struct mdg_err *err)
{
	return imap_begin(im, err) && imap_text(im, "NOOP\r\n", err) &&
	       imap_answer(im, err);
}
