/* madoguchi backup: copies, encrypted or not, and whether they can be trusted. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "madoguchi/base/str.h"
#include "madoguchi/crypto/digest.h"
#include "madoguchi/crypto/seal.h"
#include "madoguchi/store/st_desk.h"
#include "madoguchi/store/st_ticket.h"

#include "offline.h"

enum { KEY_TEXT = 2 * MDG_VAULT_KEY_BYTES };

/* ---- keys ---- */

/* 64 hexadecimal digits and a line end. */
static bool
read_key(const char *path, unsigned char *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};

	if (!mdg_cli_read_text(path, 1024, &text, err))
		return false;
	while (text.len && strchr("\r\n ", text.ptr[text.len - 1]))
		text.ptr[--text.len] = '\0';
	return (text.len == KEY_TEXT &&
		mdg_unhex(mdg_buf_str(&text), ret, MDG_VAULT_KEY_BYTES)) ||
	       mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_vault_no_key, path, NULL);
}

static bool
write_key(const char *path, const unsigned char *key, mode_t mode,
	  struct mdg_err *err)
{
	char text[KEY_TEXT + 2];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	mdg_hex(key, MDG_VAULT_KEY_BYTES, text);
	text[KEY_TEXT] = '\n';
	bool ok = fd >= 0 &&
		  write(fd, text, KEY_TEXT + 1) == KEY_TEXT + 1 &&
		  fsync(fd) == 0;
	int why = errno;
	if (fd >= 0)
		close(fd);
	return ok || mdg_fail_msg(err, MDG_EIO, MDG_MSG_cli_file_write, path,
				  strerror(why), NULL);
}

static int
run_keygen(struct mdg_cli *cli, int argc, char **argv)
{
	static const struct mdg_opt none[] = {{NULL, NULL, NULL}};
	struct mdg_vault_pair pair;
	struct mdg_err err;

	if (!mdg_cli_options(cli, none, &argc, argv))
		return EX_USAGE;
	if (argc != 1)
		return mdg_cli_usage(cli);
	MDG_AUTO(mdg_freep) char *public = mdg_asprintf("%s.pub", argv[0]);
	mdg_crypto_init();
	mdg_vault_pair_new(&pair);
	bool ok = write_key(argv[0], pair.secret, 0600, &err) &&
		  write_key(public, pair.public, 0644, &err);
	mdg_vault_pair_clear(&pair);
	if (!ok)
		return mdg_cli_fail(cli, &err);
	mdg_cli_say(cli, MDG_MSG_cli_backup_keygen, argv[0], public, NULL);
	return EX_OK;
}

/* ---- making one ---- */

/* The daemon has another working directory than the person. */
static bool
whole_path(const char *path, json_t *args, struct mdg_err *err)
{
	char cwd[4096];

	if (*path == '/') {
		json_object_set_new(args, "file", json_string(path));
		return true;
	}
	if (!getcwd(cwd, sizeof(cwd)))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_backup_path, path,
				    NULL);
	MDG_AUTO(mdg_freep) char *whole = mdg_asprintf("%s/%s", cwd, path);
	json_object_set_new(args, "file", json_string(whole));
	return true;
}

/* The daemon is told the public key only; the passphrase stays here. */
static bool
recipient(struct mdg_cli *cli, const char *phrase_file, const char *key_file,
	  json_t *args, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf phrase = {0};
	struct mdg_vault_pair pair = {.salt = {0}};
	char text[2 * (MDG_VAULT_KEY_BYTES + MDG_VAULT_SALT_BYTES) + 1];

	if (!phrase_file && !key_file)
		return true;
	mdg_crypto_init();
	bool ok = key_file ? read_key(key_file, pair.public, err)
			   : mdg_cli_read_password(cli, phrase_file, &phrase,
						   err) &&
				     mdg_vault_pair_derive(
					     mdg_buf_str(&phrase), NULL, &pair,
					     err);
	if (phrase.ptr)
		explicit_bzero(phrase.ptr, phrase.len);
	mdg_hex(pair.public, sizeof(pair.public), text);
	mdg_hex(pair.salt, sizeof(pair.salt), text + KEY_TEXT);
	mdg_vault_pair_clear(&pair);
	if (ok)
		json_object_set_new(args, "recipient", json_string(text));
	return ok;
}

