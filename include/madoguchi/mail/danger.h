/*
 * danger: files that do something when they are opened: programs, scripts,
 * disk images, documents with macros. By name here; by content in mime/danger.
 */
#ifndef MDG_MAIL_DANGER_H
#define MDG_MAIL_DANGER_H

#include "madoguchi/model/mail.h"

/*
 * What a file of that name and type may do; either may be NULL. Windows goes
 * by what stands behind the last dot, without blanks and dots at the end. A
 * name that looks like a document before it ("invoice.pdf.exe") is disguised.
 */
enum mdg_danger mdg_danger_of_name(const char *filename,
				   const char *media_type);
/* Is that a name such as people give to documents and pictures? */
bool mdg_danger_looks_tame(const char *filename);

/* "program", "macro", …; NULL for MDG_DANGER_NO. */
const char *mdg_danger_name(enum mdg_danger d);

#endif
