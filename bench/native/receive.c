// A main child that is sent signals: it stamps each one's arrival.
//
//   receive FILE HELPERS one|any
//     prints "ready", then stamps every SIGUSR1 in FILE (stamps.h) and wakes who waits for it there. HELPERS processes
//     meanwhile make orphans, BATCH of them every PERIOD each. Ends with 0 when its
//     stdin ends. It runs on one processor or on any.
#define _GNU_SOURCE
#include "orphan_batch.h"
#include "stamps.h"
#include <limits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { HELPERS_MAX = 16, BATCH = 50, PERIOD_NS = 5000000, GENERATIONS = 10 };

static _Noreturn void watch_stdin(void) {
	char byte;
	while (read(0, &byte, 1) > 0) continue;
	_exit(0);
}

// At a steady pace, so that each init has the same storm, however fast it reaps.
static _Noreturn void make_storm(struct stamps *stamps, int64_t next_ns) {
	static pid_t pids[BATCH];
	static char stacks[GENERATIONS][BATCH][ORPHAN_STACK_BYTES] __attribute__((aligned(16)));
	struct orphan_batch batch = {.size = BATCH, .pids = pids};
	for (int turn = 0;; turn = (turn + 1) % GENERATIONS) {
		batch.stacks = stacks[turn]; // whose orphans of before have ended long ago
		int64_t wait_ns = next_ns - now_ns();
		if (wait_ns > 0) sleep_ns(wait_ns);
		else next_ns = now_ns(); // too late: what was missed is not made up for
		if (make_batch(&batch) != 0) _exit(3);
		__atomic_add_fetch(&stamps->orphans, BATCH, __ATOMIC_RELAXED);
		next_ns += PERIOD_NS;
	}
}

// Their signals are blocked as ours are: an init may send to the whole group.
static pid_t start(struct stamps *stamps, int64_t first_ns) {
	pid_t pid = fork();
	if (pid < 0) fail("cannot make a helper");
	if (pid > 0) return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (stamps == NULL) watch_stdin();
	make_storm(stamps, first_ns);
}

int main(int argc, char **argv) {
	if (argc != 4) return 2;
	int helpers = number(argv[2], 0, HELPERS_MAX);
	place_on(argv[3], 0);
	struct stamps *stamps = map_stamps(argv[1]);
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);

	pid_t watcher = start(NULL, 0);
	for (int i = 0; i < helpers; i++) start(stamps, now_ns() + i * PERIOD_NS / helpers);
	if (write(1, "ready\n", 6) != 6) return 1;
	while (sigwaitinfo(&signals, NULL) == SIGUSR1) {
		stamps->received_ns = now_ns();
		__atomic_add_fetch(&stamps->received, 1, __ATOMIC_RELEASE);
		syscall(SYS_futex, &stamps->received, TOOL_FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
	}
	// One of them has ended: stdin's watcher, or a helper that could make no more processes.
	return waitpid(-1, NULL, WNOHANG) == watcher ? 0 : 1;
}
