// Which pages of a process can nobody write to?
//
//   overwrite PID START END
//     writes the first byte of each page from START to END (hexadecimal) over itself, as the process itself would: by
//     process_vm_writev(2), which heeds the protection of pages. Prints "written REFUSED" with the numbers of pages.
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	pid_t pid = atoi(argv[1]);
	uintptr_t end = strtoul(argv[3], NULL, 16);
	int written = 0, refused = 0;
	for (uintptr_t page = strtoul(argv[2], NULL, 16); page < end; page += (uintptr_t)getpagesize()) {
		char byte;
		struct iovec here = { &byte, 1 }, there = { (void *)page, 1 };
		if (process_vm_readv(pid, &here, 1, &there, 1, 0) != 1)
			return 1;
		if (process_vm_writev(pid, &here, 1, &there, 1, 0) == 1)
			written++;
		else if (errno == EFAULT)
			refused++;
		else
			return 1;
	}
	printf("%d %d\n", written, refused);
	return 0;
}
