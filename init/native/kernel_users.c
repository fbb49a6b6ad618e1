/* Becoming another program, as another user: for the names that end in an exec. */
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bytes.h"
#include "kernel.h"

enum { GROUPS_LIMIT = 65536 };

static JSValue user_id(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return JS_NewInt64(ctx, geteuid());
}

static JSValue group_id(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return JS_NewInt64(ctx, getegid());
}

static int64_t number_from_js(JSContext *ctx, JSValueConst value)
{
	int64_t number = 0;
	JS_ToInt64(ctx, &number, value);
	return number;
}

/* becomeUser(user, group, groups): 0 or -errno. The groups first: the user alone may not change them any more. */
static JSValue become_user(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	JSValue size = JS_GetPropertyStr(ctx, argv[2], "length");
	uint32_t count = (uint32_t)kernel_int(ctx, size);
	JS_FreeValue(ctx, size);
	if (count > GROUPS_LIMIT)
		return JS_NewInt32(ctx, -EINVAL);
	gid_t *groups = js_malloc(ctx, (count + 1) * sizeof *groups);
	if (!groups)
		return JS_EXCEPTION;
	for (uint32_t i = 0; i < count; i++) {
		JSValue group = JS_GetPropertyUint32(ctx, argv[2], i);
		groups[i] = (gid_t)number_from_js(ctx, group);
		JS_FreeValue(ctx, group);
	}
	int failed = setgroups(count, groups);
	js_free(ctx, groups);
	if (!failed)
		failed = setgid((gid_t)number_from_js(ctx, argv[1]));
	if (!failed)
		failed = setuid((uid_t)number_from_js(ctx, argv[0]));
	return kernel_result(ctx, failed);
}

/* execute(path, firstArgument, interpreter): only returns, with -errno, where it fails. The signals are those of our start. */
static JSValue execute(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	int first = kernel_int(ctx, argv[1]);
	size_t path_length, interpreter_length;
	if (first < 1 || first >= program_argument_count)
		return JS_NewInt32(ctx, -EINVAL);
	char *path = bytes_from_js(ctx, argv[0], &path_length);
	char *interpreter = path ? bytes_from_js(ctx, argv[2], &interpreter_length) : NULL;
	JSValue result = JS_EXCEPTION;
	if (interpreter) {
		char **arguments = program_arguments + first;
		char *borrowed[2] = { arguments[-1], arguments[0] };
		if (interpreter_length) {
			*arguments = path;
			*--arguments = interpreter;
		}
		signals_restore();
		execve(interpreter_length ? interpreter : path, arguments, environ);
		int failure = errno;
		signals_block();
		program_arguments[first - 1] = borrowed[0];
		program_arguments[first] = borrowed[1];
		result = JS_NewInt32(ctx, -failure);
	}
	js_free(ctx, path);
	js_free(ctx, interpreter);
	return result;
}

const JSCFunctionListEntry kernel_users[] = {
	JS_CFUNC_DEF("userId", 0, user_id),
	JS_CFUNC_DEF("groupId", 0, group_id),
	JS_CFUNC_DEF("becomeUser", 3, become_user),
	JS_CFUNC_DEF("execute", 3, execute),
};
const int kernel_users_count = sizeof kernel_users / sizeof *kernel_users;