static int
run_backup(struct mdg_cli *cli, int argc, char **argv)
{
	const char *phrase = NULL, *key = NULL;
	const struct mdg_opt opts[] = {
		{"passphrase-file", &phrase, NULL},
		{"to-key", &key, NULL},
		{NULL, NULL, NULL},
	};
	struct mdg_err err;
	int status;

	if (!mdg_cli_options(cli, opts, &argc, argv))
		return EX_USAGE;
	if (argc != 1 || (phrase && key))
		return mdg_cli_usage(cli);
	json_t *args = json_object();
	if (!whole_path(argv[0], args, &err) ||
	    !recipient(cli, phrase, key, args, &err))
		status = mdg_cli_fail(cli, &err);
	else
		status = mdg_desk_do(
			cli, (const struct mdg_desk_cmd *)cli->cmd, args);
	json_decref(args);
	return status;
}

static void
print_backup(struct mdg_cli *cli, const json_t *result)
{
	mdg_cli_say(cli, MDG_MSG_cli_backup_done, mdg_json_text(result, "file"),
		    NULL);
}

/* ---- opening one ---- */

static bool
key_for(struct mdg_cli *cli, const char *path, const unsigned char *salt,
	bool by_phrase, const struct mdg_cli_unlock *how,
	struct mdg_vault_pair *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf phrase = {0};
	unsigned char secret[MDG_VAULT_KEY_BYTES];

	if (by_phrase ? !how->passphrase_file && !isatty(STDIN_FILENO)
		      : !how->key_file)
		return mdg_fail_msg(err, MDG_EPERM,
				    by_phrase ? MDG_MSG_vault_need_phrase
					      : MDG_MSG_vault_need_key,
				    path, NULL);
	if (!by_phrase) {
		if (!read_key(how->key_file, secret, err))
			return false;
		mdg_vault_pair_of(secret, ret);
		explicit_bzero(secret, sizeof(secret));
		return true;
	}
	bool ok = mdg_cli_read_password(cli, how->passphrase_file, &phrase,
					err) &&
		  mdg_vault_pair_derive(mdg_buf_str(&phrase), salt, ret, err);
	if (phrase.ptr)
		explicit_bzero(phrase.ptr, phrase.len);
	return ok;
}

bool
mdg_cli_unlock(struct mdg_cli *cli, const char *path,
	       const struct mdg_cli_unlock *how, const char *plain,
	       const char **ret, struct mdg_err *err)
{
	unsigned char salt[MDG_VAULT_SALT_BYTES];
	struct mdg_vault_pair pair;
	bool by_phrase;
	int in = open(path, O_RDONLY | O_CLOEXEC);

	*ret = path;
	if (in < 0)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_cli_file_read,
				    path, strerror(errno), NULL);
	mdg_crypto_init();
	if (!mdg_vault_peek(in, salt, &by_phrase)) {
		close(in);
		return true;
	}
	bool ok = key_for(cli, path, salt, by_phrase, how, &pair, err);
	(void)unlink(plain);
	int out = ok ? open(plain, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			    0600)
		     : -1;
	if (ok && out < 0)
		ok = mdg_fail_msg(err, MDG_EIO, MDG_MSG_cli_file_write, plain,
				  strerror(errno), NULL);
	ok = ok && mdg_vault_open(in, out, &pair, path, err);
	mdg_vault_pair_clear(&pair);
	close(in);
	if (out >= 0)
		close(out);
	if (!ok)
		(void)unlink(plain);
	*ret = plain;
	return ok;
}

/* ---- verify ---- */

/* The secrets of a backup open with the key that belongs to it. */
static bool
key_fits(const struct mdg_config *conf, struct mdg_db *db, bool *ret,
	 struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf sealed = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf plain = {0};
	struct mdg_key key;
	struct mdg_err why;

	*ret = false;
	if (mdg_secret_get(db, "mac", &sealed, err) == MDG_FAILED)
		return false;
	if (!mdg_key_load(conf->key_file, &key, &why))
		return true;
	*ret = mdg_unseal(&key, "mac", mdg_buf_span(&sealed), &plain, &why);
	if (plain.ptr)
		explicit_bzero(plain.ptr, plain.len);
	mdg_key_clear(&key);
	return true;
}

