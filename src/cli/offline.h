/* Commands that open the store themselves: init, restore, import. */
#ifndef MDG_CLI_OFFLINE_H
#define MDG_CLI_OFFLINE_H

#include "desk.h"

int mdg_cli_init(struct mdg_cli *cli, int argc, char **argv);
int mdg_cli_restore(struct mdg_cli *cli, int argc, char **argv);
int mdg_cli_import(struct mdg_cli *cli, int argc, char **argv);

#endif
