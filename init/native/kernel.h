/*
 * The one door to the kernel: each function translates one system call into one value or, where it
 * fails, into -errno. No policy lives here.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdint.h>
#include <sys/types.h>

#include "quickjs.h"

/* One bit for each signal, as the kernel's own system calls take it (musl hides 32 to 34). */
typedef uint64_t signal_set;

/* What main() was given, and what safe mode must know of the main child. */
extern char **program_arguments;
extern int program_argument_count;
extern pid_t main_child;
extern int main_child_status;
extern int main_child_ended;

/*
 * In a training run of the heap: it is to go the ways of PID 1, and is none, so kill(-1) finds nobody and is not called; and /etc
 * is the folder etc where it runs, whatever the machine that builds has there.
 */
extern int is_training;

/* Blocks every signal and sets SIGCHLD to its default action: ignored, it would lose exit statuses. */
void signals_block(void);

/* As it was before that, for a program that takes our place. */
void signals_restore(void);

/* Those that were blocked before. */
extern signal_set signals_at_start;

/* Opens a descriptor that reads all blocked signals; -1 with errno on failure. */
int signals_open(void);

/* waitpid(-1) without blocking, stops included, that also keeps the main child's status for safe mode. */
pid_t process_reap(int *status);

/*
 * Writes without ever blocking: a reader that has stopped reading must not stop PID 1. The descriptor
 * is shared with other processes, so its own O_NONBLOCK is not ours to set.
 */
ssize_t write_without_blocking(int fd, const char *bytes, size_t length);

/* Sends a signal to every process but PID 1. Refuses with EPERM unless this is PID 1: it would be the host. */
int process_kill_all(int signal);

/* An object with all functions of the door. */
JSValue kernel_object(JSContext *ctx);

/* The functions, one table for each subject. */
extern const JSCFunctionListEntry kernel_directories[];
extern const int kernel_directories_count;
extern const JSCFunctionListEntry kernel_environment[];
extern const int kernel_environment_count;
extern const JSCFunctionListEntry kernel_files[];
extern const int kernel_files_count;
extern const JSCFunctionListEntry kernel_processes[];
extern const int kernel_processes_count;
extern const JSCFunctionListEntry kernel_scripts[];
extern const int kernel_scripts_count;
extern const JSCFunctionListEntry kernel_signals[];
extern const int kernel_signals_count;
extern const JSCFunctionListEntry kernel_streams[];
extern const int kernel_streams_count;
extern const JSCFunctionListEntry kernel_terminal[];
extern const int kernel_terminal_count;
extern const JSCFunctionListEntry kernel_users[];
extern const int kernel_users_count;
/* These only for the scripts that use them: see kernel_scripts.c. */
extern const JSCFunctionListEntry kernel_control[];
extern const int kernel_control_count;
extern const JSCFunctionListEntry kernel_launch[];
extern const int kernel_launch_count;
extern const JSCFunctionListEntry kernel_lines[];
extern const int kernel_lines_count;
extern const JSCFunctionListEntry kernel_sockets[];
extern const int kernel_sockets_count;

/* Shared by the tables. The path itself is what a system call takes, but in a training run. */
const char *kernel_path(const char *path);
JSValue kernel_result(JSContext *ctx, long result);
int kernel_int(JSContext *ctx, JSValueConst value);

#endif
