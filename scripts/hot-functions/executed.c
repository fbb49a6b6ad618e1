/*
 * Which instructions does a program execute, from its first to its end?
 *
 *   executed PROGRAM [ARG...]
 *
 * Runs it as PID 1 of a new PID namespace, step by step (ptrace(2)), and prints the address of each instruction that it comes
 * by, once, in the order of the first time. Its children run freely. Ends with 1 when the program does not end with 0.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__
#define PROGRAM_COUNTER rip
#else
#define PROGRAM_COUNTER pc
#endif

/* A static executable of ours is smaller than this, and lies there: init/native/layout.ld. */
enum { START = 0x8000000, BYTES = 1 << 20 };

static int start(void *words)
{
	char **command = words;
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	execv(command[0], command);
	_exit(127);
}

static uintptr_t program_counter(pid_t pid)
{
	struct user_regs_struct registers;
	struct iovec all = { &registers, sizeof registers };
	return ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &all) ? 0 : registers.PROGRAM_COUNTER;
}

int main(int argc, char **argv)
{
	static uint8_t seen[BYTES];
	static char stack[64 << 10] __attribute__((aligned(16)));
	int status = 0;
	if (argc < 2)
		return 2;
	pid_t pid = clone(start, stack + sizeof stack, CLONE_NEWPID | SIGCHLD, argv + 1);
	if (pid < 0) {
		perror("executed: cannot make a PID namespace");
		return 1;
	}
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		uintptr_t place = program_counter(pid) - START;
		if (place < BYTES && !seen[place]++)
			printf("%#lx\n", (unsigned long)(place + START));
		int signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
		ptrace(PTRACE_SINGLESTEP, pid, NULL, (void *)(long)signal);
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}
