/*
 * The plain scan that the surge detector is measured against: hourly counts of
 * each key in six windows, against its share of 28 days, by the tail of one
 * negative binomial, of one limit for all. A peer written for the evaluation
 * alone; it shares nothing with src/desk/surge*.c but what it is fed with.
 *
 * Left out: alarms of all mail, and the joining of keys with mails in common,
 * as on the simulated desk only the keys of one event have such.
 */
#ifndef MDG_TESTS_SURGE_PLAIN_H
#define MDG_TESTS_SURGE_PLAIN_H

#include <stddef.h>
#include <stdint.h>

struct plain;

/* Of the keys 0 is all mail; an alarm is a count of p below the limit. */
struct plain *plain_new(uint32_t keys, double limit);
void plain_free(struct plain **p);
void plain_add(struct plain *p, uint32_t key, int64_t customer);
/* The hour is over: the keys whose alarm is new; room for all. */
size_t plain_scan(struct plain *p, uint32_t *ret_keys);

#endif
