/*
 * listener NAME [SIGNAL:CODE...]
 *
 * Says which signals it gets, one line each, and exits with CODE once SIGNAL has come. All signals stay
 * blocked and are taken one by one, so that none is missed. It writes to descriptor 9 if that is open, so
 * that its own stdout may be closed, and else to stdout.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SIGNAL_LAST = 64, INSTEAD_OF_STDOUT = 9 };

/* Raw system calls: the C library keeps signals 32 and 33 for itself. */
static const unsigned long every_signal = ~0ul;

static int output = STDOUT_FILENO;

static void say(const char *name, const char *format, int signal, int sender)
{
	char line[128];
	int length = snprintf(line, sizeof line, "%s ", name);
	length += snprintf(line + length, sizeof line - (size_t)length, format, signal, sender);
	if (write(output, line, (size_t)length) != length)
		_exit(99);
}

int main(int argc, char **argv)
{
	int codes[SIGNAL_LAST + 1];
	if (argc < 2)
		return 99;
	for (int signal = 1; signal <= SIGNAL_LAST; signal++)
		codes[signal] = -1;
	for (int i = 2; i < argc; i++) {
		int signal, code;
		if (sscanf(argv[i], "%d:%d", &signal, &code) != 2 || signal < 1 || signal > SIGNAL_LAST)
			return 99;
		codes[signal] = code;
	}
	if (fcntl(INSTEAD_OF_STDOUT, F_GETFD) >= 0)
		output = INSTEAD_OF_STDOUT;
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &every_signal, NULL, sizeof every_signal);
	say(argv[1], "ready\n", 0, 0);
	for (;;) {
		siginfo_t info;
		int signal = (int)syscall(SYS_rt_sigtimedwait, &every_signal, &info, NULL, sizeof every_signal);
		if (signal < 1)
			continue;
		say(argv[1], "got %d from %d\n", signal, (int)info.si_pid);
		if (codes[signal] >= 0)
			_exit(codes[signal]);
	}
}
