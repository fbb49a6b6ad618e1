/*
 * Starts the JavaScript runtime, or finds it frozen, calls the bundle's entry point with the kernel's
 * door, and keeps the promise that PID 1 does not die before its children: see safe_mode.c.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "frozen_heap.h"
#include "kernel.h"
#include "safe_mode.h"
#ifdef MALLOC_FROM_LIBC
#define new_runtime() JS_NewRuntime()
struct frozen_heap frozen_heap;
#else
#define new_runtime() JS_NewRuntime2(&arena_functions, NULL)
#endif

/* Written by qjsc from the bundle. */
extern const uint8_t bundle[];
extern const uint32_t bundle_size;

enum {
	SYSTEM_ERROR = 111,
	/* The shell's smallest stack limits leave room for this. */
	STACK_BYTES = 256 << 10,
	/* What is not in a cycle is freed at once, and the init makes no cycles. */
	COLLECT_CYCLES_BYTES = 4 << 20,
};

/* One line on stderr, at once, so that nobody else's output comes in between, and cut to what it may hold. */
static void say(const char *what, const char *why)
{
	char line[512];
	int length = snprintf(line, sizeof line, "*** error: %s: %.400s\n", what, why);
	write_without_blocking(STDERR_FILENO, line, (size_t)length);
}

/* The message of the pending exception on stderr. Allocates nothing that it does not check. */
static void say_exception(JSContext *ctx)
{
	JSValue exception = JS_GetException(ctx);
	const char *message = JS_ToCString(ctx, exception);
	say("internal error, the init goes on in safe mode", message ? message : "out of memory");
}

#ifndef MALLOC_FROM_LIBC
/* QuickJS seeds Math.random, which the init does not use, from the time: two builds would differ by it. */
int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
	(void)zone;
	*time = (struct timeval){ 0 };
	return 0;
}
#endif

/* QuickJS makes this object with its forty functions when it is first asked for: here, so that it is frozen. */
static void make_lazy_objects(JSContext *ctx, JSValueConst global)
{
	JS_FreeValue(ctx, JS_GetPropertyStr(ctx, global, "Math"));
}

/*
 * Evaluates the bundle, which defines the global function `main` and does nothing else: it is not
 * given the kernel's door before main is called.
 */
static int boot(void)
{
	JSRuntime *runtime = new_runtime();
	if (!runtime)
		return -1;
	JS_SetMaxStackSize(runtime, STACK_BYTES);
	JS_SetGCThreshold(runtime, COLLECT_CYCLES_BYTES);
	JSContext *ctx = JS_NewContextRaw(runtime);
	if (!ctx)
		return -1;
	JSValue function = JS_ReadObject(ctx, bundle, bundle_size, JS_READ_OBJ_BYTECODE);
	JS_AddIntrinsicBaseObjects(ctx);
	JSValue value = JS_EvalFunction(ctx, function);
	JSValue global = JS_GetGlobalObject(ctx);
	frozen_heap.context = ctx;
	frozen_heap.entry = JS_GetPropertyStr(ctx, global, "main");
	frozen_heap.door = kernel_object(ctx);
	make_lazy_objects(ctx, global);
	JS_FreeValue(ctx, global);
	return JS_IsException(value) || JS_IsException(frozen_heap.door) ? -1 : 0;
}

static int cannot_boot(void)
{
	say("the JavaScript runtime could not be started", "not enough memory");
	return SYSTEM_ERROR;
}

/* Calls main(kernel): the exit code, or -1 with the exception pending. */
static int run(void)
{
	JSContext *ctx = frozen_heap.context;
	JS_UpdateStackTop(JS_GetRuntime(ctx));
	JSValue code = JS_Call(ctx, frozen_heap.entry, JS_UNDEFINED, 1, &frozen_heap.door);
	return JS_IsException(code) ? -1 : kernel_int(ctx, code);
}

static int run_or_go_on(void)
{
	int code = run();
	if (code >= 0)
		return code;
	say_exception(frozen_heap.context);
	return safe_mode();
}

#ifndef MALLOC_FROM_LIBC
/* The first stage: `--train LIST COMMAND...` and `--freeze FILE LIST...` at build time, or an ordinary start. */
static int first_stage(int argc, char **argv)
{
	struct freeze_request request = { 0 };
	int trains = argc > 3 && strcmp(argv[1], "--train") == 0;
	if (trains) {
		request.list = argv[2];
		program_argument_count = argc - 2;
		program_arguments = argv + 2;
	} else if (argc > 3 && strcmp(argv[1], "--freeze") == 0) {
		request = (struct freeze_request){ .file = argv[2], .lists = argv + 3 };
	}
	frozen_heap_prepare(&request);
	if (boot())
		return cannot_boot();
	if (request.file)
		return frozen_heap_write(&request) ? 1 : 0;
	if (trains) {
		is_training = 1;
		frozen_heap_watch();
	}
	int code = run_or_go_on();
	return trains && frozen_heap_write_list(&request) ? 1 : code;
}
#endif

int main(int argc, char **argv)
{
	signals_block();
	program_argument_count = argc;
	program_arguments = argv;
#ifdef MALLOC_FROM_LIBC
	_exit(boot() ? cannot_boot() : run_or_go_on());
#else
	if (frozen_heap.magic != FROZEN_HEAP_MAGIC)
		_exit(first_stage(argc, argv));
	frozen_heap_thaw();
	_exit(run_or_go_on());
#endif
}
