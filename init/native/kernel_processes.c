/* Processes: starting the main child, waiting, signalling, and becoming the one who adopts. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "kernel.h"
#include "start.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

enum { SIGNAL_LAST = 64 };

/* A variable, since layout.ld can place it: among all strings it would cost each start a page fault. */
static const char listen_pid_name[] = "LISTEN_PID=";

pid_t main_child;
int main_child_status;
int main_child_ended;

int is_training;

/* Asked for once: it never changes. */
static pid_t our_pid(void)
{
	static pid_t pid;
	if (pid == 0)
		pid = getpid();
	return pid;
}

static JSValue process_id(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return JS_NewInt32(ctx, is_training ? 1 : our_pid());
}

static JSValue process_group(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return JS_NewInt32(ctx, getpgrp());
}

static JSValue become_subreaper(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return kernel_result(ctx, prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L));
}

static JSValue set_parent_death_signal(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	return kernel_result(ctx, prctl(PR_SET_PDEATHSIG, (long)kernel_int(ctx, argv[0]), 0L, 0L, 0L));
}

/* Between vfork and execve: only system calls, and no memory that the parent reads, but for .failure. */
static void start_child(struct start *start)
{
	static const unsigned char default_action[64];
	/* 32 and 33: setuid(2) in a program of several threads waits for the second one. */
	static const signal_set of_glibc = (signal_set)3 << 31;
	static char listen_pid[32];

	if (start->leads == LEADS_GROUP)
		setpgid(0, 0);
	if (start->leads == LEADS_SESSION || start->leads == LEADS_SERVICE)
		setsid();
	if (start->leads == LEADS_SESSION)
		ioctl(STDIN_FILENO, TIOCSCTTY, 0);
	/* SIGTTOU is blocked here, else this call would stop a process of a background group. */
	if (start->terminal >= 0)
		tcsetpgrp(start->terminal, getpid());
	if (start->listen_pid) {
		snprintf(listen_pid, sizeof listen_pid, "%s%ld", listen_pid_name, (long)getpid());
		*start->listen_pid = listen_pid;
	}
	/* The init itself has changed no disposition but SIGCHLD's, which is the default. */
	for (int signal = 1; signal <= SIGNAL_LAST && !start->keeps_signals; signal++)
		if (signal != SIGKILL && signal != SIGSTOP)
			syscall(SYS_rt_sigaction, signal, default_action, NULL, sizeof of_glibc);
	signal_set mask = start->keeps_signals ? signals_at_start & ~of_glibc : 0;
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
	struct attributes *attributes = start->attributes;
	int failed = attributes && attributes_apply(attributes);
	if (!failed && start->directory && chdir(start->directory) < 0) {
		failed = 1;
		if (attributes)
			attributes->failed_step = STEP_DIRECTORY;
	}
	if (!failed)
		execve(start->path, start->arguments, attributes ? attributes->environment : environ);
	start->failure = errno;
	_exit(127);
}

#ifdef __powerpc64__
enum { CHILD_STACK_BYTES = 16 << 10 };

static int start_cloned_child(void *start)
{
	start_child(start);
	return 0;
}
#endif

__attribute__((noinline)) pid_t start_process(struct start *start)
{
#ifdef __powerpc64__
	/* musl's vfork(2) is a fork there, which shares no memory. */
	_Alignas(16) char stack[CHILD_STACK_BYTES];
	pid_t child = clone(start_cloned_child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, start);
#else
	pid_t child = vfork();
	if (child == 0)
		start_child(start);
#endif
	if (child > 0 && start->failure) {
		waitpid(child, NULL, 0);
		/* It was in the foreground already, where nobody is now. */
		if (start->terminal >= 0)
			tcsetpgrp(start->terminal, getpgrp());
	}
	return child > 0 ? start->failure ? -start->failure : child : -errno;
}

JSValue start_result(JSContext *ctx, pid_t child, int is_main)
{
	if (child > 0 && is_main) {
		main_child = child;
		main_child_ended = 0;
	}
	return JS_NewInt32(ctx, child);
}

