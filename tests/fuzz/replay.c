/*
 * main() of a fuzzer in ordinary builds: runs every file of its corpus, and
 * the heads of each, through the same entry. The corpus is argv[1], or
 * $top_srcdir/tests/fuzz/corpus/<name> for a program called fuzz_<name>.
 * Prints TAP: one line a file.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>

enum { FILE_MAX = 1 << 20, HEADS_MAX = 300 };

static void
run_file(const char *path)
{
	unsigned char *data = mdg_malloc(FILE_MAX);
	FILE *f = fopen(path, "rb");

	if (!f) {
		perror(path);
		exit(1);
	}
	size_t n = fread(data, 1, FILE_MAX, f);
	fclose(f);
	for (size_t cut = 0; cut < n && cut < HEADS_MAX; cut++) {
		/* a copy of its own size, so that ASan sees the end */
		unsigned char *head = mdg_malloc(cut);
		memcpy(head, data, cut);
		LLVMFuzzerTestOneInput(head, cut);
		free(head);
	}
	LLVMFuzzerTestOneInput(data, n);
	free(data);
}

static int
is_file(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

int
main(int argc, char **argv)
{
	MDG_AUTO(mdg_freep) char *dir = NULL;
	const char *top = getenv("top_srcdir");
	const char *name = strrchr(argv[0], '/');
	struct dirent **list;

	name = name ? name + 1 : argv[0];
	if (argc > 1)
		dir = mdg_strdup(argv[1]);
	else
		dir = mdg_asprintf("%s/tests/fuzz/corpus/%s", top ? top : ".",
				   name + strlen("fuzz_"));
	int n = scandir(dir, &list, is_file, alphasort);
	if (n <= 0) {
		fprintf(stderr, "%s: no corpus\n", dir);
		return 1;
	}
	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		MDG_AUTO(mdg_freep)
		char *path = mdg_asprintf("%s/%s", dir, list[i]->d_name);
		run_file(path);
		printf("ok %d - %s\n", i + 1, list[i]->d_name);
		fflush(stdout);
		free(list[i]);
	}
	free(list);
	return 0;
}
