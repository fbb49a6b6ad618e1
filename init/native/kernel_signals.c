/*
 * Signals: blocked for the whole life of the init, and taken by sigtimedwait(2), which needs no descriptor and one call for
 * sleep and signal. A signalfd is there only to sleep until either a signal or the end of a process is there.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "kernel.h"

enum { POLL_LIMIT = 2048 };

static const signal_set every_signal = ~(signal_set)0;

signal_set signals_at_start;
static struct sigaction chld_at_start;

void signals_block(void)
{
	/* Raw system calls, since musl keeps its signals 32 to 34 out of every set. */
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &every_signal, &signals_at_start, sizeof every_signal);
	struct sigaction by_default = { .sa_handler = SIG_DFL };
	sigaction(SIGCHLD, &by_default, &chld_at_start);
}

void signals_restore(void)
{
	sigaction(SIGCHLD, &chld_at_start, NULL);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &signals_at_start, NULL, sizeof signals_at_start);
}

int signals_open(void)
{
	return (int)syscall(SYS_signalfd4, -1, &every_signal, sizeof every_signal, SFD_NONBLOCK | SFD_CLOEXEC);
}

static struct timespec timespec_of(double ms)
{
	time_t seconds = (time_t)(ms / 1e3);
	return (struct timespec){ .tv_sec = seconds, .tv_nsec = (long)((ms - (double)seconds * 1e3) * 1e6) };
}

/* The next signal, or -1 with errno. Not musl's, which leaves its signals 32 to 34 out of the set. */
static long take_signal(siginfo_t *info, const struct timespec *timeout)
{
#if defined __LP64__
	return syscall(SYS_rt_sigtimedwait, &every_signal, info, timeout, sizeof every_signal);
#else
	/* The older call first, which takes 32 bits for each: older kernels and sandboxes refuse the newer one. */
	long seconds = timeout && timeout->tv_sec < INT32_MAX ? (long)timeout->tv_sec : INT32_MAX;
	long short_timeout[2] = { seconds, timeout ? timeout->tv_nsec : 0 };
	long taken = syscall(SYS_rt_sigtimedwait, &every_signal, info, timeout ? short_timeout : NULL, sizeof every_signal);
	if (taken >= 0 || errno != ENOSYS)
		return taken;
	return syscall(SYS_rt_sigtimedwait_time64, &every_signal, info, timeout, sizeof every_signal);
#endif
}

/* Of the signal that was taken last; 0: not sent by a process, or by one outside of our PID namespace. A folder's change (see
   announceChanges) counts as a signal of our own. */
static pid_t sender;

/* The next signal, 0 when none came within the time (-1: no limit), or -errno. */
static JSValue wait_signal(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	double timeout_ms = 0;
	siginfo_t info;
	JS_ToFloat64(ctx, &timeout_ms, argv[0]);
	struct timespec timeout = timespec_of(timeout_ms);
	long taken = take_signal(&info, timeout_ms < 0 ? NULL : &timeout);
	if (taken < 0)
		return JS_NewInt32(ctx, errno == EAGAIN ? 0 : -errno);
	/* Other codes have other things in the place of the pid. */
	int has_sender = info.si_code == SI_USER || info.si_code == SI_TKILL || info.si_code == SI_QUEUE;
	int is_announced = info.si_signo == SIGURG && info.si_code == POLL_MSG;
	sender = is_announced ? getpid() : has_sender ? info.si_pid : 0;
	return JS_NewInt32(ctx, (int32_t)taken);
}

static JSValue signal_sender(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return JS_NewInt32(ctx, sender);
}

/*
 * Sleeps until a signal is pending, one of the descriptors is readable, or the time is over (-1: no limit). The descriptors
 * that are readable, or -errno.
 */
static JSValue poll_descriptors(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	static int signal_fd = -1;
	double timeout_ms = 0;
	int count = kernel_int(ctx, JS_GetPropertyStr(ctx, argv[0], "length"));
	JS_ToFloat64(ctx, &timeout_ms, argv[1]);
	if (count < 0 || count > POLL_LIMIT)
		return JS_NewInt32(ctx, -EINVAL);
	if (signal_fd < 0)
		signal_fd = signals_open();
	if (signal_fd < 0)
		return JS_NewInt32(ctx, -errno);
	struct pollfd polled[count + 1];
	for (int i = 0; i < count; i++) {
		int fd = kernel_int(ctx, JS_GetPropertyUint32(ctx, argv[0], (uint32_t)i));
		polled[i] = (struct pollfd){ .fd = fd, .events = POLLIN };
	}
	polled[count] = (struct pollfd){ .fd = signal_fd, .events = POLLIN };
	struct timespec timeout = timespec_of(timeout_ms);
	int ready = ppoll(polled, (nfds_t)count + 1, timeout_ms < 0 ? NULL : &timeout, NULL);
	if (ready < 0)
		return JS_NewInt32(ctx, -errno);
	JSValue list = JS_NewArray(ctx);
	uint32_t used = 0;
	for (int i = 0; i < count && !JS_IsException(list); i++)
		if (polled[i].revents)
			JS_SetPropertyUint32(ctx, list, used++, JS_NewInt32(ctx, polled[i].fd));
	return list;
}

const JSCFunctionListEntry kernel_signals[] = {
	JS_CFUNC_DEF("waitSignal", 1, wait_signal),
	JS_CFUNC_DEF("signalSender", 0, signal_sender),
	JS_CFUNC_DEF("poll", 2, poll_descriptors),
};
const int kernel_signals_count = sizeof kernel_signals / sizeof *kernel_signals;
