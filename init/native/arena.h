/* The memory of the JavaScript runtime: every allocation of it lies in one arena. */
#ifndef ARENA_H
#define ARENA_H

#include <stdint.h>

#include "quickjs.h"

enum {
	ARENA_ALIGNMENT = 8,
	ARENA_SMALL_BITS = 9,
	ARENA_SMALL_BYTES = 1 << ARENA_SMALL_BITS,
	ARENA_SMALL_CLASSES = ARENA_SMALL_BYTES / ARENA_ALIGNMENT,
	ARENA_STEPS_PER_DOUBLING = 4,
	ARENA_LARGEST_BITS = 25,
	ARENA_CLASSES = ARENA_SMALL_CLASSES + (ARENA_LARGEST_BITS - ARENA_SMALL_BITS) * ARENA_STEPS_PER_DOUBLING,
};

/* Stands before the memory of each block. Its size keeps the memory aligned. */
typedef struct {
	/* The number of the allocation that it was last handed out for, while the heap was made. */
	uint32_t sequence;
	uint16_t class;
	uint16_t kind;
} arena_block;

_Static_assert(sizeof(arena_block) == ARENA_ALIGNMENT, "a block's memory must be aligned");

/* The memory of a free block. */
typedef struct free_block {
	struct free_block *next;
} free_block;

/* The functions to give to JS_NewRuntime2. They return NULL when the arena is used up. */
extern const JSMallocFunctions arena_functions;

/* What becomes of a block that is allocated while the heap is made. */
enum block_kind {
	/* Freed again before the heap is frozen. */
	BLOCK_TEMPORARY,
	/* Not touched by a start. */
	BLOCK_COLD,
	/* Only read by it. */
	BLOCK_WARM,
	/* Written to by a start with start-up files. */
	BLOCK_STARTUP,
	/* Written to by some others: under another name, or where PATH is searched. */
	BLOCK_TEPID,
	/* Written to by every start. */
	BLOCK_HOT,
	BLOCK_KINDS,
};

/*
 * How the heap is laid out while it is made; said before the first allocation. Making it allocates in the
 * same order every time, so an allocation is known by its number. arena_lay_out() returns -1 when out of memory.
 */
struct arena_layout {
	/* Where the blocks go, and how many bytes of it are for the hot ones, and for the others behind them. Temporary ones go to `growth`. */
	uint8_t *start;
	uint8_t *limit;
	size_t hot_bytes;
	size_t tepid_bytes;
	size_t startup_bytes;
	size_t warm_bytes;
	/* The kind of each allocation; NULL: all count as hot. */
	const uint8_t *kinds;
	uint32_t kinds_count;
	/* Each block begins at a multiple of it: ARENA_ALIGNMENT, or a page to tell blocks apart by pages. */
	size_t granule;
};
int arena_lay_out(const struct arena_layout *layout);

/* Zeros beside the arena, while the heap is made; NULL when there is no memory. By mmap(2): malloc's variables would cost every start. */
void *arena_memory_beside(size_t bytes);

/* What a block's memory holds. */
uint32_t arena_block_bytes(const arena_block *block);

/* The heap is made: from now on new memory lies behind it, and free blocks among the others than hot ones stay unused. */
void arena_freeze(void);

/* The number that stands in free blocks after arena_forget_free_blocks(). */
enum { ARENA_NO_SEQUENCE = -1 };

/* For training: no free block is handed out again, and each can be told by its number. */
void arena_forget_free_blocks(void);

/* How many allocations there were. */
uint32_t arena_allocations(void);

/* How many blocks are in use that were to be freed before the heap is frozen. */
uint32_t arena_temporary_blocks(void);

#endif
