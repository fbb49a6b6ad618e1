// What a container has that a supervisor can notice, and the moment of its start.
//
//   stage PIPE LAYER PROGRAMS COMMAND…
//     as PID 1 of its namespace: a mount namespace of its own with a new /proc, an empty /run and, where LAYER is not "-", that
//     folder as its /etc; what lies in the folder PROGRAMS lies in /usr/bin too, unless it is "-"; then writes "begin NANOSECONDS" to the named pipe and becomes the command.
#define _GNU_SOURCE
#include "../../native/own_etc.h"
#include "../../native/tool.h"
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

int main(int argc, char **argv) {
	if (argc < 5) return 2;
	// Anywhere else the mounts would hide the machine's own from a process that is not in its namespace.
	if (getpid() != 1) {
		fprintf(stderr, "stage: only as PID 1\n");
		return 2;
	}
	if (strcmp(argv[2], "-") != 0) take_own_etc(argv[2]);
	else if (unshare(CLONE_NEWNS) != 0) fail("unshare");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail("private mounts");
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0) fail("mount /proc");
	if (mount("tmpfs", "/run", "tmpfs", 0, "mode=0755") != 0) fail("mount /run");
	if (strcmp(argv[3], "-") != 0) {
		// s6 looks for its programs where its package would have installed them.
		char options[PATH_MAX + 64];
		int length = snprintf(options, sizeof options, "lowerdir=%s:/usr/bin", argv[3]);
		if (length >= (int)sizeof options) errno = ENAMETOOLONG, fail(argv[3]);
		if (mount("overlay", "/usr/bin", "overlay", 0, options) != 0) fail("mount programs");
	}
	int pipe = open(argv[1], O_WRONLY | O_CLOEXEC);
	if (pipe < 0) fail(argv[1]);
	if (dprintf(pipe, "begin %lld\n", (long long)now_ns()) < 0) fail("say when");
	execv(argv[4], argv + 4);
	fail(argv[4]);
}
