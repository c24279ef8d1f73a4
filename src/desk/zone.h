/*
 * A time zone as a list of offsets, so that all later arithmetic is pure:
 * step i holds from at_s (inclusive) to the next step's at_s.
 */
#ifndef MDG_DESK_ZONE_H
#define MDG_DESK_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mdg_zone_step {
	int64_t at_s;
	int64_t offset_s; /* east of UTC */
};

struct mdg_zone {
	char *name;
	struct mdg_zone_step *steps; /* the first holds since ever */
	size_t n;
};

/*
 * Loads a zone of the IANA database for [from, to): from the system's zone
 * files, else from ICU's data. false: no such zone.
 */
bool mdg_zone_load(const char *name, int64_t from_s, int64_t to_s,
		   struct mdg_zone *ret);
bool mdg_zone_load_tzif(const char *name, int64_t from_s, int64_t to_s,
			struct mdg_zone *ret);
bool mdg_zone_load_icu(const char *name, int64_t from_s, int64_t to_s,
		       struct mdg_zone *ret);
void mdg_zone_clear(struct mdg_zone *z);
/* The step that holds at t. */
size_t mdg_zone_step_at(const struct mdg_zone *z, int64_t t_s);

#endif
