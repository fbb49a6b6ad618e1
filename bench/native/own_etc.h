// An /etc as a fresh container has it: files that lie ready below, and above them, in memory, what is written.
#ifndef OWN_ETC_H
#define OWN_ETC_H
#include "tool.h"
#include <limits.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

static _Noreturn void no_own_etc(const char *doing) {
	fprintf(stderr, "launch: no files of its own in etc: cannot %s: %s\n", doing, strerror(errno));
	exit(1);
}

// From here on this process and what it starts see the folder `layer` as /etc, and nobody else sees what they write to it.
static inline void take_own_etc(const char *layer) {
	char options[PATH_MAX + 64];
	int length = snprintf(options, sizeof options, "lowerdir=%s,upperdir=/etc/upper,workdir=/etc/work", layer);
	if (length >= (int)sizeof options) errno = ENAMETOOLONG, no_own_etc("name its files");
	if (unshare(CLONE_NEWNS) != 0) no_own_etc("make a mount namespace");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) no_own_etc("make mounts private");
	// The upper layer's file system is hidden by the overlay that it is for, so that no other folder is needed.
	if (mount("tmpfs", "/etc", "tmpfs", 0, "mode=0755") != 0) no_own_etc("mount a tmpfs");
	if (mkdir("/etc/upper", 0755) != 0 || mkdir("/etc/work", 0755) != 0) no_own_etc("make its folders");
	if (mount("overlay", "/etc", "overlay", 0, options) != 0) no_own_etc("mount an overlay");
}
#endif
