/* What contrib/sales-train has learned, by hash. */
#ifndef MDG_DESK_SALES_H
#define MDG_DESK_SALES_H

#include <stddef.h>
#include <stdint.h>

enum {
	SALES_MAX = 20000, /* checked when the table is made */
	SALES_BITS = 15,   /* of a hash: where to look; most words are not there */
};

struct sales_weight {
	uint32_t hash;
	int milli;
};
extern const struct sales_weight sales_weights[];
extern const size_t sales_n;
extern const uint16_t sales_at[(1 << SALES_BITS) + 1];
extern const int sales_bias_milli;

#endif
