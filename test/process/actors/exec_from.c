/*
 * exec_from PROGRAM ARGUMENTS ENVIRONMENT
 *
 * Executes the program with the arguments (its name included) and the environment that stand in the two
 * files, a NUL after each: any bytes that a shell or a test runner could not pass.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char **strings_of(const char *path)
{
	struct stat file;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &file) < 0)
		return NULL;
	size_t size = (size_t)file.st_size, used = 0;
	char *bytes = malloc(size + 1);
	char **list = malloc((size + 1) * sizeof *list);
	if (!bytes || !list || read(fd, bytes, size) != file.st_size)
		return NULL;
	for (size_t at = 0; at < size; at += strlen(bytes + at) + 1)
		list[used++] = bytes + at;
	list[used] = NULL;
	close(fd);
	return list;
}

int main(int argc, char **argv)
{
	char **arguments = argc == 4 ? strings_of(argv[2]) : NULL;
	char **environment = argc == 4 ? strings_of(argv[3]) : NULL;
	if (!arguments || !environment)
		return 99;
	execve(argv[1], arguments, environment);
	perror(argv[1]);
	return 99;
}
