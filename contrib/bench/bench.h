/* What the bare parts of L share: mails of a Maildir, and a stopwatch. */
#ifndef MDG_BENCH_H
#define MDG_BENCH_H

#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

struct bench_bytes {
	char *data; /* followed by a NUL */
	size_t n;
};

static inline double
bench_now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline struct bench_bytes
bench_read(const char *dir, const char *name)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	FILE *f = fopen(path, "rb");
	if (!f || fstat(fileno(f), &st) != 0)
		err(1, "%s", path);
	struct bench_bytes b = {malloc((size_t)st.st_size + 1),
				(size_t)st.st_size};
	if (!b.data || fread(b.data, 1, b.n, f) != b.n)
		err(1, "%s", path);
	b.data[b.n] = '\0';
	fclose(f);
	return b;
}

static inline int
bench_is_mail(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* The mails of a folder in the order of their names. */
static inline int
bench_list(const char *dir, struct dirent ***list)
{
	int n = scandir(dir, list, bench_is_mail, alphasort);

	if (n < 0)
		err(1, "%s", dir);
	return n;
}

static inline void
bench_print(const char *what, int mails_n, double seconds)
{
	printf("%s %d %.4f\n", what, mails_n, seconds);
}

#endif
