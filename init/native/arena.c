/*
 * One arena for everything that the JavaScript runtime allocates.
 *
 * Blocks come from size classes: multiples of 16 bytes up to 512, then four steps to each power of
 * two. A freed block goes on the list of its class and is handed out again, so that a loop which
 * allocates and frees the same things (reaping, above all) needs no new memory, however long it runs.
 * The arena lies in .bss: pages that were never touched cost nothing.
 */
#include <stdint.h>
#include <string.h>

#include "arena.h"

enum {
	ARENA_BYTES = 32 << 20,
	ALIGNMENT = 16,
	SMALL_BYTES = 512,
	SMALL_CLASSES = SMALL_BYTES / ALIGNMENT,
	STEPS_PER_DOUBLING = 4,
	SMALL_BITS = 9,
	LARGEST_BITS = 25,
	CLASSES = SMALL_CLASSES + (LARGEST_BITS - SMALL_BITS) * STEPS_PER_DOUBLING,
};

/* Stands before each block. Its size keeps the block behind it aligned. */
typedef struct {
	uint32_t class;
	uint32_t bytes;
	uint64_t unused;
} header;

_Static_assert(sizeof(header) == ALIGNMENT, "a header must keep its block aligned");

typedef struct free_block {
	struct free_block *next;
} free_block;

static _Alignas(64) uint8_t arena[ARENA_BYTES];
static size_t arena_used;
static free_block *free_lists[CLASSES];

/* The class whose blocks hold `size` bytes; *bytes receives what they hold. */
static uint32_t class_of(size_t size, uint32_t *bytes)
{
	if (size <= SMALL_BYTES) {
		uint32_t class = size == 0 ? 0 : (uint32_t)((size - 1) / ALIGNMENT);
		*bytes = (class + 1) * ALIGNMENT;
		return class;
	}
	uint32_t bits = 63 - (uint32_t)__builtin_clzll((unsigned long long)size - 1);
	uint32_t step = 1u << (bits - 2);
	uint32_t steps = (uint32_t)((size - (1u << bits) + step - 1) / step);
	*bytes = (1u << bits) + steps * step;
	return SMALL_CLASSES + (bits - SMALL_BITS) * STEPS_PER_DOUBLING + steps - 1;
}

static header *header_of(const void *block)
{
	return (header *)((uintptr_t)block - sizeof(header));
}

static void *arena_malloc(JSMallocState *state, size_t size)
{
	uint32_t bytes;
	if (size > ARENA_BYTES / 2)
		return NULL;
	uint32_t class = class_of(size, &bytes);
	free_block *reused = free_lists[class];
	if (reused) {
		free_lists[class] = reused->next;
	} else {
		if (ARENA_BYTES - arena_used < sizeof(header) + bytes)
			return NULL;
		header *fresh = (header *)(arena + arena_used);
		arena_used += sizeof(header) + bytes;
		fresh->class = class;
		fresh->bytes = bytes;
		reused = (free_block *)(fresh + 1);
	}
	state->malloc_count++;
	state->malloc_size += bytes;
	return reused;
}

static void arena_free(JSMallocState *state, void *block)
{
	if (!block)
		return;
	header *freed = header_of(block);
	free_block *link = block;
	link->next = free_lists[freed->class];
	free_lists[freed->class] = link;
	state->malloc_count--;
	state->malloc_size -= freed->bytes;
}

static void *arena_realloc(JSMallocState *state, void *block, size_t size)
{
	if (!block)
		return size == 0 ? NULL : arena_malloc(state, size);
	if (size == 0) {
		arena_free(state, block);
		return NULL;
	}
	uint32_t bytes = header_of(block)->bytes;
	/* Kept where it is unless that would waste more than half of it. */
	if (size <= bytes && size >= bytes / 2)
		return block;
	void *moved = arena_malloc(state, size);
	if (!moved)
		return NULL;
	memcpy(moved, block, size < bytes ? size : bytes);
	arena_free(state, block);
	return moved;
}

static size_t arena_usable_size(const void *block)
{
	return block ? header_of(block)->bytes : 0;
}

const JSMallocFunctions arena_functions = {
	arena_malloc,
	arena_free,
	arena_realloc,
	arena_usable_size,
};
