/*
 * daemonize COMMAND [ARG...]
 *
 * Puts the command into the background as daemons do it: fork, a session of its own, fork again, so that it
 * is no session leader and its parents are gone. Returns once both forks are done.
 */
#include <sys/wait.h>
#include <unistd.h>

static void become_daemon(char **command)
{
	setsid();
	pid_t daemon = fork();
	if (daemon != 0)
		_exit(daemon < 0);
	if (chdir("/") == 0)
		execvp(command[0], command);
	_exit(127);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 99;
	pid_t middle = fork();
	if (middle == 0)
		become_daemon(argv + 1);
	int status;
	return waitpid(middle, &status, 0) == middle && status == 0 ? 0 : 1;
}
