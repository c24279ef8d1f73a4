/*
 * The log: one line an event on stderr, for journald.
 *
 *   <6>madoguchid: account ready account=1 host=imap.example.jp
 *
 * The <N> prefix is sd-daemon(3)'s; it is left out when stderr is a terminal.
 * Texts are English. Never mail content, addresses of customers, or a secret:
 * name mails by delivery, message or ticket id.
 */
#ifndef MDG_BASE_LOG_H
#define MDG_BASE_LOG_H

#include <stdbool.h>

enum mdg_level { MDG_ERROR = 3, MDG_WARN = 4, MDG_INFO = 6, MDG_DEBUG = 7 };

/* name: shown at the head of each line; kept, not copied. */
void mdg_log_init(const char *name, enum mdg_level level);
bool mdg_log_level_from_name(const char *name, enum mdg_level *ret);
void mdg_log(enum mdg_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define mdg_error(...) mdg_log(MDG_ERROR, __VA_ARGS__)
#define mdg_warn(...) mdg_log(MDG_WARN, __VA_ARGS__)
#define mdg_info(...) mdg_log(MDG_INFO, __VA_ARGS__)
#define mdg_debug(...) mdg_log(MDG_DEBUG, __VA_ARGS__)

#endif