static bool
count_all(struct mdg_db *db, json_t *out, struct mdg_err *err)
{
	static const struct {
		const char *name, *sql;
	} counts[] = {
		{"tickets", "SELECT COUNT(*) FROM ticket"},
		{"messages", "SELECT COUNT(*) FROM message"},
		{"mails", "SELECT COUNT(*) FROM delivery"},
		{"customers", "SELECT COUNT(*) FROM customer"},
		{"outbox", "SELECT COUNT(*) FROM outbox"},
	};
	int64_t n;

	for (size_t i = 0; i < MDG_LEN(counts); i++) {
		if (mdg_db_i64(db, &n, err, counts[i].sql, "") != MDG_FOUND)
			return false;
		json_object_set_new(out, counts[i].name, json_integer(n));
	}
	return true;
}

static bool
verify(const struct mdg_config *conf, const char *path, json_t *out,
       struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *whole = realpath(path, NULL);
	MDG_AUTO(mdg_freep)
	char *url = mdg_asprintf("sqlite:%s", whole ? whole : path);
	struct mdg_audit audit;
	struct mdg_db *db;
	bool fits;

	if (!mdg_db_open(url, MDG_DB_READONLY, &db, err))
		return false;
	bool ok = mdg_cli_check_backup(db, whole ? whole : path, &audit,
				       err) &&
		  count_all(db, out, err) && key_fits(conf, db, &fits, err);
	mdg_db_close(&db);
	if (!ok)
		return false;
	json_object_set_new(out, "events", json_integer(audit.events));
	json_object_set_new(out, "key_fits", json_boolean(fits));
	return true;
}

static void
print_verified(struct mdg_cli *cli, const json_t *o, const char *path)
{
	char tickets[24], mails[24], events[24];

	snprintf(tickets, sizeof(tickets), "%" PRId64,
		 mdg_json_int(o, "tickets"));
	snprintf(mails, sizeof(mails), "%" PRId64, mdg_json_int(o, "mails"));
	snprintf(events, sizeof(events), "%" PRId64, mdg_json_int(o, "events"));
	mdg_cli_say(cli, MDG_MSG_cli_backup_whole, path, tickets, mails, events,
		    NULL);
	if (!json_is_true(json_object_get(o, "key_fits")))
		mdg_cli_say(cli, MDG_MSG_cli_backup_other_key, NULL);
}

static int
run_verify(struct mdg_cli *cli, int argc, char **argv)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_cli_unlock how = {NULL, NULL};
	const struct mdg_opt opts[] = {
		{"passphrase-file", &how.passphrase_file, NULL},
		{"key", &how.key_file, NULL},
		{NULL, NULL, NULL},
	};
	struct mdg_config conf;
	struct mdg_err err;
	const char *path;

	if (!mdg_cli_options(cli, opts, &argc, argv))
		return EX_USAGE;
	if (argc != 1)
		return mdg_cli_usage(cli);
	MDG_AUTO(mdg_freep) char *plain = mdg_asprintf("%s.opened", argv[0]);
	json_t *o = json_object();
	bool ok = mdg_cli_config(cli, &a, &conf, &err) &&
		  mdg_cli_unlock(cli, argv[0], &how, plain, &path, &err);
	if (ok) {
		ok = verify(&conf, path, o, &err);
		if (path == plain)
			mdg_cli_drop_store(plain);
	}
	if (ok && cli->json)
		mdg_cli_json(o);
	else if (ok)
		print_verified(cli, o, argv[0]);
	json_decref(o);
	return ok ? EX_OK : mdg_cli_fail(cli, &err);
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_backup[] = {
	{.cmd = {"backup", "FILE [--passphrase-file FILE|-] [--to-key FILE]",
		 MDG_MSG_cli_help_backup, run_backup},
	 .act = "backup", .print = print_backup},
	{.cmd = {"backup keygen", "FILE", MDG_MSG_cli_help_backup_keygen,
		 run_keygen}},
	{.cmd = {"backup verify",
		 "FILE [--passphrase-file FILE|-] [--key FILE]",
		 MDG_MSG_cli_help_backup_verify, run_verify}},
	{.cmd = {.name = NULL}},
};
// clang-format on
