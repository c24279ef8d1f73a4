/*
 * The only source of time in the project.
 *
 * Wall time is int64 unix seconds UTC; monotonic time is milliseconds and
 * means nothing outside this process. Builds with --enable-faults can move the
 * wall clock: MDG_CLOCK_OFFSET (seconds, read once at start, inherited by the
 * workers) and mdg_clock_advance(). Other builds ignore both.
 */
#ifndef MDG_BASE_CLOCK_H
#define MDG_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int64_t mdg_now_s(void);
int64_t mdg_now_ms(void); /* wall, milliseconds */
int64_t mdg_mono_ms(void);
/* Move the wall clock forward; false in builds without faults. */
bool mdg_clock_advance(int64_t by_s);
int64_t mdg_clock_offset_s(void);

/* RFC 3339 in UTC ("2026-11-21T09:00:00Z"); out has >= 32 bytes. */
char *mdg_time_rfc3339(int64_t t_s, char *out, size_t n);
/*
 * RFC 3339 with any offset to unix seconds; fractions are dropped. Years
 * 1900–9999. false if it is not one.
 */
bool mdg_time_parse(const char *s, int64_t *ret_s);
/* Days since 1970-01-01 of a proleptic Gregorian date, and back. */
int64_t mdg_days_from_civil(int y, int m, int d);
void mdg_civil_from_days(int64_t days, int *y, int *m, int *d);

#endif
