/*
 * Modified UTF-7, the alphabet of IMAP folder names (RFC 3501 §5.1.3).
 *
 * Both directions are strict: decode refuses what encode would not have made,
 * so a name that decodes is the same name again when encoded. A server name
 * that does not decode is kept and shown as it stands.
 */
#ifndef MDG_MAIL_UTF7IMAP_H
#define MDG_MAIL_UTF7IMAP_H

#include <stdbool.h>

#include "madoguchi/base/buf.h"

/* Valid UTF-8 without C0 and DEL to a folder name; false: it is not that. */
bool mdg_utf7imap_encode(const char *utf8, struct mdg_buf *out);
bool mdg_utf7imap_decode(const char *name, struct mdg_buf *out);
/* The decoded name, or the name cleaned for display if it does not decode. */
void mdg_utf7imap_show(const char *name, struct mdg_buf *out);
/*
 * What a person typed, as the server spells it: a name that is modified UTF-7
 * already stays, everything else is encoded. false: it cannot be a name.
 */
bool mdg_utf7imap_typed(const char *typed, struct mdg_buf *out);

#endif
