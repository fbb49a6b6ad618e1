// A main command whose descendants become orphans, so that its init has to reap them.
//
//   orphans BURSTS SIZE LIVE
//     makes LIVE orphans that stay alive, prints "ready" and waits for a line on stdin. Then, BURSTS times: makes SIZE
//     orphans, lets all of them end at one instant, and waits until the init has reaped the last. Prints for each burst
//     "burst ALL_NS LAST_NS": from the instant to the last reaping, and from the last one's own end to it. Then "done"; ends with its stdin.
//
// The orphans are processes that share this one's memory (no thread group, own pid): ten thousand of them fit on a small machine,
// and ending them is cheap, so that what is measured is the reaping.
#define _GNU_SOURCE
#include "tool.h"
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STACK_BYTES = 4096, ORPHANS_MAX = 20000, BURSTS_MAX = 100000, PATIENCE_S = 60, LOOK_NS = 20000 };

// One group of orphans that end together.
struct group {
	int size;
	char *stacks;
	volatile pid_t *pids;
	volatile int made;
	volatile int released; // the futex that they sleep on
	volatile int64_t last_left_ns;
};

static int sleep_until_released(void *argument) {
	struct group *group = argument;
	while (!group->released) syscall(SYS_futex, &group->released, TOOL_FUTEX_WAIT, 0, NULL, NULL, 0);
	group->last_left_ns = now_ns(); // those that leave later overwrite it
	return 0;
}

// The parent that ends at once: its children are orphans then.
static int abandon(void *argument) {
	struct group *group = argument;
	for (group->made = 0; group->made < group->size; group->made++) {
		char *stack_end = group->stacks + (size_t)(group->made + 1) * STACK_BYTES;
		pid_t pid = clone(sleep_until_released, stack_end, CLONE_VM | SIGCHLD, group);
		if (pid < 0) return 1;
		group->pids[group->made] = pid;
	}
	return 0;
}

static struct group *new_group(int size) {
	struct group *group = calloc(1, sizeof *group);
	if (group == NULL) fail("no memory");
	group->size = size;
	group->pids = calloc((size_t)size + 1, sizeof *group->pids);
	group->stacks = mmap(NULL, (size_t)(size + 1) * STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (group->pids == NULL || group->stacks == MAP_FAILED) fail("no memory");
	return group;
}

static void release(struct group *group) {
	group->released = 1;
	syscall(SYS_futex, &group->released, TOOL_FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static void make_orphans(struct group *group) {
	static char stack[65536] __attribute__((aligned(16)));
	int status;
	group->released = 0;
	pid_t parent = clone(abandon, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, group);
	if (parent < 0 || waitpid(parent, &status, 0) != parent) fail("cannot make the orphans' parent");
	if (status != 0) {
		release(group);
		fprintf(stderr, "orphans: only %d of %d processes could be made\n", group->made, group->size);
		exit(3);
	}
}

// A zombie still answers signal 0; a reaped process does not.
static void await_reaping(const struct group *group, int64_t deadline_ns) {
	for (int i = 0; i < group->size; i++) {
		while (kill(group->pids[i], 0) == 0) {
			// One orphan is waited for without sleeping, for an exact time; many must not lose a processor to the onlooker.
			if (group->size > 1) sleep_ns(LOOK_NS);
			else sched_yield();
			if (now_ns() > deadline_ns) {
				fprintf(stderr, "orphans: not all of %d were reaped within %d s\n", group->size, PATIENCE_S);
				exit(4);
			}
		}
	}
}

int main(int argc, char **argv) {
	if (argc != 4) return 2;
	int bursts = number(argv[1], 1, BURSTS_MAX);
	struct group *burst = new_group(number(argv[2], 1, ORPHANS_MAX));
	struct group *live = new_group(number(argv[3], 0, ORPHANS_MAX));
	int64_t(*times)[2] = calloc((size_t)bursts, sizeof *times);
	if (times == NULL) fail("no memory");
	prctl(PR_SET_TIMERSLACK, 1UL);
	if (live->size > 0) make_orphans(live);

	printf("ready\n");
	fflush(stdout);
	if (getchar() == EOF) return 1;
	for (int i = 0; i < bursts; i++) {
		make_orphans(burst);
		int64_t start_ns = now_ns();
		release(burst);
		await_reaping(burst, start_ns + PATIENCE_S * 1000000000LL);
		int64_t end_ns = now_ns();
		times[i][0] = end_ns - start_ns;
		times[i][1] = end_ns - burst->last_left_ns;
	}
	for (int i = 0; i < bursts; i++) printf("burst %lld %lld\n", (long long)times[i][0], (long long)times[i][1]);
	printf("done\n");
	fflush(stdout);
	while (getchar() != EOF) continue;
	return 0;
}
