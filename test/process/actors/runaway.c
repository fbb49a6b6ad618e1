/*
 * runaway
 *
 * Ignores SIGTERM, and is another process every millisecond: it goes on as its own child. Who lists
 * processes and then kills them by pid comes too late.
 */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	signal(SIGTERM, SIG_IGN);
	if (write(STDOUT_FILENO, "running\n", 8) != 8)
		return 1;
	for (;;) {
		usleep(1000);
		pid_t next = fork();
		if (next > 0)
			_exit(0);
	}
}
