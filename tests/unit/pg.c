#include "pg.h"

#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "t.h"

/* ---- directories ------------------------------------------------------ */

char *
t_dir_make(char *path, size_t n)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(path, n, "%s/mdg-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(path));
	return path;
}

void
t_dir_remove(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		char name[PATH_MAX];
		struct stat st;
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		if (lstat(name, &st) == 0 && S_ISDIR(st.st_mode))
			t_dir_remove(name);
		else
			unlink(name);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

/* ---- engines ---------------------------------------------------------- */

void
t_each_engine(void (*test)(const char *url))
{
	char dir[256], url[512];

	t_dir_make(dir, sizeof(dir));
	snprintf(url, sizeof(url), "sqlite:%s/desk.db", dir);
	test(url);
	t_dir_remove(dir);
	if (t_pg_start(url, sizeof(url)))
		test(url);
}

/* ---- the server ------------------------------------------------------- */

bool
t_pg_start(char *url, size_t n)
{
	(void)url;
	(void)n;
	return false;
}

void
t_pg_stop(void)
{
}
