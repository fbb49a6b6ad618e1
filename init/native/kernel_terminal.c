/* The terminal: which process group is in its foreground, and how it is read. */
#include <errno.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "kernel.h"

static JSValue foreground_group(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	return kernel_result(ctx, tcgetpgrp(kernel_int(ctx, argv[0])));
}

static JSValue set_foreground_group(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	return kernel_result(ctx, tcsetpgrp(kernel_int(ctx, argv[0]), kernel_int(ctx, argv[1])));
}

/* 1 without canonical mode: what is typed is handed over key by key. */
static JSValue reads_keys(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	struct termios mode;
	int failed = tcgetattr(kernel_int(ctx, argv[0]), &mode);
	return kernel_result(ctx, failed ? failed : !(mode.c_lflag & ICANON));
}

static JSValue give_up_terminal(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	const struct timespec at_once = { 0 };
	sigset_t hang_up;
	int failed = ioctl(STDIN_FILENO, TIOCNOTTY);
	int failure = errno;
	sigemptyset(&hang_up);
	sigaddset(&hang_up, SIGHUP);
	sigaddset(&hang_up, SIGCONT);
	while (!failed && sigtimedwait(&hang_up, NULL, &at_once) > 0)
		;
	errno = failure;
	return kernel_result(ctx, failed);
}

const JSCFunctionListEntry kernel_terminal[] = {
	JS_CFUNC_DEF("giveUpTerminal", 0, give_up_terminal),
	JS_CFUNC_DEF("readsKeys", 1, reads_keys),
	JS_CFUNC_DEF("foregroundGroup", 1, foreground_group),
	JS_CFUNC_DEF("setForegroundGroup", 2, set_foreground_group),
};
const int kernel_terminal_count = sizeof kernel_terminal / sizeof *kernel_terminal;
