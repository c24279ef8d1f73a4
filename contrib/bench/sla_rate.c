/*
 * How fast working time is computed: due, elapsed, and whole tickets.
 * Prints "what per-second" lines. Not part of the build.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/desk/sla.h"

#define SPANS "[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]]"
#define WEEK                                                                   \
	"\"weekly\":{\"mon\":" SPANS ",\"tue\":" SPANS ",\"wed\":" SPANS       \
	",\"thu\":" SPANS ",\"fri\":" SPANS "}"

enum { N = 1000000, TICKETS = 100000 };

static uint64_t state = 1;

static int64_t
some(uint64_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (int64_t)(state % n);
}

static void
print(const char *what, const char *zone, int n, int64_t began_ms)
{
	double s = (double)(mdg_mono_ms() - began_ms) / 1000;

	printf("%s %s %.0f/s\n", what, zone, n / (s > 0 ? s : 0.001));
}

static void
measure(const char *zone)
{
	int64_t start = mdg_days_from_civil(2026, 1, 1) * 86400;
	char json[1024];
	struct mdg_calendar *cal = NULL;
	int64_t t, sum = 0;

	snprintf(json, sizeof(json),
		 "{\"zone\":\"%s\"," WEEK ",\"national_holidays\":\"jp\"}",
		 zone);
	int64_t began = mdg_mono_ms();
	for (int i = 0; i < 100; i++) {
		mdg_calendar_free(&cal);
		if (!mdg_calendar_parse(json, &cal, NULL))
			errx(1, "no calendar");
	}
	print("parse", zone, 100, began);
	began = mdg_mono_ms();
	for (int i = 0; i < N; i++)
		if (mdg_sla_due(cal, start + some(31536000), some(4800), &t,
				NULL))
			sum += t;
	print("due", zone, N, began);
	began = mdg_mono_ms();
	for (int i = 0; i < N; i++) {
		int64_t from = start + some(31536000);
		if (mdg_sla_elapsed(cal, from, from + some(31536000), &t, NULL))
			sum += t;
	}
	print("elapsed", zone, N, began);

	const struct mdg_sla_policy policy = {
		.first_response_min = 240,
		.next_response_min = 240,
		.resolution_min = 2400,
		.warn_percent = {50, 80},
	};
	began = mdg_mono_ms();
	for (int i = 0; i < TICKETS; i++) {
		int64_t at = start + some(31536000);
		struct mdg_sla_event e[] = {
			{.time_s = at, .kind = MDG_SLA_RECEIVED},
			{.time_s = at + 9000, .kind = MDG_SLA_REPLY_SENT},
			{.time_s = at + 9000, .kind = MDG_SLA_WAITING_CUSTOMER},
			{.time_s = at + 90000,
			 .kind = MDG_SLA_CUSTOMER_REPLIED},
		};
		struct mdg_sla_result r;
		if (!mdg_sla_evaluate(&policy, cal, e, 4, at + 100000, &r,
				      NULL))
			errx(1, "no result");
		sum += r.clocks[0].due_s;
		mdg_sla_result_clear(&r);
	}
	print("ticket", zone, TICKETS, began);
	mdg_calendar_free(&cal);
	if (sum == 42)
		puts("");
}

int
main(void)
{
	measure("Asia/Tokyo");
	measure("America/New_York");
	return 0;
}
