#include "feed.h"

#include "core.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/store/st_reply.h"

void
feed_clear(struct feed *f)
{
	mdg_buf_clear(&f->frame);
	*f = (struct feed){.outbox_id = 0};
}

static bool
give_up(struct feed *f, struct mdg_worker *w)
{
	feed_clear(f);
	mdg_worker_kill(w);
	return false;
}

static bool
feed(struct feed *f, struct mdg_worker *w)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf piece = {0};
	struct mdg_err err;
	enum mdg_found found = MDG_FOUND;

	while (found == MDG_FOUND &&
	       mdg_peer_queued(&w->peer) < MDG_CHAN_LOW_BYTES) {
		found = mdg_outbox_read(w->core->desk->db, f->outbox_id, f->n++,
					&piece, &err);
		if (found == MDG_FAILED)
			mdg_error("outbox %lld: %s", (long long)f->outbox_id,
				  mdg_err_en(&err));
		if (found == MDG_FAILED ||
		    (found == MDG_FOUND &&
		     !mdg_worker_send(w, MDG_F_BYTES, f->id, &piece)))
			return give_up(f, w);
	}
	if (found == MDG_FOUND)
		return true;
	if (!mdg_worker_send(w, f->type, f->id, &f->frame))
		return give_up(f, w);
	feed_clear(f);
	return true;
}

bool
feed_start(struct feed *f, struct mdg_worker *w, int64_t outbox_id,
	   uint16_t type, uint32_t id, bool in_pieces, struct mdg_buf *frame)
{
	feed_clear(f);
	*f = (struct feed){.outbox_id = outbox_id, .type = type, .id = id,
			   .frame = *frame};
	*frame = (struct mdg_buf){0};
	if (in_pieces)
		return feed(f, w);
	if (!mdg_worker_send(w, type, id, &f->frame))
		return give_up(f, w);
	feed_clear(f);
	return true;
}

void
feed_more(struct feed *f, struct mdg_worker *w)
{
	if (f->outbox_id)
		feed(f, w);
}
