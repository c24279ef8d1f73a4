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
	{"wowma.jp", "aupay"}, {"wowma.net", "aupay"}, {"mbdp.jp", "aupay"},
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

/* clang-format off */
static const char *const public_domains[] = {
	"gmail.com", "googlemail.com", "yahoo.co.jp", "ymail.ne.jp", "yahoo.com",
	"yahoo.ne.jp", "outlook.jp", "outlook.com", "hotmail.co.jp", "hotmail.com",
	"live.jp", "live.com", "msn.com", "icloud.com", "me.com", "mac.com",
	"docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp",
	"i.softbank.jp", "vodafone.ne.jp", "ymobile.ne.jp", "rakuten.jp",
	"rakumail.jp", "uqmobile.jp", "wcm.ne.jp", "willcom.com", "nifty.com",
	"biglobe.ne.jp", "ocn.ne.jp", "so-net.ne.jp", "plala.or.jp", "dion.ne.jp",
	"odn.ne.jp", "asahi-net.or.jp", "excite.co.jp", "goo.jp", "aol.com",
	"infoseek.jp", "zoho.com", "proton.me", "protonmail.com", "gmx.com",
};
/* clang-format on */

bool
mdg_addr_is_public(const char *key)
{
	const char *at = strrchr(key, '@');

	for (size_t i = 0; at && i < MDG_LEN(public_domains); i++)
		if (mdg_streq(at + 1, public_domains[i]))
			return true;
	return mdg_relay_of(key) != NULL;
}
