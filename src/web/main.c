/*
 * mdg-web: the desk for browsers, on an address of this machine.
 *
 *   mdg-web --listen ADDRESS:PORT --ui DIR [--store URL]
 *
 * Started by madoguchid. Everything is opened before the sandbox closes: the
 * listening socket, the UI, the store for reading. It holds no key; whatever
 * changes anything is a call to the core, with the session that the browser
 * showed.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/digest.h"
#include "madoguchi/ipc/confine.h"
#include "web.h"

/* The files of the store; they stay the same while the core has it open. */
static bool
confine(const char *store, struct mdg_err *err)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	const char *path = store && mdg_str_starts(store, "sqlite:") ? store + 7
								     : store;
	char *names[MDG_LEN(ends)];
	const char *paths[MDG_LEN(ends) + 2] = {"/dev/urandom"};

	for (size_t i = 0; path && i < MDG_LEN(ends); i++)
		paths[i + 1] = names[i] =
			mdg_asprintf("%s%s", path, ends[i]);
	bool ok = mdg_confine(MDG_ROLE_WEB, paths, err);
	for (size_t i = 0; path && i < MDG_LEN(ends); i++)
		free(names[i]);
	return ok;
}

static bool
start(struct web *w, const char *ui, struct mdg_err *err)
{
	mdg_crypto_init();
	w->loop = uv_default_loop();
	w->cp932 = iconv_open("CP932", "UTF-8");
	mdg_chan_init(&w->chan, MDG_WORKER_FD, 0);
	if (!files_load(w, ui, err) || !server_open(w, err))
		return false;
	if (w->store && !mdg_db_open(w->store, MDG_DB_READONLY, &w->db, err))
		return false;
	if (!confine(w->store, err) || !core_hello(w, err))
		return false;
	core_watch(w);
	server_watch(w);
	events_init(w);
	return true;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{"listen", required_argument, NULL, 'l'},
		{"store", required_argument, NULL, 's'},
		{"ui", required_argument, NULL, 'u'},
		{NULL, 0, NULL, 0},
	};
	struct web *w = mdg_calloc(1, sizeof(*w));
	const char *ui = NULL;
	struct mdg_err err = {0};
	char text[MDG_ERR_TEXT_MAX * 2];
	int o;

	mdg_log_init("mdg-web", MDG_INFO);
	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (o) {
		case 'l':
			w->listen = optarg;
			break;
		case 's':
			w->store = optarg;
			break;
		case 'u':
			ui = optarg;
			break;
		default:
			return EX_USAGE;
		}
	}
	if (!w->listen || !ui) {
		fputs("mdg-web is started by madoguchid\n", stderr);
		return EX_USAGE;
	}
	signal(SIGPIPE, SIG_IGN);
	if (!start(w, ui, &err)) {
		mdg_error("%s",
			  mdg_err_text(&err, MDG_LANG_EN, text, sizeof(text)));
		return mdg_code_exit(err.code);
	}
	uv_run(w->loop, UV_RUN_DEFAULT);
	/* requests may still wait: the end of the process is theirs, too */
	mdg_db_close(&w->db);
	return EX_OK;
}
