/* How often an address may ask: a bucket for each, filled with time. */
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "web.h"

/* Tokens are counted in thousandths. */
static const struct {
	int64_t per_s, burst;
} kinds[RATE_KINDS] = {
	[RATE_API] = {50000, 400000},
	[RATE_LOGIN] = {500, 10000},
};

struct rate {
	struct {
		char address[ADDRESS_CHARS + 1];
		int64_t left[RATE_KINDS], at_ms;
	} v[MDG_WEB_CLIENTS_MAX];
	size_t n;
};

/* Its bucket; when all are taken, the one that was used longest ago. */
static size_t
bucket(struct rate *r, const char *address, int64_t now_ms)
{
	size_t oldest = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (mdg_streq(r->v[i].address, address))
			return i;
		if (r->v[i].at_ms < r->v[oldest].at_ms)
			oldest = i;
	}
	size_t i = r->n < MDG_LEN(r->v) ? r->n++ : oldest;
	snprintf(r->v[i].address, sizeof(r->v[i].address), "%s", address);
	for (int k = 0; k < RATE_KINDS; k++)
		r->v[i].left[k] = kinds[k].burst;
	r->v[i].at_ms = now_ms;
	return i;
}

bool
rate_take(struct web *w, const char *address, enum rate_kind kind,
	  int64_t *wait_s)
{
	int64_t now = mdg_mono_ms();

	if (!w->rate)
		w->rate = mdg_calloc(1, sizeof(*w->rate));
	size_t i = bucket(w->rate, address, now);
	int64_t *left = w->rate->v[i].left;
	int64_t past = now - w->rate->v[i].at_ms;
	w->rate->v[i].at_ms = now;
	for (int k = 0; k < RATE_KINDS; k++) {
		left[k] += past * kinds[k].per_s / 1000;
		if (left[k] > kinds[k].burst)
			left[k] = kinds[k].burst;
	}
	if (left[kind] >= 1000) {
		left[kind] -= 1000;
		return true;
	}
	*wait_s = (1000 - left[kind]) / kinds[kind].per_s + 1;
	return false;
}
