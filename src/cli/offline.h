/* Commands that open the store themselves: init, restore, import. */
#ifndef MDG_CLI_OFFLINE_H
#define MDG_CLI_OFFLINE_H

#include "madoguchi/crypto/vault.h"
#include "madoguchi/store/st_ticket.h"

#include "desk.h"

/* The file of a SQLite store; NULL for another engine. */
const char *mdg_cli_store_path(const char *store);

/* Opens, is whole, is of a version we know, and its events are unbroken. */
bool mdg_cli_check_backup(struct mdg_db *db, const char *path,
			  struct mdg_audit *audit, struct mdg_err *err);
/* How an encrypted backup is opened. */
struct mdg_cli_unlock {
	const char *passphrase_file, *key_file;
};
/* *ret: path itself, or `plain`, into which it was decrypted. */
bool mdg_cli_unlock(struct mdg_cli *cli, const char *path,
		    const struct mdg_cli_unlock *how, const char *plain,
		    const char **ret, struct mdg_err *err);
/*
 * Customers who were erased in the old store after the fresh one was made, and
 * are in it again: their numbers, the caller's. What was erased of the old one
 * does not come into the fresh one from the servers either.
 */
bool mdg_cli_restore_erased(struct mdg_db *old, struct mdg_db *fresh,
			    json_t **ret, struct mdg_err *err);
/* Removes a store with what SQLite puts beside it. */
void mdg_cli_drop_store(const char *path);

int mdg_cli_key_rotate(struct mdg_cli *cli, int argc, char **argv);
int mdg_cli_init(struct mdg_cli *cli, int argc, char **argv);
int mdg_cli_restore(struct mdg_cli *cli, int argc, char **argv);
int mdg_cli_import(struct mdg_cli *cli, int argc, char **argv);

#endif