static char **listen_pid_slot(void)
{
	size_t length = sizeof listen_pid_name - 1;
	for (char **entry = environ; *entry; entry++)
		if (strncmp(*entry, listen_pid_name, length) == 0)
			return atol(*entry + length) == (long)getpid() ? entry : NULL;
	return NULL;
}

/*
 * spawn(path, firstArgument, terminal, interpreter, leads, keepsSignals): the main child's pid, or -errno. Its arguments
 * are ours from firstArgument on, by pointer. With an interpreter, that is started instead, and
 * the path is its first argument.
 */
static JSValue spawn(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	int first = kernel_int(ctx, argv[1]);
	size_t path_length, interpreter_length;
	if (first < 1 || first >= program_argument_count)
		return JS_NewInt32(ctx, -EINVAL);
	char *path = bytes_from_js(ctx, argv[0], &path_length);
	if (!path)
		return JS_EXCEPTION;
	char *interpreter = bytes_from_js(ctx, argv[3], &interpreter_length);
	if (!interpreter) {
		js_free(ctx, path);
		return JS_EXCEPTION;
	}
	struct start start = {
		.path = path,
		.arguments = program_arguments + first,
		.terminal = kernel_int(ctx, argv[2]),
		.leads = kernel_int(ctx, argv[4]),
		.keeps_signals = JS_ToBool(ctx, argv[5]),
		.listen_pid = listen_pid_slot(),
	};
	/* The slot before the first argument is ours too (at least argv[0]): it makes room for one more. */
	char *borrowed[2] = { program_arguments[first - 1], program_arguments[first] };
	char *listen_pid = start.listen_pid ? *start.listen_pid : NULL;
	if (interpreter_length) {
		start.path = interpreter;
		start.arguments = program_arguments + first - 1;
		start.arguments[0] = interpreter;
		start.arguments[1] = path;
	}
	pid_t child = start_process(&start);
	program_arguments[first - 1] = borrowed[0];
	program_arguments[first] = borrowed[1];
	if (listen_pid)
		*start.listen_pid = listen_pid;
	js_free(ctx, path);
	js_free(ctx, interpreter);
	return start_result(ctx, child, 1);
}

/* spawnProgram(words, directory, terminal, leads, isMain): its pid, or -errno. The first word is the file to execute. */
static JSValue spawn_program(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char **words = bytes_list_from_js(ctx, argv[0]);
	char *directory = words ? bytes_from_js(ctx, argv[1], &length) : NULL;
	if (!directory) {
		if (words)
			bytes_free_list(ctx, words);
		return JS_EXCEPTION;
	}
	struct start start = {
		.path = words[0],
		.arguments = words,
		.directory = length ? directory : NULL,
		.terminal = kernel_int(ctx, argv[2]),
		.leads = kernel_int(ctx, argv[3]),
	};
	pid_t child = start_process(&start);
	bytes_free_list(ctx, words);
	js_free(ctx, directory);
	return start_result(ctx, child, JS_ToBool(ctx, argv[4]));
}

/* Of the main child, once it has ended, if it is to be measured. */
static struct rusage main_usage;
static int measures_main;

static JSValue measure_main_child(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)ctx, (void)this_value, (void)argc, (void)argv;
	measures_main = 1;
	return JS_UNDEFINED;
}

static JSValue main_child_cpu_ms(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	int64_t seconds = (int64_t)main_usage.ru_utime.tv_sec + main_usage.ru_stime.tv_sec;
	int64_t us = (int64_t)main_usage.ru_utime.tv_usec + main_usage.ru_stime.tv_usec;
	return JS_NewInt64(ctx, seconds * 1000 + us / 1000);
}

static JSValue main_child_peak_kb(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return JS_NewInt64(ctx, main_usage.ru_maxrss);
}

pid_t process_reap(int *status)
{
	struct rusage usage;
	pid_t ended = wait4(-1, status, WNOHANG | WUNTRACED, measures_main ? &usage : NULL);
	if (ended > 0 && ended == main_child && !WIFSTOPPED(*status)) {
		if (measures_main && !main_child_ended)
			main_usage = usage;
		main_child_status = *status;
		main_child_ended = 1;
	}
	return ended;
}

