// What an engine does besides a PID namespace that an init can notice: a /proc that shows the container's processes.
//
//   contain COMMAND…
//     as PID 1 of its namespace: takes a mount namespace of its own, mounts a new /proc in it and becomes the command.
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static int fail(const char *what) {
	fprintf(stderr, "contain: %s: %s\n", what, strerror(errno));
	return 126;
}

int main(int argc, char **argv) {
	if (argc < 2) return 2;
	// Anywhere else the mount would hide the machine's own /proc from a process that is not in its namespace.
	if (getpid() != 1) {
		fprintf(stderr, "contain: only as PID 1\n");
		return 2;
	}
	if (unshare(CLONE_NEWNS) != 0) return fail("unshare");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return fail("private mounts");
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0) return fail("mount /proc");
	execv(argv[1], argv + 1);
	return fail(argv[1]);
}
