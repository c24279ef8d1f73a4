#include "madoguchi/mail/relay.h"

#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

/* Domains of relay addresses; those below them count too. */
/* clang-format off */
static const struct {
	const char *domain, *service;
} relays[] = {
	{"fw.rakuten.ne.jp", "rakuten"}, {"fw.rakuten.co.jp", "rakuten"},
	{"marketplace.amazon.co.jp", "amazon"},
	{"marketplace.amazon.com", "amazon"},
	{"marketplace.amazon.co.uk", "amazon"},
	{"marketplace.amazon.de", "amazon"},
	{"marketplace.amazon.fr", "amazon"},
	{"marketplace.amazon.it", "amazon"},
	{"marketplace.amazon.es", "amazon"},
	{"marketplace.amazon.ca", "amazon"},
	{"marketplace.amazon.com.au", "amazon"},
	{"marketplace.amazon.sg", "amazon"},
	{"shopping.yahoo.co.jp", "yahoo"},
	{"shopping-mail.yahoo.co.jp", "yahoo"},
	{"store.yahoo.co.jp", "yahoo"},
	{"auctions.yahoo.co.jp", "yahoo"},
	{"auction.yahoo.co.jp", "yahoo"},
	{"anonymous.yahoo.co.jp", "yahoo"},
	{"paypayfleamarket.yahoo.co.jp", "yahoo"},
	{"wowma.jp", "aupay"}, {"wowma.net", "aupay"},
	{"members.ebay.com", "ebay"}, {"members.ebay.co.uk", "ebay"},
	{"guest.airbnb.com", "airbnb"}, {"reply.airbnb.com", "airbnb"},
	{"guest.booking.com", "booking"},
	{"m.expediapartnercentral.com", "expedia"},
	{"guest.trip.com", "trip"},
	{"privaterelay.appleid.com", "apple"},
	{"mozmail.com", "firefox"}, {"relay.firefox.com", "firefox"},
	{"duck.com", "duckduckgo"},
	{"indeedemail.com", "indeed"},
};
/* clang-format on */

const char *
mdg_relay_of(const char *key)
{
	const char *at = strrchr(key, '@');

	for (size_t i = 0; at && i < MDG_LEN(relays); i++) {
		size_t n = strlen(relays[i].domain), have = strlen(at + 1);
		if (have < n || !mdg_streq(at + 1 + have - n, relays[i].domain))
			continue;
		if (have == n || at[have - n] == '.')
			return relays[i].service;
	}
	return NULL;
}