static int reaped_status;

/* The child's pid, 0 when no child has changed, or -errno (ECHILD: no child at all). Needs no memory. */
static JSValue reap(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return kernel_result(ctx, process_reap(&reaped_status));
}

/* Of the child that was reaped last. */
static JSValue child_status(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return JS_NewInt32(ctx, reaped_status);
}

/* One process. Anything but a pid over 0 would mean a group or everything, and is refused. */
static JSValue kill_process(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	int pid = kernel_int(ctx, argv[0]);
	if (pid <= 0)
		return JS_NewInt32(ctx, -EINVAL);
	return kernel_result(ctx, kill(pid, kernel_int(ctx, argv[1])));
}

/* One process group. 0 and 1 would mean our own and everything, and are refused. */
static JSValue kill_group(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	int group = kernel_int(ctx, argv[0]);
	if (group <= 1)
		return JS_NewInt32(ctx, -EINVAL);
	return kernel_result(ctx, kill(-group, kernel_int(ctx, argv[1])));
}

int process_kill_all(int signal)
{
	if (our_pid() != 1) {
		errno = is_training ? ESRCH : EPERM;
		return -1;
	}
	return kill(-1, signal);
}

static JSValue kill_all(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	return kernel_result(ctx, process_kill_all(kernel_int(ctx, argv[0])));
}

/*
 * As Ctrl-Z does it, and not by SIGSTOP: an orphaned group, which nobody could continue, is left alone by the kernel.
 * 1 when we were stopped and continued, 0 when we were not.
 */
static JSValue stop_job(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	sigset_t stop, pending;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	/* This also takes a SIGCONT away that is pending. */
	int failed = kill(0, SIGTSTP);
	/* For us it is pending until it is let through: here we stop. */
	sigprocmask(SIG_UNBLOCK, &stop, NULL);
	/* Not the mask from before: musl would leave its signals 32 to 34 out of it. */
	sigprocmask(SIG_BLOCK, &stop, NULL);
	if (failed)
		return kernel_result(ctx, failed);
	sigpending(&pending);
	return JS_NewInt32(ctx, sigismember(&pending, SIGCONT));
}

static JSValue open_process(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	return kernel_result(ctx, syscall(SYS_pidfd_open, kernel_int(ctx, argv[0]), 0));
}

static JSValue signal_process(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	int fd = kernel_int(ctx, argv[0]);
	return kernel_result(ctx, syscall(SYS_pidfd_send_signal, fd, kernel_int(ctx, argv[1]), NULL, 0));
}

const JSCFunctionListEntry kernel_processes[] = {
	JS_CFUNC_DEF("processId", 0, process_id),
	JS_CFUNC_DEF("processGroup", 0, process_group),
	JS_CFUNC_DEF("becomeSubreaper", 0, become_subreaper),
	JS_CFUNC_DEF("setParentDeathSignal", 1, set_parent_death_signal),
	JS_CFUNC_DEF("spawn", 6, spawn),
	JS_CFUNC_DEF("spawnProgram", 5, spawn_program),
	JS_CFUNC_DEF("reap", 0, reap),
	JS_CFUNC_DEF("childStatus", 0, child_status),
	JS_CFUNC_DEF("measureMainChild", 0, measure_main_child),
	JS_CFUNC_DEF("mainChildCpuMs", 0, main_child_cpu_ms),
	JS_CFUNC_DEF("mainChildPeakKb", 0, main_child_peak_kb),
	JS_CFUNC_DEF("kill", 2, kill_process),
	JS_CFUNC_DEF("killGroup", 2, kill_group),
	JS_CFUNC_DEF("killAll", 1, kill_all),
	JS_CFUNC_DEF("stopJob", 0, stop_job),
	JS_CFUNC_DEF("openProcess", 1, open_process),
	JS_CFUNC_DEF("signalProcess", 2, signal_process),
};
const int kernel_processes_count = sizeof kernel_processes / sizeof *kernel_processes;
