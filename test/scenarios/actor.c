/*
 * actor WORD...
 *
 * Plays an actor (test/simulation/actor.ts) as a real process; words.ts writes the words. Handled signals
 * are blocked, and taken while it rests, so that what it does never depends on when exactly they come.
 * Lines that it says are appended to the file that ACTOR_LOG names.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SIGNALS = 65, OTHER_USER = 65534, PLAYING_ERROR = 99 };

static char **words;
static sigset_t handled;
/* Where the reaction to each signal begins among the words; 0, the first word of all: there is none. */
static int reactions[SIGNALS];

static void play(int at);

static void fail(const char *what)
{
	fprintf(stderr, "actor: %s: %s\n", what, strerror(errno));
	_exit(PLAYING_ERROR);
}

/* The index of the brace that closes the one at the index. */
static int closing_brace(int at)
{
	for (int depth = 0; words[at]; at++) {
		if (strcmp(words[at], "{") == 0)
			depth++;
		else if (strcmp(words[at], "}") == 0 && --depth == 0)
			return at;
	}
	errno = EINVAL;
	fail("a brace is not closed");
	return at;
}

static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Rests until the time (negative: no limit) or a signal of the set, which is returned; 0: the time is over. */
static int rest(const sigset_t *set, double until_ms)
{
	for (;;) {
		double left_ms = until_ms - now_ms();
		if (until_ms >= 0 && left_ms <= 0)
			return 0;
		struct timespec left = { .tv_sec = (time_t)(left_ms / 1e3) };
		left.tv_nsec = (long)((left_ms - (double)left.tv_sec * 1e3) * 1e6);
		int signal = until_ms < 0 ? sigwaitinfo(set, NULL) : sigtimedwait(set, NULL, &left);
		/* Being stopped and continued interrupts it. */
		if (signal > 0)
			return signal;
	}
}

static void sleep_until(double until_ms)
{
	for (int signal; (signal = rest(&handled, until_ms)) != 0;)
		play(reactions[signal]);
}

static void wait_for_children(void)
{
	sigset_t set = handled;
	sigaddset(&set, SIGCHLD);
	for (;;) {
		pid_t ended;
		while ((ended = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (ended < 0)
			return;
		int signal = rest(&set, -1);
		if (reactions[signal])
			play(reactions[signal]);
	}
}

static void handle(int signal, int at)
{
	sigset_t one;
	sigemptyset(&one);
	sigaddset(&one, signal);
	sigaddset(&handled, signal);
	sigprocmask(SIG_BLOCK, &one, NULL);
	reactions[signal] = at;
}

static void ignore(int which)
{
	sigset_t one;
	sigemptyset(&one);
	sigaddset(&one, which);
	sigdelset(&handled, which);
	signal(which, SIG_IGN);
	if (which != SIGCHLD)
		sigprocmask(SIG_UNBLOCK, &one, NULL);
}

static void say(const char *text)
{
	char line[256];
	const char *log = getenv("ACTOR_LOG");
	int length = snprintf(line, sizeof line, "%s\n", text);
	int fd = open(log ? log : "/dev/stderr", O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd < 0 || write(fd, line, (size_t)length) != length)
		fail("say");
	close(fd);
}

static void change_user(void)
{
	if (setgroups(0, NULL) || setgid(OTHER_USER) || setuid(OTHER_USER))
		fail("change-user");
}

/* Becomes a new image of itself that plays the words in the braces. */
static void become(int at)
{
	sigset_t none;
	int end = closing_brace(at + 1);
	words[end] = NULL;
	words[at + 1] = words[at];
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv("/proc/self/exe", words + at + 1);
	fail("exec");
}

static void start_child(int at)
{
	pid_t child = fork();
	if (child < 0)
		fail("fork");
	if (child > 0)
		return;
	play(at);
	_exit(0);
}

/* Plays from the word at the index to the end of its block. */
static void play(int at)
{
	for (; words[at] && strcmp(words[at], "}") != 0; at++) {
		const char *step = words[at];
		if (strcmp(step, "sleep") == 0)
			sleep_until(now_ms() + atof(words[++at]));
		else if (strcmp(step, "pause") == 0)
			sleep_until(-1);
		else if (strcmp(step, "wait") == 0)
			wait_for_children();
		else if (strcmp(step, "exit") == 0)
			_exit(atoi(words[++at]));
		else if (strcmp(step, "raise") == 0)
			kill(getpid(), atoi(words[++at]));
		else if (strcmp(step, "ignore") == 0)
			ignore(atoi(words[++at]));
		else if (strcmp(step, "say") == 0)
			say(words[++at]);
		else if (strcmp(step, "new-session") == 0)
			setsid();
		else if (strcmp(step, "new-group") == 0)
			setpgid(0, 0);
		else if (strcmp(step, "change-user") == 0)
			change_user();
		else if (strcmp(step, "exec") == 0)
			become(at + 1);
		else if (strcmp(step, "fork") == 0) {
			start_child(at + 2);
			at = closing_brace(at + 1);
		} else if (strcmp(step, "on") == 0) {
			handle(atoi(words[at + 1]), at + 3);
			at = closing_brace(at + 2);
		} else {
			errno = EINVAL;
			fail(step);
		}
	}
}

int main(int argc, char **argv)
{
	sigset_t children;
	(void)argc;
	words = argv + 1;
	sigemptyset(&handled);
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	sigprocmask(SIG_BLOCK, &children, NULL);
	play(0);
	return 0;
}
