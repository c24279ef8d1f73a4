/*
 * What mdg-imap and mdg-smtp do alike: start, confine themselves, say HELLO,
 * talk to the core, report a mailbox test.
 */
#ifndef MDG_WORKER_NETMAIN_H
#define MDG_WORKER_NETMAIN_H

#include "madoguchi/ipc/chan.h"
#include "madoguchi/ipc/confine.h"
#include "madoguchi/ipc/proto.h"
#include "stream.h"

struct mdg_netmain {
	enum mdg_role role;
	struct mdg_chan chan;
	struct mdg_trust *trust;
	struct mdg_buf bytes; /* what came in BYTES frames, of the next mail */
};

/*
 * "mdg-imap [--ca FILE]": trusted roots are read, then the process confines
 * itself, then HELLO goes out.
 */
bool mdg_netmain_start(struct mdg_netmain *m, enum mdg_role role, int argc,
		       char **argv, struct mdg_err *err);
/* A BYTES frame; false: more than a mail may have. */
bool mdg_netmain_bytes(struct mdg_netmain *m, struct mdg_span piece);
/* The payload is emptied for the next use. */
bool mdg_netmain_send(struct mdg_netmain *m, enum mdg_frame_type type,
		      uint32_t id, struct mdg_buf *payload,
		      struct mdg_err *err);
/* Without waiting for the core (mdg_chan_post()). */
bool mdg_netmain_post(struct mdg_netmain *m, enum mdg_frame_type type,
		      uint32_t id, struct mdg_buf *payload,
		      struct mdg_err *err);
/* Tell why, clean up, and give the exit status. A core that is gone: 0. */
int mdg_netmain_end(struct mdg_netmain *m, const struct mdg_err *why);

/* Fill a peer from what the core said; strings stay borrowed. */
void mdg_netmain_peer(struct mdg_netmain *m, const struct mdg_access *a,
		      struct mdg_probe *probe, struct mdg_peer *ret);
/*
 * Report the steps of a test that ran with this probe: each that was passed,
 * and the failed one with `why` (NULL: all went well), then END.
 */
bool mdg_netmain_report(struct mdg_netmain *m, uint32_t id,
			struct mdg_probe *probe, const struct mdg_err *why,
			struct mdg_err *err);

#endif
