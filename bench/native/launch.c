// Starts inits the way a container engine does, with nothing around the measured stretch.
//
//   launch time pid1|subreaper WARMUP ROUNDS :: COMMAND… [:: COMMAND…]…
//     each round starts each command once and waits for it; the order rotates, and runs backwards every second
//     turn, so that no command always follows the same one. Afterwards a line for each start:
//     ROUND COMMAND NANOSECONDS FAULTS, with the time from before execve to the end and the page faults of the init
//     and what it waited for. A command that does not end with 0 ends the whole run with 1.
//   launch run COUNT COMMAND…
//     starts COUNT inits, each PID 1 of a namespace of its own, prints "pids PID…" (the machine's numbers) and waits for all.
//   launch in CGROUP …
//     does the same as a member of that cgroup, given by its folder.
//
// Where a COMMAND is "etc FOLDER COMMAND…", it is started with that folder as its /etc: each start of "time" with a fresh one,
// as the first start of a container has it, all inits of "run" with the same one. Neither making nor removing it is timed.
//
// Why in C: to start a process from Node takes longer than the inits themselves, and varies more.
#define _GNU_SOURCE
#include "own_etc.h"
#include "tool.h"
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COMMANDS_MAX = 16, ROUNDS_MAX = 100000, INITS_MAX = 5000 };

struct start {
	char **command;
	int64_t exec_ns;
};

struct sample {
	int64_t duration_ns;
	long faults;
};

static _Noreturn void cannot(const char *doing, const char *what) {
	fprintf(stderr, "launch: cannot %s %s: %s\n", doing, what, strerror(errno));
	exit(1);
}

static int begin(void *argument) {
	struct start *start = argument;
	// A killed launcher must not leave an init behind; the setting outlives execve.
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	start->exec_ns = now_ns();
	execv(start->command[0], start->command);
	_exit(127);
}

// The child shares this memory until its execve, so its time stamp arrives and no page tables are copied.
static pid_t start_init(struct start *start, int namespace) {
	static char stack[65536] __attribute__((aligned(16)));
	pid_t pid = clone(begin, stack + sizeof stack, namespace | CLONE_VM | CLONE_VFORK | SIGCHLD, start);
	if (pid < 0) cannot("clone for", start->command[0]);
	return pid;
}

static struct sample measure(char **command, int namespace) {
	struct start start = {.command = command};
	struct rusage usage;
	int status;
	pid_t pid = start_init(&start, namespace);
	if (wait4(pid, &status, 0, &usage) != pid) cannot("wait for", command[0]);
	int64_t end_ns = now_ns();
	if (status != 0) {
		fprintf(stderr, "launch: %s ended with wait status 0x%x\n", command[0], (unsigned)status);
		exit(1);
	}
	return (struct sample){end_ns - start.exec_ns, usage.ru_minflt + usage.ru_majflt};
}

// The files of a command's own /etc; NULL: it has the machine's.
static const char *layer_of(char **command) {
	int has_own = strcmp(command[0], "etc") == 0 && command[1] != NULL && command[2] != NULL;
	return has_own ? command[1] : NULL;
}

// In a process between: its mount namespace, which the init is started in, ends with it, after the measurement.
static void measure_apart(struct sample *sample, char **command, int namespace) {
	int status;
	pid_t between = fork();
	if (between < 0) cannot("fork for", command[0]);
	if (between == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		take_own_etc(layer_of(command));
		*sample = measure(command + 2, namespace);
		_exit(0);
	}
	if (waitpid(between, &status, 0) != between) cannot("wait for", command[0]);
	if (status != 0) exit(1); // it has said why
}

static int place(int round, int position, int count) {
	int turned = (round + position) % count;
	return round / count % 2 == 0 ? turned : count - 1 - turned;
}

static int split(char **words, char **commands[COMMANDS_MAX]) {
	int count = 0;
	for (; *words != NULL; words++) {
		if (strcmp(*words, "::") != 0) continue;
		*words = NULL; // ends the command before
		if (count == COMMANDS_MAX || words[1] == NULL) return 0;
		commands[count++] = words + 1;
	}
	return count;
}

static int time_starts(int namespace, int warmup, int rounds, char **words) {
	char **commands[COMMANDS_MAX];
	int count = split(words, commands);
	if (count == 0) return 2;
	// One more for the warm-up; shared with the processes that measure apart.
	size_t bytes = ((size_t)rounds * (size_t)count + 1) * sizeof(struct sample);
	struct sample *samples = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (samples == MAP_FAILED) cannot("remember", "all rounds");
	for (int round = -warmup; round < rounds; round++) {
		for (int position = 0; position < count; position++) {
			int which = place(round + warmup, position, count);
			struct sample *sample = &samples[round < 0 ? rounds * count : round * count + which];
			if (layer_of(commands[which]) != NULL) measure_apart(sample, commands[which], namespace);
			else *sample = measure(commands[which], namespace);
		}
	}
	for (int i = 0; i < rounds * count; i++) {
		printf("%d %d %lld %ld\n", i / count, i % count, (long long)samples[i].duration_ns, samples[i].faults);
	}
	munmap(samples, bytes);
	return 0;
}

static int run_inits(int count, char **command) {
	static char line[INITS_MAX * 8]; // the pids must reach the pipe in one piece: the inits' commands write into it as well
	const char *layer = layer_of(command);
	struct start start = {.command = layer == NULL ? command : command + 2};
	int failures = 0;
	if (layer != NULL) take_own_etc(layer);
	setvbuf(stdout, line, _IOFBF, sizeof line);
	printf("pids");
	for (int i = 0; i < count; i++) printf(" %d", start_init(&start, CLONE_NEWPID));
	printf("\n");
	fflush(stdout);
	for (int status; count > 0 && wait(&status) > 0; count--) failures += status != 0;
	return failures == 0 ? 0 : 1;
}

static void enter_cgroup(const char *folder) {
	char file[PATH_MAX];
	snprintf(file, sizeof file, "%s/cgroup.procs", folder);
	FILE *members = fopen(file, "we");
	if (members == NULL || fputs("0", members) < 0 || fclose(members) != 0) cannot("enter", folder);
}

int main(int argc, char **argv) {
	if (argc > 3 && strcmp(argv[1], "in") == 0) {
		enter_cgroup(argv[2]);
		argc -= 2;
		argv += 2;
	}
	if (argc > 5 && strcmp(argv[1], "time") == 0) {
		int namespace = strcmp(argv[2], "pid1") == 0 ? CLONE_NEWPID : 0;
		return time_starts(namespace, number(argv[3], 0, 1000), number(argv[4], 1, ROUNDS_MAX), argv + 5);
	}
	if (argc > 3 && strcmp(argv[1], "run") == 0) return run_inits(number(argv[2], 1, INITS_MAX), argv + 3);
	fprintf(stderr, "usage: launch time pid1|subreaper WARMUP ROUNDS :: COMMAND… | launch run COUNT COMMAND… | launch in CGROUP …\n");
	return 2;
}
