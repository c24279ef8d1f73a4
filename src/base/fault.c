#include "madoguchi/base/fault.h"

#ifdef MDG_FAULTS
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Kill at the n-th passage, once if a token file says so. */
static void
fire(void)
{
	const char *once = getenv("MDG_FAULT_ONCE");

	if (once && unlink(once) != 0)
		return;
	kill(getpid(), SIGKILL);
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
				fire();
			return;
		}
		spec = strchr(spec, ',');
		spec = spec ? spec + 1 : NULL;
	}
}
#else
typedef int mdg_fault_unused;
#endif
