/* Between counting (surge_scan.c) and writing down (surge_rows.c). */
#ifndef MDG_APP_SURGE_INT_H
#define MDG_APP_SURGE_INT_H

#include "madoguchi/app/surge.h"
#include "madoguchi/desk/surge.h"

enum {
	HOUR_S = 3600,
	HISTORY_H = 37 * 24, /* 28 days before a week and a day */
	BUCKETS = 4096,
	SIGN_BYTES = 16 + MDG_SURGE_TERM_BYTES_MAX,
};

struct slot {
	char *sign;    /* NULL: free; number 0 stands for every mail */
	uint32_t next; /* of the same bucket, 0: none */
	unsigned n;    /* mails that had it */
	int64_t last_h;
};

struct tune {
	char sign[SIGN_BYTES];
	unsigned real, noise;
};

struct row {
	int64_t id, row; /* of desk/surge.h, and of the store */
};

struct mdg_surging {
	struct mdg_surge *surge; /* NULL: to be built */
	struct slot slots[MDG_SURGING_KEYS];
	uint32_t buckets[BUCKETS];
	struct tune *tunes; /* verdicts, by the sign that opened an incident */
	size_t tunes_n;
	json_t *watched;
	struct row rows[MDG_SURGE_OPEN_MAX];
	bool rebuilt; /* and not written since: rows are to be found again */
};

/* Open incidents and what is unusual, as of the last scan. */
bool mdg_surging_write(struct mdg_surging *s, struct mdg_desk *d,
		       struct mdg_err *err);

#endif
