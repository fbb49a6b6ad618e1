// Sends signals to an init from outside of its namespace, as an engine does, and measures what comes of them.
//
//   send signals FILE PID COUNT one|any
//     COUNT times: waits a little, sends SIGUSR1 to PID, and waits until receive.c has stamped it. Prints for each
//     "latency NS", from before kill(2) to the stamp; then "storm ORPHANS NS", how many it made meanwhile.
//     PID and this program then run on one processor or on any: from one to another, the kernel's choice where to wake a
//     process weighs more than what the init does.
//   send stop FILE PID
//     sends SIGTERM to PID and waits until it is gone. Prints "stopped NS ENDED": from before kill(2) to then, and how many
//     processes of tree.c have ended by their own doing.
#define _GNU_SOURCE
#include "stamps.h"
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { COUNT_MAX = 100000, PATIENCE_S = 10, STOP_PATIENCE_MS = 60000 };
// From one signal to the next; not always as long, so that it keeps no step with the storm.
enum { PAUSE_LEAST_NS = 200000, PAUSE_MOST_NS = 800000 };
enum { REST_NS = 10000000 };

static int64_t next_pause_ns(void) {
	static uint32_t state = 1;
	state = state * 1664525U + 1013904223U; // the same pauses in every run
	return PAUSE_LEAST_NS + (state >> 8) % (PAUSE_MOST_NS - PAUSE_LEAST_NS);
}

static void await_stamp(struct stamps *stamps, int before) {
	const struct timespec patience = {.tv_sec = PATIENCE_S};
	while (__atomic_load_n(&stamps->received, __ATOMIC_ACQUIRE) == before) {
		if (syscall(SYS_futex, &stamps->received, TOOL_FUTEX_WAIT, before, &patience, NULL, 0) == 0) continue;
		if (errno != ETIMEDOUT) continue;
		fprintf(stderr, "send: a signal did not reach the main child within %d s\n", PATIENCE_S);
		exit(1);
	}
}

static int send_signals(struct stamps *stamps, pid_t pid, int count) {
	int64_t *latencies = calloc((size_t)count, sizeof *latencies);
	if (latencies == NULL) fail("no memory");
	prctl(PR_SET_TIMERSLACK, 1UL);
	int64_t begin_ns = now_ns();
	int64_t orphans = __atomic_load_n(&stamps->orphans, __ATOMIC_RELAXED);
	for (int i = 0; i < count; i++) {
		sleep_ns(next_pause_ns());
		int before = __atomic_load_n(&stamps->received, __ATOMIC_ACQUIRE);
		int64_t sent_ns = now_ns();
		if (kill(pid, SIGUSR1) != 0) fail("kill");
		await_stamp(stamps, before);
		latencies[i] = stamps->received_ns - sent_ns;
	}
	orphans = __atomic_load_n(&stamps->orphans, __ATOMIC_RELAXED) - orphans;
	int64_t end_ns = now_ns();
	for (int i = 0; i < count; i++) printf("latency %lld\n", (long long)latencies[i]);
	printf("storm %lld %lld\n", (long long)orphans, (long long)(end_ns - begin_ns));
	return 0;
}

static int send_stop(struct stamps *stamps, pid_t pid) {
	struct pollfd gone = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
	if (gone.fd < 0) fail("pidfd_open");
	sleep_ns(REST_NS); // who has said "ready" a moment ago comes to rest
	int64_t sent_ns = now_ns();
	if (kill(pid, SIGTERM) != 0) fail("kill");
	if (poll(&gone, 1, STOP_PATIENCE_MS) != 1) {
		fprintf(stderr, "send: it had not ended %d s after SIGTERM\n", STOP_PATIENCE_MS / 1000);
		return 1;
	}
	int64_t end_ns = now_ns();
	printf("stopped %lld %d\n", (long long)(end_ns - sent_ns), __atomic_load_n(&stamps->ended, __ATOMIC_SEQ_CST));
	return 0;
}

int main(int argc, char **argv) {
	if (argc == 6 && strcmp(argv[1], "signals") == 0) {
		pid_t pid = number(argv[3], 2, INT32_MAX);
		int count = number(argv[4], 1, COUNT_MAX);
		place_on(argv[5], pid);
		place_on(argv[5], 0);
		return send_signals(map_stamps(argv[2]), pid, count);
	}
	if (argc == 4 && strcmp(argv[1], "stop") == 0) {
		return send_stop(map_stamps(argv[2]), number(argv[3], 2, INT32_MAX));
	}
	fprintf(stderr, "usage: send signals FILE PID COUNT one|any | send stop FILE PID\n");
	return 2;
}
