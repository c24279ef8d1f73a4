#include "madoguchi/ipc/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <seccomp.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"

enum { ALLOW_LIST, DENY_LIST, NO_FILTER };

static const struct role {
	const char *program;
	int filter;
	size_t as_bytes;
	bool network; /* resolver and CA files stay readable */
	bool threads;
	bool accepts; /* many connections, none of its own making */
} roles[MDG_ROLE_N] = {
	[MDG_ROLE_CORE] = {"madoguchid", NO_FILTER, 0, false, true, false},
	[MDG_ROLE_PARSE] = {"mdg-parse", ALLOW_LIST, MDG_PARSE_AS_BYTES, false,
			    false, false},
	[MDG_ROLE_TEXT] = {"mdg-text", ALLOW_LIST, MDG_PARSE_AS_BYTES, false,
			   false, false},
	[MDG_ROLE_IMAP] = {"mdg-imap", DENY_LIST, MDG_PARSE_AS_BYTES, true,
			   false, false},
	[MDG_ROLE_SMTP] = {"mdg-smtp", DENY_LIST, MDG_PARSE_AS_BYTES, true,
			   false, false},
	[MDG_ROLE_TOKEN] = {"mdg-token", DENY_LIST, MDG_PARSE_AS_BYTES, true,
			    true, false},
	[MDG_ROLE_WEB] = {"mdg-web", DENY_LIST, MDG_WEB_AS_BYTES, false, false,
			  true},
	[MDG_ROLE_SCAN] = {"mdg-scan", ALLOW_LIST, MDG_PARSE_AS_BYTES, false,
			   false, false},
};

/* What a name look-up and a verified TLS handshake read. */
static const char *const network_paths[] = {
	"/etc/resolv.conf",  "/etc/hosts",	    "/etc/nsswitch.conf",
	"/etc/host.conf",    "/etc/gai.conf",	    "/etc/services",
	"/etc/ssl",	     "/etc/ld.so.cache",    "/usr/share/ca-certificates",
	"/usr/local/share/ca-certificates",	    "/etc/gnutls",
	"/lib",		     "/usr/lib",	    "/run/systemd/resolve",
	"/run/resolvconf",   "/dev/urandom",	    NULL,
};

/* System calls of a process that only computes. mmap, mprotect: see below. */
static const int computing_calls[] = {
	SCMP_SYS(read),		 SCMP_SYS(write),
	SCMP_SYS(readv),	 SCMP_SYS(writev),
	SCMP_SYS(recvfrom),	 SCMP_SYS(sendto),
	SCMP_SYS(recvmsg),	 SCMP_SYS(sendmsg),
	SCMP_SYS(poll),		 SCMP_SYS(ppoll),
	SCMP_SYS(close),	 SCMP_SYS(fstat),
	SCMP_SYS(lseek),	 SCMP_SYS(exit),
	SCMP_SYS(exit_group),	 SCMP_SYS(brk),
	SCMP_SYS(munmap),	 SCMP_SYS(mremap),
	SCMP_SYS(madvise),	 SCMP_SYS(futex),
	SCMP_SYS(rt_sigreturn),	 SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(clock_gettime), SCMP_SYS(restart_syscall),
	SCMP_SYS(getrandom),	 SCMP_SYS(getpid),
	SCMP_SYS(gettid),	 SCMP_SYS(sched_yield),
	SCMP_SYS(sysinfo),	 SCMP_SYS(getrusage),
};

/* Libraries probe for these; they get a plain "no". */
static const int probed_calls[] = {
	SCMP_SYS(open),	      SCMP_SYS(openat),	   SCMP_SYS(openat2),
	SCMP_SYS(stat),	      SCMP_SYS(lstat),	   SCMP_SYS(newfstatat),
	SCMP_SYS(statx),      SCMP_SYS(access),	   SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2), SCMP_SYS(readlink),  SCMP_SYS(readlinkat),
	SCMP_SYS(socket),     SCMP_SYS(connect),   SCMP_SYS(ioctl),
	SCMP_SYS(fcntl),      SCMP_SYS(prlimit64), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(ptrace),     SCMP_SYS(kill),	   SCMP_SYS(tgkill),
	SCMP_SYS(uname),      SCMP_SYS(getdents64),
};

