/*
 * terminal COMMAND [ARG...]
 *
 * A terminal and its user: the command gets a new pseudo-terminal as stdin, stdout and stderr. What comes
 * on our stdin is typed, what it shows goes to our stdout. On descriptor 3 a line "ROWS COLUMNS" changes
 * the size of the window, and "hangup" closes it. Exits as the command does.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { CONTROL = 3 };

static void start(const char *slave, char **command)
{
	int fd = open(slave, O_RDWR | O_NOCTTY);
	for (int standard = 0; standard <= 2; standard++)
		dup2(fd, standard);
	close(fd);
	execvp(command[0], command);
	_exit(127);
}

/* Passes on what there is; returns 0 at the end. */
static int relay(int from, int to)
{
	char bytes[4096];
	ssize_t got = read(from, bytes, sizeof bytes);
	return got > 0 && write(to, bytes, (size_t)got) == got;
}

/* Obeys a line from descriptor 3; returns 0 when there are no more of them. */
static int control(int terminal)
{
	char line[64] = { 0 };
	struct winsize size = { 0 };
	if (read(CONTROL, line, sizeof line - 1) <= 0)
		return 0;
	if (strcmp(line, "hangup\n") == 0)
		return close(terminal);
	sscanf(line, "%hu %hu", &size.ws_row, &size.ws_col);
	ioctl(terminal, TIOCSWINSZ, &size);
	return 1;
}

/* By default a typed Ctrl-C throws away what is on its way to the screen: what the signal's receiver says of it would get lost at times. */
static void keep_output(int terminal)
{
	struct termios settings;
	if (tcgetattr(terminal, &settings) < 0)
		return;
	settings.c_lflag |= NOFLSH;
	tcsetattr(terminal, TCSANOW, &settings);
}

int main(int argc, char **argv)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (argc < 2 || terminal < 0 || grantpt(terminal) < 0 || unlockpt(terminal) < 0)
		return 99;
	const char *slave = ptsname(terminal);
	/* Held open until the command has surely opened it: without any holder, reading ends. */
	int held = open(slave, O_RDWR | O_NOCTTY | O_CLOEXEC);
	keep_output(held);
	fcntl(CONTROL, F_SETFD, FD_CLOEXEC);
	pid_t child = vfork();
	if (child == 0)
		start(slave, argv + 1);
	close(held);

	struct pollfd sources[] = {
		{ .fd = terminal, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = CONTROL, .events = POLLIN },
	};
	for (;;) {
		poll(sources, 3, -1);
		if (sources[0].revents && !relay(terminal, STDOUT_FILENO))
			break;
		if (sources[1].revents && !relay(STDIN_FILENO, terminal))
			sources[1].fd = -1;
		if (sources[2].revents && !control(terminal))
			sources[2].fd = -1;
	}
	int status;
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
