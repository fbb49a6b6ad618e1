/*
 * orphans COUNT [WAVES]
 *
 * Makes COUNT orphans that are alive at the same time ("adopted"), waits for a byte on stdin, and lets
 * all of them end at once ("released"); the same once more for each wave. Then it waits for a signal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *text)
{
	dprintf(STDOUT_FILENO, "%s\n", text);
}

/* The child of a parent that ends at once; it ends when the last writer of the gate has gone. */
static void orphan(const int *gate)
{
	char byte;
	close(gate[1]);
	ssize_t got = read(gate[0], &byte, 1);
	_exit(got == 0 ? 0 : 1);
}

static int make_orphans(int count, const int *gate)
{
	pid_t parent = fork();
	if (parent == 0) {
		for (int i = 0; i < count; i++) {
			pid_t child = fork();
			if (child == 0)
				orphan(gate);
			if (child < 0)
				_exit(1);
		}
		_exit(0);
	}
	int status;
	return parent > 0 && waitpid(parent, &status, 0) == parent && status == 0;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 1;
	int waves = argc > 2 ? atoi(argv[2]) : 1;
	for (int wave = 0; wave < waves; wave++) {
		int gate[2];
		char byte;
		if (pipe(gate) < 0 || !make_orphans(count, gate)) {
			say("failed");
			return 1;
		}
		say("adopted");
		if (read(STDIN_FILENO, &byte, 1) != 1)
			return 1;
		close(gate[0]);
		close(gate[1]);
		say("released");
	}
	for (;;)
		pause();
}
