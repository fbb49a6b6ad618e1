// A main child that leaves its init as many orphans as it is told.
//
//   flood
//     prints "ready". Then for each line of stdin, a number: makes so many orphans, waits until the init has reaped the
//     last, and prints "reaped". Ends with 0 when its stdin ends.
#define _GNU_SOURCE
#include "orphan_batch.h"
#include "tool.h"

enum { BATCH = 1000, ORPHANS_MAX = 10000000, PATIENCE_S = 60, LOOK_NS = 50000 };

// A zombie still answers signal 0; a reaped process does not.
static void await_reaping(const struct orphan_batch *batch) {
	int64_t deadline_ns = now_ns() + PATIENCE_S * 1000000000LL;
	for (int i = 0; i < batch->made; i++) {
		while (kill(batch->pids[i], 0) == 0) {
			sleep_ns(LOOK_NS);
			if (now_ns() < deadline_ns) continue;
			fprintf(stderr, "flood: not all of %d were reaped within %d s\n", batch->made, PATIENCE_S);
			exit(4);
		}
	}
}

int main(int argc, char **argv) {
	static pid_t pids[2][BATCH];
	static char stacks[2][BATCH][ORPHAN_STACK_BYTES] __attribute__((aligned(16)));
	struct orphan_batch batches[2] = {{.pids = pids[0], .stacks = stacks[0]}, {.pids = pids[1], .stacks = stacks[1]}};
	char line[32];
	(void)argv;
	if (argc != 1) return 2;
	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		int left = number(line, 1, ORPHANS_MAX);
		for (int turn = 0; left > 0; turn ^= 1) {
			struct orphan_batch *batch = &batches[turn];
			batch->size = left < BATCH ? left : BATCH;
			if (make_batch(batch) != 0) fail("cannot make orphans");
			// One batch is made while the one before it is reaped.
			await_reaping(&batches[turn ^ 1]);
			left -= batch->size;
		}
		for (int i = 0; i < 2; i++) await_reaping(&batches[i]);
		for (int i = 0; i < 2; i++) batches[i].made = 0;
		printf("reaped\n");
		fflush(stdout);
	}
	return 0;
}
