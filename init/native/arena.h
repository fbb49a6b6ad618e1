/* The memory of the JavaScript runtime: every allocation of it lies in one arena. */
#ifndef ARENA_H
#define ARENA_H

#include "quickjs.h"

/* The functions to give to JS_NewRuntime2. They return NULL when the arena is used up. */
extern const JSMallocFunctions arena_functions;

#endif
