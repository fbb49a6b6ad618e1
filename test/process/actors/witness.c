/*
 * witness
 *
 * Says in which state it was started, one line each: NAME VALUE. Signal sets are numbers as in /proc/self/status.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { DESCRIPTORS = 64 };

static const char *yes_or_no(int is)
{
	return is ? "yes" : "no";
}

/* The line of /proc/self/status that begins so. */
static void say_set(const char *name, const char *field)
{
	char line[256];
	FILE *status = fopen("/proc/self/status", "re");
	while (status && fgets(line, sizeof line, status))
		if (strncmp(line, field, strlen(field)) == 0)
			printf("%s %s", name, strchr(line, '\t') + 1);
	if (status)
		fclose(status);
}

static void say_descriptors(void)
{
	printf("descriptors");
	for (int fd = 0; fd < DESCRIPTORS; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf(" %d", fd);
	printf("\n");
}

static void say_terminal(void)
{
	int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	printf("terminal %s\n", yes_or_no(terminal >= 0));
	if (terminal < 0)
		return;
	printf("foreground %s\n", yes_or_no(tcgetpgrp(terminal) == getpgrp()));
	close(terminal);
}

int main(void)
{
	int death_signal = 0;
	say_descriptors();
	say_set("blocked", "SigBlk:");
	say_set("ignored", "SigIgn:");
	say_set("caught", "SigCgt:");
	printf("group-leader %s\n", yes_or_no(getpgrp() == getpid()));
	printf("session-leader %s\n", yes_or_no(getsid(0) == getpid()));
	say_terminal();
	prctl(PR_GET_PDEATHSIG, &death_signal);
	printf("dies-with-init %s\n", yes_or_no(death_signal != 0));
	return 0;
}
