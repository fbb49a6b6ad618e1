#include "safe_mode.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel.h"

enum {
	NO_MAIN_CHILD = 111,
	GRACE_SECONDS = 9,
	CHECK_MS = 50,
};

static time_t seconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Collects every ended child; returns whether any child is left. */
static int reap_all(void)
{
	int status;
	pid_t ended;
	while ((ended = process_reap(&status)) > 0)
		;
	return ended == 0;
}

static void forward_signals(int signal_fd)
{
	struct signalfd_siginfo info;
	while (read(signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
		int ours = info.ssi_signo == SIGCHLD || info.ssi_pid == (uint32_t)getpid();
		if (ours || main_child == 0 || main_child_ended)
			continue;
		kill(main_child, (int)info.ssi_signo);
		/* A stopped process could not obey. */
		if (info.ssi_signo == SIGTERM)
			kill(main_child, SIGCONT);
	}
}

static void sleep_until_signal(int signal_fd, int timeout_ms)
{
	struct pollfd signals = { .fd = signal_fd, .events = POLLIN };
	poll(&signals, 1, timeout_ms);
}

/* As PID 1: TERM for everything, a bounded wait, KILL. Otherwise the kernel hands the rest to the next reaper. */
static void end_the_rest(int signal_fd)
{
	time_t give_up = seconds_now() + GRACE_SECONDS;
	if (process_kill_all(SIGTERM) == 0)
		process_kill_all(SIGCONT);
	while (getpid() == 1 && seconds_now() < give_up) {
		if (!reap_all() && process_kill_all(0) < 0 && errno == ESRCH)
			return;
		forward_signals(signal_fd);
		sleep_until_signal(signal_fd, CHECK_MS);
	}
	process_kill_all(SIGKILL);
	reap_all();
}

int safe_mode(void)
{
	int signal_fd = signals_open();
	while (main_child != 0) {
		/* Signals first: a child that ends after it has been asked for leaves a SIGCHLD that ends the sleep. */
		forward_signals(signal_fd);
		reap_all();
		if (main_child_ended)
			break;
		/* Without a descriptor there is nothing to wake for: look again from time to time. */
		sleep_until_signal(signal_fd, signal_fd < 0 ? CHECK_MS : -1);
	}
	end_the_rest(signal_fd);
	if (main_child == 0)
		return NO_MAIN_CHILD;
	return WIFSIGNALED(main_child_status) ? 128 + WTERMSIG(main_child_status) : WEXITSTATUS(main_child_status);
}
