#include "frozen_heap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Two words of the runtime hold the bounds of the stack. JS_UpdateStackTop sets them at each start. The span is little more than
 * the stack that is used: where an emulator puts the stack at a low address, pairs of small numbers look like a place near it.
 */
enum { STACK_WORDS = 2, STACK_SPAN = 1 << 20 };

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* Allocated while a command is started and has ended; more of it lies behind the heap. */
enum { SPARE_BYTES = 3600 };

/* The first training runs are plain starts: a command alone, and one behind `--`. The last is one with start-up files. */
enum { PLAIN_RUNS = 2 };

/* The smallest page of all kernels: what is laid out by it does not depend on the machine that builds. */
enum { SMALLEST_PAGE = 4096 };

static uint8_t *const blocks_start = (uint8_t *)(&frozen_heap + 1);
/* In training, for each page: an enum block_kind. */
static uint8_t *page_kinds;

/* What mprotect and madvise count by: 4, 16 or 64 KB. In training each block has such pages of its own. */
static uintptr_t page_bytes(void)
{
	return getauxval(AT_PAGESZ);
}

static int fail(const char *what)
{
	dprintf(STDERR_FILENO, "freeze: %s\n", what);
	return -1;
}

static void lay_out(const struct arena_layout *wanted)
{
	if (arena_lay_out(wanted)) {
		fail("out of memory");
		exit(1);
	}
}

/* What the training runs have seen, by the number of the allocation. */
struct experience {
	uint8_t *kinds;
	uint32_t count;
	size_t bytes_of_kind[BLOCK_KINDS];
};

/* A line of the list that a training run leaves; the first one's sequence is the number of all allocations. */
struct observation {
	uint32_t sequence;
	uint32_t bytes;
	uint32_t kind;
};

static int read_observation(int list, struct observation *seen)
{
	return read(list, seen, sizeof *seen) == (ssize_t)sizeof *seen;
}

/* What the kind of a written block says is which runs have written to it. */
static void learn(struct experience *all, const char *path, int run, enum block_kind written)
{
	int list = open(path, O_RDONLY | O_CLOEXEC);
	struct observation seen;
	if (list < 0 || !read_observation(list, &seen) || (run > 0 && seen.sequence != all->count)) {
		fail("cannot read the list of a training run, or it is of another heap");
		exit(1);
	}
	if (run == 0) {
		all->count = seen.sequence;
		all->kinds = arena_memory_beside(all->count);
	}
	while (all->kinds && read_observation(list, &seen) && seen.sequence < all->count) {
		if (seen.kind >= BLOCK_KINDS) {
			fail("the list of a training run has a kind that there is not");
			exit(1);
		}
		uint8_t kind = seen.kind == BLOCK_HOT ? written : (uint8_t)seen.kind;
		uint8_t known = all->kinds[seen.sequence];
		if (kind <= known)
			continue;
		if (known != BLOCK_TEMPORARY)
			all->bytes_of_kind[known] -= sizeof(arena_block) + seen.bytes;
		all->kinds[seen.sequence] = kind;
		all->bytes_of_kind[kind] += sizeof(arena_block) + seen.bytes;
	}
	close(list);
}

static void lay_out_by(char *const *lists)
{
	struct experience all = { 0 };
	for (int i = 0; lists[i]; i++)
		learn(&all, lists[i], i, i < PLAIN_RUNS ? BLOCK_HOT : lists[i + 1] ? BLOCK_TEPID : BLOCK_STARTUP);
	/*
	 * Hot blocks, room for what a start allocates, tepid blocks, those of start-up files, and then the end of a page: none is shared
	 * with what stays as it is. Tepid blocks begin in the page that every start writes to: most starts need one page for them.
	 */
	uintptr_t hot_end = (uintptr_t)blocks_start + all.bytes_of_kind[BLOCK_HOT] + SPARE_BYTES;
	uintptr_t tepid_end = hot_end + all.bytes_of_kind[BLOCK_TEPID];
	uintptr_t written_end = (tepid_end + all.bytes_of_kind[BLOCK_STARTUP] + SMALLEST_PAGE - 1) & ~(uintptr_t)(SMALLEST_PAGE - 1);
	lay_out(&(struct arena_layout){
		.start = blocks_start,
		.limit = frozen_heap_end,
		.hot_bytes = hot_end - (uintptr_t)blocks_start,
		.tepid_bytes = tepid_end - hot_end,
		.startup_bytes = written_end - tepid_end,
		.warm_bytes = all.bytes_of_kind[BLOCK_WARM],
		.kinds = all.kinds,
		.kinds_count = all.count,
		.granule = ARENA_ALIGNMENT,
	});
}

void frozen_heap_prepare(const struct freeze_request *request)
{
	if (request->file) {
		lay_out_by(request->lists);
		return;
	}
	lay_out(&(struct arena_layout){
		.start = request->list ? growth : blocks_start,
		.limit = request->list ? growth_end : frozen_heap_end,
		.granule = request->list ? page_bytes() : ARENA_ALIGNMENT,
	});
}

