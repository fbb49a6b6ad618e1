// What a process within a namespace leaves for one outside: a page of a file that both have mapped.
#ifndef STAMPS_H
#define STAMPS_H
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// futex(2); musl's headers lack those of the kernel.
enum { STAMPS_FUTEX_WAIT = 0, STAMPS_FUTEX_WAKE = 1 };

struct stamps {
	int received;         // signals; the futex that the sender sleeps on
	int64_t received_ns;  // when the last one was
	int64_t orphans;      // made so far by the storm
	int waiting;          // processes of a tree that are ready for their signal
	int ended;            // those that have ended by their own doing
};

// CLOCK_MONOTONIC is the same in all PID namespaces.
static inline int64_t now_ns(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static inline void sleep_ns(int64_t ns) {
	const struct timespec pause = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
	nanosleep(&pause, NULL);
}

static inline _Noreturn void fail(const char *what) {
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

// Ends with 2 when the word is no number of that range.
static inline int number(const char *word, int low, int high) {
	char *end;
	errno = 0;
	long value = strtol(word, &end, 10);
	if (errno != 0 || *end != '\0' || end == word || value < low || value > high) {
		fprintf(stderr, "bench: %s is no number from %d to %d\n", word, low, high);
		exit(2);
	}
	return (int)value;
}

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
