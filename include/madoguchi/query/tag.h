/*
 * tag: by what a person's answer knows whether it is still true (RFC 9110
 * §8.8.3). What an action showed has one, and a change may say which it saw.
 */
#ifndef MDG_QUERY_TAG_H
#define MDG_QUERY_TAG_H

#include <jansson.h>

enum { MDG_TAG_CHARS = 32 };

/*
 * "rev" where the result has one; else a digest of all that people set. What
 * happens by itself (times, counts, a customer's tickets) is no part of it.
 */
void mdg_json_tag(const json_t *result, char ret[MDG_TAG_CHARS + 1]);

#endif
