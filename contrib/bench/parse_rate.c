/*
 * How fast mails become records, beside a bare gmime walk that decodes every
 * leaf of the same mails, both in one process and from memory.
 *
 *     parse_rate [-w] [-r ROUNDS] FILE...
 *
 * Records are made as `mdg-parse --json` does, or with -w as the core's worker
 * does: with the digest of the contents, packed for the core. Prints the best
 * of five rounds of each and the ratio. Not part of the build.
 */
#include <err.h>
#include <gmime/gmime.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/ipc/proto.h"
#include "madoguchi/mime/json.h"
#include "madoguchi/mime/parse.h"

enum { ROUNDS = 5, FILE_MAX = 64 << 20 };

static struct mdg_buf *mails;
static size_t mails_n, bytes;
static bool as_worker;

static void
read_mail(const char *path)
{
	struct mdg_buf *b = &mails[mails_n++];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f)
		err(1, "%s", path);
	b->max = FILE_MAX;
	do {
		char *to = mdg_buf_reserve(b, 65536);
		n = to ? fread(to, 1, 65536, f) : 0;
		b->len += n;
	} while (n);
	bytes += b->len;
	fclose(f);
}

static void
each_leaf(GMimeObject *parent, GMimeObject *o, gpointer user)
{
	(void)parent;
	(void)user;
	GMimeDataWrapper *w = GMIME_IS_PART(o)
				      ? g_mime_part_get_content(GMIME_PART(o))
				      : NULL;
	if (!w)
		return;
	GMimeStream *out = g_mime_stream_mem_new();
	g_mime_data_wrapper_write_to_stream(w, out);
	g_object_unref(out);
}

static void
walk_bare(const struct mdg_buf *b)
{
	GMimeStream *s = g_mime_stream_mem_new_with_buffer(b->ptr, b->len);
	GMimeParser *p = g_mime_parser_new_with_stream(s);
	GMimeMessage *m = g_mime_parser_construct_message(p, NULL);

	g_object_unref(p);
	g_object_unref(s);
	if (!m)
		return;
	g_mime_message_foreach(m, each_leaf, NULL);
	g_object_unref(m);
}

static void
parse(const struct mdg_buf *b)
{
	MDG_AUTO(mdg_mail_clear) struct mdg_mail m;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	struct mdg_mime_options opt = {
		.want_hash = as_worker,
	};

	mdg_mail_init(&m);
	if (!mdg_mime_parse(mdg_buf_span(b), &opt, &m, NULL))
		return;
	if (as_worker)
		mdg_mail_pack(&out, &m);
	else
		mdg_mail_json(&m, false, &out);
}

static double
cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double
round_s(void (*f)(const struct mdg_buf *))
{
	double began = cpu_s();

	for (size_t i = 0; i < mails_n; i++)
		f(&mails[i]);
	return cpu_s() - began;
}

int
main(int argc, char **argv)
{
	double walk = 1e9, ours = 1e9;
	int64_t rounds = ROUNDS;
	int c;

	while ((c = getopt(argc, argv, "wr:")) != -1) {
		if (c == 'w')
			as_worker = true;
		else if (c != 'r' || !mdg_str_i64(optarg, 1, 1000, &rounds))
			errx(64, "usage: parse_rate [-w] [-r ROUNDS] FILE...");
	}
	mails = mdg_calloc((size_t)argc, sizeof(*mails));
	for (; optind < argc; optind++)
		read_mail(argv[optind]);
	/* As mdg-parse does for itself. */
	mallopt(M_TRIM_THRESHOLD, 8 << 20);
	mallopt(M_MMAP_THRESHOLD, 4 << 20);
	mdg_mime_init();
	for (int64_t i = 0; i < rounds; i++) {
		double w = round_s(walk_bare), p = round_s(parse);

		walk = w < walk ? w : walk;
		ours = p < ours ? p : ours;
	}
	printf("%zu mails, %.1f MB\n", mails_n, (double)bytes / 1e6);
	printf("bare walk  %8.0f mails/s\n", (double)mails_n / walk);
	printf("mdg-parse  %8.0f mails/s\n", (double)mails_n / ours);
	printf("ratio      %8.2f\n", walk / ours);
	return 0;
}
