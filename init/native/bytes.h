/* Strings between the kernel and JavaScript: one code unit (0-255) for each byte, never decoded. */
#ifndef BYTES_H
#define BYTES_H

#include <stddef.h>

#include "quickjs.h"

/* A JavaScript string of the given bytes. */
JSValue bytes_to_js(JSContext *ctx, const void *bytes, size_t length);

/*
 * The bytes of a JavaScript string, NUL-terminated, to be freed with js_free; *length receives their
 * number. NULL with an exception pending when memory is short or a code unit is over 255.
 */
char *bytes_from_js(JSContext *ctx, JSValueConst value, size_t *length);

/* The same for an array of strings, ended by a NULL, to be freed with bytes_free_list. NULL with an exception pending. */
char **bytes_list_from_js(JSContext *ctx, JSValueConst array);
void bytes_free_list(JSContext *ctx, char **list);

#endif
