/*
 * Starts the JavaScript runtime, calls the bundle's entry point with the kernel's door, and keeps the
 * promise that PID 1 does not die before its children: see safe_mode.c.
 */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"
#include "safe_mode.h"
#ifdef MALLOC_FROM_LIBC
#define new_runtime() JS_NewRuntime()
#else
#include "arena.h"
#define new_runtime() JS_NewRuntime2(&arena_functions, NULL)
#endif

/* Written by qjsc from the bundle. */
extern const uint8_t bundle[];
extern const uint32_t bundle_size;

enum {
	SYSTEM_ERROR = 111,
	/* The shell's smallest stack limits leave room for this. */
	STACK_BYTES = 256 << 10,
};

static void say(const char *text)
{
	ssize_t written = write(STDERR_FILENO, text, strlen(text));
	(void)written;
}

/* The message of the pending exception on stderr. Allocates nothing that it does not check. */
static void say_exception(JSContext *ctx)
{
	JSValue exception = JS_GetException(ctx);
	const char *message = JS_ToCString(ctx, exception);
	say("*** error: internal error, the init goes on in safe mode: ");
	say(message ? message : "out of memory");
	say("\n");
}

/*
 * Evaluates the bundle, which defines the global function `main` and does nothing else: it is not
 * given the kernel's door before main is called. The bytecode is read while the context is still
 * empty, since only then its atoms have the numbers that qjsc gave them, and it can be used in place.
 */
static JSContext *boot(void)
{
	JSRuntime *runtime = new_runtime();
	if (!runtime)
		return NULL;
	JS_SetMaxStackSize(runtime, STACK_BYTES);
	JSContext *ctx = JS_NewContextRaw(runtime);
	if (!ctx)
		return NULL;
	JSValue function = JS_ReadObject(ctx, bundle, bundle_size, JS_READ_OBJ_BYTECODE | JS_READ_OBJ_ROM_DATA);
	JS_AddIntrinsicBaseObjects(ctx);
	JSValue value = JS_EvalFunction(ctx, function);
	return JS_IsException(value) ? NULL : ctx;
}

/* Calls main(kernel): the exit code, or -1 with the exception pending. */
static int run(JSContext *ctx)
{
	JSValue global = JS_GetGlobalObject(ctx);
	JSValue entry = JS_GetPropertyStr(ctx, global, "main");
	JSValue kernel = kernel_object(ctx);
	JSValue code = JS_Call(ctx, entry, JS_UNDEFINED, 1, &kernel);
	return JS_IsException(code) ? -1 : kernel_int(ctx, code);
}

int main(int argc, char **argv)
{
	signals_block();
	program_argument_count = argc;
	program_arguments = argv;

	JSContext *ctx = boot();
	if (!ctx) {
		say("*** error: the JavaScript runtime could not be started: not enough memory\n");
		_exit(SYSTEM_ERROR);
	}
	int code = run(ctx);
	if (code < 0) {
		say_exception(ctx);
		code = safe_mode();
	}
	_exit(code);
}
