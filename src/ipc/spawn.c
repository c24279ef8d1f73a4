#include "madoguchi/ipc/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/fault.h"
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

/* Between fork and exec: only async-signal-safe calls. */
static void
become(const char *path, const char *const *argv, int sock, pid_t parent)
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
	close_range(MDG_WORKER_FD + 1, ~0U, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	execv(path, (char *const *)argv);
	_exit(127);
}

bool
mdg_spawn(const char *const *argv, pid_t *ret_pid, int *ret_fd,
	  struct mdg_err *err)
{
	int pair[2];
	MDG_AUTO(mdg_freep) char *path = find_program(argv[0]);

	if (access(path, X_OK) != 0)
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
		become(path, argv, pair[1], parent);
	close(pair[1]);
	*ret_pid = pid;
	*ret_fd = pair[0];
	return true;
}
