// What every tool of the benchmarks needs: the clock, numbers from its command line, an end with a message.
#ifndef TOOL_H
#define TOOL_H
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// futex(2); musl's headers lack those of the kernel.
enum { TOOL_FUTEX_WAIT = 0, TOOL_FUTEX_WAKE = 1 };

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
#endif
