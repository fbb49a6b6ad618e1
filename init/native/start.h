/* Starting a process: what the child of vfork needs, prepared before, since it shares the parent's memory. */
#ifndef START_H
#define START_H

#include <sys/types.h>

#include "attributes.h"
#include "quickjs.h"

/* What a child leads, as kernel.ts numbers it. */
enum { LEADS_GROUP = 1, LEADS_SESSION = 2, LEADS_SERVICE = 3 };

struct start {
	const char *path;
	char **arguments;
	const char *directory; /* where it runs, or NULL */
	int terminal;
	int leads;
	int keeps_signals;
	char **listen_pid; /* the slot of the environment to rewrite, or NULL */
	struct attributes *attributes; /* or NULL */
	volatile int failure;
};

/*
 * The child's pid, or -errno. vfork suspends this thread until the child has called execve or ended: the exec's errno arrives
 * through shared memory, and no page table is copied.
 */
pid_t start_process(struct start *start);

/* The pid, or -errno, for JavaScript. The main child is whose end safe mode waits for. */
JSValue start_result(JSContext *ctx, pid_t child, int is_main);

#endif
