/* What a process is given between vfork and execve beside what every child gets (kernel_launch.c). */
#ifndef ATTRIBUTES_H
#define ATTRIBUTES_H

#include <stdint.h>
#include <sys/types.h>

struct limit {
	int resource;
	uint64_t soft, hard;
};

struct attributes {
	/* The whole environment. */
	char **environment;
	/* Descriptors of ours, and as which of its own the child has them. */
	int *descriptors;
	int descriptors_count;
	struct limit *limits;
	int limits_count;
	/* -1: ours. */
	int umask;
	/* The cgroup.procs of the cgroup that it moves to where it can, or NULL. */
	const char *cgroup;
	/* What /proc/self/oom_score_adj is set to, or NULL. */
	const char *oom_score_adj;
	int sets_nice, nice;
	/* Whether it becomes another user. */
	int becomes;
	uint32_t user, group;
	gid_t *groups;
	int groups_count;
	/* What failed, as kernel.ts numbers it. */
	volatile int failed_step;
};

enum { STEP_EXECUTE, STEP_DESCRIPTORS, STEP_LIMITS, STEP_OOM_SCORE, STEP_NICE, STEP_USER, STEP_DIRECTORY };

/* Applies them in the child, which shares our memory: only system calls. 0, or -1 with errno. */
int attributes_apply(struct attributes *attributes);

#endif
