/* madoguchi init: a new desk, from a few answers. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "madoguchi/app/act.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/migrate.h"

#include "offline.h"

struct answers {
	const char *window, *window_name, *address;
	const char *admin, *admin_name, *admin_email, *admin_uid;
	const char *approval, *receipt, *zone;
	bool yes;
	bool again; /* one of them was refused: each is proposed once more */
};

/* ---- questions ---- */

struct question {
	const char *option;
	const char **value;
	const char *proposal; /* NULL: there is none */
	enum mdg_msg ask;
};

static bool
ask(const struct mdg_cli *cli, const struct question *q, struct mdg_arena *a)
{
	char line[1024];

	for (;;) {
		fputs(mdg_msg_text(cli->lang, q->ask), stderr);
		fprintf(stderr, q->proposal ? " [%s]: " : ": ", q->proposal);
		if (!fgets(line, sizeof(line), stdin))
			return false;
		line[strcspn(line, "\r\n")] = '\0';
		if (*line && mdg_utf8_valid(line, strlen(line)))
			*q->value = mdg_arena_strdup(a, line);
		else if (q->proposal)
			*q->value = q->proposal;
		if (*q->value)
			return true;
	}
}

static bool
can_ask(const struct answers *v)
{
	return isatty(STDIN_FILENO) && !v->yes;
}

/* Every question is an option too; a script answers none of them. */
static bool
ask_all(const struct mdg_cli *cli, struct answers *v, struct mdg_arena *a,
	struct mdg_err *err)
{
	bool tty = can_ask(v);
	struct question questions[] = {
		{"--window-name", &v->window_name, NULL, MDG_MSG_init_name},
		{"--address", &v->address, NULL, MDG_MSG_init_address},
		{"--window", &v->window, "main", MDG_MSG_init_window},
		{"--admin", &v->admin, "admin", MDG_MSG_init_admin},
		{"--admin-name", &v->admin_name, NULL, MDG_MSG_init_admin_name},
		{"--admin-email", &v->admin_email, NULL,
		 MDG_MSG_init_admin_email},
		{"--approval", &v->approval, "novice", MDG_MSG_init_approval},
		{"--receipt", &v->receipt, "no", MDG_MSG_init_receipt},
		{"--zone", &v->zone, "Asia/Tokyo", MDG_MSG_init_zone},
	};

	for (size_t i = 0; i < MDG_LEN(questions); i++) {
		struct question *q = &questions[i];
		if (v->again) {
			q->proposal = *q->value;
			*q->value = NULL;
		}
		if (*q->value && !mdg_utf8_valid(*q->value, strlen(*q->value)))
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_cli_no_utf8, NULL);
		if (*q->value && **q->value)
			continue;
		if (!tty && q->proposal)
			*q->value = q->proposal;
		else if (!tty || !ask(cli, q, a))
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_cli_option_missing,
					    q->option, NULL);
	}
	return true;
}

/* ---- files ---- */

const char *
mdg_cli_store_path(const char *store)
{
	if (mdg_str_starts(store, "sqlite:/"))
		return store + strlen("sqlite:");
	return *store == '/' ? store : NULL;
}

/* The folder of path, made if only it is missing; ours alone. */
static bool
make_folder(const char *path, struct mdg_err *err)
{
	const char *slash = strrchr(path, '/');

	MDG_AUTO(mdg_freep)
	char *dir = mdg_strndup(path, (size_t)(slash - path));
	if (!*dir || mkdir(dir, 0750) == 0 || errno == EEXIST)
		return true;
	return mdg_fail_msg(err, MDG_EIO, MDG_MSG_init_no_folder, dir,
			    strerror(errno), NULL);
}

static const char *const store_parts[] = {"", "-wal", "-shm", ".lock"};

/*
 * root sets up for the user whose folder it is; otherwise the daemon could
 * not open what root made.
 */
static void
hand_over(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct stat st;

	MDG_AUTO(mdg_freep)
	char *dir = mdg_strndup(path, (size_t)(slash - path));
	if (geteuid() != 0 || stat(*dir ? dir : "/", &st) != 0 || !st.st_uid)
		return;
	for (size_t i = 0; i < MDG_LEN(store_parts); i++) {
		MDG_AUTO(mdg_freep)
		char *p = mdg_asprintf("%s%s", path, store_parts[i]);
		if (lchown(p, st.st_uid, st.st_gid) != 0 && errno != ENOENT)
			perror(p);
	}
}

