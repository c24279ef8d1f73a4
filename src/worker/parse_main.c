#include "parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"

static int
usage(void)
{
	fputs("usage: mdg-parse --json [--explain] [--own ADDRESS]... "
	      "[--timeout SECONDS] [FILE...]\n"
	      "Prints one JSON object for each mail; reads standard input "
	      "without FILE.\n",
	      stderr);
	return EX_USAGE;
}

static bool
read_timeout(const char *s, struct parse_args *a)
{
	int64_t v;

	if (!mdg_str_i64(s, 1, 3600, &v))
		return false;
	a->timeout_ms = (int)v * 1000;
	return true;
}

static bool
read_args(int argc, char **argv, struct mdg_arena *arena, struct parse_args *a)
{
	size_t files_n = 0;
	bool options = true;

	*a = (struct parse_args){.timeout_ms = MDG_PARSE_DEADLINE_MS};
	a->files = mdg_arena_array(arena, (size_t)argc + 1, sizeof(*a->files));
	for (int i = 1; i < argc; i++) {
		const char *s = argv[i];

		if (!options || s[0] != '-' || !s[1])
			a->files[files_n++] = s;
		else if (mdg_streq(s, "--"))
			options = false;
		else if (mdg_streq(s, "--json"))
			a->json = true;
		else if (mdg_streq(s, "--pipe"))
			a->pipe = true;
		else if (mdg_streq(s, "--explain"))
			a->explain = true;
		else if (mdg_streq(s, "--own") && i + 1 < argc)
			mdg_strings_add(&a->own, arena, argv[++i],
					MDG_ADDRESSES_MAX);
		else if (mdg_str_starts(s, "--own="))
			mdg_strings_add(&a->own, arena, s + strlen("--own="),
					MDG_ADDRESSES_MAX);
		else if (!mdg_streq(s, "--timeout") || i + 1 >= argc ||
			 !read_timeout(argv[++i], a))
			return false;
	}
	return a->json || a->pipe || argc == 1;
}

int
main(int argc, char **argv)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena arena = {0};
	struct parse_args a;

	mdg_log_init("mdg-parse", MDG_INFO);
	if (!read_args(argc, argv, &arena, &a))
		return usage();
	if (a.pipe)
		return parse_pipe(&a);
	return a.json ? parse_alone(&a) : parse_worker();
}
