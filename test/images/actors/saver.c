/*
 * saver NAME MILLISECONDS
 *
 * An application with open work: when SIGTERM comes it takes MILLISECONDS to finish, and exits with 0.
 * Says "NAME ready", "NAME saving" and, when all is well on disk, "NAME saved".
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void say(const char *name, const char *what)
{
	if (dprintf(STDOUT_FILENO, "%s %s\n", name, what) < 0)
		_exit(99);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 99;
	long ms = atol(argv[2]);
	struct timespec work = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
	sigset_t term;
	int signal;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	/* Blocked from the start: it is neither lost before "ready" nor ignored because this is PID 1. */
	sigprocmask(SIG_BLOCK, &term, NULL);
	say(argv[1], "ready");
	sigwait(&term, &signal);
	say(argv[1], "saving");
	nanosleep(&work, NULL);
	say(argv[1], "saved");
	return 0;
}