/* A page is touched that may not be: notes it, and lets it be read; when that was not enough it is written. */
static void note_access(int signal, siginfo_t *info, void *context)
{
	(void)context;
	uint8_t *address = info->si_addr;
	if (address < growth || address >= frozen_heap.end)
		_exit(128 + signal);
	size_t page = (size_t)(address - growth) / page_bytes();
	int is_write = page_kinds[page] == BLOCK_WARM;
	page_kinds[page] = is_write ? BLOCK_HOT : BLOCK_WARM;
	if (mprotect(growth + page * page_bytes(), page_bytes(), is_write ? PROT_READ | PROT_WRITE : PROT_READ))
		_exit(128 + signal);
}

/*
 * A reference count that goes up and down again leaves the same bytes, so it is the writing itself that
 * must be seen: no page may be touched, and the faults tell.
 */
void frozen_heap_watch(void)
{
	struct sigaction on_fault = { .sa_sigaction = note_access, .sa_flags = SA_SIGINFO };
	sigset_t fault;
	arena_freeze();
	page_kinds = arena_memory_beside((size_t)(growth_end - growth) / page_bytes());
	if (!page_kinds) {
		fail("out of memory");
		exit(1);
	}
	memset(page_kinds, BLOCK_COLD, (size_t)(growth_end - growth) / page_bytes());
	/* System calls would get EFAULT, not a fault: what is handed out from now on is not watched. */
	arena_forget_free_blocks();
	sigaction(SIGSEGV, &on_fault, NULL);
	sigemptyset(&fault);
	sigaddset(&fault, SIGSEGV);
	sigprocmask(SIG_UNBLOCK, &fault, NULL);
	mprotect(growth, (size_t)(frozen_heap.end - growth), PROT_NONE);
}

static int write_observation(int list, const struct observation *seen)
{
	return write(list, seen, sizeof *seen) == (ssize_t)sizeof *seen;
}

int frozen_heap_write_list(const struct freeze_request *request)
{
	int list = open(request->list, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	struct observation seen = { .sequence = arena_allocations() };
	mprotect(growth, (size_t)(frozen_heap.end - growth), PROT_READ);
	int failed = !write_observation(list, &seen);
	for (uint8_t *at = growth; at < frozen_heap.end;) {
		const arena_block *block = (const arena_block *)at;
		seen = (struct observation){ block->sequence, arena_block_bytes(block), BLOCK_COLD };
		size_t pages = (sizeof *block + seen.bytes + page_bytes() - 1) / page_bytes();
		for (size_t page = 0; page < pages; page++)
			if (page_kinds[(size_t)(at - growth) / page_bytes() + page] > seen.kind)
				seen.kind = page_kinds[(size_t)(at - growth) / page_bytes() + page];
		if (seen.sequence != (uint32_t)ARENA_NO_SEQUENCE)
			failed |= !write_observation(list, &seen);
		at += pages * page_bytes();
	}
	return failed || close(list) < 0 ? fail("cannot write the list of the training run") : 0;
}

/* Whether the word is the address of a variable outside of the region: its value is not frozen with it. */
static int points_to_variable(uintptr_t word)
{
	return word >= (uintptr_t)variables && word < (uintptr_t)&frozen_heap;
}

/*
 * Whether the word may be an address at all. Where words have 32 bits, a number (a string's hash, most often) can look like a place of
 * the stack: there, only the runtime itself is searched for those.
 */
static int may_point_to_stack(const uintptr_t *word)
{
	const arena_block *runtime = (const arena_block *)JS_GetRuntime(frozen_heap.context) - 1;
	uintptr_t offset = (uintptr_t)word - (uintptr_t)runtime;
	return sizeof *word > sizeof(uint32_t) || offset < sizeof *runtime + arena_block_bytes(runtime);
}

/* Sets the words of the stack's bounds to 0; -1 with a message when another address would be stale. */
static int check_words(void)
{
	uintptr_t stack = (uintptr_t)__builtin_frame_address(0);
	int stack_words = 0;
	for (uintptr_t *word = (uintptr_t *)blocks_start; (uint8_t *)word < frozen_heap.end; word++) {
		if (points_to_variable(*word)) {
			dprintf(STDERR_FILENO, "freeze: %p holds %lx\n", (void *)word, (unsigned long)*word);
			return fail("that is the address of a variable outside the heap");
		}
		if (may_point_to_stack(word) && *word > stack - STACK_SPAN && *word < stack + STACK_SPAN) {
			*word = 0;
			stack_words++;
		}
	}
	return stack_words == STACK_WORDS ? 0 : fail("not just the two words of the runtime hold addresses of the stack");
}

int frozen_heap_write(const struct freeze_request *request)
{
	arena_freeze();
	if (frozen_heap.is_full)
		return fail("the heap needs more than the region: enlarge it in frozen_heap.S");
	if (arena_temporary_blocks() > 0)
		return fail("a block is in use that the training run saw freed");
	if (check_words())
		return -1;
	frozen_heap.magic = FROZEN_HEAP_MAGIC;
	size_t bytes = (size_t)(frozen_heap.end - (uint8_t *)&frozen_heap);
	int file = open(request->file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (file < 0 || write(file, &frozen_heap, bytes) != (ssize_t)bytes || close(file) < 0)
		return fail("cannot write the heap");
	return 0;
}

void frozen_heap_thaw(void)
{
	/* An older kernel refuses; the pages then come one by one. */
	uintptr_t page = (uintptr_t)variables & ~(page_bytes() - 1);
	madvise((void *)page, (uintptr_t)frozen_heap.hot_end - page, MADV_POPULATE_WRITE);
}
