/*
 * l_walk FOLDER [TEXTS]: parses every mail of a Maildir folder with gmime and
 * decodes every leaf. The second part of L. With TEXTS also writes, outside of
 * the time, the text of each mail to TEXTS/NAME for l_store.
 */
#include <gmime/gmime.h>

#include "bench.h"

struct walk {
	GString *text;
	size_t decoded_bytes;
};

static void
leaf(GMimeObject *parent, GMimeObject *part, gpointer arg)
{
	struct walk *w = arg;

	(void)parent;
	if (GMIME_IS_TEXT_PART(part)) {
		char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
		if (text) {
			w->decoded_bytes += strlen(text);
			g_string_append(w->text, text);
		}
		g_free(text);
	} else if (GMIME_IS_PART(part)) {
		GMimeDataWrapper *data =
			g_mime_part_get_content(GMIME_PART(part));
		GMimeStream *null = g_mime_stream_null_new();
		if (data)
			w->decoded_bytes +=
				(size_t)g_mime_data_wrapper_write_to_stream(
					data, null);
		g_object_unref(null);
	}
}

static void
save(const char *dir, const char *name, const GString *text)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(text->str, 1, text->len, f) != text->len)
		err(1, "%s", path);
	fclose(f);
}

int
main(int argc, char **argv)
{
	struct dirent **list;
	double total = 0;

	if (argc < 2)
		errx(64, "usage: l_walk FOLDER [TEXTS]");
	g_mime_init();
	int n = bench_list(argv[1], &list);
	for (int i = 0; i < n; i++) {
		struct bench_bytes raw = bench_read(argv[1], list[i]->d_name);
		struct walk w = {.text = g_string_new("")};
		double start = bench_now_s();
		GMimeStream *stream =
			g_mime_stream_mem_new_with_buffer(raw.data, raw.n);
		GMimeParser *parser = g_mime_parser_new_with_stream(stream);
		GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);
		if (m)
			g_mime_message_foreach(m, leaf, &w);
		total += bench_now_s() - start;
		if (argc > 2)
			save(argv[2], list[i]->d_name, w.text);
		if (m)
			g_object_unref(m);
		g_object_unref(parser);
		g_object_unref(stream);
		g_string_free(w.text, TRUE);
		free(raw.data);
		free(list[i]);
	}
	free(list);
	bench_print("walk", n, total);
	return 0;
}
