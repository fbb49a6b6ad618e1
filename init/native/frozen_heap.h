/*
 * The heap that is frozen at build time.
 *
 * The first-stage binary makes the runtime, evaluates the bundle up to its entry point and writes this
 * region out; the shipped binary is linked with what was written, at the same address. It starts with
 * its heap already there.
 */
#ifndef FROZEN_HEAP_H
#define FROZEN_HEAP_H

#include <stdint.h>

#include "arena.h"
#include "quickjs.h"

/* What stands at the region's start; the arena's blocks follow. */
struct frozen_heap {
	/* FROZEN_HEAP_MAGIC in the shipped binary, 0 in the first stage. */
	uint64_t magic;
	JSContext *context;
	/* The bundle's entry point, and the kernel's door that it is called with. */
	JSValue entry;
	JSValue door;
	/* Where the blocks that will be written end, and where all end. */
	uint8_t *hot_end;
	uint8_t *end;
	/* Whether making it needed more than the region; then it cannot be written. */
	uint64_t is_full;
	/* The arena: memory that nobody had yet (NULL while the heap is being made), and the free blocks. */
	uint8_t *next;
	free_block *free_lists[ARENA_CLASSES];
} __attribute__((aligned(16)));

/* Laid out by layout.ld: first all variables of the C code, then the region. */
extern uint8_t variables[];
extern struct frozen_heap frozen_heap;
extern uint8_t frozen_heap_end[];
/* Where the arena goes on behind the region. */
extern uint8_t growth[];
extern uint8_t growth_end[];

enum { FROZEN_HEAP_MAGIC = 0x62617365 };

/* What a command line of the first stage asks for: `--train LIST ...` and `--freeze FILE LIST...`. */
struct freeze_request {
	/* Written by a training run; read by the freeze, those of the plain starts first, and NULL behind the last. */
	const char *list;
	char *const *lists;
	const char *file;
};

/*
 * The first stage, before the heap is made: lays the arena out by the lists, if there are any to read.
 * Exits with a message when that fails.
 */
void frozen_heap_prepare(const struct freeze_request *request);

/* For training: notices from now on which blocks of the heap are written to. */
void frozen_heap_watch(void);

/* After a training run: writes number, size and kind of each allocation whose block is still in use. */
int frozen_heap_write_list(const struct freeze_request *request);

/*
 * Writes the region to the file, for the second link. Fails with a message, and not 0, when something in
 * it would be wrong in the next process: a pointer to the stack or to a variable outside of it.
 */
int frozen_heap_write(const struct freeze_request *request);

/* In the shipped binary: fetches the pages that will be written at once instead of one fault for each. */
void frozen_heap_thaw(void);

#endif
