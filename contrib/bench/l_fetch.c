/*
 * l_fetch PORT USER PASSWORD: reads INBOX over TLS, 100 mails a command, and
 * throws them away. The first part of L.
 */
#include <libetpan/libetpan.h>

#include "bench.h"

enum { BATCH = 100 };

static void
must(int r, const char *what)
{
	if (r != MAILIMAP_NO_ERROR && r != MAILIMAP_NO_ERROR_AUTHENTICATED &&
	    r != MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		errx(1, "%s: libetpan error %d", what, r);
}

static int
fetch(mailimap *imap, uint32_t first, uint32_t last)
{
	struct mailimap_set *set = mailimap_set_new_interval(first, last);
	struct mailimap_fetch_type *type =
		mailimap_fetch_type_new_fetch_att_list_empty();
	struct mailimap_section *all = mailimap_section_new(NULL);
	clist *result;

	mailimap_fetch_type_new_fetch_att_list_add(
		type, mailimap_fetch_att_new_uid());
	mailimap_fetch_type_new_fetch_att_list_add(
		type, mailimap_fetch_att_new_body_peek_section(all));
	must(mailimap_fetch(imap, set, type, &result), "fetch");
	int n = clist_count(result);
	mailimap_fetch_list_free(result);
	mailimap_fetch_type_free(type);
	mailimap_set_free(set);
	return n;
}

int
main(int argc, char **argv)
{
	if (argc != 4)
		errx(64, "usage: l_fetch PORT USER PASSWORD");
	mailimap *imap = mailimap_new(0, NULL);
	double start = bench_now_s();
	int n = 0;

	must(mailimap_ssl_connect(imap, "127.0.0.1",
				  (uint16_t)strtoul(argv[1], NULL, 10)),
	     "connect");
	must(mailimap_login(imap, argv[2], argv[3]), "login");
	must(mailimap_select(imap, "INBOX"), "select");
	uint32_t exists = imap->imap_selection_info->sel_exists;
	for (uint32_t i = 1; i <= exists; i += BATCH)
		n += fetch(imap, i,
			   i + BATCH - 1 < exists ? i + BATCH - 1 : exists);
	bench_print("fetch", n, bench_now_s() - start);
	mailimap_logout(imap);
	mailimap_free(imap);
	return 0;
}
