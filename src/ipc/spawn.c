#include "madoguchi/ipc/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/str.h"
#include "madoguchi/ipc/chan.h"

/* The first of the three places that holds an executable of this name. */
static char *
find_program(const char *name)
{
	char self[4096];
	const char *env = getenv("MDG_LIBEXEC");

	if (env)
		return mdg_asprintf("%s/%s", env, name);
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n > 0) {
		self[n] = '\0';
		char *slash = strrchr(self, '/');
		char *beside = mdg_asprintf("%.*s/%s", (int)(slash - self),
					    self, name);
		if (access(beside, X_OK) == 0)
			return beside;
		free(beside);
	}
	return mdg_asprintf("%s/%s", MDG_LIBEXECDIR, name);
}

/* ---- held ---- */

enum { HELD_MAX = 12, HELD_FD_MIN = 16, EXEC_FD = MDG_WORKER_FD + 1 };

/* What this process is made of; as the process itself, there is one. */
static struct held {
	char *name, *path;
	int fd;
	struct stat was;
} held[HELD_MAX];

static const struct held *
find_held(const char *name)
{
	for (size_t i = 0; i < HELD_MAX && held[i].name; i++)
		if (mdg_streq(held[i].name, name) && held[i].fd >= 0)
			return &held[i];
	return NULL;
}

void
mdg_spawn_hold(const char *const *names)
{
	for (size_t i = 0; names[i] && i < HELD_MAX; i++) {
		struct held *h = &held[i];
		h->name = mdg_strdup(names[i]);
		h->path = find_program(names[i]);
		int fd = open(h->path, O_PATH | O_CLOEXEC);
		/* out of the way of what the child puts where it belongs */
		h->fd = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, HELD_FD_MIN);
		if (fd >= 0)
			close(fd);
		if (h->fd >= 0 && fstat(h->fd, &h->was) != 0) {
			close(h->fd);
			h->fd = -1;
		}
	}
}

bool
mdg_spawn_replaced(void)
{
	for (size_t i = 0; i < HELD_MAX && held[i].name; i++) {
		struct stat now;
		if (held[i].fd >= 0 && (stat(held[i].path, &now) != 0 ||
					now.st_ino != held[i].was.st_ino ||
					now.st_dev != held[i].was.st_dev))
			return true;
	}
	return false;
}

/* ---- fork and exec ---- */

/* Between fork and exec: only async-signal-safe calls. exec_fd -1: by path. */
static void
become(const char *path, int exec_fd, const char *const *argv, int sock,
       pid_t parent)
{
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	if (dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		_exit(127);
	if (sock == MDG_WORKER_FD) {
		if (fcntl(sock, F_SETFD, 0) < 0)
			_exit(127);
	} else if (dup2(sock, MDG_WORKER_FD) < 0) {
		_exit(127);
	}
	if (exec_fd >= 0 && dup3(exec_fd, EXEC_FD, O_CLOEXEC) < 0)
		_exit(127);
	close_range(exec_fd < 0 ? EXEC_FD : EXEC_FD + 1, ~0U, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (exec_fd >= 0)
		execveat(EXEC_FD, "", (char *const *)argv, environ,
			 AT_EMPTY_PATH);
	else
		execv(path, (char *const *)argv);
	_exit(127);
}

bool
mdg_spawn(const char *const *argv, pid_t *ret_pid, int *ret_fd,
	  struct mdg_err *err)
{
	int pair[2];
	const struct held *h = find_held(argv[0]);
	MDG_AUTO(mdg_freep) char *path = find_program(argv[0]);

	if (!h && access(path, X_OK) != 0)
		return mdg_fail(err, MDG_EIO, "program %s: %s", path,
				strerror(errno));
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return mdg_fail(err, MDG_EIO, "socketpair: %s",
				strerror(errno));
	pid_t parent = getpid();
	bool spent = mdg_fault_spent(argv[0]);
	pid_t pid = fork();
	if (pid < 0) {
		close(pair[0]);
		close(pair[1]);
		return mdg_fail(err, MDG_EIO, "fork: %s", strerror(errno));
	}
	if (pid == 0 && spent)
		unsetenv("MDG_FAULT");
	if (pid == 0)
		become(path, h ? h->fd : -1, argv, pair[1], parent);
	close(pair[1]);
	*ret_pid = pid;
	*ret_fd = pair[0];
	return true;
}
