#include "bytes.h"

#include <string.h>

JSValue bytes_to_js(JSContext *ctx, const void *bytes, size_t length)
{
	const unsigned char *from = bytes;
	size_t high = 0;
	for (size_t i = 0; i < length; i++)
		high += from[i] >> 7;
	if (high == 0)
		return JS_NewStringLen(ctx, bytes, length);

	/* The public way to make a string is UTF-8, in which U+0080 to U+00FF take two bytes. */
	unsigned char *utf8 = js_malloc(ctx, length + high);
	if (!utf8)
		return JS_EXCEPTION;
	unsigned char *to = utf8;
	for (size_t i = 0; i < length; i++) {
		if (from[i] < 0x80) {
			*to++ = from[i];
		} else {
			*to++ = 0xc0 | (from[i] >> 6);
			*to++ = 0x80 | (from[i] & 0x3f);
		}
	}
	JSValue string = JS_NewStringLen(ctx, (const char *)utf8, length + high);
	js_free(ctx, utf8);
	return string;
}

char *bytes_from_js(JSContext *ctx, JSValueConst value, size_t *length)
{
	size_t utf8_length;
	const char *utf8 = JS_ToCStringLen(ctx, &utf8_length, value);
	if (!utf8)
		return NULL;
	char *bytes = js_malloc(ctx, utf8_length + 1);
	/* Most are ASCII, which is the same. */
	size_t used = 0;
	while (bytes && used < utf8_length && !(utf8[used] & 0x80))
		used++;
	if (bytes)
		memcpy(bytes, utf8, used);
	for (size_t i = used; bytes && i < utf8_length; i++) {
		unsigned char unit = (unsigned char)utf8[i];
		if (unit >= 0x80) {
			if (unit > 0xc3) {
				js_free(ctx, bytes);
				bytes = NULL;
				JS_ThrowTypeError(ctx, "a string for the kernel has a code unit over 255");
				break;
			}
			unit = (unsigned char)((unit & 0x03) << 6 | (utf8[++i] & 0x3f));
		}
		bytes[used++] = (char)unit;
	}
	JS_FreeCString(ctx, utf8);
	if (bytes)
		bytes[used] = '\0';
	*length = used;
	return bytes;
}

void bytes_free_list(JSContext *ctx, char **list)
{
	for (char **entry = list; *entry; entry++)
		js_free(ctx, *entry);
	js_free(ctx, list);
}

char **bytes_list_from_js(JSContext *ctx, JSValueConst array)
{
	int32_t count = 0;
	size_t length;
	JSValue size = JS_GetPropertyStr(ctx, array, "length");
	JS_ToInt32(ctx, &count, size);
	JS_FreeValue(ctx, size);
	char **list = js_mallocz(ctx, ((size_t)count + 1) * sizeof *list);
	if (!list)
		return NULL;
	for (int32_t i = 0; i < count; i++) {
		JSValue entry = JS_GetPropertyUint32(ctx, array, (uint32_t)i);
		list[i] = bytes_from_js(ctx, entry, &length);
		JS_FreeValue(ctx, entry);
		if (!list[i]) {
			bytes_free_list(ctx, list);
			return NULL;
		}
	}
	return list;
}
