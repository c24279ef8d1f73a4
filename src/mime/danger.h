/* What a file may do when it is opened, by its first and last bytes as well as
 * by its name (mail/danger.h): nothing is unpacked. */
#ifndef MDG_MIME_DANGER_H
#define MDG_MIME_DANGER_H

#include "seal.h"

/* Before mime_seal_end(); filename and media_type may be NULL. */
enum mdg_danger mime_danger(const struct mime_seal *s, const char *filename,
			    const char *media_type);

#endif
