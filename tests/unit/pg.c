#include "pg.h"

#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "t.h"

/* ---- directories ------------------------------------------------------ */

char *
t_dir_make(char *path, size_t n)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(path, n, "%s/mdg-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(path));
	return path;
}

void
t_dir_remove(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		char name[PATH_MAX];
		struct stat st;
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		if (lstat(name, &st) == 0 && S_ISDIR(st.st_mode))
			t_dir_remove(name);
		else
			unlink(name);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

/* ---- engines ---------------------------------------------------------- */

void
t_each_engine(void (*test)(const char *url))
{
	char dir[256], url[512];

	t_dir_make(dir, sizeof(dir));
	snprintf(url, sizeof(url), "sqlite:%s/desk.db", dir);
	test(url);
	t_dir_remove(dir);
	if (t_pg_start(url, sizeof(url)))
		test(url);
}

void
t_all_engines_ran(void **state)
{
	char url[512];

	(void)state;
	if (!t_pg_start(url, sizeof(url)))
		skip();
}

/* ---- the server ------------------------------------------------------- */

#ifdef MDG_HAVE_PQ
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

static struct {
	char bin[256]; /* directory of the server's programs */
	char dir[64];
	pid_t pid;
	pid_t owner; /* the process that started it */
	int databases_n;
} server;

static bool
find_bin(void)
{
	const char *given = getenv("MDG_PG_BINDIR");
	glob_t g;

	if (given) {
		snprintf(server.bin, sizeof(server.bin), "%s", given);
		return true;
	}
	if (glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &g) != 0)
		return false;
	/* sorted: the last one is the newest */
	snprintf(server.bin, sizeof(server.bin), "%s",
		 g.gl_pathv[g.gl_pathc - 1]);
	*strrchr(server.bin, '/') = '\0';
	globfree(&g);
	return true;
}

/* The server refuses to run as root. */
static void
become_harmless(void)
{
	struct passwd *pw = getpwnam("nobody");

	if (geteuid() != 0)
		return;
	if (!pw || setgroups(0, NULL) != 0 || setgid(pw->pw_gid) != 0 ||
	    setuid(pw->pw_uid) != 0)
		_exit(126);
}

static pid_t
spawn(char *argv[])
{
	char log[128], program[512];
	pid_t parent = getpid();

	snprintf(log, sizeof(log), "%s/log", server.dir);
	snprintf(program, sizeof(program), "%s/%s", server.bin, argv[0]);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	become_harmless();
	int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (fd < 0 || chdir(server.dir) != 0)
		_exit(126);
	dup2(fd, 1);
	dup2(fd, 2);
	/* SIGQUIT: stop at once; also if we are killed */
	prctl(PR_SET_PDEATHSIG, SIGQUIT);
	if (getppid() != parent)
		_exit(126);
	argv[0] = program; /* it looks for its siblings beside itself */
	execv(program, argv);
	_exit(127);
}

static void
show_log(void)
{
	char name[128], line[512];

	snprintf(name, sizeof(name), "%s/log", server.dir);
	FILE *f = fopen(name, "r");
	while (f && fgets(line, sizeof(line), f))
		fprintf(stderr, "# %s", line);
	if (f)
		fclose(f);
}

static void
base_url(char *url, size_t n, const char *name)
{
	snprintf(url, n, "postgresql://mdg@/%s?host=%s", name, server.dir);
}

static void
wait_ready(void)
{
	char url[256];
	const struct timespec pause = {.tv_nsec = 10000000};

	base_url(url, sizeof(url), "postgres");
	for (int i = 0; i < 3000; i++) {
		int status;
		if (PQping(url) == PQPING_OK)
			return;
		if (waitpid(server.pid, &status, WNOHANG) == server.pid)
			break;
		nanosleep(&pause, NULL);
	}
	show_log();
	fail_msg("the private PostgreSQL did not start");
}

static void
start(void)
{
	char *init[] = {"initdb", "-D", "data", "-U",         "mdg", "-A",
			"trust",  "-E", "UTF8", "--locale=C", "-N",  NULL};
	char *run[] = {"postgres",
		       "-D",
		       "data",
		       "-k",
		       server.dir,
		       "-c",
		       "listen_addresses=",
		       "-c",
		       "fsync=off",
		       "-c",
		       "full_page_writes=off",
		       "-c",
		       "shared_buffers=16MB",
		       "-c",
		       "max_connections=20",
		       NULL};
	struct passwd *pw = getpwnam("nobody");
	int status;

	snprintf(server.dir, sizeof(server.dir), "/tmp/mdg-pg-XXXXXX");
	assert_non_null(mkdtemp(server.dir));
	server.owner = getpid();
	atexit(t_pg_stop);
	if (geteuid() == 0 && pw)
		assert_int_equal(chown(server.dir, pw->pw_uid, pw->pw_gid), 0);
	pid_t pid = spawn(init);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0) {
		show_log();
		fail_msg("initdb failed");
	}
	server.pid = spawn(run);
	wait_ready();
}

static void
on_server(const char *url, const char *sql)
{
	PGconn *c = PQconnectdb(url);
	PGresult *res = PQexec(c, sql);
	ExecStatusType s = PQresultStatus(res);

	if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(c));
	PQclear(res);
	PQfinish(c);
}

bool
t_pg_start(char *url, size_t n)
{
	char root[256], sql[64], name[16];

	if (!server.bin[0] && !find_bin())
		return false;
	if (!server.pid)
		start();
	base_url(root, sizeof(root), "postgres");
	snprintf(name, sizeof(name), "t%d", ++server.databases_n);
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s", name);
	on_server(root, sql);
	base_url(url, n, name);
	return true;
}

void
t_pg_stop(void)
{
	if (!server.dir[0] || server.owner != getpid())
		return;
	if (server.pid > 0) {
		kill(server.pid, SIGQUIT);
		waitpid(server.pid, NULL, 0);
	}
	t_dir_remove(server.dir);
	memset(&server, 0, sizeof(server));
}

void
t_pg_drop_connections(const char *url)
{
	on_server(url, "SELECT pg_terminate_backend(pid, 10000)"
		       " FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
		       " AND backend_type = 'client backend'");
}

#else

bool
t_pg_start(char *url, size_t n)
{
	(void)url;
	(void)n;
	return false;
}

void
t_pg_stop(void)
{
}

void
t_pg_drop_connections(const char *url)
{
	(void)url;
}

#endif
