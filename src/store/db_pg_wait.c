/*
 * The PostgreSQL engine: waiting for the server, but not for ever.
 *
 * libpq itself waits as long as the connection stands. A server that works on a
 * long query is waited for; one that is stopped, frozen with its machine or
 * behind a network that swallows everything says nothing to anybody: when it is
 * silent, a second connection asks for a sign of life. From one that gives none
 * nothing is taken any more, and all goes on as with a server that went away.
 */
#include <poll.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "pg-int.h"

enum {
	SILENT_MS = 5000,
	WORDS_MAX = 64, /* of a connection: libpq knows some forty */
};

/* Does the server speak to who comes anew? No login is tried. */
static bool
speaks(struct pg *g)
{
	const char *keys[WORDS_MAX], *values[WORDS_MAX];
	PQconninfoOption *all = PQconninfo(g->c);
	size_t n = 0;

	for (PQconninfoOption *o = all; o && o->keyword; o++) {
		if (!o->val || n == WORDS_MAX - 1)
			continue;
		keys[n] = o->keyword;
		values[n++] =
			mdg_streq(o->keyword, "connect_timeout") ? "5" : o->val;
	}
	keys[n] = values[n] = NULL;
	PGPing said = PQpingParams(keys, values, 0);
	PQconninfoFree(all);
	return said != PQPING_NO_RESPONSE;
}

/* Until a result can be taken without waiting, or never will come. */
static void
await(struct pg *g)
{
	int64_t begun_ms = mdg_mono_ms(), heard_ms = begun_ms;

	while (PQstatus(g->c) == CONNECTION_OK) {
		int owes = PQflush(g->c);
		if (owes < 0 || (owes == 0 && !PQisBusy(g->c)))
			return;
		int64_t silent_ms = mdg_mono_ms() - heard_ms;
		if (silent_ms >= SILENT_MS) {
			g->deaf = mdg_mono_ms() - begun_ms > g->patience_ms ||
				  !speaks(g);
			if (g->deaf)
				return;
			heard_ms = mdg_mono_ms();
			silent_ms = 0;
		}
		struct pollfd p = {
			.fd = PQsocket(g->c),
			.events = (short)(POLLIN | (owes ? POLLOUT : 0))};
		if (poll(&p, 1, (int)(SILENT_MS - silent_ms)) <= 0)
			continue;
		heard_ms = mdg_mono_ms();
		if (p.revents & ~POLLOUT && !PQconsumeInput(g->c))
			return;
	}
}

PGresult *
mdg_pg_result(struct pg *g)
{
	if (!g->deaf)
		await(g);
	g->half |= g->deaf;
	return g->deaf ? NULL : PQgetResult(g->c);
}

PGresult *
mdg_pg_last(struct pg *g, int sent)
{
	PGresult *last = NULL, *res;

	while (sent && (res = mdg_pg_result(g))) {
		PQclear(last);
		last = res;
	}
	return last;
}