/* What a process that talks to a server never needs. */
static const int denied_calls[] = {
	SCMP_SYS(ptrace),	   SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev), SCMP_SYS(kill),
	SCMP_SYS(tkill),	   SCMP_SYS(tgkill),
	SCMP_SYS(rt_sigqueueinfo), SCMP_SYS(rt_tgsigqueueinfo),
	SCMP_SYS(pidfd_open),	   SCMP_SYS(pidfd_getfd),
	SCMP_SYS(pidfd_send_signal), SCMP_SYS(execve),
	SCMP_SYS(execveat),	   SCMP_SYS(fork),
	SCMP_SYS(vfork),	   SCMP_SYS(unshare),
	SCMP_SYS(setns),	   SCMP_SYS(mount),
	SCMP_SYS(umount2),	   SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),	   SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open), SCMP_SYS(keyctl),
	SCMP_SYS(add_key),	   SCMP_SYS(request_key),
	SCMP_SYS(userfaultfd),	   SCMP_SYS(io_uring_setup),
	SCMP_SYS(bind),		   SCMP_SYS(listen),
	SCMP_SYS(init_module),	   SCMP_SYS(finit_module),
	SCMP_SYS(kexec_load),	   SCMP_SYS(open_by_handle_at),
};

const char *
mdg_role_program(enum mdg_role role)
{
	return role < MDG_ROLE_N ? roles[role].program : "?";
}

static void
limit(int what, rlim_t n)
{
	struct rlimit rl = {n, n};

	setrlimit((__rlimit_resource_t)what, &rl);
}

static void
apply_rlimits(const struct role *role)
{
	limit(RLIMIT_CORE, 0);
#ifndef MDG_SANITIZERS
	limit(RLIMIT_AS, role->as_bytes);
	if (role->filter == ALLOW_LIST) {
		/* a log that is a file loses the line, not the worker */
		signal(SIGXFSZ, SIG_IGN);
		limit(RLIMIT_FSIZE, 0);
	}
#else
	(void)role; /* the sanitizers' reports may go to a file */
#endif
	limit(RLIMIT_NOFILE, role->accepts ? MDG_WEB_FILES_MAX : 256);
}

/* ---- Landlock ---- */

enum {
	READ_RIGHTS = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
};

/* Every file right that this kernel's Landlock knows. */
static unsigned long long
known_rights(long abi)
{
	unsigned long long all = (1ULL << 13) - 1;

	if (abi >= 2)
		all |= 1ULL << 13; /* REFER */
	if (abi >= 3)
		all |= 1ULL << 14; /* TRUNCATE */
	if (abi >= 5)
		all |= 1ULL << 15; /* IOCTL_DEV */
	return all;
}

static bool
allow_path(int ruleset, const char *path, struct mdg_err *err)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	char probe;

	if (fd < 0)
		return true; /* not here: nothing to allow */
	struct landlock_path_beneath_attr rule = {.parent_fd = fd};
	rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
	/* "x/." exists only for folders */
	if (readlinkat(fd, "", &probe, 1) < 0 &&
	    faccessat(fd, ".", F_OK, 0) == 0)
		rule.allowed_access = READ_RIGHTS;
	long rc = syscall(SYS_landlock_add_rule, ruleset,
			  LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	int saved = errno;
	close(fd);
	if (rc != 0)
		return mdg_fail(err, MDG_EIO, "landlock rule for %s: %s", path,
				strerror(saved));
	return true;
}

static bool
allow_paths(int ruleset, const char *const *paths, struct mdg_err *err)
{
	for (; paths && *paths; paths++)
		if (!allow_path(ruleset, *paths, err))
			return false;
	return true;
}