static void
take_back(const char *path)
{
	for (size_t i = 0; i < MDG_LEN(store_parts); i++) {
		MDG_AUTO(mdg_freep)
		char *p = mdg_asprintf("%s%s", path, store_parts[i]);
		unlink(p);
	}
}

/* ---- the desk ---- */

static bool
act(struct mdg_desk *d, const char *name, json_t *args, struct mdg_err *err)
{
	json_t *result = NULL;
	bool ok = mdg_act_call(d, &mdg_actor_system, name, args, &result, err);

	json_decref(result);
	json_decref(args);
	return ok;
}

static bool
put_settings(struct mdg_desk *d, struct mdg_err *err)
{
	char now[24];

	snprintf(now, sizeof(now), "%" PRId64, mdg_now_s());
	if (!mdg_desk_begin(d, err))
		return false;
	if (mdg_setting_put(d->db, "live_since_s", now, err) &&
	    mdg_setting_put(d->db, "sending", "off", err) &&
	    mdg_desk_event(d, &mdg_actor_system, NULL, "desk.init", NULL, NULL,
			   err))
		return mdg_desk_commit(d, err);
	mdg_desk_rollback(d);
	return false;
}

static bool
put_window(struct mdg_desk *d, const struct answers *v, struct mdg_err *err)
{
	json_t *args = json_pack("{s:s,s:s,s:s,s:s}", "code", v->window, "name",
				 v->window_name, "address", v->address,
				 "approval", v->approval);

	if (!mdg_cli_window_defaults(args, v->zone, err)) {
		json_decref(args);
		return false;
	}
	return act(d, "window.add", args, err);
}

static bool
put_admin(struct mdg_desk *d, const struct mdg_cli *cli,
	  const struct answers *v, struct mdg_err *err)
{
	json_t *args =
		json_pack("{s:s,s:s,s:s,s:b,s:s,s:s,s:s}", "login", v->admin,
			  "name", v->admin_name, "email", v->admin_email,
			  "admin", 1, "window", v->window, "role", "admin",
			  "lang", cli->lang == MDG_LANG_JA ? "ja" : "en");
	int64_t uid;

	if (v->admin_uid && mdg_str_i64(v->admin_uid, 0, UINT32_MAX, &uid))
		json_object_set_new(args, "uid", json_integer(uid));
	return act(d, "user.add", args, err);
}

static int
is_template(const struct dirent *e)
{
	return e->d_name[0] != '.' && mdg_str_ends(e->d_name, ".txt");
}

static bool
put_template(struct mdg_desk *d, const char *dir, const char *name,
	     struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	MDG_AUTO(mdg_freep) char *path = mdg_asprintf("%s/%s", dir, name);

	return mdg_cli_read_text(path, MDG_TEMPLATE_BYTES_MAX, &text, err) &&
	       act(d, "template.put",
		   json_pack("{s:o,s:s}", "id",
			     json_stringn(name, strlen(name) - strlen(".txt")),
			     "source", mdg_buf_str(&text)),
		   err);
}

static bool
put_templates(struct mdg_desk *d, const char *dir, int *ret_n,
	      struct mdg_err *err)
{
	struct dirent **v;
	int n = scandir(dir, &v, is_template, alphasort);
	bool ok = true;

	*ret_n = n < 0 ? 0 : n;
	for (int i = 0; i < n; i++) {
		ok = ok && put_template(d, dir, v[i]->d_name, err);
		free(v[i]);
	}
	if (n >= 0)
		free(v);
	return ok;
}

