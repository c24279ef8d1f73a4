/*
 * A private PostgreSQL for tests, and one test body run on every engine.
 *
 * The server lives in a temporary directory, listens on a unix socket there
 * only, and dies with the test program, also when that crashes.
 */
#ifndef MDG_TESTS_PG_H
#define MDG_TESTS_PG_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Starts the server (once) and makes a fresh database in it: url is set to
 * its postgresql:// address. false without server binaries or without libpq
 * in this build; a server that is there and fails to start fails the test.
 */
bool t_pg_start(char *url, size_t n);
void t_pg_stop(void);
/* Ends every connection of the server, as a restart of it would; waits. */
void t_pg_drop_connections(const char *url);

/*
 * Runs test once per engine, each time on the URL of an empty store, which
 * is removed afterwards. PostgreSQL is left out where t_pg_start() is false.
 */
void t_each_engine(void (*test)(const char *url));
/* A test that is skipped where t_each_engine() leaves PostgreSQL out. */
void t_all_engines_ran(void **state);
/* An empty directory, removed with its content by t_dir_remove(). */
char *t_dir_make(char *path, size_t n);
void t_dir_remove(const char *path);

#endif
