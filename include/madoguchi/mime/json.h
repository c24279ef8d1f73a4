/*
 * A mail record as the JSON object of `mdg-parse --json`: a form that people
 * and scripts rely on. Keys and their order are fixed; see mdg-parse(1).
 */
#ifndef MDG_MIME_JSON_H
#define MDG_MIME_JSON_H

#include <stdbool.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/model/mail.h"

/* Append one line, without its line break. */
void mdg_mail_json(const struct mdg_mail *m, bool explain, struct mdg_buf *out);

/* The line for a file that could not be read: every key with nothing in it,
 * the reason as a warning, and the file's name. */
void mdg_mail_json_failed(const char *file, const char *warning,
			  struct mdg_buf *out);

#endif
