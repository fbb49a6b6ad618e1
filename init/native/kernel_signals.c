/* Signals: blocked for the whole life of the init, read from a descriptor, awaited with ppoll. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "kernel.h"

enum { POLL_LIMIT = 256 };

static const signal_set every_signal = ~(signal_set)0;

void signals_block(void)
{
	/* Raw system calls, since musl keeps its signals 32 to 34 out of every set. */
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &every_signal, NULL, sizeof every_signal);
	struct sigaction by_default = { .sa_handler = SIG_DFL };
	sigaction(SIGCHLD, &by_default, NULL);
}

int signals_open(void)
{
	return (int)syscall(SYS_signalfd4, -1, &every_signal, sizeof every_signal, SFD_NONBLOCK | SFD_CLOEXEC);
}

static JSValue open_signals(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return kernel_result(ctx, signals_open());
}

/* [signal, pid of the sender], 0 when none is pending, or -errno. */
static JSValue read_signal(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	struct signalfd_siginfo info;
	ssize_t got = read(kernel_int(ctx, argv[0]), &info, sizeof info);
	if (got < 0)
		return JS_NewInt32(ctx, errno == EAGAIN ? 0 : -errno);
	JSValue pair = JS_NewArray(ctx);
	if (JS_IsException(pair))
		return pair;
	JS_SetPropertyUint32(ctx, pair, 0, JS_NewInt32(ctx, (int32_t)info.ssi_signo));
	JS_SetPropertyUint32(ctx, pair, 1, JS_NewInt32(ctx, (int32_t)info.ssi_pid));
	return pair;
}

/* The descriptors that became readable within the time (-1: no limit), or -errno. */
static JSValue poll_descriptors(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	struct pollfd polled[POLL_LIMIT];
	double timeout_ms = 0;
	int count = kernel_int(ctx, JS_GetPropertyStr(ctx, argv[0], "length"));
	JS_ToFloat64(ctx, &timeout_ms, argv[1]);
	if (count < 0 || count > POLL_LIMIT)
		return JS_NewInt32(ctx, -EINVAL);
	for (int i = 0; i < count; i++) {
		int fd = kernel_int(ctx, JS_GetPropertyUint32(ctx, argv[0], (uint32_t)i));
		polled[i] = (struct pollfd){ .fd = fd, .events = POLLIN };
	}
	struct timespec timeout = {
		.tv_sec = (time_t)(timeout_ms / 1e3),
		.tv_nsec = (long)((timeout_ms - (double)(time_t)(timeout_ms / 1e3) * 1e3) * 1e6),
	};
	int ready = ppoll(polled, (nfds_t)count, timeout_ms < 0 ? NULL : &timeout, NULL);
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
	JS_CFUNC_DEF("openSignals", 0, open_signals),
	JS_CFUNC_DEF("readSignal", 1, read_signal),
	JS_CFUNC_DEF("poll", 2, poll_descriptors),
};
const int kernel_signals_count = sizeof kernel_signals / sizeof *kernel_signals;
