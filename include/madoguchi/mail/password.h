/*
 * The habit of sending a locked file and, in a second mail, its password.
 */
#ifndef MDG_MAIL_PASSWORD_H
#define MDG_MAIL_PASSWORD_H

#include <stdbool.h>

/*
 * Does the text tell the password of a file? Not: that one was forgotten, or
 * is asked for.
 */
bool mdg_mail_tells_password(const char *text);

#endif
