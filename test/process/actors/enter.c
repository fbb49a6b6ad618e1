/*
 * enter [block] [ignore] [raise=SIGNAL...] -- COMMAND [ARG...]
 *
 * Executes the command in an unusual state: with every signal blocked, every signal ignored, or with
 * signals of another process already pending.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIGNAL_LAST = 64 };

/* What the kernel takes; the C library would keep signals 32 and 33 out. */
struct kernel_action {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

static void block_all(void)
{
	unsigned long every_signal = ~0ul;
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &every_signal, NULL, sizeof every_signal);
}

static void ignore_all(void)
{
	struct kernel_action ignored = { .handler = SIG_IGN };
	for (int signal = 1; signal <= SIGNAL_LAST; signal++)
		syscall(SYS_rt_sigaction, signal, &ignored, NULL, sizeof ignored.mask);
}

static void have_raised(int signal)
{
	pid_t sender = fork();
	if (sender == 0)
		_exit(kill(getppid(), signal));
	waitpid(sender, NULL, 0);
}

int main(int argc, char **argv)
{
	int i = 1;
	for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "block") == 0)
			block_all();
		else if (strcmp(argv[i], "ignore") == 0)
			ignore_all();
		else if (strncmp(argv[i], "raise=", 6) == 0)
			have_raised(atoi(argv[i] + 6));
		else
			return 99;
	}
	if (i + 1 >= argc)
		return 99;
	execvp(argv[i + 1], argv + i + 1);
	perror(argv[i + 1]);
	return 99;
}
