/*
 * in_group COMMAND [ARG...]
 *
 * Executes the command in a process group of its own, in the same session.
 */
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 2 || setpgid(0, 0) < 0)
		return 99;
	execvp(argv[1], argv + 1);
	return 99;
}
