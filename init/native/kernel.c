#include "kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bytes.h"

char **program_arguments;
int program_argument_count;

const char *kernel_path(const char *path)
{
	return is_training && strncmp(path, "/etc/", 5) == 0 ? path + 1 : path;
}

/* What a system call returned: the value, or -errno. */
JSValue kernel_result(JSContext *ctx, long result)
{
	return JS_NewInt32(ctx, result < 0 ? -errno : (int32_t)result);
}

/* TypeScript has checked the types: anything else than a number cannot arrive here. */
int kernel_int(JSContext *ctx, JSValueConst value)
{
	int32_t number = 0;
	JS_ToInt32(ctx, &number, value);
	return number;
}

static JSValue argument_count(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return JS_NewInt32(ctx, program_argument_count);
}

static JSValue argument(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	int index = kernel_int(ctx, argv[0]);
	if (index < 0 || index >= program_argument_count)
		return JS_UNDEFINED;
	return bytes_to_js(ctx, program_arguments[index], strlen(program_arguments[index]));
}

static JSValue environment(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *name = bytes_from_js(ctx, argv[0], &length);
	if (!name)
		return JS_EXCEPTION;
	const char *value = getenv(name);
	js_free(ctx, name);
	return value ? bytes_to_js(ctx, value, strlen(value)) : JS_UNDEFINED;
}

/* Whether a variable begins with one of the prefixes, which a NUL stands between. */
static JSValue environment_has(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *prefixes = bytes_from_js(ctx, argv[0], &length);
	if (!prefixes)
		return JS_EXCEPTION;
	int has = 0;
	for (char **entry = environ; *entry && !has; entry++)
		for (const char *prefix = prefixes; prefix < prefixes + length && !has; prefix += strlen(prefix) + 1)
			has = strncmp(*entry, prefix, strlen(prefix)) == 0;
	js_free(ctx, prefixes);
	return JS_NewBool(ctx, has);
}

static JSValue now_ms(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	struct timespec now;
#if defined __LP64__
	/* The clock is asked so rarely that the vdso's page faults would cost more than the system call. */
	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
#else
	/* The older call first, since older sandboxes refuse the newer one in a way that musl does not know. */
	long short_now[2];
	if (syscall(SYS_clock_gettime32, CLOCK_MONOTONIC, short_now) == 0)
		now = (struct timespec){ .tv_sec = short_now[0], .tv_nsec = short_now[1] };
	else
		clock_gettime(CLOCK_MONOTONIC, &now);
#endif
	return JS_NewFloat64(ctx, (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6);
}

static const JSCFunctionListEntry kernel_self[] = {
	JS_CFUNC_DEF("argumentCount", 0, argument_count),
	JS_CFUNC_DEF("argument", 1, argument),
	JS_CFUNC_DEF("environment", 1, environment),
	JS_CFUNC_DEF("environmentHas", 1, environment_has),
	JS_CFUNC_DEF("nowMs", 0, now_ms),
};

/* The functions of a table, made at once: QuickJS would make each when it is first asked for. */
static void add_functions(JSContext *ctx, JSValueConst kernel, const JSCFunctionListEntry *table, int count)
{
	JS_SetPropertyFunctionList(ctx, kernel, table, count);
	for (int i = 0; i < count; i++)
		JS_FreeValue(ctx, JS_GetPropertyStr(ctx, kernel, table[i].name));
}

JSValue kernel_object(JSContext *ctx)
{
	JSValue kernel = JS_NewObject(ctx);
	if (JS_IsException(kernel))
		return kernel;
	add_functions(ctx, kernel, kernel_self, sizeof kernel_self / sizeof *kernel_self);
	add_functions(ctx, kernel, kernel_directories, kernel_directories_count);
	add_functions(ctx, kernel, kernel_environment, kernel_environment_count);
	add_functions(ctx, kernel, kernel_files, kernel_files_count);
	add_functions(ctx, kernel, kernel_processes, kernel_processes_count);
	add_functions(ctx, kernel, kernel_scripts, kernel_scripts_count);
	add_functions(ctx, kernel, kernel_signals, kernel_signals_count);
	add_functions(ctx, kernel, kernel_streams, kernel_streams_count);
	add_functions(ctx, kernel, kernel_terminal, kernel_terminal_count);
	add_functions(ctx, kernel, kernel_users, kernel_users_count);
	return kernel;
}
