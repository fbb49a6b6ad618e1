/*
 * One arena for everything that the JavaScript runtime allocates.
 *
 * Blocks come from size classes: multiples of 16 bytes up to 512, then four steps to each power of
 * two. A freed block goes on the list of its class and is handed out again, so that a loop which
 * allocates and frees the same things (reaping, above all) needs no new memory, however long it runs.
 *
 * The first blocks lie in the heap that is frozen at build time (frozen_heap.h), all later ones in
 * `growth`, whose pages cost nothing until they are touched.
 */
#include "arena.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "frozen_heap.h"

/* A stretch of memory that nobody had yet. */
typedef struct {
	uint8_t *next;
	uint8_t *limit;
} stretch;

/* While the heap is made. */
static struct arena_layout layout;
static stretch stretches[BLOCK_KINDS];
/* Of the other kinds, class after class; those of hot blocks are frozen with the heap. Beside it, so that PID 1 has no page for them. */
static free_block **other_free_lists;
static uint32_t allocations;
static uint32_t temporary_blocks;

static __attribute__((noinline)) uint16_t large_class_of(size_t size)
{
	uint32_t bits = 63 - (uint32_t)__builtin_clzll((unsigned long long)size - 1);
	uint32_t step = 1u << (bits - 2);
	uint32_t steps = (uint32_t)((size - (1u << bits) + step - 1) / step);
	return (uint16_t)(ARENA_SMALL_CLASSES + (bits - ARENA_SMALL_BITS) * ARENA_STEPS_PER_DOUBLING + steps - 1);
}

/* The class whose blocks hold `size` bytes. Nearly all are small: a few instructions, since every object comes by here. */
static inline uint16_t class_of(size_t size)
{
	if (size > ARENA_SMALL_BYTES)
		return large_class_of(size);
	return (uint16_t)((size - (size != 0)) / ARENA_ALIGNMENT);
}

static __attribute__((noinline)) uint32_t bytes_of_large(uint16_t class)
{
	uint32_t steps = class - ARENA_SMALL_CLASSES + 1u;
	uint32_t power = ARENA_SMALL_BYTES << ((steps - 1) / ARENA_STEPS_PER_DOUBLING);
	return power + ((steps - 1) % ARENA_STEPS_PER_DOUBLING + 1) * (power / ARENA_STEPS_PER_DOUBLING);
}

/* What the blocks of a class hold. */
static inline uint32_t bytes_of(uint16_t class)
{
	return class < ARENA_SMALL_CLASSES ? (class + 1u) * ARENA_ALIGNMENT : bytes_of_large(class);
}

uint32_t arena_block_bytes(const arena_block *block)
{
	return bytes_of(block->class);
}

static arena_block *block_of(const void *memory)
{
	return (arena_block *)((uintptr_t)memory - sizeof(arena_block));
}

