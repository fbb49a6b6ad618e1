/* The script of the programs that are started rarely: evaluated when one of them is, and not frozen. */
#include "kernel.h"

/* Written by qjsc from the script. */
extern const uint8_t rare_bundle[];
extern const uint32_t rare_bundle_size;

/* The function that runs one of them. */
static JSValue rare_programs(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	JSValue script = JS_ReadObject(ctx, rare_bundle, rare_bundle_size, JS_READ_OBJ_BYTECODE);
	if (JS_IsException(script))
		return script;
	JSValue value = JS_EvalFunction(ctx, script);
	if (JS_IsException(value))
		return value;
	JS_FreeValue(ctx, value);
	JSValue global = JS_GetGlobalObject(ctx);
	JSValue run = JS_GetPropertyStr(ctx, global, "rare");
	JS_FreeValue(ctx, global);
	return run;
}

const JSCFunctionListEntry kernel_rare_programs[] = {
	JS_CFUNC_DEF("rarePrograms", 0, rare_programs),
};
const int kernel_rare_programs_count = sizeof kernel_rare_programs / sizeof *kernel_rare_programs;