static bool
apply_landlock(const struct role *role, const char *const *ro_paths,
	       struct mdg_err *err)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
			   LANDLOCK_CREATE_RULESET_VERSION);

	if (abi < 1) {
		mdg_warn("no Landlock in this kernel: file access of %s is "
			 "limited by seccomp only",
			 role->program);
		return true;
	}
	struct landlock_ruleset_attr attr = {
		.handled_access_fs = known_rights(abi),
	};
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr,
				   sizeof(attr), 0);
	if (ruleset < 0)
		return mdg_fail(err, MDG_EIO, "landlock: %s", strerror(errno));
	bool ok = allow_paths(ruleset, ro_paths, err) &&
		  (!role->network || allow_paths(ruleset, network_paths, err));
	if (ok && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		ok = mdg_fail(err, MDG_EIO, "landlock: %s", strerror(errno));
	close(ruleset);
	return ok;
}

/* ---- seccomp ---- */

static bool
add_calls(scmp_filter_ctx ctx, uint32_t action, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int rc = seccomp_rule_add(ctx, action, calls[i], 0);
		/* unknown to this libseccomp or architecture: not reachable */
		if (rc != 0 && rc != -EDOM && rc != -EFAULT && rc != -EEXIST)
			return false;
	}
	return true;
}

/* Memory may be mapped and protected, but never made executable. */
static bool
add_memory_calls(scmp_filter_ctx ctx)
{
	return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
				SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
				SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS,
					MAP_ANONYMOUS)) == 0 &&
	       seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
}

/*
 * No child processes; a thread where the role has them. clone3 hides its flags
 * from a filter: told that it does not exist, libc takes clone instead.
 */
static bool
add_clone_calls(scmp_filter_ctx ctx, bool threads)
{
	if (!threads)
		return seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM),
					SCMP_SYS(clone), 0) == 0 &&
		       seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM),
					SCMP_SYS(clone3), 0) == 0;
	return seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
				SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD,
					0)) == 0 &&
	       seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3),
				0) == 0;
}

static bool
fill_filter(scmp_filter_ctx ctx, const struct role *role)
{
	if (role->filter == ALLOW_LIST)
		return add_calls(ctx, SCMP_ACT_ALLOW, computing_calls,
				 MDG_LEN(computing_calls)) &&
		       add_calls(ctx, SCMP_ACT_ERRNO(EACCES), probed_calls,
				 MDG_LEN(probed_calls)) &&
		       add_memory_calls(ctx);
	/* our own control socket would take this uid for the admin's */
	if (!add_calls(ctx, SCMP_ACT_ERRNO(EPERM), denied_calls,
		       MDG_LEN(denied_calls)) ||
	    !add_clone_calls(ctx, role->threads))
		return false;
	if (role->accepts)
		return seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES),
					SCMP_SYS(socket), 0) == 0 &&
		       seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES),
					SCMP_SYS(connect), 0) == 0;
	return seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket),
				1, SCMP_A0(SCMP_CMP_EQ, AF_UNIX, 0)) == 0;
}

static bool
apply_seccomp(const struct role *role, struct mdg_err *err)
{
	uint32_t otherwise = SCMP_ACT_ALLOW;

#ifndef MDG_SANITIZERS
	if (role->filter == ALLOW_LIST)
		otherwise = SCMP_ACT_KILL_PROCESS;
#else
	if (role->filter == ALLOW_LIST)
		return true;
#endif
	scmp_filter_ctx ctx = seccomp_init(otherwise);
	bool ok = ctx && fill_filter(ctx, role) && seccomp_load(ctx) == 0;
	seccomp_release(ctx);
	if (!ok)
		return mdg_fail(err, MDG_EIO, "seccomp filter not accepted");
	return true;
}

bool
mdg_confine(enum mdg_role which, const char *const *ro_paths,
	    struct mdg_err *err)
{
	const struct role *role = &roles[which];

#ifdef MDG_SANITIZERS
	/* the search for leaks needs what a confined process may not do */
	if (getenv("MDG_UNCONFINED"))
		return true;
#endif
	if (prctl(PR_SET_DUMPABLE, 0) != 0)
		return mdg_fail(err, MDG_EIO, "prctl: %s", strerror(errno));
	if (role->filter == NO_FILTER)
		return true;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return mdg_fail(err, MDG_EIO, "prctl: %s", strerror(errno));
	apply_rlimits(role);
	return apply_landlock(role, ro_paths, err) && apply_seccomp(role, err);
}
