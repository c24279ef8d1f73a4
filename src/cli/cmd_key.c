/*
 * madoguchi key rotate: another master key, on a stopped desk.
 *
 *   1  the new key is written beside the old one (.new)
 *   2  one transaction seals every secret with it
 *   3  the old key steps aside (.old-TIME), the new one takes its name
 *
 * Broken off after 2, the desk finds the key at .new, and the next run goes on
 * with 3; before, the next run throws that key away and begins anew.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "madoguchi/app/desk.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/str.h"

#include "offline.h"

static bool
file_fail(const char *path, struct mdg_err *err)
{
	return mdg_fail_msg(err, MDG_EIO, MDG_MSG_cli_file_write, path,
			    strerror(errno), NULL);
}

/* The same owner as the old one: the service must read it. */
static bool
swap(const char *path, const char *fresh, const char *old, struct mdg_err *err)
{
	struct stat st;

	if (stat(path, &st) == 0 && geteuid() == 0 &&
	    lchown(fresh, st.st_uid, st.st_gid) != 0)
		return file_fail(fresh, err);
	/* link first: the name is never without a key */
	if (link(path, old) != 0 && errno != EEXIST)
		return file_fail(old, err);
	MDG_FAULT("key.linked");
	return rename(fresh, path) == 0 || file_fail(path, err);
}

static bool
rotate(const struct mdg_config *conf, const char *fresh_path, const char *old,
       struct mdg_err *err)
{
	const struct mdg_desk_config dc = {.store = conf->store,
					   .key_file = conf->key_file};
	struct mdg_key fresh = {.bytes = {0}}, on_disk;
	struct mdg_desk *d;

	if (!mdg_desk_open(&dc, &d, err))
		return false;
	/* a rotation that was broken off: the store is sealed with it */
	bool half = mdg_key_load(fresh_path, &on_disk, NULL) &&
		    memcmp(&on_disk, &d->key, sizeof(on_disk)) == 0;
	bool ok = true;
	if (!half) {
		(void)unlink(fresh_path);
		ok = mdg_key_create(fresh_path, &fresh, err);
		MDG_FAULT("key.made");
		ok = ok && mdg_desk_rekey(d, &fresh, err);
		MDG_FAULT("key.rotated");
	}
	mdg_key_clear(&fresh);
	mdg_key_clear(&on_disk);
	mdg_desk_close(&d);
	return ok && swap(conf->key_file, fresh_path, old, err);
}

int
mdg_cli_key_rotate(struct mdg_cli *cli, int argc, char **argv)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_config conf;
	struct mdg_err err;

	(void)argv;
	if (argc > 0)
		return mdg_cli_usage(cli);
	if (!mdg_cli_config(cli, &a, &conf, &err))
		return mdg_cli_fail(cli, &err);
	MDG_AUTO(mdg_freep) char *fresh = mdg_asprintf("%s.new", conf.key_file);
	MDG_AUTO(mdg_freep)
	char *old = mdg_asprintf("%s.old-%" PRId64, conf.key_file, mdg_now_s());
	if (!rotate(&conf, fresh, old, &err))
		return mdg_cli_fail(cli, &err);
	if (cli->json) {
		json_t *o = json_pack("{s:s,s:s}", "key_file", conf.key_file,
				      "old", old);
		mdg_cli_json(o);
		json_decref(o);
		return EX_OK;
	}
	mdg_cli_say(cli, MDG_MSG_cli_key_rotated, conf.key_file, old, NULL);
	return EX_OK;
}
