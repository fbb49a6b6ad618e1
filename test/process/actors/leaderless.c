/*
 * leaderless NAME
 *
 * A process whose first thread has ended while another goes on: /proc shows it as a zombie, and it lives. Says
 * "NAME ready", and "NAME got 15" when SIGTERM ends it.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *name;

/* Whether the first thread is a zombie by now. */
static int is_leaderless(void)
{
	char stat[512] = { 0 };
	FILE *file = fopen("/proc/self/stat", "r");
	if (!file || !fgets(stat, sizeof stat, file) || fclose(file))
		_exit(99);
	return strncmp(strrchr(stat, ')'), ") Z", 3) == 0;
}

static void *go_on(void *mask)
{
	int signal;
	while (!is_leaderless())
		usleep(1000);
	dprintf(STDOUT_FILENO, "%s ready\n", name);
	sigwait(mask, &signal);
	dprintf(STDOUT_FILENO, "%s got %d\n", name, signal);
	_exit(0);
}

int main(int argc, char **argv)
{
	static sigset_t mask;
	pthread_t thread;
	if (argc != 2)
		return 99;
	name = argv[1];
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	if (pthread_create(&thread, NULL, go_on, &mask))
		return 99;
	pthread_exit(NULL);
}