static bool
put_receipt(struct mdg_desk *d, const struct answers *v, struct mdg_err *err)
{
	if (!mdg_streq(v->receipt, "yes") && !mdg_streq(v->receipt, "no"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_init_receipt_which,
				    v->receipt, NULL);
	return mdg_streq(v->receipt, "no") ||
	       act(d, "window.receipt",
		   json_pack("{s:s,s:s}", "window", v->window, "template",
			     "receipt-auto"),
		   err);
}

/* A PostgreSQL database is there before its desk is. */
static bool
is_new(struct mdg_desk *d, const char *store, struct mdg_err *err)
{
	return d->live_since_s == 0 ||
	       mdg_fail_msg(err, MDG_EEXIST, MDG_MSG_init_exists, store, NULL);
}

static bool
fill(const struct mdg_cli *cli, const struct mdg_config *conf,
     const struct answers *v, int *ret_templates, struct mdg_err *err)
{
	const struct mdg_desk_config dc = {
		.store = conf->store,
		.key_file = conf->key_file,
		.create = true,
	};
	struct mdg_desk *d;

	if (!mdg_desk_open(&dc, &d, err))
		return false;
	bool ok = is_new(d, conf->store, err) && put_settings(d, err) &&
		  put_window(d, v, err) && put_admin(d, cli, v, err) &&
		  put_templates(d, conf->templates_dir, ret_templates, err) &&
		  put_receipt(d, v, err);
	mdg_desk_close(&d);
	return ok;
}

static bool
set_up(const struct mdg_cli *cli, const struct mdg_config *conf,
       const struct answers *v, int *ret_templates, struct mdg_err *err)
{
	const char *path = mdg_cli_store_path(conf->store);
	bool new_key = access(conf->key_file, F_OK) != 0;
	struct mdg_key key = {.bytes = {0}};

	if (path && access(path, F_OK) == 0)
		return mdg_fail_msg(err, MDG_EEXIST, MDG_MSG_init_exists, path,
				    NULL);
	if ((path && !make_folder(path, err)) ||
	    !make_folder(conf->key_file, err))
		return false;
	mdg_crypto_init();
	if (new_key && !mdg_key_create(conf->key_file, &key, err))
		return false;
	mdg_key_clear(&key);
	bool ok = fill(cli, conf, v, ret_templates, err);
	if (!ok && path)
		take_back(path);
	if (!ok && new_key)
		unlink(conf->key_file);
	if (ok && path)
		hand_over(path);
	if (ok && new_key)
		hand_over(conf->key_file);
	return ok;
}

static void
report(struct mdg_cli *cli, const struct mdg_config *conf,
       const struct answers *v, int templates)
{
	char n[16];

	if (cli->json) {
		json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:i}", "store",
				      conf->store, "key_file", conf->key_file,
				      "window", v->window, "admin", v->admin,
				      "templates", templates);
		mdg_cli_json(o);
		json_decref(o);
		return;
	}
	snprintf(n, sizeof(n), "%d", templates);
	mdg_cli_say(cli, MDG_MSG_init_done, v->window_name, conf->store,
		    conf->key_file, n, NULL);
	if (templates == 0)
		mdg_cli_say(cli, MDG_MSG_init_no_templates, conf->templates_dir,
			    NULL);
	mdg_cli_say(cli, MDG_MSG_init_next, v->window, NULL);
}

int
mdg_cli_init(struct mdg_cli *cli, int argc, char **argv)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct answers v = {.yes = false};
	const struct mdg_opt opts[] = {
		{"window", &v.window, NULL},
		{"window-name", &v.window_name, NULL},
		{"address", &v.address, NULL},
		{"admin", &v.admin, NULL},
		{"admin-name", &v.admin_name, NULL},
		{"admin-email", &v.admin_email, NULL},
		{"admin-uid", &v.admin_uid, NULL},
		{"approval", &v.approval, NULL},
		{"receipt", &v.receipt, NULL},
		{"zone", &v.zone, NULL},
		{"yes", NULL, &v.yes},
		{NULL, NULL, NULL},
	};
	struct mdg_config conf;
	struct mdg_err err;
	int templates = 0;

	if (!mdg_cli_options(cli, opts, &argc, argv))
		return EX_USAGE;
	if (argc > 0)
		return mdg_cli_usage(cli);
	if (!mdg_cli_config(cli, &a, &conf, &err))
		return mdg_cli_fail(cli, &err);
	for (;;) {
		if (!ask_all(cli, &v, &a, &err))
			return mdg_cli_fail(cli, &err);
		if (set_up(cli, &conf, &v, &templates, &err))
			break;
		int status = mdg_cli_fail(cli, &err);
		if (err.code != MDG_EINVAL || !can_ask(&v))
			return status;
		v.again = true;
	}
	report(cli, &conf, &v, templates);
	return EX_OK;
}
