#include "madoguchi/base/fault.h"

#ifdef MDG_FAULTS
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Dies, once if a token file says so; a confined worker may neither remove the
 * file nor kill, but it can always exit.
 */
static void
fire(const char *name)
{
	const char *once = getenv("MDG_FAULT_ONCE");
	char line[128];

	if (once && unlink(once) != 0 && errno == ENOENT)
		return;
	int n = snprintf(line, sizeof(line), "fault point %s\n", name);
	if (write(STDERR_FILENO, line, (size_t)n) == n)
		kill(getpid(), SIGKILL);
	_exit(137);
}

bool
mdg_fault_spent(const char *program)
{
	static char started[16][32];

	for (size_t i = 0; i < 16; i++) {
		if (strcmp(started[i], program) == 0)
			return true;
		if (started[i][0] == '\0') {
			snprintf(started[i], sizeof(started[i]), "%s", program);
			return false;
		}
	}
	return true;
}

void
mdg_fault_point(const char *name)
{
	static int passed[16];
	const char *spec = getenv("MDG_FAULT");
	size_t n = strlen(name);

	for (int i = 0; spec && i < 16; i++) {
		if (strncmp(spec, name, n) == 0 &&
		    (spec[n] == '\0' || spec[n] == ',' || spec[n] == ':')) {
			int at = spec[n] == ':'
					 ? (int)strtol(spec + n + 1, NULL, 10)
					 : 1;
			if (++passed[i] == at)
				fire(name);
			return;
		}
		spec = strchr(spec, ',');
		spec = spec ? spec + 1 : NULL;
	}
}

void
mdg_fault_words(const char *text)
{
	const char *words = getenv("MDG_FAULT_WORDS");

	if (words && *words && strstr(text, words))
		fire("words");
}
#else
typedef int mdg_fault_unused;
#endif
