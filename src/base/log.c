#include "madoguchi/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "madoguchi/base/str.h"

static struct {
	const char *name;
	enum mdg_level level;
	bool tty;
} self = {"madoguchi", MDG_INFO, true};

void
mdg_log_init(const char *name, enum mdg_level level)
{
	/* for ps: one that is started by its open file has a number */
	prctl(PR_SET_NAME, name);
	self.name = name;
	self.level = level;
	self.tty = isatty(STDERR_FILENO);
}

bool
mdg_log_level_from_name(const char *name, enum mdg_level *ret)
{
	static const struct {
		const char *name;
		enum mdg_level level;
	} levels[] = {{"error", MDG_ERROR},
		      {"warn", MDG_WARN},
		      {"info", MDG_INFO},
		      {"debug", MDG_DEBUG}};

	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		if (mdg_streq(levels[i].name, name)) {
			*ret = levels[i].level;
			return true;
		}
	return false;
}

void
mdg_log(enum mdg_level level, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	if (level > self.level)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	/* one event, one line, whatever was quoted into it */
	for (char *p = line; *p; p++)
		if ((unsigned char)*p < 0x20)
			*p = ' ';
	if (self.tty)
		fprintf(stderr, "%s: %s\n", self.name, line);
	else
		fprintf(stderr, "<%d>%s: %s\n", (int)level, self.name, line);
}
