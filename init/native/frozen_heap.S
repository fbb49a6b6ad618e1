/*
 * The region of the frozen heap: empty in the first stage, with what that wrote in the shipped binary.
 * And the memory behind it, zeroed pages that cost nothing until they are touched.
 */
#ifdef FROZEN_HEAP_FILE
	.section .frozen, "aw", %progbits
#else
	.section .frozen, "aw", %nobits
#endif
	.globl frozen_heap
	.globl frozen_heap_end
frozen_heap:
#ifdef FROZEN_HEAP_FILE
	.incbin FROZEN_HEAP_FILE
#else
	.skip 1 << 20
#endif
	.balign 16
frozen_heap_end:

	.section .growth, "aw", %nobits
	.globl growth
	.globl growth_end
growth:
#ifdef FROZEN_HEAP_FILE
	/* Counts against RLIMIT_AS, so not more than 30,000 processes at once in a stop would take. */
	.skip 16 << 20
#else
	/* A training run gives each block a page of its own, and pages have up to 64 KB. */
	.skip 256 << 20
#endif
growth_end:
	.section .note.GNU-stack, "", %progbits
