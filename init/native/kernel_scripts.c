/* Scripts beside the frozen one: each is evaluated when it is first needed, and costs the frozen heap nothing. */
#include <errno.h>
#include <sys/mman.h>

#include "inflate.h"
#include "kernel.h"

/* Written by qjsc from the scripts, and compressed in gzip's form (init/Makefile). */
extern const uint8_t tools_bundle[], services_bundle[], definitions_bundle[], control_bundle[], helpers_bundle[];
extern const uint32_t tools_bundle_size, services_bundle_size, definitions_bundle_size, control_bundle_size, helpers_bundle_size;

/* As kernel.ts numbers them. */
enum { TOOLS, SERVICES, DEFINITIONS, CONTROL, HELPERS, SCRIPTS };

static const struct {
	const uint8_t *bytecode;
	const uint32_t *size;
} scripts[SCRIPTS] = {
	[TOOLS] = { tools_bundle, &tools_bundle_size },
	[SERVICES] = { services_bundle, &services_bundle_size },
	[DEFINITIONS] = { definitions_bundle, &definitions_bundle_size },
	[CONTROL] = { control_bundle, &control_bundle_size },
	[HELPERS] = { helpers_bundle, &helpers_bundle_size },
};

/* Unpacked beside the heap, which would keep the room for ever. */
static JSValue read_script(JSContext *ctx, const uint8_t *file, size_t bytes)
{
	size_t size = gunzip_size(file, bytes);
	uint8_t *bytecode = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (bytecode == MAP_FAILED)
		return JS_ThrowOutOfMemory(ctx);
	JSValue function = gunzip(file, bytes, bytecode, size) ? JS_ThrowOutOfMemory(ctx) : JS_ReadObject(ctx, bytecode, size, JS_READ_OBJ_BYTECODE);
	munmap(bytecode, size);
	return function;
}

/* Evaluates the script; what it has left in the global variable "script". */
static JSValue evaluate(JSContext *ctx, int number)
{
	/* The frozen heap has no JSON, since no start needs it. */
	if (number != TOOLS)
		JS_AddIntrinsicJSON(ctx);
	JSValue function = read_script(ctx, scripts[number].bytecode, *scripts[number].size);
	if (JS_IsException(function))
		return function;
	JSValue value = JS_EvalFunction(ctx, function);
	if (JS_IsException(value))
		return value;
	JS_FreeValue(ctx, value);
	JSValue global = JS_GetGlobalObject(ctx);
	JSValue script = JS_GetPropertyStr(ctx, global, "script");
	JS_FreeValue(ctx, global);
	return script;
}

/* What only these scripts ask the system for is not in the frozen door. */
static void widen_door(JSContext *ctx, JSValueConst door, int number)
{
	if (number != TOOLS)
		JS_SetPropertyFunctionList(ctx, door, kernel_sockets, kernel_sockets_count);
	if (number == HELPERS)
		JS_SetPropertyFunctionList(ctx, door, kernel_lines, kernel_lines_count);
	if (number == SERVICES || number == CONTROL) {
		JS_SetPropertyFunctionList(ctx, door, kernel_control, kernel_control_count);
		JS_SetPropertyFunctionList(ctx, door, kernel_launch, kernel_launch_count);
	}
}

/* program(script): the function that runs its programs. */
static JSValue program(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)argc;
	int number = kernel_int(ctx, argv[0]);
	if (number < 0 || number >= SCRIPTS)
		return JS_NewInt32(ctx, -EINVAL);
	widen_door(ctx, this_value, number);
	return evaluate(ctx, number);
}

static JSValue services(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)argc, (void)argv;
	widen_door(ctx, this_value, SERVICES);
	return evaluate(ctx, SERVICES);
}

const JSCFunctionListEntry kernel_scripts[] = {
	JS_CFUNC_DEF("program", 1, program),
	JS_CFUNC_DEF("services", 0, services),
};
const int kernel_scripts_count = sizeof kernel_scripts / sizeof *kernel_scripts;
