// A main child with descendants, all of which end as soon as they are sent SIGTERM, and count that they did.
//
//   tree FILE SIZE alone|together
//     prints "ready" when SIZE processes, itself among them, wait for SIGTERM. Each adds itself to `ended` in FILE (stamps.h)
//     before it ends: those that are missing there were killed. "alone" the main child passes nothing on; "together" it
//     sends SIGTERM to the others and waits for them before it ends itself.
#define _GNU_SOURCE
#include "stamps.h"
#include <signal.h>
#include <sys/wait.h>

enum { SIZE_MAX_TREE = 5000, LOOK_NS = 200000 };

static void await_term(const sigset_t *term) {
	while (sigwaitinfo(term, NULL) != SIGTERM) continue;
}

static _Noreturn void end(struct stamps *stamps) {
	__atomic_add_fetch(&stamps->ended, 1, __ATOMIC_SEQ_CST);
	_exit(0);
}

int main(int argc, char **argv) {
	static pid_t pids[SIZE_MAX_TREE];
	if (argc != 4 || (strcmp(argv[3], "alone") != 0 && strcmp(argv[3], "together") != 0)) return 2;
	int others = number(argv[2], 1, SIZE_MAX_TREE) - 1;
	struct stamps *stamps = map_stamps(argv[1]);
	sigset_t term;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	for (int i = 0; i < others; i++) {
		pids[i] = fork();
		if (pids[i] < 0) fail("cannot make a process of the tree");
		if (pids[i] > 0) continue;
		__atomic_add_fetch(&stamps->waiting, 1, __ATOMIC_SEQ_CST);
		await_term(&term);
		end(stamps);
	}
	while (__atomic_load_n(&stamps->waiting, __ATOMIC_SEQ_CST) < others) sleep_ns(LOOK_NS);
	if (write(1, "ready\n", 6) != 6) return 1;
	await_term(&term);
	if (strcmp(argv[3], "together") == 0) {
		for (int i = 0; i < others; i++) kill(pids[i], SIGTERM);
		while (wait(NULL) > 0) continue;
	}
	end(stamps);
}
