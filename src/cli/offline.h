/* Commands that open the store themselves: init, restore, import. */
#ifndef MDG_CLI_OFFLINE_H
#define MDG_CLI_OFFLINE_H

#include "desk.h"

/* The file of a SQLite store; NULL for another engine. */
const char *mdg_cli_store_path(const char *store);

int mdg_cli_init(struct mdg_cli *cli, int argc, char **argv);
int mdg_cli_restore(struct mdg_cli *cli, int argc, char **argv);
int mdg_cli_import(struct mdg_cli *cli, int argc, char **argv);

#endif
