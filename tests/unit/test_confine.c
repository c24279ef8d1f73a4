/*
 * What a worker could try once it is taken over, tried: each attempt in a
 * process of its own, after the real confinement of each role. It has to fail
 * or cost the process its life.
 */
#include "t.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "madoguchi/ipc/confine.h"

static char store[64], socket_path[64];
static pid_t core;

/* ---- the attempts: true if it worked ---- */

static bool
opens_the_store(void)
{
	return open(store, O_RDONLY) >= 0;
}

static bool
writes_a_file(void)
{
	return open("/tmp/mdg-confine-new", O_CREAT | O_WRONLY, 0600) >= 0;
}

static bool
reads_the_memory_of_the_core(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)core);
	return open(path, O_RDONLY) >= 0;
}

static bool
traces_the_core(void)
{
	return ptrace(PTRACE_ATTACH, core, NULL, NULL) == 0;
}

static bool
kills_the_core(void)
{
	return kill(core, 0) == 0;
}

static bool
speaks_to_the_control_socket(void)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(sa.sun_path, socket_path, sizeof(socket_path));
	return fd >= 0 && connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0;
}

static bool
connects_somewhere(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool
starts_a_program(void)
{
	char *const argv[] = {"true", NULL};

	execv("/bin/true", argv);
	return false; /* a start that works ends with status 0: see below */
}

static bool
forks(void)
{
	return fork() >= 0;
}

static bool
becomes_dumpable(void)
{
	return prctl(PR_GET_DUMPABLE) != 0;
}

static const struct {
	const char *name;
	bool (*attempt)(void);
	bool needs_seccomp; /* Landlock alone does not forbid it */
} attempts[] = {
	{"open the store", opens_the_store, false},
	{"write a file", writes_a_file, false},
	{"read the core's memory", reads_the_memory_of_the_core, false},
	{"trace the core", traces_the_core, false},
	{"signal the core", kills_the_core, true},
	{"speak to the control socket", speaks_to_the_control_socket, true},
	{"start a program", starts_a_program, false},
	{"fork", forks, true},
	{"be dumpable", becomes_dumpable, false},
};

enum { FAILED_AS_IT_SHOULD = 7, WORKED = 8, NOT_CONFINED = 9 };

/* true: the attempt came to nothing. */
static bool
held(enum mdg_role role, bool (*attempt)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct mdg_err err;
		/* the sanitizers' leak check must not run in here */
		if (!mdg_confine(role, NULL, &err))
			_exit(NOT_CONFINED);
		_exit(attempt() ? WORKED : FAILED_AS_IT_SHOULD);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status))
		return WEXITSTATUS(status) == FAILED_AS_IT_SHOULD;
	return WTERMSIG(status) == SIGSYS;
}

static void
try_all(enum mdg_role role, bool has_seccomp)
{
	for (size_t i = 0; i < MDG_LEN(attempts); i++) {
		if (attempts[i].needs_seccomp && !has_seccomp)
			continue;
		if (!held(role, attempts[i].attempt))
			fail_msg("%s may %s", mdg_role_program(role),
				 attempts[i].name);
	}
}

#ifdef MDG_SANITIZERS
enum { SECCOMP_FOR_ALL = false };
#else
enum { SECCOMP_FOR_ALL = true };
#endif

static void
the_parser_can_reach_nothing(void **state)
{
	(void)state;
	try_all(MDG_ROLE_PARSE, SECCOMP_FOR_ALL);
}

static void
the_reader_of_words_can_reach_nothing(void **state)
{
	(void)state;
	try_all(MDG_ROLE_TEXT, SECCOMP_FOR_ALL);
}

static void
the_imap_worker_reaches_its_server_only(void **state)
{
	(void)state;
	try_all(MDG_ROLE_IMAP, true);
}

static void
the_smtp_worker_reaches_its_server_only(void **state)
{
	(void)state;
	try_all(MDG_ROLE_SMTP, true);
}

static void
the_token_worker_reaches_its_server_only(void **state)
{
	(void)state;
	try_all(MDG_ROLE_TOKEN, true);
}

/* It has the connection it was made with, and gets no other. */
static void
the_scanner_worker_opens_no_connection(void **state)
{
	(void)state;
	try_all(MDG_ROLE_SCAN, SECCOMP_FOR_ALL);
	if (SECCOMP_FOR_ALL)
		assert_true(held(MDG_ROLE_SCAN, connects_somewhere));
}

static void
the_web_worker_opens_no_connection(void **state)
{
	(void)state;
	try_all(MDG_ROLE_WEB, true);
	assert_true(held(MDG_ROLE_WEB, connects_somewhere));
	assert_false(held(MDG_ROLE_IMAP, connects_somewhere));
}

static int
set_up(void **state)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd;

	(void)state;
	core = getpid();
	snprintf(store, sizeof(store), "/tmp/mdg-confine-%d.db", (int)core);
	snprintf(socket_path, sizeof(socket_path), "/tmp/mdg-confine-%d.sock",
		 (int)core);
	fd = open(store, O_CREAT | O_WRONLY, 0600);
	close(fd);
	memcpy(sa.sun_path, socket_path, sizeof(socket_path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0 ||
	    listen(fd, 10) != 0)
		return -1;
	/* the attempts themselves work as long as nothing is confined */
	return opens_the_store() && kills_the_core() &&
			       speaks_to_the_control_socket()
		       ? 0
		       : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(store);
	unlink(socket_path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_parser_can_reach_nothing),
		cmocka_unit_test(the_reader_of_words_can_reach_nothing),
		cmocka_unit_test(the_imap_worker_reaches_its_server_only),
		cmocka_unit_test(the_smtp_worker_reaches_its_server_only),
		cmocka_unit_test(the_token_worker_reaches_its_server_only),
		cmocka_unit_test(the_scanner_worker_opens_no_connection),
		cmocka_unit_test(the_web_worker_opens_no_connection),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