void *arena_memory_beside(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

int arena_lay_out(const struct arena_layout *wanted)
{
	layout = *wanted;
	other_free_lists = arena_memory_beside(BLOCK_HOT * ARENA_CLASSES * sizeof *other_free_lists);
	if (!other_free_lists)
		return -1;
	uint8_t *hot_end = layout.kinds ? layout.start + layout.hot_bytes : layout.limit;
	stretches[BLOCK_HOT] = (stretch){ layout.start, hot_end };
	uint8_t *tepid_end = hot_end + layout.tepid_bytes;
	uint8_t *startup_end = tepid_end + layout.startup_bytes;
	uint8_t *warm_end = startup_end + layout.warm_bytes;
	stretches[BLOCK_TEPID] = (stretch){ hot_end, tepid_end };
	stretches[BLOCK_STARTUP] = (stretch){ tepid_end, startup_end };
	stretches[BLOCK_WARM] = (stretch){ startup_end, warm_end };
	stretches[BLOCK_COLD] = (stretch){ warm_end, layout.limit };
	stretches[BLOCK_TEMPORARY] = (stretch){ growth, growth_end };
	return 0;
}

void arena_freeze(void)
{
	for (int class = 0; class < ARENA_CLASSES; class++)
		for (free_block *free = frozen_heap.free_lists[class]; free; free = free->next)
			memset(free + 1, 0, arena_block_bytes(block_of(free)) - sizeof *free);
	const stretch *hot = &stretches[BLOCK_HOT];
	frozen_heap.hot_end = layout.kinds ? hot->limit : hot->next;
	frozen_heap.end = layout.kinds ? stretches[BLOCK_COLD].next : hot->next;
	frozen_heap.is_full = hot->limit == growth_end;
	frozen_heap.next = hot->next;
}

void arena_forget_free_blocks(void)
{
	for (int class = 0; class < ARENA_CLASSES; class++) {
		for (free_block *free = frozen_heap.free_lists[class]; free; free = free->next)
			block_of(free)->sequence = (uint32_t)ARENA_NO_SEQUENCE;
		frozen_heap.free_lists[class] = NULL;
	}
}

uint32_t arena_allocations(void)
{
	return allocations;
}

uint32_t arena_temporary_blocks(void)
{
	return temporary_blocks;
}

static void *take_from(stretch *from, size_t bytes, size_t granule)
{
	if ((size_t)(from->limit - from->next) < bytes)
		return NULL;
	void *taken = from->next;
	from->next += (bytes + granule - 1) / granule * granule;
	return taken;
}

/* Once the heap is made: what is left among its hot blocks, then what lies behind it. */
static arena_block *take_later(size_t bytes)
{
	int is_behind = frozen_heap.next >= growth;
	/* The end in this link: the one that froze the heap has a larger region. */
	stretch later = { frozen_heap.next, is_behind ? growth_end : frozen_heap.hot_end };
	arena_block *taken = take_from(&later, bytes, ARENA_ALIGNMENT);
	if (!taken && !is_behind) {
		later = (stretch){ growth, growth_end };
		taken = take_from(&later, bytes, ARENA_ALIGNMENT);
	}
	frozen_heap.next = later.next;
	return taken;
}

/* While the heap is made. */
static arena_block *take_now(size_t bytes, enum block_kind kind)
{
	stretch *hot = &stretches[BLOCK_HOT];
	arena_block *taken = take_from(&stretches[kind], bytes, layout.granule);
	if (!taken && hot->limit != growth_end) {
		*hot = (stretch){ growth, growth_end };
		taken = take_from(hot, bytes, layout.granule);
	}
	return taken;
}

static enum block_kind kind_of(uint32_t sequence)
{
	if (!layout.kinds)
		return BLOCK_HOT;
	return sequence < layout.kinds_count ? layout.kinds[sequence] : BLOCK_TEMPORARY;
}

static free_block **free_list_of(uint16_t class, enum block_kind kind)
{
	return kind == BLOCK_HOT ? &frozen_heap.free_lists[class] : &other_free_lists[kind * ARENA_CLASSES + class];
}

static inline arena_block *take_free(free_block **list)
{
	free_block *free = *list;
	if (!free)
		return NULL;
	*list = free->next;
	return block_of(free);
}

static __attribute__((noinline)) arena_block *allocate_now(uint16_t class)
{
	uint32_t sequence = allocations++;
	enum block_kind kind = kind_of(sequence);
	arena_block *block = take_free(free_list_of(class, kind));
	if (!block)
		block = take_now(sizeof *block + bytes_of(class), kind);
	if (!block)
		return NULL;
	*block = (arena_block){ .sequence = sequence, .class = class, .kind = kind };
	temporary_blocks += kind == BLOCK_TEMPORARY;
	return block;
}

static __attribute__((noinline)) arena_block *allocate_later(uint16_t class)
{
	arena_block *block = take_later(sizeof *block + bytes_of(class));
	if (!block)
		return NULL;
	block->class = class;
	block->kind = BLOCK_HOT;
	return block;
}

static void *arena_malloc(JSMallocState *state, size_t size)
{
	if (size > (size_t)1 << ARENA_LARGEST_BITS)
		return NULL;
	uint16_t class = class_of(size);
	arena_block *block;
	if (frozen_heap.next) {
		block = take_free(&frozen_heap.free_lists[class]);
		if (!block)
			block = allocate_later(class);
	} else {
		block = allocate_now(class);
	}
	if (!block)
		return NULL;
	state->malloc_count++;
	state->malloc_size += bytes_of(class);
	return block + 1;
}

static void arena_free(JSMallocState *state, void *memory)
{
	if (!memory)
		return;
	arena_block *block = block_of(memory);
	/* Once the heap is made, a freed block of whatever kind has been written to. */
	free_block **list = &frozen_heap.free_lists[block->class];
	if (!frozen_heap.next) {
		list = free_list_of(block->class, block->kind);
		temporary_blocks -= block->kind == BLOCK_TEMPORARY;
	}
	free_block *free = memory;
	free->next = *list;
	*list = free;
	state->malloc_count--;
	state->malloc_size -= bytes_of(block->class);
}

static void *arena_realloc(JSMallocState *state, void *memory, size_t size)
{
	if (!memory)
		return size == 0 ? NULL : arena_malloc(state, size);
	if (size == 0) {
		arena_free(state, memory);
		return NULL;
	}
	uint32_t bytes = arena_block_bytes(block_of(memory));
	/* Kept where it is unless that would waste more than half of it. */
	if (size <= bytes && size >= bytes / 2)
		return memory;
	void *moved = arena_malloc(state, size);
	if (!moved)
		return NULL;
	memcpy(moved, memory, size < bytes ? size : bytes);
	arena_free(state, memory);
	return moved;
}

static size_t arena_usable_size(const void *memory)
{
	return memory ? arena_block_bytes(block_of(memory)) : 0;
}

const JSMallocFunctions arena_functions = {
	arena_malloc,
	arena_free,
	arena_realloc,
	arena_usable_size,
};
