// What a process within a namespace leaves for one outside: a page of a file that both have mapped.
#ifndef STAMPS_H
#define STAMPS_H
#include "tool.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

struct stamps {
	int received;         // signals; the futex that the sender sleeps on
	int64_t received_ns;  // when the last one was
	int64_t orphans;      // made so far by the storm
	int waiting;          // processes of a tree that are ready for their signal
	int ended;            // those that have ended by their own doing
};

// "one": keeps the process on the first processor that it may use; "any": leaves it to the kernel. Else ends with 2.
static inline void place_on(const char *processors, pid_t pid) {
	cpu_set_t allowed;
	if (strcmp(processors, "any") == 0) return;
	if (strcmp(processors, "one") != 0) exit(2);
	if (sched_getaffinity(pid, sizeof allowed, &allowed) != 0) fail("sched_getaffinity");
	int first = 0;
	while (first < CPU_SETSIZE - 1 && !CPU_ISSET(first, &allowed)) first++;
	CPU_ZERO(&allowed);
	CPU_SET(first, &allowed);
	if (sched_setaffinity(pid, sizeof allowed, &allowed) != 0) fail("sched_setaffinity");
}

static inline struct stamps *map_stamps(const char *file) {
	int descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (descriptor < 0 || ftruncate(descriptor, sizeof(struct stamps)) != 0) fail("cannot make the file of stamps");
	struct stamps *stamps = mmap(NULL, sizeof *stamps, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
	if (stamps == MAP_FAILED) fail("cannot map the file of stamps");
	close(descriptor);
	return stamps;
}
#endif
