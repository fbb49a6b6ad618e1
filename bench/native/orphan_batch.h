// Orphans by the thousand, as cheap as processes can be: each ends at once and is left to the init when its parent ends.
//
// They share this process's memory, and have a small stack each.
#ifndef ORPHAN_BATCH_H
#define ORPHAN_BATCH_H
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/wait.h>

enum { ORPHAN_STACK_BYTES = 1024 };

struct orphan_batch {
	int size;
	volatile int made;
	pid_t *pids;
	char (*stacks)[ORPHAN_STACK_BYTES]; // aligned to 16
};

static int orphan_ends(void *unused) {
	(void)unused;
	return 0;
}

static int abandon_batch(void *argument) {
	struct orphan_batch *batch = argument;
	for (batch->made = 0; batch->made < batch->size; batch->made++) {
		pid_t pid = clone(orphan_ends, batch->stacks[batch->made] + ORPHAN_STACK_BYTES, CLONE_VM | SIGCHLD, NULL);
		if (pid < 0) return 1;
		batch->pids[batch->made] = pid;
	}
	return 0;
}

// Returns 0, or −1 when not all could be made.
static int make_batch(struct orphan_batch *batch) {
	static char stack[16384] __attribute__((aligned(16)));
	int status;
	pid_t parent = clone(abandon_batch, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, batch);
	return parent < 0 || waitpid(parent, &status, 0) != parent || status != 0 ? -1 : 0;
}
#endif
