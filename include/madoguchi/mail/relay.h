/*
 * Relay addresses: a market place gives each buyer an address of its own and
 * passes mail on. One such address is one person; what name it shows says
 * nothing about being another's.
 */
#ifndef MDG_MAIL_RELAY_H
#define MDG_MAIL_RELAY_H

#include <stdbool.h>

/* The service of a relay address ("rakuten"), by its key; NULL for others. */
const char *mdg_relay_of(const char *key);

/*
 * Do people who have nothing to do with each other have addresses in its
 * domain (gmail.com, docomo.ne.jp)?
 */
bool mdg_addr_is_public(const char *key);

#endif
