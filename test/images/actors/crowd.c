/*
 * crowd COUNT
 *
 * For each line on stdin makes COUNT orphans that are alive at the same time ("adopted"), and lets them end
 * at the next line ("released"). When the system refuses to fork ("fork refused"), those that there are wait
 * for that line as well. At SIGTERM it says "asked to end" and exits with 42.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_REFUSED = 1, EXIT_ASKED = 42, EXIT_BROKEN = 99 };

static void say(const char *text)
{
	if (dprintf(STDOUT_FILENO, "%s\n", text) < 0)
		_exit(EXIT_BROKEN);
}

static void asked_to_end(int signal)
{
	static const char text[] = "asked to end\n";
	(void)signal;
	_exit(write(STDOUT_FILENO, text, sizeof text - 1) > 0 ? EXIT_ASKED : EXIT_BROKEN);
}

static void take_line(void)
{
	char byte = '\0';
	while (byte != '\n')
		if (read(STDIN_FILENO, &byte, 1) != 1)
			_exit(EXIT_BROKEN);
}

/* An orphan: it ends once nobody can write to the gate any more. */
static void wait_at(const int *gate)
{
	char byte;
	close(gate[1]);
	_exit(read(gate[0], &byte, 1) == 0 ? 0 : EXIT_BROKEN);
}

/* The parent of the orphans, whose end makes them such. */
static void leave_behind(int count, const int *gate)
{
	signal(SIGTERM, SIG_DFL);
	while (count-- > 0) {
		pid_t child = fork();
		if (child == 0)
			wait_at(gate);
		if (child < 0)
			_exit(errno == EAGAIN ? EXIT_REFUSED : EXIT_BROKEN);
	}
	_exit(0);
}

static int make_orphans(int count, const int *gate)
{
	int status;
	pid_t parent = fork();
	if (parent == 0)
		leave_behind(count, gate);
	if (parent < 0)
		return errno == EAGAIN ? EXIT_REFUSED : EXIT_BROKEN;
	if (waitpid(parent, &status, 0) != parent || !WIFEXITED(status))
		return EXIT_BROKEN;
	return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return EXIT_BROKEN;
	signal(SIGTERM, asked_to_end);
	say("crowd ready");
	for (;;) {
		int gate[2];
		take_line();
		if (pipe(gate) < 0)
			return EXIT_BROKEN;
		int made = make_orphans(atoi(argv[1]), gate);
		if (made != 0 && made != EXIT_REFUSED)
			return made;
		say(made == 0 ? "adopted" : "fork refused");
		take_line();
		close(gate[0]);
		close(gate[1]);
		say("released");
	}
}
